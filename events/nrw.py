"""Loads meetings of the dialogue and of its neighbours, with their programme."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from clusters.choices import TermKind
from clusters.models import InnovationField, Term
from clusters.nrw import read
from clusters.nrw.files import evidence, text
from core.imports import Import, Record, save_row
from events.choices import DatePrecision, EventFormat, EventKind, EventStatus
from events.models import Event, Session
from events.search import refresh_search

ZONE = ZoneInfo("Europe/Berlin")
KINDS = {
    "workshop": EventKind.WORKSHOP,
    "strategy meeting": EventKind.PLENARY,
    "kick-off": EventKind.PLENARY,
    "exchange": EventKind.EXCHANGE,
    "dialogue": EventKind.EXCHANGE,
    "information event": EventKind.INFO_SESSION,
    "conference": EventKind.CONFERENCE,
    "cluster meeting": EventKind.CONFERENCE,
    "annual meeting": EventKind.CONFERENCE,
    "founding": EventKind.MILESTONE,
    "launch": EventKind.MILESTONE,
    "handover": EventKind.MILESTONE,
}
FORMATS = {"on-site": EventFormat.ON_SITE, "online": EventFormat.ONLINE, None: EventFormat.UNKNOWN}
FIELD_NAMES = {
    "start_date": "starts_at",
    "participants": "participants_note",
    "type": "kind",
}


def load_events(run: Import) -> None:
    """Load events and sessions, after terms, topics and clusters."""
    written = []
    for record in read("events")["events"]:

        def write(pk: int | None, record: Record = record) -> Event:
            return _write_event(run, pk, record)

        if run.put("event", record["id"], record, write):
            written.append(run.ids("event")[record["id"]])
    if written:
        refresh_search(written)


def _write_event(run: Import, pk: int | None, record: Record) -> Event:
    clusters, topics = run.ids("cluster"), run.ids("topic")
    codes = set(record["topics"])
    event = save_row(
        Event,
        pk,
        natural_key={"slug": record["id"]},
        **text(record, "title"),
        **text(record, "summary"),
        **_notes(record),
        **_participants(record["participants"]),
        kind=KINDS[record["type"]],
        format=FORMATS[record["format"]],
        status=EventStatus.PUBLISHED,
        **_dates(record),
        city=record["city"] or "",
        country=record["country"],
        venue="" if record["venue"] in {None, "online"} else record["venue"],
        region=record["region"],
        organisers=record["organisers"],
        outcomes=record["outcomes"],
        sources=evidence(record, FIELD_NAMES),
    )
    event.clusters.set([clusters[code] for code in record["clusters"]])
    event.topics.set([topics[code] for code in codes if code in topics])
    terms = _terms(sorted(codes))
    event.terms.set(terms)
    event.innovation_fields.set(InnovationField.objects.filter(terms__in=terms).distinct())
    _write_sessions(event, record)
    return event


def _terms(codes: list[str]) -> list[Term]:
    """Return the terms that entries of ``topics.json`` have become."""
    kinds = (TermKind.TECHNOLOGY, TermKind.SERVICE, TermKind.THEME)
    return list(Term.objects.filter(code__in=codes, kind__in=kinds))


def _write_sessions(event: Event, record: Record) -> None:
    """Make the programme what the record says; sessions keep their ids."""
    day = record["start_date"]
    event.sessions.exclude(code__in=[session["id"] for session in record["sessions"]]).delete()
    for position, entry in enumerate(record["sessions"], start=1):
        session = save_row(
            Session,
            None,
            natural_key={"event": event, "code": entry["id"]},
            position=position,
            part=entry["part"],
            run=entry["run"],
            track=entry["track"],
            **text(entry, "title"),
            **text(entry, "note"),
            starts_at=_moment(day, entry["start"]),
            # Without a beginning the end says when the group of sessions ends, not this one.
            ends_at=_moment(day, entry["end"]) if entry["start"] else None,
            moderator=entry["moderator_org"] or "",
            speaker=entry["speaker_org"] or "",
            source=entry["source"],
        )
        session.terms.set(_terms(entry["topics"]))


def _moment(day: str, time: str | None) -> datetime.datetime | None:
    if time is None:
        return None
    return datetime.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)


def _dates(record: Record) -> dict[str, Any]:
    """Return beginning, end and precision; what is not known is the earliest it could be."""
    parts = [int(part) for part in record["start_date"].split("-")]
    year, month, day = [*parts, 1, 1][:3]
    start = datetime.datetime(year, month, day, tzinfo=ZONE)
    if time := record["time"]:
        return {
            "starts_at": _moment(record["start_date"], time["start"]),
            "ends_at": _moment(record["end_date"], time["end"]),
            "date_precision": DatePrecision.TIME,
        }
    if len(parts) == 3:
        last = datetime.date.fromisoformat(record["end_date"] or record["start_date"])
        end = datetime.datetime.combine(last, datetime.time(23, 59), ZONE)
        return {"starts_at": start, "ends_at": end, "date_precision": DatePrecision.DAY}
    precision = DatePrecision.MONTH if len(parts) == 2 else DatePrecision.YEAR
    return {"starts_at": start, "ends_at": None, "date_precision": precision}


def _notes(record: Record) -> dict[str, str]:
    """Return the notes on event and times, one a line."""
    notes = [record, record["time"] or {}]
    return {
        f"note_{language}": "\n".join(
            filter(None, (note.get(f"note_{language}") for note in notes))
        )
        for language in ("de", "en")
    }


def _participants(count: str | None) -> dict[str, str]:
    """Return ``~50`` and ``600+`` in words."""
    if not count:
        return {"participants_note_de": "", "participants_note_en": ""}
    number = count.strip("~+")
    about = ("rund", "about") if count.startswith("~") else ("mehr als", "more than")
    return {
        "participants_note_de": f"{about[0]} {number}",
        "participants_note_en": f"{about[1]} {number}",
    }
