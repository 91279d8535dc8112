"""Ranked wishes become rooms: people rank, staff drafts, moves and publishes, people are told."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAFF, Arrive, Mailbox, Person
from tests.browser.looks import check_page
from tests.mail_server import part
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

MAKE = """
from datetime import datetime, timedelta
from events.tokens import make_registration_token
from tests.factories import make_event, make_registration, make_workshops
mark = values["mark"]
start = datetime.fromisoformat(values["start"])
event = make_event(start, slug=f"wishes-{mark}", choice_mode="wishes", title_en=f"Wishes {mark}",
                   ends_at=start + timedelta(hours=3), wishes_until=start - timedelta(days=1))
make_workshops(event, workshops=3, runs=2, capacity=3)
people = [make_registration(event, name=f"Guest {n} {mark}", language="en",
                            email=f"wish-{n}-{mark}@guests.example") for n in (1, 2, 3)]
print(json.dumps({"path": f"/en/events/{event.slug}/", "hubs": [
    f"/en/registration/{make_registration_token(p.pk)}/" for p in people],
    "emails": [p.email for p in people]}))
"""


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    """An event with two runs of three workshops of three places, and three people registered."""
    start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    found: dict[str, Any] = portal.run(
        MAKE, mark=uuid4().hex[:6], start=(start + timedelta(days=40)).isoformat()
    )
    return found


def rank(person: Person, hub: str, order: list[str]) -> None:
    """State wishes with the selects, as without script."""
    person.open(f"{hub}wishes/")
    for number, key in enumerate(order, start=1):
        person.page.select_option(f"select[name=rank_{key}]", str(number))
    person.send("select[name=rank_a]")


def shown_order(page: Page) -> list[str]:
    return [title[-1] for title in page.locator(".cd-wish__title").all_inner_texts()]


def check_calendar(mail: EmailMessage, title: str) -> None:
    calendar = Calendar.from_ical(part(mail, "text/calendar"))
    assert calendar["METHOD"] == "REQUEST"
    assert title in str(calendar.events[0]["DESCRIPTION"])


def test_wishes_become_rooms_and_everybody_learns_theirs(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    first, second, third = made["hubs"]
    phone = arrive(viewport={"width": 320, "height": 700})
    phone.open(first)
    phone.page.locator("main a[href$='/wishes/']").click()
    phone.page.wait_for_url("**/wishes/")
    page = phone.page
    # With script: buttons move a wish, and what happens is said aloud.
    item = page.locator("[data-cd-wish]", has_text="Workshop B")
    item.locator("[data-cd-wish-move=up]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cd-wish-status]")).to_have_text("Workshop B is now wish 1.")
    page.locator("[data-cd-wish]", has_text="Workshop A").locator("[data-cd-wish-move=up]").click()
    assert shown_order(page)[:2] == ["B", "A"]
    page.locator("[data-cd-wish]", has_text="Workshop A").locator("[data-cd-wish-move=up]").click()
    assert shown_order(page)[:2] == ["A", "B"]
    check_page(phone)
    phone.send("select[name=rank_a]")
    assert page.input_value("select[name=rank_a]") == "1"
    assert page.input_value("select[name=rank_b]") == "2"
    assert page.input_value("select[name=rank_c]") == ""
    # Without script: the same by hand.
    rank(arrive(javascript=False), second, ["a", "b"])
    rank(arrive(javascript=False), third, ["a", "c"])

    staff = arrive(STAFF)
    staff.open(f"{made['path']}assignment/")
    check_page(staff)
    with staff.page.expect_navigation():
        staff.page.click("#calculate")
    page = staff.page
    assert "Nobody has been told" in page.inner_text("main")
    check_page(staff)
    assert page.locator(".cd-room").count() == 6

    # Staff moves one person by hand, into the workshop they visit in neither run.
    page.locator("section[aria-labelledby=people] tbody a").first.click()
    page.wait_for_url("**/people/**")
    check_page(staff)
    visited = " ".join(page.locator(".cd-person__name").all_inner_texts())
    third = next(letter for letter in "ABC" if f"Workshop {letter}" not in visited)
    target = page.locator("select[name=run_1] option", has_text=f"Workshop {third}")
    page.select_option("select[name=run_1]", target.get_attribute("value"))
    staff.send("select[name=run_1]")
    moved = page.locator(".cd-person", has_text=f"Workshop {third}")
    expect(moved).to_contain_text("fixed")
    staff.open(f"{made['path']}assignment/")
    page.locator("main a[href$='/assignment/publish/']").click()
    page.wait_for_url("**/publish/")
    assert "3 people" in page.inner_text("main form")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert "3 people are told" in page.inner_text("main")
    staff.open(f"{made['path']}assignment/rooms/?show=published")
    assert page.locator(".cd-room-list").count() == 6

    for email in made["emails"]:
        mail = mailbox.wait_for(email, "Your workshops")
        assert "Run 1" in part(mail, "text/plain")
        check_calendar(mail, "Run 2")
    phone.open(first)
    assert phone.page.locator(".cd-my-rooms li").count() == 2
    assert phone.page.locator("main a[href$='/wishes/']").count() == 0
