"""A grid and the layout it fits → a typed table with everything that was odd about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from xlkpi import language
from xlkpi.cells import is_blank
from xlkpi.errors import Findings, Problem, Where, did_you_mean
from xlkpi.platforms import problems as found
from xlkpi.platforms.columns import Fault, Typed, as_series, read_cells, show
from xlkpi.platforms.files import Grid
from xlkpi.platforms.layout import Column, Fit, Layout, plain
from xlkpi.platforms.mapping import Declared
from xlkpi.platforms.packed import PackedColumn, PackedRows, unpacked

REPORTED = 50  # cells of one kind in one column that are reported one by one


@dataclass(frozen=True)
class Source:
    """Where a table came from: for the audit sheet."""

    file: str | None
    sha256: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    platform: str | None = None
    layout: str | None = None
    rows_read: int = 0
    rows_skipped: tuple[tuple[int, str], ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    left_over: tuple[str, ...] = ()
    header: int | None = None
    totals: dict[str, float] = field(default_factory=dict)  # what the file's own row of totals says, by code

    @property
    def rows_used(self) -> int:
        return self.rows_read - len(self.rows_skipped)


@dataclass
class Import:
    """A table as read, or what kept it from being read.

    ``frame`` has one column a code: float64 with NaN, datetime64 with NaT, objects with None.
    ``table`` is None where the file was not recognised; then ``problems`` says why. ``rows`` are
    the file's row numbers, one a row of the frame (for a merged table: None).
    """

    table: str | None
    frame: pd.DataFrame
    problems: Findings
    sources: tuple[Source, ...]
    layout: Layout | None = None
    rows: np.ndarray[Any, Any] | None = None
    signed: frozenset[str] = frozenset()  # rates of an unsure unit whose every cell has a percent sign
    parts: tuple[Import, ...] = ()  # of a merged table: the tables as they were read

    @property
    def platform(self) -> str | None:
        return self.layout.platform if self.layout else None

    @property
    def file(self) -> str | None:
        return self.sources[0].file

    @property
    def sha256(self) -> str | None:
        return self.sources[0].sha256

    @property
    def rows_read(self) -> int:
        return sum(source.rows_read for source in self.sources)

    @property
    def rows_skipped(self) -> list[tuple[int, str]]:
        """Row number and reason of every row that is not in the frame."""
        return [skipped for source in self.sources for skipped in source.rows_skipped]

    @property
    def columns(self) -> dict[str, str]:
        """Heading in the file → column code."""
        return {heading: code for source in self.sources for heading, code in source.columns.items()}

    def skip(self, rows: list[tuple[int, str]]) -> None:
        """Note more rows as left out of the frame."""
        first = self.sources[0]
        self.sources = (replace(first, rows_skipped=tuple(sorted((*first.rows_skipped, *rows)))), *self.sources[1:])

    @property
    def left_over(self) -> list[str]:
        return [name for source in self.sources for name in source.left_over]


class GridReader:
    """Reads one grid by one layout. ``extra`` knows columns that the platform's layout does not.

    What ``mapping`` declares goes before what any layout knows.
    """

    def __init__(self, grid: Grid, fit: Fit, source: Source, extra: Layout | None = None, first_row: int = 1,
                 mapping: Declared | None = None) -> None:
        self.grid, self.fit, self.layout, self.extra = grid, fit, fit.layout, extra
        self.first_row, self.mapping = first_row + grid.first_row, mapping or Declared({})
        self.source = replace(source, sheet=grid.sheet, platform=fit.layout.platform, layout=fit.layout.name)
        self.problems = Findings()
        self.skipped: dict[int, str] = {}
        self.totals_row: int | None = None
        self.typed: dict[int, Typed] = {}  # the key columns, read first to tell data from remarks
        self.words = {*self.layout.totals, *map(plain, grid.rows[fit.header])}

    # ------------------------------------------------------------ places

    def where(self, row: int | None = None, column: int | None = None) -> Where:
        """``row`` and ``column`` count from 0 on the grid."""
        heading = None if column is None else self._heading(column)
        cell = None
        if row is not None and column is not None and self.grid.sheet is not None and self.grid.addressed:
            cell = f"{letters(column + self.grid.first_column)}{row + self.first_row}"
        return Where(file=self.source.file, sheet=self.grid.sheet, cell=cell, column=heading,
                     row=None if row is None else row + self.first_row)

    def _heading(self, column: int) -> str:
        header = self.grid.rows[self.fit.header]
        return " ".join(str(header[column]).split()) if column < len(header) else ""

    # ------------------------------------------------------------ the verb

    def read(self) -> Import:
        chosen = self._choose_columns()
        start, count = self.fit.header + 1, len(self.grid.rows)
        while count > start and all(map(is_blank, self.grid.rows[count - 1])):
            count -= 1
        table = self._table(self.grid.rows[start:count], start)
        count -= start
        keep = self._keep(table, chosen, start, count)
        last = self.totals_row
        totals = self._totals([] if last is None else [cells[last] for cells in table], chosen)
        rows = keep + start
        if len(keep) < count:
            table = [cells.take(keep) if isinstance(cells, PackedColumn) else tuple(cells[row] for row in keep)
                     for cells in table]
        for place, heading in enumerate(self.grid.rows[self.fit.header]):
            value = next((cell for cell in table[place] if not is_blank(cell)), None) if is_blank(heading) else None
            if value is not None:
                self.problems.append(found.HeadlessColumn(self.where(), place=letters(place), value=show(value)))
        series: dict[str, pd.Series[Any]] = {}
        for place, column in chosen.items():
            series[column.code] = self._column(table[place], column, place, rows)
        signed = frozenset(column.code for place, column in chosen.items() if column.unsure and all(
            str(cell).rstrip().endswith(("%", "％")) for cell in table[place] if str(cell) not in column.missing))
        frame = pd.DataFrame(series)
        if not len(frame):
            self.problems.append(found.NoRows(self.where(), layout=self.layout.label(language.current())))
        source = replace(
            self.source, rows_read=count,
            rows_skipped=tuple((row + self.first_row, why) for row, why in sorted(self.skipped.items())),
            columns={self._heading(place): column.code for place, column in chosen.items()},
            left_over=tuple(self._left_over(chosen)), header=self.fit.header + self.first_row, totals=totals)
        return Import(self.layout.table, frame, self.problems, (source,), self.layout, rows + self.first_row, signed)

    # ------------------------------------------------------------ columns

    def _choose_columns(self) -> dict[int, Column]:
        """Place → column, with a problem for each one that is doubled or missing."""
        header = self.grid.rows[self.fit.header]
        chosen: dict[int, Column] = {}
        for place, heading in enumerate(header):
            column = self.mapping.column(heading, self.layout, self.extra) if self.mapping else None
            if column is None:
                column = self.layout.find(heading) if isinstance(heading, str) else None
            if column is None and self.extra is not None and isinstance(heading, str):
                column = self.extra.find(heading)
                column = replace(column, required=False, filled=False) if column else None
            if column is not None:
                chosen[place] = column
        places: dict[str, list[int]] = {}
        for place, column in chosen.items():
            places.setdefault(column.code, []).append(place)
        for several in places.values():
            if len(several) > 1:
                self.problems.append(found.DoubledColumn(
                    self.where(self.fit.header, several[-1]), name=self._heading(several[0]), count=len(several),
                    places=", ".join(letters(place) for place in several)))
                for place in several[1:]:
                    del chosen[place]
        left = self._left_over(chosen)
        for column in self.layout.required:
            if column.code not in places:
                self.problems.append(found.MissingColumn(
                    replace(self.where(), row=self.fit.header + self.first_row), name=column.label,
                    layout=self.layout.label(language.current()), hint=did_you_mean(column.label, left)))
        if left:
            self.problems.append(found.LeftOverColumns(self.where(), names="、".join(left)))
        return chosen

    def _left_over(self, chosen: dict[int, Column]) -> list[str]:
        header = self.grid.rows[self.fit.header]
        return [self._heading(place) for place, heading in enumerate(header)
                if place not in chosen and not is_blank(heading) and plain(heading) not in
                {plain(self._heading(other)) for other in chosen}]

    # ------------------------------------------------------------ rows

    def _table(self, body: Sequence[list[Any]], start: int) -> list[Sequence[Any]]:
        """The cells below the headings, column by column."""
        width = len(self.grid.rows[self.fit.header])
        if isinstance(body, PackedRows):
            return list(body.columns)
        even = self._even(body, width, start)
        return list(zip(*even, strict=True)) if even else [()] * width

    def _even(self, body: Sequence[Sequence[Any]], width: int, start: int) -> list[Sequence[Any]]:
        """Rows as wide as the header. Short ones end in blanks; what stands beyond it is a problem."""
        if not set(map(len, body)) - {width}:
            return list(body)
        even: list[Sequence[Any]] = []
        for row, cells in enumerate(body):
            beyond = [cell for cell in cells[width:] if not is_blank(cell)]
            if beyond:
                self.problems.append(found.TooManyCells(self.where(start + row), found=len(cells), wanted=width,
                                                        value=show(beyond[0])))
            even.append([*cells[:width], *[""] * (width - len(cells))])
        return even

    def _keep(self, table: Sequence[Sequence[Any]], chosen: dict[int, Column], start: int,
              count: int) -> np.ndarray[Any, Any]:
        """Which rows are data: not blank, not a total, not a footnote, not the header once more."""
        suspects: set[int] = set()
        for place, column in chosen.items():
            if column.filled:
                typed = self.typed[place] = read_cells(unpacked(table[place]), column)
                suspects.update(row for row, _ in typed.faults)
                suspects.update(_blanks(typed.values))
                if column.kind == "text":
                    suspects.update(row for row, value in enumerate(typed.values) if plain(value) in self.words)
        if not any(column.filled and column.kind != "text" for column in chosen.values()):  # any word may stand there
            suspects.update(row for cells in table[:3] for row, cell in enumerate(cells)
                            if is_blank(cell) or (isinstance(cell, str) and plain(cell) in self.words))
        header = [plain(cell) for cell in self.grid.rows[self.fit.header]]
        for row in sorted(suspects):
            cells = [cells[row] for cells in table]
            reason, value = self._reason(cells, header, chosen)
            if self.totals_row is None and reason and self._is_total(cells):
                self.totals_row = row
            if reason:
                self.skipped[start + row] = reason
                if value is not None:
                    self.problems.append(found.SkippedRow(self.where(start + row), reason=reason, value=show(value)))
        kept = np.ones(count, dtype=bool)
        if self.skipped:
            kept[[row - start for row in self.skipped]] = False
            self.typed.clear()
        return np.flatnonzero(kept)

    def _reason(self, row: list[Any], header: list[str], chosen: Collection[int]) -> tuple[str, Any]:
        """Why a row is no data, in words, and the cell that tells (None: not worth a finding)."""
        zh = language.current() == "zh"
        present = [cell for cell in row if not is_blank(cell)]
        if not present:
            return ("空行" if zh else "blank row"), None
        if [plain(cell) for cell in row] == header:
            return ("重复的表头" if zh else "the header once more"), present[0]
        if self._is_total(row) and len(present) > 1:
            return ("合计行" if zh else "a row of totals"), present[0]
        known = [cell for place, cell in enumerate(row) if place in chosen and not is_blank(cell)]
        if len(known) < 2 < len(chosen) and all(isinstance(cell, str) for cell in known):
            return ("只有一个单元格的说明行" if zh else "a remark in one cell"), present[0]
        if len(present) == 1 and isinstance(row[0], str) and not any(letter.isdigit() for letter in row[0]):
            return ("说明行" if zh else "a remark"), present[0]
        return "", None

    def _is_total(self, row: Sequence[Any]) -> bool:
        return any(isinstance(cell, str) and plain(cell) in self.layout.totals for cell in row[:3])

    def _totals(self, row: Sequence[Any], chosen: dict[int, Column]) -> dict[str, float]:
        """The figures of the file's row of totals; a cell that is none is left out, since it counts nowhere."""
        totals: dict[str, float] = {}
        for place, column in chosen.items() if row else ():
            if column.kind in ("count", "number", "rate", "duration"):
                (value,) = read_cells([row[place]], replace(column, least=None, most=None, usual_most=None)).values
                if value is not None and value == value:
                    totals[column.code] = float(value)
        return totals

    # ------------------------------------------------------------ cells

    def _column(self, raw: Sequence[Any], column: Column, place: int, rows: np.ndarray[Any, Any]) -> pd.Series[Any]:
        typed = self.typed.pop(place, None) or read_cells(unpacked(raw), column)
        series = as_series(typed.values, column)
        faults = typed.faults
        if column.filled:
            bad = {row for row, _ in faults}
            faults = sorted([*faults, *((row, Fault(found.RequiredCell)) for row in _blanks(typed.values)
                                        if row not in bad)], key=lambda pair: pair[0])
        self._report(faults, place, rows)
        if column.by_heading and 0 < series.max() <= 0.01:  # NaN is not
            self.problems.append(found.PercentHeading(
                self.where(None, place), value=show(next(cell for cell, value in zip(raw, series, strict=True)
                                                         if value == series.max())), read=series.max() * 100))
        for note in typed.notes:
            self.problems.append(note.problem(self.where(None, place), **note.facts))
        return series

    def _report(self, faults: Sequence[tuple[int, Fault]], place: int, rows: np.ndarray[Any, Any]) -> None:
        counts = Counter(fault.problem for _, fault in faults)
        seen: Counter[type[Problem]] = Counter()
        rest: dict[type[Problem], list[int]] = {}
        for row, fault in faults:
            seen[fault.problem] += 1
            if seen[fault.problem] <= REPORTED:
                self.problems.append(fault.problem(self.where(int(rows[row]), place), **fault.facts))
            elif len(rest.setdefault(fault.problem, [])) < 10:
                rest[fault.problem].append(int(rows[row]) + self.first_row)
        for kind, numbers in rest.items():
            more = found.MoreLikeThis if kind.level == "error" else found.MoreToCheck
            listed = ", ".join(map(str, numbers)) + (" …" if counts[kind] - REPORTED > len(numbers) else "")
            self.problems.append(more(self.where(None, place), count=counts[kind] - REPORTED,
                                      kind=kind.__name__, rows=listed))


def _blanks(values: Any) -> list[int]:
    """The rows without a value."""
    if isinstance(values, np.ndarray):
        return [int(row) for row in np.flatnonzero(np.isnan(values) if values.dtype.kind == "f" else np.isnat(values))]
    return [row for row, value in enumerate(values) if value is None]


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    word = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        word = chr(65 + rest) + word
    return word
