"""Mails from programs: reports of deliveries, and holiday notices."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from core.mail.bounces import record_bounce
from core.mail.dsn import answered_mail, read_report
from core.mail.inbound import InboundMail, NotUnderstoodError
from core.models import OutgoingMail


def take_report(mail: InboundMail) -> str | None:
    """Note that a mail of ours came back; reports of success or delay need nothing.

    The address is always the one *we* had written to: a report cannot speak of another one.

    :raises NotUnderstoodError: when the report is about a mail the portal does not know.
    """
    report = read_report(mail)
    if report is None:
        return None
    if not report.is_failure:
        return "report"
    sent = None
    if report.message_id is not None and report.domain == _our_domain():
        sent = OutgoingMail.objects.filter(pk=report.message_id).first()
    if sent is None:
        raise NotUnderstoodError(_("A mail came back that the portal does not know (any more)."))
    record_bounce(address=sent.to, status=report.status, reason=report.reason, mail=sent)
    return "bounce"


def _our_domain() -> str:
    """Return what ends the Message-ID of all our mails."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def take_automatic_answer(mail: InboundMail) -> str | None:
    """Recognise holiday notices and other automatic answers; nothing follows from them."""
    submitted = mail.header("Auto-Submitted").lower()
    is_answer = (
        submitted.startswith("auto-replied")
        or mail.header("X-Autoreply").lower() in ("yes", "true")
        or bool(mail.header("X-Autorespond"))
        or mail.header("Precedence").lower() == "auto_reply"
    )
    # Other programs' mails are for people, unless they answer one of ours.
    if is_answer or (submitted.startswith("auto-") and answered_mail(mail)):
        return "automatic answer"
    return None
