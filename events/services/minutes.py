"""Verbs about minutes: items several people write at once, and handing them out."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events import mails
from events.choices import AccessLevel, EventStatus, MinutesKind
from events.models import Event, MinutesItem, Session
from topics.choices import ActionState
from topics.models import Topic

# Enough for two days; a page of more is no minutes any more.
ITEMS_MAX = 500


@dataclass(frozen=True)
class ItemValues:
    """What an item says. ``owner`` and ``due_on`` are kept for actions only."""

    text: str
    kind: MinutesKind = MinutesKind.NOTE
    level: AccessLevel = AccessLevel.PARTICIPANTS
    session: Session | None = None
    topic: Topic | None = None
    owner: Cluster | None = None
    due_on: date | None = None


class MinutesConflictError(DomainError):
    """Somebody else changed the item meanwhile; ``item`` is what stands there now."""

    def __init__(self, item: MinutesItem) -> None:
        super().__init__(
            _(
                "Somebody else has changed this item meanwhile. Nothing was saved yet:"
                " compare both versions, and save once more."
            ),
            code="conflict",
        )
        self.item = item


def _fill(item: MinutesItem, values: ItemValues) -> None:
    for name, value in vars(values).items():
        setattr(item, name, value)
    if item.kind != MinutesKind.ACTION:
        item.owner, item.due_on, item.state = None, None, ActionState.OPEN


def _check(user: User, event: Event, values: ItemValues) -> None:
    if not user.is_staff and values.level == AccessLevel.STAFF:
        raise DomainError(
            _("Only the office writes items for the office alone."), field="level", code="level"
        )
    if values.session is not None and values.session.event_id != event.pk:
        raise DomainError(_("Please choose a part of this event."), field="session")
    if not values.text.strip():
        raise DomainError(_("Please write what was said."), field="text")


def _lock(event_id: int) -> Event:
    event: Event = Event.objects.select_for_update().get(pk=event_id)
    return event


@transaction.atomic
def add_item(*, user: User, event: Event, values: ItemValues) -> MinutesItem:
    """Add an item at the end of the minutes.

    :raises DomainError: when something is missing, or the minutes are full.
    """
    event = _lock(event.pk)
    _check(user, event, values)
    last = event.minutes.aggregate(last=Max("position"))["last"]
    if event.minutes.count() >= ITEMS_MAX:
        raise DomainError(
            _("Minutes have at most %(count)d items. Please join some.") % {"count": ITEMS_MAX}
        )
    item = MinutesItem(event=event, author=user, position=0 if last is None else last + 1)
    _fill(item, values)
    item.save()
    return item


@transaction.atomic
def save_item(*, user: User, item: MinutesItem, version: int, values: ItemValues) -> MinutesItem:
    """Write an item on top of ``version``; the same words twice change nothing.

    :raises MinutesConflictError: when the item has another version now and other words.
    :raises DomainError: when something is missing, or the item was deleted.
    """
    event = _lock(item.event_id)
    _check(user, event, values)
    found = MinutesItem.objects.filter(pk=item.pk).select_related("session", "topic", "owner")
    now: MinutesItem | None = found.first()
    if now is None:
        raise DomainError(_("Somebody else has deleted this item meanwhile."), code="deleted")
    before = {name: getattr(now, name) for name in vars(values)}
    due_before = now.due_on
    _fill(now, values)
    if before == {name: getattr(now, name) for name in vars(values)}:
        return now
    if version != now.version:
        raise MinutesConflictError(found.get())
    now.version += 1
    if now.due_on != due_before:
        now.reminded_on = None
    now.save()
    return now


@transaction.atomic
def delete_item(*, user: User, item: MinutesItem) -> None:
    """Take an item out of the minutes; twice is once."""
    _lock(item.event_id)
    MinutesItem.objects.filter(pk=item.pk).delete()


@transaction.atomic
def move_item(*, user: User, item: MinutesItem, up: bool) -> None:
    """Let an item change places with the one above or below; at the end it stays."""
    event = _lock(item.event_id)
    order = list(event.minutes.order_by("position", "pk").values_list("pk", flat=True))
    if item.pk not in order:
        return
    place = order.index(item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    rows = {row.pk: row for row in event.minutes.all()}
    moved = [rows[pk] for number, pk in enumerate(order) if rows[pk].position != number]
    for number, pk in enumerate(order):
        rows[pk].position = number
    MinutesItem.objects.bulk_update(moved, ["position"])


@transaction.atomic
def publish_minutes(*, user: User, event: Event) -> int:
    """Hand the minutes out; returns how many participants are told by mail.

    They are told the first time only: minutes that were withdrawn and come back are no news.

    :raises DomainError: when there is nothing to hand out, or the event is not public.
    """
    event = _lock(event.pk)
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(_("Only minutes of a published event are handed out."), code="state")
    if not event.minutes.exclude(level=AccessLevel.STAFF).exists():
        raise DomainError(
            _("There is nothing to hand out yet: no item is for more than the office."),
            code="empty",
        )
    if event.minutes_published_at is not None:
        return 0
    event.minutes_published_at = timezone.now()
    told = 0
    if event.minutes_announced_at is None:
        event.minutes_announced_at = event.minutes_published_at
        told = mails.minutes_published(event)
    event.save(update_fields=["minutes_published_at", "minutes_announced_at", "updated_at"])
    return told


@transaction.atomic
def withdraw_minutes(*, user: User, event: Event) -> None:
    """Take published minutes back to those who write them."""
    event = _lock(event.pk)
    event.minutes_published_at = None
    event.save(update_fields=["minutes_published_at", "updated_at"])
