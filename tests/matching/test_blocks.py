"""Not with this cluster: known to the side it comes from and to staff, to nobody else."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from matching.choices import Audience
from matching.models import ClusterBlock, Suggestion
from matching.services import block_cluster, compute_round, lift_block, refresh
from tests.conftest import World
from tests.factories import make_manager, make_need
from tests.matching.rows import make_answering, make_sensing

REASON = "Ein alter Streit, über den niemand reden soll."
PAGE = "/de/clusters/alpha/suggestions/"
BLOCKS = f"{PAGE}not-with/"


@pytest.fixture
def gamma(world: World) -> Cluster:
    """Alpha asks and Gamma answers, so each stands on the other's list."""
    term = make_sensing()
    make_need(world.alpha, text_de="Gesucht wird Sensorik.", terms=[term])
    cluster = make_answering(term, slug="gamma", name="Gamma")
    make_manager(cluster, email="manager@gamma.example")
    compute_round()
    return cluster


def sign_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: User, path: str) -> str:
    response = sign_in(person).get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def of_gamma() -> User:
    return User.objects.get(email="manager@gamma.example")


def test_a_block_takes_both_off_each_others_lists_at_once(world: World, gamma: Cluster) -> None:
    assert "Gamma" in page(world.manager, PAGE)
    response = sign_in(world.manager).post(f"{BLOCKS}add/gamma/", {"reason": REASON})
    assert response.headers["Location"] == BLOCKS
    assert "<article" not in page(world.manager, PAGE)
    assert "Alpha" not in page(of_gamma(), "/de/clusters/gamma/suggestions/").split("<main")[1]


def test_the_next_lists_are_computed_without_the_pair(world: World, gamma: Cluster) -> None:
    block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma)
    refresh()
    pair = Suggestion.objects.current().filter(cluster=world.alpha, partner=gamma)
    assert not pair.exists()
    lift_block(user=world.manager, block=ClusterBlock.objects.get())
    refresh()
    assert pair.filter(audience=Audience.CLUSTERS).count() == 1


def test_managers_and_staff_see_the_block_with_its_reason(world: World, gamma: Cluster) -> None:
    block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma, reason=REASON)
    for person in (world.manager, world.staff):
        html = page(person, BLOCKS)
        assert "Gamma" in html
        assert REASON in html
        assert "Gamma" in page(person, PAGE).split('id="left-out"')[1]


def test_nobody_of_the_other_side_learns_of_a_block_not_even_a_number(
    world: World, gamma: Cluster
) -> None:
    """What Gamma's manager reads is letter for letter what they would read without the block."""

    def seen() -> list[str]:
        client = sign_in(of_gamma())
        paths = ("/de/clusters/gamma/suggestions/", "/de/clusters/gamma/suggestions/not-with/")
        return [client.get(path).content.decode().split("<main")[1] for path in paths]

    Suggestion.objects.filter(cluster=gamma).delete()
    before = seen()
    block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma, reason=REASON)
    assert seen() == before
    assert sign_in(of_gamma()).get(BLOCKS).status_code == 404
    assert list(ClusterBlock.objects.visible_to(of_gamma())) == []


def test_members_who_do_not_manage_see_no_block(world: World, gamma: Cluster) -> None:
    block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma, reason=REASON)
    client = sign_in(world.member)
    assert client.get(BLOCKS).status_code == 403
    assert "Gamma" not in client.get(PAGE).content.decode()
    assert list(ClusterBlock.objects.visible_to(world.member)) == []


def test_asking_changes_nothing_and_strangers_find_nothing(world: World, gamma: Cluster) -> None:
    block = block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma)
    for path in (f"{BLOCKS}add/beta/", f"{BLOCKS}{block.pk}/lift/"):
        assert sign_in(world.manager).get(path).status_code == 200
        assert sign_in(world.outsider).post(path).status_code == 404
        assert sign_in(world.member).post(path).status_code == 403
    assert list(ClusterBlock.objects.all()) == [block]
    sign_in(world.manager).post(f"{BLOCKS}{block.pk}/lift/")
    assert not ClusterBlock.objects.exists()


def test_said_again_a_block_only_changes_its_reason(world: World, gamma: Cluster) -> None:
    for reason in ("", REASON):
        block_cluster(user=world.manager, cluster=world.alpha, blocked=gamma, reason=reason)
    assert ClusterBlock.objects.get().reason == REASON
    with pytest.raises(DomainError):
        block_cluster(user=world.manager, cluster=world.alpha, blocked=world.alpha)


def test_a_cluster_to_block_is_found_by_its_name(world: World, gamma: Cluster) -> None:
    html = page(world.manager, f"{BLOCKS}?q=gam")
    assert f"{BLOCKS}add/gamma/" in html
    assert "Gamma" not in page(world.manager, f"{BLOCKS}?q=delta")


def test_a_reason_longer_than_its_column_is_refused_in_words(world: World, gamma: Cluster) -> None:
    response: Any = sign_in(world.manager).post(f"{BLOCKS}add/gamma/", {"reason": "x" * 301})
    assert response.status_code == 422
    assert not ClusterBlock.objects.exists()
