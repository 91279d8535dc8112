"""What search reads about clusters, needs and offers.

Call the matching ``refresh_…`` function after every change of a source named here; inside the
changing transaction, so that nobody finds what is no longer said.
"""

from collections.abc import Iterable

from clusters.models import Cluster, Need, Offer
from core.search import Document, Part

_CLUSTER_WORDS = """
    doc.city, doc.carrier,
    (SELECT concat_ws(' ', name_{language}, short_name_{language})
        FROM clusters_district WHERE id = doc.district_id),
    (SELECT string_agg(field.name_{language}, ' ')
        FROM clusters_innovationfield AS field
        JOIN clusters_cluster_innovation_fields AS link ON link.innovationfield_id = field.id
        WHERE link.cluster_id = doc.id),
    (SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,
            array_to_string(term.synonyms, ' ')), ' ')
        FROM clusters_term AS term
        JOIN clusters_cluster_terms AS link ON link.term_id = term.id
        WHERE link.cluster_id = doc.id)
"""
_NEED_WORDS = """
    (SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,
            array_to_string(term.synonyms, ' ')), ' ')
        FROM clusters_term AS term
        JOIN clusters_need_terms AS link ON link.term_id = term.id
        WHERE link.need_id = doc.id)
"""
_OFFER_WORDS = """
    (SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,
            array_to_string(term.synonyms, ' ')), ' ')
        FROM clusters_term AS term
        JOIN clusters_offer_terms AS link ON link.term_id = term.id
        WHERE link.offer_id = doc.id)
"""

CLUSTER = Document(
    Cluster,
    [
        Part("A", "doc.name, doc.full_name_{language}"),
        Part("B", _CLUSTER_WORDS),
        Part("C", "doc.profile_{language}"),
    ],
)
NEED = Document(
    Need, [Part("B", _NEED_WORDS), Part("C", "doc.text_{language}")], similar=("B", "C")
)
OFFER = Document(
    Offer, [Part("B", _OFFER_WORDS), Part("C", "doc.text_{language}")], similar=("B", "C")
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
