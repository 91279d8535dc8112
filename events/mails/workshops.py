"""Who is in which room."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind, MailPriority
from core.mail import Recipient
from core.models import MailContent
from events.calendars import person_sequence
from events.mails.shared import about, participant_calendar
from events.models import Event, Registration
from events.tokens import registration_url
from events.workshops.words import rooms_text

if TYPE_CHECKING:
    from events.workshops import Offer


def rooms_assigned(
    event: Event, offer: "Offer", sessions: Mapping[int, set[int]], *, moved: Collection[int]
) -> int:
    """Tell people (registration ids) their workshops, with a calendar entry that names them.

    ``moved``: those who had other rooms before. Returns how many mails were written.
    """
    groups: defaultdict[tuple[str, bool], list[Registration]] = defaultdict(list)
    people = Registration.objects.filter(pk__in=sessions, is_example=False).exclude(email="")
    for person in people.order_by("pk"):
        groups[person.language, person.pk in moved].append(person)
    for (language, is_change), persons in sorted(groups.items()):
        content = _content(event, language, is_change)
        with override(language):
            recipients = [_recipient(one, event, offer, sessions, language) for one in persons]
        mail.queue_many(content, recipients, priority=MailPriority.NORMAL)
    return sum(len(persons) for persons in groups.values())


def _content(event: Event, language: str, is_change: bool) -> MailContent:
    with override(language):
        calendar = participant_calendar(
            event, "REQUEST", programme="%%rooms%%", hub="%%registration_url%%"
        )
        return mail.prepare(
            "events/rooms",
            language=language,
            kind=MailKind.REGISTRATION,
            context={**about(event), "is_change": is_change},
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method="REQUEST" if calendar else "",
        )


def _recipient(
    person: Registration,
    event: Event,
    offer: "Offer",
    sessions: Mapping[int, set[int]],
    language: str,
) -> Recipient:
    return Recipient(
        to=person.email,
        to_name=person.name,
        values={
            "rooms": rooms_text(offer, sessions[person.pk]),
            "registration_url": registration_url(person.pk, language),
            "sequence": person_sequence(event, person.calendar_revision),
        },
    )
