"""1:1 meetings on the pages of events."""

from typing import Any

from django import template
from django.urls import reverse

from events.models import Event, Registration
from events.querysets.registration import TAKING_A_PLACE
from matching.models import MeetingPlan
from matching.services import takes_wishes

register = template.Library()


@register.simple_tag(takes_context=True)
def meetings_tab(context: template.Context, event: Event) -> str:
    """The address of the page for staff, among the pages of an event; empty for others."""
    request = context.get("request")
    if request is None or not request.user.is_staff or event.pk is None:
        return ""
    return reverse("matching:meetings", args=[event.slug])


@register.inclusion_tag("matching/partials/_meeting_links.html")
def meeting_links(registration: Registration, token: str) -> dict[str, Any]:
    """What a registered person can do about meetings, on the page of their registration."""
    if registration.state not in TAKING_A_PLACE:
        return {}
    plan = MeetingPlan.objects.filter(event=registration.event_id).first()
    if plan is None:
        return {}
    plan.event = registration.event
    joined = plan.participants.filter(registration=registration, left_at=None).exists()
    return {
        "plan": plan,
        "token": token,
        "joined": joined,
        "is_open": takes_wishes(plan),
        "is_published": plan.published_at is not None and joined,
    }
