"""Who may see and change a call. For everybody else it does not exist (404)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.models import Cluster
from clusters.querysets import ClusterQuerySet
from matching.choices import MarkKind
from matching.models import ConsortiumCall, Team
from matching.querysets import CallQuerySet


def visible_calls(user: Person) -> CallQuerySet:
    """Return the calls the person may read, the next deadline first."""
    calls: CallQuerySet = ConsortiumCall.objects.visible_to(user)
    return calls.select_related("cluster")


def clusters_for_calls(user: Person) -> ClusterQuerySet:
    """Return the clusters the person may write calls for: published ones they manage."""
    clusters: ClusterQuerySet = Cluster.objects.managed_by(user)
    return clusters.published().by_name()


def clusters_of_writer(user: Person) -> ClusterQuerySet:
    """Return the clusters the person may write calls for; staff writes for any published one."""
    if user.is_authenticated and user.is_staff:
        everybody: ClusterQuerySet = Cluster.objects.published()
        return everybody.by_name()
    return clusters_for_calls(user)


def may_write_calls(user: Person) -> bool:
    """Tell whether the person may write a call at all."""
    return user.is_authenticated and (user.is_staff or clusters_for_calls(user).exists())


def require_writer(user: Person) -> None:
    """Let in whoever may write calls.

    :raises PermissionDenied: for everybody else who is signed in.
    """
    if not may_write_calls(user):
        raise PermissionDenied


def may_change(user: Person, call: ConsortiumCall) -> bool:
    """Tell whether the person may change a call they see."""
    return bool(ConsortiumCall.objects.managed_by(user).filter(pk=call.pk).exists())


def get_call_for_view(user: Person, pk: int) -> ConsortiumCall:
    """Return a call the person may read, or raise Http404."""
    call: ConsortiumCall = get_object_or_404(visible_calls(user), pk=pk)
    return call


def get_call_for_edit(user: Person, pk: int) -> ConsortiumCall:
    """Return a call the person may change.

    :raises Http404: when they may not even see it.
    :raises PermissionDenied: when they see it as a member who does not manage the cluster.
    """
    call = get_call_for_view(user, pk)
    if not may_change(user, call):
        raise PermissionDenied
    return call


def get_team_for_view(user: Person, pk: int, team: int) -> Team:
    """Return a team of a call the person may read, or raise Http404."""
    call = get_call_for_view(user, pk)
    found: Team = get_object_or_404(call.teams.select_related("proposal"), pk=team)
    found.call = call
    return found


def get_team_for_edit(user: Person, pk: int, team: int) -> Team:
    """Return a team of a call the person may change; see :func:`get_call_for_edit`."""
    call = get_call_for_edit(user, pk)
    found: Team = get_object_or_404(call.teams, pk=team)
    found.call = call
    return found


def clusters_to_mark(call: ConsortiumCall, words: str) -> ClusterQuerySet:
    """Return organisations of that name that may be set or left out: public ones, not the lead."""
    found: ClusterQuerySet = Cluster.objects.suggestible()
    return found.filter(name__icontains=words).exclude(pk=call.cluster_id or 0).by_name()


def get_cluster_to_mark(call: ConsortiumCall, pk: str) -> Cluster:
    """Return a public organisation, or one that is marked already, or raise Http404."""
    if not pk.isdecimal() or len(pk) > 9:
        raise Http404
    marked = call.marks.values("cluster")
    found: Cluster = get_object_or_404(
        Cluster.objects.published() | Cluster.objects.filter(pk__in=marked), pk=int(pk)
    )
    return found


def mark_kind(word: str) -> MarkKind | None:
    """Return what is to be decided about an organisation; None takes a decision back."""
    if not word:
        return None
    if word not in MarkKind.values:
        raise Http404
    return MarkKind(word)
