"""How close texts and terms are, as PostgreSQL counts it: for pages that answer at once.

The engine compares everything with everything in the background. A page about one need, topic or
event asks PostgreSQL instead, with the reader's own rights, so that nothing is kept for it that
could grow stale or reach the wrong eyes. Vectors and figures are the same as the engine's.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, F, FloatField, Model, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce, Greatest, Least
from pgvector.django import MaxInnerProduct

from matching.choices import TextKind
from matching.engine.profile import Bilingual
from matching.models import TextVector
from matching.vectors.composing import NOISE, SAME, made_with
from matching.vectors.models import text_model

ANSWERED: Final = 0.35
"""From here on an offer answers a need; as in the engine."""
TERMS_EVIDENCE: Final = 0.6
"""What all terms in common are worth; as in the engine."""
LETTERS_NOISE: Final = 0.15
LETTERS_SAME: Final = 0.55
"""Trigram similarity of unrelated short texts, and of those on the same matter."""
_NOTHING: Final = Value(0.0, output_field=FloatField())
_ALL: Final = Value(1.0, output_field=FloatField())


def vectors_of(kind: TextKind, ids: Iterable[int]) -> list[Sequence[float]]:
    """Return the vectors in use of some texts; texts without one are left out."""
    made = made_with(text_model())
    rows = TextVector.objects.made_by(made).filter(**{f"{kind}__in": list(ids)})
    return list(rows.order_by("pk").values_list("vector", flat=True)) if made else []


def close_to(vectors: Sequence[Sequence[float]]) -> Combinable:
    """How close the vector of a row's text is to the closest of some vectors, in [0,1].

    For a queryset of needs, offers, clusters or topics; 0 for a row without a vector in use.
    """
    if not vectors:
        return _NOTHING
    products = [MaxInnerProduct("vector__vector", vector) for vector in vectors]
    # The operator gives the product with a minus, so the least is the closest.
    best: Expression = Least(*products) if len(products) > 1 else products[0]
    return Coalesce(_scaled(-best, NOISE, SAME), _NOTHING)


def written_alike(text: Bilingual) -> Combinable:
    """How many letters in a row ``text_de`` or ``text_en`` share with a text, in [0,1]."""
    likeness = [
        Coalesce(TrigramSimilarity(f"text_{language}", words), _NOTHING)
        for language, words in (("de", text["de"]), ("en", text["en"]))
        if words
    ]
    if not likeness:
        return _NOTHING
    best: Expression = Greatest(*likeness) if len(likeness) > 1 else likeness[0]
    return _scaled(best, LETTERS_NOISE, LETTERS_SAME)


def terms_shared(model: type[Model], terms: Sequence[int]) -> Combinable:
    """How many of some terms a row has."""
    field = model._meta.get_field("terms")
    through = field.remote_field.through  # type: ignore[union-attr]
    name = str(model._meta.model_name)
    shared = through._default_manager.filter(**{name: OuterRef("pk"), "term__in": list(terms)})
    counted = shared.order_by().values(name).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def together(*evidence: Combinable) -> Combinable:
    """Return 1 − Π(1 − e): either evidence suffices, and each strengthens the others."""
    missing: Combinable = _ALL
    for one in evidence:
        missing = missing * (_ALL - one)
    return _ALL - missing


def share_of(number: str, total: int) -> Combinable:
    """What a number of terms in common is worth, of ``total`` asked for."""
    worth = Value(TERMS_EVIDENCE / max(total, 1), output_field=FloatField())
    return F(number) * worth


def _scaled(value: Combinable, noise: float, same: float) -> Combinable:
    part = (value - Value(noise, output_field=FloatField())) * Value(
        1 / (same - noise), output_field=FloatField()
    )
    return Greatest(_NOTHING, Least(_ALL, part))
