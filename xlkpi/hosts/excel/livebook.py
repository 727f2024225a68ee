"""The workbook that is open in Excel as a refresh sees it: read through xlwings, a whole table at a time.

Values are read as ``Value2``: dates as serial numbers, currency with all its digits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from xlkpi.cells import is_blank
from xlkpi.errors import CellError, Findings, Where
from xlkpi.freezing import PREFIX as FREEZES
from xlkpi.hosts.excel.values import from_com
from xlkpi.refreshing.keeping import Body
from xlkpi.refreshing.problems import OverrideInTheWay
from xlkpi.workbook.refs import Area, column_letters
from xlkpi.workbook.shared import at_row
from xlkpi.workbook.table import Table, TableColumn

Grid = list[list[Any]]
OPENING = "="


@dataclass
class LiveTable:
    """One ListObject: xlwings' object, its shape, and what its body held when it was read."""

    handle: Any
    shape: Table
    values: Grid
    formulas: Grid  # Excel's formula texts; of a constant its value as text
    calculated: frozenset[int]  # columns that fill themselves
    notes: dict[tuple[int, int], str] = field(default_factory=dict)  # by row and column of the body, from 0
    threads: dict[tuple[int, int], str] = field(default_factory=dict)  # comments with answers, which cannot be moved

    def is_formula(self, row: int, column: int) -> bool:
        text = self.formulas[row][column]
        return isinstance(text, str) and text.startswith(OPENING) and text != self.values[row][column]


class LiveBook:
    """A workbook in Excel. Everything is read once, before anything is written."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @property
    def file(self) -> str | None:
        return str(self.book.name)

    @cached_property
    def path(self) -> Path | None:
        """Where the workbook lies; None when it was never saved or lies in a cloud folder that is not found here."""
        try:
            path = Path(self.book.fullname)
        except Exception:  # xlwings raises bare exceptions for addresses of OneDrive and SharePoint
            return None
        return path if path.is_absolute() or ":\\" in str(path) else None

    @cached_property
    def live(self) -> dict[str, LiveTable]:
        """The tables by name, in the order of the sheets."""
        return {table.shape.name: table for sheet in self.book.sheets for table in self._tables(sheet)}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return {name: table.shape for name, table in self.live.items()}

    @cached_property
    def version(self) -> str | None:
        text = self.name("xlkpi_version")
        return None if text is None else text.strip('="')

    @cached_property
    def frozen(self) -> str | None:
        with suppress(Exception):  # without the property Excel raises
            return str(self.book.api.CustomDocumentProperties(f"{FREEZES}at").Value)
        return None

    def name(self, name: str) -> str | None:
        """What a defined name of the workbook refers to."""
        names = self.book.names
        return str(names[name].refers_to) if name in names else None

    def body(self, table: Table, findings: Findings) -> Body:
        live = self.live[table.name]
        names = [column.name for column in table.columns]
        for column in sorted(live.calculated):
            self._overrides(live, column, findings)
        formulas = {(row, names[column]): live.formulas[row][column] for row in range(len(live.values))
                    for column in range(len(names)) if column not in live.calculated and live.is_formula(row, column)}
        rows = [dict(zip(names, row, strict=True)) for row in live.values]
        return Body(rows, frozenset(names[column] for column in live.calculated), formulas, {
            (row, names[column]): text for (row, column), text in (live.notes | live.threads).items()})

    def _overrides(self, live: LiveTable, column: int, findings: Findings) -> None:
        """Cells of a formula column that do not hold its formula."""
        table = live.shape
        rows = [row for row in range(len(live.values)) if live.is_formula(row, column)]
        base = rows[0]
        for row in range(len(live.values)):
            text = live.formulas[row][column]
            if row in rows and text[1:] == at_row(live.formulas[base][column][1:], row - base):
                continue
            if row not in rows and is_blank(live.values[row][column]):
                continue
            cell = f"{column_letters(table.first_col + column)}{table.first_row + row}"
            where = Where(self.file, table.sheet, cell, table.name, table.columns[column].name)
            findings.append(OverrideInTheWay(where, column=table.columns[column].name, content=str(text)))

    def _tables(self, sheet: Any) -> Iterable[LiveTable]:
        tables = list(sheet.tables)
        notes = _places(sheet, "notes") if tables else {}
        threads = _places(sheet, "comments") if tables else {}
        for handle in tables:
            whole = handle.range
            top, left, (height, width) = whole.row, whole.column, whole.shape
            headers = int(bool(handle.show_headers))
            totals = int(bool(handle.show_totals))
            body = sheet.range((top + headers, left), (max(top + headers, top + height - 1 - totals), left + width - 1))
            values, formulas = value_grid(body), formula_grid(body)
            names = grid(handle.header_row_range.value)[0] if headers else range(1, width + 1)
            calculated = frozenset(_calculated(values, formulas, width))
            columns = tuple(TableColumn(str(name), formula=_first(formulas, at) if at in calculated else None)
                            for at, name in enumerate(names))
            shape = Table(str(handle.name), str(sheet.name), "", Area(left, top, left + width - 1, top + height - 1),
                          columns, headers, totals, filtered=False, empty=False)

            def inside(places: Mapping[tuple[int, int], str], shape: Table = shape) -> dict[tuple[int, int], str]:
                return {(row - shape.first_row, col - shape.first_col): text for (row, col), text in places.items()
                        if shape.first_row <= row <= shape.last_row and shape.first_col <= col <= shape.last_col}

            own = inside(threads)
            yield LiveTable(handle, shape, values, formulas, calculated,
                            {place: text for place, text in inside(notes).items() if place not in own}, own)


def _calculated(values: Grid, formulas: Grid, width: int) -> Iterable[int]:
    """Columns whose cells hold formulas, up to a few that were overwritten."""
    for column in range(width):
        held = sum(isinstance(text := row[column], str) and text.startswith(OPENING) and text != values[at][column]
                   for at, row in enumerate(formulas))
        if held and 2 * held > sum(not is_blank(row[column]) for row in formulas):
            yield column


def _first(formulas: Grid, column: int) -> str:
    return next(str(row[column])[1:] for row in formulas if str(row[column]).startswith(OPENING))


def _places(sheet: Any, kind: str) -> dict[tuple[int, int], str]:
    """Notes or threaded comments of a sheet by row and column; older versions of Excel have no threads."""
    with suppress(Exception):
        return {(one.location.row, one.location.column): str(one.text) for one in getattr(sheet, kind)}
    return {}


# ---------------------------------------------------------------- ranges


def grid(value: Any) -> Grid:
    """What a range gives as rows: one cell comes as it is, one row or column of xlwings as a flat list."""
    if isinstance(value, (list, tuple)):
        return [list(row) for row in value] if value and isinstance(value[0], (list, tuple)) else [list(value)]
    return [[value]]


def value_grid(cells: Any) -> Grid:
    """The values of a range with all their digits; errors as :class:`~xlkpi.errors.CellError`."""
    windows = type(cells.impl).__module__.endswith("_xlwindows")
    raw = grid(cells.api.Value2 if windows else cells.raw_value)
    read = from_com(raw)
    assert isinstance(read, list)
    return [[None if cell == "" else cell for cell in row] for row in read]


def formula_grid(cells: Any) -> Grid:
    """The formulas of a range (``Formula2`` keeps dynamic arrays, where Excel knows it)."""
    return grid(getattr(cells.impl, _formula(cells)))


def write_formulas(cells: Any, formulas: Any) -> None:
    """Write formulas as :func:`formula_grid` reads them; one for all cells is made relative by Excel.

    Past xlwings' converters, which would write one formula to the first cell alone.
    """
    setattr(cells.impl, _formula(cells), formulas)


def _formula(cells: Any) -> str:
    """The property for formulas that this Excel has: before 2019 there were no dynamic arrays."""
    try:
        cells.sheet.range((1, 1)).impl.formula2  # noqa: B018
    except Exception:
        return "formula"
    return "formula2"


def plain_values(values: Grid, verbatim: Container[int] = ()) -> Grid:
    """Cell values as a range takes them without reading more into a text than is there.

    A text that Excel could take for a number, a date, a formula or an error is written behind an
    apostrophe, which Excel keeps out of the value; not in ``verbatim`` columns, whose cells are formatted for
    text and take every text as it is. Numbers go as doubles.
    """
    return [[value if isinstance(value, str) and at in verbatim else _written(value) for at, value in enumerate(row)]
            for row in values]


def _written(value: Any) -> Any:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    plain = text[:1].isalpha() and not any(letter.isdigit() for letter in text) \
        and text.casefold() not in ("true", "false") and text.isprintable()
    return text if plain or not text else "'" + text
