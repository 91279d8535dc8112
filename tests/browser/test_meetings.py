"""1:1 meetings: staff sets up, people wish, the portal computes, staff publishes, people meet."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.conftest import STAFF, Arrive, Mailbox, Person, links_of
from tests.browser.looks import check_page
from tests.mail_server import part
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

MAKE = """
from datetime import datetime, timedelta
from tests.factories import make_event, make_registration
mark = values["mark"]
start = datetime.fromisoformat(values["start"])
event = make_event(start, slug=f"meet-{mark}", title_en=f"Meet {mark}",
                   ends_at=start + timedelta(hours=3))
people = [make_registration(event, name=f"Guest {n} {mark}", language="en",
                            email=f"meet-{n}-{mark}@guests.example") for n in (1, 2, 3)]
print(json.dumps({"path": f"/en/events/{event.slug}/", "emails": [p.email for p in people],
                  "names": [p.name for p in people]}))
"""


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    """An event in forty days with three people registered."""
    start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    found: dict[str, Any] = portal.run(
        MAKE, mark=uuid4().hex[:6], start=(start + timedelta(days=40)).isoformat()
    )
    return found


def join(person: Person, link: str) -> None:
    """Take part with the link of the mail."""
    person.open(link)
    person.page.fill("textarea[name=introduction]", "I bring an idea.")
    person.send("input[name=act]")


def choose(person: Person, name: str, label: str) -> None:
    """Mark somebody, and save."""
    item = person.page.locator(".cd-mark", has_text=name)
    item.get_by_label(label).check()
    person.send(".cd-marks")


def test_wishes_become_meetings_and_everybody_learns_theirs(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    staff = arrive(STAFF)
    page = staff.page
    staff.open(f"{made['path']}meetings/")
    check_page(staff)
    page.locator("main a[href$='/meetings/setup/']").click()
    page.wait_for_url("**/setup/")
    check_page(staff)
    page.fill("input[name=slots]", "3")
    page.fill("input[name=tables]", "2")
    page.fill("input[name=minimum]", "1")
    staff.send("input[name=slots]")
    check_page(staff)
    page.locator("main a[href$='/meetings/ask/']").click()
    page.wait_for_url("**/ask/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert "3 mails are on their way" in page.inner_text("main")

    phone = arrive(viewport={"width": 320, "height": 700})
    without_script = arrive(javascript=False)
    third = arrive()
    links = [
        next(link for link in links_of(mailbox.wait_for(email, "Whom")) if "/meetings/" in link)
        for email in made["emails"]
    ]
    third.open(links[2])
    check_page(third)
    for person, link in zip((phone, without_script, third), links, strict=True):
        join(person, link)
    phone.open(links[0])
    check_page(phone)
    choose(phone, made["names"][1], "I want to meet")
    without_script.open(links[1])
    choose(without_script, made["names"][0], "I want to meet")
    third.open(links[2])
    choose(third, made["names"][0], "open to it")

    staff.open(f"{made['path']}meetings/")
    with page.expect_navigation():
        page.click("#compute")
    # The page shows how far it is, and the timetable as soon as it is there.
    expect(page.locator("#result")).to_be_visible(timeout=60_000)
    assert "Proven" in page.inner_text("#timetable")
    check_page(staff)
    page.locator(".cd-round summary").first.click()
    page.locator(".cd-round__rows a").first.click()
    page.wait_for_url("**/meetings/*/")
    check_page(staff)
    staff.open(f"{made['path']}meetings/print/?view=people")
    check_page(staff)
    staff.open(f"{made['path']}meetings/publish/")
    check_page(staff)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert "3 people are told" in page.inner_text("main")

    mail = mailbox.wait_for(made["emails"][0], "Your meetings")
    calendar = Calendar.from_ical(part(mail, "text/calendar"))
    assert calendar["METHOD"] == "REQUEST"
    assert made["names"][1] in str(calendar.events[0]["DESCRIPTION"])
    phone.open(next(link for link in links_of(mail) if "/timetable/" in link))
    check_page(phone)
    shown = phone.page.locator(".cd-own li")
    assert made["names"][1] in " ".join(shown.all_inner_texts())
    assert phone.page.locator(".cd-own").inner_text().count("I bring an idea.") == shown.count()
