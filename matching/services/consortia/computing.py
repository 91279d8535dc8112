"""Teams: asked for by a page, computed by a worker."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from matching.choices import ProposalState
from matching.consortia.facts import Facts
from matching.models import ConsortiumCall, Team, TeamMember, TeamProposal
from matching.services.consortia.inputs import Task, read_task
from matching.services.consortia.saving import locked_call

LOST_AFTER: Final = timedelta(minutes=2)
DEAD_AFTER: Final = timedelta(minutes=10)
STEPS: Final = ("reading", "scoring", "team-1", "team-2", "team-3", "writing")


@transaction.atomic
def ask_for_teams(*, user: User, call: ConsortiumCall) -> TeamProposal:
    """Note that teams are to be computed; a worker finds the note even if its task is lost.

    A computation that waits already serves both; one that runs is begun anew.

    :raises DomainError: when the call is over or asks for no competence.
    """
    call = locked_call(call)
    if not call.is_open:
        raise DomainError(
            _("The deadline is over. Please change it before you have teams computed."),
            code="over",
        )
    if not call.competences.filter(is_must=True).exists():
        raise DomainError(
            _("Please choose at least one competence the team must have."), code="no_musts"
        )
    call.proposals.filter(state=ProposalState.RUNNING).update(
        state=ProposalState.FAILED, failure="Asked for anew.", completed_at=timezone.now()
    )
    waiting: TeamProposal | None = call.proposals.filter(state=ProposalState.WAITING).first()
    if waiting is None:
        waiting = TeamProposal.objects.create(call=call, audience=call.audience, asked_by=user)
    return waiting


def proposals_to_compute() -> list[int]:
    """Return proposals whose task was lost, or whose worker died; run by beat."""
    now = timezone.now()
    rows = TeamProposal.objects.filter(
        Q(state=ProposalState.WAITING, asked_at__lt=now - LOST_AFTER)
        | Q(state=ProposalState.RUNNING, started_at__lt=now - DEAD_AFTER)
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:20])


def compute_teams(*, proposal_id: int) -> None:
    """Compute the teams of a proposal; harmless for one that is finished or under way."""
    proposal = _claim(proposal_id)
    if proposal is None:
        return
    try:
        _step(proposal, 1)
        task = read_task(proposal.call)
        _step(proposal, 2)
        _solve(proposal, task)
    except Exception as error:
        TeamProposal.objects.filter(pk=proposal.pk, state=ProposalState.RUNNING).update(
            state=ProposalState.FAILED,
            failure=f"{type(error).__name__}: {error}"[:500],
            completed_at=timezone.now(),
        )
        raise


@transaction.atomic
def _claim(proposal_id: int) -> TeamProposal | None:
    now = timezone.now()
    proposal: TeamProposal | None = (
        TeamProposal.objects.select_for_update(of=("self",))
        .select_related("call__cluster")
        .filter(
            Q(state=ProposalState.WAITING)
            | Q(state=ProposalState.RUNNING, started_at__lt=now - DEAD_AFTER),
            pk=proposal_id,
        )
        .first()
    )
    if proposal is None:
        return None
    proposal.state = ProposalState.RUNNING
    proposal.started_at = now
    proposal.save(update_fields=["state", "started_at"])
    return proposal


def _step(proposal: TeamProposal, number: int) -> None:
    """Tell the page how far it is: each step is in the database at once."""
    TeamProposal.objects.filter(pk=proposal.pk).update(
        figures={"step": number, "steps": len(STEPS)}
    )


def _solve(proposal: TeamProposal, task: Task) -> None:
    from matching.consortia.helps import what_would_help
    from matching.consortia.search import propose_teams
    from matching.consortia.swaps import Swaps

    begun = timezone.now()
    outcome = propose_teams(task.problem, progress=lambda found: _step(proposal, 2 + found))
    helps = what_would_help(task.problem, outcome.shortfall.level(), task.variants)
    swaps = Swaps(task.problem.in_order())
    fixed = task.problem.request.fixed
    replacements = {
        (number, pk): []
        if pk in fixed
        else [
            {"cluster": one.id, "loses": list(one.loses), "facts": task.facts[one.id].as_dict()}
            for one in swaps.replacements(team.ids, pk)
        ]
        for number, team in enumerate(outcome.teams)
        for pk in team.ids
    }
    held = frozenset().union(*(one.holds for one in task.problem.candidates))
    figures = {
        "candidates": len(task.problem.candidates),
        "shortlisted": outcome.shortlisted,
        "seconds": round((timezone.now() - begun).total_seconds(), 1),
        "missing": {
            "musts": list(outcome.shortfall.musts),
            "roles": dict(outcome.shortfall.roles),
            "regions": list(outcome.shortfall.regions),
            "members": outcome.shortfall.members,
        },
        "unheld": sorted(task.problem.request.musts - held),
        "helps": [{"kind": one.kind, "musts": one.musts, "amount": one.amount} for one in helps],
    }
    _write(proposal, task, outcome.teams, replacements, figures)


@transaction.atomic
def _write(
    proposal: TeamProposal,
    task: Task,
    teams: tuple[Any, ...],
    replacements: Mapping[tuple[int, int], list[dict[str, Any]]],
    figures: dict[str, Any],
) -> None:
    """Store the teams and show them instead of those before; working lists stay."""
    call = locked_call(proposal.call)
    current = TeamProposal.objects.select_for_update().get(pk=proposal.pk)
    if current.state != ProposalState.RUNNING:
        return
    call.teams.filter(kept_at=None).delete()
    call.proposals.exclude(pk=current.pk).filter(teams=None).delete()
    for number, found in enumerate(teams):
        team = Team.objects.create(
            call=call, proposal=current, rank=number + 1, value=found.value, bound=found.bound
        )
        ids = sorted(found.ids, key=lambda pk: _place(call, task.facts[pk], pk))
        TeamMember.objects.bulk_create(
            TeamMember(
                team=team,
                cluster_id=pk,
                position=position,
                is_lead=pk == call.cluster_id,
                facts=task.facts[pk].as_dict(),
                replacements=replacements[number, pk],
            )
            for position, pk in enumerate(ids)
        )
    current.state = ProposalState.COMPLETE
    current.weights = task.weights
    current.inputs_hash = task.inputs_hash
    current.figures = figures
    current.completed_at = timezone.now()
    current.save()


def _place(call: ConsortiumCall, facts: Facts, pk: int) -> tuple[bool, int, float, int]:
    """The lead first, then who stands for most."""
    return pk != call.cluster_id, -len(facts.terms), -facts.fit, pk
