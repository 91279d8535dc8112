"""A full event: a manager waits, is offered the place that becomes free, and takes it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MANAGER, STAFF, Arrive, Mailbox, Person, links_of
from tests.browser.looks import check_page
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

MAKE = """
from datetime import datetime, timedelta
from events.tokens import make_registration_token
from tests.factories import make_event, make_question, make_registration
mark = values["mark"]
start = datetime.fromisoformat(values["start"])
event = make_event(start, slug=f"full-{mark}", title_en=f"Evening {mark}",
                   title_de=f"Evening {mark}", capacity=1,
                   ends_at=start + timedelta(hours=3), asks_expectations=True)
make_question(event, label_en="What do you bring along?")
first = make_registration(event, name="A guest", email=f"first-{mark}@guests.example")
print(json.dumps({"path": f"/en/events/{event.slug}/", "title": event.title_en,
                  "first": f"/en/registration/{make_registration_token(first.pk)}/"}))
"""


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    """An event with one place, which a guest has."""
    mark = uuid4().hex[:6]
    start = datetime.now(UTC) + timedelta(days=30)
    found: dict[str, Any] = portal.run(MAKE, mark=mark, start=start.isoformat())
    return {**found, "mark": mark}


def withdraw(person: Person) -> None:
    """Withdraw on the page of a registration; a page between asks first."""
    page = person.page
    page.locator("main a[href$='/withdraw/']").click()
    page.wait_for_url("**/withdraw/")
    check_page(person)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def test_a_place_that_becomes_free_is_offered_and_taken_by_one_click(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    manager = arrive(MANAGER, viewport={"width": 390, "height": 844})
    page = manager.page
    manager.open(made["path"])
    page.get_by_role("link", name="Join the waiting list").click()
    page.wait_for_url("**/register/")
    check_page(manager)
    page.fill("textarea[name=expectation]", "Who tests gears in winter?")
    page.get_by_label("What do you bring along?").fill("A gear")
    manager.send("input[name=name]")
    expect(page.locator("main")).to_contain_text("You are on the waiting list")
    expect(page.locator(".cd-queue strong")).to_have_text("1")
    check_page(manager)
    mailbox.wait_for(MANAGER, f"Sie stehen auf der Warteliste: {made['title']}")

    guest = arrive(viewport={"width": 320, "height": 700})
    guest.open(made["first"])
    check_page(guest)
    withdraw(guest)
    expect(guest.page.locator("main")).to_contain_text("You are not registered any more.")

    offer = mailbox.wait_for(MANAGER, f"Ein Platz ist für Sie frei: {made['title']}")
    # The link of the mail works without signing in, and looking changes nothing.
    reader = arrive(javascript=False)
    reader.open(next(url for url in links_of(offer) if "/registration/" in url))
    assert reader.path().endswith("/accept/")
    reader.page.reload()
    manager.open(f"{made['path']}my-registration/")
    expect(page.locator("main")).to_contain_text("It is kept for you until")
    reader.send("button")
    assert "Sie sind angemeldet." in reader.page.inner_text("main")
    mailbox.wait_for(MANAGER, f"Sie sind angemeldet: {made['title']}")

    staff = arrive(STAFF)
    staff.open(f"{made['path']}registrations/")
    check_page(staff)
    assert "A gear" in staff.page.inner_text("#rows")
    staff.open(f"{made['path']}expectations/")
    check_page(staff)
    assert "Who tests gears in winter?" in staff.page.inner_text("main")


def test_a_manager_registers_a_colleague_who_withdraws_from_the_mail(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    colleague = f"colleague-{made['mark']}@guests.example"
    guest = arrive()
    guest.open(made["first"])
    withdraw(guest)

    manager = arrive(MANAGER)
    manager.open(f"{made['path']}register/colleagues/")
    check_page(manager)
    page = manager.page
    page.fill("input[name=people-0-name]", "A colleague")
    page.fill("input[name=people-0-email]", "no address")
    manager.send("input[name=people-0-name]")
    assert page.input_value("input[name=people-0-name]") == "A colleague"
    page.fill("input[name=people-0-email]", colleague)
    manager.send("input[name=people-0-name]")
    manager.open(f"{made['path']}register/colleagues/")
    assert colleague in page.inner_text("section[aria-labelledby=there]")

    told = mailbox.wait_for(colleague, made["title"])
    person = arrive(viewport={"width": 390, "height": 844})
    person.open(next(url for url in links_of(told) if "/registration/" in url))
    check_page(person)
    withdraw(person)
    expect(person.page.locator("main")).to_contain_text("Sie sind nicht mehr angemeldet.")
    mailbox.wait_for(colleague, f"Sie sind nicht mehr angemeldet: {made['title']}")
