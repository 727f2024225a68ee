"""The reader of large sheets gives the cells that the general reader gives, or leaves the file to it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlkpi import platforms
from xlkpi.platforms import files, packed, sheets

HERE = Path(__file__).parent
TODAY = date(2026, 5, 10)
FIXTURES = sorted(HERE.glob("*/*/input.xlsx"))


def streamed(data: bytes) -> list[list[list[Any]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [[list(row) for row in rows] for rows in sheets.read_sheets(package, sheets.parts_of(package))]


def general(data: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def book(*rows: list[Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd hh:mm:ss", **options})
    sheet = made.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write)(number, place, cell)
    made.close()
    return stream.getvalue()


def with_part(data: bytes, path: str, old: bytes, new: bytes) -> bytes:
    """The package with a change in one part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(stream, "w") as made:
        for name in package.namelist():
            content = package.read(name)
            assert name != path or old in content
            made.writestr(name, content.replace(old, new) if name == path else content)
    return stream.getvalue()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_a_fixture_reads_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    want = platforms.read_all(path, today=TODAY)
    monkeypatch.setattr(files, "LARGE", 0)
    got = platforms.read_all(path, today=TODAY)
    assert [problem.as_dict() for item in got for problem in item.problems] == [
        problem.as_dict() for item in want for problem in item.problems]
    assert [item.sources for item in got] == [item.sources for item in want]
    assert all(one.frame.equals(other.frame) for one, other in zip(got, want, strict=True))


def test_most_fixtures_are_read_as_a_stream() -> None:
    read = []
    for path in FIXTURES:
        try:
            assert repr(streamed(path.read_bytes())) == repr(general(path.read_bytes()))
            read.append(path)
        except (sheets.Odd, zipfile.BadZipFile):
            pass
    assert len(read) > 0.8 * len(FIXTURES)


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-10**9, 10**9), st.floats(-1e300, 1e300),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\ufffe\uffff"), max_size=8),
    st.sampled_from(["a\nb", " a ", "<&>\"'", "_x000D_", "_x4E2D_文", "=1+1", "７８", "😀", "-", "0.25"]),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=8), st.booleans())
def test_any_cells_read_the_same(rows: list[list[Any]], inline: bool) -> None:
    data = book(*rows, in_memory=True, constant_memory=inline)  # the latter writes texts into the cells
    assert repr(streamed(data)) == repr(general(data))


def test_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "CHUNK", 700)
    monkeypatch.setattr(packed, "BLOCK", 7)
    rows = [[f"第{number}期", number, number / 7, None if number % 5 else "-", datetime(2026, 1, 1 + number % 28)]
            for number in range(200)]
    data = book(*rows)
    assert repr(streamed(data)) == repr(general(data))


def test_rows_and_columns_of_packed_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(book(["a", 1, "b"], ["c", None, True], ["d", 2.5, "e"]))) as package:
        (rows,) = sheets.read_sheets(package, sheets.parts_of(package))
    assert len(rows) == 3
    assert rows[1] == ["c", "", True]
    assert [list(row) for row in rows[1:]] == [["c", "", True], ["d", 2.5, "e"]]
    assert [list(row) for row in rows.across(0, 2)] == [["a", 1.0], ["c", ""], ["d", 2.5]]
    assert list(rows.columns[2].take([2, 0])) == ["e", "b"]


def test_phonetic_marks_of_chinese_excel_and_rich_texts() -> None:
    plain = book(["作品名称", "甲"], ["乙", "丙"])
    marked = with_part(plain, "xl/sharedStrings.xml", "<si><t>甲</t></si>".encode(),
                       '<si><t>甲</t><phoneticPr fontId="1" type="noConversion"/></si>'.encode())
    rich = with_part(plain, "xl/sharedStrings.xml", "<si><t>甲</t></si>".encode(),
                     '<si><r><t>甲</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 乙</t></r></si>'.encode())
    assert streamed(marked) == general(marked) == [[["作品名称", "甲"], ["乙", "丙"]]]
    assert streamed(rich) == general(rich) == [[["作品名称", "甲 乙"], ["乙", "丙"]]]


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.mark.parametrize(("part", "old", "new"), [
    (SHEET, b"<v>7</v>", b"<f>3+4</f><v>7</v>"),
    (SHEET, b"<v>7</v>", b"<v>seven</v>"),
    (SHEET, b"<v>7</v>", b"<v>7<!-- no --></v>"),
    (SHEET, b'<c r="A1" t="s">', b'<c r="A1" t="s" vm="1">'),
    (SHEET, b'<c r="A1" t="s">', b'<c t="s">'),
    (SHEET, b'<c r="A1" t="s"><v>0</v>', b'<c r="A1" t="s"><v>99</v>'),
    (SHEET, b'<c r="A1" t="s"><v>0</v>', b'<c r="A1" t="s"><v>-1</v>'),
    (SHEET, b"</row></sheetData>", b"</row><row></sheetData>"),
    (SHEET, b'encoding="UTF-8"', b'encoding="GB18030"'),
    (TEXTS, b"<t>a</t>", b"<rPh><t>a</t></rPh>"),
    (TEXTS, b"<t>a</t>", b"<t>&unknown;</t>"),
    (TEXTS, b"<t>a</t>", b"<t>a\rb</t>"),
], ids=lambda value: value.decode()[:40] if isinstance(value, bytes) else value)
def test_what_the_grammar_does_not_know_is_left_to_the_general_reader(part: str, old: bytes, new: bytes) -> None:
    data = book(["a", 7], ["b", 8])
    assert streamed(data) == [[["a", 7.0], ["b", 8.0]]]
    with pytest.raises(sheets.Odd):
        streamed(with_part(data, part, old, new))


def test_a_large_workbook_is_streamed_and_its_findings_have_their_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGE", 1_000)
    header = ["日期", "播放量"]
    data = book(header, *[[f"2026-04-{day:02}", "x" if day == 17 else str(day)] for day in range(1, 29)])
    raw = files.open_raw(data, "x")
    assert isinstance(raw.grids[0].rows, packed.PackedRows)
    got = platforms.read(data, name="x", today=TODAY)
    assert [(problem.name, problem.where.cell) for problem in got.problems] == [("NotANumber", "B18")]
    assert got.frame["plays"].sum() == sum(range(1, 29)) - 17


def test_hidden_sheets_and_names() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["a"])
    other = made.create_sheet("藏")
    other.append(["b", 2])
    other.sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as package:
        parts = sheets.parts_of(package)
    assert [(part.name, part.hidden) for part in parts.sheets] == [("Sheet", False), ("藏", True)]
    assert streamed(stream.getvalue()) == [[["a"]], [["b", 2.0]]]
