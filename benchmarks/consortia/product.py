"""The data as profiles of the product, scored by the product. No scoring is written here."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.consortia.protocol import Task
from matching.engine.pair import score_pairs
from matching.engine.profile import PartName, Profile, Vocabulary, Weights

Floats = NDArray[np.float64]

MEASURED_PARTS: Final[tuple[PartName, ...]] = ("bridge", "text", "trust")
"""What these data hold. Needs, offers, stages, fields and events are not in them."""


def measured_weights(parts: tuple[PartName, ...] = MEASURED_PARTS) -> Weights:
    """The product's own weights of these parts, scaled to sum to 1; the others get none."""
    published = Weights().as_dict()
    total = sum(published[name] for name in parts)
    share = {name: published[name] / total if name in parts else 0.0 for name in published}
    return Weights(**share)


def make_profiles(task: Task) -> list[Profile]:
    """Each candidate as the portal would hold it on the day of the cut-off."""
    links = task.links.tocsr()
    profiles = []
    for row, candidate in enumerate(task.candidates):
        own = task.projects[row]
        terms = frozenset(term for project in own for term in project.terms)
        first, last = links.indptr[row], links.indptr[row + 1]
        partners = zip(links.indices[first:last], links.data[first:last], strict=True)
        profiles.append(
            Profile(
                id=candidate,
                terms=terms,
                cross_cutting_terms=terms,
                text_en="\n".join(project.text for project in own),
                cooperations={task.world[column]: int(joint) for column, joint in partners},
            )
        )
    return profiles


def product_scores(
    profiles: list[Profile],
    parts: tuple[PartName, ...] = MEASURED_PARTS,
    *,
    reciprocal: bool = True,
    damped: bool = True,
) -> Floats:
    """What the product would rank by, before variety over fields (of which there are none here)."""
    scores = score_pairs(
        profiles,
        weights=measured_weights(parts),
        vocabulary=Vocabulary(),
        audience="public",
        today=date.max,
    )
    listed = scores.score if reciprocal else scores.benefit
    return np.asarray(listed * scores.exposure_factor if damped else listed)


PRODUCT: Final = "product"


def variant_scores(task: Task, *, ablation: bool) -> dict[str, Floats]:
    """The product, and with `ablation` the product without each of its parts and steps."""
    profiles = make_profiles(task)
    found = {PRODUCT: product_scores(profiles)}
    if ablation:
        found |= {
            "without reciprocity": product_scores(profiles, reciprocal=False),
            "without exposure damping": product_scores(profiles, damped=False),
        }
        for left_out in MEASURED_PARTS:
            kept = tuple(name for name in MEASURED_PARTS if name != left_out)
            found[f"without {left_out}"] = product_scores(profiles, kept)
            found[f"{left_out} alone"] = product_scores(profiles, (left_out,))
    return found
