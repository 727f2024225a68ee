"""A table in cells for KPI_ACTUAL: columns found by their headers, cells read when they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any

from xlkpi.cells import as_date, as_number, as_text, is_blank
from xlkpi.errors import CellError, KpiError
from xlkpi.functions.completion import PeriodEndsBeforeStart
from xlkpi.functions.rates import is_image_post

if TYPE_CHECKING:
    from xlkpi.metrics import Expression, Metric

MISSING_WORDS = {"-", "--", "—", "–", "na", "n/a", "nan", "none", "null", "无数据", "暂无"}
TOTAL_WORDS = {"全部", "合计", "总计", "all", "total", "99999999"}
SUM_WORDS = {"合计", "总计", "total", "小计", "汇总"}
CHANNELS = ("channel", "share_scene", "visit_source")
DATE_COLUMNS = ("date", "published_at")


class NoTable(KpiError):
    zh = "数据表至少要有一行列名和一行数据"
    en = "the table needs a header row and at least one row of data"


class ColumnsNotFound(KpiError):
    zh = "“{metric}”无法计算：表头中没有 {columns}；表头有 {headers}"
    en = "'{metric}' cannot be worked out: the header has no {columns}, only {headers}"


class DoubledHeader(KpiError):
    zh = "两列都表示“{column}”：{headers}；请只选一列"
    en = "two columns both mean '{column}': {headers}; keep one"


class BadCell(KpiError):
    zh = "数据第 {row} 行“{column}”的值 {value!r} {why}"
    en = "row {row} of the data, '{column}': {value!r} {why}"


class NeedsDates(KpiError):
    zh = "“{metric}”需要日期列（日期或发布时间），表头中没有"
    en = "'{metric}' needs a date column (date or published at), which the header lacks"


class UndatedRow(KpiError):
    zh = "数据第 {row} 行没有日期，无法判断是否在期间内"
    en = "row {row} of the data has no date, so nobody knows whether it lies in the period"


class TotalRow(KpiError):
    zh = "数据第 {row} 行是合计行（{word}），不能与明细相加；请把它移出区域"
    en = "row {row} of the data is a total ({word}) and must not be added to the rest; leave it out of the range"


class Rows:
    """A table in cells, for one period and one set of filters: its columns by code, cells read when they count."""

    def __init__(self, table: Sequence[Sequence[Any]], filters: Sequence[Sequence[Any]] = (),
                 first: date | None = None, last: date | None = None) -> None:
        from xlkpi.metrics import load

        if len(table) < 2:
            raise NoTable
        if first and last and last < first:
            raise PeriodEndsBeforeStart(start=first, end=last)
        self.first, self.last = first, last
        self.columns = load().columns
        self.headers = [as_text(cell) if not isinstance(cell, CellError) else None for cell in table[0]]
        width = len(table[0])
        self.body = [[*row, *[None] * (width - len(row))] for row in table[1:]]
        self.places: dict[str, int] = {}
        for place, header in enumerate(self.headers):
            if header is None:
                continue
            column = load().column(header)
            code = column.code if column else header
            if code in self.places:
                raise DoubledHeader(column=code, headers=f"{self.headers[self.places[code]]}、{header}")
            self.places[code] = place
        self.filters = {self._code(pair[0]): as_text(pair[1]) for pair in filters
                        if len(pair) > 1 and not is_blank(pair[0])}

    def _code(self, header: Any) -> str:
        from xlkpi.metrics import find_column

        name = as_text(header) or ""
        column = find_column(name)
        code = column.code if column else name
        if code not in self.places:
            raise ColumnsNotFound(metric=name, columns=name, headers="、".join(filter(None, self.headers)))
        return code

    def text(self, row: int, code: str) -> str | None:
        cell = self.body[row][self.places[code]]
        if isinstance(cell, CellError):
            raise self._bad(row, code, cell, cell.code)
        word = as_text(cell)
        return None if word is None or word.casefold() in MISSING_WORDS else word

    def _bad(self, row: int, code: str, value: object, why: str) -> BadCell:
        return BadCell(row=row + 1, column=self.headers[self.places[code]], value=str(value), why=why)

    def number(self, row: int, code: str) -> float | None:
        cell = self.body[row][self.places[code]]
        if isinstance(cell, CellError):
            raise self._bad(row, code, cell, cell.code)
        if isinstance(cell, str) and cell.strip().casefold() in MISSING_WORDS:
            return None
        try:
            value = as_number(cell, code)
        except KpiError as error:
            raise self._bad(row, code, cell, error.sentence()) from None
        most = self.columns[code].at_most if code in self.columns else None
        if value is not None and most is not None and value > most:
            raise self._bad(row, code, cell, f"> {most:g}")
        return value

    def value(self, row: int, formula: Expression) -> float | None:
        """A formula's value in one row; None where something is missing or is divided by 0."""
        numbers = {name: self.number(row, name) for name in formula.names}
        if any(value is None for value in numbers.values()):
            return None
        try:
            return fsum(part.value(numbers.__getitem__) for part in formula.parts)  # type: ignore[arg-type]
        except ZeroDivisionError:
            return None

    def formula(self, metric: Metric, side: tuple[Expression, ...]) -> Expression:
        """The first alternative whose columns are all there, one with data before an empty one."""
        able = [formula for formula in side if all(name in self.places for name in formula.names)]
        full = [formula for formula in able if all(self._has_data(name) for name in formula.names)]
        if able:
            return (full or able)[0]
        lacking = [self.columns[name].zh for name in side[0].names if name not in self.places] if side else ["–"]
        raise ColumnsNotFound(metric=metric.zh, columns="、".join(lacking),
                              headers="、".join(filter(None, self.headers)))

    def _has_data(self, code: str) -> bool:
        cells = (row[self.places[code]] for row in self.body)
        return any(not is_blank(cell) and str(cell).strip().casefold() not in MISSING_WORDS for cell in cells)

    @property
    def date_column(self) -> str | None:
        return next((code for code in DATE_COLUMNS if code in self.places), None)

    def day(self, row: int) -> date | None:
        code = self.date_column
        if code is None or self.text(row, code) is None:
            return None
        cell = self.body[row][self.places[code]]
        try:
            return as_date(cell, code)
        except KpiError as error:
            raise self._bad(row, code, cell, error.sentence()) from None

    def ever(self, without: str | None = None) -> list[int]:
        """The rows that pass the filters (but the one on ``without``) on whatever day; a total is refused."""
        rows = [row for row, cells in enumerate(self.body) if not all(map(is_blank, cells))
                and all(self._passes(row, code, wanted) for code, wanted in self.filters.items() if code != without)]
        for name in CHANNELS:  # a channel column may hold its own total: never count both
            if name not in self.places:
                continue
            total = [row for row in rows if self.is_total(row, name)]
            if name == without:
                rows = [row for row in rows if row not in set(total)]
            elif name not in self.filters:
                rows = total or rows
        for row in rows:
            for code in dict.fromkeys((self.date_column or "", next(iter(self.places), ""))):
                word = self.text(row, code) if code else None
                if word is not None and word.casefold().strip() in SUM_WORDS:
                    raise TotalRow(row=row + 1, word=word)
        return rows

    def is_total(self, row: int, code: str) -> bool:
        """Whether a row is the total over the groups of a column (channel 全部)."""
        return (self.text(row, code) or "").casefold() in TOTAL_WORDS

    def within(self, metric: Metric, rows: list[int]) -> list[int]:
        """The rows of these that lie in the period."""
        if self.first is None and self.last is None:
            return rows
        return [row for row, day in self.days(metric, rows).items()
                if (self.first is None or day >= self.first) and (self.last is None or day <= self.last)]

    def days(self, metric: Metric, rows: list[int]) -> dict[int, date]:
        """The day of each row; all must have one."""
        if self.date_column is None:
            raise NeedsDates(metric=metric.zh)
        days = {}
        for row in rows:
            day = self.day(row)
            if day is None:
                raise UndatedRow(row=row + 1)
            days[row] = day
        return days

    def _passes(self, row: int, code: str, wanted: str | None) -> bool:
        text = self.text(row, code)
        if code == "genre" and (wanted or "").casefold() in ("video", "视频", "image", "图文"):
            return text is not None and is_image_post(text) is ((wanted or "").casefold() in ("image", "图文"))
        return text == wanted
