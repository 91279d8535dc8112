"""Mails to many in staff's own words: invitations, reminders, before and after an event."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind, MailPriority
from core.mail import Queued, Recipient
from core.models import MailContent
from events.calendars import for_attendees, page_address, person_sequence
from events.choices import MailOccasion
from events.letters import Text, compose, text_for
from events.mails.shared import about
from events.models import Event
from events.tokens import answer_url, registration_url, survey_url

_HOLE = re.compile(r"%%([a-z_]+)%%")
# Who wants no invitations gets no reminder of one either.
KINDS = {
    MailOccasion.INVITATION: MailKind.INVITATION,
    MailOccasion.REMINDER: MailKind.INVITATION,
    MailOccasion.BEFORE: MailKind.EVENT,
    MailOccasion.AFTER: MailKind.EVENT,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a letter goes to, and what its links belong to."""

    email: str
    name: str = ""
    cluster: str = ""
    invitation_id: int | None = None
    registration_id: int | None = None


def letter_content(
    event: Event, occasion: str, language: str, text: Text | None = None
) -> MailContent:
    """Render what is sent on an occasion once for all who read ``language``.

    ``text`` takes the place of what is stored. Only invitations carry a calendar entry.
    """
    letter = compose(event, occasion, text or text_for(event, occasion, language), language)
    method = "REQUEST" if occasion == MailOccasion.INVITATION else ""
    with override(language):
        calendar = for_attendees(event, method) if method else ""
        return mail.prepare(
            f"events/{occasion}",
            language=language,
            kind=KINDS[MailOccasion(occasion)],
            context={**about(event), "letter": letter},
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method=method if calendar else "",
        )


def written(
    content: MailContent,
    event: Event,
    readers: Iterable[Reader],
    *,
    paused: bool = False,
    priority: int = MailPriority.BULK,
) -> Queued:
    """Write the mail of each reader, with the links only this reader gets."""
    whole = f"{content.subject} {content.text} {content.html} {content.calendar}"
    personal = _Values(event, content.language, frozenset(_HOLE.findall(whole)))
    return mail.queue_many(
        content,
        [Recipient(to=r.email, to_name=r.name, values=personal.of(r)) for r in readers],
        paused=paused,
        priority=priority,
    )


class _Values:
    """What differs between readers, as far as a mail says it."""

    def __init__(self, event: Event, language: str, holes: frozenset[str]) -> None:
        self._language, self._holes = language, holes
        self._sequence = person_sequence(event)
        with override(language):
            self._page = page_address(event)

    def of(self, reader: Reader) -> dict[str, str]:
        """Return the values of one reader; a link without owner leads to the event's page."""
        values = {}
        if "sequence" in self._holes:
            values["sequence"] = self._sequence
        if "cluster" in self._holes:
            values["cluster"] = reader.cluster
        if "answer_url" in self._holes:
            values["answer_url"] = self._link(answer_url, reader.invitation_id)
        if "registration_url" in self._holes:
            values["registration_url"] = self._link(registration_url, reader.registration_id)
        if "survey_url" in self._holes:
            values["survey_url"] = self._link(survey_url, reader.registration_id)
        return values

    def _link(self, address: Callable[[int, str], str], owner: int | None) -> str:
        return self._page if owner is None else address(owner, self._language)


def values_for(event: Event, reader: Reader, language: str) -> dict[str, str]:
    """Return everything that differs between readers, for a preview."""
    names = {"answer_url", "cluster", "registration_url", "survey_url", "sequence"}
    return {
        **_Values(event, language, frozenset(names)).of(reader),
        "to": reader.email,
        "to_name": reader.name or reader.email,
    }
