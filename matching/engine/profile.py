"""What the engine knows about a cluster: frozen values, without Django and without numpy."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal, TypedDict

ENGINE_VERSION: Final = "3"
COMPETITION_FACTOR: Final = 0.6

Confidentiality = Literal["public", "clusters", "staff"]
PartName = Literal["need", "chain", "bridge", "cross_innovation", "text", "trust"]

CONFIDENTIALITY_ORDER: Final[tuple[Confidentiality, ...]] = ("public", "clusters", "staff")
PART_NAMES: Final[tuple[PartName, ...]] = (
    "need",
    "chain",
    "bridge",
    "cross_innovation",
    "text",
    "trust",
)


class Bilingual(TypedDict):
    """One text in German and in English."""

    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A need or an offer of a cluster. `valid_until` is the last valid day; None is open."""

    id: int
    text_de: str = ""
    text_en: str = ""
    terms: frozenset[str] = frozenset()
    confidentiality: Confidentiality = "public"
    valid_until: date | None = None

    def is_visible(self, audience: Confidentiality, today: date) -> bool:
        """Whether a list made for `audience` on `today` may use this statement."""
        order = CONFIDENTIALITY_ORDER
        allowed = order.index(self.confidentiality) <= order.index(audience)
        return allowed and (self.valid_until is None or self.valid_until >= today)

    def text(self) -> Bilingual:
        """Both languages; a missing one is filled from the other."""
        return {"de": self.text_de or self.text_en, "en": self.text_en or self.text_de}


@dataclass(frozen=True, slots=True)
class Profile:
    """A cluster as the engine sees it.

    `fields` and `sectors` say where it is at home (`main_field` is empty when none is marked),
    `stages` are value-chain stages named in `Vocabulary.stages`, `cooperations` maps the id of a
    partner (in the list or not) to the number of joint projects, `events_attended` holds event ids.
    `ties` may say how close a cooperation was: each joint project of n counts 1/(n − 1), since two
    of sixty hardly met. A partner without such a figure counts its number of joint projects.
    `competition_damping` is off for those who want to meet competitors: their pairs count in full.
    """

    id: int
    main_field: str = ""
    fields: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    cross_cutting_terms: frozenset[str] = frozenset()
    followed_topics: frozenset[str] = frozenset()
    needs: tuple[Statement, ...] = ()
    offers: tuple[Statement, ...] = ()
    text_de: str = ""
    text_en: str = ""
    cooperations: Mapping[int, int] = field(default_factory=dict)
    ties: Mapping[int, float] = field(default_factory=dict)
    events_attended: frozenset[int] = frozenset()
    agreed_to_be_suggested: bool = True
    competition_damping: bool = True

    def seen_by(self, audience: Confidentiality, today: date) -> "Profile":
        """The same profile without the statements that `audience` may not see or that expired."""
        return replace(
            self,
            needs=_visible(self.needs, audience, today),
            offers=_visible(self.offers, audience, today),
        )

    def focus(self) -> frozenset[str]:
        """The main field, or all fields where none is marked as the main one."""
        return frozenset({self.main_field}) if self.main_field else self.fields


@dataclass(frozen=True, slots=True)
class Weights:
    """The published weights of the six parts; they sum to 1, and every suggestion keeps `version`.

    Raises ValueError for a negative weight or a wrong sum.
    """

    need: float = 0.30
    chain: float = 0.15
    bridge: float = 0.15
    cross_innovation: float = 0.15
    text: float = 0.10
    trust: float = 0.15
    version: int = 1

    def __post_init__(self) -> None:
        values = self.as_dict().values()
        if not all(math.isfinite(value) and value >= 0 for value in values):
            raise ValueError("Matching weights must be finite and not negative.")
        if not math.isclose(sum(values), 1.0, abs_tol=1e-9):
            raise ValueError(f"Matching weights must sum to 1, not {sum(values):.6f}.")

    def as_dict(self) -> dict[PartName, float]:
        """Part name to weight, in the published order."""
        return {
            "need": self.need,
            "chain": self.chain,
            "bridge": self.bridge,
            "cross_innovation": self.cross_innovation,
            "text": self.text,
            "trust": self.trust,
        }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Labels that sentences need. `terms` holds technologies, sectors and stages alike.

    `stages` names the value chain from its first to its last stage; only neighbours in this order
    count as neighbouring.
    """

    terms: Mapping[str, Bilingual] = field(default_factory=dict)
    fields: Mapping[str, Bilingual] = field(default_factory=dict)
    topics: Mapping[str, Bilingual] = field(default_factory=dict)
    stages: tuple[str, ...] = ()

    def term(self, key: str) -> Bilingual:
        """Label of a technology, sector or stage; its key where no label is known."""
        return self.terms.get(key, Bilingual(de=key, en=key))

    def field(self, key: str) -> Bilingual:
        """Label of an innovation field."""
        return self.fields.get(key, Bilingual(de=key, en=key))

    def topic(self, key: str) -> Bilingual:
        """Label of a followed topic."""
        return self.topics.get(key, Bilingual(de=key, en=key))


def prepare_profiles(
    profiles: Iterable[Profile], *, audience: Confidentiality, today: date
) -> list[Profile]:
    """Profiles as `audience` may see them, ordered by id. Raises ValueError for a doubled id."""
    seen = sorted((p.seen_by(audience, today) for p in profiles), key=lambda p: p.id)
    for before, after in pairwise(seen):
        if before.id == after.id:
            raise ValueError(f"Profile {after.id} was handed in twice.")
    return seen


def inputs_hash(
    profiles: Iterable[Profile],
    weights: Weights,
    *,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
) -> str:
    """SHA-256 over everything that decides the lists; independent of the order of the profiles.

    Statements that `audience` may not see, or that expired, do not change it: `today` itself is
    not part of it, so an unchanged day keeps the hash.
    """
    seen = prepare_profiles(profiles, audience=audience, today=today)
    content = {
        "engine": ENGINE_VERSION,
        "audience": audience,
        "weights": [weights.version, weights.as_dict()],
        "vocabulary": [
            dict(vocabulary.terms),
            dict(vocabulary.fields),
            dict(vocabulary.topics),
            vocabulary.stages,
        ],
        "profiles": [_plain(profile) for profile in seen],
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _visible(
    statements: tuple[Statement, ...], audience: Confidentiality, today: date
) -> tuple[Statement, ...]:
    kept = (s for s in statements if s.is_visible(audience, today))
    return tuple(sorted(kept, key=lambda s: s.id))


def _plain(value: object) -> object:
    """The value as JSON can hold it, sets and mappings in a fixed order."""
    if isinstance(value, Profile | Statement):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return sorted([key, item] for key, item in value.items())
    return value.isoformat() if isinstance(value, date) else value
