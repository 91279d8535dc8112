"""Vectors for a computation: only those of texts its audience may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import BinaryField, F, Func, Q, Value
from django.db.models.functions import Coalesce

from matching.choices import Audience, TextKind
from matching.models import TextVector
from matching.profiles import World
from matching.querysets import LEVELS, TextVectorQuerySet
from matching.vectors.composing import NOISE, SAME, made_with
from matching.vectors.models import text_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from matching.engine.vectors import Vectors

    Rows = Mapping[int, NDArray[np.float32]]


def read_vectors(
    world: World, audience: Audience, only: Collection[int] | None = None
) -> Vectors | None:
    """Return the vectors of the texts in ``world``, or of the clusters in ``only``.

    Vectors of entries above the audience are not even read. None: there is no text model.
    """
    made = made_with(text_model())
    if not made:
        return None
    # Imported here because numpy takes a while, and only computations need it.
    from matching.engine.vectors import Vectors

    profiles = [profile for profile in world.profiles if only is None or profile.id in only]
    ids = {
        TextKind.NEED: {need.id for profile in profiles for need in profile.needs},
        TextKind.OFFER: {offer.id for profile in profiles for offer in profile.offers},
        TextKind.PROFILE: {profile.id for profile in profiles},
    }
    rows = _readable(made, audience)
    if only is not None:
        rows = rows.filter(_of_clusters(only))
    return Vectors(
        needs=_read(rows, TextKind.NEED, ids[TextKind.NEED]),
        offers=_read(rows, TextKind.OFFER, ids[TextKind.OFFER]),
        profiles=_read(rows, TextKind.PROFILE, ids[TextKind.PROFILE]),
        noise=NOISE,
        same=SAME,
    )


def vector_marks(audience: Audience) -> dict[int, str]:
    """Return by cluster which vectors it has, for telling whether one of them has changed."""
    owner = Coalesce("need__cluster", "offer__cluster", "cluster")
    rows = _readable(made_with(text_model()), audience).exclude(topic__isnull=False)
    marks = (
        rows.annotate(owner=owner)
        .order_by()
        .values_list("owner")
        .annotate(marks=Func(StringAgg("text_hash", Value(""), order_by="id"), function="md5"))
    )
    return dict(marks)


def _readable(made: str, audience: Audience) -> TextVectorQuerySet:
    levels = LEVELS[audience]
    rows: TextVectorQuerySet = TextVector.objects.made_by(made).filter(
        Q(need=None) | Q(need__confidentiality__in=levels),
        Q(offer=None) | Q(offer__confidentiality__in=levels),
    )
    return rows


def _of_clusters(clusters: Collection[int]) -> Q:
    return Q(need__cluster__in=clusters) | Q(offer__cluster__in=clusters) | Q(cluster__in=clusters)


def _read(rows: TextVectorQuerySet, kind: TextKind, wanted: Collection[int]) -> Rows:
    """Read vectors as PostgreSQL sends them, which is many times faster than as text."""
    import numpy as np

    sent = Func(F("vector"), function="vector_send", output_field=BinaryField())
    found = rows.of_kind(kind).order_by(f"{kind}_id").values_list(f"{kind}_id", sent)
    # The first four bytes are the length; the figures follow, most significant byte first.
    return {
        pk: np.frombuffer(figures, dtype=">f4", offset=4).astype(np.float32)
        for pk, figures in found.iterator(chunk_size=5000)
        if pk in wanted
    }
