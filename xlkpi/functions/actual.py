"""A catalogue metric from a table of rows in the sheet: columns found by their headers, rows aggregated as it says.

The same arithmetic as :mod:`xlkpi.measure`, for one table in cells and without its dependencies; the tests hold the two
equal. What several tables or several metrics are needed for is refused here by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any

from xlkpi.cells import as_date, as_number, as_text, is_blank
from xlkpi.errors import CellError, KpiError
from xlkpi.functions.completion import PeriodEndsBeforeStart
from xlkpi.functions.figures import middle
from xlkpi.functions.rates import is_image_post
from xlkpi.registry import kpi_function
from xlkpi.terms import DataTable, Figure, FromDay, MetricName, RowFilters, ToDay

if TYPE_CHECKING:
    from xlkpi.metrics import Expression, Metric

MISSING_WORDS = {"-", "--", "—", "–", "na", "n/a", "nan", "none", "null", "无数据", "暂无"}
TOTAL_WORDS = {"全部", "合计", "总计", "all", "total", "99999999"}
SUM_WORDS = {"合计", "总计", "total", "小计", "汇总"}
CHANNELS = ("channel", "share_scene", "visit_source")
DATE_COLUMNS = ("date", "published_at")
UNPUBLISHED = ("未通过", "不通过", "草稿", "审核中", "待审", "驳回", "拒绝", "违规", "下架", "失败", "删除",
               "draft", "reject", "pending", "reviewing", "failed", "deleted")


class MetricMissing(KpiError):
    code = "#N/A"
    zh = "没有写指标名称"
    en = "no metric is named"


class NoTable(KpiError):
    zh = "数据表至少要有一行列名和一行数据"
    en = "the table needs a header row and at least one row of data"


class ColumnsNotFound(KpiError):
    zh = "“{metric}”无法计算：表头中没有 {columns}；表头有 {headers}"
    en = "'{metric}' cannot be worked out: the header has no {columns}, only {headers}"


class DoubledHeader(KpiError):
    zh = "两列都表示“{column}”：{headers}；请只选一列"
    en = "two columns both mean '{column}': {headers}; keep one"


class NotInOneTable(KpiError):
    zh = "“{metric}”的算法（{how}）不能由一张表的行得出，请用 xlkpi.measure 或在表中分步计算"
    en = "'{metric}' ({how}) does not come from the rows of one table; use xlkpi.measure, or work it out in steps"


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


class SeveralOnLastDay(KpiError):
    zh = "{day} 有 {rows} 行，“{metric}”每天只能有一行；请用筛选选定一个账号"
    en = "{day} has {rows} rows, '{metric}' takes one a day; choose one account with the filters"


class PeopleNotAdditive(KpiError):
    zh = "“{metric}”是去重人数，{rows} 行不能相加；请只选整期的一行"
    en = "'{metric}' counts unique people, {rows} rows must not be added; give the one row of the whole period"


class GenresMixed(KpiError):
    zh = "视频与图文的“{metric}”不可混算，请在筛选中选其一（体裁 视频）"
    en = "'{metric}' of videos and image posts must not be mixed; choose one with the filters (genre video)"


class ZeroSum(KpiError):
    code = "#DIV/0!"
    zh = "“{metric}”的分母合计为 0"
    en = "the denominator of '{metric}' adds up to 0"


@kpi_function()
def KPI_ACTUAL(metric: MetricName, table: DataTable, start: FromDay = None, end: ToDay = None,
               filters: RowFilters = None) -> Figure:
    """Actual value of a catalogue metric from a table: its columns are found in the header and aggregated as it says.

    由数据表求指标实际值：按表头（中文、英文、代码或别名）找到所需的列，按指标目录的口径汇总。

    Flows are added, stocks take the last day, ratios are ratios of sums over the rows where both sides are known.
    With start or end only rows of these days count. Blank cells and - are missing, never 0; no row with data: missing.
    Filters are two columns, a column name and the value wanted (体裁, 视频). Refused by name: total rows among the
    data, text that is no number, videos mixed with image posts, unique people in several rows, two rows on the last
    day of a stock. Plays in a work list are cumulative to the export time. Metrics that need the eve of the period or
    several metrics are not worked out here.

    流量相加，存量取最后一天，比率为两侧都有数据的行的合计之比。给出起止日期时只计这些天的行。空白和“-”是缺数，绝不
    当作 0；没有数据则为缺数。筛选为两列：列名与所要的值（体裁 视频）。数据中的合计行、读不成数字的文字、视频与图文
    混算、去重人数多行相加、存量在最后一天有多行，都会指明并拒绝。作品列表中的播放量是截至导出时的累计值。需要期初值或由多个
    指标计算的指标不在此计算。

    Errors: UnknownMetric, AmbiguousMetric #NAME?; ColumnsNotFound, DoubledHeader, BadCell, NeedsDates, UndatedRow,
    TotalRow, SeveralOnLastDay, PeopleNotAdditive, GenresMixed, NotInOneTable, NoTable #VALUE!; MetricMissing #N/A,
    ZeroSum #DIV/0!, PeriodEndsBeforeStart #NUM!.

    Source: catalogue sections 1.1 and 1.11 (no. 8–13, 18, 20).

    >>> KPI_ACTUAL("点赞数", [["日期", "点赞"], ["2026-04-01", 10], ["2026-05-01", 7]], "2026-04-01", "2026-04-30")
    10.0
    >>> KPI_ACTUAL("完播率", [["播放量", "完播率"], [1000, 0.5], [3000, 0.1], [None, 0.9]])
    0.2
    >>> KPI_ACTUAL("点赞数", [["播放量"], [1000]])
    Traceback (most recent call last):
    xlkpi.functions.actual.ColumnsNotFound: ...
    """
    if metric is None:
        raise MetricMissing
    from xlkpi.metrics import find_metric  # read from files, so not before it is needed

    found = find_metric(metric)
    first, last = as_date(start), as_date(end)
    if first and last and last < first:
        raise PeriodEndsBeforeStart(start=first, end=last)
    data = Rows(table, filters or ())
    kept = data.inside(found, first, last)
    way = _WAYS.get(found.aggregation.code)
    if way is None:
        raise NotInOneTable(metric=found.zh, how=found.aggregation.zh.format(n="…", d="…"))
    return way(data, found, kept)


class Rows:
    """A table in cells: its columns by code, cells read when they count."""

    def __init__(self, table: Sequence[Sequence[Any]], filters: Sequence[Sequence[Any]]) -> None:
        from xlkpi.metrics import load

        if len(table) < 2:
            raise NoTable
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

    def inside(self, metric: Metric, first: date | None, last: date | None) -> list[int]:
        """The rows that pass the filters and lie in the period; a total among them is refused."""
        rows = [row for row, cells in enumerate(self.body) if not all(map(is_blank, cells))
                and all(self._passes(row, code, wanted) for code, wanted in self.filters.items())]
        for name in CHANNELS:  # a channel column may hold its own total: never count both
            if name in self.places and name not in self.filters:
                total = [row for row in rows if (self.text(row, name) or "").casefold() in TOTAL_WORDS]
                rows = total or rows
        for row in rows:
            for code in dict.fromkeys((self.date_column or "", next(iter(self.places), ""))):
                word = self.text(row, code) if code else None
                if word is not None and word.casefold().strip() in SUM_WORDS:
                    raise TotalRow(row=row + 1, word=word)
        if first is None and last is None:
            return rows
        if self.date_column is None:
            raise NeedsDates(metric=metric.zh)
        kept = []
        for row in rows:
            day = self.day(row)
            if day is None:
                raise UndatedRow(row=row + 1)
            if (first is None or day >= first) and (last is None or day <= last):
                kept.append(row)
        return kept

    def _passes(self, row: int, code: str, wanted: str | None) -> bool:
        text = self.text(row, code)
        if code == "genre" and (wanted or "").casefold() in ("video", "视频", "image", "图文"):
            return text is not None and is_image_post(text) is ((wanted or "").casefold() in ("image", "图文"))
        return text == wanted


# ---------------------------------------------------------------- ways

def _known(data: Rows, metric: Metric, rows: list[int]) -> list[tuple[int, float]]:
    formula = data.formula(metric, metric.numerator)
    known = [(row, value) for row in rows if (value := data.value(row, formula)) is not None]
    _one_genre(data, metric, [row for row, _ in known])
    return known


def _one_genre(data: Rows, metric: Metric, rows: list[int]) -> None:
    if metric.guard and metric.guard in data.places:
        genres = [data.text(row, metric.guard) for row in rows]
        if len({None if genre is None else is_image_post(genre) for genre in genres}) > 1:
            raise GenresMixed(metric=metric.zh)


def _pairs(data: Rows, metric: Metric, rows: list[int]) -> list[tuple[int, float, float]]:
    top, bottom = data.formula(metric, metric.numerator), data.formula(metric, metric.denominator)
    pairs = [(row, above, below) for row in rows if (above := data.value(row, top)) is not None
             and (below := data.value(row, bottom)) is not None]
    _one_genre(data, metric, [row for row, _, _ in pairs])
    people = any((column := data.columns[name]).unit and column.unit.code == "people" and not column.additive
                 for side in (top, bottom) for name in side.names)
    channel = [data.text(row, "channel") for row, _, _ in pairs] if "channel" in data.places else []
    channels = {(text or "").casefold() for text in channel}
    if people and len(channels) > 1 and not channels <= TOTAL_WORDS:
        raise PeopleNotAdditive(metric=metric.zh, rows=len(pairs))
    return pairs


def _divide(metric: Metric, top: float, bottom: float) -> float:
    if bottom == 0:
        raise ZeroSum(metric=metric.zh)
    return top / bottom


def _sum(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    known = _known(data, metric, rows)
    return fsum(value for _, value in known) if known else None


def _count(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    name = data.formula(metric, metric.numerator).names[0]
    kept = [row for row in rows if data.text(row, name) is not None]
    if "review_status" in data.places:
        kept = [row for row in kept if not any(word in (data.text(row, "review_status") or "").casefold()
                                               for word in UNPUBLISHED)]
    return float(len(kept))


def _ratio(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    pairs = _pairs(data, metric, rows)
    if not pairs:
        return None
    bottom = fsum(below for _, _, below in pairs)
    return _divide(metric, fsum(above for _, above, _ in pairs),
                   abs(bottom) if metric.aggregation.code == "growth" else bottom)


def _mean(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    known = _known(data, metric, rows)
    return fsum(value for _, value in known) / len(known) if known else None


def _median(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    known = _known(data, metric, rows)
    return middle([value for _, value in known]) if known else None


def _mean_ratio(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    ratios = [above / below for _, above, below in _pairs(data, metric, rows) if below]
    return fsum(ratios) / len(ratios) if ratios else None


def _mean_base(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    top = _sum(data, metric, rows)
    formula = data.formula(metric, metric.denominator)
    bases = [value for row in rows if (value := data.value(row, formula)) is not None]
    if top is None or not bases:
        return None
    return _divide(metric, top, fsum(bases) / len(bases))


def _unique(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    if len(rows) > 1:
        raise PeopleNotAdditive(metric=metric.zh, rows=len(rows))
    return _ratio(data, metric, rows)


def _latest(data: Rows, metric: Metric, rows: list[int]) -> int:
    """The one row of the last day."""
    if len(rows) == 1:
        return rows[0]
    if data.date_column is None:
        raise NeedsDates(metric=metric.zh)
    dated = [(day, row) for row in rows if (day := data.day(row)) is not None]
    if len(dated) < len(rows):
        raise UndatedRow(row=next(row for row in rows if data.day(row) is None) + 1)
    last = max(day for day, _ in dated)
    on_last = [row for day, row in dated if day == last]
    if len(on_last) > 1:
        raise SeveralOnLastDay(metric=metric.zh, day=last, rows=len(on_last))
    return on_last[0]


def _last(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    known = dict(_known(data, metric, rows))
    return known[_latest(data, metric, list(known))] if known else None


def _cohort(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    pairs = {row: (above, below) for row, above, below in _pairs(data, metric, rows)}
    return _divide(metric, *pairs[_latest(data, metric, list(pairs))]) if pairs else None


_WAYS: dict[str, Callable[[Rows, Metric, list[int]], float | None]] = {
    "sum": _sum, "count": _count, "last": _last, "ratio": _ratio, "weighted": _ratio, "growth": _ratio,
    "ratio_mean_base": _mean_base, "cohort": _cohort, "mean": _mean, "mean_ratio": _mean_ratio, "median": _median,
    "unique": _unique,
}
