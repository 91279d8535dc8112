"""What pages of a large event cost, against the same pages of a small one.

    python -m benchmarks.events

The page staff watches with 5,000 invitations against 50, and the public page with a programme of
60 sessions against 6, both in trivial pages measured in turns with them. CPU of the Python process
and of its PostgreSQL session together, called in process, without a network.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from benchmarks.directory import TRIVIAL, WARM_TIMES, Cost, cost, load
from benchmarks.measure import portal, requester, row, show

COMMAND = "python -m benchmarks.events"
INVITATIONS, SESSIONS = (50, 5_000), (6, 60)
GROWTH = 1.3


def run() -> list[dict[str, Any]]:
    """Return one row a figure. Needs the ground of ``measure.portal``."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    visitor = requester()
    staff = partial(visitor, HTTP_COOKIE=_staff_cookie())
    trivial = partial(load, visitor, TRIVIAL)
    watched: dict[int, Cost] = {}
    for number in INVITATIONS:
        _make_invitations(f"invited-{number}", number)
        page = partial(load, staff, f"/de/events/invited-{number}/invitations/")
        watched[number] = cost(page, trivial, WARM_TIMES)
    shown: dict[int, Cost] = {}
    for number in SESSIONS:
        _make_sessions(f"programme-{number}", number)
        page = partial(load, visitor, f"/de/events/programme-{number}/")
        shown[number] = cost(page, trivial, WARM_TIMES)
    return [
        _row("page of invitations", watched, *INVITATIONS),
        _row("page with programme", shown, *SESSIONS),
    ]


def _row(title: str, costs: dict[int, Cost], few: int, many: int) -> dict[str, Any]:
    small, large = costs[few], costs[many]
    return row(
        f"{title}, {few} to {many}",
        value=large.ratio,
        baseline=small.ratio,
        unit="trivial pages",
        target=f"at most {GROWTH}",
        met=large.ratio <= GROWTH * small.ratio,
        command=COMMAND,
    )


def _staff_cookie() -> str:
    """Sign a member of staff in and return the cookie that says so."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.create_user("staff@bench.example", is_staff=True))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _make_event(slug: str) -> Any:
    from django.utils import timezone

    from events.models import Event

    start = timezone.now() + timedelta(days=30)
    return Event.objects.create(
        slug=slug,
        title_de=slug,
        title_en=slug,
        kind="plenary",
        status="published",
        starts_at=start,
        ends_at=start + timedelta(hours=8),
    )


def _make_invitations(slug: str, number: int) -> None:
    """Invite that many; nine of ten mails have left, a third has answered."""
    from django.utils import timezone

    from core.models import MailContent, OutgoingMail
    from events.models import Invitation

    event, now = _make_event(slug), timezone.now()
    content = MailContent.objects.create(
        name="events/invitation", kind="invitation", language="de", subject="x", text="x", html="x"
    )
    mails = OutgoingMail.objects.bulk_create(
        OutgoingMail(
            content=content,
            to=f"{n}@{slug}.example",
            state="queued" if n % 10 == 0 else "sent",
            sent_at=None if n % 10 == 0 else now,
            due_at=now + timedelta(days=1),
            created_at=now,
        )
        for n in range(number)
    )
    Invitation.objects.bulk_create(
        Invitation(
            event=event,
            email=mail.to,
            name=f"Guest {n}",
            mail=mail,
            queued_at=now,
            answer="yes" if n % 3 == 0 else "",
            answered_at=now if n % 3 == 0 else None,
        )
        for n, mail in enumerate(mails)
    )
    _settle()


def _make_sessions(slug: str, number: int) -> None:
    """Make a day of runs with three workshops each."""
    from events.models import Session

    event = _make_event(slug)
    Session.objects.bulk_create(
        Session(
            event=event,
            code=f"s{n}",
            position=n,
            part="parallel",
            run=n // 3 + 1,
            track=n % 3 + 1,
            title_de=f"Workshop {n}",
            title_en=f"Workshop {n}",
            room=f"Room {n % 3 + 1}",
            moderator="NRW.innovativ",
            starts_at=event.starts_at + timedelta(minutes=20 * (n // 3)),
            ends_at=event.starts_at + timedelta(minutes=20 * (n // 3) + 20),
        )
        for n in range(number)
    )
    _settle()


def _settle() -> None:
    """Let the planner know what was written."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    with portal(clusters=0):
        show(run())


if __name__ == "__main__":
    main()
