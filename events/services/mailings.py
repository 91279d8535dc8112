"""Verbs about mailings: plan one, begin it when it is due, write its mails, call it off."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import mail
from core.errors import DomainError
from core.models import MailContent, OutgoingMail
from events import mails, segments
from events.choices import EventStatus, MailOccasion
from events.dates import is_over, over_at
from events.mails.letters import KINDS
from events.models import Event, Mailing, MailingMail
from events.portions import portions
from events.segments import Chosen, Segment
from events.services.pausing import paused_while_writing
from events.services.writing import ROWS_AT_ONCE, Contents, write_portions, write_rows


def check_mailable(event: Event, occasion: str, moment: datetime) -> None:
    """:raises DomainError: when a mailing of this occasion makes no sense at ``moment``."""
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(_("Mailings go to people of published events only."), code="wrong_state")
    if occasion == MailOccasion.AFTER:
        if moment < over_at(event):
            raise DomainError(
                _("Please choose a moment after the end of the event."),
                field="scheduled_at",
                code="too_early",
            )
    elif is_over(event):
        raise DomainError(_("This event is over."), code="over")
    elif moment >= over_at(event):
        raise DomainError(
            _("Please choose a moment before the end of the event."),
            field="scheduled_at",
            code="too_late",
        )


def preview_mailing(event: Event, occasion: str, segment: Segment) -> Chosen:
    """Work out who a mailing would go to now; changes nothing."""
    return segments.resolve(event, occasion, segment, KINDS[MailOccasion(occasion)])


@transaction.atomic
def plan_mailing(
    *,
    user: User,
    event: Event,
    occasion: str,
    segment: Segment,
    scheduled_at: datetime | None = None,
    expected: int | None = None,
) -> Mailing:
    """Plan a mailing, for now or a later moment; a task begins it.

    Its recipients are worked out when it begins, so who answers until then gets no reminder.

    :raises DomainError: when the moment makes no sense, nobody is meant, or not exactly
        ``expected`` people are.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    now = timezone.now()
    moment = max(scheduled_at or now, now)
    check_mailable(event, occasion, moment)
    count = len(preview_mailing(event, occasion, segment).members)
    if expected is not None and expected != count:
        raise DomainError(
            ngettext(
                "Nothing was sent: it is %(count)d person by now. Please look again and confirm.",
                "Nothing was sent: it is %(count)d people by now. Please look again and confirm.",
                count,
            )
            % {"count": count},
            code="changed",
        )
    if not count and moment == now:
        raise DomainError(_("Nobody is in this group at present."), code="nobody")
    planned: Mailing = Mailing.objects.create(
        event=event,
        occasion=occasion,
        segment=segment.as_choice(),
        scheduled_at=moment,
        author=user,
    )
    return planned


@transaction.atomic
def call_off_mailing(*, user: User, mailing: Mailing) -> None:
    """Forget a mailing that has not begun.

    :raises DomainError: when it has.
    """
    mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if mailing.started_at is not None:
        raise DomainError(
            _("This mailing has begun. You can pause the mails of the event."), code="started"
        )
    mailing.delete()


@transaction.atomic
def begin_mailing(*, mailing_id: int) -> int:
    """Work out the recipients of a mailing that is due; returns how many. Twice is no mistake.

    A mailing whose event is not published or over by then goes to nobody; thanks for an event
    that was moved to a later day wait for its end.
    """
    mailing = (
        Mailing.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .filter(pk=mailing_id, started_at=None, scheduled_at__lte=timezone.now())
        .first()
    )
    if mailing is None:
        return 0
    event, is_after = mailing.event, mailing.occasion == MailOccasion.AFTER
    if is_after and event.status == EventStatus.PUBLISHED and not is_over(event):
        return 0
    mailing.started_at = timezone.now()
    mailing.save(update_fields=["started_at", "updated_at"])
    if event.status != EventStatus.PUBLISHED or (is_over(event) and not is_after):
        return 0
    chosen = preview_mailing(event, mailing.occasion, Segment.from_choice(mailing.segment))
    for some in portions(chosen.members, ROWS_AT_ONCE):
        MailingMail.objects.bulk_create(
            MailingMail(
                mailing=mailing,
                invitation_id=member.invitation_id,
                registration_id=member.registration_id,
                email=member.email,
                name=member.name,
                language=member.language,
            )
            for member in some
        )
    return len(chosen.members)


def write_mailing(*, mailing_id: int) -> int:
    """Write the mails of a mailing that has begun; returns how many were written."""
    return write_portions(partial(_write_portion, mailing_id))


@transaction.atomic
def _write_portion(mailing_id: int, contents: Contents) -> int:
    own = MailingMail.objects.unwritten().filter(mailing=mailing_id)
    # They answered or withdrew after the recipients were worked out.
    MailingMail.objects.filter(pk__in=own.overtaken().values("pk")).delete()
    waiting = own.order_by("pk")
    waiting = waiting.select_related("invitation__cluster", "registration__cluster")
    rows = list(waiting.select_for_update(skip_locked=True, of=("self",))[:ROWS_AT_ONCE])
    if not rows:
        return 0
    mailing = Mailing.objects.select_related("event").get(pk=mailing_id)
    paused = paused_while_writing(mailing.event_id)

    def queue(content: MailContent, some: list[MailingMail]) -> Iterable[OutgoingMail]:
        readers = [_reader(row) for row in some]
        return mails.written(content, mailing.event, readers, paused=paused)

    render = partial(mails.letter_content, mailing.event, mailing.occasion)
    return write_rows(rows, contents, render=render, queue=queue)


def _reader(row: MailingMail) -> mails.Reader:
    owner = row.registration or row.invitation
    cluster = owner.cluster if owner else None
    return mails.Reader(
        row.email,
        row.name,
        cluster.name if cluster else "",
        invitation_id=row.invitation_id,
        registration_id=row.registration_id,
    )


def send_due_mailings() -> int:
    """Begin what is due and write what waits; returns how many mails were written.

    Beat asks for it, so mailings whose task was lost with its broker go out, too.
    """
    due = Mailing.objects.filter(started_at=None, scheduled_at__lte=timezone.now())
    for mailing_id in due.order_by("scheduled_at").values_list("pk", flat=True):
        begin_mailing(mailing_id=mailing_id)
    waiting = MailingMail.objects.unwritten().order_by("mailing")
    ids = list(waiting.values_list("mailing", flat=True).distinct())
    return sum(write_mailing(mailing_id=mailing_id) for mailing_id in ids)


@transaction.atomic
def send_mailing_again(*, user: User, mailing: Mailing) -> int:
    """Queue the mails of a mailing again that could not be delivered; returns how many."""
    number = mail.send_again(OutgoingMail.objects.filter(mailing_mail__mailing=mailing))
    if paused_while_writing(mailing.event_id):
        mail.pause(OutgoingMail.objects.filter(mailing_mail__mailing=mailing))
    return number
