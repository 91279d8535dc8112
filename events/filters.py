"""The filters of events: the same for pages, feeds and API."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.models import District, InnovationField
from events.choices import EventFormat, EventKind, EventPhase, SessionPart
from events.models import Event, Session
from events.querysets import EventQuerySet
from topics.models import Topic

REGIONS = [
    ("NRW", _("North Rhine-Westphalia")),
    ("RLP", _("Rhineland-Palatinate")),
    ("DE", _("Germany")),
    ("EU", _("Europe")),
]


# What visitors may meet; unpublished events are nobody's but their planners'.
PHASES = [
    (phase.value, phase.label)
    for phase in (EventPhase.PUBLISHED, EventPhase.RUNNING, EventPhase.DONE, EventPhase.CANCELLED)
]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class EventFilter(django_filters.FilterSet):
    """Narrows events by what they are, what they are about, where and when they are."""

    when = django_filters.ChoiceFilter(
        label=_("Time"),
        choices=[("upcoming", _("upcoming")), ("past", _("past"))],
        method="filter_when",
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=EventKind, distinct=False, widget=forms.CheckboxSelectMultiple
    )
    format = django_filters.MultipleChoiceFilter(
        label=_("Format"), choices=EventFormat, distinct=False, widget=forms.CheckboxSelectMultiple
    )
    field = django_filters.ModelMultipleChoiceFilter(
        label=_("Innovation field"),
        to_field_name="code",
        queryset=InnovationField.objects.order_by("number"),
        method="filter_field",
        widget=forms.CheckboxSelectMultiple,
    )
    district = django_filters.ModelMultipleChoiceFilter(
        label=_("District"),
        to_field_name="code",
        queryset=District.objects.order_by("short_name"),
        method="filter_district",
        widget=forms.CheckboxSelectMultiple,
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        to_field_name="slug",
        queryset=Topic.objects.published().order_by("title"),
        empty_label=_("All topics"),
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"), choices=REGIONS, empty_label=_("All regions")
    )
    phase = django_filters.ChoiceFilter(
        label=_("State"), choices=PHASES, method="filter_phase", empty_label=_("All states")
    )
    starts_after = django_filters.DateFilter(
        label=_("On or after"), method="filter_after", widget=forms.DateInput({"type": "date"})
    )
    starts_before = django_filters.DateFilter(
        label=_("On or before"), method="filter_before", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Event
        fields = ("kind", "format", "district", "topic", "region")

    def filter_when(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        events: EventQuerySet = queryset  # type: ignore[assignment]
        return events.upcoming() if value == "upcoming" else events.past()

    def filter_field(
        self, queryset: QuerySet[Event], name: str, value: Collection[InnovationField]
    ) -> QuerySet[Event]:
        if not value:
            return queryset
        # A subquery: joining would show an event once for each of its fields.
        found = Event.objects.filter(innovation_fields__in=value).values("pk")
        return queryset.filter(pk__in=found)

    def filter_district(
        self, queryset: QuerySet[Event], name: str, value: Collection[District]
    ) -> QuerySet[Event]:
        return queryset.filter(district__in=value) if value else queryset

    def filter_phase(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        events: EventQuerySet = queryset  # type: ignore[assignment]
        return events.in_phase(value)

    def filter_after(self, queryset: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        return queryset.filter(starts_at__gte=_midnight(value))

    def filter_before(self, queryset: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        # The calendar ends in 9999; what lies before its last day is everything.
        day = min(value, date.max - timedelta(days=1))
        return queryset.filter(starts_at__lt=_midnight(day + timedelta(days=1)))


class WholeNumberFilter(django_filters.Filter):
    """A number without a fraction; ``1.5`` is an error, not an empty result."""

    field_class = forms.IntegerField


class SessionFilter(django_filters.FilterSet):
    """Narrows sessions by their event, part and run."""

    event = django_filters.CharFilter(label=_("Event"), field_name="event__slug")
    part = django_filters.MultipleChoiceFilter(label=_("Part"), choices=SessionPart)
    run = WholeNumberFilter(label=_("Run"), min_value=0, max_value=32_767)

    class Meta:
        model = Session
        fields = ("event", "part", "run")
