"""Worksheet parts: formulas, formats, validations and sparklines follow the table; the rest stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlkpi.workbook.cover_sheet import fit_sheet
from xlkpi.workbook.cover_tables import fit_table
from xlkpi.workbook.refs import Resize

GROWS = Resize("Data", "works", 1, 4, 2, 4, 6, totals=False)  # A1:D4 → A1:D6
TOTALS = replace(GROWS, totals=True)  # and a totals row, 5 → 7


def sheet(cells: str = "", tail: str = "", prefix: str = "") -> bytes:
    p = prefix
    return (f'<?xml version="1.0"?>\r\n<{p}worksheet xmlns="urn:x"><{p}dimension ref="A1:D4"/><{p}sheetData>{cells}'
            f"</{p}sheetData>{tail}</{p}worksheet>").encode()


def cell(ref: str, formula: str, attributes: str = "") -> str:
    return f'<c r="{ref}"><f{attributes}>{formula}</f><v>1</v></c>'


@pytest.mark.parametrize(("on", "ref", "attributes", "old", "new"), [
    ("Other", "A1", "", "SUM(Data!A2:A4)", "SUM(Data!A2:A6)"),
    ("Other", "A1", "", "SUM(A2:A4)", "SUM(A2:A4)"),
    ("Other", "A1", "", "IF(Data!A2:A4&lt;&gt;&quot;A2:A4 &amp; b&quot;,1)",
     'IF(Data!A2:A6&lt;&gt;"A2:A4 &amp; b",1)'),
    ("Other", "A1", ' t="array" ref="A1:A3"', "Data!A2:A4*2", "Data!A2:A6*2"),
    ("Data", "F9", "", "SUM(A2:A4)", "SUM(A2:A6)"),
    ("Data", "B3", "", "A3/SUM($A$2:$A$4)", "A3/SUM($A$2:$A$6)"),
    ("Data", "B4", "", "SUM(A$2:A4)", "SUM(A$2:A4)"),  # a running total in the table
    ("Data", "F4", "", "SUM(A$2:A4)", "SUM(A$2:A4)"),  # and beside it
    ("Data", "F2", "", "A2/SUM(A2:A4)", "A2/SUM(A2:A6)"),
    ("Data", "F9", ' t="shared" ref="F9:F12" si="0"', "SUM(A2:A4)", "SUM(A2:A4)"),  # windows that travel down
    ("Data", "F9", ' t="shared" ref="F9:F12" si="0"', "SUM(A$2:A$4)", "SUM(A$2:A$6)"),
    ("Data", "A9", ' t="shared" ref="A9:D9" si="0"', "SUM(A2:A4)", "SUM(A2:A6)"),
])
def test_formulas_in_cells(on: str, ref: str, attributes: str, old: str, new: str) -> None:
    data = sheet(f'<row r="{ref[1:]}">{cell(ref, old, attributes)}</row>')
    want = data.replace(old.encode(), new.encode())
    assert fit_sheet(data, on, GROWS) == want


def test_totals_row_moves_in_formulas() -> None:
    data = sheet(f'<row r="7">{cell("A7", "SUBTOTAL(109,A2:A4)")}{cell("B7", "A5/2")}</row>'
                 f'<row r="9">{cell("A9", "A5")}</row>')
    assert fit_sheet(data, "Data", TOTALS) == data.replace(b"A2:A4", b"A2:A6").replace(b"A5", b"A7")


def test_totals_row_moves_where_nothing_else_names_the_table() -> None:
    data = sheet(f'<row r="9">{cell("A9", "A5*2")}</row>').replace(b'<dimension ref="A1:D4"/>', b"")
    assert fit_sheet(data, "Data", TOTALS) == data.replace(b"A5*2", b"A7*2")


def test_shared_formula_that_leaves_the_table_is_taken_apart() -> None:
    master = cell("D9", "SUM(D2:D4)", ' t="shared" ref="D9:E9" si="3"')
    data = sheet(f'<row r="9">{master}'
                 '<c r="E9"><f t="shared" si="3"/><v>2</v></c></row>')
    want = sheet(f'<row r="9">{cell("D9", "SUM(D2:D6)")}<c r="E9"><f>SUM(E2:E4)</f><v>2</v></c></row>')
    assert fit_sheet(data, "Data", GROWS) == want


def test_cells_without_numbers_and_prefixed_names() -> None:
    rows = ('<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row r="2"/><x:row/><x:row><x:c r="C4"/>'
            '<x:c><x:f>SUM(A$2:A4)</x:f></x:c><x:c><x:f>SUM(A2:A4)</x:f></x:c></x:row>')
    data = sheet(rows, '<x:conditionalFormatting sqref="A2:A4"/>', "x:")
    want = data.replace(b"SUM(A2:A4)", b"SUM(A2:A6)").replace(b'"A2:A4"', b'"A2:A6"')
    assert fit_sheet(data, "Data", GROWS) == want  # D4 (in the table) runs, E4 (beside it) sums


# Each @ is the last row that follows the table: 4 before, 6 after.
@pytest.mark.parametrize("tail", [
    '<conditionalFormatting sqref="A2:A@ C2:C@"><cfRule type="expression"><formula>$A2&gt;AVERAGE($A$2:$A$@)</formula>'
    "</cfRule></conditionalFormatting>",
    '<conditionalFormatting sqref="B4:B6"><cfRule><formula>COUNTIF(A$2:A4,A4)</formula></cfRule>'
    "</conditionalFormatting>",
    '<conditionalFormatting sqref="F2:F9"><cfRule><formula>SUM(A2:A4)&gt;1</formula></cfRule></conditionalFormatting>',
    '<conditionalFormatting sqref="B2:B@"><cfRule><formula>B2&gt;MAX(A2:A4)</formula></cfRule></conditionalFormatting>',
    '<conditionalFormatting sqref="A2:A100"><cfRule><cfvo type="formula" val="MAX($A$2:$A$@)"/></cfRule>'
    "</conditionalFormatting>",
    "<conditionalFormatting sqref='H1'><cfRule><formula>SUM(A2:A@)&gt;1</formula></cfRule></conditionalFormatting>",
    '<dataValidations count="2"><dataValidation type="list" sqref="B2:B@"><formula1>$D$2:$D$@</formula1>'
    '</dataValidation><dataValidation sqref="H1"><formula1>Data!$D$2:$D$@</formula1><formula2>9</formula2>'
    "</dataValidation></dataValidations>",
    "<extLst><ext><x14:conditionalFormatting><x14:cfRule><xm:f>Data!$A$2:$A$@</xm:f></x14:cfRule>"
    "<xm:sqref>D2:D@</xm:sqref></x14:conditionalFormatting></ext></extLst>",
    "<extLst><ext><x14:dataValidation><x14:formula1><xm:f>Data!$A$2:$A$@</xm:f></x14:formula1><xm:sqref>C2:C@"
    "</xm:sqref></x14:dataValidation></ext></extLst>",
    '<protectedRanges><protectedRange sqref="A2:D@" name="in"/></protectedRanges>',
    '<ignoredErrors><ignoredError sqref="A2:A@"/></ignoredErrors>',
    '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>',
])
def test_rules(tail: str) -> None:
    old, new = (sheet(tail=tail.replace("@", row)) for row in "46")
    assert fit_sheet(old, "Data", GROWS) == new
    assert fit_sheet(new, "Data", GROWS.back) == (old if "@" in tail else new)


def test_rules_elsewhere_keep_their_cells() -> None:
    tail = '<dataValidation sqref="A2:A4"><formula1>Data!$A$2:$A$4</formula1></dataValidation>'
    want = tail.replace("$A$4", "$A$6")
    assert fit_sheet(sheet(tail=tail), "Form", GROWS) == sheet(tail=want)


def group(*sparklines: tuple[str, str]) -> str:
    inside = "".join(f"<x14:sparkline><xm:f>{source}</xm:f><xm:sqref>{place}</xm:sqref></x14:sparkline>\n"
                     for source, place in sparklines)
    return f"<x14:sparklineGroup><x14:colorSeries/><x14:sparklines>{inside}</x14:sparklines></x14:sparklineGroup>"


def lines(*groups: str) -> bytes:
    inside = f"<x14:sparklineGroups>{''.join(groups)}</x14:sparklineGroups>"
    return sheet(tail=f'<extLst><ext uri="a">{inside}</ext><ext uri="b"><y/></ext></extLst>')


def test_one_sparkline_a_row() -> None:
    rows = [(f"Data!A{row}:C{row}", f"D{row}") for row in range(2, 7)]
    old, new = lines(group(*rows[:3])), lines(group(*rows))
    got = fit_sheet(old, "Data", GROWS)
    assert got.replace(b"\n", b"") == new.replace(b"\n", b"")
    assert fit_sheet(got, "Data", GROWS.back) == old


def test_sparklines_elsewhere_draw_the_grown_columns() -> None:
    old = lines(group(("Data!A2:A4", "H1"), ("Data!B2:B3", "H2"), ("Other!A2:A4", "H3"), ("Data!A2:C2", "H4")))
    assert fit_sheet(old, "Data", GROWS) == old.replace(b"Data!A2:A4", b"Data!A2:A6")
    assert fit_sheet(old, "Board", GROWS) == old.replace(b"Data!A2:A4", b"Data!A2:A6")


def test_sparklines_in_the_totals_row_move() -> None:
    old = lines(group(("Data!A2:A4", "A5")))
    assert fit_sheet(old, "Data", TOTALS) == lines(group(("Data!A2:A6", "A7")))


def test_groups_of_removed_rows_go() -> None:
    shrinks = replace(GROWS, new_last_row=3)
    rows = [group((f"Data!A{row}:C{row}", f"D{row}")) for row in (2, 3, 4)]
    assert fit_sheet(lines(*rows), "Data", shrinks) == lines(*rows[:2])
    assert fit_sheet(lines(rows[2]), "Data", shrinks) == sheet(tail='<extLst><ext uri="b"><y/></ext></extLst>')


def test_some_sparklines_in_some_rows_are_not_repeated() -> None:
    old = lines(group(("Data!A2:C2", "D2"), ("Data!A4:C4", "D4")))
    assert fit_sheet(old, "Data", GROWS) == old


def test_formulas_the_table_keeps_for_its_columns() -> None:
    part = ('<table name="{}"><tableColumn><calculatedColumnFormula>A2/SUM($A$2:$A${})+SUM(A2:A${})+A$2:A4'
            "</calculatedColumnFormula><totalsRowFormula>SUM(A2:A{})/B{}</totalsRowFormula></tableColumn></table>")
    own, other = part.format("works", 4, 4, 4, 5).encode(), part.format("more", 4, 4, 4, 5).encode()
    assert fit_table(own, "Data", TOTALS) == part.format("works", 6, 6, 6, 7).encode()
    assert fit_table(other, "Data", TOTALS) == part.format("more", 6, 4, 6, 7).encode()
    assert fit_table(other, "Other", TOTALS) == other


def test_other_parts_and_equal_sizes_stay() -> None:
    data = sheet(cell("A1", "Data!A2:A4"))
    assert fit_sheet(data, "Other", replace(GROWS, new_last_row=4)) is data
    chart_sheet = data.replace(b"worksheet", b"chartsheet")
    assert fit_sheet(chart_sheet, "Other", GROWS) is chart_sheet
