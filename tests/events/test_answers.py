"""Answering from the mail: one link, one button, no sign-in, nothing by GET."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError
from events.choices import Answer, EventStatus, RegistrationState
from events.models import Event, Invitation, Registration
from events.services import answer_invitation, register, unregister
from events.tokens import make_token
from tests.conftest import World
from tests.factories import make_event, make_user


@pytest.fixture
def invitation(world: World) -> Invitation:
    return Invitation.objects.create(
        event=make_event(title_de="Plenum"), email="guest@x.example", name="A Guest"
    )


def link(invitation: Invitation, answer: str = "") -> str:
    return f"/de/answer/{make_token(invitation.pk)}/" + (f"?a={answer}" if answer else "")


def state_of(email: str) -> str:
    return str(Registration.objects.get(email=email).state)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_following_the_link_changes_nothing(
    invitation: Invitation, client: Client, method: str
) -> None:
    with CaptureQueriesContext(connection) as queries:
        getattr(client, method)(link(invitation, "yes"))
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    invitation.refresh_from_db()
    assert invitation.answer == ""
    assert not Registration.objects.exists()


def test_link_preselects_its_answer(invitation: Invitation, client: Client) -> None:
    text = client.get(link(invitation, "maybe")).content.decode()
    chosen = text[text.index('value="maybe"') :]
    assert "checked" in chosen[: chosen.index(">")]
    assert "Plenum" in text


def test_the_button_stores_the_answer_without_signing_in(invitation: Invitation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(link(invitation, "yes"))
    data = {"answer": "yes", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    response = client.post(link(invitation), data, follow=True)
    assert response.redirect_chain
    assert f"{invitation.event.slug}.ics" in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.answer == Answer.YES
    assert state_of("guest@x.example") == RegistrationState.REGISTERED


def test_answer_can_change_until_the_end_and_moves_the_registration(
    invitation: Invitation, client: Client
) -> None:
    for given, expected in [
        ("no", None),
        ("yes", RegistrationState.REGISTERED),
        ("yes", RegistrationState.REGISTERED),
        ("no", RegistrationState.DECLINED),
        ("yes", RegistrationState.REGISTERED),
        ("maybe", RegistrationState.CANCELLED),
    ]:
        assert client.post(link(invitation), {"answer": given}).status_code == 302
        states = list(Registration.objects.values_list("state", flat=True))
        assert states == ([expected] if expected else [])


def test_same_answer_twice_keeps_its_time(invitation: Invitation) -> None:
    answer_invitation(invitation=invitation, answer=Answer.YES)
    first = Invitation.objects.get().answered_at
    answer_invitation(invitation=invitation, answer=Answer.YES)
    assert Invitation.objects.get().answered_at == first
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("change", ["id", "end", "empty", "case"])
def test_altered_link_leads_nowhere(invitation: Invitation, client: Client, change: str) -> None:
    other = Invitation.objects.create(event=invitation.event, email="other@x.example")
    token = make_token(invitation.pk)
    number, _, signature = token.partition(".")
    altered = {
        "id": f"{other.pk}.{signature}",
        "end": f"{number}.{signature[:-1]}",
        "empty": f"{number}.",
        "case": f"{number}.{signature.swapcase()}",
    }[change]
    assert client.get(f"/de/answer/{altered}/").status_code == 404
    assert client.post(f"/de/answer/{altered}/", {"answer": "yes"}).status_code == 404
    assert not Registration.objects.exists()


def test_link_ends_with_the_event(invitation: Invitation, client: Client) -> None:
    past = timezone.now() - timedelta(days=2)
    Event.objects.update(starts_at=past, ends_at=past + timedelta(hours=1))
    assert client.get(link(invitation, "yes")).status_code == 410
    assert client.post(link(invitation), {"answer": "yes"}).status_code == 410
    assert Invitation.objects.get().answer == ""


def test_cancelled_event_takes_no_answer_and_unpublished_shows_nothing(
    invitation: Invitation, client: Client
) -> None:
    Event.objects.update(status=EventStatus.CANCELLED, status_reason="Sturm")
    response = client.post(link(invitation), {"answer": "yes"})
    assert response.status_code == 410
    assert "Sturm" in response.content.decode()
    Event.objects.update(status=EventStatus.DRAFT)
    assert client.get(link(invitation)).status_code == 404


def test_answer_page_keeps_its_address_to_itself(invitation: Invitation, client: Client) -> None:
    response = client.get(link(invitation, "yes"))
    # Stricter would make browsers send "Origin: null" with the button, which is refused.
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_missing_answer_is_asked_for_in_words(invitation: Invitation, client: Client) -> None:
    assert client.post(link(invitation), {}).status_code == 422
    assert client.post(link(invitation), {"answer": "perhaps"}).status_code == 422


def test_full_event_puts_the_next_on_the_waiting_list(world: World) -> None:
    event = make_event(capacity=1)
    assert register(user=world.manager, event=event).state == RegistrationState.REGISTERED
    assert register(user=world.outsider, event=event).state == RegistrationState.WAITING
    assert register(user=world.manager, event=event).state == RegistrationState.REGISTERED
    assert Registration.objects.count() == 2


def test_registering_answers_the_invitation_too_and_withdrawing_takes_it_back(
    world: World,
) -> None:
    event = make_event()
    Invitation.objects.create(event=event, email="Manager@alpha.example")
    register(user=world.manager, event=event, cluster=world.alpha)
    assert Invitation.objects.get().answer == Answer.YES
    unregister(user=world.manager, event=event)
    assert Invitation.objects.get().answer == Answer.NO
    assert state_of("manager@alpha.example") == RegistrationState.CANCELLED


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.DRAFT])
def test_closed_events_take_no_registration(world: World, status: str) -> None:
    with pytest.raises(DomainError):
        register(user=world.manager, event=make_event(status=status))


def test_registration_pages_ask_first_and_need_a_sign_in(world: World, client: Client) -> None:
    event = make_event()
    url = f"/de/events/{event.slug}/register/"
    assert client.get(url).status_code == 302
    assert client.post(url).status_code == 302
    client.force_login(world.member)
    assert client.get(url).status_code == 200
    assert not Registration.objects.exists()
    client.post(url, {"name": "A Member", "cluster": world.alpha.pk})
    assert Registration.objects.get().cluster == world.alpha
    client.post(f"/de/events/{event.slug}/unregister/")
    assert state_of("member@alpha.example") == RegistrationState.CANCELLED


def test_other_participants_are_shown_to_nobody_but_staff(world: World, client: Client) -> None:
    event = make_event()
    register(user=world.outsider, event=event)
    client.force_login(world.manager)
    assert "outsider@" not in client.get(event.get_absolute_url()).content.decode()


def test_my_invitations_are_mine(world: World, client: Client) -> None:
    mine = Invitation.objects.create(
        event=make_event(title_de="Für mich"), email="MANAGER@alpha.example"
    )
    other = Invitation.objects.create(
        event=make_event(title_de="Für andere"), email="other@x.example", user=make_user()
    )
    client.force_login(world.manager)
    text = client.get("/de/events/invitations/").content.decode()
    assert "Für mich" in text
    assert "Für andere" not in text
    assert client.get(f"/de/events/invitations/{mine.pk}/").status_code == 405
    client.post(f"/de/events/invitations/{mine.pk}/", {"answer": "yes"})
    assert client.post(f"/de/events/invitations/{other.pk}/", {"answer": "yes"}).status_code == 404
    answers = dict(Invitation.objects.values_list("pk", "answer"))
    assert answers == {mine.pk: Answer.YES, other.pk: ""}
