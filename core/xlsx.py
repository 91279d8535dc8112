"""Workbooks for spreadsheet programs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import StreamingHttpResponse
from django.utils import timezone

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A text is written as text, whatever it begins with: no cell becomes a formula or a link.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_LONGEST_TEXT = 32_767  # what the format allows in a cell
_LONGEST_TITLE = 31
_PORTION = 64 * 1024
_WIDEST = 40


def xlsx_response(
    name: str, rows: Iterable[Sequence[object]], *, title: str = ""
) -> StreamingHttpResponse:
    """Send ``rows`` (the head first) as ``<name>-<date>.xlsx``, with one sheet named ``title``.

    The file grows on disk, row by row, and is sent from there: memory does not grow with it.
    """
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    _write(file, rows, title or name)
    file.seek(0)
    response = StreamingHttpResponse(_portions(file), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{timezone.localdate().isoformat()}.xlsx"'
    )
    return response


def _portions(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while portion := file.read(_PORTION):
            yield portion


def _write(file: IO[bytes], rows: Iterable[Sequence[object]], title: str) -> None:
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        allowed = "".join(sign for sign in title if sign not in "[]:*?/\\'")
        sheet = book.add_worksheet(allowed[:_LONGEST_TITLE] or None)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if number == 0:
                for place, head in enumerate(row):
                    sheet.set_column(place, place, min(max(len(str(head)) + 2, 14), _WIDEST))
            for place, value in enumerate(row):
                _write_cell(sheet, (number, place), value, (bold, moment, day))


def _write_cell(sheet: Any, cell: tuple[int, int], value: object, formats: Any) -> None:
    bold, moment, day = formats
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(*cell, value)
        case int() | float():
            sheet.write_number(*cell, value)
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            sheet.write_datetime(*cell, local.replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(*cell, value, day)
        case _:
            sheet.write_string(*cell, str(value)[:_LONGEST_TEXT], bold if cell[0] == 0 else None)
