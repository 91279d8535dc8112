"""Needs and offers of about 30 clusters."""

from clusters.models import Need, Offer, Statement
from dialog.demo.files import EXAMPLE, Plot, read

DAYS_A_MONTH = 30


def plant(plot: Plot) -> None:
    """Make needs and offers; the time they are valid counts from this month."""
    first_of_month = plot.monday.replace(day=1)
    for number, entry in enumerate(read("statements")["entries"]):
        model: type[Statement] = Need if entry["kind"] == "need" else Offer
        months = entry.get("valid_months")
        until = plot.day(months * DAYS_A_MONTH) if months else None
        if plot.put(
            model,
            f"{number}/{entry['cluster']}",
            # A new month moves the end of validity; a new day must not.
            [entry, first_of_month.isoformat() if months else None],
            natural_key={},
            values={
                "cluster": plot.clusters[entry["cluster"]],
                "text_de": entry["text_de"],
                "text_en": entry["text_en"],
                "stage": plot.stages[entry["stage"]],
                "confidentiality": entry["confidentiality"],
                "valid_until": until,
                "source": EXAMPLE,
                "is_example": True,
            },
            links={"terms": plot.terms(entry["terms"])},
        ):
            plot.touched_clusters.add(plot.clusters[entry["cluster"]].pk)
