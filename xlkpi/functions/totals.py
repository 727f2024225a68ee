"""Weights and weighted totals."""

from __future__ import annotations

from collections.abc import Sequence

from xlkpi.errors import KpiError
from xlkpi.functions.figures import percent, same_size, say
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Bonus,
    Coverage,
    Language,
    MissingMode,
    Scores,
    Shares,
    Text,
    Total,
    WeightMode,
    Weights,
)

LOWEST_TOTAL, HIGHEST_TOTAL = 0.0, 120.0


class WeightsDoNotAddUp(KpiError):
    zh = "权重合计为 {total}，应为 100%（严格模式）；请补足权重，或改用相对模式"
    en = "the weights add up to {total}, not 100% (strict mode); complete them or use relative mode"


class NegativeWeight(KpiError):
    code = "#NUM!"
    zh = "第 {row} 行的权重为负数：{weight:g}"
    en = "the weight in row {row} is negative: {weight:g}"


class MissingWeight(KpiError):
    zh = "第 {row} 行有得分但没有权重；不计入总分请写 0"
    en = "row {row} has a score but no weight; write 0 if it shall not count"


class NoWeights(KpiError):
    code = "#DIV/0!"
    zh = "没有大于 0 的权重"
    en = "there is no weight above 0"


class MissingScore(KpiError):
    code = "#N/A"
    zh = "第 {row} 行没有得分"
    en = "row {row} has no score"


def checked(weights: Sequence[float | None], mode: str = "strict") -> list[float | None]:
    """The weights, refused when one is negative, none is above 0 or (strict) the sum is off."""
    for row, weight in enumerate(weights, 1):
        if weight is not None and weight < 0:
            raise NegativeWeight(row=row, weight=weight)
    total = sum(weight or 0 for weight in weights)
    if total <= 0:
        raise NoWeights
    if mode == "strict" and not adds_up(total):
        raise WeightsDoNotAddUp(total=percent(as_fraction(total)))
    return list(weights)


def adds_up(total: float) -> bool:
    """Whether a sum of weights is 100 (± 0.01) or, written as fractions, 1 (± 0.0001)."""
    return abs(total - 100) <= 0.01 + 1e-9 or abs(total - 1) <= 0.0001 + 1e-12


def as_fraction(total: float) -> float:
    """A sum of weights as a fraction: weights are fractions when they add up to less than 2."""
    return total if total < 2 else total / 100


ADDS_UP = "OR(ROUND(ABS(SUM({weights})-100),9)<=0.01,ROUND(ABS(SUM({weights})-1),9)<=0.0001)"
COUNTED = '((({missing}="zero")+ISNUMBER({scores}))>0)*1'


@kpi_function(excel=f'=IF(AND({{weight_mode}}="strict",NOT({ADDS_UP})),NA(),'
                    f'MAX(0,MIN(120,SUMPRODUCT({COUNTED},{{scores}},{{weights}})/SUMPRODUCT({COUNTED},{{weights}})'
                    '+N({bonus}))))')
def KPI_TOTAL(scores: Scores, weights: Weights, missing: MissingMode = "exclude", weight_mode: WeightMode = "strict",
              bonus: Bonus = None) -> Total:
    """Weighted total of the rows' scores, between 0 and 120.

    加权总分：各行得分按权重合计，范围 0–120。

    A row without a score is missing: by default its weight goes to the rows that have data (look at
    KPI_COVERAGE beside it); zero counts it as 0, error refuses. Weights may be percentages or fractions;
    strict mode wants them to add up to 100%, relative mode takes shares of their sum. A row of weight 0
    is for information. Bonus points (negative: deductions) are added at the end.

    没有得分的行视为缺数：默认把它的权重分给有数据的行（请同时看 KPI_COVERAGE）；zero 记 0 分，error 报错。
    权重可写百分数或小数；严格模式要求合计 100%，相对模式按占合计的比例。权重 0 的行只展示不计分。
    加减分最后加上。

    Errors: WeightsDoNotAddUp, MissingWeight, SizeMismatch #VALUE!, NegativeWeight #NUM!, NoWeights #DIV/0!,
    MissingScore #N/A (missing = error).

    Source: catalogue section 3.3; frappe/hrms #2023 (an absent part counted as 0).

    >>> KPI_TOTAL([90, 100, 80], [50, 30, 20])
    91.0
    >>> KPI_TOTAL([90, None, 60], [0.5, 0.25, 0.25])
    80.0
    >>> KPI_TOTAL([90, None, 80], [50, 30, 20], "zero")
    61.0
    >>> KPI_TOTAL([90, 80], [40, 30], "exclude", "relative")
    85.71428571428571
    >>> KPI_TOTAL([118, 120], [50, 50], "exclude", "strict", 5)
    120.0
    >>> KPI_TOTAL([None, None], [50, 50])
    >>> KPI_TOTAL([90, 80], [40, 30])
    Traceback (most recent call last):
    xlkpi.functions.totals.WeightsDoNotAddUp: ...
    """
    same_size(scores=scores, weights=weights)
    whole = checked(weights, weight_mode)
    rows = []
    for row, (score, weight) in enumerate(zip(scores, whole, strict=True), 1):
        if weight is None:
            if score is not None:
                raise MissingWeight(row=row)
        elif score is not None:
            rows.append((score, weight))
        elif missing == "zero":
            rows.append((0.0, weight))
        elif missing == "error" and weight > 0:
            raise MissingScore(row=row)
    total = sum(weight for _, weight in rows)
    if total <= 0:
        return None
    points = sum(score * weight for score, weight in rows) / total + (bonus or 0)
    return min(max(points, LOWEST_TOTAL), HIGHEST_TOTAL)


@kpi_function(excel=f'=IF(AND({{weight_mode}}="strict",NOT({ADDS_UP})),NA(),'
                    'IF(ISNUMBER({weights}),{weights}/SUM({weights}),""))')
def KPI_WEIGHTS(weights: Weights, weight_mode: WeightMode = "strict") -> Shares:
    """Weights as fractions that add up to 1, one a row.

    权重归一：各行权重占合计的比例，结果合计为 1。

    Errors: as KPI_TOTAL for weights.

    Source: 001_d53c56de97b7aafb.txt L75–77; catalogue section 1.3.

    >>> KPI_WEIGHTS([50, 30, 20])
    [0.5, 0.3, 0.2]
    >>> KPI_WEIGHTS([40, 30, 10], "relative")
    [0.5, 0.375, 0.125]
    >>> KPI_WEIGHTS([40, 30])
    Traceback (most recent call last):
    xlkpi.functions.totals.WeightsDoNotAddUp: ...
    """
    whole = checked(weights, weight_mode)
    total = sum(weight or 0 for weight in whole)
    return [None if weight is None else weight / total for weight in whole]  # type: ignore[misc]


SAID = "ROUND(IF(SUM({weights})<2,100,1)*SUM({weights}),2)"
OFF = f"ROUND(ABS({SAID}-100),2)"


@kpi_function(excel='=IF(SUM({weights})=0,IF({lang}="en","no weights","没有权重"),'
                    f'IF({ADDS_UP},IF({{lang}}="en","weights add up to 100%","权重合计 100%"),'
                    f'IF({{lang}}="en","weights add up to "&{SAID}&"%, "&{OFF}&IF({SAID}<100,"% missing","% too much"),'
                    f'"权重合计 "&{SAID}&"%，"&IF({SAID}<100,"还差 ","超出 ")&{OFF}&"%")))')
def KPI_WEIGHT_CHECK(weights: Weights, lang: Language = "zh") -> Text:
    """Say whether the weights add up to 100%, and what is missing or too much.

    权重检查：说明权重合计是否为 100%，差多少或多多少。

    Errors: NegativeWeight #NUM!. Blank rows are skipped.

    Source: catalogue section 1.3; frappe/hrms #1976 (sums over 100 accepted).

    >>> KPI_WEIGHT_CHECK([50, 30, 20])
    '权重合计 100%'
    >>> KPI_WEIGHT_CHECK([40, 30])
    '权重合计 70%，还差 30%'
    >>> KPI_WEIGHT_CHECK([0.6, 0.5], "en")
    'weights add up to 110%, 10% too much'
    >>> KPI_WEIGHT_CHECK([None, None])
    '没有权重'
    """
    try:
        total = sum(weight or 0 for weight in checked(weights, "relative"))
    except NoWeights:
        return "没有权重" if lang == "zh" else "no weights"
    fraction = as_fraction(total)
    zh, en = f"权重合计 {say(fraction, '%')}", f"weights add up to {say(fraction, '%')}"
    if adds_up(total):
        zh, en = "权重合计 100%", "weights add up to 100%"
    elif fraction < 1:
        zh, en = f"{zh}，还差 {say(1 - fraction, '%')}", f"{en}, {say(1 - fraction, '%')} missing"
    else:
        zh, en = f"{zh}，超出 {say(fraction - 1, '%')}", f"{en}, {say(fraction - 1, '%')} too much"
    return zh if lang == "zh" else en


@kpi_function(excel="=SUMPRODUCT(--ISNUMBER({scores}),{weights})/SUM({weights})")
def KPI_COVERAGE(scores: Scores, weights: Weights) -> Coverage:
    """Coverage: the share of the weight whose rows have a score. Under 60% a total is not to be relied on.

    数据覆盖率：有得分的行所占的权重。低于 60% 时总分数据不足。

    Errors: SizeMismatch #VALUE!, NegativeWeight #NUM!, NoWeights #DIV/0!.

    Source: catalogue section 3.3.

    >>> KPI_COVERAGE([90, None, 80], [50, 30, 20])
    0.7
    >>> KPI_COVERAGE([None, None], [50, 50])
    0.0
    """
    same_size(scores=scores, weights=weights)
    whole = checked(weights, "relative")
    total = sum(weight or 0 for weight in whole)
    return sum(weight or 0 for score, weight in zip(scores, whole, strict=True) if score is not None) / total
