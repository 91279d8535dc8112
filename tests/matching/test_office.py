"""Pages of staff: who gets in, what they count, and how many queries they take."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.choices import CooperationKind, TermKind
from clusters.models import Cluster, Cooperation, Project
from matching.choices import Audience, EffectState, ListKind, RoundState
from matching.engine.metrics import compare_lists, gini
from matching.models import PairInquiry, Round, Suggestion, Weights
from matching.office.comparison import compare_rounds, compared_figures
from matching.office.effect_page import side_by_side
from matching.office.exposure import exposure_figures, exposure_rows, why_never, with_data_marks
from matching.office.matrix import build_matrix
from matching.office.untried import UntriedPairs
from matching.services import answer_inquiry, compute_round, create_draft
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_district,
    make_field,
    make_need,
    make_offer,
    make_term,
)
from tests.matching.test_effects import drafted, furnish

PLAIN = [
    "office",
    "exposure",
    "exposure-table",
    "matrix",
    "untried",
    "round-list",
    "round-compare",
    "pair-explain",
    "weights",
]
ACTS = ["round-run", "weights-draft-create"]


def addresses(world: World) -> list[str]:
    draft = create_draft(user=world.staff)
    named = ["weights-draft", "weights-draft-publish", "weights-draft-discard"]
    return [
        *(reverse(f"matching:{name}") for name in (*PLAIN, *ACTS)),
        *(reverse(f"matching:{name}", args=[draft.pk]) for name in named),
        reverse("matching:weights-draft-effect", args=[draft.pk]),
        reverse("matching:weights-draft-rebase", args=[draft.pk]),
        reverse("matching:weights-restore", args=[1]),
    ]


def test_the_tools_are_for_staff_only(world: World) -> None:
    for path in addresses(world):
        for person in (world.outsider, world.member, world.manager):
            client = Client()
            client.force_login(person)
            assert client.get(path).status_code in {404, 405}, path
            assert client.post(path).status_code in {404, 405}, path
        answer = Client().get(path)
        assert answer.status_code in {302, 405}, path
        if answer.status_code == 302:
            assert "/login/" in answer.headers["Location"]


def test_looking_changes_nothing(staff: Client, world: World) -> None:
    for path in addresses(world):
        before = (Round.objects.count(), Weights.objects.count(), PairInquiry.objects.count())
        staff.get(path)
        after = (Round.objects.count(), Weights.objects.count(), PairInquiry.objects.count())
        assert before == after, path


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def html(client: Client, name: str, query: str = "", *args: object) -> str:
    answer = client.get(reverse(f"matching:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        read()
    return len(found)


@pytest.mark.parametrize("name", PLAIN)
def test_pages_take_as_many_queries_for_few_clusters_as_for_many(staff: Client, name: str) -> None:
    def read() -> Any:
        answer = staff.get(reverse(f"matching:{name}"))
        return b"".join(answer) if answer.streaming else answer.content

    Cluster.objects.update(may_be_suggested=False)
    furnish(3)
    compute_round()
    furnish(1)
    compute_round()
    read()
    few = queries(read)
    furnish(17)
    compute_round()
    read()
    assert queries(read) == few


def test_before_the_first_round_every_page_says_so(staff: Client) -> None:
    assert "noch keine Liste berechnet" in html(staff, "office")
    assert "noch keine Liste berechnet" in html(staff, "exposure")
    assert "keine zwei abgeschlossenen Runden" in html(staff, "round-compare")
    assert "Noch keine Runde" in html(staff, "round-list")
    assert "auf keiner Liste" in html(staff, "untried")


def test_exposure_counts_what_the_round_stored(staff: Client) -> None:
    furnish(12)
    shown = compute_round()
    rows = exposure_rows(shown, Audience.CLUSTERS)
    stored = Suggestion.objects.filter(round=shown, audience=Audience.CLUSTERS, kind=ListKind.NEW)
    for row in rows:
        assert row.times == stored.filter(partner=row.pk).count()
        assert row.own == stored.filter(cluster=row.pk).count()
        fields = set(row.innovation_fields.values_list("pk", flat=True))
        others = [
            set(listed.cluster.innovation_fields.values_list("pk", flat=True))
            for listed in stored.filter(partner=row.pk)
        ]
        assert row.from_another_field == sum(
            bool(fields and other and not fields & other) for other in others
        )
    figures = exposure_figures(rows, shown, Audience.CLUSTERS)
    times = [row.times for row in rows]
    assert figures.gini == pytest.approx(gini(times))
    assert figures.never == times.count(0)
    assert figures.candidates == len(times)
    compared = compared_figures(compare_rounds(shown, shown, Audience.CLUSTERS, ListKind.NEW))
    assert figures.from_another_field == pytest.approx(
        100 * compared["after"]["from_another_field"]
    )
    assert figures.coverage == pytest.approx(100 * compared["after"]["coverage"])
    assert figures.gini == pytest.approx(compared["after"]["gini"])


def test_the_page_says_why_somebody_is_never_suggested(staff: Client) -> None:
    furnish(5)
    silent = make_cluster(name="Silent", may_be_suggested=False)
    ended = make_cluster(name="Ended", activity="ended")
    empty = make_cluster(name="Empty", profile_de="", profile_en="")
    field, stage, sector = make_field(), make_term(TermKind.STAGE), make_term(TermKind.SECTOR)
    twins = [make_cluster(innovation_fields=[field], terms=[stage, sector]) for _ in range(3)]
    shown = compute_round()
    late = make_cluster(name="Late")
    Suggestion.objects.filter(partner__in=twins).delete()
    rows = list(with_data_marks(exposure_rows(shown, Audience.CLUSTERS)))
    why = why_never(rows, shown)
    assert why[silent.pk] == ["hat nicht zugestimmt, vorgeschlagen zu werden"]
    assert "ist nicht tätig" in why[ended.pk][0]
    assert "kein Angebot" in why[empty.pk][0]
    assert why[late.pk] == ["wurde nach der letzten Runde veröffentlicht"]
    assert "2 Cluster haben dieselben Felder" in " ".join(why[twins[0].pk])
    page = html(staff, "exposure", "?only_never=on&sort=name")
    assert "Silent" in page
    assert "hat nicht zugestimmt" in page


def test_the_table_is_sorted_and_comes_as_csv(staff: Client) -> None:
    furnish(8)
    compute_round()
    page = html(staff, "exposure", "?sort=-times")
    shown = [int(n) for n in re.findall(r'aria-hidden="true"></progress><span>(\d+)</span>', page)]
    assert shown == sorted(shown, reverse=True)
    assert 'aria-sort="descending"' in page
    answer = staff.get(reverse("matching:exposure-table") + "?sort=-times")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [int(row[1]) for row in rows[1:]] == shown


def test_a_cell_of_the_matrix_leads_to_as_many_clusters_as_it_says(staff: Client) -> None:
    fields = [make_field() for _ in range(3)]
    stages = [make_term(TermKind.STAGE, position=n) for n in range(3)]
    for n in range(7):
        make_cluster(innovation_fields=[fields[n % 2], fields[0]], terms=[stages[n % 3]])
    make_cluster(terms=[stages[0]])
    make_cluster(innovation_fields=[fields[0]])
    made = build_matrix()
    for row in made.rows:
        for cell in row.cells:
            listed = staff.get(cell.url).context["page_obj"].paginator.count
            assert listed == cell.number, cell.url
    assert {(f.pk, s.pk) for f, s in made.holes} == {(fields[2].pk, s.pk) for s in stages}
    assert html(staff, "matrix").count("Lücke</td>") == 3
    # Alpha and Beta of the cast, and the one with a stage only, name no field.
    assert made.without_field == 3


def all_pairs() -> set[tuple[int, int]]:
    able = Cluster.objects.suggestible().order_by("pk").values_list("pk", flat=True)
    return set(combinations(able, 2))


def test_pairs_that_worked_together_are_left_out(world: World) -> None:
    one, other, third = (make_cluster() for _ in range(3))
    Cooperation.objects.create(first=one, second=other, kind=CooperationKind.PARTNERSHIP)
    Cooperation.objects.create(first=other, second=third, kind=CooperationKind.RELATED)
    project = Project.objects.create(slug="joint", title="Joint", starts_on=date(2020, 1, 1))
    project.clusters.set([one, third])
    pairs = UntriedPairs(None, Audience.CLUSTERS)
    found = {(pair.one.pk, pair.other.pk) for pair in pairs[0:100]}
    assert found == all_pairs() - {(one.pk, other.pk), (one.pk, third.pk)}
    assert pairs.count() == len(found)


def test_pairs_come_with_the_best_score_first_and_can_be_filtered(staff: Client) -> None:
    furnish(10)
    district = make_district()
    local = make_cluster(district=district, innovation_fields=[make_field()])
    shown = compute_round()
    pairs = UntriedPairs(shown, Audience.CLUSTERS)
    everything = pairs[0 : pairs.count()]
    scores = [pair.score for pair in everything]
    known = [score for score in scores if score is not None]
    assert known
    assert known == sorted(known, reverse=True)
    assert scores[: len(known)] == known
    for pair in everything:
        best = Suggestion.objects.filter(
            round=shown,
            audience=Audience.CLUSTERS,
            cluster__in=[pair.one, pair.other],
            partner__in=[pair.one, pair.other],
        )
        assert pair.score == (best.order_by("-score").values_list("score", flat=True).first())
    near = UntriedPairs(shown, Audience.CLUSTERS, district=district.pk)
    assert near.count() == Cluster.objects.suggestible().count() - 1
    assert all(local in (pair.one, pair.other) for pair in near[0:50])
    field = local.innovation_fields.get()
    assert UntriedPairs(shown, Audience.CLUSTERS, field=field.pk).count() == near.count()
    across = UntriedPairs(shown, Audience.CLUSTERS, across=True)
    for pair in across[0 : across.count()]:
        mine = set(pair.one.innovation_fields.all())
        assert not mine & set(pair.other.innovation_fields.all())
    page = html(staff, "untried", f"?district={district.code}&field={field.code}&across=on")
    assert local.name in page


def test_19900_pairs_of_200_clusters_are_cut_by_the_database(staff: Client, world: World) -> None:
    fields = [make_field() for _ in range(7)]
    for n in range(198):
        make_cluster(innovation_fields=[fields[n % 7]])
    assert UntriedPairs(None, Audience.CLUSTERS).count() == 200 * 199 // 2
    html(staff, "untried")
    few = queries(lambda: html(staff, "untried"))
    assert "19.900 Paare" in html(staff, "untried")
    assert queries(lambda: html(staff, "untried", "?page=700")) == few


def test_two_rounds_are_compared_list_by_list(staff: Client, world: World) -> None:
    clusters = furnish(12)
    before = compute_round()
    for cluster in clusters[:4]:
        make_need(cluster, text_de="Etwas anderes", terms=[make_term()])
        cluster.needs.order_by("pk").first().delete()
    Cluster.objects.filter(pk=clusters[5].pk).update(may_be_suggested=False)
    after = compute_round()
    assert before != after
    lists = (Audience.CLUSTERS, ListKind.NEW)
    summary = compare_rounds(before, after, *lists)

    def read(round_: Round, owner: Cluster) -> list[int]:
        rows = Suggestion.objects.filter(round=round_, audience=lists[0], kind=lists[1])
        return list(rows.filter(cluster=owner).order_by("rank").values_list("partner", flat=True))

    changes = {c.pk: compare_lists(read(before, c), read(after, c)) for c in Cluster.objects.all()}
    assert set(summary.changed) == {pk for pk, change in changes.items() if change}
    assert summary.entered == sum(len(change.entered) for change in changes.values())
    assert summary.left == sum(len(change.left) for change in changes.values())
    assert summary.moved == sum(len(change.moved) for change in changes.values())
    for shown in side_by_side(summary.changed, summary.lists(summary.changed)):
        change = changes[shown.cluster.pk]
        assert (shown.entered, shown.left, shown.moved) == (
            len(change.entered),
            len(change.left),
            len(change.moved),
        )
    page = html(staff, "round-compare")
    assert "fällt weg" in page.lower()
    assert "kommt aus den Daten" in page


def test_staff_asks_for_a_round_and_sees_how_far_it_is(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        "matching.tasks.compute_suggestions.delay_on_commit", lambda: asked.append(1)
    )
    answer = staff.post(reverse("matching:round-run"))
    assert answer.headers["Location"].startswith(reverse("matching:round-list"))
    assert 'hx-trigger="every 1s"' in staff.get(answer.headers["Location"]).content.decode()
    assert "hx-trigger" not in html(staff, "round-list", "?asked=1")
    assert "hx-trigger" not in html(staff, "round-list", "?asked=x")
    assert asked == [1]
    running = Round.objects.create(
        weights=Weights.current(), state=RoundState.RUNNING, inputs_hash="x", clusters_count=7
    )
    for n in range(4):
        running.shards.create(
            audience="clusters",
            first_cluster=n,
            last_cluster=n,
            done_at=None if n else "2026-01-01T00:00Z",
        )
    page = html(staff, "round-list")
    assert 'value="1" max="4"' in page
    Round.objects.filter(pk=running.pk).update(
        state=RoundState.FAILED, failure="MemoryError: no more"
    )
    page = html(staff, "round-list")
    assert "Arbeitsspeicher" in page
    assert "MemoryError" not in page
    Round.objects.filter(pk=running.pk).update(
        failure="The process ended, and the data have changed since."
    )
    assert "wurde unterbrochen" in html(staff, "round-list")


def test_a_pair_is_explained_with_figures_that_add_up(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters = furnish(10)
    asked: list[int] = []
    monkeypatch.setattr("matching.tasks.answer_inquiry.delay_on_commit", asked.append)
    one, other = clusters[0], clusters[7]
    fields = {"one": one.slug, "other": other.slug, "audience": "clusters"}
    answer = staff.post(reverse("matching:pair-explain"), fields)
    address = answer.headers["Location"]
    assert "wird berechnet" in staff.get(address).content.decode()
    answer_inquiry(inquiry_id=asked[0])
    inquiry = PairInquiry.objects.get()
    assert inquiry.state == EffectState.COMPLETE, inquiry.failure
    told = inquiry.answer["explanation"]
    for way in ("forward", "backward"):
        total = sum(part[f"contribution_{way}"] for part in told["parts"])
        assert total == pytest.approx(told[f"benefit_{way}"], abs=1e-5)
    shown = compute_round()
    listed = Suggestion.objects.filter(round=shown, audience="clusters", cluster=one, partner=other)
    for row in listed:
        assert row.score == told["score"]
    page = staff.get(address).content.decode()
    assert "Gewicht × Wert" in page
    assert inquiry.inputs_hash in page
    assert "Kandidaten, bevor" in page
    swapped = (
        reverse("matching:pair-explain") + f"?one={other.slug}&other={one.slug}&audience=clusters"
    )
    assert "noch nicht berechnet" in staff.get(swapped).content.decode()


def test_what_only_staff_may_read_stays_out_of_the_view_of_clusters(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Vertraulich: Legierung"
    one, other = make_cluster(), make_cluster()
    make_need(one, text_de=secret, text_en=secret, confidentiality="staff")
    make_offer(other, text_de=secret, text_en=secret)
    asked: list[int] = []
    monkeypatch.setattr("matching.tasks.answer_inquiry.delay_on_commit", asked.append)
    pages = {}
    for audience in ("clusters", "staff"):
        fields = {"one": one.slug, "other": other.slug, "audience": audience}
        address = staff.post(reverse("matching:pair-explain"), fields).headers["Location"]
        answer_inquiry(inquiry_id=asked[-1])
        pages[audience] = staff.get(address).content.decode()
    assert secret in pages["staff"]
    assert "nur das Team lesen darf" in pages["staff"]
    assert secret not in pages["clusters"]


def test_a_pair_of_one_or_of_somebody_who_takes_no_part_is_refused(staff: Client) -> None:
    one = make_cluster()
    ended = make_cluster(activity="ended")
    for other, words in ((one, "zwei verschiedene"), (ended, "nimmt nicht teil")):
        fields = {"one": one.slug, "other": other.slug, "audience": "clusters"}
        answer = staff.post(reverse("matching:pair-explain"), fields)
        assert words in answer.content.decode()
    assert PairInquiry.objects.count() == 0


def test_publishing_on_the_page_asks_for_a_round_and_says_so(
    staff: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        "matching.tasks.compute_suggestions.delay_on_commit", lambda: asked.append(1)
    )
    draft = drafted(world.staff)
    page = html(staff, "weights-draft-publish", "", draft.pk)
    assert "Ein Versuch." in page
    answer = staff.post(reverse("matching:weights-draft-publish", args=[draft.pk]), follow=True)
    assert "Version 2 gilt" in answer.content.decode()
    assert asked == [1]
    assert "ist veröffentlicht" in html(staff, "weights-draft", "", draft.pk)


def test_scaling_on_the_page_keeps_the_entries_and_stores_nothing(
    staff: Client, world: World
) -> None:
    draft = drafted(world.staff)
    before = draft.values_by_part()
    page = html(staff, "weights-draft", "", draft.pk)
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version
    values = dict.fromkeys(before, "0,4")
    answer = staff.post(
        reverse("matching:weights-draft", args=[draft.pk]),
        {**values, "note": "Gleich viel.", "version": version[1], "do": "scale"},
    )
    shown = answer.content.decode()
    assert "Zusammen 1" in shown
    assert "Gleich viel." in shown
    assert 'value="0,167"' in shown
    draft.refresh_from_db()
    assert draft.values_by_part() == before


def test_somebody_elses_version_is_shown_before_one_publishes(staff: Client, world: World) -> None:
    from matching.services import publish_draft

    mine = drafted(world.staff)
    theirs = drafted(world.staff, need=0.4, trust=0.05)
    publish_draft(user=world.staff, draft=theirs)
    page = html(staff, "weights-draft", "", mine.pk)
    assert "Version 2 kam zuvor" in page
    answer = staff.post(reverse("matching:weights-draft-publish", args=[mine.pk]), follow=True)
    assert "während Sie gearbeitet haben" in answer.content.decode()
    staff.post(reverse("matching:weights-draft-rebase", args=[mine.pk]))
    staff.post(reverse("matching:weights-draft-publish", args=[mine.pk]))
    assert Weights.current().version == 3
