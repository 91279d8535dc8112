"""Staff's own words: placeholders, languages, preview and test, and nothing that could do harm."""

import pytest
from django.core import mail as django_mail
from django.test import Client

from core.choices import MailKind
from core.mail.optout import opt_out
from core.models import MailContent, OutgoingMail
from events import letters
from events.audience import Audience
from events.choices import MailOccasion, QuestionStage
from events.letters import Text, compose, default_text, text_for
from events.models import Event, Invitation, MailText, Question
from events.services import invite, write_mails
from tests.conftest import World
from tests.factories import make_event

URL = "/de/events/plenum/texts/invitation/"


@pytest.fixture
def event(world: World) -> Event:
    return make_event(
        slug="plenum", title_de="Plenum & Umtrunk", title_en="Plenary & drinks", city="Essen"
    )


@pytest.fixture
def staff_client(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def words(**values: str) -> dict[str, str]:
    empty = {"subject_de": "", "body_de": "", "subject_en": "", "body_en": ""}
    return {**empty, **values}


@pytest.mark.parametrize("occasion", MailOccasion.values)
@pytest.mark.parametrize("language", ["de", "en"])
def test_text_of_the_portal_holds_only_placeholders_it_knows(
    event: Event, occasion: str, language: str
) -> None:
    Question.objects.create(event=event, stage=QuestionStage.SURVEY, label_de="Wie war es?")
    text = default_text(event, occasion, language)
    assert letters.unknown_placeholders(occasion, f"{text.subject} {text.body}") == []
    letter = compose(event, occasion, text, language)
    assert "{" not in letter.subject + letter.text + letter.html
    title = "Plenum & Umtrunk" if language == "de" else "Plenary & drinks"
    assert title in letter.subject
    assert title in letter.text
    assert title.replace("&", "&amp;") in letter.html


def test_own_words_are_sent_in_the_language_they_are_written_in(
    world: World, event: Event, staff_client: Client
) -> None:
    data = words(subject_de="Auf nach {place}", body_de="Für {cluster}: https://x.example/a\n\nX")
    saved = staff_client.post(URL, {**data, "save": "1"})
    assert saved.status_code == 302
    assert text_for(event, "invitation", "de").is_own
    assert not text_for(event, "invitation", "en").is_own
    audience = Audience(clusters=("alpha",), addresses="e@x.example", language="en")
    invite(user=world.staff, event=event, audience=audience)
    write_mails(event_id=event.pk)
    german = OutgoingMail.objects.get(to="manager@alpha.example")
    assert german.content.subject == "Auf nach Essen"
    assert german.values["cluster"] == "Alpha"
    assert '<a href="https://x.example/a"' in german.content.html
    english = OutgoingMail.objects.get(to="e@x.example")
    assert english.content.subject.startswith("Invitation: Plenary & drinks")
    page = staff_client.get(URL).content.decode()
    assert "Text des Portals gesendet" in page or "eigener Text" in page


def test_unknown_placeholder_is_named_with_those_that_are_known(
    event: Event, staff_client: Client
) -> None:
    data = words(subject_de="Hallo {vorname}", body_de="Text {registration_link}")
    answer = staff_client.post(URL, {**data, "save": "1"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "{vorname}" in text
    assert "{answer_buttons}" in text
    assert "Hallo {vorname}" in text, "nothing that was entered is lost"
    assert MailText.objects.count() == 0


def test_subject_cannot_forge_a_header(event: Event, staff_client: Client) -> None:
    data = words(subject_de="Plenum\r\nBcc: x@x.example\u2028y", body_de="Text")
    staff_client.post(URL, {**data, "save": "1"})
    assert MailText.objects.get().subject == "Plenum Bcc: x@x.example y"


def test_html_is_shown_and_never_run(world: World, event: Event, staff_client: Client) -> None:
    body = "<script>alert(1)</script> <b>{name}</b>\njavascript:alert(1)"
    data = words(subject_de="S", body_de=body, recipient="g@x.example")
    Invitation.objects.create(event=event, email="g@x.example", name="<img src=x onerror=1>")
    page = staff_client.post(URL, {**data, "preview": "1"}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;" in page
    assert MailText.objects.count() == 0, "looking stores nothing"


def test_preview_is_what_a_named_recipient_reads(event: Event, staff_client: Client) -> None:
    Invitation.objects.create(event=event, email="g@x.example", name="Gast Eins", language="en")
    data = words(subject_en="For {name}", body_en="Come. {answer_buttons}", recipient="G@x.example")
    page = staff_client.post(URL, {**data, "preview": "1"}, headers={"hx-request": "true"})
    text = page.content.decode()
    assert "<html" not in text
    assert "For Gast Eins" in text
    assert "/en/answer/" in text
    assert "Hello Gast Eins," in text


def test_one_of_subject_and_text_alone_is_refused(event: Event, staff_client: Client) -> None:
    answer = staff_client.post(URL, {**words(subject_de="Nur Betreff"), "save": "1"})
    assert answer.status_code == 422


def test_the_portals_own_words_are_not_stored_as_staffs(event: Event, staff_client: Client) -> None:
    text = default_text(event, "invitation", "de")
    data = words(subject_de=text.subject, body_de=text.body)
    staff_client.post(URL, {**data, "save": "1"})
    assert MailText.objects.count() == 0


def test_reset_asks_and_goes_back_to_the_portals_words(event: Event, staff_client: Client) -> None:
    staff_client.post(URL, {**words(subject_de="S", body_de="T"), "save": "1"})
    assert staff_client.get(f"{URL}reset/").status_code == 200
    assert MailText.objects.count() == 1
    staff_client.post(f"{URL}reset/")
    assert MailText.objects.count() == 0


def test_test_mail_goes_to_oneself_and_answers_for_nobody(
    world: World, event: Event, staff_client: Client
) -> None:
    data = words(subject_de="Probe {event}", body_de="{answer_buttons}")
    page = staff_client.post(URL, {**data, "test": "de"})
    assert page.status_code == 200
    assert "Probe {event}" in page.content.decode(), "what was entered is still there"
    mail = OutgoingMail.objects.get()
    assert mail.to == world.staff.email
    assert mail.content.subject == "Test: Probe Plenum & Umtrunk"
    assert "/answer/" not in mail.values["answer_url"]
    assert MailText.objects.count() == 0
    assert django_mail.outbox == []


def test_test_mail_that_cannot_be_sent_says_so(
    world: World, event: Event, staff_client: Client
) -> None:
    opt_out(address=world.staff.email, kind=MailKind.INVITATION)
    page = staff_client.post(URL, {**words(), "test": "de"})
    assert "Ihre eigene Adresse" in page.content.decode()
    assert OutgoingMail.objects.count() == 0


def test_survey_link_needs_a_survey(event: Event, staff_client: Client) -> None:
    data = words(subject_de="Danke", body_de="{survey_link}")
    url = "/de/events/plenum/texts/after/"
    assert staff_client.post(url, {**data, "save": "1"}).status_code == 422
    Question.objects.create(event=event, stage=QuestionStage.SURVEY, label_de="Wie war es?")
    assert staff_client.post(url, {**data, "save": "1"}).status_code == 302


def test_blocks_inside_a_paragraph_do_not_break_it(event: Event) -> None:
    letter = compose(event, "before", Text("S", "Hallo {answer_buttons} danke {nichts"), "de")
    assert letter.html.count("<p>") == letter.html.count("</p>")
    assert "{nichts" in letter.text


def test_words_of_the_event_are_no_placeholders(world: World, event: Event) -> None:
    event.title_de = "{name} & %%to%%"
    event.save()
    letter = compose(event, "before", Text("{event}", "{event}"), "de")
    assert letter.text == "{name} & %%to%%"


def test_all_four_texts_are_listed_and_unknown_ones_do_not_exist(
    event: Event, staff_client: Client
) -> None:
    page = staff_client.get("/de/events/plenum/texts/").content.decode()
    assert page.count("/texts/") >= 4
    assert staff_client.get("/de/events/plenum/texts/other/").status_code == 404
    assert MailContent.objects.count() == 0


def test_line_with_nothing_but_an_empty_placeholder_goes(event: Event) -> None:
    event.city = ""
    letter = compose(event, "before", Text("S", "A\n{place}\nB {place}"), "de")
    assert letter.text == "A\nB"


def test_invitation_always_has_a_way_to_answer(event: Event) -> None:
    letter = compose(event, "invitation", Text("S", "Kommen Sie!"), "de")
    assert "%%answer_url%%?a=yes" in letter.text
    assert "%%answer_url%%?a=yes" in letter.html
