"""Staff plans an event, invites, and watches the answers come in."""

import re
import urllib.parse
import urllib.request
from email.message import EmailMessage
from uuid import uuid4

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.conftest import MANAGER, STAFF, Arrive, Mailbox, Person, links_of
from tests.mail_server import part

pytestmark = pytest.mark.xdist_group("browser")

COUNTS = ["queued", "sending", "sent", "failed", "yes", "no", "maybe", "colleague", "none"]


def create_event(staff: Person, title: str) -> str:
    """Fill in the form with a programme of two parts, publish, return the event's path."""
    staff.open("/en/events/create/")
    page = staff.page
    page.fill("input[name=title_de]", f"{title} (deutsch)")
    page.fill("input[name=title_en]", title)
    page.fill("textarea[name=summary_en]", "What turns quietly, and who needs it.")
    page.fill("input[name=starts_at]", "2031-05-26T14:00")
    page.fill("input[name=ends_at]", "2031-05-26T12:00")
    page.fill("input[name=city]", "Essen")
    for number, (kind, name) in enumerate((("plenary", "Welcome"), ("parallel", "Gears"))):
        page.click("#add-session")
        row = f"sessions-{number}"
        page.locator(f"[name={row}-title_de]").wait_for()
        page.select_option(f"[name={row}-part]", kind)
        page.fill(f"[name={row}-title_de]", name)
    page.click("main .cd-actions button[name=save]")
    page.wait_for_load_state()
    # An end before the beginning is refused, and nothing that was entered is lost.
    expect(page.locator("a[href='#id_ends_at']")).to_be_visible()
    assert page.input_value("[name=sessions-1-title_de]") == "Gears"
    page.fill("input[name=ends_at]", "2031-05-26T17:00")
    with page.expect_navigation():
        page.click("main .cd-actions button[name=save]")
    path = staff.path()
    page.locator("main a[href$='/publish/']").click()
    page.wait_for_url("**/publish/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    return path


def counts(page: Page) -> dict[str, int]:
    """Return the numbers of the progress page."""
    numbers = page.locator(".cd-counts dd").all_inner_texts()
    return dict(zip(COUNTS, map(int, numbers), strict=True))


def answer_link(mail: EmailMessage, answer: str) -> str:
    return next(url for url in links_of(mail) if url.endswith(f"?a={answer}"))


def invite(staff: Person, path: str, guests: list[str]) -> None:
    """Choose one innovation field and a pasted list with mistakes; look, then send."""
    page = staff.page
    staff.open(f"{path}invite/")
    page.locator("input[name=innovation_fields]").first.check()
    pasted = [f"Guest <{guests[0]}>", *guests[1:], guests[0].upper(), "no-address-at-all"]
    page.fill("textarea[name=addresses]", "\n".join(pasted))
    page.select_option("select[name=language]", "en")
    staff.send("textarea[name=addresses]", "preview")
    listed = page.inner_text("section[aria-labelledby=recipients]")
    assert all(guest in listed for guest in [*guests, MANAGER])
    assert "no-address-at-all" in page.inner_text("section[aria-labelledby=malformed]")
    facts = page.locator("dl.cd-facts dd").all_inner_texts()
    assert [int(text.split()[0]) for text in facts[1:]] == [1, 0, 0, 1, 0]
    staff.send("[name=confirmed]", "send")


def check_invitation(mail: EmailMessage, title: str) -> None:
    """The mail holds text, HTML and a calendar request, and can be unsubscribed by one click."""
    assert title in part(mail, "text/plain")
    assert title in part(mail, "text/html")
    calendar = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    parsed = Calendar.from_ical(part(mail, "text/calendar"))
    assert parsed["METHOD"] == "REQUEST"
    assert str(parsed.events[0]["SUMMARY"]) == title
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http")


def test_staff_invites_and_every_guest_answers_from_the_mail(
    arrive: Arrive, mailbox: Mailbox
) -> None:
    staff = arrive(STAFF)
    mark = uuid4().hex[:6]
    title = f"Evening of quiet gears {mark}"
    guests = [f"{word}-{mark}@guests.example" for word in ("yes", "maybe", "no", "never")]
    path = create_event(staff, title)
    invite(staff, path, guests)
    page = staff.page
    assert page.url.endswith("/invitations/")
    page.evaluate("window.sameDocument = true")
    people = page.locator("#invitation-rows tbody tr").count()
    assert people > len(guests)
    sent = page.locator(".cd-counts dd").nth(COUNTS.index("sent"))
    expect(sent).to_have_text(str(people), timeout=60_000)
    mails = {guest: mailbox.wait_for(guest, title) for guest in guests}
    for mail in mails.values():
        check_invitation(mail, title)

    for number, (answer, guest) in enumerate(zip(("yes", "maybe", "no"), guests, strict=False)):
        person = arrive(javascript=number % 2 == 0)
        person.open(answer_link(mails[guest], answer))
        assert person.page.is_checked(f"input[name=answer][value={answer}]")
        if answer == "yes":
            # Looking changed nothing, for programs that scan mails follow links.
            second = arrive(STAFF)
            second.open(f"{path}invitations/")
            assert counts(second.page)["yes"] == 0
        person.send("input[name=answer]")
        assert person.path().endswith("/thanks/")
    for answer in ("yes", "maybe", "no"):
        stored = page.locator(".cd-counts dd").nth(COUNTS.index(answer))
        expect(stored).to_have_text("1")
    assert page.evaluate("window.sameDocument")

    # Who wants no more invitations gets none.
    address = mails[guests[3]]["List-Unsubscribe"].strip("<>")
    with urllib.request.urlopen(address, timeout=30) as seen:
        assert seen.status == 200
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(address, data=body, timeout=30) as done:
        assert done.status < 300
    another = create_event(staff, f"Another {title}")
    staff.open(f"{another}invite/")
    page.fill("textarea[name=addresses]", "\n".join(guests))
    staff.send("textarea[name=addresses]", "preview")
    listed = page.inner_text("section[aria-labelledby=recipients]")
    assert guests[3] not in listed
    assert guests[0] in listed


def test_manager_answers_inside_the_portal(arrive: Arrive) -> None:
    person = arrive(MANAGER)
    person.open("/en/dashboard/")
    page = person.page
    todo = page.locator(".cd-todos a[href*='/events/invitations/']").first
    todo.click()
    page.wait_for_url("**/events/invitations/**")
    invitation = page.locator(f"section:has({page.url[page.url.index('#') :]})")
    with page.expect_navigation():
        invitation.locator("button[name=answer][value=maybe]").click()
    pressed = page.locator("main button[name=answer][value=maybe][aria-pressed=true]")
    assert pressed.count() >= 1
    assert re.search(r"\S", page.inner_text("main [role=status], main .cd-messages"))
