"""The four files of a data set, read into plain values."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FILES: Final = ("projects", "participations", "organisations", "h2020_participations")
LEFT_OUT: Final = ("HORIZON.1.1", "HORIZON.1.2")
"""ERC and MSCA: single researchers and their hosts, no consortia that somebody put together."""


class DataMissingError(Exception):
    """The folder does not hold the data set; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """A consortium of Horizon Europe; `day` is the day the Commission signed."""

    id: str
    day: date
    text: str
    terms: tuple[str, ...]
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Consortium:
    """A consortium of Horizon 2020, of which only start and members are known."""

    day: date
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """One legal entity."""

    id: int
    name: str
    is_nrw: bool
    is_germany: bool
    is_intermediary: bool


@dataclass(frozen=True, slots=True)
class DataSet:
    """All of it, in the order of the ids and days."""

    projects: tuple[Project, ...]
    earlier: tuple[Consortium, ...]
    organisations: dict[int, Organisation]


def read_data(folder: Path) -> DataSet:
    """Read a folder. Raises DataMissingError with a sentence for people."""
    missing = [name for name in FILES if _path(folder, name) is None]
    if missing:
        names = ", ".join(f"{name}.csv.gz" for name in missing)
        raise DataMissingError(
            f"{folder} lacks {names}. DATA must name a folder with the four files of a data set; "
            "docs/matching-benchmark.md says how to make them from the official CORDIS download."
        )
    organisations = {
        int(row["org_id"]): Organisation(
            int(row["org_id"]),
            row["name"],
            is_nrw=row["is_nrw"] == "True",
            is_germany=row["is_de"] == "True",
            is_intermediary=row["is_intermediary"] == "True",
        )
        for row in _rows(folder, "organisations")
    }
    members: dict[str, set[int]] = {}
    for row in _rows(folder, "participations"):
        members.setdefault(row["project_id"], set()).add(int(row["org_id"]))
    projects = [
        Project(
            row["project_id"],
            date.fromisoformat(row["sig_date"][:10]),
            _text(row),
            leaf_terms(row["euroscivoc"]),
            tuple(sorted(members[row["project_id"]])),
        )
        for row in _rows(folder, "projects")
        if row["sig_date"]
        and row["project_id"] in members
        and not row["programme"].startswith(LEFT_OUT)
    ]
    return DataSet(
        tuple(sorted(projects, key=lambda project: (project.day, project.id))),
        _earlier(folder),
        dict(sorted(organisations.items())),
    )


def leaf_terms(paths: str) -> tuple[str, ...]:
    """The last term of each EuroSciVoc path, where the paths are separated by a bar."""
    leaves = {path.rstrip("/").rsplit("/", 1)[-1].strip() for path in paths.split("|")}
    return tuple(sorted(leaves - {""}))


def _text(row: dict[str, str]) -> str:
    return "\n".join(part for part in (row["title"], row["objective"], row["keywords"]) if part)


def _earlier(folder: Path) -> tuple[Consortium, ...]:
    members: dict[str, set[int]] = {}
    days: dict[str, date] = {}
    for row in _rows(folder, "h2020_participations"):
        if row["start_date"]:
            members.setdefault(row["rcn"], set()).add(int(row["pic"]))
            days[row["rcn"]] = date.fromisoformat(row["start_date"][:10])
    return tuple(
        Consortium(days[rcn], tuple(sorted(members[rcn])))
        for rcn in sorted(days, key=lambda rcn: (days[rcn], rcn))
    )


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    path = _path(folder, name)
    if path is None:
        raise DataMissingError(f"{folder} lacks {name}.csv.gz.")
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    else:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _path(folder: Path, name: str) -> Path | None:
    """The file, packed or not."""
    for candidate in (folder / f"{name}.csv.gz", folder / f"{name}.csv"):
        if candidate.is_file():
            return candidate
    return None
