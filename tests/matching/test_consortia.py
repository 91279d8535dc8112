"""Calls: who may do what, what a computation writes, and that ideas stay where they were put."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from clusters.choices import ClusterKind, TermKind
from clusters.models import Cluster, Term
from core.errors import DomainError
from matching.choices import IdeaLevel, MarkKind, ProposalState
from matching.models import ConsortiumCall, Team, TeamProposal, Weights
from matching.services import consortia
from matching.services.consortia.inputs import read_task
from matching.teams_page import board_of
from tests.conftest import World
from tests.factories import make_cluster, make_district, make_need, make_offer, make_term
from tests.matching.call_rows import make_call, make_team

ADDRESSES = ("call-detail", "call-edit", "call-delete", "call-csv")


@pytest.fixture(autouse=True)
def _weights(db: None) -> None:
    Weights.objects.get_or_create(version=1, defaults={"published_at": timezone.now()})


@pytest.fixture
def sensing() -> Term:
    return make_term(label_de="Sensorik", label_en="Sensing")


@pytest.fixture
def casting() -> Term:
    return make_term(label_de="Gießerei", label_en="Casting")


def compute(call: ConsortiumCall, user: User) -> TeamProposal:
    proposal = consortia.ask_for_teams(user=user, call=call)
    consortia.compute_teams(proposal_id=proposal.pk)
    proposal.refresh_from_db()
    return proposal


def names(team: Team) -> set[str]:
    return set(team.members.values_list("cluster__name", flat=True))


def page(client: Client, user: User | None, name: str, *args: Any) -> Any:
    if user is not None:
        client.force_login(user)
    return client.get(reverse(f"matching:{name}", args=args))


def form_of(term: Term, **values: Any) -> dict[str, Any]:
    return {
        "name": "Sensorik im Anlagenbau",
        "deadline": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "idea_level": "managers",
        "musts": [term.pk],
        "min_partners": 2,
        "max_partners": 4,
        **values,
    }


# What a computation writes


def test_a_team_holds_the_lead_and_covers_every_must(
    world: World, sensing: Term, casting: Term
) -> None:
    make_cluster(name="Gamma", terms=[sensing])
    delta = make_cluster(name="Delta")
    offer = make_offer(delta, text_de="Wir gießen Prototypen.", terms=[casting])
    call = make_call(world.alpha, musts=[sensing, casting])
    proposal = compute(call, world.manager)
    assert proposal.state == ProposalState.COMPLETE
    team = call.teams.get(rank=1)
    assert {"Alpha", "Gamma", "Delta"} <= names(team)
    assert team.members.first().cluster == world.alpha
    facts = team.members.get(cluster=delta).facts
    assert offer.pk in facts["terms"].values()
    sheet = board_of(call, proposal).sheets[0]
    assert dict(sheet.musts) == {"Sensorik": "Gamma", "Gießerei": "Delta"}
    said = {member.cluster.name: " ".join(member.reasons) for member in sheet.members}
    assert "Wir gießen Prototypen" in said["Delta"]
    assert "Gießerei" in said["Delta"]


def test_a_must_nobody_holds_is_named(world: World, sensing: Term, casting: Term) -> None:
    make_cluster(name="Gamma", terms=[sensing])
    call = make_call(world.alpha, musts=[sensing, casting])
    proposal = compute(call, world.manager)
    board = board_of(call, proposal)
    assert any("Gießerei" in sentence for sentence in board.missing)
    assert board.sheets[0].missing == ["Gießerei"]


def test_an_offer_that_names_the_term_counts_without_a_tag(world: World, casting: Term) -> None:
    delta = make_cluster(name="Delta")
    make_offer(delta, text_de="Unsere Gießerei steht offen.", text_en="")
    call = make_call(world.alpha, musts=[casting])
    compute(call, world.manager)
    assert "Delta" in names(call.teams.get(rank=1))


def test_roles_and_regions_are_kept(world: World, sensing: Term) -> None:
    district = make_district(short_name_de="Köln")
    make_cluster(name="Gamma", terms=[sensing])
    make_cluster(name="Delta", kind=ClusterKind.INITIATIVE)
    make_cluster(name="Epsilon", district=district)
    call = make_call(world.alpha, musts=[sensing])
    call.roles.create(kind=ClusterKind.INITIATIVE, count=1)
    call.regions.create(district=district, is_required=True)
    proposal = compute(call, world.manager)
    assert names(call.teams.get(rank=1)) >= {"Alpha", "Gamma", "Delta", "Epsilon"}
    assert not board_of(call, proposal).missing


def test_who_is_left_out_stays_out_and_who_is_set_stays_in(world: World, sensing: Term) -> None:
    gamma = make_cluster(name="Gamma", terms=[sensing])
    make_cluster(name="Delta", terms=[sensing])
    plain = make_cluster(name="Plain")
    call = make_call(world.alpha, musts=[sensing])
    for cluster, kind in ((gamma, MarkKind.EXCLUDED), (plain, MarkKind.PINNED)):
        consortia.mark_cluster(user=world.manager, call=call, cluster=cluster, kind=kind)
    compute(call, world.manager)
    for team in call.teams.all():
        assert "Gamma" not in names(team)
        assert "Plain" in names(team)


def test_who_did_not_agree_to_be_suggested_is_in_no_team(world: World, sensing: Term) -> None:
    make_cluster(name="Gamma", terms=[sensing], may_be_suggested=False)
    call = make_call(world.alpha, musts=[sensing])
    compute(call, world.manager)
    assert all("Gamma" not in names(team) for team in call.teams.all())


def test_working_lists_outlive_further_computations(world: World, sensing: Term) -> None:
    make_cluster(name="Gamma", terms=[sensing])
    call = make_call(world.alpha, musts=[sensing])
    compute(call, world.manager)
    kept = consortia.keep_team(user=world.manager, team=call.teams.get(rank=1), kept=True)
    again = compute(call, world.manager)
    assert call.teams.kept().get() == kept
    assert call.teams.filter(proposal=again).exists()
    consortia.keep_team(user=world.manager, team=kept, kept=False)
    compute(call, world.manager)
    assert not Team.objects.filter(pk=kept.pk).exists()


def test_organisations_on_many_working_lists_are_spared(world: World, sensing: Term) -> None:
    busy = make_cluster(name="Gamma", terms=[sensing])
    make_cluster(name="Delta", terms=[sensing])
    for _number in range(3):
        team = make_team(make_call(world.alpha, musts=[sensing]), [busy])
        consortia.keep_team(user=world.manager, team=team, kept=True)
    own = make_call(world.alpha, musts=[sensing])
    assert busy.pk not in {one.id for one in read_task(own).problem.candidates}
    # What another side is working on is nobody else's business.
    other = make_call(world.beta, musts=[sensing])
    assert busy.pk in {one.id for one in read_task(other).problem.candidates}


def test_the_same_data_give_the_same_teams(world: World, sensing: Term) -> None:
    for name in ("Gamma", "Delta", "Epsilon"):
        make_cluster(name=name, terms=[sensing])
    call = make_call(world.alpha, musts=[sensing])
    first = compute(call, world.manager)
    before = [sorted(names(team)) for team in call.teams.all()]
    second = compute(call, world.manager)
    assert first.inputs_hash == second.inputs_hash
    assert [sorted(names(team)) for team in call.teams.all()] == before


def test_a_member_is_exchanged_and_back(world: World, sensing: Term) -> None:
    for name in ("Gamma", "Delta"):
        make_cluster(name=name, terms=[sensing])
    call = make_call(world.alpha, musts=[sensing], max_partners=2)
    compute(call, world.manager)
    team = call.teams.get(rank=1)
    row = team.members.get(is_lead=False)
    before, other = row.cluster_id, row.replacements[0]["cluster"]
    consortia.swap_member(user=world.manager, team=team, member=row.pk, replacement=other)
    row.refresh_from_db()
    assert row.cluster_id == other
    consortia.swap_member(user=world.manager, team=team, member=row.pk, replacement=before)
    with pytest.raises(DomainError):
        consortia.swap_member(user=world.manager, team=team, member=row.pk, replacement=before)


def test_a_failed_computation_is_told_and_can_be_asked_for_again(
    world: World, sensing: Term
) -> None:
    call = make_call(world.alpha, musts=[sensing])
    Weights.objects.update(published_at=None)
    proposal = consortia.ask_for_teams(user=world.manager, call=call)
    with pytest.raises(LookupError):
        consortia.compute_teams(proposal_id=proposal.pk)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.FAILED
    Weights.objects.update(published_at=timezone.now())
    assert compute(call, world.manager).state == ProposalState.COMPLETE


def test_lost_and_dead_computations_are_found(world: World) -> None:
    call = make_call(world.alpha)
    proposal = consortia.ask_for_teams(user=world.manager, call=call)
    assert consortia.ask_for_teams(user=world.manager, call=call) == proposal
    assert consortia.proposals_to_compute() == []
    long_ago = timezone.now() - timedelta(hours=1)
    TeamProposal.objects.update(asked_at=long_ago)
    assert consortia.proposals_to_compute() == [proposal.pk]
    consortia.compute_teams(proposal_id=proposal.pk)
    consortia.compute_teams(proposal_id=proposal.pk)
    assert consortia.proposals_to_compute() == []


# Confidentiality


def test_entries_for_staff_move_nothing_in_a_clusters_teams(world: World, casting: Term) -> None:
    gamma, delta = make_cluster(name="Gamma"), make_cluster(name="Delta")
    make_offer(delta, terms=[casting])
    call = make_call(world.alpha, musts=[casting])
    before = read_task(call)
    make_offer(gamma, text_de="Gießerei", terms=[casting], confidentiality="staff")
    make_need(gamma, text_de="Sensorik für Getriebe", terms=[casting], confidentiality="staff")
    after = read_task(call)
    assert after.inputs_hash == before.inputs_hash
    assert after.facts == before.facts
    office = read_task(make_call(None, musts=[casting]))
    assert office.facts[gamma.pk].terms


def test_an_offer_made_confidential_is_neither_quoted_nor_counted(
    world: World, casting: Term
) -> None:
    delta = make_cluster(name="Delta")
    offer = make_offer(delta, text_de="Wir gießen Prototypen.", terms=[casting])
    call = make_call(world.alpha, musts=[casting])
    proposal = compute(call, world.manager)
    offer.confidentiality = "staff"
    offer.save()
    sheet = board_of(call, proposal).sheets[0]
    assert "Prototypen" not in str(sheet.members)
    assert dict(sheet.musts) == {"Gießerei": ""}


@pytest.mark.parametrize(
    ("level", "who", "status"),
    [
        (IdeaLevel.MANAGERS, "manager", 200),
        (IdeaLevel.MANAGERS, "member", 404),
        (IdeaLevel.MANAGERS, "outsider", 404),
        (IdeaLevel.MANAGERS, "staff", 200),
        (IdeaLevel.MEMBERS, "manager", 200),
        (IdeaLevel.MEMBERS, "member", 200),
        (IdeaLevel.MEMBERS, "outsider", 404),
        (IdeaLevel.MEMBERS, "staff", 200),
    ],
)
def test_an_idea_stays_where_it_was_put(
    client: Client, world: World, level: str, who: str, status: int
) -> None:
    call = make_call(world.alpha, idea="Ganz geheime Idee", idea_level=level)
    make_team(call, [world.beta])
    for name in ("call-detail", "call-csv"):
        answer = page(client, getattr(world, who), name, call.pk)
        assert answer.status_code == status
    listed = page(client, getattr(world, who), "my-calls").content.decode()
    assert (call.name in listed) == (status == 200)


def test_calls_of_the_office_are_for_staff_alone(client: Client, world: World) -> None:
    call = make_call(None, idea_level=IdeaLevel.MEMBERS)
    for who in (world.manager, world.member, world.outsider):
        for name in ADDRESSES:
            assert page(client, who, name, call.pk).status_code == 404
    assert page(client, world.staff, "call-detail", call.pk).status_code == 200


def test_a_member_reads_and_does_not_change(client: Client, world: World) -> None:
    call = make_call(world.alpha, idea_level=IdeaLevel.MEMBERS)
    team = make_team(call, [world.beta])
    client.force_login(world.member)
    assert client.get(reverse("matching:call-edit", args=[call.pk])).status_code == 403
    for name, args in (
        ("call-compute", [call.pk]),
        ("call-mark", [call.pk]),
        ("call-delete", [call.pk]),
        ("team-keep", [call.pk, team.pk]),
        ("team-swap", [call.pk, team.pk]),
    ):
        assert client.post(reverse(f"matching:{name}", args=args)).status_code == 403
    assert client.get(reverse("matching:call-create")).status_code == 403


def test_a_team_of_another_call_is_not_found(client: Client, world: World) -> None:
    call, other = make_call(world.alpha), make_call(world.beta)
    team = make_team(other, [world.alpha])
    client.force_login(world.manager)
    address = reverse("matching:team-keep", args=[call.pk, team.pk])
    assert client.post(address, {"kept": "1"}).status_code == 404


# Pages


def test_a_call_is_written_changed_and_deleted(client: Client, world: World, sensing: Term) -> None:
    district = make_district()
    stage = make_term(TermKind.STAGE)
    client.force_login(world.manager)
    values = form_of(
        sensing,
        cluster=world.alpha.pk,
        idea="x" * 10_000,
        role_1=f"term:{stage.pk}",
        count_1=2,
        role_2=f"kind:{ClusterKind.INITIATIVE}",
        required_regions=[district.pk],
    )
    answer = client.post(reverse("matching:call-create"), values)
    call = ConsortiumCall.objects.get()
    assert answer["Location"] == call.get_absolute_url()
    assert call.cluster == world.alpha
    assert [(role.term, role.kind, role.count) for role in call.roles.all()] == [
        (stage, "", 2),
        (None, "initiative", 1),
    ]
    assert call.proposals.get().state == ProposalState.WAITING
    shown = client.get(reverse("matching:call-edit", args=[call.pk]))
    assert shown.context["form"].initial["required_regions"] == [district.pk]
    changed = form_of(sensing, name="Anderer Name")
    client.post(reverse("matching:call-edit", args=[call.pk]), changed)
    call.refresh_from_db()
    assert call.name == "Anderer Name"
    assert not call.roles.exists()
    assert client.get(reverse("matching:call-delete", args=[call.pk])).status_code == 200
    client.post(reverse("matching:call-delete", args=[call.pk]))
    assert not ConsortiumCall.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"deadline": "2020-01-01"}, "deadline"),
        ({"min_partners": 5}, "max_partners"),
        ({"musts": []}, "musts"),
        ({"idea": "x" * 10_001}, "idea"),
        ({"name": ""}, "name"),
        ({"max_partners": 99}, "max_partners"),
        ({"role_1": "term:999999"}, "role_1"),
        ({"role_1": "kind:initiative", "count_1": 9}, "max_partners"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_contradicts_itself_is_told_at_its_field(
    client: Client, world: World, sensing: Term, wrong: dict[str, Any], field: str
) -> None:
    client.force_login(world.manager)
    values = form_of(sensing, cluster=world.alpha.pk, **wrong)
    answer = client.post(reverse("matching:call-create"), values)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ConsortiumCall.objects.exists()


def test_a_manager_writes_calls_of_own_clusters_only(
    client: Client, world: World, sensing: Term
) -> None:
    client.force_login(world.manager)
    for cluster in (world.beta.pk, ""):
        values = form_of(sensing, cluster=cluster)
        assert client.post(reverse("matching:call-create"), values).status_code == 422
    client.force_login(world.staff)
    client.post(reverse("matching:call-create"), form_of(sensing, cluster=""))
    assert ConsortiumCall.objects.get().cluster is None


def test_an_ended_call_is_archived_and_no_longer_computed(client: Client, world: World) -> None:
    call = make_call(world.alpha, deadline=timezone.localdate() - timedelta(days=1))
    assert call.name not in page(client, world.manager, "my-calls").content.decode()
    ended = client.get(reverse("matching:my-calls"), {"show": "ended"}).content.decode()
    assert call.name in ended
    client.post(reverse("matching:call-compute", args=[call.pk]))
    assert not call.proposals.exists()


def test_the_page_shows_teams_with_what_can_be_done(
    client: Client, world: World, sensing: Term
) -> None:
    for name in ("Gamma", "Delta", "Epsilon", "Zeta"):
        make_cluster(name=name, terms=[sensing])
    call = make_call(world.alpha, musts=[sensing])
    compute(call, world.manager)
    client.force_login(world.manager)
    text = client.get(call.get_absolute_url()).content.decode()
    assert "Sensorik" in text
    assert reverse("matching:team-keep", args=[call.pk, call.teams.first().pk]) in text
    rows = b"".join(client.get(reverse("matching:call-csv", args=[call.pk])).streaming_content)
    assert "Gamma" in rows.decode() or "Delta" in rows.decode()
    part = client.get(call.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="teams"')


def test_organisations_are_set_left_out_and_taken_back(
    client: Client, world: World, sensing: Term
) -> None:
    call = make_call(world.alpha, musts=[sensing])
    address = reverse("matching:call-mark", args=[call.pk])
    client.force_login(world.manager)
    found = client.get(call.get_absolute_url(), {"q": "bet"}).context["found"]
    assert list(found) == [world.beta]
    client.post(address, {"cluster": world.beta.pk, "kind": "excluded"})
    assert call.marks.get().kind == MarkKind.EXCLUDED
    client.post(address, {"cluster": world.beta.pk, "kind": "pinned"})
    assert call.marks.get().kind == MarkKind.PINNED
    client.post(address, {"cluster": world.beta.pk, "kind": ""})
    assert not call.marks.exists()
    for wrong in ({"cluster": "x"}, {"cluster": 0}, {"cluster": world.beta.pk, "kind": "y"}):
        assert client.post(address, wrong).status_code == 404
    client.post(address, {"cluster": world.alpha.pk, "kind": "excluded"})
    assert not call.marks.exists()
    draft = make_cluster(status="draft")
    assert client.post(address, {"cluster": draft.pk, "kind": "pinned"}).status_code == 404


@pytest.mark.parametrize("name", ["call-detail", "my-calls"])
def test_the_number_of_queries_does_not_grow(
    client: Client, world: World, sensing: Term, name: str, django_assert_num_queries: Any
) -> None:
    call = make_call(world.alpha, musts=[sensing])
    make_team(call, [world.beta])
    args = [call.pk] if name == "call-detail" else []
    address = reverse(f"matching:{name}", args=args)
    client.force_login(world.manager)
    client.get(address)
    with _counted() as few:
        client.get(address)
    others: list[Cluster] = [make_cluster() for _number in range(9)]
    for _number in range(9):
        make_team(call, others)
        make_call(world.alpha, musts=[sensing])
    with django_assert_num_queries(len(few)):
        client.get(address)


def _counted() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)
