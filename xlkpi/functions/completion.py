"""How far an actual value has come toward its target."""

from __future__ import annotations

from datetime import date

from xlkpi.cells import Scalar, as_date
from xlkpi.errors import KpiError
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Actual,
    AsOf,
    Baseline,
    Completion,
    CompletionMethod,
    Direction,
    End,
    Pace,
    Start,
    Target,
)


class MissingTarget(KpiError):
    code = "#N/A"
    zh = "没有目标值，请先填写目标"
    en = "there is no target; fill in the target first"


class ZeroTarget(KpiError):
    code = "#DIV/0!"
    zh = "目标为 0，无法计算完成率；请填写大于 0 的目标、给出基线，或改用扣分法、插值法"
    en = "the target is 0, so there is no completion; set a target above 0, give a baseline, or use deduct or interp"


class NegativeTarget(KpiError):
    code = "#NUM!"
    zh = "目标为负数（{target:g}），请给出基线（起点值）"
    en = "the target is negative ({target:g}); give a baseline to measure from"


class TargetIsBaseline(KpiError):
    code = "#DIV/0!"
    zh = "目标与基线相同（{target:g}），没有可衡量的进步空间"
    en = "the target equals the baseline ({target:g}), so there is nothing to measure"


class DirectionContradictsBaseline(KpiError):
    zh = "方向与基线矛盾：目标 {target:g} {side}基线 {baseline:g}，方向却写了 {direction}"
    en = "direction and baseline contradict: target {target:g}, baseline {baseline:g}, but direction {direction}"


class InverseNeedsDown(KpiError):
    zh = "反比（目标÷实际）只用于越低越好且没有基线的指标"
    en = "inverse (target ÷ actual) is only for lower-is-better metrics without a baseline"


class ZeroActual(KpiError):
    code = "#DIV/0!"
    zh = "实际值为 0，反比没有结果（KPI_SCORE 按封顶分计）"
    en = "the actual value is 0, so the inverse has no value (KPI_SCORE gives the cap)"


class NegativeActual(KpiError):
    code = "#NUM!"
    zh = "反比要求实际值大于 0，得到的是 {actual:g}"
    en = "the inverse needs an actual value above 0, not {actual:g}"


class PeriodEndsBeforeStart(KpiError):
    code = "#NUM!"
    zh = "结束日期 {end} 早于开始日期 {start}"
    en = "the period ends ({end}) before it starts ({start})"


class PeriodNotStarted(KpiError):
    code = "#N/A"
    zh = "截至 {asof}，周期还没有开始（{start}）"
    en = "by {asof} the period has not started ({start})"


class MissingDate(KpiError):
    code = "#N/A"
    zh = "缺少{zh}"
    en = "the {en} is missing"


def day(value: Scalar, zh: str, en: str) -> date:
    """A required day, or the error that names it."""
    found = as_date(value, en)
    if found is None:
        raise MissingDate(zh=zh, en=en)
    return found


def direction_of(target: float, direction: str | None, baseline: float | None) -> str:
    """``up`` or ``down``: the baseline decides where there is one, and must agree with what is said."""
    if baseline is None:
        return direction or "up"
    if target == baseline:
        raise TargetIsBaseline(target=target)
    found = "up" if target > baseline else "down"
    if direction not in (None, found):
        raise DirectionContradictsBaseline(target=target, baseline=baseline, direction=direction,
                                           side="高于" if found == "up" else "低于")
    return found


@kpi_function(excel='=IF({actual}="","",IF({baseline}<>"",({actual}-{baseline})/({target}-{baseline}),'
                    'IF({direction}="down",IF({method}="inverse",{target}/{actual},2-{actual}/{target}),'
                    '{actual}/{target})))')
def KPI_COMPLETION(actual: Actual, target: Target, direction: Direction = None, baseline: Baseline = None,
                   method: CompletionMethod = "linear") -> Completion:
    """Completion rate: how far the actual value has come toward its target.

    完成率：实际值达到目标的程度。

    Higher is better: actual ÷ target. Lower is better: 2 − actual ÷ target (10% over costs 10%), or
    target ÷ actual with method inverse. With a baseline: the way gone from the baseline to the target,
    in whichever direction the target lies. Not capped. A blank actual is missing and gives nothing. The
    method may be any of KPI_SCORE's; only inverse changes the completion.

    越高越好：实际÷目标。越低越好：2−实际÷目标（超出 10% 就少 10%），反比时为目标÷实际。给出基线时：
    （实际−基线）÷（目标−基线），方向由目标在基线的哪一侧决定。结果不封顶；实际值为空即缺数，结果为空。
    方法可以是 KPI_SCORE 的任一方法，只有反比会改变完成率。

    Errors: MissingTarget #N/A, ZeroTarget #DIV/0!, NegativeTarget #NUM! (give a baseline), TargetIsBaseline
    #DIV/0!, DirectionContradictsBaseline #VALUE!, ZeroActual #DIV/0! and NegativeActual #NUM! (inverse only).

    Source: 002_45a3b830b1dd71ae.txt L69; catalogue section 3.3.

    >>> KPI_COMPLETION(90, 100)
    0.9
    >>> KPI_COMPLETION(120, 100, "down")
    0.8
    >>> KPI_COMPLETION(125, 100, "down", None, "inverse")
    0.8
    >>> KPI_COMPLETION(125, 100, "down", None, "interp")
    0.75
    >>> KPI_COMPLETION(1500, 2000, None, 1000)
    0.5
    >>> KPI_COMPLETION(6, 4, "down", 8)
    0.5
    >>> KPI_COMPLETION(-20, 100)
    -0.2
    >>> KPI_COMPLETION(None, 100)
    >>> KPI_COMPLETION(90, 0)
    Traceback (most recent call last):
    xlkpi.functions.completion.ZeroTarget: ...
    >>> KPI_COMPLETION(90, None)
    Traceback (most recent call last):
    xlkpi.functions.completion.MissingTarget: ...
    """
    if target is None:
        raise MissingTarget
    direction = direction_of(target, direction, baseline)
    if method == "inverse" and (direction != "down" or baseline is not None):
        raise InverseNeedsDown
    if actual is None:
        return None
    if baseline is not None:
        return (actual - baseline) / (target - baseline)
    if target == 0:
        raise ZeroTarget
    if target < 0:
        raise NegativeTarget(target=target)
    if direction == "up":
        return actual / target
    if method != "inverse":
        return 2 - actual / target
    if actual == 0:
        raise ZeroActual
    if actual < 0:
        raise NegativeActual(actual=actual)
    return target / actual


@kpi_function(excel='=({actual}-N({baseline}))/({target}-N({baseline}))/((MIN(DATEVALUE({asof}),DATEVALUE({end}))'
                    '-DATEVALUE({start})+1)/(DATEVALUE({end})-DATEVALUE({start})+1))')
def KPI_PACE(actual: Actual, target: Target, start: Start, end: End, asof: AsOf,
             baseline: Baseline = None) -> Pace:
    """Pace: completion divided by the share of the period that has passed; 1 is exactly on schedule.

    进度：完成率÷已过去的时间比例，1 表示正好跟上计划。

    Days count whole, the first and the last included; after the end the whole period has passed. For a
    stock such as total fans give the baseline, the value on the eve of the period.

    天数首尾都算；截至日晚于结束日时按整个周期计。存量指标（如粉丝总数）请给出基线，即周期开始前的数值。

    Errors: as KPI_COMPLETION; MissingDate #N/A, PeriodEndsBeforeStart #NUM!, PeriodNotStarted #N/A.

    Source: catalogue section 3.3.

    >>> KPI_PACE(45, 90, "2026-04-01", "2026-04-30", "2026-04-15")
    1.0
    >>> KPI_PACE(1200, 2000, "2026-04-01", "2026-04-10", "2026-04-04", 1000)
    0.5
    >>> KPI_PACE(90, 90, "2026-04-01", "2026-04-30", "2026-05-20")
    1.0
    >>> KPI_PACE(1, 90, "2026-04-01", "2026-04-30", "2026-03-31")
    Traceback (most recent call last):
    xlkpi.functions.completion.PeriodNotStarted: ...
    """
    first, last, today = (day(start, "开始日期", "start"), day(end, "结束日期", "end"),
                          day(asof, "截至日期", "as-of date"))
    if last < first:
        raise PeriodEndsBeforeStart(start=first, end=last)
    if today < first:
        raise PeriodNotStarted(asof=today, start=first)
    completion = KPI_COMPLETION(actual, target, None, baseline)
    if completion is None:
        return None
    elapsed = ((min(today, last) - first).days + 1) / ((last - first).days + 1)
    return completion / elapsed
