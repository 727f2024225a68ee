"""The ways of aggregation for KPI_ACTUAL, one function each: rows of a table in cells in, one value out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import fsum
from typing import TYPE_CHECKING

from xlkpi.errors import KpiError
from xlkpi.functions.actual_rows import TOTAL_WORDS, ColumnsNotFound, NeedsDates, Rows, UndatedRow
from xlkpi.functions.figures import middle
from xlkpi.functions.rates import ZeroOpening, is_image_post

if TYPE_CHECKING:
    from xlkpi.metrics import Metric

UNPUBLISHED = ("未通过", "不通过", "草稿", "审核中", "待审", "驳回", "拒绝", "违规", "下架", "失败", "删除",
               "draft", "reject", "pending", "reviewing", "failed", "deleted")


class NotAFigure(KpiError):
    zh = "“{metric}”是作品属性，不汇总成一个数"
    en = "'{metric}' is a property of each work and no figure"


class NoOpening(KpiError):
    code = "#N/A"
    zh = "“{metric}”缺期初值：{eve} 没有“{stock}”，{day} 当天也没有可用来推算的净变动"
    en = "'{metric}' lacks the opening value: no '{stock_en}' on {eve}, and no net change on {day} to work it out from"


class NoDayBefore(KpiError):
    code = "#N/A"
    zh = "“{metric}”要与前一天比较，{day} 没有数据"
    en = "'{metric}' compares with the day before, and there are no data on {day}"


class GroupNotChosen(KpiError):
    zh = "“{metric}”是某一组的占比，请在筛选中选定一个{column}（不要选合计），例如：{column} {example}"
    en = "'{metric}' is the share of one group; choose a {column_en} with the filters (not a total), e.g. {example}"


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


def _opening(data: Rows, metric: Metric, rows: list[int]) -> float:
    """The stock on the eve of the period: its own row, else the first day's value less its net change."""
    from xlkpi.metrics import load

    stock = data.formula(metric, metric.denominator)
    days = data.days(metric, data.ever())
    first = data.first or min(days[row] for row in rows)
    eve = first - timedelta(days=1)
    before = _of_day(metric, days, eve)
    if before is not None and (value := data.value(before, stock)) is not None:
        return value
    net = load().metrics["net_followers"].numerator if stock.text == "fans_total" else metric.numerator
    on_first = _of_day(metric, days, first)
    for formula in net:
        if on_first is not None and all(name in data.places for name in formula.names):
            closing, change = data.value(on_first, stock), data.value(on_first, formula)
            if closing is not None and change is not None:
                return closing - change
    column = data.columns[stock.names[0]]
    raise NoOpening(metric=metric.zh, eve=eve, day=first, stock=column.zh, stock_en=column.en)


def _of_day(metric: Metric, days: dict[int, date], day: date) -> int | None:
    """The one row of a day."""
    rows = [row for row, its in days.items() if its == day]
    if len(rows) > 1:
        raise SeveralOnLastDay(metric=metric.zh, day=day, rows=len(rows))
    return rows[0] if rows else None


def _ratio_opening(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    top = _sum(data, metric, rows)
    if top is None:
        return None
    opening = _opening(data, metric, rows)
    if opening == 0:
        raise ZeroOpening
    return top / opening


def _compound(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    from xlkpi.functions.periods import KPI_CAGR  # that family registers itself after this one

    closing = _last(data, metric, rows)
    if closing is None:
        return None
    opening = _opening(data, metric, rows)
    days = data.days(metric, rows).values()
    first, last = data.first or min(days), data.last or max(days)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return KPI_CAGR(closing, opening, months)


def _change(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    """The last day of the period against the day before it."""
    if not rows:
        return None
    formula = data.formula(metric, metric.numerator)
    days = data.days(metric, data.ever())
    today = max(days[row] for row in rows)
    values = []
    for day in (today, today - timedelta(days=1)):
        row = _of_day(metric, days, day)
        if row is None or (value := data.value(row, formula)) is None:
            raise NoDayBefore(metric=metric.zh, day=day)
        values.append(value)
    if values[1] == 0:
        raise ZeroOpening
    return (values[0] - values[1]) / abs(values[1])


def _share(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    """The chosen group's sum ÷ the sum of all groups."""
    split = metric.split
    assert split is not None
    if split not in data.filters or any(data.is_total(row, split) for row in rows):
        column = data.columns[split]
        groups = [text for row in range(len(data.body)) if split in data.places and not data.is_total(row, split)
                  and (text := data.text(row, split))]
        raise GroupNotChosen(metric=metric.zh, column=column.zh, column_en=column.en, example=(groups or ["–"])[0])
    known = _known(data, metric, rows)
    if not known:
        return None
    whole = data.within(metric, data.ever(without=split))
    return _divide(metric, fsum(value for _, value in known), fsum(value for _, value in _known(data, metric, whole)))


def _of_metrics(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    """A metric made of other metrics' values over the same rows."""
    from xlkpi.metrics import load

    values: dict[str, float] = {}
    lacking: list[ColumnsNotFound] = []
    for name in metric.numerator[0].names:
        try:
            value = actual(data, load().metrics[name], rows)
        except ColumnsNotFound as error:
            lacking.append(error)
        else:
            if value is not None:
                values[name] = value
    whole = metric.aggregation.code == "computed"
    if lacking and (whole or not values):
        raise lacking[0]
    if not values or (whole and len(values) < len(metric.numerator[0].names)):
        return None
    if whole:
        return fsum(part.value(values.__getitem__) for part in metric.numerator[0].parts)
    return fsum(values.values()) / len(values)


def actual(data: Rows, metric: Metric, rows: list[int]) -> float | None:
    """The metric's value over rows of the table; None where nothing is known."""
    way = WAYS.get(metric.aggregation.code)
    if way is None:
        raise NotAFigure(metric=metric.zh)
    return way(data, metric, rows)


WAYS: dict[str, Callable[[Rows, Metric, list[int]], float | None]] = {
    "sum": _sum, "count": _count, "last": _last, "ratio": _ratio, "weighted": _ratio, "growth": _ratio,
    "ratio_mean_base": _mean_base, "cohort": _cohort, "mean": _mean, "mean_ratio": _mean_ratio, "median": _median,
    "unique": _unique, "ratio_opening": _ratio_opening, "compound": _compound, "change": _change, "share": _share,
    "computed": _of_metrics, "mean_of": _of_metrics,
}
