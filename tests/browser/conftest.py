"""A whole portal with its demo data, a mailbox, and people with browsers.

Everything here lives as long as the tests of this folder, not longer: while Playwright runs, Django
refuses to talk to a database from the same thread, and other tests follow.
"""

import email
import email.policy
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.mail_server import MailServer, mail_server, part
from tests.portal import Portal, started
from tests.processes import wait_until
from tools.screenshots import FLAGS

PASSWORD = "a demo password for tests"
STAFF = "staff@portal.example"
MANAGER = "manager.its-owl@portal.example"
# Generous, because a busy machine is no fault of the portal; nothing waits longer than it must.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Mailbox:
    """What the portal has sent."""

    server: MailServer

    def wait_for(self, to: str, words: str = "") -> EmailMessage:
        """Return the newest mail to ``to`` whose subject has ``words``, once it is there."""

        def found() -> list[EmailMessage]:
            mails = (
                email.message_from_bytes(raw, policy=email.policy.default)
                for recipient, raw in zip(self.server.recipients, self.server.raw, strict=False)
                if recipient == to
            )
            return [mail for mail in mails if words in (mail["Subject"] or "")]

        wait_until(lambda: bool(found()), f"a mail to {to} about {words!r}", 60)
        return found()[-1]


def links_of(message: EmailMessage) -> list[str]:
    """Return the addresses in the plain text of a mail."""
    return re.findall(r"https?://[^\s<>]+", part(message, "text/plain"))


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield Mailbox(server)


@pytest.fixture(scope="package")
def portal(mailbox: Mailbox) -> Iterator[Portal]:
    """Start everything as ``make run`` does, on folders and ports of this run's own."""
    data = Path(tempfile.mkdtemp(prefix="portal-browser-")) / "var"
    with started(
        data,
        DEMO_PASSWORD=PASSWORD,
        EMAIL_URL=f"smtp://127.0.0.1:{mailbox.server.port}",
    ) as running:
        running.await_ready()
        yield running
    shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Please install Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Person:
    """Somebody with a browser window, and everything that went wrong in it."""

    page: Page
    context: BrowserContext
    address: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Response:
        """Go to a path of the portal, or to an address from a mail."""
        answer = self.page.goto(
            path if path.startswith("http") else self.address.rstrip("/") + path
        )
        assert answer is not None
        return answer

    def path(self) -> str:
        """Return where the person is, without host and query."""
        return urlsplit(self.page.url).path

    def send(self, having: str, button: str = "") -> Response | None:
        """Press the button of the form in the content that has ``having``; return the next page.

        ``button`` is the name of the button where a form has several.
        """
        name = f"[name={button}]" if button else ""
        form = self.page.locator("main").locator(f"form:has({having})").first
        with self.page.expect_navigation() as navigation:
            form.locator(f"button[type=submit]{name}").first.click()
        return navigation.value

    def sign_in(self, address: str, password: str = PASSWORD) -> None:
        self.open("/en/account/login/")
        self.page.fill("input[name=login]", address)
        self.page.fill("input[name=password]", password)
        self.send("input[name=login]")
        assert "/login/" not in self.path(), self.page.inner_text("main")

    def watch(self) -> None:
        """Take note of errors and of requests that leave the house."""
        host = urlsplit(self.address).netloc

        def console(message: ConsoleMessage) -> None:
            # Refusals that a walk asks for are no mistakes of the page.
            if message.type == "error" and "status of 4" not in message.text:
                self.problems.append(f"{self.page.url} console: {message.text}")

        def script(error: Error) -> None:
            self.problems.append(f"{self.page.url} script: {error}")

        def request(asked: Request) -> None:
            if asked.url.startswith("http") and urlsplit(asked.url).netloc != host:
                self.problems.append(f"{self.page.url} asks {asked.url}")

        def response(answer: Response) -> None:
            if answer.status >= 500:
                self.problems.append(f"{self.page.url} gets {answer.status} from {answer.url}")

        self.page.on("console", console)
        self.page.on("pageerror", script)
        self.page.on("request", request)
        self.page.on("response", response)


Arrive = Callable[..., Person]


@pytest.fixture(scope="package")
def passes() -> dict[str, Any]:
    """The cookies of people who signed in earlier, so that they need not do it for every test."""
    return {}


@pytest.fixture
def arrive(browser: Browser, portal: Portal, passes: dict[str, Any]) -> Iterator[Arrive]:
    """Return a function that brings a person to the portal; afterwards nothing may have failed."""
    arrived: list[Person] = []

    def come(user: str = "", *, javascript: bool = True, **options: Any) -> Person:
        context = browser.new_context(
            java_script_enabled=javascript,
            locale=options.pop("locale", "de-DE"),
            viewport=options.pop("viewport", {"width": 1280, "height": 900}),
            storage_state=passes.get(user),
            **options,
        )
        context.set_default_timeout(PATIENCE)
        person = Person(context.new_page(), context, portal.address)
        person.watch()
        arrived.append(person)
        if user and user not in passes:
            person.sign_in(user)
            passes[user] = context.storage_state()
        return person

    yield come
    problems = [problem for person in arrived for problem in person.problems]
    for person in arrived:
        person.context.close()
    assert problems == []
