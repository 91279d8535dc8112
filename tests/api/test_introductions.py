"""Introductions and feedback for programs: the same gates and verbs as the pages."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching.models import Feedback, Introduction
from matching.services import ask_introduction
from tests.conftest import World
from tests.factories import make_cluster, make_manager
from tests.matching.introduction_rows import WHY, answer, ask

ADDRESS = "/api/v1/introductions/"
FEEDBACK = "/api/v1/suggestion-feedback/"


def call(person: User | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    client = Client(headers=headers)
    if person is not None:
        client.force_login(person)
    data = json.dumps(body) if body is not None else ""
    return client.generic(method, path, data, content_type="application/json")


def test_asking_twice_with_one_key_asks_once(world: World) -> None:
    body = {"asker": "alpha", "partner": "beta", "message": WHY}
    for _time in range(2):
        response = call(world.manager, "POST", ADDRESS, body, **{"Idempotency-Key": "one"})
        assert response.status_code == 201
        assert response.json()["state"] == "asked"
    assert Introduction.objects.count() == 1
    refused = call(world.manager, "POST", ADDRESS, body)
    assert refused.status_code == 422
    assert refused.json()["code"] == "asked"


def test_only_sides_and_staff_see_it_and_rows_hold_no_answer(world: World) -> None:
    introduction = ask(world)
    answer(world, introduction, agree=False, words="Kein Interesse")
    for person in (world.manager, world.outsider, world.staff):
        row = call(person, "GET", f"{ADDRESS}{introduction.pk}/").json()
        assert row["state"] == "asked"
        assert "Kein Interesse" not in json.dumps(row)
        assert not {name for name in row if "answer" in name}
    assert call(world.member, "GET", f"{ADDRESS}{introduction.pk}/").status_code == 404
    assert call(None, "GET", ADDRESS).status_code in {401, 403}
    assert call(world.member, "GET", ADDRESS).json()["results"] == []


def test_the_asked_side_answers_and_the_asker_withdraws(world: World) -> None:
    introduction = ask(world)
    path = f"{ADDRESS}{introduction.pk}/"
    assert call(world.manager, "POST", f"{path}answer/", {"answer": "agree"}).status_code == 422
    assert call(world.outsider, "POST", f"{path}withdraw/").status_code == 403
    assert call(world.staff, "POST", f"{path}answer/", {"answer": "agree"}).status_code == 403
    assert call(world.member, "POST", f"{path}answer/", {"answer": "agree"}).status_code == 404
    assert call(world.outsider, "POST", f"{path}answer/", {"answer": "agree"}).json()["state"] == (
        "agreed"
    )
    assert call(world.manager, "POST", f"{path}withdraw/").status_code == 422


def test_feedback_is_given_and_taken_back(world: World) -> None:
    body = {"cluster": "alpha", "partner": "beta", "kind": "unsuitable", "reason": "topic"}
    row = call(world.manager, "POST", FEEDBACK, body)
    assert row.status_code == 201
    assert row.json()["until"]
    pk = row.json()["id"]
    assert call(world.outsider, "GET", FEEDBACK).json()["results"] == []
    assert call(world.outsider, "DELETE", f"{FEEDBACK}{pk}/").status_code == 404
    assert call(world.member, "POST", FEEDBACK, body).status_code == 403
    assert call(world.outsider, "POST", FEEDBACK, body).status_code == 404
    assert call(world.manager, "DELETE", f"{FEEDBACK}{pk}/").status_code == 204
    assert not Feedback.objects.exists()


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(world: World) -> None:
    client = Client()
    client.force_login(world.staff)
    counts = []
    for number in (2, 18):
        for _index in range(number):
            partner = make_cluster()
            user = make_manager(partner)
            ask_introduction(user=user, asker=partner, partner=world.alpha, message=WHY)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(ADDRESS).json()["results"]
        counts.append(len(queries))
    assert len(rows) == 20
    assert counts[0] == counts[1]
