"""Addresses as people write them: one a line, parted by commas, with or without names."""

import re
from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.audience.choice import Malformed, Recipient

LARGEST_LIST = 50_000
LONGEST_ADDRESS = 254
LONGEST_NAME = 150
_SHOWN = 120
_ANGLE = re.compile(r"^(?P<name>.*)<(?P<email>[^<>]*)>$", re.DOTALL)
# Commas and semicolons part entries, except inside "quotes" and <angle brackets>.
_ENTRY = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;"<])+|["<]')
# What nearly all addresses look like; Django's validator decides about the others.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_COMMON = re.compile(
    rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}", re.ASCII
)


def _entries(line: str) -> Iterator[str]:
    """Split a line; ``Surname, Name <address>`` without quotes stays one entry."""
    waiting = ""
    for part in (match.group().strip() for match in _ENTRY.finditer(line)):
        if waiting and "<" in part:
            part = f"{waiting}, {part}"
        elif waiting:
            yield waiting
        waiting = "" if "@" in part or not part else part
        if not waiting and part:
            yield part
    if waiting:
        yield waiting


def clean_name(name: str) -> str:
    """Return a name without quotes and control characters, short enough for its column."""
    if not name:
        return ""
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(plain.replace('"', " ").split())[:LONGEST_NAME]


def clean_address(email: str) -> str:
    """Write the domain as mail servers know it: ``müller.example`` becomes ``xn--…``."""
    email = email.strip()
    if email.isascii():
        return email
    local, at, domain = email.rpartition("@")
    try:
        return f"{local}{at}{punycode(domain)}"
    except UnicodeError:
        return email


def problem_of(email: str) -> str:
    """Return what is wrong with an address; empty when nothing is."""
    if len(email) <= LONGEST_ADDRESS and _COMMON.fullmatch(email):
        return ""
    if email.count("@") != 1:
        return _("An address has exactly one @ sign.")
    if len(email) > LONGEST_ADDRESS:
        return ngettext(
            "An address has at most %(count)d character.",
            "An address has at most %(count)d characters.",
            LONGEST_ADDRESS,
        ) % {"count": LONGEST_ADDRESS}
    if not email.isascii():
        return _("Only the part after the @ sign may have letters such as ä or é.")
    try:
        validate_email(email)
    except ValidationError:
        return _("This is not a valid e-mail address.")
    return ""


def shown(entry: str) -> str:
    """Return an entry as a page can show it: one short line."""
    return "".join(sign if sign.isprintable() else " " for sign in entry[:_SHOWN])


def parse_addresses(text: str, language: str) -> tuple[list[Recipient], list[Malformed]]:
    """Read addresses, one a line or parted by commas, each alone or as ``Name <address>``."""
    found: list[Recipient] = []
    malformed: list[Malformed] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for entry in _entries(line):
            match = _ANGLE.match(entry)
            name = clean_name(match["name"]) if match else ""
            email = clean_address(match["email"] if match else entry)
            if problem := problem_of(email):
                malformed.append(Malformed(number, shown(entry), problem))
            else:
                found.append(Recipient(email, name, language))
    return found, malformed


def count_entries(text: str, limit: int) -> int:
    """Count the entries of a text, and stop counting above ``limit``."""
    entries = (entry for line in text.splitlines() for entry in _entries(line))
    return sum(1 for _entry in islice(entries, limit + 1))
