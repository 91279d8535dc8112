"""From suggestion to agreement: how many pairs got how far.

A step counts introductions asked in the period and what has become of them until today; each pair
counts once a request. Shares are of the step before, and of talks held from there on, which is
what the European platform counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.choices import TOGETHER, OutcomeKind
from matching.models import Introduction, SuggestedPair

PERIODS: Final = {
    "3": gettext_lazy("last 3 months"),
    "12": gettext_lazy("last 12 months"),
    "all": gettext_lazy("since the beginning"),
}
_DAYS: Final = {"3": 91, "12": 365}


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The hand count of the European Cluster Collaboration Platform (ECCP).

    Matchmaking events 2016-2017: 10 events, 2,210 meetings, 202 cooperation cases and 27 formal
    agreements, published by the ECCP on 3 September 2018. Counted are meetings held, so it
    compares with the steps from *met* on.
    """

    meetings: int = 2210
    cooperations: int = 202
    agreements: int = 27

    @property
    def meetings_text(self) -> str:
        """The number of meetings as the reader's language writes it."""
        return formats.number_format(self.meetings, force_grouping=True)

    @property
    def cooperation_share(self) -> float:
        return self.cooperations / self.meetings

    @property
    def agreement_share(self) -> float:
        return self.agreements / self.meetings


YARDSTICK: Final = Yardstick()


@dataclass(frozen=True, slots=True)
class Period:
    """The days whose requests are counted; ``since`` None: all."""

    key: str
    since: date | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Period":
        """Return the period an address asks for; twelve months where it asks for none."""
        key = query.get("period", "")
        if key not in PERIODS:
            key = "12"
        days = _DAYS.get(key)
        return cls(key, timezone.localdate() - timedelta(days=days) if days else None)

    @property
    def begins_at(self) -> datetime | None:
        if self.since is None:
            return None
        return timezone.make_aware(datetime.combine(self.since, time.min))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its count, shares in [0,1] (None: nothing to compare with), and the length of its
    bar in [0,100], 100 for the longest step after *suggested*."""

    key: str
    label: str
    count: int
    share: float | None
    of_met: float | None
    bar: int
    yardstick: float | None


def read_funnel(period: Period) -> list[Step]:
    """Return the six steps of a period, in two queries."""
    counts = _counts(period)
    labels = {
        "suggested": _("suggested"),
        "asked": _("request made"),
        "agreed": _("both agreed"),
        "met": _("talk held"),
        "cooperation": _("cooperation"),
        "agreement": _("signed agreement"),
    }
    compared = {
        "cooperation": YARDSTICK.cooperation_share,
        "agreement": YARDSTICK.agreement_share,
    }
    # Pairs suggested are so many more that the other bars would vanish beside them.
    widest = max([count for key, count in counts.items() if key != "suggested"] or [0])
    steps = []
    before: int | None = None
    for key, label in labels.items():
        count = counts[key]
        steps.append(
            Step(
                key=key,
                label=label,
                count=count,
                share=count / before if before else None,
                of_met=count / counts["met"] if key in compared and counts["met"] else None,
                bar=100 if key == "suggested" and count else _bar(count, widest),
                yardstick=compared.get(key),
            )
        )
        before = count
    return steps


def read_months(period: Period) -> list[dict[str, Any]]:
    """Return what became of the requests of each month, the newest first; at most 36 months."""
    rows = (
        _asked(period)
        .annotate(month=TruncMonth("asked_at"))
        .order_by("-month")
        .values("month")
        .annotate(**_steps())
    )
    return list(rows[:36])


def table(period: Period) -> Iterator[list[object]]:
    """Yield the funnel as rows of a table, the head first."""
    yield [
        _("Step"),
        _("Number"),
        _("Share of the step before"),
        _("Share of talks held"),
        _("European platform (ECCP), share of meetings"),
    ]
    for step in read_funnel(period):
        yield [
            step.label,
            step.count,
            *(
                "" if share is None else f"{share:.4f}"
                for share in (step.share, step.of_met, step.yardstick)
            ),
        ]
    yield []
    yield [
        _("Month of the request"),
        _("request made"),
        _("both agreed"),
        _("talk held"),
        _("cooperation"),
        _("signed agreement"),
    ]
    for row in read_months(period):
        counts = [row[key] for key in ("asked", "agreed", "met", "cooperation", "agreement")]
        yield [f"{row['month']:%Y-%m}", *counts]


def _counts(period: Period) -> dict[str, int]:
    pairs = SuggestedPair.objects.all()
    if period.since is not None:
        pairs = pairs.filter(since__gte=period.since)
    return {"suggested": pairs.count(), **_asked(period).aggregate(**_steps())}


def _asked(period: Period) -> Any:
    rows = Introduction.objects.order_by()
    return rows if period.begins_at is None else rows.filter(asked_at__gte=period.begins_at)


def _steps() -> dict[str, Any]:
    outcome = "outcomes__kind"
    return {
        "asked": Count("pk", distinct=True),
        "agreed": Count("pk", distinct=True, filter=Q(agreed_at__isnull=False)),
        "met": Count("pk", distinct=True, filter=Q(met_at__isnull=False)),
        "cooperation": Count("pk", distinct=True, filter=Q(**{f"{outcome}__in": TOGETHER})),
        "agreement": Count("pk", distinct=True, filter=Q(**{outcome: OutcomeKind.AGREEMENT})),
    }


def _bar(count: int, widest: int) -> int:
    return round(100 * count / widest) if widest else 0
