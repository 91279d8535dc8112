"""Words for events: public or not, coming or past, and what each page needs of them."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, DateTimeField, F, Func, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.people import Person
from clusters.models import Cluster, InnovationField
from events.choices import DatePrecision, EventPhase, EventStatus, RegistrationState, WaitingMode
from events.querysets.registration import HOLDING_A_PLACE
from topics.models import Topic

PUBLIC_STATUSES = (EventStatus.PUBLISHED, EventStatus.CANCELLED)
DATED = (DatePrecision.TIME, DatePrecision.DAY)


class EndOf(Func):
    """The first moment after the day, month or year a moment lies in, on the portal's clock.

    Counted on the local clock without zone, so nights of 23 and 25 hours do no harm.
    """

    template = (
        "((DATE_TRUNC('%(unit)s', %(expressions)s AT TIME ZONE '%(zone)s')"
        " + INTERVAL '1 %(unit)s') AT TIME ZONE '%(zone)s')"
    )
    output_field = DateTimeField()

    def __init__(self, moment: Any, unit: Literal["day", "month", "year"]) -> None:
        super().__init__(moment, unit=unit, zone=settings.TIME_ZONE)


def _over_at() -> Case:
    """When an event is over: its end, or the end of the last day, month or year that is known."""
    last = Coalesce("ends_at", "starts_at")
    return Case(
        When(date_precision=DatePrecision.TIME, ends_at__isnull=False, then=F("ends_at")),
        When(date_precision=DatePrecision.MONTH, then=EndOf(last, "month")),
        When(date_precision=DatePrecision.YEAR, then=EndOf(last, "year")),
        default=EndOf(last, "day"),
        output_field=DateTimeField(),
    )


class RetentionEnd(Func):
    """The day on the portal's clock that is ``retention_months`` after a moment."""

    template = (
        "(((%(expressions)s) AT TIME ZONE '%(zone)s')::date"
        " + MAKE_INTERVAL(months => events_event.retention_months))::date"
    )
    output_field = models.DateField()

    def __init__(self, moment: Any) -> None:
        super().__init__(moment, zone=settings.TIME_ZONE)


class EventQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Events everybody may read; a cancelled one stays readable and says so."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def waiting(self) -> Self:
        """Proposed by a cluster and not decided yet: staff's queue."""
        return self.filter(status=EventStatus.SUBMITTED)

    def with_movable_queue(self) -> Self:
        """Events to come with people waiting though the portal could offer them a place."""
        states = RegistrationState
        return (
            self.filter(
                status=EventStatus.PUBLISHED,
                waiting_mode=WaitingMode.AUTOMATIC,
                starts_at__gt=timezone.now(),
            )
            .annotate(
                queued=Count("registrations", filter=Q(registrations__state=states.WAITING)),
                holding=Count("registrations", filter=Q(registrations__state__in=HOLDING_A_PLACE)),
            )
            .filter(Q(capacity=None) | Q(capacity__gt=F("holding")), queued__gt=0)
            .order_by()
        )

    def with_end(self) -> Self:
        """Add ``over_at``, the moment from which the event counts as past."""
        return self.annotate(over_at=_over_at())

    def upcoming(self) -> Self:
        """Not over yet, the next one first."""
        return self.with_end().filter(over_at__gt=timezone.now()).order_by("starts_at", "id")

    def with_retention(self) -> Self:
        """Add ``retention_ends``, the day personal data go: ``dates.retention_until`` in SQL."""
        return self.with_end().annotate(retention_ends=RetentionEnd(F("over_at")))

    def running(self) -> Self:
        """Begun and not over: what ``Event.phase`` calls running."""
        return self.upcoming().filter(status=EventStatus.PUBLISHED, starts_at__lte=timezone.now())

    def in_phase(self, phase: str) -> Self:
        """Events of one ``EventPhase``, as ``Event.phase`` tells it."""
        if phase == EventPhase.RUNNING:
            return self.running()
        if phase == EventPhase.DONE:
            return self.past().filter(status=EventStatus.PUBLISHED)
        if phase == EventPhase.PUBLISHED:
            coming = self.upcoming().filter(starts_at__gt=timezone.now())
            return coming.filter(status=EventStatus.PUBLISHED)
        return self.filter(status=phase)

    def phase_counts(self) -> dict[str, int]:
        """Return how many events are in each phase, in one query."""
        now = timezone.now()
        published = Q(status=EventStatus.PUBLISHED)
        conditions = {
            phase: Q(status=phase)
            for phase in EventPhase.values
            if phase not in (EventPhase.PUBLISHED, EventPhase.RUNNING, EventPhase.DONE)
        }
        conditions |= {
            EventPhase.DONE.value: published & Q(over_at__lte=now),
            EventPhase.RUNNING.value: published & Q(over_at__gt=now, starts_at__lte=now),
            EventPhase.PUBLISHED.value: published & Q(over_at__gt=now, starts_at__gt=now),
        }
        counted = self.with_end().aggregate(
            **{f"in_{phase}": Count("pk", filter=wanted) for phase, wanted in conditions.items()}
        )
        return {phase: counted[f"in_{phase}"] for phase in EventPhase.values}

    def past(self) -> Self:
        """Over, the latest first."""
        return self.with_end().filter(over_at__lte=timezone.now()).order_by("-starts_at", "-id")

    def dated(self) -> Self:
        """Events whose day is known; only these fit into a calendar."""
        return self.filter(date_precision__in=DATED)

    def in_month(self, first: date) -> Self:
        """Events that touch the month beginning on ``first``; a whole year is no month."""
        begin = timezone.make_aware(datetime.combine(first, time.min))
        following = (first + timedelta(days=31)).replace(day=1)
        end = timezone.make_aware(datetime.combine(following, time.min))
        return (
            self.exclude(date_precision=DatePrecision.YEAR)
            .with_end()
            .filter(starts_at__lt=end, over_at__gt=begin)
            .order_by("starts_at", "id")
        )

    def visible_to(self, user: Person) -> Self:
        """Published events; for members also what their cluster proposed; for staff all."""
        if not user.is_authenticated:
            return self.published()
        if user.is_staff:
            return self
        own = Q(author=user) | Q(
            proposed_by__in=user.memberships.filter(ended_at=None).values("cluster")
        )
        return self.filter(Q(status__in=PUBLIC_STATUSES) | own)

    def editable_by(self, user: Person) -> Self:
        """All for staff; for managers their cluster's proposals until staff has decided."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        managed = Cluster.objects.managed_by(user).values("pk")
        return self.filter(
            proposed_by__in=managed, status__in=(EventStatus.DRAFT, EventStatus.SUBMITTED)
        )

    def with_card_data(self) -> Self:
        """Everything a list shows of an event, in a fixed number of queries."""
        return self.prefetch_related(
            models.Prefetch("innovation_fields", InnovationField.objects.order_by("number")),
        ).defer("search_vector", "search_text", "outcomes", "sources")

    def with_calendar_data(self) -> Self:
        """Everything calendar files say of events, in a fixed number of queries."""
        return self.with_card_data().prefetch_related(
            models.Prefetch("topics", Topic.objects.published())
        )

    def with_page_data(self, user: Person) -> Self:
        """Everything the event's own page shows; of clusters and topics what ``user`` may see."""
        return (
            self.with_end()
            .select_related("proposed_by")
            .prefetch_related(
                "sessions",
                models.Prefetch("innovation_fields", InnovationField.objects.order_by("number")),
                models.Prefetch("terms"),
                models.Prefetch("topics", Topic.objects.visible_to(user)),
                models.Prefetch("clusters", Cluster.objects.visible_to(user)),
            )
            .defer("search_vector", "search_text")
        )
