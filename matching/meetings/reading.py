"""From rows to a problem the solver understands, in a number of queries that never grows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matching.choices import Audience, Keep
from matching.models import Meeting, MeetingParticipant, MeetingPlan, MeetingWish, Suggestion
from matching.suggesting.candidates import offered
from matching.timetable import Mark, Pair, Person, Problem, pair_of


def taking_part(plan: MeetingPlan) -> list[MeetingParticipant]:
    """Return who wants meetings and still takes part in the event, by name. One query."""
    return list(plan.participants.taking_part().with_person().by_name())


def slots_there(plan: MeetingPlan, participant: MeetingParticipant) -> frozenset[int]:
    """Return the rounds in which somebody is there, counted from 0."""
    return frozenset(range(plan.slots)) - frozenset(participant.away)


def marks_of(plan: MeetingPlan) -> dict[tuple[int, int], Mark]:
    """Return what everybody marked, by (participant, other). One query."""
    rows: Any = MeetingWish.objects.filter(participant__plan=plan)
    return {
        (one, other): wish
        for one, other, wish in rows.values_list("participant_id", "other_id", "wish")
    }


def scores_between(clusters: Iterable[int]) -> dict[Pair, float]:
    """Return the engine's scores of pairs of clusters, as clusters may know them. One query.

    Entries for staff do not count here: people of clusters see the timetable.
    """
    known = sorted(set(clusters))
    shown: Any = offered(Suggestion.objects.current())
    rows = shown.filter(audience=Audience.CLUSTERS, cluster__in=known, partner__in=known)
    scores: dict[Pair, float] = {}
    for one, other, score in rows.order_by().values_list("cluster_id", "partner_id", "score"):
        pair = pair_of(one, other)
        scores[pair] = max(scores.get(pair, 0.0), score)
    return scores


def problem_of(
    plan: MeetingPlan, people: list[MeetingParticipant], meetings: list[Meeting], keep: Keep
) -> Problem:
    """Return what is to be solved; ``meetings`` are those of the timetable as it is.

    A meeting is locked where staff locked it, or, with ``Keep.ALL``, where it can still take
    place. The others are hints: they stay where that costs nothing.
    """
    numbers = {person.pk for person in people}
    there = {person.pk: slots_there(plan, person) for person in people}
    locked: dict[Pair, int] = {}
    hints: dict[Pair, int] = {}
    for meeting in meetings:
        pair = (meeting.first_id, meeting.second_id)
        slot = meeting.slot
        if slot is None or slot >= plan.slots or not numbers.issuperset(pair):
            continue
        possible = slot in there[pair[0]] & there[pair[1]] and (meeting.table or 0) <= plan.tables
        if meeting.is_locked or (keep == Keep.ALL and possible):
            locked[pair] = slot
        else:
            hints[pair] = slot
    return Problem(
        people=tuple(
            Person(person.pk, there[person.pk], person.registration.cluster_id) for person in people
        ),
        tables=(plan.tables,) * plan.slots,
        minimum=plan.minimum,
        wishes={key: mark for key, mark in marks_of(plan).items() if numbers.issuperset(key)},
        scores=_scores(people),
        locked=locked,
        hints=hints,
        tables_of={
            (meeting.first_id, meeting.second_id): meeting.table
            for meeting in meetings
            if meeting.table is not None
        },
    )


def _scores(people: list[MeetingParticipant]) -> dict[Pair, float]:
    """Return scores of pairs of people: those of the clusters they come for."""
    by_cluster: dict[int, list[int]] = {}
    for person in people:
        if person.registration.cluster_id is not None:
            by_cluster.setdefault(person.registration.cluster_id, []).append(person.pk)
    return {
        pair_of(one, other): score
        for (first, second), score in scores_between(by_cluster).items()
        for one in by_cluster[first]
        for other in by_cluster[second]
    }
