"""Mails in staff's own words: invitations, reminders, before and after an event."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from core import mail
from core.choices import MailKind, MailPriority
from core.mail import Recipient
from core.models import MailContent, OutgoingMail
from events.calendars import page_address, person_sequence
from events.choices import MailOccasion, QuestionStage
from events.dates import survey_is_open
from events.mail_texts import Words, personal_values, render, words_for
from events.mails.shared import about
from events.models import Event, MailingMail
from events.tokens import answer_url, registration_url, survey_url

_ASKS = (MailOccasion.INVITATION, MailOccasion.REMINDER)


def kind_of(occasion: str) -> MailKind:
    """Return what people opt out of when they refuse mails of this occasion."""
    return MailKind.INVITATION if occasion in _ASKS else MailKind.EVENT


def own_content(
    event: Event, occasion: str, language: str, words: Words, *, calendar: str = ""
) -> MailContent:
    """Render a mail in ``words`` once for all who read ``language``."""
    with override(language):
        context: dict[str, Any] = {**about(event), **render(event, words, language)}
        name = "events/own_invitation"
        if occasion not in _ASKS:
            name = "events/own_news"
            asks = occasion == MailOccasion.AFTER and has_survey(event)
            context["link_label"] = _("To the survey") if asks else _("My registration")
        return mail.prepare(
            name,
            language=language,
            kind=kind_of(occasion),
            context=context,
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method="REQUEST" if calendar else "",
        )


def has_survey(event: Event) -> bool:
    """Tell whether the event asks something afterwards."""
    return event.questions.filter(stage=QuestionStage.SURVEY).exists()


def mailing_content(event: Event, occasion: str, language: str) -> MailContent:
    """Render the mail of a mailing to readers of ``language``."""
    return own_content(event, occasion, language, words_for(event, occasion, language))


def mailed(
    event: Event,
    occasion: str,
    content: MailContent,
    rows: Sequence[MailingMail],  # with_cluster()
    *,
    paused: bool,
) -> list[OutgoingMail]:
    """Write the mail of each recipient, with the links only they get."""
    asks = occasion == MailOccasion.AFTER and survey_is_open(event) and has_survey(event)
    with override(content.language):
        page = page_address(event)
    return mail.queue_many(
        content,
        [
            Recipient(
                to=row.email,
                to_name=row.name,
                values=_links(row, occasion, content.language, page, asks=asks),
            )
            for row in rows
        ],
        paused=paused,
    )


def _links(row: Any, occasion: str, language: str, page: str, *, asks: bool) -> dict[str, str]:
    values = personal_values(row.name, row.cluster_name)
    if occasion in _ASKS:
        link = answer_url(row.invitation_id, language) if row.invitation_id else page
        return {**values, "answer_url": link}
    if row.registration_id is None:
        return {**values, "link_url": page}
    address = survey_url if asks else registration_url
    return {**values, "link_url": address(row.registration_id, language)}


def sample_mail(
    event: Event, occasion: str, language: str, user: User, cluster: str
) -> Iterable[OutgoingMail]:
    """Send one mail as others would get it to ``user``; its links lead to the event's page."""
    content = mailing_content(event, occasion, language)
    with override(language):
        page = page_address(event)
    links = {"answer_url": page} if occasion in _ASKS else {"link_url": page}
    values = {**personal_values(user.name, cluster), **links, "sequence": person_sequence(event)}
    recipient = Recipient(to=user.email, to_name=user.name, values=values)
    return mail.queue_many(content, [recipient], priority=MailPriority.NORMAL)
