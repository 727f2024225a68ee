"""Formulas of a sheet found, and their values written, in whatever spelling the cells have."""

from __future__ import annotations

import re

import pytest

from xlkpi.errors import CellError
from xlkpi.workbook.cells import read_formulas
from xlkpi.workbook.formulacells import formulas_of, new_values, stored_results
from xlkpi.workbook.sheet import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLAIN = ('<row r="1"><c r="A1"><v>5</v></c><c r="B1" s="3"><f>A1&lt;3</f><v>1</v></c>'
         '<c r="C1" t="str"><f>"a"&amp;1</f><v>a1</v></c></row>'
         '<row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">B2+$C$1</f><v>2</v></c>'
         '<c r="B2" cm="1"><f t="array" ref="B2:B3">A2:A3</f><v>2</v></c>'
         '<c r="C2"><f t="array" ref="C2:D2">A2:B2</f><v>2</v></c></row>'
         '<row r="3"><c r="A3"><f t="shared" si="0"/><v>3</v></c><c r="B3"><v>4</v></c></row>'
         '<row r="4"><c r="A4"><f t="shared" si="0"></f><v>3</v></c>'
         '<c r="B4"><f t="dataTable" ref="B4:B5" dt2D="0" r1="A1"/><v>7</v></c></row>')
ODD = {
    "attributes in another order": '<row r="1"><c s="1" r="A1"><f>1+1</f><v>2</v></c></row>',
    "kind before style": '<row r="1"><c r="A1" t="str" s="1"><f>"x"</f><v>x</v></c></row>',
    "single quotes": "<row r='1'><c r='A1' t='str'><f>\"x\"</f><v>x</v></c></row>",
    "blanks in tags": '<row r="1"><c r="A1" ><f >1+1</f ><v >2</v ></c ></row>',
    "line end in the tag": '<row r="1"><c r="A1"><f\nca="1">NOW()</f><v>2</v></c></row>',
    "value kept apart": '<row r="1"><c r="A1" t="str"><f>" "</f><v xml:space="preserve"> </v></c></row>',
    "comment": '<row r="1"><c r="A1"><!-- <f>0</f> --><f>1+1</f><v>2</v></c></row>',
    "unnumbered": "<row><c><v>1</v></c><c><f>A1</f><v>1</v></c></row>",
    "a list after the value": '<row r="1"><c r="A1"><f>1+1</f><v>2</v><extLst><ext uri="{x}"/></extLst></c></row>',
    "no value yet": '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>2</f><v/></c></row>',
}


def sheet(rows: str, prefix: str = "") -> Sheet:
    body = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    if prefix:
        body = re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}:", body)
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    return Sheet(body.replace("worksheet>", f'worksheet {name}="{MAIN}">', 1).encode())


@pytest.mark.parametrize("prefix", ["", "x"])
def test_every_kind_of_formula(prefix: str) -> None:
    found = [(one.row, one.col, one.text, one.kind, one.ref) for one in formulas_of(sheet(PLAIN, prefix), "S")]
    assert found == [
        (1, 2, "A1<3", "normal", None), (1, 3, '"a"&1', "normal", None), (2, 1, "B2+$C$1", "normal", None),
        (2, 2, "A2:A3", "dynamic", "B2:B3"), (2, 3, "A2:B2", "array", "C2:D2"), (4, 2, "", "datatable", "B4:B5"),
        (3, 1, "B3+$C$1", "normal", None), (4, 1, "B4+$C$1", "normal", None)]


@pytest.mark.parametrize("rows", [PLAIN, *ODD.values(), PLAIN + ODD["attributes in another order"]])
def test_the_quick_reader_finds_what_the_general_one_does(rows: str) -> None:
    assert formulas_of(sheet(rows), "S") == list(read_formulas(sheet(rows), "S")) != []


def written(rows: str, values: dict[tuple[int, int], object]) -> tuple[dict[str, str], dict[tuple[int, int], object]]:
    own, left = sheet(rows), dict(values)
    changes = new_values(stored_results(own), own.prefix.decode(), left)
    return {own.data[start:end].decode(): new.decode() for start, end, new in changes}, left


def test_only_cells_that_show_another_value_change() -> None:
    changes, left = written(PLAIN, {(1, 2): 1.0, (1, 3): "a<2", (2, 1): 2.0, (3, 1): CellError("#SPILL!"), (4, 1): 3})
    assert changes == {
        '<c r="C1" t="str"><f>"a"&amp;1</f><v>a1</v></c>': '<c r="C1" t="str"><f>"a"&amp;1</f><v>a&lt;2</v></c>',
        '<c r="A3"><f t="shared" si="0"/><v>3</v></c>': '<c r="A3" t="e"><f t="shared" si="0"/><v>#VALUE!</v></c>'}
    assert left == {}


def test_the_kind_of_a_value_counts() -> None:
    assert list(written(PLAIN, {(1, 2): "1"})[0].values()) == ['<c r="B1" s="3" t="str"><f>A1&lt;3</f><v>1</v></c>']
    assert list(written(PLAIN, {(1, 2): True})[0].values()) == ['<c r="B1" s="3" t="b"><f>A1&lt;3</f><v>1</v></c>']
    assert list(written(PLAIN, {(1, 2): None})[0].values()) == ['<c r="B1" s="3"><f>A1&lt;3</f></c>']


def test_blanks_at_an_end_are_kept() -> None:
    assert list(written(PLAIN, {(1, 3): " a"})[0].values()) == [
        '<c r="C1" t="str"><f>"a"&amp;1</f><v xml:space="preserve"> a</v></c>']


def test_arrays_spills_and_other_spellings_are_left_to_the_general_writer() -> None:
    asked = {(2, 2): 9.0, (2, 3): 9.0, (4, 2): 9.0}
    assert written(PLAIN, asked) == ({}, asked)
    for odd in ("kind before style", "single quotes", "value kept apart", "a list after the value"):
        assert written(ODD[odd], {(1, 1): 9.0}) == ({}, {(1, 1): 9.0}), odd
