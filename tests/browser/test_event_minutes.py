"""Two people write the minutes of one event at the same time; neither loses a word."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import MANAGER, STAFF, Arrive, Person
from tests.browser.test_whole_portal import look_at

pytestmark = pytest.mark.xdist_group("browser")


def open_minutes(person: Person, slug: str) -> None:
    person.open(f"/en/events/{slug}/minutes/")


def an_event(staff: Person) -> str:
    """Return the slug of a published event."""
    staff.open("/en/events/manage/?status=published")
    address = staff.page.locator("main tbody th a").first.get_attribute("href") or ""
    return address.rstrip("/").split("/")[-1]


def add(person: Person, text: str, kind: str = "note") -> None:
    """Write an item in the row for the next one, without touching the mouse."""
    form = person.page.locator("#minutes-add")
    form.locator("select[name=kind]").select_option(kind)
    form.locator("textarea[name=text]").fill(text)
    form.locator("textarea[name=text]").press("Control+Enter")


def item(person: Person, text: str) -> Locator:
    return person.page.locator("#minutes-items > li").filter(has_text=text)


def test_two_people_write_at_once_and_a_conflict_shows_both(arrive: Arrive) -> None:
    first, second = arrive(STAFF), arrive(STAFF)
    slug, mark = an_event(first), uuid4().hex[:8]
    for person in (first, second):
        open_minutes(person, slug)
    add(first, f"We meet again in spring {mark}", "decision")
    expect(item(first, mark)).to_have_count(1)
    # The next one can be typed at once.
    expect(first.page.locator("#minutes-add textarea[name=text]")).to_be_focused()
    expect(first.page.locator("#minutes-add textarea[name=text]")).to_have_value("")
    # It comes to the other by itself, and what is being typed there stays, with its caret.
    typing = second.page.locator("#minutes-add textarea[name=text]")
    typing.fill("Half a sent")
    expect(item(second, mark)).to_have_count(1)
    expect(typing).to_have_value("Half a sent")
    expect(typing).to_be_focused()
    typing.press_sequentially("ence")
    expect(typing).to_have_value("Half a sentence")
    typing.fill("")
    # Both change the same item.
    for person in (first, second):
        item(person, mark).get_by_role("link", name="Edit").click()
        field = person.page.locator("#minutes-items textarea[name=text]")
        expect(field).to_be_focused()
    first.page.locator("#minutes-items textarea[name=text]").fill(f"We meet in autumn {mark}")
    first.page.locator("#minutes-items button[type=submit]", has_text="Save").click()
    expect(item(first, f"autumn {mark}")).to_have_count(1)
    mine = second.page.locator("#minutes-items textarea[name=text]")
    mine.fill(f"We meet in winter {mark}")
    # The page says so while the other still types, and leaves the words alone.
    expect(second.page.locator("[data-cd-notice]")).to_be_visible()
    expect(mine).to_have_value(f"We meet in winter {mark}")
    mine.press("Control+Enter")
    expect(second.page.locator("#minutes-items .cd-diff")).to_contain_text("autumn")
    expect(second.page.locator("#minutes-items .cd-diff")).to_contain_text("winter")
    expect(second.page.locator("#minutes-items textarea[name=text]")).to_have_value(
        f"We meet in winter {mark}"
    )
    assert look_at(second, "/en/events/…/minutes/ with a conflict") == []
    second.page.locator("#minutes-items textarea[name=text]").press("Control+Enter")
    expect(item(second, f"winter {mark}")).to_have_count(1)
    expect(item(first, f"winter {mark}")).to_have_count(1)


def test_items_change_places_for_everybody(arrive: Arrive) -> None:
    first, second = arrive(STAFF), arrive(STAFF)
    slug, mark = an_event(first), uuid4().hex[:8]
    for person in (first, second):
        open_minutes(person, slug)
    for number in (1, 2):
        add(first, f"Item {number} {mark}")
        expect(item(first, f"Item {number} {mark}")).to_have_count(1)
    expect(item(second, mark)).to_have_count(2)
    item(first, f"Item 2 {mark}").get_by_role("button", name="Move up").click()
    for person in (first, second):
        expect(item(person, mark).first).to_contain_text(f"Item 2 {mark}")
    # Somebody who deletes asks first; the others see it go.
    item(first, f"Item 2 {mark}").get_by_role("link", name="Delete").click()
    first.page.wait_for_url("**/delete/")
    first.page.locator("main button[type=submit]").click()
    first.page.wait_for_url("**/minutes/")
    expect(item(second, f"Item 2 {mark}")).to_have_count(0)


def test_minutes_work_without_javascript(arrive: Arrive) -> None:
    person = arrive(STAFF, javascript=False)
    slug, mark = an_event(person), uuid4().hex[:8]
    open_minutes(person, slug)
    person.page.fill("#minutes-add textarea[name=text]", f"On paper {mark}")
    person.send("textarea[name=text]")
    item(person, mark).get_by_role("link", name="Edit").click()
    person.page.fill("main textarea[name=text]", f"In ink {mark}")
    person.send("textarea[name=text]")
    assert item(person, f"In ink {mark}").count() == 1


def test_published_minutes_reach_the_owner_who_says_done(arrive: Arrive) -> None:
    staff, manager = arrive(STAFF), arrive(MANAGER)
    slug, mark = an_event(staff), uuid4().hex[:8]
    open_minutes(staff, slug)
    form = staff.page.locator("#minutes-add")
    # Who and until when are asked of actions only.
    expect(form.locator("select[name=owner]")).to_be_hidden()
    form.locator("select[name=kind]").select_option("action")
    expect(form.locator("select[name=owner]")).to_be_visible()
    form.locator("select[name=owner]").select_option(label="it's OWL")
    form.locator("input[name=due_on]").fill("2031-05-26")
    add(staff, f"Send the slides {mark}", "action")
    expect(item(staff, mark)).to_contain_text("it's OWL")
    manager.open("/en/dashboard/")
    assert mark not in manager.page.inner_text("main")
    staff.page.reload()
    publish = staff.page.get_by_role("link", name="Publish minutes")
    if publish.count():
        publish.click()
        staff.page.wait_for_url("**/publish/")
        staff.page.locator("main button[type=submit]").click()
        staff.page.wait_for_url("**/minutes/")
    manager.open("/en/dashboard/")
    mine = manager.page.locator("section[aria-labelledby=actions-title] li").filter(has_text=mark)
    assert mine.count() == 1
    mine.get_by_role("button", name="Set done").click()
    expect(mine).to_have_count(0)
    staff.page.reload()
    expect(item(staff, mark)).to_contain_text("Done")
