"""Minutes, documents and actions on pages of others."""

from typing import Any

from django import template
from django.utils import timezone

from events.choices import MinutesKind, QuestionStage
from events.dates import survey_is_open
from events.models import Event, MinutesItem, Registration, SessionDocument
from events.querysets.registration import TAKING_A_PLACE
from events.tokens import make_registration_token
from topics.models import Topic

register = template.Library()
_LISTED = 50


def _user(context: dict[str, Any]) -> Any:
    return context["request"].user


@register.inclusion_tag("events/partials/_topic_minutes.html", takes_context=True)
def topic_minutes(context: dict[str, Any], topic: Topic, limit: int = 10) -> dict[str, Any]:
    """The latest decisions and actions on a topic the reader may see, from published minutes."""
    shown: Any = MinutesItem.objects.visible_to(_user(context)).published().with_row_data()
    items = shown.filter(topic=topic).exclude(kind=MinutesKind.NOTE)
    return {"items": items.select_related("event", "owner").order_by("-event__starts_at")[:limit]}


@register.simple_tag(takes_context=True)
def event_documents(context: dict[str, Any], event: Event) -> list[SessionDocument]:
    """The documents of an event the reader may see, those of the whole event first."""
    shown: Any = SessionDocument.objects.visible_to(_user(context)).filter(event=event)
    rows: list[SessionDocument] = list(shown.select_related("session"))
    return sorted(rows, key=lambda row: (row.session.position + 1 if row.session else 0, row.title))


@register.simple_tag(takes_context=True)
def minutes_readable(context: dict[str, Any], event: Event) -> bool:
    """Whether the reader finds published minutes of an event."""
    if event.minutes_published_at is None:
        return False
    shown: Any = MinutesItem.objects.visible_to(_user(context)).filter(event=event)
    return bool(shown.exists())


@register.inclusion_tag("events/partials/_my_actions.html", takes_context=True)
def my_actions(context: dict[str, Any]) -> dict[str, Any]:
    """Open actions of the clusters the reader manages, the most urgent first."""
    actions: Any = MinutesItem.objects.actions_of(_user(context)).open_actions()
    rows = actions.select_related("event", "owner").order_by("due_on", "pk")[:_LISTED]
    return {"actions": rows, "today": timezone.localdate(), "request": context["request"]}


@register.inclusion_tag("events/partials/_after_links.html")
def after_links(registration: Registration) -> dict[str, Any]:
    """What waits for somebody who took part: the minutes, the survey while it is open."""
    event = registration.event
    takes_part = registration.state in TAKING_A_PLACE
    minutes: Any = event.minutes.for_participants()
    asked = event.questions.filter(stage=QuestionStage.SURVEY)
    published = takes_part and event.minutes_published_at is not None
    return {
        "has_minutes": published and minutes.exists(),
        "has_survey": takes_part and survey_is_open(event) and asked.exists(),
        "token": make_registration_token(registration.pk),
    }
