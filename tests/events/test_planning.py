"""Proposing, reviewing, editing, publishing, cancelling."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError
from core.models import OutgoingMail
from events.choices import Decision, EventStatus, RegistrationState
from events.models import Event, Invitation, Registration, Session
from events.services import cancel_event, decide_event, publish_event
from tests.conftest import World
from tests.factories import make_event, make_field

FORM = {
    "title_de": "Frühjahrsplenum der Cluster",
    "title_en": "Spring plenary",
    "summary_de": "Worum es geht.",
    "kind": "plenary",
    "format": "on_site",
    "starts_at": "2027-05-26T14:00",
    "ends_at": "2027-05-26T17:15",
    "date_precision": "time",
    "city": "Düsseldorf",
    "organisers": "NRW.innovativ\n\nAlpha e. V.",
    "sessions-TOTAL_FORMS": "0",
    "sessions-INITIAL_FORMS": "0",
}


def sign_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def session(number: int, **values: str) -> dict[str, str]:
    fields = {"part": "plenary", "title_de": f"Teil {number}", "position": str(number), **values}
    return {f"sessions-{number}-{name}": value for name, value in fields.items()}


def test_manager_proposes_and_staff_publishes(world: World) -> None:
    client = sign_in(world.manager)
    assert client.get("/de/events/propose/").status_code == 200
    response = client.post("/de/events/propose/", {**FORM, "cluster": str(world.alpha.pk)})
    assert response.status_code == 302
    event = Event.objects.get()
    assert event.status == EventStatus.SUBMITTED
    assert event.slug == "fruehjahrsplenum-der-cluster-2027"
    assert event.proposed_by == world.alpha
    assert event.organisers == ["NRW.innovativ", "Alpha e. V."]
    assert timezone.localtime(event.starts_at).hour == 14
    review = f"/de/events/{event.slug}/review/"
    assert sign_in(world.manager).get(review).status_code == 403
    assert sign_in(world.outsider).get(review).status_code == 404
    staff = sign_in(world.staff)
    assert staff.get(review).status_code == 200
    staff.post(review, {"decision": "accept"})
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    mail = OutgoingMail.objects.get()
    assert mail.to == "manager@alpha.example"


def test_members_and_outsiders_cannot_propose_for_others(world: World) -> None:
    assert sign_in(world.member).get("/de/events/propose/").status_code == 403
    response = sign_in(world.outsider).post(
        "/de/events/propose/", {**FORM, "cluster": str(world.alpha.pk)}
    )
    assert response.status_code == 422
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("decision", "status"),
    [(Decision.RETURN, EventStatus.DRAFT), (Decision.DECLINE, EventStatus.DECLINED)],
)
def test_refusals_need_a_reason_and_mail_it(world: World, decision: Decision, status: str) -> None:
    event = make_event(status=EventStatus.SUBMITTED, author=world.manager)
    with pytest.raises(DomainError):
        decide_event(user=world.staff, event=event, decision=decision, reason=" ")
    decide_event(user=world.staff, event=event, decision=decision, reason="Bitte mit Ort & Zeit.")
    event.refresh_from_db()
    assert (event.status, event.status_reason) == (status, "Bitte mit Ort & Zeit.")
    content = OutgoingMail.objects.get().content
    assert "Bitte mit Ort & Zeit." in content.text
    assert "Bitte mit Ort &amp; Zeit." in content.html


def test_second_decision_is_refused(world: World) -> None:
    event = make_event(status=EventStatus.SUBMITTED, author=world.manager)
    decide_event(user=world.staff, event=event, decision=Decision.ACCEPT)
    with pytest.raises(DomainError):
        decide_event(user=world.staff, event=event, decision=Decision.DECLINE, reason="x")
    assert OutgoingMail.objects.count() == 1


def test_returned_proposal_is_changed_and_submitted_again(world: World) -> None:
    event = make_event(
        status=EventStatus.DRAFT, author=world.manager, proposed_by=world.alpha, slug="e"
    )
    client = sign_in(world.manager)
    assert client.get("/de/events/e/edit/").status_code == 200
    data = {**FORM, "cluster": str(world.alpha.pk), "submit": "1"}
    assert client.post("/de/events/e/edit/", data).status_code == 302
    event.refresh_from_db()
    assert event.status == EventStatus.SUBMITTED
    assert event.title == FORM["title_de"]
    Event.objects.update(status=EventStatus.PUBLISHED)
    assert client.get("/de/events/e/edit/").status_code == 403


def test_staff_creates_an_event_with_its_programme(world: World) -> None:
    field = make_field()
    data = {
        **FORM,
        "innovation_fields": [str(field.pk)],
        "sessions-TOTAL_FORMS": "3",
        **session(0, starts_at="2027-05-26T14:00", ends_at="2027-05-26T14:45"),
        **session(1, part="parallel", run="1", track="1"),
        **session(2, part="parallel", run="1", track="2"),
    }
    client = sign_in(world.staff)
    assert client.post("/de/events/create/", data).status_code == 302
    event = Event.objects.get()
    assert event.status == EventStatus.DRAFT
    assert list(event.innovation_fields.all()) == [field]
    assert len(set(event.sessions.values_list("code", flat=True))) == 3
    first = event.sessions.all()[0]
    edit = {
        **data,
        "sessions-INITIAL_FORMS": "3",
        **{f"sessions-{n}-id": str(s.pk) for n, s in enumerate(event.sessions.all())},
        "sessions-0-DELETE": "on",
        "sessions-1-title_de": "Neu",
    }
    assert client.post(f"/de/events/{event.slug}/edit/", edit).status_code == 302
    assert not Session.objects.filter(pk=first.pk).exists()
    assert "Neu" in event.sessions.values_list("title_de", flat=True)


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_adding_a_part_works_without_script_and_keeps_the_input(
    world: World, headers: dict[str, str]
) -> None:
    data = {
        **FORM,
        **session(0, title_de="", position="7"),
        "title_de": "",
        "city": "Hagen",
        "add_session": "1",
        "sessions-TOTAL_FORMS": "1",
    }
    response = sign_in(world.staff).post("/de/events/create/", data, headers=headers)
    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="sessions-1-title_de"' in text
    assert 'name="sessions-1-position" value="8"' in text
    assert 'value="Hagen"' in text
    assert "errorlist" not in text
    assert "cd-error-summary" not in text
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_de": ""},
        {"starts_at": "neulich"},
        {"starts_at": "2027-03-28T02:30"},
        {"ends_at": "2027-05-26T13:00"},
        {"capacity": "0"},
        {"website": "javascript:alert(1)"},
        {"organisers": "x" * 201},
    ],
)
def test_mistakes_come_back_with_the_input_and_nothing_is_stored(
    world: World, wrong: dict[str, str]
) -> None:
    response = sign_in(world.staff).post("/de/events/create/", {**FORM, **wrong})
    assert response.status_code == 422
    text = response.content.decode()
    assert "cd-error-summary" in text
    assert "Spring plenary" in text
    assert not Event.objects.exists()


def test_places_cannot_be_fewer_than_taken(world: World) -> None:
    event = make_event(slug="e")
    for number in range(2):
        Registration.objects.create(event=event, email=f"{number}@x.example")
    response = sign_in(world.staff).post("/de/events/e/edit/", {**FORM, "capacity": "1"})
    assert response.status_code == 422
    event.refresh_from_db()
    assert event.capacity is None


def test_create_and_manage_do_not_exist_for_others(world: World) -> None:
    for url in ("/de/events/create/", "/de/events/manage/"):
        assert sign_in(world.manager).get(url).status_code == 404
        assert Client().get(url).status_code == 302
        assert sign_in(world.staff).get(url).status_code == 200


def test_publish_and_cancel_ask_first(world: World) -> None:
    event = make_event(slug="e", status=EventStatus.DRAFT)
    client = sign_in(world.staff)
    client.get("/de/events/e/publish/")
    event.refresh_from_db()
    assert event.status == EventStatus.DRAFT
    client.post("/de/events/e/publish/")
    client.get("/de/events/e/cancel/")
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    assert client.post("/de/events/e/cancel/", {"reason": ""}).status_code == 422
    client.post("/de/events/e/cancel/", {"reason": "Der Saal ist gesperrt."})
    event.refresh_from_db()
    assert (event.status, event.sequence) == (EventStatus.CANCELLED, 1)


def test_cancelling_tells_each_person_concerned_once_in_their_language(world: World) -> None:
    event = make_event()
    now = timezone.now()
    world.manager.language = "en"
    world.manager.save()
    for email, answer, queued in [
        ("asked@x.example", "", now),
        ("no@x.example", "no", now),
        ("manager@alpha.example", "yes", now),
        ("never-mailed@x.example", "", None),
    ]:
        Invitation.objects.create(event=event, email=email, answer=answer, queued_at=queued)
    for email, user, state in [
        ("manager@alpha.example", world.manager, RegistrationState.REGISTERED),
        ("waits@x.example", None, RegistrationState.WAITING),
        ("gone@x.example", None, RegistrationState.CANCELLED),
    ]:
        Registration.objects.create(event=event, email=email, user=user, state=state)
    cancel_event(user=world.staff, event=event, reason="Sturm")
    cancel_event(user=world.staff, event=event, reason="Sturm")
    mails = OutgoingMail.objects.select_related("content")
    assert sorted(mail.to for mail in mails) == [
        "asked@x.example",
        "manager@alpha.example",
        "waits@x.example",
    ]
    assert {mail.content.calendar_method for mail in mails} == {"CANCEL"}
    assert {mail.values["sequence"] for mail in mails} == {"1"}


def test_cancelled_or_declined_event_is_not_published_again(world: World) -> None:
    for status in (EventStatus.CANCELLED, EventStatus.DECLINED, EventStatus.SUBMITTED):
        with pytest.raises(DomainError):
            publish_event(user=world.staff, event=make_event(status=status))


def test_registrations_survive_every_edit(world: World) -> None:
    event = make_event(slug="e", starts_at=timezone.now() + timedelta(days=3))
    Registration.objects.create(event=event, email="stays@x.example")
    sign_in(world.staff).post("/de/events/e/edit/", FORM)
    assert Registration.objects.filter(email="stays@x.example", event=event).exists()
