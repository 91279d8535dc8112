"""What a team is asked for, who could be in it, and what a team lacks: plain values, no numpy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

COMPETING_PAIRS: Final = 1
"""So many pairs of competitors a team may hold."""


@dataclass(frozen=True, slots=True)
class Role:
    """So many members of a sort; ``key`` is found in ``Candidate.roles``."""

    key: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What the call asks for. ``fixed`` are ids that are in every team, the lead among them.

    Raises ValueError for sizes out of order, a role without places, or more fixed members than
    a team may have.
    """

    musts: frozenset[str] = frozenset()
    cans: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    min_size: int = 1
    max_size: int = 8
    required_regions: frozenset[str] = frozenset()
    wanted_regions: frozenset[str] = frozenset()
    fixed: frozenset[int] = frozenset()
    competing_pairs: int = COMPETING_PAIRS

    def __post_init__(self) -> None:
        if not 1 <= self.min_size <= self.max_size:
            raise ValueError("A team needs 1 ≤ smallest size ≤ largest size.")
        if any(role.count < 1 for role in self.roles):
            raise ValueError("A role needs at least one place.")
        if len({role.key for role in self.roles}) < len(self.roles):
            raise ValueError("A role was handed in twice.")
        if len(self.fixed) > self.max_size:
            raise ValueError("More members are fixed than a team may have.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation as the call sees it.

    ``holds`` are competences of the call it stands for, ``roles`` those it could fill (it fills
    one of them in a team), ``fit`` how well its texts fit the idea, in [0,1].
    """

    id: int
    holds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    region: str = ""
    stages: frozenset[str] = frozenset()
    fit: float = 0.0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a team lacks; empty when it keeps every requirement."""

    musts: tuple[str, ...] = ()
    roles: Mapping[str, int] = field(default_factory=dict)
    """Role to the number of places that stay empty."""
    regions: tuple[str, ...] = ()
    members: int = 0

    def __bool__(self) -> bool:
        return bool(self.musts or self.roles or self.regions or self.members)

    def level(self) -> tuple[int, int, int, int]:
        """How bad it is: musts count more than roles, these more than regions and size."""
        return len(self.musts), sum(self.roles.values()), len(self.regions), self.members


def shortfall_of(request: Request, team: Collection[Candidate]) -> Shortfall:
    """What this team lacks of what the request demands."""
    held = frozenset().union(*(member.holds for member in team))
    regions = {member.region for member in team}
    empty = empty_places(request.roles, team)
    return Shortfall(
        musts=tuple(sorted(request.musts - held)),
        roles=empty,
        regions=tuple(sorted(request.required_regions - regions)),
        members=max(request.min_size - len(team), 0),
    )


def empty_places(roles: Iterable[Role], team: Collection[Candidate]) -> dict[str, int]:
    """Places of roles that stay empty when each member fills at most one of them."""
    places = [role.key for role in roles for _place in range(role.count)]
    taken: dict[int, int] = {}
    members = sorted(team, key=lambda member: member.id)

    def seat(place: int, tried: set[int]) -> bool:
        """Find a member for the place, moving others where that helps (augmenting path)."""
        for number, member in enumerate(members):
            if places[place] in member.roles and number not in tried:
                tried.add(number)
                if number not in taken or seat(taken[number], tried):
                    taken[number] = place
                    return True
        return False

    empty: dict[str, int] = {}
    for place, key in enumerate(places):
        if not seat(place, set()):
            empty[key] = empty.get(key, 0) + 1
    return empty
