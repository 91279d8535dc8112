"""A call is written, changed, deleted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster, District, Term
from core.errors import DomainError
from matching.choices import IdeaLevel, MarkKind
from matching.models import CallCompetence, CallRegion, CallRole, ConsortiumCall
from matching.models.calls import IDEA_AT_MOST, SIZE_AT_MOST


@dataclass(frozen=True, slots=True)
class RoleWish:
    """How many members of a kind, or with a term."""

    count: int
    kind: str = ""
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class CallValues:
    """What a person writes about a call. ``regions`` maps a district to whether it is required."""

    name: str
    deadline: date
    musts: Collection[Term]
    cans: Collection[Term] = ()
    programme: str = ""
    link: str = ""
    idea: str = ""
    idea_level: str = IdeaLevel.MANAGERS
    min_partners: int = 3
    max_partners: int = 6
    roles: Sequence[RoleWish] = ()
    regions: Mapping[District, bool] = field(default_factory=dict)


@transaction.atomic
def create_call(*, user: User, cluster: Cluster | None, values: CallValues) -> ConsortiumCall:
    """Write down a call of a cluster, or of the office where there is none.

    :raises DomainError: when the values contradict each other.
    """
    _check(values, had=None)
    call = ConsortiumCall(cluster=cluster, created_by=user)
    return _save(call, values)


@transaction.atomic
def change_call(*, user: User, call: ConsortiumCall, values: CallValues) -> ConsortiumCall:
    """Change a call; its teams stay until new ones are computed.

    :raises DomainError: when the values contradict each other.
    """
    call = locked_call(call)
    _check(values, had=call.deadline)
    pinned = call.marks.filter(kind=MarkKind.PINNED).count() + bool(call.cluster_id)
    if pinned > values.max_partners:
        raise DomainError(
            _("More organisations are set than the largest team has members."),
            field="max_partners",
            code="too_many",
        )
    return _save(call, values)


@transaction.atomic
def delete_call(*, user: User, call: ConsortiumCall) -> None:
    """Delete a call with its idea, its teams and its working lists, for good."""
    locked_call(call).delete()


def locked_call(call: ConsortiumCall) -> ConsortiumCall:
    """Return the call's row, locked.

    :raises DomainError: when somebody has deleted it meanwhile.
    """
    rows = ConsortiumCall.objects.select_for_update(of=("self",)).select_related("cluster")
    locked: ConsortiumCall | None = rows.filter(pk=call.pk).first()
    if locked is None:
        raise DomainError(_("This call has been deleted meanwhile."), code="gone")
    return locked


def _check(values: CallValues, had: date | None) -> None:
    if values.deadline < timezone.localdate() and values.deadline != had:
        raise DomainError(
            _("Please choose a deadline that is still to come."), field="deadline", code="past"
        )
    if not 1 <= values.min_partners <= values.max_partners <= SIZE_AT_MOST:
        raise DomainError(
            _("The smallest team must not be larger than the largest; at most %(most)d members.")
            % {"most": SIZE_AT_MOST},
            field="max_partners",
            code="sizes",
        )
    if not values.musts:
        raise DomainError(
            _("Please choose at least one competence the team must have."),
            field="musts",
            code="no_musts",
        )
    if len(values.idea) > IDEA_AT_MOST:
        raise DomainError(
            _("Please shorten the idea to %(most)d characters.") % {"most": IDEA_AT_MOST},
            field="idea",
            code="too_long",
        )
    if sum(role.count for role in values.roles) > values.max_partners:
        raise DomainError(
            _("The roles ask for more members than the largest team has."),
            field="max_partners",
            code="roles",
        )


def _save(call: ConsortiumCall, values: CallValues) -> ConsortiumCall:
    call.name = values.name
    call.programme = values.programme
    call.link = values.link
    call.deadline = values.deadline
    call.idea = values.idea
    call.idea_level = values.idea_level
    call.min_partners = values.min_partners
    call.max_partners = values.max_partners
    call.save()
    call.competences.all().delete()
    call.roles.all().delete()
    call.regions.all().delete()
    musts = {term.pk for term in values.musts}
    CallCompetence.objects.bulk_create(
        [
            *(CallCompetence(call=call, term_id=pk, is_must=True) for pk in sorted(musts)),
            *(
                CallCompetence(call=call, term=term, is_must=False)
                for term in sorted(values.cans, key=lambda term: term.pk)
                if term.pk not in musts
            ),
        ]
    )
    CallRole.objects.bulk_create(
        CallRole(call=call, position=at, kind=role.kind, term=role.term, count=role.count)
        for at, role in enumerate(values.roles)
    )
    CallRegion.objects.bulk_create(
        CallRegion(call=call, district=district, is_required=required)
        for district, required in values.regions.items()
    )
    return call
