"""How finished messages leave the house: over SMTP, or as files where no server is named."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn, Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from core.mail.message import envelope_address

# Servers that examine a message before they answer make no duplicates as long as we wait
# (RFC 5321, 4.5.3.2.6); two such waits are shorter than ``upkeep.STALE_AFTER``.
ANSWER_SECONDS = 180


class RefusedError(Exception):
    """The server answered, and the answer is no; 4xx means not now, 5xx means never."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.is_temporary = 400 <= code < 500


class UnreachableError(Exception):
    """There is no connection to send anything over; no mail is to blame."""


class DroppedError(Exception):
    """The connection broke twice while this very mail was under way."""


class Transport(Protocol):
    """Takes finished messages, one at a time."""

    # The last message may have been accepted once more than we know: the connection broke
    # between its end and the answer.
    is_doubtful: bool

    def deliver(
        self,
        *,
        pk: UUID,
        to: str,
        message: bytes,
        slug: str,
        before_end: Callable[[], None],
        following: str = "",
    ) -> None:
        """Hand over one message; raises one of the errors above.

        ``before_end`` is called before each attempt may count: nothing has been accepted yet.
        ``following`` is the address of the message that certainly comes next, if there is one.
        """

    def close(self) -> None:
        """Say goodbye."""


def open_transport() -> Transport:
    """Return what EMAIL_URL asks for; nothing is connected before the first message."""
    if settings.EMAIL_URL:
        return SmtpTransport()
    return FileTransport(Path(settings.EMAIL_FILE_PATH))


class FileTransport:
    """One ``.eml`` file a mail, for machines without a mail server."""

    is_doubtful = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(
        self,
        *,
        pk: UUID,
        to: str,
        message: bytes,
        slug: str,
        before_end: Callable[[], None],
        following: str = "",
    ) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / file_name(timezone.now(), slug, pk)
        # A reader of the folder never sees half a mail.
        unfinished = path.with_suffix(".tmp")
        unfinished.write_bytes(message)
        before_end()
        unfinished.rename(path)

    def close(self) -> None:
        """Files need no goodbye."""


def file_name(now: datetime, slug: str, pk: UUID) -> str:
    """Return a name that sorts by time and says what the mail is about."""
    return f"{now:%Y%m%dT%H%M%S.%f}-{slugify(slug)[:60] or 'mail'}-{pk.hex[:8]}.eml"


class SmtpTransport:
    """One SMTP connection, kept from mail to mail and renewed when the server ends it.

    Where the server offers PIPELINING (RFC 2920), the three commands of the next mail travel with
    the end of this one: each mail costs one round trip instead of four.
    """

    def __init__(self) -> None:
        self._sender = envelope_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
        self._smtp: smtplib.SMTP | None = None
        self._delivered = 0
        # The recipient whose commands the server has got already.
        self._announced = ""
        self.is_doubtful = False

    def deliver(
        self,
        *,
        pk: UUID,
        to: str,
        message: bytes,
        slug: str,
        before_end: Callable[[], None],
        following: str = "",
    ) -> None:
        self.is_doubtful = False
        recipient = envelope_address(to)
        while True:
            smtp = self._smtp or self._connect()
            try:
                refusal = self._envelope(smtp, recipient)
                if refusal is None:
                    before_end()
                    refusal = self._hand_over(smtp, message, following)
                if refusal is not None:
                    self._refuse(*refusal)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                self._abandon()
                # A connection that has carried mails may have reached the server's limit; a fresh
                # one that breaks on this mail would break on it for ever.
                if not self._delivered:
                    raise DroppedError(str(error)) from error
            else:
                self._delivered += 1
                return

    def close(self) -> None:
        if self._smtp is not None and not self._announced:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        # A server that waits for an announced message would take a goodbye for its text.
        self._abandon()

    def _abandon(self) -> None:
        self._announced = ""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _connect(self) -> smtplib.SMTP:
        try:
            smtp = _connected()
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(
                f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}"
            ) from error
        self._smtp = smtp
        self._delivered = 0
        return smtp

    def _commands(self, recipient: str) -> tuple[str, str, str]:
        return f"MAIL FROM:<{self._sender}>", f"RCPT TO:<{recipient}>", "DATA"

    def _envelope(self, smtp: smtplib.SMTP, recipient: str) -> tuple[int, bytes] | None:
        """Announce a message, and return the answer that refuses it, if there is one."""
        commands = self._commands(recipient)
        if smtp.has_extn("pipelining"):
            if self._announced != recipient:
                smtp.send("\r\n".join(commands) + "\r\n")
            answers = [smtp.getreply() for _ in commands]
            self._announced = ""
        else:
            answers = []
            for command in commands:
                answers.append(smtp.docmd(command))
                if answers[-1][0] >= 400:
                    break
        refusal = next((answer for answer in answers if answer[0] >= 400), None)
        if refusal is None:
            return None
        if answers[-1][0] == 354:
            # A pipelining server may want a message although it refused its recipient.
            smtp.send(b".\r\n")
            smtp.getreply()
        else:
            smtp.rset()
        return refusal

    def _hand_over(
        self, smtp: smtplib.SMTP, message: bytes, following: str
    ) -> tuple[int, bytes] | None:
        """Send the message and its end, and return the answer that refuses it, if it does.

        Servers take their time for that answer. Between end and answer nobody can tell whose mail
        it is; if that lasts, it is doubtful.
        """
        text = _dot_stuffed(message)
        if following and smtp.has_extn("pipelining"):
            self._announced = envelope_address(following)
            commands = "\r\n".join(self._commands(self._announced))
            text = b"%b%b\r\n" % (text, commands.encode("ascii"))
        sock: Any = smtp.sock
        sock.settimeout(ANSWER_SECONDS)
        was_doubtful, self.is_doubtful = self.is_doubtful, True
        smtp.send(text)
        code, words = smtp.getreply()
        self.is_doubtful = was_doubtful
        sock.settimeout(settings.EMAIL_TIMEOUT)
        return (code, words) if code >= 400 else None

    def _refuse(self, code: int, words: bytes) -> NoReturn:
        text = words.decode(errors="replace")
        if code == 421:
            # The server is closing the connection, whatever the mail.
            raise smtplib.SMTPServerDisconnected(f"421 {text}")
        raise RefusedError(code, text)


def _connected() -> smtplib.SMTP:
    """Return a connection that has said hello, is encrypted and signed in as configured."""
    timeout: Any = settings.EMAIL_TIMEOUT
    if settings.EMAIL_USE_SSL:
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout, context=context
        )
    else:
        smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout)
    # Commands are small; none shall wait for the acknowledgement of the one before.
    sock: Any = smtp.sock
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError):
        smtp.close()
        raise
    return smtp


def _dot_stuffed(message: bytes) -> bytes:
    """Return the message as DATA takes it: no line of it is a lone dot, the end is one."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")
