"""What the page of a call tells about its teams: sentences in the reader's language.

Everything that quotes an entry is read again: what may no longer be read by the readers of the
call is neither quoted nor counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.choices import ClusterKind
from clusters.models import Cluster, District, Offer, Term
from matching.choices import MarkKind
from matching.consortia.facts import Facts, covered, only_covered_by
from matching.consortia.request import Request, shortfall_of
from matching.engine.reasons import HIGH_FROM, MEDIUM_FROM, shorten
from matching.models import ConsortiumCall, Team, TeamMember, TeamProposal
from matching.profiles import term_key
from matching.querysets import LEVELS
from matching.services.consortia.inputs import request_of

TEAMS: Final = 3
"""How many teams a computation looks for."""


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who could take a member's place."""

    cluster: Cluster
    brings: str
    loses: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the page shows it."""

    row: TeamMember
    cluster: Cluster
    reasons: list[str]
    roles: str
    options: list[Option]
    is_pinned: bool
    is_gone: bool
    is_example: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A team as the page shows it. ``musts`` pairs a competence with who stands for it."""

    team: Team
    members: list[Member]
    musts: list[tuple[str, str]]
    cans: list[tuple[str, str]]
    missing: list[str]
    proof: str


@dataclass
class Board:
    """All teams of a call, and what is to be said about them; ``kept`` are working lists."""

    call: ConsortiumCall
    request: Request
    labels: Mapping[str, str]
    sheets: list[Sheet] = field(default_factory=list)
    kept: list[Sheet] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)
    few: str = ""


def board_of(call: ConsortiumCall, proposal: TeamProposal | None) -> Board:
    """Build the page of a call, in a number of queries that does not depend on its teams."""
    board = Board(call, request_of(call), _labels())
    rows = list(call.teams.prefetch_related("members__cluster__district"))
    reader = _Reader(board, rows)
    for team in rows:
        (board.kept if team.kept_at else board.sheets).append(reader.sheet(team))
    if proposal is not None:
        board.missing = _missing(board, proposal)
        board.helps = [_help(one) for one in proposal.figures.get("helps", [])]
        if 0 < sum(team.proposal_id == proposal.pk for team in rows) < TEAMS:
            board.few = _(
                "There is no further clearly different team: at least two members would have to"
                " differ while every requirement is kept."
            )
    return board


class _Reader:
    """Reads once what all teams need."""

    def __init__(self, board: Board, teams: Iterable[Team]) -> None:
        self.board = board
        rows = [row for team in teams for row in team.members.all()]
        options = [one for row in rows for one in row.replacements]
        every = [row.facts for row in rows] + [one["facts"] for one in options]
        offers = {pk for facts in every for pk in facts.get("terms", {}).values() if pk}
        self.offers = {
            offer.pk: offer
            for offer in Offer.objects.current().filter(
                pk__in=offers, confidentiality__in=LEVELS[board.call.audience]
            )
        }
        ids = {one["cluster"] for one in options} | {row.cluster_id for row in rows}
        self.clusters = {
            cluster.pk: cluster
            for cluster in Cluster.objects.published().filter(pk__in=ids).select_related("district")
        }
        self.available = set(
            Cluster.objects.suggestible().filter(pk__in=ids).values_list("pk", flat=True)
        )
        self.pinned = set(
            board.call.marks.filter(kind=MarkKind.PINNED).values_list("cluster_id", flat=True)
        )

    def facts(self, values: Mapping[str, Any]) -> Facts:
        """Facts without what rests on entries that may no longer be read."""
        facts = Facts.from_dict(values)
        kept = {key: pk for key, pk in facts.terms.items() if not pk or pk in self.offers}
        return Facts.from_dict({**facts.as_dict(), "terms": kept})

    def sheet(self, team: Team) -> Sheet:
        rows = list(team.members.all())
        facts = {row.cluster_id: self.facts(row.facts) for row in rows}
        request = self.board.request
        short = shortfall_of(request, [one.candidate(pk) for pk, one in facts.items()])
        only = only_covered_by(facts, request.musts | request.cans)
        return Sheet(
            team=team,
            members=[self._member(row, facts, only[row.cluster_id]) for row in rows],
            musts=self._holders(request.musts, rows, facts),
            cans=self._holders(request.cans & covered(facts.values()), rows, facts),
            missing=[
                *(self._label(key) for key in short.musts),
                *(f"{self._label(key)} ({number})" for key, number in short.roles.items()),
                *(self._label(f"district:{key}") for key in short.regions),
            ],
            proof=_proof(team),
        )

    def _label(self, key: str) -> str:
        return self.board.labels.get(key.removeprefix("term:"), key)

    def _holders(
        self, keys: Iterable[str], rows: list[TeamMember], facts: Mapping[int, Facts]
    ) -> list[tuple[str, str]]:
        found = [
            (
                self._label(key),
                ", ".join(row.cluster.name for row in rows if key in facts[row.cluster_id].terms),
            )
            for key in keys
        ]
        return sorted(found)

    def _member(self, row: TeamMember, team: Mapping[int, Facts], only: list[str]) -> Member:
        pk = row.cluster_id
        is_set = row.is_lead or pk in self.pinned
        offers = [self.offers[at] for at in set(team[pk].terms.values()) if at]
        return Member(
            row=row,
            cluster=row.cluster,
            reasons=self._reasons(pk, team, only),
            roles=", ".join(self._label(key) for key in team[pk].roles),
            options=[] if row.is_lead else list(self._options(row, team)),
            is_pinned=pk in self.pinned,
            is_gone=pk not in self.clusters or (not is_set and pk not in self.available),
            is_example=row.cluster.is_example or any(offer.is_example for offer in offers),
        )

    def _reasons(self, pk: int, team: Mapping[int, Facts], only: list[str]) -> list[str]:
        facts, said = team[pk], []
        if alone := [self._label(key) for key in only]:
            said.append(_("Nobody else in this team stands for: %(what)s.") % {"what": _and(alone)})
        if shared := [self._label(key) for key in sorted(facts.terms) if key not in only]:
            said.append(_("Also stands for: %(what)s.") % {"what": _and(shared)})
        for offer in sorted({at for at in facts.terms.values() if at})[:2]:
            text = shorten(str(self.offers[offer].text))
            said.append(_("Its offer: “%(text)s”") % {"text": text})
        if stages := [self._label(key) for key in facts.stages]:
            said.append(_("Stage of the value chain: %(what)s.") % {"what": _and(stages)})
        wanted = self.board.request.required_regions | self.board.request.wanted_regions
        if facts.region in wanted:
            region = self._label(f"district:{facts.region}")
            said.append(_("Comes from a region you asked for: %(region)s.") % {"region": region})
        known = [
            self.clusters[one].name for one in facts.knows if one in team and one in self.clusters
        ]
        if known:
            said.append(_("Has worked with: %(names)s.") % {"names": _and(known)})
        if facts.fit >= HIGH_FROM:
            said.append(_("Its texts fit your idea well."))
        elif facts.fit >= MEDIUM_FROM:
            said.append(_("Its texts fit your idea in part."))
        return said or [_("Fits the other members well.")]

    def _options(self, row: TeamMember, team: Mapping[int, Facts]) -> Iterable[Option]:
        """Replacements, checked against the team as it is now."""
        rest = {pk: facts for pk, facts in team.items() if pk != row.cluster_id}
        before = shortfall_of(
            self.board.request, [one.candidate(pk) for pk, one in team.items()]
        ).musts
        for one in row.replacements:
            pk = one["cluster"]
            if pk in team or pk not in self.available:
                continue
            facts = self.facts(one["facts"])
            joined = [other.candidate(at) for at, other in {**rest, pk: facts}.items()]
            lost = set(shortfall_of(self.board.request, joined).musts) - set(before)
            yield Option(
                self.clusters[pk],
                _and([self._label(key) for key in sorted(facts.terms)]),
                _and([self._label(key) for key in sorted(lost)]),
            )


def _labels() -> dict[str, str]:
    """Labels of terms, kinds and districts by their keys."""
    labels = {term_key(term.kind, term.code): str(term) for term in Term.objects.all()}
    labels |= {f"kind:{key}": str(label) for key, label in ClusterKind.choices}
    labels |= {f"district:{one.code}": one.short_name for one in District.objects.all()}
    return labels


def _and(words: list[str]) -> str:
    return ", ".join(words)


def _proof(team: Team) -> str:
    if team.is_changed:
        return _("Changed by hand.")
    if team.bound <= team.value:
        return _("Proven: by this formula no team of this kind is better.")
    percent = max(round(100 * (team.bound - team.value) / abs(team.bound or 1)), 1)
    return _("By this formula no team can be more than %(percent)d %% better; that is proven.") % {
        "percent": percent
    }


def _missing(board: Board, proposal: TeamProposal) -> list[str]:
    """Say what no team has, in sentences."""
    missing = proposal.figures.get("missing", {})
    unheld = set(proposal.figures.get("unheld", ()))
    said = []
    for key in missing.get("musts", ()):
        what = {"what": board.labels.get(key, key)}
        if key in unheld:
            said.append(
                _(
                    "Nobody in the portal names “%(what)s”. Choose a related competence, make it"
                    " one the team could have, or look for this partner outside the portal."
                )
                % what
            )
        else:
            said.append(
                _("“%(what)s” exists in the portal, but no team has it that keeps all the rest.")
                % what
            )
    for key, number in missing.get("roles", {}).items():
        text = ngettext(
            "Role “%(what)s”: %(number)d place stays empty.",
            "Role “%(what)s”: %(number)d places stay empty.",
            number,
        )
        what = {"what": board.labels.get(key.removeprefix("term:"), key)}
        said.append(text % {**what, "number": number})
    for key in missing.get("regions", ()):
        region = board.labels.get(f"district:{key}", key)
        said.append(_("Nobody comes from the region %(region)s.") % {"region": region})
    if number := missing.get("members", 0):
        text = ngettext(
            "%(number)d member is missing for the smallest team.",
            "%(number)d members are missing for the smallest team.",
            number,
        )
        said.append(text % {"number": number})
    return said


def _help(one: Mapping[str, Any]) -> str:
    """Say which requirement, relaxed, would help."""
    kind = one.get("kind")
    if kind == "size":
        text = ngettext(
            "It would help to allow %(number)d more member.",
            "It would help to allow %(number)d more members.",
            one["amount"],
        )
        return text % {"number": one["amount"]}
    return {
        "roles": _("It would help to do without the roles."),
        "regions": _("It would help to make the required regions welcome ones."),
        "competition": _("It would help to allow more than one pair of competitors."),
        "excluded": _("It would help to admit the organisations you have left out."),
        "load": _(
            "It would help to admit organisations that are on several of your working lists."
        ),
    }.get(str(kind), "")
