"""The verbs of the matching app."""

from matching.services.amendments import refresh
from matching.services.blocks import block_cluster, lift_block
from matching.services.effects import STEPS as EFFECT_STEPS
from matching.services.effects import (
    ask_effect,
    compute_effect,
    effects_to_compute,
    failure_in_words,
    sample_clusters,
)
from matching.services.inputs import engine_weights
from matching.services.inquiries import answer_inquiry, ask_about_pair, inquiries_to_answer
from matching.services.rounds import compute_round, left_unfinished
from matching.services.turns import RoundBusyError
from matching.services.weights import (
    create_draft,
    discard_draft,
    draft_version,
    edit_draft,
    publish_draft,
    rebase_draft,
)

__all__ = [
    "EFFECT_STEPS",
    "RoundBusyError",
    "answer_inquiry",
    "ask_about_pair",
    "ask_effect",
    "block_cluster",
    "compute_effect",
    "compute_round",
    "create_draft",
    "discard_draft",
    "draft_version",
    "edit_draft",
    "effects_to_compute",
    "engine_weights",
    "failure_in_words",
    "inquiries_to_answer",
    "left_unfinished",
    "lift_block",
    "publish_draft",
    "rebase_draft",
    "refresh",
    "sample_clusters",
]
