"""A new cluster applies, staff takes it in, and its first manager looks after it."""

from uuid import uuid4

import pytest

from tests.browser.conftest import STAFF, Arrive, Mailbox, links_of

pytestmark = pytest.mark.xdist_group("browser")


def test_new_cluster_applies_and_its_contact_becomes_manager(
    arrive: Arrive, mailbox: Mailbox
) -> None:
    applicant, staff, visitor = arrive(locale="en-GB"), arrive(STAFF), arrive()
    name = f"Network for Quiet Gears {uuid4().hex[:6]}"
    address = f"office-{uuid4().hex[:8]}@gears.example"
    applicant.open("/en/")
    page = applicant.page
    page.locator("main a[href$='/clusters/apply/']").first.click()
    page.wait_for_url("**/clusters/apply/")
    page.fill("main input[name=name]", name)
    page.select_option("select[name=kind]", index=1)
    page.locator("input[name=innovation_fields]").first.check()
    page.fill("textarea[name=profile]", "We connect makers of quiet gears with their users.")
    page.fill("input[name=contact_name]", "Contact for gears")
    applicant.send("textarea[name=profile]")
    assert page.locator("a[href='#id_contact_email']").count() == 1
    page.fill("input[name=contact_email]", address)
    applicant.send("textarea[name=profile]")
    # The second page shows everything before it is sent, and leads back without losing it.
    assert name in page.inner_text("dl")
    applicant.send("[name=change]", "change")
    assert page.input_value("main input[name=name]") == name
    applicant.send("textarea[name=profile]")
    applicant.send("[name=send]", "send")
    assert applicant.path() == "/en/clusters/apply/sent/"
    mailbox.wait_for(address, name)

    staff.open("/en/moderation/?kind=application")
    staff.page.locator("main .cd-queue a").filter(has_text=name).click()
    staff.page.wait_for_url("**/moderation/applications/*/")
    assert address in staff.page.inner_text("main")
    staff.page.locator("main a[href$='/accept/']").click()
    staff.page.wait_for_url("**/accept/")
    with staff.page.expect_navigation():
        staff.page.locator("main form button[type=submit]").click()
    assert staff.path().endswith("/moderation/")

    mailbox.wait_for(address, "Welcome")
    invitation = mailbox.wait_for(address, "Invitation")
    link = next(url for url in links_of(invitation) if "/invitations/" in url)
    applicant.open(link)
    page.fill("input[name=name]", "Contact for gears")
    page.fill("input[name=password]", "seven gears turn quietly")
    applicant.send("input[name=password]")
    assert applicant.path().endswith("/dashboard/")
    assert name in page.inner_text("main")
    page.locator("main a[href$='/edit/']").first.click()
    page.wait_for_url("**/edit/")
    assert page.input_value("input[name=name]") == name
    visitor.open(f"/en/clusters/?q={name}")
    assert name in visitor.page.locator("#answer article h3").all_inner_texts()
    # The password that was just set opens the account again.
    returning = arrive()
    returning.sign_in(address, "seven gears turn quietly")
    assert returning.path().endswith("/dashboard/")
