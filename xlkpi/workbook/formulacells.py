"""Formula cells in one pass over a sheet's bytes, in the form that Excel and XlsxWriter write them.

Cells in another form (attributes in another order, rich content, prefixed values …) are left to the
general readers of :mod:`xlkpi.workbook.cells`, which take every XML there is and several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from xlkpi.workbook.cells import FormulaCell, cached, element, read_formulas
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


def _any(sheet: Sheet) -> bool:
    """Is there a formula at all? A large sheet without is told at a glance."""
    return sheet.data.find(b"<" + sheet.prefix + b"f", sheet.start, sheet.end) >= 0


def formulas_of(sheet: Sheet, name: str) -> list[FormulaCell]:
    """Every formula of a sheet; the members of a shared group each with their own text, after the others."""
    if not _any(sheet):
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


class Stored(NamedTuple):
    """A formula cell and what it shows: ``kind`` is its ``t`` attribute as :func:`~xlkpi.workbook.cells.cached`
    gives it, ``value`` the escaped text of ``v``. ``head`` and ``formula`` are written again with every value."""

    start: int
    end: int
    head: str
    kind: str
    formula: str
    value: str | None


def stored_results(sheet: Sheet) -> dict[Place, Stored]:
    """The formula cells of a sheet, without arrays, spills and data tables: their ranges may have to change too."""
    found: dict[Place, Stored] = {}
    if not _any(sheet):
        return found
    columns: dict[bytes, int] = {}
    prefix = sheet.prefix.decode()
    for match in _stored(sheet.prefix).finditer(sheet.data, sheet.start, sheet.end):
        letters, number, style, kind, dynamic, formula, tag, _, value = match.groups()
        if dynamic or kind == b"s" or style == b"0" or (tag and (b"array" in tag or b"dataTable" in tag)):
            continue
        col = columns.get(letters)
        if col is None:
            col = columns[letters] = column_number(letters.decode())
        look = f' s="{style.decode()}"' if style else ""
        found[int(number), col] = Stored(
            match.start(), match.end(), f'<{prefix}c r="{letters.decode()}{number.decode()}"{look}',
            f' t="{kind.decode()}"' if kind else "", formula.decode(), None if value is None else value.decode())
    return found


def new_values(stored: Mapping[Place, Stored], prefix: str, results: dict[Place, Any]) -> list[tuple[int, int, bytes]]:
    """Changes that give formula cells their results, which are taken out of ``results``; a cell that shows its
    result already is no change."""
    changes: list[tuple[int, int, bytes]] = []
    for place, (start, end, head, old_kind, formula, old) in stored.items():
        if place not in results:
            continue
        value = results.pop(place)
        kind, text = cached(value)
        new = text if text or value == "" else None
        spaced = new is not None and new != new.strip()
        if kind != old_kind or new != old or spaced:
            changes.append((start, end, element(prefix, head + kind, formula, new).encode()))
    return changes
