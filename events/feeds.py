"""The Atom feed of events."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.dates import when
from events.models import Event

_NEWEST = 50


class EventNews(Feed):  # type: ignore[type-arg]
    """The events announced last, in the active language."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Events of Cluster-Dialog.NRW")

    def subtitle(self) -> str:
        return _("Meetings of the innovation clusters of North Rhine-Westphalia")

    def link(self) -> str:
        return reverse("events:event-list")

    def feed_url(self) -> str:
        return f"{settings.BASE_URL}{reverse('event-news')}?language={get_language()}"

    def items(self) -> list[Event]:
        return list(Event.objects.published().order_by("-created_at", "-pk")[:_NEWEST])

    def item_title(self, item: Any) -> str:
        return f"{when(item)}: {item.title}"

    def item_description(self, item: Event) -> str:
        return item.summary

    def item_link(self, item: Event) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: Event) -> str:
        return f"urn:uuid:{item.uid}"

    def item_pubdate(self, item: Event) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Event) -> datetime:
        return item.updated_at
