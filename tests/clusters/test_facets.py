"""The numbers behind the filters."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clusters.facets import Overview, answer, audience
from clusters.models import LabelAward
from clusters.search import refresh_search
from tests.clusters.test_filters import bound, names
from tests.conftest import World
from tests.factories import make_cluster, make_district, make_field, make_need, make_term, make_user

pytestmark = pytest.mark.django_db


def overview(query: str, user: object = None) -> Overview:
    return answer(bound(query, user)).overview  # type: ignore[arg-type]


def test_a_facet_counts_without_its_own_selection() -> None:
    energy, health = make_field(code="energy"), make_field(code="health")
    koeln, essen = make_district(code="koeln"), make_district(code="essen")
    make_cluster(innovation_fields=[energy], district=koeln)
    make_cluster(innovation_fields=[health], district=koeln)
    make_cluster(innovation_fields=[health], district=essen)
    counts = overview("field=energy").counts
    assert counts["field"] == {energy.pk: 1, health.pk: 2}
    assert counts["district"] == {koeln.pk: 1}


def test_every_count_is_what_the_filter_then_finds() -> None:
    laser, optics = make_term(code="laser"), make_term(code="optics")
    research = make_term("stage", code="research")
    for number in range(6):
        cluster = make_cluster(
            terms=[laser] if number % 2 else [optics, research],
            kind="allianz" if number % 3 else "initiative",
        )
        if number < 3:
            make_need(cluster)
            make_need(cluster)
            for level in ("gold", "bronze"):
                LabelAward.objects.create(
                    cluster=cluster, code=f"{level}-{cluster.pk}", level=level
                )
    found = overview("kind=allianz")
    assert found.total == len(names("kind=allianz"))
    for facet, rows in (
        ("technology", {laser.pk: "laser", optics.pk: "optics"}),
        ("stage", {research.pk: "research"}),
        ("label", {"gold": "gold", "bronze": "bronze", "any": "any"}),
        ("open_needs", {True: "true"}),
    ):
        for key, value in rows.items():
            assert found.counts[facet][key] == len(names(f"kind=allianz&{facet}={value}"))


def test_words_narrow_the_counts() -> None:
    koeln = make_district(code="koeln")
    make_cluster(profile_de="Photonik", district=koeln)
    make_cluster(profile_de="Logistik", district=koeln)
    refresh_search()
    assert overview("q=Photonik").counts["district"] == {koeln.pk: 1}
    assert overview("q=Photonik").total == 1


def test_counts_follow_a_change_at_once() -> None:
    koeln = make_district(code="koeln")
    make_cluster(district=koeln)
    assert overview("").counts["district"] == {koeln.pk: 1}
    make_cluster(district=koeln)
    assert overview("").counts["district"] == {koeln.pk: 2}
    assert overview("").total == 2


def test_counts_of_one_audience_never_reach_another(world: World) -> None:
    make_cluster(status="draft", kind="allianz")
    make_need(world.alpha, confidentiality="clusters")
    assert overview("", world.staff).counts["kind"]["allianz"] == 1
    assert "allianz" not in overview("").counts["kind"]
    assert "allianz" not in overview("", world.outsider).counts["kind"]
    assert overview("", world.outsider).counts["open_needs"][True] == 1
    assert overview("").counts["open_needs"][True] == 0


def test_people_of_equal_rights_are_one_audience(world: World) -> None:
    assert audience(world.manager) == audience(world.member)
    assert audience(world.manager) != audience(world.outsider)
    assert audience(make_user()) == audience(AnonymousUser())


def test_a_repeated_search_is_not_made_again(client: Client) -> None:
    make_cluster(name="Photonik")
    refresh_search()
    url = "/de/clusters/?q=Photonkik"
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert b"Photonik</a>" in client.get(url).content
    assert [query["sql"] for query in seen if "search_" in query["sql"]] == []


def test_a_repeated_question_is_not_counted_again(django_assert_max_num_queries: object) -> None:
    make_cluster(innovation_fields=[make_field(code="energy")])
    overview("field=energy")
    # The version of the data, and the field named in the filter.
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        overview("field=energy")
