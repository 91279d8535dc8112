"""What a draft would do: computed in the background, and equal to what the round then does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clusters.choices import TermKind
from clusters.models import Cluster
from core.errors import DomainError
from matching.choices import Audience, EffectState, ListKind
from matching.models import Suggestion, Weights, WeightsDraft, WeightsEffect
from matching.office import effect_page
from matching.office.weighing import PARTS
from matching.services import (
    ask_effect,
    compute_effect,
    compute_round,
    create_draft,
    effects_to_compute,
    failure_in_words,
    publish_draft,
    sample_clusters,
)
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_cluster, make_field, make_need, make_offer, make_term, make_user
from tests.processes import wait_until

TRUSTING = {**dict.fromkeys(PARTS, 0.05), "cross_innovation": 0.75}


def furnish(number: int = 14) -> list[Cluster]:
    """Clusters between which weights decide: fields, stages and needs pull to different sides."""
    fields = [make_field() for _ in range(4)]
    sectors = [make_term(TermKind.SECTOR) for _ in range(3)]
    words = [make_term() for _ in range(5)]
    made = []
    for n in range(number):
        cluster = make_cluster(
            innovation_fields=[fields[n % 4], *([fields[(n + 1) % 4]] if n % 3 == 0 else [])],
            terms=[sectors[n % 3], words[n % 5]],
        )
        make_need(cluster, terms=[words[(n * 2) % 5]])
        make_offer(cluster, terms=[words[(n * 3 + 1) % 5]])
        made.append(cluster)
    return made


def drafted(staff: Any, **values: float) -> WeightsDraft:
    draft = create_draft(user=staff)
    for part, value in (values or TRUSTING).items():
        setattr(draft, part, value)
    draft.note = "Ein Versuch."
    draft.save()
    return draft


def listed() -> dict[str, list[int]]:
    rows = Suggestion.objects.current().filter(audience=Audience.CLUSTERS, kind=ListKind.NEW)
    found: dict[str, list[int]] = {}
    for owner, partner in rows.order_by("cluster", "rank").values_list("cluster", "partner"):
        found.setdefault(str(owner), []).append(partner)
    return found


def test_the_effect_is_what_the_round_then_does(world: World) -> None:
    furnish()
    compute_round()
    today = listed()
    draft = drafted(world.staff)
    effect = ask_effect(user=world.staff, draft=draft)
    compute_effect(effect_id=effect.pk)
    effect.refresh_from_db()
    assert effect.state == EffectState.COMPLETE
    assert effect.steps_done == 4
    foretold = {owner: pair["after"] for owner, pair in effect.lists.items() if pair["after"]}
    assert {o: pair["before"] for o, pair in effect.lists.items() if pair["before"]} == today
    publish_draft(user=world.staff, draft=draft)
    compute_round()
    then = listed()
    assert foretold == then
    assert then != today
    assert effect.summary["changed"] == sum(
        then.get(owner, []) != today.get(owner, []) for owner in then.keys() | today.keys()
    )


def test_a_second_task_for_the_same_effect_does_nothing(world: World) -> None:
    furnish(4)
    effect = ask_effect(user=world.staff, draft=drafted(world.staff))
    compute_effect(effect_id=effect.pk)
    done = WeightsEffect.objects.get(pk=effect.pk).completed_at
    compute_effect(effect_id=effect.pk)
    compute_effect(effect_id=999_999)
    assert WeightsEffect.objects.get(pk=effect.pk).completed_at == done


def test_a_changed_draft_makes_its_effect_old_and_asking_again_replaces_it(world: World) -> None:
    draft = drafted(world.staff)
    effect = ask_effect(user=world.staff, draft=draft)
    assert ask_effect(user=world.staff, draft=draft) == effect
    assert effect_page.is_of(effect, draft.values_by_part())
    draft.need, draft.cross_innovation = 0.5, 0.3
    draft.save()
    assert not effect_page.is_of(effect, draft.values_by_part())
    newer = ask_effect(user=world.staff, draft=draft)
    assert list(draft.effects.all()) == [newer]


def test_the_page_says_when_another_version_came_into_force_since(world: World) -> None:
    furnish(4)
    draft = drafted(world.staff)
    effect = ask_effect(user=world.staff, draft=draft)
    compute_effect(effect_id=effect.pk)
    client = Client()
    client.force_login(world.staff)
    assert "Seitdem gilt eine andere Version" not in page(client, draft)
    publish_draft(user=world.staff, draft=drafted(world.staff, need=0.2, trust=0.25))
    assert "Seitdem gilt eine andere Version" in page(client, draft)


def test_weights_that_do_not_sum_to_1_have_no_effect(world: World) -> None:
    with pytest.raises(DomainError, match="1 ergeben"):
        ask_effect(user=world.staff, draft=drafted(world.staff, need=0.9))


def test_effects_whose_task_was_lost_are_found(world: World) -> None:
    effect = ask_effect(user=world.staff, draft=drafted(world.staff))
    assert effects_to_compute() == []
    long_ago = timezone.now() - timedelta(hours=1)
    WeightsEffect.objects.filter(pk=effect.pk).update(asked_at=long_ago)
    assert effects_to_compute() == [effect.pk]
    WeightsEffect.objects.update(state=EffectState.RUNNING, started_at=timezone.now())
    assert effects_to_compute() == []
    WeightsEffect.objects.update(started_at=long_ago)
    assert effects_to_compute() == [effect.pk]


def test_a_failure_is_kept_and_told_in_plain_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("matching.services.effects.read_inputs", broken)
    draft = drafted(world.staff)
    effect = ask_effect(user=world.staff, draft=draft)
    compute_effect(effect_id=effect.pk)
    effect.refresh_from_db()
    assert effect.state == EffectState.FAILED
    assert "Arbeitsspeicher" in failure_in_words(effect.failure)
    client = Client()
    client.force_login(world.staff)
    html = client.get(f"/de/matching/weights/drafts/{draft.pk}/").content.decode()
    assert "Arbeitsspeicher" in html
    assert "MemoryError" not in html


def test_unknown_failures_do_not_show_code_to_staff(db: None) -> None:
    assert "KeyError" not in failure_in_words("KeyError: 17")
    assert "Protokoll" in failure_in_words("KeyError: 17")
    assert failure_in_words("") == ""


def test_the_sample_is_a_fixed_spread_or_what_staff_chose(world: World) -> None:
    clusters = furnish(20)
    effect = ask_effect(user=world.staff, draft=drafted(world.staff))
    compute_effect(effect_id=effect.pk)
    effect.refresh_from_db()
    spread = sample_clusters(effect, [], most_changed=False)
    assert len(set(spread)) == 6
    assert sample_clusters(effect, [], most_changed=False) == spread
    assert sample_clusters(effect, [clusters[3].pk, 999_999], most_changed=False) == [
        clusters[3].pk
    ]
    most = sample_clusters(effect, [], most_changed=True)
    assert most == effect.summary["most_changed"][:6]


def test_a_worker_computes_what_the_page_asks_for(tmp_path: Path, transactional_db: None) -> None:
    Weights.objects.get_or_create(version=1, defaults={"published_at": "2026-01-01T00:00Z"})
    furnish(6)
    staff = make_user(is_staff=True)
    draft = drafted(staff)
    client = Client()
    client.force_login(staff)
    drop_waiting_tasks()
    with celery_worker(tmp_path):
        client.post(f"/de/matching/weights/drafts/{draft.pk}/effect/")
        complete = WeightsEffect.objects.filter(state=EffectState.COMPLETE)
        wait_until(complete.exists, "the effect", 60)
    assert "Listen würden sich ändern" in page(client, draft)


def page(client: Client, draft: WeightsDraft) -> str:
    return client.get(f"/de/matching/weights/drafts/{draft.pk}/").content.decode()


def test_the_draft_page_asks_again_while_it_waits_and_works_without_script(world: World) -> None:
    draft = drafted(world.staff)
    ask_effect(user=world.staff, draft=draft)
    client = Client()
    client.force_login(world.staff)
    html = page(client, draft)
    assert 'hx-trigger="every 1s"' in html
    assert "Aktualisieren" in html
    part = client.get(
        f"/de/matching/weights/drafts/{draft.pk}/", headers={"hx-request": "true"}
    ).content.decode()
    assert "<h1" not in part
    assert 'id="effect"' in part
