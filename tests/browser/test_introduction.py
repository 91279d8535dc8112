"""Two clusters are introduced: asked on a card, agreed from the mail, met, counted by staff."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STAFF, Arrive, Mailbox, links_of
from tests.browser.looks import check_page
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

MAKE = """
from allauth.account.models import EmailAddress
from tests.factories import make_cluster, make_manager
mark = values["mark"]
made = {}
for name in ("one", "two"):
    cluster = make_cluster(slug=f"{name}-{mark}", name=f"Cluster {name} {mark}")
    person = make_manager(cluster, email=f"{name}-{mark}@clusters.example", language="en",
                          name=f"Manager {name}", password=values["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    made[name] = {"slug": cluster.slug, "name": cluster.name, "email": person.email}
print(json.dumps(made))
"""
WHY = "We look for sensors in gear boxes and would like to hear how you test them."


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    """Two public clusters, each with a manager who can sign in."""
    from tests.browser.conftest import PASSWORD

    found: dict[str, Any] = portal.run(MAKE, mark=uuid4().hex[:6], password=PASSWORD)
    return found


def test_two_clusters_are_introduced_from_the_mail_and_staff_counts_it(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    one, two = made["one"], made["two"]
    asker = arrive(one["email"])
    asker.open(f"/en/clusters/{one['slug']}/suggestions/{two['slug']}/introduce/")
    check_page(asker)
    asker.page.fill("textarea[name=message]", WHY)
    asker.send("textarea[name=message]")
    expect(asker.page.locator("main")).to_contain_text("has been asked")
    check_page(asker)
    detail = asker.path()

    asked = mailbox.wait_for(two["email"], "would like to talk to you")
    link = next(address for address in links_of(asked) if "a=agree" in address)
    phone = arrive(viewport={"width": 320, "height": 700})
    assert phone.open(link).status == 200
    expect(phone.page.locator("main")).to_contain_text(WHY)
    check_page(phone)
    assert one["email"] not in phone.page.inner_text("main")
    phone.send("[name=answer]")
    expect(phone.page.locator("main")).to_contain_text(one["email"])
    check_page(phone)

    mailbox.wait_for(one["email"], "you are introduced")
    asker.open(detail)
    expect(asker.page.locator("main")).to_contain_text(two["email"])
    check_page(asker)
    asker.page.check("input[name=kind][value=agreement]")
    asker.send("input[name=kind]")
    asker.open("/en/my/introductions/")
    expect(asker.page.locator("main")).to_contain_text("Signed agreement")
    check_page(asker)
    asker.open("/en/my/notifications/")
    check_page(asker)
    for kind in ("later", "unsuitable", "data_wrong"):
        asker.open(f"/en/clusters/{one['slug']}/suggestions/{two['slug']}/feedback/{kind}/")
        check_page(asker)

    staff = arrive(STAFF)
    staff.open("/en/moderation/introductions/")
    expect(staff.page.locator("main")).to_contain_text(one["name"])
    check_page(staff)
    staff.page.get_by_role("link", name=f"{one['name']} – {two['name']}").click()
    staff.page.wait_for_url("**/moderation/introductions/*/")
    check_page(staff)
    staff.open(f"{staff.path()}mail/")
    check_page(staff)
    staff.open("/en/moderation/introductions/new/")
    check_page(staff)
    staff.open("/en/moderation/introductions/funnel/")
    row = staff.page.get_by_role("row", name="Signed agreement").first
    expect(row.locator("td").first).not_to_have_text("0")
    check_page(staff)


def test_who_wants_to_talk_stands_on_top_of_the_overview(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    one, two = made["one"], made["two"]
    asker = arrive(one["email"])
    asker.open(f"/en/clusters/{one['slug']}/suggestions/{two['slug']}/introduce/")
    asker.page.fill("textarea[name=message]", WHY)
    asker.send("textarea[name=message]")
    other = arrive(two["email"], viewport={"width": 320, "height": 700})
    other.open("/en/dashboard/")
    first = other.page.locator("main h2").first
    expect(first).to_contain_text("1 cluster would like to talk to you")
    expect(other.page.locator("main")).to_contain_text(WHY)
    check_page(other)
    other.page.get_by_role("button", name="Decline").click()
    expect(other.page.locator("main")).to_contain_text("the other side is not told")
    check_page(other)
    asker.open("/en/my/introductions/")
    expect(asker.page.locator("main")).to_contain_text("Waits for an answer")
