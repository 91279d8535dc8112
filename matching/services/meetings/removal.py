"""The end of what is known of people who met: figures stay, rows go."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Q

from core.models import MailContent, OutgoingMail
from events.models import Event
from matching.models import MeetingFeedback, MeetingPlan


def feedback_figures(plan: MeetingPlan) -> dict[str, Any]:
    """Return what both sides said, in numbers: answers, held, useful (mean), followed up."""
    told = MeetingFeedback.objects.filter(meeting__plan=plan)
    figures: dict[str, Any] = told.aggregate(
        answers=Count("pk"),
        held=Count("pk", filter=Q(took_place=True)),
        useful=Avg("useful"),
        follow_up=Count("pk", filter=Q(follow_up=True)),
    )
    return figures


@transaction.atomic
def remove_meetings(*, event: Event) -> dict[str, int]:
    """Delete participants, wishes, meetings and feedback of an event, and the mails about them.

    Numbers stay on the plan. Returns how many rows of each kind went; a second time does no harm.
    """
    counts: Counter[str] = Counter()
    # Everyone's meetings stand in the mails of others as well.
    contents = MailContent.objects.filter(
        name__startswith="matching/meeting", text__contains=f"/events/{event.slug}/"
    )
    counts["meeting_mails"] = OutgoingMail.objects.filter(content__in=contents).delete()[0]
    contents.delete()
    plan = MeetingPlan.objects.select_for_update(of=("self",)).filter(event=event).first()
    if plan is None:
        return +counts
    figures = feedback_figures(plan)
    if figures["answers"]:
        plan.figures["feedback"] = figures
    people = plan.participants.count()
    if people:
        plan.figures["participants"] = people
        plan.figures["held"] = plan.meetings.announced().count()
    counts["meeting_participants"] = people
    counts["meetings"] = plan.meetings.count()
    plan.solvings.all().delete()
    plan.participants.all().delete()
    plan.save(update_fields=["figures", "updated_at"])
    return +counts
