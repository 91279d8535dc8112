"""What the survey after an event says: numbers from three responses on, texts without order."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from events.choices import QuestionKind, QuestionStage
from events.forms import answer_in_words, option_labels
from events.models import Event, Question, QuestionAnswer
from events.statistics import Bar

# Fewer could be guessed by whoever knows who came.
SHOWN_FROM = 3


@dataclass
class QuestionResult:
    """What was answered to one question; ``average`` only where people chose from 1 to 5."""

    question: Question
    answered: int = 0
    bars: list[Bar] = field(default_factory=list)
    average: float | None = None
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SurveyResults:
    """All questions of an event's survey. ``questions`` is empty while there are too few."""

    responses: int
    questions: list[QuestionResult]

    @property
    def are_shown(self) -> bool:
        return self.responses >= SHOWN_FROM


def results(event: Event) -> SurveyResults:
    """Return the results of an event's survey, in three queries."""
    responses = event.survey_responses.count()
    if responses < SHOWN_FROM:
        return SurveyResults(responses, [])
    questions = event.questions.filter(stage=QuestionStage.SURVEY)
    values: dict[int, list[Any]] = {question.pk: [] for question in questions}
    # By the digest of the link: no order in which people answered.
    rows = QuestionAnswer.objects.filter(question__in=values).order_by("response__key")
    for question_id, value in rows.values_list("question_id", "value"):
        values[question_id].append(value)
    return SurveyResults(responses, [_result(one, values[one.pk]) for one in questions])


def _result(question: Question, values: list[Any]) -> QuestionResult:
    result = QuestionResult(question, answered=len(values))
    match question.kind:
        case QuestionKind.TEXT:
            result.texts = sorted(answer_in_words(question, value) for value in values)
            return result
        case QuestionKind.SCALE:
            labels: dict[Any, str] = {number: str(number) for number in range(1, 6)}
            if values:
                result.average = sum(values) / len(values)
        case QuestionKind.CONSENT:
            labels = {value: answer_in_words(question, value) for value in (True, False)}
        case _:
            labels = dict(enumerate(option_labels(question)))
    chosen: Counter[Any] = Counter()
    for value in values:
        chosen.update(value if isinstance(value, list) else [value])
    result.bars = [Bar(label, chosen[key], len(values)) for key, label in labels.items()]
    return result
