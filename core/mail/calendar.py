"""The calendar part of a mail: iCalendar with holes (RFC 5545)."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"%%([a-z][a-z0-9_]*)%%")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# The values of these are addresses, where backslashes would be wrong.
_ADDRESSES = re.compile(r"(ATTENDEE|ORGANIZER|URL|ATTACH|CONFERENCE|IMAGE|SOURCE)[;:]", re.I)
_LINE_OCTETS = 75


class CalendarPart:
    """One iCalendar object; lines without holes are folded once, the others at each filling."""

    def __init__(self, calendar: str) -> None:
        unfolded = re.sub(r"\r?\n[ \t]", "", calendar)
        self._lines = [
            line if _PLACEHOLDER.search(line) else _fold(line) for line in unfolded.splitlines()
        ]
        self._holes = [bool(_PLACEHOLDER.search(line)) for line in self._lines]

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the object for one recipient, with CRLF line ends."""
        lines = (
            _fold(_fill_line(line, values)) if has_hole else line
            for line, has_hole in zip(self._lines, self._holes, strict=True)
        )
        return "\r\n".join(lines) + "\r\n"


def _fill_line(line: str, values: Mapping[str, str]) -> str:
    """Fill one content line; what is escaped how depends on where the hole is."""
    value_at = _value_start(line)
    takes_address = bool(_ADDRESSES.match(line))

    def fill(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if value is None:
            return found[0]
        if found.start() < value_at:
            return _parameter(value)
        return _CONTROL.sub("", value) if takes_address else _text(value)

    return _PLACEHOLDER.sub(fill, line)


def _value_start(line: str) -> int:
    """Return where the value begins: after the first colon outside quotes."""
    quoted = False
    for position, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return position + 1
    return len(line)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", escaped.replace("\r\n", "\n").replace("\n", "\\n"))


def _parameter(value: str) -> str:
    """Escape for a quoted parameter (RFC 6868), where a quotation mark cannot stand."""
    escaped = value.replace("^", "^^").replace('"', "^'").replace("\r\n", "\n")
    return _CONTROL.sub("", escaped.replace("\n", "^n"))


def _fold(line: str) -> str:
    """Break a content line after 75 octets, never inside a sign."""
    octets = line.encode()
    if len(octets) <= _LINE_OCTETS:
        return line
    folded, start, room = [], 0, _LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        # 10xxxxxx goes on with a sign that began before.
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        folded.append(octets[start:end])
        # Lines after the first begin with a space.
        start, room = end, _LINE_OCTETS - 1
    folded.append(octets[start:])
    return b"\r\n ".join(folded).decode()
