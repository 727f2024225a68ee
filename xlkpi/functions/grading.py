"""From a score to a grade, a traffic light and a pay coefficient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.cells import as_number, as_text, read_number
from xlkpi.errors import KpiError
from xlkpi.functions.figures import round_half_up, same_size, settle
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Amber,
    Bounds,
    Coefficient,
    CoefficientValues,
    CoverageGiven,
    Grade,
    GradeOrScore,
    Grades,
    Green,
    Keys,
    Language,
    Score,
    StatusDirection,
    Text,
    Value,
    Vetoes,
)

GRADE_BOUNDS: tuple[float, ...] = (110, 90, 80, 70)
GRADE_NAMES: tuple[str, ...] = ("S", "A", "B", "C", "D")
GRADE_COEFFICIENTS: tuple[float, ...] = (1.5, 1.2, 1.0, 0.8, 0.5)
LEAST_COVERAGE = 0.6

INSUFFICIENT = {"zh": "数据不足", "en": "Insufficient data"}
STATUS = {
    "green": {"zh": "达标", "en": "On track"},
    "amber": {"zh": "预警", "en": "At risk"},
    "red": {"zh": "未达标", "en": "Off track"},
    "none": {"zh": "无数据", "en": "No data"},
}


class BoundsAndGradesDiffer(KpiError):
    zh = "等级有 {grades} 个，分数线有 {bounds} 条；等级应与分数线一样多，或多一个"
    en = "there are {grades} grades for {bounds} bounds; there must be as many grades, or one more"


class BoundsNotInOrder(KpiError):
    zh = "分数线须从高到低或从低到高排列，且不重复、不留空"
    en = "the bounds must fall or rise steadily, without doubles and blanks"


class BelowAllGrades(KpiError):
    code = "#N/A"
    zh = "得分 {score:g} 低于最低分数线 {bound:g}，没有对应等级；请多写一个等级"
    en = "the score {score:g} is below the lowest bound {bound:g} and no grade is named for that"


class UnknownGrade(KpiError):
    code = "#N/A"
    zh = "绩效系数表中没有“{key}”"
    en = "the coefficient table has no entry for '{key}'"


class LinesInWrongOrder(KpiError):
    zh = "绿灯线 {green:g} 与黄灯线 {amber:g} 的次序与方向不符"
    en = "the green line {green:g} and the amber line {amber:g} are in the wrong order for this direction"


def _bands(bounds: Sequence[float | None] | None, names: Sequence[Any] | None) -> list[tuple[float, Any]]:
    """(lower bound, name) from high to low; the name for what lies below all bounds has −infinity."""
    lines = list(bounds if bounds is not None else GRADE_BOUNDS)
    words = list(names if names is not None else GRADE_NAMES)
    if len(words) not in (len(lines), len(lines) + 1):
        raise BoundsAndGradesDiffer(grades=len(words), bounds=len(lines))
    known = [line for line in lines if line is not None]
    rising = known == sorted(set(known))
    if len(known) != len(lines) or not known or not (rising or known == sorted(set(known), reverse=True)):
        raise BoundsNotInOrder
    if rising and len(known) > 1:
        if len(words) > len(known):  # the extra name comes first: it lies below the lowest bound
            return [*zip(reversed(known), reversed(words[1:]), strict=True), (float("-inf"), words[0])]
        return list(zip(reversed(known), reversed(words), strict=True))
    bands: list[tuple[float, Any]] = list(zip(known, words, strict=False))
    return [*bands, (float("-inf"), words[-1])] if len(words) > len(known) else bands


@kpi_function(excel='=IF(N({vetoes})>0,INDEX({grades},ROWS({grades})),IF({score}="","",IF(AND({coverage}<>"",'
                    'N({coverage})<0.6),IF({lang}="en","Insufficient data","数据不足"),'
                    'INDEX({grades},1+SUMPRODUCT(--({bounds}>ROUND({score},2)))))))')
def KPI_GRADE(score: Score, bounds: Bounds = GRADE_BOUNDS, grades: Grades = GRADE_NAMES,
              coverage: CoverageGiven = None, lang: Language = "zh", vetoes: Vetoes = None) -> Grade:
    """Grade of a score: the highest grade whose lower bound the score reaches.

    等级：得分达到的最高一档。

    The score is rounded to two decimals first (ties away from zero), so that the grade agrees with the
    figure that is shown. Default bands: S from 110, A from 90, B from 80, C from 70, D below. With a
    coverage under 60% the answer is 数据不足 (Insufficient data) instead of a grade. A violated veto item gives
    the lowest grade, whatever the score.

    先把得分四舍五入到两位小数再比较，等级与显示的分数一致。默认：S≥110、A≥90、B≥80、C≥70、其余 D。
    给出数据覆盖率且低于 60% 时返回“数据不足”。触发一票否决时，无论得分都评为最低等级。

    Errors: BoundsAndGradesDiffer, BoundsNotInOrder #VALUE!, BelowAllGrades #N/A.

    Source: catalogue section 3.3.

    >>> KPI_GRADE(89.995)
    'A'
    >>> KPI_GRADE(89.994)
    'B'
    >>> KPI_GRADE(64, [90, 60], ["优", "合格", "不合格"])
    '合格'
    >>> KPI_GRADE(64, [90, 60], ["优", "合格", "不合格"], 0.5)
    '数据不足'
    >>> KPI_GRADE(95, [90, 60], ["优", "合格", "不合格"], None, "zh", 1)
    '不合格'
    >>> KPI_GRADE(None)
    >>> KPI_GRADE(50, [90, 60], ["优", "合格"])
    Traceback (most recent call last):
    xlkpi.functions.grading.BelowAllGrades: ...
    """
    bands = _bands(bounds, grades)
    if vetoes is not None and vetoes > 0:
        return bands[-1][1]  # type: ignore[no-any-return]
    if score is None:
        return None
    if coverage is not None and settle(coverage) < LEAST_COVERAGE:
        return INSUFFICIENT[lang]
    return _band_of(score, bands)  # type: ignore[no-any-return]


def _band_of(score: float, bands: list[tuple[float, Any]]) -> Any:
    shown = round_half_up(score)
    for bound, name in bands:
        if shown >= bound:
            return name
    raise BelowAllGrades(score=shown, bound=bands[-1][0])


@kpi_function(excel='=IF(OR({grade_or_score}="",{grade_or_score}="数据不足",{grade_or_score}="Insufficient data"),"",'
                    'IF(ISNUMBER({grade_or_score}),IF(ISNUMBER(INDEX({keys},1)),INDEX({values},MATCH(SMALL({keys},'
                    'SUMPRODUCT(--({keys}<=ROUND({grade_or_score},2)))),{keys},0)),INDEX({values},'
                    '1+SUMPRODUCT(--({{110;90;80;70}}>ROUND({grade_or_score},2))))),'
                    'INDEX({values},MATCH({grade_or_score},{keys},0))))')
def KPI_COEFFICIENT(grade_or_score: GradeOrScore, keys: Keys = GRADE_NAMES,
                    values: CoefficientValues = GRADE_COEFFICIENTS) -> Coefficient:
    """Pay coefficient of a grade, or of a score where the keys are lower bounds.

    绩效系数：按等级查表；对照键为分数下限时按得分查表。

    Default table (an example to edit): S 1.5, A 1.2, B 1.0, C 0.8, D 0.5. A score with the default table is
    graded first. 数据不足 has no coefficient and gives nothing.

    默认对照表（示例，可改）：S 1.5、A 1.2、B 1.0、C 0.8、D 0.5。用默认表时得分先换成等级。
    “数据不足”没有系数，结果为空。

    Errors: UnknownGrade #N/A, BelowAllGrades #N/A, SizeMismatch #VALUE!, BoundsNotInOrder #VALUE!.

    Source: catalogue section 3.3.

    >>> KPI_COEFFICIENT("A")
    1.2
    >>> KPI_COEFFICIENT(85.5)
    1.0
    >>> KPI_COEFFICIENT(85.5, [90, 60, 0], [1.2, 1.0, 0.6])
    1.0
    >>> KPI_COEFFICIENT("数据不足")
    >>> KPI_COEFFICIENT("E")
    Traceback (most recent call last):
    xlkpi.functions.grading.UnknownGrade: ...
    """
    word = as_text(grade_or_score)
    if word is None or word in INSUFFICIENT.values():
        return None
    same_size(keys=keys, values=values)
    by_name = {str(as_text(key)).casefold(): value for key, value in zip(keys, values, strict=True) if key is not None}
    bounds = [number if isinstance(key, str) and (number := read_number(key)) is not None else key for key in keys]
    number = read_number(word)
    if number is None:
        if word.casefold() not in by_name:
            raise UnknownGrade(key=word)
        return by_name[word.casefold()]
    if all(isinstance(bound, (int, float)) for bound in bounds):
        return _band_of(number, _bands([as_number(bound) for bound in bounds], values))  # type: ignore[no-any-return]
    if list(keys) == list(GRADE_NAMES):
        return by_name[str(KPI_GRADE(number)).casefold()]
    raise UnknownGrade(key=word)


@kpi_function(excel='=IF(IF({direction}="down",-1,1)*({green}-{amber})<0,NA(),IF({value}="",IF({lang}="en","No data",'
                    '"无数据"),IF({direction}="down",'
                    'IF({value}<={green},IF({lang}="en","On track","达标"),IF({value}<={amber},'
                    'IF({lang}="en","At risk","预警"),IF({lang}="en","Off track","未达标"))),'
                    'IF({value}>={green},IF({lang}="en","On track","达标"),IF({value}>={amber},'
                    'IF({lang}="en","At risk","预警"),IF({lang}="en","Off track","未达标"))))))')
def KPI_STATUS(value: Value, green: Green = 1.0, amber: Amber = 0.85, direction: StatusDirection = "up",
               lang: Language = "zh") -> Text:
    """Traffic light of a completion or pace: on track, at risk, off track, or no data.

    红绿灯：达标、预警、未达标或无数据。

    Give pace during the period and completion after it. Green from 100%, amber from 85% unless given.

    周期内用进度，周期结束后用完成率。默认达到 100% 为达标，达到 85% 为预警。

    Errors: LinesInWrongOrder #VALUE!.

    Source: catalogue section 3.3.

    >>> KPI_STATUS(1.02)
    '达标'
    >>> KPI_STATUS(0.85)
    '预警'
    >>> KPI_STATUS(0.5, 1, 0.85, "up", "en")
    'Off track'
    >>> KPI_STATUS(0.05, 0.05, 0.08, "down")
    '达标'
    >>> KPI_STATUS(None)
    '无数据'
    >>> KPI_STATUS(0.9, 0.8, 0.9)
    Traceback (most recent call last):
    xlkpi.functions.grading.LinesInWrongOrder: ...
    """
    sign = 1 if direction == "up" else -1
    if sign * green < sign * amber:
        raise LinesInWrongOrder(green=green, amber=amber)
    if value is None:
        light = "none"
    elif sign * settle(value) >= sign * green:
        light = "green"
    else:
        light = "amber" if sign * settle(value) >= sign * amber else "red"
    return STATUS[light][lang]
