"""Who may learn what from lists: every level and every reader, figures included."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from clusters.choices import Confidentiality
from clusters.models import Cluster
from matching.choices import Audience
from matching.models import Round, Suggestion
from matching.services import compute_round, refresh
from tests.conftest import World
from tests.factories import make_manager, make_need, make_offer, make_term, make_topic
from tests.matching.rows import make_answering, make_sensing
from topics.models import Endorsement

SECRET = "Sprödigkeit von Stahl"
LEVELS = list(Confidentiality)
Readers = dict[str, User | None]


@pytest.fixture
def readers(world: World) -> Readers:
    """Alpha asks, Gamma answers; Beta is a stranger."""
    term = make_sensing()
    make_need(world.alpha, text_de="Gesucht wird Sensorik für Getriebe.", terms=[term])
    gamma = make_answering(term, slug="gamma", name="Gamma")
    return {
        "visitor": None,
        "outsider": world.outsider,
        "manager": world.manager,
        "partner": make_manager(gamma, email="manager@gamma.example"),
        "staff": world.staff,
    }


def of(slug: str) -> Cluster:
    cluster: Cluster = Cluster.objects.get(slug=slug)
    return cluster


def get(person: User | None, path: str) -> Any:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(path)


def everything(person: User | None) -> str:
    """All a reader can find out about the pair: both pages, and the API."""
    paths = [f"/de/clusters/{slug}/suggestions/" for slug in ("alpha", "gamma")]
    answers = [get(person, path) for path in (*paths, "/de/dashboard/", "/api/v1/suggestions/")]
    # What follows the page's content tells the time.
    return "".join(
        answer.content.decode().split("<main")[-1].split("</main>")[0]
        for answer in answers
        if answer.status_code == 200
    )


def add_secret(level: str) -> None:
    """Something both sides would be suggested for, at one level."""
    make_need(of("alpha"), text_de=f"Gesucht: {SECRET}", confidentiality=level)
    make_offer(of("gamma"), text_de=f"Angebot: {SECRET}", confidentiality=level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("reader", ["visitor", "outsider", "manager", "partner", "staff"])
def test_each_reader_learns_what_their_level_allows_and_no_more(
    readers: Readers, reader: str, level: str
) -> None:
    add_secret(level)
    compute_round()
    concerned = reader in {"manager", "partner", "staff"}
    allowed = reader == "staff" or (concerned and level != Confidentiality.STAFF)
    assert (SECRET in everything(readers[reader])) is allowed


@pytest.mark.parametrize("reader", ["visitor", "outsider", "manager", "partner"])
@pytest.mark.parametrize("way", ["amended", "whole"])
def test_with_and_without_a_hidden_entry_all_others_read_the_same(
    readers: Readers, reader: str, way: str
) -> None:
    """Letter for letter: places, words, bars, figures, hashes and times."""
    compute_round()
    before = everything(readers[reader])
    staff_before = everything(readers["staff"])
    add_secret(Confidentiality.STAFF)
    if way == "amended":
        refresh()
    else:
        rows = Suggestion.objects.filter(audience=Audience.CLUSTERS)
        times = dict(rows.values_list("cluster", "computed_at"))
        completed = Round.objects.get().completed_at
        Round.objects.all().delete()
        compute_round()
        # The time of a round is no secret; all else must be the same.
        Round.objects.update(completed_at=completed)
        for cluster, moment in times.items():
            Suggestion.objects.filter(cluster=cluster).update(computed_at=moment)
    assert everything(readers[reader]) == before
    assert everything(readers["staff"]) != staff_before


@pytest.mark.parametrize("raised", ["need", "offer"])
@pytest.mark.parametrize("reader", ["manager", "partner"])
def test_a_level_raised_after_the_round_takes_the_figures_with_it(
    readers: Readers, reader: str, raised: str
) -> None:
    add_secret(Confidentiality.CLUSTERS)
    compute_round()
    pair = "Gamma" if reader == "manager" else "Alpha"
    path = f"/de/clusters/{'alpha' if reader == 'manager' else 'gamma'}/suggestions/"
    person = readers[reader]
    assert pair in get(person, path).content.decode().split("<article")[1]
    assert get(person, "/api/v1/suggestions/").json()["count"] == 1
    rows = of("alpha").needs if raised == "need" else of("gamma").offers
    rows.filter(text_de__contains=SECRET).update(confidentiality=Confidentiality.STAFF)
    assert "<article" not in get(person, path).content.decode()
    assert get(person, "/api/v1/suggestions/").json()["count"] == 0
    assert SECRET not in everything(person)
    assert SECRET in everything(readers["staff"])
    refresh()
    assert pair in get(person, path).content.decode().split("<article")[1]
    assert SECRET not in everything(person)


def test_a_raised_entry_counts_even_where_no_sentence_quotes_it(readers: Readers) -> None:
    """Two needs at most are quoted, but all of them went into the bar."""
    alpha, gamma = of("alpha"), of("gamma")
    for number in range(3):
        make_need(alpha, text_de=f"Gesucht: {SECRET} {number}")
        make_offer(gamma, text_de=f"Angebot: {SECRET} {number}")
    compute_round()
    row = Suggestion.objects.get(audience=Audience.CLUSTERS, cluster=gamma)
    quoted = {reason["need"] for reason in row.reasons if "need" in reason}
    silent = alpha.needs.exclude(pk__in=quoted)
    assert silent.exists()
    silent.update(confidentiality=Confidentiality.STAFF)
    html = get(readers["partner"], "/de/clusters/gamma/suggestions/").content.decode()
    assert "<article" not in html


@pytest.mark.parametrize("side", ["alpha", "gamma"])
def test_a_voice_that_is_no_longer_public_is_told_to_nobody_but_staff(
    readers: Readers, side: str
) -> None:
    topic = make_topic(slug="quiet", title_de="Stilles Thema")
    for slug in ("alpha", "gamma"):
        Endorsement.objects.create(topic=topic, cluster=of(slug), is_public=True)
    compute_round()
    path = "/de/clusters/alpha/suggestions/"
    assert "Stilles Thema" in get(readers["manager"], path).content.decode()
    Endorsement.objects.filter(cluster=of(side)).update(is_public=False)
    assert "Stilles Thema" not in get(readers["manager"], path).content.decode()
    assert "<article" not in get(readers["manager"], path).content.decode()
    assert "Stilles Thema" in get(readers["staff"], path).content.decode()


def test_reading_a_long_list_takes_as_many_queries_as_a_short_one(
    readers: Readers,
) -> None:
    term = make_term(code="steel")
    client, staff = Client(), readers["staff"]
    assert staff is not None
    client.force_login(staff)
    compute_round()

    def count() -> int:
        client.get("/api/v1/suggestions/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/suggestions/")
        return len(queries)

    few = count()
    for _ in range(18):
        make_answering(term)
    compute_round()
    assert count() == few
