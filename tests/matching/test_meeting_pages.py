"""Pages of 1:1 meetings: who may open them, what they tell, and what they cost."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from clusters.models import Cluster
from events.choices import RegistrationState
from events.tokens import make_registration_token
from matching import services
from matching.choices import Audience, RoundState
from matching.meetings.board import Board
from matching.models import (
    Meeting,
    MeetingFeedback,
    MeetingParticipant,
    MeetingPlan,
    Round,
    Suggestion,
    Weights,
)
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_field, make_registration, make_user
from tests.matching.meeting_rows import make_meeting, make_participant, make_plan, wish

pytestmark = pytest.mark.django_db


def hub(participant: MeetingParticipant, page: str = "") -> str:
    return (
        f"/en/registration/{make_registration_token(participant.registration_id)}/meetings/{page}"
    )


def sign_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def suggest(cluster: Cluster, partner: Cluster, reason: str, audience: str) -> None:
    """A suggestion of the round that is shown."""
    weights, __ = Weights.objects.get_or_create(
        version=1, defaults={"published_at": "2026-01-01T00:00Z"}
    )
    shown = Round.objects.complete().first() or Round.objects.create(
        weights=weights, state=RoundState.COMPLETE, inputs_hash="x"
    )
    for one in (cluster, partner):
        Cluster.objects.filter(pk=one.pk).update(may_be_suggested=True, activity="active")
    Suggestion.objects.create(
        round=shown,
        audience=audience,
        cluster=cluster,
        partner=partner,
        rank=1,
        score=0.5,
        parts={"parts": [], "competition_factor": 1},
        reasons=[{"de": reason, "en": reason}],
    )


def test_list_begins_with_suggested_people_and_tells_their_reasons(world: World) -> None:
    plan = make_plan()
    me = make_participant(plan, world.alpha, registration_user=world.member)
    gamma = make_cluster(name="Gamma")
    make_participant(plan, gamma, registration_name="Anna-free")
    make_participant(plan, world.beta, registration_name="Zed-free")
    suggest(world.alpha, world.beta, "Reason for clusters", Audience.CLUSTERS)
    suggest(world.alpha, gamma, "Reason for staff", Audience.STAFF)
    page = Client().get(hub(me)).content.decode()
    assert page.index("Zed-free") < page.index("Anna-free")
    assert "Reason for clusters" in page
    assert "Reason for staff" not in page


def test_reasons_are_only_for_people_of_the_cluster(world: World) -> None:
    plan = make_plan()
    suggest(world.alpha, world.beta, "Reason for clusters", Audience.CLUSTERS)
    make_participant(plan, world.beta, registration_name="Zed-free")
    make_participant(plan, make_cluster(name="Gamma"), registration_name="Anna-free")
    # Says they come for alpha, but does not belong to it; so does one who left it.
    stranger = make_participant(plan, world.alpha)
    former = make_participant(plan, world.alpha, registration_user=world.member)
    world.member.memberships.update(ended_at="2026-01-01T00:00Z")
    for one in (stranger, former):
        page = Client().get(hub(one)).content.decode()
        assert "Reason for clusters" not in page
        assert page.index("Anna-free") < page.index("Zed-free")


def test_shared_fields_speak_where_there_is_no_suggestion(world: World) -> None:
    plan = make_plan()
    field = make_field(name_en="Hydrogen")
    world.alpha.innovation_fields.add(field)
    world.beta.innovation_fields.add(field)
    me = make_participant(plan, world.alpha)
    make_participant(plan, world.beta)
    assert "You work in the same field: Hydrogen." in Client().get(hub(me)).content.decode()


def test_nobody_learns_who_marked_them(world: World) -> None:
    plan = make_plan()
    me, other = make_participant(plan), make_participant(plan)
    before = Client().get(hub(me)).content
    for mark in ("want", "no"):
        other.wishes.all().delete()
        wish(other, me, mark)
        after = Client().get(hub(me)).content
        assert len(after) == len(before)


def test_joining_and_marking_by_link() -> None:
    plan = make_plan()
    other = make_participant(plan, registration_name="Guest other")
    registration = make_registration(plan.event)
    page = f"/en/registration/{make_registration_token(registration.pk)}/meetings/"
    client = Client()
    # Before joining nobody is shown.
    assert b"Guest other" not in client.get(page).content
    joined = client.post(
        page, {"act": "join", "introduction": "Batteries", "there": ["0", "2"]}, follow=True
    )
    assert b"Guest other" in joined.content
    me = MeetingParticipant.objects.get(registration=registration)
    assert (me.introduction, me.away) == ("Batteries", [1, 3])
    saved = client.post(page, {f"mark_{other.pk}": "want"}, follow=True)
    assert b"You would like to meet 1 person." in saved.content
    assert list(me.wishes.values_list("other", "wish")) == [(other.pk, "want")]
    # Nothing is lost by an error: what was chosen is shown again.
    wrong = client.post(page, {"act": "join", "introduction": "Solar"})
    assert wrong.status_code == 422
    assert b"Solar" in wrong.content
    assert b"at least one round" in wrong.content


def test_find_and_pages_keep_marks_of_others() -> None:
    plan = make_plan()
    me = make_participant(plan)
    others = [make_participant(plan, registration_name=f"Person {n:02}") for n in range(35)]
    client = Client()
    first = client.get(hub(me)).content.decode()
    assert "Person 00" in first
    assert "Person 34" not in first
    client.post(hub(me), {f"mark_{others[0].pk}": "want"})
    client.post(f"{hub(me)}?page=2", {f"mark_{others[34].pk}": "no"})
    assert me.wishes.count() == 2
    assert "Person 34" in client.get(f"{hub(me)}?q=person+34").content.decode()
    # Somebody joins between opening the page and saving it: nobody on it is lost.
    make_participant(plan, registration_name="Aaron")
    client.post(hub(me), {f"mark_{others[29].pk}": "open"})
    assert me.wishes.get(other=others[29]).wish == "open"
    client.post(hub(me), {})
    assert me.wishes.count() == 3


def test_own_timetable_shows_what_was_published_only() -> None:
    plan = make_plan(place="Foyer")
    me = make_participant(plan)
    other = make_participant(plan, registration_name="Guest other", introduction="Brings solar.")
    make_meeting(plan, me, other, slot=1)
    assert b"Guest other" not in Client().get(hub(me, "timetable/")).content
    services.publish_meetings(user=make_user(is_staff=True), event=plan.event)
    page = Client().get(hub(me, "timetable/")).content.decode()
    assert "Guest other" in page
    assert "Brings solar." in page
    assert "How was it?" not in page
    calendar = Calendar.from_ical(Client().get(hub(me, "calendar.ics")).content.decode())
    assert [str(entry["SUMMARY"]) for entry in calendar.events] == ["Meeting with Guest other"]


def test_partner_who_withdrew_is_marked_at_once_and_a_moved_event_is_noticed() -> None:
    plan = make_plan()
    me, other = make_participant(plan), make_participant(plan)
    make_meeting(plan, me, other)
    services.publish_meetings(user=make_user(is_staff=True), event=plan.event)
    assert b"Cannot come any more" not in Client().get(hub(me, "timetable/")).content
    services.leave_meetings(registration=other.registration)
    assert b"Cannot come any more" in Client().get(hub(me, "timetable/")).content
    staff, page = sign_in(make_user(is_staff=True)), f"/en/events/{plan.event.slug}/meetings/"
    assert b"not on a day of the event" not in staff.get(page).content
    plan.event.starts_at += timedelta(days=2)
    plan.event.save()
    assert b"not on a day of the event" in staff.get(page).content


def test_feedback_is_given_on_the_own_timetable_and_not_shown_to_the_other() -> None:
    plan = make_plan()
    me, other = make_participant(plan), make_participant(plan)
    meeting = make_meeting(plan, me, other)
    services.publish_meetings(user=make_user(is_staff=True), event=plan.event)
    key = f"m{meeting.pk}"
    with time_machine.travel(plan.starts_at + timedelta(minutes=30), tick=False):
        Client().post(
            hub(me, f"{meeting.pk}/feedback/"),
            {f"{key}-took_place": "1", f"{key}-useful": "4", f"{key}-note": "Secret note"},
        )
        assert MeetingFeedback.objects.get().useful == 4
        assert b"Secret note" in Client().get(hub(me, "timetable/")).content
        assert b"Secret note" not in Client().get(hub(other, "timetable/")).content
        # Whoever has no part in the meeting finds none.
        stranger = make_participant(plan)
        assert Client().post(hub(stranger, f"{meeting.pk}/feedback/")).status_code == 404
        staff = sign_in(make_user(is_staff=True))
        assert b"Secret note" not in staff.get(f"/en/events/{plan.event.slug}/meetings/").content


def test_pages_of_participants_open_to_nobody_else(world: World) -> None:
    plan = make_plan()
    me = make_participant(plan, registration_user=world.member)
    assert sign_in(world.member).get(f"/en/events/{plan.event.slug}/my-meetings/")[
        "Location"
    ] == hub(me)
    assert (
        sign_in(world.outsider).get(f"/en/events/{plan.event.slug}/my-meetings/").status_code == 404
    )
    assert Client().get(hub(me)[:-12] + "x/meetings/").status_code == 404
    me.registration.state = RegistrationState.CANCELLED
    me.registration.save()
    assert Client().get(hub(me)).status_code == 404


@pytest.mark.parametrize(
    "page", ["", "setup/", "ask/", "publish/", "print/", "timetable.csv", "timetable.xlsx"]
)
def test_pages_of_staff_do_not_exist_for_others(world: World, page: str) -> None:
    plan = make_plan()
    address = f"/en/events/{plan.event.slug}/meetings/{page}"
    assert sign_in(world.manager).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert sign_in(world.staff).get(address).status_code == 200


def test_staff_sets_up_meetings(world: World) -> None:
    event = make_event(ends_at=None)
    staff = sign_in(world.staff)
    page = f"/en/events/{event.slug}/meetings/"
    assert b"Set up meetings" in staff.get(page).content
    assert b'value="8"' in staff.get(f"{page}setup/").content
    start = event.starts_at + timedelta(hours=1)
    values = {
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "slots": "5",
        "slot_minutes": "15",
        "pause_minutes": "5",
        "tables": "0",
        "minimum": "2",
    }
    assert staff.post(f"{page}setup/", values).status_code == 422
    assert staff.post(f"{page}setup/", {**values, "tables": "6"}).status_code == 302
    assert MeetingPlan.objects.get(event=event).tables == 6
    assert b"Nobody takes part yet" in staff.get(page).content


def test_staff_reads_what_is_missing_and_why(world: World) -> None:
    plan = make_plan(minimum=2)
    one = make_participant(plan, registration_name="Guest one")
    two = make_participant(plan, registration_name="Guest two")
    three = make_participant(plan, registration_name="Guest three", away=[0, 1, 2, 3])
    wish(one, two)
    wish(one, three)
    make_meeting(plan, one, two)
    staff = sign_in(world.staff)
    page = staff.get(f"/en/events/{plan.event.slug}/meetings/").content.decode()
    assert "Below the minimum, and why" in page
    assert "is not there in any round" in page
    own = staff.get(f"/en/events/{plan.event.slug}/meetings/people/{one.pk}/").content.decode()
    assert "there is no round in which both are there" in own
    wall = staff.get(f"/en/events/{plan.event.slug}/meetings/print/?view=wall").content.decode()
    assert "Guest one – Guest two" in wall
    table = staff.get(f"/en/events/{plan.event.slug}/meetings/timetable.csv")
    assert "Guest one" in b"".join(table).decode()


def test_staff_moves_locks_and_removes_by_hand(world: World) -> None:
    plan = make_plan()
    one, two, three = (make_participant(plan) for _n in range(3))
    meeting = make_meeting(plan, one, two)
    make_meeting(plan, one, three, slot=1)
    staff = sign_in(world.staff)
    page = f"/en/events/{plan.event.slug}/meetings/{meeting.pk}/"
    wrong = staff.post(page, {"slot": "1", "table": ""})
    assert wrong.status_code == 422
    assert b"Please move or remove that first." in wrong.content
    assert staff.post(page, {"slot": "3", "table": "2"}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.slot, meeting.table, meeting.is_locked) == (3, 2, True)
    staff.post(f"{page}lock/", {"locked": "0"})
    meeting.refresh_from_db()
    assert not meeting.is_locked
    person = f"/en/events/{plan.event.slug}/meetings/people/{two.pk}/"
    assert staff.post(person, {"other": three.pk, "slot": "0", "table": ""}).status_code == 302
    assert Meeting.objects.get(first=two, second=three).is_locked
    assert staff.get(f"{page}remove/").status_code == 200
    assert Meeting.objects.filter(pk=meeting.pk).exists()
    staff.post(f"{page}remove/")
    assert not Meeting.objects.filter(pk=meeting.pk).exists()


def test_progress_is_shown_and_stops_refreshing_at_the_end(world: World) -> None:
    plan = make_plan()
    wish(make_participant(plan), make_participant(plan))
    staff = sign_in(world.staff)
    page = f"/en/events/{plan.event.slug}/meetings/"
    staff.post(f"{page}compute/", {"keep": "locked"})
    solving = plan.solvings.get()
    solving.state = "running"
    solving.progress = {"stage": "placing", "wishes": 3, "bound": 8, "seconds": 4, "percent": 12}
    solving.save()
    shown = staff.get(page).content.decode()
    assert "every 2s" in shown
    assert "So far 3 points for wishes, at most 8 are possible." in shown
    part = staff.get(page, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="timetable"')
    staff.post(f"{page}stop/")
    solving.refresh_from_db()
    assert solving.stop_asked
    solving.state = "done"
    solving.save()
    assert "every 2s" not in staff.get(page).content.decode()


def test_timetable_that_comes_while_the_page_is_drawn_is_looked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan()
    one, two = make_participant(plan), make_participant(plan)
    plan.solvings.create(state="running")

    def read_then_end(of: MeetingPlan) -> Board:
        board = Board(of)
        make_meeting(plan, one, two)
        plan.solvings.update(state="done")
        return board

    monkeypatch.setattr("matching.views.meetings.Board", read_then_end)
    page = sign_in(world.staff).get(f"/en/events/{plan.event.slug}/meetings/").content.decode()
    assert "every 2s" in page


def test_pages_cost_the_same_queries_for_2_and_20_people(world: World) -> None:
    def queries(number: int) -> list[int]:
        plan = make_plan(slots=20, tables=20)
        people = [
            make_participant(plan, make_cluster(), registration_name=f"P {n}")
            for n in range(number)
        ]
        for one, other in pairwise(people):
            wish(one, other)
        for n in range(0, number, 2):
            make_meeting(plan, people[n], people[n + 1], slot=0, table=n + 1)
        services.publish_meetings(user=world.staff, event=plan.event)
        page = f"/en/events/{plan.event.slug}/meetings/"
        staff, guest = sign_in(world.staff), Client()
        counts = []
        for client, address in (
            (staff, page),
            (staff, f"{page}print/?view=people"),
            (staff, f"{page}people/{people[0].pk}/"),
            (staff, f"{page}timetable.csv"),
            (guest, hub(people[0])),
            (guest, hub(people[0], "timetable/")),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
        return counts

    assert queries(20) == queries(2)


def test_page_of_the_registration_leads_to_meetings(world: World) -> None:
    event = make_event(ends_at=None)
    registration = make_registration(event)
    page = f"/en/registration/{make_registration_token(registration.pk)}/"
    assert b"meetings/" not in Client().get(page).content
    make_plan(event)
    assert f"{page}meetings/".encode() in Client().get(page).content
    assert (
        b">1:1 meetings<" in sign_in(world.staff).get(f"/en/events/{event.slug}/meetings/").content
    )
