"""Verbs about invitations: invite, write the mails, send failed ones again."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import mail
from core.errors import DomainError
from core.models import OutgoingMail
from events import mails
from events.audience import Audience, Resolved, resolve
from events.choices import EventStatus
from events.dates import is_over
from events.models import Event, Invitation
from events.portions import portions
from events.services.pausing import paused_while_writing
from events.services.writing import ROWS_AT_ONCE, Contents, write_portions, write_rows


def check_invitable(event: Event) -> None:
    """:raises DomainError: when nobody can be invited to ``event`` now."""
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(
            _("Please publish the event first: the invitation leads to its page."),
            code="wrong_state",
        )
    if is_over(event):
        raise DomainError(_("This event is over."), code="over")


@transaction.atomic
def invite(
    *, user: User, event: Event, audience: Audience, expected: int | None = None
) -> Resolved:
    """Invite everybody of ``audience`` who is not invited yet; the mails are written by a task.

    The same audience twice invites nobody twice, also when two people confirm at once: the
    event's row is locked, and an address is invited to an event once (see the model).

    :raises DomainError: when the event is not published or over, or when not exactly ``expected``
        people would be invited.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    check_invitable(event)
    resolved = resolve(event, audience)
    count = len(resolved.recipients)
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
    for some in portions(resolved.recipients, ROWS_AT_ONCE):
        Invitation.objects.bulk_create(
            Invitation(
                event=event,
                email=recipient.email,
                name=recipient.name,
                language=recipient.language,
                user_id=recipient.user_id,
                cluster_id=recipient.cluster_id,
                invited_by=user,
            )
            for recipient in some
        )
    return resolved


def write_mails(*, event_id: int) -> int:
    """Write the mails of all invitations that have none yet; returns how many were written."""
    return write_portions(partial(_write_portion, event_id))


@transaction.atomic
def _write_portion(event_id: int, contents: Contents) -> int:
    # Nobody is invited to what was cancelled meanwhile.
    waiting = Invitation.objects.unmailed().filter(
        event=event_id, event__status=EventStatus.PUBLISHED
    )
    waiting = waiting.select_related("cluster").order_by("pk")
    waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    rows = list(waiting[:ROWS_AT_ONCE])
    if not rows:
        return 0
    paused = paused_while_writing(event_id)
    event = Event.objects.get(pk=event_id)
    for row in rows:
        row.event = event
    return write_rows(
        rows,
        contents,
        render=partial(mails.invitation_content, event),
        queue=partial(mails.invited, paused=paused),
    )


@transaction.atomic
def send_failed_again(
    *, user: User, event: Event, invitations: Collection[int] | None = None
) -> int:
    """Queue the invitations again that could not be delivered; returns how many.

    ``invitations`` are the numbers of those meant, otherwise all are.

    :raises DomainError: when the event is not published or over.
    """
    check_invitable(event)
    mails = OutgoingMail.objects.filter(invitation__event=event)
    if invitations is not None:
        mails = mails.filter(invitation__in=invitations)
    number = mail.send_again(mails)
    if paused_while_writing(event.pk):
        mail.pause(OutgoingMail.objects.filter(invitation__event=event))
    return number
