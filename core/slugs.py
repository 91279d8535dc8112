"""Address parts made from titles."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(title: str, *, length: int) -> str:
    """Return a title as an address part of at most ``length`` characters, umlauts as two letters.

    Empty when the title has no letter or digit.
    """
    return slugify(title.lower().translate(_UMLAUTS))[:length].strip("-")


def free_slug(base: str, rows: QuerySet[Any], *, reserved: Collection[str] = ()) -> str:
    """Return ``base``, or the first of ``base-2``, ``base-3`` … that nobody has yet."""
    taken = {*rows.filter(slug__startswith=base).values_list("slug", flat=True), *reserved}
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
