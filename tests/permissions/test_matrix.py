"""Who gets what from every address: a table in the diff, and rules no table may break.

``tests/snapshots/permissions.txt`` holds one line per route and method with the answer for each
person. A new route fails until its line is written (``UPDATE_SNAPSHOTS=1``) and read by a human.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.conftest import World
from tests.permissions.house import House, build_house
from tests.permissions.routes import Route, all_routes

SNAPSHOT = Path(__file__).parent.parent / "snapshots" / "permissions.txt"
PEOPLE = ("visitor", "outsider", "member", "manager", "staff")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Routes whose answer is not decided by who asks; each with the reason.
EXEMPT = {
    "readyz": "asks the worker, which these tests do not start",
}


@pytest.fixture
def house(world: World) -> House:
    return build_house(world)


def people(house: House) -> dict[str, Client]:
    """Return a signed-in client per person; forms are tested elsewhere, so no CSRF here."""
    clients = {}
    for name in PEOPLE:
        client = Client(raise_request_exception=True)
        person = getattr(house.world, name, None)
        if person is not None:
            client.force_login(person)
        clients[name] = client
    return clients


def lines(house: House) -> Iterator[str]:
    for route in all_routes():
        if route.name in EXEMPT:
            continue
        for method in METHODS:
            yield line(house, route, method)


def line(house: House, route: Route, method: str) -> str:
    """Return what each person gets; every request is undone afterwards."""
    address = reverse(route.name, kwargs=house.arguments(route))
    answers = []
    for name, client in people(house).items():
        with transaction.atomic():
            response = client.generic(method, address)
            shown = str(response.status_code)
            if response.status_code == 302:
                shown = "login" if "/account/login/" in response.headers["Location"] else "302"
            assert response.status_code < 500, f"{name} {method} {address}: {response.status_code}"
            answers.append(shown)
            transaction.set_rollback(True)
    return f"{route.name:<40} {method:<6} " + " ".join(f"{answer:<5}" for answer in answers)


def test_everybody_gets_what_the_table_says(house: House) -> None:
    head = f"{'route':<40} {'method':<6} " + " ".join(f"{name:<5}" for name in PEOPLE)
    table = "\n".join([head, *(text.rstrip() for text in lines(house))]) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(table)
    assert table == SNAPSHOT.read_text()


def test_visitors_change_nothing_but_through_public_forms() -> None:
    """Whatever the table says: these are all the addresses that take a visitor's POST."""
    taken = set()
    for row in SNAPSHOT.read_text().splitlines()[1:]:
        name, method, visitor = row.split()[:3]
        # allauth's form views answer other methods as they answer GET or POST, after its checks.
        if method != "POST" and name.startswith(("account_", "mfa_")):
            continue
        if method in {"PUT", "PATCH", "DELETE"}:
            assert visitor in {"401", "403", "404", "405", "login"}, row
        elif method == "POST" and visitor in {"200", "201", "202", "302"}:
            taken.add(name)
    assert taken == PUBLIC_FORMS


PUBLIC_FORMS = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_from_key",
    "account_signup",
    "clusters:application-create",
    "clusters:application-edit",
    "clusters:cluster-contact",
    "clusters:member-invitation-accept",
    "core:unsubscribe",
    "dialog:contact",
    "dialog:report-barrier",
    "dialog:set-theme",
    "events:registration-accept",
    "events:registration-again",
    "events:registration-decline",
    "events:registration-session",
    "events:registration-withdraw",
    "events:survey",
    "events:wishes",
    "matching:meeting-feedback",
    "matching:meeting-leave",
    "matching:meeting-wishes",
}


@pytest.mark.parametrize("person", ["visitor", "outsider", "member", "manager"])
def test_staff_rooms_do_not_exist_for_others(person: str) -> None:
    column, seen = 2 + PEOPLE.index(person), set()
    for row in SNAPSHOT.read_text().splitlines()[1:]:
        cells = row.split()
        if cells[0] in STAFF_ROOMS:
            seen.add(cells[0])
            assert cells[column] in {"404", "405", "login"}, row
    assert seen == STAFF_ROOMS


STAFF_ROOMS = {
    "clusters:application-accept",
    "clusters:application-decline",
    "clusters:application-return",
    "clusters:application-review",
    "clusters:change-accept",
    "clusters:change-decline",
    "clusters:change-return",
    "clusters:change-review",
    "clusters:cluster-archive",
    "clusters:cluster-publish",
    "clusters:cluster-unpublish",
    "dialog:moderation",
    "events:action-list",
    "events:assignment",
    "events:assignment-calculate",
    "events:assignment-discard",
    "events:assignment-fix",
    "events:assignment-person",
    "events:assignment-publish",
    "events:assignment-room-lists",
    "events:change-notice",
    "events:document-delete",
    "events:event-clone",
    "events:event-create",
    "events:event-delete",
    "events:event-edit",
    "events:event-figures",
    "events:event-figures-table",
    "events:event-publish",
    "events:event-repeat",
    "events:figures-overview",
    "events:figures-table",
    "events:inbound-note-done",
    "events:inbound-notes",
    "events:manage-event-list",
    "events:question-delete",
    "events:question-edit",
    "events:question-list",
    "events:question-move",
    "events:retention-list",
    "events:survey-results",
    "events:survey-table",
    "matching:event-circle",
    "matching:exposure",
    "matching:exposure-table",
    "matching:matrix",
    "matching:meeting-ask",
    "matching:meeting-ask-feedback",
    "matching:meeting-compute",
    "matching:meeting-delete",
    "matching:meeting-edit",
    "matching:meeting-lock",
    "matching:meeting-person",
    "matching:meeting-print",
    "matching:meeting-publish",
    "matching:meeting-remove",
    "matching:meeting-setup",
    "matching:meeting-stop",
    "matching:meeting-table",
    "matching:meetings",
    "matching:office",
    "matching:pair-explain",
    "matching:round-compare",
    "matching:round-list",
    "matching:round-run",
    "matching:untried",
    "matching:weights",
    "matching:weights-draft",
    "matching:weights-draft-create",
    "matching:weights-draft-discard",
    "matching:weights-draft-effect",
    "matching:weights-draft-publish",
    "matching:weights-draft-rebase",
    "matching:weights-restore",
    "matching:introduction-funnel",
    "matching:introduction-funnel-csv",
    "matching:introduction-list",
    "matching:introduction-mail",
    "matching:introduction-office",
    "matching:introduction-office-outcome",
    "matching:introduction-propose",
    "matching:outcome-remove",
}
