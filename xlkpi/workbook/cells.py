"""Stored cells read as values, and values written as stored cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from xlkpi.cells import read_date, to_serial
from xlkpi.errors import CellError
from xlkpi.workbook import markup
from xlkpi.workbook.markup import attributes, from_stored, unescape
from xlkpi.workbook.refs import column_letters, column_number, parse_area, shifted
from xlkpi.workbook.shared import at_row
from xlkpi.workbook.sheet import Raw, Sheet
from xlkpi.workbook.strings import text_of

Value: TypeAlias = float | str | bool | CellError | None

# What Excel itself writes for the newer errors: readers of the file know only these.
_STORED_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})


class Cell(NamedTuple):
    """A cell's value and the index of its style."""

    value: Value
    style: int


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula in its cell, without ``=``; ``ref`` is the range of an array, a spill or a data table."""

    sheet: str
    row: int
    col: int
    text: str
    kind: str = "normal"  # normal, array, dynamic, datatable
    ref: str | None = None


def read_cells(sheet: Sheet, texts: Callable[[], Sequence[str]],
               date1904: bool) -> list[tuple[int, int, Value, int]]:
    """Row, column, value and style of every stored cell."""
    data, start, end = sheet.data, sheet.start, sheet.end
    stored = data.count(b"<" + sheet.prefix + b"c", start, end)
    columns: dict[bytes, int] = {}
    found = 0
    shared: Sequence[str] | None = None
    quick: list[tuple[int, int, Value, int]] = []
    put = quick.append
    for match in sheet.patterns.quick.finditer(data, start, end):
        letters, number, style, kind, value, inner = match.groups()
        found += 1
        col = columns.get(letters)
        if col is None:
            col = columns[letters] = column_number(letters.decode())
        if inner is not None:
            value = None
            if kind != b"inlineStr":
                stored_value = sheet.patterns.value.search(inner)
                value = stored_value[1] if stored_value else None
        if kind is None:
            put((int(number), col, float(value) if value else None, int(style or 0)))
        elif kind == b"s" and value:
            if shared is None:
                shared = texts()
            put((int(number), col, shared[int(value)], int(style or 0)))
        else:
            put((int(number), col, typed(sheet, kind.decode(), value, inner or b"", texts, date1904), int(style or 0)))
    if found == stored:
        return quick
    quick.clear()
    for row in sheet.rows:
        for raw in sheet.cells(row).values():
            found_value = sheet.patterns.value.search(raw.inner)
            own = found_value[1] if found_value else None
            put((row, raw.col, typed(sheet, raw.attrs.get("t", "n"), own, raw.inner, texts, date1904), raw.style))
    return quick


def typed(sheet: Sheet, kind: str, value: bytes | None, inner: bytes, texts: Callable[[], Sequence[str]],
          date1904: bool) -> Value:
    """What a stored cell of a type (its ``t``) holds, from the text of its ``v`` and all that is inside it."""
    if kind == "inlineStr":
        return text_of(inner, sheet.prefix)
    if kind == "str":
        return from_stored(unescape(value or b"").replace("\r\n", "\n")) if value is not None or b"<" in inner else None
    if not value:
        return None
    match kind:
        case "s":
            return texts()[int(value)]
        case "b":
            return value.strip() in (b"1", b"true")
        case "e":
            return CellError(unescape(value).strip())
        case "d":
            text = unescape(value).strip()
            moment = read_date(text.removesuffix("Z"))
            return to_serial(moment, date1904) if moment else text
    return float(value)


def read_formulas(sheet: Sheet, name: str) -> Iterator[FormulaCell]:
    """Every formula of a sheet; the members of a shared group each with their own text."""
    masters: dict[str, tuple[str, int, int]] = {}
    waiting: list[tuple[str, int, int]] = []
    for raw, attrs, text in formula_cells(sheet):
        kind = attrs.get("t", "normal")
        if kind == "shared":
            if text:
                masters[attrs.get("si", "")] = (text, raw.row, raw.col)
            else:
                waiting.append((attrs.get("si", ""), raw.row, raw.col))
                continue
        elif kind == "array" and "cm" in raw.attrs:
            kind = "dynamic"
        elif kind == "dataTable":
            kind = "datatable"
        yield FormulaCell(name, raw.row, raw.col, text, kind if kind != "shared" else "normal",
                          attrs.get("ref") if kind in ("array", "dynamic", "datatable") else None)
    for index, row, col in waiting:
        if index in masters:
            text, from_row, from_col = masters[index]
            own = at_row(text, row - from_row) if col == from_col else shifted(text, row - from_row, col - from_col)
            yield FormulaCell(name, row, col, own)


def formula_cells(sheet: Sheet) -> Iterator[tuple[Raw, dict[str, str], str]]:
    """Stored cells with a formula element: the cell, the element's attributes, its text."""
    data, head = sheet.data, b"<" + sheet.prefix + b"f"
    at = data.find(head, sheet.start, sheet.end)
    if at < 0:
        return
    opening = b"<" + sheet.prefix + b"c"
    done = sheet.start
    while at >= 0:
        if data[at + len(head)] in b" >/\t\r\n":
            cell = sheet.patterns.cell.match(data, data.rfind(opening, done, at), sheet.end)
            match = sheet.patterns.formula.match(data, at, sheet.end)
            if cell and match:
                yield sheet.raw(cell), attributes(match[1]) if match[1] else {}, \
                    unescape(match[2] or b"").replace("\r\n", "\n")
                at = done = cell.end()
        at = data.find(head, at + 1, sheet.end)


def arrays(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """The ranges of arrays, spills and data tables: {anchor: (top, left, bottom, right)}."""
    if all(sheet.data.find(quote + kind + quote, sheet.start, sheet.end) < 0
           for quote in (b'"', b"'") for kind in (b"array", b"dataTable")):
        return {}
    found = {}
    for raw, attrs, _ in formula_cells(sheet):
        if attrs.get("t") in ("array", "dataTable"):
            area = parse_area(attrs.get("ref", ""))
            if area:
                found[raw.row, raw.col] = (area.first_row, area.first_col, area.last_row, area.last_col)
    return found


# ---------------------------------------------------------------- writing

def number_text(value: float | int) -> str:
    """The shortest text that reads back as the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def cached(value: Value | int) -> tuple[str, str]:
    """The ``t`` attribute and the ``v`` text of a formula's result; an empty ``v`` text is a cell without value."""
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ' t="b"', "1" if value else "0"
    if isinstance(value, CellError):
        return ' t="e"', value.code if value.code in _STORED_ERRORS else "#VALUE!"
    if isinstance(value, str):
        return ' t="str"', markup.escape(markup.to_stored(value))
    return "", number_text(value)


def cell_element(prefix: str, row: int, col: int, style: int, kind: str, value: str | None, formula: str = "",
                 more: str = "") -> bytes:
    """A ``c`` element; ``kind`` is its ``t`` attribute with a leading blank, ``value`` the escaped text of ``v``."""
    look = f' s="{style}"' if style else ""
    return element(prefix, f'<{prefix}c r="{column_letters(col)}{row}"{look}{kind}{more}', formula, value).encode()


def element(prefix: str, head: str, formula: str, value: str | None) -> str:
    """A cell from the beginning of its tag, its formula element and the escaped text of its value."""
    if value is None and not formula:
        return f"{head}/>"
    keep = ' xml:space="preserve"' if value and (value[0] in " \n\t" or value[-1] in " \n\t") else ""
    stored = f"<{prefix}v{keep}>{value}</{prefix}v>" if value is not None else ""
    return f"{head}>{formula}{stored}</{prefix}c>"
