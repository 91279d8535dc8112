"""The house the table is made in: its people, and what each route's parameters stand for."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import World
from tests.permissions.routes import Route


@dataclass
class House:
    """The people, and what each route's parameters stand for."""

    world: World
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)

    def arguments(self, route: Route) -> dict[str, Any]:
        """Return the parameters of a route; a new route with parameters must be added below."""
        given = self.parameters.get(route.name, {})
        return {name: given[name] for name in route.parameters}

    def put(self, names: str, **parameters: Any) -> None:
        """Say what the parameters of these routes (separated by spaces) stand for."""
        for name in names.split():
            self.parameters[name] = parameters
