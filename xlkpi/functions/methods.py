"""The scoring methods one by one, in the points that assessment forms use."""

from __future__ import annotations

from collections.abc import Sequence

from xlkpi.errors import KpiError
from xlkpi.functions.completion import MissingTarget
from xlkpi.functions.figures import same_size, settle
from xlkpi.functions.scoring import KPI_SCORE, NeedsStepAndPoints, NegativeEvents
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Actual,
    BandBounds,
    BandScores,
    Completion,
    EachPoints,
    Events,
    FullPoints,
    High,
    Interpolate,
    Low,
    MaxAdd,
    MaxDeduct,
    RangeTolerance,
    Score,
    StatusDirection,
    StepPoints,
    StepSize,
    Target,
)


class BandsNotInOrder(KpiError):
    zh = "分段下限须从低到高，不重复、不留空"
    en = "the lower bounds must rise, without doubles and blanks"


class BelowAllBands(KpiError):
    code = "#N/A"
    zh = "实际值 {actual:g} 低于最低一段的下限 {bound:g}；请给出更低的一段"
    en = "the actual value {actual:g} lies below the lowest bound {bound:g}; add a band for it"


class RangeTurned(KpiError):
    code = "#NUM!"
    zh = "下限 {low:g} 大于上限 {high:g}"
    en = "the low end {low:g} is above the high end {high:g}"


class ToleranceNotPositive(KpiError):
    code = "#NUM!"
    zh = "容差应大于 0"
    en = "the tolerance must be above 0"


class MissingRange(KpiError):
    code = "#N/A"
    zh = "缺少最佳区间的下限或上限"
    en = "the low or the high end of the best range is missing"


class NegativeLimit(KpiError):
    code = "#NUM!"
    zh = "“{name}”不能为负数：{value:g}"
    en = "'{name}' cannot be negative: {value:g}"


@kpi_function(excel='=IF({actual}="","",MAX(IF({max_deduct}="",-1E+300,-{max_deduct}),MIN(IF({max_add}="",1E+300,'
                    '{max_add}),{points}*TRUNC(ROUND(IF({direction}="down",-1,1)*({actual}-{target})/{step},9)))))')
def KPI_STEP(actual: Actual, target: Target, step: StepSize, points: StepPoints, max_add: MaxAdd = None,
             max_deduct: MaxDeduct = None, direction: StatusDirection = "up") -> Score:
    """Points added or deducted by steps: for each whole step better than the target plus, worse minus.

    层差法加减分：比目标每好一个步长加分，每差一个步长扣分，可设最高加分与最高扣分。

    "每高5%加1分，最高加8分；每低5%扣1分，最低扣8分" is KPI_STEP(actual, target, 0.05, 1, 8, 8).

    不足一步不计。

    Errors: MissingTarget #N/A, NeedsStepAndPoints #N/A, NegativeLimit #NUM!.

    Source: catalogue sections 3.1 and 4 (评分标准).

    >>> KPI_STEP(0.95, 0.8, 0.05, 1, 8, 8)
    3.0
    >>> KPI_STEP(0.2, 0.8, 0.05, 1, 8, 8)
    -8.0
    >>> KPI_STEP(84, 80, 5, 2)
    0.0
    >>> KPI_STEP(3, 5, 1, 2, None, None, "down")
    4.0
    >>> KPI_STEP(None, 80, 5, 2)
    """
    if target is None:
        raise MissingTarget
    if not step or step <= 0 or not points or points <= 0:
        raise NeedsStepAndPoints(method="层差法", what="步长和每步分值")
    for name, limit in (("max_add", max_add), ("max_deduct", max_deduct)):
        if limit is not None and limit < 0:
            raise NegativeLimit(name=name, value=limit)
    if actual is None:
        return None
    change = points * int(round((1 if direction == "up" else -1) * (actual - target) / step, 9))
    if max_add is not None:
        change = min(change, max_add)
    return float(change if max_deduct is None else max(change, -max_deduct))


BAND_OF = "MATCH({actual},{bounds})"


@kpi_function(excel=f'=IF({{actual}}="","",IF(AND({{interpolate}},{BAND_OF}<ROWS({{bounds}})),FORECAST({{actual}},'
                    f'INDEX({{scores}},{BAND_OF}):INDEX({{scores}},{BAND_OF}+1),'
                    f'INDEX({{bounds}},{BAND_OF}):INDEX({{bounds}},{BAND_OF}+1)),LOOKUP({{actual}},{{bounds}},{{scores}})))')
def KPI_BAND(actual: Actual, bounds: BandBounds, scores: BandScores, interpolate: Interpolate = False) -> Score:
    """Score of the band in which the actual value lies, or on the straight lines between the bounds.

    分段得分：实际值落在哪一段就得哪一段的分；插值时在各下限之间按直线计算。

    Above the last bound the last score holds. Below the first bound there is no score; write a first band
    that starts low enough (such as 0).

    高于最后一个下限得最后一段的分；低于第一个下限没有得分，请把第一段写得足够低（如 0）。

    Errors: BandsNotInOrder, SizeMismatch #VALUE!, BelowAllBands #N/A.

    Source: catalogue section 3.1 (band / step scoring).

    >>> KPI_BAND(85, [0, 60, 80, 90], [0, 20, 25, 30])
    25.0
    >>> KPI_BAND(90, [0, 60, 80, 90], [0, 20, 25, 30])
    30.0
    >>> KPI_BAND(70, [60, 80], [50, 100], True)
    75.0
    >>> KPI_BAND(85, [0, 60, 80, 90], [0, 60, 100, 120], True)
    110.0
    >>> KPI_BAND(None, [0, 60], [0, 20])
    >>> KPI_BAND(-1, [0, 60], [0, 20])
    Traceback (most recent call last):
    xlkpi.functions.methods.BelowAllBands: ...
    """
    same_size(bounds=bounds, scores=scores)
    points = _bands(bounds, scores)
    if actual is None:
        return None
    value = settle(actual)
    if value < points[0][0]:
        raise BelowAllBands(actual=actual, bound=points[0][0])
    place = max(index for index, (bound, _) in enumerate(points) if value >= bound)
    bound, score = points[place]
    if not interpolate or place == len(points) - 1:
        return float(score)
    above, better = points[place + 1]
    return score + (better - score) * (value - bound) / (above - bound)


def _bands(bounds: Sequence[float | None], scores: Sequence[float | None]) -> list[tuple[float, float]]:
    known = [(bound, score) for bound, score in zip(bounds, scores, strict=True)
             if bound is not None and score is not None]
    rising = sorted({bound for bound, _ in known})
    if len(known) != len(bounds) or not known or [bound for bound, _ in known] != rising:
        raise BandsNotInOrder
    return known


@kpi_function(excel='=IF({actual}="","",IF(IF({direction}="down",{actual}<={target},{actual}>={target}),1,0))')
def KPI_BINARY(actual: Actual, target: Target, direction: StatusDirection = "up") -> Completion:
    """1 if the target is reached, else 0.

    非此即彼：达到目标为 1，否则为 0。

    Errors: MissingTarget #N/A.

    Source: catalogue section 3.3.

    >>> KPI_BINARY(100, 100)
    1.0
    >>> KPI_BINARY(3, 2, "down")
    0.0
    >>> KPI_BINARY(None, 2)
    """
    score = KPI_SCORE(actual, target, direction, None, None, None, 1.0, "binary")
    return None if score is None else score / 100


@kpi_function(excel='=IF({actual}="","",MAX(0,1-MAX(0,{low}-{actual},{actual}-{high})/{tolerance}))')
def KPI_RANGE(actual: Actual, low: Low, high: High, tolerance: RangeTolerance) -> Completion:
    """Completion where the best lies inside a range: 1 inside, falling in a straight line to 0 at the tolerance.

    区间完成率：落在区间内为 1，离开区间后按直线下降，偏离达到容差时为 0。

    Errors: MissingRange #N/A, RangeTurned, ToleranceNotPositive #NUM!.

    Source: catalogue section 3.3 (direction range).

    >>> KPI_RANGE(0.02, -0.05, 0.05, 0.1)
    1.0
    >>> KPI_RANGE(15, 0, 10, 10)
    0.5
    >>> KPI_RANGE(-20, 0, 10, 10)
    0.0
    >>> KPI_RANGE(None, 0, 10, 10)
    """
    if low is None or high is None:
        raise MissingRange
    if low > high:
        raise RangeTurned(low=low, high=high)
    if not tolerance or tolerance <= 0:
        raise ToleranceNotPositive
    if actual is None:
        return None
    away = max(0.0, low - actual, actual - high)
    return max(0.0, 1 - away / tolerance)


@kpi_function(excel='=IF({count}="","",IF({count}<0,NA(),MAX(0,{base}-IF({max_deduct}="",'
                    '{points_each}*{count},MIN({max_deduct},{points_each}*{count})))))')
def KPI_DEDUCT(count: Events, points_each: EachPoints, max_deduct: MaxDeduct = None, base: FullPoints = 100) -> Score:
    """Points left after deductions: the full points minus points for each event, never below 0.

    扣分法：满分减去每次扣分×次数，可设最高扣分，扣完为止（不低于 0）。

    Errors: NegativeEvents, NegativeLimit #NUM!, NeedsStepAndPoints #N/A.

    Source: catalogue sections 3.3 and 4 (每出现1处扣Y, 上限Z / 扣完为止).

    >>> KPI_DEDUCT(3, 2, None, 20)
    14.0
    >>> KPI_DEDUCT(30, 2, 10, 20)
    10.0
    >>> KPI_DEDUCT(30, 2, None, 20)
    0.0
    >>> KPI_DEDUCT(None, 2)
    >>> KPI_DEDUCT(-1, 2)
    Traceback (most recent call last):
    xlkpi.functions.scoring.NegativeEvents: ...
    """
    if not points_each or points_each <= 0:
        raise NeedsStepAndPoints(method="扣分法", what="每次分值")
    for name, limit in (("max_deduct", max_deduct), ("base", base)):
        if limit is not None and limit < 0:
            raise NegativeLimit(name=name, value=limit)
    if count is None:
        return None
    if count < 0:
        raise NegativeEvents(actual=count)
    lost = points_each * count
    return float(max(0.0, base - (lost if max_deduct is None else min(lost, max_deduct))))
