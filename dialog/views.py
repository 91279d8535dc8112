"""Pages that mix apps."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clusters.choices import ClusterStatus
from clusters.models import Cluster, District, InnovationField
from clusters.nrw.files import read
from events.models import Event
from topics.models import Topic

CLUSTERS = 6
EVENTS = 4
TOPICS = 5
_MAP_STEPS = 3


@dataclass(frozen=True)
class Region:
    """A district on the map: outline, place of its label, clusters in it and shade (0 to 3)."""

    district: District
    path: str
    x: int
    y: int
    count: int
    step: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the portal is and show what is new."""
    published: Any = Cluster.objects.published()
    events: Any = Event.objects.published()
    topics: Any = Topic.objects.published()
    newest = published.order_by("-published_at", "-pk").select_related("district")
    upcoming = list(events.upcoming().with_card_data()[:EVENTS])
    context = {
        "clusters": newest.prefetch_related("innovation_fields")[:CLUSTERS],
        "events": upcoming or list(events.past().with_card_data()[:EVENTS]),
        "has_upcoming": bool(upcoming),
        "topics": topics.in_order().with_card_data(request.user)[:TOPICS],
        "fields": InnovationField.objects.annotate(number_of_clusters=_published()),
        "regions": _regions(),
        "cluster_count": published.count(),
        "topic_count": topics.count(),
    }
    return render(request, "dialog/home.html", context)


def _published() -> Count:
    return Count("clusters", filter=Q(clusters__status=ClusterStatus.PUBLISHED))


def _regions() -> list[Region]:
    """The districts as the map draws them, with the number of published clusters in each."""
    outlines = read("map")["districts"]
    districts = [
        district
        for district in District.objects.annotate(number_of_clusters=_published())
        if district.code in outlines
    ]
    most = max((district.number_of_clusters for district in districts), default=0) or 1
    return [
        Region(
            district,
            outlines[district.code]["path"],
            round(outlines[district.code]["x"]),
            round(outlines[district.code]["y"]),
            district.number_of_clusters,
            round(_MAP_STEPS * district.number_of_clusters / most),
        )
        for district in districts
    ]
