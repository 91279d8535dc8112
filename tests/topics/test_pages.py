"""What the pages about topics show."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_field, make_term, make_topic
from tests.topics.helpers import make_endorsement, make_proposal
from topics.choices import TopicStatus
from topics.models import ActionItem, Topic
from topics.search import refresh_search


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(query: str = "") -> list[str]:
    response = Client().get(f"/de/topics/{query}")
    assert response.status_code == 200
    return [str(topic) for topic in response.context["page_obj"]]


def test_focus_topics_come_first(db: None) -> None:
    make_topic(title_de="Äpfel", status=TopicStatus.OPEN)
    make_topic(title_de="Birnen", status=TopicStatus.FOCUS)
    make_topic(title_de="Zwiebeln", status=TopicStatus.IN_WORK)
    make_topic(title_de="Bananen", status=TopicStatus.OPEN)
    assert titles() == ["Birnen", "Zwiebeln", "Äpfel", "Bananen"]


def test_filters_narrow_the_list(db: None) -> None:
    field, term = make_field(), make_term()
    one, two = make_topic(), make_topic(status=TopicStatus.DONE)
    one.innovation_fields.add(field)
    two.terms.add(term)
    assert titles(f"?field={field.code}") == [str(one)]
    assert titles(f"?term={term.code}") == [str(two)]
    assert titles("?status=done") == [str(two)]
    assert titles(f"?status=done&field={field.code}") == []


def test_search_finds_words_of_both_languages_and_terms(db: None) -> None:
    term = make_term(label_de="Kreislaufwirtschaft", label_en="Circular economy")
    topic = make_topic(title_de="Elektronik im Kreis", summary_en="Dismantling old devices")
    topic.terms.add(term)
    make_topic(title_de="Ganz anderes")
    refresh_search()
    for words in ("elektronik", "dismantling", "circular economy"):
        assert titles(f"?q={words}") == [str(topic)]


def test_page_answers_htmx_with_the_results_only(db: None) -> None:
    response = Client().get("/de/topics/", headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b'id="answer"' in response.content


def test_text_in_one_language_says_so_to_readers_of_the_other(db: None) -> None:
    topic = make_topic(title_de="Nur deutsch", title_en="", summary_de="Ein Text")
    german = Client().get(f"/de/topics/{topic.slug}/").content.decode()
    english = Client().get(f"/en/topics/{topic.slug}/").content.decode()
    assert "Only in German" not in german
    assert "Only in German" in english
    assert '<h1 lang="de">Nur deutsch</h1>' in english


def test_example_is_marked_where_it_appears(world: World) -> None:
    topic = make_topic(is_example=True)
    assert "cd-example" in Client().get("/de/topics/").content.decode()
    assert "cd-example__text" in Client().get(topic.get_absolute_url()).content.decode()
    plain = make_topic()
    make_endorsement(plain, world.alpha, is_example=True)
    assert "cd-example" in Client().get(plain.get_absolute_url()).content.decode()


def test_potential_is_said_in_words(world: World) -> None:
    topic = make_topic()
    make_endorsement(topic, world.alpha, short_term=0, mid_term=3)
    with translation.override("en"):
        page = Client().get(f"/en/topics/{topic.slug}/").content.decode()
    assert "<span>none</span>" in page
    assert "<span>high</span>" in page


def test_manager_proposes_in_one_language(world: World) -> None:
    values = {
        "cluster": world.alpha.pk,
        "title_de": "Neues Thema",
        "summary_de": "Darum",
        "action": "submit",
    }
    response = signed_in(world.manager).post("/de/topics/propose/", values)
    topic = Topic.objects.get()
    assert response.status_code == 302
    assert response["Location"] == topic.get_absolute_url()
    assert (topic.status, topic.proposed_by, topic.author) == (
        TopicStatus.PROPOSED,
        world.alpha,
        world.manager,
    )


def test_saving_keeps_a_draft_that_can_be_edited(world: World) -> None:
    client = signed_in(world.manager)
    term = make_term()
    values = {"cluster": world.alpha.pk, "title_en": "Idea", "summary_en": "Because"}
    client.post("/de/topics/propose/", {**values, "terms": [term.pk], "action": "save"})
    topic = Topic.objects.get()
    assert topic.status == TopicStatus.DRAFT
    assert list(topic.terms.all()) == [term]
    page = client.get(f"/de/topics/{topic.slug}/edit/").content.decode()
    assert 'value="Idea"' in page
    client.post(f"/de/topics/{topic.slug}/edit/", {**values, "title_en": "Better idea"})
    assert Topic.objects.filter(title_en="Better idea").get() == topic
    topic.refresh_from_db()
    assert not topic.terms.exists()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"title_de": "Titel ohne Grund"},
        {"summary_en": "Reason without title"},
        {"title_de": "Ganz", "summary_de": "fertig", "wanted_en": "Half a language"},
    ],
)
def test_incomplete_proposal_keeps_what_was_typed(world: World, values: dict[str, str]) -> None:
    data = {"cluster": world.alpha.pk, **values, "action": "save"}
    response = signed_in(world.manager).post("/de/topics/propose/", data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "cd-error-summary" in page
    for value in values.values():
        assert value in page
    assert not Topic.objects.exists()


def test_endorsing_from_the_page_and_taking_it_back(world: World) -> None:
    topic, client = make_topic(), signed_in(world.manager)
    path = f"/de/topics/{topic.slug}/endorse/"
    values = {"cluster": world.alpha.pk, "short_term": 1, "mid_term": 3, "contribution": "Daten"}
    assert client.post(path, {**values, "is_public": "on"}).status_code == 302
    endorsement = topic.endorsements.get()
    assert (endorsement.short_term, endorsement.mid_term, endorsement.is_public) == (1, 3, True)
    assert client.post(f"{path}alpha/withdraw/").status_code == 302
    assert not topic.endorsements.exists()


def test_staff_declines_with_a_reason_only(world: World) -> None:
    topic, client = make_proposal(world.alpha, author=world.manager), signed_in(world.staff)
    path = f"/de/topics/{topic.slug}/review/"
    assert client.post(path, {"decision": "decline"}).status_code == 422
    assert client.post(path, {"decision": "decline", "reason": "Doppelt"}).status_code == 302
    topic.refresh_from_db()
    assert (topic.status, topic.status_reason) == (TopicStatus.DECLINED, "Doppelt")


def test_staff_moves_an_open_topic_into_focus(world: World) -> None:
    topic = make_topic()
    path = f"/de/topics/{topic.slug}/review/"
    assert signed_in(world.staff).post(path, {"status": "focus"}).status_code == 302
    topic.refresh_from_db()
    assert topic.status == TopicStatus.FOCUS


def fill(number: int) -> Topic:
    """One topic with ``number`` of everything, and ``number`` topics beside it."""
    field, term = make_field(), make_term()
    busy = make_topic(status=TopicStatus.FOCUS)
    for _ in range(number):
        cluster = make_cluster()
        other = make_topic(proposed_by=cluster)
        other.terms.add(term)
        other.innovation_fields.add(field)
        make_endorsement(busy, cluster)
        make_endorsement(other, cluster)
        ActionItem.objects.create(topic=busy, title="Schritt", owner=cluster)
        make_event().topics.add(busy)
        busy.terms.add(make_term())
    return busy


def count_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("as_manager", [False, True])
def test_pages_ask_as_many_queries_for_20_rows_as_for_2(world: World, as_manager: bool) -> None:
    client = signed_in(world.manager) if as_manager else Client()
    counts = {}
    for number in (2, 20):
        busy = fill(number)
        counts[number] = [
            count_queries(client, "/de/topics/"),
            count_queries(client, busy.get_absolute_url()),
        ]
    assert counts[2] == counts[20]


def render(template: str, user: object, **context: object) -> str:
    request = RequestFactory().get("/de/")
    request.user = user  # type: ignore[assignment]
    text = "{% load topic_tags %}" + template
    return Template(text).render(Context({"request": request, **context}))


def test_cluster_shows_the_topics_it_endorses_or_proposed(world: World) -> None:
    endorsed, proposed = make_topic(), make_topic(proposed_by=world.alpha)
    private, foreign = make_topic(), make_topic()
    make_endorsement(endorsed, world.alpha)
    make_endorsement(private, world.alpha, is_public=False)
    make_endorsement(foreign, world.beta)
    tag = "{% cluster_topics cluster %}"
    seen = render(tag, world.outsider, cluster=world.alpha)
    assert [str(t) in seen for t in (endorsed, proposed, private, foreign)] == [
        True,
        True,
        False,
        False,
    ]
    assert str(private) in render(tag, world.member, cluster=world.alpha)


def test_home_shows_focus_topics_only(world: World) -> None:
    focus, opened = make_topic(status=TopicStatus.FOCUS), make_topic()
    page = render("{% focus_topics %}", world.outsider)
    assert str(focus) in page
    assert str(opened) not in page
