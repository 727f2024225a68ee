"""Where a flow or a stock will end, with a range, from its own past days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from xlkpi.cells import as_date
from xlkpi.errors import KpiError
from xlkpi.functions.completion import day
from xlkpi.functions.figures import mean, middle, same_size
from xlkpi.registry import kpi_function
from xlkpi.terms import Dates, End, FlowStart, Forecast, ForecastKind, ForecastLevel, Language, Values

WINDOW, LEAST_DAYS, DRAWS, SEED = 28, 14, 1000, 20000000
DAMPING = 0.95  # each further day keeps this share of the day before's trend
FARTHEST = 1100
METHODS = {"seasonal": ("星期均值", "weekday means"), "damped": ("阻尼趋势", "damped trend"),
           "rate": ("日均推算（数据不足14天）", "plain daily rate (under 14 days of data)"),
           "done": ("已结束", "finished")}


class LevelOutOfRange(KpiError):
    code = "#NUM!"
    zh = "区间概率 {level:g} 应在 0 与 1 之间，如 80%"
    en = "the level {level:g} must lie between 0 and 1, such as 80%"


class TooFar(KpiError):
    code = "#NUM!"
    zh = "预测到 {end} 还有 {days} 天，最多 {most} 天"
    en = "{end} is {days} days away; at most {most} can be forecast"


class DoubledDay(KpiError):
    zh = "存量指标在 {day} 有多个数值，每天只能有一个"
    en = "a stock has several values on {day}; there can be one a day"


@kpi_function()
def KPI_FORECAST(dates: Dates, values: Values, end: End, kind: ForecastKind = "flow", level: ForecastLevel = 0.8,
                 start: FlowStart = None, lang: Language = "zh") -> Forecast:
    """Forecast to the end: P10, P50, P90 and the method, from the metric's own days; the same every time.

    预测期末值：由指标自身的历史给出 P10、P50、P90 与所用方法；同样的数据得到同样的结果。

    flow: what is done since the start, plus for each day left the mean of its weekday over the last 28 days; the
    range comes from 1,000 random draws (fixed seed) of what the days differed from their mean. stock: the last value
    plus the median daily change of the last 28 days, damped by 5% a day. Under 14 days with data: plain daily rate,
    without a range. Blank days are missing, not 0, and are not filled in. P50 is the expectation, without chance.

    flow 流量：开始日以来的合计，加上剩余各天按最近 28 天同一星期几的均值；区间由残差随机抽样 1000 次得到（固定种子）。
    stock 存量：最后一个值加上最近 28 天日变化的中位数，每天衰减 5%。有数据的天数不足 14 天时按日均推算，不给区间。
    空白的日子是缺数，不补；P50 是期望值，与抽样无关。

    Errors: LevelOutOfRange, TooFar #NUM!, MissingDate #N/A, DoubledDay, SizeMismatch #VALUE!.

    Source: catalogue section 3.3 (forecast).

    >>> KPI_FORECAST(["2026-04-01", "2026-04-02", "2026-04-03"], [10, 20, 30], "2026-04-05")
    [[None, 100.0, None, '日均推算（数据不足14天）']]
    >>> KPI_FORECAST(["2026-04-01", "2026-04-03"], [100, 110], "2026-04-05", "stock", 0.8, None, "en")
    [[None, 120.0, None, 'plain daily rate (under 14 days of data)']]
    >>> KPI_FORECAST(["2026-04-01", "2026-04-02"], [10, 20], "2026-04-02", "flow", 0.8, None, "en")
    [[30.0, 30.0, 30.0, 'finished']]
    >>> KPI_FORECAST(["2026-04-01"], [None], "2026-04-05")
    """
    same_size(dates=dates, values=values)
    last_day = day(end, "结束日期", "end")
    if not 0 < level < 1:
        raise LevelOutOfRange(level=level)
    days = _by_day(dates, values, last_day, kind)
    first_day = as_date(start) or (min(days) if days else None)
    if not days or first_day is None:
        return None
    today = max(days)
    left = (last_day - today).days
    if left > FARTHEST:
        raise TooFar(end=last_day, days=left, most=FARTHEST)
    done = sum(value for when, value in days.items() if when >= first_day) if kind == "flow" else days[today]
    window = {when: value for when, value in days.items() if (today - when).days < WINDOW}
    column = 0 if lang == "zh" else 1
    if left <= 0:
        return [[done, done, done, METHODS["done"][column]]]
    if len(window) < LEAST_DAYS:
        middle = done + _daily_rate(window, kind) * left
        return [[None, middle, None, METHODS["rate"][column]]]
    method, middle, residuals = _seasonal(window, today, left) if kind == "flow" else _damped(window, left)
    lowest = 0.0 if min(window.values()) >= 0 else None
    low, high = _range(residuals, left, level)
    ends = [done + middle + low, done + middle, done + middle + high]
    if lowest is not None:  # a count cannot fall below what it is, nor a stock of people below 0
        ends = [max(value, done if kind == "flow" else lowest) for value in ends]
    return [[*ends, METHODS[method][column]]]


def _by_day(dates: Sequence[object], values: Sequence[float | None], end: date, kind: str) -> dict[date, float]:
    """The known values by day up to the end; several rows of one day add up in a flow."""
    days: dict[date, float] = {}
    for cell, value in zip(dates, values, strict=True):
        when = as_date(cell)  # type: ignore[arg-type]
        if when is None or value is None or when > end:
            continue
        if kind == "stock" and when in days:
            raise DoubledDay(day=when)
        days[when] = days.get(when, 0.0) + value
    return days


def _daily_rate(days: dict[date, float], kind: str) -> float:
    if kind == "flow":
        return mean(days.values())
    first, last = min(days), max(days)
    return (days[last] - days[first]) / (last - first).days if last > first else 0.0


def _seasonal(days: dict[date, float], today: date, left: int) -> tuple[str, float, list[float]]:
    groups: dict[int, list[float]] = defaultdict(list)
    for when, value in days.items():
        groups[when.weekday()].append(value)
    whole = mean(days.values())
    means = {weekday: mean(found) for weekday, found in groups.items()}
    spare = len(days) / max(1, len(days) - len(groups))  # a mean of few days hides how much they differ
    residuals = [(value - means[when.weekday()]) * spare ** 0.5 for when, value in sorted(days.items())]
    coming = [(today + timedelta(days=ahead)).weekday() for ahead in range(1, left + 1)]
    return "seasonal", sum(means.get(weekday, whole) for weekday in coming), residuals


def _damped(days: dict[date, float], left: int) -> tuple[str, float, list[float]]:
    order = sorted(days)
    changes = [(days[later] - days[earlier]) / (later - earlier).days
               for earlier, later in pairwise(order)]
    trend = middle(changes)
    ahead = sum(DAMPING ** step for step in range(1, left + 1))
    return "damped", trend * ahead, [change - trend for change in changes]


def _range(residuals: list[float], left: int, level: float) -> tuple[float, float]:
    """The low and the high end of the sum of as many random residuals as days are left; never across 0."""
    from random import Random  # here: it takes a millisecond of every import

    chance = Random(SEED)
    sums = sorted(sum(chance.choices(residuals, k=left)) for _ in range(DRAWS))

    def quantile(share: float) -> float:
        place = share * (DRAWS - 1)
        below = int(place)
        above = min(below + 1, DRAWS - 1)
        return sums[below] + (sums[above] - sums[below]) * (place - below)

    return min(0.0, quantile((1 - level) / 2)), max(0.0, quantile((1 + level) / 2))
