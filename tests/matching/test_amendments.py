"""A change is amended into the round that is shown: what it reaches, at once, and nothing else."""

from typing import Any

import pytest

from clusters.choices import ClusterStatus
from clusters.models import Cluster
from matching.choices import Audience, RoundState
from matching.engine import preparation
from matching.models import Round, Suggestion, Weights
from matching.services import amendments, compute_round, refresh
from matching.services import lists as lists_service
from tests.factories import make_cluster, make_need, make_offer, make_term
from tests.matching.rows import make_answering, make_asking, make_sensing, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs() -> list[Cluster]:
    """Two clusters that answer each other, and two more with another matter."""
    sensing, steel = make_sensing(), make_term(code="steel")
    found = [make_asking(sensing, name="Asking"), make_answering(sensing, name="Answering")]
    for make, verb in ((make_need, "Gesucht wird"), (make_offer, "Wir prüfen")):
        other = make_cluster(profile_de="", profile_en="")
        make(other, text_de=f"{verb} Sprödigkeit von Stahl.", terms=[steel])
        found.append(other)
    compute_round()
    return found


def lists(audience: str = Audience.CLUSTERS) -> dict[int, list[int]]:
    """Partners by cluster, as the newest round lists them."""
    found: dict[int, list[int]] = {}
    for cluster, partner in (
        Suggestion.objects.current().filter(audience=audience).values_list("cluster", "partner")
    ):
        found.setdefault(cluster, []).append(partner)
    return found


def rows_of(clusters: list[Cluster]) -> set[int]:
    found = Suggestion.objects.current().filter(cluster__in=clusters)
    return set(found.values_list("pk", flat=True))


def test_a_new_offer_is_amended_into_the_round_that_is_shown(pairs: list[Cluster]) -> None:
    asking, _, wanting, _ = pairs
    shown = Round.objects.get()
    make_offer(asking, text_de="Wir prüfen Sprödigkeit von Stahl.")
    assert refresh() == shown
    shown.refresh_from_db()
    assert shown.amended_at is not None
    reasons = Suggestion.objects.current().get(
        audience=Audience.CLUSTERS, cluster=wanting, partner=asking
    )
    assert "Ihr Bedarf „Gesucht wird Sprödigkeit von Stahl“" in reasons.reasons[0]["de"]


def test_an_amended_round_lists_whom_a_whole_one_would(pairs: list[Cluster]) -> None:
    make_offer(pairs[0], text_de="Wir prüfen Sprödigkeit von Stahl.")
    make_need(pairs[3], text_de="Gesucht wird Sensorik für Getriebe.")
    refresh()
    amended = {audience: lists(audience) for audience in Audience}
    whole = compute_round()
    assert whole.amended_at is None
    assert {audience: lists(audience) for audience in Audience} == amended


def test_in_a_large_world_only_those_who_changed_are_scored(
    pairs: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("Everybody was scored.")

    monkeypatch.setattr(lists_service, "EXACT_UP_TO", 1)
    monkeypatch.setattr(preparation, "prepare", fail)
    asking, _, wanting, _ = pairs
    for number in range(2):
        make_offer(asking, text_de=f"Wir prüfen Sprödigkeit von Stahl {number}.")
        refresh()
        row = Suggestion.objects.current().get(
            audience=Audience.CLUSTERS, cluster=wanting, partner=asking
        )
        assert "Ihr Bedarf „Gesucht wird Sprödigkeit von Stahl“" in row.reasons[0]["de"]
    assert Round.objects.get().amended_at is not None


def test_what_a_change_does_not_reach_stays_as_it_is() -> None:
    """Ten clusters that fill each other's lists: a change elsewhere does not write them anew."""
    steel = make_term(code="steel")
    far = []
    for _ in range(10):
        cluster = make_cluster(profile_de="", profile_en="")
        make_need(cluster, text_de="Gesucht: Sprödigkeit", text_en="", terms=[steel])
        make_offer(cluster, text_de="Angebot: Sprödigkeit", text_en="", terms=[steel])
        far.append(cluster)
    sensing = make_sensing()
    near = [make_asking(sensing), make_answering(sensing)]
    compute_round()
    before, near_before = rows_of(far), rows_of(near)
    assert len(before) == 2 * 8 * len(far)
    assert near_before
    make_need(near[0], text_de="Gesucht: ganz anderes")
    refresh()
    assert rows_of(far) == before
    assert not rows_of(near) & near_before


def test_amended_rows_keep_the_hash_of_what_they_were_computed_from(pairs: list[Cluster]) -> None:
    before = set(Suggestion.objects.values_list("inputs_hash", flat=True))
    make_need(pairs[0], text_de="Etwas Neues")
    shown = refresh()
    amended = Suggestion.objects.filter(round=shown, cluster=pairs[0])
    assert amended.exists()
    assert not set(amended.values_list("inputs_hash", flat=True)) & before
    assert set(amended.values_list("weights_version", flat=True)) == {1}


def test_nothing_new_changes_nothing(pairs: list[Cluster]) -> None:
    before = rows_of(pairs)
    assert refresh().amended_at is None
    make_need(pairs[0], text_de="Etwas Neues")
    refresh()
    once = rows_of(pairs)
    assert once != before
    refresh()
    assert rows_of(pairs) == once


def test_a_whole_round_follows_an_amended_one_and_then_no_more(pairs: list[Cluster]) -> None:
    make_need(pairs[0], text_de="Etwas Neues")
    amended = refresh()
    whole = compute_round()
    assert whole != amended
    assert compute_round() == whole


def test_what_only_staff_may_read_amends_only_the_lists_of_staff(pairs: list[Cluster]) -> None:
    before, staff_before = stored(Audience.CLUSTERS), stored(Audience.STAFF)
    keys = set(Suggestion.objects.filter(audience=Audience.CLUSTERS).values_list("pk", flat=True))
    make_need(pairs[0], text_de="Vertraulich", confidentiality="staff")
    refresh()
    assert stored(Audience.CLUSTERS) == before
    assert stored(Audience.STAFF) != staff_before
    assert keys == set(
        Suggestion.objects.filter(audience=Audience.CLUSTERS).values_list("pk", flat=True)
    )


def test_whoever_withdraws_leaves_all_lists(pairs: list[Cluster]) -> None:
    Cluster.objects.filter(pk=pairs[1].pk).update(status=ClusterStatus.ARCHIVED)
    refresh()
    left = Suggestion.objects.filter(round=Round.objects.get())
    assert not left.filter(partner=pairs[1]).exists()
    assert not left.filter(cluster=pairs[1]).exists()


def test_many_changes_or_other_weights_lead_to_a_whole_round(
    pairs: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Round.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(amendments, "AMENDED_AT_MOST", 1)
        for cluster in pairs[:2]:
            make_need(cluster, text_de=f"Bedarf {cluster.pk}")
        many = refresh()
    assert many != shown
    Weights.objects.create(
        version=2, need=0.2, text=0.2, published_at="2026-01-02T00:00Z", note="Texte zählen mehr."
    )
    other = refresh()
    assert other not in (shown, many)
    assert set(other.suggestions.values_list("weights_version", flat=True)) == {2}


def test_an_amendment_that_fails_leaves_everything_as_it_was(
    pairs: list[Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, hashes = stored(Audience.CLUSTERS), Round.objects.get().inputs_hash

    def fail(*args: Any) -> None:
        raise ValueError("The disk is full.")

    monkeypatch.setattr(amendments, "save_rows", fail)
    make_need(pairs[0], text_de="Etwas Neues")
    with pytest.raises(ValueError, match="disk"):
        refresh()
    assert stored(Audience.CLUSTERS) == before
    assert Round.objects.get().inputs_hash == hashes
    assert Round.objects.get().state == RoundState.COMPLETE


def test_without_a_round_a_change_leads_to_the_first_one() -> None:
    term = make_sensing()
    make_asking(term), make_answering(term)
    assert refresh().state == RoundState.COMPLETE
    assert stored(Audience.CLUSTERS)
