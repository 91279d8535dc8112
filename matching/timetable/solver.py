"""From a problem to a timetable with its proof.

1. Choose the pairs without slots (``choosing``): a bound for every timetable.
2. Place them (``placing``): where all find slot and table, the bound is reached and proven.
3. Else let the exact model place them, or choose anew knowing the slots (``exact``).
4. Bring people's meetings together (``placing.tidy``, ``exact.fewest_gaps``) and give tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matching.timetable.choosing import Choice, choose, choose_in_turn, measure
from matching.timetable.exact import fewest_gaps, improve, place_all
from matching.timetable.improving import improve_in_turns
from matching.timetable.placing import Board, gaps_of, place, tidy
from matching.timetable.problem import (
    Bounds,
    Figures,
    Pair,
    Placed,
    Problem,
    Progress,
    Stage,
    Timetable,
)
from matching.timetable.rest import Rest, rest_of
from matching.timetable.search import Watch
from matching.timetable.tables import seat

TIDY_TURNS = 30_000
# Up to so many variables the exact model is asked for more than a placing.
EXACT_SIZE = 3_000
Aims = tuple[int, int, int]


@dataclass
class _State:
    """The best slots so far (by edge), what they reach and what is the most."""

    slots: dict[int, int]
    reached: Aims
    bounds: Aims


def solve(
    problem: Problem,
    *,
    seconds: float = 30.0,
    seed: int = 1,
    workers: int = 2,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Timetable:
    """Return the best timetable found within ``seconds``, and how good any could be.

    ``report`` and ``should_stop`` are called in the calling thread, a few times a second. After a
    stop the best timetable so far comes back, marked as stopped.
    """
    watch = Watch(seconds, seed, workers, report, should_stop)
    rest = rest_of(problem)
    watch.tick(Stage.CHOOSING)
    choice = choose(rest, watch, 0.5 * seconds)
    if choice is None:
        choice = choose_in_turn(rest)
    _tell(watch, rest, None, choice.bounds)
    state = _placed(rest, choice, watch)
    _tell(watch, rest, state.reached, state.bounds)
    least = _tidied(rest, state, watch)
    return _timetable(problem, rest, state, least, watch)


def _tell(watch: Watch, rest: Rest, reached: Aims | None, bounds: Aims) -> None:
    watch.wishes = None if reached is None else rest.base[1] + reached[1]
    watch.bound = rest.base[1] + bounds[1]


def _placed(rest: Rest, choice: Choice, watch: Watch) -> _State:
    """Place the chosen pairs; where that fails, let the exact model do better."""

    def go_on() -> bool:
        return watch.tick(Stage.PLACING) and watch.left > 0

    board, lost = place(rest, choice.edges, seed=watch.seed, go_on=go_on)
    state = _State(dict(board.slot_of), measure(rest, tuple(board.slot_of)), choice.bounds)
    if not lost or watch.stopped:
        return state
    _tell(watch, rest, state.reached, state.bounds)
    everywhere = place_all(rest, choice.edges, state.slots, watch, 0.15 * watch.left)
    if everywhere is not None:
        return _State(everywhere, measure(rest, tuple(everywhere)), choice.bounds)
    if _size(rest) <= EXACT_SIZE:
        _improve_exactly(rest, state, watch)
    if state.reached < state.bounds and watch.left > 0:
        state.slots = improve_in_turns(rest, state.slots, state.bounds, watch, 0.85 * watch.left)
        state.reached = measure(rest, tuple(state.slots))
    return state


def _improve_exactly(rest: Rest, state: _State, watch: Watch) -> None:
    """Let the exact model choose and place; it may lower the bounds, too."""
    found = improve(rest, state.slots, state.bounds, watch, 0.5 * watch.left)
    if found is None:
        return
    slots, answer = found
    reached = measure(rest, tuple(slots))
    if reached >= state.reached:
        state.slots, state.reached = slots, reached
    # Aims nobody got round to keep the bound they had.
    minimum, wishes, score = (*answer.bounds, *state.bounds[len(answer.bounds) :])
    state.bounds = (minimum, wishes, score)


def _size(rest: Rest) -> int:
    return sum(edge.slots.bit_count() for edge in rest.edges)


def _tidied(rest: Rest, state: _State, watch: Watch) -> int:
    """Make gaps few; returns the number below which no such timetable is proven to get."""

    def go_on() -> bool:
        return watch.tick(Stage.TIDYING) and watch.left > 0

    board = Board(rest)
    for number, slot in state.slots.items():
        board.put(number, slot)
    tidy(board, seed=watch.seed, turns=TIDY_TURNS, go_on=go_on)
    state.slots = dict(board.slot_of)
    gaps = gaps_of(board)
    if not gaps or watch.left <= 0 or _size(rest) > EXACT_SIZE:
        return 0
    found = fewest_gaps(rest, state.slots, state.reached, watch, min(watch.left, 5.0))
    if found is None:
        return 0
    slots, least = found
    exact = Board(rest)
    for number, slot in slots.items():
        exact.put(number, slot)
    if gaps_of(exact) < gaps:
        state.slots = slots
    return least


def _timetable(problem: Problem, rest: Rest, state: _State, least: int, watch: Watch) -> Timetable:
    board = Board(rest)
    for number, slot in state.slots.items():
        board.put(number, slot)
    slots: dict[Pair, int] = dict(problem.locked)
    slots |= {rest.pair(number): slot for number, slot in state.slots.items()}
    fixed = {pair: problem.tables_of[pair] for pair in problem.locked if pair in problem.tables_of}
    wanted = {
        pair: problem.tables_of[pair]
        for pair, slot in slots.items()
        if pair in problem.tables_of and problem.hints.get(pair) == slot
    }
    table = seat(slots.items(), problem.tables, fixed, wanted)
    minimum, wishes, score = (
        base + own for base, own in zip(rest.base, state.reached, strict=True)
    )
    most = [base + own for base, own in zip(rest.base, state.bounds, strict=True)]
    return Timetable(
        meetings=tuple(
            Placed(pair, slot, table[pair], problem.value(pair), pair in problem.locked)
            for pair, slot in sorted(slots.items(), key=lambda item: (item[1], item[0]))
        ),
        figures=Figures(minimum, wishes, score, -gaps_of(board)),
        bounds=Bounds(max(most[0], minimum), max(most[1], wishes), max(most[2], score), -least),
        seconds=watch.elapsed,
        stopped=watch.stopped,
    )
