"""What people do with proposed teams: keep one, swap a member, set or leave out somebody."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from matching.choices import MarkKind
from matching.models import CallMark, ConsortiumCall, Team, TeamMember
from matching.services.consortia.saving import locked_call


@transaction.atomic
def keep_team(*, user: User, team: Team, kept: bool) -> Team:
    """Keep a team as a working list that outlives further computations, or let it go again.

    :raises DomainError: when the team is gone.
    """
    team = _locked(team)
    team.kept_at = timezone.now() if kept else None
    team.save(update_fields=["kept_at"])
    return team


@transaction.atomic
def swap_member(*, user: User, team: Team, member: int, replacement: int) -> Team:
    """Put one of a member's replacements in its place; the member becomes a replacement itself.

    :raises DomainError: when either is no longer what the page showed.
    """
    team = _locked(team)
    row = TeamMember.objects.select_for_update().filter(team=team, pk=member).first()
    options = row.replacements if row is not None and not row.is_lead else []
    chosen = next((one for one in options if one["cluster"] == replacement), None)
    if row is None or chosen is None or team.members.filter(cluster=replacement).exists():
        raise DomainError(_("This exchange is no longer possible."), code="gone")
    before = {"cluster": row.cluster_id, "loses": [], "facts": row.facts}
    row.replacements = [before, *(one for one in options if one is not chosen)]
    row.cluster_id = replacement
    row.facts = chosen["facts"]
    row.save(update_fields=["replacements", "cluster", "facts"])
    team.is_changed = True
    team.save(update_fields=["is_changed"])
    return team


@transaction.atomic
def mark_cluster(
    *, user: User, call: ConsortiumCall, cluster: Cluster, kind: MarkKind | None
) -> None:
    """Set an organisation in every team, leave it out of every team, or take that back (None).

    :raises DomainError: when it is the leading cluster, or more are set than a team may have.
    """
    call = locked_call(call)
    if cluster.pk == call.cluster_id:
        raise DomainError(_("The leading cluster is in every team."), code="lead")
    # So that the page knows that its teams are older than what was decided.
    call.save(update_fields=["updated_at"])
    if kind is None:
        CallMark.objects.filter(call=call, cluster=cluster).delete()
        return
    CallMark.objects.update_or_create(call=call, cluster=cluster, defaults={"kind": kind})
    pinned = call.marks.filter(kind=MarkKind.PINNED).count() + bool(call.cluster_id)
    if pinned > call.max_partners:
        raise DomainError(
            _("More organisations are set than the largest team has members."), code="too_many"
        )


def _locked(team: Team) -> Team:
    locked: Team | None = Team.objects.select_for_update().filter(pk=team.pk).first()
    if locked is None:
        raise DomainError(_("This team has been replaced by a new computation."), code="gone")
    return locked
