"""The page of a cluster's suggested partners: two lists, existing partners, who is left out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from clusters.choices import TermKind
from clusters.models import Cluster, Project
from matching.choices import RoundState
from matching.models import ClusterBlock, Feedback, Round, RoundShard, Suggestion, Weights
from matching.services import compute_round
from tests.conftest import World
from tests.factories import make_cluster, make_field, make_need, make_term
from tests.matching.rows import make_answering, make_sensing

PAGE = "/en/clusters/alpha/suggestions/"


def page(person: User, path: str = PAGE) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def section(html: str, name: str) -> str:
    """The part of the page below one of its headings."""
    return html.split(f'id="{name}-title"')[1].split("</section>")[0]


def share(one: Cluster, other: Cluster, *, ended: bool) -> None:
    """A joint project that is over, or still runs."""
    end = timezone.localdate() + timedelta(days=-30 if ended else 30)
    slug = f"p{other.pk}"
    Project.objects.create(slug=slug, title=f"Project {slug}", ends_on=end).clusters.set(
        [one, other]
    )


@pytest.fixture
def alpha(world: World) -> Cluster:
    term = make_sensing()
    make_need(world.alpha, text_de="Gesucht wird Sensorik für Getriebe.", terms=[term])
    for name, ended in (("New", None), ("Known", True), ("Together", False)):
        partner = make_answering(term, name=name, slug=name.lower())
        if ended is not None:
            share(world.alpha, partner, ended=ended)
    compute_round()
    return world.alpha


def test_new_and_known_and_existing_partners_stand_apart(world: World, alpha: Cluster) -> None:
    html = page(world.manager)
    names = {name: section(html, name) for name in ("new", "deepen", "partners")}
    assert ">New<" in names["new"]
    assert ">Known<" in names["deepen"]
    assert ">Together<" in names["partners"]
    assert f"Project p{Cluster.objects.get(slug='together').pk}" in names["partners"]
    assert sum(part.count(">Together<") + part.count(">Known<") for part in names.values()) == 2


def test_a_list_never_holds_more_than_eight(world: World, alpha: Cluster) -> None:
    term = make_term(TermKind.TECHNOLOGY, code="steel")
    make_need(alpha, text_de="Gesucht wird Sensorik.", terms=[term])
    for number in range(20):
        partner = make_answering(term, slug=f"many-{number}")
        if number % 2:
            share(alpha, partner, ended=True)
    compute_round()
    html = page(world.manager)
    assert section(html, "new").count("<article") == 8
    assert section(html, "deepen").count("<article") == 8


def test_a_cold_profile_gets_suggestions_from_the_form_alone(world: World) -> None:
    stages = [
        make_term(TermKind.STAGE, code=code, position=place)
        for place, code in enumerate(("research", "production"))
    ]
    ai = make_term(TermKind.TECHNOLOGY, code="ai", label_en="AI", is_cross_cutting=True)
    field, sector = make_field(), make_term(TermKind.SECTOR, code="c")
    world.alpha.innovation_fields.set([field])
    world.alpha.terms.set([stages[0], ai, sector])
    make_cluster(name="Neighbour", innovation_fields=[make_field()], terms=[stages[1], ai, sector])
    compute_round()
    html = page(world.manager)
    assert ">Neighbour<" in section(html, "new")
    assert "Common cross-cutting technologies: AI" in html
    assert "neutral (no data)" in html
    best = html.split("cd-suggest__best")[1].split("</p>")[0]
    assert "State a need." in best
    assert "/en/clusters/alpha/statements/need/new/" in best


def test_a_partner_put_off_is_hidden_from_one_list_only(world: World, alpha: Cluster) -> None:
    partner = Cluster.objects.get(slug="new")
    until = timezone.localdate() + timedelta(days=30)
    Feedback.objects.create(cluster=alpha, partner=partner, kind="later", until=until)
    assert ">New<" not in section(page(world.manager), "new")
    assert "Alpha" in page(world.staff, "/en/clusters/new/suggestions/").split("<article")[1]


def test_staff_reads_how_far_a_new_round_is_and_clusters_do_not(
    world: World, alpha: Cluster
) -> None:
    running = Round.objects.create(weights=Weights.objects.get(), state=RoundState.RUNNING)
    for first in range(4):
        RoundShard.objects.create(
            round=running,
            audience="staff",
            first_cluster=first,
            last_cluster=first,
            done_at=timezone.now() if first == 0 else None,
        )
    assert "25 % done" in page(world.staff)
    assert "% done" not in page(world.manager)


def test_the_time_shown_is_that_of_the_lists_not_of_the_round(world: World, alpha: Cluster) -> None:
    later = timezone.now() + timedelta(days=3)
    Suggestion.objects.filter(cluster=alpha).update(computed_at=later)
    day = timezone.localtime(later)
    assert f"{day.day} {day:%B} {day.year}" in page(world.manager)


def test_the_page_takes_as_many_queries_for_2_as_for_20_of_everything(
    world: World, alpha: Cluster
) -> None:
    client = Client()
    client.force_login(world.manager)

    def count() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    def fill(number: int) -> None:
        for _ in range(number):
            term = make_term()
            make_need(alpha, text_de="Gesucht wird Sensorik.", terms=[term])
            make_answering(term)
            share(alpha, make_answering(term), ended=True)
            share(alpha, make_answering(term), ended=False)
            ClusterBlock.objects.create(cluster=alpha, blocked=make_answering(term))
        compute_round()

    fill(2)
    few = count()
    fill(18)
    assert count() == few
