"""One table refilled: planned first, so that everything wrong is known before anything changes."""

from __future__ import annotations

from dataclasses import dataclass

from xlkpi.errors import Findings, Where
from xlkpi.workbook.book import Book
from xlkpi.workbook.cells import Value, formula_cells
from xlkpi.workbook.columnformulas import ColumnFormula, column_formulas, next_group, stored_formula
from xlkpi.workbook.columns import Place, Stored, Wants, store
from xlkpi.workbook.match import Data, match_columns
from xlkpi.workbook.problems import FilterCleared
from xlkpi.workbook.refs import Resize
from xlkpi.workbook.room import anchors_lost, room
from xlkpi.workbook.rows import Body, replaced
from xlkpi.workbook.table import Table, resized


@dataclass(slots=True)
class Refill:
    """What will be written into a table."""

    table: Table
    stored: dict[int, Stored]
    formulas: dict[int, ColumnFormula]
    rows: int
    fits: bool


def plan(book: Book, table: Table, data: Data) -> tuple[Refill, Findings]:
    """Match and judge the data for ``table``. The workbook is only read, except that texts enter the string table."""
    file = book.package.file
    part = book.sheet(table.sheet).part
    xml = book.xml(part)
    formulas, exceptions = column_formulas(xml, table, file)
    match = match_columns(table, data, set(formulas), file)
    findings = Findings([*match.findings, *exceptions])
    in_the_way = room(book, table, data.rows)
    findings += in_the_way + anchors_lost(book, table, data.rows)
    if table.filtered:
        findings.append(FilterCleared(Where(file, table.sheet, None, table.name), table=table.name))
    stored = {}
    existing = _existing(book, table)
    for index, name in match.source.items():
        column = table.columns[index].name
        style = xml.style_at(table.first_row, table.first_col + index)
        kind = book.styles.kind(style)
        place = Place(Where(file, table.sheet, None, table.name, column), column,
                      wants(column, kind, existing.get(table.first_col + index, [])), kind == "date", kind == "text",
                      book.date1904, xml.prefix.decode(), book.strings.add, book.strings.add_all)
        stored[index] = store(data.columns[name], place, findings)
    return Refill(table, stored, formulas, data.rows, not in_the_way), findings


def _existing(book: Book, table: Table) -> dict[int, list[Value]]:
    """What each column's first rows hold now (by sheet column)."""
    xml = book.xml(book.sheet(table.sheet).part)
    found: dict[int, list[Value]] = {}
    for row in range(table.first_row, min(table.last_row, table.first_row + 50) + 1):
        for col, raw in xml.cells(row).items():
            if raw.inner:
                kind = raw.attrs.get("t", "n")
                found.setdefault(col, []).append(0.0 if kind == "n" else kind)
    return found


def wants(column: str, styled: str, existing: list[Value]) -> Wants:
    """What values a column is for (see :mod:`xlkpi.workbook.columns`)."""
    from xlkpi.metrics import find_column

    if styled == "text":
        return "text"
    if styled == "date":
        return "date"
    if styled == "number":
        return "number"
    known = find_column(column)
    if known is not None:
        return {"date": "date", "text": "text", "id": "text"}.get(known.kind, "number")  # type: ignore[return-value]
    if existing and all(isinstance(value, float) for value in existing):
        return "like numbers"
    return "any"


def apply(book: Book, refill: Refill) -> Resize:
    """Write a planned refill: rows, totals row, table part. What covers the table follows when all tables are
    written (:func:`xlkpi.workbook.cover.extend`): the formulas planned for one may refer to another."""
    table = refill.table
    part = book.sheet(table.sheet).part
    last = table.first_row + max(1, refill.rows) - 1
    had_formulas = _untie(book, table)
    xml = book.xml(part)
    group = next_group(xml)
    columns, styles = [], []
    for index in range(table.last_col - table.first_col + 1):
        col = table.first_col + index
        styles.append(xml.style_at(table.first_row, col))
        if index in refill.stored and refill.rows:
            columns.append(refill.stored[index])
        elif index in refill.formulas and refill.rows:
            columns.append(stored_formula(refill.formulas[index], xml, col, table.first_row, refill.rows,
                                          group + index))
        else:
            columns.append(Stored("empty", []))
    data, uses = replaced(xml, table, Body(columns, styles, refill.rows))
    book.put(part, data)
    book.strings.flush(uses)
    book.package.write(table.part, resized(book.package.xml(table.part), last, refill.rows > 0))
    if had_formulas or refill.formulas:
        book.drop_calc_chain()
    return Resize(table.sheet, table.name, table.first_col, table.last_col, table.first_row, table.last_row, last,
                  bool(table.totals_rows), bool(table.header_rows))


def _untie(book: Book, table: Table) -> bool:
    """Give formulas that share with the table's cells their own text. Answers whether its rows hold formulas."""
    part = book.sheet(table.sheet).part
    xml = book.xml(part)
    places = [row for row in xml.rows.values() if table.first_row <= row.number <= table.area.last_row]
    found = bool(places) and xml.data.find(b"<" + xml.prefix + b"f", places[0].start, places[-1].end) >= 0
    if not found or xml.data.find(b"shared", xml.start, xml.end) < 0:
        return found
    inside, totals = set[tuple[int, int]](), set[tuple[int, int]]()
    for raw, attrs, _ in formula_cells(xml):
        if table.first_col <= raw.col <= table.last_col and table.first_row <= raw.row <= table.area.last_row:
            inside.add((raw.row, raw.col))
            if raw.row > table.last_row and attrs.get("t") == "shared":
                totals.add((raw.row, raw.col))
    edits: dict[int, dict[int, bytes | None]] = {}
    if inside:
        book.unshare(xml, inside, edits, keep=totals)
    if edits:
        book.put(part, xml.edited(edits))
    return found
