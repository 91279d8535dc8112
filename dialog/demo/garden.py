"""Plants and removes the examples."""

import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Max

from clusters.search import refresh_clusters, refresh_needs, refresh_offers
from core.imports import Import
from core.models import ImportRecord
from dialog.demo import (
    aftermath,
    calls,
    encounters,
    introductions,
    meetings,
    people,
    queue,
    showcase,
    statements,
    talk,
)
from dialog.demo.files import Plot
from events.search import refresh_search as refresh_events
from topics.search import refresh_search as refresh_topics

SOURCE = "demo"
VERSION = 1


@transaction.atomic
def plant(*, password: str, today: datetime.date, force: bool = False) -> Import:
    """Make accounts and examples; dates lie around the Monday of this week."""
    run = Import(SOURCE, version=VERSION, force=force)
    plot = Plot(run, today)
    people.plant(plot, password)
    statements.plant(plot)
    talk.plant(plot)
    meetings.plant(plot)
    encounters.plant(plot)
    aftermath.plant(plot)
    showcase.plant(plot)
    queue.plant(plot)
    introductions.plant(plot)
    calls.plant(plot)
    run.finish()
    for refresh, ids in (
        (refresh_needs, plot.written["clusters.need"]),
        (refresh_offers, plot.written["clusters.offer"]),
        (refresh_topics, plot.written["topics.topic"]),
        (refresh_events, plot.written["events.event"]),
        (refresh_clusters, plot.touched_clusters),
    ):
        # An update of no rows would still move the version of the public data.
        if ids:
            refresh(ids)
    return run


@transaction.atomic
def remove() -> int:
    """Delete every row that ``plant`` made; return how many there were."""
    records = ImportRecord.objects.filter(source=SOURCE)
    rows = []
    # What was planted last leans on what was planted before.
    kinds = records.values("kind").annotate(last=Max("pk")).order_by("-last")
    for kind in kinds.values_list("kind", flat=True):
        model = apps.get_model(kind)
        ids = records.filter(kind=kind).values_list("object_id", flat=True)
        rows.append(model._default_manager.filter(pk__in=list(ids)))
    # Counted before anything goes: some rows go with others.
    count = sum(int(some.count()) for some in rows)
    for some in rows:
        some.delete()
    records.delete()
    refresh_clusters()
    return count
