"""From rows to the problem of the solver: what a call asks for, and who could be in its team."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from clusters.choices import StatementStatus
from clusters.models import Cluster, Offer
from matching.choices import Audience, MarkKind, Rule
from matching.consortia.facts import Facts
from matching.consortia.request import Request, Role
from matching.engine.profile import Bilingual, Profile
from matching.models import ConsortiumCall, TeamMember, Weights
from matching.profiles import World, read_world, term_key
from matching.querysets import LEVELS
from matching.services.inputs import engine_weights
from matching.suggesting.candidates import excluded_pairs
from matching.vectors.composing import NOISE, SAME, encode_texts
from matching.vectors.models import text_model
from matching.vectors.reading import read_vectors

if TYPE_CHECKING:
    from matching.consortia.problem import Problem
    from matching.engine.vectors import Vectors

LOAD_AT_MOST: Final = 3
"""Working lists of other open calls an organisation may be on, before it is left out."""
APART: Final = (Rule.ORGANISATION, Rule.PEOPLE, Rule.BLOCKED, Rule.DECLINED)
"""Rules that keep two organisations out of one team; former partners are welcome."""
MODEL_VERSION: Final = 1
"""Raise it when the same input may give other teams."""
WORD_AT_LEAST: Final = 4
"""Letters a label needs to be looked for inside texts of offers."""


@dataclass(frozen=True)
class Task:
    """A problem, the facts of its candidates, and the same call with more candidates."""

    problem: "Problem"
    facts: Mapping[int, Facts]
    variants: Mapping[Any, "Problem"]
    weights: Weights
    inputs_hash: str


def request_of(call: ConsortiumCall, known: Iterable[int] | None = None) -> Request:
    """Return what a call asks for; ``known`` ids restrict who is fixed to those that take part."""
    competences = list(call.competences.select_related("term"))
    regions = list(call.regions.select_related("district"))
    fixed = set(call.marks.filter(kind=MarkKind.PINNED).values_list("cluster_id", flat=True))
    if call.cluster_id:
        fixed.add(call.cluster_id)
    counts: Counter[str] = Counter()
    for role in call.roles.select_related("term"):
        counts[role_key(role)] += role.count
    return Request(
        musts=frozenset(key_of(row.term) for row in competences if row.is_must),
        cans=frozenset(key_of(row.term) for row in competences if not row.is_must),
        roles=tuple(Role(key, count) for key, count in counts.items()),
        min_size=call.min_partners,
        max_size=call.max_partners,
        required_regions=frozenset(row.district.code for row in regions if row.is_required),
        wanted_regions=frozenset(row.district.code for row in regions if not row.is_required),
        fixed=frozenset(fixed if known is None else fixed & set(known)),
    )


def key_of(term: Any) -> str:
    """Return a term's key, as the engine calls it."""
    return term_key(term.kind, term.code)


def role_key(role: Any) -> str:
    """Return the key of a role: the kind of organisation, or the term its members stand for."""
    return f"kind:{role.kind}" if role.kind else f"term:{key_of(role.term)}"


def read_task(call: ConsortiumCall) -> Task:
    """Read and score everything a computation for this call rests on.

    :raises LookupError: when no weights are published.
    """
    # Imported here because numpy and the solver take a while, and only workers need them.
    import numpy as np

    from matching.consortia.problem import Problem
    from matching.consortia.scoring import score_everybody

    weights = Weights.objects.published().first()
    if weights is None:
        raise LookupError("No weights are published.")
    audience = call.audience
    world = read_world(audience)
    vectors = read_vectors(world, audience)
    scores = score_everybody(
        world.profiles,
        weights=engine_weights(weights),
        vocabulary=world.vocabulary,
        audience=audience.level,
        today=timezone.localdate(),
        vectors=vectors,
    )
    ids = [profile.id for profile in scores.profiles]
    request = request_of(call, ids)
    facts = _facts(call, request, scores.profiles, world, vectors)
    pairs = excluded_pairs()
    apart = frozenset(pair for rule in APART for pair in pairs[rule])
    left_out = set(call.marks.filter(kind=MarkKind.EXCLUDED).values_list("cluster_id", flat=True))
    busy = _busy(call)

    def problem_of(without: set[int]) -> Problem:
        rows = [
            row
            for row, profile in enumerate(scores.profiles)
            if profile.id in request.fixed
            or (profile.agreed_to_be_suggested and profile.id not in without)
        ]
        candidates = [facts[ids[row]].candidate(ids[row]) for row in rows]
        table = np.ix_(rows, rows)
        return Problem(request, candidates, scores.scores[table], scores.competing[table], apart)

    problem = problem_of(left_out | busy)
    variants: dict[Any, Problem] = {}
    if left_out - request.fixed:
        variants["excluded"] = problem_of(busy)
    if busy - request.fixed:
        variants["load"] = problem_of(left_out)
    return Task(problem, facts, variants, weights, _digest(problem, weights))


def _facts(
    call: ConsortiumCall,
    request: Request,
    profiles: Iterable[Profile],
    world: World,
    vectors: "Vectors | None",
) -> dict[int, Facts]:
    """What each organisation stands for in this call, as the audience may know it."""
    profiles = list(profiles)
    terms = [row.term for row in call.competences.select_related("term")]
    audience = call.audience
    held = _held(terms, audience)
    rows = Cluster.objects.filter(pk__in=[profile.id for profile in profiles])
    about = {
        pk: (kind, region or "")
        for pk, kind, region in rows.values_list("pk", "kind", "district__code")
    }
    by_role = _held(
        [role.term for role in call.roles.select_related("term") if role.term], audience
    )
    fits = _fits(call, profiles, world, vectors)
    wanted_roles = {role.key for role in request.roles}
    found = {}
    for profile, fit in zip(profiles, fits, strict=True):
        kind, region = about[profile.id]
        roles = {f"kind:{kind}"} | {f"term:{key}" for key in by_role[profile.id]}
        found[profile.id] = Facts(
            terms=dict(sorted(held[profile.id].items())),
            roles=tuple(sorted(roles & wanted_roles)),
            region=region,
            stages=tuple(sorted(profile.stages)),
            fit=float(fit),
            knows=tuple(sorted(pk for pk, number in profile.cooperations.items() if number)),
        )
    return found


def _held(terms: list[Any], audience: Audience) -> dict[int, dict[str, int]]:
    """By organisation the terms it stands for, each with the offer that shows it, or 0.

    An offer shows a term it carries, works at (a stage), or names in its text.
    """
    keys = {term.pk: key_of(term) for term in terms}
    found: dict[int, dict[str, int]] = defaultdict(dict)
    through: Any = Cluster.terms.through
    for cluster, term in through._default_manager.filter(term__in=keys).values_list(
        "cluster_id", "term_id"
    ):
        found[cluster][keys[term]] = 0
    if not keys:
        return found
    offers = Offer.objects.current().filter(
        status=StatementStatus.PUBLISHED, confidentiality__in=LEVELS[audience]
    )
    tagged: dict[int, set[int]] = defaultdict(set)
    links: Any = Offer.terms.through
    for offer, term in links._default_manager.filter(term__in=keys, offer__in=offers).values_list(
        "offer_id", "term_id"
    ):
        tagged[offer].add(term)
    words = {term.pk: _words(term) for term in terms}
    columns = ("pk", "cluster_id", "stage_id", "text_de", "text_en")
    for pk, cluster, stage, de, en in offers.order_by("-pk").values_list(*columns):
        text = f"{de or ''} {en or ''}".casefold()
        named = {term for term, said in words.items() if any(word in text for word in said)}
        for term in (tagged[pk] | named | {stage}) & keys.keys():
            found[cluster][keys[term]] = pk
    return found


def _words(term: Any) -> list[str]:
    """Labels and synonyms of a term long enough to be looked for in a text."""
    said = [term.label_de, term.label_en, *term.synonyms]
    return [word.casefold() for word in said if word and len(word) >= WORD_AT_LEAST]


def _fits(
    call: ConsortiumCall, profiles: list[Profile], world: World, vectors: "Vectors | None"
) -> "Iterable[float]":
    from matching.consortia.fit import fits_to_idea

    day = timezone.localdate()
    texts = []
    for profile in profiles:
        seen = profile.seen_by(call.audience.level, day)
        labels = [world.vocabulary.term(key) for key in sorted(seen.terms)]
        texts.append(
            Bilingual(
                de=" ".join(
                    [
                        seen.text_de or seen.text_en,
                        *(o.text()["de"] for o in seen.offers),
                        *(label["de"] for label in labels),
                    ]
                ),
                en=" ".join(
                    [
                        seen.text_en or seen.text_de,
                        *(o.text()["en"] for o in seen.offers),
                        *(label["en"] for label in labels),
                    ]
                ),
            )
        )
    return fits_to_idea(call.idea, texts, _closeness(call, profiles, vectors))


def _closeness(
    call: ConsortiumCall, profiles: list[Profile], vectors: "Vectors | None"
) -> list[float]:
    """How close the idea is to profiles and offers by their vectors; empty without a model."""
    if vectors is None or not call.idea.strip():
        return []
    import numpy as np

    idea = encode_texts(text_model(), [Bilingual(de=call.idea, en="")])[0]

    def close(vector: Any) -> float:
        return 0.0 if vector is None else (float(np.dot(idea, vector)) - NOISE) / (SAME - NOISE)

    return [
        max(
            [close(vectors.profiles.get(profile.id))]
            + [close(vectors.offers.get(offer.id)) for offer in profile.offers]
        )
        for profile in profiles
    ]


def _busy(call: ConsortiumCall) -> set[int]:
    """Organisations on so many working lists that another call would be too much.

    Only calls of the same side count: nobody learns from a team what others are working on.
    """
    others: Any = ConsortiumCall.objects.open().exclude(pk=call.pk)
    if call.cluster_id:
        others = others.filter(cluster=call.cluster_id)
    rows = TeamMember.objects.filter(
        team__call__in=others, team__kept_at__isnull=False, is_lead=False
    )
    load: Counter[int] = Counter()
    for cluster, _call in rows.values_list("cluster_id", "team__call_id").distinct():
        load[cluster] += 1
    return {cluster for cluster, number in load.items() if number >= LOAD_AT_MOST}


def _digest(problem: "Problem", weights: Weights) -> str:
    """Return a digest of everything the teams depend on."""
    ordered = problem.in_order()
    request = replace(problem.request)
    content = [
        MODEL_VERSION,
        weights.version,
        sorted(request.musts),
        sorted(request.cans),
        [[role.key, role.count] for role in request.roles],
        [request.min_size, request.max_size, sorted(request.fixed)],
        [sorted(request.required_regions), sorted(request.wanted_regions)],
        [
            [one.id, sorted(one.holds), sorted(one.roles), one.region, sorted(one.stages), one.fit]
            for one in ordered.candidates
        ],
        sorted(problem.apart),
    ]
    digest = hashlib.sha256(json.dumps(content).encode())
    digest.update(ordered.scores.tobytes())
    digest.update(ordered.competing.tobytes())
    return digest.hexdigest()
