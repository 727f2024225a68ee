"""Sparklines: the data they draw grows with the table, and a column with one in every row gets more of them.

A column counts as filled when each old data row holds a sparkline that draws data of its own row. Then the
new rows get copies of the last row's sparkline. Sparklines of rows that are no more are dropped, with the
groups and lists that become empty.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from xlkpi.workbook.cover_links import Lost
from xlkpi.workbook.cover_xml import Edits, find
from xlkpi.workbook.markup import Element, escape
from xlkpi.workbook.refs import Nature, Ref, Resize, fit_sqref, fitted, parse_area, parse_ref


@dataclass(frozen=True, slots=True)
class Sparkline:
    """One sparkline: its element, the cell it stands in and the one area it draws."""

    element: Element
    source: Element
    place: Element
    column: int
    row: int
    data: Ref

    def draws_its_row(self, home: bool, sheet: str) -> bool:
        area = self.data.area
        same_sheet = home if self.data.sheet is None else self.data.sheet.casefold() == sheet.casefold()
        return same_sheet and area.first_row == area.last_row == self.row


def fit_sparklines(tail: Element, sheet: str, resize: Resize, edits: Edits, lost: list[Lost]) -> None:
    """Collect the edits of all sparklines of a sheet; those that go are added to ``lost``."""
    home = sheet.casefold() == resize.sheet.casefold()
    columns: dict[int, list[Sparkline]] = defaultdict(list)
    groups = list(find(tail, "sparklineGroup"))
    for group in groups:
        dates = group.one("f")
        if dates:
            _fit_source(dates, sheet, resize, edits)
        for element in find(group, "sparkline"):
            sparkline = _read(element, edits.data)
            if sparkline and home and resize.first_row <= sparkline.row <= resize.old_last_row:
                columns[sparkline.column].append(sparkline)
                if sparkline.draws_its_row(home, sheet):
                    continue
            source, place = element.one("f"), element.one("sqref")
            if source:
                _fit_source(source, sheet, resize, edits)
            if place and home:
                edits.set_text(place, fit_sqref(place.text(edits.data), resize))
    if home:
        gone = [one for column, found in columns.items() for one in _fit_column(column, found, sheet, resize, edits)]
        if gone:
            _drop(tail, {id(one.element) for one in gone}, edits)
            lost += [Lost(one.place.text(edits.data)) for one in sorted(gone, key=lambda one: (one.row, one.column))]


def _read(element: Element, data: bytes) -> Sparkline | None:
    source, place = element.one("f"), element.one("sqref")
    if source is None or place is None:
        return None
    ref, cell = parse_ref(source.text(data)), parse_area(place.text(data))
    if ref is None or cell is None or (cell.first_row, cell.first_col) != (cell.last_row, cell.last_col):
        return None
    return Sparkline(element, source, place, cell.first_col, cell.first_row, ref)


def _fit_source(source: Element, sheet: str, resize: Resize, edits: Edits) -> None:
    ref = parse_ref(source.text(edits.data))
    if ref is None or (ref.sheet if ref.sheet is not None else sheet).casefold() != resize.sheet.casefold():
        return
    if ref.area.first_row == ref.area.last_row and ref.area.first_col != ref.area.last_col \
            and ref.area.first_row <= resize.old_last_row:
        return  # a row of the table, drawn across its columns
    area = fitted(ref.area, resize, Nature.RANGE)
    if area:
        edits.set_text(source, replace(ref, area=area).text())


def _fit_column(column: int, found: list[Sparkline], sheet: str, resize: Resize, edits: Edits) -> list[Sparkline]:
    """Add what the new rows lack; returns the sparklines whose rows are no more."""
    filled = {one.row for one in found if one.draws_its_row(True, sheet)}
    full = len(filled) == resize.old_last_row - resize.first_row + 1
    if resize.new_last_row <= resize.old_last_row:
        if not full and not resize.first_col <= column <= resize.last_col:
            return []
        return [one for one in found if one.row > resize.new_last_row]
    if full:
        last = next(one for one in found if one.row == resize.old_last_row)
        copies = b"".join(_copy(last, row, edits.data) for row in range(last.row + 1, resize.new_last_row + 1))
        edits.replace(last.element.end, last.element.end, copies)
    return []


def _copy(pattern: Sparkline, row: int, data: bytes) -> bytes:
    """The pattern's bytes with another row in its source and its place."""
    area = replace(pattern.data.area, first_row=row, last_row=row)
    cell = parse_area(pattern.place.text(data))
    assert cell is not None
    texts = {pattern.source.inner: (pattern.source.close, replace(pattern.data, area=area).text()),
             pattern.place.inner: (pattern.place.close, replace(cell, first_row=row, last_row=row).text())}
    pieces, done = [], pattern.element.start
    for inner, (close, text) in sorted(texts.items()):
        pieces += [data[done:inner], escape(text).encode()]
        done = close
    return b"".join(pieces) + data[done:pattern.element.end]


def _drop(tail: Element, gone: set[int], edits: Edits) -> None:
    """Take the elements out, and with them every element that held nothing else."""
    def empty(element: Element) -> bool:
        if id(element) in gone:
            return True
        if element.local not in ("sparklines", "sparklineGroup", "sparklineGroups", "ext", "extLst"):
            return False
        held = [child for child in element.children if not (element.local == "sparklineGroup"
                                                             and child.local != "sparklines")]
        return bool(held) and all(empty(child) for child in held)

    def cut(element: Element) -> None:
        for child in element.children:
            if empty(child):
                edits.spans = [span for span in edits.spans if not child.start <= span[0] < child.end]
                edits.replace(child.start, child.end, b"")
            else:
                cut(child)

    cut(tail)
