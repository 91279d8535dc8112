"""What every page a walk opens must stand."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Person


def barriers(page: Page) -> list[str]:
    """Return what axe finds on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def check_page(person: Person) -> None:
    """Nothing on the page that is open shuts anybody out, and it fits its window."""
    page = person.page
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("h1").count() == 1
