"""What is kept about a member, so that a page can tell why it is there: plain values, no numpy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from matching.consortia.request import Candidate


@dataclass(frozen=True, slots=True)
class Facts:
    """A candidate with its evidence.

    ``terms`` maps a competence of the call to the offer (id) that shows it, 0 where it stands in
    the profile. ``knows`` are candidates it has worked with. ``fit`` lies in [0,1].
    """

    terms: Mapping[str, int] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    region: str = ""
    stages: tuple[str, ...] = ()
    fit: float = 0.0
    knows: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Facts":
        """Return what :meth:`as_dict` gave away."""
        return cls(
            terms={str(key): int(offer) for key, offer in values.get("terms", {}).items()},
            roles=tuple(values.get("roles", ())),
            region=str(values.get("region", "")),
            stages=tuple(values.get("stages", ())),
            fit=float(values.get("fit", 0.0)),
            knows=tuple(values.get("knows", ())),
        )

    def candidate(self, pk: int) -> Candidate:
        """The candidate these facts are about, as the solver and its checks read it."""
        return Candidate(
            id=pk,
            holds=frozenset(self.terms),
            roles=frozenset(self.roles),
            region=self.region,
            stages=frozenset(self.stages),
            fit=self.fit,
        )


def only_covered_by(team: Mapping[int, Facts], keys: Collection[str]) -> dict[int, list[str]]:
    """For each member the competences that nobody else in the team stands for, in order."""
    holders: dict[str, list[int]] = {key: [] for key in keys}
    for pk, facts in team.items():
        for key in facts.terms:
            if key in holders:
                holders[key].append(pk)
    found: dict[int, list[str]] = {pk: [] for pk in team}
    for key, members in sorted(holders.items()):
        if len(members) == 1:
            found[members[0]].append(key)
    return found


def covered(team: Iterable[Facts]) -> frozenset[str]:
    """All competences somebody in the team stands for."""
    return frozenset().union(*(facts.terms.keys() for facts in team))
