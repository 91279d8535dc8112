"""One row of everything, so that every address has something to show or to refuse."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import World
from tests.factories import (
    make_event,
    make_need,
    make_offer,
    make_topic,
)
from tests.permissions.routes import Route


@dataclass
class House:
    """The people, and what each route's parameters stand for."""

    world: World
    by_name: dict[str, Any] = field(default_factory=dict)
    by_route: dict[str, dict[str, Any]] = field(default_factory=dict)

    def arguments(self, route: Route) -> dict[str, Any]:
        """Return the parameters of a route; a new one must be added here."""
        own = {**self.by_name, **self.by_route.get(route.name, {})}
        return {name: own[name] for name in route.parameters}


def build_house(world: World) -> House:
    """Alpha's draft things: the manager may see them, the outsider may not."""
    house = House(world)
    make_need(world.alpha, confidentiality="staff")
    make_offer(world.alpha)
    make_topic(slug="topic")
    make_event(slug="event")
    house.by_name = {"slug": "alpha"}
    return house
