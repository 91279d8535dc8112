"""Who is to be invited: clusters by their marks, single ones, and addresses from a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from clusters.choices import Role
from clusters.models import Cluster, Membership
from core.choices import MailKind
from core.mail.optout import opted_out
from events.models import Event, Invitation

LONGEST_ADDRESS = 254
LONGEST_NAME = 150
_ANGLE = re.compile(r"^(?P<name>.*)<(?P<email>[^<>]*)>$", re.DOTALL)
# Commas and semicolons part entries, except inside "quotes" and <angle brackets>.
_ENTRY = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;"<])+|["<]')


@dataclass(frozen=True)
class Audience:
    """What staff has chosen. Marks of one sort widen, sorts narrow: (A or B) and (C or D).

    ``fields``, ``districts`` and ``clusters`` hold codes and slugs. With ``managers_only`` the
    managers of the clusters are meant, otherwise all their members. ``language`` is used for
    addresses that belong to no account.
    """

    fields: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    managers_only: bool = True
    addresses: str = ""
    language: str = "de"


@dataclass(frozen=True)
class Recipient:
    """One address with the person and cluster it belongs to, as far as they are known."""

    email: str
    name: str = ""
    language: str = "de"
    user_id: int | None = None
    cluster_id: int | None = None
    cluster_name: str = ""


@dataclass(frozen=True)
class Malformed:
    """An entry of the list that is no address: where it stands and what is wrong."""

    line: int
    text: str
    reason: str


@dataclass
class Resolved:
    """The audience, each address counted once."""

    recipients: list[Recipient] = field(default_factory=list)
    already_invited: list[Recipient] = field(default_factory=list)
    opted_out: list[Recipient] = field(default_factory=list)
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
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(plain.replace('"', " ").split())[:LONGEST_NAME]


def _ascii_domain(email: str) -> str:
    """Write the domain as mail servers know it: ``müller.example`` becomes ``xn--…``."""
    local, at, domain = email.rpartition("@")
    try:
        return f"{local}{at}{punycode(domain)}"
    except UnicodeError:
        return email


def _problem(email: str) -> str:
    """Return what is wrong with an address; empty when nothing is."""
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


def parse_addresses(text: str, language: str) -> tuple[list[Recipient], list[Malformed]]:
    """Read addresses, one a line or parted by commas, each alone or as ``Name <address>``."""
    found: list[Recipient] = []
    malformed: list[Malformed] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for entry in _entries(line):
            match = _ANGLE.match(entry)
            name = clean_name(match["name"]) if match else ""
            email = _ascii_domain((match["email"] if match else entry).strip())
            if problem := _problem(email):
                malformed.append(Malformed(number, entry[:120], problem))
            else:
                found.append(Recipient(email, name, language))
    return found, malformed


def chosen_clusters(audience: Audience) -> QuerySet[Cluster]:
    """Return the clusters the marks and the single choices name."""
    single: QuerySet[Cluster] = Cluster.objects.published().filter(slug__in=audience.clusters)
    if not (audience.fields or audience.districts or audience.kinds):
        return single
    marked = Cluster.objects.published()
    if audience.fields:
        marked = marked.filter(innovation_fields__code__in=audience.fields)
    if audience.districts:
        marked = marked.filter(district__code__in=audience.districts)
    if audience.kinds:
        marked = marked.filter(kind__in=audience.kinds)
    chosen: QuerySet[Cluster] = Cluster.objects.filter(
        Q(pk__in=marked.values("pk")) | Q(pk__in=single.values("pk"))
    )
    return chosen


def _people(audience: Audience, clusters: QuerySet[Cluster]) -> list[Recipient]:
    memberships = Membership.objects.active().filter(cluster__in=clusters, user__is_active=True)
    if audience.managers_only:
        memberships = memberships.filter(role=Role.MANAGER)
    return [
        Recipient(
            m.user.email, m.user.name, m.user.language, m.user_id, m.cluster_id, m.cluster.name
        )
        for m in memberships.select_related("user", "cluster").order_by("cluster__name", "pk")
    ]


def _with_accounts(listed: Iterable[Recipient]) -> Iterator[Recipient]:
    """Give addresses that belong to an account its language, and its name where none is given."""
    listed = list(listed)
    users = User.objects.annotate(key=Lower("email")).filter(
        key__in={recipient.email.lower() for recipient in listed}, is_active=True
    )
    known = {user.email.lower(): user for user in users}
    for recipient in listed:
        user = known.get(recipient.email.lower())
        if user is None:
            yield recipient
        else:
            yield Recipient(user.email, recipient.name or user.name, user.language, user.pk)


def resolve(event: Event, audience: Audience) -> Resolved:
    """Work out who would be invited to ``event``; changes nothing."""
    result = Resolved()
    clusters = chosen_clusters(audience)
    people = _people(audience, clusters)
    listed, result.malformed = parse_addresses(audience.addresses, audience.language)
    reached = {recipient.cluster_id for recipient in people}
    result.without_people = [c.name for c in clusters.order_by("name") if c.pk not in reached]
    once: dict[str, Recipient] = {}
    for recipient in [*people, *_with_accounts(listed)]:
        if once.setdefault(recipient.email.lower(), recipient) is not recipient:
            result.repeated += 1
    invited = set(Invitation.objects.filter(event=event).values_list(Lower("email"), flat=True))
    refused = opted_out(once, MailKind.INVITATION)
    for key, recipient in once.items():
        if key in invited:
            result.already_invited.append(recipient)
        elif key in refused:
            result.opted_out.append(recipient)
        else:
            result.recipients.append(recipient)
    return result
