"""Formula cells in one pass over a sheet's bytes, in the form that Excel and XlsxWriter write them.

Cells in another form (attributes in another order, rich content, prefixed values …) are left to the
general readers of :mod:`xlkpi.workbook.cells`, which take every XML there is and several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from xlkpi.workbook.cells import FormulaCell, cached, cell_element, read_formulas
from xlkpi.workbook.markup import ATTRIBUTES, attributes, unescape
from xlkpi.workbook.refs import column_number, shifted
from xlkpi.workbook.shared import at_row
from xlkpi.workbook.sheet import Sheet

Place = tuple[int, int]


@lru_cache(maxsize=8)
def _stored(prefix: bytes) -> re.Pattern[bytes]:
    """Column, row, style, type, ``cm`` of a formula cell; the formula element, its attributes, its text; the value."""
    p = re.escape(prefix)
    return re.compile(
        rb'<%sc r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?( cm="\d+")?>(<%sf(%s)\s*(?:/>|>([^<]*)</%sf>))'
        rb"(?:<%sv>([^<]*)</%sv>)?</%sc>" % (p, p, ATTRIBUTES.replace(b"%", b"%%"), p, p, p, p))


def formulas_of(sheet: Sheet, name: str) -> list[FormulaCell]:
    """Every formula of a sheet; the members of a shared group each with their own text, after the others."""
    if sheet.data.find(b"<" + sheet.prefix + b"f", sheet.start, sheet.end) < 0:
        return []
    found: list[FormulaCell] = []
    masters: dict[str, tuple[str, int, int]] = {}
    waiting: list[tuple[str, int, int]] = []
    texts: dict[bytes, str] = {}
    columns: dict[bytes, int] = {}
    seen = 0
    for match in _stored(sheet.prefix).finditer(sheet.data, sheet.start, sheet.end):
        seen += 1
        letters, number, _, _, dynamic, _, tag, stored, _ = match.groups()
        col = columns.get(letters)
        if col is None:
            col = columns[letters] = column_number(letters.decode())
        row = int(number)
        text = texts.get(stored)
        if text is None:
            text = texts[stored] = unescape(stored or b"").replace("\r\n", "\n")
        if not tag:
            found.append(FormulaCell(name, row, col, text))
            continue
        attrs = attributes(tag)
        kind = attrs.get("t", "normal")
        if kind == "shared":
            if not text:
                waiting.append((attrs.get("si", ""), row, col))
                continue
            masters[attrs.get("si", "")] = (text, row, col)
            kind = "normal"
        elif kind == "array" and dynamic:
            kind = "dynamic"
        elif kind == "dataTable":
            kind = "datatable"
        found.append(FormulaCell(name, row, col, text, kind,
                                 attrs.get("ref") if kind in ("array", "dynamic", "datatable") else None))
    if seen != sheet.data.count(b"<" + sheet.prefix + b"f", sheet.start, sheet.end):
        return list(read_formulas(sheet, name))
    for group, row, col in waiting:
        if group in masters:
            text, from_row, from_col = masters[group]
            own = at_row(text, row - from_row) if col == from_col else shifted(text, row - from_row, col - from_col)
            found.append(FormulaCell(name, row, col, own))
    return found


def new_values(sheet: Sheet, take: Callable[[Place], Any], none: object) -> list[tuple[int, int, bytes]]:
    """Changes that give formula cells their values; cells that show the value already are no change.

    ``take`` hands out the value of a place once, or ``none`` for a place that is not to be written
    here. Arrays, spills and data tables are never asked for: their ranges may have to change too.
    """
    changes: list[tuple[int, int, bytes]] = []
    columns: dict[bytes, int] = {}
    prefix = sheet.prefix.decode()
    for match in _stored(sheet.prefix).finditer(sheet.data, sheet.start, sheet.end):
        letters, number, style, old_kind, dynamic, formula, tag, _, old = match.groups()
        if dynamic or old_kind == b"s" or style == b"0" or (tag and (b"array" in tag or b"dataTable" in tag)):
            continue
        col = columns.get(letters)
        if col is None:
            col = columns[letters] = column_number(letters.decode())
        value = take((int(number), col))
        if value is none:
            continue
        kind, text = cached(value)
        stored = text if text or value == "" else None
        if (old_kind is None if not kind else old_kind is not None and kind == f' t="{old_kind.decode()}"') and (
                old is None if stored is None else old is not None and old == stored.encode()) and not (
                stored and (stored[0].isspace() or stored[-1].isspace())):
            continue
        changes.append((match.start(), match.end(), cell_element(
            prefix, int(number), col, int(style or 0), kind, stored, formula.decode())))
    return changes
