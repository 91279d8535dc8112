"""Staff changes weights: looks at the effect, publishes, follows the round, and compares two."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STAFF, Arrive
from tests.browser.looks import barriers

pytestmark = pytest.mark.xdist_group("browser")


def test_staff_changes_weights_and_compares_the_rounds(arrive: Arrive) -> None:
    staff = arrive(STAFF)
    page = staff.page
    staff.open("/de/matching/")
    assert barriers(page) == []
    page.get_by_role("link", name="Gewichte", exact=True).first.click()
    assert barriers(page) == []
    page.get_by_role("button", name="Änderung entwerfen").click()
    page.wait_for_url("**/drafts/*/")
    total = page.locator("[data-cd-sum]")
    expect(total).to_have_text("Zusammen 1. Gut.")

    # A slider and a number are one; a wrong sum is said, and mended by the button.
    before = float(page.input_value("[name=cross_innovation]").replace(",", "."))
    page.get_by_role("slider", name="Neues an den Rändern").fill("0.6")
    assert page.input_value("[name=cross_innovation]") == "0,6"
    together = f"{1 - before + 0.6:.3f}".rstrip("0").replace(".", ",")
    expect(total).to_have_text(f"Zusammen {together}. Es muss 1 sein.")
    page.fill("[name=note]", "Mehr Neues an den Rändern.")
    page.get_by_role("button", name="Speichern und Wirkung zeigen").click()
    expect(page.locator(".cd-error-summary")).to_contain_text("statt 1")
    assert barriers(page) == []
    page.get_by_role("button", name="Auf 1 bringen").click()
    expect(page.locator("[data-cd-sum]")).to_have_text("Zusammen 1. Gut.")
    assert page.input_value("[name=note]") == "Mehr Neues an den Rändern."

    page.get_by_role("button", name="Speichern und Wirkung zeigen").click()
    summary = page.locator(".cd-effect__summary")
    expect(summary).to_contain_text("Listen würden sich ändern", timeout=90_000)
    assert not summary.inner_text().startswith("0 von")
    assert page.locator(".cd-side-by-side").count() == 6
    assert barriers(page) == []
    page.get_by_role("link", name="Die größten Änderungen").click()
    expect(page.locator(".cd-side-by-side").first).to_contain_text("weggefallen")
    page.get_by_text("Cluster auswählen").click()
    page.locator(".cd-sample__choices label").nth(2).click()
    page.get_by_role("button", name="Diese zeigen").click()
    expect(page.locator(".cd-side-by-side")).to_have_count(1)

    page.get_by_role("link", name="Veröffentlichen …").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    page.wait_for_url("**/rounds/**")
    expect(page.locator("main")).to_contain_text("gilt. Die Listen werden neu berechnet.")
    version = re.search(r"Version (\d+) gilt", page.inner_text("main"))
    assert version
    newest = page.locator("#rounds tbody tr").first
    expect(newest).to_contain_text(f"Version {version[1]}", timeout=90_000)
    expect(newest).to_contain_text("Abgeschlossen", timeout=90_000)
    assert barriers(page) == []

    page.get_by_role("link", name="Zwei Runden vergleichen").click()
    expect(page.locator("h1")).to_have_text("Zwei Runden vergleichen")
    said = page.locator("section[aria-labelledby=summary] p").first.inner_text()
    # How much differs is counted in test_effects: here other walks may have changed data, too.
    assert "Listen unterscheiden sich" in said
    assert not said.startswith("0 von")
    assert "Mehr Neues an den Rändern." in page.inner_text("main")
    assert barriers(page) == []


def test_a_pair_is_explained_without_script(arrive: Arrive) -> None:
    staff = arrive(STAFF, javascript=False)
    page = staff.page
    staff.open("/de/matching/untried/")
    page.get_by_role("link", name=re.compile("^Erklären")).first.click()
    staff.send("[name=one]")
    for _ in range(60):
        if page.locator("#pair-title").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator("#pair-parts")).to_be_visible()
    assert page.locator(".cd-pair__parts tbody tr").count() == 7


@pytest.mark.parametrize("path", ["exposure/", "matrix/", "untried/", "pair/", "rounds/"])
def test_tools_of_staff_are_accessible_on_phone_and_print(arrive: Arrive, path: str) -> None:
    staff = arrive(STAFF)
    page = staff.page
    staff.open(f"/de/matching/{path}")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert barriers(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(media="print")
    for hidden in (".cd-side-nav", "main .cd-tabs"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
