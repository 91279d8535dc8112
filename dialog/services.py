"""Verbs of the pages that belong to no single app."""

import secrets

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import mail
from core.choices import MailKind


def send_message_to_office(
    *, subject: str, message: str, name: str = "", email: str = "", page: str = ""
) -> str:
    """Mail a visitor's message to the office and return the reference it can be asked for with.

    The office answers to ``email``; without it no answer is possible, and the mail says so.
    """
    reference = secrets.token_hex(4).upper()
    mail.send(
        "dialog/contact_message",
        to=settings.CONTACT_EMAIL,
        language=settings.LANGUAGE_CODE,
        kind=MailKind.CONTACT,
        reply_to=email,
        context={
            "subject": subject,
            "message": message,
            "name": name,
            "email": email,
            "page": page,
            "reference": reference,
        },
    )
    return reference


def report_barrier(*, page: str, message: str, name: str = "", email: str = "") -> str:
    """Mail the report of a barrier to the office and return its reference."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Barrier reported")
    return send_message_to_office(
        subject=subject, message=message, name=name, email=email, page=page
    )
