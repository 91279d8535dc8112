"""Doors for managers: who belongs to the cluster. And the page an invitation leads to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters.access import (
    get_cluster_for_edit,
    get_invitation_for_edit,
    get_membership_for_edit,
)
from clusters.forms.member import InviteMemberForm, RegisterInvitedForm, RoleForm
from clusters.models import Cluster, Membership, MembershipInvitation
from clusters.services import members
from clusters.views.shared import act, person
from core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to the cluster, who is invited, and a form to invite."""
    cluster = get_cluster_for_edit(request.user, slug)
    form = InviteMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.invite_member(cluster=cluster, invited_by=person(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(
                request,
                _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]},
            )
            return redirect("clusters:member-list", slug)
    own = cluster.memberships.active().filter(user=person(request)).first()
    context = {
        "cluster": cluster,
        "form": form,
        "own": own,
        "memberships": cluster.memberships.active().select_related("user").order_by("role", "id"),
        "invitations": cluster.membership_invitations.filter(
            accepted_at=None, revoked_at=None
        ).order_by("expires_at"),
    }
    return render(request, "clusters/members.html", context)


@login_required
@require_POST
def invitation_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    invitation = get_invitation_for_edit(request.user, slug, pk)
    done = _("The invitation was sent once more. Its link lasts another 14 days.")
    act(
        request,
        lambda: members.resend_invitation(user=person(request), invitation=invitation),
        done,
    )
    return redirect("clusters:member-list", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then make an invitation's link worthless."""
    invitation = get_invitation_for_edit(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: members.revoke_invitation(user=person(request), invitation=invitation),
            _("The invitation was withdrawn; its link no longer works."),
        )
        return redirect("clusters:member-list", slug)
    title = _("Withdraw the invitation of %(email)s?") % {"email": invitation.email}
    text = _("The link in the mail will no longer work.")
    return _confirm(request, invitation.cluster, title, text, _("Withdraw invitation"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what a colleague may do."""
    membership = get_membership_for_edit(request.user, slug, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        try:
            members.change_role(user=person(request), membership=membership, role=role)
        except DomainError as error:
            form.add_error("role", error.message)
        else:
            messages.success(request, _("The role was changed."))
            return _back(request, membership.cluster)
    context = {"cluster": membership.cluster, "membership": membership, "form": form}
    return render(request, "clusters/members_role.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_hand_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then make a colleague manager in one's own place."""
    to = get_membership_for_edit(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: members.hand_over(user=person(request), cluster=to.cluster, to=to),
            _("Handed over. %(name)s is manager now.") % {"name": to.user},
        )
        return _back(request, to.cluster)
    title = _("Hand over to %(name)s?") % {"name": to.user}
    text = _(
        "%(name)s becomes manager of %(cluster)s. You stay a member, but can no longer edit."
    ) % {"name": to.user, "cluster": to.cluster}
    return _confirm(request, to.cluster, title, text, _("Hand over"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then end a membership."""
    membership = get_membership_for_edit(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: members.end_membership(user=person(request), membership=membership),
            _("The membership has ended."),
        )
        return _back(request, membership.cluster)
    own = membership.user_id == person(request).pk
    names = {"name": membership.user, "cluster": membership.cluster}
    title = (
        _("Leave %(cluster)s?") % names
        if own
        else _("End the membership of %(name)s in %(cluster)s?") % names
    )
    text = _("What was written stays. The person can be invited again at any time.")
    return _confirm(request, membership.cluster, title, text, _("End membership"))


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail's link leads. Looking changes nothing; one button accepts."""
    invitation = members.read_token(token)
    if invitation is None:
        return render(request, "clusters/members_invitation.html", {"unknown": True}, status=404)
    context: dict[str, object] = {
        "invitation": invitation,
        "cluster": invitation.cluster,
        "problem": members.problem_of(invitation),
        "is_invited": members.is_invited(invitation, request.user),
    }
    if not context["problem"] and not request.user.is_authenticated:
        if members.has_account(invitation):
            context["sign_in_first"] = True
        else:
            return _register(request, invitation, context)
    elif not context["problem"] and request.method == "POST":
        done = _("Welcome to %(cluster)s.") % {"cluster": invitation.cluster}
        user = person(request)
        act(request, lambda: members.accept_invitation(user=user, invitation=invitation), done)
        return redirect("dialog:dashboard")
    return render(request, "clusters/members_invitation.html", context)


def _register(
    request: HttpRequest, invitation: MembershipInvitation, context: dict[str, object]
) -> HttpResponse:
    """Make the account of an invited person, sign it in and lead to the dashboard."""
    form = RegisterInvitedForm(
        request.POST or None,
        email=invitation.email,
        initial={"language": get_language() or invitation.language},
    )
    if request.method == "POST" and form.is_valid():
        try:
            user = members.register_invited(invitation=invitation, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            messages.success(
                request, _("Welcome to %(cluster)s.") % {"cluster": invitation.cluster}
            )
            return redirect("dialog:dashboard")
    return render(request, "clusters/members_invitation.html", {**context, "form": form})


def _back(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """Return to the list; those who just gave their role away no longer may see it."""
    still = Membership.objects.managers().filter(user=person(request), cluster=cluster).exists()
    if still or person(request).is_staff:
        return redirect("clusters:member-list", cluster.slug)
    return redirect("dialog:dashboard")


def _confirm(
    request: HttpRequest, cluster: Cluster, title: str, text: str, label: str
) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "submit_label": label,
        "cancel_url": reverse("clusters:member-list", args=[cluster.slug]),
    }
    return render(request, "components/confirm.html", context)
