"""Figures: each number has one meaning, on every page and in every file."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.choices import MailKind, MailState
from core.models import MailContent, OutgoingMail
from events import statistics
from events.choices import EventStatus, RegistrationSource
from events.models import Event, Invitation
from events.services import note_deliveries
from tests.conftest import World
from tests.factories import make_event, make_field, make_registration


@pytest.fixture
def event(world: World) -> Event:
    return make_event(datetime(2027, 5, 26, 12, tzinfo=UTC), slug="treffen", title_de="Treffen")


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def invite(event: Event, number: int, **fields: Any) -> list[Invitation]:
    start = event.invitations.count()
    return [
        Invitation.objects.create(
            event=event,
            email=f"invited-{event.pk}-{n}@guests.example",
            **{"queued_at": timezone.now(), **fields},
        )
        for n in range(start, start + number)
    ]


def mail_of(invitation: Invitation, **fields: Any) -> OutgoingMail:
    content = MailContent.objects.create(
        name="events/invitation", kind=MailKind.INVITATION, language="de", subject="s", text="t"
    )
    mail: OutgoingMail = OutgoingMail.objects.create(content=content, to=invitation.email, **fields)
    invitation.mail = mail
    invitation.save()
    return mail


def test_invitations_count_by_delivery_and_answer(event: Event) -> None:
    invite(event, 3, answer="yes")
    invite(event, 2, answer="no")
    invite(event, 1, answer="maybe")
    invite(event, 1, answer="colleague")
    invite(event, 1, queued_at=None)
    failed, bounced, arrived = invite(event, 3)
    mail_of(failed, state=MailState.FAILED)
    mail_of(bounced, state=MailState.SENT, bounced_at=timezone.now())
    mail_of(arrived, state=MailState.SENT)
    figures = statistics.of_event(event)
    assert (figures.invited, figures.delivered, figures.answered) == (11, 8, 7)
    assert (figures.yes, figures.no, figures.maybe, figures.colleague) == (3, 2, 1, 1)


def test_delivered_stays_when_old_mails_are_deleted(event: Event) -> None:
    failed, bounced, arrived = invite(event, 3)
    mail_of(failed, state=MailState.FAILED)
    mail_of(bounced, state=MailState.SENT, bounced_at=timezone.now())
    mail_of(arrived, state=MailState.SENT)
    assert statistics.of_event(event).delivered == 1
    assert note_deliveries() == 2
    assert note_deliveries() == 0
    OutgoingMail.objects.all().delete()
    assert statistics.of_event(event).delivered == 1


def test_mail_sent_again_with_success_counts_as_delivered(event: Event) -> None:
    (invitation,) = invite(event, 1)
    mail = mail_of(invitation, state=MailState.FAILED)
    note_deliveries()
    mail.state = MailState.SENT
    mail.save()
    note_deliveries()
    OutgoingMail.objects.all().delete()
    assert statistics.of_event(event).delivered == 1


def test_people_count_by_what_became_of_them(world: World, event: Event) -> None:
    fields = [make_field(), make_field()]
    world.alpha.innovation_fields.set(fields)
    world.beta.innovation_fields.set(fields[:1])
    for _ in range(6):
        make_registration(event, state="attended", cluster=world.alpha)
    for _ in range(2):
        make_registration(event, state="registered", cluster=world.beta)
    make_registration(event, state="attended", source=RegistrationSource.WALK_IN)
    make_registration(event, state="waiting")
    make_registration(event, state="requested")
    make_registration(event, state="offered", offer_expires_at=timezone.now())
    make_registration(event, state="cancelled", cluster=world.beta)
    figures = statistics.of_event(event)
    assert (figures.registered, figures.waiting, figures.attended) == (9, 3, 7)
    assert (figures.walk_ins, figures.expected, figures.no_shows) == (1, 8, 2)
    assert figures.no_show_percent == 25
    assert (figures.cluster_count, figures.field_count) == (2, 2)


def test_without_check_in_nobody_stayed_away(event: Event) -> None:
    make_registration(event)
    figures = statistics.of_event(event)
    assert (figures.no_shows, figures.no_show_percent) == (None, None)
    assert "–" in statistics.row(figures)


def test_quarters_count_a_cluster_once(world: World, event: Event) -> None:
    second = make_event(datetime(2027, 6, 30, 21, 30, tzinfo=UTC))
    third = make_event(datetime(2027, 6, 30, 22, 30, tzinfo=UTC))
    events = [event, second, third]
    for one in events:
        make_registration(one, cluster=world.alpha)
    quarters = statistics.by_quarter(events, statistics.of_events(events))
    assert [(quarter, number) for quarter, number, _figures in quarters] == [(2, 2), (3, 1)]
    assert [figures.registered for _q, _n, figures in quarters] == [2, 1]
    assert [figures.cluster_count for _q, _n, figures in quarters] == [1, 1]


def test_page_overview_and_files_say_the_same(world: World, event: Event, staff: Client) -> None:
    invite(event, 4, answer="yes")
    for _ in range(3):
        make_registration(event, state="attended", cluster=world.alpha)
    make_event(datetime(2027, 8, 1, tzinfo=UTC), status=EventStatus.DRAFT)
    expected = statistics.row(statistics.of_event(event))
    page = staff.get(reverse("events:event-figures", args=["treffen"]))
    assert statistics.row(page.context["figures"]) == expected
    overview = staff.get(reverse("events:figures-overview"), {"year": "2027"})
    short = statistics.row(statistics.of_event(event), short=True)
    assert short == [4, 4, 4, 3, 0, 3, 0, 1, 0]
    assert [values for _event, values in overview.context["events"]] == [short]
    assert overview.context["total"] == short
    assert overview.context["quarters"] == [(2, 1, short)]
    address = reverse("events:figures-table")
    text = b"".join(staff.get(address, {"year": "2027"}).streaming_content).decode()
    last = text.splitlines()[-1].split(";")
    assert last[0] == "Treffen"
    assert last[3:] == [str(value) for value in expected]
    single = reverse("events:event-figures-table", args=["treffen"])
    lines = b"".join(staff.get(single).streaming_content).decode().splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == [str(value) for value in expected]


def test_overview_takes_nonsense_for_this_year(world: World, staff: Client) -> None:
    for year in ("", "x", "20271", "٢٠٢٧", "0000"):
        response = staff.get(reverse("events:figures-overview"), {"year": year})
        assert response.status_code == 200


@pytest.mark.parametrize("name", ["event-figures", "survey-results", "event-figures-table"])
def test_figures_are_for_staff(world: World, event: Event, name: str) -> None:
    client = Client()
    client.force_login(world.manager)
    assert client.get(reverse(f"events:{name}", args=["treffen"])).status_code == 404


def test_overview_needs_the_same_number_of_queries(world: World, staff: Client) -> None:
    counted = []
    staff.get(reverse("events:figures-overview"), {"year": "2027"})
    for number in (2, 20):
        while Event.objects.count() < number:
            event = make_event(datetime(2027, 5, 26, tzinfo=UTC) + timedelta(days=number))
            invite(event, 1)
            make_registration(event, cluster=world.alpha)
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("events:figures-overview"), {"year": "2027"})
        counted.append(len(queries))
    assert counted[0] == counted[1]
