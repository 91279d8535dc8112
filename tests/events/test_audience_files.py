"""Lists as office programs save them: read whatever their dress, or refused in words."""

import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.utils import translation

from events.audience import (
    Audience,
    Recipient,
    UnreadableListError,
    UploadedList,
    read_list,
    resolve,
)
from tests.factories import make_event

HEAD = ("E-Mail", "Name")
GUEST = ("guest@x.example", "Jörg Gärtner")
OTHER = ("other@x.example", "Zoë Ä")


def csv_of(rows: Sequence[Sequence[str]], sign: str = ";") -> str:
    return "".join(sign.join(row) + "\r\n" for row in rows)


def xlsx_of(rows: Sequence[Sequence[str]], above: int = 0, empty_sheet: bool = False) -> bytes:
    """Return a workbook with these rows, below ``above`` empty ones."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        if empty_sheet:
            book.add_worksheet()
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number + above, 0, row)
    return target.getvalue()


def people(content: bytes, name: str = "guests.csv") -> list[tuple[str, str]]:
    found = read_list(name, content, "de")
    assert found.malformed == ()
    return [(r.email, r.name) for r in found.recipients]


def refusal(content: bytes, name: str = "guests.csv") -> str:
    with translation.override("en"), pytest.raises(UnreadableListError) as refused:
        read_list(name, content, "de")
    return str(refused.value)


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_every_usual_separator_and_encoding_is_read(sign: str, encoding: str) -> None:
    content = csv_of([HEAD, GUEST, OTHER], sign).encode(encoding)
    assert people(content) == [GUEST, OTHER]


@pytest.mark.parametrize("rows", [[GUEST, OTHER], [HEAD, GUEST, OTHER]])
def test_head_is_no_guest_and_none_is_needed(rows: list[tuple[str, str]]) -> None:
    assert people(csv_of(rows).encode()) == [GUEST, OTHER]
    assert people(xlsx_of(rows), "guests.xlsx") == [GUEST, OTHER]


def test_first_and_last_name_and_language_come_from_their_columns() -> None:
    rows = [("Sprache", "Name", "Vorname", "E-Mail"), ("englisch", "Ä", "Zoë", "other@x.example")]
    found = read_list("guests.csv", csv_of(rows).encode(), "de")
    assert found.recipients == (Recipient("other@x.example", "Zoë Ä", "en"),)


def test_empty_rows_and_sheets_before_the_list_do_no_harm() -> None:
    content = xlsx_of([HEAD, GUEST, ("nothing", "Somebody")], above=3, empty_sheet=True)
    found = read_list("guests.xlsx", content, "de")
    assert [r.email for r in found.recipients] == ["guest@x.example"]
    assert [(m.line, m.text) for m in found.malformed] == [(6, "nothing")], "as the sheet counts"


def test_broken_workbooks_are_refused_in_words() -> None:
    whole = xlsx_of([HEAD, GUEST])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "cannot read this file" in refusal(whole[: len(whole) // 2], "guests.xlsx")
    assert "not an Excel workbook" in refusal(other.getvalue(), "letter.docx")
    assert "is empty" in refusal(xlsx_of([]), "guests.xlsx")


@pytest.mark.parametrize("number", [50_001, 52_000])
def test_too_many_rows_are_refused_in_words_whatever_the_file(number: int) -> None:
    rows = [(f"guest-{n}@x.example",) for n in range(number)]
    for content in (csv_of(rows).encode(), xlsx_of(rows)):
        assert "more than 50000 rows" in refusal(content).replace(",", "")


def test_whoever_stands_in_a_file_twice_is_invited_once(db: None) -> None:
    rows = [GUEST, ("GUEST@X.example", "Again"), OTHER]
    upload = read_list("guests.csv", csv_of(rows).encode(), "de")
    result = resolve(make_event(), Audience(upload=upload))
    assert sorted(r.email for r in result.recipients) == ["guest@x.example", "other@x.example"]
    assert result.repeated == 1


def test_domain_with_umlauts_is_written_as_mail_servers_know_it() -> None:
    for content in (csv_of([("a@münster.example",)]).encode(), xlsx_of([("a@münster.example",)])):
        assert people(content) == [("a@xn--mnster-3ya.example", "")]


@pytest.mark.parametrize("name", ["Evil\nBcc: x@y.example", "Evil\r\nBcc: x", "Evil\x0bBcc: x"])
def test_names_in_files_cannot_smuggle_header_lines(name: str) -> None:
    found: UploadedList = read_list(
        "list\r\nX-Evil: 1.csv", csv_of([HEAD, ("guest@x.example", f'"{name}"')]).encode(), "de"
    )
    assert found.name.isprintable()
    assert [r.email for r in found.recipients] == ["guest@x.example"]
    assert all(r.name.isprintable() and r.name.startswith("Evil Bcc") for r in found.recipients)


def workbook_with(**parts: bytes) -> bytes:
    """Return a workbook with further parts, or with others in their place (``__`` is a slash)."""
    target = io.BytesIO(xlsx_of([HEAD, GUEST]))
    added = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    with zipfile.ZipFile(target) as whole:
        kept = {n: whole.read(n) for n in whole.namelist() if n not in added}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**kept, **added}.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_small_archive_that_unfolds_to_very_much_is_refused() -> None:
    bomb = workbook_with(xl__more=b" " * (65 * 1024 * 1024))
    assert len(bomb) < 200_000
    assert "unfolds to far more" in refusal(bomb, "guests.xlsx")
    crowd = workbook_with(**{f"xl__part{n}": b"<a/>" for n in range(501)})
    assert "unfolds to far more" in refusal(crowd, "guests.xlsx")


@pytest.mark.parametrize("cell", ["XFD1", "A1048576"])
def test_one_cell_far_out_does_not_lay_out_all_before_it(cell: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>guest@x.example</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    content = workbook_with(xl__worksheets__sheet1=sheet.encode())
    assert refusal(content, "guests.xlsx")
