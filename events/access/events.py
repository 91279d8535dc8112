"""Events and their programme."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.models import Cluster
from events.dates import has_day
from events.models import Event, Question, Session


def require_staff(user: Person) -> None:
    """Let staff pass; for everybody else the page does not exist."""
    if not user.is_staff:
        raise Http404


def visible_events(user: Person) -> QuerySet[Event]:
    """Return what appears in the lists of events: published ones, whoever looks."""
    events: QuerySet[Event] = Event.objects.visible_to(user).published()
    return events


def get_event_for_reading(user: Person, slug: str) -> Event:
    """Return an event with everything its page shows of it to ``user``."""
    events: QuerySet[Event] = Event.objects.visible_to(user).with_page_data(user)
    return get_object_or_404(events, slug=slug)


def get_event_for_calendar(user: Person, slug: str) -> Event:
    """Return an event whose day is known; without a day there is no calendar file."""
    event = get_event_for_reading(user, slug)
    if not has_day(event):
        raise Http404
    return event


def get_session_for_calendar(user: Person, slug: str, code: str) -> tuple[Session, Event]:
    """Return a part of the programme that has a beginning, with its event."""
    event = get_event_for_calendar(user, slug)
    session = get_object_or_404(event.sessions.exclude(starts_at=None), code=code)
    return session, event


def clusters_for_proposing(user: Person) -> QuerySet[Cluster]:
    """Return the clusters in whose name ``user`` may propose an event."""
    clusters: QuerySet[Cluster] = Cluster.objects.managed_by(user).order_by("name")
    return clusters


def can_propose(user: Person) -> bool:
    return clusters_for_proposing(user).exists()


def get_clusters_for_proposing(user: Person) -> QuerySet[Cluster]:
    """Return the clusters ``user`` manages; who manages none may not propose."""
    clusters = clusters_for_proposing(user)
    if not clusters.exists():
        raise PermissionDenied
    return clusters


def can_edit(user: Person, event: Event) -> bool:
    """Tell whether ``user`` may change this event now."""
    editable: bool = Event.objects.editable_by(user).filter(pk=event.pk).exists()
    return editable


def get_event_for_editing(user: Person, slug: str) -> Event:
    """Return an event staff may change always, its proposers until staff has decided."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    if not can_edit(user, event):
        raise PermissionDenied
    return event


def get_event_for_staff(user: Person, slug: str) -> Event:
    """Return an event for reviewing, publishing, cancelling or inviting: staff only."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    if not user.is_staff:
        raise PermissionDenied
    return event


def get_question_for_staff(user: Person, slug: str, pk: int) -> Question:
    """Return one of an event's questions, for staff to write."""
    event = get_event_for_staff(user, slug)
    question: Question = get_object_or_404(event.questions.select_related("event"), pk=pk)
    return question
