"""One round trip a mail at servers that offer PIPELINING, whatever they answer to which command."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from core.mail.delivery import deliver_due
from core.models import OutgoingMail
from tests.core.test_mail_delivery import queue, reload

pytestmark = pytest.mark.django_db(transaction=True)


class _Conversation(socketserver.StreamRequestHandler):
    """Answers as the local part of the recipient asks for."""

    server: "_Server"

    def handle(self) -> None:
        self._say("220 mail.example ESMTP")
        wish, to = "", ""
        while line := self.rfile.readline():
            command = line.strip().decode()
            self.server.commands.append(command)
            match command[:4].upper():
                case "EHLO":
                    self._say("250-mail.example\r\n250 PIPELINING")
                case "RCPT":
                    to = command.partition("<")[2].strip(">")
                    wish = to.partition("@")[0]
                    self._say("550 No such person" if wish.startswith("unknown") else "250 Ok")
                case "DATA" if wish == "unknown-strict":
                    self._say("503 No recipient")
                case "DATA":
                    self._say("354 Go ahead")
                    text = self._text()
                    # What is there already without waiting came together with the message.
                    self.server.together += bool(self.rfile.peek(1)) if text and wish == "a" else 0
                    if wish == "broken" and to not in self.server.seen:
                        self.server.seen.add(to)
                        return
                    if not text or wish.startswith("unknown"):
                        self._say("554 No valid recipients")
                    elif wish == "spam":
                        self._say("554 Looks like spam")
                    else:
                        self.server.accepted.append(to)
                        self._say("250 Accepted")
                case "QUIT":
                    self._say("221 Bye")
                    return
                case _:
                    self._say("250 Ok")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.accepted: list[str] = []
        self.commands: list[str] = []
        self.seen: set[str] = set()
        self.together = 0


@contextmanager
def pipelining_server(settings: Any) -> Iterator[_Server]:
    with _Server() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_URL = "smtp://"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 10
        yield server
        server.shutdown()


def queue_to(*wishes: str) -> list[OutgoingMail]:
    """Queue one mail to each, to be delivered in this order."""
    mails = [queue(1, to=f"{wish}@{n}.example")[0] for n, wish in enumerate(wishes)]
    return sorted(mails, key=lambda mail: mail.due_at)


def states(mails: list[OutgoingMail]) -> list[str]:
    return [reload(mail).state for mail in mails]


def test_next_mail_is_announced_with_the_end_of_the_one_before(settings: Any) -> None:
    mails = queue_to("a", "b")
    with pipelining_server(settings) as server:
        deliver_due()
    assert server.accepted == [mail.to for mail in mails]
    assert server.together == 1
    # The last one announces nothing, so the goodbye is understood as one.
    assert server.commands[-1].upper() == "QUIT"


@pytest.mark.parametrize("wish", ["unknown-strict", "unknown-lax", "spam"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_refused_mail_fails_and_its_neighbours_arrive(settings: Any, wish: str, place: int) -> None:
    wishes = ["one", "two"]
    wishes.insert(place, wish)
    mails = queue_to(*wishes)
    with pipelining_server(settings) as server:
        deliver_due()
    expected = ["sent", "sent"]
    expected.insert(place, "failed")
    assert states(mails) == expected
    assert server.accepted == [mail.to for mail in mails if not mail.to.startswith(wish)]
    assert not OutgoingMail.objects.exclude(doubtful_at=None).exists()


def test_mail_announced_on_a_broken_connection_goes_over_the_next(settings: Any) -> None:
    mails = queue_to("one", "broken", "two", "three")
    with pipelining_server(settings) as server:
        deliver_due()
    assert states(mails) == ["sent"] * 4
    assert server.accepted == [mail.to for mail in mails]
    assert list(OutgoingMail.objects.exclude(doubtful_at=None)) == [mails[1]]


def test_mail_that_cannot_be_written_is_never_announced(settings: Any) -> None:
    mails = queue_to("one", "bad", "two")
    OutgoingMail.objects.filter(pk=mails[1].pk).update(to="bad@" + "ü" * 80 + ".example")
    with pipelining_server(settings) as server:
        deliver_due()
    assert states(mails) == ["sent", "failed", "sent"]
    assert server.accepted == [mails[0].to, mails[2].to]


def test_crash_between_two_mails_sends_no_half_of_the_next(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = queue_to("one", "two")
    monkeypatch.setattr("core.mail.marks.SentMarks.begin", _crash)
    with pipelining_server(settings) as server, pytest.raises(KeyboardInterrupt):
        deliver_due()
    assert server.accepted == [mails[0].to]


def _crash(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt
