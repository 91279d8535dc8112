"""Events on the pages of other apps, and how templates speak of dates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from events import calendars, dates
from events.models import Event, Session
from topics.models import Topic

register = template.Library()

# The pages of one event, in the order of the work: from the plan to the figures.
_STAFF_TABS = (
    ("event-edit", _("Plan")),
    ("question-list", _("Questions")),
    ("invitation-list", _("Invitations")),
    ("mail-text-list", _("Texts")),
    ("mailing-list", _("Reminders")),
    ("registration-list", _("Registrations")),
    ("expectation-list", _("Expectations")),
    ("assignment", _("Workshops")),
    ("check-in", _("Check-in")),
    ("participant-list", _("Participants")),
    ("minutes", _("Minutes")),
    ("document-list", _("Documents")),
    ("survey-results", _("Survey")),
    ("event-figures", _("Figures")),
)


@dataclass(frozen=True)
class Tab:
    """One page of an event and its address."""

    name: str
    label: Any
    url: str


@register.simple_tag(takes_context=True)
def event_tabs(context: dict[str, Any]) -> list[Tab]:
    """The pages of ``event`` for staff; nobody else has more than one of them."""
    request, event = context.get("request"), context["event"]
    if request is None or not request.user.is_staff or event.pk is None:
        return []
    return [
        Tab(name, label, reverse(f"events:{name}", args=[event.slug]))
        for name, label in _STAFF_TABS
    ]


@register.filter
def event_when(event: Event) -> str:
    """When the event takes place, as exactly as it is known."""
    return dates.when(event)


@register.filter
def event_moment(at: datetime) -> str:
    """Day and time in words."""
    return dates.moment(at) if at else ""


@register.filter
def event_machine_date(event: Event) -> str:
    return dates.machine_date(event)


@register.filter
def event_date_note(event: Event) -> str:
    return dates.precision_note(event)


@register.filter
def event_place(event: Event) -> str:
    """Venue and city in one line."""
    return calendars.place(event)


@register.filter
def session_time(session: Session) -> str:
    """When a part of the programme takes place; empty when it is not known."""
    return dates.session_time(session)


@register.inclusion_tag("events/partials/_cluster_events.html")
def cluster_events(cluster: Cluster, limit: int = 5) -> dict[str, Any]:
    """The next and, failing those, the latest public events a cluster takes part in."""
    public: Any = Event.objects.published().filter(clusters=cluster)
    upcoming = list(public.upcoming().with_card_data()[:limit])
    past = list(public.past().with_card_data()[: limit - len(upcoming)])
    return {"upcoming": upcoming, "past": past, "cluster": cluster}


@register.inclusion_tag("events/partials/_next_events.html")
def next_events(limit: int = 3) -> dict[str, Any]:
    """The next public events; the latest past ones when none is planned."""
    public: Any = Event.objects.published()
    upcoming = list(public.upcoming().with_card_data()[:limit])
    past = [] if upcoming else list(public.past().with_card_data()[:limit])
    return {"upcoming": upcoming, "past": past}


@register.inclusion_tag("events/partials/_topic_events.html")
def topic_events(topic: Topic, limit: int = 5) -> dict[str, Any]:
    """The next public events on a topic, then the latest past ones."""
    public: Any = Event.objects.published().filter(topics=topic)
    upcoming = list(public.upcoming().with_card_data()[:limit])
    past = list(public.past().with_card_data()[:limit])
    return {"upcoming": upcoming, "past": past[: limit - len(upcoming)], "topic": topic}
