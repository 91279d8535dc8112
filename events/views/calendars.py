"""Calendar files and feeds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition, require_safe

from core.http import public_etag
from events import access, calendars
from events.feeds import EventNews
from events.filters import EventFilter
from events.models import Event

_PAST_SHOWN = timedelta(days=366)


def _language(request: HttpRequest) -> str:
    """Return the language asked for; calendar programs have no path with a language."""
    return "en" if request.GET.get("language") == "en" else "de"


def _etag(request: HttpRequest, **kwargs: Any) -> str:
    return f'{public_etag()[:-1]}-{_language(request)}"'


def calendar_file(content: bytes, name: str) -> HttpResponse:
    """Return a calendar file under a name programs may save it as."""
    disposition = content_disposition_header(True, f"{name}.ics")
    return HttpResponse(
        content,
        content_type=calendars.CONTENT_TYPE,
        headers={"Content-Disposition": disposition or "attachment"},
    )


@require_safe
@condition(etag_func=_etag)
def event_feed(request: HttpRequest) -> HttpResponse:
    """Return a calendar to subscribe to; the filters of the list of events narrow it."""
    public: Any = Event.objects.published().dated()
    recent = public.filter(starts_at__gte=timezone.now() - _PAST_SHOWN)
    found = EventFilter(request.GET, queryset=recent, request=request).qs
    with translation.override(_language(request)):
        response = calendar_file(calendars.for_feed(found.with_calendar_data()), "events")
    patch_cache_control(response, public=True, max_age=600)
    return response


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    event = access.get_event_for_calendar(request.user, slug)
    with translation.override(_language(request)):
        return calendar_file(calendars.for_event(event), event.slug)


@require_safe
def session_calendar(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    session, event = access.get_session_for_calendar(request.user, slug, code)
    with translation.override(_language(request)):
        return calendar_file(calendars.for_session(session, event), f"{event.slug}-{session.code}")


@require_safe
@condition(etag_func=_etag)
def event_news(request: HttpRequest) -> HttpResponse:
    """Return the newest events as an Atom feed."""
    feed: Callable[[HttpRequest], HttpResponse] = EventNews()
    with translation.override(_language(request)):
        return feed(request)
