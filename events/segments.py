"""Parts of an event's people, by what they answered and whether they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from events.choices import Answer, MailOccasion, RegistrationState
from events.models import Event, Invitation, Registration

UNANSWERED, ATTENDED, MISSED, REGISTERED = "unanswered", "attended", "missed", "registered"
LABELS: dict[str, Any] = {
    UNANSWERED: _("invited, no answer yet"),
    Answer.YES.value: _("answered yes"),
    Answer.MAYBE.value: _("answered maybe"),
    Answer.NO.value: _("answered no"),
    Answer.COLLEAGUE.value: _("named a colleague"),
    REGISTERED: _("registered"),
    RegistrationState.WAITING.value: _("on the waiting list"),
    ATTENDED: _("were there"),
    MISSED: _("were registered and did not come"),
}
# Nobody who said no or withdrew hears of the event beforehand.
OFFERED: dict[str, tuple[str, ...]] = {
    MailOccasion.REMINDER: (UNANSWERED, Answer.MAYBE.value),
    MailOccasion.BEFORE: (REGISTERED, Answer.MAYBE.value, RegistrationState.WAITING.value),
    MailOccasion.AFTER: (ATTENDED, MISSED, Answer.NO.value),
}


@dataclass(frozen=True)
class Segment:
    """Who is meant: people of any of the parts ``who``; ``only`` narrows to these invitations."""

    who: tuple[str, ...]
    only: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"who": list(self.who), "only": list(self.only)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Segment:
        return cls(tuple(stored.get("who", ())), tuple(stored.get("only", ())))


@dataclass(frozen=True)
class Addressee:
    """One address with what its links need."""

    email: str
    name: str
    language: str
    invitation_id: int | None = None
    registration_id: int | None = None


def _invited(event: Event, answer: str) -> QuerySet[Invitation]:
    rows: Any = event.invitations.exclude(queued_at=None).filter(is_example=False, answer=answer)
    found: QuerySet[Invitation] = rows.exclude(email="").order_by("pk")
    return found


def _unanswered(event: Event) -> QuerySet[Invitation]:
    """Invited and silent; who has registered by another way has answered."""
    active: Any = event.registrations.all()
    known = active.active().exclude(email="").values(key=Lower("email"))
    return _invited(event, "").annotate(key=Lower("email")).exclude(key__in=known)


def _registered(event: Event, **conditions: Any) -> QuerySet[Registration]:
    rows = event.registrations.filter(is_example=False, **conditions).exclude(email="")
    return rows.order_by("pk")


def _rows(event: Event, part: str) -> QuerySet[Any]:
    state = RegistrationState
    parts: dict[str, Callable[[], QuerySet[Any]]] = {
        UNANSWERED: lambda: _unanswered(event),
        REGISTERED: lambda: _registered(event, state__in=(state.REGISTERED, state.ATTENDED)),
        ATTENDED: lambda: _registered(event, state=state.ATTENDED),
        MISSED: lambda: _registered(event, state=state.REGISTERED),
        state.WAITING.value: lambda: _registered(event, state=state.WAITING),
    }
    return parts[part]() if part in parts else _invited(event, part)


def addressees(event: Event, segment: Segment) -> Iterator[Addressee]:
    """Yield everybody the segment means, each address once, without holding all rows."""
    seen: set[str] = set()
    for part in segment.who:
        rows = _rows(event, part)
        if segment.only and rows.model is Invitation:
            rows = rows.filter(pk__in=segment.only)
        for row in rows.only("email", "name", "language").iterator(chunk_size=2000):
            if (key := row.email.lower()) not in seen:
                seen.add(key)
                yield _addressee(row)


def _addressee(row: Any) -> Addressee:
    is_invitation = isinstance(row, Invitation)
    return Addressee(
        row.email,
        row.name,
        row.language,
        invitation_id=row.pk if is_invitation else None,
        registration_id=None if is_invitation else row.pk,
    )


def counts(event: Event, parts: Iterable[str]) -> dict[str, int]:
    """Return how many people each part has."""
    return {part: _rows(event, part).count() for part in parts}
