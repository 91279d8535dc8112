"""The API keeps its word: what the OpenAPI description promises is what comes back.

Requests are made up from the description, valid ones and broken ones, for a visitor and for a
token that may write.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import settings as given_settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.choices import TokenScope
from accounts.services import create_token
from dialog.wsgi import application
from tests.conftest import World
from tests.factories import make_event, make_need, make_offer, make_topic

SNAPSHOT = Path(settings.BASE_DIR) / "tests" / "snapshots" / "openapi.yaml"
schema = schemathesis.openapi.from_dict(yaml.safe_load(SNAPSHOT.read_text()))
schema.app = application


def test_the_description_in_the_diff_is_the_current_one(tmp_path: Path) -> None:
    """A change of the API is a change of this file, read by a human (``make schema``)."""
    current = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(current))
    assert current.read_text() == SNAPSHOT.read_text()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's own connection and transaction over many requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def furnished(world: World) -> World:
    """One row behind every address."""
    make_need(world.alpha)
    make_offer(world.alpha)
    make_topic()
    make_event().sessions.create(code="a", part="plenary", title_de="Teil")
    return world


CAREFUL = given_settings(
    max_examples=int(os.environ.get("CONTRACT_EXAMPLES", "3")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# What the description calls a code is one of many rows of a vocabulary, which it cannot list: such
# a value may be refused, with 400 naming the parameter or attribute. So may one whose rule a
# schema cannot say: each language of a proposal has both a title and a reason, an end comes after
# its beginning. A rule of the
# domain (422) is about the state of the rows, not about the request.
VOCABULARY = {
    "field", "district", "technology", "stage", "term", "topic",
    "answers", "terms", "innovation_fields", "technologies", "stages", "sectors", "ecosystems",
}  # fmt: skip
RULES = {"title", "summary", "ends_at"}


def check(case: Any, **options: Any) -> None:
    """Send a request and hold the answer against the description."""
    response = case.call(**options)
    excluded = []
    if case.meta and case.meta.generation.mode.is_positive:
        by_rule = response.status_code == 422
        refused = response.json().get("errors", {}) if response.status_code == 400 else {}
        if by_rule or (refused and refused.keys() <= VOCABULARY | RULES):
            excluded.append(positive_data_acceptance)
    case.validate_response(response, excluded_checks=excluded, **options)


@schema.include(method="GET").parametrize()
@CAREFUL
@pytest.mark.usefixtures("furnished")
def test_a_visitor_gets_what_is_described(case: Any) -> None:
    check(case)


@schema.parametrize()
@CAREFUL
def test_a_writing_token_gets_what_is_described(case: Any, furnished: World) -> None:
    _token, secret = create_token(
        user=furnished.manager, name="contract", scope=TokenScope.WRITE, days=7
    )
    try:
        check(case, headers={"Authorization": f"Bearer {secret}"})
    finally:
        furnished.manager.api_tokens.all().delete()
