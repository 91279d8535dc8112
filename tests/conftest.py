"""The cast everybody knows, and a clean slate for every test."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import User
from clusters.models import Cluster
from tests import factories
from tests.factories import make_cluster, make_manager, make_membership, make_user


@dataclass
class World:
    """Two clusters and five people; ``None`` stands for the visitor who is not signed in."""

    alpha: Cluster
    beta: Cluster
    manager: User
    member: User
    outsider: User
    staff: User


@pytest.fixture
def world(db: None) -> World:
    """``manager`` and ``member`` belong to alpha, ``outsider`` to beta, ``staff`` moderates."""
    alpha = make_cluster(slug="alpha", name="Alpha")
    beta = make_cluster(slug="beta", name="Beta")
    member = make_user("member@alpha.example")
    make_membership(member, alpha, role="member")
    return World(
        alpha=alpha,
        beta=beta,
        manager=make_manager(alpha, email="manager@alpha.example"),
        member=member,
        outsider=make_manager(beta, email="outsider@beta.example"),
        staff=make_user("staff@portal.example", is_staff=True),
    )


@pytest.fixture(autouse=True)
def _clean_slate(settings: object) -> Iterator[None]:
    cache.clear()
    # Names made by the factories start anew, so that no test depends on those before it.
    factories.restart()
    with translation.override("de"):
        yield
