"""What pages of one event show of its plan: series, link for taking part online, notices."""

from typing import Any

from django import template

from events import access
from events.announcements import differences, snapshot
from events.mails import people_to_tell
from events.models import Event, Registration

register = template.Library()


@register.inclusion_tag("events/partials/_series.html", takes_context=True)
def event_series(context: dict[str, Any], event: Event, limit: int = 12) -> dict[str, Any]:
    """The other events of an event's series, as far as the reader may see them."""
    if event.series_id is None:
        return {}
    visible: Any = Event.objects.visible_to(context["request"].user).filter(series=event.series_id)
    others = visible.exclude(pk=event.pk).order_by("starts_at", "pk")[:limit]
    return {"series": event.series, "others": others, "event": event}


@register.inclusion_tag("events/partials/_online.html", takes_context=True)
def online_link(
    context: dict[str, Any], event: Event, registration: Registration | None = None
) -> dict[str, Any]:
    """The link for those who take part, or from when on it is shown; nothing for others.

    Without ``registration`` the signed-in reader is asked about.
    """
    has_link = bool(event.online_url) or any(s.online_url for s in event.sessions.all())
    who = registration or context["request"].user
    return {
        "event": event,
        "has_link": has_link,
        "takes_part": has_link and access.has_place(who, event),
        "is_open": access.online_link_is_open(event),
        "opens": access.online_link_from(event),
    }


@register.inclusion_tag("events/partials/_change_notice.html", takes_context=True)
def change_notice(context: dict[str, Any], event: Event) -> dict[str, Any]:
    """For staff: who will be told of which changes, and when."""
    if event.change_notice_due_at is None or not context["request"].user.is_staff:
        return {}
    stored = Event.objects.get(pk=event.pk)
    now = snapshot(stored, stored.sessions.all())
    return {
        "event": stored,
        "due_at": stored.change_notice_due_at,
        "people": len(people_to_tell(stored)),
        "differences": differences(stored, stored.announced, now),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }
