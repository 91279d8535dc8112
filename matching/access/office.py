"""Gates of the tools of staff; for everybody else these pages do not exist."""

from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.access import require_staff
from matching.models import Round, Weights, WeightsDraft

__all__ = [
    "get_draft_for_staff",
    "get_round_for_staff",
    "get_weights_for_restore",
    "require_staff",
]


def get_draft_for_staff(user: Person, pk: int) -> WeightsDraft:
    """Return a draft of weights with the versions it refers to, or raise Http404."""
    require_staff(user)
    drafts = WeightsDraft.objects.select_related(
        "based_on__created_by", "published_as", "restored_from", "created_by"
    )
    draft: WeightsDraft = get_object_or_404(drafts, pk=pk)
    return draft


def get_weights_for_restore(user: Person, version: int) -> Weights:
    """Return a published version of the weights, or raise Http404."""
    require_staff(user)
    weights: Weights = get_object_or_404(Weights.objects.published(), version=version)
    return weights


def get_round_for_staff(user: Person, pk: int) -> Round:
    """Return a round, or raise Http404."""
    require_staff(user)
    rounds = Round.objects.without_hashes().select_related("weights")
    found: Round = get_object_or_404(rounds, pk=pk)
    return found
