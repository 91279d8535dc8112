"""Narrowing what belongs to events: registrations, invitations, minutes."""

from typing import ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from events.choices import Answer, MinutesKind, ParticipantGroup, QuestionStage, RegistrationState
from events.models import Invitation, MinutesItem, Question, Registration
from topics.choices import ActionState


class QuestionFilter(django_filters.FilterSet):
    """Narrows questions by event and stage."""

    event = django_filters.CharFilter(label=_("Event"), field_name="event__slug")
    stage = django_filters.MultipleChoiceFilter(label=_("Stage"), choices=QuestionStage.choices)

    class Meta:
        model = Question
        fields: ClassVar[tuple[str, ...]] = ("event", "stage")


class RegistrationFilter(django_filters.FilterSet):
    """Narrows registrations by event, state and group."""

    event = django_filters.CharFilter(label=_("Event"), field_name="event__slug")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=RegistrationState.choices)
    group = django_filters.MultipleChoiceFilter(label=_("Group"), choices=ParticipantGroup.choices)

    class Meta:
        model = Registration
        fields: ClassVar[tuple[str, ...]] = ("event", "state", "group")


class InvitationFilter(django_filters.FilterSet):
    """Narrows invitations by event and answer."""

    event = django_filters.CharFilter(label=_("Event"), field_name="event__slug")
    answer = django_filters.MultipleChoiceFilter(label=_("Answer"), choices=Answer.choices)

    class Meta:
        model = Invitation
        fields: ClassVar[tuple[str, ...]] = ("event", "answer")


class MinutesItemFilter(django_filters.FilterSet):
    """Narrows minutes by event, kind, and for actions by state and who does it."""

    event = django_filters.CharFilter(label=_("Event"), field_name="event__slug")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=MinutesKind.choices)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=ActionState.choices)
    owner = django_filters.CharFilter(label=_("Who does it"), field_name="owner__slug")
    topic = django_filters.CharFilter(label=_("Topic"), field_name="topic__slug")

    class Meta:
        model = MinutesItem
        fields: ClassVar[tuple[str, ...]] = ("event", "kind", "state", "owner", "topic")
