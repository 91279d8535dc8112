"""What pages of one event show of its plan: series, link for taking part online, notices."""

from typing import Any

from django import template
from django.core.cache import cache
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from core import versions
from events import access, dates, timetable
from events.announcements import differences, snapshot
from events.choices import ChoiceMode, EventPhase
from events.mails import people_to_tell
from events.models import Event, Registration, Session, SessionPlace
from events.templatetags.workshop_tags import my_session_ids

register = template.Library()
# Seconds a drawn programme nobody asks for again is kept.
_KEEP_DRAWN = 3600


def _places_left(event: Event, sessions: list[Session]) -> dict[int, int]:
    """Return how many places each limited session has left, in one query."""
    limited = {s.pk: s.capacity for s in sessions if s.capacity}
    if event.choice_mode != ChoiceMode.FIRST_COME or not limited:
        return {}
    places: Any = SessionPlace.objects.filter(session__in=limited)
    taken = dict(places.counting().order_by().values_list("session").annotate(Count("pk")))
    return {pk: max(capacity - taken.get(pk, 0), 0) for pk, capacity in limited.items()}


@register.simple_tag(takes_context=True)
def event_programme(context: dict[str, Any], event: Event, *, full: bool = False) -> str:
    """The programme as a timetable; ``full`` on its own page, which needs no link to itself.

    What is the same for all readers is drawn once for each version of the public data.
    """
    language = context.get("LANGUAGE_CODE")
    mine = my_session_ids(context.get("registration"))
    if mine or not _is_for_everybody(context, event):
        return _drawn_programme(context, event, mine, full=full)
    key = f"programme:{versions.current()}:{event.pk}:{language}:{full:d}:{dates.is_over(event):d}"
    drawn: str | None = cache.get(key)
    if drawn is None:
        drawn = _drawn_programme(context, event, mine, full=full)
        cache.set(key, drawn, _KEEP_DRAWN)
    return SafeString(drawn)


def _is_for_everybody(context: dict[str, Any], event: Event) -> bool:
    """Tell whether the programme shows nothing that depends on reader, hour or registrations."""
    if event.phase == EventPhase.RUNNING or event.choice_mode == ChoiceMode.FIRST_COME:
        return False
    return not (access.online_link_is_open(event) and context["request"].user.is_authenticated)


def _drawn_programme(context: dict[str, Any], event: Event, mine: set[int], *, full: bool) -> str:
    values = {**_programme(context, event, full=full), "my_sessions": mine}
    return render_to_string("events/partials/_timetable.html", values)


def _programme(context: dict[str, Any], event: Event, *, full: bool) -> dict[str, Any]:
    sessions: list[Any] = list(event.sessions.all())
    left = _places_left(event, sessions)
    running = event.phase == EventPhase.RUNNING
    days = timetable.build(sessions, timezone.now() if running else None)
    has_links = any(session.online_url for session in sessions)
    user = context["request"].user
    for session in sessions:
        session.places_left = left.get(session.pk)
    return {
        "event": event,
        "days": days,
        "several_days": len(days) > 1,
        "full": full,
        "has_day": dates.has_day(event),
        "is_over": dates.is_over(event),
        "shows_links": has_links
        and access.online_link_is_open(event)
        and access.has_place(user, event),
        "LANGUAGE_CODE": context.get("LANGUAGE_CODE"),
    }


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
