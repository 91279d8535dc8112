"""The timetable as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from events.dates import clock
from matching.meetings.board import Board
from matching.meetings.words import cluster_of


def meeting_table(board: Board) -> Iterator[Sequence[object]]:
    """Return the head in the reader's language, then a row a meeting: times, table, both people."""
    yield [
        _("Begins"), _("Ends"), _("At table"), _("Person"), _("Cluster"), _("Meets"),
        _("Cluster of the other"), _("Locked"),
    ]  # fmt: skip
    for round_ in board.rounds:
        for row in round_.rows:
            one = row.meeting
            yield [
                clock(board.plan.start_of(round_.slot)),
                clock(board.plan.end_of(round_.slot)),
                one.table,
                row.first,
                cluster_of(board.people[one.first_id]),
                row.second,
                cluster_of(board.people[one.second_id]),
                _("yes") if one.is_locked else _("no"),
            ]
