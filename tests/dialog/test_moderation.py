"""The moderation queue: one list over all apps, for staff only."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import ChangeTarget, ReviewState
from clusters.models import Application, ChangeRequest
from dialog.moderation import count_queue, read_queue
from events.choices import EventStatus
from tests.conftest import World
from tests.factories import make_event, make_topic
from topics.choices import TopicStatus


def waiting(world: World, target: str = ChangeTarget.NEED, days: int = 0, **more: Any) -> Any:
    values = {"text_de": "Wir suchen"} if target != ChangeTarget.PROFILE else {"city": "Essen"}
    return ChangeRequest.objects.create(
        cluster=more.pop("cluster", world.alpha),
        target=target,
        values=values,
        author=world.manager,
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now() - timedelta(days=days),
        **more,
    )


def apply(days: int = 0) -> Application:
    application: Application = Application.objects.create(
        name="Gamma",
        kind="cluster",
        profile="x",
        contact_name="Kontakt",
        contact_email="contact@gamma.example",
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now() - timedelta(days=days),
    )
    return application


def test_queue_mixes_all_kinds_oldest_first(world: World) -> None:
    now = timezone.now()
    waiting(world, ChangeTarget.PROFILE, days=1)
    waiting(world, ChangeTarget.NEED, days=5)
    waiting(world, ChangeTarget.OFFER, days=3)
    apply(days=4)
    make_topic(status=TopicStatus.PROPOSED, submitted_at=now - timedelta(days=2))
    make_event(status=EventStatus.SUBMITTED, submitted_at=now)
    page = read_queue()
    kinds = [line.kind for line in page.object_list]
    assert kinds == ["need", "application", "offer", "topic", "profile", "event"]
    assert set(count_queue().values()) == {1}


def test_decided_and_unsubmitted_entries_do_not_wait(world: World) -> None:
    for state in (ReviewState.DRAFT, ReviewState.ACCEPTED, ReviewState.CHANGES_REQUESTED):
        change = waiting(world)
        ChangeRequest.objects.filter(pk=change.pk).update(state=state)
    make_topic()
    make_event()
    assert list(read_queue().object_list) == []
    assert sum(count_queue().values()) == 0


def test_filters_narrow_kind_and_age(world: World, client: Client) -> None:
    waiting(world, days=10)
    waiting(world, days=1)
    apply(days=20)
    client.force_login(world.staff)
    url = reverse("dialog:moderation")
    lines = client.get(url, {"kind": "need"}).context["page_obj"].object_list
    assert [line.kind for line in lines] == ["need", "need"]
    page = client.get(url, {"age": "7"})
    assert [line.kind for line in page.context["page_obj"].object_list] == ["application", "need"]
    assert page.context["total"] == 2
    assert client.get(url, {"kind": "nonsense", "age": "x", "page": "z"}).status_code == 200


@pytest.mark.parametrize("who", ["manager", "member", "outsider"])
def test_queue_does_not_exist_for_others(world: World, client: Client, who: str) -> None:
    change, application = waiting(world), apply()
    client.force_login(getattr(world, who))
    assert client.get(reverse("dialog:moderation")).status_code == 404
    for verb in ("review", "accept", "return", "decline"):
        url = reverse(f"clusters:change-{verb}", args=[change.pk])
        assert client.post(url).status_code in {404, 405}
        url = reverse(f"clusters:application-{verb}", args=[application.pk])
        assert client.post(url).status_code in {404, 405}
    for verb in ("publish", "unpublish", "archive"):
        assert client.post(reverse(f"clusters:cluster-{verb}", args=["alpha"])).status_code == 404
    assert ChangeRequest.objects.get().state == ReviewState.SUBMITTED


def test_visitor_is_asked_to_sign_in(world: World, client: Client) -> None:
    answer = client.get(reverse("dialog:moderation"))
    assert answer["Location"].startswith(reverse("account_login"))


def test_staff_reads_the_diff_and_accepts(world: World, client: Client) -> None:
    change = waiting(world, ChangeTarget.PROFILE, before={"city": ""})
    client.force_login(world.staff)
    page = client.get(reverse("clusters:change-review", args=[change.pk]))
    assert "<ins>Essen</ins>" in page.content.decode()
    version = page.context["form"]["version"].value()
    accept = reverse("clusters:change-accept", args=[change.pk])
    assert client.get(accept).status_code == 405
    assert client.post(accept, {"version": version})["Location"] == reverse("dialog:moderation")
    world.alpha.refresh_from_db()
    assert world.alpha.city == "Essen"


@pytest.mark.parametrize(
    ("verb", "state"),
    [("return", ReviewState.CHANGES_REQUESTED), ("decline", ReviewState.DECLINED)],
)
def test_refusal_without_reason_is_asked_again(
    world: World, client: Client, verb: str, state: str
) -> None:
    change = waiting(world)
    client.force_login(world.staff)
    url = reverse(f"clusters:change-{verb}", args=[change.pk])
    version = client.get(url).context["form"]["version"].value()
    page = client.post(url, {"version": version, "reason": ""})
    assert page.context["form"].errors["reason"]
    client.post(url, {"version": version, "reason": "Zu allgemein"})
    change.refresh_from_db()
    assert (change.state, change.reason) == (state, "Zu allgemein")


def test_accepted_application_invites_its_first_manager(world: World, client: Client) -> None:
    application = apply()
    client.force_login(world.staff)
    assert (
        client.get(reverse("clusters:application-review", args=[application.pk])).status_code == 200
    )
    url = reverse("clusters:application-accept", args=[application.pk])
    assert client.get(url).status_code == 200
    client.post(url)
    application.refresh_from_db()
    assert application.state == ReviewState.ACCEPTED
    invitation = application.cluster.membership_invitations.get()
    assert (invitation.email, invitation.role) == ("contact@gamma.example", "manager")


def test_staff_publishes_and_takes_back(world: World, client: Client) -> None:
    client.force_login(world.staff)
    for verb, status in (("unpublish", "draft"), ("publish", "published"), ("archive", "archived")):
        url = reverse(f"clusters:cluster-{verb}", args=["alpha"])
        assert client.get(url).status_code == 200
        client.post(url)
        world.alpha.refresh_from_db()
        assert world.alpha.status == status


def test_queue_costs_the_same_for_2_and_20_entries(world: World, client: Client) -> None:
    client.force_login(world.staff)
    client.get(reverse("dialog:moderation"))
    counts = []
    for number in (2, 18):
        for _ in range(number):
            waiting(world)
            apply()
            make_topic(status=TopicStatus.PROPOSED, proposed_by=world.beta)
            make_event(status=EventStatus.SUBMITTED, proposed_by=world.beta)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("dialog:moderation"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
