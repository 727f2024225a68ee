"""Several raters into one score, and scores into forced grades."""

from __future__ import annotations

from collections import defaultdict
from math import floor
from typing import TYPE_CHECKING, Any

from xlkpi.errors import KpiError
from xlkpi.functions.figures import same_size, settle
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    ForcedGrades,
    LeastPeople,
    PeopleGroups,
    PeopleScores,
    QuotaGrades,
    Quotas,
    RatedScore,
    RaterWeights,
    Ratings,
    ScaleMax,
    ScaleMin,
    TieKeys,
    Trim,
)

if TYPE_CHECKING:
    from fractions import Fraction


class ScaleTurned(KpiError):
    code = "#NUM!"
    zh = "量表下限 {low:g} 不小于上限 {high:g}"
    en = "the lowest rating {low:g} is not below the highest {high:g}"


class RaterOutOfScale(KpiError):
    code = "#NUM!"
    zh = "第 {place} 位评分人的评分 {rating:g} 不在量表 {low:g}–{high:g} 之内"
    en = "rating no. {place} is {rating:g}, outside the scale {low:g}–{high:g}"


class RaterWeightMissing(KpiError):
    zh = "第 {place} 位评分人有评分，但没有大于等于 0 的权重"
    en = "rater no. {place} gave a rating but has no weight of 0 or more"


class NoRaterWeight(KpiError):
    code = "#DIV/0!"
    zh = "有评分的评分人权重合计为 0"
    en = "the weights of the raters who gave ratings add up to 0"


class TrimWrong(KpiError):
    code = "#NUM!"
    zh = "去掉的个数应为 0 或正整数，得到的是 {trim:g}"
    en = "the number of ratings to leave out must be a whole number, not {trim:g}"


class TooFewRatings(KpiError):
    code = "#N/A"
    zh = "只有 {count} 个评分，去掉最高、最低各 {trim:g} 个后没有剩余"
    en = "{count} ratings are too few to leave out {trim:g} of the highest and of the lowest"


class QuotasDoNotAddUp(KpiError):
    zh = "各等级比例合计 {total:.4g}，应为 100%（或 1）"
    en = "the quotas add up to {total:.4g}, not to 100% (or 1)"


class QuotaMissing(KpiError):
    zh = "第 {place} 个等级缺少名称或比例（比例不能为负）"
    en = "grade no. {place} lacks a name or a quota of 0 or more"


class GroupMissing(KpiError):
    zh = "第 {place} 行有得分，但没有分组"
    en = "row {place} has a score but no group"


@kpi_function(excel='=IF(COUNT({ratings})=0,"",IF(SUMPRODUCT(ISNUMBER({ratings})*(({ratings}<{scale_min})+({ratings}>'
                    '{scale_max})))>0,NA(),100*(IF({trim}=0,SUMPRODUCT(ISNUMBER({ratings})*{weights},{ratings})/'
                    'SUMPRODUCT(ISNUMBER({ratings})*{weights}),IF(MAX({weights})>MIN({weights}),NA(),'
                    'TRIMMEAN({ratings},2*{trim}/COUNT({ratings}))))-{scale_min})/({scale_max}-{scale_min})))')
def KPI_RATERS(ratings: Ratings, weights: RaterWeights, scale_min: ScaleMin = 0, scale_max: ScaleMax = 100,
               trim: Trim = 0) -> RatedScore:
    """Score from several raters: each rating as points of 100 on its scale, averaged by the raters' weights.

    多人评分：各评分按量表折合百分制，再按评分人权重加权平均。

    Raters who gave nothing are skipped, their weight goes to the others; nobody rated: missing. With trim the highest
    and the lowest ratings are left out first; of equal ratings the one with the smaller weight goes.

    没有评分的人跳过，其权重由其他人分担；都没有评分则为缺数。trim 先去掉若干最高分和最低分，分数相同时去掉权重较小的。

    Errors: RaterOutOfScale, ScaleTurned, TrimWrong #NUM!, RaterWeightMissing, SizeMismatch #VALUE!, NoRaterWeight
    #DIV/0!, TooFewRatings #N/A.

    Source: catalogue sections 1.2 and 3.3.

    >>> KPI_RATERS([90, 80, 70], [50, 30, 20])
    83.0
    >>> KPI_RATERS([5, None, 3], [2, 1, 2], 1, 5)
    75.0
    >>> KPI_RATERS([100, 60, 80, 0], [1, 1, 1, 1], 0, 100, 1)
    70.0
    >>> KPI_RATERS([None, None], [1, 1])
    >>> KPI_RATERS([6, 4], [1, 1], 1, 5)
    Traceback (most recent call last):
    xlkpi.functions.people.RaterOutOfScale: ...
    """
    same_size(ratings=ratings, weights=weights)
    if scale_min >= scale_max:
        raise ScaleTurned(low=scale_min, high=scale_max)
    if trim < 0 or trim != int(trim):
        raise TrimWrong(trim=trim)
    given: list[tuple[float, float]] = []
    for place, (rating, weight) in enumerate(zip(ratings, weights, strict=True), 1):
        if rating is None:
            continue
        if not scale_min <= rating <= scale_max:
            raise RaterOutOfScale(place=place, rating=rating, low=scale_min, high=scale_max)
        if weight is None or weight < 0:
            raise RaterWeightMissing(place=place)
        given.append((rating, weight))
    if not given:
        return None
    cut = int(trim)
    if len(given) <= 2 * cut:
        raise TooFewRatings(count=len(given), trim=trim)
    given = sorted(given)[cut:]
    given = sorted(given, key=lambda pair: (-pair[0], pair[1]))[cut:]
    total = sum(weight for _, weight in given)
    if total == 0:
        raise NoRaterWeight
    mean = sum(rating * weight for rating, weight in given) / total
    return 100 * (mean - scale_min) / (scale_max - scale_min)


@kpi_function()
def KPI_DISTRIBUTE(scores: PeopleScores, quotas: Quotas, grades: QuotaGrades, groups: PeopleGroups = None,
                   min_n: LeastPeople = 10, ties: TieKeys = None) -> ForcedGrades:
    """Forced distribution: the best scores get the first grade until its quota is full, and so on, in each group.

    强制分布：各组按得分从高到低，依次按比例分到各等级。

    The numbers of people are the quotas × people, rounded by the largest remainder (of equal remainders the better
    grade). Equal scores are put in order by the tie keys, then by the order of the rows. A group with fewer scored
    people than min_n is exempt: its cells stay blank and the natural grade holds, which is never overwritten.

    人数为比例×组内人数，按最大余数法取整（余数相同时优先较高等级）。得分相同按同分排序列，再按行的先后。有得分的人数少于
    min_n 的组不强制分布，结果为空，沿用自然等级。

    Errors: QuotasDoNotAddUp, QuotaMissing, GroupMissing, SizeMismatch #VALUE!.

    Source: catalogue section 3.3 (forced distribution).

    >>> KPI_DISTRIBUTE([70, 95, 80, 90], [25, 50, 25], ["A", "B", "C"], None, 1)
    ['C', 'A', 'B', 'B']
    >>> KPI_DISTRIBUTE([70, None, 80], [0.5, 0.5], ["A", "B"], None, 2)
    ['B', None, 'A']
    >>> KPI_DISTRIBUTE([70, 95], [0.2, 0.8], ["A", "B"])
    [None, None]
    >>> KPI_DISTRIBUTE([70, 95], [20, 70], ["A", "B"])
    Traceback (most recent call last):
    xlkpi.functions.people.QuotasDoNotAddUp: ...
    """
    same_size(quotas=quotas, grades=grades)
    same_size(scores=scores, groups=groups, ties=ties)
    shares = _shares(quotas, grades)
    teams: dict[Any, list[int]] = defaultdict(list)
    for row, score in enumerate(scores):
        if score is None:
            continue
        if groups is not None and groups[row] is None:
            raise GroupMissing(place=row + 1)
        teams[None if groups is None else str(groups[row]).strip()].append(row)
    found: list[str | None] = [None] * len(scores)
    for rows in teams.values():
        if len(rows) < min_n:
            continue
        rows.sort(key=lambda row: (-settle(scores[row] or 0.0), _tie(ties, row), row))
        place = 0
        for grade, people in zip(grades, _counts(shares, len(rows)), strict=True):
            for row in rows[place:place + people]:
                found[row] = grade
            place += people
    return found


def _tie(ties: TieKeys, row: int) -> float:
    key = None if ties is None else ties[row]
    return float("inf") if key is None else -key


def _shares(quotas: Quotas, grades: QuotaGrades) -> list[Fraction]:
    known: list[float] = []
    for place, (quota, grade) in enumerate(zip(quotas, grades, strict=True), 1):
        if quota is None or quota < 0 or grade is None:
            raise QuotaMissing(place=place)
        known.append(quota)
    total = sum(known)
    if settle(abs(total - 1)) > 1e-4 and settle(abs(total - 100)) > 1e-2:
        raise QuotasDoNotAddUp(total=total)
    from fractions import Fraction  # here: it takes two milliseconds of every import

    exact = [Fraction(f"{quota:.12g}") for quota in known]
    return [quota / sum(exact) for quota in exact]


def _counts(shares: list[Fraction], people: int) -> list[int]:
    """Whole numbers of people by the largest remainder."""
    exact = [share * people for share in shares]
    counts = [floor(number) for number in exact]
    order = sorted(range(len(shares)), key=lambda place: (counts[place] - exact[place], place))
    for place in order[:people - sum(counts)]:
        counts[place] += 1
    return counts
