"""Staff's own words: placeholders, languages, and nothing that breaks a mail."""

from typing import Any

import pytest
from django.test import Client

from core.models import OutgoingMail
from events.choices import MailOccasion
from events.mail_texts import Words, default_words, preview, render, unknown_placeholders
from events.models import Event, Invitation, MailText
from events.services import send_test_mail, write_mails
from tests.conftest import World
from tests.factories import make_event
from tests.mail_server import mail_server, part, use_server

pytestmark = pytest.mark.django_db
EDIT = "/de/events/plenum/texts/invitation/"
TEXTS = {
    "subject_de": "Kommen Sie zu {event}?",
    "body_de": "{name} aus {cluster}\n\n<b>Wichtig</b>: {date}\n\nhttps://portal.example/x",
    "subject_en": "",
    "body_en": "",
    "save": "1",
}


@pytest.fixture
def event() -> Event:
    return make_event(
        slug="plenum", title_de="Plenum", title_en="Plenary", summary_de="Worum es geht"
    )


@pytest.fixture
def desk(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def deliver(settings: object) -> list[Any]:
    from core.mail.delivery import deliver_due

    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    return list(server.messages)


def test_own_words_reach_the_invited_in_their_language(
    event: Event, desk: Client, world: World, settings: object
) -> None:
    assert desk.post(EDIT, TEXTS).status_code == 302
    Invitation.objects.create(
        event=event, email="a@x.example", name="Anna & Co", cluster=world.alpha
    )
    Invitation.objects.create(event=event, email="b@x.example", name="Bo", language="en")
    write_mails(event_id=event.pk)
    mails = {str(message["To"]): message for message in deliver(settings)}
    german = next(m for to, m in mails.items() if "a@x.example" in to)
    english = next(m for to, m in mails.items() if "b@x.example" in to)
    assert german["Subject"] == "Kommen Sie zu Plenum?"
    assert "Anna & Co aus Alpha" in part(german, "text/plain")
    html = part(german, "text/html")
    assert "Anna &amp; Co aus Alpha" in html
    assert "&lt;b&gt;Wichtig&lt;/b&gt;" in html
    assert '<a href="https://portal.example/x"' in html
    assert "?a=yes" in html
    assert "METHOD:REQUEST" in part(german, "text/calendar")
    assert english["Subject"].startswith("Invitation: Plenary")


def test_an_unknown_placeholder_is_named_and_nothing_is_lost(event: Event, desk: Client) -> None:
    answer = desk.post(EDIT, {**TEXTS, "body_de": "Hallo {vorname}"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "{vorname}" in text
    assert "{cluster}" in text
    assert "Kommen Sie zu {event}?" in text
    assert not MailText.objects.exists()


def test_half_a_text_is_refused(event: Event, desk: Client) -> None:
    answer = desk.post(EDIT, {**TEXTS, "body_de": ""})
    assert answer.status_code == 422
    assert not MailText.objects.exists()


def test_a_subject_begins_no_second_header(event: Event, desk: Client, settings: object) -> None:
    desk.post(EDIT, {**TEXTS, "subject_de": "Gut\r\nBcc: all@x.example"})
    Invitation.objects.create(event=event, email="a@x.example")
    write_mails(event_id=event.pk)
    (message,) = deliver(settings)
    assert message["Bcc"] is None
    assert message["Subject"] == "Gut Bcc: all@x.example"


def test_defaults_are_shown_and_not_stored(event: Event, desk: Client) -> None:
    page = desk.get(EDIT).content.decode()
    assert "Worum es geht" in page
    default = {code: default_words("invitation", code) for code in ("de", "en")}
    unchanged = {
        f"{name}_{code}": getattr(words, name)
        for code, words in default.items()
        for name in ("subject", "body")
    }
    assert desk.post(EDIT, {**unchanged, "save": "1"}).status_code == 302
    assert not MailText.objects.exists()


def test_own_words_are_taken_back_after_a_question(event: Event, desk: Client) -> None:
    desk.post(EDIT, TEXTS)
    assert desk.get(f"{EDIT}reset/").status_code == 200
    assert MailText.objects.count() == 1
    desk.post(f"{EDIT}reset/")
    assert not MailText.objects.exists()


def test_preview_shows_what_one_person_would_read(event: Event, desk: Client, world: World) -> None:
    guest = Invitation.objects.create(
        event=event, email="g@x.example", name="<Gast>", cluster=world.beta
    )
    page = desk.post(EDIT, {**TEXTS, "preview": "1", "reader": guest.pk, "language": "de"})
    text = page.content.decode()
    assert "&lt;Gast&gt; aus Beta" in text
    assert not MailText.objects.exists()


def test_a_test_mail_goes_to_the_person_at_the_desk(
    event: Event, desk: Client, world: World, settings: object
) -> None:
    desk.post(EDIT, TEXTS)
    send_test_mail(user=world.staff, event=event, occasion="invitation", language="de")
    mail = OutgoingMail.objects.get()
    assert mail.to == world.staff.email
    assert not Invitation.objects.exists()
    (message,) = deliver(settings)
    assert "/de/events/plenum/" in part(message, "text/plain")


@pytest.mark.parametrize("occasion", MailOccasion.values)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_default_text_is_whole(occasion: str, language: str) -> None:
    words = default_words(occasion, language)
    assert unknown_placeholders(words.subject + words.body) == []
    event = make_event(venue="", city="")
    shown = render(event, words, language)
    assert "{" not in shown["subject"] + shown["body_text"]


def test_a_line_with_nothing_but_an_empty_placeholder_goes() -> None:
    event = make_event(venue="", city="")
    shown = preview(event, Words("x", "Wo:\n{place}\nEnde"), "de", {})
    assert shown["body_text"] == "Wo:\nEnde"


def test_texts_are_for_staff_and_known_occasions(event: Event, desk: Client, world: World) -> None:
    assert desk.get("/de/events/plenum/texts/picnic/").status_code == 404
    client = Client()
    client.force_login(world.manager)
    assert client.get(EDIT).status_code == 403
