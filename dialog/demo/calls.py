"""A call for which a team is looked for; a worker computes its teams."""

import datetime
from typing import Any, Final

from django.utils import timezone

from dialog.demo.files import Plot, read
from matching.models import CallCompetence, CallRegion, ConsortiumCall, TeamProposal

LATELY: Final = datetime.timedelta(minutes=5)


def plant(plot: Plot) -> None:
    """Write down the example calls, and ask for their teams."""
    for entry in read("calls")["calls"]:
        cluster = plot.clusters[entry["cluster"]]
        names = ("programme", "idea", "min_partners", "max_partners")
        key = {"cluster": cluster, "name": entry["name"]}
        plot.put(
            ConsortiumCall,
            entry["name"],
            [entry, plot.monday.isoformat()],
            natural_key=key,
            values={
                **{name: entry[name] for name in names},
                "deadline": plot.day(entry["days"]),
                "is_example": True,
            },
        )
        call = ConsortiumCall.objects.filter(**key).first()
        if call is not None:
            _plant_wishes(plot, call, entry)


def _plant_wishes(plot: Plot, call: ConsortiumCall, entry: dict[str, Any]) -> None:
    for is_must, codes in ((True, entry["musts"]), (False, entry["cans"])):
        for term in plot.terms(codes):
            plot.put(
                CallCompetence,
                f"{call.name}/{term.code}",
                is_must,
                natural_key={"call": call, "term": term},
                values={"is_must": is_must},
            )
    districts = {district.nuts: district for district in plot.districts.values()}
    for nuts, is_required in entry["regions"].items():
        plot.put(
            CallRegion,
            f"{call.name}/{nuts}",
            is_required,
            natural_key={"call": call, "district": districts[nuts]},
            values={"is_required": is_required},
        )
    # Old enough for beat to take it up; a computation that was there once is not asked for again.
    plot.put(
        TeamProposal,
        call.name,
        entry,
        natural_key={"call": call},
        values={"audience": call.audience, "asked_at": timezone.now() - LATELY},
    )
