"""The core of the portal works as plain pages and forms."""

import re
from uuid import uuid4

import pytest

from tests.browser.conftest import MANAGER, STAFF, Arrive, Mailbox, links_of

pytestmark = pytest.mark.xdist_group("browser")


def test_directory_is_filtered_by_button_and_by_map(arrive: Arrive) -> None:
    person = arrive(javascript=False)
    person.open("/en/clusters/")
    page = person.page
    box = page.locator("#facets input[name=field]").first
    behind = box.locator("xpath=..").locator(".cd-facet__count").inner_text().strip("()")
    box.check()
    page.locator("button[form=filter]").click()
    page.wait_for_url("**field=**")
    assert re.match(rf"{behind}\b", page.inner_text("#answer .cd-answer__count"))
    assert box.is_checked()
    page.locator(".cd-chip").first.click()
    page.wait_for_url(lambda url: "field=" not in url)
    page.locator(".cd-map a").first.click()
    page.wait_for_url("**district=**")
    assert page.locator(".cd-chip").count() == 1


def test_filter_and_menu_open_on_a_phone(arrive: Arrive) -> None:
    person = arrive(javascript=False, viewport={"width": 390, "height": 844})
    person.open("/en/clusters/")
    page = person.page
    assert not page.locator("#navigation a[href='/en/events/']").is_visible()
    page.locator("button[popovertarget=navigation]").first.click()
    page.locator("#navigation a[href='/en/events/']").click()
    page.wait_for_url("**/en/events/")
    page.locator("button[popovertarget=filters]").first.click()
    page.locator("#filters input[name=kind]").first.check()
    page.locator("#filters button[type=submit]").click()
    page.wait_for_url("**kind=**")
    assert page.locator(".cd-chip").count() == 1


def test_need_is_written_reviewed_and_published(arrive: Arrive) -> None:
    manager, staff, visitor = (
        arrive(javascript=False),
        arrive(STAFF, javascript=False),
        arrive(javascript=False),
    )
    manager.sign_in(MANAGER)
    words = f"Wanted: silence, {uuid4().hex[:8]}."
    manager.open("/en/clusters/its-owl/statements/need/new/")
    page = manager.page
    page.fill("textarea[name=text_en]", words)
    manager.send("textarea[name=text_en]", "submit")
    manager.send("input[name=version]")
    staff.open("/en/moderation/?kind=need")
    staff.page.locator("main .cd-queue a").filter(has_text=words).click()
    staff.page.wait_for_url("**/moderation/changes/*/")
    staff.send("input[name=version]")
    visitor.open("/en/clusters/its-owl/")
    assert words in visitor.page.inner_text("section[aria-labelledby=needs-title]")


def test_profile_has_a_button_for_its_preview(arrive: Arrive) -> None:
    person = arrive("manager.umweltwirtschaft-nrw@portal.example", javascript=False)
    words = f"Seen before it is saved, {uuid4().hex[:8]}."
    person.open("/en/clusters/umweltwirtschaft-nrw/edit/")
    page = person.page
    page.fill("textarea[name=profile_en]", words)
    with page.expect_navigation():
        page.locator("main button[formaction$='/edit/preview/']").click()
    assert words in page.inner_text("main")
    page.go_back()
    assert page.input_value("textarea[name=profile_en]") == words


def test_guests_are_invited_and_answer(arrive: Arrive, mailbox: Mailbox) -> None:
    staff, guest = arrive(STAFF, javascript=False), arrive(javascript=False)
    address = f"plain-{uuid4().hex[:8]}@guests.example"
    staff.open("/en/events/")
    page = staff.page
    page.locator("#results .cd-event-row a").last.click()
    page.wait_for_url("**/events/*/")
    page.locator("main a[href$='/invite/']").click()
    page.wait_for_url("**/invite/")
    page.fill("textarea[name=addresses]", address)
    staff.send("textarea[name=addresses]", "preview")
    staff.send("[name=confirmed]", "send")
    mail = mailbox.wait_for(address)
    guest.open(next(url for url in links_of(mail) if url.endswith("?a=no")))
    guest.page.check("input[name=answer][value=yes]")
    guest.send("input[name=answer]")
    assert guest.path().endswith("/thanks/")
    page.reload()
    row = page.locator("#invitation-rows tr", has_text=address)
    assert row.locator("td").last.inner_text().startswith("Yes")
