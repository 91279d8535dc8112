"""Filters mean the same wherever they are used."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from accounts.people import Person
from clusters.filters import ClusterFilter
from clusters.models import Cluster, LabelAward
from clusters.search import refresh_search
from tests.conftest import World
from tests.factories import make_cluster, make_district, make_field, make_need, make_term

pytestmark = pytest.mark.django_db


def bound(query: str, user: Person | None = None) -> ClusterFilter:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    clusters = Cluster.objects.visible_to(request.user)
    return ClusterFilter(QueryDict(query), queryset=clusters, request=request)


def names(query: str, user: Person | None = None) -> list[str]:
    return [cluster.name for cluster in bound(query, user).qs]


def test_values_of_one_facet_widen_and_facets_narrow() -> None:
    energy, health = make_field(code="energy"), make_field(code="health")
    koeln, essen = make_district(code="koeln"), make_district(code="essen")
    make_cluster(name="A", innovation_fields=[energy, health], district=koeln)
    make_cluster(name="B", innovation_fields=[health], district=essen)
    make_cluster(name="C", district=koeln)
    assert names("field=energy&field=health") == ["A", "B"]
    assert names("field=energy&field=health&district=essen") == ["B"]
    assert names("district=koeln&district=essen") == ["A", "B", "C"]


def test_kind_technology_and_stage_filter() -> None:
    laser = make_term("technology", code="laser")
    research = make_term("stage", code="research")
    make_cluster(name="A", kind="initiative", terms=[laser])
    make_cluster(name="B", kind="allianz", terms=[research])
    assert names("kind=initiative") == ["A"]
    assert names("technology=laser") == ["A"]
    assert names("stage=research") == ["B"]
    assert names("technology=laser&stage=research") == []


def test_labels_that_have_run_out_do_not_count() -> None:
    today = timezone.localdate()
    for name, level, until in (
        ("A", "gold", None),
        ("B", "silver", today),
        ("C", "gold", today - timedelta(days=1)),
    ):
        cluster = make_cluster(name=name)
        LabelAward.objects.create(
            cluster=cluster, code=f"label-{name.lower()}", level=level, valid_until=until
        )
    make_cluster(name="D")
    assert names("label=gold") == ["A"]
    assert names("label=any") == ["A", "B"]


def test_open_needs_means_needs_this_person_may_read(world: World) -> None:
    gamma = make_cluster(name="Gamma")
    make_need(gamma, confidentiality="clusters")
    delta = make_cluster(name="Delta")
    make_need(delta, confidentiality="staff")
    make_need(world.beta, valid_until=timezone.localdate() - timedelta(days=1))
    make_need(world.alpha)
    assert names("open_needs=true") == ["Alpha"]
    assert names("open_needs=true", world.outsider) == ["Alpha", "Gamma"]
    assert names("open_needs=true", world.staff) == ["Alpha", "Delta", "Gamma"]


def test_names_stand_in_german_order() -> None:
    for name in ("Zebra", "Österreich", "it's OWL", "Ofen", "Äpfel"):
        make_cluster(name=name)
    assert names("sort=name") == ["Äpfel", "it's OWL", "Österreich", "Ofen", "Zebra"]


def test_newest_first() -> None:
    now = timezone.now()
    make_cluster(name="Old", published_at=now - timedelta(days=9))
    make_cluster(name="New", published_at=now)
    make_cluster(name="Unknown", published_at=None)
    assert names("sort=newest") == ["New", "Old", "Unknown"]


def test_words_order_by_relevance_unless_asked_otherwise() -> None:
    make_cluster(name="A", profile_de="Photonik")
    make_cluster(name="Photonik")
    refresh_search()
    assert names("q=Photonik") == ["Photonik", "A"]
    assert names("q=Photonik&sort=name") == ["A", "Photonik"]


def test_an_unknown_value_is_an_error_and_filters_nothing() -> None:
    make_cluster(name="A")
    filters = bound("field=nothing")
    assert "field" in filters.errors
    assert list(filters.qs) == [Cluster.objects.get()]


def test_visitors_never_filter_drafts_into_view(world: World) -> None:
    make_cluster(name="Draft", status="draft", kind="allianz")
    assert names("kind=allianz") == []
    assert names("kind=allianz", world.outsider) == []
    assert names("kind=allianz", world.staff) == ["Draft"]
