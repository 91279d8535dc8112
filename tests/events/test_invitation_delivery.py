"""The whole way: staff clicks, Celery works, SMTP delivers, guests answer from the mail."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from icalendar import Calendar

from events.choices import Answer, RegistrationState
from events.models import Invitation, Registration
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_event
from tests.mail_server import mail_server, part
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def plain(message: EmailMessage, kind: str) -> str:
    return part(message, kind).replace("\r\n", "\n")


def test_invitations_arrive_in_two_languages_and_are_answered_from_the_mail(
    world: World, tmp_path: Path
) -> None:
    drop_waiting_tasks()
    world.manager.language = "en"
    world.manager.save()
    event = make_event(
        slug="plenum", title_de="Frühjahrsplenum & Umtrunk", title_en="Spring plenary & drinks"
    )
    staff = Client()
    staff.force_login(world.staff)
    data = {
        "people": "managers",
        "language": "de",
        "clusters": ["alpha", "beta"],
        "addresses": "Jörg Müller <guest@x.example>",
    }
    with mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with celery_worker(tmp_path, EMAIL_URL=url):
            preview = staff.post("/de/events/plenum/invite/", data)["Location"]
            sent = staff.post(preview, {"send": "1", "confirmed": "3"})
            assert sent.status_code == 302
            wait_until(lambda: event.invitations.totals()["sent"] == 3, "three invitations")
            preview = staff.post("/de/events/plenum/invite/", data)["Location"]
            again = staff.post(preview, {"send": "1", "confirmed": "0"})
            assert again.status_code == 302
    mails = dict(zip(server.recipients, server.messages, strict=True))
    assert sorted(mails) == ["guest@x.example", "manager@alpha.example", "outsider@beta.example"]
    for recipient, message in mails.items():
        english = recipient == "manager@alpha.example"
        title = "Spring plenary & drinks" if english else "Frühjahrsplenum & Umtrunk"
        assert title in message["Subject"]
        assert title in plain(message, "text/plain")
        assert title.replace("&", "&amp;") in plain(message, "text/html")
        assert "List-Unsubscribe=One-Click" in message["List-Unsubscribe-Post"]
        assert message["List-Unsubscribe"].startswith("<http")
        calendar = Calendar.from_ical(plain(message, "text/calendar"))
        entry = calendar.walk("VEVENT")[0]
        assert calendar["METHOD"] == "REQUEST"
        assert entry["UID"] == str(event.uid)
        assert entry["ATTENDEE"] == f"mailto:{recipient}"
        assert entry["SUMMARY"] == title
        assert "%%" not in plain(message, "text/plain") + plain(message, "text/html")
    assert "Jörg Müller" in plain(mails["guest@x.example"], "text/plain")

    links = re.findall(r"http\S+/answer/\S+", plain(mails["guest@x.example"], "text/plain"))
    answers = [link[link.index("?") :] for link in links]
    assert answers == ["?a=yes", "?a=maybe", "?a=no", "?a=colleague"]
    path = links[0][links[0].index("/de/answer/") :]
    guest = Client()
    assert guest.get(path).status_code == 200
    assert Invitation.objects.get(email="guest@x.example").answer == ""
    assert guest.post(path, {"answer": "yes"}).status_code == 302
    assert Invitation.objects.get(email="guest@x.example").answer == Answer.YES
    registration = Registration.objects.get(email="guest@x.example")
    assert registration.state == RegistrationState.REGISTERED
