"""Words for the same matter in German and English, so that both languages meet."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "glossary.txt"
_INSIDE: Final = 5
"""A German stem of so many letters is found anywhere in a word, a shorter one at its beginning."""
_ENDINGS: Final = ("", "s", "es", "e", "en", "n", "er", "ern")
_SHORT: Final = 3
"""A stem of so few letters takes no ending but s: "Eis" is not in "Eisen"."""


@cache
def glossary() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return German stems and English words of each matter, in small letters."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    entries = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return tuple((_words(german), _words(english)) for german, _sign, english in entries)


def other_words(text: str, words: Sequence[str], language: str) -> list[str]:
    """Return words of the other language for the matters a text in ``language`` speaks about.

    ``words`` are its content words. English words and phrases are found as they are or with an s.
    """
    small = f" {' '.join(text.casefold().split())} "
    folded = [word.casefold() for word in words]
    if language == "de":
        return [
            english[0]
            for stems, english in glossary()
            if any(_says(stem, folded, small) for stem in stems)
        ]
    plain = "".join(sign if sign.isalnum() else " " for sign in small)
    return [
        stems[0]
        for stems, english in glossary()
        if any(f" {word} " in plain or f" {word}s " in plain for word in english)
    ]


def _says(stem: str, folded: list[str], small: str) -> bool:
    if " " in stem:
        return stem in small
    if len(stem) >= _INSIDE:
        return any(stem in word for word in folded)
    endings = _ENDINGS if len(stem) > _SHORT else _ENDINGS[:2]
    return any(word.startswith(stem) and word[len(stem) :] in endings for word in folded)


def _words(side: str) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in side.split(",") if word.strip())
