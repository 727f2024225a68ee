"""The score of one indicator, 0–120, and the same arithmetic said in words.

:func:`assess` computes both, so that the sentence can never tell another story than the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from xlkpi.cells import read_number
from xlkpi.errors import KpiError
from xlkpi.functions.completion import KPI_COMPLETION, MissingTarget, ZeroActual, direction_of
from xlkpi.functions.figures import percent, round_half_up, say, settle
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Actual,
    Bands,
    Baseline,
    Cap,
    Direction,
    Floor,
    FloorScore,
    Language,
    Points,
    Score,
    ScoreMethod,
    Step,
    Stretch,
    Target,
    Text,
    Unit,
)

CAP = 1.2
HIGHEST_CAP = 5.0


class CapOutOfRange(KpiError):
    code = "#NUM!"
    zh = "封顶 {cap:g} 超出范围；120% 请写 1.2 或 120%"
    en = "the cap {cap:g} is out of range; write 120% as 1.2 or 120%"


class FloorScoreOutOfRange(KpiError):
    code = "#NUM!"
    zh = "底线分 {floor_score:g} 应在 {low} 到 100 之间"
    en = "the floor score {floor_score:g} must lie between {low} and 100"


class ThresholdsNotInOrder(KpiError):
    code = "#NUM!"
    zh = "底线、目标、挑战值的次序与方向不符：{lines}"
    en = "floor, target and stretch are not in order for this direction: {lines}"


class NeedsFloor(KpiError):
    code = "#N/A"
    zh = "插值法需要底线值"
    en = "interpolation needs a floor"


class NeedsStepAndPoints(KpiError):
    code = "#N/A"
    zh = "{method}需要大于 0 的{what}"
    en = "{method} needs {what} above 0"


class RatingOutOfScale(KpiError):
    code = "#NUM!"
    zh = "评分 {actual:g} 不在量表 {low:g}–{high:g} 之内"
    en = "the rating {actual:g} is outside its scale {low:g}–{high:g}"


class BandsUnread(KpiError):
    zh = "分段“{bands}”读不懂；请写成“下限:得分; 下限:得分”，下限从低到高，如 0:0; 60:60; 100:100"
    en = ("the bands '{bands}' cannot be read; write 'bound:score; bound:score' with rising bounds, "
          "e.g. 0:0; 60:60; 100:100")


class BelowBands(KpiError):
    code = "#N/A"
    zh = "实际值 {actual:g} 低于最低一段的下限 {bound:g}"
    en = "the actual value {actual:g} lies below the lowest band {bound:g}"


class NegativeEvents(KpiError):
    code = "#NUM!"
    zh = "次数不能为负数：{actual:g}"
    en = "a number of events cannot be negative: {actual:g}"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score and how it came about: ``reason`` names a sentence of :data:`SENTENCES`."""

    score: float | None
    reason: str
    facts: dict[str, Any]


SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("无数据，不计分", "no data, not scored"),
    "up": ("{a} ÷ {t} = {c}", "{a} ÷ {t} = {c}"),
    "down": ("2 − {a} ÷ {t} = {c}", "2 − {a} ÷ {t} = {c}"),
    "inverse": ("{t} ÷ {a} = {c}", "{t} ÷ {a} = {c}"),
    "inverse_zero": ("实际为 0，按封顶计", "actual is 0: the cap"),
    "baseline": ("({a} − {b}) ÷ ({t} − {b}) = {c}", "({a} − {b}) ÷ ({t} − {b}) = {c}"),
    "below_floor": ("{a} 差于底线 {f}，得底线分", "{a} is worse than the floor {f}: floor score"),
    "at_stretch": ("{a} 达到挑战值 {s}，得封顶分", "{a} reaches the stretch {s}: the cap"),
    "interp_low": ("{a} 在底线 {f}（{y0}分）与目标 {t}（{y1}分）之间插值",
                   "{a} interpolated between floor {f} ({y0}) and target {t} ({y1})"),
    "interp_high": ("{a} 在目标 {t}（{y0}分）与挑战 {s}（{y1}分）之间插值",
                    "{a} interpolated between target {t} ({y0}) and stretch {s} ({y1})"),
    "interp_target": ("{a} 达到目标 {t}", "{a} reaches the target {t}"),
    "step": ("{a} 与目标 {t} 相差 {n} 个步长（每步 {d}，{p} 分）：100 {sign} {n} × {p}",
             "{a} is {n} steps of {d} from target {t} ({p} points each): 100 {sign} {n} × {p}"),
    "binary_yes": ("{a} 达到目标 {t}，得满分", "{a} reaches the target {t}: full score"),
    "binary_no": ("{a} 未达到目标 {t}，不得分", "{a} misses the target {t}: no score"),
    "rate": ("评分 {a}（量表 {b}–{t}）折合百分制", "rating {a} on the scale {b}–{t}, as points of 100"),
    "deduct": ("{n} 次 × 每次扣 {p} 分：100 − {x}", "{n} events × {p} points: 100 − {x}"),
    "bonus": ("{n} 次 × 每次加 {p} 分：100 + {x}", "{n} events × {p} points: 100 + {x}"),
    "range_in": ("{a} 在最佳区间 {t}–{s} 内，得满分", "{a} lies in the best range {t}–{s}: full score"),
    "range_out": ("{a} 离最佳区间 {t}–{s} 差 {x}（容差 {d}）：1 − {x} ÷ {d} = {c}",
                  "{a} lies {x} outside the best range {t}–{s} (tolerance {d}): 1 − {x} ÷ {d} = {c}"),
    "band": ("{a} 在下限 {b} 的一段", "{a} lies in the band from {b}"),
    "veto_no": ("没有触发一票否决", "no veto"),
    "veto_yes": ("{n} 次触发一票否决", "{n} veto events"),
    "capped": ("，封顶 {top}", ", capped at {top}"),
    "floored": ("，最低 {low}", ", at least {low}"),
    "score": ("，得 {score} 分", ", score {score}"),
}


def assess(actual: float | None, target: float | None, direction: str | None = None, baseline: float | None = None,
           floor: float | None = None, stretch: float | None = None, cap: float = CAP, method: str = "linear",
           floor_score: float = 0, step: float | None = None, points: float | None = None,
           bands: str | None = None) -> Assessment:
    """Score one row; the parameters are those of :func:`KPI_SCORE`. The cap holds whatever the method."""
    found = _assessed(actual, target, direction, baseline, floor, stretch, cap, method, floor_score, step, points,
                      bands)
    top = 100 * cap
    if found.score is None or found.score <= top:
        return found
    return Assessment(top, found.reason, {**found.facts, "top": top})


def _assessed(actual: float | None, target: float | None, direction: str | None, baseline: float | None,
              floor: float | None, stretch: float | None, cap: float, method: str, floor_score: float,
              step: float | None, points: float | None, bands: str | None) -> Assessment:
    if not 0 < cap <= HIGHEST_CAP:
        raise CapOutOfRange(cap=cap)
    low = -100 if method == "deduct" else 0
    if not low <= floor_score <= 100:
        raise FloorScoreOutOfRange(floor_score=floor_score, low=low)
    if method in ("deduct", "bonus"):
        return _events(actual, target or 0, method, points, floor_score)
    if method == "veto":
        return _veto(actual, target or 0)
    if method == "band":
        return _banded(actual, bands)
    if target is None:
        raise MissingTarget
    if method == "rate":
        return _rating(actual, target, baseline)
    if method == "range":
        return _ranged(actual, target, stretch, step)
    way = direction_of(target, direction, baseline)
    sign = 1 if way == "up" else -1
    lines = [line for line in (floor, target, stretch) if line is not None]
    if any(sign * a >= sign * b for a, b in pairwise(lines)):
        raise ThresholdsNotInOrder(lines=" → ".join(say(line) for line in lines))
    facts = {"a": actual, "t": target, "b": baseline, "f": floor, "s": stretch}
    if method == "interp" and floor is None:
        raise NeedsFloor
    if method == "step" and not (step and step > 0 and points and points > 0):
        raise NeedsStepAndPoints(method="层差法", what="步长和每步分值")
    if actual is None:
        KPI_COMPLETION(target, target, direction, baseline, method) if method in ("linear", "inverse") else None
        return Assessment(None, "missing", facts)
    top = 100 * cap
    if floor is not None and sign * actual < sign * floor:
        return Assessment(floor_score, "below_floor", facts)
    if method == "binary":
        reached = sign * actual >= sign * target
        return Assessment(100.0 if reached else 0.0, "binary_yes" if reached else "binary_no", facts)
    if stretch is not None and sign * actual >= sign * stretch:
        return Assessment(top, "at_stretch", facts)
    match method:
        case "interp":
            return _interpolated(actual, target, floor, stretch, floor_score, top, sign, facts)
        case "step":
            return _stepped(actual, target, step, points, floor_score, top, sign, facts)
    try:
        completion = KPI_COMPLETION(actual, target, direction, baseline, method)
    except ZeroActual:
        return Assessment(top, "inverse_zero", facts)
    assert completion is not None  # the actual is known here
    reason = "baseline" if baseline is not None else "inverse" if method == "inverse" else way
    return _bounded(100 * completion, floor_score if floor is not None else 0.0, top, reason,
                    {**facts, "c": completion})


def _bounded(points: float, low: float, top: float, reason: str, facts: dict[str, Any]) -> Assessment:
    """``points`` held between ``low`` and ``top``, with what the sentence needs to say so."""
    bounds = {"top": top} if points > top else {"low": low} if points < low else {}
    return Assessment(min(max(points, low), top), reason, {**facts, **bounds})


def _rating(actual: float | None, high: float, low: float | None) -> Assessment:
    low = low or 0.0
    facts = {"a": actual, "b": low, "t": high}
    if low >= high:
        raise ThresholdsNotInOrder(lines=f"{say(low)} → {say(high)}")
    if actual is None:
        return Assessment(None, "missing", facts)
    if not low <= actual <= high:
        raise RatingOutOfScale(actual=actual, low=low, high=high)
    return Assessment(100 * (actual - low) / (high - low), "rate", facts)


def _events(actual: float | None, free: float, method: str, points: float | None, floor_score: float) -> Assessment:
    if not points or points <= 0:
        raise NeedsStepAndPoints(method="扣分法" if method == "deduct" else "加分法", what="每次分值")
    facts: dict[str, Any] = {"a": actual, "p": points}
    if actual is None:
        return Assessment(None, "missing", facts)
    if actual < 0:
        raise NegativeEvents(actual=actual)
    events = max(0.0, actual - free)
    change = points * events
    facts |= {"n": events, "x": change}
    if method == "deduct":
        return _bounded(100 - change, floor_score, 100.0, "deduct", facts)
    return Assessment(100 + change, "bonus", facts)


def _veto(actual: float | None, free: float) -> Assessment:
    if actual is None:
        return Assessment(None, "missing", {})
    if actual < 0:
        raise NegativeEvents(actual=actual)
    return Assessment(0.0, "veto_yes", {"n": actual}) if actual > free else Assessment(100.0, "veto_no", {})


def read_bands(bands: str | None) -> list[tuple[float, float]]:
    """``0:0; 60:60; 80:85`` as (lower bound, score), rising; numbers may be written as cells write them."""
    pairs = []
    for piece in re.split(r"[;；\n]", bands or ""):
        if not piece.strip():
            continue
        bound, mark, score = re.sub("[：=]", ":", piece).partition(":")
        numbers = read_number(bound.lstrip(" ≥>")), read_number(score)
        if not mark or numbers[0] is None or numbers[1] is None:
            raise BandsUnread(bands=bands)
        pairs.append((numbers[0], numbers[1]))
    bounds = [bound for bound, _ in pairs]
    if not pairs or bounds != sorted(set(bounds)):
        raise BandsUnread(bands=bands)
    return pairs


def _banded(actual: float | None, bands: str | None) -> Assessment:
    table = read_bands(bands)
    if actual is None:
        return Assessment(None, "missing", {})
    reached = [(bound, score) for bound, score in table if settle(actual) >= bound]
    if not reached:
        raise BelowBands(actual=actual, bound=table[0][0])
    bound, score = reached[-1]
    return Assessment(score, "band", {"a": actual, "b": bound})


def _ranged(actual: float | None, low: float, high: float | None, tolerance: float | None) -> Assessment:
    high = low if high is None else high
    if low > high:
        raise ThresholdsNotInOrder(lines=f"{say(low)} → {say(high)}")
    if not tolerance or tolerance <= 0:
        raise NeedsStepAndPoints(method="区间法", what="容差（步长）")
    if actual is None:
        return Assessment(None, "missing", {})
    away = max(0.0, low - actual, actual - high)
    facts = {"a": actual, "t": low, "s": high}
    if away == 0:
        return Assessment(100.0, "range_in", facts)
    completion = max(0.0, 1 - away / tolerance)
    return Assessment(100 * completion, "range_out", {**facts, "x": away, "d": tolerance, "c": completion})


def _interpolated(actual: float, target: float, floor: float | None, stretch: float | None, floor_score: float,
                  top: float, sign: int, facts: dict[str, Any]) -> Assessment:
    assert floor is not None
    goal = 100.0
    if sign * actual < sign * target:
        share = (actual - floor) / (target - floor)
        return Assessment(floor_score + (goal - floor_score) * share, "interp_low",
                          {**facts, "y0": floor_score, "y1": goal})
    if stretch is None or actual == target:
        return Assessment(goal, "interp_target", facts)
    share = (actual - target) / (stretch - target)
    return Assessment(goal + (top - goal) * share, "interp_high", {**facts, "y0": goal, "y1": top})


def _stepped(actual: float, target: float, step: float | None, points: float | None, floor_score: float, top: float,
             sign: int, facts: dict[str, Any]) -> Assessment:
    assert step is not None
    assert points is not None
    steps = int(round(sign * (actual - target) / step, 9))  # whole steps only; (0.95 − 0.9) / 0.05 is one
    return _bounded(100 + points * steps, floor_score, top, "step",
                    {**facts, "n": abs(steps), "d": step, "p": points, "sign": "−" if steps < 0 else "+"})


BETTER = 'IF({direction}="down",-1,1)*'
PLAIN = (
    '=IF({actual}="","",MIN(100*{cap},'
    'IF({method}="rate",IF(OR({actual}<N({baseline}),{actual}>{target}),NA(),'
    '100*({actual}-N({baseline}))/({target}-N({baseline}))),'
    'IF({method}="range",100*MAX(0,1-MAX(0,{target}-{actual},{actual}-N({stretch}))/{step}),'
    'IF({method}="band",LOOKUP({actual},{{0;60;80;100}},{{0;60;85;100}}),'
    'IF({method}="veto",100*({actual}<=N({target})),'
    'IF({method}="deduct",IF({actual}<0,NA(),MAX({floor_score},100-{points}*MAX(0,{actual}-N({target})))),'
    'IF({method}="bonus",100+{points}*MAX(0,{actual}-N({target})),'
    'IF(AND({floor}<>"",' + BETTER + '({actual}-N({floor}))<0),{floor_score},'
    'IF({method}="binary",100*(' + BETTER + '({actual}-{target})>=0),'
    'IF(AND({stretch}<>"",' + BETTER + '({actual}-N({stretch}))>=0),100*{cap},'
    'IF({method}="interp",IF(' + BETTER + '({actual}-{target})<0,{floor_score}+(100-{floor_score})'
    '*({actual}-N({floor}))/({target}-N({floor})),IF({stretch}="",100,100+(100*{cap}-100)'
    '*({actual}-{target})/(N({stretch})-{target}))),'
    'IF({method}="step",MAX({floor_score},MIN(100*{cap},100+{points}*TRUNC(ROUND('
    + BETTER + '({actual}-{target})/{step},9)))),'
    'MAX(0,MIN(100*{cap},100*IF({baseline}<>"",({actual}-{baseline})/({target}-{baseline}),'
    'IF({direction}="down",IF({method}="inverse",{target}/{actual},2-{actual}/{target}),{actual}/{target}))))'
    ')))))))))))))')


@kpi_function(excel=PLAIN)
def KPI_SCORE(actual: Actual, target: Target, direction: Direction = None, baseline: Baseline = None,
              floor: Floor = None, stretch: Stretch = None, cap: Cap = CAP, method: ScoreMethod = "linear",
              floor_score: FloorScore = 0, step: Step = None, points: Points = None, bands: Bands = None) -> Score:
    """Score of one indicator, 0 to 120 unless the cap says otherwise; 100 is on target.

    单项得分：100 分为达成目标，范围 0–120（由封顶决定）。

    linear 比率法: 100 × completion, held between 0 and 100 × cap. inverse 反比: the same with target ÷ actual.
    interp 插值法: straight lines through (floor, floor score), (target, 100), (stretch, 100 × cap).
    step 层差法: 100, plus or minus points for each whole step from the target. binary 非此即彼: 100 or 0.
    rate 评分法: target is the top of the rating scale, baseline its bottom (0). deduct 扣分法: 100 minus points for
    each event beyond the target (blank = 0), at least the floor score, which may be negative here.
    bonus 加分法: 100 plus points for each event beyond the target.
    range 区间法: 100 from target to stretch, falling in a straight line to 0 at a distance of step outside.
    band 分段法: the score of the band the actual value lies in, e.g. bands 0:0; 60:60; 100:100. veto 一票否决: 100,
    or 0 as soon as there is an event beyond the target (blank = 0).
    In all methods a result worse than the floor earns the floor score, one that reaches the stretch the cap; no score
    is above 100 × cap.
    A blank actual is missing: no score, never 0.

    实际值为空即缺数，没有得分，绝不当作 0。差于底线值得底线分，达到挑战值得封顶分。

    Errors: as KPI_COMPLETION; CapOutOfRange, FloorScoreOutOfRange, ThresholdsNotInOrder, RatingOutOfScale,
    NegativeEvents #NUM!; NeedsFloor, NeedsStepAndPoints, BelowBands #N/A; BandsUnread #VALUE!.

    Source: catalogue section 3.3.

    >>> KPI_SCORE(90, 100)
    90.0
    >>> KPI_SCORE(150, 100)
    120.0
    >>> KPI_SCORE(-20, 100)
    0.0
    >>> KPI_SCORE(105, 100, "down")
    95.0
    >>> KPI_SCORE(79, 100, "up", None, 80)
    0.0
    >>> KPI_SCORE(90, 100, "up", None, 80, 120, 1.2, "interp", 60)
    80.0
    >>> KPI_SCORE(110, 100, "up", None, 80, 120, 1.2, "interp", 60)
    110.0
    >>> KPI_SCORE(117, 100, "up", None, None, None, 1.2, "step", 0, 5, 2)
    106.0
    >>> KPI_SCORE(0, 3, "down", None, None, None, 1.2, "binary")
    100.0
    >>> KPI_SCORE(4, 5, None, None, None, None, 1.2, "rate")
    80.0
    >>> KPI_SCORE(3, None, None, None, None, None, 1.2, "deduct", 0, None, 5)
    85.0
    >>> KPI_SCORE(2, None, None, None, None, None, 1.2, "bonus", 0, None, 5)
    110.0
    >>> KPI_SCORE(15, 0, None, None, None, 10, 1.2, "range", 0, 10)
    50.0
    >>> KPI_SCORE(85, None, None, None, None, None, 1.2, "band", 0, None, None, "0:0; 60:60; 80:85; 100:100")
    85.0
    >>> KPI_SCORE(1, None, None, None, None, None, 1.2, "veto")
    0.0
    >>> KPI_SCORE(None, 100)
    >>> KPI_SCORE(90, 0)
    Traceback (most recent call last):
    xlkpi.functions.completion.ZeroTarget: ...
    >>> KPI_SCORE(6, 5, None, None, None, None, 1.2, "rate")
    Traceback (most recent call last):
    xlkpi.functions.scoring.RatingOutOfScale: ...
    """
    score = assess(actual, target, direction, baseline, floor, stretch, cap, method, floor_score, step, points,
                   bands).score
    return None if score is None else float(score)


@kpi_function()
def KPI_EXPLAIN(actual: Actual, target: Target, direction: Direction = None, baseline: Baseline = None,
                floor: Floor = None, stretch: Stretch = None, cap: Cap = CAP, method: ScoreMethod = "linear",
                floor_score: FloorScore = 0, step: Step = None, points: Points = None, lang: Language = "zh",
                unit: Unit = None, bands: Bands = None) -> Text:
    """The arithmetic of KPI_SCORE in one sentence, with the same arguments.

    计分说明：用一句话写出 KPI_SCORE 的计算过程，参数相同。

    Where there is no score the sentence says why (no target, target 0 …). Unit % shows figures as
    percentages, any other unit is written behind them (in English a word after a blank: 21 items).

    没有得分时说明原因（没有目标、目标为 0 等）。单位写 % 时数值显示为百分比，其他单位跟在数值后面。

    Errors: none; what is wrong is said in the sentence.

    Source: catalogue section 8 no. 2.

    >>> KPI_EXPLAIN(90, 100)
    '90 ÷ 100 = 90.0%，得 90 分'
    >>> KPI_EXPLAIN(150, 100, None, None, None, None, 1.2, "linear", 0, None, None, "en")
    '150 ÷ 100 = 150.0%, capped at 120, score 120'
    >>> KPI_EXPLAIN(3, None, None, None, None, None, 1.2, "deduct", 0, None, 5)
    '3 次 × 每次扣 5 分：100 − 15，得 85 分'
    >>> KPI_EXPLAIN(0.25, 0.5, "up", None, None, None, 1.2, "linear", 0, None, None, "zh", "%")
    '25% ÷ 50% = 50.0%，得 50 分'
    >>> KPI_EXPLAIN(21, 20, None, None, None, None, 1.2, "linear", 0, None, None, "en", "items")
    '21 items ÷ 20 items = 105.0%, score 105'
    >>> KPI_EXPLAIN(None, 100)
    '无数据，不计分'
    >>> KPI_EXPLAIN(90, None)
    '没有目标值，请先填写目标'
    """
    try:
        found = assess(actual, target, direction, baseline, floor, stretch, cap, method, floor_score, step, points,
                       bands)
    except KpiError as error:
        return error.sentence(lang)
    if lang == "en" and unit and unit[0].isalpha():  # 21 items; a rating needs no unit
        unit = f" {unit}" if found.reason != "rate" else None
    words = {name: _word(name, value, unit) for name, value in found.facts.items() if value is not None}
    column = 0 if lang == "zh" else 1
    text = SENTENCES[found.reason][column].format(**words)
    if found.score is None:
        return text
    if "top" in found.facts:
        text += SENTENCES["capped"][column].format(**words)
    elif "low" in found.facts:
        text += SENTENCES["floored"][column].format(**words)
    return text + SENTENCES["score"][column].format(score=say(round_half_up(found.score)))


def _word(name: str, value: Any, unit: str | None) -> str:
    """A fact as it is said: metric values with their unit, completions as percentages, the rest plain."""
    if isinstance(value, str):
        return value
    if name == "c":
        return percent(value)
    return say(value, unit if name in "atbfsd" else None)
