"""Mails to many, for staff."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from events.access.events import get_event_for_staff
from events.choices import MailOccasion
from events.models import Event, Mailing


def get_event_for_texts(user: Person, slug: str, occasion: str) -> Event:
    """Return an event whose mails of ``occasion`` staff words; other occasions are no page."""
    event = get_event_for_staff(user, slug)
    if occasion not in MailOccasion.values:
        raise Http404
    return event


def get_mailing_for_staff(user: Person, slug: str, pk: int) -> Mailing:
    """Return a mailing of an event, for staff."""
    event = get_event_for_staff(user, slug)
    mailing: Mailing = get_object_or_404(event.mailings.select_related("event"), pk=pk)
    return mailing
