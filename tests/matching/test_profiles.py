"""What the engine learns from the rows, and what it must not learn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters.choices import ClusterActivity, ClusterStatus, CooperationKind, Role, TermKind
from clusters.models import Cluster, Cooperation, Project
from events.choices import RegistrationState
from events.models import Registration
from matching.choices import Audience
from matching.engine.profile import Profile
from matching.profiles import World, read_own_profile, read_world
from tests.factories import (
    make_cluster,
    make_event,
    make_field,
    make_manager,
    make_membership,
    make_need,
    make_offer,
    make_term,
    make_topic,
    make_user,
)
from topics.choices import TopicStatus
from topics.models import Endorsement, TopicFollow

pytestmark = pytest.mark.django_db


def profile(cluster: Cluster, audience: Audience = Audience.CLUSTERS) -> Profile:
    return next(p for p in read_world(audience).profiles if p.id == cluster.pk)


def test_profile_holds_what_the_cluster_says_about_itself() -> None:
    health = make_field(code="health")
    terms = [
        make_term(TermKind.SECTOR, code="c"),
        make_term(TermKind.STAGE, code="production", position=2),
        make_term(TermKind.TECHNOLOGY, code="ai", is_cross_cutting=True),
        make_term(TermKind.SERVICE, code="fairs"),
    ]
    make_term(TermKind.STAGE, code="research", position=1)
    cluster = make_cluster(
        innovation_fields=[health], terms=terms, profile_de="Was wir tun", profile_en=""
    )
    found = profile(cluster)
    assert found.fields == {"health"}
    assert found.sectors == {"sector:c"}
    assert found.stages == {"stage:production"}
    assert found.terms == {"technology:ai"}
    assert found.cross_cutting_terms == {"technology:ai"}
    assert (found.text_de, found.text_en) == ("Was wir tun", "")
    vocabulary = read_world(Audience.CLUSTERS).vocabulary
    assert vocabulary.stages == ("stage:research", "stage:production")
    assert vocabulary.field("health") == {"de": health.name_de, "en": health.name_en}


def test_training_is_nobodys_neighbour_in_the_value_chain() -> None:
    training = make_term(TermKind.STAGE, code="qualifizierung", position=9)
    cluster = make_cluster(terms=[training])
    assert profile(cluster).stages == frozenset()
    assert read_world(Audience.CLUSTERS).vocabulary.stages == ()


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.CLUSTERS, ["public", "clusters"]),
        (Audience.STAFF, ["public", "clusters", "staff"]),
    ],
)
def test_entries_above_the_audience_are_not_even_read(
    audience: Audience, expected: list[str]
) -> None:
    cluster = make_cluster()
    for level in ("public", "clusters", "staff"):
        make_need(cluster, confidentiality=level)
        make_offer(cluster, confidentiality=level)
    found = profile(cluster, audience)
    assert [need.confidentiality for need in found.needs] == expected
    assert [offer.confidentiality for offer in found.offers] == expected


def test_run_out_and_archived_entries_count_for_hints_at_most() -> None:
    cluster = make_cluster()
    yesterday = timezone.localdate() - timedelta(days=1)
    make_need(cluster, valid_until=yesterday)
    make_need(cluster, status="archived")
    today = make_need(cluster, valid_until=timezone.localdate())
    assert [need.id for need in profile(cluster).needs] == [today.pk]
    own = read_own_profile(cluster)
    assert own is not None
    assert len(own.needs) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ClusterStatus.DRAFT},
        {"status": ClusterStatus.ARCHIVED},
        {"activity": ClusterActivity.ENDED},
        {"activity": ClusterActivity.MERGED},
    ],
)
def test_who_is_not_public_or_not_at_work_takes_no_part(fields: dict[str, str]) -> None:
    cluster = make_cluster(**fields)
    make_need(cluster)
    assert read_world(Audience.STAFF).profiles == []
    assert read_own_profile(cluster) is None


def test_agreement_is_the_clusters_own_and_needs_known_activity() -> None:
    assert profile(make_cluster()).agreed_to_be_suggested
    assert not profile(make_cluster(may_be_suggested=False)).agreed_to_be_suggested
    unknown = make_cluster(activity=ClusterActivity.UNKNOWN)
    assert not profile(unknown).agreed_to_be_suggested


def test_only_public_voices_for_published_topics_count_for_clusters() -> None:
    cluster = make_cluster()
    shown, private, draft = (make_topic(slug=slug) for slug in ("shown", "private", "draft"))
    draft.status = TopicStatus.DRAFT
    draft.save()
    make_topic(slug="own", proposed_by=cluster)
    for topic, is_public in ((shown, True), (private, False), (draft, True)):
        Endorsement.objects.create(topic=topic, cluster=cluster, is_public=is_public)
    assert profile(cluster).followed_topics == {"shown", "own"}
    assert profile(cluster, Audience.STAFF).followed_topics == {"shown", "own", "private"}


def test_what_a_person_follows_says_nothing_about_the_cluster() -> None:
    cluster = make_cluster()
    TopicFollow.objects.create(topic=make_topic(), user=make_manager(cluster))
    assert profile(cluster, Audience.STAFF).followed_topics == frozenset()


def test_only_attended_events_count() -> None:
    cluster = make_cluster()
    there, away = make_event(), make_event()
    for event, state in (
        (there, RegistrationState.ATTENDED),
        (away, RegistrationState.REGISTERED),
    ):
        Registration.objects.create(event=event, cluster=cluster, email="a@b.example", state=state)
    assert profile(cluster).events_attended == {there.pk}


def test_joint_projects_and_partnerships_count_but_relatives_do_not() -> None:
    one, two, three, four = sorted((make_cluster() for _ in range(4)), key=lambda c: c.pk)
    for slug in ("first", "second"):
        Project.objects.create(slug=slug, title=slug).clusters.set([one, two])
    for other, kind in (
        (two, CooperationKind.PROJECT),
        (three, CooperationKind.PARTNERSHIP),
        (four, CooperationKind.RELATED),
    ):
        Cooperation.objects.create(first=one, second=other, kind=kind, source="memory")
    assert profile(one).cooperations == {two.pk: 2, three.pk: 1}
    assert profile(three).cooperations == {one.pk: 1}
    assert read_world(Audience.CLUSTERS).excluded == frozenset()


def test_same_organisation_and_same_manager_are_not_introduced_to_each_other() -> None:
    one = make_cluster(carrier="Verein Beispiel e.V.")
    two = make_cluster(carrier="Verein  Beispiel e.V. (im Auftrag)")
    three, four = make_cluster(carrier="Anderer Verein"), make_cluster()
    manager = make_manager(three)
    make_membership(manager, four)
    make_membership(make_user(), one, Role.MEMBER)
    assert read_world(Audience.CLUSTERS).excluded == {(one.pk, two.pk), (three.pk, four.pk)}


def test_examples_are_known_as_such() -> None:
    cluster, other = make_cluster(), make_cluster()
    need = make_need(cluster, is_example=True)
    offer = make_offer(cluster, is_example=True)
    make_offer(cluster)
    topic = make_topic(slug="topic")
    Endorsement.objects.create(topic=topic, cluster=cluster, is_example=True)
    project = Project.objects.create(slug="p", title="p", is_example=True)
    project.clusters.set([cluster, other])
    examples = read_world(Audience.CLUSTERS).examples
    assert examples.needs == {need.pk}
    assert examples.offers == {offer.pk}
    assert examples.voices == {(cluster.pk, "topic")}
    assert examples.joint == {tuple(sorted((cluster.pk, other.pk))): 1}


def test_reading_takes_the_same_number_of_queries_for_2_and_20_clusters() -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            term = make_term()
            cluster = make_cluster(innovation_fields=[make_field()], terms=[term])
            make_need(cluster, terms=[term])
            make_offer(cluster, terms=[term])
            make_manager(cluster)
            Endorsement.objects.create(topic=make_topic(), cluster=cluster)

    def count() -> tuple[int, World]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            world = read_world(Audience.STAFF)
        return len(queries), world

    fill(2)
    few, _ = count()
    fill(18)
    many, world = count()
    assert len(world.profiles) == 20
    assert few == many
