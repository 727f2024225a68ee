"""Cells read and written in every legal spelling of a sheet part."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import changed, part
from python_calamine import CalamineWorkbook
from smallbooks import book

from xlkpi.errors import CellError, Refused
from xlkpi.workbook.book import Book
from xlkpi.workbook.markup import from_stored, to_stored
from xlkpi.workbook.styles import format_kind

STRINGS = ('<sst xmlns="MAIN" count="3" uniqueCount="4"><si><t>plain</t></si>'
           '<si><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r></si>'
           '<si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh><phoneticPr fontId="1"/></si>'
           '<si><t xml:space="preserve"> a_x000D_\nb_x005F_x0041_ &amp;#10; </t></si></sst>')
ALL_KINDS = """<dimension ref="A1:H2"/><sheetData>
<row r="1" spans="1:8"><c r="A1"><v>1.5</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="b"><v>1</v></c>
 <c r="D1" t="e"><v>#DIV/0!</v></c><c r="E1" t="str"><f>"a"</f><v>a</v></c><c r="F1" t="inlineStr"><is><t>in</t><rPh
 sb="0" eb="1"><t>x</t></rPh></is></c><c r="G1" s="2"/><c r="H1" t="s"><v>2</v></c></row>
<row r="2" hidden="1"><c t='n' r='A2'><v>2e3</v></c><c r="B2" t="s"><v>3</v></c></row></sheetData>"""


def rows(data: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def cell(data: bytes, address: str) -> ElementTree.Element:
    root = ElementTree.fromstring(part(data, "data/one.xml"))
    return next(element for element in root.iter() if element.get("r") == address and element.tag.endswith("}c"))


def test_every_kind_of_cell() -> None:
    values = Book.open(book(ALL_KINDS, strings=STRINGS)).values("data")
    assert values == {(1, 1): 1.5, (1, 2): "rich", (1, 3): True, (1, 4): CellError("#DIV/0!"), (1, 5): "a",
                      (1, 6): "in", (1, 8): "漢字", (2, 1): 2000.0, (2, 2): " a\r\nb_x0041_ &#10; "}
    assert values[1, 3] is True


def test_prefixed_elements_and_cells_without_addresses() -> None:
    sheet = ('<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c r="D1"><x:v>4</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row>'
             '<x:row r="4"><x:c/><x:c t="b"><x:v>0</x:v></x:c></x:row>'
             '<x:row><x:c><x:f>A1*2</x:f></x:c></x:row></x:sheetData>')
    data = book(sheet, prefix="x")
    found = Book.open(data)
    assert found.values("Data") == {(1, 1): 1, (1, 4): 4, (1, 5): 5, (4, 2): False}
    assert [(f.row, f.col, f.text) for f in found.formulas()] == [(5, 1, "A1*2")]
    found.set_cells("Data", {(1, 2): 2, (2, 1): "new", (4, 3): True})
    after = found.package.tobytes()
    assert rows(after) == [[1, 2, None, 4, 5], ["new", None, None, None, None], [None] * 5,
                           [None, False, True, None, None], ["=A1*2", None, None, None, None]]


def test_comments_and_cdata_among_the_cells() -> None:
    sheet = ('<sheetData><!-- <row r="9"><c r="A9"><v>9</v></c></row> --><row r="1"><c r="A1" t="inlineStr"><is><t>'
             '<![CDATA[a<b]]></t></is></c></row></sheetData>')
    found = Book.open(book(sheet))
    assert found.values("Data") == {(1, 1): "a<b"}
    found.set_cells("Data", {(1, 2): 1})
    assert rows(found.package.tobytes()) == [["a<b", 1]]


def test_only_sheet_data_holds_cells() -> None:
    sheet = ('<sheetData/><extLst><ext uri="x"><x14:row xmlns:x14="u" r="1"><c r="A1"><v>7</v></c></x14:row>'
             '</ext></extLst>')
    found = Book.open(book(sheet))
    assert found.values("Data") == {}
    found.set_cells("Data", {(2, 1): 5, (1, 2): 6})
    assert found.values("Data") == {(2, 1): 5, (1, 2): 6}
    assert rows(found.package.tobytes()) == [[None, 6], [5, None]]


def test_dates_of_iso_cells_and_both_epochs() -> None:
    sheet = '<sheetData><row r="1"><c r="A1" t="d"><v>2026-04-01T12:00:00Z</v></c></row></sheetData>'
    assert Book.open(book(sheet)).values("Data") == {(1, 1): 46113.5}
    assert Book.open(book(sheet, date1904=True)).values("Data") == {(1, 1): 46113.5 - 1462}


def test_new_cells_take_the_style_of_their_row_or_column() -> None:
    sheet = ('<cols><col min="2" max="3" width="9" style="4"/></cols><sheetData><row r="2" s="5" customFormat="1"/>'
             '<row r="3" s="6"><c r="C3" s="7"><v>1</v></c></row></sheetData>')
    found = Book.open(book(sheet))
    found.set_cells("Data", {(1, 2): 1, (2, 2): 1, (3, 3): 2, (3, 2): 1, (3, 5): 1})
    styles = {place: cell.style for place, cell in found.cells("Data").items()}
    assert styles == {(1, 2): 4, (2, 2): 5, (3, 3): 7, (3, 2): 4, (3, 5): 0}


def test_texts_are_appended_and_plain_ones_used_again() -> None:
    found = Book.open(book(ALL_KINDS, strings=STRINGS))
    found.set_cells("Data", {(5, 1): "plain", (5, 2): "rich", (5, 3): "漢字", (1, 2): 1})
    after = found.package.tobytes()
    strings = ElementTree.fromstring(part(after, "xl/sharedStrings.xml"))
    assert [cell(after, a)[0].text for a in ("A5", "B5", "C5")] == ["0", "4", "5"]
    assert (strings.get("count"), strings.get("uniqueCount")) == ("5", "6")
    assert len(strings) == 6


@pytest.mark.parametrize("strict", [False, True], ids=["transitional", "strict"])
def test_a_book_without_strings_gets_them(strict: bool) -> None:
    data = book("<sheetData/>", strict=strict)
    found = Book.open(data)
    found.set_cells("Data", {(1, 1): "=HYPERLINK(1)"})
    after = found.package.tobytes()
    assert changed(data, after) == {"data/one.xml", "xl/sharedStrings.xml", "[Content_Types].xml",
                                    "xl/_rels/workbook.xml.rels"}
    assert CalamineWorkbook.from_filelike(io.BytesIO(after)).get_sheet_by_index(0).to_python() == [["=HYPERLINK(1)"]]
    assert Book.open(after).formulas() == []
    assert cell(after, "A1").get("t") == "s"
    assert ElementTree.fromstring(part(after, "xl/sharedStrings.xml")).tag.startswith(
        "{http://purl.oclc.org" if strict else "{http://schemas.openxmlformats.org")


SHARED_GROUP = ('<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1">'
                '<f t="shared" ref="B1:B3" si="0">A1*$A$1+LEN("A1")</f><v>1</v></c></row>'
                '<row r="2"><c r="B2"><f t="shared" si="0"/><v>0</v></c></row>'
                '<row r="3"><c r="B3"><f t="shared" si="0"/><v>0</v></c></row></sheetData>')


def test_overwriting_the_master_of_a_shared_formula_unshares_it() -> None:
    chain = '<calcChain xmlns="MAIN"><c r="B1" i="1"/></calcChain>'
    data = book(SHARED_GROUP, calc_chain=chain)
    found = Book.open(data)
    assert [f.text for f in found.formulas()] == ['A1*$A$1+LEN("A1")', 'A2*$A$1+LEN("A1")', 'A3*$A$1+LEN("A1")']
    found.set_cells("Data", {(1, 2): 5, (2, 2): None})
    after = found.package.tobytes()
    assert rows(after) == [[1, 5], [None, None], [None, '=A3*$A$1+LEN("A1")']]
    assert cell(after, "B3")[1].text == "0"
    assert changed(data, after) == {"data/one.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels",
                                    "xl/calcChain.xml"}
    assert b"calcChain" not in part(after, "[Content_Types].xml") + part(after, "xl/_rels/workbook.xml.rels")


def test_a_constant_keeps_the_calculation_chain() -> None:
    data = book(SHARED_GROUP, calc_chain='<calcChain xmlns="MAIN"><c r="B1" i="1"/></calcChain>')
    found = Book.open(data)
    found.set_cells("Data", {(1, 1): 3})
    assert changed(data, found.package.tobytes()) == {"data/one.xml"}


SPILL = ('<dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" cm="1" s="2"><f t="array" ref="A1:A3">SEQUENCE(3)</f>'
         '<v>1</v></c><c r="C1" t="e" vm="1"><f>B1</f><v>#VALUE!</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
         '<row r="3"><c r="A3" s="1"><v>3</v></c></row></sheetData>'
         '<mergeCells count="1"><mergeCell ref="E1:F2"/></mergeCells>')


def test_parts_of_arrays_and_merges_are_refused_all_at_once() -> None:
    data = book(SPILL)
    found = Book.open(data)
    with pytest.raises(Refused) as refused:
        found.set_cells("Data", {(2, 1): 5, (1, 1): 5, (2, 6): 1, (1, 5): 1, (9, 9): "x" * 32_768,
                                 (9, 8): "x" * 32_767})
    assert [(p.name, p.where.cell) for p in refused.value.problems] == [
        ("PartOfArray", "A2"), ("PartOfArray", "A1"), ("InsideMerge", "F2"), ("TextTooLong", "I9")]
    assert found.package.tobytes() == data


def test_results_keep_their_formulas() -> None:
    found = Book.open(book(SHARED_GROUP))
    found.set_cached({("Data", 1, 2): True, ("Data", 2, 2): " a<b ", ("Data", 3, 2): CellError("#CALC!")})
    after = found.package.tobytes()
    assert found.values("Data") == {(1, 1): 1, (1, 2): True, (2, 2): " a<b ", (3, 2): CellError("#VALUE!")}
    assert [f.text for f in Book.open(after).formulas()][1] == 'A2*$A$1+LEN("A1")'
    shown = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Data"]
    assert [shown[a].value for a in ("B1", "B2", "B3")] == [True, " a<b ", "#VALUE!"]
    found.set_cached({("Data", 1, 2): "", ("Data", 2, 2): None})
    assert cell(found.package.tobytes(), "B2").get("t") is None
    assert found.cells("Data")[1, 2].value is None or found.cells("Data")[1, 2].value == ""
    with pytest.raises(ValueError, match="A1"):
        found.set_cached({("Data", 1, 1): 2})


def test_spills_change_their_size() -> None:
    found = Book.open(book(SPILL))
    found.set_cached({("Data", 1, 1): 7.0, ("Data", 1, 2): "b", ("Data", 1, 3): 1.0}, {("Data", 1, 1): (1, 2)})
    after = found.package.tobytes()
    anchor = cell(after, "A1")
    assert (anchor.get("cm"), anchor.get("s"), anchor[0].get("ref")) == ("1", "2", "A1:B1")
    assert found.values("Data") == {(1, 1): 7, (1, 2): "b", (1, 3): 1}
    assert cell(after, "C1").get("vm") is None
    assert cell(after, "A3").get("s") == "1"
    found.set_cached({("Data", r, 1): float(r) for r in range(1, 6)}, {("Data", 1, 1): (5, 1)})
    assert found.formulas()[0].ref == "A1:A5"
    assert set(found.values("Data")) == {(r, 1) for r in range(1, 6)} | {(1, 3)}
    assert Book.open(found.package.tobytes()).xml("data/one.xml").dimension.text() == "A1:C5"  # type: ignore[union-attr]


def test_a_blocked_spill_overwrites_nothing() -> None:
    found = Book.open(book(SPILL))
    assert found.spill_blocked("Data", 1, 1, 1, 3) == (1, 3)
    assert found.spill_blocked("Data", 1, 1, 3, 2) is None
    found.set_cached({("Data", 1, 1): 1.0, ("Data", 1, 2): 2.0, ("Data", 1, 3): 3.0}, {("Data", 1, 1): (1, 3)})
    assert found.values("Data") == {(1, 1): CellError("#VALUE!"), (1, 3): CellError("#VALUE!")}
    assert found.formulas()[1].text == "B1"


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["_x0041_", "__x005F_", "=1+1", "@a", "\r\n", " x ", "\x00\x07", "]]>", "&lt;", "a\tb\n"])


@given(texts)
def test_stored_text_reads_back(text: str) -> None:
    assert from_stored(to_stored(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 60)),
                       texts | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-2**53, 2**53)
                       | st.booleans(), max_size=12))
def test_written_cells_read_back(values: dict[tuple[int, int], object]) -> None:
    found = Book.open(book(ALL_KINDS.replace(' s="2"', ""), strings=STRINGS))
    before = found.values("Data")
    found.set_cells("Data", values)  # type: ignore[arg-type]
    again = Book.open(found.package.tobytes())
    wanted = {place: value for place, value in {**before, **values}.items() if value not in (None, "")}
    assert again.values("Data") == wanted
    peer = openpyxl.load_workbook(io.BytesIO(found.package.tobytes()), data_only=True)["Data"]
    for (row, col), value in values.items():
        seen = peer.cell(row, col).value
        if isinstance(value, str):  # openpyxl takes "x005F_" away wherever it stands
            assert from_stored(seen or "") == value or to_stored(value) != value or "x005F_" in value
        else:
            assert seen == value


@pytest.mark.parametrize(("code", "kind"), [
    ("General", "general"), ("0.00%", "number"), ("#,##0\"天\"", "number"), ("yyyy-mm-dd", "date"), ("@", "text"),
    ("[h]:mm", "date"), ("[$-804]yyyy\"年\"m\"月\"", "date"), ("_-* #,##0.00_-", "number"), ("0.0,\"万\"", "number"),
    ("[Red]0;[Blue]-0", "number"), ("mm:ss.0", "date"), ("h:mm AM/PM", "date"), ("\"day\" 0", "number")])
def test_number_formats(code: str, kind: str) -> None:
    assert format_kind(code) == kind
