"""Background work of the events app: ids in, one verb called."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.mail.mailbox import MailboxError
from events import services
from events.choices import AssignmentState, EventStatus
from events.models import Assignment, Invitation

logger = logging.getLogger(__name__)


@shared_task
def send_invitations(event_id: int) -> None:
    """Write the mails of an event's new invitations."""
    services.write_mails(event_id=event_id)


@shared_task
def send_waiting_invitations() -> None:
    """Find invitations whose task was lost with its broker; run by beat."""
    waiting = Invitation.objects.unmailed().filter(event__status=EventStatus.PUBLISHED)
    events = waiting.order_by("event_id").values_list("event_id", flat=True).distinct()
    for event_id in events:
        services.write_mails(event_id=event_id)


@shared_task
def run_mailing(mailing_id: int) -> None:
    """Begin a mailing that is due and write its mails."""
    services.begin_mailing(mailing_id=mailing_id)
    services.write_mailing(mailing_id=mailing_id)


@shared_task
def run_due_mailings() -> None:
    """Run mailings whose moment has come, and those left half written; run by beat."""
    services.send_due_mailings()


@shared_task
def read_mailbox() -> None:
    """Read our mailbox, where one is set; run by beat."""
    if not settings.IMAP_URL:
        return
    try:
        services.read_mailbox()
    except MailboxError as error:
        logger.warning("The mailbox could not be read: %s", error)


@shared_task
def expire_offers() -> None:
    """End offers nobody took and pass the places on; run by beat."""
    services.expire_offers()


@shared_task
def calculate_assignment(assignment_id: int) -> None:
    """Calculate a draft of workshops that takes longer than a page should."""
    services.calculate_asked(assignment_id=assignment_id)


@shared_task
def calculate_waiting_assignments() -> None:
    """Find drafts whose task was lost with its broker; run by beat."""
    waiting = Assignment.objects.filter(
        state=AssignmentState.DRAFT,
        figures__has_key="calculating",
        updated_at__lt=timezone.now() - timedelta(minutes=2),
    )
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        services.calculate_asked(assignment_id=pk)


@shared_task
def remind_of_actions() -> None:
    """Remind clusters of what they have taken on; run by beat each morning."""
    services.remind_of_actions()


@shared_task
def send_due_change_notices() -> None:
    """Tell people of changed times and places once the window for changes is over; by beat."""
    services.send_due_change_notices()


@shared_task
def remove_personal_data() -> None:
    """Empty what has been kept long enough; run by beat each night, before old mails go."""
    services.note_deliveries()
    services.remove_personal_data()
