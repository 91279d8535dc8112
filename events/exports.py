"""People of an event as the rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import ParticipantGroup
from events.forms import answer_in_words
from events.models import Event, Question, QuestionAnswer, Registration

_AT_ONCE = 1000


def registration_table(event: Event) -> Iterator[Sequence[object]]:
    """Return the head in the reader's language, then everybody who ever registered.

    The answers to the event's questions follow as columns. Read in portions of 1,000 people, two
    queries each.
    """
    questions = list(event.questions.exclude(stage="survey").order_by("stage", "position", "pk"))
    head = [
        _("Name"), _("E-mail address"), _("Cluster"), _("Group"), _("State"), _("Came by way of"),
        _("Language"), _("Agreed to be listed"), _("Registered"), _("Checked in"),
        _("What the person expects"), *[question.label for question in questions],
    ]  # fmt: skip
    answers = QuestionAnswer.objects.filter(question__in=questions).order_by()
    rows: Any = event.registrations.select_related("cluster").order_by("name", "email", "pk")
    rows = rows.prefetch_related(Prefetch("answers", answers, to_attr="given"))
    return chain([head], _registrations(rows, questions, get_language()))


def _registrations(
    rows: Any, questions: list[Question], language: str | None
) -> Iterator[Sequence[object]]:
    """Read the rows in the language of the head: streaming goes on after the request has ended."""
    with translation.override(language):
        for row in rows.iterator(chunk_size=_AT_ONCE):
            given = {answer.question_id: answer.value for answer in row.given}
            yield [
                row.name,
                row.email,
                row.cluster.name if row.cluster else "",
                row.get_group_display(),
                row.get_state_display(),
                row.get_source_display(),
                row.get_language_display(),
                _("yes") if row.list_consent else _("no"),
                _local(row.created_at),
                _local(row.checked_in_at),
                row.expectation,
                *[
                    answer_in_words(question, given[question.pk]) if question.pk in given else ""
                    for question in questions
                ],
            ]


def participant_table(event: Event) -> Iterator[Sequence[object]]:
    """Return the head in the reader's language, then those who hold a place; one query."""
    head = [_("Group"), _("Name"), _("Cluster"), _("Agreed to be listed"), _("Checked in")]
    return chain([head], _participants(participants(event), get_language()))


def participants(event: Event) -> Any:
    """Return those who hold a place, group by group, by name."""
    rows: Any = event.registrations
    return rows.taking_a_place().select_related("cluster").order_by("group", "name", "pk")


def _participants(rows: Any, language: str | None) -> Iterator[Sequence[object]]:
    with translation.override(language):
        for row in rows.iterator(chunk_size=_AT_ONCE):
            yield [
                row.get_group_display(),
                row.name,
                row.cluster.name if row.cluster else "",
                _("yes") if row.list_consent else _("no"),
                _local(row.checked_in_at),
            ]


def _local(moment: datetime | None) -> datetime | None:
    """Return the moment on the portal's clock, without parts of a second and zone."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


def listed(event: Event, *, everybody: bool) -> Any:
    """Return who is on the list: those who agreed, unless ``everybody`` is asked for by staff.

    Who waits is no participant.
    """
    rows = participants(event)
    return rows if everybody else rows.filter(list_consent=True).exclude(name="")


def grouped(rows: Iterable[Registration]) -> list[tuple[str, list[Registration]]]:
    """Return people by group, in the order of the groups, each with its name."""
    found: dict[str, list[Registration]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return [
        (str(label), found[value]) for value, label in ParticipantGroup.choices if value in found
    ]
