"""Who of an event's people a mailing goes to: by answer, registration, attendance and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from core.mail import blocked
from core.mail.optout import opted_out
from events.choices import Answer, MailOccasion, RegistrationState
from events.models import Event, Invitation, Registration
from events.portions import portions
from events.querysets.registration import GONE, TAKING_A_PLACE

NO_ANSWER = "none"
_AT_ONCE = 5000


class Presence(models.TextChoices):
    """Registrations by what became of them; taking part and attendance are told apart."""

    REGISTERED = "registered", _("registered")
    REQUESTED = "requested", _("waiting for approval")
    WAITING = "waiting", _("on the waiting list")
    ATTENDED = "attended", _("were there")
    MISSED = "missed", _("registered, but were not there")


# What each occasion is for; staff may change it within what makes sense.
DEFAULTS: dict[str, dict[str, tuple[str, ...]]] = {
    MailOccasion.REMINDER: {"answers": (NO_ANSWER,)},
    MailOccasion.BEFORE: {"presence": (Presence.REGISTERED.value,)},
    MailOccasion.AFTER: {"presence": (Presence.ATTENDED.value,)},
}


@dataclass(frozen=True)
class Segment:
    """Words of one sort widen, sorts narrow; empty sorts do not narrow.

    ``invitations`` are the numbers of those ticked by hand, ``fields`` codes of the innovation
    fields of their clusters.
    """

    answers: tuple[str, ...] = ()
    presence: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    invitations: tuple[int, ...] = ()

    def as_choice(self) -> dict[str, list[Any]]:
        """Return what is stored with the mailing."""
        return {name: list(value) for name, value in asdict(self).items()}

    @classmethod
    def from_choice(cls, choice: Mapping[str, Any]) -> Segment:
        """Read what :meth:`as_choice` wrote; words of other versions are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: tuple(value) for name, value in choice.items() if name in known})


@dataclass(slots=True)
class Member:
    """One person of an event: what they answered and what became of their registration."""

    email: str
    name: str
    language: str
    cluster_id: int | None = None
    invitation_id: int | None = None
    answer: str = ""
    registration_id: int | None = None
    state: str = ""
    was_there: bool = False


@dataclass
class Chosen:
    """Who a mailing would go to, and who is left out for their own sake."""

    members: list[Member] = field(default_factory=list)
    opted_out: int = 0
    blocked: int = 0


def _people(event: Event) -> dict[str, Member]:
    """Return everybody invited or registered, by address; examples and removed ones aside."""
    known: dict[str, Member] = {}
    # Who was not written to yet cannot be reminded of anything.
    invited = Invitation.objects.filter(event=event, is_example=False, queued_at__isnull=False)
    columns = ("email", "name", "language", "cluster_id")
    rows = invited.exclude(email="").order_by("email", "pk").values_list(*columns, "pk", "answer")
    for email, name, language, cluster, pk, answer in rows.iterator(_AT_ONCE):
        known[email.lower()] = Member(email, name, language, cluster, pk, answer)
    registered = Registration.objects.filter(event=event, is_example=False).exclude(email="")
    more = (*columns, "pk", "state", "checked_in_at")
    for email, name, language, cluster, pk, state, checked_in in registered.order_by(
        "email", "pk"
    ).values_list(*more):
        member = known.setdefault(email.lower(), Member(email, name, language, cluster))
        member.name = name or member.name
        member.cluster_id = cluster or member.cluster_id
        member.registration_id, member.state = pk, state
        member.was_there = state == RegistrationState.ATTENDED or checked_in is not None
    return known


def _is_present(member: Member, wanted: tuple[str, ...]) -> bool:
    if member.was_there:
        return Presence.ATTENDED in wanted or Presence.REGISTERED in wanted
    if member.state in TAKING_A_PLACE:
        return Presence.REGISTERED in wanted or Presence.MISSED in wanted
    if member.state == RegistrationState.OFFERED:
        return Presence.WAITING in wanted
    return member.state in wanted


def _makes_sense(member: Member, occasion: str) -> bool:
    """Tell whether a mail of this occasion can be meant for somebody at all."""
    if occasion == MailOccasion.REMINDER:
        # Whoever registered has answered, whichever way.
        return member.invitation_id is not None and not member.state
    if occasion == MailOccasion.BEFORE:
        return member.state not in GONE and member.answer != Answer.NO
    return True


def _matching(event: Event, occasion: str, segment: Segment) -> Iterator[Member]:
    ticked = frozenset(segment.invitations)
    clusters: frozenset[int] = frozenset()
    if segment.fields:
        in_fields = Cluster.objects.filter(innovation_fields__code__in=segment.fields)
        clusters = frozenset(in_fields.values_list("pk", flat=True))
    for member in _people(event).values():
        if not _makes_sense(member, occasion):
            continue
        if ticked and member.invitation_id not in ticked:
            continue
        if segment.answers and not (
            member.invitation_id is not None and (member.answer or NO_ANSWER) in segment.answers
        ):
            continue
        if segment.presence and not _is_present(member, segment.presence):
            continue
        if segment.fields and member.cluster_id not in clusters:
            continue
        yield member


def resolve(event: Event, occasion: str, segment: Segment, kind: str) -> Chosen:
    """Work out who a mailing of ``kind`` would go to now; changes nothing."""
    result = Chosen()
    for some in portions(_matching(event, occasion, segment), _AT_ONCE):
        addresses = {member.email.lower() for member in some}
        refused = opted_out(addresses, kind)
        dead = blocked(addresses - refused)
        result.opted_out += len(refused)
        result.blocked += len(dead)
        result.members += [m for m in some if m.email.lower() not in refused | dead]
    return result


def count_unanswered(event: Event) -> int:
    """Return how many who were invited have neither answered nor registered."""
    taking = Registration.objects.filter(event=event).exclude(email="").annotate(key=Lower("email"))
    rows = Invitation.objects.filter(
        event=event, is_example=False, queued_at__isnull=False, answer=""
    ).exclude(email="")
    silent: int = rows.annotate(key=Lower("email")).exclude(key__in=taking.values("key")).count()
    return silent
