"""The formula of a calculated column: found in the table, written to every row, exceptions reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from xlkpi.errors import Findings, Where
from xlkpi.workbook import markup
from xlkpi.workbook.cells import formula_cells
from xlkpi.workbook.columns import REPORTED, Stored
from xlkpi.workbook.problems import RowExceptionLost
from xlkpi.workbook.refs import column_letters, shifted
from xlkpi.workbook.shared import at_row, travels
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
    stored: dict[int, dict[int, _Stored]] = {}
    masters: dict[str, _Stored] = {}
    children: list[tuple[int, int, str]] = []
    for raw, attrs, text in formula_cells(xml):
        own = _Stored(text, raw.row, raw.col, attrs.get("t") == "array", raw.attrs.get("cm"))
        if attrs.get("t") == "shared":
            if text:
                masters[attrs.get("si", "")] = own
            else:
                children.append((raw.row, raw.col, attrs.get("si", "")))
                continue
        stored.setdefault(raw.col - table.first_col, {})[raw.row] = own
    for row, col, group in children:
        if group in masters:
            stored.setdefault(col - table.first_col, {})[row] = masters[group].at_column(col)
    found: dict[int, ColumnFormula] = {}
    findings = Findings()
    for index, column in enumerate(table.columns):
        rows = {row: own for row, own in stored.get(index, {}).items() if table.first_row <= row <= table.last_row}
        if column.formula is None and not rows:
            continue
        base = _base(rows, column.formula, column.array, table.first_row)
        col = table.first_col + index
        lost: list[tuple[int, str]] = []
        like: dict[tuple[str, int], bool] = {}
        for row in range(table.first_row, table.last_row + 1):
            held = rows.get(row)
            if held is not None:
                key = (held.text, held.row)
                if key not in like:
                    like[key] = _same(at_row(base.text, held.row - table.first_row)) == _same(held.text)
                if not like[key]:
                    lost.append((row, "=" + at_row(held.text, row - held.row)))
            else:
                other = xml.cell(row, col)
                if other is not None and other.inner:
                    lost.append((row, "…"))
        if column.formula is None and lost:
            continue  # formulas here and there: an ordinary column
        found[index] = base
        findings += [RowExceptionLost(Where(file, table.sheet, f"{column_letters(col)}{row}", table.name, column.name),
                                      column=column.name, content=content) for row, content in lost[:REPORTED]]
    return found, findings


@dataclass(frozen=True, slots=True)
class _Stored:
    """A formula as it is stored, with the cell it is written for (a shared one: its master's)."""

    text: str
    row: int
    col: int
    array: bool
    cm: str | None

    def at_column(self, col: int) -> _Stored:
        return self if col == self.col else replace(self, text=shifted(self.text, 0, col - self.col), col=col)


def _base(rows: dict[int, _Stored], described: str | None, array: bool, first_row: int) -> ColumnFormula:
    if described is not None and (not rows or not travels(described)):
        first = next(iter(rows.values()), None)
        return ColumnFormula(described, array or (first is not None and first.array), first.cm if first else None)
    own = rows[min(rows)]
    return ColumnFormula(at_row(own.text, first_row - own.row), own.array, own.cm)


def _same(text: str) -> str:
    return "".join(text.split()).casefold().replace("[#thisrow],", "@").replace("[@[", "[[@[")


def stored_formula(formula: ColumnFormula, xml: Sheet, col: int, first_row: int, rows: int, group: int) -> Stored:
    """The column's cells: the same text in each row, or a shared group where the rows' texts differ."""
    prefix = xml.prefix.decode()
    text = markup.escape(formula.text)
    letters = column_letters(col)
    if formula.array:
        more = f' cm="{formula.cm}"' if formula.cm else ""
        if rows == 1 or not travels(formula.text):
            part = f'{more}><{prefix}f t="array" ref="\0">{text}</{prefix}f>'
            return Stored("formula", [part, part])
        return Stored("mixed", [f'{more}><{prefix}f t="array" ref="{letters}{first_row + row}">'
                                f'{markup.escape(at_row(formula.text, row))}</{prefix}f>' for row in range(rows)])
    if rows > 1 and travels(formula.text):
        ref = f"{letters}{first_row}:{letters}{first_row + rows - 1}"
        return Stored("formula", [f'><{prefix}f t="shared" ref="{ref}" si="{group}">{text}</{prefix}f>',
                                  f'><{prefix}f t="shared" si="{group}"/>'])
    part = f"><{prefix}f>{text}</{prefix}f>"
    return Stored("formula", [part, part])


def next_group(xml: Sheet) -> int:
    """A number for a shared group that no other of the sheet has."""
    if xml.data.find(b"shared", xml.start, xml.end) < 0:
        return 0
    return max((int(found) for found in re.findall(rb"""\ssi\s*=\s*["'](\d+)["']""", xml.data)), default=-1) + 1
