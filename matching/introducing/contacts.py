"""Who speaks for a cluster in an introduction."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import User
from clusters.models import Cluster, Membership
from matching.models import Introduction


def managers_of(clusters: Iterable[int]) -> dict[int, list[User]]:
    """Return the people who manage each of these clusters today, in one query."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.managers().filter(cluster__in=set(clusters), user__is_active=True)
    for membership in rows.select_related("user").order_by("pk"):
        found[membership.cluster_id].append(membership.user)
    return found


def contacts_of(introductions: Iterable[Introduction]) -> dict[tuple[int, int], list[User]]:
    """Return whom to write to, by introduction and cluster, in one query.

    That is the person who asked or agreed; where they have left, everybody who manages the
    cluster now. Introductions not agreed by both have no contacts: addresses are handed out to
    those who have agreed, for those who have agreed.
    """
    agreed = [introduction for introduction in introductions if introduction.is_agreed]
    sides = {i.asker_id for i in agreed} | {i.partner_id for i in agreed}
    managers = managers_of(sides)
    found: dict[tuple[int, int], list[User]] = {}
    for introduction in agreed:
        for cluster, person in (
            (introduction.asker_id, introduction.asker_person_id),
            (introduction.partner_id, introduction.partner_person_id),
        ):
            people = managers[cluster]
            found[introduction.pk, cluster] = [u for u in people if u.pk == person] or people
    return found


def is_reachable(cluster: Cluster) -> bool:
    """Tell whether somebody answers for the cluster in the portal."""
    return bool(managers_of([cluster.pk])[cluster.pk])
