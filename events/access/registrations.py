"""Taking part."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from events.access.events import visible_events
from events.choices import EventStatus, ParticipantGroup
from events.dates import has_day, is_over
from events.models import Event, Registration, Session
from events.tokens import read_registration_token


def get_event_for_registering(user: User, slug: str) -> Event:
    """Return a published event; whether a place is left is the verb's question."""
    return get_object_or_404(visible_events(user), slug=slug)


def can_register(event: Event) -> bool:
    """Tell whether registering is open: published, with a known day, not closed, not over."""
    closes = event.registration_closes_at
    return (
        event.status == EventStatus.PUBLISHED
        and has_day(event)
        and not is_over(event)
        and (closes is None or closes > timezone.now())
    )


def own_registration(user: User, event: Event) -> Registration | None:
    """Return the person's registration; one that is gone only where there is no other."""
    own: Any = Registration.objects.filter(event=event)
    rows = own.of_user(user).order_by("-updated_at")
    found: Registration | None = rows.active().first() or rows.first()
    return found


def clusters_of(user: User) -> QuerySet[Cluster]:
    """Return the clusters a person may come for."""
    clusters: QuerySet[Cluster] = Cluster.objects.of_member(user).order_by("name", "pk")
    return clusters


def get_event_for_delegating(user: User, slug: str) -> tuple[Event, QuerySet[Cluster]]:
    """Return an event and the clusters whose people ``user`` may register."""
    event = get_event_for_registering(user, slug)
    clusters: QuerySet[Cluster] = Cluster.objects.managed_by(user).order_by("name", "pk")
    if not clusters:
        raise PermissionDenied
    return event, clusters


def delegates_of(event: Event, cluster: Cluster) -> QuerySet[Registration]:
    """Return who comes for a cluster, for its managers."""
    rows: QuerySet[Registration] = event.registrations.active().filter(cluster=cluster)
    return rows.order_by("name", "email", "pk")[:100]


def registration_facts(user: User, event: Event) -> dict[str, Any]:
    """Return what the form says of places and of whom the person may bring along."""
    free = event.free_places()
    return {
        "free": free,
        "waits": free == 0 or event.registrations.queue().exists(),
        "is_open": can_register(event),
        "manages": Cluster.objects.managed_by(user).exists(),
    }


def get_session_for_choosing(token: str, pk: int) -> tuple[Registration, Session]:
    """Return a registration with a session of its event."""
    found = get_registration_by_token(token)
    return found, get_object_or_404(found.event.sessions.all(), pk=pk)


def get_event_for_expectations(user: User, slug: str) -> Event:
    """Return an event for reading what people wish for: staff and its registered moderators."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    own: Any = Registration.objects.filter(event=event, group=ParticipantGroup.MODERATOR)
    if not user.is_staff and not own.of_user(user).taking_a_place().exists():
        raise Http404
    return event


def get_registration_by_token(token: str) -> Registration:
    """Return the registration a link from a mail stands for; altered links lead nowhere."""
    pk = read_registration_token(token)
    if pk is None:
        raise Http404(_("This link is not complete. Please copy it from the mail once more."))
    published: Any = Event.objects.published()
    registrations: Any = Registration.objects.filter(event__in=published.values("pk"))
    found: Registration = get_object_or_404(
        registrations.select_related("event", "cluster", "user"), pk=pk
    )
    return found


def get_own_registration(user: User, pk: int) -> Registration:
    """Return the person's own registration; staff sees those of others, but it is not theirs."""
    visible: Any = Registration.objects.visible_to(user).select_related("event", "cluster", "user")
    found: Registration = get_object_or_404(visible, pk=pk)
    if not Registration.objects.of_user(user).filter(pk=pk).exists():
        raise PermissionDenied
    return found
