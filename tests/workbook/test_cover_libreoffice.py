"""A workbook filled with more rows, and with fewer, as LibreOffice reads it: everything covers the table."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from tests import libreoffice
from xlkpi.errors import Findings
from xlkpi.workbook.fill import Template

DRAWING = re.compile(rb"<x:ClientData ObjectType=\"Button\">.*?</x:ClientData>", re.DOTALL)
LIST = (b'<x:ClientData ObjectType="Drop"><x:Anchor>7, 0, 1, 0, 9, 0, 2, 0</x:Anchor><x:AutoLine>False</x:AutoLine>'
        b"<x:FmlaRange>$A$4:$A$8</x:FmlaRange><x:FmlaLink>$H$1</x:FmlaLink><x:Sel>1</x:Sel><x:DropLines>8"
        b"</x:DropLines></x:ClientData>")


def built() -> bytes:
    """Titles, a table in A3:D8 with totals in row 9, formats in pieces and in two columns, sparklines, a list box."""
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    data, more, board = (book.add_worksheet(name) for name in ("Data", "More", "Board"))
    data.write("A1", "Title")
    rows = [[f"v{number}", number, number * 2] for number in range(1, 6)]
    data.add_table("A3:D9", {"name": "works", "data": rows, "total_row": True, "columns": [
        {"header": "title", "total_string": "Total"}, {"header": "plays", "total_function": "sum"},
        {"header": "likes"}, {"header": "trend"}]})
    for row in range(3, 8):
        data.add_sparkline(row, 3, {"range": f"Data!B{row + 1}:C{row + 1}"})
    red = book.add_format({"bg_color": "red"})
    data.conditional_format("B4:B5", {"type": "cell", "criteria": ">", "value": 3, "format": red,
                                      "multi_range": "B4:B5 B6:B8"})
    data.conditional_format("A4:A8", {"type": "formula", "criteria": "=$B4>2", "format": red,
                                      "multi_range": "A4:A8 C4:C8"})
    data.print_area("A1:F9")
    data.insert_button("H2", {})
    board.write_url("A1", "internal:'Data'!A8", string="the last")
    board.write_url("A2", "internal:'Data'!B9", string="the total")
    book.define_name("pieces", "=Data!$B$4:$B$6,Data!$B$7:$B$8")
    more.add_table("A1:B2", {"name": "other", "data": [["x"]], "columns": [
        {"header": "name"}, {"header": "of all", "formula": "=SUM(Data!$B$4:$B$8)"}]})
    book.close()
    source = zipfile.ZipFile(sink)
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, DRAWING.sub(LIST, content) if name.endswith(".vml") else content)
    return target.getvalue()


def filled(count: int) -> tuple[Template, Findings]:
    template = Template.open(built())
    rows = [{"title": f"w{number}", "plays": number, "likes": 1, "trend": None} for number in range(count)]
    # Both tables at once: the formula planned for "other" was read before "works" had its new rows.
    return template, template.fill({"works": rows, "other": [{"name": "x"}, {"name": "y"}]})


CASES = [(12, 15), (2, 5)]  # rows, and the last of them


@pytest.mark.parametrize(("count", "last"), CASES)
def test_parts(count: int, last: int) -> None:
    template, _ = filled(count)
    read = template.book.package.read
    sheet, names = read("xl/worksheets/sheet1.xml").decode(), read("xl/workbook.xml").decode()
    split = "B4:B5" if count == 2 else f"B4:B5 B6:B{last}"
    assert re.findall(r'<conditionalFormatting sqref="([^"]*)"', sheet) == [split, f"A4:A{last} C4:C{last}"]
    assert sorted(map(int, re.findall(r"<xm:sqref>D(\d+)<", sheet))) == list(range(4, last + 1))
    assert f">Data!$A$1:$F${last + 1}<" in names
    pieces = "Data!$B$4:$B$5" if count == 2 else f"Data!$B$4:$B$6,Data!$B$7:$B${last}"
    assert f">{pieces}<" in names
    assert f"<x:FmlaRange>$A$4:$A${last}</x:FmlaRange><x:FmlaLink>$H$1<" in read("xl/drawings/vmlDrawing1.vml").decode()
    other = read("xl/worksheets/sheet2.xml").decode() + read("xl/tables/table2.xml").decode()
    assert set(re.findall(r"SUM\(([^)]*)\)", other)) == {f"Data!$B$4:$B${last}"}
    assert re.findall(r'location="([^"]*)"', read("xl/worksheets/sheet3.xml").decode()) == [
        "'Data'!A8", f"'Data'!B{last + 1}"]


def test_what_went_is_told() -> None:
    assert [problem.name for problem in filled(12)[1]] == []
    told = filled(2)[1]
    assert [(one.name, one.level, one.where.sheet, one.where.cell, one.where.table) for one in told] == [
        *(("SparklineRemoved", "note", "Data", f"D{row}", "works") for row in (6, 7, 8)),
        ("LinkTargetGone", "warning", "Board", "A1", "works")]
    assert "'Data'!A8" in told[-1].line("en")
    assert "'Data'!A8" in told[-1].line("zh")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """The filled workbooks as OpenDocument, by their number of rows."""
    folder = tmp_path_factory.mktemp("cover")
    paths: list[Path] = []
    for count, _ in CASES:
        paths.append(folder / f"filled{count}.xlsx")
        filled(count)[0].save(paths[-1])
    results = libreoffice.convert(paths, "ods", folder / "out")
    return {count: zipfile.ZipFile(result).read("content.xml").decode()
            for (count, _), result in zip(CASES, results, strict=True)}


@libreoffice.wanted
@pytest.mark.parametrize(("count", "last"), CASES)
def test_libreoffice_sees_the_same(documents: dict[int, str], count: int, last: int) -> None:
    text = documents[count]
    assert f'table:print-ranges="Data.A1:Data.F{last + 1}"' in text
    assert f'form:source-cell-range="Data.A4:Data.A{last}"' in text
    assert 'form:linked-cell="Data.H1"' in text
    formats = re.findall(r'<calcext:conditional-format calcext:target-range-address="([^"]*)"', text)
    assert f"Data.A4:Data.A{last} Data.C4:Data.C{last}" in formats
    assert ("Data.B4:Data.B5" if count == 2 else f"Data.B4:Data.B5 Data.B6:Data.B{last}") in formats
    lines = re.findall(r'<calcext:sparkline [^>]*cell-address="Data.D(\d+)"', text)
    assert sorted(map(int, lines)) in ([], list(range(4, last + 1)))  # older versions do not know them
    sums = re.findall(r'table:formula="of:=SUM\(\[([^\]]*)\]\)"[^>]*office:value="([^"]*)"', text)
    assert set(sums) == {(f"$Data.$B$4:.$B${last}", str(sum(range(count))))}
