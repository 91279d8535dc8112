"""Whatever programs send, the answer is clear: what is wrong, in a document of one shape."""

import logging
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.api.json import MAX_BODY
from tests.api.test_writing import NEED, program
from tests.conftest import World
from tests.factories import make_cluster, make_event

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith(PROBLEM)
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("page=0", "page"),
        ("page=abc", "page"),
        ("page=-1", "page"),
        ("page=²", "page"),
        ("page=", "page"),
        (f"page={'9' * 5000}", "page"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=null", "page_size"),
        ("distrct=koeln", "distrct"),
        ("district=nowhere", "district"),
        ("district=%00", "district"),
        ("field=a%00b", "field"),
        ("kind=%00", "kind"),
        ("q=a%00b", "q"),
        ("open_needs=perhaps", "open_needs"),
        ("sort=random", "sort"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(client: Client, query: str, named: str) -> None:
    body = check_problem(client.get(f"/api/v1/clusters/?{query}"), 400, "invalid")
    assert named in body["errors"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/districts/?q=a",
        "/api/v1/sessions/?run=0.5",
        "/api/v1/sessions/?run=1e400",
        "/api/v1/sessions/?part=nap",
        "/api/v1/needs/?term=nowhere",
        "/api/v1/events/?starts_after=someday",
        "/api/v1/events/?topic=nowhere",
        "/api/v1/events/?when=never",
        "/api/v1/terms/?is_cross_cutting=2",
    ],
)
def test_every_list_refuses_what_it_does_not_know(client: Client, address: str) -> None:
    check_problem(client.get(address), 400, "invalid")


@pytest.mark.parametrize(
    "query",
    ["kind=&field=&topic=&starts_after=", "starts_after=0001-01-01", "starts_before=9999-12-31"],
)
def test_empty_and_extreme_values_are_fine(client: Client, query: str) -> None:
    make_event(slug="fair")
    answer = client.get(f"/api/v1/events/?{query}")
    assert [row["slug"] for row in answer.json()["results"]] == ["fair"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/clusters/nobody/",
        "/api/v1/clusters/?page=2",
        "/api/v1/needs/999999999999999999/",
        "/api/v1/needs/9999999999999999999/",
        "/api/v1/needs/abc/",
        "/api/v1/clusters/a%00b/",
        "/api/v1/nowhere/",
        "/api/v1/nowhere",
        "/api/v2/",
        "/api/",
    ],
)
def test_what_is_not_there_is_a_404(client: Client, address: str) -> None:
    check_problem(client.get(address), 404, "not_found")


def test_a_missing_slash_is_no_dead_end(client: Client) -> None:
    answer = client.get("/api/v1/clusters?page_size=1")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/api/v1/clusters/?page_size=1",
    )


def test_head_is_get_without_the_body(client: Client) -> None:
    make_cluster()
    answer = client.head("/api/v1/clusters/")
    assert answer.status_code == 200
    assert answer.headers["ETag"]
    assert answer.content == b""


@pytest.mark.parametrize("method", ["put", "trace", "options"])
def test_other_methods_are_refused_by_name(client: Client, method: str) -> None:
    answer = client.generic(method.upper(), "/api/v1/districts/")
    check_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_only_json_is_spoken(client: Client, world: World) -> None:
    check_problem(
        client.get("/api/v1/clusters/", headers={"Accept": "text/csv"}), 406, "not_acceptable"
    )
    answer = program(world.manager).post("/api/v1/needs/", {"cluster": "alpha"})
    check_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 2000, b'{"text": "\xff"}', b"NaN", b'{"a": 1,}']
)
def test_broken_json_is_refused(world: World, body: bytes) -> None:
    ours = program(world.manager)
    answer = ours.generic("POST", "/api/v1/needs/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith(PROBLEM)


@pytest.mark.parametrize("body", ["[]", "7", '"text"', "null", '[{"cluster": "alpha"}]'])
def test_json_that_is_no_object_is_refused(world: World, body: str) -> None:
    ours = program(world.manager)
    answer = ours.generic("POST", "/api/v1/needs/", body, content_type="application/json")
    check_problem(answer, 400, "invalid")


def test_a_body_without_end_is_not_read(world: World) -> None:
    ours = program(world.manager)
    body = b'"' + b"a" * MAX_BODY + b'"'
    answer = ours.generic("POST", "/api/v1/needs/", body, content_type="application/json")
    check_problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"terms": ["a\x00b"]}, "terms"),
        ({"terms": [["a"]]}, "terms"),
        ({"terms": "a"}, "terms"),
        ({"terms": ["x"] * 101}, "terms"),
        ({"stage": {"code": "x"}}, "stage"),
        ({"text": {"de": "a\x00b"}}, "text"),
        ({"text": "Sensorik"}, "text"),
        ({"text": {"de": "   "}}, "text"),
        ({"valid_until": 20270101}, "valid_until"),
        ({"cluster": ["alpha"]}, "cluster"),
        ({"cluster": "a" * 101}, "cluster"),
    ],
)
def test_odd_values_are_named(world: World, wrong: dict[str, object], named: str) -> None:
    answer = program(world.manager).post(
        "/api/v1/needs/", {**NEED, **wrong}, content_type="application/json"
    )
    assert named in check_problem(answer, 400, "invalid")["errors"]


def test_our_own_failure_is_a_problem_document_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("the cellar is flooded")

    monkeypatch.setattr("core.api.rows.RowList.count", fail)
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = Client(raise_request_exception=False).get("/api/v1/clusters/")
    body = check_problem(answer, 500, "server_error")
    assert "flooded" not in body["detail"]
    assert "the cellar is flooded" in caplog.text


def test_the_answer_to_an_unknown_token_says_so(client: Client) -> None:
    answer = client.get("/api/v1/clusters/", headers={"Authorization": "Bearer nonsense"})
    check_problem(answer, 401, "invalid_token")


def test_staff_without_a_second_factor_may_not_even_read(world: World, settings: Any) -> None:
    ours = program(world.staff)
    settings.DEMO = False
    check_problem(ours.get("/api/v1/clusters/"), 403, "second_factor_required")


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    person: User = world.manager
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    answer = client.post("/api/v1/needs/", NEED, content_type="application/json")
    check_problem(answer, 403, "permission_denied")
