"""Who may see and do what with topics."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from accounts.people import Person
from tests.conftest import World
from tests.factories import make_cluster, make_manager, make_topic
from tests.topics.helpers import make_endorsement, make_proposal
from topics import access
from topics.choices import TopicStatus
from topics.models import Endorsement, Topic

HIDDEN = [TopicStatus.DRAFT, TopicStatus.PROPOSED, TopicStatus.DECLINED, TopicStatus.MERGED]


def get(person: object, path: str) -> int:
    client = Client()
    if person is not None:
        client.force_login(person)  # type: ignore[arg-type]
    return client.get(path).status_code


@pytest.mark.parametrize("status", HIDDEN)
def test_strangers_learn_nothing_about_a_proposal(world: World, status: TopicStatus) -> None:
    topic = make_proposal(world.alpha, status)
    for path in ("", "edit/", "review/", "endorse/", "discard/"):
        assert get(world.outsider, f"/de/topics/{topic.slug}/{path}") == 404
    assert get(None, f"/de/topics/{topic.slug}/") == 404
    assert str(topic).encode() not in Client().get("/de/topics/").content


@pytest.mark.parametrize("status", HIDDEN)
def test_own_cluster_reads_its_proposals(world: World, status: TopicStatus) -> None:
    topic = make_proposal(world.alpha, status)
    assert get(world.member, topic.get_absolute_url()) == 200
    assert get(world.manager, topic.get_absolute_url()) == 200


def test_staff_reads_proposals_but_not_drafts(world: World) -> None:
    proposal, draft = make_proposal(world.alpha), make_proposal(world.alpha, TopicStatus.DRAFT)
    assert get(world.staff, proposal.get_absolute_url()) == 200
    assert get(world.staff, draft.get_absolute_url()) == 404


def test_members_do_not_edit_what_managers_write(world: World) -> None:
    topic = make_proposal(world.alpha, TopicStatus.DRAFT)
    with pytest.raises(PermissionDenied):
        access.get_topic_for_edit(world.member, topic.slug)
    assert access.get_topic_for_edit(world.manager, topic.slug) == topic


def test_nobody_edits_a_proposal_that_waits(world: World) -> None:
    with pytest.raises(PermissionDenied):
        access.get_topic_for_edit(world.manager, make_proposal(world.alpha).slug)


def test_only_staff_decides(world: World) -> None:
    topic = make_proposal(world.alpha)
    with pytest.raises(PermissionDenied):
        access.get_topic_for_review(world.manager, topic.slug)
    with pytest.raises(Http404):
        access.get_topic_for_review(world.outsider, topic.slug)
    assert access.get_topic_for_review(world.staff, topic.slug) == topic


def test_only_managers_of_published_clusters_endorse(world: World) -> None:
    topic = make_topic()
    hidden = make_cluster(status="draft")
    newcomer = make_manager(hidden, email="manager@hidden.example")
    refused: list[Person] = [world.member, world.staff, newcomer, AnonymousUser()]
    for person in refused:
        with pytest.raises(PermissionDenied):
            access.get_topic_for_endorse(person, topic.slug)
    assert access.get_topic_for_endorse(world.manager, topic.slug)[1] == [world.alpha]


def test_nobody_endorses_for_a_cluster_of_others(world: World) -> None:
    topic = make_topic()
    client = Client()
    client.force_login(world.manager)
    values = {"cluster": world.beta.pk, "short_term": 2, "mid_term": 2}
    assert client.post(f"/de/topics/{topic.slug}/endorse/", values).status_code == 422
    make_endorsement(topic, world.beta)
    path = f"/de/topics/{topic.slug}/endorse/beta/withdraw/"
    assert client.post(path).status_code == 404
    assert Endorsement.objects.get().cluster == world.beta


def test_private_voice_is_seen_and_counted_by_its_cluster_and_staff_only(world: World) -> None:
    topic = make_topic()
    make_endorsement(topic, world.alpha, is_public=False, contribution="Im Vertrauen")
    counts = {}
    for name, person in [
        ("visitor", AnonymousUser()),
        ("outsider", world.outsider),
        ("member", world.member),
        ("staff", world.staff),
    ]:
        row = Topic.objects.visible_to(person).with_card_data(person).get()
        counts[name] = row.voices
    assert counts == {"visitor": 0, "outsider": 0, "member": 1, "staff": 1}
    assert b"Im Vertrauen" not in Client().get(topic.get_absolute_url()).content


def test_voice_of_an_unpublished_cluster_is_not_shown(world: World) -> None:
    topic = make_topic()
    make_endorsement(topic, make_cluster(status="archived", name="Verschwunden"))
    assert b"Verschwunden" not in Client().get(topic.get_absolute_url()).content
    assert Topic.objects.with_card_data(AnonymousUser()).get().voices == 0


def test_following_needs_an_account_and_a_public_topic(world: World) -> None:
    topic, proposal = make_topic(), make_proposal(world.alpha)
    assert Client().post(f"/de/topics/{topic.slug}/follow/").status_code == 302
    client = Client()
    client.force_login(world.outsider)
    assert client.post(f"/de/topics/{proposal.slug}/follow/").status_code == 404
    assert client.post(f"/de/topics/{topic.slug}/follow/").status_code == 302
    assert topic.follows.get().user == world.outsider
    assert client.post(f"/de/topics/{topic.slug}/follow/", {"follow": "0"}).status_code == 302
    assert not topic.follows.exists()


def test_reading_a_page_changes_nothing(world: World) -> None:
    topic = make_topic()
    make_endorsement(topic, world.alpha)
    client = Client()
    client.force_login(world.manager)
    assert client.get(f"/de/topics/{topic.slug}/endorse/alpha/withdraw/").status_code == 200
    assert client.get(f"/de/topics/{topic.slug}/follow/").status_code == 405
    assert Endorsement.objects.count() == 1
    assert not topic.follows.exists()
