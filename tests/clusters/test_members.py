"""Inviting colleagues, roles, handing over and leaving."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.signals import account_deletion_requested
from clusters.choices import Role
from clusters.models import Membership, MembershipInvitation
from clusters.services import members
from core.errors import DomainError
from core.models import OutgoingMail
from tests.conftest import World
from tests.factories import make_membership, make_user

ACCOUNT = {"name": "Neue Person", "password": "vier lange Wörter hier", "language": "de"}


def invite(
    world: World, email: str = "new@alpha.example", role: str = "member"
) -> MembershipInvitation:
    return members.invite_member(
        cluster=world.alpha, email=email, role=role, language="de", invited_by=world.manager
    )


def link(invitation: MembershipInvitation) -> str:
    return reverse("clusters:member-invitation-accept", args=[members.make_token(invitation)])


def role_of(user: User, world: World) -> str | None:
    membership = Membership.objects.active().filter(user=user, cluster=world.alpha).first()
    return membership.role if membership else None


def test_mail_carries_a_link_that_changes_nothing_by_get(world: World, client: Client) -> None:
    invitation = invite(world)
    mail = OutgoingMail.objects.select_related("content").get()
    assert mail.to == "new@alpha.example"
    assert link(invitation) in mail.content.text
    assert link(invitation) in mail.content.html
    assert client.get(link(invitation)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="new@alpha.example").exists()


def test_invited_person_makes_a_verified_account(world: World, client: Client) -> None:
    invitation = invite(world, role="manager")
    answer = client.post(link(invitation), ACCOUNT)
    assert answer.status_code == 302
    user = User.objects.get(email="new@alpha.example")
    assert user.check_password(ACCOUNT["password"])
    assert EmailAddress.objects.get(user=user).verified
    assert EmailAddress.objects.get(user=user).primary
    assert role_of(user, world) == Role.MANAGER
    assert client.get(reverse("dialog:dashboard")).status_code == 200


def test_weak_password_is_refused_and_input_kept(world: World, client: Client) -> None:
    page = client.post(link(invite(world)), {**ACCOUNT, "password": "kurz"})
    assert page.context["form"].errors["password"]
    assert page.context["form"]["name"].value() == "Neue Person"
    assert not User.objects.filter(email="new@alpha.example").exists()


def test_existing_account_signs_in_and_joins(world: World, client: Client) -> None:
    user = make_user("known@somewhere.example")
    invitation = invite(world, email="Known@somewhere.example")
    page = client.get(link(invitation))
    assert reverse("account_login") in page.content.decode()
    client.force_login(user)
    client.post(link(invitation))
    assert role_of(user, world) == Role.MEMBER


def test_other_account_is_told_before_it_joins(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    page = client.get(link(invite(world)))
    assert page.context["is_invited"] is False
    assert "new@alpha.example" in page.content.decode()


def test_inviting_looks_the_same_with_and_without_account(world: World, client: Client) -> None:
    make_user("known@somewhere.example")
    client.force_login(world.manager)
    url = reverse("clusters:member-list", args=["alpha"])
    seen = []
    for email in ("known@somewhere.example", "unknown@somewhere.example"):
        data = {"email": email, "role": "member", "language": "de"}
        answer = client.post(url, data, follow=True)
        words = [str(message).replace(email, "") for message in answer.context["messages"]]
        seen.append((answer.redirect_chain, words))
    assert seen[0] == seen[1]
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("change", ["expired", "revoked", "accepted"])
def test_void_invitation_lets_nobody_in(world: World, client: Client, change: str) -> None:
    invitation = invite(world)
    now = timezone.now()
    values = {
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "revoked": {"revoked_at": now},
        "accepted": {"accepted_at": now},
    }[change]
    MembershipInvitation.objects.filter(pk=invitation.pk).update(**values)
    page = client.post(link(invitation), ACCOUNT)
    assert page.context["problem"]
    assert not User.objects.filter(email="new@alpha.example").exists()
    with pytest.raises(DomainError):
        members.accept_invitation(user=world.outsider, invitation=invitation)


def test_forged_link_is_not_found(world: World, client: Client) -> None:
    invite(world)
    url = reverse("clusters:member-invitation-accept", args=["MQ:forged:word"])
    assert client.get(url).status_code == 404


def test_second_invitation_renews_the_first(world: World) -> None:
    first = invite(world)
    second = invite(world, email="NEW@alpha.example", role="manager")
    assert first.pk == second.pk
    assert MembershipInvitation.objects.get().role == Role.MANAGER


def test_member_of_the_cluster_is_not_invited_again(world: World) -> None:
    with pytest.raises(DomainError):
        invite(world, email=world.member.email)


def test_accepting_never_lowers_a_role(world: World) -> None:
    invitation = invite(world)
    make_membership(world.staff, world.alpha, role="manager")
    members.accept_invitation(user=world.staff, invitation=invitation)
    assert role_of(world.staff, world) == Role.MANAGER


def test_last_manager_cannot_leave_but_staff_may_end_it(world: World) -> None:
    membership = Membership.objects.get(user=world.manager)
    with pytest.raises(DomainError):
        members.end_membership(user=world.manager, membership=membership)
    with pytest.raises(DomainError):
        members.change_role(user=world.manager, membership=membership, role=Role.MEMBER)
    assert role_of(world.manager, world) == Role.MANAGER
    members.end_membership(user=world.staff, membership=membership)
    assert role_of(world.manager, world) is None


def test_hand_over_swaps_the_roles(world: World, client: Client) -> None:
    to = Membership.objects.get(user=world.member)
    client.force_login(world.manager)
    url = reverse("clusters:member-hand-over", args=["alpha", to.pk])
    assert client.get(url).status_code == 200
    assert role_of(world.member, world) == Role.MEMBER
    assert client.post(url)["Location"] == reverse("dialog:dashboard")
    assert role_of(world.member, world) == Role.MANAGER
    assert role_of(world.manager, world) == Role.MEMBER


def test_former_member_loses_the_pages(world: World, client: Client) -> None:
    make_membership(world.staff, world.alpha, role="manager")
    client.force_login(world.manager)
    membership = Membership.objects.get(user=world.manager)
    client.post(reverse("clusters:member-end", args=["alpha", membership.pk]))
    assert client.get(reverse("clusters:member-list", args=["alpha"])).status_code == 403


def test_resent_invitation_lasts_14_days_again(world: World, client: Client) -> None:
    invitation = invite(world)
    soon = timezone.now() + timedelta(days=1)
    MembershipInvitation.objects.update(expires_at=soon)
    client.force_login(world.manager)
    client.post(reverse("clusters:member-invitation-resend", args=["alpha", invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.expires_at > soon + timedelta(days=12)
    assert OutgoingMail.objects.count() == 2


def test_member_may_not_invite(world: World, client: Client) -> None:
    client.force_login(world.member)
    data = {"email": "x@alpha.example", "role": "manager", "language": "de"}
    assert client.post(reverse("clusters:member-list", args=["alpha"]), data).status_code == 403
    assert not MembershipInvitation.objects.exists()


def test_old_invitations_are_deleted(world: World) -> None:
    old, fresh = invite(world, email="old@a.example"), invite(world, email="fresh@a.example")
    long_ago = timezone.now() - timedelta(days=31)
    MembershipInvitation.objects.filter(pk=old.pk).update(expires_at=long_ago)
    assert members.purge_invitations() == 1
    assert MembershipInvitation.objects.get() == fresh


@pytest.mark.parametrize(
    ("language", "words"), [("de", "/de/invitations/"), ("en", "/en/invitations/")]
)
def test_mail_speaks_the_language_chosen_for_it(world: World, language: str, words: str) -> None:
    members.invite_member(
        cluster=world.alpha,
        email="new@alpha.example",
        role="member",
        language=language,
        invited_by=world.manager,
    )
    mail = OutgoingMail.objects.select_related("content").get()
    assert mail.content.language == language
    assert words in mail.content.text


def test_last_manager_keeps_the_account(world: World) -> None:
    with pytest.raises(DomainError):
        account_deletion_requested.send(sender=User, user=world.manager)
    make_membership(world.staff, world.alpha, role="manager")
    account_deletion_requested.send(sender=User, user=world.manager)
    account_deletion_requested.send(sender=User, user=world.member)
