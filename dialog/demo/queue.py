"""What waits for staff: an application and changes by managers."""

import datetime
from typing import Any

from django.utils import timezone

from clusters.choices import ChangeTarget, ReviewState
from clusters.models import Application, ChangeRequest, Cluster
from clusters.snapshots import Values, snapshot
from dialog.demo.files import Plot, read
from dialog.demo.people import find


def plant(plot: Plot) -> None:
    """Make one application and two changes, all submitted in the last days."""
    content = read("showcase")
    for entry in content["applications"]:
        names = ("kind", "city", "website", "profile", "motivation", "contact_name")
        plot.put(
            Application,
            entry["name"],
            entry,
            natural_key={},
            values={
                **{name: entry[name] for name in names},
                "name": entry["name"],
                "contact_email": entry["contact_email"],
                "district": plot.districts[entry["district"]],
                "state": ReviewState.SUBMITTED,
                "submitted_at": _ago(entry["days_ago"]),
            },
            links={"innovation_fields": [plot.fields[code] for code in entry["fields"]]},
        )
    for entry in content["changes"]:
        _plant_change(plot, entry)


def _plant_change(plot: Plot, entry: dict[str, Any]) -> None:
    cluster = plot.clusters[entry["cluster"]]
    key = f"{entry['cluster']}/{entry['target']}"
    is_profile = entry["target"] == ChangeTarget.PROFILE
    profile_changes = ChangeRequest.objects.filter(cluster=cluster, target=ChangeTarget.PROFILE)
    is_planted = plot.run.id_of("clusters.changerequest", key) is not None
    # Only one change of a profile may be open; a real one goes first.
    if is_profile and not is_planted and profile_changes.open().exists():
        return
    live = snapshot(cluster if is_profile else None)
    values = _wished(plot, cluster, entry["values"])
    plot.put(
        ChangeRequest,
        key,
        entry,
        natural_key={},
        values={
            "cluster": cluster,
            "target": entry["target"],
            "values": values,
            "before": {name: live.get(name) for name in values},
            "author": find(entry["author"]),
            "state": ReviewState.SUBMITTED,
            "submitted_at": _ago(entry["days_ago"]),
        },
    )


def _wished(plot: Plot, cluster: Cluster, said: dict[str, Any]) -> Values:
    """Return what the change asks for, in the form drafts keep."""
    values: Values = dict(said)
    for name in ("profile_de", "profile_en"):
        if name in values:
            values[name] = f"{getattr(cluster, name)} {values[name]}"
    if "terms" in values:
        values["terms"] = sorted(term.pk for term in plot.terms(values["terms"]))
    if "stage" in values:
        values["stage"] = plot.stages[values["stage"]].pk
    return values


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)
