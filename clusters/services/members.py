"""Who belongs to a cluster: inviting colleagues, roles, handing over, leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters import mails
from clusters.choices import Role
from clusters.models import Cluster, Membership, MembershipInvitation
from core.errors import DomainError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

INVITATION_LASTS = timedelta(days=14)
INVITATION_KEPT = timedelta(days=30)
# The dot needs no escaping in an address and no mail program breaks a link at it.
_signer = signing.Signer(salt="clusters.membership_invitation", sep=".")


def make_token(invitation: MembershipInvitation) -> str:
    """Return the signed word that stands in the invitation's link."""
    return _signer.sign(str(invitation.pk))


def read_token(token: str) -> MembershipInvitation | None:
    """Return the invitation a link belongs to, or ``None`` when the link is not ours.

    Whether the invitation is still open is for the caller to ask (:func:`problem_of`).
    """
    try:
        pk = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    invitation: MembershipInvitation | None = (
        MembershipInvitation.objects.select_related("cluster", "invited_by").filter(pk=pk).first()
    )
    return invitation


def problem_of(invitation: MembershipInvitation) -> str:
    """Return why an invitation cannot be accepted, or an empty text when it can."""
    if invitation.accepted_at:
        return _("This invitation was already accepted. Sign in to go on.")
    if invitation.revoked_at:
        return _("This invitation was withdrawn. Please ask the cluster for a new one.")
    if invitation.expires_at <= timezone.now():
        return _("This invitation has expired. Please ask the cluster for a new one.")
    return ""


@transaction.atomic
def invite_member(
    *, cluster: Cluster, email: str, role: str, language: str, invited_by: User | None
) -> MembershipInvitation:
    """Invite an address to take a role in the cluster; its link lasts 14 days.

    An invitation still open for the address is renewed instead of doubled. The answer is the
    same whether or not the address has an account.

    :raises DomainError: when the person is in the cluster already.
    """
    Cluster.objects.select_for_update().get(pk=cluster.pk)
    email = email.strip().lower()
    if cluster.memberships.active().filter(user__email__iexact=email).exists():
        raise DomainError(
            _("This person already belongs to the cluster. You can change the role in the list."),
            field="email",
        )
    invitation: MembershipInvitation = MembershipInvitation.objects.filter(
        cluster=cluster, email__iexact=email, accepted_at=None, revoked_at=None
    ).first() or MembershipInvitation(cluster=cluster, email=email)
    invitation.cluster = cluster
    invitation.role = role
    invitation.language = language
    invitation.invited_by = invited_by
    return _send(invitation)


@transaction.atomic
def resend_invitation(*, user: User, invitation: MembershipInvitation) -> MembershipInvitation:
    """Send the link once more; the 14 days begin anew.

    :raises DomainError: when it was accepted or withdrawn meanwhile.
    """
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise DomainError(problem_of(invitation), code="state")
    return _send(invitation)


@transaction.atomic
def revoke_invitation(*, user: User, invitation: MembershipInvitation) -> MembershipInvitation:
    """Make an invitation's link worthless.

    :raises DomainError: when it was accepted meanwhile.
    """
    invitation = _locked(invitation)
    if invitation.accepted_at:
        raise DomainError(problem_of(invitation), code="state")
    invitation.revoked_at = timezone.now()
    invitation.save()
    return invitation


@transaction.atomic
def accept_invitation(*, user: User, invitation: MembershipInvitation) -> Membership:
    """Give the holder of the link the role; a higher role they already have stays.

    :raises DomainError: when the invitation is expired, withdrawn or used.
    """
    invitation = _locked(invitation)
    if problem := problem_of(invitation):
        raise DomainError(problem, code="state")
    membership = Membership.objects.active().filter(user=user, cluster=invitation.cluster).first()
    if membership is None:
        membership = Membership(user=user, cluster=invitation.cluster, role=invitation.role)
    elif invitation.role == Role.MANAGER:
        membership.role = Role.MANAGER
    membership.save()
    invitation.accepted_at = timezone.now()
    invitation.save()
    accepted: Membership = membership
    return accepted


@transaction.atomic
def register_invited(
    *, invitation: MembershipInvitation, name: str, password: str, language: str
) -> User:
    """Make the invited person's account and give it the role.

    The address counts as verified: the link that leads here came to it by mail.

    :raises DomainError: when the invitation is void, or the address has an account by now.
    """
    invitation = _locked(invitation)
    if problem := problem_of(invitation):
        raise DomainError(problem, code="state")
    if has_account(invitation):
        raise DomainError(_("There is an account for this address. Please sign in."), code="state")
    user = User.objects.create_user(
        invitation.email, password, name=name.strip(), language=language
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    accept_invitation(user=user, invitation=invitation)
    return user


def has_account(invitation: MembershipInvitation) -> bool:
    """Tell whether the invited address has an account; for the holder of the link only."""
    address = invitation.email
    return (
        User.objects.filter(email__iexact=address).exists()
        or EmailAddress.objects.filter(email__iexact=address, verified=True).exists()
    )


def is_invited(invitation: MembershipInvitation, user: User | AnonymousUser) -> bool:
    """Tell whether the signed-in account is the one the invitation was sent to."""
    if not user.is_authenticated:
        return False
    return (
        user.email.lower() == invitation.email.lower()
        or EmailAddress.objects.filter(
            user=user, email__iexact=invitation.email, verified=True
        ).exists()
    )


@transaction.atomic
def change_role(*, user: User, membership: Membership, role: str) -> Membership:
    """Make a member a manager or the other way round.

    :raises DomainError: when the cluster would be left without a manager.
    """
    membership = _locked_membership(membership)
    if role != Role.MANAGER:
        _keep_a_manager(user, membership)
    membership.role = role
    membership.save()
    return membership


@transaction.atomic
def hand_over(*, user: User, cluster: Cluster, to: Membership) -> Membership:
    """Make a colleague manager and step back to being a member oneself.

    :raises DomainError: when the colleague has left, or it is the person themselves.
    """
    successor = _locked_membership(to)
    own = Membership.objects.active().filter(user=user, cluster=cluster).first()
    if successor.cluster_id != cluster.pk or (own is not None and own.pk == successor.pk):
        raise DomainError(_("Please choose a colleague to hand over to."), field="to")
    successor.role = Role.MANAGER
    successor.save()
    if own is not None:
        own.role = Role.MEMBER
        own.save()
    return successor


@transaction.atomic
def end_membership(*, user: User, membership: Membership) -> Membership:
    """End a membership today; what the person did stays.

    :raises DomainError: when the last manager would go. Staff may end that one, too.
    """
    membership = _locked_membership(membership)
    _keep_a_manager(user, membership)
    membership.ended_at = timezone.now()
    membership.save()
    return membership


def check_departure(*, user: User) -> None:
    """Tell whether the person's account may go.

    :raises DomainError: when a cluster would be left without a manager.
    """
    for membership in user.memberships.managers().select_related("cluster"):
        others = membership.cluster.memberships.managers().exclude(pk=membership.pk)
        if not others.exists():
            raise DomainError(
                _("You are the last manager of %(cluster)s. Please hand over to a colleague first.")
                % {"cluster": membership.cluster},
                code="last_manager",
            )


def purge_invitations() -> int:
    """Delete invitations withdrawn, used or run out 30 days ago; return how many there were."""
    before = timezone.now() - INVITATION_KEPT
    done = MembershipInvitation.objects.filter(
        Q(expires_at__lt=before) | Q(accepted_at__lt=before) | Q(revoked_at__lt=before)
    )
    return done.delete()[0]


def _send(invitation: MembershipInvitation) -> MembershipInvitation:
    invitation.expires_at = timezone.now() + INVITATION_LASTS
    invitation.save()
    mails.member_invited(invitation, make_token(invitation))
    return invitation


def _locked(invitation: MembershipInvitation) -> MembershipInvitation:
    locked: MembershipInvitation = (
        MembershipInvitation.objects.select_for_update(of=("self",))
        .select_related("cluster", "invited_by")
        .get(pk=invitation.pk)
    )
    return locked


def _locked_membership(membership: Membership) -> Membership:
    """Lock the whole cluster: two managers leaving at once must not leave it without any."""
    Cluster.objects.select_for_update().get(pk=membership.cluster_id)
    locked: Membership | None = (
        Membership.objects.active().select_related("cluster").filter(pk=membership.pk).first()
    )
    if locked is None:
        raise DomainError(_("This membership has already ended."), code="state")
    return locked


def _keep_a_manager(user: User, membership: Membership) -> None:
    others = membership.cluster.memberships.managers().exclude(pk=membership.pk)
    if membership.role == Role.MANAGER and not others.exists() and not user.is_staff:
        raise DomainError(
            _(
                "The cluster needs at least one manager. Hand over to a colleague first; if nobody"
                " is there, ask NRW.innovativ."
            ),
            code="last_manager",
        )
