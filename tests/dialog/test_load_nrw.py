"""The data set of North Rhine-Westphalia as it stands in the tables."""

import datetime
import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from clusters import nrw
from clusters.choices import ClusterActivity, LocationStatus, TermKind
from clusters.models import (
    Cluster,
    Cooperation,
    District,
    Fact,
    InnovationField,
    LabelAward,
    Need,
    Offer,
    Term,
)
from clusters.nrw.profiles import valid_until
from core.imports import Import, save_row
from core.models import ImportRecord
from core.versions import current
from events.choices import DatePrecision, EventFormat, SessionPart
from events.models import Event
from topics.choices import TopicStatus
from topics.models import Topic

BERLIN = ZoneInfo("Europe/Berlin")


def load(**options: object) -> str:
    out = StringIO()
    call_command("load_nrw", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The data set in a transaction around all tests of this file; each undoes its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def nrw_data(loaded_once: None, db: None) -> None:
    """The data set, loaded."""


pytestmark = pytest.mark.django_db


def test_everything_the_data_set_holds_is_there(nrw_data: None) -> None:
    assert {
        model.__name__: model.objects.count()
        for model in (InnovationField, District, Cluster, LabelAward, Event, Topic)
    } == {
        "InnovationField": 7,
        "District": 5,
        "Cluster": 41,
        "LabelAward": 12,
        "Event": 16,
        "Topic": 5,
    }
    assert Counter(Term.objects.values_list("kind", flat=True)) == {
        TermKind.TECHNOLOGY: 35,
        TermKind.THEME: 33,
        TermKind.SERVICE: 7,
        TermKind.SECTOR: 19,
        TermKind.ECOSYSTEM: 14,
        TermKind.STAGE: 8,
    }
    assert Cluster.objects.published().count() == 41
    assert Fact.objects.count() == sum(len(c["facts"]) for c in nrw.read("clusters")["clusters"])


def test_second_run_changes_nothing(nrw_data: None) -> None:
    before = current(), Cluster.objects.get(slug="its-owl").updated_at
    said = load()
    assert "unchanged" in said
    assert "created" not in said
    assert "updated" not in said
    assert (current(), Cluster.objects.get(slug="its-owl").updated_at) == before


def test_what_people_changed_stays_until_the_data_change(nrw_data: None) -> None:
    Cluster.objects.filter(slug="its-owl").update(carrier="Neuer Träger")
    load()
    assert Cluster.objects.get(slug="its-owl").carrier == "Neuer Träger"
    load(force=True)
    assert Cluster.objects.get(slug="its-owl").carrier != "Neuer Träger"
    assert Cluster.objects.count() == 41
    assert Offer.objects.filter(cluster__slug="its-owl").count() == 2


def test_rows_people_deleted_stay_deleted(nrw_data: None) -> None:
    Need.objects.all().delete()
    load()
    assert not Need.objects.exists()


def test_one_changed_record_writes_one_row(nrw_data: None) -> None:
    ImportRecord.objects.filter(kind="cluster", key="niro").update(digest="older")
    Cluster.objects.filter(slug__in=["niro", "ivam"]).update(carrier="")
    assert "1 updated" in load()
    assert Cluster.objects.get(slug="niro").carrier == "Netzwerk Industrie RuhrOst e.V."
    assert Cluster.objects.get(slug="ivam").carrier == ""


def test_guessed_office_is_nowhere(nrw_data: None) -> None:
    """Chemie.NRW has a guessed city in the data; a guess is no office."""
    cluster = Cluster.objects.get(slug="chemie-nrw")
    assert (cluster.city, cluster.district, cluster.latitude, cluster.longitude) == (
        "",
        None,
        None,
        None,
    )
    assert cluster.location_status == LocationStatus.UNKNOWN
    without = Cluster.objects.filter(location_status=LocationStatus.UNKNOWN)
    assert not without.exclude(city="", district=None, latitude=None).exists()
    assert without.count() == 9


def test_unknown_stays_unknown(nrw_data: None) -> None:
    assert Cluster.objects.get(slug="chemie-nrw").founded_year is None
    assert Cluster.objects.get(slug="chemie-nrw").in_alliance is None
    assert Cluster.objects.get(slug="bio-nrw").members_count is None
    assert LabelAward.objects.get(code="niro-bronze").year is None
    assert Event.objects.get(slug="wtt-austausch-2022").format == EventFormat.UNKNOWN


def test_activity_is_told_apart_from_publication(nrw_data: None) -> None:
    told = dict(Cluster.objects.values_list("slug", "activity"))
    assert told["mediennetzwerk-nrw"] == ClusterActivity.MERGED
    assert told["stammzellnetzwerk-nrw"] == ClusterActivity.ENDED
    assert told["qt-nrw"] == ClusterActivity.UNKNOWN
    assert told["its-owl"] == ClusterActivity.ACTIVE
    assert Cluster.objects.get(slug="stammzellnetzwerk-nrw").activity_note


def test_every_value_keeps_its_source(nrw_data: None) -> None:
    its_owl = Cluster.objects.get(slug="its-owl")
    assert its_owl.sources["activity"]
    assert its_owl.sources["profile_de"] == ["own wording"]
    assert its_owl.sources["latitude"] == ["memory"]
    for model in (Fact, Need, Offer, Cooperation):
        assert not model.objects.filter(source="").exists()
    assert all(event.sources["starts_at"] for event in Event.objects.all())


def test_real_entries_are_no_examples(nrw_data: None) -> None:
    for model in (Cluster, Need, Offer, Topic, Event):
        assert not model.objects.filter(is_example=True).exists()


def test_common_wishes_are_told_by_the_initiative(nrw_data: None) -> None:
    initiative = Cluster.objects.get(slug="cluster-dialog-nrw")
    assert initiative.needs.count() == 7
    assert initiative.offers.filter(source__startswith="seed:002").count() == 5
    assert not initiative.may_be_suggested
    assert Cluster.objects.get(slug="its-owl").may_be_suggested


def test_cross_cutting_technologies_are_marked(nrw_data: None) -> None:
    cross = Term.objects.filter(is_cross_cutting=True)
    assert cross.count() == 8
    assert set(cross.values_list("kind", flat=True)) == {TermKind.TECHNOLOGY}
    assert "machine learning" in Term.objects.get(code="ki").synonyms
    assert InnovationField.objects.get(is_cross_cutting=True).code == "schluesseltechnologien-ikt"


def test_stages_are_in_the_order_of_the_value_chain(nrw_data: None) -> None:
    stages = Term.objects.filter(kind=TermKind.STAGE).order_by("position")
    assert [stage.code for stage in stages][:4] == [
        "forschung",
        "entwicklung",
        "vorprodukte",
        "produktion",
    ]


def test_relations_are_stored_once_and_in_order(nrw_data: None) -> None:
    pairs = {
        frozenset((cluster["id"], other))
        for cluster in nrw.read("clusters")["clusters"]
        for other in cluster["related"]
    }
    assert Cooperation.objects.count() == len(pairs)


def test_workshop_of_rhineland_palatinate_has_two_runs_of_three(nrw_data: None) -> None:
    event = Event.objects.get(slug="rlp-clusterworkshop-2020")
    assert event.starts_at == datetime.datetime(2020, 5, 26, 14, tzinfo=BERLIN)
    assert event.date_precision == DatePrecision.TIME
    parallel = event.sessions.filter(part=SessionPart.PARALLEL)
    assert list(parallel.values_list("run", "track")) == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 2),
        (2, 3),
    ]
    first = parallel.first()
    assert first is not None
    assert first.starts_at == datetime.datetime(2020, 5, 26, 14, 50, tzinfo=BERLIN)
    assert event.sessions.filter(part=SessionPart.PLENARY).count() == 6
    without_time = event.sessions.get(code="rlp-3")
    assert (without_time.starts_at, without_time.ends_at) == (None, None)
    assert len(event.outcomes) == 9


@pytest.mark.parametrize(
    ("slug", "precision"),
    [
        ("cd-kickoff-2022", DatePrecision.MONTH),
        ("strategietreffen-2022", DatePrecision.YEAR),
        ("medizin-jahrestagung-2025", DatePrecision.MONTH),
        ("ecc-2022-prag", DatePrecision.DAY),
    ],
)
def test_dates_are_no_more_exact_than_known(
    nrw_data: None, slug: str, precision: DatePrecision
) -> None:
    event = Event.objects.get(slug=slug)
    assert event.date_precision == precision
    if precision in {DatePrecision.MONTH, DatePrecision.YEAR}:
        assert event.ends_at is None


def test_panorama_topics_are_in_focus_and_say_what_is_wanted(nrw_data: None) -> None:
    assert set(Topic.objects.values_list("status", flat=True)) == {TopicStatus.FOCUS}
    transfer = Topic.objects.get(slug="wtt")
    assert transfer.wanted
    assert transfer.sources["title_de"]
    assert [term.code for term in transfer.terms.all()] == ["wtt"]
    assert transfer.events.filter(slug="wtt-austausch-2022").exists()


def test_search_finds_what_was_loaded(nrw_data: None) -> None:
    for model in (Cluster, Need, Offer, Topic, Event):
        assert not model.objects.filter(search_vector=None).exists()
    assert b"Zukunftscluster Wasserstoff" in Client().get("/de/clusters/?q=wasserstoff").content


LEVEL = {"validity_years": 2, "renewal_validity_years": None}


@pytest.mark.parametrize(
    ("date", "award_type", "expected"),
    [
        ("2020-09", "first", datetime.date(2022, 9, 30)),
        ("2020-02-29", "first", datetime.date(2022, 2, 28)),
        (None, "first", None),
        ("2018-01-30", "renewal", None),
    ],
)
def test_validity_of_a_label_is_told_only_where_the_scheme_tells_it(
    date: str | None, award_type: str, expected: datetime.date | None
) -> None:
    assert valid_until({"date": date, "award_type": award_type}, LEVEL) == expected


def test_no_person_is_named_in_the_files() -> None:
    for path in Path(nrw.__file__).parent.parent.joinpath("data").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "ministerin-" not in text
        assert json.loads(text)


def test_import_finds_rows_it_does_not_remember(db: None) -> None:
    """A database restored without its memory takes the rows that are there, by their key."""
    InnovationField.objects.create(code="x", number=99, name_de="Alt")
    run = Import("test")

    def write(pk: int | None) -> InnovationField:
        return save_row(InnovationField, pk, natural_key={"code": "x"}, number=99, name_de="Neu")

    assert run.put("field", "x", {"name": "Neu"}, write)
    run.finish()
    assert InnovationField.objects.get(code="x").name == "Neu"
    assert not Import("test").put("field", "x", {"name": "Neu"}, write)
    assert Import("test", version=2).put("field", "x", {"name": "Neu"}, write)
