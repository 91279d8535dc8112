"""Minutes: written together without losing a word, read by whom they are for, and kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.models import OutgoingMail
from events import services
from events.choices import AccessLevel, MinutesKind, ParticipantGroup, RegistrationState
from events.models import Event, MinutesItem
from events.services import ItemValues, MinutesConflictError
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import (
    make_action,
    make_event,
    make_manager,
    make_minutes_item,
    make_registration,
    make_topic,
    make_user,
)


@pytest.fixture
def event(world: World) -> Event:
    return make_event(timezone.now() - timedelta(days=2), slug="treffen", title_de="Treffen")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"events:{name}", args=["treffen", *args])


def entry(**values: Any) -> dict[str, Any]:
    return {"kind": "note", "text": "Gesagt", "level": "participants", "version": "1", **values}


# --- writing ---------------------------------------------------------------------------------


def test_items_are_added_at_the_end_and_the_next_keeps_the_part(world: World, event: Event) -> None:
    part = event.sessions.create(code="a", part="plenary", title_de="Teil A")
    client = signed_in(world.staff)
    client.post(url("minutes"), entry(text="Erstens"))
    response = client.post(url("minutes"), entry(text="Zweitens", session=part.pk))
    assert [item.text for item in event.minutes.all()] == ["Erstens", "Zweitens"]
    form = client.get(response.headers["Location"].partition("#")[0]).context["form"]
    assert str(form["session"].value()) == str(part.pk)
    assert form["kind"].value() == MinutesKind.NOTE
    assert not form["text"].value()


def test_empty_item_is_refused_with_a_sentence_and_kept_choices(world: World, event: Event) -> None:
    response = signed_in(world.staff).post(url("minutes"), entry(text="  ", level="public"))
    assert response.status_code == 422
    assert "Bitte schreiben Sie" in response.content.decode()
    assert response.context["form"]["level"].value() == "public"
    assert not event.minutes.exists()


def test_owner_and_day_belong_to_actions_only(world: World, event: Event) -> None:
    values: dict[str, Any] = {"owner": world.alpha, "due_on": date(2027, 5, 26)}
    action = services.add_item(
        user=world.staff,
        event=event,
        values=ItemValues("Machen", kind=MinutesKind.ACTION, **values),
    )
    assert (action.owner, action.due_on) == (world.alpha, date(2027, 5, 26))
    note = services.save_item(
        user=world.staff, item=action, version=1, values=ItemValues("Machen", **values)
    )
    assert (note.owner, note.due_on) == (None, None)


def test_saving_on_top_of_an_old_version_shows_both_and_keeps_what_was_typed(
    world: World, event: Event
) -> None:
    item = make_minutes_item(event, text="Am Anfang stand dies hier.")
    mine, theirs = signed_in(world.staff), signed_in(world.staff)
    theirs.post(url("minutes-item", item.pk), entry(text="Am Anfang stand das hier."))
    response = mine.post(url("minutes-item", item.pk), entry(text="Am Anfang stand jenes hier."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "<del>das</del>" in page
    assert "<ins>jenes</ins>" in page
    form = response.context["form"]
    assert form["text"].value() == "Am Anfang stand jenes hier."
    item.refresh_from_db()
    assert item.text == "Am Anfang stand das hier."
    # Once more is meant.
    again = mine.post(
        url("minutes-item", item.pk),
        entry(text="Am Anfang stand jenes hier.", version=form["version"].value()),
    )
    assert again.status_code == 302
    item.refresh_from_db()
    assert (item.text, item.version) == ("Am Anfang stand jenes hier.", 3)


def test_same_words_on_an_old_version_are_no_conflict(world: World, event: Event) -> None:
    item = make_minutes_item(event, text="Einig", version=4)
    saved = services.save_item(user=world.staff, item=item, version=1, values=ItemValues("Einig"))
    assert saved.version == 4


def test_item_somebody_deleted_is_not_written_into_nothing(world: World, event: Event) -> None:
    item = make_minutes_item(event)
    services.delete_item(user=world.staff, item=MinutesItem.objects.get(pk=item.pk))
    with pytest.raises(DomainError, match="gelöscht"):
        services.save_item(user=world.staff, item=item, version=1, values=ItemValues("Neu"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_sees_the_conflict() -> None:
    event, staff, barrier = make_event(), make_user(is_staff=True), Barrier(2)
    item = make_minutes_item(event)

    def save(number: int) -> str:
        try:
            barrier.wait(10)
            values = ItemValues(f"Fassung {number}")
            services.save_item(user=staff, item=item, version=1, values=values)
        except MinutesConflictError:
            return "conflict"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(save, (1, 2)))
    assert outcomes == ["conflict", "saved"]


def test_items_change_places_and_stay_at_the_ends(world: World, event: Event) -> None:
    first, second, third = (make_minutes_item(event, text=text) for text in "abc")
    services.move_item(user=world.staff, item=third, up=True)
    services.move_item(user=world.staff, item=first, up=True)
    services.move_item(user=world.staff, item=second, up=False)
    assert [item.text for item in event.minutes.all()] == ["a", "c", "b"]


def test_moving_and_setting_done_do_not_cause_conflicts(world: World, event: Event) -> None:
    action = make_action(event, world.alpha)
    make_minutes_item(event)
    services.move_item(user=world.staff, item=action, up=False)
    services.complete_action(user=world.staff, action=action)
    values = ItemValues("Neu", kind=MinutesKind.ACTION)
    saved = services.save_item(user=world.staff, item=action, version=1, values=values)
    assert (saved.text, saved.state) == ("Neu", "done")


def test_deleting_asks_first(world: World, event: Event) -> None:
    item, client = make_minutes_item(event), signed_in(world.staff)
    assert client.get(url("minutes-item-delete", item.pk)).status_code == 200
    assert event.minutes.exists()
    client.post(url("minutes-item-delete", item.pk))
    assert not event.minutes.exists()


# --- who writes ------------------------------------------------------------------------------


def test_registered_moderators_write_but_not_what_is_for_the_office(
    world: World, event: Event
) -> None:
    hidden = make_minutes_item(event, text="Nur intern", level=AccessLevel.STAFF)
    place = make_registration(event, user=world.member, group=ParticipantGroup.MODERATOR)
    client = signed_in(world.member)
    page = client.get(url("minutes"))
    assert page.status_code == 200
    assert "Nur intern" not in page.content.decode()
    assert client.get(url("minutes-item", hidden.pk)).status_code == 404
    assert client.post(url("minutes"), entry(level="staff")).status_code == 422
    assert client.post(url("minutes"), entry(text="Vom Moderator")).status_code == 302
    assert client.post(url("minutes-publish")).status_code == 403
    place.state = RegistrationState.CANCELLED
    place.save()
    assert client.get(url("minutes")).status_code == 403


@pytest.mark.parametrize("who", ["member", "outsider", "manager"])
def test_others_do_not_write(world: World, event: Event, who: str) -> None:
    make_registration(event, user=getattr(world, who))
    client = signed_in(getattr(world, who))
    assert client.get(url("minutes")).status_code == 403
    assert client.post(url("minutes"), entry()).status_code == 403
    assert not event.minutes.exists()


# --- who reads -------------------------------------------------------------------------------


def texts_for(client: Client) -> set[str]:
    response = client.get(url("minutes-read"))
    if response.status_code == 404:
        return set()
    return {item.text for item in response.context["items"]}


def test_each_reads_published_items_of_their_level(world: World, event: Event) -> None:
    for level in AccessLevel.values:
        make_minutes_item(event, text=level, level=level)
    make_registration(event, user=(visitor_with_account := make_manager(world.beta)))
    visitor_with_account.memberships.all().delete()
    readers = {
        "visitor": Client(),
        "cluster": signed_in(world.outsider),
        "participant": signed_in(visitor_with_account),
    }
    for client in readers.values():
        assert texts_for(client) == set()
    services.publish_minutes(user=world.staff, event=event)
    assert texts_for(readers["visitor"]) == {"public"}
    assert texts_for(readers["cluster"]) == {"public", "clusters"}
    assert texts_for(readers["participant"]) == {"public", "clusters", "participants"}
    assert texts_for(signed_in(world.staff)) == set(AccessLevel.values)
    services.withdraw_minutes(user=world.staff, event=event)
    for client in readers.values():
        assert texts_for(client) == set()


def test_participant_without_account_reads_by_the_link(world: World, event: Event) -> None:
    make_minutes_item(event, text="Für Teilnehmende")
    make_minutes_item(event, text="Nur intern", level=AccessLevel.STAFF)
    place = make_registration(event)
    address = reverse("events:minutes-link", args=[make_registration_token(place.pk)])
    assert "Für Teilnehmende" not in Client().get(address).content.decode()
    services.publish_minutes(user=world.staff, event=event)
    response = Client().get(address)
    assert "Für Teilnehmende" in response.content.decode()
    assert "Nur intern" not in response.content.decode()
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert Client().get(address.replace(".", ".x", 1)).status_code == 404
    place.state = RegistrationState.WAITING
    place.save()
    assert Client().get(address).status_code == 404


def test_reading_page_follows_the_programme(world: World, event: Event) -> None:
    late = event.sessions.create(code="b", part="plenary", title_de="B", position=2)
    early = event.sessions.create(code="a", part="plenary", title_de="A", position=1)
    for text, part in (("3", late), ("2", early), ("4", late), ("1", None)):
        make_minutes_item(event, text=text, session=part)
    items = signed_in(world.staff).get(url("minutes-read")).context["items"]
    assert [item.text for item in items] == ["1", "2", "3", "4"]


def test_text_is_shown_as_text(world: World, event: Event) -> None:
    make_minutes_item(event, text="<script>alert(1)</script>\n\nZweiter Absatz")
    page = signed_in(world.staff).get(url("minutes")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# --- publishing ------------------------------------------------------------------------------


def test_participants_hear_once_in_their_language(world: World, event: Event) -> None:
    make_minutes_item(event)
    german, english = make_registration(event), make_registration(event, language="en")
    make_registration(event, state=RegistrationState.CANCELLED)
    make_registration(event, is_example=True)
    client = signed_in(world.staff)
    assert "2 Teilnehmende" in client.get(url("minutes-publish")).content.decode()
    assert not OutgoingMail.objects.exists()
    client.post(url("minutes-publish"))
    client.post(url("minutes-publish"))
    client.post(url("minutes-withdraw"))
    client.post(url("minutes-publish"))
    mails = {mail.to: mail for mail in OutgoingMail.objects.select_related("content")}
    assert set(mails) == {german.email, english.email}
    assert mails[english.email].content.language == "en"
    token = make_registration_token(german.pk)
    assert token in mails[german.email].values["minutes_url"]


def test_minutes_for_the_office_alone_are_not_handed_out(world: World, event: Event) -> None:
    make_minutes_item(event, level=AccessLevel.STAFF)
    signed_in(world.staff).post(url("minutes-publish"))
    event.refresh_from_db()
    assert event.minutes_published_at is None


def test_who_registered_from_a_mail_has_the_rights_of_their_registration(
    world: World, event: Event
) -> None:
    client = signed_in(world.outsider)
    assert client.get(url("minutes")).status_code == 403
    # No account behind it, and the address as a person writes it.
    own = make_registration(event, email=world.outsider.email.upper(), name="By mail")
    make_minutes_item(event, text="Unter uns", level=AccessLevel.PARTICIPANTS)
    services.publish_minutes(user=world.staff, event=event)
    assert "Unter uns" in client.get(url("minutes-read")).content.decode()
    assert client.get(url("minutes")).status_code == 403
    own.group = ParticipantGroup.MODERATOR
    own.save()
    assert client.get(url("minutes")).status_code == 200
    own.state = RegistrationState.CANCELLED
    own.save()
    assert client.get(url("minutes")).status_code == 403
    assert "Unter uns" not in client.get(url("minutes-read")).content.decode()


# --- elsewhere -------------------------------------------------------------------------------


def test_topic_shows_its_decisions_and_actions_to_those_who_may_read(
    world: World, event: Event
) -> None:
    topic = make_topic()
    rows = {"topic": topic, "level": AccessLevel.CLUSTERS}
    make_minutes_item(event, kind=MinutesKind.DECISION, text="Wir tun es", **rows)
    make_minutes_item(event, text="Nur eine Notiz", **rows)
    page = topic.get_absolute_url()
    assert "Wir tun es" not in signed_in(world.staff).get(page).content.decode()
    services.publish_minutes(user=world.staff, event=event)
    assert "Wir tun es" not in Client().get(page).content.decode()
    shown = signed_in(world.outsider).get(page).content.decode()
    assert "Wir tun es" in shown
    assert "Nur eine Notiz" not in shown


@pytest.mark.parametrize("name", ["minutes", "minutes-read"])
def test_queries_do_not_grow_with_the_items(world: World, event: Event, name: str) -> None:
    client, counted = signed_in(world.staff), []
    client.get(url("minutes"))
    for number in (2, 20):
        while event.minutes.count() < number:
            make_action(event, world.alpha, topic=make_topic())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url(name))
        counted.append(len(queries))
    assert counted[0] == counted[1]
