"""The list a participant marks: suggested people first, with reasons they may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster, InnovationField
from matching.choices import Audience
from matching.meetings.words import cluster_of, name_of
from matching.models import MeetingParticipant, Suggestion
from matching.suggesting.candidates import offered
from matching.suggesting.cards import Reason, disclose, in_language

_REASONS = 2


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody one may meet: what speaks for it, and what was marked so far."""

    person: MeetingParticipant
    reasons: list[Reason]
    is_suggested: bool
    wish: str

    @property
    def pk(self) -> int:
        return int(self.person.pk)

    @property
    def name(self) -> str:
        return name_of(self.person)

    @property
    def cluster(self) -> str:
        return cluster_of(self.person)


def _may_read_reasons(me: MeetingParticipant) -> bool:
    """Tell whether the person belongs to the cluster they come for, for whose people lists are."""
    registration = me.registration
    who = Q(pk=registration.user_id) if registration.user_id is not None else Q(pk=None)
    if registration.email:
        who |= Q(email__iexact=registration.email)
    person = User.objects.filter(who, is_active=True).order_by("pk").first()
    if person is None:
        return False
    own: Any = Cluster.objects.of_member(person)
    return bool(own.filter(pk=registration.cluster_id).exists())


def partners_of(me: MeetingParticipant, people: Iterable[MeetingParticipant]) -> list[Partner]:
    """Return everybody ``me`` may meet, the most promising first.

    First those whose cluster the engine suggests to the person's own (reasons only for people of
    that cluster), then those who work in the same fields, then by name. Never one's own cluster.
    """
    cluster = me.registration.cluster
    others = [
        one
        for one in people
        if one.pk != me.pk and (cluster is None or one.registration.cluster_id != cluster.pk)
    ]
    suggested = _suggested(me) if cluster is not None and _may_read_reasons(me) else {}
    fields = _shared_fields(cluster, others) if cluster is not None else {}
    wishes = dict(me.wishes.values_list("other_id", "wish"))
    found: list[tuple[tuple[Any, ...], Partner]] = []
    for one in others:
        of = one.registration.cluster_id or 0
        rank, reasons = suggested.get(of, (None, []))
        if rank is None and of in fields:
            reasons = [
                Reason(_("You work in the same field: %(field)s.") % {"field": fields[of]}, False)
            ]
        key = (
            (0, rank) if rank is not None else (1, 0) if of in fields else (2, 0),
            name_of(one).lower(),
            one.pk,
        )
        partner = Partner(one, reasons[:_REASONS], rank is not None, wishes.get(one.pk, ""))
        found.append((key, partner))
    return [partner for _key, partner in sorted(found, key=lambda pair: pair[0])]


def _suggested(me: MeetingParticipant) -> dict[int, tuple[int, list[Reason]]]:
    """Return place and reasons of the clusters suggested to the person's own."""
    current: Any = offered(Suggestion.objects.current())
    rows = current.filter(
        audience=Audience.CLUSTERS,
        cluster=me.registration.cluster_id,
        cluster__in=Cluster.objects.published(),
    )
    found: dict[int, tuple[int, list[Reason]]] = {}
    for place, one in enumerate(disclose(rows.with_card_data(), Audience.CLUSTERS)):
        if one.reasons:
            found[one.suggestion.partner_id] = (
                place,
                [Reason(in_language(r), bool(r.get("example"))) for r in one.reasons],
            )
    return found


def _shared_fields(cluster: Cluster, others: Iterable[MeetingParticipant]) -> dict[int, str]:
    """Return the first field each published cluster shares with this one. Two queries."""
    if not cluster.is_published:
        return {}
    own = {field.pk: field for field in InnovationField.objects.filter(clusters=cluster)}
    pks = {one.registration.cluster_id for one in others} - {None}
    rows = Cluster.objects.published().filter(pk__in=pks, innovation_fields__in=own)
    pairs = rows.order_by("innovation_fields__number").values_list("pk", "innovation_fields")
    found: dict[int, str] = {}
    for pk, field in pairs:
        found.setdefault(pk, str(own[field]))
    return found
