"""A visitor finds clusters, events and topics, and writes to a cluster."""

import csv
import io
import re
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.conftest import MANAGER, Arrive, Mailbox, Person
from tests.mail_server import part

pytestmark = pytest.mark.xdist_group("browser")

CARDS = "#answer article h3 a"
COUNT = "#answer .cd-answer__count"


def count_of(page: Page) -> int:
    """Return the number of clusters the directory says it found."""
    return int(re.sub(r"\D", "", page.inner_text(COUNT)))


def names(page: Page) -> list[str]:
    return page.locator(CARDS).all_inner_texts()


def test_visitor_comes_from_the_home_page_to_a_profile(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/")
    page = person.page
    page.fill("main form[role=search] input[name=q]", "Wasserstoff")
    person.send("input[name=q]")
    assert "Zukunftscluster Wasserstoff" in page.inner_text("main")
    page.get_by_role("link", name="Zukunftscluster Wasserstoff").first.click()
    page.wait_for_url("**/clusters/*/")
    expect(page.locator("h1")).to_have_text("Zukunftscluster Wasserstoff")
    facts = page.locator("section[aria-labelledby=facts-title] dd")
    assert facts.count() > 5
    sources = page.locator("section[aria-labelledby=facts-title] .cd-source")
    assert sources.count() > 0


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [("Wasserstof", "Zukunftscluster Wasserstoff"), ("Muenster", "Bioanalytik Münster")],
    ids=["typo", "ue"],
)
def test_search_forgives_typos_and_spells_umlauts_both_ways(
    arrive: Arrive, words: str, expected: str, javascript: bool
) -> None:
    person = arrive(javascript=javascript)
    person.open("/en/clusters/")
    page = person.page
    everything = count_of(page)
    before = page.inner_text(COUNT)
    page.fill("#filter input[name=q]", words)
    if javascript:
        # No button: the answer follows the typing.
        expect(page.locator(COUNT)).not_to_have_text(before)
    else:
        person.send("#id_q")
    assert expected in names(page)
    assert 0 < count_of(page) < everything
    assert count_of(page) == len(names(page))


def test_filters_narrow_and_each_chip_takes_one_away(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/clusters/")
    page = person.page
    everything = count_of(page)
    district = page.locator(".cd-map a", has_text="Düsseldorf")
    on_map = int(district.locator(".cd-map__count").text_content() or "0")
    district.click()
    page.wait_for_url("**district=**")
    assert count_of(page) == on_map < everything
    field = page.locator("#facets input[name=field]").first
    behind = field.locator("xpath=..").locator(".cd-facet__count").inner_text()
    with page.expect_response(lambda r: "field=" in r.url):
        field.check()
    expect(page.locator(COUNT)).to_have_text(re.compile(rf"^{behind.strip('()')}\b"))
    expect(page.locator("#answer-status")).to_have_text(re.compile(rf"^{behind.strip('()')}\b"))
    chips = page.locator(".cd-chip")
    assert chips.count() == 2
    chips.nth(0).click()
    expect(chips).to_have_count(1)
    page.locator(".cd-chips__clear, .cd-chip").last.click()
    expect(chips).to_have_count(0)
    assert count_of(page) == everything


def test_filtered_list_comes_as_csv_with_the_same_rows(arrive: Arrive) -> None:
    person = arrive(javascript=False)
    person.open("/en/clusters/")
    page = person.page
    page.locator("#facets input[name=district]").first.check()
    page.locator("button[form=filter]").click()
    page.wait_for_url("**district=**")
    shown, link = names(page), page.locator("#answer a[href*='clusters.csv']")
    with page.expect_download() as download:
        link.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:200] else ","))
    assert len(rows) - 1 == len(shown) == count_of(page)
    assert all(any(name in row for row in rows[1:]) for name in shown)


def test_language_switch_leads_to_the_same_page_with_its_query(arrive: Arrive) -> None:
    person = arrive()
    person.open("/de/clusters/?q=Wasserstoff&sort=name")
    page = person.page
    german = names(page)
    page.locator("header a[hreflang=en]").click()
    page.wait_for_url("**/en/clusters/**")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["Wasserstoff"], "sort": ["name"]}
    assert page.locator("html").get_attribute("lang") == "en"
    assert names(page) == german


def test_message_reaches_the_manager_whose_address_is_never_shown(
    arrive: Arrive, mailbox: Mailbox
) -> None:
    person = arrive()
    person.open("/en/clusters/its-owl/")
    page = person.page
    assert MANAGER not in page.content()
    page.locator("a[href$='/clusters/its-owl/contact/']").click()
    page.wait_for_url("**/contact/")
    words = f"Is there a test bench for gears? {datetime.now().astimezone():%H%M%S%f}"
    page.fill("main input[name=name]", "Visitor")
    page.fill("main input[name=message], main textarea[name=message]", words)
    page.check("main input[name=consent]")
    person.send("textarea[name=message]")
    # What is missing is said, what was entered is kept.
    assert page.locator("[role=alert] a[href='#id_email'], .cd-errors a[href='#id_email']").count()
    assert page.input_value("main textarea[name=message]") == words
    page.fill("main input[name=email]", "visitor@firm.example")
    person.send("textarea[name=message]")
    assert person.path() == "/en/clusters/its-owl/contact/sent/"
    assert MANAGER not in page.content()
    mail = mailbox.wait_for(MANAGER, "Visitor")
    assert words in part(mail, "text/plain").replace("\r\n", " ")
    assert "visitor@firm.example" in mail["Reply-To"]


def calendar_of(person: Person, link: str) -> Calendar:
    with person.page.expect_download() as download:
        person.page.locator(link).first.click()
    return Calendar.from_ical(download.value.path().read_bytes())


def test_programme_of_the_workshop_shows_two_runs_of_three(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/events/?when=past")
    page = person.page
    page.get_by_role("link", name="Cluster workshop Rhineland-Palatinate").click()
    page.wait_for_url("**/events/rlp-clusterworkshop-2020/")
    runs = page.locator(".cd-slot--run")
    assert runs.count() == 2
    assert [runs.nth(i).locator(".cd-run__workshop").count() for i in range(2)] == [3, 3]
    assert page.locator(".cd-timetable > li").count() > 2
    parsed = calendar_of(person, "main a[href*='.ics']")
    assert "Rhineland-Palatinate" in str(parsed.events[0]["SUMMARY"])


def test_coming_events_stand_in_the_list_the_month_and_the_feed(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/events/")
    page = person.page
    rows = page.locator("#results .cd-event-row")
    assert rows.count() > 0
    title = rows.first.locator("a").inner_text()
    day = rows.first.locator("time").get_attribute("datetime") or ""
    address = page.locator("#subscription-address").get_attribute("value") or ""
    feed = Calendar.from_ical(page.request.get(address).body())
    assert title in [str(event["SUMMARY"]) for event in feed.events]
    page.locator("#results a[href*='view=month']").first.click()
    page.wait_for_url("**view=month**")
    for _month in range(12):
        if page.locator(f".cd-month time[datetime='{day[:10]}']").count():
            break
        page.locator("#results a[rel=next]").click()
        page.wait_for_load_state()
    cell = page.locator(f".cd-month td:has(time[datetime='{day[:10]}'])")
    assert title in cell.inner_text()


def test_topics_lead_to_the_clusters_that_endorse_them(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/topics/")
    page = person.page
    page.locator("main article a[href*='/en/topics/']").first.click()
    page.wait_for_url("**/topics/*/")
    supporter = page.locator("main a[href*='/en/clusters/']").first
    name = supporter.inner_text()
    supporter.click()
    page.wait_for_url("**/clusters/*/")
    assert name in page.inner_text("h1, .cd-lead")


def test_search_over_everything_finds_all_kinds_and_narrows_to_one(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/search/?q=hydrogen")
    page = person.page
    kinds = page.locator("main section h2").all_inner_texts()
    assert len(kinds) >= 3
    page.locator("nav a[href*='in=need']").click()
    page.wait_for_url("**in=need**")
    assert page.locator("main section h2").count() == 1
    assert page.locator(".cd-hits li").count() > 0
