"""The benchmark on real collaborations: measures, protocol, and that it runs the product's code."""

import csv
import gzip
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.consortia import metrics
from benchmarks.consortia.__main__ import main
from benchmarks.consortia.baselines import WordVectors, baseline_scores
from benchmarks.consortia.convert import COLUMNS, convert
from benchmarks.consortia.data import DataMissingError, DataSet, leaf_terms, read_data
from benchmarks.consortia.product import (
    PRODUCT,
    make_profiles,
    product_scores,
    ready,
    variant_scores,
)
from benchmarks.consortia.protocol import GROUPS, Window, make_task, rolling_windows
from benchmarks.consortia.run import measure_task
from matching.engine import kernel
from matching.engine.ranking import choose_lists
from matching.engine.text import Float32Array

WINDOW = Window(date(2022, 12, 31), date(2023, 12, 31))
MATTERS = (
    ("hydrogen", "Electrolysers for hydrogen, stacks and membranes for green hydrogen"),
    ("robotics", "Robots and grippers for assembly, machine vision for robots"),
    ("textiles", "Weaving, fibres and recycling of textiles and composites"),
    ("genomics", "Sequencing of genomes, biomarkers and clinical trials"),
)
ORGANISATIONS = 24


def project_rows() -> list[dict[str, str]]:
    """Projects of small teams: mostly of one matter, some across, each half-year."""
    luck = np.random.default_rng(7)
    rows = []
    for number in range(60):
        matter = number % len(MATTERS)
        term, words = MATTERS[matter]
        at_home = np.arange(matter, ORGANISATIONS, len(MATTERS))
        team = set(luck.choice(at_home, size=3, replace=False).tolist())
        team.add(int(luck.integers(ORGANISATIONS)))
        month = number * 30 // 60
        rows.append(
            {
                "project_id": f"{1000 + number}",
                "title": f"{term} {number}",
                "objective": words,
                "sig_date": f"{2022 + month // 12}-{month % 12 + 1:02}-15",
                "programme": "HORIZON.2.4",
                "euroscivoc": f"/engineering/materials/{term}|/sciences/{term} systems",
                "team": ",".join(str(100 + member) for member in sorted(team)),
            }
        )
    return rows


def write_data(folder: Path, projects: list[dict[str, str]]) -> DataSet:
    """Write the four files and read them."""
    tables: dict[str, list[dict[str, str]]] = {
        "projects": projects,
        "participations": [
            {"project_id": row["project_id"], "org_id": member, "role": "participant"}
            for row in projects
            for member in row["team"].split(",")
        ],
        "organisations": [
            {
                "org_id": str(100 + number),
                "name": f"Organisation {number}",
                "is_intermediary": str(number % 3 == 0),
                "is_nrw": str(number % 2 == 0),
                "is_de": "True",
            }
            for number in range(ORGANISATIONS)
        ],
        "h2020_participations": [
            {"rcn": "1", "pic": pic, "start_date": "2019-05-01"} for pic in ("100", "101", "900")
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    return read_data(folder)


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return write_data(tmp_path / "data", project_rows())


def test_recall_ndcg_and_reciprocal_rank_are_what_the_hand_computes() -> None:
    hit = np.array([[False, True, False, True], [False] * 4, [True, True, False, True]])
    assert metrics.recall_at(hit, 2).tolist()[::2] == [0.5, pytest.approx(2 / 3)]
    assert np.isnan(metrics.recall_at(hit, 2)[1])
    ideal = 1 + 1 / np.log2(3)
    assert metrics.ndcg_at(hit, 2)[0] == pytest.approx((1 / np.log2(3)) / ideal)
    assert metrics.ndcg_at(hit, 2)[2] == pytest.approx(1.0)
    assert metrics.ndcg_at(hit)[0] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)
    assert metrics.reciprocal_rank(hit).tolist() == [0.5, 0.0, 1.0]


def test_gini_and_largest_are_what_the_hand_computes() -> None:
    assert metrics.gini(np.array([3.0, 3.0, 3.0, 3.0])) == 0.0
    assert metrics.gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
    assert metrics.gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    size = np.array([1.0, 9.0, 2, 2, 2, 2, 3, 3, 8, 1, 1])
    assert np.flatnonzero(metrics.largest(size)).tolist() == [1, 8]


def test_ranking_leaves_out_former_partners_and_counts_small_ones_apart() -> None:
    score = np.tile(np.array([5.0, 4.0, 3.0, 2.0]), (4, 1))
    former = np.eye(4, dtype=bool)
    former[0, 1] = former[1, 0] = True
    positive = np.zeros((4, 4), dtype=bool)
    positive[0, 3] = positive[3, 0] = True
    ranked = metrics.rank(score, former, positive, np.array([9.0, 1.0, 1.0, 1.0]))
    assert ranked.queries.tolist() == [0, 3]
    # Organisation 1 is a former partner of 0, so 3 comes second; 0 comes first for 3 but is large.
    assert ranked.values["mrr"].tolist() == [0.5, 1.0]
    assert ranked.values["small"][0] == 1.0
    assert np.isnan(ranked.values["small"][1])
    assert ranked.coverage == 1.0


def test_bootstrap_draws_organisations_and_not_queries() -> None:
    owners = np.array([7, 7, 7, 8])
    counts = metrics.resampling(owners, 200)
    assert (counts[:, 0] == counts[:, 2]).all()
    assert set((counts[:, 0] + counts[:, 3]).tolist()) == {2.0}
    low, high = metrics.interval(np.array([1.0, 1.0, 1.0, 0.0]), counts)
    assert (low, high) == (0.0, 1.0)


def test_windows_roll_half_yearly_and_the_last_is_open(data: DataSet) -> None:
    windows = rolling_windows(data)
    days = [window.cutoff for window in windows]
    assert days == [date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31)]
    assert [window.until is None for window in windows] == [False, False, True]


def test_task_asks_for_new_partners_among_known_organisations(data: DataSet) -> None:
    task = make_task(data, "Germany", WINDOW)
    row = {candidate: at for at, candidate in enumerate(task.candidates)}
    known = [p for p in data.projects if p.day <= WINDOW.cutoff]
    later = [p for p in data.projects if WINDOW.cutoff < p.day <= date(2023, 12, 31)]
    met = {frozenset((a, b)) for p in known for a in p.members for b in p.members if a != b}
    # The two met in Horizon 2020 already.
    met.add(frozenset((100, 101)))
    new = {frozenset((a, b)) for p in later for a in p.members for b in p.members if a != b} - met
    expected = {pair for pair in new if pair <= row.keys()}
    found = {
        frozenset((task.candidates[a], task.candidates[b]))
        for a, b in zip(*np.nonzero(task.positive), strict=True)
    }
    assert found == expected
    assert expected
    assert task.former[row[100], row[101]]
    assert all(p.day <= WINDOW.cutoff for own in task.projects for p in own)


@pytest.mark.parametrize("group", list(GROUPS))
def test_nothing_after_the_cutoff_changes_a_profile_or_a_score(group: str, tmp_path: Path) -> None:
    rows = project_rows()
    whole = write_data(tmp_path / "whole", rows)
    past = write_data(
        tmp_path / "past", [row for row in rows if row["sig_date"] <= str(WINDOW.cutoff)]
    )
    one, other = make_task(whole, group, WINDOW), make_task(past, group, WINDOW)
    assert one.candidates == other.candidates
    assert make_profiles(one) == make_profiles(other)
    scores, again = variant_scores(one, ablation=True), variant_scores(other, ablation=True)
    assert scores.keys() == again.keys()
    for name, score in scores.items():
        assert np.array_equal(score, again[name]), name
    # Baselines may weigh words by all texts; everything else of theirs is history as well.
    for name in ("popularity", "common neighbours", "Adamic-Adar"):
        known = baseline_scores(one, WordVectors(whole))[name]
        assert np.array_equal(known, baseline_scores(other, WordVectors(past))[name]), name
    assert one.positive.any()
    assert not other.positive.any()


def test_ties_of_a_consortium_weigh_less_the_larger_it_is(data: DataSet) -> None:
    task = make_task(data, "Germany", WINDOW)
    ties = {profile.id: profile.ties for profile in make_profiles(task)}
    sizes = [len(p.members) for p in data.projects if p.day <= WINDOW.cutoff if 105 in p.members]
    known = {m for p in data.projects if p.day <= WINDOW.cutoff for m in p.members}
    assert 105 in known
    # Each consortium of n spreads n - 1 ties of 1/(n - 1), so it adds one altogether.
    assert sum(ties[105].values()) == pytest.approx(len(sizes))
    # The one of Horizon 2020 had three members, one of them unknown by name.
    assert ties[100][900] == pytest.approx(0.5)


def test_lists_of_the_product_come_first_and_hold_no_former_partner(data: DataSet) -> None:
    task = make_task(data, "Germany", WINDOW)
    prepared = ready(make_profiles(task))
    listed = choose_lists(prepared, kind="new", count=10)
    score = product_scores(prepared)
    row = {candidate: at for at, candidate in enumerate(task.candidates)}
    ids = prepared.rows.ids
    for owner, columns in zip(listed.rows, listed.columns, strict=True):
        mine = row[int(ids[owner])]
        theirs = [row[int(ids[column])] for column in columns if column >= 0]
        assert not task.former[mine, theirs].any()
        ranking = np.argsort(-np.where(task.former[mine], -np.inf, score[mine]), kind="stable")
        assert ranking[: len(theirs)].tolist() == theirs


def test_benchmark_measures_the_code_of_the_product(
    data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = measure_task(data, "Germany", WINDOW, ablation=False)

    def broken(forward: Float32Array, backward: Float32Array) -> Float32Array:
        return np.asarray(1 - forward * backward)

    monkeypatch.setattr(kernel, "harmonic_mean", broken)
    spoilt = measure_task(data, "Germany", WINDOW, ablation=False)
    for name in genuine.models:
        same = np.array_equal(
            genuine.models[name].values["recall"], spoilt.models[name].values["recall"]
        )
        assert same == (name != PRODUCT), name


def test_same_data_same_figures(data: DataSet) -> None:
    task = make_task(data, "NRW", WINDOW)
    assert np.array_equal(
        product_scores(ready(make_profiles(task))),
        product_scores(ready(make_profiles(task)[::-1])),
    )


def test_command_prints_and_keeps_tables(
    data: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, figures = tmp_path / "table.md", tmp_path / "figures.json"
    arguments = ["--markdown", str(table), "--json", str(figures), "--processes", "1"]
    assert main([str(tmp_path / "data"), *arguments]) == 0
    assert "### Germany" in capsys.readouterr().out
    assert "| **product** |" in table.read_text()
    assert '"with bridge"' in figures.read_text()


def test_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([""]) == 2
    assert "DATA=" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2
    assert "projects.csv.gz" in capsys.readouterr().err


OFFICIAL = {
    "project": (
        '"id";"acronym";"title";"startDate";"endDate";"legalBasis";"topics";"ecSignatureDate";'
        '"objective";"keywords";"rcn"\n'
        '"101";"AB";"Title; with a semicolon";"2023-01-01";"2025-12-31";"HORIZON.2.4.1";"T-1";'
        '"2022-11-30";"First line.\nSecond ""line"".";"robots";"55"\n'
        '"102";"C";"Alone";"2023-01-01";"2025-12-31";"HORIZON.2.4";"T-2";"2022-12-01";"x";"";"56"\n'
    ),
    "organization": (
        '"projectID";"organisationID";"name";"shortName";"SME";"activityType";"city";"country";'
        '"nutsCode";"role";"ecContribution";"contentUpdateDate"\n'
        '"101";"900";"Old name";"";"true";"OTH";"Aachen";"DE";"DEA2D";"coordinator";"5";"2022"\n'
        '"101";"900";"Optics cluster";"";"";"OTH";"Aachen";"DE";"DEA2D";"participant";"";"2023"\n'
        '"101";"901";"Université";"";"false";"HES";"Lyon";"FR";"FRK26";"participant";"7.5";"2023"\n'
        '"102";"901";"Université";"";"false";"HES";"Lyon";"FR";"FRK26";"coordinator";"1";"2023"\n'
    ),
    "euroSciVoc": (
        '"projectID";"euroSciVocCode";"euroSciVocPath";"euroSciVocTitle"\n'
        '"101";"/1";"/engineering and technology/robotics";"robotics"\n'
        '"101";"/2";"/natural sciences/optics";"optics"\n'
    ),
    "topics": '"projectID";"topic";"title"\n"101";"T-1";"Title of the topic"\n',
}


def test_official_download_becomes_the_four_files(tmp_path: Path) -> None:
    for programme in ("horizon", "h2020"):
        (tmp_path / programme).mkdir()
        for table, text in OFFICIAL.items():
            file = tmp_path / programme / f"{table}.csv"
            file.write_text(text, encoding="utf-8-sig", newline="")
    written = convert(tmp_path / "horizon", tmp_path / "h2020", tmp_path / "out")
    assert written["projects"] == 1
    data = read_data(tmp_path / "out")
    (project,) = data.projects
    assert project.members == (900, 901)
    assert project.day == date(2022, 11, 30)
    assert 'Second "line".' in project.text
    assert project.terms == ("optics", "robotics")
    cluster, university = data.organisations.values()
    assert (cluster.name, cluster.is_nrw, cluster.is_intermediary) == (
        "Optics cluster",
        True,
        True,
    )
    assert (university.is_germany, university.is_intermediary) == (False, False)
    assert [(old.day, old.members) for old in data.earlier] == [(date(2023, 1, 1), (900, 901))]


def test_official_download_in_json_is_the_same(tmp_path: Path) -> None:
    import io
    import json
    import zipfile

    for programme in ("horizon", "h2020"):
        for ending in ("csv", "json"):
            with zipfile.ZipFile(tmp_path / f"{programme}-{ending}.zip", "w") as file:
                for table, text in OFFICIAL.items():
                    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
                    content = text if ending == "csv" else json.dumps(rows)
                    file.writestr(f"{ending}/{table}.{ending}", content)
    for ending in ("csv", "json"):
        convert(
            tmp_path / f"horizon-{ending}.zip",
            tmp_path / f"h2020-{ending}.zip",
            tmp_path / ending,
        )
    assert read_data(tmp_path / "csv") == read_data(tmp_path / "json")


def test_converter_says_which_table_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="organization"):
        convert(tmp_path, tmp_path, tmp_path / "out")


def test_leaves_of_vocabulary_paths() -> None:
    assert leaf_terms("/a/b c|/a/d/|") == ("b c", "d")
    assert leaf_terms("") == ()


def test_make_target_asks_for_data() -> None:
    command = [sys.executable, "-m", "benchmarks.consortia", ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "make bench-matching DATA=" in done.stderr
