"""Every page anybody can reach by following links: accessible, calm, and of this house only."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.conftest import MANAGER, STAFF, Person
from tools.screenshots import RULES

pytestmark = pytest.mark.xdist_group("browser")

# Following these would end the visit or leave the pages of ours.
LEAVE_OUT = re.compile(
    r"/admin/|/logout/|\.(ics|csv|pdf|xml|atom|yaml|txt)\b|/api/v1/(?!docs)|/download"
)
SIZES = [(1280, 900), (390, 844)]
MOST_PAGES = 90


def route_of(path: str) -> str:
    """Return the name of the route behind a path: one page per route is looked at."""
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return path


def reachable(person: Person, start: str) -> list[str]:
    """Follow links from ``start``; one address per route."""
    found, waiting = {route_of(start): start}, [start]
    while waiting and len(found) < MOST_PAGES:
        page = person.open(waiting.pop(0))
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            parts = urlsplit(link)
            if parts.netloc != urlsplit(person.address).netloc or LEAVE_OUT.search(parts.path):
                continue
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if route_of(parts.path) not in found and parts.path.startswith(("/de/", "/api/")):
                found[route_of(parts.path)] = path
                waiting.append(path)
    return list(found.values())


def barriers(page: Page, where: str) -> list[str]:
    """Return the accessibility rules this page breaks."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{where} {found['id']}: {found['help']} {found['nodes'][0]['html'][:160]}"
        for found in result.response["violations"]
    ]


def look_at(person: Person, path: str) -> list[str]:
    """Look at one page in both sizes and both colour schemes, and at 320 pixels."""
    page, problems = person.open(path), []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            problems += barriers(page, f"{path} {width} {scheme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        problems.append(f"{path} is {wide} pixels wide at 320")
    page.set_viewport_size({"width": 1280, "height": 900})
    return problems


@pytest.mark.parametrize(
    ("user", "start"), [("", "/de/"), (MANAGER, "/de/dashboard/"), (STAFF, "/de/dashboard/")]
)
def test_pages_are_accessible_and_fit_a_phone(
    arrive: Callable[..., Person], user: str, start: str
) -> None:
    person = arrive(user)
    pages = reachable(person, start)
    assert len(pages) > 10
    problems = [problem for path in pages for problem in look_at(person, path)]
    assert problems == []


def test_english_pages_speak_english(arrive: Callable[..., Person]) -> None:
    person = arrive(locale="en-GB")
    for path in ("/en/", "/en/clusters/", "/en/events/", "/en/topics/"):
        page = person.open(path)
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("main").inner_text()
