"""Lists from files: CSV as office programs write it, and XLSX."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from events.audience.choice import Malformed, Recipient, UploadedList
from events.audience.entries import (
    LARGEST_LIST,
    clean_address,
    clean_name,
    parse_addresses,
    problem_of,
    shown,
)

LARGEST_FILE = 5 * 1024 * 1024
# What an XLSX file may unfold to: 50,000 rows are about 20 MB.
_LARGEST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 500
_MOST_COLUMNS = 256
# A title and some empty rows above the list do no harm.
_MOST_ROWS = LARGEST_LIST + 1000
_SAMPLE = 200
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_MAIL_HEAD = re.compile(r"e-?mail|^mail|mail$|adresse?|address", re.I)
_FIRST_HEAD = re.compile(r"vorname|first|given", re.I)
_LAST_HEAD = re.compile(r"nachname|familienname|surname|last|family", re.I)
_NAME_HEAD = re.compile(r"name|person|ansprechpartner|contact|kontakt", re.I)
_LANGUAGE_HEAD = re.compile(r"sprache|language|^lang", re.I)
_LANGUAGES = {
    **dict.fromkeys(("de", "deutsch", "german", "ger", "deu"), "de"),
    **dict.fromkeys(("en", "englisch", "english", "eng"), "en"),
}

Row = Sequence[str]


class UnreadableListError(Exception):
    """The file cannot be used; the text says why and what to do."""


def read_list(name: str, content: bytes, language: str) -> UploadedList:
    """Read a CSV or XLSX file; ``language`` is for rows that name none.

    :raises UnreadableListError: when the file is too large, broken or of another kind.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableListError(_("The file is larger than 5 MB. Please send the list in parts."))
    if not content.strip():
        raise UnreadableListError(_("The file is empty."))
    if content.startswith(b"PK"):
        recipients, malformed = _from_rows(_xlsx_rows(content), language)
    else:
        text = _decoded(content)
        if text.count("\n") > _MOST_ROWS:
            raise UnreadableListError(_too_long())
        if re.search(r"<[^<>\n]*@[^<>\n]*>", text):
            recipients, malformed = parse_addresses(text, language)
        else:
            recipients, malformed = _from_rows(_csv_rows(text), language)
    if len(recipients) + len(malformed) > LARGEST_LIST:
        raise UnreadableListError(_too_long())
    if not recipients and not malformed:
        raise UnreadableListError(_("There is no e-mail address in the file."))
    return UploadedList(clean_name(name)[:100], tuple(recipients), tuple(malformed))


def _too_long() -> str:
    return _("The list has more than %(count)d rows. Please send it in parts.") % {
        "count": LARGEST_LIST
    }


def _decoded(content: bytes) -> str:
    """Return the text of a file that may say in which way it was written, or not."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        ways = ["utf-16"]
    elif b"\0" in content[:200]:
        # Half of the bytes of Latin letters are zero in UTF-16; which half tells the order.
        ways = ["utf-16-be" if content[:1] == b"\0" else "utf-16-le"]
    else:
        ways = ["utf-8-sig", "cp1252", "latin-1"]
    for way in ways:
        try:
            text = content.decode(way)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableListError(
        _("The portal cannot read this file. Please save the list as CSV or XLSX.")
    )


def _csv_rows(text: str) -> list[tuple[int, Row]]:
    """Return the rows with the number of the line each ends on."""
    sample = "\n".join(islice((line for line in text.splitlines() if line.strip()), _SAMPLE))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(sample))
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UnreadableListError(
            _("Line %(line)d of the file cannot be read. Please check its quotation marks.")
            % {"line": reader.line_num}
        ) from error


def _delimiter(sample: str) -> str:
    """Return the sign that leaves most addresses alone in their cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            return 0, 0
        whole = sum(any(not problem_of(cell.strip()) for cell in row) for row in rows)
        return whole, sum(len(row) for row in rows)

    return max((";", ",", "\t"), key=worth)


def _xlsx_rows(content: bytes) -> list[tuple[int, Row]]:
    from python_calamine import CalamineError, CalamineWorkbook

    broken = _("The portal cannot read this file. Please save the list as CSV or XLSX.")
    try:
        safe = _repacked(content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(safe))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(str(cell).strip() for cell in row) for row in rows):
                return [
                    (number, [_cell(cell) for cell in row])
                    for number, row in enumerate(rows, start=1)
                ]
    except (
        zipfile.BadZipFile,
        CalamineError,
        OSError,
        ValueError,
        KeyError,
        # zipfile says so of parts that are encrypted, packed in unknown ways or cut off.
        RuntimeError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise UnreadableListError(broken) from error
    raise UnreadableListError(_("The file is empty."))


def _cell(value: Any) -> str:
    return str(value) if value is not None else ""


def _repacked(content: bytes) -> bytes:
    """Return the archive written anew, so that it holds no more than was looked at here.

    An archive may say it is small and unfold to gigabytes, and one cell far out makes a reader
    lay out every cell before it.
    """
    source = zipfile.ZipFile(io.BytesIO(content))
    parts = source.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise UnreadableListError(
            _("This is not an Excel workbook (XLSX). Please save the list as CSV or XLSX.")
        )
    if len(parts) > _MOST_PARTS:
        raise UnreadableListError(_unfolds())
    left = _LARGEST_UNPACKED
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for part in parts:
            # Pictures and macros are of no use here.
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with source.open(part) as packed:
                data = packed.read(left + 1)
            left -= len(data)
            if left < 0:
                raise UnreadableListError(_unfolds())
            if part.filename.startswith("xl/worksheets/"):
                _check_extent(data)
            copy.writestr(part.filename, data)
    return target.getvalue()


def _unfolds() -> str:
    return _("The file unfolds to far more than a list of addresses. Please save it as CSV.")


def _check_extent(sheet: bytes) -> None:
    if b"\0" in sheet:
        raise UnreadableListError(_unfolds())
    for letters, digits in _CELL.findall(sheet):
        if len(digits) > 7 or int(digits) > _MOST_ROWS:
            raise UnreadableListError(_too_long())
        if len(letters) > 3 or _column(letters) > _MOST_COLUMNS:
            raise UnreadableListError(_("The sheet has more than 256 columns."))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _from_rows(
    rows: list[tuple[int, Row]], language: str
) -> tuple[list[Recipient], list[Malformed]]:
    rows = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return [], []
    columns = _Columns(rows[:_SAMPLE])
    found: list[Recipient] = []
    malformed: list[Malformed] = []
    for line, row in rows[columns.has_head :]:
        email = clean_address(columns.email(row))
        if not email:
            text = shown("; ".join(cell for cell in row if cell.strip()))
            malformed.append(Malformed(line, text, _("There is no address in this line.")))
        elif problem := problem_of(email):
            malformed.append(Malformed(line, shown(columns.email(row)), problem))
        else:
            found.append(Recipient(email, columns.name(row), columns.language(row) or language))
    return found, malformed


class _Columns:
    """Which column holds what: as the head says or, without one, as the cells look."""

    def __init__(self, sample: list[tuple[int, Row]]) -> None:
        head = [cell.strip() for cell in sample[0][1]]
        with_at = [
            sum("@" in row[at] for _line, row in sample if at < len(row))
            for at in range(max(len(row) for _line, row in sample))
        ]
        named = [at for at, cell in enumerate(head) if _MAIL_HEAD.search(cell)]
        self.has_head = not any("@" in cell for cell in head) and bool(
            named or (len(head) > 1 and any(with_at) and all(head))
        )
        most = with_at.index(max(with_at)) if any(with_at) else 0
        self._email = max(named, key=lambda at: with_at[at]) if self.has_head and named else most
        if self.has_head:
            self._names = self._named(head)
            self._language = next(
                (at for at, cell in enumerate(head) if _LANGUAGE_HEAD.search(cell)), -1
            )
        else:
            others = [at for at in range(len(with_at)) if at != self._email]
            self._names = others if len(others) <= 2 else []
            self._language = -1

    def _named(self, head: list[str]) -> list[int]:
        """Return the columns that make the name: first and last name, or the one column."""

        def find(pattern: re.Pattern[str]) -> int | None:
            found = (at for at, cell in enumerate(head) if pattern.search(cell))
            return next((at for at in found if at != self._email), None)

        first, last = find(_FIRST_HEAD), find(_LAST_HEAD)
        parts = [at for at in (first, last) if at is not None]
        whole = find(_NAME_HEAD)
        if parts == [first] and whole not in (None, first):
            # "Vorname" and "Name" as German lists have them.
            return [*parts, whole]
        return parts or ([] if whole is None else [whole])

    @staticmethod
    def _at(row: Row, at: int) -> str:
        return row[at] if 0 <= at < len(row) else ""

    def email(self, row: Row) -> str:
        return self._at(row, self._email)

    def name(self, row: Row) -> str:
        return clean_name(" ".join(self._at(row, at) for at in self._names))

    def language(self, row: Row) -> str:
        return _LANGUAGES.get(self._at(row, self._language).strip().lower(), "")
