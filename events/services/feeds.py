"""Verbs about personal calendars: make, renew and revoke their secret address."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from events.models import CalendarFeed


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


@transaction.atomic
def make_feed(*, user: User) -> CalendarFeed:
    """Return the person's calendar, made now if there is none; one is live at a time."""
    _lock(user)
    feed, _made = CalendarFeed.objects.get_or_create(user=user, revoked_at=None)
    return feed


@transaction.atomic
def revoke_feed(*, user: User) -> None:
    """End the address for good; programs that use it find nothing from now on."""
    _lock(user)
    CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def renew_feed(*, user: User) -> CalendarFeed:
    """End the address and make another one, for when the old one got into wrong hands."""
    revoke_feed(user=user)
    return make_feed(user=user)
