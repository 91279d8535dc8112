"""Telling people that time or place have changed: once, however often somebody saves."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from events import mails
from events.announcements import differences, snapshot
from events.choices import EventStatus
from events.dates import is_over
from events.models import Event

# Changes within this time after the first one are told in the same mail.
WINDOW = timedelta(minutes=30)


def current_snapshot(event: Event) -> dict[str, Any]:
    """Return what is to be told of time and place as it is stored now."""
    return snapshot(event, event.sessions.order_by("position", "pk"))


def note_change(event: Event, before: dict[str, Any]) -> None:
    """Open or close the window for a notice after a change; the event's row is locked.

    ``before`` is the snapshot from before the change: what people know of events that were
    published before anything was remembered. Saves the two fields it sets.
    """
    if event.status != EventStatus.PUBLISHED:
        return
    known = event.announced or before
    now = current_snapshot(event)
    if is_over(event) or not differences(event, known, now):
        known, event.change_notice_due_at = now, None
    elif event.change_notice_due_at is None:
        if mails.people_to_tell(event):
            event.change_notice_due_at = timezone.now() + WINDOW
        else:
            known = now
    event.announced = known
    event.save(update_fields=["announced", "change_notice_due_at"])


@transaction.atomic
def send_change_notice(*, event_id: int, at_once: bool = False) -> int:
    """Tell the event's people what has changed, when it is due; returns how many are told.

    Harmless when called twice: the first call forgets that a notice is due.
    """
    event = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None or event.change_notice_due_at is None:
        return 0
    if not at_once and event.change_notice_due_at > timezone.now():
        return 0
    now, told = current_snapshot(event), 0
    if event.status == EventStatus.PUBLISHED and not is_over(event):
        if differences(event, event.announced, now):
            told = mails.event_changed(event, event.announced, now)
        event.announced = now
    event.change_notice_due_at = None
    event.save(update_fields=["announced", "change_notice_due_at"])
    return told


def send_due_change_notices() -> int:
    """Send every notice that is due; returns how many people are told."""
    due = Event.objects.filter(change_notice_due_at__lte=timezone.now())
    return sum(send_change_notice(event_id=pk) for pk in due.values_list("pk", flat=True))


def tell_changes_now(*, user: User, event: Event) -> int:
    """Send the waiting notice without waiting for the window's end."""
    return send_change_notice(event_id=event.pk, at_once=True)


@transaction.atomic
def drop_change_notice(*, user: User, event: Event) -> None:
    """Tell nobody: what is stored now counts as announced."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.change_notice_due_at is None:
        return
    event.announced = current_snapshot(event)
    event.change_notice_due_at = None
    event.save(update_fields=["announced", "change_notice_due_at"])
