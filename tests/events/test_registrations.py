"""Registering: the form, its questions, and the page a person has about their registration."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core.errors import DomainError
from core.models import OutgoingMail
from events import services
from events.choices import QuestionKind, QuestionStage, RegistrationState
from events.forms import QuestionForm
from events.models import Invitation, Question, Registration
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_question, make_registration

pytestmark = pytest.mark.django_db


def filled(question: Question, given: object) -> QuestionForm:
    form = QuestionForm({f"question_{question.pk}": given}, questions=[question])
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (QuestionKind.TEXT, " vegan ", "vegan"),
        (QuestionKind.CHOICE, "1", 1),
        (QuestionKind.SEVERAL, ["0", "1"], [0, 1]),
        (QuestionKind.CONSENT, "on", True),
        (QuestionKind.SCALE, "5", 5),
    ],
)
def test_answers_are_kept_as_values_of_json(kind: str, given: object, kept: object) -> None:
    question = make_question(make_event(), kind)
    assert filled(question, given).values() == {question.pk: kept}
    # What was answered before stands in the form again.
    again = QuestionForm(questions=[question], answers={question.pk: kept})
    assert ("checked" in str(again)) or ("vegan" in str(again))


def test_open_questions_have_no_value_but_a_consent_that_was_not_given_has_one() -> None:
    event = make_event()
    consent = make_question(event, QuestionKind.CONSENT)
    form = QuestionForm(
        {}, questions=[consent, *(make_question(event, k) for k in ["text", "scale"])]
    )
    assert form.is_valid()
    assert form.values() == {consent.pk: False}


def test_required_questions_and_made_up_options_are_refused_in_words() -> None:
    event = make_event()
    must = make_question(event, QuestionKind.CONSENT, is_required=True)
    choice = make_question(event, QuestionKind.CHOICE)
    form = QuestionForm({f"question_{choice.pk}": "7"}, questions=[must, choice])
    assert not form.is_valid()
    assert set(form.errors) == {f"question_{must.pk}", f"question_{choice.pk}"}


def test_options_stand_in_the_language_of_the_page_and_staffs_words_are_no_html() -> None:
    question = make_question(
        make_event(),
        QuestionKind.CHOICE,
        help_de="<script>",
        options_de=["Zug", "Rad"],
        options_en=["Train"],
    )
    german = str(QuestionForm(questions=[question]))
    assert "Zug" in german
    assert "<script>" not in german
    with translation.override("en"):
        english = str(QuestionForm(questions=[Question.objects.get()]))
    assert "Train" in english
    assert "Rad" in english


def test_registration_page_opens_by_its_link_and_by_no_other(client: Client) -> None:
    registration = make_registration()
    token = make_registration_token(registration.pk)
    response = client.get(f"/de/registration/{token}/")
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert client.get(f"/de/registration/{token[:-1]}/").status_code == 404
    assert client.get(f"/de/registration/999{token}/").status_code == 404


def hub(registration: Registration, act: str = "") -> str:
    return f"/de/registration/{make_registration_token(registration.pk)}/{act}"


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def subjects(address: str) -> list[str]:
    rows = OutgoingMail.objects.filter(to=address).order_by("created_at", "pk")
    return list(rows.values_list("content__subject", flat=True))


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return str(registration.state)


def test_the_form_asks_what_the_event_wants_to_know(world: World, client: Client) -> None:
    event = make_event(retention_months=6)
    food = make_question(event, label_de="Was essen Sie nicht?")
    make_question(event, label_de="Erst nach der Zusage", stage=QuestionStage.ACCEPTANCE)
    client.force_login(world.member)
    url = f"/de/events/{event.slug}/register/"
    text = page(client, url)
    assert "Was essen Sie nicht?" in text
    assert "Erst nach der Zusage" not in text
    assert "6 Monate nach der Veranstaltung" in text
    data = {
        "name": "A  Member\r\nBcc: x",
        "cluster": world.alpha.pk,
        "expectation": "Mehr Praxis",
        "list_consent": "on",
        f"question_{food.pk}": "Nüsse",
    }
    assert client.post(url, {**data, "cluster": world.beta.pk}).status_code == 422
    client.post(url, data)
    found = Registration.objects.get()
    assert (found.expectation, found.list_consent, found.cluster) == (
        "Mehr Praxis",
        True,
        world.alpha,
    )
    assert "\n" not in found.name
    assert found.answers.get().value == "Nüsse"
    # The page of the registration has it all again, and asks the rest.
    text = page(client, hub(found))
    assert "Nüsse" in text
    assert "Erst nach der Zusage" in text


def test_an_event_that_asks_for_nothing_shows_no_field(world: World, client: Client) -> None:
    event = make_event(asks_expectations=False, shows_participants=False)
    client.force_login(world.member)
    text = page(client, f"/de/events/{event.slug}/register/")
    assert "name=expectation" not in text.replace('"', "")
    assert "list_consent" not in text


def test_quota_of_a_cluster_is_said_in_words_and_leaves_others_alone(world: World) -> None:
    event = make_event(cluster_quota=1)
    services.register(user=world.manager, event=event, cluster=world.alpha)
    with pytest.raises(DomainError) as refused:
        services.register(user=world.member, event=event, cluster=world.alpha)
    assert (refused.value.field, refused.value.code) == ("cluster", "quota")
    assert "Alpha" in refused.value.message
    services.register(user=world.outsider, event=event, cluster=world.beta)
    services.unregister(user=world.manager, event=event)
    services.register(user=world.member, event=event, cluster=world.alpha)


def test_a_manager_registers_several_at_once_all_or_none(world: World, client: Client) -> None:
    event = make_event(cluster_quota=3)
    url = f"/de/events/{event.slug}/register/colleagues/"
    client.force_login(world.member)
    assert client.get(url).status_code == 403
    client.force_login(world.manager)
    assert client.get(url).status_code == 200

    def sent(*people: tuple[str, str]) -> dict[str, str]:
        data = {
            "cluster": "alpha",
            "people-TOTAL_FORMS": "4",
            "people-INITIAL_FORMS": "0",
        }
        for number, (name, email) in enumerate(people):
            data |= {f"people-{number}-name": name, f"people-{number}-email": email}
        return data

    response = client.post(url, sent(("B", "b@x.example"), ("C", "not an address")))
    assert response.status_code == 422
    assert client.post(url, sent(("B", "b@x.example"), ("C", "B@x.example"))).status_code == 422
    assert client.post(url, sent()).status_code == 422
    many = [(f"P{n}", f"p{n}@x.example") for n in range(4)]
    response = client.post(url, sent(*many))
    assert response.status_code == 422
    assert "höchstens 3" in response.content.decode()
    assert not Registration.objects.exists()
    assert client.post(url, sent(*many[:2])).status_code == 302
    assert client.post(url, sent(*many[:2])).status_code == 302
    rows = Registration.objects.values_list("email", "cluster__slug", "source")
    assert sorted(rows) == [(f"p{n}@x.example", "alpha", "colleague") for n in range(2)]
    assert len(subjects("p0@x.example")) == 1
    assert "p0@x.example" in page(client, url)


def test_the_page_says_where_a_person_stands(client: Client) -> None:
    event = make_event(capacity=1)
    there, waiting = make_registration(event), make_registration(event, state="waiting")
    later = make_registration(event, state="waiting")
    assert "Mein Ticket" in page(client, hub(there))
    assert re.search(r"Ihr Platz auf der Liste: <strong>1<", page(client, hub(waiting)))
    assert re.search(r"Ihr Platz auf der Liste: <strong>2<", page(client, hub(later)))
    assert "Mein Ticket" not in page(client, hub(waiting))
    services.withdraw(registration=there)
    text = page(client, hub(waiting))
    assert "Ein Platz ist für Sie frei." in text
    assert "reserviert bis" in text
    assert "Erneut anmelden" in page(client, hub(there))


@pytest.mark.parametrize("act", ["withdraw/", "accept/", "decline/", "again/"])
def test_opening_a_link_changes_nothing(client: Client, act: str) -> None:
    event = make_event(capacity=1)
    person = make_registration(
        event, state="offered", offer_expires_at=timezone.now() + timedelta(hours=1)
    )
    with CaptureQueriesContext(connection) as queries:
        text = page(client, hub(person, act))
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert text.count("<form") - text.count("set-theme") <= 2
    assert state(person) == RegistrationState.OFFERED


def test_each_button_does_what_it_says(client: Client) -> None:
    event = make_event(capacity=1)
    until = timezone.now() + timedelta(hours=1)
    person = make_registration(event, state="offered", offer_expires_at=until)
    for act, expected in [
        ("accept/", RegistrationState.REGISTERED),
        ("withdraw/", RegistrationState.CANCELLED),
        ("withdraw/", RegistrationState.CANCELLED),
        ("again/", RegistrationState.REGISTERED),
    ]:
        assert client.post(hub(person, act)).status_code == 302
        assert state(person) == expected
    # A link to decline an offer that was taken long ago takes nothing away.
    client.post(hub(person, "decline/"))
    assert state(person) == RegistrationState.REGISTERED


def test_a_lapsed_offer_cannot_be_taken_even_before_beat_has_come(client: Client) -> None:
    past = timezone.now() - timedelta(minutes=1)
    person = make_registration(make_event(capacity=1), state="offered", offer_expires_at=past)
    assert "Das Angebot ist abgelaufen." in page(client, hub(person))
    client.post(hub(person, "accept/"))
    assert state(person) == RegistrationState.OFFERED


def test_after_the_event_the_page_stays_until_the_details_are_removed(client: Client) -> None:
    past = timezone.now() - timedelta(days=3)
    event = make_event(past)
    person = make_registration(event, state="attended")
    assert "Sie waren dabei" in page(client, hub(person))
    client.post(hub(person, "withdraw/"))
    assert state(person) == RegistrationState.ATTENDED
    Registration.objects.update(name="", email="")
    assert client.get(hub(person)).status_code == 410
    assert client.post(hub(person, "withdraw/")).status_code == 410


def test_the_same_page_for_those_who_are_signed_in(world: World, client: Client) -> None:
    event = make_event()
    client.force_login(world.member)
    url = f"/de/events/{event.slug}/my-registration/"
    assert client.get(url)["Location"].endswith("/register/")
    mine = services.register(user=world.member, event=event)
    assert client.get(url)["Location"] == hub(mine)
    client.force_login(world.outsider)
    assert client.get(url)["Location"].endswith("/register/")


def test_sessions_are_chosen_on_the_page(client: Client) -> None:
    event = make_event(choice_mode="first_come")
    full = event.sessions.create(code="a", part="parallel", run=1, title_de="Voll", capacity=1)
    free = event.sessions.create(code="b", part="parallel", run=1, title_de="Leer", capacity=5)
    other, me = make_registration(event), make_registration(event)
    services.choose_session(registration=other, session=full)
    assert "Auf die Warteliste" in page(client, hub(me))
    for session in (free, full):
        client.post(hub(me, f"session/{session.pk}/"), {"do": "take"})
    assert "Warteliste, Platz 1" in page(client, hub(me))
    client.post(hub(me, f"session/{full.pk}/"), {"do": "leave"})
    assert set(me.places.values_list("session__code", flat=True)) == {"b"}
    stranger = make_event().sessions.create(code="x", part="parallel", title_de="X")
    assert client.post(hub(me, f"session/{stranger.pk}/")).status_code == 404


def test_my_invitations_show_states_and_cost_the_same(world: World, client: Client) -> None:
    client.force_login(world.member)

    def cost(events: int) -> int:
        Registration.objects.all().delete()
        Invitation.objects.all().delete()
        for _n in range(events):
            event = make_event(capacity=0)
            services.register(user=world.member, event=event)
            Invitation.objects.create(event=make_event(), email=world.member.email)
        with CaptureQueriesContext(connection) as queries:
            text = page(client, "/de/events/invitations/")
        assert text.count("Warteliste, Platz 1") == events
        return len(queries)

    cost(1)
    assert cost(2) == cost(20)


def test_the_mail_carries_ticket_programme_and_links(world: World) -> None:
    event = make_event(choice_mode="first_come", title_de="Plenum & Co")
    make_question(event, stage=QuestionStage.ACCEPTANCE)
    person = services.register(user=world.member, event=event)
    session = event.sessions.create(
        code="a", part="parallel", run=1, title_de="Bauteile", room="Raum 2"
    )
    services.choose_session(registration=person, session=session)
    services.resend_confirmations(user=world.staff, event=event, ids=[person.pk])
    content = OutgoingMail.objects.latest("created_at").content
    assert "Bauteile, Raum 2" in content.text
    assert "Plenum & Co" in content.text
    assert "cid:picture" in content.html
    assert "noch einige Fragen" in content.text
    assert "%%hub_url%%withdraw/" in content.text
    assert bytes(content.picture).startswith(b"\x89PNG")  # type: ignore[arg-type]
    assert "Bauteile" in content.calendar
