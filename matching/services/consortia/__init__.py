"""Verbs about teams for calls: write a call, compute its teams, work with them."""

from matching.services.consortia.choosing import keep_team, mark_cluster, swap_member
from matching.services.consortia.computing import (
    STEPS,
    ask_for_teams,
    compute_teams,
    proposals_to_compute,
)
from matching.services.consortia.saving import (
    CallValues,
    RoleWish,
    change_call,
    create_call,
    delete_call,
)

__all__ = [
    "STEPS",
    "CallValues",
    "RoleWish",
    "ask_for_teams",
    "change_call",
    "compute_teams",
    "create_call",
    "delete_call",
    "keep_team",
    "mark_cluster",
    "proposals_to_compute",
    "swap_member",
]
