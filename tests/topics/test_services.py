"""What the verbs about topics promise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from core.models import OutgoingMail
from tests.conftest import World
from tests.factories import make_topic
from tests.topics.helpers import make_endorsement, make_proposal
from topics import services
from topics.choices import Decision, Potential, TopicStatus
from topics.models import Endorsement, Topic
from topics.signals import endorsement_changed

TEXTS = {"title_de": "Wärme für Übermorgen", "summary_de": "Weil sie sonst verloren geht."}


def propose(world: World, texts: dict[str, str] | None = None) -> Topic:
    return services.save_proposal(
        user=world.manager,
        cluster=world.alpha,
        texts=TEXTS if texts is None else texts,
        terms=[],
        innovation_fields=[],
    )


def test_new_proposal_is_a_draft_with_a_readable_address_of_its_own(world: World) -> None:
    first, second = propose(world), propose(world)
    assert first.status == TopicStatus.DRAFT
    assert (first.slug, second.slug) == ("waerme-fuer-uebermorgen", "waerme-fuer-uebermorgen-2")


def test_submitted_proposal_waits_for_staff(world: World) -> None:
    topic = services.submit_proposal(user=world.manager, topic=propose(world))
    assert topic in Topic.objects.waiting()
    assert topic.submitted_at is not None


def test_proposal_without_reason_in_any_language_is_not_submitted(world: World) -> None:
    topic = propose(world, {"title_de": "Nur ein Titel", "summary_en": "Only a reason"})
    with pytest.raises(DomainError):
        services.submit_proposal(user=world.manager, topic=topic)
    topic.refresh_from_db()
    assert topic.status == TopicStatus.DRAFT


def test_submitted_proposal_is_not_edited_behind_the_back_of_staff(world: World) -> None:
    topic = make_proposal(world.alpha)
    with pytest.raises(DomainError):
        services.save_proposal(
            user=world.manager,
            cluster=world.alpha,
            texts=TEXTS,
            terms=[],
            innovation_fields=[],
            topic=topic,
        )
    assert not Topic.objects.filter(title_de=TEXTS["title_de"]).exists()


def test_accepted_proposal_opens_and_its_author_is_told(world: World) -> None:
    topic = make_proposal(world.alpha, author=world.manager)
    services.decide_proposal(user=world.staff, topic=topic, decision=Decision.ACCEPT)
    topic.refresh_from_db()
    assert topic.status == TopicStatus.OPEN
    assert topic.decided_by == world.staff
    mail = OutgoingMail.objects.get()
    assert mail.to == world.manager.email
    assert mail.content.name == "topics/proposal_accepted"


@pytest.mark.parametrize(
    ("decision", "status"),
    [(Decision.RETURN, TopicStatus.DRAFT), (Decision.DECLINE, TopicStatus.DECLINED)],
)
def test_refusal_needs_a_reason_and_mails_it(
    world: World, decision: Decision, status: TopicStatus
) -> None:
    topic = make_proposal(world.alpha, author=world.manager)
    with pytest.raises(DomainError):
        services.decide_proposal(user=world.staff, topic=topic, decision=decision, reason="  ")
    assert not OutgoingMail.objects.exists()
    services.decide_proposal(
        user=world.staff, topic=topic, decision=decision, reason="Gibt es schon <bald>."
    )
    topic.refresh_from_db()
    assert topic.status == status
    content = OutgoingMail.objects.get().content
    assert "Gibt es schon <bald>." in content.text
    assert "Gibt es schon &lt;bald&gt;." in content.html


def test_second_decision_comes_too_late(world: World) -> None:
    topic = make_proposal(world.alpha, author=world.manager)
    services.decide_proposal(user=world.staff, topic=topic, decision=Decision.ACCEPT)
    with pytest.raises(DomainError) as caught:
        services.decide_proposal(
            user=world.staff, topic=topic, decision=Decision.DECLINE, reason="Zu spät"
        )
    assert caught.value.code == "stale"
    assert Topic.objects.get().status == TopicStatus.OPEN


def test_returned_proposal_loses_its_reason_when_it_is_proposed_again(world: World) -> None:
    topic = make_proposal(world.alpha, TopicStatus.DRAFT, status_reason="Bitte kürzer")
    assert services.submit_proposal(user=world.manager, topic=topic).status_reason == ""


def test_cluster_has_one_voice_however_often_it_endorses(world: World) -> None:
    topic = make_topic()
    for short in (Potential.LOW, Potential.HIGH):
        services.endorse_topic(
            user=world.manager, topic=topic, cluster=world.alpha, short_term=short, mid_term=2
        )
    assert Endorsement.objects.get().short_term == Potential.HIGH


def test_own_voice_takes_the_place_of_an_example(world: World) -> None:
    topic = make_topic()
    make_endorsement(topic, world.alpha, is_example=True)
    services.endorse_topic(
        user=world.manager, topic=topic, cluster=world.alpha, short_term=1, mid_term=1
    )
    assert not Endorsement.objects.get().is_example


@pytest.mark.parametrize("status", [TopicStatus.DONE, TopicStatus.PROPOSED, TopicStatus.DECLINED])
def test_topic_that_is_not_open_takes_no_voices(world: World, status: TopicStatus) -> None:
    topic = make_topic(status=status)
    with pytest.raises(DomainError):
        services.endorse_topic(
            user=world.manager, topic=topic, cluster=world.alpha, short_term=1, mid_term=1
        )
    assert not Endorsement.objects.exists()


def test_apps_above_hear_of_every_voice(world: World) -> None:
    topic, heard = make_topic(), []

    def hear(cluster_id: int, topic_id: int, **_rest: object) -> None:
        heard.append((cluster_id, topic_id))

    endorsement_changed.connect(hear)
    try:
        services.endorse_topic(
            user=world.manager, topic=topic, cluster=world.alpha, short_term=1, mid_term=1
        )
        services.withdraw_endorsement(user=world.manager, topic=topic, cluster=world.alpha)
        services.withdraw_endorsement(user=world.manager, topic=topic, cluster=world.alpha)
    finally:
        endorsement_changed.disconnect(hear)
    assert heard == [(world.alpha.pk, topic.pk)] * 2
    assert not Endorsement.objects.exists()


def test_followers_are_told_when_a_topic_moves_on_and_nobody_else(world: World) -> None:
    topic = make_topic()
    world.outsider.language = "en"
    world.outsider.save()
    services.follow_topic(user=world.outsider, topic=topic)
    services.follow_topic(user=world.outsider, topic=topic)
    services.change_status(user=world.staff, topic=topic, status=TopicStatus.FOCUS)
    services.change_status(user=world.staff, topic=topic, status=TopicStatus.FOCUS)
    mail = OutgoingMail.objects.get()
    assert mail.to == world.outsider.email
    assert mail.content.language == "en"
    assert "/en/topics/" in mail.content.text


def test_published_topic_is_not_made_a_draft_again(world: World) -> None:
    topic = make_topic()
    with pytest.raises(DomainError):
        services.change_status(user=world.staff, topic=topic, status=TopicStatus.DRAFT)
    assert Topic.objects.get().status == TopicStatus.OPEN


def test_withdrawn_proposal_is_a_draft_again(world: World) -> None:
    topic = make_proposal(world.alpha)
    services.withdraw_proposal(user=world.manager, topic=topic)
    assert Topic.objects.get().status == TopicStatus.DRAFT


def test_only_drafts_can_be_thrown_away(world: World) -> None:
    with pytest.raises(DomainError):
        services.discard_proposal(user=world.manager, topic=make_proposal(world.alpha))
    services.discard_proposal(
        user=world.manager, topic=make_proposal(world.alpha, TopicStatus.DRAFT)
    )
    assert Topic.objects.get().status == TopicStatus.PROPOSED


def test_decisions_lock_the_topic(world: World) -> None:
    topic = make_proposal(world.alpha)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.decide_proposal(user=world.staff, topic=topic, decision=Decision.ACCEPT)
    assert any("FOR UPDATE" in query["sql"] for query in queries)
