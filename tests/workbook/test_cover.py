"""Whole workbooks: a resize changes the parts it has to and nothing else, and going back restores every byte."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from tests.conftest import SHARED
from xlkpi.workbook.book import Book
from xlkpi.workbook.cover import Resize, extend, refresh_chart_caches
from xlkpi.workbook.fill import Template

WORKBOOKS = sorted((SHARED / "workbooks").glob("*.xls[xm]"))
GROWS = Resize("数'A' 据", "works", 1, 3, 2, 4, 6, totals=False)


def built() -> bytes:
    """A workbook as a template builder makes it: a table and everything that can cover it."""
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    data, board = book.add_worksheet("数'A' 据"), book.add_worksheet("Board")
    rows = [["a", 1, 10], ["b", 2, 20], ["c", 3, 30]]
    data.add_table("A1:C4", {"name": "works", "data": rows,
                             "columns": [{"header": "作品"}, {"header": "播放量"}, {"header": "likes"}]})
    data.conditional_format("B2:B4", {"type": "data_bar", "data_bar_2010": True})
    data.conditional_format("C2:C4", {"type": "formula", "criteria": "=$C2>AVERAGE($C$2:$C$4)"})
    data.data_validation("A2:A4", {"validate": "list", "source": "=$A$2:$A$4"})
    data.print_area("A1:C4")
    book.define_name("plays", "='数''A'' 据'!$B$2:$B$4")
    board.write_formula("A1", "=SUM('数''A'' 据'!B2:B4)", None, 6)
    board.write_formula("A2", "=SUM(works[播放量])", None, 6)
    board.add_sparkline("B1", {"range": "'数''A'' 据'!B2:B4"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "='数''A'' 据'!$B$1", "categories": "='数''A'' 据'!$A$2:$A$4",
                      "values": "='数''A'' 据'!$B$2:$B$4"})
    board.insert_chart("D2", chart)
    book.close()
    return sink.getvalue()


def parts(book: Book) -> dict[str, bytes]:
    return {part: book.package.read(part) for part in book.package.parts()}


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    assert before.keys() == after.keys()
    return {part for part in before if before[part] != after[part]}


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_every_cover_follows() -> None:
    book = Book.open(built())
    before = parts(book)
    extend(book, GROWS)
    assert changed(before, parts(book)) == {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
                                            "xl/charts/chart1.xml"}
    read = openpyxl.load_workbook(BytesIO(book.package.tobytes()))
    data, board = read.worksheets
    assert [str(one.sqref) for one in data.conditional_formatting] == ["B2:B6", "C2:C6"]
    assert data.conditional_formatting["C2:C6"][0].formula == ["$C2>AVERAGE($C$2:$C$6)"]
    rule = data.data_validations.dataValidation[0]
    assert (str(rule.sqref), rule.formula1) == ("A2:A6", "$A$2:$A$6")
    assert data.print_area == "'数''A'' 据'!$A$1:$C$6"
    assert read.defined_names["plays"].attr_text == "'数''A'' 据'!$B$2:$B$6"
    assert (board["A1"].value, board["A2"].value) == ("=SUM('数''A'' 据'!B2:B6)", "=SUM(works[播放量])")
    series = vars(board)["_charts"][0].series[0]
    assert (series.cat.strRef or series.cat.numRef).f == "'数''A'' 据'!$A$2:$A$6"
    assert (series.val.numRef.f, series.tx.strRef.f) == ("'数''A'' 据'!$B$2:$B$6", "'数''A'' 据'!$B$1")
    raw = b"".join(book.package.read(f"xl/worksheets/sheet{n}.xml") for n in (1, 2)).decode()
    assert re.findall(r"<xm:(?:f|sqref)>([^<]*)<", raw) == ["B2:B6", "'数''A'' 据'!B2:B6", "B1"]
    extend(book, GROWS.back)
    assert parts(book) == before


def test_points_are_those_of_the_cells() -> None:
    book = Book.open(built())
    assert refresh_chart_caches(book) == []
    before = book.package.read("xl/charts/chart1.xml")
    book.set_cells(GROWS.sheet, {(3, 2): 22.5, (5, 1): "d", (5, 2): 7})
    extend(book, GROWS)
    assert refresh_chart_caches(book) == []
    after = book.package.read("xl/charts/chart1.xml")
    caches = {kind: re.findall(rf"<c:{kind}>.*?</c:{kind}>", after.decode()) for kind in ("strCache", "numCache")}
    assert [re.findall(r'ptCount val="(\d+)"|idx="(\d+)"><c:v>([^<]*)<', one) for one in caches["strCache"]] == [
        [("1", "", ""), ("", "0", "播放量")],
        [("5", "", ""), ("", "0", "a"), ("", "1", "b"), ("", "2", "c"), ("", "3", "d")]]
    assert [re.findall(r'ptCount val="(\d+)"|idx="(\d+)"><c:v>([^<]*)<', one) for one in caches["numCache"]] == [
        [("5", "", ""), ("", "0", "1"), ("", "1", "22.5"), ("", "2", "3"), ("", "3", "7")]]
    assert before != after


def test_a_source_that_is_no_range_is_reported() -> None:
    book = Book.open(built())
    part = "xl/charts/chart1.xml"
    before = book.package.read(part)
    book.package.write(part, before.replace("<c:f>'数''A'' 据'!$B$2:$B$4".encode(), b"<c:f>[0]!moving"))
    found = refresh_chart_caches(book)
    assert [(one.name, one.level) for one in found] == [("ChartSourceUnread", "warning")]
    assert "[0]!moving" in found[0].line("zh")


def test_names_and_columns_are_sources() -> None:
    for text in ("[0]!plays", "'数''A'' 据'!plays", "works[播放量]"):
        book = Book.open(built())
        part = "xl/charts/chart1.xml"
        before = book.package.read(part)
        book.package.write(part, before.replace("<c:f>'数''A'' 据'!$B$2:$B$4".encode(), b"<c:f>" + text.encode())
                           .replace(b'idx="1"><c:v>2<', b'idx="1"><c:v>99<'))
        assert refresh_chart_caches(book) == []
        assert re.findall(rb'<c:v>([^<]*)<', book.package.read(part))[-3:] == [b"1", b"2", b"3"], text


SOURCES = {"built": built} | {path.name: path.read_bytes for path in WORKBOOKS}
every_workbook = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


def resizes(data: bytes) -> list[Resize]:
    return [Resize(table.sheet, table.name, table.first_col, table.last_col, table.first_row, table.last_row,
                   table.last_row + 50_000, bool(table.totals_rows), bool(table.header_rows))
            for table in Book.open(data).tables.values()]


@every_workbook
def test_there_and_back_in_workbooks_saved_by_excel(source: Callable[[], bytes]) -> None:
    book = Book.open(source())
    before = parts(book)
    for resize in resizes(source()):
        extend(book, resize)
    between = parts(book)
    for part in changed(before, between):
        old, new = (list(etree.fromstring(data).iter()) for data in (before[part], between[part]))
        assert [one.tag for one in old] == [one.tag for one in new]  # the same elements in the same order
    for resize in reversed(resizes(source())):
        extend(book, resize.back)
    refreshed = {part for part in between if b"refreshOnLoad" in between[part]}
    assert changed(before, parts(book)) <= refreshed


@every_workbook
def test_nothing_matches_a_table_that_covers_nothing(source: Callable[[], bytes]) -> None:
    book = Book.open(source())
    before = parts(book)
    for sheet in book.sheets:
        extend(book, Resize(sheet.name, "no such table", 300, 310, 4_000, 4_990, 5_000, totals=True))
    assert changed(before, parts(book)) == set()


# What Excel saved is the oracle of these; without the shared files they are not collected.
if WORKBOOKS:

    def test_a_name_for_a_list() -> None:
        book = Book.open((SHARED / "workbooks/structured_refs.xlsx").read_bytes())
        before = parts(book)
        extend(book, Resize("dropdowns", "states", 1, 1, 2, 53, 60, totals=False))  # the name “state” is $A$2:$A$53
        assert changed(before, parts(book)) == {"xl/workbook.xml"}
        assert book.package.read("xl/workbook.xml") == before["xl/workbook.xml"].replace(
            b"dropdowns!$A$2:$A$53", b"dropdowns!$A$2:$A$60")

    @pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
    def test_charts_as_excel_left_them_are_up_to_date(path: Path) -> None:
        """Excel's own points are the oracle: what we read from the cells is what Excel had read."""
        book = Book.open(path.read_bytes())
        before = parts(book)
        assert refresh_chart_caches(book) == []
        assert changed(before, parts(book)) == set()

    def test_lost_points_come_back_as_excel_wrote_them() -> None:
        book = Book.open((SHARED / "workbooks/dv_table_chart.xlsx").read_bytes())
        part = "xl/charts/chart1.xml"
        before = book.package.read(part)
        book.package.write(part, re.sub(rb'<c:pt idx="[13579]">.*?</c:pt>', b"", before))
        assert refresh_chart_caches(book) == []

        def points(data: bytes) -> list[tuple[bytes, float | bytes]]:
            found = re.findall(rb'<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>', data)
            return [(index, float(text) if re.fullmatch(rb"[\d.]+", text) else text) for index, text in found]

        # Excel keeps 0 for a cell with text; we keep no point.
        zeros = [point for point in points(before) if point[1] == 0]
        assert points(book.package.read(part)) == [point for point in points(before) if point not in zeros]


@pytest.mark.parametrize(("beside", "want"), [
    (None, 3), ("note", 8), ("formula", 8), ("style", 3), ("inside", 3), ("chart", 7),
])
def test_a_print_area_keeps_what_stands_beside_a_table_that_shrinks(beside: str | None, want: int) -> None:
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    data = book.add_worksheet("Data")
    data.add_table("A1:B10", {"name": "works", "data": [[row, "x"] for row in range(9)],
                              "columns": [{"header": "plays"}, {"header": "title"}]})
    data.print_area("A1:F10")
    if beside == "note":
        data.write("E8", "a note")
    elif beside == "formula":
        data.write_formula("D8", "=1+1")
    elif beside == "style":
        data.write_blank("E8", None, book.add_format({"bold": True}))
    elif beside == "chart":
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Data!$A$2:$A$10"})
        chart.set_size({"width": 100, "height": 110})  # 20 pixels a row: from the top of row 2 into row 7
        data.insert_chart("D2", chart)
    book.close()
    template = Template.open(sink.getvalue())
    template.fill({"works": [{"plays": 1, "title": "a"}, {"plays": 2, "title": "b"}]})
    read = openpyxl.load_workbook(BytesIO(template.tobytes()))
    assert read["Data"].print_area == f"'Data'!$A$1:$F${want}"


def test_a_part_in_another_encoding_follows() -> None:
    book = Book.open(built())
    part = "xl/charts/chart1.xml"
    text = book.package.read(part).decode()
    utf16 = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    sink = BytesIO()
    with zipfile.ZipFile(BytesIO(built())) as source, zipfile.ZipFile(sink, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, utf16 if name == part else source.read(name))
    book = Book.open(sink.getvalue())
    extend(book, GROWS)
    assert b"$B$2:$B$6" in book.package.xml(part)
