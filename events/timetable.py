"""The programme as a timetable: what follows what, and what runs side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from events.choices import SessionPart
from events.dates import local

if TYPE_CHECKING:
    from events.models import Session


@dataclass
class Block:
    """One row of the timetable: a single session, or a run of parallel ones in order of track."""

    sessions: list[Session]
    run: int | None = None
    is_now: bool = False

    @property
    def is_run(self) -> bool:
        return self.sessions[0].part == SessionPart.PARALLEL

    @property
    def session(self) -> Session:
        """The session whose time stands for the row."""
        return self.sessions[0]

    @property
    def columns(self) -> str:
        """How many stand side by side: one to four, or ``many``."""
        return str(len(self.sessions)) if len(self.sessions) <= 4 else "many"

    @property
    def starts_at(self) -> datetime | None:
        """When the first of the row begins, as far as it is known."""
        return min((s.starts_at for s in self.sessions if s.starts_at), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """When the last of the row ends, as far as it is known."""
        return max((s.ends_at for s in self.sessions if s.ends_at), default=None)

    @property
    def same_time(self) -> bool:
        """Whether all of the row begin and end together, so that saying it once is enough."""
        first = self.session
        return all(
            (s.starts_at, s.ends_at) == (first.starts_at, first.ends_at) for s in self.sessions
        )

    def is_on(self, now: datetime) -> bool:
        """Tell whether the row takes place at ``now``; False where its times are not known."""
        start, end = self.starts_at, self.ends_at
        return start is not None and end is not None and start <= now < end


@dataclass
class Day:
    """The rows of one day; ``date`` is None when no session says which day it is."""

    date: date | None
    blocks: list[Block] = field(default_factory=list)


def _same_run(block: Block, session: Session) -> bool:
    first = block.session
    if first.part != SessionPart.PARALLEL or session.part != SessionPart.PARALLEL:
        return False
    if session.run is None or first.run is None:
        same_time = (session.starts_at, session.ends_at) == (first.starts_at, first.ends_at)
        return session.run == first.run and same_time
    return session.run == first.run


def _blocks(sessions: Iterable[Session]) -> list[Block]:
    blocks: list[Block] = []
    for session in sessions:
        if blocks and _same_run(blocks[-1], session):
            blocks[-1].sessions.append(session)
        else:
            blocks.append(Block([session], session.run))
    for block in blocks:
        block.sessions.sort(key=lambda session: (session.track or 0, session.position))
    return blocks


def build(sessions: Iterable[Session], now: datetime | None = None) -> list[Day]:
    """Arrange ``sessions``, given in order of position, by day and row.

    Rows that take place at ``now`` are marked.

    A session without a time stays on the day of the one before it: its place in the order is
    known even where its time is not.
    """
    days: list[Day] = []
    for block in _blocks(sessions):
        block.is_now = now is not None and block.is_on(now)
        moment = block.starts_at or block.ends_at
        day = local(moment).date() if moment else None
        if not days:
            days.append(Day(day))
        elif day is not None and days[-1].date is None:
            days[-1].date = day
        elif day is not None and day != days[-1].date:
            days.append(Day(day))
        days[-1].blocks.append(block)
    return days
