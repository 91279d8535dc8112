"""Reports about mails of ours that servers send back: RFC 3464, and what was common before it.

A report counts only for a mail it names by our ``Message-ID``. That number is known to whoever got
the mail, so nobody can have other people's addresses blocked by making reports up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import Message
from uuid import UUID

from core.mail.inbound import InboundMail, header_text, text

FAILED = "failed"
_ACTIONS = {FAILED, "delayed", "delivered", "relayed", "expanded"}
_MOST_TEXT = 512 * 1024
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d\b")
_MESSAGE_ID = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@([^<>\s]{1,255})>", re.I
)
_ROBOT = re.compile(r"^(mailer-daemon|postmaster|mail\.?daemon|mdaemon|mailadmin)\b", re.I)
# qmail and its heirs; Exim before it knew RFC 3464; old gateways.
_GIVEN_UP = re.compile(
    r"this is the qmail-send program"
    r"|wasn't able to deliver your message"
    r"|created automatically by mail delivery software"
    r"|could not be delivered"
    r"|delivery (?:has failed|to the following recipients? failed)"
    r"|undeliver(?:able|ed)"
    r"|konnte nicht (?:zugestellt|übermittelt) werden",
    re.I,
)
_STILL_TRYING = re.compile(
    r"still being retried|will (?:continue to try|keep trying|be retried)|not required to take any"
    r"|no action is required on your part|delivery attempts will continue"
    r"|delivery is delayed|has been delayed|this is a warning message only"
    r"|wird weiterhin versucht",
    re.I,
)
# Where the copy of the returned mail begins; only what comes before it is the server's own word.
_COPY = re.compile(
    r"^-{2,} ?(?:below this line is a copy|this is a copy of|original message|unsent message)", re.I
)


@dataclass(frozen=True)
class DeliveryReport:
    """What a server says of one mail. ``action`` is a word of RFC 3464, ``status`` of RFC 3463."""

    message_id: UUID | None
    domain: str
    action: str
    status: str
    reason: str

    @property
    def is_failure(self) -> bool:
        return self.action == FAILED


def read_report(mail: InboundMail) -> DeliveryReport | None:
    """Return what a delivery report says, or None when the mail is none.

    Several recipients in one report cannot be ours: each of our mails goes to one address.
    """
    status_part = _first(mail, "message/delivery-status")
    if status_part is not None:
        return _standard(mail, status_part)
    return _old_style(mail)


def _standard(mail: InboundMail, part: Message) -> DeliveryReport:
    blocks = part.get_payload()
    fields = [block for block in blocks if isinstance(block, Message)] if blocks else []
    said = [block for block in fields if block.get("Action") or block.get("Final-Recipient")]
    block = said[0] if said else Message()
    words = header_text(block, "Diagnostic-Code").partition(";")
    reason = words[2].strip() or words[0].strip()
    action = header_text(block, "Action").lower().split(" ")[0]
    status = _status(header_text(block, "Status"), reason)
    if action not in _ACTIONS:
        action = {"2": "delivered", "4": "delayed"}.get(status[:1], FAILED)
    found = _message_id(mail, copies=True)
    return _report(found, action, status, reason or _own_words(mail))


def _old_style(mail: InboundMail) -> DeliveryReport | None:
    """Read a report in prose: from a mail robot, with our mail's head somewhere below."""
    is_robot = _ROBOT.match(mail.sender) or mail.header("Return-Path") == "<>"
    failed_for = mail.header("X-Failed-Recipients")
    if not is_robot and not failed_for:
        return None
    words = _own_words(mail)
    is_delayed = bool(_STILL_TRYING.search(f"{mail.subject} {words}"))
    if not is_delayed and not failed_for and not _GIVEN_UP.search(words):
        return None
    found = _message_id(mail, copies=True)
    if found is None:
        return None
    if is_delayed:
        return _report(found, "delayed", "4.0.0", words)
    return _report(found, FAILED, _status("", words), _sentence(words))


def _report(
    found: tuple[UUID, str] | None, action: str, status: str, reason: str
) -> DeliveryReport:
    number, domain = found or (None, "")
    return DeliveryReport(
        message_id=number, domain=domain, action=action, status=status, reason=reason[:300]
    )


def _status(said: str, words: str) -> str:
    """Return a status of RFC 3463: as said, else as the server's words show it, else 5.0.0."""
    if found := _STATUS.search(said) or _STATUS.search(words):
        return ".".join(found.groups())
    if found := _CODE.search(words):
        return f"{found[1]}.0.0"
    return "5.0.0"


def _first(mail: InboundMail, content_type: str) -> Message | None:
    return next((one for one in mail.parts() if one.get_content_type() == content_type), None)


def _texts(mail: InboundMail) -> Iterator[str]:
    for part in mail.parts():
        if part.get_content_type() == "text/plain":
            yield text(part, most=_MOST_TEXT)


def _own_words(mail: InboundMail) -> str:
    """Return what the server wrote itself, in one line."""
    for words in _texts(mail):
        own = []
        for line in words.splitlines():
            if _COPY.match(line):
                break
            own.append(line)
        return " ".join(" ".join(own).split())[:4000]
    return ""


def _sentence(words: str) -> str:
    """Return the part of the server's words from the reply code or recipient on."""
    found = re.search(r"<[^<>\s]+@[^<>\s]+>:? ?", words) or _CODE.search(words)
    if found is None:
        return words
    return words[found.end() if found[0].startswith("<") else found.start() :].strip() or words


def _message_id(mail: InboundMail, *, copies: bool) -> tuple[UUID, str] | None:
    """Return number and domain of the mail of ours this one is about."""
    for source in _sources(mail, copies):
        if found := _MESSAGE_ID.search(source):
            return UUID(found[1]), found[2].lower()
    return None


def _sources(mail: InboundMail, copies: bool) -> Iterator[str]:
    """Yield where our Message-ID may stand: the returned mail, our thread, a copy in prose."""
    for part in mail.parts() if copies else ():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            returned = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(returned, Message):
                yield header_text(returned, "Message-ID")
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            head = message_from_string(text(part, most=_MOST_TEXT), policy=policy.compat32)
            yield header_text(head, "Message-ID")
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        yield mail.header(name)
    if copies:
        for words in _texts(mail):
            yield from re.findall(r"(?im)^>?[ \t]*message-id:[^\n]*(?:\n[ \t][^\n]*)?", words)


def answered_mail(mail: InboundMail) -> tuple[UUID, str] | None:
    """Return number and domain of the mail of ours that this one says it answers."""
    return _message_id(mail, copies=False)
