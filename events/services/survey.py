"""The survey after an event: answered by link, kept without a name."""

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from events.choices import QuestionStage
from events.dates import survey_is_open
from events.models import Event, QuestionAnswer, SurveyResponse


def response_key(token: str) -> str:
    """Return what is kept of a link: that it was used, not whose it was."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def answer_survey(*, event: Event, token: str, values: Mapping[int, object]) -> SurveyResponse:
    """Store the answers of one link; the same link again replaces them.

    ``values`` are by question id, as ``QuestionForm.values`` returns them. Nothing stored leads
    from the answers to the person: the response holds a digest of the link only.

    :raises DomainError: when the survey is not open.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not survey_is_open(event):
        raise DomainError(_("This survey is closed."), code="closed")
    asked = event.questions.filter(stage=QuestionStage.SURVEY, pk__in=values)
    response, _new = SurveyResponse.objects.get_or_create(event=event, key=response_key(token))
    response.answers.all().delete()
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(question=question, response=response, value=values[question.pk])
        for question in asked
    )
    return response
