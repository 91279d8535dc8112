"""Tables for people (Markdown, which also reads well on a terminal) and for programs (JSON)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.consortia.baselines import BASELINES
from benchmarks.consortia.metrics import MEASURES, mean_of
from benchmarks.consortia.product import PRODUCT, measured_weights
from benchmarks.consortia.run import Figures, TaskResult, lead, summarise

COVERAGE_GOAL: Final = 0.7
SMALL_GOAL: Final = 1.5
HEADINGS: Final = {
    "recall": "recall@10",
    "ndcg": "nDCG@10",
    "mrr": "MRR",
    "small": "small recall@10",
}


def by_group(results: Sequence[TaskResult]) -> dict[str, list[TaskResult]]:
    """The results of each group, in the order of the cut-offs."""
    groups: dict[str, list[TaskResult]] = {}
    for result in sorted(results, key=lambda result: result.window.cutoff):
        groups.setdefault(result.group, []).append(result)
    return {group: groups[group] for group in dict.fromkeys(r.group for r in results)}


def markdown(results: Sequence[TaskResult]) -> str:
    """Everything as Markdown: windows, one table a group, one figure for each goal."""
    weights = {name: round(w, 3) for name, w in measured_weights().as_dict().items() if w}
    lines = [
        "Weights: " + ", ".join(f"{name} {weight}" for name, weight in weights.items()) + ".",
        "",
        *_windows(results),
    ]
    for group, own in by_group(results).items():
        lines += ["", f"### {group}", "", *_table(own)]
    return "\n".join([*lines, "", "### Goals", "", *_goals(results)]) + "\n"


def as_json(results: Sequence[TaskResult]) -> str:
    """Everything as JSON, each window included."""
    groups: dict[str, Any] = {}
    for group, own in by_group(results).items():
        groups[group] = {
            "all": {name: _plain(figures) for name, figures in summarise(own).items()},
            "windows": {
                str(result.window.cutoff): {
                    "candidates": result.candidates,
                    "queries": len(result.organisations),
                    "new_pairs": result.pairs,
                    "models": {
                        name: {m: _number(mean_of(ranked.values[m])) for m in MEASURES}
                        | {"coverage": ranked.coverage, "gini": ranked.gini}
                        for name, ranked in result.models.items()
                    },
                }
                for result in own
            },
        }
    report = {"weights": measured_weights().as_dict(), "groups": groups}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def goals_met(results: Sequence[TaskResult]) -> bool:
    """Whether every group reaches every goal."""
    return all(met for own in by_group(results).values() for _, met in _goal_rows(own))


def _windows(results: Sequence[TaskResult]) -> list[str]:
    lines = [
        "| group | history up to | positives up to | candidates | queries | new pairs |",
        "|---|---|---|---|---|---|",
    ]
    for group, own in by_group(results).items():
        lines += [
            f"| {group} | {result.window.cutoff} | {result.window.until or 'the last day'} "
            f"| {result.candidates} | {len(result.organisations)} | {result.pairs} |"
            for result in own
        ]
    return lines


def _table(own: Sequence[TaskResult]) -> list[str]:
    found = summarise(own)
    asked = len({name for result in own for name in result.organisations.tolist()})
    queries = sum(len(result.organisations) for result in own)
    lines = [
        f"{queries} queries of {asked} organisations; in brackets 95 % bootstrap intervals.",
        "",
        "| model | " + " | ".join(HEADINGS[m] for m in MEASURES) + " | coverage | Gini |",
        "|---" * (len(MEASURES) + 3) + "|",
    ]
    for name, figures in found.items():
        edges = figures.intervals
        cells = [
            f"{figures.values[m]:.3f} [{edges[m][0]:.2f}, {edges[m][1]:.2f}]" for m in MEASURES
        ]
        cells += [f"{figures.coverage:.2f}", f"{figures.gini:.2f}"]
        shown = f"**{name}**" if name == PRODUCT else name
        lines.append(f"| {shown} | " + " | ".join(cells) + " |")
    return lines


def _goals(results: Sequence[TaskResult]) -> list[str]:
    lines = ["| group | goal | |", "|---|---|---|"]
    for group, own in by_group(results).items():
        lines += [
            f"| {group} | {text} | {'met' if met else 'MISSED'} |" for text, met in _goal_rows(own)
        ]
    return lines


def _goal_rows(own: Sequence[TaskResult]) -> list[tuple[str, bool]]:
    found = summarise(own)
    product = found[PRODUCT]
    best, ahead, (low, high) = lead(own, "recall")
    small = max(BASELINES, key=lambda name: found[name].values["small"])
    ratio = product.values["small"] / max(found[small].values["small"], 1e-9)
    return [
        (
            f"recall@10 {product.values['recall']:.3f}, best baseline ({best}) "
            f"{found[best].values['recall']:.3f}: {ahead:+.3f} [{low:+.3f}, {high:+.3f}]",
            ahead >= 0,
        ),
        (
            f"small recall@10 {product.values['small']:.3f}, best baseline ({small}) "
            f"{found[small].values['small']:.3f}: ×{ratio:.2f}, goal ×{SMALL_GOAL}",
            ratio >= SMALL_GOAL,
        ),
        (
            f"coverage {product.coverage:.2f}, goal {COVERAGE_GOAL}",
            product.coverage >= COVERAGE_GOAL,
        ),
    ]


def _plain(figures: Figures) -> dict[str, Any]:
    return {
        **{m: _number(figures.values[m]) for m in MEASURES},
        "intervals": {m: [_number(edge) for edge in figures.intervals[m]] for m in MEASURES},
        "coverage": figures.coverage,
        "gini": figures.gini,
    }


def _number(value: float) -> float | None:
    """JSON knows no NaN."""
    return None if math.isnan(value) else round(value, 6)
