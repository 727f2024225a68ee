"""Flows and stocks of a period, and one period against another. The day is the smallest unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from xlkpi.cells import Scalar, as_date
from xlkpi.errors import KpiError
from xlkpi.functions.completion import MissingTarget, PeriodEndsBeforeStart, day
from xlkpi.functions.figures import same_size
from xlkpi.functions.rates import ZeroOpening
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Actual,
    AsOf,
    Closing,
    Dates,
    End,
    Figure,
    Opening,
    Periods,
    PeriodUnit,
    Ratio,
    RequiredMethod,
    Start,
    Target,
    Values,
)


class OpeningNotPositive(KpiError):
    code = "#NUM!"
    zh = "期初值 {opening:g} 不大于 0，没有复合增长率"
    en = "the opening value {opening:g} is not above 0, so there is no compound rate"


class NegativeClosing(KpiError):
    code = "#NUM!"
    zh = "期末值 {closing:g} 为负数，没有复合增长率"
    en = "the closing value {closing:g} is negative, so there is no compound rate"


class PeriodsNotPositive(KpiError):
    code = "#NUM!"
    zh = "期数应大于 0，得到的是 {periods}"
    en = "the number of periods must be above 0, not {periods}"


class LastDayTwice(KpiError):
    zh = "{day} 有 {rows} 个值，存量每天只能有一个；请只选一个账号或渠道的行"
    en = "{day} has {rows} values, a stock has one a day; give the rows of one account or channel"


class NoDaysLeft(KpiError):
    code = "#NUM!"
    zh = "截至 {asof} 已没有剩余天数（结束于 {end}）"
    en = "no days are left on {asof} (the end is {end})"


INSIDE = "({dates}+0>=%s)*({dates}+0<=%s)*ISNUMBER({values})"
PERIOD = INSIDE % ("{start}+0", "{end}+0")
LATEST = f"({PERIOD})*({{dates}}+0=SUMPRODUCT(MAX({PERIOD}*({{dates}}+0))))"


def rows_between(dates: Sequence[Scalar], values: Sequence[float | None], start: date, end: date
                 ) -> list[tuple[date, float]]:
    """The known values of the days from ``start`` to ``end``, both included, in the order of the rows."""
    same_size(dates=dates, values=values)
    found = []
    for when, value in zip(dates, values, strict=True):
        that = as_date(when)
        if that is not None and value is not None and start <= that <= end:
            found.append((that, value))
    return found


def _span(start: Scalar, end: Scalar) -> tuple[date, date]:
    first, last = day(start, "开始日期", "start"), day(end, "结束日期", "end")
    if last < first:
        raise PeriodEndsBeforeStart(start=first, end=last)
    return first, last


@kpi_function(excel=f'=IF(SUMPRODUCT({PERIOD})=0,"",SUMPRODUCT({PERIOD},{{values}}))')
def KPI_PERIOD_SUM(dates: Dates, values: Values, start: Start, end: End) -> Figure:
    """Sum of a daily flow over a period, both ends included; missing if no day of it has a value.

    期间合计：流量指标在周期内（首尾都含）的合计；一天数据都没有则为缺数。

    Errors: MissingDate #N/A, PeriodEndsBeforeStart #NUM!, SizeMismatch #VALUE!. Unique people (人数) do not add up
    over days: use the period export instead.

    Source: catalogue section 1.7.

    >>> KPI_PERIOD_SUM(["2026-04-01", "2026-04-02", "2026-05-01"], [10, 5, 7], "2026-04-01", "2026-04-30")
    15.0
    >>> KPI_PERIOD_SUM(["2026-04-01", "2026-04-02"], [10, None], "2026-04-01", "2026-04-30")
    10.0
    >>> KPI_PERIOD_SUM(["2026-04-01"], [10], "2026-05-01", "2026-05-31")
    """
    rows = rows_between(dates, values, *_span(start, end))
    return float(sum(value for _, value in rows)) if rows else None


@kpi_function(excel=f'=IF(SUMPRODUCT({PERIOD})=0,"",IF(SUMPRODUCT({LATEST})>1,NA(),SUMPRODUCT({LATEST},{{values}})))')
def KPI_PERIOD_LAST(dates: Dates, values: Values, start: Start, end: End) -> Figure:
    """Last known value of a stock (such as total fans) inside a period; missing if there is none.

    期末值：存量指标（如粉丝总数）在周期内最后一个有数据的值；没有则为缺数。

    Errors: MissingDate #N/A, PeriodEndsBeforeStart #NUM!, SizeMismatch, LastDayTwice #VALUE!.

    Source: catalogue section 1.7.

    >>> KPI_PERIOD_LAST(["2026-04-02", "2026-04-01", "2026-04-03"], [120, 100, None], "2026-04-01", "2026-04-30")
    120.0
    >>> KPI_PERIOD_LAST(["2026-04-02"], [120], "2026-05-01", "2026-05-31")
    >>> KPI_PERIOD_LAST(["2026-04-02", "2026-04-02"], [120, 80], "2026-04-01", "2026-04-30")
    Traceback (most recent call last):
    xlkpi.functions.periods.LastDayTwice: ...
    """
    rows = rows_between(dates, values, *_span(start, end))
    if not rows:
        return None
    last = max(that for that, _ in rows)
    values_there = [value for that, value in rows if that == last]
    if len(values_there) > 1:
        raise LastDayTwice(day=last, rows=len(values_there))
    return float(values_there[0])


@kpi_function(excel='=IF(OR({closing}="",{opening}=""),"",({closing}/{opening})^(1/{periods})-1)')
def KPI_CAGR(closing: Closing, opening: Opening, periods: Periods) -> Ratio:
    """Compound growth rate a period: (closing ÷ opening)^(1 ÷ periods) − 1.

    复合增长率：（期末÷期初）^（1÷期数）−1。

    Errors: OpeningNotPositive, NegativeClosing, PeriodsNotPositive #NUM!.

    Source: 001_d53c56de97b7aafb.txt L24.

    >>> KPI_CAGR(144, 100, 2)
    0.19999999999999996
    >>> KPI_CAGR(0, 100, 2)
    -1.0
    >>> KPI_CAGR(None, 100, 2)
    >>> KPI_CAGR(144, 0, 2)
    Traceback (most recent call last):
    xlkpi.functions.periods.OpeningNotPositive: ...
    """
    if closing is None or opening is None:
        return None
    if periods is None or periods <= 0:
        raise PeriodsNotPositive(periods=periods)
    if opening <= 0:
        raise OpeningNotPositive(opening=opening)
    if closing < 0:
        raise NegativeClosing(closing=closing)
    return float((closing / opening) ** (1 / periods) - 1)


def _first(of: date, unit: str) -> date:
    """First day of the unit that ``of`` lies in; weeks begin on Monday."""
    match unit:
        case "week":
            return of - timedelta(days=of.weekday())
        case "month":
            return of.replace(day=1)
        case "quarter":
            return of.replace(month=(of.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return of.replace(month=1, day=1)
    return of


def _window(asof: date, unit: str, years_back: int = 0) -> tuple[date, date]:
    """The period to compare with: the one before (or years before), as many days into it as now."""
    first = _first(asof, unit)
    whole = _first(asof + timedelta(days=1), unit) != first
    if years_back:
        year = first.year - years_back
        earlier = _first(_same_day(first, year), unit) if unit in ("week", "day") else first.replace(year=year)
        longest = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[unit]
        following = _first(earlier + timedelta(days=longest), unit)
    else:
        earlier, following = _first(first - timedelta(days=1), unit), first
    last = following - timedelta(days=1)
    return earlier, last if whole else min(last, earlier + (asof - first))


def _same_day(that: date, year: int) -> date:
    return that.replace(year=year, day=28) if (that.month, that.day) == (2, 29) else that.replace(year=year)


def _last_known(dates: Dates, values: Values) -> date | None:
    """The last day that has a value."""
    return max((that for that, _ in rows_between(dates, values, date.min, date.max)), default=None)


def _compare(dates: Dates, values: Values, asof: AsOf, unit: str, years_back: int) -> float | None:
    today = as_date(asof) or _last_known(dates, values)
    if today is None:
        return None
    now = rows_between(dates, values, _first(today, unit), today)
    then = rows_between(dates, values, *_window(today, unit, years_back))
    if not now or not then:
        return None
    this, last = sum(value for _, value in now), sum(value for _, value in then)
    if last == 0:
        raise ZeroOpening
    return (this - last) / abs(last)


D, V = "{dates}+0", "{values}"
T = f'IF({{asof}}="",SUMPRODUCT(MAX(ISNUMBER({V})*({D}))),{{asof}}+0)'
MONTHS = 'IF({unit}="month",1,IF({unit}="quarter",3,12))'


def _number_of(day: str) -> str:
    """As a plain formula: the running number of the unit that a day lies in."""
    return (f'IF({{unit}}="day",{day},IF({{unit}}="week",INT(({day}-2)/7),'
            f'INT((YEAR({day})*12+MONTH({day})-1)/{MONTHS})))')


def _days_into(day: str) -> str:
    """As a plain formula: how many days of its unit lie before a day."""
    return (f'IF({{unit}}="day",0,IF({{unit}}="week",MOD({day}-2,7),'
            f'{day}-DATE(YEAR({day}),MONTH({day})-MOD(MONTH({day})-1,{MONTHS}),1)))')


def _compared(number: str) -> str:
    """As a plain formula: the unit to date against as many days of unit no. ``number``, at a unit's end all of it."""
    now = f"({_number_of(D)}={_number_of(T)})*({D}<={T})*ISNUMBER({V})"
    whole = f"({_number_of(f'({T}+1)')}<>{_number_of(T)})"
    then = f"({_number_of(D)}={number})*({whole}+({_days_into(D)}<={_days_into(T)})>0)*ISNUMBER({V})"
    return (f'=IF(SUMPRODUCT({now})*SUMPRODUCT({then})=0,"",'
            f"(SUMPRODUCT({now},{V})-SUMPRODUCT({then},{V}))/ABS(SUMPRODUCT({then},{V})))")


@kpi_function(excel=_compared(f"{_number_of(T)}-1"))
def KPI_POP(dates: Dates, values: Values, asof: AsOf = None, unit: PeriodUnit = "day") -> Ratio:
    """Period over period: the unit that ends on the as-of date against the unit before.

    环比：截至日所在周期与上一周期相比的增减幅度。

    In the middle of a week, month, quarter or year the same number of days is compared. Missing if either
    period has no data. Without an as-of date the last day that has a value counts, never today.

    周期未结束时按相同天数比较；任一周期没有数据则为缺数。不给截至日时取最后一个有数据的日期，绝不用当天。

    Errors: ZeroOpening #DIV/0!, SizeMismatch #VALUE!.

    Source: 001_d53c56de97b7aafb.txt L85; 003_006f93129254f804.txt L5.

    >>> KPI_POP(["2026-04-01", "2026-04-02"], [20, 25], "2026-04-02")
    0.25
    >>> KPI_POP(["2026-03-01", "2026-03-20", "2026-04-05"], [50, 500, 60], "2026-04-10", "month")
    0.2
    >>> KPI_POP(["2026-04-01", "2026-04-02", "2026-04-03"], [20, 25, None])
    0.25
    >>> KPI_POP(["2026-04-02"], [25], "2026-04-02")
    >>> KPI_POP(["2026-04-01", "2026-04-02"], [0, 25], "2026-04-02")
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroOpening: ...
    """
    return _compare(dates, values, asof, unit, 0)


@kpi_function(excel=_compared(f'IF({{unit}}="day",EDATE({T},-12),IF({{unit}}="week",INT((EDATE({T}-MOD({T}-2,7),-12)'
                              f'-2)/7),{_number_of(T)}-12/{MONTHS}))'))
def KPI_YOY(dates: Dates, values: Values, asof: AsOf = None, unit: PeriodUnit = "month") -> Ratio:
    """Year over year: the unit that ends on the as-of date against the same unit a year before.

    同比：截至日所在周期与上年同期相比的增减幅度。

    Errors: as KPI_POP.

    Source: catalogue section 6 no. 24.

    >>> KPI_YOY(["2025-04-10", "2025-04-25", "2026-04-10"], [80, 999, 100], "2026-04-20")
    0.25
    >>> KPI_YOY(["2026-04-10"], [100], "2026-04-20")
    """
    return _compare(dates, values, asof, unit, 1)


@kpi_function(excel='=IF({method}="compound",({target}/{actual})^(1/(DATEVALUE({end})-DATEVALUE({asof})))-1,'
                    'MAX(0,{target}-{actual})/(DATEVALUE({end})-DATEVALUE({asof})))')
def KPI_REQUIRED(actual: Actual, target: Target, asof: AsOf, end: End, method: RequiredMethod = "linear") -> Figure:
    """What is needed a day from tomorrow to the end: an amount, or a compound growth rate.

    每日所需：从次日到结束日，每天需要的量或复合增长率。

    Errors: MissingTarget, MissingDate #N/A, NoDaysLeft, OpeningNotPositive #NUM! (compound from 0).

    Source: 003_006f93129254f804.txt L5 (1,000 → 10,000 fans in a month needs 7.98% a day).

    >>> KPI_REQUIRED(60, 100, "2026-04-10", "2026-04-30")
    2.0
    >>> KPI_REQUIRED(1000, 10000, "2026-04-01", "2026-05-01", "compound")
    0.07977516232770965
    >>> KPI_REQUIRED(120, 100, "2026-04-10", "2026-04-30")
    0.0
    >>> KPI_REQUIRED(60, 100, "2026-04-30", "2026-04-30")
    Traceback (most recent call last):
    xlkpi.functions.periods.NoDaysLeft: ...
    """
    if target is None:
        raise MissingTarget
    today, last = day(asof, "截至日期", "as-of date"), day(end, "结束日期", "end")
    if actual is None:
        return None
    left = (last - today).days
    if left <= 0:
        raise NoDaysLeft(asof=today, end=last)
    if method == "linear":
        return max(0.0, target - actual) / left
    return KPI_CAGR(target, actual, left)
