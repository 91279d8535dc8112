"""The directory as visitors use it."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.search import refresh_search
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_district,
    make_field,
    make_need,
    make_term,
)

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"{reverse('clusters:cluster-list')}?{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> list[str]:
    """Names on the cards."""
    return re.findall(r'cd-card__title"><a [^>]+>([^<]+)</a>', html)


def test_visitors_see_published_clusters_only(client: Client, world: World) -> None:
    make_cluster(name="Draft", status="draft")
    make_cluster(name="Archived", status="archived")
    assert shown(page(client)) == ["Alpha", "Beta"]
    client.force_login(world.staff)
    assert shown(page(client)) == ["Alpha", "Archived", "Beta", "Draft"]


def test_members_see_their_own_draft_and_visitors_after_them_do_not(
    client: Client, world: World
) -> None:
    world.alpha.status = "draft"
    world.alpha.save()
    visitor = Client()
    client.force_login(world.member)
    assert "Alpha" in shown(page(client))
    assert shown(page(visitor)) == ["Beta"]


def test_a_change_shows_at_once_though_cards_are_kept(client: Client) -> None:
    cluster = make_cluster(name="Before")
    assert shown(page(client)) == ["Before"]
    cluster.name = "After"
    cluster.save()
    assert shown(page(client)) == ["After"]


def test_both_languages_are_kept_apart(client: Client) -> None:
    make_cluster(profile_de="Deutscher Text", profile_en="English text")
    assert "Deutscher Text" in client.get("/de/clusters/").content.decode()
    assert "English text" in client.get("/en/clusters/").content.decode()
    assert "Deutscher Text" in client.get("/de/clusters/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_clusters(client: Client) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(client)
        return len(seen)

    def fill(number: int) -> None:
        for _ in range(number):
            cluster = make_cluster(
                innovation_fields=[make_field()], terms=[make_term()], district=make_district()
            )
            make_need(cluster)

    fill(2)
    few = queries()
    fill(18)
    assert queries() == few


def test_htmx_gets_answer_and_filters_without_the_frame(client: Client) -> None:
    make_cluster(name="A")
    url = reverse("clusters:cluster-list")
    response = client.get(f"{url}?sort=name&field=&page=1", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="answer"' in html
    assert 'id="facets" hx-swap-oob="true"' in html
    assert 'id="answer-status"' in html
    assert response["HX-Push-Url"] == f"{url}?sort=name"
    assert "HX-Request" in response["Vary"]


def test_boosted_visits_get_the_whole_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true"}
    response = client.get(reverse("clusters:cluster-list"), headers=headers)
    assert "<html" in response.content.decode()


def test_each_chip_removes_its_filter_and_keeps_the_others(client: Client) -> None:
    make_field(code="energy", name_de="Energie")
    make_district(code="koeln")
    html = page(client, "field=energy&district=koeln&q=wind")
    chips = re.findall(r'class="cd-chip" href="\?([^"]*)"', html)
    assert sorted(chips) == [
        "field=energy&amp;district=koeln",
        "q=wind&amp;district=koeln",
        "q=wind&amp;field=energy",
    ]


def test_boxes_show_their_count_and_stay_ticked(client: Client) -> None:
    field = make_field(code="energy", name_de="Energie")
    make_cluster(innovation_fields=[field])
    html = page(client, "field=energy")
    assert re.search(r'name="field" value="energy" id="field-energy" checked', html)
    assert re.search(r'Energie <span class="cd-facet__count">\(1\)', html)


def test_a_long_facet_folds_what_is_rare(client: Client) -> None:
    for number in range(15):
        term = make_term(code=f"t-{number}", label_de=f"Technik {number}")
        for _ in range(15 - number if number < 3 else 1):
            make_cluster(terms=[term])
    folded = page(client).split("cd-facet__more")[1].split("</details>")[0]
    assert folded.count('name="technology"') == 5
    assert 'value="t-0"' not in folded


def test_pages_keep_the_filters(client: Client) -> None:
    for number in range(30):
        make_cluster(name=f"Cluster {number:02}", kind="allianz")
    first = page(client, "kind=allianz")
    assert len(shown(first)) == 25
    assert "?kind=allianz&amp;page=2" in first
    assert shown(page(client, "kind=allianz&page=2")) == [f"Cluster {n}" for n in range(25, 30)]


def test_pages_of_a_search_follow_its_order(client: Client) -> None:
    for number in range(30):
        make_cluster(name=f"Cluster {number:02}", profile_de="Photonik")
    refresh_search()
    first, second = shown(page(client, "q=Photonik")), shown(page(client, "q=Photonik&page=2"))
    assert (len(first), len(second)) == (25, 5)
    assert not set(first) & set(second)


def test_foreign_parameters_of_one_visitor_reach_no_other(client: Client) -> None:
    for _ in range(30):
        make_cluster()
    page(client, "utm_source=evil")
    assert "evil" not in page(Client())


def test_nothing_found_suggests_words_and_fewer_filters(client: Client) -> None:
    make_district(code="koeln")
    make_term(code="wasserstoff", label_de="Wasserstoff")
    make_cluster(name="Wasserwerk", profile_de="Photonik")
    refresh_search()
    html = page(client, "q=Photonik&district=koeln")
    assert shown(html) == []
    assert '<a href="?q=Photonik">' in html
    assert "q=Wasserstoff" in page(client, "q=Wasserstaub&district=koeln")


def test_an_unknown_filter_is_told_and_the_page_still_works(client: Client) -> None:
    make_cluster(name="A")
    html = page(client, "field=nothing&kind=%00")
    assert "kern-alert--warning" in html
    assert shown(html) == ["A"]


def test_a_page_number_out_of_range_shows_the_last_page(client: Client) -> None:
    make_cluster(name="A")
    assert shown(page(client, "page=99")) == ["A"]
    assert shown(page(client, "page=x")) == ["A"]
