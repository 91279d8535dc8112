"""What came of an introduction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from clusters.choices import CooperationKind
from clusters.services.cooperations import record_cooperation
from core.errors import DomainError
from matching.choices import OUTCOME_ORDER, TOGETHER, IntroductionState, OutcomeKind
from matching.models import Introduction, Outcome

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.models import Cluster

_KINDS: Final = {
    OutcomeKind.COOPERATION: CooperationKind.PARTNERSHIP,
    OutcomeKind.AGREEMENT: CooperationKind.PARTNERSHIP,
    OutcomeKind.PROJECT: CooperationKind.PROJECT,
    OutcomeKind.FUNDING: CooperationKind.PROJECT,
}


@transaction.atomic
def record_outcome(
    *,
    user: User,
    introduction: Introduction,
    kind: OutcomeKind,
    cluster: Cluster | None = None,
    note: str = "",
    show_on_profiles: bool = False,
) -> Introduction:
    """Note what came of it, for a side or (``cluster`` None) as staff; saying it twice is once.

    The best outcome counts. *Nothing* closes the introduction where nothing better is known.
    With ``show_on_profiles`` a cooperation is recorded with both clusters, where all can see it.

    :raises DomainError: when not both have agreed.
    """
    introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("asker", "partner")
        .get(pk=introduction.pk)
    )
    if not introduction.is_agreed:
        raise DomainError(_("Not both sides have agreed to this introduction."), code="state")
    values = {"note": note.strip()[:300], "cluster": cluster, "recorded_by": user}
    row, is_new = Outcome.objects.get_or_create(
        introduction=introduction, kind=kind, defaults=values
    )
    if not is_new and values["note"]:
        Outcome.objects.filter(pk=row.pk).update(note=values["note"])
    _count(introduction)
    if show_on_profiles and kind in TOGETHER:
        _note_cooperation(user, introduction, kind)
    return introduction


@transaction.atomic
def remove_outcome(*, user: User, outcome: Outcome) -> Introduction:
    """Take an outcome back that was recorded by mistake; what profiles show stays as it is."""
    introduction: Introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("asker", "partner")
        .get(pk=outcome.introduction_id)
    )
    Outcome.objects.filter(pk=outcome.pk).delete()
    _count(introduction)
    return introduction


def _count(introduction: Introduction) -> None:
    """Bring state and best outcome in line with the outcomes recorded."""
    kinds = list(introduction.outcomes.values_list("kind", "recorded_at"))
    best = max((kind for kind, _at in kinds), key=OUTCOME_ORDER.index, default="")
    met = [at for kind, at in kinds if kind != OutcomeKind.NOTHING]
    introduction.outcome = best
    introduction.met_at = min(met) if met else None
    if introduction.is_open or best == OutcomeKind.NOTHING:
        state = IntroductionState.MET if met else IntroductionState.AGREED
        introduction.state = IntroductionState.CLOSED if best == OutcomeKind.NOTHING else state
    closed = introduction.state == IntroductionState.CLOSED
    introduction.ended_at = (introduction.ended_at or timezone.now()) if closed else None
    introduction.save()


def _note_cooperation(user: User, introduction: Introduction, kind: OutcomeKind) -> None:
    # One sentence for readers of both languages, in that of the portal's documents.
    with override("de"):
        day = formats.date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
        source = _("Introduction through Cluster-Dialog.NRW, %(day)s") % {"day": day}
    record_cooperation(
        user=user,
        one=introduction.asker,
        other=introduction.partner,
        kind=_KINDS[kind],
        source=source,
    )
