"""Who is no candidate for whom, and who may know why."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters.models import Cluster, Project
from matching.choices import FeedbackKind, Rule
from matching.models import ClusterBlock, Feedback, Introduction
from matching.suggesting.candidates import excluded_pairs, existing_partners, ordered, rules_between
from matching.suggesting.left_out import left_out
from tests.conftest import World
from tests.factories import make_cluster, make_manager, make_membership

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def make_project(*clusters: Cluster, begins: int | None = -30, ends: int | None = 30) -> Project:
    """A project that began and ends so many days from today."""

    def day(distance: int | None) -> date | None:
        return None if distance is None else TODAY() + timedelta(days=distance)

    number = Project.objects.count()
    project: Project = Project.objects.create(
        slug=f"p{number}", title=f"Vorhaben {number}", starts_on=day(begins), ends_on=day(ends)
    )
    project.clusters.set(clusters)
    return project


def unsuitable(cluster: Cluster, partner: Cluster, *, until: int = 30) -> None:
    Feedback.objects.create(
        cluster=cluster,
        partner=partner,
        kind=FeedbackKind.UNSUITABLE,
        until=TODAY() + timedelta(days=until),
    )


def test_a_carrier_and_what_it_runs_are_no_candidates() -> None:
    parent = make_cluster(name="Verein Beispiel", full_name_de="Verein Beispiel e.V.")
    child = make_cluster(carrier="Verein  Beispiel e.V. (im Auftrag)")
    sister = make_cluster(carrier="verein beispiel e.v.")
    make_cluster(carrier="Anderer Verein")
    pairs = {ordered(a.pk, b.pk) for a, b in ((parent, child), (parent, sister), (child, sister))}
    assert excluded_pairs()[Rule.ORGANISATION] == pairs


@pytest.mark.parametrize(
    ("begins", "ends", "runs"),
    [
        (-30, 30, True),
        (-30, 0, True),
        (None, 30, True),
        (-30, -1, False),
        (1, 30, False),
        (-30, None, False),
        (None, None, False),
    ],
)
def test_only_a_project_known_to_run_today_makes_existing_partners(
    begins: int | None, ends: int | None, runs: bool
) -> None:
    one, other = make_cluster(), make_cluster()
    project = make_project(one, other, begins=begins, ends=ends)
    expected = {ordered(one.pk, other.pk)} if runs else set()
    assert excluded_pairs()[Rule.PARTNERS] == expected
    found = existing_partners(one)
    assert [entry.partner for entry in found] == ([other] if runs else [])
    assert [entry.projects for entry in found] == ([[project]] if runs else [])


def test_existing_partners_come_by_name_with_all_they_share() -> None:
    own = make_cluster()
    late, early = make_cluster(name="zeta"), make_cluster(name="Eta")
    hidden = make_cluster(status="draft")
    projects = [make_project(own, late, early, hidden), make_project(own, late)]
    found = existing_partners(own)
    assert [(entry.partner, entry.projects) for entry in found] == [
        (early, projects[:1]),
        (late, projects),
    ]


def test_a_decline_rests_for_twelve_months_and_then_no_more() -> None:
    one, other, third = make_cluster(), make_cluster(), make_cluster()
    unsuitable(other, one)
    unsuitable(one, third, until=0)
    assert excluded_pairs()[Rule.DECLINED] == {ordered(one.pk, other.pk)}


def test_whoever_is_being_introduced_is_not_suggested() -> None:
    asker, partner = make_cluster(), make_cluster()
    Introduction.objects.create(
        asker=asker, partner=partner, expires_at=timezone.now() + timedelta(days=21)
    )
    assert rules_between(asker, partner) == [Rule.TALKS]
    assert rules_between(partner, make_cluster()) == []


def rules(user: object, cluster: Cluster) -> dict[str, list[str]]:
    found = left_out(user, cluster)  # type: ignore[arg-type]
    return {entry.rule: [one.slug for one in entry.clusters] for entry in found}


def test_readers_learn_what_their_own_side_decided_and_staff_learns_both(world: World) -> None:
    ClusterBlock.objects.create(cluster=world.beta, blocked=world.alpha)
    unsuitable(world.beta, world.alpha)
    gamma, delta = make_cluster(slug="gamma"), make_cluster(slug="delta")
    ClusterBlock.objects.create(cluster=world.alpha, blocked=gamma)
    unsuitable(world.alpha, delta)
    assert rules(world.member, world.alpha) == {}
    assert rules(world.manager, world.alpha) == {"blocked": ["gamma"], "declined": ["delta"]}
    assert rules(world.staff, world.alpha) == {
        "blocked": ["beta", "gamma"],
        "declined": ["beta", "delta"],
    }


def test_members_learn_of_the_same_organisation_managers_of_the_same_people(world: World) -> None:
    Cluster.objects.filter(pk=world.alpha.pk).update(carrier="Verein Straße")
    world.alpha.refresh_from_db()
    make_cluster(slug="sister", carrier="VEREIN STRASSE (Büro Köln)")
    twin = make_cluster(slug="twin")
    make_membership(world.manager, twin, "manager")
    make_manager(make_cluster(slug="far"))
    assert rules(world.member, world.alpha) == {"organisation": ["sister"]}
    assert rules(world.manager, world.alpha) == {"organisation": ["sister"], "people": ["twin"]}


def test_reading_the_rules_takes_as_many_queries_for_2_as_for_20() -> None:
    own = make_cluster(carrier="Verein")

    def fill(number: int) -> None:
        for _ in range(number):
            other = make_cluster(carrier="Verein")
            make_manager(other)
            make_project(own, other)
            ClusterBlock.objects.create(cluster=own, blocked=other)
            unsuitable(own, other)

    def count() -> list[int]:
        counted = []
        for read in (excluded_pairs, lambda: existing_partners(own)):
            with CaptureQueriesContext(connection) as queries:
                read()
            counted.append(len(queries))
        return counted

    fill(2)
    few = count()
    fill(18)
    assert count() == few
