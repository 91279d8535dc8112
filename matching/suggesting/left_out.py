"""Who is left out of a cluster's lists, and why, as far as the reader may know it.

A block or a decline of the other side is not told: such a partner is simply not on the list.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from accounts.people import Person
from clusters.access import can_edit
from clusters.models import Cluster, Membership
from clusters.querysets import ClusterQuerySet
from matching.choices import Rule
from matching.models import ClusterBlock, Feedback, Introduction
from matching.suggesting.candidates import REST, organisation_pairs

SHOWN_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Clusters that one rule keeps off the lists: the first by name, and how many more."""

    rule: Rule
    clusters: list[Cluster]
    more: int


def left_out(user: Person, cluster: Cluster) -> list[LeftOut]:
    """Return the rules that take somebody off this cluster's lists, without empty ones.

    Members learn what is public; whoever manages the cluster also learns what its people decided;
    staff learns what both sides decided.
    """
    found = {Rule.ORGANISATION: _of_one_organisation(cluster)}
    if can_edit(user, cluster):
        found |= {
            Rule.PEOPLE: _of_same_people(cluster),
            Rule.BLOCKED: _blocked(cluster, both=_is_staff(user)),
            Rule.DECLINED: _declined(cluster, both=_is_staff(user)),
            Rule.TALKS: _in_talks(cluster),
        }
    return [
        LeftOut(rule, clusters[:SHOWN_AT_MOST], max(len(clusters) - SHOWN_AT_MOST, 0))
        for rule, keys in found.items()
        if (clusters := _named(cluster, keys))
    ]


def _is_staff(user: Person) -> bool:
    return user.is_authenticated and user.is_staff


def _named(cluster: Cluster, keys: set[int]) -> list[Cluster]:
    if not keys:
        return []
    others: ClusterQuerySet = Cluster.objects.published().exclude(pk=cluster.pk)
    return list(others.filter(pk__in=keys).only("slug", "name").by_name())


def _of_one_organisation(cluster: Cluster) -> set[int]:
    """Carriers are compared in Python, so the database only narrows by their longest words."""
    near = Q(pk=cluster.pk)
    names = [getattr(cluster, f"full_name_{language}") for language in ("de", "en")]
    for text in (cluster.carrier, cluster.name, *names):
        if word := max((text or "").split(), key=len, default=""):
            near |= Q(carrier__icontains=word)
    if word := max(cluster.carrier.split(), key=len, default=""):
        near |= Q(name__icontains=word)
        near |= Q(full_name_de__icontains=word) | Q(full_name_en__icontains=word)
    pairs = organisation_pairs(Cluster.objects.filter(near))
    return {pk for pair in pairs if cluster.pk in pair for pk in pair}


def _of_same_people(cluster: Cluster) -> set[int]:
    people = cluster.memberships.managers().values("user")
    rows = Membership.objects.managers().filter(user__in=people)
    return set(rows.values_list("cluster_id", flat=True))


def _blocked(cluster: Cluster, *, both: bool) -> set[int]:
    found = set(ClusterBlock.objects.filter(cluster=cluster).values_list("blocked_id", flat=True))
    if both:
        against = ClusterBlock.objects.filter(blocked=cluster)
        found |= set(against.values_list("cluster_id", flat=True))
    return found


def _declined(cluster: Cluster, *, both: bool) -> set[int]:
    said = Feedback.objects.unsuitable()
    found = set(said.filter(cluster=cluster).values_list("partner_id", flat=True))
    if both:
        found |= set(said.filter(partner=cluster).values_list("cluster_id", flat=True))
    return found


def _in_talks(cluster: Cluster) -> set[int]:
    rows = Introduction.objects.resting(timezone.now() - REST)
    rows = rows.filter(Q(asker=cluster) | Q(partner=cluster))
    return {pk for pair in rows.values_list("asker_id", "partner_id") for pk in pair}
