"""A waiting list as simple as it can be said: what the verbs are compared with.

People are numbers. ``clock`` counts hours. Nothing here knows a database.
"""

from dataclasses import dataclass, field

OFFER_HOURS = 24


@dataclass
class Waiting:
    """Places, their holders, open offers with their end, and the queue in order of arrival."""

    capacity: int | None
    clock: int = 0
    held: set[int] = field(default_factory=set)
    offers: dict[int, int] = field(default_factory=dict)
    queue: list[int] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    lapsed: dict[int, int] = field(default_factory=dict)

    def come(self, person: int) -> None:
        if person in self.held or person in self.offers or person in self.queue:
            return
        self.gone.discard(person)
        self.lapsed[person] = 0
        if not self.queue and self.free() != 0:
            self.held.add(person)
        else:
            self.queue.append(person)
        self.settle()

    def leave(self, person: int) -> None:
        if person in self.queue:
            self.queue.remove(person)
        elif person in self.held or person in self.offers:
            self.held.discard(person)
            self.offers.pop(person, None)
        else:
            return
        self.gone.add(person)
        self.settle()

    def accept(self, person: int) -> bool:
        """Return whether the offer was still open."""
        if person in self.offers and self.offers[person] > self.clock:
            del self.offers[person]
            self.held.add(person)
            return True
        return False

    def resize(self, capacity: int | None) -> bool:
        """Return whether that is allowed: never below what is taken."""
        if capacity is not None and capacity < len(self.held) + len(self.offers):
            return False
        self.capacity = capacity
        self.settle()
        return True

    def pass_time(self, hours: int) -> None:
        self.clock += hours
        self.settle()

    def free(self) -> int | None:
        if self.capacity is None:
            return None
        return max(self.capacity - len(self.held) - len(self.offers), 0)

    def settle(self) -> None:
        for person in [p for p, until in self.offers.items() if until <= self.clock]:
            del self.offers[person]
            self.lapsed[person] += 1
            if self.lapsed[person] < 2:
                self.queue.append(person)
            else:
                self.gone.add(person)
        while self.queue and self.free() != 0:
            person = self.queue.pop(0)
            if self.capacity is None:
                self.held.add(person)
            else:
                self.offers[person] = self.clock + OFFER_HOURS

    def everybody(self) -> set[int]:
        return self.held | self.offers.keys() | set(self.queue) | self.gone
