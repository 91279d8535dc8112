"""The first page after signing in: what waits for me, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from clusters.choices import ChangeTarget, ClusterStatus, ReviewState, Role
from clusters.gaps import measure, with_gap_data
from clusters.models import ChangeRequest, Cluster, MembershipInvitation, Need, Offer
from clusters.services.members import make_token
from clusters.views.editing import edit_url
from clusters.views.shared import person
from core.choices import MailState
from core.models import OutgoingMail
from dialog.moderation import KINDS, count_queue
from events.choices import Answer, EventStatus, RegistrationState
from events.models import Event, Invitation


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the person. A smaller ``rank`` is more urgent."""

    rank: int
    kind: str
    title: str
    text: str
    url: str
    action: str
    due: datetime | None = None


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, then their clusters, then what comes next."""
    user = person(request)
    memberships = list(user.memberships.filter(ended_at=None).select_related("cluster"))
    managed_ids = [m.cluster_id for m in memberships if m.role == Role.MANAGER]
    managed = list(with_gap_data(Cluster.objects.filter(pk__in=managed_ids)))
    todos = [
        *_colleague_invitations(user),
        *_returned_changes(managed_ids),
        *_event_invitations(user),
        *_run_out(managed),
        *_drafts(managed_ids),
    ]
    context = {
        "todos": sorted(todos, key=lambda todo: (todo.rank, todo.due or timezone.now())),
        "memberships": memberships,
        "profiles": [(cluster, measure(cluster)) for cluster in managed],
        "waiting_changes": ChangeRequest.objects.waiting()
        .filter(cluster__in=managed_ids)
        .select_related("cluster"),
        "next_events": _next_events(user),
        "office": _office() if user.is_staff else None,
    }
    return render(request, "dialog/dashboard.html", context)


def _colleague_invitations(user: User) -> list[Todo]:
    """Invitations into clusters sent to an address the person has proved to own."""
    owned = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    wanted = Q()
    for address in {*owned}:
        wanted |= Q(email__iexact=address)
    if not wanted:
        return []
    found = MembershipInvitation.objects.filter(
        wanted, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("cluster")
    return [
        Todo(
            rank=0,
            kind=_("Invitation of a cluster"),
            title=_("%(cluster)s invites you to join") % {"cluster": invitation.cluster},
            text=_("As: %(role)s") % {"role": invitation.get_role_display()},
            url=reverse("clusters:member-invitation-accept", args=[make_token(invitation)]),
            action=_("Open invitation"),
            due=invitation.expires_at,
        )
        for invitation in found
    ]


def _returned_changes(cluster_ids: list[int]) -> list[Todo]:
    changes = (
        ChangeRequest.objects.returned()
        .filter(cluster__in=cluster_ids)
        .select_related("cluster")
        .order_by("decided_at")
    )
    return [
        Todo(
            rank=1,
            kind=_("Sent back by NRW.innovativ"),
            title=_("%(cluster)s: please change your %(entry)s")
            % {"cluster": change.cluster, "entry": change.get_target_display()},
            text=change.reason,
            url=edit_url(change),
            action=_("Edit"),
        )
        for change in changes
    ]


def _event_invitations(user: User) -> list[Todo]:
    coming = Event.objects.upcoming().filter(status=EventStatus.PUBLISHED)
    found = (
        Invitation.objects.of_user(user)
        .unanswered()
        .filter(event__in=coming.order_by().values("pk"))
        .select_related("event")
        .order_by("event__starts_at")
    )
    return [
        Todo(
            rank=2,
            kind=_("Invitation to an event"),
            title=str(invitation.event.title),
            text="",
            url=f"{reverse('events:my-invitations')}#invitation-{invitation.pk}",
            action=_("Answer"),
            due=invitation.event.starts_at,
        )
        for invitation in found
    ]


def _run_out(managed: list[Cluster]) -> list[Todo]:
    """Needs and offers nobody sees any more, a line a cluster."""
    counts: dict[int, int] = {}
    for model in (Need, Offer):
        expired = model.objects.filter(
            cluster__in=managed, status="published", valid_until__lt=timezone.localdate()
        )
        for cluster_id in expired.values_list("cluster", flat=True):
            counts[cluster_id] = counts.get(cluster_id, 0) + 1
    return [
        Todo(
            rank=3,
            kind=_("Needs and offers"),
            title=ngettext(
                "%(cluster)s: %(count)d entry has run out",
                "%(cluster)s: %(count)d entries have run out",
                counts[cluster.pk],
            )
            % {"cluster": cluster, "count": counts[cluster.pk]},
            text=_("Visitors no longer see them. Extend or archive them."),
            url=reverse("clusters:statement-list", args=[cluster.slug]),
            action=_("Look through"),
        )
        for cluster in managed
        if cluster.pk in counts
    ]


def _drafts(cluster_ids: list[int]) -> list[Todo]:
    changes = (
        ChangeRequest.objects.filter(state=ReviewState.DRAFT, cluster__in=cluster_ids)
        .exclude(values={})
        .select_related("cluster")
    )
    labels = {
        ChangeTarget.PROFILE: _("%(cluster)s: draft of the profile"),
        ChangeTarget.NEED: _("%(cluster)s: draft of a need"),
        ChangeTarget.OFFER: _("%(cluster)s: draft of an offer"),
    }
    return [
        Todo(
            rank=4,
            kind=_("Not submitted yet"),
            title=labels[ChangeTarget(change.target)] % {"cluster": change.cluster},
            text="",
            url=edit_url(change),
            action=_("Go on"),
        )
        for change in changes
    ]


def _next_events(user: User) -> list[Event]:
    """The next events the person takes part in or has said yes to."""
    coming = Event.objects.upcoming().filter(
        Q(registrations__user=user, registrations__state=RegistrationState.REGISTERED)
        | Q(pk__in=Invitation.objects.of_user(user).filter(answer=Answer.YES).values("event"))
    )
    return list(coming.distinct()[:5])


def _office() -> dict[str, Any]:
    """What staff wants to know at a glance."""
    counts = count_queue()
    unmanaged = Cluster.objects.filter(status=ClusterStatus.PUBLISHED).exclude(
        pk__in=Cluster.objects.filter(
            memberships__role=Role.MANAGER, memberships__ended_at=None
        ).values("pk")
    )
    return {
        "queue": [(kind, label, counts[kind]) for kind, label in KINDS.items()],
        "queue_total": sum(counts.values()),
        "urgent": sum(count_queue(days=7).values()),
        "failed_mails": OutgoingMail.objects.filter(
            state=MailState.FAILED, created_at__gte=timezone.now() - timedelta(days=30)
        ).count(),
        "events": Event.objects.upcoming().filter(status=EventStatus.PUBLISHED)[:5],
        "unmanaged": unmanaged.order_by("name")[:5],
        "unmanaged_total": unmanaged.count(),
    }
