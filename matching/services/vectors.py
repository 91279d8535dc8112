"""Vectors are made for texts that have none, or whose vector is no longer theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from matching.choices import TextKind
from matching.models import TextVector
from matching.vectors.composing import encode_texts, made_with
from matching.vectors.models import text_model
from matching.vectors.texts import SOURCES, Source

BATCH: Final = 200
"""Texts that are read, turned into vectors and written at a time."""


def compute_vectors(*, lately: bool = False) -> dict[str, int]:
    """Make the vectors that are missing or stale, and return how many of which kind.

    With ``lately`` only texts saved since their vector was made are compared with it, which takes
    no time; others, changed past the models, are left to a run that looks at all.

    Safe to run again and in two processes at once: each text is found by its fingerprint, and the
    same text gives the same vector. Without a text model nothing happens.
    """
    made = made_with(text_model())
    return {str(source.kind): _compute(source, made, lately) for source in SOURCES} if made else {}


def stale_texts() -> dict[str, int]:
    """Return how many texts of each kind, saved lately, still wait for their vector.

    Empty without a model.
    """
    made = made_with(text_model())
    return (
        {str(source.kind): source.stale(made, lately=True).count() for source in SOURCES}
        if made
        else {}
    )


def _compute(source: Source, made: str, lately: bool) -> int:
    if not lately:
        _forget_emptied(source)
    written = last = 0
    while True:
        # From the last id on, so that a text changed meanwhile is left to the next run.
        waiting = source.stale(made, lately=lately).filter(pk__gt=last)
        began = timezone.now()
        rows = list(waiting.values("pk", "digest", *source.text_columns())[:BATCH])
        if not rows:
            return written
        last = rows[-1]["pk"]
        vectors = encode_texts(text_model(), [source.text_of(row) for row in rows])
        written += _write(source, made, rows, vectors, began)


def _write(
    source: Source, made: str, rows: Sequence[dict[str, Any]], vectors: Any, began: datetime
) -> int:
    """Write the vectors of rows that are still there, as made when their texts were read."""
    ids = [row["pk"] for row in rows]
    with transaction.atomic():
        there = source.model._default_manager.filter(pk__in=ids).order_by("pk")
        kept = set(there.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        made_rows = [
            TextVector(
                **{f"{source.kind}_id": row["pk"]},
                text_hash=row["digest"],
                model=made,
                vector=vector,
                computed_at=began,
            )
            for row, vector in zip(rows, vectors, strict=True)
            if row["pk"] in kept and vector.any()
        ]
        TextVector.objects.bulk_create(
            made_rows,
            update_conflicts=True,
            unique_fields=[source.kind],
            update_fields=["text_hash", "model", "vector", "computed_at"],
        )
    return len(made_rows)


def _forget_emptied(source: Source) -> None:
    """Delete vectors of texts that say nothing any more."""
    if source.kind in {TextKind.PROFILE, TextKind.TOPIC}:
        empty = source.rows().exclude(content__regex=r"\S").filter(vector__isnull=False)
        TextVector.objects.filter(**{f"{source.kind}__in": empty.values("pk")}).delete()
