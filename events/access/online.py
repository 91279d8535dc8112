"""Links for taking part online: for the registered only, from a set time on."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.people import Person
from events.choices import DatePrecision, EventStatus
from events.dates import is_over
from events.models import Event, Registration, Session
from events.querysets.registration import TAKING_A_PLACE


def online_link_from(event: Event) -> datetime | None:
    """Return the moment from which the links are shown; None: from registration on."""
    if event.online_lead_hours is None:
        return None
    return event.starts_at - timedelta(hours=event.online_lead_hours)


def has_place(who: Person | Registration | None, event: Event) -> bool:
    """Tell whether somebody takes part: registered or already there, for themselves."""
    if who is None:
        return False
    if isinstance(who, Registration):
        return who.event_id == event.pk and who.state in TAKING_A_PLACE
    if not who.is_authenticated:
        return False
    own = Registration.objects.of_user(who).taking_a_place()
    return bool(own.filter(event=event).exists())


def online_link_is_open(event: Event) -> bool:
    """Tell whether those who take part may see the links by now."""
    if event.status != EventStatus.PUBLISHED or is_over(event):
        return False
    opens = online_link_from(event)
    if opens is None:
        return True
    # Hours before a beginning of which only month or year are known cannot be counted.
    known = event.date_precision in (DatePrecision.TIME, DatePrecision.DAY)
    return known and opens <= timezone.now()


def can_see_online_link(who: Person | Registration | None, what: Event | Session) -> bool:
    """Tell whether a person, or whoever holds a registration, sees the link of event or session.

    Only people who take part do; not those who wait, asked for a place or gave theirs back, and
    staff no more than others. Pages ask this, and nothing that is public ever shows a link.
    """
    event = what.event if isinstance(what, Session) else what
    return online_link_is_open(event) and has_place(who, event)
