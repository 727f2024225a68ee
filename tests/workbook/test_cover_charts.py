"""Charts, names and pivot caches follow the table; cached points are those of the cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from xlkpi.errors import CellError
from xlkpi.workbook.cover_charts import Cells, fit_chart, read_grid, refresh_chart
from xlkpi.workbook.cover_labels import label
from xlkpi.workbook.cover_names import fit_names
from xlkpi.workbook.cover_pivots import fit_pivot_cache
from xlkpi.workbook.refs import Resize

GROWS = Resize("Data", "works", 1, 4, 2, 4, 6, totals=False)
ONE_ROW = replace(GROWS, old_last_row=2)
VALUES = {(2, 1): "赞 & 评", (3, 1): "b", (4, 1): "c", (2, 2): 1.0, (3, 2): 2.5, (4, 2): -3.0, (1, 2): "播放量",
          (2, 3): 0.125, (3, 3): CellError("#N/A"), (2, 4): "2024", (4, 4): ""}


class Grid:
    def __init__(self, values: dict[tuple[int, int], object]) -> None:
        self.values = values

    def column(self, col: int) -> dict[int, object]:
        return {row: value for (row, own), value in self.values.items() if own == col}


def cells(values: dict[tuple[int, int], object] | None = None, **more: Callable[..., object]) -> Cells:
    sheets = {"data": Grid(VALUES if values is None else values)}
    return Cells(lambda sheet: sheets.get(sheet.casefold()), **more)  # type: ignore[arg-type]


def chart(inside: str, more: str = "") -> bytes:
    return (f'<?xml version="1.0"?>\n<c:chartSpace xmlns:c="urn:c"><c:chart><c:plotArea><c:barChart><c:ser>'
            f"{inside}</c:ser></c:barChart></c:plotArea>{more}</c:chart></c:chartSpace>").encode()


def numbers(source: str, *points: tuple[int, str], count: int, code: str = "0.0%") -> str:
    inside = "".join(f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, value in points)
    return (f"<c:val><c:numRef><c:f>{source}</c:f><c:numCache><c:formatCode>{code}</c:formatCode>"
            f'<c:ptCount val="{count}"/>{inside}</c:numCache></c:numRef></c:val>')


def words(source: str, *points: tuple[int, str], count: int, place: str = "cat") -> str:
    inside = "".join(f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, value in points)
    return (f'<c:{place}><c:strRef><c:f>{source}</c:f><c:strCache><c:ptCount val="{count}"/>{inside}</c:strCache>'
            f"</c:strRef></c:{place}>")


@pytest.mark.parametrize(("old", "new"), [
    ("<c:val><c:numRef><c:f>Data!$B$2:$B$4</c:f></c:numRef></c:val>",
     "<c:val><c:numRef><c:f>Data!$B$2:$B$6</c:f></c:numRef></c:val>"),
    ("<c:cat><c:strRef><c:f>'data'!$A$1:$B$4</c:f></c:strRef></c:cat>",
     "<c:cat><c:strRef><c:f>'data'!$A$1:$B$6</c:f></c:strRef></c:cat>"),
    ("<c:val><c:numRef><c:f>(Data!$B$2:$B$4,Other!$B$2:$B$4)</c:f></c:numRef></c:val>",
     "<c:val><c:numRef><c:f>(Data!$B$2:$B$6,Other!$B$2:$B$4)</c:f></c:numRef></c:val>"),
    ("<c15:datalabelsRange><c15:f>Data!$A$2:$A$4</c15:f></c15:datalabelsRange>",
     "<c15:datalabelsRange><c15:f>Data!$A$2:$A$6</c15:f></c15:datalabelsRange>"),
    ("<cx:numDim><cx:f>Data!$B$2:$B$4</cx:f></cx:numDim>", "<cx:numDim><cx:f>Data!$B$2:$B$6</cx:f></cx:numDim>"),
    ("<c:tx><c:strRef><c:f>Data!$B$1</c:f></c:strRef></c:tx>",) * 2,
    ("<c:val><c:numRef><c:f>Data!$B$2:$B$3</c:f></c:numRef></c:val>",) * 2,
])
def test_ranges(old: str, new: str) -> None:
    assert fit_chart(chart(old), GROWS) == chart(new)
    assert fit_chart(chart(new), GROWS.back) == chart(old)


@pytest.mark.parametrize(("old", "new"), [
    ("<c:val><c:numRef><c:f>Data!$B$2</c:f></c:numRef></c:val>",
     "<c:val><c:numRef><c:f>Data!$B$2:$B$6</c:f></c:numRef></c:val>"),
    ("<c:val><c:numRef><c:f>Data!$B$2:$D$2</c:f></c:numRef></c:val>",) * 2,  # a series in the only row
    ("<c:tx><c:strRef><c:f>Data!$A$2</c:f></c:strRef></c:tx>",) * 2,  # and its name
])
def test_ranges_over_one_row(old: str, new: str) -> None:
    assert fit_chart(chart(old), ONE_ROW) == chart(new)


@pytest.mark.parametrize("inside", [
    words("Data!$B$1", (0, "播放量"), count=1, place="tx")
    + words("Data!$A$2:$A$4", (0, "赞 &amp; 评"), (1, "b"), (2, "c"), count=3)
    + numbers("Data!$B$2:$B$4", (0, "1"), (1, "2.5000"), (2, "-3"), count=3),
    numbers("Data!$C$2:$C$4", (0, "0.125"), (1, "#N/A"), count=3),  # as Excel keeps an error
    numbers("Data!$D$2:$D$4", (0, "0"), (2, "0"), count=3),  # and texts
    words("Data!$C$2", (0, "12.5%"), count=1, place="tx"),  # a number as it is shown
    words("Data!$A$2:$A$5", (0, "赞 &amp; 评"), (1, "b"), (2, "c"), (3, ""), count=4),
    "<c:val><c:numRef><c:f>Data!#REF!</c:f><c:numCache><c:ptCount val='9'/></c:numCache></c:numRef></c:val>",
])
def test_a_chart_that_is_up_to_date_stays(inside: str) -> None:
    assert refresh_chart(chart(inside), cells())[0] == chart(inside)


@pytest.mark.parametrize(("old", "new"), [
    (numbers("Data!$B$2:$B$4", (0, "1"), count=1), numbers("Data!$B$2:$B$4", (0, "1"), (1, "2.5"), (2, "-3"), count=3)),
    (numbers("Data!$C$2:$C$4", (0, "0"), (1, "5"), (2, "0"), count=3),
     numbers("Data!$C$2:$C$4", (0, "0.125"), count=3)),
    (numbers("Data!$D$2:$D$4", (0, "2024"), (2, "0"), count=3), numbers("Data!$D$2:$D$4", count=3)),  # texts
    (words("Data!$A$2:$A$3", (0, "x"), count=1), words("Data!$A$2:$A$3", (0, "赞 &amp; 评"), (1, "b"), count=2)),
    (words("Data!$C$2", (0, "99.9%"), count=1, place="tx"), words("Data!$C$2", (0, "12.5%"), count=1, place="tx")),
    ("<c:cat><c:numRef><c:f>Data!$A$3:$A$4</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val='0'/>"
     "</c:numCache></c:numRef></c:cat>", words("Data!$A$3:$A$4", (0, "b"), (1, "c"), count=2)),  # built without data
    ("<c:val><c:numRef><c:f>Data!$B$2</c:f></c:numRef></c:val>",
     numbers("Data!$B$2", (0, "1"), count=1, code="General")),
    ("<c:cat><c:multiLvlStrRef><c:f>Data!$A$2:$B$4</c:f><c:multiLvlStrCache><c:ptCount val='1'/></c:multiLvlStrCache>"
     "</c:multiLvlStrRef></c:cat>",
     '<c:cat><c:multiLvlStrRef><c:f>Data!$A$2:$B$4</c:f><c:multiLvlStrCache><c:ptCount val="3"/><c:lvl>'
     '<c:pt idx="0"><c:v>1</c:v></c:pt><c:pt idx="1"><c:v>2.5</c:v></c:pt><c:pt idx="2"><c:v>-3</c:v></c:pt></c:lvl>'
     '<c:lvl><c:pt idx="0"><c:v>赞 &amp; 评</c:v></c:pt><c:pt idx="1"><c:v>b</c:v></c:pt><c:pt idx="2">'
     "<c:v>c</c:v></c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:cat>"),
    ('<cx:numDim type="val"><cx:f>Data!$B$2:$B$4</cx:f><cx:lvl ptCount="1" formatCode="0%"><cx:pt idx="0">9'
     "</cx:pt></cx:lvl></cx:numDim>",
     '<cx:numDim type="val"><cx:f>Data!$B$2:$B$4</cx:f><cx:lvl ptCount="3" formatCode="0%"><cx:pt idx="0">1</cx:pt>'
     '<cx:pt idx="1">2.5</cx:pt><cx:pt idx="2">-3</cx:pt></cx:lvl></cx:numDim>'),
    ("<cx:txData><cx:f>Data!$B$1</cx:f><cx:v>old</cx:v></cx:txData>",
     "<cx:txData><cx:f>Data!$B$1</cx:f><cx:v>播放量</cx:v></cx:txData>"),
])
def test_points_are_rebuilt(old: str, new: str) -> None:
    got, unread = refresh_chart(chart(old), cells())
    assert (got.decode(), unread) == (chart(new).decode(), [])
    assert refresh_chart(got, cells()) == (got, [])


def test_number_formats_of_points_and_extensions_stay() -> None:
    old = ('<c:val><c:numRef><c:f>Data!$B$2:$B$4</c:f><c:numCache><c:formatCode>0</c:formatCode><c:ptCount val="3"/>'
           '<c:pt idx="1" formatCode="0.0"><c:v>7</c:v></c:pt><c:extLst><c:ext/></c:extLst></c:numCache></c:numRef>'
           "</c:val>")
    want = old.replace('<c:pt idx="1" formatCode="0.0"><c:v>7</c:v></c:pt>',
                       '<c:pt idx="0"><c:v>1</c:v></c:pt><c:pt idx="1" formatCode="0.0"><c:v>2.5</c:v></c:pt>'
                       '<c:pt idx="2"><c:v>-3</c:v></c:pt>')
    assert refresh_chart(chart(old), cells())[0].decode() == chart(want).decode()


def test_hidden_rows_are_no_points_unless_the_chart_says_so() -> None:
    hidden = cells(hidden=lambda sheet: (frozenset({3}), frozenset()))
    old = numbers("Data!$B$2:$B$4", count=0)
    got = refresh_chart(chart(old, '<c:plotVisOnly val="1"/>'), hidden)[0]
    assert got == chart(numbers("Data!$B$2:$B$4", (0, "1"), (1, "-3"), count=2), '<c:plotVisOnly val="1"/>')
    got = refresh_chart(chart(old, '<c:plotVisOnly val="0"/>'), hidden)[0]
    assert got == chart(numbers("Data!$B$2:$B$4", (0, "1"), (1, "2.5"), (2, "-3"), count=3), '<c:plotVisOnly val="0"/>')


def test_sources() -> None:
    named = cells(resolve={"[0]!plays": "Data!$B$2:$B$3"}.get)
    assert read_grid("[0]!plays", named) == [[1.0], [2.5]]
    assert read_grid("(Data!$B$4,Data!$B$2)", named) == [[-3.0], [1.0]]
    for text in ("[0]!other", "OFFSET(Data!$B$2,0,0,3)", "Gone!$A$1", "[1]Data!$A$1", "Data!#REF!"):
        assert read_grid(text, named) is None, text
        assert refresh_chart(chart(numbers(text, (0, "7"), count=1)), named) == (
            chart(numbers(text, (0, "7"), count=1)), [text])


@pytest.mark.parametrize(("value", "example", "want"), [
    (0.5, "", "0.5"), (3.0, "7", "3"), (1234567.0, "1,000", "1,234,567"), (0.1234, "5.0%", "12.3%"), (None, "x", None),
    (True, "", "TRUE"), (45292.0, "2023-12-31", "2024-01-01"), (45292.0, "2023/5/31", "2024/1/1"),
    (45292.0, "2023年5月31日", "2024年1月1日"), (2.5, "1.50", "2.50"), (CellError("#DIV/0!"), "", "#DIV/0!"),
    ("", "x", None),
])
def test_labels(value: object, example: str, want: str | None) -> None:
    assert label(value, example) == want


@pytest.mark.parametrize(("old", "new"), [
    ('name="body">Data!$A$2:$A$4', 'name="body">Data!$A$2:$A$6'),
    ('name="_xlnm.Print_Area" localSheetId="0">Data!$A$1:$D$4,Data!$H$1:$H$9',
     'name="_xlnm.Print_Area" localSheetId="0">Data!$A$1:$D$6,Data!$H$1:$H$9'),
    ('name="_xlnm.Print_Titles">Data!$1:$1', 'name="_xlnm.Print_Titles">Data!$1:$1'),
    ('name="relative">Data!A2:A4', 'name="relative">Data!A2:A4'),
    ('name="f">SUM(Data!$B$2:$B$4)&amp;"Data!$A$2:$A$4"', 'name="f">SUM(Data!$B$2:$B$6)&amp;"Data!$A$2:$A$4"'),
    ('name="cell">Data!$A$4', 'name="cell">Data!$A$4'),
    ('name="s">works[播放量]', 'name="s">works[播放量]'),
])
def test_names(old: str, new: str) -> None:
    book = ('<workbook xmlns="u"><sheets><sheet name="Data"/></sheets><definedNames><definedName {}</definedName>'
            "</definedNames></workbook>")
    assert fit_names(book.format(old).encode(), GROWS) == book.format(new).encode()
    assert fit_names(book.format(new).encode(), GROWS.back) == book.format(old).encode()


def test_names_over_one_row() -> None:
    book = '<workbook><definedNames><definedName name="{}">Data!{}</definedName></definedNames></workbook>'
    for name, old, new in (("cell", "$A$2", "$A$2"), ("range", "$A$2:$A$2", "$A$2:$A$6"),
                           ("row", "$A$2:$D$2", "$A$2:$D$6"), ("_xlnm.Print_Area", "$A$2", "$A$2:$A$6")):
        assert fit_names(book.format(name, old).encode(), ONE_ROW) == book.format(name, new).encode()


@pytest.mark.parametrize(("source", "want", "refreshed"), [
    ('name="works"', 'name="works"', True), ('name="other"', 'name="other"', False), ('name="all"', 'name="all"', True),
    ('ref="A1:D4" sheet="Data"', 'ref="A1:D6" sheet="Data"', True), ('ref="A1:D4" sheet="Other"',) * 2 + (False,),
    ('ref="A1:D99" sheet="Data"',) * 2 + (True,), ('ref="F1:H4" sheet="Data"',) * 2 + (False,),
    ('ref="A1:D4" sheet="Data" r:id="rId1"',) * 2 + (False,),
])
def test_pivot_caches(source: str, want: str, refreshed: bool) -> None:
    data = ('<pivotCacheDefinition xmlns="u" r:id="rId1"{}><cacheSource type="worksheet"><worksheetSource {}/>'
            "</cacheSource></pivotCacheDefinition>")
    flag = ' refreshOnLoad="1"' if refreshed else ""
    got = fit_pivot_cache(data.format("", source).encode(), GROWS, frozenset({"all"}))
    assert got.decode() == data.format(flag, want)


def test_levels_of_categories_over_one_row() -> None:
    inside = ("<c:cat><c:multiLvlStrRef><c:f>Data!$A$2:$B${}</c:f></c:multiLvlStrRef></c:cat>"
              "<c:val><c:numRef><c:f>Data!{}</c:f></c:numRef></c:val>")
    assert fit_chart(chart(inside.format(2, "$C$2")), ONE_ROW) == chart(inside.format(6, "$C$2:$C$6"))
