"""A cluster manager keeps the profile, says what the cluster needs, and looks after the people."""

import json
import re
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MANAGER, PASSWORD, STAFF, Arrive, Mailbox, Person, links_of
from tests.mail_server import part

pytestmark = pytest.mark.xdist_group("browser")

BIO = "manager.bio-nrw@portal.example"
UMWELT = "manager.umweltwirtschaft-nrw@portal.example"
REVIEW = "a[href*='/moderation/changes/']"


def review(staff: Person, title: str) -> None:
    """Open the change whose line in the queue has this title."""
    staff.open("/en/moderation/")
    staff.page.locator(f"main .cd-queue {REVIEW}").filter(has_text=title).click()
    staff.page.wait_for_url("**/moderation/changes/*/")


def submit(person: Person) -> None:
    """Go on from a form to the comparison, and submit."""
    person.page.locator("main button[name=submit]").click()
    person.page.wait_for_url("**/submit/")
    person.send("input[name=version]")


def test_manager_signs_in_and_sees_what_waits(arrive: Arrive) -> None:
    person = arrive()
    person.open("/en/account/login/")
    page = person.page
    page.fill("input[name=login]", MANAGER)
    page.fill("input[name=password]", "not the password")
    person.send("input[name=login]")
    assert person.path().endswith("/login/")
    page.fill("input[name=password]", PASSWORD)
    person.send("input[name=login]")
    assert person.path().endswith("/dashboard/")
    waiting = page.locator("section[aria-labelledby=todo-title] li a")
    assert waiting.count() > 0
    waiting.first.click()
    page.wait_for_load_state()
    assert person.page.locator("main h1").count() == 1
    person.open("/en/dashboard/")
    assert page.locator(".cd-gaps li, [role=progressbar], progress").count() > 0
    with page.expect_navigation():
        page.locator("header form[action$='/logout/'] button").click()
    person.open("/en/dashboard/")
    assert person.path().endswith("/login/")


def test_profile_is_previewed_while_typing_and_public_after_review(
    arrive: Arrive, mailbox: Mailbox
) -> None:
    manager, staff, visitor = arrive(BIO), arrive(STAFF), arrive()
    words = f"We also run an open laboratory, number {uuid4().hex[:8]}."
    manager.open("/en/clusters/bio-nrw/edit/")
    page = manager.page
    text = page.locator("textarea[name=profile_en]")
    text.fill(f"{text.input_value()} {words}")
    # No button: the preview follows the typing, and nothing is stored.
    expect(page.locator("#preview")).to_contain_text(words)
    submit(manager)
    visitor.open("/en/clusters/bio-nrw/")
    assert words not in visitor.page.inner_text("main")
    review(staff, "BIO.NRW")
    assert words in " ".join(staff.page.locator(".cd-diff ins").all_inner_texts())
    staff.send("input[name=version]")
    visitor.open("/en/clusters/bio-nrw/")
    assert words in visitor.page.inner_text("main")
    mail = mailbox.wait_for(BIO, "BIO.NRW")
    assert "/clusters/bio-nrw/" in part(mail, "text/plain")
    # What was accepted does not wait any more.
    manager.open("/en/clusters/bio-nrw/edit/")
    assert words in manager.page.input_value("textarea[name=profile_en]")


def test_need_for_clusters_is_read_by_clusters_only(arrive: Arrive) -> None:
    manager, staff, other, visitor = arrive(BIO), arrive(STAFF), arrive(MANAGER), arrive()
    words = f"Wanted: a fermenter, best {uuid4().hex[:8]}."
    manager.open("/en/clusters/bio-nrw/statements/")
    page = manager.page
    page.locator("main a[href$='/statements/need/new/']").click()
    page.wait_for_url("**/need/new/")
    page.fill("textarea[name=text_en]", words)
    page.check("input[name=confidentiality][value=clusters]")
    page.locator("details:has(input[name=terms]) > summary").click()
    page.locator("input[name=terms]").first.check()
    expect(page.locator("[data-cd-terms-count]")).to_have_text("1")
    submit(manager)
    review(staff, words)
    assert words in staff.page.inner_text(".cd-diff")
    staff.send("input[name=version]")
    for person, reads in ((manager, True), (other, True), (visitor, False)):
        person.open("/en/clusters/bio-nrw/")
        assert (words in person.page.inner_text("main")) is reads
        person.open(f"/en/search/?q={words.split()[-1].strip('.')}")
        assert (words in person.page.inner_text("main")) is reads


def test_declined_need_comes_back_with_the_reason(arrive: Arrive, mailbox: Mailbox) -> None:
    manager, staff = arrive(UMWELT), arrive(STAFF)
    words, reason = f"Everything, {uuid4().hex[:8]}", f"Please name one need. {uuid4().hex[:8]}"
    manager.open("/en/clusters/umweltwirtschaft-nrw/statements/need/new/")
    manager.page.fill("textarea[name=text_en]", words)
    submit(manager)
    review(staff, words)
    staff.page.locator("main a[href*='/decline/']").click()
    staff.page.wait_for_url("**/decline/**")
    staff.send("textarea[name=reason]")
    # A reason is asked for, not guessed.
    assert staff.page.locator("a[href='#id_reason']").count() == 1
    staff.page.fill("textarea[name=reason]", reason)
    staff.send("textarea[name=reason]")
    mail = mailbox.wait_for(UMWELT, "Umweltwirtschaft")
    assert reason in part(mail, "text/plain").replace("\r\n", " ")
    manager.open("/en/clusters/umweltwirtschaft-nrw/statements/")
    assert reason in manager.page.inner_text("main")


def test_suggestions_come_with_reasons_for_and_against(arrive: Arrive) -> None:
    person = arrive(MANAGER)
    person.open("/en/dashboard/")
    page = person.page
    page.locator("main a[href$='/clusters/its-owl/suggestions/']").first.click()
    page.wait_for_url("**/suggestions/")
    cards = page.locator("article.cd-suggestion")
    # Two lists: new partners, and known ones to deepen.
    assert 0 < cards.count() <= 2 * 8
    for number in range(cards.count()):
        assert cards.nth(number).locator("ul:not(.cd-tags) li").count() > 0
    explained = cards.first.locator("details")
    explained.locator("summary").first.click()
    expect(explained.first).to_have_attribute("open", "")
    assert re.search(r"\d", explained.first.inner_text())


def test_invited_colleague_makes_an_account_and_belongs_to_the_cluster(
    arrive: Arrive, mailbox: Mailbox
) -> None:
    manager, colleague = arrive(MANAGER), arrive()
    address = f"colleague-{uuid4().hex[:8]}@its-owl.example"
    manager.open("/en/clusters/its-owl/members/")
    page = manager.page
    page.fill("main input[name=email]", address)
    page.select_option("main select[name=language]", "en")
    manager.send("input[name=email]")
    assert address in page.inner_text("main")
    link = next(url for url in links_of(mailbox.wait_for(address)) if "/invitations/" in url)
    colleague.open(link)
    # Looking changes nothing.
    page.reload()
    assert page.locator("section[aria-labelledby=invited-title]", has_text=address).count() == 1
    colleague.page.fill("input[name=name]", "Colleague for test benches")
    colleague.page.fill("input[name=password]", "short")
    colleague.send("input[name=password]")
    assert colleague.page.locator("a[href='#id_password']").count() == 1
    colleague.page.fill("input[name=password]", "seven gears turn quietly")
    colleague.send("input[name=password]")
    assert colleague.path().endswith("/dashboard/")
    page.reload()
    people = page.locator("section[aria-labelledby=people-title]")
    assert address in people.inner_text()
    assert "Colleague for test benches" in people.inner_text()
    # A member reads, but does not edit.
    assert colleague.open("/en/clusters/its-owl/edit/").status == 403
    waiting = page.locator("section[aria-labelledby=invited-title]")
    assert waiting.filter(has_text=address).count() == 0
    # The link has done its work.
    colleague.context.clear_cookies()
    colleague.open(link)
    assert colleague.page.locator("input[name=password]").count() == 0


def confirm_password(person: Person) -> None:
    """Say the password once more, which the portal asks for before what matters."""
    person.page.wait_for_url("**/reauthenticate/**")
    person.page.fill("main input[name=password]", PASSWORD)
    person.send("input[name=password]")


def fetch(address: str, token: str = "") -> tuple[int, Any]:
    """Return status and JSON of an address of the API, as a program asks for it."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=headers), timeout=30
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_token_is_shown_once_and_reads_what_its_owner_may(arrive: Arrive) -> None:
    person = arrive()
    person.sign_in(MANAGER)
    person.open("/en/account/tokens/new/")
    page = person.page
    confirm_password(person)
    name = f"Website {uuid4().hex[:8]}"
    page.fill("main input[name=name]", name)
    page.check("input[name=scope][value=read]")
    person.send("input[name=scope]")
    token = page.input_value("#secret")
    assert len(token) > 20
    person.open("/en/account/tokens/")
    assert name in page.inner_text("main")
    assert token not in page.content()
    needs = f"{person.address}api/v1/needs/"
    status, everybody = fetch(needs)
    assert status == 200
    status, mine = fetch(needs, token)
    assert status == 200
    assert mine["count"] > everybody["count"]
    assert {"public"} == {need["confidentiality"] for need in everybody["results"]}
    page.locator("tr", has_text=name).locator("a[href*='/revoke/']").click()
    page.wait_for_url("**/revoke/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    assert fetch(needs, token)[0] == 401


def test_second_factor_and_devices_are_within_reach(arrive: Arrive) -> None:
    person = arrive()
    person.sign_in(MANAGER)
    person.open("/en/account/")
    page = person.page
    page.locator("main a[href$='/account/mfa/']").last.click()
    page.wait_for_url("**/account/mfa/")
    page.locator("main a[href$='/mfa/totp/activate/']").click()
    confirm_password(person)
    page.wait_for_url("**/totp/activate/")
    assert page.locator("main img, main svg").first.is_visible()
    assert len(page.input_value("#authenticator_secret")) >= 16
    page.fill("main input[name=code]", "000000")
    person.send("input[name=code]")
    assert person.path().endswith("/totp/activate/")
    person.open("/en/account/sessions/")
    assert page.locator("main li.cd-panel").count() >= 1
