"""The data as profiles of the product, scored and listed by it. No scoring is written here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.consortia.metrics import TOP
from benchmarks.consortia.protocol import Task
from matching.engine.preparation import Prepared, batches, measured, prepare
from matching.engine.profile import PartName, Profile, Vocabulary, Weights
from matching.engine.ranking import choose_lists

Floats = NDArray[np.float64]

PRODUCT: Final = "product"
MEASURED_PARTS: Final[tuple[PartName, ...]] = ("text", "trust")
"""What these data hold. Needs, offers, stages, fields and events are not in them."""
WITH_BRIDGE: Final[tuple[PartName, ...]] = ("bridge", "text", "trust")
"""Subjects of research stand in for cross-cutting technologies and followed topics."""


def measured_weights(parts: tuple[PartName, ...] = MEASURED_PARTS) -> Weights:
    """The product's own weights of these parts, scaled to sum to 1; the others get none."""
    published = Weights().as_dict()
    total = sum(published[name] for name in parts)
    share: dict[str, Any] = {
        name: published[name] / total if name in parts else 0.0 for name in published
    }
    return Weights(**share)


def make_profiles(task: Task) -> list[Profile]:
    """Each candidate as the portal would hold it on the day of the cut-off."""
    profiles = []
    for row, candidate in enumerate(task.candidates):
        own = task.projects[row]
        terms = frozenset(term for project in own for term in project.terms)
        profiles.append(
            Profile(
                id=candidate,
                terms=terms,
                cross_cutting_terms=terms,
                text_en="\n".join(project.text for project in own),
                cooperations={one: int(joint) for one, joint in _row(task, task.links, row)},
                ties=dict(_row(task, task.ties, row)),
            )
        )
    return profiles


def _row(task: Task, matrix: Any, row: int) -> list[tuple[int, float]]:
    """Partners and figures of one candidate."""
    cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return [
        (task.world[column], float(value))
        for column, value in zip(matrix.indices[cells], matrix.data[cells], strict=True)
    ]


def ready(profiles: list[Profile]) -> Prepared:
    """The product's world of these profiles."""
    return prepare(
        profiles,
        weights=measured_weights(),
        vocabulary=Vocabulary(),
        audience="public",
        today=date.max,
    )


def product_scores(prepared: Prepared, *, lists: bool = True) -> Floats:
    """What the product ranks by: its lists of ten on top, behind them everybody by listed score.

    Rows and columns are ordered by id, as the candidates of a task are.
    """
    count = len(prepared.profiles)
    listed = np.zeros((count, count))
    for batch in batches(np.arange(count)):
        left = prepared.row_set(batch)
        for right in prepared.segments:
            columns = slice(right.start, right.stop)
            listed[batch, columns] = prepared.scores(left, right)
    listed = np.nan_to_num(listed) * prepared.exposure
    if lists:
        chosen = choose_lists(prepared, kind="new", count=TOP)
        rows, seats = np.nonzero(chosen.columns >= 0)
        above = listed.max(initial=0) + TOP + 1
        listed[chosen.rows[rows], chosen.columns[rows, seats]] = above - seats
    order = np.argsort(prepared.rows.ids)
    return np.asarray(listed[np.ix_(order, order)])


def variant_scores(task: Task, *, ablation: bool) -> dict[str, Floats]:
    """The product, and with `ablation` the product without each of its parts and steps."""
    prepared = ready(make_profiles(task))
    found = {PRODUCT: product_scores(prepared)}
    if not ablation:
        return found
    undamped = replace(prepared, exposure=np.ones_like(prepared.exposure), kept={})
    found["without seats for the less seen"] = product_scores(prepared, lists=False)
    found["without exposure damping and seats"] = product_scores(undamped, lists=False)
    alone: dict[str, tuple[PartName, ...]] = {f"{name} alone": (name,) for name in WITH_BRIDGE}
    for name, parts in {**alone, "with bridge": WITH_BRIDGE}.items():
        weighted = replace(prepared, weights=measured_weights(parts), kept={})
        found[name] = product_scores(measured(weighted))
    return found
