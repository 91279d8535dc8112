"""Answering from the mail: one link, one button, no sign-in, nothing by GET."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.choices import MailKind
from core.errors import DomainError
from core.mail.optout import opt_out
from core.models import OutgoingMail
from events.choices import Answer, AnswerSource, EventStatus, RegistrationState
from events.models import Event, Invitation, Registration
from events.services import answer_invitation, name_colleague, register, unregister
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


def mails_to(address: str) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.filter(to__iexact=address).select_related("content")
    return list(rows.order_by("created_at", "pk"))


def methods(address: str) -> list[tuple[str, str]]:
    """Return method and sequence of the calendar parts an address got."""
    return [
        (mail.content.calendar_method, mail.values["sequence"])
        for mail in mails_to(address)
        if mail.content.calendar
    ]


def test_the_answer_is_confirmed_and_taken_back_in_the_calendar(invitation: Invitation) -> None:
    for given in (Answer.YES, Answer.YES, Answer.NO, Answer.NO, Answer.YES):
        answer_invitation(invitation=invitation, answer=given)
    # Each number is higher than the one before, or calendar programs would keep the older entry.
    assert methods("guest@x.example") == [("REQUEST", "0"), ("CANCEL", "1"), ("REQUEST", "2")]
    confirmation = mails_to("guest@x.example")[0]
    assert confirmation.content.picture
    assert "PARTSTAT=ACCEPTED" in confirmation.content.calendar.replace("\r\n ", "")
    assert "/registration/" in confirmation.values["hub_url"]
    assert confirmation.content.kind == MailKind.REGISTRATION


def test_how_and_when_an_answer_came_is_kept_and_an_older_one_ignored(
    invitation: Invitation,
) -> None:
    answer_invitation(invitation=invitation, answer=Answer.YES)
    invitation.refresh_from_db()
    assert invitation.answer_source == AnswerSource.LINK
    earlier = timezone.now() - timedelta(hours=1)
    answer_invitation(
        invitation=invitation, answer=Answer.NO, source=AnswerSource.CALENDAR, at=earlier
    )
    invitation.refresh_from_db()
    assert invitation.answer == Answer.YES
    answer_invitation(
        invitation=invitation,
        answer=Answer.NO,
        source=AnswerSource.CALENDAR,
        at=timezone.now() + timedelta(seconds=1),
    )
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.answer_source) == (Answer.NO, AnswerSource.CALENDAR)


def test_a_colleague_takes_over_the_place_and_hears_of_it(
    invitation: Invitation, client: Client
) -> None:
    Event.objects.update(capacity=1)
    answer_invitation(invitation=invitation, answer=Answer.YES)
    data = {
        "answer": "colleague",
        "colleague_name": "B\r\nBcc: all@x.example",
        "colleague_email": "b@x.example",
    }
    assert client.post(link(invitation), data).status_code == 302
    assert client.post(link(invitation), data).status_code == 302
    named = Invitation.objects.get(email="b@x.example")
    assert (named.named_by, named.answer) == (invitation, Answer.YES)
    assert "\n" not in named.name
    assert state_of("b@x.example") == RegistrationState.REGISTERED
    assert state_of("guest@x.example") == RegistrationState.CANCELLED
    assert methods("guest@x.example")[-1][0] == "CANCEL"
    (told,) = mails_to("b@x.example")
    assert "A Guest" in told.content.subject
    # Who never wrote to us may refuse such mails.
    assert told.content.kind == MailKind.INVITATION
    assert "b@x.example" in client.get(f"{link(invitation)}thanks/").content.decode()


def test_a_colleague_takes_over_the_position_on_the_waiting_list(
    world: World, invitation: Invitation
) -> None:
    Event.objects.update(capacity=1)
    event = Event.objects.get()
    register(user=world.outsider, event=event)
    answer_invitation(invitation=invitation, answer=Answer.YES)
    register(user=world.member, event=event)
    name_colleague(invitation=invitation, name="B", email="b@x.example")
    queue: Any = Registration.objects.queue()
    assert list(queue.values_list("email", flat=True)) == ["b@x.example", "member@alpha.example"]


def test_naming_somebody_else_replaces_the_first_and_ends_after_a_few(
    invitation: Invitation,
) -> None:
    for number in range(3):
        name_colleague(invitation=invitation, name="B", email=f"b{number}@x.example")
    assert state_of("b0@x.example") == RegistrationState.CANCELLED
    assert state_of("b2@x.example") == RegistrationState.REGISTERED
    assert Invitation.objects.get(email="b0@x.example").answer == Answer.NO
    with pytest.raises(DomainError) as refused:
        name_colleague(invitation=invitation, name="B", email="b3@x.example")
    assert refused.value.code == "too_many"


def test_the_chain_of_colleagues_is_short(invitation: Invitation) -> None:
    row = invitation
    for number in range(2):
        name_colleague(invitation=row, name="B", email=f"b{number}@x.example")
        row = Invitation.objects.get(email=f"b{number}@x.example")
    with pytest.raises(DomainError) as refused:
        name_colleague(invitation=row, name="B", email="b9@x.example")
    assert refused.value.code == "chain"
    assert state_of("b1@x.example") == RegistrationState.REGISTERED


@pytest.mark.parametrize("email", ["GUEST@x.example", "outsider@beta.example", "tired@x.example"])
def test_who_cannot_be_named_is_said_in_words(
    world: World, invitation: Invitation, client: Client, email: str
) -> None:
    register(user=world.outsider, event=Event.objects.get())
    opt_out(address="tired@x.example", kind=MailKind.INVITATION)
    data = {"answer": "colleague", "colleague_name": "B", "colleague_email": email}
    response = client.post(link(invitation), data)
    assert response.status_code == 422
    assert 'href="#id_colleague_email"' in response.content.decode()
    assert Invitation.objects.get(pk=invitation.pk).answer == ""


def test_a_colleague_needs_name_and_address(invitation: Invitation, client: Client) -> None:
    for missing in ("colleague_name", "colleague_email"):
        data = {"answer": "colleague", "colleague_name": "B", "colleague_email": "b@x.example"}
        data[missing] = ""
        assert client.post(link(invitation), data).status_code == 422
    assert Invitation.objects.count() == 1


def test_yes_after_registration_closed_is_refused_but_no_is_not(invitation: Invitation) -> None:
    answer_invitation(invitation=invitation, answer=Answer.YES)
    Event.objects.update(registration_closes_at=timezone.now() - timedelta(hours=1))
    answer_invitation(invitation=invitation, answer=Answer.YES)
    answer_invitation(invitation=invitation, answer=Answer.NO)
    with pytest.raises(DomainError) as refused:
        answer_invitation(invitation=invitation, answer=Answer.YES)
    assert refused.value.code == "registration_closed"
    assert Invitation.objects.get().answer == Answer.NO


def test_answering_in_the_portal_says_so(world: World, client: Client) -> None:
    mine = Invitation.objects.create(event=make_event(), email=world.manager.email)
    client.force_login(world.manager)
    client.post(f"/de/events/invitations/{mine.pk}/", {"answer": "yes"})
    mine.refresh_from_db()
    assert mine.answer_source == AnswerSource.PORTAL
