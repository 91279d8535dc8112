"""Chosen pairs into slots: colouring the edges of a graph, a slot is a colour.

Chains of two colours (Kempe) are what everything here is made of: along a chain of meetings that
take place in slot s and slot t by turns, s and t can change places without anybody being twice in
one slot. That makes room for one more meeting, evens out slots with too few tables, and brings
meetings of one person closer together.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator
from math import exp
from typing import Final

from matching.timetable.rest import Rest, idle

NOWHERE: Final = -1


class Board:
    """Who meets in which slot; edges are known by their number in ``rest.edges``."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.slot_of: dict[int, int] = {}
        self.at = [[NOWHERE] * len(rest.tables) for _person in rest.ids]
        self.size = [0] * len(rest.tables)
        # Slots in which a person has a meeting, locked ones included.
        self.seated = list(rest.seated)

    def put(self, number: int, slot: int) -> None:
        edge = self.rest.edges[number]
        for person in (edge.a, edge.b):
            self.at[person][slot] = number
            self.seated[person] |= 1 << slot
        self.slot_of[number] = slot
        self.size[slot] += 1

    def take(self, number: int) -> None:
        edge, slot = self.rest.edges[number], self.slot_of.pop(number)
        for person in (edge.a, edge.b):
            self.at[person][slot] = NOWHERE
            self.seated[person] &= ~(1 << slot)
        self.size[slot] -= 1

    def open_slots(self, number: int) -> int:
        """Return the slots (bits) in which neither of the two has a meeting."""
        edge = self.rest.edges[number]
        return edge.slots & ~self.seated[edge.a] & ~self.seated[edge.b]

    def chain(self, number: int, one: int, other: int) -> list[int] | None:
        """Return the meetings tied to this one in two slots, or None where they cannot swap."""
        both = 1 << one | 1 << other
        found, waiting = {number}, [number]
        while waiting:
            edge = self.rest.edges[waiting.pop()]
            if edge.slots & both != both:
                return None
            for person in (edge.a, edge.b):
                for slot in (one, other):
                    if self.rest.seated[person] >> slot & 1:
                        return None
                    next_to = self.at[person][slot]
                    if next_to != NOWHERE and next_to not in found:
                        found.add(next_to)
                        waiting.append(next_to)
        return sorted(found)

    def excess(self, chain: list[int], one: int) -> int:
        """Return how many more meetings of the chain are in ``one`` than in the other slot."""
        inside = sum(self.slot_of[number] == one for number in chain)
        return 2 * inside - len(chain)

    def swap(self, chain: list[int], one: int, other: int) -> None:
        moved = [(number, other if self.slot_of[number] == one else one) for number in chain]
        for number, _slot in moved:
            self.take(number)
        for number, slot in moved:
            self.put(number, slot)


def slots_in(mask: int) -> Iterator[int]:
    """Return the slots of a number of bits, the first first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def place(
    rest: Rest, chosen: tuple[int, ...], *, seed: int, go_on: Callable[[], bool]
) -> tuple[Board, list[int]]:
    """Place chosen meetings; returns the board and those that found no slot or no table."""
    board = Board(rest)
    for number in chosen:
        hint = rest.edges[number].hint
        is_free = hint >= 0 and board.open_slots(number) >> hint & 1
        if is_free and board.size[hint] < rest.tables[hint]:
            board.put(number, hint)
    chance = random.Random(seed)  # noqa: S311 - the same each time, and no secret
    degree = [0] * len(rest.ids)
    for number in chosen:
        degree[rest.edges[number].a] += 1
        degree[rest.edges[number].b] += 1
    # The hardest first: few common slots, busy people.
    order = sorted(
        (number for number in chosen if number not in board.slot_of),
        key=lambda n: (
            rest.edges[n].slots.bit_count(),
            -degree[rest.edges[n].a] - degree[rest.edges[n].b],
            n,
        ),
    )
    queue = deque(order)
    banned: dict[tuple[int, int], int] = {}
    turn, turns = 0, 150 * len(chosen) + 400
    while queue and turn < turns and (turn % 64 or go_on()):
        turn += 1
        number = queue.popleft()
        if not _insert(board, number):
            _push_in(board, number, queue, banned, turn, chance)
    lost = list(queue)
    lost += _even_out(board, go_on)
    return board, sorted(lost)


def _fullness(board: Board, slot: int) -> tuple[float, int]:
    return (board.size[slot] / board.rest.tables[slot], slot)


def _insert(board: Board, number: int) -> bool:
    """Place a meeting where both are free, after swapping a chain if need be."""
    edge = board.rest.edges[number]
    if free := board.open_slots(number):
        board.put(number, min(slots_in(free), key=lambda slot: _fullness(board, slot)))
        return True
    for one_side, other_side in ((edge.a, edge.b), (edge.b, edge.a)):
        for one in slots_in(edge.slots & ~board.seated[one_side]):
            # The other person is busy in ``one``: free it by swapping the chain that begins there.
            start = board.at[other_side][one]
            if start == NOWHERE:
                continue
            for other in slots_in(board.rest.free[other_side] & ~board.seated[other_side]):
                chain = board.chain(start, one, other)
                if chain is None or _touches(board, chain, one_side):
                    continue
                board.swap(chain, one, other)
                board.put(number, one)
                return True
    return False


def _touches(board: Board, chain: list[int], person: int) -> bool:
    edges = (board.rest.edges[number] for number in chain)
    return any(person in (edge.a, edge.b) for edge in edges)


def _push_in(
    board: Board,
    number: int,
    queue: deque[int],
    banned: dict[tuple[int, int], int],
    turn: int,
    chance: random.Random,
) -> None:
    """Place a meeting at the cost of others, which queue again; kept meetings are spared."""
    edge = board.rest.edges[number]
    best: tuple[int, float, int, list[int]] | None = None
    for slot in slots_in(edge.slots):
        in_the_way = [n for n in {board.at[edge.a][slot], board.at[edge.b][slot]} if n != NOWHERE]
        cost = len(in_the_way) + 4 * (banned.get((number, slot), 0) > turn)
        cost += 8 * sum(board.rest.edges[n].hint == slot for n in in_the_way)
        key = (cost, chance.random(), slot, in_the_way)
        if best is None or key < best:
            best = key
    if best is None:
        queue.append(number)
        return
    _cost, _tie, slot, in_the_way = best
    for other in in_the_way:
        board.take(other)
        banned[other, slot] = turn + 10 + chance.randrange(20)
        queue.append(other)
    board.put(number, slot)


def _even_out(board: Board, go_on: Callable[[], bool]) -> list[int]:
    """Move meetings out of slots with too few tables; what cannot move is taken out."""
    tables = board.rest.tables
    lost: list[int] = []
    for slot in range(len(tables)):
        while board.size[slot] > tables[slot]:
            if not go_on() or not _relieve(board, slot):
                number = min(
                    (n for n, s in board.slot_of.items() if s == slot),
                    key=lambda n: (
                        board.rest.edges[n].hint == slot,
                        board.rest.edges[n].value,
                        board.rest.edges[n].score,
                        n,
                    ),
                )
                board.take(number)
                lost.append(number)
    return lost


def _relieve(board: Board, full: int) -> bool:
    """Bring one meeting fewer into ``full``, by way of other slots if need be (breadth first)."""
    tables = board.rest.tables
    came_from: dict[int, tuple[int, list[int]]] = {}
    waiting, seen = deque([full]), {full}
    while waiting:
        slot = waiting.popleft()
        for target in range(len(tables)):
            if target in seen or not tables[target]:
                continue
            chain = _relieving_chain(board, slot, target)
            if chain is None:
                continue
            seen.add(target)
            came_from[target] = (slot, chain)
            if board.size[target] < tables[target]:
                # From the end to the beginning: each swap makes room for the one before.
                while target != full:
                    before, chain = came_from[target]
                    again = _relieving_chain(board, before, target)
                    if again is None:
                        return False
                    board.swap(again, before, target)
                    target = before
                return True
            waiting.append(target)
    return False


def _relieving_chain(board: Board, slot: int, target: int) -> list[int] | None:
    """Return a chain with one meeting more in ``slot`` than in ``target``."""
    seen: set[int] = set()
    numbers = sorted(n for n, s in board.slot_of.items() if s == slot)
    # Kept meetings last.
    for number in sorted(numbers, key=lambda n: board.rest.edges[n].hint == slot):
        if number in seen:
            continue
        chain = board.chain(number, slot, target)
        if chain is not None:
            seen.update(chain)
            if board.excess(chain, slot) == 1:
                return chain
    return None


def gaps_of(board: Board) -> int:
    """Return how many slots people wait between two meetings, all together."""
    there, seated = board.rest.there, board.seated
    return sum(idle(there[i], seated[i]) for i in range(len(seated)))


def tidy(board: Board, *, seed: int, turns: int, go_on: Callable[[], bool]) -> None:
    """Bring people's meetings closer together by swapping chains, cooling down slowly.

    Meetings that had their place before stay there.
    """
    rest = board.rest
    chance = random.Random(seed)  # noqa: S311 - as above
    movable = sorted(n for n, slot in board.slot_of.items() if rest.edges[n].hint != slot)
    slots = [slot for slot, tables in enumerate(rest.tables) if tables]
    if not movable or len(slots) < 2:
        return
    best, best_at = gaps_of(board), dict(board.slot_of)
    now = best
    for turn in range(turns):
        if not best or (turn % 128 == 0 and not go_on()):
            break
        heat = 1.5 * (1 - turn / turns) ** 2 + 0.01
        number = chance.choice(movable)
        one, other = board.slot_of[number], chance.choice(slots)
        chain = board.chain(number, one, other) if one != other else None
        if chain is None or any(rest.edges[n].hint == board.slot_of[n] for n in chain):
            continue
        excess = board.excess(chain, one)
        if board.size[other] + excess > rest.tables[other]:
            continue
        if board.size[one] - excess > rest.tables[one]:
            continue
        people = {p for n in chain for p in (rest.edges[n].a, rest.edges[n].b)}
        before = sum(idle(rest.there[p], board.seated[p]) for p in people)
        board.swap(chain, one, other)
        after = sum(idle(rest.there[p], board.seated[p]) for p in people)
        if after <= before or chance.random() < exp((before - after) / heat):
            now += after - before
            if now < best:
                best, best_at = now, dict(board.slot_of)
        else:
            board.swap(chain, other, one)
    for number in list(board.slot_of):
        board.take(number)
    for number, slot in best_at.items():
        board.put(number, slot)
