"""What a change changes, put so that a person can read it: field, before, after."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext, gettext_lazy

from clusters.choices import ChangeTarget, Confidentiality
from clusters.models import ChangeRequest, Cluster, District, InnovationField, Term
from clusters.snapshots import PROFILE_FIELDS, STATEMENT_FIELDS, TERM_FIELDS, Values, snapshot

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Share of common words from which a difference is shown word by word.
ALIKE = 0.5
_TERMS = {*TERM_FIELDS, "terms", "stage"}

LABELS = {
    "name": gettext_lazy("Name"),
    "full_name": gettext_lazy("Full name"),
    "profile": gettext_lazy("Profile"),
    "city": gettext_lazy("City"),
    "website": gettext_lazy("Website"),
    "carrier": gettext_lazy("Run by"),
    "founded_year": gettext_lazy("Founded in"),
    "members_count": gettext_lazy("Number of members"),
    "members_year": gettext_lazy("Number of members as of"),
    "may_be_suggested": gettext_lazy("May be suggested as a partner"),
    "district": gettext_lazy("District"),
    "logo": gettext_lazy("Logo"),
    "innovation_fields": gettext_lazy("Innovation fields"),
    "terms_technology": gettext_lazy("Technologies"),
    "terms_sector": gettext_lazy("Sectors"),
    "terms_ecosystem": gettext_lazy("Industrial ecosystems"),
    "terms_stage": gettext_lazy("Value-chain stages"),
    "terms_target_group": gettext_lazy("Target groups"),
    "terms_service": gettext_lazy("Services"),
    "terms_theme": gettext_lazy("Themes"),
    "text": gettext_lazy("Text"),
    "terms": gettext_lazy("Terms"),
    "stage": gettext_lazy("Value-chain stage"),
    "valid_until": gettext_lazy("Valid until"),
    "confidentiality": gettext_lazy("Who may read this"),
}


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed (``same``), came (``ins``) or went (``del``)."""

    op: str
    text: str


@dataclass(frozen=True)
class DiffRow:
    """One field. ``before`` and ``after`` mark what went and came; ``live`` is what stands there
    now where that is no longer what stood there before (else ``None``)."""

    name: str
    label: str
    before: Sequence[Part]
    after: Sequence[Part]
    live: str | None = None

    @property
    def is_list(self) -> bool:
        return _is_list(self.name)

    @property
    def is_stale(self) -> bool:
        return self.live is not None


def diff_words(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Compare two texts word by word; return the marked old and the marked new text."""
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    old: list[Part] = []
    new: list[Part] = []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    # Two texts with little in common read better one after the other than woven together.
    if matcher.ratio() < ALIKE:
        return [Part("del", before)] if before else [], [Part("ins", after)] if after else []
    for op, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(a[i:j]), "".join(b[k:m])
        if op == "equal":
            old.append(Part("same", gone))
            new.append(Part("same", come))
            continue
        if gone:
            old.append(Part("del", gone))
        if come:
            new.append(Part("ins", come))
    return old, new


def diff_lists(before: Sequence[str], after: Sequence[str]) -> tuple[list[Part], list[Part]]:
    """Compare two lists of labels, whatever their order."""
    old = [Part("same" if label in after else "del", label) for label in before]
    new = [Part("same" if label in before else "ins", label) for label in after]
    return old, new


def label_of(name: str) -> str:
    """Return the field's name for people, with the language of a translated one."""
    base, _, language = name.rpartition("_")
    if language in {"de", "en"} and base in LABELS:
        language_name = get_language_info(language)["name_translated"]
        return gettext("%(field)s (%(language)s)") % {
            "field": LABELS[base],
            "language": language_name,
        }
    return str(LABELS[name])


def target_of(change: ChangeRequest) -> Model | None:
    """Return the live row a change is about, or ``None`` for a new need or offer."""
    if change.target == ChangeTarget.PROFILE:
        cluster: Cluster = change.cluster
        return cluster
    return change.need if change.target == ChangeTarget.NEED else change.offer


def diff_change(change: ChangeRequest) -> list[DiffRow]:
    """Return what the change changes, against what stood there when it was made.

    While it is open, fields whose live value has changed since then say so.
    """
    live = snapshot(target_of(change)) if change.decided_at is None else change.before
    return diff_values(change.before, change.values, live)


def diff_values(before: Values, after: Values, live: Values | None = None) -> list[DiffRow]:
    """Compare two sets of values field by field, in the order of the form."""
    names = [n for n in dict.fromkeys((*PROFILE_FIELDS, *STATEMENT_FIELDS)) if n in after]
    words = Wording.load([before, after, live or {}])
    rows = []
    for name in names:
        old, new = before.get(name), after[name]
        now = live.get(name, old) if live is not None else old
        if _is_list(name):
            marked = diff_lists(words.many(name, old), words.many(name, new))
        else:
            marked = diff_words(words.one(name, old), words.one(name, new))
        stale = words.text(name, now) if (now or None) != (old or None) else None
        rows.append(DiffRow(name, label_of(name), *marked, live=stale))
    return rows


def _is_list(name: str) -> bool:
    return name in {"innovation_fields", "terms", *TERM_FIELDS}


class Wording:
    """Turns stored values into words; every vocabulary is read once for all rows."""

    def __init__(
        self, terms: dict[int, str], fields: dict[int, str], districts: dict[int, str]
    ) -> None:
        self.terms, self.fields, self.districts = terms, fields, districts

    @classmethod
    def load(cls, value_sets: Iterable[Values]) -> Wording:
        """Read the labels of everything the value sets mention."""
        terms: set[int] = set()
        fields: set[int] = set()
        districts = False
        for values in value_sets:
            for name, value in values.items():
                if name in _TERMS and value:
                    terms.update(value if isinstance(value, list) else [value])
                elif name == "innovation_fields":
                    fields.update(value or [])
                elif name == "district":
                    districts = True
        return cls(
            {t.pk: str(t) for t in Term.objects.filter(pk__in=terms)} if terms else {},
            {f.pk: str(f) for f in InnovationField.objects.filter(pk__in=fields)} if fields else {},
            {d.pk: str(d) for d in District.objects.all()} if districts else {},
        )

    def many(self, name: str, value: list[int] | None) -> list[str]:
        labels = self.fields if name == "innovation_fields" else self.terms
        return sorted(labels[pk] for pk in value or [] if pk in labels)

    def one(self, name: str, value: Any) -> str:
        """Return a single value as a person would write it; nothing is an empty text."""
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if value in (None, ""):
            return ""
        if name == "district":
            return self.districts.get(value, "")
        if name == "stage":
            return self.terms.get(value, "")
        if name == "valid_until":
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        if name == "confidentiality":
            return str(Confidentiality(value).label)
        if name == "logo":
            return gettext("picture %(name)s") % {"name": str(value).rpartition("/")[2][:12]}
        return str(value)

    def text(self, name: str, value: Any) -> str:
        """Return any value in words, lists with commas."""
        return ", ".join(self.many(name, value)) if _is_list(name) else self.one(name, value)
