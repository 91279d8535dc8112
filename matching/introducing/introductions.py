"""What pages show of introductions: by side, in as many queries for two rows as for two hundred."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from clusters.models import Cluster
from matching.choices import Audience, IntroductionOrigin, IntroductionState, SideAnswer
from matching.introducing.contacts import contacts_of
from matching.models import Appointment, Feedback, Introduction, Outcome, Suggestion
from matching.suggesting.cards import build_cards, disclose, in_language

PAST_SHOWN: Final = 20
OPEN_SHOWN: Final = 100


@dataclass(slots=True)
class Line:
    """One introduction as one of its sides may see it."""

    introduction: Introduction
    cluster: Cluster
    other: Cluster
    reasons: list[str] = field(default_factory=list)
    contacts: list[User] = field(default_factory=list)
    dates: list[Appointment] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        """The side has asked, so it waits and answers nothing."""
        return (
            self.introduction.origin == IntroductionOrigin.CLUSTER
            and self.introduction.asker_id == self.cluster.pk
        )

    @property
    def answer(self) -> str:
        """The side's own answer; the other one's is not here."""
        return self.introduction.answer_of(self.cluster.pk)

    @property
    def waits_for_us(self) -> bool:
        return (
            self.introduction.state == IntroductionState.ASKED
            and self.answer == SideAnswer.NONE
            and self.introduction.expires_at > timezone.now()
        )

    @property
    def can_answer(self) -> bool:
        """The answer may be given, or changed, until the end."""
        introduction = self.introduction
        return (
            introduction.state == IntroductionState.ASKED
            and not self.is_ours
            and introduction.expires_at > timezone.now()
        )

    @property
    def confirmed(self) -> Appointment | None:
        return next((date for date in self.dates if date.confirmed_at), None)


@dataclass(slots=True)
class Overview:
    """A manager's introductions, what waits for them first."""

    waiting: list[Line] = field(default_factory=list)
    asked: list[Line] = field(default_factory=list)
    agreed: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)


def read_overview(user: User) -> Overview:
    """Return the introductions of all clusters a person manages, staff's own ones included."""
    managed = {cluster.pk: cluster for cluster in Cluster.objects.managed_by(user)}
    rows = Introduction.objects.filter(Q(asker__in=managed) | Q(partner__in=managed))
    rows = rows.select_related("asker", "partner")
    found = [*rows.open().order_by("-pk")[:OPEN_SHOWN], *rows.over().order_by("-pk")[:PAST_SHOWN]]
    overview = Overview()
    for line in read_lines(found, set(managed)):
        if line.waits_for_us:
            overview.waiting.append(line)
        elif line.introduction.state == IntroductionState.ASKED and (
            line.answer == SideAnswer.AGREED
        ):
            overview.asked.append(line)
        elif line.introduction.state in (IntroductionState.AGREED, IntroductionState.MET):
            overview.agreed.append(line)
        else:
            overview.past.append(line)
    overview.waiting.sort(key=lambda line: line.introduction.expires_at)
    _add_reasons(overview.waiting)
    return overview


def read_waiting(user: User, limit: int = 3) -> tuple[list[Line], int]:
    """Return who wants to talk to the person's clusters, the most urgent first, and how many."""
    managed = set(Cluster.objects.managed_by(user).values_list("pk", flat=True))
    if not managed:
        return [], 0
    rows = Introduction.objects.unanswered_by(managed).filter(expires_at__gt=timezone.now())
    number = rows.count()
    if not number:
        return [], 0
    found = list(rows.select_related("asker", "partner").order_by("expires_at", "pk")[:limit])
    lines = [line for line in read_lines(found, managed) if line.waits_for_us]
    _add_reasons(lines)
    return lines, number


def read_lines(introductions: Sequence[Introduction], managed: Iterable[int]) -> list[Line]:
    """Return introductions as the managed clusters see them, with contacts, dates, outcomes."""
    own = set(managed)
    contacts = contacts_of(introductions)
    dates = _by_introduction(Appointment.objects.all(), introductions)
    outcomes = _by_introduction(Outcome.objects.select_related("cluster"), introductions)
    lines = []
    for row in introductions:
        cluster = row.partner if row.partner_id in own else row.asker
        other = row.other_than(cluster.pk)
        lines.append(
            Line(
                introduction=row,
                cluster=cluster,
                other=other,
                contacts=contacts.get((row.pk, other.pk), []),
                dates=dates.get(row.pk, []),
                outcomes=outcomes.get(row.pk, []),
            )
        )
    return lines


def line_of(introduction: Introduction, cluster: Cluster) -> Line:
    """Return one introduction as a side sees it, with the reasons that speak for the pair."""
    (line,) = read_lines([introduction], [cluster.pk])
    _add_reasons([line])
    return line


def pair_reasons(cluster: Cluster, other: Cluster) -> list[str]:
    """Return what speaks for a pair in a cluster's eyes, where it is suggested at present."""
    rows = Suggestion.objects.current().filter(
        cluster=cluster, partner=other, audience=Audience.CLUSTERS
    )
    return [
        reason.text
        for card in build_cards(rows, Audience.CLUSTERS)[:1]
        for reason in card.reasons[:3]
    ]


def _by_introduction(rows: Any, introductions: Sequence[Introduction]) -> dict[int, list[Any]]:
    agreed = [row.pk for row in introductions if row.is_agreed]
    found: dict[int, list[Any]] = {}
    for row in rows.filter(introduction__in=agreed) if agreed else ():
        found.setdefault(row.introduction_id, []).append(row)
    return found


def _add_reasons(lines: Sequence[Line]) -> None:
    """Add what speaks for each pair in the eyes of its side, as far as it still holds."""
    rows = []
    for line in lines:
        grounds = line.introduction.grounds.get(line.introduction.side_of(line.cluster.pk), {})
        rows.append(
            Suggestion(
                cluster=line.cluster,
                partner=line.other,
                audience=Audience.CLUSTERS,
                reasons=grounds.get("reasons", []),
                rests_on=grounds.get("rests_on", {}),
            )
        )
    found = {id(one.suggestion): one.reasons for one in disclose(rows, Audience.CLUSTERS)}
    for line, row in zip(lines, rows, strict=True):
        line.reasons = [in_language(reason) for reason in found.get(id(row), [])[:3]]


@dataclass(frozen=True, slots=True)
class PairStates:
    """What a cluster has said and asked about others, by the other cluster's id."""

    introductions: dict[int, Introduction]
    feedback: dict[int, Feedback]


def pair_states(cluster: Cluster) -> PairStates:
    """Return what the cards of a cluster's list need to know, in two queries."""
    open_ones = Introduction.objects.of_cluster(cluster.pk).open()
    said = Feedback.objects.in_force().filter(cluster=cluster).select_related("partner")
    return PairStates(
        introductions={
            (row.partner_id if row.asker_id == cluster.pk else row.asker_id): row
            for row in open_ones
        },
        feedback={row.partner_id: row for row in said},
    )
