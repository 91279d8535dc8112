"""Two rounds side by side: who entered, left and moved, over all lists and list by list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clusters.models import Cluster
from matching.choices import Audience, ListKind
from matching.engine.metrics import compare_lists, measure_spread
from matching.models import Round, Suggestion

Lists = Mapping[int, Sequence[int]]
"""Partners by cluster, best first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between the lists of two rounds; ``changed`` holds ids, most changed first."""

    before: Lists
    after: Lists
    changed: Sequence[int]
    entered: int
    left: int
    moved: int

    @property
    def clusters(self) -> int:
        """How many have a list in one of the rounds."""
        return len(self.before.keys() | self.after.keys())

    def lists(self, owners: Sequence[int]) -> dict[int, tuple[Sequence[int], Sequence[int]]]:
        """The lists of some clusters, before and after."""
        return {owner: (self.before.get(owner, ()), self.after.get(owner, ())) for owner in owners}


def compare_rounds(before: Round, after: Round, audience: Audience, kind: ListKind) -> Comparison:
    """Compare two rounds, in two queries. What counts is the place on the list, as people see it.

    A result that could not be explained is on no list, so stored ranks may have gaps.
    """
    old, new = (_lists(round_, audience, kind) for round_ in (before, after))
    changes = {
        owner: compare_lists(old.get(owner, ()), new.get(owner, ()))
        for owner in old.keys() | new.keys()
    }
    changed = [owner for owner, change in changes.items() if change]
    return Comparison(
        before=old,
        after=new,
        changed=sorted(changed, key=lambda owner: (-changes[owner].size, owner)),
        entered=sum(len(change.entered) for change in changes.values()),
        left=sum(len(change.left) for change in changes.values()),
        moved=sum(len(change.moved) for change in changes.values()),
    )


def _lists(round_: Round, audience: Audience, kind: ListKind) -> dict[int, list[int]]:
    rows = Suggestion.objects.filter(round=round_, audience=audience, kind=kind)
    found: dict[int, list[int]] = defaultdict(list)
    ordered = rows.order_by("cluster", "rank", "pk").values_list("cluster", "partner")
    for owner, partner in ordered.iterator(chunk_size=5000):
        found[owner].append(partner)
    return dict(found)


def compared_figures(comparison: Comparison) -> dict[str, dict[str, float]]:
    """Coverage, Gini and the share from another field of both rounds, in two queries.

    Both are measured over those who may be suggested today.
    """
    fields: dict[int, set[str]] = defaultdict(set)
    links: Any = Cluster.innovation_fields.through._default_manager
    for cluster, field in links.values_list("cluster_id", "innovationfield__code"):
        fields[cluster].add(field)
    candidates = list(Cluster.objects.suggestible().values_list("pk", flat=True))
    figures = {}
    for name, lists in (("before", comparison.before), ("after", comparison.after)):
        spread = measure_spread(lists, candidates, fields)
        figures[name] = {
            "never": spread.never,
            "coverage": spread.coverage,
            "gini": spread.gini,
            "from_another_field": spread.from_another_field,
        }
    return figures
