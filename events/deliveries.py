"""Where the invitations of an event stand: choosing, paging, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import ceil
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.choices import MailState
from core.models import OutgoingMail
from events import dates
from events.choices import Answer, EventStatus
from events.models import Event, Invitation

ROWS = 50
NO_ANSWER = "none"
# What a mail's row knows beside its state.
BOUNCED, DOUBTFUL = "bounced", "doubtful"
STATES = [
    *MailState.choices,
    (BOUNCED, gettext_lazy("came back")),
    (DOUBTFUL, gettext_lazy("may have arrived twice")),
]
_LONGEST_WORDS = 100
_RECENTLY = timedelta(minutes=1)


@dataclass(frozen=True)
class Filter:
    """Which invitations are listed; empty words choose all."""

    delivery: str = ""
    answer: str = ""
    words: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Filter:
        """Read the words of an address; nonsense chooses all."""
        delivery, answer = values.get("delivery", ""), values.get("answer", "")
        return cls(
            delivery if delivery in dict(STATES) else "",
            answer if answer in {*Answer.values, NO_ANSWER} else "",
            values.get("q", "").strip()[:_LONGEST_WORDS],
        )

    def __bool__(self) -> bool:
        return bool(self.delivery or self.answer or self.words)

    @property
    def answer_in_row(self) -> str:
        return "" if self.answer == NO_ANSWER else self.answer


@dataclass(frozen=True)
class Segment:
    """Everybody with the same answer, and how many they are."""

    value: str
    label: Any
    number: int


def segments(totals: Mapping[str, int]) -> list[Segment]:
    """Return the answers with their numbers, those who said nothing last."""
    given = [Segment(a.value, a.label, totals[a.value]) for a in Answer]
    unanswered = totals["total"] - totals["answered"]
    return [*given, Segment(NO_ANSWER, _("no answer yet"), unanswered)]


def _chosen(event: Event, chosen: Filter) -> QuerySet[Invitation]:
    """Return the rows by address; only a question about mails joins them."""
    rows: Any = event.invitations.order_by("email", "pk")
    if chosen.delivery == BOUNCED:
        rows = rows.filter(mail__bounced_at__isnull=False)
    elif chosen.delivery == DOUBTFUL:
        rows = rows.filter(mail__doubtful_at__isnull=False)
    elif chosen.delivery:
        rows = rows.with_delivery().filter(delivery=chosen.delivery)
    if chosen.answer:
        rows = rows.filter(answer=chosen.answer_in_row)
    if chosen.words:
        rows = rows.filter(email__icontains=chosen.words)
    found: QuerySet[Invitation] = rows
    return found


def rows(event: Event, chosen: Filter) -> QuerySet[Invitation]:
    """Return the invitations with everything a line shows."""
    found: Any = _chosen(event, chosen)
    complete: QuerySet[Invitation] = found.with_delivery().select_related("cluster", "mail")
    return complete


class _Counted(Paginator):  # type: ignore[type-arg]
    """A paginator that was told the number of its rows."""

    def __init__(self, rows: Any, size: int, number: int) -> None:
        super().__init__(rows, size)
        self._number = number

    @cached_property
    def count(self) -> int:
        return self._number


def page(event: Event, chosen: Filter, totals: Mapping[str, int], number: str | None) -> Page[Any]:
    """Return one page of invitations.

    The page is cut by an index, before mails and clusters are joined: five thousand invitations
    cost what fifty do.
    """
    keys = _chosen(event, chosen).values_list("pk", flat=True)
    if not chosen:
        paginator: Paginator[Any] = _Counted(keys, ROWS, totals["total"])
    else:
        paginator = Paginator(keys, ROWS)
    cut = paginator.get_page(number)
    wanted: Any = event.invitations.filter(pk__in=list(cut.object_list))
    lines = wanted.with_delivery().select_related("cluster", "mail")
    cut.object_list = list(lines.order_by("email", "pk"))
    return cut


def state_label(row: Any) -> str:
    """Return in a word where an invitation from :func:`rows` stands."""
    if row.mail and row.mail.bounced_at:
        return str(dict(STATES)[BOUNCED])
    return str(MailState(row.delivery).label)


def seconds_to_next_look(event: Event, totals: Mapping[str, int]) -> int:
    """Return how soon the page should look again; 0 when nothing can change any more.

    Mails move within seconds, answers arrive over days.
    """
    if totals["pending"] and event.invitations_paused_at is None:
        return 2
    waits = totals["answered"] < totals["total"] and not dates.is_over(event)
    return 15 if waits else 0


def minutes_left(event: Event, totals: Mapping[str, int]) -> int:
    """Estimate when the last mail is sent, from what went out in the last minute; 0: not known."""
    if not totals["pending"] or event.invitations_paused_at is not None:
        return 0
    recent = OutgoingMail.objects.filter(
        state=MailState.SENT, sent_at__gte=timezone.now() - _RECENTLY
    ).count()
    return ceil(totals["pending"] / recent) if recent else 0


def can_remind(event: Event) -> bool:
    """Tell whether a reminder makes sense: the event is still to come and takes place."""
    return event.status == EventStatus.PUBLISHED and not dates.is_over(event)
