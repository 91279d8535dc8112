"""A real SMTP server on loopback that keeps what it gets and answers as a test wants."""

import email
import email.policy
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)
ACCEPT = "250 Accepted"
# Not an answer: the server hangs up.
HANG_UP = "hang up"
Answer = Callable[[Envelope, int], str]


class _AnyPort(Controller):
    """Takes the port the system gives it."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = int(server.sockets[0].getsockname()[1])
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """Takes mails; ``answer(envelope, number)`` says what happens to the ``number``-th DATA."""

    def __init__(self, answer: Answer | None = None, refuse: Answer | None = None) -> None:
        self.answer = answer or (lambda envelope, number: ACCEPT)
        self.refuse = refuse
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.connections = 0
        self._tries: Counter[str] = Counter()
        self._number = 0
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0)
        self._controller.factory = self._smtp  # type: ignore[method-assign]

    def _smtp(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=False, hostname="mail.example")

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was accepted, parsed."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self._tries[address] += 1
        if self.refuse is not None:
            envelope.rcpt_tos.append(address)
            answer = self.refuse(envelope, self._tries[address])
            if answer != ACCEPT:
                envelope.rcpt_tos.remove(address)
                return answer
            return ACCEPT
        envelope.rcpt_tos.append(address)
        return ACCEPT

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self._number += 1
        answer = self.answer(envelope, self._number)
        if answer == HANG_UP:
            transport: Any = server.transport
            transport.abort()
            return "421 Gone"
        if answer.startswith("2"):
            self.raw.append(envelope.original_content or b"")
            self.recipients.append(envelope.rcpt_tos[0])
        return answer


@contextmanager
def mail_server(answer: Answer | None = None, refuse: Answer | None = None) -> Iterator[MailServer]:
    """Run a server on a free port for the length of the block."""
    server = MailServer(answer, refuse)
    server._controller.start()
    try:
        yield server
    finally:
        server._controller.stop()


def use_server(settings: Any, server: MailServer) -> None:
    """Point the portal's settings at the server."""
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 10


def part(message: EmailMessage, content_type: str) -> str:
    """Return the decoded text of the first part of this type."""
    found = next(one for one in message.walk() if one.get_content_type() == content_type)
    text: str = found.get_content()
    return text if isinstance(text, str) else bytes(text).decode()
