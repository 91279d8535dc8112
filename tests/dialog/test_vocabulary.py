"""The vocabulary shows all that carries a term, to each reader what they may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clusters.choices import Confidentiality, TermKind
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_need, make_term, make_topic
from topics.choices import TopicStatus


def read(path: str, user: object = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)  # type: ignore[arg-type]
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_everything_that_carries_a_term_stands_on_its_page(db: None) -> None:
    term = make_term(code="ai", label_de="Künstliche Intelligenz", label_en="AI")
    cluster, event, topic = make_cluster(name="Alpha e. V."), make_event(), make_topic()
    need = make_need(cluster, text_de="Wir suchen Prüfverfahren")
    for row in (cluster, event, topic, need):
        row.terms.add(term)
    make_topic(title_de="Anderes Thema")
    page = read("/de/terms/technology/ai/")
    for words in ("Alpha e. V.", event.title_de, topic.title_de, "Wir suchen Prüfverfahren"):
        assert words in page
    assert "Anderes Thema" not in page
    listed = read("/de/terms/")
    assert "Cluster: 1 · Bedarfe: 1 · Veranstaltungen: 1 · Themen: 1" in " ".join(listed.split())


def test_what_a_reader_may_not_see_is_neither_named_nor_counted(world: World) -> None:
    term = make_term(code="ai")
    need = make_need(world.alpha, text_de="Streng geheim", confidentiality=Confidentiality.STAFF)
    draft = make_topic(title_de="Unfertige Idee", status=TopicStatus.DRAFT)
    for row in (need, draft):
        row.terms.add(term)
    for reader in (None, world.outsider):
        assert "Streng geheim" not in read("/de/terms/technology/ai/", reader)
        assert "Unfertige Idee" not in read("/de/terms/technology/ai/", reader)
        assert "Bedarfe: 1" not in read("/de/terms/", reader)
        assert "Streng geheim" not in read("/de/terms/technology/ai/?in=needs", reader)
    assert "Bedarfe: 1" in read("/de/terms/", world.staff)


def test_terms_are_found_by_either_language_and_by_synonym(db: None) -> None:
    make_term(label_de="Wasserstoff", label_en="Hydrogen", synonyms=["H2"])
    make_term(label_de="Leichtbau", label_en="Lightweight design", is_cross_cutting=True)
    for words in ("wasserst", "HYDRO", "h2"):
        page = read(f"/de/terms/?q={words}")
        assert "Wasserstoff" in page
        assert "Leichtbau" not in page
    assert "Kein Schlagwort passt" in read("/de/terms/?q=xyz")
    # An address with a sign no database takes is no reason to fail.
    read("/de/terms/?q=%00&page=x")


def test_long_lists_are_shown_page_by_page(db: None) -> None:
    term = make_term(kind=TermKind.THEME, code="transfer")
    for _number in range(25):
        make_topic().terms.add(term)
    first = read("/en/terms/theme/transfer/")
    assert first.count("cd-hits__title") == 5
    assert "?in=topics" in first
    assert read("/en/terms/theme/transfer/?in=topics").count("cd-hits__title") == 20
    assert read("/en/terms/theme/transfer/?in=topics&page=2").count("cd-hits__title") == 5


def test_unknown_terms_are_not_there(db: None) -> None:
    make_term(kind=TermKind.THEME, code="transfer")
    assert Client().get("/en/terms/technology/transfer/").status_code == 404


@pytest.mark.parametrize("path", ["/en/terms/", "/en/terms/technology/ai/"])
def test_queries_do_not_grow(db: None, path: str) -> None:
    term, counted, made = make_term(code="ai"), [], 0
    read(path)
    for number in (2, 20):
        while made < number:
            made += 1
            cluster = make_cluster()
            for row in (cluster, make_need(cluster), make_event(), make_topic()):
                row.terms.add(term, make_term())
        with CaptureQueriesContext(connection) as queries:
            read(path)
        counted.append(len(queries))
    assert counted[0] == counted[1]
