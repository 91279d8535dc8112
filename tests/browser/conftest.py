"""A whole portal with its demo data, a mailbox, and people with browsers."""

import asyncio
import email
import email.policy
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.portal import Portal, started
from tests.processes import wait_until
from tools.screenshots import FLAGS

PASSWORD = "a demo password for tests"
STAFF = "staff@portal.example"
MANAGER = "manager.its-owl@portal.example"


@dataclass
class Mailbox:
    """What the SMTP server took in."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK"

    def wait_for(self, to: str, words: str = "") -> EmailMessage:
        """Return the newest mail to ``to`` whose subject has ``words``, once it is there."""

        def found() -> list[EmailMessage]:
            return [m for m in self.messages if to in m["To"] and words in (m["Subject"] or "")]

        wait_until(lambda: bool(found()), f"a mail to {to} about {words!r}", 60)
        return found()[-1]


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links_of(message: EmailMessage) -> list[str]:
    """Return the addresses in the plain text of a mail."""
    return re.findall(r"https?://[^\s<>]+", text_of(message))


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(controller.factory, host="127.0.0.1", port=0)
    )
    box.port = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield box
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(scope="session")
def portal(mailbox: Mailbox) -> Iterator[Portal]:
    """Start everything as ``make run`` does, on folders and ports of this run's own."""
    data = Path(tempfile.mkdtemp(prefix="portal-browser-")) / "var"
    with started(
        data,
        DEMO_PASSWORD=PASSWORD,
        EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",  # type: ignore[attr-defined]
        API_RATE_ANONYMOUS="100000/min",
    ) as running:
        running.await_ready()
        yield running
    shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture(scope="session")
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

    def open(self, path: str) -> Page:
        """Go to a path of the portal, or to an address from a mail."""
        self.page.goto(path if path.startswith("http") else self.address.rstrip("/") + path)
        return self.page

    def sign_in(self, address: str) -> None:
        self.open("/de/account/login/")
        self.page.fill("input[name=login]", address)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("form:has(input[name=login]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def watch(self) -> None:
        """Take note of errors and of requests that leave the house."""
        host = urlsplit(self.address).netloc
        self.page.on(
            "console",
            lambda m: (
                m.type == "error"
                and "status of 4" not in m.text
                and self.problems.append(f"{self.page.url} console: {m.text}")
            ),
        )
        self.page.on("pageerror", lambda e: self.problems.append(f"{self.page.url} script: {e}"))
        self.page.on(
            "request",
            lambda r: (
                r.url.startswith("http")
                and urlsplit(r.url).netloc != host
                and self.problems.append(f"{self.page.url} asks {r.url}")
            ),
        )
        self.page.on(
            "response",
            lambda r: r.status >= 500 and self.problems.append(f"{r.status} {r.url}"),
        )


@pytest.fixture
def arrive(browser: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """Return a function that brings a person to the portal; afterwards nothing may have failed."""
    arrived: list[Person] = []

    def come(user: str = "", *, javascript: bool = True, **options: Any) -> Person:
        context = browser.new_context(
            java_script_enabled=javascript,
            locale=options.pop("locale", "de-DE"),
            viewport=options.pop("viewport", {"width": 1280, "height": 900}),
            **options,
        )
        context.set_default_timeout(15_000)
        person = Person(context.new_page(), context, portal.address)
        person.watch()
        arrived.append(person)
        if user:
            person.sign_in(user)
        return person

    yield come
    problems = [problem for person in arrived for problem in person.problems]
    for person in arrived:
        person.context.close()
    assert problems == []
