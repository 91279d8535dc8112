"""Calls and teams for tests."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clusters.models import Cluster, Term
from matching.choices import ProposalState
from matching.models import ConsortiumCall, Team, TeamProposal, Weights
from tests.factories import make_term


def make_call(
    cluster: Cluster | None, *, musts: Iterable[Term] = (), cans: Iterable[Term] = (), **fields: Any
) -> ConsortiumCall:
    """An open call of a cluster, or of the office; with one must of its own where none is given."""
    values = {
        "name": "Sensorik im Anlagenbau",
        "deadline": timezone.localdate() + timedelta(days=30),
        "cluster": cluster,
        "idea": "Sensorik für Getriebe soll Ausfälle vorhersagen.",
        "min_partners": 2,
        "max_partners": 4,
    }
    call: ConsortiumCall = ConsortiumCall.objects.create(**{**values, **fields})
    for term in list(musts) or [make_term()]:
        call.competences.create(term=term, is_must=True)
    for term in cans:
        call.competences.create(term=term, is_must=False)
    return call


def make_team(call: ConsortiumCall, clusters: Iterable[Cluster], **facts: Any) -> Team:
    """A proposed team of a finished computation, in the order given; the lead comes first."""
    proposal = call.proposals.filter(state=ProposalState.COMPLETE).first()
    if proposal is None:
        proposal = TeamProposal.objects.create(
            call=call,
            state=ProposalState.COMPLETE,
            audience=call.audience,
            completed_at=timezone.now(),
            weights=Weights.objects.published().first(),
            figures={"candidates": 2},
        )
    team: Team = call.teams.create(proposal=proposal, rank=call.teams.count() + 1)
    lead = [call.cluster] if call.cluster else []
    for position, cluster in enumerate([*lead, *clusters]):
        team.members.create(
            cluster=cluster,
            position=position,
            is_lead=cluster == call.cluster,
            facts={"fit": 0.4, **facts},
        )
    return team
