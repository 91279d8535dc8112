"""Personal calendars, and the mails in our mailbox."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.people import Person
from core.models import InboundNote
from events.access.events import require_staff
from events.access.registrations import get_registration_by_token
from events.dates import has_day
from events.models import CalendarFeed, Registration
from events.querysets.registration import GONE


def get_user_for_feed(secret: str) -> User:
    """Return whose calendar a secret address shows; a revoked one shows nobody's."""
    feeds = CalendarFeed.objects.filter(secret=secret, revoked_at=None, user__is_active=True)
    feed = feeds.select_related("user").first()
    if feed is None:
        raise Http404
    return feed.user


def get_registration_for_calendar(token: str) -> Registration:
    """Return a registration whose event fits into a calendar; who has left has no programme."""
    registration = get_registration_by_token(token)
    if registration.state in GONE or not has_day(registration.event):
        raise Http404
    return registration


def get_inbound_note(user: Person, pk: int) -> InboundNote:
    """Return a note about a mail nobody understood: staff only."""
    require_staff(user)
    return get_object_or_404(InboundNote, pk=pk)
