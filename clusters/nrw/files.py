"""The files of the data set and how their marks of evidence are read."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = "nrw"
# Raise when records become rows in another way than before.
VERSION = 1

FOLDER = Path(__file__).resolve().parent.parent / "data"


@cache
def read(name: str) -> Any:
    """Return the content of ``<name>.json``."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def text(record: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return ``name_de`` and ``name_en``; what is not known is empty."""
    return {
        f"{name}_{language}": record.get(f"{name}_{language}") or "" for language in ["de", "en"]
    }


def evidence(record: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the sources of a record by our names of its fields; ``names`` maps theirs to ours.

    A translated field keeps its language: ``profile_de``.
    """
    found: dict[str, list[str]] = {}
    for theirs, markers in record["sources"].items():
        base, _, language = theirs.rpartition("_")
        translated = language in {"de", "en"}
        ours = names.get(base if translated else theirs, "")
        if ours:
            theirs = f"{ours}_{language}" if translated else ours
        if markers:
            found[theirs] = markers
    return found
