"""Clusters between which there is something to suggest."""

from typing import Any

from clusters.choices import TermKind
from clusters.models import Cluster, Term
from matching.models import Suggestion
from tests.factories import make_cluster, make_field, make_need, make_offer, make_term


def make_sensing() -> Term:
    return make_term(TermKind.TECHNOLOGY, code="sensing", label_de="Sensorik", label_en="Sensing")


def make_asking(term: Term, **fields: Any) -> Cluster:
    """A cluster in a field of its own that needs what ``make_answering`` offers."""
    cluster = make_cluster(innovation_fields=[make_field()], **fields)
    make_need(
        cluster,
        text_de="Gesucht wird Sensorik für Getriebe.",
        text_en="Looking for sensing in gear boxes.",
        terms=[term],
    )
    return cluster


def make_answering(term: Term, **fields: Any) -> Cluster:
    cluster = make_cluster(innovation_fields=[make_field()], **fields)
    make_offer(
        cluster,
        text_de="Wir bauen Sensorik für Getriebe.",
        text_en="We build sensing for gear boxes.",
        terms=[term],
    )
    return cluster


def stored(audience: str) -> list[tuple[Any, ...]]:
    """Everything the newest round says to an audience."""
    rows = Suggestion.objects.current().filter(audience=audience).order_by("cluster", "rank")
    columns = ("cluster", "partner", "rank", "score", "parts", "reasons", "counter_reasons")
    return list(rows.values_list(*columns))
