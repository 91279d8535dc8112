"""The portal's typeface as the typesetter wants it.

The package of Fira Sans holds web fonts, one file for each script. They are unpacked into the data
folder, and each gets a family name of its own: of several files with the same name the typesetter
would use one.
"""

import os
import struct
import zlib
from functools import cache
from pathlib import Path

import orjson
import typst
from django.conf import settings

_SCRIPTS = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
_WEIGHTS = (400, 600)
# What the typesetter brings along covers signs Fira Sans lacks.
_OTHERS = ("Libertinus Serif", "DejaVu Sans Mono")

_HEAD = struct.Struct(">4sIIHHI")
_ENTRY = struct.Struct(">4sIIII")


def _source() -> Path:
    return Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "fira-sans" / "files"


@cache
def families() -> list[dict[str, str]]:
    """Return the families in the order they are tried, each with the signs it is asked for.

    Without the signs a letter such as ć would be made of two fonts, and could not be copied.
    """
    ranges = orjson.loads((_source().parent / "unicode.json").read_bytes())
    named = [
        {"name": f"Fira Sans {script}", "covers": _signs(ranges[script])} for script in _SCRIPTS
    ]
    return [*named, *({"name": name, "covers": ""} for name in _OTHERS)]


def _signs(ranges: str) -> str:
    """Return CSS ranges such as ``U+0000-00FF,U+0131`` as a class of a regular expression."""
    parts = [part.removeprefix("U+").split("-") for part in ranges.split(",")]
    return "[" + "".join("-".join(f"\\u{{{sign}}}" for sign in part) for part in parts) + "]"


def unpack(woff: bytes, family: str) -> bytes:
    """Return the font in a WOFF file as the OpenType file it was made of, under another name."""
    _, flavour, _, count, _, _ = _HEAD.unpack_from(woff)
    tables = {}
    for number in range(count):
        tag, offset, packed, length, _ = _ENTRY.unpack_from(woff, 44 + _ENTRY.size * number)
        body = woff[offset : offset + packed]
        tables[tag] = zlib.decompress(body) if packed < length else body
    tables[b"name"] = _names(family)
    return _assemble(flavour, tables)


def _names(family: str) -> bytes:
    """Return a table of names: family, face, identifier, full name, version, PostScript name.

    The typesetter passes over fonts that lack one of them.
    """
    texts = {1: family, 2: "Regular", 3: family, 4: family, 5: "1", 6: family.replace(" ", "")}
    records, bodies = b"", b""
    for number, text in texts.items():
        body = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(body), len(bodies))
        bodies += body
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + bodies


def _assemble(flavour: int, tables: dict[bytes, bytes]) -> bytes:
    step = len(tables).bit_length() - 1
    wide = 16 * 2**step
    head = struct.pack(">I4H", flavour, len(tables), wide, step, 16 * len(tables) - wide)
    directory, bodies = b"", b""
    begin = len(head) + 16 * len(tables)
    for tag in sorted(tables):
        body = tables[tag]
        # The check sum is left at zero: nothing that reads the file here looks at it.
        directory += struct.pack(">4s3I", tag, 0, begin + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    return head + directory + bodies


@cache
def bundled() -> typst.Fonts:
    """Return the fonts that come with the portal, the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_unpacked()])


@cache
def with_system() -> typst.Fonts:
    """Return the fonts of the portal and those of this machine, for scripts we do not bring."""
    return typst.Fonts(include_system_fonts=True, font_paths=[_unpacked()])


def _unpacked() -> Path:
    """Return the folder with the fonts, after unpacking those that are missing or out of date.

    The typesetter reads a font when it first needs it, so the files stay. Several processes may
    do this at once: each file appears whole.
    """
    folder = Path(settings.DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for script in _SCRIPTS:
        for weight in _WEIGHTS:
            woff = _source() / f"fira-sans-{script}-{weight}-normal.woff"
            target = folder / f"{script}-{weight}.ttf"
            if woff.exists() and not _is_fresh(target, woff):
                part = folder / f"{target.name}.{os.getpid()}"
                part.write_bytes(unpack(woff.read_bytes(), f"Fira Sans {script}"))
                part.replace(target)
    return folder


def _is_fresh(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime
