"""Rates of WeChat promotion and of spending: Σ ÷ Σ over the rows in which both parts are known."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from xlkpi.errors import KpiError
from xlkpi.functions.figures import as_column, known, same_size
from xlkpi.functions.rates import NegativeCount, ZeroDenominator, ZeroOpening
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Bases,
    CancelledFollowers,
    ChurnBasis,
    Closing2,
    Cost,
    Counts,
    Factor,
    FanBands,
    Index,
    LoyaltyMode,
    LoyaltyTargets,
    Money,
    Opening,
    Ratio,
    Revenue,
    TargetBands,
)

SUM_RATIO = ("=SUMPRODUCT(--ISNUMBER({%(n)s}),--ISNUMBER({%(d)s}),{%(n)s})"
             "/SUMPRODUCT(--ISNUMBER({%(n)s}),--ISNUMBER({%(d)s}),{%(d)s})")


class FactorOutOfRange(KpiError):
    code = "#NUM!"
    zh = "“{name}”应为 0 到 1 之间的小数（80 分写 0.8 或 80%），得到的是 {value:g}"
    en = "'{name}' must be a fraction from 0 to 1 (write 80 points as 0.8 or 80%), not {value:g}"


class NeedsThreeTargets(KpiError):
    code = "#N/A"
    zh = "指数口径需要三个大于 0 的目标值"
    en = "the index needs three targets above 0"


class NeedsClosing(KpiError):
    code = "#N/A"
    zh = "平均口径需要期末粉丝数"
    en = "the average base needs the closing number of fans"


def ratio_of_sums(counts: Sequence[float | None] | float | None, bases: Sequence[float | None] | float | None,
                  counts_name: str, bases_name: str) -> float | None:
    """Σ counts ÷ Σ bases over the rows in which both are known; None without such a row."""
    tops, bottoms = as_column(counts), as_column(bases)
    same_size(**{counts_name: tops, bases_name: bottoms})
    rows = known(tops, bottoms)
    for row in rows:
        for name, value in zip((counts_name, bases_name), row, strict=True):
            if value < 0:
                raise NegativeCount(name=name, value=value)
    if not rows:
        return None
    base = sum(bottom for _, bottom in rows)
    if base == 0:
        raise ZeroDenominator
    return sum(top for top, _ in rows) / base


@kpi_function(excel='=IF({cancelled}="","",{cancelled}/IF({basis}="average",({opening}+N({closing}))/2,{opening}))')
def KPI_CHURN(cancelled: CancelledFollowers, opening: Opening, closing: Closing2 = None,
              basis: ChurnBasis = "opening") -> Ratio:
    """Churn rate: followers lost ÷ fans at the start, or ÷ the average of start and end.

    流失率：取关人数÷期初粉丝数，或÷期初期末平均粉丝数。

    On the opening base the rate can pass 100% after a campaign; compare on the average base then.

    大量拉新之后按期初口径可能超过 100%，此时请用平均口径比较。

    Errors: ZeroOpening #DIV/0!, NegativeCount #NUM!, NeedsClosing #N/A (average).

    Source: 001_d53c56de97b7aafb.txt L27; catalogue section 1.11 no. 6.

    >>> KPI_CHURN(50, 1000)
    0.05
    >>> KPI_CHURN(50, 1000, 1500, "average")
    0.04
    >>> KPI_CHURN(None, 1000)
    >>> KPI_CHURN(50, 0)
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroOpening: ...
    """
    if cancelled is None or opening is None:
        return None
    if basis == "average" and closing is None:
        raise NeedsClosing
    for name, value in (("cancelled", cancelled), ("opening", opening), ("closing", closing)):
        if value is not None and value < 0:
            raise NegativeCount(name=name, value=value)
    base = (opening + (closing or 0)) / 2 if basis == "average" else opening
    if base == 0:
        raise ZeroOpening
    return cancelled / base


class BandUnknown(KpiError):
    code = "#N/A"
    zh = "第 {band} 档只有一边有数；没有人请写 0，不知道就不能算"
    en = "band {band} has a figure on one side only; write 0 where there is nobody; an unknown share is no 0"


@kpi_function(excel="=IF(COUNT({fans})=0,\"\",SUMPRODUCT(({fans}/SUM({fans})<={target}/SUM({target}))*{fans}/SUM({fans})"
                    "+({fans}/SUM({fans})>{target}/SUM({target}))*{target}/SUM({target})))")
def KPI_FAN_PRECISION(fans: FanBands, target: TargetBands) -> Ratio:
    """Fan precision: how much of the audience is the wanted one, Σ min(share of fans, share of the target) over bands.

    粉丝精准度：粉丝分布与目标人群分布的重合程度，各档占比取较小者相加。

    Both sides may be people or shares; each is divided by its own sum. 1 is the same audience, 0 none of it. Take one
    attribute (gender, region, age, interest) at a time. A band blank on both sides is passed over.

    两边可以是人数也可以是占比，各自除以合计。1 为完全一致，0 为毫不相干。性别、地域、年龄、兴趣标签分别计算。
    两边都空的档不计。

    Errors: BandUnknown #N/A, ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L29–30; catalogue section 1.1 (fan_precision).

    >>> KPI_FAN_PRECISION([600, 400], [0.25, 0.75])
    0.65
    >>> KPI_FAN_PRECISION([30, 20, 50], [0.3, 0.2, 0.5])
    1.0
    >>> KPI_FAN_PRECISION([0, 100], [0, 0])
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroDenominator: ...
    """
    mine, wanted = as_column(fans), as_column(target)
    same_size(fans=mine, target=wanted)
    for band, (one, other) in enumerate(zip(mine, wanted, strict=True), start=1):
        if (one is None) != (other is None):
            raise BandUnknown(band=band)
    rows = known(mine, wanted)
    for one, other in rows:
        if one < 0 or other < 0:
            raise NegativeCount(name="fans" if one < 0 else "target", value=min(one, other))
    if not rows:
        return None
    sums = [fsum(side) for side in zip(*rows, strict=True)]
    if 0 in sums:
        raise ZeroDenominator
    return fsum(min(one / sums[0], other / sums[1]) for one, other in rows)


@kpi_function(excel=SUM_RATIO % {"n": "readers", "d": "fans"})
def KPI_READ_RATE(readers: Counts, fans: Bases) -> Ratio:
    """Read rate: readers of all channels ÷ total fans at the time of sending; may pass 100%.

    阅读率：全渠道阅读人数÷发送时粉丝总数，可超过 100%（外部传播）。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L35.

    >>> KPI_READ_RATE([300, 100], [1000, 1000])
    0.2
    >>> KPI_READ_RATE(300, 1000)
    0.3
    """
    return ratio_of_sums(readers, fans, "readers", "fans")


@kpi_function(excel=SUM_RATIO % {"n": "opens", "d": "delivered"})
def KPI_OPEN_RATE(opens: Counts, delivered: Bases) -> Ratio:
    """Open rate: opens in the official-account session ÷ people it was delivered to.

    打开率：公众号会话内打开次数÷送达人数。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L39; catalogue section 1.11 no. 1.

    >>> KPI_OPEN_RATE([50, 10], [1000, 500])
    0.04
    >>> KPI_OPEN_RATE([50, None], [1000, 500])
    0.05
    """
    return ratio_of_sums(opens, delivered, "opens", "delivered")


@kpi_function(excel=SUM_RATIO % {"n": "delivered", "d": "fans"})
def KPI_DELIVERY_RATE(delivered: Counts, fans: Bases) -> Ratio:
    """Delivery rate: people a message was delivered to ÷ total (or targeted) fans.

    到达率：送达人数÷粉丝总数（或目标粉丝数）。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 003_006f93129254f804.txt L5.

    >>> KPI_DELIVERY_RATE(980, 1000)
    0.98
    """
    return ratio_of_sums(delivered, fans, "delivered", "fans")


@kpi_function(excel=SUM_RATIO % {"n": "sharers", "d": "readers"})
def KPI_SHARE_RATE(sharers: Counts, readers: Bases) -> Ratio:
    """Share rate: people who shared ÷ people who read.

    分享率：分享人数÷阅读人数。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L40; 003_006f93129254f804.txt L5.

    >>> KPI_SHARE_RATE([20, 10], [400, 200])
    0.05
    """
    return ratio_of_sums(sharers, readers, "sharers", "readers")


@kpi_function(excel=SUM_RATIO % {"n": "actions", "d": "base"})
def KPI_CONVERSION(actions: Counts, base: Bases) -> Ratio:
    """Conversion rate: conversions (purchases, leads, registrations) ÷ reads or visits.

    转化率：转化行为数（购买、留资、注册等）÷阅读量或访问量。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L58–59.

    >>> KPI_CONVERSION([5, 3], [100, 300])
    0.02
    """
    return ratio_of_sums(actions, base, "actions", "base")


@kpi_function(excel=SUM_RATIO % {"n": "revenue", "d": "cost"} + "-1")
def KPI_ROI(revenue: Revenue, cost: Cost) -> Ratio:
    """Return on investment: (revenue − cost) ÷ cost; 0.25 is 25%, 0 is break even. Without cost no value.

    投资回报率：（收益−成本）÷成本；0.25 即 25%，0 为保本；没有成本就没有结果。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!.

    Source: 001_d53c56de97b7aafb.txt L65–68.

    >>> KPI_ROI([100, 50], [80, 40])
    0.25
    >>> KPI_ROI(50, 100)
    -0.5
    >>> KPI_ROI(50, 0)
    Traceback (most recent call last):
    xlkpi.functions.rates.ZeroDenominator: ...
    """
    earned, spent = as_column(revenue), as_column(cost)
    same_size(revenue=earned, cost=spent)
    rows = known(earned, spent)
    if not rows:
        return None
    base = sum(row[1] for row in rows)
    if base == 0:
        raise ZeroDenominator
    return (sum(row[0] for row in rows) - base) / base


@kpi_function(excel=SUM_RATIO % {"n": "cost", "d": "exposures"} + "*1000")
def KPI_CPM(cost: Cost, exposures: Bases) -> Money:
    """Cost per thousand exposures, in the currency of the cost.

    千次曝光成本：成本÷曝光量×1000，币种与成本相同。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L68–69.

    >>> KPI_CPM([30, 60], [1000, 2000])
    30.0
    """
    ratio = ratio_of_sums(cost, exposures, "cost", "exposures")
    return None if ratio is None else ratio * 1000


@kpi_function(excel=SUM_RATIO % {"n": "cost", "d": "clicks"})
def KPI_CPC(cost: Cost, clicks: Bases) -> Money:
    """Cost per click, in the currency of the cost.

    单次点击成本：成本÷点击量，币种与成本相同。

    Errors: ZeroDenominator #DIV/0!, SizeMismatch #VALUE!, NegativeCount #NUM!.

    Source: 001_d53c56de97b7aafb.txt L68, L96.

    >>> KPI_CPC([30, 60], [10, 35])
    2.0
    """
    return ratio_of_sums(cost, clicks, "cost", "clicks")


@kpi_function(excel='=IF(OR(N({content_value})>1,N({interaction})>1,N({feature})>1,N({content_value})<0,N({interaction})<0,'
                    'N({feature})<0),NA(),IF(COUNT({content_value},{interaction},{feature})<3,"",IF({mode}="raw",'
                    '{content_value}*{interaction}*{feature},'
                    '100*({content_value}*{interaction}*{feature}/PRODUCT({targets}))^(1/3))))')
def KPI_LOYALTY(content_value: Factor, interaction: Factor, feature: Factor, mode: LoyaltyMode = "raw",
                targets: LoyaltyTargets | None = None) -> Index:
    """User loyalty: content value × interaction rate × feature popularity, all as fractions.

    用户忠诚度：内容价值性×互动率×功能受欢迎度，三者都写成小数。

    raw is the product itself; index is 100 × the geometric mean of each factor against its target, so that 100
    is on target. Missing if one factor is missing, 0 if one is 0.

    raw 为乘积；index 为 100×三个因子与目标之比的几何平均，100 即达标。任一因子缺数则缺数，任一为 0 则为 0。

    Errors: FactorOutOfRange #NUM!, NeedsThreeTargets #N/A (index).

    Source: 001_d53c56de97b7aafb.txt L51–54; catalogue section 1.11 no. 3.

    >>> KPI_LOYALTY(0.8, 0.5, 0.25)
    0.1
    >>> KPI_LOYALTY(0.8, 0.1, 0.3, "index", [0.8, 0.1, 0.3])
    100.0
    >>> KPI_LOYALTY(0.8, None, 0.3)
    >>> KPI_LOYALTY(80, 0.1, 0.3)
    Traceback (most recent call last):
    xlkpi.functions.traffic.FactorOutOfRange: ...
    """
    factors = {"content_value": content_value, "interaction": interaction, "feature": feature}
    for name, value in factors.items():
        if value is not None and not 0 <= value <= 1:
            raise FactorOutOfRange(name=name, value=value)
    lines = [line for line in targets or [] if line is not None and line > 0]
    if mode == "index" and len(lines) != 3:
        raise NeedsThreeTargets
    if content_value is None or interaction is None or feature is None:
        return None
    product = content_value * interaction * feature
    if mode == "raw":
        return float(product)
    return float(100 * (product / (lines[0] * lines[1] * lines[2])) ** (1 / 3))
