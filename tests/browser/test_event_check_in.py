"""Check-in over a network that comes and goes, on two devices, and with a phone's camera."""

import csv
import io
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import MANAGER, STAFF, Arrive, Mailbox, Person
from tests.browser.test_whole_portal import look_at

pytestmark = pytest.mark.xdist_group("browser")

MEMBER = "member.its-owl@portal.example"
PHONE = {"width": 390, "height": 844}


def event_of_today(staff: Person, title: str) -> str:
    """Plan and publish an event that runs now; return its path."""
    staff.open("/en/events/create/")
    page = staff.page
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    page.fill("input[name=title_de]", f"{title} (deutsch)")
    page.fill("input[name=title_en]", title)
    page.fill("input[name=starts_at]", f"{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}")
    page.fill("input[name=ends_at]", f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    with page.expect_navigation():
        page.locator("main button[name=save]").last.click()
    path = staff.path().removesuffix("edit/")
    staff.open(f"{path}publish/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    return path


def take_part(person: Person, path: str) -> None:
    person.open(f"{path}register/")
    with person.page.expect_navigation():
        person.page.locator("main form button[type=submit]").first.click()


def row(page: Page, words: str) -> str:
    return f"#check-in-list > li:has-text({words!r})"


def all_counted(page: Page) -> str:
    return page.locator("#check-in-counts > div").first.locator("dd").inner_text()


def forgive_missing_network(person: Person) -> None:
    """The browser reports what could not be loaded; here that was meant."""
    person.problems[:] = [text for text in person.problems if "ERR_INTERNET" not in text]


def check_in(page: Page, name: str) -> None:
    page.fill("#check-in-q", name)
    page.locator(row(page, name)).locator("button").click()
    expect(page.locator(row(page, name))).to_contain_text("here since")


def add_walk_in(page: Page, name: str) -> None:
    page.click("#walk-in > summary")
    page.fill("#walk-in-form [name=name]", name)
    page.locator("#walk-in-form button[type=submit]").click()


def attended(staff: Person, path: str) -> list[str]:
    """Return the names of those who were there, as often as the portal has them."""
    answer = staff.page.request.get(f"{staff.address.rstrip('/')}{path}export/participants.csv")
    rows = csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")), delimiter=";")
    return sorted(found["Name"] for found in rows if found["Checked in"])


def test_marks_made_without_network_arrive_once(arrive: Arrive) -> None:
    mark = uuid4().hex[:6]
    staff, other = arrive(STAFF, viewport=PHONE), arrive(STAFF)
    path = event_of_today(staff, f"Plenary {mark}")
    manager, member = arrive(MANAGER), arrive(MEMBER)
    for person in (manager, member):
        take_part(person, path)

    staff.open(f"{path}check-in/")
    page = staff.page
    expect(page.locator("#check-in-state")).to_have_text("Everything is saved.")
    expect(page.locator("#check-in[data-kept]")).to_have_count(1)
    other.open(f"{path}check-in/")
    expect(other.page.locator("#check-in-state")).to_have_text("Everything is saved.")
    assert look_at(staff, f"{path}check-in/") == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert all_counted(page) == "0 / 2"
    names = page.locator("#check-in-list strong").all_inner_texts()
    assert len(names) == 2

    staff.context.set_offline(True)
    check_in(page, names[0])
    expect(page.locator("#check-in-state")).to_contain_text("1 mark waits for the network.")
    # The page opens without network, with the list and the mark.
    page.reload()
    expect(page.locator(row(page, names[0]))).to_contain_text("here since")
    add_walk_in(page, f"Walk-in {mark}")
    expect(page.locator("#check-in-state")).to_contain_text("2 marks wait for the network.")
    assert all_counted(page) == "1 / 2"
    assert attended(other, path) == []

    staff.context.set_offline(False)
    expect(page.locator("#check-in-state")).to_have_text("Everything is saved.", timeout=90_000)
    forgive_missing_network(staff)
    expect(page.locator("#check-in-counts > div").first.locator("dd")).to_have_text("2 / 3")
    assert attended(other, path) == sorted([names[0], f"Walk-in {mark}"])
    # The other device hears of it by itself.
    expect(other.page.locator(row(other.page, names[0]))).to_contain_text("here since")
    expect(other.page.locator(row(other.page, f"Walk-in {mark}"))).to_contain_text("here since")

    # Taken back there, it is gone here.
    other.page.locator(row(other.page, names[0])).locator("button").click()
    expect(page.locator(row(page, names[0])).locator("button")).to_contain_text("Check in")
    assert attended(other, path) == [f"Walk-in {mark}"]

    page.click("#check-in-forget")
    expect(page.locator("#check-in-list > li")).to_have_count(0)
    left = page.evaluate(
        "async () => [...Object.keys(localStorage), ...await caches.keys()]"
        ".filter(key => key.startsWith('cd-check-in'))"
    )
    assert left == []


def code_in(mail: EmailMessage) -> str:
    """Return what the QR code in a mail says."""
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    opened = Image.open(io.BytesIO(picture.get_payload(decode=True)))  # type: ignore[arg-type]
    (code,) = zxingcpp.read_barcodes(opened.convert("L"))
    return code.text


def test_phone_scans_the_code_of_the_mail(arrive: Arrive, mailbox: Mailbox) -> None:
    mark = uuid4().hex[:6]
    staff = arrive(STAFF, viewport=PHONE)
    path = event_of_today(staff, f"Scanning {mark}")
    manager = arrive(MANAGER)
    take_part(manager, path)
    ticket = code_in(mailbox.wait_for(MANAGER, f"Scanning {mark}"))

    visitor = arrive(javascript=False)
    visitor.open(ticket)
    assert visitor.page.locator(".cd-ticket__code svg").count() == 1
    assert visitor.page.locator("input[name=is_present]").count() == 0

    staff.open(ticket)
    assert look_at(staff, "/ticket/") == []
    staff.send("input[name=is_present]")
    assert staff.page.url == ticket
    assert len(attended(staff, path)) == 1

    visitor.open(ticket)
    certificate = visitor.page.locator("a[href$='/certificate.pdf']").get_attribute("href")
    answer = visitor.page.request.get(f"{visitor.address.rstrip('/')}{certificate}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_door_works_without_script(arrive: Arrive) -> None:
    mark = uuid4().hex[:6]
    path = event_of_today(arrive(STAFF), f"Plain {mark}")
    staff = arrive(STAFF, javascript=False)
    staff.open(f"{path}check-in/walk-in/")
    staff.page.fill("[name=name]", f"Guest {mark}")
    staff.send("[name=name]")
    assert staff.path() == f"{path}check-in/"
    staff.page.fill("input[name=q]", mark)
    staff.send("input[name=q]")
    people = staff.page.locator("#check-in-list > li")
    assert people.count() == 1
    assert "here since" in people.inner_text()
    for page in ("participants/", "badges/", "check-in/"):
        staff.open(f"{path}{page}")
        assert f"Guest {mark}" in staff.page.inner_text("main") or page == "badges/"
