"""The figures of events: one definition for each number, for every page, table and file.

All counts come from rows that outlive the event's retention, so they stay when names go.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from clusters.models import InnovationField
from core.choices import MailState
from events.choices import Answer, RegistrationSource, RegistrationState
from events.dates import local
from events.models import Event, Invitation, Registration
from events.querysets.registration import TAKING_A_PLACE

WAITING = (RegistrationState.REQUESTED, RegistrationState.WAITING, RegistrationState.OFFERED)


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: a number and its share of ``whole`` (0 where there is none)."""

    label: str
    count: int
    whole: int

    @property
    def percent(self) -> int:
        """The share in percent, rounded to whole ones."""
        return round(100 * self.count / self.whole) if self.whole else 0


@dataclass
class Figures:
    """What is counted of one event, or of several together.

    ``clusters`` and ``fields`` hold primary keys, so that several events count each once.
    """

    #: Addresses invited.
    invited: int = 0
    #: Invitations whose mail has left the house and did not come back.
    delivered: int = 0
    yes: int = 0
    maybe: int = 0
    no: int = 0
    colleague: int = 0
    #: People who hold a place or were there: who registered in time, and who came without.
    registered: int = 0
    #: People who wait for approval, for a place, or were offered one and have not taken it.
    waiting: int = 0
    #: People checked in, whether they had registered or not.
    attended: int = 0
    #: Of these, who came without a registration.
    walk_ins: int = 0
    #: Places held at events at which people were checked in; the base of the no-show rate.
    expected: int = 0
    #: Survey responses.
    responses: int = 0
    #: Clusters somebody registered or came for.
    clusters: set[int] = field(default_factory=set)
    #: Innovation fields of these clusters.
    fields: set[int] = field(default_factory=set)

    @property
    def answered(self) -> int:
        """Invitations with an answer of any kind."""
        return self.yes + self.maybe + self.no + self.colleague

    @property
    def no_shows(self) -> int | None:
        """Who held a place and was not checked in; None where nobody was checked in."""
        return self.expected - self.came if self.expected else None

    @property
    def no_show_percent(self) -> int | None:
        """The share of places held that stayed empty, in whole percent."""
        missing = self.no_shows
        return None if missing is None else round(100 * missing / self.expected)

    @property
    def came(self) -> int:
        """Who held a place and was checked in."""
        return self.attended - self.walk_ins

    @property
    def cluster_count(self) -> int:
        return len(self.clusters)

    @property
    def field_count(self) -> int:
        return len(self.fields)

    def add(self, other: "Figures") -> None:
        """Add another event's figures; clusters and fields count once."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            setattr(self, one.name, mine | theirs if isinstance(mine, set) else mine + theirs)


def of_events(events: Iterable[Event]) -> dict[int, Figures]:
    """Return the figures of each event by its id, in a fixed number of queries."""
    found = {event.pk: Figures() for event in events}
    _count_invitations(found)
    _count_registrations(found)
    _find_clusters(found)
    responses = Event.objects.filter(pk__in=found).annotate(n=Count("survey_responses"))
    for pk, number in responses.order_by().values_list("pk", "n"):
        found[pk].responses = number
    return found


def of_event(event: Event) -> Figures:
    """Return the figures of one event."""
    return of_events([event])[event.pk]


def total(figures: Iterable[Figures]) -> Figures:
    """Return the figures of several events together."""
    together = Figures()
    for one in figures:
        together.add(one)
    return together


def _count_invitations(found: dict[int, Figures]) -> None:
    answers = {answer.value: Count("pk", filter=Q(answer=answer.value)) for answer in Answer}
    gone = Q(delivery=MailState.SENT) & Q(Q(mail=None) | Q(mail__bounced_at=None))
    rows = (
        Invitation.objects.filter(event__in=found)
        .with_delivery()
        .order_by()
        .values("event")
        .annotate(invited=Count("pk"), delivered=Count("pk", filter=gone), **answers)
    )
    for row in rows:
        figures = found[row.pop("event")]
        for name, number in row.items():
            setattr(figures, name, number)


def _count_registrations(found: dict[int, Figures]) -> None:
    attended = Q(state=RegistrationState.ATTENDED)
    walk_in = Q(source=RegistrationSource.WALK_IN)
    rows = (
        Registration.objects.filter(event__in=found)
        .order_by()
        .values("event")
        .annotate(
            registered=Count("pk", filter=Q(state__in=TAKING_A_PLACE)),
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            attended=Count("pk", filter=attended),
            walk_ins=Count("pk", filter=attended & walk_in),
            places=Count("pk", filter=Q(state__in=TAKING_A_PLACE) & ~walk_in),
        )
    )
    for row in rows:
        figures, places = found[row.pop("event")], row.pop("places")
        for name, number in row.items():
            setattr(figures, name, number)
        # Where nobody was checked in, nobody knows who stayed away.
        figures.expected = places if figures.attended else 0


def _find_clusters(found: dict[int, Figures]) -> None:
    taking = Registration.objects.filter(event__in=found, state__in=TAKING_A_PLACE)
    pairs = set(taking.exclude(cluster=None).order_by().values_list("event", "cluster").distinct())
    by_cluster: dict[int, set[int]] = defaultdict(set)
    rows = InnovationField.objects.filter(clusters__in={cluster for _event, cluster in pairs})
    for field_id, cluster_id in rows.order_by().values_list("pk", "clusters"):
        by_cluster[cluster_id].add(field_id)
    for event_id, cluster_id in pairs:
        found[event_id].clusters.add(cluster_id)
        found[event_id].fields |= by_cluster[cluster_id]


# What has room on a page; files have all.
_SHORT = (
    "invited",
    "delivered",
    "answered",
    "registered",
    "waiting",
    "attended",
    "no_show_percent",
    "cluster_count",
    "responses",
)


def columns(*, short: bool = False) -> list[tuple[str, str]]:
    """Return the numbers of a table in their order, as attribute and heading."""
    found = [
        ("invited", _("Invited")),
        ("delivered", _("Delivered")),
        ("answered", _("Answered")),
        ("yes", _("Yes")),
        ("maybe", _("Maybe")),
        ("no", _("No")),
        ("colleague", _("A colleague")),
        ("registered", _("Registered")),
        ("waiting", _("On the waiting list")),
        ("attended", _("Attended")),
        ("walk_ins", _("Without registration")),
        ("no_shows", _("Stayed away")),
        ("no_show_percent", _("Stayed away, percent")),
        ("cluster_count", _("Clusters")),
        ("field_count", _("Innovation fields")),
        ("responses", _("Survey responses")),
    ]
    return [column for column in found if column[0] in _SHORT] if short else found


def row(figures: Figures, *, short: bool = False) -> list[int | str]:
    """Return the numbers of ``columns``; what is not known is a dash."""
    values = [getattr(figures, name) for name, _label in columns(short=short)]
    return ["–" if value is None else value for value in values]


def quarter_of(moment: datetime) -> tuple[int, int]:
    """Return year and quarter (1 to 4) on the portal's clock."""
    day = local(moment)
    return day.year, (day.month - 1) // 3 + 1


def by_quarter(
    events: Sequence[Event], figures: dict[int, Figures]
) -> list[tuple[int, int, Figures]]:
    """Return quarter, number of events and figures, for the quarters that have any."""
    groups: dict[int, list[Figures]] = defaultdict(list)
    for event in events:
        groups[quarter_of(event.starts_at)[1]].append(figures[event.pk])
    return [(quarter, len(group), total(group)) for quarter, group in sorted(groups.items())]
