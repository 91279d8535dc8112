"""``python -m benchmarks.consortia.convert HORIZON H2020 FOLDER``: CORDIS download → four files.

HORIZON and H2020 are the zip files (CSV or JSON) of the official download "CORDIS - EU research
projects under HORIZON EUROPE (2021-2027)" and "under Horizon 2020 (2014-2020)", or folders with
their content. docs/matching-benchmark.md says where they are.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

from benchmarks.consortia.data import DataMissingError

Row = dict[str, str]

NRW: Final = "DEA"
"""How the codes of regions (NUTS) in North Rhine-Westphalia begin."""
CLUSTER_NAME: Final = re.compile(
    r"\b(clust\w*|klast\w*|poles? de comp\w*|distretto|technopol\w*|kompetenznetz\w*|"
    r"competence cent\w*|wirtschaftsagentur)\b",
    re.IGNORECASE,
)
INTERMEDIARY_NAME: Final = re.compile(
    r"\b(innovation (agency|network|hub|cent(er|re))|agen\w+ (de|for|pentru) \w+|"
    r"chamber|kammer|camera di commercio|chambre de commerce|business (park|angels|agency)|"
    r"science park|tech\w* park|living labs?|network|netzwerk|platform|accelerator|incubator|"
    r"wirtschaftsf\w+rderung\w*|regional development|entrepreneurs?|association)\b",
    re.IGNORECASE,
)
"""Names only, so a heuristic: what such an organisation does is not in CORDIS."""
COLUMNS: Final = {
    name: tuple(columns.split())
    for name, columns in {
        "projects": "project_id acronym title objective keywords sig_date start end topic "
        "topic_title legal_basis programme euroscivoc n_orgs",
        "participations": "project_id org_id role ec_contribution",
        "organisations": "org_id name short_name country city nuts3 activity sme "
        "is_cluster_name is_intermediary is_nrw is_de",
        "h2020_participations": "rcn pic role type country start_date programme_part",
    }.items()
}


class Download:
    """The tables of one programme, in a zip file or a folder, as CSV or as JSON."""

    def __init__(self, path: Path) -> None:
        """Raises DataMissingError where there is nothing."""
        if not path.exists():
            raise DataMissingError(f"{path} does not exist.")
        self._path = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        names = self._zip.namelist() if self._zip else [p.name for p in path.iterdir()]
        self._names = {Path(name).name.lower(): name for name in names}

    def rows(self, table: str, *, needed: bool = True) -> Iterator[Row]:
        """Rows of one table. Raises DataMissingError where the table is needed and not there."""
        for ending, read in ((".csv", _csv_rows), (".json", _json_rows)):
            name = self._names.get(table.lower() + ending)
            if name is not None:
                with self._open(name) as file:
                    yield from read(file)
                return
        if needed:
            raise DataMissingError(f"{self._path} holds neither {table}.csv nor {table}.json.")

    @contextmanager
    def _open(self, name: str) -> Iterator[TextIO]:
        binary = self._zip.open(name) if self._zip else (self._path / name).open("rb")
        # The official files begin with a byte order mark.
        with binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
            yield file


def convert(horizon: Path, h2020: Path, folder: Path) -> Counter[str]:
    """Write the four files; return how many rows each has. Raises DataMissingError."""
    new, old = Download(horizon), Download(h2020)
    people = [row for row in new.rows("organization") if row.get("organisationID")]
    members = defaultdict(set)
    for row in people:
        members[row["projectID"]].add(row["organisationID"])
    vocabulary = _grouped(new.rows("euroSciVoc", needed=False), "euroSciVocPath")
    topics = {row["projectID"]: row for row in new.rows("topics", needed=False)}
    legal = _grouped(new.rows("legalBasis", needed=False), "legalBasis")
    projects = [
        _project(row, topics.get(row["id"], {}), vocabulary, legal, len(members[row["id"]]))
        for row in new.rows("project")
        if len(members[row["id"]]) >= 2
    ]
    kept = {row["project_id"] for row in projects}
    people = [row for row in people if row["projectID"] in kept]
    written = Counter[str]()
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Iterable[Row]] = {
        "projects": projects,
        "participations": (
            {
                "project_id": row["projectID"],
                "org_id": row["organisationID"],
                "role": row.get("role", ""),
                "ec_contribution": row.get("ecContribution", ""),
            }
            for row in people
        ),
        "organisations": _organisations(people),
        "h2020_participations": _earlier(old),
    }
    for name, rows in tables.items():
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name])
            writer.writeheader()
            for row in rows:
                writer.writerow(row)
                written[name] += 1
    return written


def _project(
    row: Row,
    topic: Row,
    vocabulary: dict[str, list[str]],
    legal: dict[str, list[str]],
    members: int,
) -> Row:
    bases = legal.get(row["id"]) or [row.get("legalBasis", "")]
    return {
        "project_id": row["id"],
        "acronym": row.get("acronym", ""),
        "title": row.get("title", ""),
        "objective": row.get("objective", ""),
        "keywords": row.get("keywords", ""),
        "sig_date": row.get("ecSignatureDate", ""),
        "start": row.get("startDate", ""),
        "end": row.get("endDate", ""),
        "topic": topic.get("topic") or row.get("topics", ""),
        "topic_title": topic.get("title", ""),
        "legal_basis": "|".join(sorted(set(bases))),
        "programme": ".".join((row.get("legalBasis") or bases[0]).split(".")[:3]),
        "euroscivoc": "|".join(vocabulary.get(row["id"], ())),
        "n_orgs": str(members),
    }


def _organisations(people: list[Row]) -> Iterator[Row]:
    """One row an organisation, as it was named last."""
    latest: dict[str, Row] = {}
    for row in people:
        known = latest.get(row["organisationID"])
        if known is None or row.get("contentUpdateDate", "") >= known.get("contentUpdateDate", ""):
            latest[row["organisationID"]] = row
    for key, row in latest.items():
        name = row.get("name", "")
        is_cluster = bool(CLUSTER_NAME.search(name))
        public = row.get("activityType") in ("OTH", "PUB")
        yield {
            "org_id": key,
            "name": name,
            "short_name": row.get("shortName", ""),
            "country": row.get("country", ""),
            "city": row.get("city", ""),
            "nuts3": row.get("nutsCode", ""),
            "activity": row.get("activityType", ""),
            "sme": row.get("SME", ""),
            "is_cluster_name": str(is_cluster),
            "is_intermediary": str(is_cluster or (public and bool(INTERMEDIARY_NAME.search(name)))),
            "is_nrw": str(row.get("nutsCode", "").startswith(NRW)),
            "is_de": str(row.get("country") == "DE"),
        }


def _earlier(old: Download) -> Iterator[Row]:
    """Participations in Horizon 2020; consortia of one tell nothing about partners."""
    starts = {row["id"]: row for row in old.rows("project")}
    people = [row for row in old.rows("organization") if row.get("organisationID")]
    members = defaultdict(set)
    for row in people:
        members[row["projectID"]].add(row["organisationID"])
    for row in people:
        project = starts.get(row["projectID"])
        if project and project.get("startDate") and len(members[row["projectID"]]) >= 2:
            yield {
                "rcn": project.get("rcn") or row["projectID"],
                "pic": row["organisationID"],
                "role": row.get("role", ""),
                "type": row.get("activityType", ""),
                "country": row.get("country", ""),
                "start_date": project["startDate"],
                "programme_part": project.get("legalBasis", ""),
            }


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            found[row["projectID"]].append(row[column])
    return found


def _csv_rows(file: TextIO) -> Iterator[Row]:
    """Rows of a CSV table, whose columns are separated by semicolons (or commas)."""
    csv.field_size_limit(10_000_000)
    heading = file.readline()
    mark = ";" if heading.count(";") >= heading.count(",") else ","
    names = next(csv.reader([heading], delimiter=mark))
    for row in csv.DictReader(file, fieldnames=names, delimiter=mark):
        yield {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}


def _json_rows(file: TextIO) -> Iterator[Row]:
    found: Any = json.load(file)
    for row in found:
        yield {key: _word(value) for key, value in row.items()}


def _word(value: Any) -> str:
    """A value of JSON as CSV would write it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def main(arguments: list[str]) -> int:
    """Convert and say what was written."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.consortia.convert", description=__doc__
    )
    parser.add_argument("horizon", type=Path, help="download of Horizon Europe")
    parser.add_argument("h2020", type=Path, help="download of Horizon 2020")
    parser.add_argument("folder", type=Path, help="where to write the data set")
    options = parser.parse_args(arguments)
    try:
        written = convert(options.horizon, options.h2020, options.folder)
    except (DataMissingError, zipfile.BadZipFile) as problem:
        print(problem, file=sys.stderr)
        return 2
    for name, rows in written.items():
        print(f"{options.folder / name}.csv.gz: {rows:,} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
