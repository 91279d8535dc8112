"""Weights: drafts, publishing, and the log; nothing is lost when two publish at once."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import DomainError
from matching.forms import WeightsForm
from matching.models import Weights, WeightsDraft
from matching.office.weighing import PARTS, STEPS, scale_to_one, steps_of, sums_to_one, total
from matching.office.weight_log import log_entries
from matching.services import (
    create_draft,
    discard_draft,
    draft_version,
    edit_draft,
    publish_draft,
    rebase_draft,
)
from tests.conftest import World
from tests.factories import make_user

OTHER = {
    "need": 0.4,
    "chain": 0.1,
    "bridge": 0.15,
    "cross_innovation": 0.15,
    "text": 0.05,
    "trust": 0.15,
}


def drafted(user: User, note: str = "Bedarfe zählen mehr.", **values: float) -> WeightsDraft:
    draft = create_draft(user=user)
    return edit_draft(
        user=user,
        draft=draft,
        values={**OTHER, **values},
        note=note,
        version=draft_version(draft),
    )


@given(
    st.lists(st.floats(min_value=0, max_value=1), min_size=6, max_size=6).filter(
        lambda values: sum(values) > 0.01
    )
)
def test_scaled_weights_sum_to_exactly_1_and_keep_their_order(values: list[float]) -> None:
    given_: dict[str, float] = dict(zip(PARTS, values, strict=True))
    scaled = scale_to_one(given_)
    assert sums_to_one(scaled)
    assert total(scaled) == 1
    for one in PARTS:
        for other in PARTS:
            if given_[one] > given_[other]:
                assert scaled[one] >= scaled[other] - 1 / STEPS
        assert abs(scaled[one] - given_[one] / sum(values)) <= 1 / STEPS


@pytest.mark.parametrize("values", [dict.fromkeys(PARTS, 0.0), {**OTHER, "need": -0.1}])
def test_what_cannot_be_scaled_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"[Ww]eight"):
        scale_to_one(values)


def entered(draft: WeightsDraft, **values: str) -> dict[str, str]:
    return {
        **{part: str(value) for part, value in OTHER.items()},
        "note": "Warum nicht.",
        "version": draft_version(draft),
        **values,
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-0,1", "negativ"),
        ("nan", "Zahl"),
        ("inf", "Zahl"),
        ("1e-1", "Zahl"),
        ("viel", "Zahl"),
        ("1,5", "über 1"),
        ("0,5", "ergeben zusammen 1,1"),
        ("", "erforderlich"),
    ],
)
def test_wrong_weights_are_refused_in_plain_words(world: World, value: str, words: str) -> None:
    draft = create_draft(user=world.staff)
    form = WeightsForm(entered(draft, need=value), draft=draft)
    assert not form.is_valid()
    said = str(form.errors)
    assert words in said, said


@pytest.mark.parametrize("value", ["0,4", "0.4", "0,400", " .4 "])
def test_german_and_english_numbers_are_understood(world: World, value: str) -> None:
    draft = create_draft(user=world.staff)
    form = WeightsForm(entered(draft, need=value), draft=draft)
    assert form.is_valid(), form.errors
    assert form.weights()["need"] == 0.4


def test_a_reason_is_required(world: World) -> None:
    draft = create_draft(user=world.staff)
    assert "note" in WeightsForm(entered(draft, note="  "), draft=draft).errors


def test_the_services_refuse_what_the_form_refuses(world: World) -> None:
    draft = create_draft(user=world.staff)
    for values, code in (({**OTHER, "need": 0.5}, "sum"), ({**OTHER, "need": -0.4}, "range")):
        with pytest.raises(DomainError) as refused:
            edit_draft(
                user=world.staff,
                draft=draft,
                values=values,
                note="x",
                version=draft_version(draft),
            )
        assert refused.value.code == code


def test_publishing_makes_a_version_and_the_log_tells_all(world: World) -> None:
    published = publish_draft(user=world.staff, draft=drafted(world.staff))
    assert Weights.current() == published
    assert published.version == 2
    newest, first = log_entries(Weights.objects.published().select_related("created_by"))
    assert newest.is_current
    assert newest.weights.created_by == world.staff
    assert newest.weights.published_at is not None
    assert newest.weights.note == "Bedarfe zählen mehr."
    assert [(steps_of(row.before or 0), steps_of(row.value)) for row in newest.changes] == [
        (300, 400),
        (150, 100),
        (100, 50),
    ]
    assert not first.is_current
    assert len(first.changes) == len(PARTS)


def test_the_log_takes_as_many_queries_for_2_versions_as_for_20(
    world: World,
) -> None:
    client = Client()
    client.force_login(world.staff)
    publish_draft(user=world.staff, draft=drafted(world.staff))
    client.get("/de/matching/weights/")
    few = count(client)
    for number in range(18):
        need = 0.4 if number % 2 else 0.3
        publish_draft(user=world.staff, draft=drafted(world.staff, need=need, trust=0.55 - need))
    assert count(client) == few


def count(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/de/matching/weights/").status_code == 200
    return len(queries)


def test_an_older_version_comes_back_as_a_draft(world: World) -> None:
    publish_draft(user=world.staff, draft=drafted(world.staff))
    first = Weights.objects.get(version=1)
    draft = create_draft(user=world.staff, source=first)
    assert draft.values_by_part() == first.values_by_part()
    assert draft.restored_from == first
    assert Weights.current().version == 2
    draft.note = "Zurück."
    draft.save()
    third = publish_draft(user=world.staff, draft=draft)
    shown = Weights.objects.published().select_related("created_by", "draft__restored_from")
    assert log_entries(shown)[0].restored_from == first
    assert third.values_by_part() == first.values_by_part()


def test_whoever_comes_second_is_told_and_loses_nothing(world: World) -> None:
    colleague = make_user("colleague@portal.example", is_staff=True)
    mine, theirs = drafted(world.staff), drafted(colleague, need=0.35, trust=0.2)
    publish_draft(user=colleague, draft=theirs)
    with pytest.raises(DomainError) as refused:
        publish_draft(user=world.staff, draft=mine)
    assert refused.value.code == "outdated"
    assert "Version 2" in refused.value.message
    assert "colleague@portal.example" in refused.value.message
    mine.refresh_from_db()
    assert mine.need == 0.4
    assert mine.published_as is None
    rebase_draft(user=world.staff, draft=mine)
    assert publish_draft(user=world.staff, draft=mine).version == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_the_same_moment_one_is_told_to_look_again() -> None:
    Weights.objects.get_or_create(version=1, defaults={"published_at": "2026-01-01T00:00Z"})
    people = [make_user(is_staff=True) for _ in range(2)]
    drafts = [drafted(person) for person in people]
    gate, said = threading.Barrier(2), []

    def publish(person: User, draft: WeightsDraft) -> None:
        try:
            gate.wait(10)
            said.append(str(publish_draft(user=person, draft=draft)))
        except DomainError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=publish, args=pair) for pair in zip(people, drafts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == ["outdated", "v2"]
    assert Weights.objects.published().count() == 2
    assert WeightsDraft.objects.open().count() == 1


def test_two_who_edit_one_draft_do_not_overwrite_each_other(world: World) -> None:
    draft = create_draft(user=world.staff)
    opened = draft_version(draft)
    edit_draft(user=world.staff, draft=draft, values=OTHER, note="Erst.", version=opened)
    with pytest.raises(DomainError) as refused:
        edit_draft(user=world.staff, draft=draft, values=OTHER, note="Dann.", version=opened)
    assert refused.value.code == "changed"
    draft.refresh_from_db()
    assert draft.note == "Erst."


def test_what_may_not_be_published_is_refused(world: World) -> None:
    untouched = create_draft(user=world.staff)
    untouched.note = "Nichts."
    untouched.save()
    with pytest.raises(DomainError) as refused:
        publish_draft(user=world.staff, draft=untouched)
    assert refused.value.code == "unchanged"
    silent = drafted(world.staff)
    silent.note = ""
    silent.save()
    with pytest.raises(DomainError) as refused:
        publish_draft(user=world.staff, draft=silent)
    assert refused.value.field == "note"
    done = drafted(world.staff)
    publish_draft(user=world.staff, draft=done)
    for verb in (publish_draft, discard_draft, rebase_draft):
        with transaction.atomic(), pytest.raises(DomainError) as refused:
            verb(user=world.staff, draft=done)
        assert refused.value.code == "published"
