"""News about an event as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from core.models import MailContent
from events.announcements import differences
from events.calendars import for_attendees, person_sequence
from events.choices import Answer, Decision
from events.mails.shared import about, participant_calendar, prepare, programme_lines
from events.models import Event, Registration, SessionPlace
from events.querysets.registration import TAKING_A_PLACE
from events.tokens import registration_url


@dataclass(frozen=True)
class Concerned:
    """Somebody who hears of changes: how to reach them, and what their calendar knows."""

    email: str
    name: str
    language: str
    revision: int
    # Who only waits has no entry in the calendar yet, unless an invitation made one.
    has_entry: bool
    # Of those who take part: their entry names their own sessions and is not asked anew.
    participant: Registration | None = None


def people_to_tell(event: Event) -> list[Concerned]:
    """Return who takes part, waits, or was invited and has not said no; each address once."""
    people: dict[str, Concerned] = {}
    invited = event.invitations.exclude(queued_at=None).filter(is_example=False)
    for invitation in invited.exclude(answer__in=(Answer.NO, Answer.COLLEAGUE)):
        people[invitation.email.lower()] = Concerned(
            invitation.email, invitation.name, invitation.language, 0, True
        )
    registrations = event.registrations.active().filter(is_example=False).exclude(email="")
    held = Prefetch("places", SessionPlace.objects.held().select_related("session"))
    for registration in registrations.select_related("user").prefetch_related(held):
        address = registration.email.lower()
        known = people.get(address)
        user = registration.user
        people[address] = Concerned(
            registration.email,
            registration.name or (known.name if known else ""),
            user.language if user else registration.language,
            registration.calendar_revision,
            known is not None or registration.state in TAKING_A_PLACE,
            registration if registration.state in TAKING_A_PLACE else None,
        )
    return list(people.values())


def _send(people: Iterable[Concerned], event: Event, prepared: Callable[..., MailContent]) -> int:
    """Write one mail a language and sort of entry for all; return how many people get one."""
    groups: dict[tuple[str, bool, bool], list[Concerned]] = defaultdict(list)
    for person in people:
        groups[person.language, person.has_entry, person.participant is not None].append(person)
    for (language, has_entry, takes_part), readers in sorted(groups.items()):
        with override(language):
            recipients = [_recipient(reader, event) for reader in readers]
        mail.queue_many(prepared(language, has_entry, takes_part), recipients)
    return sum(len(readers) for readers in groups.values())


def _recipient(reader: Concerned, event: Event) -> Recipient:
    values = {"sequence": person_sequence(event, reader.revision)}
    if reader.participant is not None:
        hub = registration_url(reader.participant.pk, reader.language)
        own = programme_lines(place.session for place in reader.participant.places.all())
        link = _("Your registration: %(link)s") % {"link": hub}
        values |= {"hub_url": hub, "programme": "\n".join(filter(None, (own, link)))}
    return Recipient(to=reader.email, to_name=reader.name, values=values)


def event_cancelled(event: Event) -> int:
    """Tell whoever takes part, waits or has not said no; returns how many are told."""

    def prepared(language: str, has_entry: bool, takes_part: bool) -> MailContent:
        return prepare(event, "events/cancelled", language, MailKind.EVENT, "CANCEL")

    return _send(people_to_tell(event), event, prepared)


def event_changed(event: Event, old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """Tell the same people what was announced and what is true now; returns how many."""

    def prepared(language: str, has_entry: bool, takes_part: bool) -> MailContent:
        with override(language):
            calendar = ""
            if takes_part:
                calendar = participant_calendar(
                    event, "REQUEST", programme="%%programme%%", hub="%%hub_url%%"
                )
            elif has_entry:
                calendar = for_attendees(event, "REQUEST")
            return mail.prepare(
                "events/changed",
                language=language,
                kind=MailKind.EVENT,
                context={**about(event), "differences": differences(event, old, new)},
                reply_to=settings.CONTACT_EMAIL,
                calendar=calendar,
                calendar_method="REQUEST" if calendar else "",
            )

    return _send(people_to_tell(event), event, prepared)


def event_decided(event: Event, decision: Decision, reason: str) -> None:
    """Tell the author of a proposal what staff decided and why."""
    if event.author is None:
        return
    with override(event.author.language):
        mail.send(
            "events/decided",
            to=event.author.email,
            to_name=event.author.name,
            language=event.author.language,
            kind=MailKind.REVIEW,
            reply_to=settings.CONTACT_EMAIL,
            context={**about(event), "decision": decision.value, "reason": reason},
        )
