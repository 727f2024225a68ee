"""Filling a workbook: tables get new rows, input cells new values, everything else stays.

>>> book = Template.open("scorecard.xlsx")                               # doctest: +SKIP
>>> report = book.fill({"works": frame}, {"Parameters!B3": "2026-04"})   # doctest: +SKIP
>>> book.calculate()                                                     # doctest: +SKIP
>>> book.save("april.xlsx")                                              # doctest: +SKIP
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias

from xlkpi import language
from xlkpi.cells import from_serial, to_serial
from xlkpi.errors import CellError, Findings, Refused, Where
from xlkpi.workbook import collecting, inputrules, openpyxl_books
from xlkpi.workbook.book import Book
from xlkpi.workbook.match import read_data
from xlkpi.workbook.package import Package
from xlkpi.workbook.problems import BadAddress, InsideFilledTable, MacrosInXlsx, NoMacrosInXlsm, UnwritableValue
from xlkpi.workbook.refill import Refill, apply, plan
from xlkpi.workbook.refs import MAX_COLUMN, MAX_ROW, column_letters, parse_ref

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.workbook import Workbook

    from xlkpi.workbook.calculate import Result

OnError = Literal["refuse", "report"]
Source: TypeAlias = "str | os.PathLike[str] | bytes | BinaryIO | Workbook"
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^!]+))!\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


class StaleResults(UserWarning):
    """A workbook was saved with the results that its formulas had before it was filled."""

    def __str__(self) -> str:
        return ("工作簿填充后没有重新计算，公式单元格仍是填充前的结果；请在保存前调用 calculate()"
                if language.current() == "zh" else
                "the workbook was filled but not calculated, so its formula cells hold the results of before; "
                "call calculate() before saving")


class Template:
    """A workbook to be filled: any ``.xlsx`` or ``.xlsm``, ours or not."""

    def __init__(self, package: Package) -> None:
        self.book = Book(package)
        self.stale = False  # filled, and not calculated since: cached results of formulas are those of before

    @classmethod
    def open(cls, source: Source) -> Template:
        """Open a workbook: a path, bytes, a readable binary file, or an openpyxl ``Workbook`` (as it would be saved).

        Raises :class:`~xlkpi.errors.Refused` when it is no readable workbook.
        """
        if openpyxl_books.is_workbook(source):
            source = openpyxl_books.as_bytes(source)
        return cls(Package.open(source))  # type: ignore[arg-type]

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return list(self.book.tables)

    @property
    def sheets(self) -> list[str]:
        """The names of the worksheets."""
        return [sheet.name for sheet in self.book.sheets]

    # ------------------------------------------------------------ filling

    @collecting.put_off()
    def fill(self, data: Mapping[str, Any] | None = None, inputs: Mapping[str, Any] | None = None, *,
             on_error: OnError = "refuse") -> Findings:
        """Replace the rows of tables and the values of input cells.

        ``data`` gives each table by name its rows: a data frame (pandas, polars …), a list of dicts or
        a dict of columns. Columns are matched by name, else through the metric catalogue; formula
        columns fill themselves. The table grows or shrinks, with its totals row and all that covers it.
        ``inputs`` gives values by address (``"Sheet!B3"``) or by the defined name of one cell.

        Missing values (None, NaN, NaT) become empty cells, dates serial numbers in the cell's format,
        text that starts with ``= + - @`` stays text.

        Returns everything noticed. With ``on_error="refuse"`` an error raises
        :class:`~xlkpi.errors.Refused` with all problems and the workbook stays as it was; with
        ``"report"`` what can be written is written and the problems are returned.
        """
        findings = Findings()
        refills: list[Refill] = []
        for name, frame in (data or {}).items():
            try:
                table = self.book.table(name)
                refill, found = plan(self.book, table, read_data(frame, name))
            except Refused as refused:
                findings += refused.problems
                continue
            findings += found
            refills.append(refill)
        cells = self._inputs(inputs or {}, refills, findings)
        if on_error == "refuse":
            findings.refuse()
        for sheet, values in cells.items():
            self.book.set_cells(sheet, values)
        resizes = [apply(self.book, refill) for refill in refills if refill.fits]
        if resizes:
            from xlkpi.workbook.cover import extend

            findings += extend(self.book, *resizes)
        self.stale = self.stale or bool(cells) or any(refill.fits for refill in refills)
        return findings

    def _inputs(self, inputs: Mapping[str, Any], refills: list[Refill],
                findings: Findings) -> dict[str, dict[tuple[int, int], Any]]:
        """Input cells by sheet, those that cannot be written left out."""
        cells: dict[str, dict[tuple[int, int], Any]] = {}
        for address, value in inputs.items():
            try:
                sheet, row, col = self._place(address)
                where = Where(file=self.book.package.file, sheet=sheet, cell=f"{column_letters(col)}{row}")
                stored = self._input(value, where)
            except Refused as refused:
                findings += refused.problems
                continue
            inside = next((r.table for r in refills if r.table.sheet == sheet and r.table.first_row <= row
                           <= r.table.area.last_row and r.table.first_col <= col <= r.table.last_col), None)
            if inside is not None:
                findings.append(InsideFilledTable(where, table=inside.name))
                continue
            wrong = self.book.check_cells(sheet, {(row, col): stored})
            if stored is not None:
                wrong += inputrules.check(self.book, sheet, row, col, stored, where)
            findings += wrong
            if not wrong.errors:
                cells.setdefault(sheet, {})[row, col] = stored
        return cells

    def _input(self, value: Any, where: Where) -> float | int | str | bool | CellError | None:
        if hasattr(value, "item") and not isinstance(value, (str, date)):
            value = value.item()
        if isinstance(value, (date, time, timedelta)):
            return None if value != value else to_serial(value, self.book.date1904)
        if value is None or (isinstance(value, float) and (value != value or value in (float("inf"), float("-inf")))):
            return None
        if isinstance(value, (bool, int, float, str, CellError)):
            return str(value) if isinstance(value, int) and abs(value) > 2**53 else value
        try:
            return float(value)
        except (TypeError, ValueError):
            raise Refused(UnwritableValue(where, value=value, kind=type(value).__name__)) from None

    def _place(self, address: str) -> tuple[str, int, int]:
        """Sheet name, row and column of ``Sheet!B3`` or of a defined name for one cell."""
        match = _PLACE.fullmatch(address.strip())
        if match is None:
            for name in self.book.defined_names:
                ref = parse_ref(name.text) if name.name.casefold() == address.strip().casefold() else None
                if ref is not None and ref.sheet and not ref.area.colon:
                    return self.book.sheet(ref.sheet).name, ref.area.first_row, ref.area.first_col
            raise Refused(BadAddress(Where(file=self.book.package.file), address=address))
        sheet = self.book.sheet(match[1].replace("''", "'") if match[1] else match[2]).name
        ref = parse_ref(match[3] + match[4])
        if ref is None or ref.area.first_row > MAX_ROW or ref.area.first_col > MAX_COLUMN:
            raise Refused(BadAddress(Where(file=self.book.package.file, sheet=sheet), address=address))
        return sheet, ref.area.first_row, ref.area.first_col

    @collecting.put_off()
    def calculate(self, *, as_of: date | None = None, on_error: OnError = "refuse") -> Result:
        """Calculate every formula, write the results into the workbook and into the points its charts keep.

        See :func:`xlkpi.workbook.calculate.calculate`; the result's ``problems`` also name the charts
        whose source cannot be read.
        """
        from xlkpi.workbook.ahead import Ahead
        from xlkpi.workbook.calculate import calculate
        from xlkpi.workbook.cover import refresh_chart_caches

        ahead = Ahead(self.book)
        result = calculate(self.book, as_of=as_of, on_error=on_error, meanwhile=ahead)
        result.problems += refresh_chart_caches(self.book, ahead.drawn)
        self.stale = False
        return result

    # ------------------------------------------------------------ reading back

    def value(self, address: str) -> float | str | bool | datetime | CellError | None:
        """The value of one cell (``"Sheet!B3"`` or a defined name), dates as ``datetime``. No calculation."""
        sheet, row, col = self._place(address)
        xml = self.book.xml(self.book.sheet(sheet).part)
        if col not in xml.cells(row):
            return None
        cell = self.book.cells(sheet)[row, col]
        shown: float | str | bool | datetime | CellError | None = self._shown(cell.value, cell.style)
        return shown

    def values(self, sheet: str) -> list[list[float | str | bool | datetime | CellError | None]]:
        """A sheet as rows from A1 to its last used cell, dates as ``datetime``. No calculation."""
        cells = {place: cell for place, cell in self.book.cells(sheet).items() if cell.value is not None}
        height = max((row for row, _ in cells), default=0)
        width = max((col for _, col in cells), default=0)
        rows: list[list[Any]] = [[None] * width for _ in range(height)]
        for (row, col), cell in cells.items():
            rows[row - 1][col - 1] = self._shown(cell.value, cell.style)
        return rows

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The body of a table as dicts, dates as ``datetime``. No calculation."""
        found = self.book.table(table)
        cells = self.book.cells(found.sheet)
        rows = []
        for row in range(found.first_row, found.last_row + 1):
            record = {}
            for index, column in enumerate(found.columns):
                cell = cells.get((row, found.first_col + index))
                record[column.name] = self._shown(cell.value, cell.style) if cell else None
            rows.append(record)
        return rows

    def frame(self, table: str) -> pd.DataFrame:
        """The body of a table as a pandas data frame, its header cells as columns. No calculation."""
        import pandas as pd

        names = [column.name for column in self.book.table(table).columns]
        return pd.DataFrame(self.rows(table), columns=names)

    def _shown(self, value: Any, style: int) -> Any:
        if isinstance(value, float) and self.book.is_date(style) and 0 <= value < 2958466:
            return from_serial(value, self.book.date1904)
        return value

    # ------------------------------------------------------------ saving

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the workbook; an existing file is replaced only when all is written.

        Raises :class:`~xlkpi.errors.Refused` for ``.xlsx`` where there are macros and ``.xlsm`` where there are none.
        Warns (:class:`StaleResults`) when it was filled and not calculated: Excel calculates on
        opening only what it finds changed, and other readers show the results of before.
        """
        self._warn()
        package = self.book.package
        macros = "macroEnabled" in package.content_type(package.workbook)
        if os.fspath(path).lower().endswith(".xlsx" if macros else ".xlsm"):
            raise Refused((MacrosInXlsx if macros else NoMacrosInXlsm)(Where(file=os.fspath(path))))
        package.save(path)

    def tobytes(self) -> bytes:
        """The workbook as the bytes of a file; warns as :meth:`save` does."""
        self._warn()
        return self.book.package.tobytes()

    def _warn(self) -> None:
        if self.stale and self.book.has_formulas:
            warnings.warn(StaleResults(), stacklevel=3)


def fill(workbook: Source, data: Mapping[str, Any] | None = None, inputs: Mapping[str, Any] | None = None, *,
         on_error: OnError = "refuse") -> tuple[Template, Findings]:
    """Open and fill in one go. An openpyxl ``Workbook`` is itself filled in place: its sheets stay the same objects."""
    template = Template.open(workbook)
    findings = template.fill(data, inputs, on_error=on_error)
    if openpyxl_books.is_workbook(workbook):
        openpyxl_books.copy_back(template.book.package.tobytes(compress=False), workbook)
    return template, findings
