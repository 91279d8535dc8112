"""What search reads about clusters, needs and offers.

Call the matching ``refresh_…`` function after every change of a source named here; inside the
changing transaction, so that nobody finds what is no longer said.
"""

from collections.abc import Iterable

from clusters.models import Cluster, Need, Offer
from core.search import Document, Part


def _terms(table: str, column: str, language: str) -> str:
    """Labels and synonyms of the terms a row is linked to through ``table``."""
    return (
        "(SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,"
        " array_to_string(term.synonyms, ' ')), ' ') FROM clusters_term AS term"
        " JOIN {table} AS link ON link.term_id = term.id WHERE link.{column} = doc.id)"
    ).format(table=table, column=column, language=language)


def _cluster_texts(language: str) -> str:
    return (
        "doc.city, doc.carrier,"
        " (SELECT concat_ws(' ', name_{language}, short_name_{language})"
        "   FROM clusters_district WHERE id = doc.district_id),"
        " (SELECT string_agg(field.name_{language}, ' ') FROM clusters_innovationfield AS field"
        "   JOIN clusters_cluster_innovation_fields AS link ON link.innovationfield_id = field.id"
        "   WHERE link.cluster_id = doc.id), "
    ).format(language=language) + _terms("clusters_cluster_terms", "cluster_id", language)


CLUSTER = Document(
    Cluster,
    [
        Part("A", "doc.name, doc.full_name_de", "doc.name, doc.full_name_en"),
        Part("B", _cluster_texts("de"), _cluster_texts("en")),
        Part("C", "doc.profile_de", "doc.profile_en"),
    ],
)
NEED = Document(
    Need,
    [
        Part(
            "B",
            _terms("clusters_need_terms", "need_id", "de"),
            _terms("clusters_need_terms", "need_id", "en"),
        ),
        Part("C", "doc.text_de", "doc.text_en"),
    ],
    similar=("B", "C"),
)
OFFER = Document(
    Offer,
    [
        Part(
            "B",
            _terms("clusters_offer_terms", "offer_id", "de"),
            _terms("clusters_offer_terms", "offer_id", "en"),
        ),
        Part("C", "doc.text_de", "doc.text_en"),
    ],
    similar=("B", "C"),
)


def refresh_clusters(ids: Iterable[int] | None = None) -> int:
    """Make the clusters ``ids`` (all when None) findable by what they say now."""
    return CLUSTER.refresh(ids)


def refresh_needs(ids: Iterable[int] | None = None) -> int:
    """Make the needs ``ids`` (all when None) findable by what they say now."""
    return NEED.refresh(ids)


def refresh_offers(ids: Iterable[int] | None = None) -> int:
    """Make the offers ``ids`` (all when None) findable by what they say now."""
    return OFFER.refresh(ids)


def refresh_search(ids: Iterable[int] | None = None) -> None:
    """Refresh the clusters ``ids`` together with all their needs and offers."""
    if ids is None:
        refresh_clusters()
        refresh_needs()
        refresh_offers()
        return
    clusters = list(ids)
    refresh_clusters(clusters)
    refresh_needs(Need.objects.filter(cluster__in=clusters).values_list("pk", flat=True))
    refresh_offers(Offer.objects.filter(cluster__in=clusters).values_list("pk", flat=True))
