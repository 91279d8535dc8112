"""What programs may ask for: the same values as the forms, with codes instead of keys."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

from clusters.models import InnovationField
from core.api.codes import CodesField
from core.api.text import text_pair
from events.choices import EventFormat, EventKind
from events.forms.question_fields import QuestionForm
from events.models import Event, Question
from events.services.registrations import Details


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": 4000},
            {"type": "boolean"},
            {"type": "integer", "minimum": 0, "maximum": 1000},
            {
                "type": "array",
                "maxItems": 100,
                "items": {"type": "integer", "minimum": 0, "maximum": 1000},
            },
        ]
    }
)
class AnswerValue(serializers.Field[Any, Any, Any, Any]):
    """Whatever kind of value the question takes; the question's form field checks it."""

    def to_internal_value(self, data: Any) -> Any:
        is_list = isinstance(data, list) and all(type(place) is int for place in data)
        if is_list or isinstance(data, str | int):
            return data
        raise serializers.ValidationError(
            _("Please send a text, true or false, a whole number or a list of whole numbers.")
        )

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An exchange on site",
            value={
                "cluster": "alpha",
                "title": {"de": "Austausch zu Sensorik", "en": "Exchange on sensors"},
                "summary": {"de": "Was in der Fertigung gemessen wird und was fehlt."},
                "kind": "exchange",
                "format": "on_site",
                "starts_at": "2027-05-26T14:00:00+02:00",
                "ends_at": "2027-05-26T16:00:00+02:00",
                "city": "Essen",
            },
            request_only=True,
        )
    ]
)
class EventProposalInput(serializers.Serializer[Any]):
    """An event a cluster would like to hold; staff decides about it."""

    cluster = serializers.SlugField(max_length=100)
    title = text_pair(200)()
    summary = text_pair(5000)(required=False)
    kind = serializers.ChoiceField(choices=EventKind.choices)
    format = serializers.ChoiceField(choices=EventFormat.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    venue = serializers.CharField(max_length=200, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    innovation_fields = CodesField(InnovationField.objects.all(), required=False)

    _PLAIN: ClassVar[tuple[str, ...]] = ("kind", "format", "city", "venue", "website")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        end = attrs.get("ends_at")
        if end and end < attrs["starts_at"]:
            message = _("The event ends before it begins. Please check both dates.")
            raise serializers.ValidationError({"ends_at": [message]})
        return attrs

    def event(self) -> Event:
        """Return the event as it was asked for, not stored yet."""
        data = self.validated_data
        texts = {
            f"{name}_{language}": data.get(name, {}).get(language, "")
            for name in ("title", "summary")
            for language in ("de", "en")
        }
        plain = {name: data[name] for name in self._PLAIN if name in data}
        return Event(**texts, **plain, starts_at=data["starts_at"], ends_at=data.get("ends_at"))


class AnswerInput(serializers.Serializer[Any]):
    """An answer to one question of ``/questions/``.

    ``value`` is a text, ``true`` or ``false`` for a consent, the place of an option counted from
    0, several of them as a list, or a number from 1 to 5 on a scale.
    """

    question = serializers.IntegerField(min_value=1, max_value=2**31)
    value = AnswerValue()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "With a wish and an answer",
            value={
                "event": "plenum-2027",
                "cluster": "alpha",
                "list_consent": True,
                "expectation": "Partner für Sensorik finden",
                "answers": [{"question": 12, "value": 0}],
            },
            request_only=True,
        )
    ]
)
class RegistrationInput(serializers.Serializer[Any]):
    """You take part in an event, for a cluster you belong to or for none."""

    event = serializers.SlugField(max_length=100)
    cluster = serializers.SlugField(max_length=100, required=False, allow_null=True)
    list_consent = serializers.BooleanField(required=False, default=False)
    expectation = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    answers = serializers.ListField(child=AnswerInput(), required=False, max_length=100)

    def details(self, questions: Sequence[Question]) -> Details:
        """Return what the person says of themselves, its answers held against ``questions``.

        :raises ValidationError: with messages by question id.
        """
        data = self.validated_data
        given = {answer["question"]: answer["value"] for answer in data.get("answers", [])}
        form = QuestionForm(
            {
                QuestionForm.name_of(question): given[question.pk]
                for question in questions
                if question.pk in given
            },
            questions=questions,
        )
        errors: dict[str, Any] = {
            str(question.pk): form.errors[name]
            for question in questions
            if (name := QuestionForm.name_of(question)) in form.errors
        }
        for unknown in given.keys() - {question.pk for question in questions}:
            errors[str(unknown)] = [_("The event does not ask this question.")]
        if errors:
            raise serializers.ValidationError({"answers": errors})
        return Details(
            list_consent=data["list_consent"],
            expectation=data.get("expectation"),
            answers=form.values(),
            questions=questions,
        )
