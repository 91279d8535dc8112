"""What our mail is measured against: Django's ``send_mail`` in one Celery task a mail.

Kept as quick as that way can be: the content is rendered and read once a process, tasks are
acknowledged early, and nothing is recorded anywhere.
"""

from functools import cache

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail

from core.models import MailContent


@cache
def _content(pk: int) -> MailContent:
    return MailContent.objects.get(pk=pk)


@shared_task(acks_late=False)
def send_one(content_id: int, to: str, values: dict[str, str]) -> None:
    """Send one mail the plain way."""
    content = _content(content_id)
    subject, text, html = content.subject, content.text, content.html
    for name, value in values.items():
        subject = subject.replace(f"%%{name}%%", value)
        text = text.replace(f"%%{name}%%", value)
        html = html.replace(f"%%{name}%%", value)
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [to], html_message=html)
