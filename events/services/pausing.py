"""Verbs that hold back the mails of an event to many, and let them go on."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import mail
from core.choices import MailState
from core.errors import DomainError
from core.models import OutgoingMail
from core.querysets import OutgoingMailQuerySet
from events.choices import EventStatus
from events.models import Event, MailingMail

# The first half of the advisory lock's key, the second is the event's number.
_LOCK_SPACE = 0x45564E54


def paused_while_writing(event_id: int) -> bool:
    """Tell, inside a transaction that writes mails, whether they have to wait.

    Until it ends nobody pauses or resumes: otherwise mails written at the same moment would be
    missed. Writers do not keep each other, nor anybody who locks the event's row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK_SPACE, event_id])
    return Event.objects.filter(pk=event_id, invitations_paused_at__isnull=False).exists()


def _mails_of(event: Event) -> tuple[OutgoingMailQuerySet, OutgoingMailQuerySet]:
    return (
        OutgoingMail.objects.filter(invitation__event=event),
        OutgoingMail.objects.filter(mailing_mail__mailing__event=event),
    )


def _alone(event: Event) -> Event:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, event.pk])
    return Event.objects.select_for_update().get(pk=event.pk)


@transaction.atomic
def pause_mails(*, user: User, event: Event) -> int:
    """Hold back invitations and mailings of ``event``; returns how many mails wait now.

    Mails that are under way at this moment, at most a batch a worker, still go out. What is
    invited later waits as well. Twice is no mistake.
    """
    event = _alone(event)
    event.invitations_paused_at = event.invitations_paused_at or timezone.now()
    event.save(update_fields=["invitations_paused_at"])
    return sum(mail.pause(mails) for mails in _mails_of(event))


@transaction.atomic
def resume_mails(*, user: User, event: Event) -> int:
    """Let the mails of ``event`` go on; returns how many. Twice is no mistake.

    Reminders to those who have answered meanwhile, and the like, are not sent any more.

    :raises DomainError: when the event is not published any more.
    """
    event = _alone(event)
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(
            _("The event is not published: its mails stay where they are."), code="wrong_state"
        )
    waiting = MailingMail.objects.filter(mailing__event=event, mail__state=MailState.PAUSED)
    late = list(waiting.overtaken().values_list("mail", flat=True))
    MailingMail.objects.filter(mail__in=late).delete()
    OutgoingMail.objects.filter(pk__in=late, state=MailState.PAUSED).delete()
    event.invitations_paused_at = None
    event.save(update_fields=["invitations_paused_at"])
    return sum(mail.resume(mails) for mails in _mails_of(event))
