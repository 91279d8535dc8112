"""What programs see of introductions and feedback, and what they may send."""

from typing import Any

from rest_framework import serializers

from core.api.rows import Code, PageAddress, RowSerializer
from matching.choices import FeedbackKind, FeedbackReason
from matching.models import Feedback, Introduction
from matching.services.introductions import LONGEST_MESSAGE

SLUG_LENGTH = 100


class IntroductionSerializer(RowSerializer):
    """An introduction of two clusters.

    ``state`` is ``asked`` until both have agreed or the time is over; whether somebody declined is
    told to nobody. ``outcome`` is the best of what has come of it, empty where nothing is known.
    """

    id = serializers.IntegerField()
    asker = Code("asker", code="slug")
    partner = Code("partner", code="slug")
    origin = serializers.CharField()
    state = serializers.CharField()
    message = serializers.CharField()
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    url = PageAddress("matching:introduction-detail", "pk")

    class Meta:
        model = Introduction


class FeedbackSerializer(RowSerializer):
    """What a cluster you manage has said about a suggested partner."""

    id = serializers.IntegerField()
    cluster = Code("cluster", code="slug")
    partner = Code("partner", code="slug")
    kind = serializers.CharField()
    reason = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    until = serializers.DateField(allow_null=True)

    class Meta:
        model = Feedback


class IntroductionInput(serializers.Serializer[Any]):
    """A cluster you manage asks another one for a talk."""

    asker = serializers.SlugField(max_length=SLUG_LENGTH)
    partner = serializers.SlugField(max_length=SLUG_LENGTH)
    message = serializers.CharField(min_length=20, max_length=LONGEST_MESSAGE)


class IntroductionAnswer(serializers.Serializer[Any]):
    """The answer of the cluster you manage; ``words`` go to the other side with a yes only."""

    answer = serializers.ChoiceField(choices=["agree", "decline", "more_time"])
    words = serializers.CharField(
        max_length=LONGEST_MESSAGE, required=False, allow_blank=True, default=""
    )


class FeedbackInput(serializers.Serializer[Any]):
    """What a cluster you manage says about a suggested partner; it replaces what it said before.

    ``until`` counts for ``later`` only: three months from now where it is missing.
    """

    cluster = serializers.SlugField(max_length=SLUG_LENGTH)
    partner = serializers.SlugField(max_length=SLUG_LENGTH)
    kind = serializers.ChoiceField(choices=FeedbackKind.choices)
    reason = serializers.ChoiceField(
        choices=FeedbackReason.choices, required=False, allow_blank=True, default=""
    )
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    until = serializers.DateField(required=False, allow_null=True, default=None)
