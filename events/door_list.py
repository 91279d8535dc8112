"""Who is expected, as a device at the door keeps it: names, no addresses."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from events.choices import ParticipantGroup, RegistrationState
from events.dates import over_at
from events.models import Event
from events.querysets.registration import TAKING_A_PLACE
from events.tokens import ticket_key

# A change may be stored a little after its time stamp: so much is told twice.
_OVERLAP = timedelta(seconds=30)
# The list leaves the devices so long after the event.
_KEPT_AFTER = timedelta(hours=12)
_FIELDS = ("pk", "name", "email", "cluster__name", "group", "state", "checked_in_at")


@dataclass(frozen=True)
class GroupCount:
    """How many of a group are there, and how many are expected."""

    group: str
    label: str
    present: int
    expected: int


def kept_until(event: Event) -> datetime:
    """Return when devices forget the list."""
    return over_at(event) + _KEPT_AFTER


def people(event: Event, since: datetime | None = None) -> list[dict[str, Any]]:
    """Return all active people, or everybody who changed ``since``; one query.

    Whoever left the list is told with their new state, so that devices can drop them. The ``key``
    by which a device knows a ticket without network comes with the whole list only.
    """
    rows: Any = event.registrations.select_related(None).order_by()
    rows = rows.filter(updated_at__gte=since - _OVERLAP) if since else rows.active()
    return [
        _person(row) | ({} if since else {"key": ticket_key(row[0])})
        for row in rows.values_list(*_FIELDS)
    ]


def _person(row: tuple[Any, ...]) -> dict[str, Any]:
    pk, name, email, cluster, group, state, checked_in_at = row
    return {
        "id": pk,
        "name": name or email,
        "cluster": cluster or "",
        "group": group,
        "state": state,
        "at": checked_in_at.timestamp() if checked_in_at else None,
    }


def cursor() -> str:
    """Return what a device sends back to hear what is new."""
    return timezone.now().isoformat()


def read_cursor(text: str) -> datetime | None:
    """Return the moment a device has heard last; None for one that has nothing (usable)."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def counts(event: Event) -> list[GroupCount]:
    """Return who is there and who is expected: everybody first, then each group that has people."""
    here = Q(state=RegistrationState.ATTENDED)
    rows: Any = event.registrations.filter(state__in=TAKING_A_PLACE).order_by()
    found = rows.values_list("group").annotate(n=Count("pk"), here=Count("pk", filter=here))
    expected: Counter[str] = Counter({group: n for group, n, _ in found})
    present: Counter[str] = Counter({group: n for group, _, n in found})
    groups = [
        GroupCount(group, str(label), present[group], expected[group])
        for group, label in ParticipantGroup.choices
        if expected[group]
    ]
    return [GroupCount("", "", present.total(), expected.total()), *groups]
