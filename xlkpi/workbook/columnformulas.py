"""The formula of a calculated column: found in the table, written to every row, exceptions reported."""

from __future__ import annotations

from dataclasses import dataclass

from xlkpi.errors import Findings, Where
from xlkpi.workbook import markup
from xlkpi.workbook.cells import formula_cells, read_formulas
from xlkpi.workbook.columns import REPORTED, Stored
from xlkpi.workbook.problems import RowExceptionLost
from xlkpi.workbook.refs import column_letters, shifted
from xlkpi.workbook.sheet import Sheet
from xlkpi.workbook.table import Table


@dataclass(frozen=True, slots=True)
class ColumnFormula:
    """A column's formula as the first data row has it; ``array`` as a single-cell array, ``dynamic`` with ``cm``."""

    text: str
    array: bool = False
    cm: str | None = None


def column_formulas(xml: Sheet, table: Table, file: str | None) -> tuple[dict[int, ColumnFormula], Findings]:
    """The formula columns of a table by index, and the rows that differ from them.

    A column is one when its part says so, or when every filled cell of its body holds the same
    formula. With references relative to the row, a cell's own formula is surer than the table's
    description, which does not say the row it is meant for.
    """
    stored: dict[int, dict[int, tuple[str, bool, str | None]]] = {}
    metadata = {(raw.row, raw.col): raw.attrs.get("cm") for raw, _, _ in formula_cells(xml)
                if table.first_row <= raw.row <= table.last_row and table.first_col <= raw.col <= table.last_col}
    if metadata:
        for formula in read_formulas(xml, table.sheet):
            place = (formula.row, formula.col)
            if place in metadata:
                stored.setdefault(formula.col - table.first_col, {})[formula.row] = (
                    formula.text, formula.kind in ("array", "dynamic"), metadata[place])
    found: dict[int, ColumnFormula] = {}
    findings = Findings()
    for index, column in enumerate(table.columns):
        rows = stored.get(index, {})
        if column.formula is None and not rows:
            continue
        base = _base(rows, column.formula, column.array, table.first_row)
        col = table.first_col + index
        lost: list[tuple[int, str]] = []
        for row in range(table.first_row, table.last_row + 1) if rows or column.formula else ():
            raw = xml.cells(row).get(col)
            if row in rows:
                if _same(rows[row][0]) != _same(shifted(base.text, row - table.first_row, 0)):
                    lost.append((row, "=" + rows[row][0]))
            elif raw is not None and raw.inner:
                lost.append((row, "…"))
        if column.formula is None and lost:
            continue  # formulas here and there: an ordinary column
        found[index] = base
        findings += [RowExceptionLost(Where(file, table.sheet, f"{column_letters(col)}{row}", table.name, column.name),
                                      column=column.name, content=content) for row, content in lost[:REPORTED]]
    return found, findings


def _base(rows: dict[int, tuple[str, bool, str | None]], described: str | None, array: bool,
          first_row: int) -> ColumnFormula:
    if described is not None and (shifted(described, 1, 0) == described or not rows):
        cm = next(iter(rows.values()))[2] if rows else None
        return ColumnFormula(described, array or any(own[1] for own in list(rows.values())[:1]), cm)
    row = min(rows)
    text, is_array, cm = rows[row]
    return ColumnFormula(shifted(text, first_row - row, 0), is_array, cm)


def _same(text: str) -> str:
    return "".join(text.split()).casefold().replace("[#thisrow],", "@").replace("[@[", "[[@[")


def stored_formula(formula: ColumnFormula, xml: Sheet, col: int, first_row: int, rows: int, group: int) -> Stored:
    """The column's cells: the same text in each row, or a shared group where the rows' texts differ."""
    prefix = xml.prefix.decode()
    text = markup.escape(formula.text)
    letters = column_letters(col)
    if formula.array:
        more = f' cm="{formula.cm}"' if formula.cm else ""
        own = [markup.escape(shifted(formula.text, 0, 0))]
        if shifted(formula.text, 1, 0) == formula.text or rows == 1:
            part = f'{more}><{prefix}f t="array" ref="\0">{own[0]}</{prefix}f>'
            return Stored("formula", [part, part])
        return Stored("mixed", [f'{more}><{prefix}f t="array" ref="{letters}{first_row + row}">'
                                f'{markup.escape(shifted(formula.text, row, 0))}</{prefix}f>' for row in range(rows)])
    if rows > 1 and shifted(formula.text, 1, 0) != formula.text:
        ref = f"{letters}{first_row}:{letters}{first_row + rows - 1}"
        return Stored("formula", [f'><{prefix}f t="shared" ref="{ref}" si="{group}">{text}</{prefix}f>',
                                  f'><{prefix}f t="shared" si="{group}"/>'])
    part = f"><{prefix}f>{text}</{prefix}f>"
    return Stored("formula", [part, part])


def next_group(xml: Sheet) -> int:
    """A number for a shared group that no other of the sheet has."""
    if xml.data.find(b"shared", xml.start, xml.end) < 0:
        return 0
    return max((int(attrs["si"]) for _, attrs, _ in formula_cells(xml) if "si" in attrs), default=-1) + 1
