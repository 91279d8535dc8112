"""1:1 meetings: set up, wishes, computing, moving, publishing, feedback, the end of the data."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from core.errors import DomainError
from core.models import OutgoingMail
from events.choices import EventStatus, RegistrationState
from events.services.retention import anonymise_event
from matching import services, tasks
from matching.choices import Keep, PlanState, SolvingState
from matching.models import Meeting, MeetingFeedback, MeetingParticipant, MeetingPlan, MeetingWish
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_registration, make_user
from tests.mail_server import mail_server, part
from tests.matching.meeting_rows import make_meeting, make_participant, make_plan, wish
from tests.processes import wait_until


def staff() -> Any:
    return make_user(is_staff=True)


def compute(plan: MeetingPlan, keep: Keep = Keep.LOCKED) -> None:
    """Compute a timetable here and now."""
    asked = services.ask_for_timetable(user=staff(), event=plan.event, keep=keep)
    services.run_solving(solving_id=asked.pk)


def placed(plan: MeetingPlan) -> dict[tuple[int, int], tuple[int, int]]:
    rows = plan.meetings.planned().values_list("first_id", "second_id", "slot", "table")
    return {(first, second): (slot, table) for first, second, slot, table in rows}


def refused(call: Any) -> str:
    with pytest.raises(DomainError) as error:
        call()
    return str(error.value.code)


@pytest.mark.django_db
def test_joining_marking_and_computing_bring_two_together() -> None:
    plan = make_plan()
    people = [make_registration(plan.event) for _n in range(4)]
    joined = [
        services.join_meetings(registration=one, introduction="", there=range(plan.slots))
        for one in people
    ]
    one, two, three, four = joined
    services.save_meeting_wishes(
        registration=people[0], marks={two.pk: "want", three.pk: "no", four.pk: ""}
    )
    services.save_meeting_wishes(registration=people[1], marks={one.pk: "want", three.pk: "want"})
    services.save_meeting_wishes(registration=people[2], marks={one.pk: "want"})
    compute(plan)
    assert set(placed(plan)) == {(one.pk, two.pk), (two.pk, three.pk)}
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert plan.figures["is_best"]
    assert plan.figures["wishes"] == plan.figures["wishes_bound"] == 5
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_marks_of_others_on_other_pages_stay() -> None:
    plan = make_plan()
    me, one, two = (make_participant(plan) for _n in range(3))
    registration = me.registration
    services.save_meeting_wishes(registration=registration, marks={one.pk: "want"})
    services.save_meeting_wishes(registration=registration, marks={two.pk: "no"})
    services.save_meeting_wishes(registration=registration, marks={two.pk: ""})
    assert list(me.wishes.values_list("other", "wish")) == [(one.pk, "want")]


@pytest.mark.django_db
def test_nobody_joins_late_without_a_place_or_for_no_round() -> None:
    plan = make_plan()
    registration = make_registration(plan.event)

    def join(there: Any = (0,)) -> Any:
        return services.join_meetings(registration=registration, introduction="", there=there)

    assert refused(lambda: join(())) == "never"
    registration.state = RegistrationState.CANCELLED
    registration.save()
    assert refused(join) == "not_registered"
    registration.state = RegistrationState.REGISTERED
    registration.save()
    with time_machine.travel(plan.starts_at - timedelta(minutes=30), tick=False):
        assert refused(join) == "closed"
    other = make_participant(make_plan()).pk
    join()
    services.save_meeting_wishes(registration=registration, marks={other: "want"})
    assert not MeetingWish.objects.exists()


@pytest.mark.django_db
def test_late_cancellation_leaves_all_others_where_they_are() -> None:
    plan = make_plan(slots=5, tables=3)
    people = [make_participant(plan) for _n in range(8)]
    for number, one in enumerate(people):
        for step in (1, 2, 3):
            wish(one, people[(number + step) % len(people)])
    compute(plan)
    services.publish_meetings(user=staff(), event=plan.event)
    before = placed(plan)
    gone = people[2]
    services.leave_meetings(registration=gone.registration)
    assert refused(lambda: services.publish_meetings(user=staff(), event=plan.event)) == "trouble"
    compute(plan, Keep.ALL)
    after = placed(plan)
    stay = {pair: place for pair, place in before.items() if gone.pk not in pair}
    assert stay.items() <= after.items()
    assert all(gone.pk not in pair for pair in after)
    OutgoingMail.objects.all().delete()
    change = services.publish_meetings(user=staff(), event=plan.event)
    partners = {pk for pair in before if gone.pk in pair for pk in pair}
    new = {pk for pair in set(after) - set(before) for pk in pair}
    assert change.first | change.moved | change.cancelled == partners | new
    told = set(OutgoingMail.objects.values_list("to", flat=True))
    expected = MeetingParticipant.objects.filter(pk__in=partners | new)
    assert told == set(expected.values_list("registration__email", flat=True))


@pytest.mark.django_db
def test_locked_meetings_stay_when_everything_is_computed_anew() -> None:
    plan = make_plan()
    one, two, three = (make_participant(plan) for _n in range(3))
    wish(one, two)
    wish(two, one)
    services.place_meeting(
        user=staff(), event=plan.event, one=three.pk, other=one.pk, slot=2, table=2
    )
    compute(plan)
    assert placed(plan)[one.pk, three.pk] == (2, 2)
    assert (one.pk, two.pk) in placed(plan)
    meeting = Meeting.objects.get(second=three)
    services.free_meeting(user=staff(), event=plan.event, pk=meeting.pk)
    compute(plan)
    assert (one.pk, three.pk) not in placed(plan)


@pytest.mark.django_db
def test_moving_by_hand_says_what_stands_in_the_way() -> None:
    plan = make_plan(tables=1)
    one, two, three, four = (make_participant(plan) for _n in range(4))
    late = make_participant(plan, away=[0])
    make_meeting(plan, one, two, slot=0, table=1)

    def place(a: Any, b: Any, slot: int, table: int | None = None) -> Any:
        return services.place_meeting(
            user=staff(), event=plan.event, one=a.pk, other=b.pk, slot=slot, table=table
        )

    assert refused(lambda: place(one, three, 0)) == "busy"
    assert refused(lambda: place(three, four, 0)) == "full"
    assert refused(lambda: place(three, late, 0)) == "away"
    assert refused(lambda: place(three, four, 1, 2)) == "table"
    assert refused(lambda: place(three, four, 9)) == "slot"
    assert place(one, two, 3).is_locked
    assert placed(plan) == {(one.pk, two.pk): (3, 1)}
    two.registration.state = RegistrationState.CANCELLED
    two.registration.save()
    assert refused(lambda: place(one, two, 1)) == "gone"


@pytest.mark.django_db
def test_publishing_tells_each_person_all_meetings_with_one_entry() -> None:
    plan = make_plan(place="Foyer")
    one, two, three = (make_participant(plan, registration_language="en") for _n in range(3))
    alone = make_participant(plan, registration_language="en")
    make_meeting(plan, one, two, slot=0, table=1)
    make_meeting(plan, one, three, slot=2, table=2)
    change = services.publish_meetings(user=staff(), event=plan.event)
    assert change.first == {one.pk, two.pk, three.pk}
    assert change.without == {alone.pk}
    mails = {mail.to: mail for mail in OutgoingMail.objects.select_related("content")}
    assert len(mails) == 4
    mine = mails[one.registration.email]
    assert mine.values["meetings"].count("\n") == 1
    assert mine.content.calendar_method == "REQUEST"
    assert mails[alone.registration.email].content.calendar == ""
    # Nothing has changed: nobody is told again.
    assert services.publish_meetings(user=staff(), event=plan.event).people == 0
    services.remove_meeting(user=staff(), event=plan.event, pk=Meeting.objects.get(second=three).pk)
    change = services.publish_meetings(user=staff(), event=plan.event)
    assert set(change.moved) == {one.pk}
    assert set(change.cancelled) == {three.pk}
    newest = OutgoingMail.objects.get(
        to=three.registration.email, content__calendar_method="CANCEL"
    )
    assert newest.values["sequence"] == "2"
    assert newest.values["uid"] == str(three.uid)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_publish_at_once_tell_everybody_once() -> None:
    plan = make_plan()
    one, two = make_participant(plan), make_participant(plan)
    make_meeting(plan, one, two)
    users = [staff(), staff()]

    told: list[int] = []
    barrier = threading.Barrier(2)

    def publish(number: int) -> None:
        barrier.wait(10)
        told.append(services.publish_meetings(user=users[number], event=plan.event).people)
        connection.close()

    threads = [threading.Thread(target=publish, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [0, 2]
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db
def test_only_one_timetable_is_computed_at_a_time() -> None:
    plan = make_plan()
    assert refused(lambda: compute(plan)) == "nobody"
    one, two = make_participant(plan), make_participant(plan)
    wish(one, two)
    asked = services.ask_for_timetable(user=staff(), event=plan.event, keep=Keep.LOCKED)
    assert refused(lambda: compute(plan)) == "busy"
    assert refused(lambda: services.publish_meetings(user=staff(), event=plan.event)) == "busy"
    services.stop_solving(user=staff(), event=plan.event)
    services.run_solving(solving_id=asked.pk)
    assert not placed(plan)
    compute(plan)
    assert placed(plan)


@pytest.mark.django_db
def test_computation_left_by_a_dead_worker_is_found() -> None:
    plan = make_plan()
    one, two = make_participant(plan), make_participant(plan)
    wish(one, two)
    asked = services.ask_for_timetable(user=staff(), event=plan.event, keep=Keep.LOCKED)
    assert services.solvings_to_run() == []
    plan.solvings.update(state=SolvingState.RUNNING, beat_at=timezone.now() - timedelta(minutes=1))
    assert services.solvings_to_run() == [asked.pk]
    tasks.run_waiting_solvings()
    assert placed(plan)
    assert services.solvings_to_run() == []


@pytest.mark.django_db
def test_who_leaves_while_the_solver_thinks_is_in_no_meeting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = make_plan()
    one, two, three = (make_participant(plan) for _n in range(3))
    for a, b in ((one, two), (one, three)):
        wish(a, b)
    from matching.timetable import solver

    original = solver.solve

    def slow(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs)
        services.leave_meetings(registration=three.registration)
        return found

    monkeypatch.setattr(solver, "solve", slow)
    compute(plan)
    assert set(placed(plan)) == {(one.pk, two.pk)}


@pytest.mark.django_db(transaction=True)
def test_worker_computes_and_mails_arrive_with_a_calendar(tmp_path: Path) -> None:
    plan = make_plan(place="Foyer")
    one, two = (make_participant(plan, registration_language="en") for _n in range(2))
    wish(one, two)
    drop_waiting_tasks()
    client = Client()
    client.force_login(staff())
    page = f"/en/events/{plan.event.slug}/meetings/"
    with mail_server() as server:
        with celery_worker(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{server.port}"):
            client.post(f"{page}compute/", {"keep": "locked"})
            wait_until(plan.meetings.planned().exists, "a timetable", 60)
            client.post(f"{page}publish/")
            wait_until(lambda: len(server.messages) == 2, "mails", 60)
        messages = list(server.messages)
    mail = next(m for m in messages if one.registration.email in m["To"])
    calendar = Calendar.from_ical(part(mail, "text/calendar"))
    assert calendar["METHOD"] == "REQUEST"
    (entry,) = calendar.events
    assert str(entry["UID"]) == str(one.uid)
    assert entry["DTSTART"].dt == plan.start_of(0).replace(microsecond=0)
    assert entry["DTEND"].dt == plan.end_of(0).replace(microsecond=0)
    assert two.registration.name in str(entry["DESCRIPTION"])
    assert "Foyer" in str(entry["LOCATION"])
    assert one.registration.email in str(entry["ATTENDEE"])


@pytest.mark.django_db
def test_feedback_is_kept_apart_and_counted() -> None:
    plan = make_plan()
    one, two, other = (make_participant(plan) for _n in range(3))
    meeting = make_meeting(plan, one, two)
    services.publish_meetings(user=staff(), event=plan.event)
    values: dict[str, Any] = {"took_place": True, "useful": 4, "follow_up": True, "note": "Call."}

    def say(who: MeetingParticipant, **changes: Any) -> Any:
        return services.save_feedback(participant=who, meeting=meeting, **{**values, **changes})

    assert refused(lambda: say(one)) == "early"
    with time_machine.travel(plan.starts_at + timedelta(minutes=5), tick=False):
        assert refused(lambda: say(other)) == "not_yours"
        say(one)
        say(one, useful=3)
        say(two, took_place=False)
    assert services.feedback_figures(plan) == {
        "answers": 2,
        "held": 1,
        "useful": 3.0,
        "follow_up": 1,
    }
    assert MeetingFeedback.objects.get(participant=two).useful is None


@pytest.mark.django_db
def test_everything_about_people_goes_with_the_data_of_the_event() -> None:
    plan = make_plan()
    one, two = make_participant(plan), make_participant(plan)
    elsewhere = make_plan()
    kept = make_participant(elsewhere)
    wish(one, two)
    meeting = make_meeting(plan, one, two)
    services.ask_for_wishes(user=staff(), event=plan.event)
    services.ask_for_wishes(user=staff(), event=elsewhere.event)
    services.publish_meetings(user=staff(), event=plan.event)
    with time_machine.travel(plan.starts_at + timedelta(hours=1), tick=False):
        services.save_feedback(
            participant=one, meeting=meeting, took_place=True, useful=2, follow_up=None, note="x"
        )
    record = anonymise_event(event=plan.event)
    assert record is not None
    assert record.counts["meeting_participants"] == 2
    assert record.counts["meetings"] == 1
    assert list(MeetingParticipant.objects.all()) == [kept]
    assert not Meeting.objects.exists()
    assert not MeetingWish.objects.exists()
    assert not MeetingFeedback.objects.exists()
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {kept.registration.email}
    plan.refresh_from_db()
    assert plan.figures["feedback"]["answers"] == 1
    assert plan.figures["held"] == 1


@pytest.mark.django_db
def test_asking_for_wishes_writes_to_registered_people_who_did_not_leave(world: World) -> None:
    plan = make_plan()
    make_registration(plan.event, state=RegistrationState.WAITING)
    make_registration(plan.event)
    left = make_participant(plan)
    services.leave_meetings(registration=left.registration)
    assert services.ask_for_wishes(user=world.staff, event=plan.event) == 1
    with time_machine.travel(plan.starts_at - timedelta(minutes=30), tick=False):
        assert (
            refused(lambda: services.ask_for_wishes(user=world.staff, event=plan.event)) == "closed"
        )


@pytest.mark.django_db
def test_plan_ends_wishes_before_meetings_and_is_not_deleted_once_published() -> None:
    event = make_event(ends_at=None)
    values: dict[str, Any] = {
        "starts_at": event.starts_at,
        "slots": 3,
        "slot_minutes": 15,
        "pause_minutes": 5,
        "tables": 3,
        "minimum": 1,
        "place": "",
        "wishes_until": event.starts_at + timedelta(minutes=1),
    }
    assert refused(lambda: services.save_plan(user=staff(), event=event, values=values)) == "late"
    values["wishes_until"] = None
    plan = services.save_plan(user=staff(), event=event, values=values)
    assert plan.start_of(2) == event.starts_at + timedelta(minutes=40)
    make_meeting(plan, make_participant(plan), make_participant(plan))
    services.publish_meetings(user=staff(), event=event)
    assert refused(lambda: services.delete_plan(user=staff(), event=event)) == "published"
    # Other times are told to everybody concerned.
    services.save_plan(user=staff(), event=event, values={**values, "slot_minutes": 25})
    plan.refresh_from_db()
    assert services.change_by_publishing(plan=plan).people == 2


@pytest.mark.django_db
def test_people_of_one_cluster_do_not_meet() -> None:
    plan = make_plan()
    cluster = make_cluster()
    one, two = make_participant(plan, cluster), make_participant(plan, cluster)
    wish(one, two)
    wish(two, one)
    compute(plan)
    assert placed(plan) == {}


@pytest.mark.django_db
def test_meetings_of_a_cancelled_event_are_called_off_once() -> None:
    plan = make_plan()
    one, two = make_participant(plan), make_participant(plan)
    make_meeting(plan, one, two)
    services.publish_meetings(user=staff(), event=plan.event)
    assert services.cancel_with_events() == 0
    OutgoingMail.objects.all().delete()
    plan.event.status = EventStatus.CANCELLED
    plan.event.save()
    tasks.cancel_meetings_with_events()
    mails = OutgoingMail.objects.select_related("content")
    assert [mail.content.calendar_method for mail in mails] == ["CANCEL", "CANCEL"]
    assert {mail.values["uid"] for mail in mails} == {str(one.uid), str(two.uid)}
    assert {mail.values["sequence"] for mail in mails} == {"2"}
    assert services.cancel_with_events() == 0
    assert not Meeting.objects.announced().exists()
