"""What time does to introductions; each verb finds its own work, and beat runs them."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from matching import mails
from matching.choices import IntroductionState, SideAnswer
from matching.models import Introduction

REMIND_BEFORE: Final = timedelta(days=7)
SECOND_FOLLOW_UP: Final = timedelta(days=365)
CLOSED_AFTER: Final = timedelta(days=425)
"""After both agreed: two months after they were asked for the second time what came of it."""
FORGOTTEN_AFTER: Final = timedelta(days=365)
"""After an introduction is over its words and names go; clusters, days and outcomes stay."""
_AT_ONCE: Final = 500


@transaction.atomic
def remind_of_introductions() -> int:
    """Remind each side that has not answered, once, a week before the end; returns how many."""
    now = timezone.now()
    waiting = (
        Introduction.objects.asked()
        .filter(
            Q(partner_answer=SideAnswer.NONE) | Q(asker_answer=SideAnswer.NONE),
            expires_at__gt=now,
            expires_at__lte=now + REMIND_BEFORE,
            reminded_at=None,
        )
        .order_by("expires_at", "pk")
    )
    due = _taken(waiting)
    for introduction in due:
        for cluster in (introduction.asker, introduction.partner):
            if introduction.answer_of(cluster.pk) == SideAnswer.NONE and cluster.is_published:
                mails.introduction_asked(introduction, cluster, is_reminder=True)
    _update(due, reminded_at=now)
    return len(due)


@transaction.atomic
def end_introductions() -> int:
    """End what came to no talk: declined and unanswered at the same moment, in the same words."""
    now = timezone.now()
    due = _taken(Introduction.objects.due_to_end(now).order_by("expires_at", "pk"))
    for introduction in due:
        introduction.state = IntroductionState.ENDED
        mails.introduction_ended(introduction)
    _update(due, state=IntroductionState.ENDED, ended_at=now)
    return len(due)


@transaction.atomic
def ask_what_came() -> int:
    """Ask both sides after 3 and after 12 months what came of it; returns how many were asked."""
    now = timezone.now()
    agreed = Introduction.objects.agreed().filter(follow_up_at__lte=now)
    due = _taken(agreed.order_by("follow_up_at", "pk"))
    for introduction in due:
        mails.outcome_asked(introduction)
        introduction.follow_ups += 1
        introduction.follow_up_at = _next_follow_up(introduction, now)
    Introduction.objects.bulk_update(due, ["follow_ups", "follow_up_at"])
    return len(due)


def _next_follow_up(introduction: Introduction, now: datetime) -> datetime | None:
    if introduction.follow_ups > 1 or introduction.agreed_at is None:
        return None
    return max(introduction.agreed_at + SECOND_FOLLOW_UP, now + timedelta(days=30))


@transaction.atomic
def close_introductions() -> int:
    """Close what was asked about twice; outcomes can still be added."""
    now = timezone.now()
    old = Introduction.objects.agreed().filter(agreed_at__lte=now - CLOSED_AFTER, follow_up_at=None)
    return int(old.update(state=IntroductionState.CLOSED, ended_at=now))


@transaction.atomic
def forget_introductions() -> int:
    """Delete messages, notes, answers and names a year after the end; returns how many rows."""
    now = timezone.now()
    due = _taken(
        Introduction.objects.over()
        .filter(ended_at__lte=now - FORGOTTEN_AFTER, forgotten_at=None)
        .order_by("ended_at", "pk")
    )
    _update(
        due,
        message="",
        reply="",
        grounds={},
        text_de="",
        text_en="",
        asked_by=None,
        asker_person=None,
        partner_person=None,
        asker_answer="",
        partner_answer="",
        asker_answered_at=None,
        partner_answered_at=None,
        forgotten_at=now,
    )
    for introduction in due:
        introduction.appointments.all().delete()
        introduction.outcomes.update(note="", recorded_by=None)
    return len(due)


def _taken(rows: Any) -> list[Introduction]:
    """Lock a batch of rows; those another worker has are its own."""
    locked = rows.select_for_update(of=("self",), skip_locked=True)
    return list(locked.select_related("asker", "partner")[:_AT_ONCE])


def _update(rows: list[Introduction], **values: Any) -> None:
    Introduction.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
