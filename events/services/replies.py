"""What follows from the mails in our mailbox."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.mail import mailbox
from core.mail.inbound import InboundMail, NotUnderstoodError
from core.mail.reports import take_automatic_answer, take_report
from core.mail.tags import asks_for_proof, is_proved
from core.models import InboundNote
from events.calendar_replies import CalendarReply, read_reply
from events.choices import Answer, AnswerSource
from events.models import Event, Invitation
from events.querysets.registration import GONE
from events.services import registrations
from events.services.answers import answer_invitation


def read_mailbox(*, most: int = mailbox.MOST_AT_ONCE, again: bool = False) -> mailbox.Reading:
    """Read new mails: bounces, answers of calendar programs, holiday notices; note the others.

    :raises MailboxError: when the mailbox cannot be read.
    """
    handlers = (take_report, take_calendar_reply, take_automatic_answer)
    return mailbox.read(handlers, most=most, again=again)


def take_calendar_reply(mail: InboundMail) -> str | None:
    """Store the answer a calendar program brings; None when the mail brings none.

    An answer changes nothing but the one invitation or registration of its attendee, and nothing
    is sent back to whoever wrote the mail.

    :raises NotUnderstoodError: when staff has to look at it.
    """
    reply = read_reply(mail)
    if reply is None:
        return None
    found = Event.objects.select_for_update()
    event = found.filter(uid=reply.uid).first() if reply.uid else None
    if event is None:
        raise NotUnderstoodError(_("The answer is about an event the portal does not know."))
    _check_sender(mail, reply)
    if reply.answer is None:
        raise NotUnderstoodError(
            _("The calendar of %(address)s says %(answer)s, which is neither yes, no nor maybe.")
            % {"address": reply.attendee, "answer": reply.partstat or "-"}
        )
    if reply.answer == Answer.YES and _is_for_another_day(reply, event):
        raise NotUnderstoodError(
            _("%(address)s accepted a date the event no longer has.") % {"address": reply.attendee}
        )
    try:
        return _take(event, reply, reply.answer, _given_at(mail, reply))
    except DomainError as error:
        raise NotUnderstoodError(f"{reply.attendee}: {error.message}") from error


def _check_sender(mail: InboundMail, reply: CalendarReply) -> None:
    """Believe who can prove it; where no proof is asked for, the sender must be the attendee."""
    if asks_for_proof():
        reached = mail.addresses("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
        if not is_proved(reply.attendee, [reply.organiser, *reached]):
            raise NotUnderstoodError(
                _("The answer for %(address)s does not carry the sign of their invitation.")
                % {"address": reply.attendee}
            )
    elif mail.sender not in (reply.attendee, reply.sent_by):
        raise NotUnderstoodError(
            _("The answer for %(address)s comes from %(sender)s.")
            % {"address": reply.attendee, "sender": mail.sender or "-"}
        )


def _is_for_another_day(reply: CalendarReply, event: Event) -> bool:
    if isinstance(reply.starts, datetime):
        return reply.starts != event.starts_at.replace(second=0, microsecond=0)
    return reply.starts is not None and reply.starts != timezone.localdate(event.starts_at)


def _given_at(mail: InboundMail, reply: CalendarReply) -> datetime:
    """Return when the answer was given: as the program says, but not later than it reached us."""
    return min(reply.stamp or mail.received_at, mail.received_at, timezone.now())


def _take(event: Event, reply: CalendarReply, answer: Answer, at: datetime) -> str:
    invitation: Invitation | None = event.invitations.filter(email__iexact=reply.attendee).first()
    if invitation is None:
        return _take_from_registered(event, reply.attendee, answer, at)
    if _is_older(at, invitation):
        return "older answer"
    answer_invitation(invitation=invitation, answer=answer, source=AnswerSource.CALENDAR, at=at)
    return "answer"


def _is_older(at: datetime, invitation: Invitation) -> bool:
    """Tell whether something else was answered after ``at``: the later word counts (RFC 5546)."""
    last = invitation.answer_stamp
    return last is not None and at < last


def _take_from_registered(event: Event, address: str, answer: Answer, at: datetime) -> str:
    """Take the answer of somebody who registered without having been invited.

    They have said yes already; "no" gives their place back.
    """
    registration = registrations.find(event, address)
    if registration is None or registration.state in GONE:
        raise NotUnderstoodError(
            _("%(address)s is not invited to “%(event)s”.")
            % {"address": address, "event": event.title}
        )
    if answer == Answer.NO and at >= registration.created_at.replace(microsecond=0):
        registrations.withdraw(registration=registration, source=AnswerSource.CALENDAR)
    elif answer != Answer.YES:
        raise NotUnderstoodError(
            _("%(address)s is registered and now says: %(answer)s.")
            % {"address": address, "answer": answer.label}
        )
    return "answer"


def set_note_done(*, user: User, note: InboundNote, is_done: bool) -> None:
    """Note that staff has dealt with a mail, or take that back."""
    note.done_at = timezone.now() if is_done else None
    note.save(update_fields=["done_at"])
