"""What a cluster's own people may be told about a pair: never what they may not read by now."""

from dataclasses import replace

from django.db.models import Q

from clusters.models import Cluster, Need, Offer, Project
from clusters.querysets import StatementQuerySet
from matching.choices import Audience, EffectState
from matching.models import PairInquiry
from matching.office.pair_page import PairPage, pair_page
from matching.querysets import LEVELS
from topics.models import Endorsement


def open_inquiry(cluster: Cluster, partner: Cluster) -> PairInquiry | None:
    """Return the inquiry about a pair for readers in clusters; None when it has to be asked anew.

    An answer goes as soon as an entry it quotes was changed or taken away, or an entry or voice of
    one of the two was made more confidential after it was asked for.
    """
    inquiries = PairInquiry.objects.select_related("cluster", "partner")
    inquiry = inquiries.filter(cluster=cluster, partner=partner, audience=Audience.CLUSTERS).first()
    if inquiry is None or inquiry.state != EffectState.COMPLETE:
        return inquiry
    return inquiry if _quotes_hold(inquiry) and not _withdrawn_since(inquiry) else None


def own_pair_page(inquiry: PairInquiry) -> PairPage:
    """Return the answer without places: who is no candidate, and why, is known to staff only."""
    return replace(pair_page(inquiry), place_forward={}, place_backward={})


def rests_on_examples(inquiry: PairInquiry) -> bool:
    """Tell whether an entry or voice behind the answer was made up to show the portal."""
    facts = inquiry.answer["facts"]
    matches = [*facts["needs_answered"], *facts["offers_wanted"]]
    both = [inquiry.cluster_id, inquiry.partner_id]
    return bool(
        Need.objects.filter(pk__in=[one["need"] for one in matches], is_example=True).exists()
        or Offer.objects.filter(pk__in=[one["offer"] for one in matches], is_example=True).exists()
        or (
            facts["shared_topics"]
            and Endorsement.objects.filter(cluster__in=both, is_example=True).exists()
        )
        or (
            facts["joint_projects"]
            and Project.objects.filter(clusters__in=both, is_example=True).exists()
        )
    )


def _quotes_hold(inquiry: PairInquiry) -> bool:
    facts = inquiry.answer["facts"]
    matches = [*facts["needs_answered"], *facts["offers_wanted"]]
    for name, model in (("need", Need), ("offer", Offer)):
        quoted = {match[name]: match[f"{name}_text"] for match in matches}
        rows = model.objects.current().filter(
            pk__in=quoted, confidentiality__in=LEVELS[Audience.CLUSTERS]
        )
        texts = {pk: (de or en, en or de) for pk, de, en in _texts(rows)}
        if texts != {pk: (text["de"], text["en"]) for pk, text in quoted.items()}:
            return False
    return True


def _texts(rows: StatementQuerySet) -> list[tuple[int, str, str]]:
    return [(pk, de or "", en or "") for pk, de, en in rows.values_list("pk", "text_de", "text_en")]


def _withdrawn_since(inquiry: PairInquiry) -> bool:
    """Whether an entry or voice of the two was closed to other clusters after the question."""
    both = Q(cluster__in=[inquiry.cluster_id, inquiry.partner_id])
    since = both & Q(updated_at__gte=inquiry.asked_at)
    return (
        Need.objects.filter(since).exclude(confidentiality__in=LEVELS[Audience.CLUSTERS]).exists()
        or Offer.objects.filter(since)
        .exclude(confidentiality__in=LEVELS[Audience.CLUSTERS])
        .exists()
        or Endorsement.objects.filter(since, is_public=False).exists()
    )
