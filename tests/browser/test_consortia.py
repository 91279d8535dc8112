"""A manager looks for a team: a call is written, teams come, one is kept and printed."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, STAFF, Arrive, Person
from tests.browser.looks import check_page
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

MAKE = """
from allauth.account.models import EmailAddress
from tests.factories import make_cluster, make_manager, make_offer, make_term
mark = values["mark"]
term = make_term(code=f"gears-{mark}", label_de=f"Getriebe {mark}", label_en=f"Gears {mark}")
people = {}
for name in ("lead", "other"):
    cluster = make_cluster(slug=f"{name}-{mark}", name=f"Cluster {name} {mark}")
    person = make_manager(cluster, email=f"{name}-{mark}@clusters.example", language="en",
                          name=f"Manager {name}", password=values["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    people[name] = person.email
for number in range(4):
    holder = make_cluster(slug=f"holder-{number}-{mark}", name=f"Holder {number} {mark}")
    make_offer(holder, text_en=f"We test gears {number}.", text_de="", terms=[term])
print(json.dumps({"term": term.pk, "people": people}))
"""


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    """A term four clusters offer something for, and managers of two others."""
    found: dict[str, Any] = portal.run(MAKE, mark=uuid4().hex[:6], password=PASSWORD)
    return found


def write_call(person: Person, term: int) -> None:
    page = person.page
    person.open("/en/my/calls/new/")
    page.fill("input[name=name]", "Gears of tomorrow")
    page.fill("input[name=deadline]", "2099-12-31")
    page.fill("textarea[name=idea]", "We want to know when gears break.")
    page.check(f"input[name=musts][value='{term}']")
    page.fill("input[name=min_partners]", "2")
    page.fill("input[name=max_partners]", "3")
    person.send("input[name=deadline]")


def test_a_manager_finds_keeps_and_changes_a_team(arrive: Arrive, made: dict[str, Any]) -> None:
    manager = arrive(made["people"]["lead"])
    page = manager.page
    manager.open("/en/my/calls/")
    check_page(manager)
    manager.open("/en/my/calls/new/")
    check_page(manager)
    write_call(manager, made["term"])
    address = manager.path()
    # The page brings the teams by itself.
    expect(page.locator(".cd-team").first).to_be_visible(timeout=120_000)
    check_page(manager)
    first = page.locator(".cd-team").first
    expect(first).to_contain_text("stands for: Gears")
    expect(first).to_contain_text("We test gears")
    first.get_by_role("button", name="Keep as working list").click()
    expect(page.locator("main")).to_contain_text("Kept as a working list")
    page.set_viewport_size({"width": 320, "height": 700})
    manager.open(address)
    check_page(manager)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="No longer a working list")).to_be_hidden()
    page.emulate_media(media="screen")
    staff = arrive(STAFF)
    staff.open(address)
    check_page(staff)


def test_a_team_is_found_without_javascript(arrive: Arrive, made: dict[str, Any]) -> None:
    manager = arrive(made["people"]["lead"], javascript=False)
    write_call(manager, made["term"])
    team = manager.page.locator(".cd-team").first
    for _attempt in range(60):
        if team.is_visible():
            break
        manager.page.wait_for_timeout(1000)
        manager.page.reload()
    expect(team).to_be_visible()
    more = team.locator("details", has_text="Who could take the place").first
    more.locator("summary").click()
    more.get_by_role("button", name="Exchange").first.click()
    expect(manager.page.locator("main")).to_contain_text("Changed by hand")
