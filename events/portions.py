"""Long rows of things in portions."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``things`` in lists of at most ``size``, without holding more of them."""
    rest = iter(things)
    while portion := list(islice(rest, size)):
        yield portion
