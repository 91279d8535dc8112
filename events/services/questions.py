"""What an event asks its people: write, order and delete questions."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.errors import DomainError
from events.choices import QuestionKind
from events.models import Event, Question
from events.question_templates import TEMPLATES

_WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.SEVERAL)


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


def _next_position(event: Event, stage: str) -> int:
    last = event.questions.filter(stage=stage).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _highest_option(question: Question) -> int:
    """Return the last option somebody chose, counted from 0; -1 when nobody chose one."""
    chosen = -1
    for value in question.answers.values_list("value", flat=True):
        places = value if isinstance(value, list) else [value]
        chosen = max([chosen, *(place for place in places if isinstance(place, int))])
    return chosen


def _check_answered(question: Question, before: Question) -> None:
    """:raises DomainError: when a change would give answers another meaning."""
    answers = before.answers.count()
    if not answers:
        return
    if (question.kind, question.stage) != (before.kind, before.stage):
        raise DomainError(
            ngettext(
                "%(count)d person has answered this question already. Its kind and the time it is"
                " asked stay as they are; please add another question instead.",
                "%(count)d people have answered this question already. Its kind and the time it is"
                " asked stay as they are; please add another question instead.",
                answers,
            )
            % {"count": answers},
            field="kind",
            code="answered",
        )
    if question.kind in _WITH_OPTIONS and len(question.options_de) <= _highest_option(before):
        raise DomainError(
            _(
                "Options that were chosen cannot be removed. You may correct their words and add"
                " others at the end."
            ),
            field="options_de",
            code="answered",
        )


@transaction.atomic
def save_question(*, user: User, event: Event, question: Question) -> Question:
    """Write a question; a new one is asked last in its stage.

    :raises DomainError: when answers would get another meaning.
    """
    _lock(event)
    question.event = event
    if question._state.adding:
        question.position = _next_position(event, question.stage)
    else:
        before = Question.objects.get(pk=question.pk, event=event)
        _check_answered(question, before)
        question.position = before.position
        if question.stage != before.stage:
            question.position = _next_position(event, question.stage)
    if question.kind not in _WITH_OPTIONS:
        question.options_de, question.options_en = [], []
    question.save()
    return question


@transaction.atomic
def move_question(*, user: User, question: Question, up: bool) -> None:
    """Ask a question one place earlier or later; at the end of its stage nothing happens."""
    _lock(question.event)
    rows = list(question.event.questions.filter(stage=question.stage))
    here = next(number for number, row in enumerate(rows) if row.pk == question.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for number, row in enumerate(rows):
        row.position = number
    Question.objects.bulk_update(rows, ["position"])


@transaction.atomic
def delete_question(*, user: User, question: Question, answers: int) -> None:
    """Delete a question with its answers.

    ``answers`` is the number the person was shown when they confirmed.

    :raises DomainError: when there are more by now.
    """
    _lock(question.event)
    if question.answers.count() > answers:
        raise DomainError(
            _("More people have answered in the meantime. Please look at the number once more."),
            code="answered",
        )
    question.delete()


@transaction.atomic
def add_question_template(*, user: User, event: Event, name: str) -> list[Question]:
    """Add the questions of a template the event does not ask yet; unknown names add nothing."""
    _lock(event)
    known = set(event.questions.values_list("stage", "label_de"))
    added = []
    for template in TEMPLATES.get(name, ()):
        if (template.stage, template.label_de) in known:
            continue
        added.append(
            Question.objects.create(
                event=event,
                position=_next_position(event, template.stage),
                **template.fields(),
            )
        )
    return added
