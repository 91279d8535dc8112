"""Tables for spreadsheet programs."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone

# Spreadsheet programs run what begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "\ufeff"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def safe_cell(value: object) -> str:
    """Return the text of a cell, defused where a spreadsheet would take it for a formula."""
    text = "" if value is None else str(value)
    if text.lstrip(" ").startswith(_FORMULA) and not isinstance(value, int | float):
        return f"'{text}"
    return text


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Stream ``rows`` (the head first) as ``<name>-<date>.csv``.

    Semicolons and a byte-order mark, because German spreadsheet programs then open it as meant.
    """
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    )
    return response


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield _MARK
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])
