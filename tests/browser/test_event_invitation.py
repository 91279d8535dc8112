"""Staff invites a list from a file; mails are paused and go on; a colleague comes instead."""

import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import STAFF, Arrive, Mailbox, Person, links_of
from tests.browser.looks import check_page
from tests.mail_server import ACCEPT, part
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("browser")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More than all worker processes together claim at once, so that some are left to pause.
PEOPLE = 320

MAKE = """
from datetime import datetime, timedelta
from tests.factories import make_event
start = datetime.fromisoformat(values["start"])
event = make_event(start, slug=f"invite-{values['mark']}", title_en=f"Round {values['mark']}",
                   ends_at=start + timedelta(hours=3))
print(json.dumps({"path": f"/en/events/{event.slug}/", "title": event.title_en}))
"""


@pytest.fixture
def made(portal: Portal) -> dict[str, Any]:
    mark = uuid4().hex[:6]
    start = datetime.now(UTC) + timedelta(days=30)
    found: dict[str, Any] = portal.run(MAKE, mark=mark, start=start.isoformat())
    return {**found, "mark": mark}


@pytest.fixture
def slow_server(mailbox: Mailbox) -> Iterator[None]:
    """A mail server that takes its time, as long as the test has not called it quick."""

    def slowly(envelope: Any, number: int) -> str:
        time.sleep(0.03)
        return ACCEPT

    before, mailbox.server.answer = mailbox.server.answer, slowly
    yield
    mailbox.server.answer = before


def spreadsheet(rows: list[list[str]]) -> FilePayload:
    """Return an XLSX file to choose in a form."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return {"name": "guests.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def choose_list(staff: Person, path: str, file: FilePayload) -> None:
    staff.open(f"{path}invite/")
    check_page(staff)
    staff.page.set_input_files("input[name=upload]", files=[file])
    staff.page.select_option("select[name=language]", "en")
    staff.send("textarea[name=addresses]", "preview")


def delivered(staff: Person, state: str) -> int:
    """Return the number of mails in a state, as the page of the event counts them."""
    box = staff.page.locator(
        ".cd-counts--delivery div", has=staff.page.locator(f"dt:text-is('{state}')")
    )
    return int(box.locator("dd").inner_text()) if box.count() else 0


@pytest.mark.usefixtures("slow_server")
def test_list_from_a_spreadsheet_is_checked_paused_and_sent_to_the_end(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    staff, mark = arrive(STAFF), made["mark"]
    guests = [f"guest-{n}-{mark}@guests.example" for n in range(PEOPLE)]
    rows = [["E-Mail", "Name"], *([guest, f"Guest {n}"] for n, guest in enumerate(guests))]
    rows += [[guests[0].upper(), "The same"], ["guest at nowhere", "No address"]]
    choose_list(staff, made["path"], spreadsheet(rows))
    page = staff.page
    check_page(staff)
    facts = [int(text.split()[0]) for text in page.locator("dl.cd-facts dd").all_inner_texts()]
    assert facts == [PEOPLE, 1, 0, 0, 1, 0]
    malformed = page.locator("section[aria-labelledby=malformed] tbody tr")
    assert malformed.count() == 1
    # The line of the file, its head counted, so that staff finds it there.
    assert malformed.locator("td").first.inner_text() == str(PEOPLE + 3)
    assert not any(guest in mailbox.server.recipients for guest in guests)

    staff.send("[name=confirmed]", "send")
    with page.expect_navigation():
        page.click("#pause")
    expect(page.locator("main")).to_contain_text("The mails of this event are paused.")
    check_page(staff)
    paused = delivered(staff, "paused")
    assert paused > 0
    # What was claimed already goes on, the rest stays.
    expect(page.locator(".cd-counts--delivery div").last.locator("dd")).to_have_text("0")
    mailbox.server.answer = lambda envelope, number: ACCEPT
    with page.expect_navigation():
        page.click("#resume")
    sent = page.locator(".cd-counts--delivery div", has_text="sent").locator("dd")
    expect(sent).to_have_text(str(PEOPLE), timeout=60_000)
    for guest in (guests[0], guests[-1]):
        assert mailbox.server.recipients.count(guest) == 1

    # The same list again invites nobody twice.
    choose_list(staff, made["path"], spreadsheet(rows))
    facts = [int(text.split()[0]) for text in page.locator("dl.cd-facts dd").all_inner_texts()]
    assert facts == [0, 1, PEOPLE, 0, 1, 0]


def test_a_colleague_is_named_in_the_answer_and_gets_the_mail(
    arrive: Arrive, mailbox: Mailbox, made: dict[str, Any]
) -> None:
    staff, mark = arrive(STAFF), made["mark"]
    guest, colleague = f"busy-{mark}@guests.example", f"colleague-{mark}@guests.example"
    staff.open(f"{made['path']}invite/")
    staff.page.fill("textarea[name=addresses]", guest)
    staff.page.select_option("select[name=language]", "en")
    staff.send("textarea[name=addresses]", "preview")
    staff.send("[name=confirmed]", "send")

    invitation = mailbox.wait_for(guest, made["title"])
    link = next(url for url in links_of(invitation) if url.endswith("?a=colleague"))
    person = arrive(viewport={"width": 320, "height": 700})
    person.open(link)
    check_page(person)
    person.page.fill("input[name=colleague_name]", "A colleague")
    person.page.fill("input[name=colleague_email]", "no address")
    person.send("input[name=answer]")
    # What is wrong is said, and nothing that was entered is lost.
    assert person.page.input_value("input[name=colleague_name]") == "A colleague"
    check_page(person)
    person.page.fill("input[name=colleague_email]", colleague)
    person.send("input[name=answer]")
    assert colleague in person.page.inner_text("main")
    check_page(person)

    passed_on = mailbox.wait_for(colleague, made["title"])
    assert "A colleague" in part(passed_on, "text/plain")
    staff.open(f"{made['path']}invitations/?answer=colleague")
    assert guest in staff.page.inner_text("#invitation-rows")
