"""Badges, lists and certificates as they are printed."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import numpy
import pypdf
import pytest
import zxingcpp
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from PIL import Image

from events import pdf, printouts
from events.access import get_registration_by_ticket
from events.choices import ParticipantGroup, RegistrationState
from events.models import Event
from events.tokens import make_ticket_token
from tests.conftest import World
from tests.factories import make_event, make_registration

NAMES = [
    "Łukasz Żółć",
    "Ольга Иванова",
    "Ευρυδίκη Παπαδοπούλου",
    "Nguyễn Thị Ánh",
    '#panic("x") *fett* $x$ @a <b> \\',
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2,
]


@pytest.fixture
def event(world: World) -> Event:
    event = make_event(
        timezone.now() - timedelta(hours=1), slug="plenum", title_de="Plenum", title_en="Plenary",
        city="Essen", organisers=["Geschäftsstelle"],
    )  # fmt: skip
    for name in NAMES:
        make_registration(event, name=name.strip()[:150], cluster=world.alpha)
    return event


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """Return the words of all pages, wherever lines were broken."""
    words = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(words.split())


def is_accessible(content: bytes, language: str) -> bool:
    """Tagged, with language and a title that viewers show."""
    found = read(content)
    root: Any = found.trailer["/Root"]
    return bool(
        "/StructTreeRoot" in root
        and root["/MarkInfo"]["/Marked"]
        and root["/Lang"] == language
        and root["/ViewerPreferences"]["/DisplayDocTitle"]
        and found.metadata
        and found.metadata.title
    )


def fonts_of(content: bytes) -> set[str]:
    return {
        str(font.get_object()["/BaseFont"])
        for page in read(content).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }


def test_badges_name_everybody_as_entered(event: Event) -> None:
    content = printouts.badge_sheet(event, layout="10", group="", with_code=True)
    text = text_of(content)
    for name in NAMES[:5]:
        assert name in text
    assert text.count("Alpha") == len(NAMES)
    assert is_accessible(content, "de")
    assert all("Fira" in font for font in fonts_of(content))


@pytest.mark.parametrize(("layout", "pages"), [("10", 2), ("8", 2)])
def test_sheets_hold_ten_or_eight_badges(event: Event, layout: str, pages: int) -> None:
    for _ in range(int(layout) + 1 - len(NAMES)):
        make_registration(event)
    content = printouts.badge_sheet(event, layout=layout, group="", with_code=False)
    assert len(read(content).pages) == pages


def test_code_on_a_badge_opens_the_ticket_of_its_person(event: Event) -> None:
    people = printouts.people_for_badges(event)
    data = printouts.badge_data(event, people, layout="10", with_code=True)
    (sheet,) = pdf.pictures("badges", data)
    picture = numpy.asarray(Image.open(io.BytesIO(sheet)).convert("L"))
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == len(people)
    found = set()
    for code in codes:
        match = resolve(urlsplit(code.text).path)
        assert match.view_name == "events:ticket"
        found.add(get_registration_by_ticket(match.kwargs["token"]))
    assert found == set(people)


def test_code_stands_beside_the_name_of_its_person(event: Event) -> None:
    """Badge by badge: name and code belong together."""
    for person in printouts.people_for_badges(event)[:3]:
        data = printouts.badge_data(event, [person], layout="8", with_code=True)
        (sheet,) = pdf.pictures("badges", data)
        picture = numpy.asarray(Image.open(io.BytesIO(sheet)).convert("L"))
        (code,) = zxingcpp.read_barcodes(picture)
        assert make_ticket_token(person.pk) in code.text


def test_names_in_scripts_without_font_do_not_break_the_sheet(event: Event) -> None:
    make_registration(event, name="王小明")
    content = printouts.badge_sheet(event, layout="10", group="", with_code=False)
    assert NAMES[0] in text_of(content)
    root: Any = read(content).trailer["/Root"]
    assert "/StructTreeRoot" in root


def test_badges_of_one_group_only(event: Event) -> None:
    make_registration(event, name="Referierende", group=ParticipantGroup.SPEAKER)
    text = text_of(printouts.badge_sheet(event, layout="10", group="speaker", with_code=False))
    assert "Referierende" in text
    assert NAMES[0] not in text


def test_attendance_list_has_a_column_to_sign_in_where_wanted(event: Event) -> None:
    make_registration(event, name="Gelistet", list_consent=True)
    make_registration(
        event, name="Wartend", state=RegistrationState.WAITING, waiting_since=timezone.now()
    )
    signed = printouts.attendance_list(event, signatures=True, everybody=True)
    assert "Unterschrift" in text_of(signed)
    assert "Wartend" not in text_of(signed)
    assert is_accessible(signed, "de")
    agreed = text_of(printouts.attendance_list(event, signatures=False, everybody=False))
    assert "Unterschrift" not in agreed
    assert "Gelistet" in agreed
    assert NAMES[0] not in agreed


def test_certificates_speak_the_language_of_their_person(event: Event) -> None:
    for name, language in (("Anna", "de"), ("Zoe", "en")):
        make_registration(event, name=name, language=language, state=RegistrationState.ATTENDED)
    content = printouts.certificates(event, printouts.attended(event))
    german, english = [page.extract_text() for page in read(content).pages]
    assert "Teilnahmebescheinigung" in german
    assert "Plenum" in german
    assert "Certificate of attendance" in english
    assert "Plenary" in english
    assert is_accessible(content, "de")


def test_person_fetches_the_certificate_from_the_ticket_after_being_there(
    client: Client, event: Event
) -> None:
    guest = make_registration(event, name="Zoe", language="en")
    url = f"/de/ticket/{make_ticket_token(guest.pk)}/certificate.pdf"
    assert client.get(url).status_code == 404
    guest.state = RegistrationState.ATTENDED
    guest.save()
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert is_accessible(answer.content, "en")
    assert "Zoe" in text_of(answer.content)


def test_printing_is_for_staff(world: World, client: Client, event: Event) -> None:
    make_registration(event, user=world.member, email=world.member.email)
    names = ("badges/", "badges.pdf", "participants.pdf", "certificates.pdf")
    for user, expected in ((world.member, {403}), (world.staff, {200, 404})):
        client.force_login(user)
        for name in names:
            assert client.get(f"/de/events/plenum/{name}").status_code in expected
