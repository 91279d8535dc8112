"""What staff has chosen, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

# What is stored under a name holds no addresses: personal data are not kept without an end date.
_PERSONAL = frozenset({"addresses", "upload"})


class EventGroup(models.TextChoices):
    """People of another event, by what they did there."""

    ATTENDED = "attended", _("were there")
    MISSED = "missed", _("registered, but were not there")
    WAITING = "waiting", _("stayed on the waiting list")
    YES = "yes", _("answered yes")
    MAYBE = "maybe", _("answered maybe")
    NO = "no", _("answered no")
    COLLEAGUE = "colleague", _("named a colleague")
    NONE = "none", _("did not answer")


class Recipient(NamedTuple):
    """One address with the person and cluster it belongs to, as far as they are known."""

    email: str
    name: str = ""
    language: str = "de"
    user_id: int | None = None
    cluster_id: int | None = None
    cluster_name: str = ""


class Malformed(NamedTuple):
    """An entry of the list that is no address: where it stands and what is wrong."""

    line: int
    text: str
    reason: str


class Blocked(NamedTuple):
    """An address from which mails came back earlier, and what its server said."""

    recipient: Recipient
    reason: str


@dataclass(frozen=True)
class UploadedList:
    """What was read from a file."""

    name: str
    recipients: tuple[Recipient, ...] = ()
    malformed: tuple[Malformed, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.recipients) + len(self.malformed)


@dataclass(frozen=True)
class Audience:
    """What staff has chosen. Marks of one sort widen, sorts narrow: (A or B) and (C or D).

    ``fields``, ``districts``, ``clusters`` and the topics hold codes and slugs, ``labels`` levels.
    The marks and ``endorsed`` choose clusters, of which the managers are meant or, without
    ``managers_only``, all members. Followers of topics, people of another event and lists are
    added to them. ``language`` is used for addresses that belong to no account.
    """

    fields: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    endorsed: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    managers_only: bool = True
    followed: tuple[str, ...] = ()
    event: str = ""
    event_groups: tuple[str, ...] = ()
    addresses: str = ""
    upload: UploadedList | None = None
    language: str = "de"

    @property
    def is_empty(self) -> bool:
        """Whether nobody at all is meant."""
        marks = (self.fields, self.districts, self.kinds, self.labels, self.endorsed)
        others = (self.clusters, self.followed, self.event and self.event_groups, self.upload)
        return not any(marks) and not any(others) and not self.addresses.strip()

    def as_choice(self) -> dict[str, Any]:
        """Return what may be stored under a name: everything but addresses."""
        names = {f.name for f in fields(self)} - _PERSONAL
        chosen = {name: getattr(self, name) for name in sorted(names)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in chosen.items()}

    @classmethod
    def from_choice(cls, choice: Mapping[str, Any], **more: Any) -> Audience:
        """Read what :meth:`as_choice` wrote; words of other versions are left out."""
        known = {f.name for f in fields(cls)} - _PERSONAL
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in choice.items()
            if name in known
        }
        return cls(**values, **more)


@dataclass
class Resolved:
    """The audience, each address counted once."""

    recipients: list[Recipient] = field(default_factory=list)
    already_invited: list[Recipient] = field(default_factory=list)
    opted_out: list[Recipient] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    repeated: int = 0
    without_people: list[str] = field(default_factory=list)

    @property
    def languages(self) -> dict[str, int]:
        """How many mails go out in each language."""
        counted: dict[str, int] = {}
        for recipient in self.recipients:
            counted[recipient.language] = counted.get(recipient.language, 0) + 1
        return counted
