"""Taking part."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from events.access.events import visible_events
from events.choices import EventStatus
from events.dates import has_day, is_over
from events.models import Event, Registration
from events.tokens import read_registration_token


def get_event_for_registering(user: User, slug: str) -> Event:
    """Return a published event; whether a place is left is the verb's question."""
    return get_object_or_404(visible_events(user), slug=slug)


def can_register(event: Event) -> bool:
    """Tell whether registering is open: published, with a known day, not over."""
    return event.status == EventStatus.PUBLISHED and has_day(event) and not is_over(event)


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
