"""Tables get other rows: the body, the totals row, the row beside, the room below."""

from __future__ import annotations

import io

import openpyxl
import pytest
from packages import changed, part
from smallbooks import book

from xlkpi.errors import Findings, Refused
from xlkpi.workbook.fill import Template

pytestmark = [pytest.mark.filterwarnings("ignore::xlkpi.workbook.fill.StaleResults"),
              pytest.mark.filterwarnings("ignore:Workbook contains no default style")]

STYLES = ('<styleSheet xmlns="MAIN"><numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
          '<fonts count="1"><font/></fonts>'
          '<fills count="2"><fill><patternFill/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
          '<borders count="1"><border/></borders>'
          '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6">'
          '<xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="3"/>'
          '<xf numFmtId="49"/><xf numFmtId="10"/><xf numFmtId="0" fontId="0"/></cellXfs></styleSheet>')
TABLE = ('id="1" name="works" displayName="works" ref="B2:E5" totalsRowCount="1"><autoFilter ref="B2:E4"><filterColumn '
         'colId="0" hiddenButton="1"><filters><filter val="x"/></filters></filterColumn><filterColumn colId="1"><top10 '
         'val="3"/></filterColumn></autoFilter><sortState ref="B3:E4"><sortCondition ref="C3:C4"/></sortState>'
         '<tableColumns count="4"><tableColumn id="1" name="day"/>'
         '<tableColumn id="2" name="plays" totalsRowFunction="sum"/><tableColumn id="3" name="note"/>'
         '<tableColumn id="4" name="twice"><calculatedColumnFormula>works[[#This Row],[plays]]*2'
         '</calculatedColumnFormula></tableColumn></tableColumns>')
ROWS = ('<row r="1"><c r="A1"><v>9</v></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t>day</t></is></c><c r="C2" t="inlineStr"><is><t>plays</t></is></c>'
        '<c r="D2" t="inlineStr"><is><t>note</t></is></c><c r="E2" t="inlineStr"><is><t>twice</t></is></c></row>'
        '<row r="3" spans="1:7" ht="40" customHeight="1" hidden="1"><c r="A3"><v>1</v></c><c r="B3" s="1"><v>1</v></c>'
        '<c r="C3" s="2"><v>1</v></c><c r="D3" s="3"/><c r="E3"><f>works[[#This Row],[plays]]*2</f><v>2</v></c>'
        '<c r="G3"><v>3</v></c></row>'
        '<row r="4" hidden="1" ht="18"><c r="B4" s="1"><v>1</v></c><c r="E4"><v>77</v></c></row>'
        '<row r="5"><c r="B5" s="5" t="inlineStr"><is><t>Total</t></is></c><c r="C5" s="5">'
        '<f>SUBTOTAL(109,works[plays])</f><v>1</v></c><c r="G5"><f>1+1</f><v>2</v></c></row>')
DATA = [{"day": "2026-04-01", "plays": 10, "note": "a"}, {"day": "2026-04-02", "plays": 20.5, "note": "=b"},
        {"day": None, "plays": None, "note": 7}, {"day": 46116, "plays": "1,000", "note": ""}]


def template(rows: str = ROWS, table: str = TABLE, below: str = "", tail: str = "", **options: object) -> Template:
    sheet = f'<dimension ref="A1:G5"/><sheetData>{rows}{below}</sheetData>{tail}'
    return Template.open(book(sheet, table=table, styles=STYLES, **options))  # type: ignore[arg-type]


def names(findings: Findings | list[object]) -> list[str]:
    return [problem.name for problem in findings]  # type: ignore[union-attr]


def grid(filled: Template) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(filled.tobytes()))["Data"]
    return [[cell.value for cell in row] for row in sheet["A1:G9"]]


def test_a_table_grows() -> None:
    filled = template()
    report = filled.fill({"works": DATA})
    assert names(report) == ["RowExceptionLost", "FilterCleared"]
    assert report[0].where.cell == "E4"
    twice = "=works[[#This Row],[plays]]*2"
    d = openpyxl.utils.datetime.from_excel
    none = [None] * 7
    assert grid(filled) == [
        [9, *none[1:]], [None, "day", "plays", "note", "twice", None, None],
        [1, d(46113), 10, "a", twice, None, 3], [None, d(46114), 20.5, "=b", twice, None, None],
        [None, None, None, "7", twice, None, "=1+1"], [None, d(46116), 1000, None, twice, None, None],
        [None, "Total", "=SUBTOTAL(109,works[plays])", None, None, None, None], none, none]
    styles = {place: cell.style for place, cell in filled.book.cells("Data").items()}
    assert [[styles.get((row, col)) for col in range(2, 6)] for row in (3, 5, 6, 7)] == [
        [1, 2, 3, 0], [1, 2, 3, 0], [1, 2, 3, 0], [5, 5, None, None]]
    table = openpyxl.load_workbook(io.BytesIO(filled.tobytes()))["Data"].tables["works"]
    assert (table.ref, table.autoFilter.ref, table.sortState) == ("B2:E7", "B2:E6", None)
    assert [(c.colId, c.hiddenButton, c.filters) for c in table.autoFilter.filterColumn] == [(0, True, None)]


def test_rows_are_shown_and_only_heights_set_by_hand_stay() -> None:
    filled = template()
    filled.fill({"works": DATA})
    xml = filled.book.xml("data/one.xml")
    assert xml.row_attributes(3) == {"r": "3", "spans": "1:7", "ht": "40", "customHeight": "1"}
    assert xml.row_attributes(4) == {"r": "4"}
    assert xml.row_attributes(6) == {"r": "6"}
    assert xml.dimension is not None
    assert xml.dimension.text() == "A1:G7"


def test_a_table_shrinks_and_clears_the_rest() -> None:
    filled = template()
    filled.fill({"works": DATA[:1]})
    assert filled.book.tables["works"].ref == "B2:E4"
    assert grid(filled)[2:] == [
        [1, openpyxl.utils.datetime.from_excel(46113), 10, "a", "=works[[#This Row],[plays]]*2", None, 3],
        [None, "Total", "=SUBTOTAL(109,works[plays])", None, None, None, None],
        [None, None, None, None, None, None, "=1+1"], *[[None] * 7] * 4]
    assert {place: cell.style for place, cell in filled.book.cells("Data").items() if place[0] == 5} == {(5, 7): 0}


def test_no_rows_leave_one_empty_row() -> None:
    filled = template()
    filled.fill({"works": {"day": [], "plays": [], "note": []}})
    assert filled.book.tables["works"].ref == "B2:E4"
    assert filled.rows("works") == [{"day": None, "plays": None, "note": None, "twice": None}]
    assert {place: cell.style for place, cell in filled.book.cells("Data").items() if place[0] == 3} == {
        (3, 1): 0, (3, 2): 1, (3, 3): 2, (3, 4): 3, (3, 7): 0}
    filled.fill({"works": DATA})
    assert [row["plays"] for row in filled.rows("works")] == [10, 20.5, None, 1000]


def test_there_and_back_is_the_same_sheet() -> None:
    once = template()
    once.fill({"works": DATA[:2]})
    again = template()
    for rows in (DATA, DATA[:1], DATA * 5, DATA[:2]):
        again.fill({"works": rows})
    assert again.book.cells("Data") == once.book.cells("Data")
    assert again.book.package.read("xl/tables/t.xml") == once.book.package.read("xl/tables/t.xml")
    dimension = again.book.xml("data/one.xml").dimension
    assert dimension is not None
    assert dimension.text() == "A1:G5"


@pytest.mark.parametrize(("below", "tail", "place"), [
    ('<row r="6"><c r="D6"><v>5</v></c></row>', "", "D6"),
    ('<row r="7"><c r="B7"><f>A1</f></c></row>', "", "B7"),
    ("", '<mergeCells count="1"><mergeCell ref="E6:G8"/></mergeCells>', "E6"),
])
def test_what_is_in_the_way_is_named_and_kept(below: str, tail: str, place: str) -> None:
    filled = template(below=below, tail=tail)
    before = filled.tobytes()
    with pytest.raises(Refused) as refused:
        filled.fill({"works": DATA})
    assert [(p.name, p.where.cell) for p in refused.value.problems if p.level == "error"] == [("InTheWay", place)]
    assert filled.tobytes() == before
    assert names(filled.fill({"works": DATA}, on_error="report"))[-2:] == ["InTheWay", "FilterCleared"]
    assert filled.tobytes() == before


@pytest.mark.parametrize("below", ['<row r="6"><c r="B6" s="2"/><c r="G6"><v>5</v></c></row>',
                                   '<row r="8"><c r="B8"><v>5</v></c></row>'])
def test_empty_cells_and_cells_beside_are_not_in_the_way(below: str) -> None:
    filled = template(below=below)
    old = {place: cell for place, cell in filled.book.cells("Data").items() if cell.value == 5}
    filled.fill({"works": DATA})
    assert old.items() <= filled.book.cells("Data").items()


def test_anchors_on_removed_rows_are_reported() -> None:
    tail = '<hyperlinks><hyperlink ref="B4" location="x"/><hyperlink ref="G4" location="x"/></hyperlinks>'
    report = template(tail=tail).fill({"works": DATA[:1]})
    assert [(p.where.cell, p.facts["what"]) for p in report if p.name == "AnchorLost"] == [("B4", "hyperlink")]


def test_formulas_without_a_description_are_continued() -> None:
    plain = TABLE.replace("<calculatedColumnFormula>works[[#This Row],[plays]]*2</calculatedColumnFormula>", "")
    rows = ROWS.replace("<f>works[[#This Row],[plays]]*2</f>", '<f t="shared" si="3" ref="E3:E4">C3*$A$1</f>').replace(
        '<c r="E4"><v>77</v></c>', '<c r="E4"><f t="shared" si="3"/><v>0</v></c>')
    filled = template(rows, plain)
    assert names(filled.fill({"works": DATA})) == ["FilterCleared"]
    assert [row[4] for row in grid(filled)[2:7]] == [f"=C{n}*$A$1" for n in (3, 4, 5, 6)] + [None]


def test_a_shared_formula_that_leaves_the_table_keeps_its_meaning() -> None:
    rows = ROWS.replace("<f>works[[#This Row],[plays]]*2</f>", '<f t="shared" si="0" ref="E3:G3">C3*2</f>').replace(
        '<c r="G3"><v>3</v></c>', '<c r="G3"><f t="shared" si="0"/><v>3</v></c>')
    filled = template(rows)
    filled.fill({"works": DATA[:1]})
    assert grid(filled)[2][6] == "=E3*2"


def test_calc_chain_goes_with_the_formulas() -> None:
    filled = template(calc_chain='<calcChain xmlns="MAIN"><c r="E3" i="1"/></calcChain>')
    before = filled.tobytes()
    filled.fill({"works": DATA})
    gone = changed(before, filled.tobytes())
    assert gone == {"data/one.xml", "xl/tables/t.xml", "xl/calcChain.xml", "[Content_Types].xml",
                    "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"}
    assert b"calcChain" not in part(filled.tobytes(), "xl/_rels/workbook.xml.rels")


def test_two_tables_side_by_side() -> None:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    wb = Workbook(out, {"in_memory": True})
    sheet = wb.add_worksheet("Data")
    sheet.add_table("A1:B2", {"name": "left", "columns": [{"header": "a"}, {"header": "b"}]})
    sheet.add_table("D1:D4", {"name": "right", "columns": [{"header": "c"}]})
    wb.close()
    filled = Template.open(out.getvalue())
    filled.fill({"left": [{"a": n, "b": f"t{n}"} for n in range(6)], "right": [{"c": n} for n in range(2)]})
    filled.fill({"right": [{"c": n} for n in range(3)]})
    sheet = openpyxl.load_workbook(io.BytesIO(filled.tobytes()))["Data"]
    assert [[cell.value for cell in row] for row in sheet["A1:D8"]] == [
        ["a", "b", None, "c"], [0, "t0", None, 0], [1, "t1", None, 1], [2, "t2", None, 2], [3, "t3", None, None],
        [4, "t4", None, None], [5, "t5", None, None], [None] * 4]
    assert (sheet.tables["left"].ref, sheet.tables["right"].ref) == ("A1:B7", "D1:D4")
