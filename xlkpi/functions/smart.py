"""Goals checked letter by letter: specific, measurable, attainable, realistic, time-based."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING

from xlkpi.cells import as_number
from xlkpi.errors import KpiError
from xlkpi.functions.due import exact_date, span_of
from xlkpi.functions.figures import percent, say
from xlkpi.functions.steadiness import KPI_TREND
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    DailyHistory,
    Evidence,
    GoalBaseline,
    GoalDue,
    GoalStart,
    GoalTarget,
    GoalUnit,
    Language,
    MetricName,
    SmartTable,
)

if TYPE_CHECKING:
    from xlkpi.metrics import Metric

LEAST_HISTORY, STRETCH, HIGH = 8, 1.5, 0.95
VAGUE = ("影响力", "知名度", "提升", "加强", "做好", "优化", "改善", "提高", "效果", "形象", "氛围", "能力")
SOURCES = re.compile(r"\.(xlsx?|csv|png|jpe?g|pdf|json)|https?://|[A-Z]{1,3}\d+|截图|后台|导出|报表|统计表|链接|日报|月报|系统|"
                     r"单元格|screenshot|export|report|backend|dashboard|cell|link", re.IGNORECASE)

Reason = tuple[bool | None, str]

SENTENCES: dict[str, tuple[str, str]] = {
    "no_metric": ("没有写指标", "no metric is named"),
    "vague": ("“{name}”太笼统，不是一个可考核的指标；请写具体指标，如“净增粉丝数”“阅读率”",
              "'{name}' is too vague to be a metric; name one, such as net followers or read rate"),
    "specific": ("指标：{name}（{code}）", "metric: {name} ({code})"),
    "no_number": ("{what}应为数字，得到的是“{value}”", "{what} must be a number, not '{value}'"),
    "no_unit": ("没有写单位", "there is no unit"),
    "nothing": ("目标与基线相同（{t}），没有要达成的变化", "target and baseline are the same ({t})"),
    "wrong_way": ("{name}越{way}越好，目标 {t} 却比基线 {b} 更差",
                  "{name} is better {way}, but the target {t} is worse than {b}"),
    "measured": ("由 {b} 到 {t}（{unit}）；算法：{how}", "from {b} to {t} ({unit}); worked out as {how}"),
    "uncounted": ("由 {b} 到 {t}（{unit}）", "from {b} to {t} ({unit})"),
    "no_rate": ("缺少数字或日期，算不出每天需要的变化", "numbers or dates are missing, so the change a day is unknown"),
    "need_rate": ("{days} 天需每天复合增长 {rate}", "{days} days need {rate} compound a day"),
    "need_amount": ("{days} 天需每天变化 {rate}", "{days} days need {rate} a day"),
    "need_sum": ("{days} 天平均每天 {rate}", "{days} days of {rate} on average"),
    "too_high_day": ("；过高：历史上只有 5% 的日子好于 {line}；请降低目标或说明投入的资源",
                     "; too high: only 5% of past days are better than {line}"),
    "attainable_day": ("；历史上 5% 的日子好于 {line}，照历史平均到期约 {reach}，努力可以达到",
                       "; 5% of past days are better than {line}, the past mean makes {reach}: attainable"),
    "no_history": ("；没有足够的历史数据（{count} 天，至少 {least} 天），无法判断，请附历史数据并说明投入的资源",
                   "; too little history to judge ({count} days, {least} are needed): add it, and say which resources "
                   "there are"),
    "too_low": ("；过低：照历史趋势到期已有 {reach}", "; too low: the past trend alone reaches {reach}"),
    "too_high": ("；过高：历史上 95% 的日子不超过 {line}，即使乘以 {stretch:g} 仍不够；请降低目标或说明投入的资源",
                 "; too high: 95% of past days stay within {line}, {stretch:g} times that is not enough"),
    "attainable": ("；历史上 95% 的日子不超过 {line}，趋势到期约 {reach}，努力可以达到",
                   "; 95% of past days stay within {line} and the trend reaches {reach}: attainable with effort"),
    "no_evidence": ("没有写证据；请写文件与单元格、导出表、截图或链接",
                    "there is no evidence: name a file and cell, export, screenshot or link"),
    "weak_evidence": ("“{text}”不能核对；请写文件与单元格、导出表、截图或链接",
                      "'{text}' cannot be checked: name a file and cell, export, screenshot or link"),
    "evidence": ("证据：{text}", "evidence: {text}"),
    "no_start": ("没有开始日期", "there is no start date"),
    "no_due": ("没有截止日期", "there is no due date"),
    "words": ("“{text}”不是具体日期；建议写 {start} 至 {end}", "'{text}' is not a date; write {start} to {end}"),
    "due_first": ("截止日期 {due} 不晚于开始日期 {start}", "the due date {due} is not after the start {start}"),
    "timed": ("{start} 至 {due}，共 {days} 天", "{start} to {due}, {days} days"),
}


def _say(lang: str, reason: str, **facts: object) -> str:
    return SENTENCES[reason][lang != "zh"].format(**facts)


@kpi_function()
def KPI_SMART(metric: MetricName, baseline: GoalBaseline, target: GoalTarget, unit: GoalUnit, start: GoalStart,
              due: GoalDue, evidence: Evidence, history: DailyHistory = None, lang: Language = "zh") -> SmartTable:
    """SMART check of a goal: one row a letter, with TRUE or FALSE and the reason.

    SMART 检查：逐字母检查目标，每行为字母、TRUE/FALSE 与理由。

    S: the metric is one of the catalogue, not a vague word. M: baseline and target are different numbers with a unit,
    in the metric's better direction. A: what is needed a day against the metric's own history: too low if the past
    trend alone reaches the target, too high beyond 1.5 times the 95th percentile of past daily changes; blank where
    fewer than 8 daily changes are known. R: the evidence names a source that others can look at. T: start and due are
    dates; for words such as 下季度内 the dates are proposed. For a metric that adds up (new followers) the target is
    the total of the period, too high where a day needs more than the 95th percentile of past days.

    S：指标在目录中，不是笼统的说法。M：基线与目标是不同的数字，有单位，方向正确。A：每天需要的变化与历史相比，照趋势就能
    达到为过低，超过历史日变化 95% 分位的 1.5 倍为过高；已知的日变化不足 8 个则留空，无法判断。R：证据可以核对。
    T：开始与截止是具体日期，“下季度内”之类不合格，并给出建议日期。可加总的指标（如新增粉丝）目标为整期合计，
    平均每天需要的量超过历史各日的 95% 分位为过高。

    Errors: none; what is wrong is said in the row.

    Source: 003_006f93129254f804.txt L5; catalogue section 1.8.

    >>> KPI_SMART("提升影响力", None, None, None, None, "下季度内", None, None, "en")  # doctest: +NORMALIZE_WHITESPACE
    [['S', False, "'提升影响力' is too vague to be a metric; name one, such as net followers or read rate"],
     ['M', False, "the baseline must be a number, not ''"],
     ['A', None, 'numbers or dates are missing, so the change a day is unknown'],
     ['R', False, 'there is no evidence: name a file and cell, export, screenshot or link'],
     ['T', False, 'there is no start date']]
    """
    known, specific = _specific(lang, metric)
    low, high, measured = _measurable(lang, known, baseline, target, unit)
    first, last, timed = _timed(lang, start, due)
    rows = {"S": specific, "M": measured,
            "A": _attainable(lang, known, low, high, first, last, list(history or ())),
            "R": _realistic(lang, evidence), "T": timed}
    return [[letter, *found] for letter, found in rows.items()]


def _specific(lang: str, name: str | None) -> tuple[Metric | None, Reason]:
    if name is None:
        return None, (False, _say(lang, "no_metric"))
    from xlkpi.metrics import find_metric  # read from files, so not before it is needed

    try:
        metric = find_metric(name)
    except KpiError as error:
        if any(word in name for word in VAGUE):
            return None, (False, _say(lang, "vague", name=name))
        return None, (False, error.sentence(lang))
    return metric, (True, _say(lang, "specific", name=metric.label(lang), code=metric.code))


def _figure(value: object) -> float | None:
    try:
        return as_number(value)  # type: ignore[arg-type]
    except KpiError:
        return None


def _measurable(lang: str, metric: Metric | None, baseline: object, target: object, unit: str | None
                ) -> tuple[float | None, float | None, Reason]:
    from xlkpi.metrics import load

    low, high = _figure(baseline), _figure(target)
    words = (("基线", "the baseline"), ("目标值", "the target"))
    for value, given, what in ((low, baseline, words[0]), (high, target, words[1])):
        if value is None:
            shown = "" if given is None else given
            return low, high, (False, _say(lang, "no_number", what=what[lang != "zh"], value=shown))
    assert low is not None
    assert high is not None
    if unit is None:
        return low, high, (False, _say(lang, "no_unit"))
    b, t = (say(value, "%" if unit == "%" else None) for value in (low, high))
    if low == high:
        return low, high, (False, _say(lang, "nothing", t=t))
    if metric is None:
        return low, high, (True, _say(lang, "uncounted", b=b, t=t, unit=unit))
    if metric.direction in ("up", "down") and (high > low) != (metric.direction == "up"):
        way = {"up": ("高", "higher"), "down": ("低", "lower")}[metric.direction][lang != "zh"]
        return low, high, (False, _say(lang, "wrong_way", name=metric.label(lang), way=way, t=t, b=b))
    how = load().formula(metric, lang)
    return low, high, (True, _say(lang, "measured", b=b, t=t, unit=unit, how=how))


def _attainable(lang: str, metric: Metric | None, low: float | None, high: float | None, first: date | None,
                last: date | None, history: Sequence[float | None]) -> Reason:
    days = (last - first).days if first and last else 0
    if low is None or high is None or low == high or days <= 0:
        return None, _say(lang, "no_rate")
    past = [value for value in history if value is not None]
    if metric is not None and metric.aggregation.code in ("sum", "count"):
        return _attainable_flow(lang, metric.direction != "down", high, days + 1, past)
    compound = low > 0 and high > 0 and all(value > 0 for value in past)
    sign = 1 if high > low else -1
    if compound:
        need = (high / low) ** (1 / days) - 1
        changes = [later / earlier - 1 for earlier, later in _neighbours(history)]
        text = _say(lang, "need_rate", days=days, rate=f"{need:.2%}")
    else:
        need = (high - low) / days
        changes = [later - earlier for earlier, later in _neighbours(history)]
        text = _say(lang, "need_amount", days=days, rate=say(need))
    if len(changes) < LEAST_HISTORY:
        return None, text + _say(lang, "no_history", count=len(past), least=LEAST_HISTORY + 1)
    reach = low + KPI_TREND(history) * days  # type: ignore[operator]
    ordered = sorted(sign * change for change in changes)
    line = _quantile(ordered, HIGH)
    facts = {"reach": say(reach), "line": percent(sign * line) if compound else say(sign * line), "stretch": STRETCH}
    if sign * reach >= sign * high:
        return False, text + _say(lang, "too_low", **facts)
    if sign * need > max(0.0, line) * STRETCH:
        return False, text + _say(lang, "too_high", **facts)
    return True, text + _say(lang, "attainable", **facts)


def _attainable_flow(lang: str, more: bool, target: float, days: int, past: list[float]) -> Reason:
    """A metric that adds up day by day: what a day needs against the days themselves."""
    need, sign = target / days, 1 if more else -1
    text = _say(lang, "need_sum", days=days, rate=say(need))
    if len(past) < LEAST_HISTORY:
        return None, text + _say(lang, "no_history", count=len(past), least=LEAST_HISTORY)
    line = sign * _quantile(sorted(sign * value for value in past), HIGH)
    reach = fsum(past) / len(past) * days
    facts = {"reach": say(reach), "line": say(line)}
    if sign * reach >= sign * target:
        return False, text + _say(lang, "too_low", **facts)
    if sign * need > sign * line:
        return False, text + _say(lang, "too_high_day", **facts)
    return True, text + _say(lang, "attainable_day", **facts)


def _neighbours(history: Sequence[float | None]) -> list[tuple[float, float]]:
    """Days that follow each other and are both known."""
    return [(earlier, later) for earlier, later in pairwise(history)
            if earlier is not None and later is not None]


def _quantile(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _realistic(lang: str, evidence: str | None) -> Reason:
    if evidence is None:
        return False, _say(lang, "no_evidence")
    if not SOURCES.search(evidence):
        return False, _say(lang, "weak_evidence", text=evidence)
    return True, _say(lang, "evidence", text=evidence)


def _timed(lang: str, start: object, due: object) -> tuple[date | None, date | None, Reason]:
    first, last = exact_date(start), exact_date(due)
    if first is None:
        return None, last, (False, _say(lang, "no_start"))
    if due is None:
        return first, None, (False, _say(lang, "no_due"))
    if last is None:
        try:
            begin, end = span_of(due, first)
        except KpiError as error:
            return first, None, (False, error.sentence(lang))
        return first, None, (False, _say(lang, "words", text=due, start=begin, end=end))
    if last <= first:
        return first, None, (False, _say(lang, "due_first", due=last, start=first))
    return first, last, (True, _say(lang, "timed", start=first, due=last, days=(last - first).days))

