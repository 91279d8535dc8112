"""Who is to be invited: what staff chooses, lists of addresses, and the people that result."""

from events.audience.choice import (
    Audience,
    Blocked,
    EventGroup,
    Malformed,
    Recipient,
    Resolved,
    UploadedList,
)
from events.audience.drafts import KEPT_FOR, forget, keep, load
from events.audience.entries import LARGEST_LIST, clean_name, parse_addresses
from events.audience.people import events_with_people, resolve
from events.audience.tables import LARGEST_FILE, UnreadableListError, read_list

__all__ = [
    "KEPT_FOR",
    "LARGEST_FILE",
    "LARGEST_LIST",
    "Audience",
    "Blocked",
    "EventGroup",
    "Malformed",
    "Recipient",
    "Resolved",
    "UnreadableListError",
    "UploadedList",
    "clean_name",
    "events_with_people",
    "forget",
    "keep",
    "load",
    "parse_addresses",
    "read_list",
    "resolve",
]
