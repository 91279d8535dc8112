"""What the engine hands back: results for selected pairs only, without numpy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from matching.engine.profile import Bilingual, PartName

ListKind = Literal["all", "new", "deepen"]
"""`new`: partners without a joint project, for cross-innovation. `deepen`: those who know each
other, by joint projects or many events attended by both. `all`: both in one list."""


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """A need and the offer that answers it best; `similarity` in [0,1]."""

    need_id: int
    offer_id: int
    similarity: float
    need_text: Bilingual
    offer_text: Bilingual
    shared_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The evidence behind one pair, seen from `u`. Keys are vocabulary keys or ids, sorted."""

    needs_answered: tuple[NeedMatch, ...]
    """Needs of u that v answers, best first."""
    offers_wanted: tuple[NeedMatch, ...]
    """Needs of v that u answers, best first."""
    stage_steps: tuple[tuple[str, str], ...]
    """Neighbouring stages (stage of u, stage of v) that u lacks."""
    shared_cross_cutting: tuple[str, ...]
    shared_topics: tuple[str, ...]
    shared_terms: tuple[str, ...]
    shared_fields: tuple[str, ...]
    shared_sectors: tuple[str, ...]
    other_fields: tuple[str, ...]
    """Fields of v, filled only where u and v share no field."""
    joint_projects: int
    common_partners: tuple[int, ...]
    common_events: tuple[int, ...]
    competing: bool
    damped: bool
    """Competing, and neither side has switched competition damping off."""
    neutral_forward: tuple[PartName, ...]
    """Parts of u→v that count neutrally because an entry is missing."""
    neutral_backward: tuple[PartName, ...]


@dataclass(frozen=True, slots=True)
class PairResult:
    """One suggestion: `v` for the list of `u`.

    `score` is the same for both sides; `listed_score` is what the list was made from. All figures
    lie in [0,1], except `exposure_factor` and `listed_score`, which may pass 1 for a profile that
    is otherwise hardly seen.
    """

    u: int
    v: int
    rank: int
    score: float
    listed_score: float
    benefit_forward: float
    benefit_backward: float
    competition_factor: float
    exposure_factor: float
    parts_forward: Mapping[PartName, float]
    parts_backward: Mapping[PartName, float]
    reasons: tuple[Bilingual, ...]
    counter_reasons: tuple[Bilingual, ...]
    facts: Facts
    weights_version: int

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ListChange:
    """How a changed profile moved on the list of somebody else; ranks count from 1, 0 is absent."""

    profile: int
    """Whose list it is."""
    rank_before: int
    rank_now: int
    results: tuple[PairResult, ...]
    """The whole list as it is now."""
