"""The overview: the most urgent thing first, and only what is the person's own."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import ChangeTarget, ReviewState
from clusters.gaps import measure
from clusters.models import ChangeRequest
from clusters.services.members import invite_member
from core.choices import MailKind, MailState
from core.models import MailContent, OutgoingMail
from events.models import Invitation, Registration
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_event,
    make_field,
    make_manager,
    make_membership,
    make_need,
    make_offer,
    make_term,
    make_user,
)

URL = "dialog:dashboard"


def todos(client: Client) -> list[Any]:
    found: list[Any] = client.get(reverse(URL)).context["todos"]
    return found


def returned(world: World, **more: Any) -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.create(
        cluster=world.alpha,
        target=ChangeTarget.NEED,
        values={"text_de": "x"},
        state=ReviewState.CHANGES_REQUESTED,
        reason="Bitte genauer",
        **more,
    )
    return change


def test_visitor_signs_in_first(client: Client, db: None) -> None:
    assert client.get(reverse(URL))["Location"].startswith(reverse("account_login"))


def test_person_without_cluster_learns_how_to_join(db: None, client: Client) -> None:
    client.force_login(make_user())
    page = client.get(reverse(URL)).content.decode()
    assert reverse("clusters:cluster-list") in page
    assert reverse("clusters:application-create") in page


def test_most_urgent_comes_first(world: World, client: Client) -> None:
    EmailAddress.objects.create(
        user=world.manager, email=world.manager.email, verified=True, primary=True
    )
    make_need(world.alpha, valid_until=timezone.localdate() - timedelta(days=1))
    Invitation.objects.create(event=make_event(), email=world.manager.email)
    returned(world)
    invite_member(
        cluster=world.beta,
        email=world.manager.email,
        role="member",
        language="de",
        invited_by=world.outsider,
    )
    client.force_login(world.manager)
    assert [todo.rank for todo in todos(client)] == [0, 1, 2, 3]
    page = client.get(reverse(URL)).content.decode()
    assert "Bitte genauer" in page


def test_invitation_to_an_unproved_address_is_not_shown(world: World, client: Client) -> None:
    invite_member(
        cluster=world.beta,
        email=world.manager.email,
        role="manager",
        language="de",
        invited_by=world.outsider,
    )
    client.force_login(world.manager)
    assert todos(client) == []


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_what_waits_for_a_manager_is_not_shown_to_others(
    world: World, client: Client, who: str
) -> None:
    returned(world)
    Invitation.objects.create(event=make_event(), email=world.manager.email)
    client.force_login(getattr(world, who))
    assert todos(client) == []
    assert "Bitte genauer" not in client.get(reverse(URL)).content.decode()


def test_answered_and_past_invitations_do_not_wait(world: World, client: Client) -> None:
    Invitation.objects.create(event=make_event(), email=world.manager.email, answer="no")
    past = make_event(starts_at=timezone.now() - timedelta(days=9))
    Invitation.objects.create(event=past, email=world.manager.email)
    client.force_login(world.manager)
    assert todos(client) == []


def test_gaps_lead_to_their_fields(world: World) -> None:
    empty = measure(make_cluster(profile_en=""))
    assert any(gap.url.endswith("#id_profile_en") for gap in empty.gaps)
    assert empty.done == 1
    full = make_cluster(
        innovation_fields=[make_field()],
        terms=[make_term("stage"), make_term("technology"), make_term("sector")],
        city="Essen",
        website="https://full.example",
        logo="logos/x.png",
    )
    make_need(full)
    make_offer(full)
    assert (measure(full).gaps, measure(full).done) == ([], measure(full).total)


def test_next_events_are_those_one_takes_part_in(world: World, client: Client) -> None:
    mine, agreed, _other = make_event(), make_event(), make_event()
    Registration.objects.create(event=mine, user=world.manager, email=world.manager.email)
    Invitation.objects.create(event=agreed, email=world.manager.email, answer="yes")
    client.force_login(world.manager)
    assert client.get(reverse(URL)).context["next_events"] == [mine, agreed]


def test_office_figures_are_for_staff_only(world: World, client: Client) -> None:
    content = MailContent.objects.create(
        name="x", kind=MailKind.REVIEW, language="de", subject="x", text="x", html="x"
    )
    OutgoingMail.objects.create(content=content, to="a@b.example", state=MailState.FAILED)
    alone = make_cluster(name="Ganz allein")
    client.force_login(world.manager)
    assert client.get(reverse(URL)).context["office"] is None
    client.force_login(world.staff)
    office = client.get(reverse(URL)).context["office"]
    assert office["failed_mails"] == 1
    assert list(office["unmanaged"]) == [alone]
    assert office["unmanaged_total"] == 1


def test_overview_costs_the_same_for_2_and_20_things(world: World, client: Client) -> None:
    manager = make_manager(world.beta)
    client.force_login(manager)
    client.get(reverse(URL))
    counts = []
    for number in (2, 18):
        for _ in range(number):
            ChangeRequest.objects.create(
                cluster=world.beta,
                target=ChangeTarget.NEED,
                values={"text_de": "x"},
                state=ReviewState.CHANGES_REQUESTED,
            )
            make_need(world.beta, terms=[make_term()])
            Invitation.objects.create(event=make_event(), email=manager.email)
            Registration.objects.create(event=make_event(), user=manager, email=manager.email)
            make_membership(manager, make_cluster(), role="member")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(URL))
        counts.append(len(queries))
    assert counts[0] == counts[1]
