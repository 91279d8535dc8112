"""Which workshops an event offers in which runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from events.choices import ChoiceMode, EventStatus, SessionPart
from events.dates import is_over
from events.models import Event, Session


@dataclass(frozen=True)
class Workshop:
    """A workshop with all its sittings, in order of run."""

    key: str
    sessions: tuple[Session, ...]

    @property
    def session(self) -> Session:
        """The sitting whose title and text stand for the workshop."""
        return self.sessions[0]

    @property
    def title(self) -> str:
        return str(self.session.title)

    @property
    def summary(self) -> str:
        return str(self.session.summary)


@dataclass(frozen=True)
class Offer:
    """The parallel workshops of an event that belong to a run."""

    event: Event
    sessions: tuple[Session, ...]
    # Parallel parts without a run: nobody can be assigned to them.
    without_run: tuple[Session, ...] = ()

    @cached_property
    def by_id(self) -> dict[int, Session]:
        return {session.pk: session for session in self.sessions}

    @cached_property
    def runs(self) -> dict[int, list[Session]]:
        """The sessions of each run, in order of track."""
        found: dict[int, list[Session]] = {}
        for session in self.sessions:
            found.setdefault(session.run or 0, []).append(session)
        return dict(sorted(found.items()))

    @cached_property
    def workshops(self) -> dict[str, Workshop]:
        """Workshops by key, in order of the programme."""
        found: dict[str, list[Session]] = {}
        for session in self.sessions:
            found.setdefault(session.workshop_key, []).append(session)
        return {key: Workshop(key, tuple(sessions)) for key, sessions in found.items()}

    def title(self, key: str) -> str:
        return self.workshops[key].title if key in self.workshops else key


def offer_of(event: Event) -> Offer:
    """Return what ``event`` offers. One query."""
    parallel = event.sessions.filter(part=SessionPart.PARALLEL)
    rows = sorted(
        parallel, key=lambda one: (one.run or 0, one.track or 0, one.position, one.pk or 0)
    )
    return Offer(
        event,
        tuple(one for one in rows if one.run is not None),
        tuple(one for one in rows if one.run is None),
    )


def takes_wishes(event: Event) -> bool:
    """Tell whether people may rank workshops of ``event`` now."""
    return (
        event.choice_mode == ChoiceMode.WISHES
        and event.status == EventStatus.PUBLISHED
        and not is_over(event)
        and (event.wishes_until or event.starts_at) > timezone.now()
    )
