"""A table as it comes in, read by the catalogue's column names.

A table is any narwhals-compatible data frame (pandas, polars, pyarrow …), a dictionary of columns
or a list of rows. Headers may be codes, labels or aliases of :mod:`xlkpi.metrics` columns; other
headers are kept under their own name, for grouping.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from xlkpi import cells
from xlkpi.errors import KpiError, Problem, Refused, Where
from xlkpi.measure import problems as found
from xlkpi.metrics import Expression, SourceColumn, load

MISSING_WORDS = {"-", "--", "—", "–", "na", "n/a", "nan", "none", "null", "无数据", "暂无"}
DATE_COLUMNS = ("date", "published_at")
TOTAL_WORDS = {"全部", "合计", "总计", "all", "total", "99999999"}


class FrameColumns(Mapping[str, Sequence[Any]]):
    """The columns of a data frame as lists, each made when it is first asked for."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self._headers = [str(header) for header in frame.collect_schema().names()]
        self._lists: dict[str, list[Any]] = {}
        self._counted: tuple[int, dict[str, int]] | None = None

    def __getitem__(self, header: str) -> list[Any]:
        if header not in self._lists:
            import narwhals as nw

            if isinstance(self.frame, nw.LazyFrame):
                self.frame = self.frame.collect(backend="pandas")
            self._lists[header] = self.frame[header].to_list()
        return self._lists[header]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)

    @property
    def length(self) -> int:
        """The number of rows."""
        import narwhals as nw

        return self._counts()[0] if isinstance(self.frame, nw.LazyFrame) else len(self.frame)

    def count(self, header: str) -> int | None:
        """How many values a column has; None where only a look at them would tell."""
        import narwhals as nw

        return self._counts()[1].get(header) if isinstance(self.frame, nw.LazyFrame) else None

    def _counts(self) -> tuple[int, dict[str, int]]:
        """Rows and values by column of a relation, in one query; not of texts and floats, which have other blanks."""
        import narwhals as nw

        if self._counted is None:
            headers = [header for header, kind in self.frame.collect_schema().items()
                       if kind.is_integer() or kind.is_temporal()]
            counts = [nw.col(header).count().alias(f"xlkpi count {n}") for n, header in enumerate(headers)]
            rows, *known = self.frame.select(nw.len().alias("xlkpi rows"), *counts).collect(backend="pandas").row(0)
            self._counted = int(rows), dict(zip(headers, map(int, known), strict=True))
        return self._counted

    def start(self, header: str) -> list[Any]:
        """The first values of a column that are there."""
        import narwhals as nw

        if isinstance(self.frame, nw.LazyFrame):
            own = self.frame.select(header).filter(~nw.col(header).is_null()).head(100)
            return own.collect(backend="pandas")[header].to_list()
        return self.frame[header].head(100).to_list()  # type: ignore[no-any-return]


def columns_of(name: str, frame: Any) -> Mapping[str, Sequence[Any]]:
    """The columns of any kind of table, by header."""
    if isinstance(frame, Mapping):
        return {str(header): list(column) for header, column in frame.items()}
    if isinstance(frame, (list, tuple)) and all(isinstance(row, Mapping) for row in frame):
        headers = dict.fromkeys(header for row in frame for header in row)
        return {str(header): [row.get(header) for row in frame] for header in headers}
    import narwhals as nw  # here, so that importing this module stays light

    try:
        table = nw.from_native(frame)
        if isinstance(table, nw.LazyFrame) and table.implementation.is_polars():
            table = table.collect()
        return FrameColumns(table)
    except TypeError:
        raise Refused(found.NotATable(name=name, kind=type(frame).__name__)) from None
    except nw.exceptions.DuplicateError:
        written = [str(header) for header in frame.columns]
        double = next(header for header in written if written.count(header) > 1)
        raise Refused(found.DoubledColumn(Where(table=name), column=double, headers=f"{double}, {double}")) from None


def is_missing(value: Any) -> bool:
    """Blank, a not-a-number, a not-a-time, or a word or dash that exports write for "no data"."""
    if isinstance(value, str):
        word = value.strip().casefold()
        return not word or word in MISSING_WORDS
    return value is None or type(value).__name__ in ("NAType", "NaTType") or (
        isinstance(value, float) and math.isnan(value))


def _value(formula: Expression, names: tuple[str, ...], row: tuple[float | None, ...]) -> float | None:
    if None in row:
        return None
    of = dict(zip(names, row, strict=True))
    try:
        return math.fsum([part.value(of.__getitem__) for part in formula.parts])  # type: ignore[arg-type]
    except ZeroDivisionError:
        return None


class Table:
    """One table: typed columns by code, read when first asked for, with the faults that reading found."""

    def __init__(self, name: str, frame: Any) -> None:
        self.name = name
        self.faults: dict[str, list[Problem]] = {}
        self._raw = columns_of(name, frame)
        self.frame = self._raw.frame if isinstance(self._raw, FrameColumns) else None
        self.length = (self._raw.length if isinstance(self._raw, FrameColumns) else
                       max(map(len, self._raw.values()), default=0))
        self.headers: dict[str, str] = {}
        for header in self._raw:
            column = load().column(header)
            code = column.code if column else header
            if code in self.headers:
                where = Where(table=name, column=header)
                self.faults.setdefault(code, []).append(found.DoubledColumn(
                    where, column=column.label("zh") if column else header,
                    headers=f"{self.headers[code]}, {header}"))
            else:
                self.headers[code] = header
        self._has_data: dict[str, bool] = {}
        self._numbers: dict[str, list[float | None]] = {}
        self._values: dict[Expression, list[float | None]] = {}
        self._texts: dict[str, list[str | None]] = {}
        self._dates: list[date | None] | None = None
        self.date_column = next((code for code in DATE_COLUMNS if code in self.headers), None)

    def __contains__(self, code: str) -> bool:
        return code in self.headers

    def has_data(self, code: str) -> bool:
        """Whether a column holds anything at all."""
        if code not in self._has_data:
            self._has_data[code] = self._look(self.headers[code])
        return self._has_data[code]

    def _look(self, header: str) -> bool:
        if isinstance(self._raw, FrameColumns):
            count = self._raw.count(header)
            if count is not None:
                return count > 0
            if any(not is_missing(value) for value in self._raw.start(header)):
                return True
        return any(not is_missing(value) for value in self._raw[header])

    def count(self, code: str) -> int | None:
        """How many values a column of a relation has; None where only a look at them would tell."""
        return self._raw.count(self.headers[code]) if isinstance(self._raw, FrameColumns) else None

    def numbers(self, code: str) -> list[float | None]:
        """A column as numbers; what cannot be read is None and a fault."""
        if code not in self._numbers:
            column = load().columns.get(code)
            self._numbers[code] = [self._number(value, code, column, row)
                                   for row, value in enumerate(self._raw[self.headers[code]], 1)]
        return self._numbers[code]

    def values(self, formula: Expression) -> list[float | None]:
        """A formula's value in each row; None where something is missing or is divided by 0."""
        if formula not in self._values:
            names = formula.names
            if formula.text == names[0]:  # a column as it stands
                self._values[formula] = self.numbers(names[0])
            else:
                columns = [self.numbers(name) for name in names]
                self._values[formula] = [_value(formula, names, row) for row in zip(*columns, strict=True)]
        return self._values[formula]

    def _number(self, value: Any, code: str, column: SourceColumn | None, row: int) -> float | None:
        if is_missing(value):
            return None
        header = self.headers[code]
        try:
            plain = value if isinstance(value, (int, float, str)) or not hasattr(value, "__float__") else float(value)
            number = cells.as_number(plain, header)
        except KpiError:
            where = Where(table=self.name, column=header, row=row)
            self.faults.setdefault(code, []).append(found.NotANumberCell(where, value=value))
            return None
        if number is not None and column is not None and column.at_most is not None and number > column.at_most:
            where = Where(table=self.name, column=header, row=row)
            self.faults.setdefault(code, []).append(found.OutOfBound(where, value=number, most=column.at_most))
            return None
        return number

    def texts(self, code: str) -> list[str | None]:
        """A column as texts, for grouping and choosing."""
        if code not in self._texts:
            self._texts[code] = [None if is_missing(value) else cells.as_text(value)
                                 for value in self._raw[self.headers[code]]]
        return self._texts[code]

    def dates(self) -> list[date | None]:
        """The day of each row, from the date column; all None where there is none."""
        if self._dates is None:
            if self.date_column is None:
                self._dates = [None] * self.length
            else:
                raw = self._raw[self.headers[self.date_column]]
                self._dates = [self._date(value, row) for row, value in enumerate(raw, 1)]
        return self._dates

    def _date(self, value: Any, row: int) -> date | None:
        if is_missing(value):
            return None
        assert self.date_column is not None
        header = self.headers[self.date_column]
        try:
            return cells.as_date(value, header)
        except KpiError:
            self.faults.setdefault(self.date_column, []).append(
                found.NotADay(Where(table=self.name, column=header, row=row), value=value))
            return None

    def is_total(self, code: str) -> list[bool]:
        """Whether each row is the total over the groups of a column (channel 全部)."""
        return [text is not None and text.casefold() in TOTAL_WORDS for text in self.texts(code)]
