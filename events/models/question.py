"""What an event asks its people: at registration, after acceptance, after the event."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Timestamped
from events.choices import QuestionKind, QuestionStage
from events.models.event import Event
from events.models.registration import Registration


class Question(models.Model):
    """One question of an event's form or survey."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    stage = models.CharField(
        _("asked"), max_length=12, choices=QuestionStage, default=QuestionStage.REGISTRATION
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(
        _("kind"), max_length=10, choices=QuestionKind, default=QuestionKind.TEXT
    )
    label = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("explanation"), max_length=300, blank=True)
    # Parallel to each other: an answer holds the place in the list, so texts may be corrected.
    options_de = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("options, German"),
    )
    options_en = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("options, English"),
    )
    is_required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("stage", "position", "id")

    def __str__(self) -> str:
        return self.label


class SurveyResponse(Timestamped):
    """One filled-in survey. ``key`` tells that a link was used, not whose it was."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="survey_responses")
    # SHA-256 of the signed link, hex.
    key = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("event", "key", name="survey_response_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.key[:8]}"


class QuestionAnswer(models.Model):
    """What somebody answered: a text, True or False, an option's place, or several places."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    response = models.ForeignKey(
        SurveyResponse, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    value = models.JSONField()

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(registration__isnull=False) ^ models.Q(response__isnull=False),
                name="question_answer_has_one_owner",
            ),
            models.UniqueConstraint(
                "question",
                "registration",
                name="question_answer_once",
                condition=models.Q(registration__isnull=False),
            ),
            models.UniqueConstraint(
                "question",
                "response",
                name="question_answer_once_per_response",
                condition=models.Q(response__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"
