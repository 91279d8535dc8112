"""Events to come, with programme, registrations and invitations."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from dialog.demo.files import EXAMPLE, Plot, read
from dialog.demo.people import DOMAIN, find
from events.choices import DatePrecision, EventStatus, RegistrationState
from events.models import Event, Invitation, Registration, Session
from topics.models import Topic

ZONE = ZoneInfo("Europe/Berlin")
HOST = "NRW.innovativ"
_OPTIONAL = ("choice_mode", "cluster_quota", "online_lead_hours")


def plant(plot: Plot) -> None:
    """Make the events of the coming weeks and who said what to them."""
    content = read("events")
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    for entry in content["events"]:
        _plant_event(plot, entry, topics)
    events = {event.slug: event for event in Event.objects.filter(is_example=True)}
    expectations = {(slug, cluster): text for slug, cluster, text in content["expectations"]}
    for number, (slug, cluster, state) in enumerate(content["registrations"]):
        email, user = _address(cluster)
        came = state == RegistrationState.ATTENDED
        plot.put(
            Registration,
            f"{slug}/{cluster}",
            [slug, cluster, state],
            natural_key={"event": events[slug], "email": email},
            values={
                "user": user,
                "cluster": plot.clusters[cluster],
                "name": f"Clustermanagement {plot.clusters[cluster].name}",
                "state": state,
                "expectation": expectations.get((slug, cluster), ""),
                "list_consent": number % 4 != 3,
                "waiting_since": _waiting_since(state, number),
                "checked_in_at": events[slug].starts_at if came else None,
                "is_example": True,
            },
        )
    for slug, cluster, answer in content["invitations"]:
        email, user = _address(cluster)
        plot.put(
            Invitation,
            f"{slug}/{cluster}",
            [slug, cluster, answer],
            natural_key={"event": events[slug], "email": email},
            values={
                "user": user,
                "cluster": plot.clusters[cluster],
                "name": f"Clustermanagement {plot.clusters[cluster].name}",
                "answer": answer,
                "answered_at": timezone.now() if answer else None,
                "is_example": True,
            },
        )


def _waiting_since(state: str, number: int) -> datetime.datetime | None:
    """Return when somebody joined the waiting list: in the order of the file."""
    if state != RegistrationState.WAITING:
        return None
    return timezone.now() - datetime.timedelta(days=1) + datetime.timedelta(minutes=number)


def _address(cluster: str) -> tuple[str, Any]:
    """Return the address of a cluster's demo manager, else one that nobody has."""
    user = find(f"manager.{cluster}")
    return (user.email, user) if user else (f"office.{cluster}@{DOMAIN}", None)


def _plant_event(plot: Plot, entry: dict[str, Any], topics: dict[str, Topic]) -> None:
    day = plot.day(7 * entry["week"] + entry["weekday"])
    status, cluster = entry["status"], entry.get("proposed_by", "")
    if not plot.put(
        Event,
        entry["slug"],
        [entry, day.isoformat()],
        natural_key={"slug": entry["slug"]},
        values={
            **{name: entry[name] for name in ("title_de", "title_en", "summary_de", "summary_en")},
            **{name: entry[name] for name in ("kind", "format", "city", "venue", "capacity")},
            **{name: entry[name] for name in _OPTIONAL if name in entry},
            "district": plot.districts.get(entry.get("district", "")),
            "wishes_until": _wishes_until(day, entry),
            "minutes_published_at": timezone.now() if entry.get("minutes_published") else None,
            "status": status,
            "starts_at": _at(day, entry["start"]),
            "ends_at": _at(day, entry["end"]),
            "date_precision": DatePrecision.TIME,
            "online_url": entry.get("online_url", ""),
            "organisers": [plot.clusters[cluster].name if cluster else HOST],
            "proposed_by": plot.clusters[cluster] if cluster else None,
            "author": find(f"manager.{cluster}") if cluster else find("staff"),
            "submitted_at": timezone.now() if status == EventStatus.SUBMITTED else None,
            "sources": {"title": [EXAMPLE]},
            "is_example": True,
        },
        links={
            "topics": [topics[slug] for slug in entry["topics"]],
            "innovation_fields": [plot.fields[code] for code in entry["fields"]],
            "clusters": [plot.clusters[slug] for slug in entry["clusters"]],
        },
    ):
        return
    event = Event.objects.get(slug=entry["slug"])
    for position, part in enumerate(entry["sessions"], start=1):
        plot.put(
            Session,
            f"{entry['slug']}/{part['code']}",
            [part, day.isoformat()],
            natural_key={"event": event, "code": part["code"]},
            values={
                "position": position,
                "part": part["part"],
                "run": part.get("run"),
                "track": part.get("track"),
                "title_de": part["title_de"],
                "title_en": part["title_en"],
                "starts_at": _at(day, part["start"]),
                "ends_at": _at(day, part["end"]),
                "workshop": part.get("workshop", ""),
                "room": part.get("room", ""),
                "capacity": part.get("capacity"),
                "source": EXAMPLE,
            },
            links={"terms": plot.terms(part.get("terms", []))},
        )


def _at(day: datetime.date, time: str) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), ZONE)


def _wishes_until(day: datetime.date, entry: dict[str, Any]) -> datetime.datetime | None:
    if "wishes_days" not in entry:
        return None
    return _at(day + datetime.timedelta(days=entry["wishes_days"]), "18:00")
