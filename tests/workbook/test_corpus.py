"""On workbooks saved by Excel, writing a cell changes that cell and nothing else."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from xml.etree import ElementTree

import libreoffice
import openpyxl
import pandas as pd
import pytest
from conftest import SHARED
from openpyxl.utils import get_column_letter
from packages import changed, flat, members, part
from python_calamine import CalamineWorkbook

from xlkpi.errors import CellError, Refused
from xlkpi.workbook.book import Book
from xlkpi.workbook.fill import Template
from xlkpi.workbook.package import Package
from xlkpi.workbook.refs import MAX_ROW, shifted
from xlkpi.workbook.shared import at_row, travels

BOOKS = sorted((SHARED / "workbooks").glob("*.xls[xm]"))
pytestmark = pytest.mark.filterwarnings("ignore")
by_book = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)


def read(data: bytes) -> dict[str, dict[tuple[int, int], object]]:
    """All values as calamine sees them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found: dict[str, dict[tuple[int, int], object]] = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        found[name] = {(top + r + 1, left + c + 1): value for r, row in enumerate(sheet.to_python(skip_empty_area=True))
                       for c, value in enumerate(row) if value != ""}
    return found


def constant(book: Book) -> tuple[str, int, int] | None:
    """A cell that holds a constant and may be written: not in a merge, an array or a header."""
    for sheet in book.sheets:
        formulas = {(f.row, f.col) for f in book.formulas() if f.sheet == sheet.name}
        for place, cell in book.cells(sheet.name).items():
            if cell.value is not None and place not in formulas and not book.check_cells(sheet.name, {place: 1}):
                return (sheet.name, *place)
    return None


@by_book
def test_a_copy_is_the_file(path: Path) -> None:
    data = path.read_bytes()
    assert members(Package.open(data).tobytes()) == members(data)


@by_book
def test_an_empty_cell_far_below(path: Path) -> None:
    before = path.read_bytes()
    template = Template.open(before)
    sheet = template.book.sheets[0]
    template.fill(inputs={f"{sheet.name}!C5000": 12.5})
    after = template.tobytes()

    assert changed(before, after) == {sheet.part}
    old, new = list(flat(part(before, sheet.part))), list(flat(part(after, sheet.part)))
    added = [entry for entry in new if "/row[5000]" in entry[0]]
    assert [entry[0].rpartition("/")[2] for entry in added] == ["row[5000]", "c[C5000]", "v[]"]
    kept = [entry for entry in new if entry not in added]
    assert [entry for entry in kept if "/dimension" not in entry[0]] == [
        entry for entry in old if "/dimension" not in entry[0]]


@by_book
def test_a_constant_cell(path: Path) -> None:
    before = path.read_bytes()
    template = Template.open(before)
    place = constant(template.book)
    if place is None:
        with pytest.raises(Refused):
            template.fill(inputs={"no such sheet!A1": 1})
        return
    name, row, col = place
    address = f"{get_column_letter(col)}{row}"
    sheet = template.book.sheet(name)
    style = template.book.cells(name)[row, col].style
    template.fill(inputs={f"'{name}'!{address}": "=1+1 & 文字"})
    after = template.tobytes()

    assert changed(before, after) <= {sheet.part, "xl/sharedStrings.xml", "[Content_Types].xml",
                                      "xl/_rels/workbook.xml.rels"}
    mine = f"c[{address}]"
    old = [entry for entry in flat(part(before, sheet.part)) if mine not in entry[0]]
    new = [entry for entry in flat(part(after, sheet.part)) if mine not in entry[0]]
    assert new == old
    assert Book.open(after).cells(name)[row, col] == ("=1+1 & 文字", style)

    one, two = read(before), read(after)
    one[name].pop((row, col), None)
    assert two[name].pop((row, col)) == "=1+1 & 文字"
    assert two == one
    wb = openpyxl.load_workbook(io.BytesIO(after))
    assert (wb[name][address].value, wb[name][address].data_type) == ("=1+1 & 文字", "s") or \
        wb[name][address].value == "=1+1 & 文字"
    frame = pd.read_excel(io.BytesIO(after), sheet_name=name, header=None, engine="calamine")
    assert frame.isin(["=1+1 & 文字"]).to_numpy().sum() == 1


@by_book
def test_reads_as_openpyxl_reads(path: Path) -> None:
    book = Book.open(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = openpyxl.load_workbook(path, data_only=True)
    for sheet in peer.worksheets:
        ours = {place: value for place, value in book.values(sheet.title).items() if value != ""}
        theirs = {(cell.row, cell.column): cell for row in sheet.iter_rows() for cell in row
                  if cell.value not in (None, "")}
        assert ours.keys() == theirs.keys()
        for place, cell in theirs.items():
            value = ours[place]
            if cell.is_date:
                assert isinstance(value, float)
            else:
                assert (value.code if isinstance(value, CellError) else value) == cell.value


@by_book
def test_formulas_as_openpyxl_reads(path: Path) -> None:
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    ours = {(f.sheet, f.row, f.col): f for f in Book.open(path).formulas()}
    theirs = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            theirs.update({(sheet.title, cell.row, cell.column): cell.value for cell in row if cell.data_type == "f"
                           or isinstance(cell.value, (ArrayFormula, DataTableFormula))})
    assert ours.keys() == theirs.keys()
    for place, formula in theirs.items():
        if isinstance(formula, ArrayFormula):
            assert ours[place].kind in ("array", "dynamic")
            assert ours[place].ref == formula.ref
            formula = formula.text
        if isinstance(formula, str):
            assert "=" + ours[place].text == "=" + formula.removeprefix("=")


@by_book
def test_formulas_travel_quickly_as_they_do_slowly(path: Path) -> None:
    for formula in {f.text for f in Book.open(path).formulas()}:
        for rows in (1, 40, -1, -9, MAX_ROW):
            assert at_row(formula, rows) == shifted(formula, rows, 0)
        assert travels(formula) == (shifted(formula, 1, 0) != formula)


@libreoffice.wanted
def test_libreoffice_opens_every_result(tmp_path: Path) -> None:
    paths = []
    for book in BOOKS:
        template = Template.open(book)
        inputs: dict[str, object] = {f"{template.sheets[0]}!C5000": 12.5}
        place = constant(template.book)
        if place is not None:
            inputs[f"'{place[0]}'!{get_column_letter(place[2])}{place[1]}"] = "=写入"
        template.fill(inputs=inputs)
        paths.append(tmp_path / f"{book.stem}{book.suffix}")
        template.save(paths[-1])
    assert libreoffice.SOFFICE is not None, "LibreOffice is required but not installed"
    if not paths:
        return
    for result in libreoffice.convert(paths, "ods", tmp_path / "out"):
        book = CalamineWorkbook.from_path(str(result))
        sheet = book.get_sheet_by_name(book.sheet_names[0])
        assert any(12.5 in row for row in sheet.to_python())


TABLES = [(path, name) for path in BOOKS for name in Book.open(path).tables]


@pytest.mark.parametrize(("path", "name"), TABLES, ids=[f"{path.stem}-{name}" for path, name in TABLES])
def test_a_table_filled_with_its_own_rows_and_twice_as_many(path: Path, name: str) -> None:
    template = Template.open(path)
    book = template.book
    table = book.table(name)
    before = {sheet.name: book.values(sheet.name) for sheet in book.sheets}
    formulas = {(f.sheet, f.row, f.col) for f in book.formulas()}
    records = [[before[table.sheet].get((row, col)) for col in range(table.first_col, table.last_col + 1)]
               for row in range(table.first_row, table.last_row + 1)]
    own = {column.name: [record[index] for record in records] for index, column in enumerate(table.columns)
           if not any((table.sheet, row, table.first_col + index) in formulas
                      for row in range(table.first_row, table.last_row + 1))}
    template.fill({name: own}, on_error="report")
    assert book.table(name).ref == table.ref
    for sheet in book.sheets:
        after = book.values(sheet.name)
        for place, value in before[sheet.name].items():
            inside = sheet.name == table.sheet and table.first_row <= place[0] <= table.last_row
            if (sheet.name, *place) not in formulas and not (value == "" or (inside and isinstance(value, str)
                                                                             and not value.strip())):
                assert after.get(place) == value, (sheet.name, place)
        assert after.keys() <= before[sheet.name].keys()
    assert {(f.sheet, f.row, f.col) for f in book.formulas()} >= formulas

    report = template.fill({name: {column: values * 2 for column, values in own.items()}}, on_error="report")
    if "InTheWay" not in {problem.name for problem in report}:
        again = Template.open(template.tobytes()).book
        assert again.table(name).last_row == table.first_row + 2 * len(records) - 1
        root = ElementTree.fromstring(part(template.tobytes(), table.part))
        assert root.get("ref") == again.table(name).ref
