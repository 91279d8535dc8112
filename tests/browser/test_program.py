"""A program reads the API: the same filters, the same answers as the pages."""

import json
import re
import urllib.request

import pytest

from tests.browser.conftest import Arrive

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize(
    "query", ["field=werkstoffe-produktion", "district=detmold", "q=Wasserstoff"]
)
def test_api_answers_the_filters_of_the_directory(arrive: Arrive, query: str) -> None:
    person = arrive()
    person.open(f"/en/clusters/?{query}")
    shown = int(re.sub(r"\D", "", person.page.inner_text("#answer .cd-answer__count")))
    with urllib.request.urlopen(f"{person.address}api/v1/clusters/?{query}", timeout=30) as answer:
        assert json.load(answer)["count"] == shown > 0


def test_documentation_leads_to_the_description_and_every_list(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/")
    page = person.page
    page.locator("footer a[href^='/api/v1/docs/']").click()
    page.wait_for_url("**/api/v1/docs/**")
    assert "/api/v1/clusters/{slug}/" in page.inner_text("main")
    assert page.locator("main a[href*='/api/v1/schema/']").count() > 0
    with urllib.request.urlopen(f"{person.address}api/v1/", timeout=30) as answer:
        lists = json.load(answer)
    for name in ("clusters", "needs", "offers", "topics", "events", "sessions", "terms"):
        with urllib.request.urlopen(lists[name], timeout=30) as answer:
            assert "results" in json.load(answer)
