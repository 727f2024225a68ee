"""The second conditions of stage goals: 保持稳定 (stays steady) and 保持增长趋势 (keeps growing)."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from xlkpi.errors import KpiError
from xlkpi.functions.completion import MissingTarget
from xlkpi.functions.figures import middle, settle
from xlkpi.registry import kpi_function
from xlkpi.terms import MaxVariation, Series, Slope, Target, Tolerance, TrendMethod, Verdict

LEAST_FOR_TREND, LEAST_FOR_STABLE = 3, 2


class TooFewPoints(KpiError):
    code = "#N/A"
    zh = "数据不足：只有 {count} 期有数据，至少需要 {least} 期"
    en = "insufficient data: {count} sub-periods have values, {least} are needed"


def _known(values: Sequence[float | None], least: int) -> list[tuple[int, float]]:
    points = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(points) < least:
        raise TooFewPoints(count=len(points), least=least)
    return points


REACHED = ("ROWS({values})+1-SUMPRODUCT(MAX(ISNUMBER({values})*({values}>={target})*"
           "(MAX(ROW({values}))-ROW({values})+1)))")
KEPT = f"INDEX({{values}},{REACHED}):INDEX({{values}},ROWS({{values}}))"


@kpi_function(excel='=IF(COUNT({values})<2,NA(),IF(SUMPRODUCT(ISNUMBER({values})*({values}>={target}))=0,FALSE,'
                    f"AND(MIN({KEPT})>={{target}}*(1-{{tolerance}}),STDEVP({KEPT})/ABS(AVERAGE({KEPT}))<={{cv_max}})))")
def KPI_STABLE(values: Series, target: Target, tolerance: Tolerance = 0.05, cv_max: MaxVariation = 0.1) -> Verdict:
    """Stays steady: once the target is reached, later values stay within the tolerance and vary little.

    保持稳定：首次达到目标后，各期都不低于目标的（1−容差），且变异系数不超过上限。

    FALSE too if the target is never reached. Blank sub-periods are skipped.

    从未达到目标为 FALSE；空白的子周期跳过。

    Errors: MissingTarget #N/A, TooFewPoints #N/A (fewer than 2 values).

    Source: 000_ec09662cfcd818f3.txt L41–49; catalogue section 1.8.

    >>> KPI_STABLE([0.6, 0.7, 0.72, 0.69], 0.7)
    True
    >>> KPI_STABLE([0.7, 0.72, 0.6], 0.7)
    False
    >>> KPI_STABLE([0.5, 0.6, 0.65], 0.7)
    False
    >>> KPI_STABLE([0.7], 0.7)
    Traceback (most recent call last):
    xlkpi.functions.steadiness.TooFewPoints: ...
    """
    if target is None:
        raise MissingTarget
    found = [value for _, value in _known(values, LEAST_FOR_STABLE)]
    reached = next((place for place, value in enumerate(found) if settle(value) >= target), None)
    if reached is None:
        return False
    kept = found[reached:]
    if any(settle(value) < settle(target * (1 - tolerance)) for value in kept):
        return False
    average = sum(kept) / len(kept)
    spread = sqrt(sum((value - average) ** 2 for value in kept) / len(kept))
    return average != 0 and settle(spread / abs(average)) <= cv_max


LATER = "TRANSPOSE(ROW({values}))-ROW({values})"


@kpi_function(excel='=IF(COUNT({values})<3,NA(),IF({method}="ols",SUMPRODUCT(SLOPE({values},ROW({values}))),'
                    "SUMPRODUCT(MEDIAN(IF("
                    f"({LATER}>0)*ISNUMBER({{values}})*TRANSPOSE(ISNUMBER({{values}})),"
                    f"(TRANSPOSE({{values}})-{{values}})/({LATER}))))))")
def KPI_TREND(values: Series, method: TrendMethod = "robust") -> Slope:
    """Trend: Theil–Sen slope, the median change a sub-period over all pairs; one odd value does not turn it.

    趋势：Theil–Sen 斜率，即任意两期之间每期变化量的中位数，个别异常值不会改变它；大于 0 为增长趋势。

    The method ols gives the least-squares slope instead, which odd values do pull.

    算法写 ols 时为最小二乘斜率，会受异常值影响。

    Errors: TooFewPoints #N/A (fewer than 3 values). Blank sub-periods are skipped but keep their place in time.

    Source: 000_ec09662cfcd818f3.txt L45–51; catalogue section 1.8.

    >>> KPI_TREND([10, 12, 14, 100, 18])
    2.0
    >>> KPI_TREND([10, None, 14, 16])
    2.0
    >>> KPI_TREND([10, 12, 14, 100, 18], "ols")
    10.4
    >>> KPI_TREND([10, 12])
    Traceback (most recent call last):
    xlkpi.functions.steadiness.TooFewPoints: ...
    """
    points = _known(values, LEAST_FOR_TREND)
    if method == "ols":
        means = [sum(column) / len(points) for column in zip(*points, strict=True)]
        above = sum((that - means[0]) * (value - means[1]) for that, value in points)
        return float(above / sum((that - means[0]) ** 2 for that, _ in points))
    return middle((later - earlier) / (that - this)
                  for index, (this, earlier) in enumerate(points) for that, later in points[index + 1:])
