"""Verbs about actions of the minutes: done, open again, and reminding until they are done."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.choices import Role
from clusters.models import Membership
from core.errors import DomainError
from events import mails
from events.choices import MinutesKind
from events.models import Event, MinutesItem
from topics.choices import ActionState

REMIND_BEFORE = timedelta(days=7)
REMIND_AGAIN = timedelta(days=7)
_AT_ONCE = 2000


@transaction.atomic
def complete_action(*, user: User, action: MinutesItem, done: bool = True) -> MinutesItem:
    """Set an action done, or open again; twice is once.

    :raises DomainError: when the item is no action (any more).
    """
    Event.objects.select_for_update().get(pk=action.event_id)
    item: MinutesItem = MinutesItem.objects.get(pk=action.pk)
    if item.kind != MinutesKind.ACTION:
        raise DomainError(_("This item is no action any more."), code="kind")
    item.state = ActionState.DONE if done else ActionState.OPEN
    item.save(update_fields=["state", "updated_at"])
    return item


def _due_for_reminder(today: date) -> Q:
    """A week before the day, on the day, and each week after it."""
    soon = Q(due_on__lte=today + REMIND_BEFORE, reminded_on=None)
    on_the_day = Q(due_on__lte=today, reminded_on__lt=F("due_on"))
    late = Q(due_on__lt=today, reminded_on__lte=today - REMIND_AGAIN)
    return soon | on_the_day | late


@transaction.atomic
def remind_of_actions() -> int:
    """Mail the managers of owner clusters what is due, one mail a person; returns how many.

    Actions nobody was told of, because the minutes are not handed out or are for the office
    alone, wait. A run that is lost is made up for by the next.
    """
    today = timezone.localdate()
    due = MinutesItem.objects.for_participants().open_actions().exclude(owner=None)
    actions = list(
        due.filter(_due_for_reminder(today))
        .select_related("event", "owner")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_on", "pk")[:_AT_ONCE]
    )
    managers = Membership.objects.active().filter(
        role=Role.MANAGER, cluster__in={action.owner_id for action in actions}, user__is_active=True
    )
    by_cluster: dict[int, list[User]] = defaultdict(list)
    for membership in managers.select_related("user"):
        by_cluster[membership.cluster_id].append(membership.user)
    by_person: dict[User, list[MinutesItem]] = defaultdict(list)
    for action in actions:
        for person in by_cluster[action.owner_id or 0]:
            by_person[person].append(action)
    for person, own in by_person.items():
        mails.actions_due(person, own, today)
    MinutesItem.objects.filter(pk__in=[action.pk for action in actions]).update(reminded_on=today)
    return len(by_person)
