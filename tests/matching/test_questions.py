"""Questions to the portal: which offers answer a need, who should talk, whom to invite."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from clusters.models import Cluster, Offer
from events.audience import load
from matching import services
from matching.engine import parts
from matching.models import ClusterBlock, PairInquiry
from matching.questions import likeness
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_event,
    make_field,
    make_manager,
    make_need,
    make_offer,
    make_registration,
    make_topic,
)
from tests.matching.rows import make_sensing
from topics.models import Endorsement, Topic

NEED = "Wir suchen Sensoren, die Schäden an Getrieben früh erkennen."
OFFER = "Condition monitoring: sensors that detect damage in gearboxes early."
SECRET = "Vertraulich: Sensoren, die Schäden an Getrieben früh erkennen"


def _offers() -> Any:
    """The offer of the tests; its English text is a field of the translations."""
    return Offer.objects.filter(Q(text_en=OFFER))


def get(person: User | None, path: str) -> Any:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(path)


def page(person: User, path: str) -> str:
    response = get(person, path)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def asked(world: World) -> tuple[World, str]:
    """Alpha needs what Gamma offers in English; Delta offers something else."""
    need = make_need(world.alpha, text_de=NEED, text_en="")
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_offer(gamma, text_de="", text_en=OFFER)
    delta = make_cluster(slug="delta", name="Delta")
    make_offer(delta, text_de="Brot und Kuchen für Kantinen.", text_en="")
    services.compute_vectors()
    return world, f"/de/clusters/alpha/statements/need/{need.pk}/answers/"


def test_figures_are_those_of_the_engine() -> None:
    assert likeness.ANSWERED == parts.NEED_ANSWERED
    assert likeness.TERMS_EVIDENCE == parts.SHARED_TERMS_EVIDENCE


def test_a_german_need_finds_its_english_offer_with_a_reason(asked: tuple[World, str]) -> None:
    world, path = asked
    for person in (world.manager, world.member, world.staff):
        html = page(person, path)
        assert OFFER in html
        assert "Gamma" in html
        assert "Delta" not in html
        assert "Der Text des Angebots sagt" in html


def test_only_its_own_people_and_staff_may_ask_about_a_need(asked: tuple[World, str]) -> None:
    world, path = asked
    assert get(world.outsider, path).status_code == 404
    assert get(None, path).status_code == 302
    foreign = path.replace("/alpha/", "/beta/")
    assert get(world.outsider, foreign).status_code == 404
    world.alpha.needs.update(status="archived")
    assert get(world.manager, path).status_code == 404


@pytest.mark.parametrize(
    ("level", "readers"),
    [("public", "manager staff"), ("clusters", "manager staff"), ("staff", "staff")],
)
def test_an_offer_is_told_to_those_only_who_may_read_it(
    asked: tuple[World, str], level: str, readers: str
) -> None:
    world, path = asked
    _offers().update(confidentiality=level)
    for name in ("manager", "staff"):
        html = page(getattr(world, name), path)
        assert (OFFER in html) == (name in readers), name
        assert ("Gamma" in html) == (name in readers), name


@pytest.mark.parametrize(
    "change",
    [
        {"status": "archived"},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"cluster__may_be_suggested": False},
        {"cluster__activity": "ended"},
        {"cluster__status": "draft"},
    ],
)
def test_what_is_no_longer_offered_is_gone_at_once(
    asked: tuple[World, str], change: dict[str, Any]
) -> None:
    world, path = asked
    for name, value in change.items():
        if name.startswith("cluster__"):
            Cluster.objects.filter(slug="gamma").update(**{name.removeprefix("cluster__"): value})
        else:
            _offers().update(**{name: value})
    assert OFFER not in page(world.manager, path)


def test_a_block_of_the_other_side_takes_the_offer_away_without_a_word(
    asked: tuple[World, str],
) -> None:
    world, path = asked
    gamma = Cluster.objects.get(slug="gamma")
    ClusterBlock.objects.create(cluster=gamma, blocked=world.alpha)
    html = page(world.manager, path)
    assert "Gamma" not in html
    assert "Noch kein Angebot" in html


def test_a_need_for_staff_is_answered_for_staff_and_its_own_people(world: World) -> None:
    need = make_need(world.alpha, text_de=SECRET, confidentiality="staff")
    path = f"/de/clusters/alpha/statements/need/{need.pk}/answers/"
    assert SECRET in page(world.manager, path)
    assert SECRET in page(world.staff, path)
    assert get(world.outsider, path).status_code == 404


def test_examples_are_marked(asked: tuple[World, str]) -> None:
    world, path = asked
    assert "cd-example" not in page(world.manager, path)
    _offers().update(is_example=True)
    assert "cd-example" in page(world.manager, path)


def test_without_a_text_model_letters_and_terms_answer_and_the_page_says_so(
    asked: tuple[World, str], settings: Any
) -> None:
    world, path = asked
    settings.MATCHING_TEXT_MODEL = "none"
    term = make_sensing()
    world.alpha.needs.get().terms.add(term)
    make_offer(make_cluster(name="Epsilon"), text_de="Messtechnik", terms=[term])
    html = page(world.manager, path)
    assert "Epsilon" in html
    assert "Gemeinsame Schlagwörter: Sensorik" in html
    assert "kein Textmodell" in html
    assert "Gamma" not in html


def test_an_empty_answer_says_what_helps(world: World) -> None:
    need = make_need(world.alpha, text_de=NEED)
    html = page(world.manager, f"/en/clusters/alpha/statements/need/{need.pk}/answers/")
    assert "No offer answers this need yet" in html
    assert "still being read" in html


def test_the_list_of_needs_leads_to_the_answers(asked: tuple[World, str]) -> None:
    world, path = asked
    assert path in page(world.manager, "/de/clusters/alpha/statements/")


@pytest.fixture
def topic(asked: tuple[World, str]) -> Topic:
    """Alpha endorses openly, Beta for staff's eyes only, Gamma offers something close."""
    world, _path = asked
    found = make_topic(
        slug="wartung",
        title_de="Schäden an Maschinen früh erkennen",
        title_en="Detecting damage of machines early",
        summary_de="Sensoren und Daten sagen, wann ein Getriebe ausfällt.",
        summary_en="Sensors and data tell when a gearbox will fail.",
    )
    Endorsement.objects.create(topic=found, cluster=world.alpha)
    Endorsement.objects.create(topic=found, cluster=world.beta, is_public=False)
    services.compute_vectors()
    return found


PATH = "/de/topics/wartung/circle/"


def test_who_stands_for_a_topic_or_offers_something_close_should_talk(
    asked: tuple[World, str], topic: Topic
) -> None:
    html = page(asked[0].staff, PATH)
    for name in ("Alpha", "Beta", "Gamma"):
        assert name in html
    assert OFFER in html
    assert "Delta" not in html


def test_managers_who_endorsed_may_ask_and_see_no_private_voice(
    asked: tuple[World, str], topic: Topic
) -> None:
    world = asked[0]
    html = page(world.manager, PATH)
    assert "Gamma" in html
    assert "Beta" not in html
    # Whoever gave a private voice may ask too; others may not, though they see the topic.
    assert "Beta" in page(world.outsider, PATH)
    stranger = make_manager(make_cluster())
    assert get(stranger, PATH).status_code == 403
    assert get(world.member, PATH).status_code == 403
    assert get(None, PATH).status_code == 302
    Topic.objects.update(status="declined")
    assert get(stranger, PATH).status_code == 404


@pytest.mark.parametrize(
    ("level", "readers"),
    [("public", "manager staff"), ("clusters", "manager staff"), ("staff", "staff")],
)
def test_a_circle_quotes_what_its_reader_may_read(
    asked: tuple[World, str], topic: Topic, level: str, readers: str
) -> None:
    world = asked[0]
    _offers().update(confidentiality=level)
    Cluster.objects.filter(slug="gamma").update(profile_de="Kekse", profile_en="Biscuits")
    services.compute_vectors()
    for name in ("manager", "staff"):
        html = page(getattr(world, name), PATH)
        assert (OFFER in html) == (name in readers)
        assert ("Gamma" in html) == (name in readers)


def test_the_topic_leads_those_to_its_circle_who_may_ask(
    asked: tuple[World, str], topic: Topic
) -> None:
    world = asked[0]
    for person in (world.staff, world.manager):
        assert PATH in page(person, "/de/topics/wartung/")
    assert PATH not in page(world.member, "/de/topics/wartung/")
    assert PATH not in get(None, "/de/topics/wartung/").content.decode()


def test_staff_is_told_whom_to_invite_and_takes_the_choice_over(
    asked: tuple[World, str], topic: Topic
) -> None:
    world = asked[0]
    event = make_event(slug="treffen")
    event.topics.add(topic)
    make_registration(event, cluster=world.alpha)
    path = "/de/events/treffen/circle/"
    assert path in page(world.staff, "/de/events/treffen/invite/")
    html = page(world.staff, path)
    assert "Gamma" in html
    assert 'value="alpha"' not in html
    for stranger in (world.manager, world.outsider):
        assert get(stranger, path).status_code == 404
    client = Client()
    client.force_login(world.staff)
    assert client.post(path).status_code == 422
    response = client.post(path, {"clusters": ["gamma", "nowhere"]})
    address, _sign, draft = response.headers["Location"].partition("?draft=")
    assert address == "/de/events/treffen/invite/"
    chosen = load(world.staff, draft)
    assert chosen is not None
    assert chosen.clusters == ("gamma",)
    form = client.get(response.headers["Location"]).content.decode()
    assert "Gamma" in form


def test_an_event_without_anything_to_compare_says_what_helps(world: World) -> None:
    make_event(slug="leer")
    html = page(world.staff, "/en/events/leer/circle/")
    assert "Nobody found" in html
    assert "Add a topic to the event" in html


PAIR = "/de/clusters/alpha/suggestions/pair/gamma/"


def ask_pair(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert client.post(PAIR).status_code == 302
    services.answer_inquiry(inquiry_id=PairInquiry.objects.get().pk)


@pytest.fixture
def fields(asked: tuple[World, str]) -> World:
    world = asked[0]
    for slug in ("alpha", "gamma"):
        Cluster.objects.get(slug=slug).innovation_fields.add(make_field())
    return world


def test_a_cluster_sees_everything_for_and_against_a_partner(fields: World) -> None:
    assert "noch nicht berechnet" in page(fields.manager, PAIR)
    ask_pair(fields.manager)
    html = page(fields.manager, PAIR)
    assert "Was dafür spricht" in html
    assert "Anderes Innovationsfeld" in html
    assert "0,30" in html


def test_a_pair_is_for_its_own_cluster_and_staff_has_a_page_of_its_own(fields: World) -> None:
    assert get(fields.outsider, PAIR).status_code == 404
    assert get(None, PAIR).status_code == 302
    assert "/matching/pair/?one=alpha&other=gamma" in get(fields.staff, PAIR).headers["Location"]
    assert get(fields.manager, PAIR.replace("gamma", "alpha")).status_code == 404
    Cluster.objects.filter(slug="gamma").update(may_be_suggested=False)
    assert get(fields.manager, PAIR).status_code == 404


def test_a_block_is_not_told_by_the_page_of_a_pair(fields: World) -> None:
    ask_pair(fields.manager)
    before = page(fields.manager, PAIR)
    gamma = Cluster.objects.get(slug="gamma")
    ClusterBlock.objects.create(cluster=gamma, blocked=fields.alpha)
    ask_pair(fields.manager)
    after = page(fields.manager, PAIR)
    assert "kein Kandidat" not in after
    assert _plain(before) == _plain(after)


def _plain(html: str) -> str:
    """The answer without the token of the form and the time it was computed."""
    return html[html.index('id="answer"') : html.index("Berechnet am")]


@pytest.mark.parametrize("level", ["public", "clusters", "staff"])
def test_a_pair_says_nothing_of_entries_for_staff(fields: World, level: str) -> None:
    term = make_sensing()
    need = make_need(fields.alpha, text_de=SECRET, terms=[term], confidentiality=level)
    gamma = Cluster.objects.get(slug="gamma")
    make_offer(gamma, text_de=SECRET, terms=[term], confidentiality=level)
    services.compute_vectors()
    ask_pair(fields.manager)
    html = page(fields.manager, PAIR)
    assert (SECRET in html) == (level != "staff")
    # Made more confidential, it is gone before anything is computed anew.
    need.confidentiality = "staff"
    need.save()
    assert SECRET not in page(fields.manager, PAIR)


def test_answers_know_who_works_together_already(asked: tuple[World, str]) -> None:
    from clusters.models import Project

    world, path = asked
    project = Project.objects.create(
        title_de="Vorhaben", ends_on=timezone.localdate() + timedelta(days=30)
    )
    project.clusters.add(world.alpha, Cluster.objects.get(slug="gamma"))
    html = page(world.manager, path)
    assert "Gamma" in html
    assert "arbeiten bereits zusammen" in html


def count(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_twenty_clusters_take_as_many_queries_as_two(
    asked: tuple[World, str], topic: Topic
) -> None:
    world, path = asked
    event = make_event(slug="treffen")
    event.topics.add(topic)
    field, term = make_field(), make_sensing()
    topic.innovation_fields.add(field)
    topic.terms.add(term)

    def add(number: int) -> None:
        for _ in range(number):
            cluster = make_cluster(innovation_fields=[field], terms=[term])
            make_offer(cluster, text_en=OFFER, terms=[term])
            make_need(cluster, text_de=NEED)
            Endorsement.objects.create(topic=topic, cluster=cluster, contribution="Daten")
        services.compute_vectors()

    client = Client()
    client.force_login(world.staff)
    paths = (path, PATH, "/de/events/treffen/circle/")

    def read(address: str) -> int:
        client.get(address)
        return count(lambda: client.get(address))

    add(2)
    few = [read(address) for address in paths]
    add(18)
    assert client.get(path).content.count(b"<article") >= 20
    assert [read(address) for address in paths] == few
