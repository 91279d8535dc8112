"""Every page anybody can reach by following links: accessible, calm, and of this house only."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.conftest import MANAGER, STAFF, Arrive, Person
from tools.screenshots import RULES

pytestmark = pytest.mark.xdist_group("browser")

# Following these would end the visit or leave the pages of ours.
LEAVE_OUT = re.compile(
    r"/admin/|/logout/|\.(ics|csv|xlsx|pdf|xml|atom|yaml|txt)\b|/api/v1/(?!docs)|/documents/\d|/logo/|/table/"
)
# The links of the map are SVG, whose ``href`` is an object.
HREFS = "links => links.map(l => new URL(l.getAttribute('href'), document.baseURI).href)"
SIZES = [(1280, 900), (390, 844)]
EVERYTHING = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# A colour scheme changes colours only, a size hardly any: the dark one is asked for colours only,
# in one size.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


def route_of(path: str) -> str:
    """Return the name of the route behind a path: one page per route is looked at."""
    try:
        found = resolve(path)
    except Resolver404:
        return path
    return f"{found.view_name} {found.kwargs.get('kind', '')}"


def new_routes(person: Person, known: set[str]) -> list[str]:
    """Return the addresses this page links to whose routes are not known yet; learn them."""
    found = []
    for link in person.page.eval_on_selector_all("a[href]", HREFS):
        parts = urlsplit(link)
        if parts.netloc != urlsplit(person.address).netloc or LEAVE_OUT.search(parts.path):
            continue
        route = route_of(parts.path)
        if route not in known and parts.path.startswith(("/de/", "/api/")):
            known.add(route)
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The contents of pages that were looked at, whoever had them open."""
    return set()


def is_new(page: Page, looked_at: set[str]) -> bool:
    """Say whether nobody has seen this content yet; remember it."""
    content = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.inner_html("main"))
    if content in looked_at:
        return False
    looked_at.add(content)
    return True


def barriers(page: Page, where: str) -> list[str]:
    """Return the accessibility rules this page breaks, in both sizes and both colour schemes."""
    problems = []
    page.evaluate(Axe().axe_script)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        schemes = [("light", EVERYTHING), ("dark", COLOURS)]
        for scheme, options in schemes if width > 1000 else schemes[:1]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            broken = page.evaluate(
                "async options => (await axe.run(document, options)).violations", options
            )
            problems += [
                f"{where} {width} {scheme} {rule['id']}: {rule['help']} "
                + " | ".join(node["html"][:160] for node in rule["nodes"][:3])
                for rule in broken
            ]
    return problems


def look_at(person: Person, path: str) -> list[str]:
    """Look at the page that is open: barriers, and whether it fits 320 pixels."""
    page = person.page
    problems = barriers(page, path)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        problems.append(f"{path} is {wide} pixels wide at 320")
    page.set_viewport_size({"width": 1280, "height": 900})
    return problems


@pytest.mark.parametrize(
    ("user", "start", "at_least"),
    [("", "/de/", 20), (MANAGER, "/de/dashboard/", 40), (STAFF, "/de/dashboard/", 40)],
    ids=["visitor", "manager", "staff"],
)
def test_pages_are_accessible_and_fit_a_phone(
    arrive: Arrive, looked_at: set[str], user: str, start: str, at_least: int
) -> None:
    person = arrive(user)
    known: set[str] = {route_of(start)}
    waiting, problems = [start], []
    while waiting:
        path = waiting.pop(0)
        answer = person.open(path)
        if answer.status >= 400:
            problems.append(f"{path} answers {answer.status}")
        waiting += new_routes(person, known)
        if is_new(person.page, looked_at):
            problems += look_at(person, path)
    assert len(known) >= at_least, sorted(known)
    assert problems == []


def test_english_pages_speak_english(arrive: Arrive) -> None:
    person = arrive(locale="en-GB")
    for path in ("/en/", "/en/clusters/", "/en/events/", "/en/topics/"):
        person.open(path)
        page = person.page
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").count() == 1
