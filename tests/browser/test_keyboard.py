"""The portal without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MANAGER, Arrive

pytestmark = pytest.mark.xdist_group("browser")

# An outline or shadow of the element, of its label, or of the card it stretches over.
SEEN = """async () => {
    // Even the shortest transition takes pictures to end, on a busy machine some more.
    for (let picture = 0; picture < 10; picture++) {
        await new Promise(r => requestAnimationFrame(r));
    }
    const e = document.activeElement;
    const marked = (x, pseudo) => {
        const s = getComputedStyle(x, pseudo);
        return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)
            || s.boxShadow !== 'none';
    };
    // Districts of a map get a thicker border.
    const border = parseFloat(getComputedStyle(e.querySelector('path') ?? e).strokeWidth);
    const near = [e, e.labels?.[0], e.parentElement, e.closest('article')].filter(Boolean);
    return {
        name: e.outerHTML.slice(0, 120),
        // The browser itself marks the button inside a date.
        shown: !e.matches(':focus') || border >= 5 || near.some(
            x => marked(x) || marked(x, '::before') || marked(x, '::after')),
        inside: e.getBoundingClientRect().bottom > 0
            && e.getBoundingClientRect().top < innerHeight,
    };
}"""


def focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("s => document.activeElement.matches(s)", selector))


def test_first_stop_leads_past_the_header(arrive: Arrive) -> None:
    person = arrive()
    person.open("/de/clusters/")
    page = person.page
    page.keyboard.press("Tab")
    assert focused(page, "a[href='#content']")
    box = page.locator("a[href='#content']").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert focused(page, "#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/de/", "/de/clusters/", "/de/events/", "/de/account/login/"])
def test_focus_is_always_seen(arrive: Arrive, path: str) -> None:
    # Without it the page still glides to the place when it is asked where the focus is.
    person = arrive(reduced_motion="reduce")
    person.open(path)
    page = person.page
    unseen = []
    for _stop in range(40):
        page.keyboard.press("Tab")
        state = page.evaluate(SEEN)
        if state["name"].startswith("<body"):
            break
        if not (state["shown"] and state["inside"]):
            unseen.append(state["name"])
    assert unseen == []


def test_menu_of_a_phone_opens_and_closes(arrive: Arrive) -> None:
    person = arrive(viewport={"width": 390, "height": 844})
    person.open("/de/")
    page = person.page
    opener = page.locator("button.cd-menu-button")
    opener.focus()
    page.keyboard.press("Enter")
    first = page.locator("#navigation a").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#navigation').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    assert focused(page, "button.cd-menu-button")


def test_filter_keeps_the_focus_while_the_list_changes(arrive: Arrive) -> None:
    person = arrive()
    person.open("/de/clusters/")
    page = person.page
    box = page.locator("#facets input[name=district]").nth(1)
    name = box.get_attribute("id")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".cd-chip")).to_have_count(1)
    expect(page.locator(f"[id='{name}']")).to_be_checked()
    assert focused(page, f"[id='{name}']")


def test_errors_of_a_form_take_the_focus_and_lead_to_the_field(arrive: Arrive) -> None:
    person = arrive(MANAGER)
    person.open("/de/clusters/its-owl/statements/need/new/")
    page = person.page
    with page.expect_navigation():
        page.locator("button[name=submit]").press("Enter")
    link = page.locator("main a[href='#id_text_de']")
    assert page.evaluate(
        "document.activeElement.contains(document.querySelector(\"main a[href='#id_text_de']\"))"
    )
    link.press("Enter")
    assert focused(page, "#id_text_de")
    described = page.get_attribute("#id_text_de", "aria-describedby") or ""
    assert any(page.locator(f"[id='{part}']").count() for part in described.split())
    assert page.get_attribute("#id_text_de", "aria-invalid") == "true"
