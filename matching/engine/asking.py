"""Questions to a world: who answers a need, who should talk about a topic, whom to invite."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from matching.engine.preparation import Prepared
from matching.engine.profile import Statement
from matching.engine.results import NeedAnswer, SubjectFit
from matching.engine.vectors import Vector

ANSWERS: Final = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What a topic, an event or a call is about. Everything may be empty."""

    topics: frozenset[str] = frozenset()
    """Keys as in `Profile.followed_topics`."""
    terms: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    text_de: str = ""
    text_en: str = ""
    vector: Vector | None = None
    """Of the same model as the vectors of the world."""


def rank_for_need(
    prepared: Prepared,
    need: Statement,
    *,
    owner: int | None = None,
    vector: Vector | None = None,
    count: int = ANSWERS,
) -> tuple[NeedAnswer, ...]:
    """Offers that answer the need, one (the best) for each profile, best first.

    The need does not have to belong to the world, so a draft may be asked too. With `owner` its own
    offers and the excluded pairs of the owner are left out. Profiles that did not agree to be
    suggested are left out.
    """
    return ()


def rank_for_topic(
    prepared: Prepared, subject: Subject, *, count: int = ANSWERS
) -> tuple[SubjectFit, ...]:
    """Who should talk about the subject: stands for it, offers or needs it, writes about it."""
    return ()


def rank_for_event(
    prepared: Prepared,
    subject: Subject,
    *,
    attending: Collection[int] = (),
    invited: Collection[int] = (),
    count: int = ANSWERS,
) -> tuple[SubjectFit, ...]:
    """Whom to invite because of what: the subject, good partners who come, needs met there.

    Neither who attends nor who is `invited` already is named again.
    """
    return ()
