"""What a finished message looks like to the program that reads it."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest

from core.mail.message import CompiledMail
from core.models import MailContent
from tests.mail_server import part

NOW = datetime(2027, 3, 4, 10, 30, tzinfo=ZoneInfo("Europe/Berlin"))
PK = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//portal//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:plenary@portal.example
DTSTAMP:20270101T000000Z
DTSTART:20270304T090000Z
SUMMARY:Plenum mit einem sehr langen Namen, der über fünfundsiebzig Oktette hinaus reicht
DESCRIPTION:Antwort: %%answer_url%% (%%note%%)
ATTENDEE;CN="%%to_name%%";RSVP=TRUE:mailto:%%to%%
URL:%%answer_url%%
END:VEVENT
END:VCALENDAR
"""


def make_content(**fields: Any) -> MailContent:
    values = {
        "pk": 31,
        "name": "tests/plain",
        "kind": "invitation",
        "language": "de",
        "subject": "Einladung: Wärme & Kälte für %%to_name%%",
        "text": "%%greeting%%\n\nMüller & Söhne laden ein: %%answer_url%%\n\n.\n.zwei\nEnde\n",
        "html": '<p>%%greeting%%</p><p>Müller &amp; Söhne <a href="%%answer_url%%">ja</a></p>',
    }
    return MailContent(**{**values, **fields})


def parse(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert not [defect for one in message.walk() for defect in one.defects]
    return message


def fill(content: MailContent, **fields: Any) -> bytes:
    values: dict[str, Any] = {
        "pk": PK,
        "to": "person@müller.example",
        "to_name": "Jörg Größe",
        "values": {"answer_url": "https://portal.example/a?x=1&y=2", "note": "a; b, c\nd"},
        "now": NOW,
    }
    return CompiledMail(content).fill(**{**values, **fields})


def test_text_and_html_say_the_same_each_in_its_own_escaping() -> None:
    message = parse(fill(make_content()))
    assert message.get_content_type() == "multipart/alternative"
    text, html = part(message, "text/plain"), part(message, "text/html")
    assert "Müller & Söhne laden ein: https://portal.example/a?x=1&y=2" in text
    assert "Müller &amp; Söhne" in html
    assert 'href="https://portal.example/a?x=1&amp;y=2"' in html
    assert "Hello Jörg Größe," in text or "Jörg Größe" in text


def test_headers_carry_umlauts_and_what_mail_programs_need(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Geschäftsstelle <dialog@portal.example>"
    message = parse(fill(make_content(reply_to="manager@alpha.example")))
    assert message["Subject"] == "Einladung: Wärme & Kälte für Jörg Größe"
    assert message["To"].addresses[0].display_name == "Jörg Größe"
    assert message["To"].addresses[0].addr_spec == "person@xn--mller-kva.example"
    assert message["From"].addresses[0].display_name == "Geschäftsstelle"
    assert message["Reply-To"] == "manager@alpha.example"
    assert message["Message-ID"] == f"<{PK}@portal.example>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/de/mail/unsubscribe/")


def test_account_mails_cannot_be_unsubscribed() -> None:
    message = parse(fill(make_content(kind="account")))
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_every_line_fits_into_plain_smtp() -> None:
    long = "x" * 3000 + " ä" * 500
    raw = fill(
        make_content(text=f"{long} %%answer_url%% {long}", html=long, calendar=CALENDAR),
        to_name="Ü" * 150,
        values={"answer_url": long, "note": long},
    )
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    # An address cannot be folded; RFC 5322 allows it 998 octets.
    assert [line for line in lines if len(line) > 78 and b"List-Unsubscribe:" not in line] == []
    assert long in part(parse(raw), "text/plain")


@pytest.mark.parametrize("subject", ["For %%answer_url%%", "Für %%answer_url%%"])
def test_values_cannot_forge_headers(subject: str) -> None:
    nasty = "A\r\nBcc: victim@elsewhere.example"
    message = parse(
        fill(make_content(subject=subject), to_name=nasty, values={"answer_url": nasty})
    )
    assert message["Bcc"] is None
    assert len(message["To"].addresses) == 1
    assert str(message["Subject"]).endswith("A Bcc: victim@elsewhere.example")


def test_values_cannot_forge_headers_or_markup() -> None:
    nasty = "A\r\nBcc: victim@elsewhere.example\r\n\r\n<script>alert(1)</script>"
    raw = fill(
        make_content(subject="Für %%answer_url%%"), to_name=nasty, values={"answer_url": nasty}
    )
    message = parse(raw)
    assert message["Bcc"] is None
    assert "<script>" not in part(message, "text/html")
    assert len(message["To"].addresses) == 1


def test_values_are_not_searched_for_placeholders() -> None:
    message = parse(fill(make_content(), values={"answer_url": "%%unsubscribe_url%% %%to%%"}))
    assert "%%unsubscribe_url%% %%to%%" in part(message, "text/plain")


def test_unknown_placeholders_stay_as_somebody_wrote_them() -> None:
    message = parse(fill(make_content(text="100 %%sicher%% und %%answer_url%%")))
    assert part(message, "text/plain").startswith("100 %%sicher%% und https://")


def test_calendar_is_an_alternative_and_an_attachment() -> None:
    message = parse(fill(make_content(calendar=CALENDAR, calendar_method="REQUEST")))
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    types = [one.get_content_type() for one in alternative.iter_parts()]
    assert types == ["text/plain", "text/html", "text/calendar"]
    assert list(alternative.iter_parts())[-1].get_param("method") == "REQUEST"
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_content().decode() == part(message, "text/calendar")


@pytest.mark.parametrize("calendar", ["", CALENDAR])
def test_picture_is_shown_by_the_html_and_is_no_attachment(calendar: str) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
    raw = fill(
        make_content(
            picture=memoryview(picture),
            html='<p>%%greeting%%</p><img src="cid:picture" alt="QR">',
            calendar=calendar,
            calendar_method="REQUEST" if calendar else "",
        )
    )
    message = parse(raw)
    (alternative,) = [
        one for one in message.walk() if one.get_content_type() == "multipart/alternative"
    ]
    types = [one.get_content_type() for one in alternative.iter_parts()]
    assert types == ["text/plain", "multipart/related", "text/calendar"][: 3 if calendar else 2]
    related = list(alternative.iter_parts())[1]
    assert related.get_param("type") == "text/html"
    html, image = related.iter_parts()
    assert "cid:picture" in html.get_content()
    assert (image.get_content_type(), image["Content-ID"]) == ("image/png", "<picture>")
    assert image.get_content_disposition() == "inline"
    assert image.get_content() == picture
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    body = message.get_body(preferencelist=("related", "html"))
    assert body is not None
    assert body.get_content_type() == "multipart/related"


def test_calendar_values_are_escaped_where_they_stand() -> None:
    content = make_content(calendar=CALENDAR, calendar_method="REQUEST")
    raw = fill(
        content,
        to_name='Jörg "Jo" Größe: Leiter',
        values={"answer_url": "https://portal.example/a?x=1,2;3", "note": "a; b, c\nd\\e"},
    )
    calendar = part(parse(raw), "text/calendar")
    assert all(len(line.encode()) <= 75 for line in calendar.splitlines())
    event = icalendar.Calendar.from_ical(calendar).walk("VEVENT")[0]
    assert event["DESCRIPTION"] == "Antwort: https://portal.example/a?x=1,2;3 (a; b, c\nd\\e)"
    assert event["URL"] == "https://portal.example/a?x=1,2;3"
    assert event["ATTENDEE"] == "mailto:person@müller.example"
    assert "Größe: Leiter" in event["ATTENDEE"].params["CN"]
    assert "hinaus reicht" in str(event["SUMMARY"])


@pytest.mark.parametrize("name", ["", "   ", "\r\n"])
def test_people_without_a_name_are_greeted_without_one(name: str) -> None:
    message = parse(fill(make_content(subject="Hallo"), to_name=name))
    greeting = part(message, "text/plain").splitlines()[0]
    assert greeting.endswith(",")
    assert "%" not in greeting
    assert str(message["To"]) == "person@xn--mller-kva.example"
