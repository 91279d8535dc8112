"""Mails about 1:1 meetings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from core import mail
from core.choices import MailKind, MailPriority
from core.mail import Recipient
from core.models import MailContent
from events.dates import moment
from events.mails.shared import about
from events.models import Registration
from matching.meetings.calendars import for_mails, stamp, where
from matching.meetings.tokens import meeting_url
from matching.meetings.words import line
from matching.models import Meeting, MeetingParticipant, MeetingPlan

Place = tuple[datetime, datetime, int]


def _facts(plan: MeetingPlan) -> dict[str, Any]:
    """Return what every mail about meetings says of them, in the active language."""
    return {
        **about(plan.event),
        "plan": plan,
        "begins": moment(plan.starts_at),
        "ends": date_format(localtime(plan.end_of(plan.slots - 1)), "H:i"),
        "until": moment(plan.wishes_until) if plan.wishes_until else "",
        "tables_at": where(plan),
    }


def _ask(plan: MeetingPlan, people: Iterable[Registration], name: str, page: str) -> int:
    groups: defaultdict[str, list[Registration]] = defaultdict(list)
    for person in people:
        groups[person.language].append(person)
    told = 0
    for language, persons in sorted(groups.items()):
        with override(language):
            content = mail.prepare(
                name,
                language=language,
                kind=MailKind.EVENT,
                context=_facts(plan),
                reply_to=settings.CONTACT_EMAIL,
            )
        recipients = [
            Recipient(one.email, one.name, {"meetings_url": meeting_url(page, one.pk, language)})
            for one in persons
        ]
        told += len(mail.queue_many(content, recipients, priority=MailPriority.NORMAL))
    return told


def meeting_wishes_asked(plan: MeetingPlan, people: Iterable[Registration]) -> int:
    """Tell participants of the event that they may have 1:1 meetings; returns how many mails."""
    return _ask(plan, people, "matching/meeting_wishes", "meeting-wishes")


def meeting_feedback_asked(plan: MeetingPlan, people: Iterable[Registration]) -> int:
    """Ask people who had meetings how they were; returns how many mails."""
    return _ask(plan, people, "matching/meeting_feedback", "meeting-timetable")


def meetings_published(
    plan: MeetingPlan,
    places: Mapping[int, Mapping[int, Place]],
    meetings: Mapping[int, Meeting],
    *,
    moved: Collection[int],
    cancelled: Collection[int],
    event_is_off: bool = False,
) -> int:
    """Tell people (participant ids) all meetings they have now, with one calendar entry each.

    ``places`` by person and meeting; ``moved`` knew other ones before, ``cancelled`` have none
    left, perhaps because the event does not take place. Whoever has none and knew of none is told
    so, without an entry. Returns how many mails.
    """
    people = {one.pk: one for one in MeetingParticipant.objects.filter(plan=plan).with_person()}
    groups: defaultdict[tuple[str, str], list[MeetingParticipant]] = defaultdict(list)
    for pk in sorted(places):
        person = people[pk]
        if not person.registration.email or person.registration.is_example:
            continue
        sort = "cancelled" if pk in cancelled else "moved" if pk in moved else "first"
        sort = sort if places[pk] or pk in cancelled else "none"
        groups[person.registration.language, sort].append(person)
    for (language, sort), persons in sorted(groups.items()):
        with override(language):
            content = _content(plan, language, sort, event_is_off)
            recipients = [
                _recipient(plan, one, places[one.pk], meetings, people, language) for one in persons
            ]
        mail.queue_many(content, recipients, priority=MailPriority.NORMAL)
    return sum(len(persons) for persons in groups.values())


def _content(plan: MeetingPlan, language: str, sort: str, event_is_off: bool) -> MailContent:
    method = {"cancelled": "CANCEL", "none": ""}.get(sort, "REQUEST")
    return mail.prepare(
        "matching/meetings",
        language=language,
        kind=MailKind.REGISTRATION,
        context={**_facts(plan), "sort": sort, "event_is_off": event_is_off},
        reply_to=settings.CONTACT_EMAIL,
        calendar=for_mails(plan, method) if method else "",
        calendar_method=method,
    )


def _recipient(
    plan: MeetingPlan,
    person: MeetingParticipant,
    places: Mapping[int, Place],
    meetings: Mapping[int, Meeting],
    people: Mapping[int, MeetingParticipant],
    language: str,
) -> Recipient:
    lines = []
    for pk, (start, end, table) in sorted(places.items(), key=lambda item: item[1]):
        one = meetings[pk]
        partner = one.second_id if one.first_id == person.pk else one.first_id
        lines.append(line(start, end, table, people[partner]))
    # A cancelled entry needs a time, too; where it was before does not matter to programs.
    begin = min((place[0] for place in places.values()), default=plan.starts_at)
    end = max((place[1] for place in places.values()), default=plan.end_of(plan.slots - 1))
    return Recipient(
        to=person.registration.email,
        to_name=person.registration.name,
        values={
            "meetings": "\n".join(lines),
            "meetings_url": meeting_url("meeting-timetable", person.registration_id, language),
            "uid": str(person.uid),
            # The row was counted up in the same transaction.
            "sequence": str(person.sequence),
            "start": stamp(begin),
            "end": stamp(end),
        },
    )
