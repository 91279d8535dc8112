"""Which table: people stay where they sit, from slot to slot, as far as that goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matching.timetable.problem import Pair

STAYS_BOTH = 4
KEEPS = 100


def seat(
    meetings: Iterable[tuple[Pair, int]],
    tables: Sequence[int],
    fixed: Mapping[Pair, int],
    wanted: Mapping[Pair, int],
) -> dict[Pair, int]:
    """Return a table (from 1) for each meeting, given with its slot.

    ``fixed`` tables stay; a ``wanted`` one is kept where it is free; otherwise people sit where one
    of them sat last, at the lowest number among equals.
    """
    # Imported here: a web process that only reads timetables needs none of it.
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    by_slot: dict[int, list[Pair]] = {}
    for pair, slot in sorted(meetings):
        by_slot.setdefault(slot, []).append(pair)
    last: dict[int, int] = {}
    found: dict[Pair, int] = {}
    for slot in sorted(by_slot):
        pairs = by_slot[slot]
        found |= {pair: fixed[pair] for pair in pairs if pair in fixed}
        free = [pair for pair in pairs if pair not in fixed]
        used = {fixed[pair] for pair in pairs if pair in fixed}
        most = max(tables[slot], len(pairs))
        numbers = [number for number in range(1, most + 1) if number not in used][:most]
        while len(numbers) < len(free):
            most += 1
            numbers.append(most)
        if free:
            liking = np.zeros((len(free), len(numbers)))
            for row, pair in enumerate(free):
                for column, number in enumerate(numbers):
                    stays = sum(last.get(person) == number for person in pair)
                    liking[row, column] = STAYS_BOTH * stays - column / 1000
                    if wanted.get(pair) == number:
                        liking[row, column] += KEEPS
            rows, columns = linear_sum_assignment(liking, maximize=True)
            for row, column in zip(rows, columns, strict=True):
                found[free[row]] = numbers[column]
        for pair in pairs:
            for person in pair:
                last[person] = found[pair]
    return found
