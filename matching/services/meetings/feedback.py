"""How a meeting was, told by one of its two people."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from matching.models import Meeting, MeetingFeedback, MeetingParticipant


@transaction.atomic
def save_feedback(
    *,
    participant: MeetingParticipant,
    meeting: Meeting,
    took_place: bool,
    useful: int | None,
    follow_up: bool | None,
    note: str,
) -> MeetingFeedback:
    """Store what one side says; a later answer replaces the earlier one.

    A meeting that did not take place is neither useful nor followed up.

    :raises DomainError: before the meeting, or when it is not the person's.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if participant.pk not in (meeting.first_id, meeting.second_id):
        raise DomainError(_("This is not one of your meetings."), code="not_yours")
    if meeting.told_start is None or meeting.told_start > timezone.now():
        raise DomainError(_("This meeting has not begun yet."), code="early")
    values: dict[str, Any] = {
        "took_place": took_place,
        "useful": useful if took_place else None,
        "follow_up": follow_up if took_place else None,
        "note": note,
    }
    found, __ = MeetingFeedback.objects.update_or_create(
        meeting=meeting, participant=participant, defaults=values
    )
    return found
