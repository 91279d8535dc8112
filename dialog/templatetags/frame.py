"""What the components of ``templates/components/`` compute."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet
from django.forms import BoundField, CheckboxInput, Select, SelectMultiple, Textarea
from django.template import Context
from django.urls import ResolverMatch
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Membership

register = template.Library()

_OPEN_VIEWS = {
    "clusters": {
        "cluster-list",
        "cluster-detail",
        "cluster-contact",
        "cluster-contact-sent",
        "application-create",
        "application-sent",
        "application-edit",
    },
    "events": {
        "event-list",
        "event-detail",
        "event-register",
        "event-unregister",
        "answer",
        "answer-thanks",
        "minutes-read",
        "minutes-link",
        "survey",
    },
    "matching": {"method"},
}
"""The pages for visitors, by namespace; the others of these namespaces belong to "My area"."""

_SIDE_ENTRIES = {
    "events:manage-event-list": {"events:event-create"},
    "events:figures-overview": {"events:retention-list"},
    "dialog:moderation": {"clusters:application-review", "clusters:change-review"},
    "matching:my-suggestions": {"matching:suggestion-list"},
    "matching:office": {
        "matching:exposure",
        "matching:matrix",
        "matching:pair-explain",
        "matching:round-compare",
        "matching:round-list",
        "matching:untried",
        "matching:weights",
        "matching:weights-draft",
        "matching:weights-draft-publish",
        "matching:weights-restore",
    },
    "matching:my-introductions": {
        "matching:introduction-detail",
        "matching:introduction-dates",
        "matching:introduction-withdraw",
    },
    "matching:my-calls": {
        "matching:call-create",
        "matching:call-delete",
        "matching:call-detail",
        "matching:call-edit",
    },
    "matching:introduction-list": {
        "matching:introduction-office",
        "matching:introduction-mail",
        "matching:introduction-propose",
        "matching:introduction-funnel",
    },
}
"""Pages behind an entry of the side navigation, by the page the entry leads to.

Those of one event need no line: see ``side_entry``."""


@register.filter
def elided(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers around ``page`` and at both ends, with … between them."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def control(field: BoundField) -> str:
    """The look of a field: ``check``, ``group``, ``select``, ``textarea``, ``file``, ``input``."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if widget.use_fieldset:
        return "group"
    if isinstance(widget, SelectMultiple):
        return "textarea"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "file" if getattr(widget, "input_type", "") == "file" else "input"


class Source(NamedTuple):
    """Where a fact comes from, in words; ``url`` is empty where there is no page to open."""

    label: str
    url: str


def read_source(marker: str) -> Source:
    """Turn one source marker of the data into words.

    Markers are ``seed:<file>``, an address, ``cluster:<date accepted>``, ``memory``, ``derived`` or
    ``derived:<marker>``;
    anything else is a text somebody wrote and stands as it is.
    """
    kind, __, rest = marker.partition(":")
    if kind in {"http", "https"}:
        return Source(urlsplit(marker).hostname or marker, marker)
    if kind == "seed":
        return Source(_("documents of the initiative"), "")
    if kind == "cluster":
        return Source(_("the cluster's own word"), "")
    if marker == "own wording":
        return Source(_("summary by the editors"), "")
    if kind == "memory":
        return Source(_("general knowledge, not verified"), "")
    if kind == "derived" and rest:
        origin = read_source(rest)
        return Source(_("derived from: %(origin)s") % {"origin": origin.label}, origin.url)
    if kind == "derived":
        return Source(_("own classification"), "")
    return Source(marker, "")


@register.filter
def read_sources(markers: str | Iterable[str] | None) -> list[Source]:
    """Turn one marker or several into words, each once, in their order."""
    if not markers:
        return []
    found = [markers] if isinstance(markers, str) else markers
    return list(dict.fromkeys(read_source(marker) for marker in found))


@register.simple_tag
def demo_people() -> QuerySet[User]:
    """The made-up people of a demonstrator, staff first; nobody elsewhere."""
    if not settings.DEMO:
        return User.objects.none()
    active = Membership.objects.active().select_related("cluster")
    return (
        User.objects.filter(is_demo=True, is_active=True)
        .prefetch_related(Prefetch("memberships", active, to_attr="active_memberships"))
        .order_by("-is_staff", "email")
    )


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def breadcrumb(context: Context, *parts: str) -> dict[Any, Any]:
    """``{% breadcrumb label url label url here %}``: the way to this page, which comes last."""
    steps = [*parts, ""] if len(parts) % 2 else list(parts)
    return {**context.flatten(), "crumbs": list(zip(steps[::2], steps[1::2], strict=True))}


@register.filter
def is_account_page(match: ResolverMatch | None) -> bool:
    """Whether the page belongs to the person's own account."""
    if match is None:
        return False
    own = (match.url_name or "").startswith(("account_", "mfa_", "usersessions_"))
    return own or match.namespace == "accounts" or match.view_name == "matching:notifications"


@register.filter
def main_entry(match: ResolverMatch | None) -> str:
    """The entry of the main navigation a page belongs to: a namespace, or ``inside``."""
    if not match:
        return ""
    if match.view_name == "dialog:moderation" or is_account_page(match):
        return "inside"
    visitors = _OPEN_VIEWS.get(match.namespace)
    return match.namespace if visitors is None or match.url_name in visitors else "inside"


@register.filter
def side_entry(match: ResolverMatch | None) -> str:
    """The entry of the side navigation a page lies behind; empty where it lies behind none."""
    if match is None:
        return ""
    listed = (entry for entry, views in _SIDE_ENTRIES.items() if match.view_name in views)
    # Every page of one event has the event in its address.
    is_of_event = match.namespace == "events" and "slug" in match.kwargs
    return next(listed, "events:manage-event-list" if is_of_event else "")
