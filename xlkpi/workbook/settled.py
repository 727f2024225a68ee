"""Results of a template that no filling of its data has touched.

A template is filled again and again, and many of its formulas read nothing of what is filled in: names, units and
weights of the goals, words, headings. Once such a file, filled, has been calculated as a whole, it is known which
sheets every formula reads in the end, through other formulas too, and whether the result that the file holds for it
is the one that came out. Where it is, the next filling takes it as it stands, unless one of those sheets has been
written since the file was opened.

Only results are settled about which nothing is in doubt. A formula is calculated every time if it calls a KPI
function, reads the clock, finds its cells by itself (``INDIRECT``, ``OFFSET`` …), or if what the engine says it reads
and what its text names are not the same sheets; so is every formula that reads one of those. A book with an array
or a spilled formula, or in which anything was wrong, has no settled results at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlkpi.errors import CellError
from xlkpi.workbook.cells import cached, element
from xlkpi.workbook.engine import Cell
from xlkpi.workbook.formulas import Area
from xlkpi.workbook.markup import escape
from xlkpi.workbook.model import Formula
from xlkpi.workbook.scratch import in_scratch
from xlkpi.workbook.slim import ROAMING, sheets_named

if TYPE_CHECKING:
    from xlkpi.workbook.book import Book
    from xlkpi.workbook.lift import Lift

Scalar = float | str | bool | CellError
MOST = 5_000  # formulas of a book that is looked into
MOST_READ = 250_000  # formula cells that they read, one by one
MOST_SLIM = 64  # sheets that are kept without formulas
_ALL = -1  # the sheets of a formula that may read anything
_EACH_TIME = re.compile(r"(?<![\w.])(?:_xlfn\.|_xlws\.)*(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|INFO|SUBTOTAL|"
                        rf"AGGREGATE|{'|'.join(sorted(ROAMING))})\s*\(", re.IGNORECASE)
_WORD = re.compile(r"[\w.\\?]+")
_NO_WORD = re.compile(r'"(?:[^"]|"")*"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]')  # texts, columns of tables


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of a file: its results that were found right, each with the sheets it depends on (a bit for each).

    ``said`` are formulas as the engine had to be told them, ``slim`` sheets as it gets them then, by part and written
    sheets.
    """

    results: Mapping[Cell, tuple[Scalar, int]]
    said: Mapping[Cell, str] | None = None
    slim: dict[tuple[str, int], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds of a filled book: results as they stand, and formulas as the engine was told them before, which it
    most likely has to be told again. ``sheets`` have both in place of the book's formulas, by part."""

    results: dict[Cell, Scalar] = field(default_factory=dict)
    said: dict[Cell, str] = field(default_factory=dict)
    sheets: dict[str, bytes] = field(default_factory=dict)


def _written(book: Book) -> int:
    """The sheets that are not as they stand in the file."""
    package = book.package
    return sum(1 << at for at, sheet in enumerate(book.sheets)
               if package.changed(sheet.part) or any(map(package.changed, package.related(sheet.part, "table"))))


def _unwritten(book: Book, written: int) -> set[str]:
    return {sheet.name for at, sheet in enumerate(book.sheets) if not written >> at & 1}


def held(book: Book) -> Held:
    """What is known of the file that holds for the book as it is filled."""
    known = book.package.original.settled
    if known is None:
        return Held()
    written, sheets = _written(book), {}
    there = _unwritten(book, written)
    results = {cell: value for cell, (value, reads) in known.results.items() if not reads & written}
    said = {cell: text for cell, text in (known.said or {}).items() if cell[0] in there and cell not in results}
    for sheet in {cell[0] for cells in (results, said) for cell in cells}:
        part = book.sheet(sheet).part
        data = known.slim.get((part, written))
        if data is None:
            if len(known.slim) >= MOST_SLIM:
                known.slim.clear()
            data = known.slim[part, written] = _bare(book, sheet, results, said)
        sheets[part] = data
    return Held(results, said, sheets)


def _bare(book: Book, sheet: str, results: Mapping[Cell, Scalar], texts: Mapping[Cell, str]) -> bytes:
    xml = book.xml(book.sheet(sheet).part)
    prefix, changes = xml.prefix.decode(), []
    for place, one in book.stored_results(sheet).items():
        cell = (sheet, *place)
        if cell in results or cell in texts:
            formula = "" if cell in results else f"<{prefix}f>{escape(texts[cell])}</{prefix}f>"
            changes.append((one.start, one.end, element(prefix, one.head + one.kind, formula, one.value).encode()))
    return xml.edited({}, changes)


def learn(lift: Lift, book: Book, results: Mapping[Cell, Scalar]) -> None:
    """Find the settled results of a file that is filled once more, after all of it was calculated; the time after
    that, what the engine has to be told of the other formulas."""
    original, formulas = book.package.original, lift.model.formulas
    known = original.settled
    if not original.kept or lift.problems or (known is not None and known.said is not None):
        return
    written = _written(book)
    there = _unwritten(book, written)
    if known is not None:
        said = {cell: text for cell, text in lift.said.items() if cell[0] in there}
        original.settled = Settled(known.results, said)
        return
    found: dict[Cell, tuple[Scalar, int]] = {}
    if len(formulas) <= MOST and not lift.spilled:
        stored = {sheet: book.stored_results(sheet) for sheet in there}
        for cell, sheets in _reads(lift, book).items():
            if sheets == _ALL or sheets & written or cell not in results:
                continue
            own = stored[cell[0]].get(cell[1:])
            kind, text = cached(results[cell])
            if own is not None and own.value is not None and (own.kind, own.value) == (kind, text):
                found[cell] = results[cell], sheets
    original.settled = Settled(found)


def _reads(lift: Lift, book: Book) -> dict[Cell, int]:
    """The sheets that each formula depends on, through other formulas too."""
    formulas = {formula.cell: formula for formula in lift.model.formulas}
    numbers = {sheet.name: at for at, sheet in enumerate(book.sheets)}
    rows: dict[str, dict[int, list[int]]] = {}
    for sheet, row, column in sorted(formulas):
        rows.setdefault(sheet, {}).setdefault(column, []).append(row)
    direct: dict[Cell, int] = {}
    others: dict[Cell, list[Cell]] = {}
    count = 0
    for cell, formula in formulas.items():
        areas = _areas(lift, formula)
        if areas is None or any(area.sheet not in numbers for area in areas):
            direct[cell], others[cell] = _ALL, []
            continue
        direct[cell] = sum(1 << at for at in {numbers[cell[0]], *(numbers[str(area.sheet)] for area in areas)})
        others[cell] = [other for area in areas for other in _inside(area, rows)]
        count += len(others[cell])
        if count > MOST_READ:
            return {}
    return _closed(direct, others)


def _areas(lift: Lift, formula: Formula) -> list[Area] | None:
    """What the formula itself reads; None when that is not known for certain."""
    model = lift.model
    if formula.sites:
        return None
    named: set[str] = set()
    for text in _meanings(formula.text, model.names):
        sheets = None if _EACH_TIME.search(text) else sheets_named(text, formula.cell, model.tables, model.sheets or ())
        if sheets is None:
            return None
        named |= sheets
    read = lift.engine.reads(formula.cell)
    areas = [area for area in read or () if not in_scratch(area)]
    return areas if read is not None and named <= {str(area.sheet).casefold() for area in areas} else None


def _meanings(formula: str, names: Mapping[tuple[str | None, str], str]) -> list[str]:
    """The formula and what the names in it mean, and the names in them."""
    found = [formula]
    for text in found:  # grows meanwhile
        words = {word.casefold() for word in _WORD.findall(_NO_WORD.sub(" ", text))}
        found += [meaning for (_, name), meaning in names.items() if name in words and meaning not in found]
    return found


def _inside(area: Area, rows: Mapping[str, Mapping[int, list[int]]]) -> Iterator[Cell]:
    """The formula cells of an area."""
    sheet = str(area.sheet)
    for column, own in rows.get(sheet, {}).items():
        if area.left <= column <= area.right:
            for row in own[bisect_left(own, area.top):bisect_left(own, area.bottom + 1)]:
                yield sheet, row, column


def _closed(direct: Mapping[Cell, int], others: Mapping[Cell, list[Cell]]) -> dict[Cell, int]:
    """The sheets of every formula and of all that it reads; a circle may read anything."""
    done: dict[Cell, int] = {}
    for start in direct:
        if start in done:
            continue
        sheets = {start: direct[start]}  # of the formulas being looked into, each read by the one before
        path = [(start, iter(others[start]))]
        while path:
            cell, rest = path[-1]
            for other in rest:
                if other in sheets:
                    sheets[cell] = _ALL
                elif other in done:
                    sheets[cell] |= done[other]
                else:
                    sheets[other] = direct[other]
                    path.append((other, iter(others[other])))
                    break
            else:
                path.pop()
                done[cell] = sheets.pop(cell)
                if path:
                    sheets[path[-1][0]] |= done[cell]
    return done
