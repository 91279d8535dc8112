"""Verbs about mails to a segment of an event's people, now or on a day."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.models import MailContent
from events import mails
from events.choices import Answer, EventStatus, MailOccasion
from events.dates import is_over
from events.models import Event, Mailing, MailingMail
from events.portions import portions
from events.segments import OFFERED, Segment, addressees
from events.services.pausing import paused_while_writing

_ROWS_AT_ONCE = 1000
_LATEST = timedelta(days=400)


def check_mailable(event: Event, occasion: str) -> None:
    """:raises DomainError: when nobody can be written to on this occasion now."""
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(_("Only a published event writes to its people."), code="wrong_state")
    if occasion == MailOccasion.AFTER and event.starts_at > timezone.now():
        raise DomainError(_("The event has not begun yet."), code="too_early")
    if occasion != MailOccasion.AFTER and is_over(event):
        raise DomainError(_("This event is over."), code="over")


def count_addressees(event: Event, segment: Segment) -> int:
    """Return how many addresses the segment has at present."""
    return sum(1 for _person in addressees(event, segment))


@transaction.atomic
def plan_mailing(
    *, user: User, event: Event, occasion: str, segment: Segment, at: datetime | None = None
) -> Mailing:
    """Plan a mail to everybody of ``segment``, at once or at a later moment.

    Who that is is worked out when it starts: who answers in between is not reminded.

    :raises DomainError: when the event cannot write now, nobody is meant, or the moment is past.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    now = timezone.now()
    if at is None:
        check_mailable(event, occasion)
    elif event.status != EventStatus.PUBLISHED:
        raise DomainError(_("Only a published event writes to its people."), code="wrong_state")
    elif not now < at < now + _LATEST:
        raise DomainError(
            _("Please choose a moment that is still to come, within a year."), field="at"
        )
    elif occasion != MailOccasion.AFTER and at >= event.starts_at:
        raise DomainError(_("The event will have begun by then."), field="at")
    if not set(segment.who) <= set(OFFERED[occasion]) or not segment.who:
        raise DomainError(_("Please choose who is to get the mail."), field="who")
    if at is None and not count_addressees(event, segment):
        raise DomainError(_("Nobody is in this group at present."), field="who", code="nobody")
    mailing: Mailing = Mailing.objects.create(
        event=event,
        occasion=occasion,
        segment=segment.as_dict(),
        scheduled_at=at or now,
        author=user,
    )
    return mailing


@transaction.atomic
def cancel_mailing(*, user: User, mailing: Mailing) -> None:
    """Take a planned mailing back.

    :raises DomainError: when it has begun.
    """
    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if locked.started_at is not None:
        raise DomainError(_("This mailing has begun already."), code="wrong_state")
    locked.delete()


def run_mailing(*, mailing_id: int) -> int:
    """Start a due mailing and write its mails; returns how many were written. Twice is once."""
    _start(mailing_id)
    written = 0
    contents: dict[str, MailContent] = {}
    while portion := _write_portion(mailing_id, contents):
        written += portion
    return written


def run_due_mailings() -> int:
    """Run what is due or was left half written; returns how many mails were written."""
    now = timezone.now()
    due = Mailing.objects.filter(started_at=None, scheduled_at__lte=now).values_list(
        "pk", flat=True
    )
    left = MailingMail.objects.unwritten().values_list("mailing", flat=True)
    mailings = sorted({*due, *left.order_by("mailing").distinct()})
    return sum(run_mailing(mailing_id=mailing) for mailing in mailings)


@transaction.atomic
def _start(mailing_id: int) -> None:
    """Write down who gets the mailing, all at once, so that nobody gets it twice."""
    mailing = (
        Mailing.objects.select_for_update(skip_locked=True)
        .filter(pk=mailing_id, started_at=None, scheduled_at__lte=timezone.now())
        .first()
    )
    if mailing is None:
        return
    mailing.started_at = timezone.now()
    mailing.save(update_fields=["started_at", "updated_at"])
    try:
        check_mailable(mailing.event, mailing.occasion)
    except DomainError:
        # Cancelled or over by now: it counts as begun and writes to nobody.
        return
    people = addressees(mailing.event, Segment.from_dict(mailing.segment))
    for some in portions(people, _ROWS_AT_ONCE):
        MailingMail.objects.bulk_create(
            MailingMail(
                mailing=mailing,
                email=person.email,
                name=person.name,
                language=person.language,
                invitation_id=person.invitation_id,
                registration_id=person.registration_id,
            )
            for person in some
        )


@transaction.atomic
def _write_portion(mailing_id: int, contents: dict[str, MailContent]) -> int:
    waiting = MailingMail.objects.unwritten().filter(mailing=mailing_id).order_by("pk")
    keys = list(
        waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_ROWS_AT_ONCE]
    )
    if not keys:
        return 0
    mailing = Mailing.objects.select_related("event").get(pk=mailing_id)
    paused = paused_while_writing(mailing.event_id)
    event, occasion = mailing.event, mailing.occasion
    by_language: dict[str, list[MailingMail]] = defaultdict(list)
    chosen = MailingMail.objects.filter(pk__in=keys).with_cluster().select_related("invitation")
    rows = list(chosen.order_by("pk"))
    now = timezone.now()
    for row in rows:
        row.queued_at = now
        if not _has_answered(row, occasion):
            by_language[row.language].append(row)
    for language, some in by_language.items():
        if language not in contents:
            contents[language] = mails.mailing_content(event, occasion, language)
        sent = mails.mailed(event, occasion, contents[language], some, paused=paused)
        queued = {mail.to.lower(): mail for mail in sent}
        for row in some:
            row.mail = queued.get(row.email.lower())
    MailingMail.objects.bulk_update(rows, ["mail", "queued_at"], batch_size=_ROWS_AT_ONCE)
    return len(rows)


def _has_answered(row: MailingMail, occasion: str) -> bool:
    """Tell whether a reminder is no longer needed: the answer came after it had begun."""
    if occasion != MailOccasion.REMINDER or row.invitation is None:
        return False
    return row.invitation.answer not in ("", Answer.MAYBE)
