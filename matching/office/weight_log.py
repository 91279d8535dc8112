"""What pages tell about weights: what a version changed, and what a draft would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matching.engine.reasons import PART_LABELS
from matching.models import Weights
from matching.models.weights import PartWeights
from matching.office.weighing import PARTS, STEPS, steps_of
from matching.suggesting.cards import in_language


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part: its weight, and what it was before (None: there was nothing before)."""

    label: str
    value: float
    before: float | None = None

    @property
    def difference(self) -> float:
        """How much higher the weight is than before; 0 without a before."""
        if self.before is None:
            return 0.0
        return (steps_of(self.value) - steps_of(self.before)) / STEPS

    @property
    def is_changed(self) -> bool:
        return self.difference != 0

    @property
    def sign(self) -> str:
        """The sign of the difference, with a true minus."""
        return "−" if self.difference < 0 else "+"

    @property
    def amount(self) -> float:
        """The size of the difference without its sign."""
        return abs(self.difference)


def part_rows(weights: PartWeights, before: PartWeights | None = None) -> list[PartRow]:
    """Return all six parts in their published order."""
    return [
        PartRow(
            in_language(PART_LABELS[part]),
            getattr(weights, part),
            getattr(before, part) if before is not None else None,
        )
        for part in PARTS
    ]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One published version: who, when, why, and what it changed."""

    weights: Weights
    changes: Sequence[PartRow]
    restored_from: Weights | None
    is_current: bool


def log_entries(versions: Iterable[Any]) -> list[LogEntry]:
    """Return entries for a page of versions, in two queries however many there are."""
    shown = list(versions)
    if not shown:
        return []
    before = {
        weights.version: weights
        for weights in Weights.objects.published().filter(
            version__lt=max(weights.version for weights in shown),
            version__gte=min(weights.version for weights in shown) - 1,
        )
    }
    newest = Weights.objects.published().values_list("version", flat=True).first()
    return [
        LogEntry(
            weights,
            [
                row
                for row in part_rows(weights, before.get(weights.version - 1))
                if row.is_changed or weights.version - 1 not in before
            ],
            _restored_from(weights),
            weights.version == newest,
        )
        for weights in shown
    ]


def _restored_from(weights: Any) -> Weights | None:
    draft = getattr(weights, "draft", None)
    restored: Weights | None = draft.restored_from if draft else None
    return restored
