"""News about an event as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from core.models import MailContent
from events.announcements import differences
from events.calendars import for_attendees, person_sequence
from events.choices import Answer, Decision
from events.mails.shared import about, prepare
from events.models import Event
from events.querysets.registration import TAKING_A_PLACE


@dataclass(frozen=True)
class Concerned:
    """Somebody who hears of changes: how to reach them, and what their calendar knows."""

    email: str
    name: str
    language: str
    revision: int
    # Who only waits has no entry in the calendar yet, unless an invitation made one.
    has_entry: bool


def people_to_tell(event: Event) -> list[Concerned]:
    """Return who takes part, waits, or was invited and has not said no; each address once."""
    people: dict[str, Concerned] = {}
    invited = event.invitations.exclude(queued_at=None).filter(is_example=False)
    for invitation in invited.exclude(answer__in=(Answer.NO, Answer.COLLEAGUE)):
        people[invitation.email.lower()] = Concerned(
            invitation.email, invitation.name, invitation.language, 0, True
        )
    registrations = event.registrations.active().filter(is_example=False).exclude(email="")
    for registration in registrations.select_related("user"):
        address = registration.email.lower()
        known = people.get(address)
        user = registration.user
        people[address] = Concerned(
            registration.email,
            registration.name or (known.name if known else ""),
            user.language if user else registration.language,
            registration.calendar_revision,
            known is not None or registration.state in TAKING_A_PLACE,
        )
    return list(people.values())


def _send(people: Iterable[Concerned], event: Event, prepared: Callable[..., MailContent]) -> int:
    """Write one mail a language and sort of entry for all; return how many people get one."""
    groups: dict[tuple[str, bool], list[Concerned]] = defaultdict(list)
    for person in people:
        groups[person.language, person.has_entry].append(person)
    for (language, has_entry), readers in sorted(groups.items()):
        mail.queue_many(
            prepared(language, has_entry),
            [
                Recipient(
                    to=reader.email,
                    to_name=reader.name,
                    values={"sequence": person_sequence(event, reader.revision)},
                )
                for reader in readers
            ],
        )
    return sum(len(readers) for readers in groups.values())


def event_cancelled(event: Event) -> int:
    """Tell whoever takes part, waits or has not said no; returns how many are told."""

    def prepared(language: str, has_entry: bool) -> MailContent:
        return prepare(event, "events/cancelled", language, MailKind.EVENT, "CANCEL")

    return _send(people_to_tell(event), event, prepared)


def event_changed(event: Event, old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """Tell the same people what was announced and what is true now; returns how many."""

    def prepared(language: str, has_entry: bool) -> MailContent:
        with override(language):
            calendar = for_attendees(event, "REQUEST") if has_entry else ""
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
