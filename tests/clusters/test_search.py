"""What a visitor types, and what comes back."""

import pytest
from django.contrib.auth.models import AnonymousUser

from clusters.models import Cluster
from clusters.search import refresh_clusters, refresh_search
from core import search
from tests.conftest import World
from tests.factories import make_cluster, make_need, make_term

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    """Names of the clusters a visitor finds, the best first."""
    visible = Cluster.objects.visible_to(AnonymousUser())
    match = search.match(visible, query)
    if match is None:
        return []
    names = dict(visible.values_list("pk", "name"))
    return [names[pk] for pk in search.rank(visible, match).ids]


def test_words_are_found_in_another_grammatical_form() -> None:
    make_cluster(name="A", profile_de="Fördert neue Werkstoffe", profile_en="Supports batteries")
    refresh_search()
    assert found("Werkstoff") == ["A"]
    assert found("battery") == ["A"]


@pytest.mark.parametrize("query", ["Köln", "Koeln", "koln", "KÖLN"])
def test_umlauts_are_found_however_they_are_typed(query: str) -> None:
    make_cluster(name="A", city="Köln")
    make_cluster(name="B", city="Essen")
    refresh_search()
    assert found(query) == ["A"]


def test_an_umlaut_is_found_where_the_text_spells_it_with_two_letters() -> None:
    make_cluster(name="Bioanalytik Muenster")
    refresh_search()
    assert found("Münster") == ["Bioanalytik Muenster"]


def test_a_typing_error_still_finds_and_is_told() -> None:
    make_cluster(name="A", terms=[make_term(label_de="Wasserstoff", label_en="Hydrogen")])
    make_cluster(name="B", terms=[make_term(label_de="Logistik", label_en="Logistics")])
    refresh_search()
    match = search.match(Cluster.objects.all(), "Wassertsoff")
    assert match is not None
    assert match.is_similar
    assert found("Wassertsoff") == ["A"]


def test_exact_hits_are_not_called_similar() -> None:
    make_cluster(name="A", profile_de="Logistik")
    refresh_search()
    match = search.match(Cluster.objects.all(), "Logistik")
    assert match is not None
    assert not match.is_similar


def test_the_beginning_of_a_name_is_enough() -> None:
    make_cluster(name="ChemCologne")
    make_cluster(name="BIO.NRW")
    refresh_search()
    assert found("chemco") == ["ChemCologne"]
    assert found("bio") == ["BIO.NRW"]


def test_names_come_before_terms_and_terms_before_texts() -> None:
    make_cluster(name="Text", profile_de="Es geht um Photonik")
    make_cluster(name="Begriff", terms=[make_term(label_de="Photonik", label_en="Photonics")])
    make_cluster(name="Photonik West")
    refresh_search()
    assert found("Photonik") == ["Photonik West", "Begriff", "Text"]


def test_synonyms_find_what_the_term_stands_for() -> None:
    term = make_term(label_de="Künstliche Intelligenz", label_en="AI", synonyms=["Deep Learning"])
    make_cluster(name="A", terms=[term])
    refresh_search()
    assert found("deep learning") == ["A"]


def test_all_words_must_be_there_in_whatever_language() -> None:
    make_cluster(name="A", city="Aachen", profile_de="Wasserstoff", profile_en="Hydrogen pipes")
    make_cluster(name="B", city="Essen", profile_de="Wasserstoff", profile_en="Hydrogen")
    refresh_search()
    assert found("Aachen hydrogen") == ["A"]
    assert found("der Wasserstoff in Aachen") == ["A"]
    assert found("Wasserstoff fuer Aachen") == ["A"]


def test_a_minus_leaves_out_and_quotes_keep_together() -> None:
    make_cluster(name="A", profile_de="Additive Fertigung mit Metall")
    make_cluster(name="B", profile_de="Fertigung, additive Zusätze und Kunststoff")
    refresh_search()
    assert found('"additive Fertigung"') == ["A"]
    assert found("Fertigung -Metall") == ["B"]


@pytest.mark.parametrize(
    "query",
    [
        "\x00",
        "a\x00b",
        "((((",
        "'",
        "';--",
        '"',
        '""',
        '"offen',
        "&|!<->:*",
        "-",
        "--x",
        "<script>",
        "\\",
        "%_%",
        "x" * 500,
        "der die das",
        "ü" * 300,
        "🙂",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    ],
)
def test_any_input_is_harmless(query: str) -> None:
    make_cluster(name="A")
    refresh_search()
    assert found(query) in ([], ["A"])


def test_no_more_rows_are_ranked_than_allowed_and_names_are_among_them() -> None:
    for number in range(12):
        make_cluster(name=f"Nummer {number}", profile_de="Wasserstoff")
    make_cluster(name="Wasserstoff Ruhr")
    refresh_search()
    match = search.match(Cluster.objects.all(), "Wasserstoff")
    assert match is not None
    ranking = search.rank(Cluster.objects.order_by("pk"), match, limit=3)
    assert len(ranking.ids) == 3
    assert ranking.is_cut
    assert Cluster.objects.get(pk=ranking.ids[0]).name == "Wasserstoff Ruhr"


def test_drafts_are_not_found_by_words_nor_by_similar_words(world: World) -> None:
    make_cluster(name="Geheimprojekt", status="draft")
    refresh_search()
    assert found("Geheimprojekt") == []
    assert found("Geheimprojket") == []


def test_only_the_rows_named_are_refreshed() -> None:
    first, second = make_cluster(name="Erster"), make_cluster(name="Zweiter")
    assert refresh_clusters([first.pk]) == 1
    assert found("Erster") == ["Erster"]
    assert found("Zweiter") == []
    second.refresh_from_db()
    assert second.search_text == ""


def test_refreshing_without_change_touches_nothing() -> None:
    make_cluster(name="Erster")
    assert refresh_clusters() == 1
    assert refresh_clusters() == 0


def test_what_is_no_longer_said_is_no_longer_found() -> None:
    cluster = make_cluster(name="A", profile_de="Photonik")
    refresh_clusters()
    cluster.profile_de = "Logistik"
    cluster.save()
    refresh_clusters([cluster.pk])
    assert found("Photonik") == []


def test_needs_are_found_by_text_and_terms() -> None:
    term = make_term(label_de="Sensorik", label_en="Sensors")
    need = make_need(make_cluster(), text_de="Partner für Prüfstände gesucht", terms=[term])
    refresh_search([need.cluster_id])
    for query in ("Pruefstand", "sensors", "Sensorik"):
        match = search.match(type(need).objects.all(), query)
        assert match is not None
        assert list(type(need).objects.filter(match.condition)) == [need]
