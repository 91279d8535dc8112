"""Staff plans a plenary with three parallel workshops in two runs, publishes and prints it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STAFF, Arrive, Person
from tests.browser.looks import barriers

pytestmark = pytest.mark.xdist_group("browser")

TITLE = "Herbstplenum am Fluss"


def plan(staff: Person, *, javascript: bool = True) -> str:
    """Fill in the form with the buttons for parts and runs; return the path of the event."""
    staff.open("/de/events/create/")
    page = staff.page
    page.fill("[name=title_de]", TITLE)
    page.fill("[name=starts_at]", "2031-10-14T13:00")
    page.fill("[name=ends_at]", "2031-10-14T17:00")
    page.fill("[name=city]", "Essen")
    page.fill("[name=capacity]", "50")

    def press(button: str, row: int) -> None:
        page.click(button)
        expect(page.locator(f"[name=sessions-{row}-title_de]")).to_be_visible()

    press("#add-session", 0)
    page.fill("[name=sessions-0-title_de]", "Auftakt")
    press("#add-run", 3)
    for number, name in enumerate(("Wasser", "Wind", "Wärme"), 1):
        page.fill(f"[name=sessions-{number}-title_de]", f"Werkstatt {name}")
        page.fill(f"[name=sessions-{number}-room]", f"Raum {number}")
        page.fill(f"[name=sessions-{number}-moderator]", f"Netzwerk {name}")
    press("#add-break", 4)
    press("#repeat-run", 7)
    assert page.input_value("[name=sessions-7-title_de]") == "Werkstatt Wärme"
    assert page.input_value("[name=sessions-7-starts_at]") == "2031-10-14T14:45"
    assert page.input_value("[name=title_de]") == TITLE
    if javascript:
        assert barriers(page) == []
    with page.expect_navigation():
        page.locator(".cd-actions button[name=save]").click()
    return staff.path()


def test_staff_plans_publishes_and_prints_a_plenary(arrive: Arrive) -> None:
    staff = arrive(STAFF)
    page = staff.page
    path = plan(staff)
    staff.open(f"{path}publish/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    visitor = arrive()
    visitor.open(path)
    visitor.page.locator("main a[href$='/programme/']").click()
    visitor.page.wait_for_url("**/programme/")
    shown = visitor.page
    expect(shown.locator(".cd-run--3")).to_have_count(2)
    expect(shown.locator(".cd-slot__title", has_text="Werkstatt Wind")).to_have_count(2)
    assert "Netzwerk Wärme" in shown.inner_text("main")
    assert barriers(shown) == []
    boxes = [shown.locator(".cd-run__workshop").nth(n).bounding_box() for n in range(3)]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    shown.set_viewport_size({"width": 360, "height": 780})
    boxes = [shown.locator(".cd-run__workshop").nth(n).bounding_box() for n in range(3)]
    assert len({round(box["x"]) for box in boxes if box}) == 1
    assert barriers(shown) == []
    shown.emulate_media(media="print")
    shown.set_viewport_size({"width": 794, "height": 1123})
    for hidden in (".cd-header", ".cd-footer", "[data-cd-print]"):
        expect(shown.locator(hidden).first).to_be_hidden()
    expect(shown.locator("h1")).to_be_visible()
    boxes = [shown.locator(".cd-run__workshop").nth(n).bounding_box() for n in range(3)]
    assert len({round(box["y"]) for box in boxes if box}) == 1


def test_the_programme_can_be_planned_without_script(arrive: Arrive) -> None:
    staff = arrive(STAFF, javascript=False)
    path = plan(staff, javascript=False)
    assert re.search(r"herbstplenum", path)
    assert staff.page.inner_text("main").count("Werkstatt Wind") >= 2


def test_a_series_is_seen_before_it_is_made(arrive: Arrive) -> None:
    staff = arrive(STAFF)
    page = staff.page
    path = plan(staff)
    staff.open(f"{path}repeat/")
    page.fill("[name=times]", "2")
    page.click("button[name=show]")
    expect(page.locator("#preview li")).to_have_count(2)
    expect(page.locator("#preview li").first).to_contain_text("Dienstag, 13. Januar 2032")
    assert barriers(page) == []
    page.click("button[name=confirm]")
    page.wait_for_url("**/manage/?series=*")
    expect(page.locator("table.cd-table tbody tr")).to_have_count(3)


def test_questions_are_written_moved_and_deleted(arrive: Arrive) -> None:
    staff = arrive(STAFF)
    page = staff.page
    path = plan(staff)
    staff.open(f"{path}questions/")
    page.click("button[name=template][value=food]")
    expect(page.locator(".cd-question")).to_have_count(2)
    assert barriers(page) == []
    first = page.locator(".cd-question__label").first.inner_text()
    page.locator("button[name=way][value=down]").first.click()
    expect(page.locator(".cd-question__label").nth(1)).to_have_text(first)
    page.locator(".cd-question a[href$='/delete/']").first.click()
    page.wait_for_url("**/delete/")
    assert barriers(page) == []
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".cd-question")).to_have_count(1)
