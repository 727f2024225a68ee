"""What is wrong with the figures, by the diagnosis rules of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlkpi.errors import KpiError
from xlkpi.functions.figures import same_size, say, settle
from xlkpi.registry import kpi_function
from xlkpi.terms import DiagnosisProfile, DiagnosisTable, Language, MetricLines, MetricNames, MetricValues

if TYPE_CHECKING:
    from xlkpi.metrics import Metric
    from xlkpi.metrics.diagnosis import DiagnosisRule

LEAST_PERIODS = 3


class NothingToJudge(KpiError):
    code = "#N/A"
    zh = "没有一行同时有指标、实际值和对照线，无法诊断"
    en = "no row has a metric, a value and a line, so there is nothing to judge"


class MetricNameMissing(KpiError):
    zh = "第 {place} 行有数值，但没有指标名称"
    en = "row {place} has a value but no metric"


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric in one period beside its line."""

    metric: Metric
    value: float
    line: float

    @property
    def bad(self) -> bool:
        sign = -1 if self.metric.direction == "down" else 1
        return settle(sign * self.value) < settle(sign * self.line)

    def said(self, lang: str) -> str:
        unit = "%" if "%" in self.metric.format else None
        value, line = say(self.value, unit), say(self.line, unit)
        sign = "<" if self.value < self.line else ">" if self.value > self.line else "="
        return f"{self.metric.label(lang)} {value} {sign} {line}"


@kpi_function()
def KPI_DIAGNOSE(codes: MetricNames, values: MetricValues, benchmarks: MetricLines, profile: DiagnosisProfile = "all",
                 lang: Language = "zh") -> DiagnosisTable:
    """Diagnosis: the rules that apply to the figures, each with its evidence and what to do.

    诊断：列出数据触发的规则，每行为规则、依据、建议。

    A metric is bad when it is worse than its line in its own direction (churn above, read rate below). Pair rules need
    one figure that is good and one that is bad: hollow growth (fans up, interaction or reading down) and click-bait
    (opened but not finished or acted on). A metric given in several rows is several periods, oldest first: the last
    decides, and missed in all of three or more means the target may be too high. Rows without value or line are not
    judged, never taken as 0. Nothing applies: one row says so.

    指标按自身方向比对照线差即为异常（流失率高于、阅读率低于）。组合规则须一好一坏：无效增长（涨粉而互动、阅读低）、标题党
    （打开高而看完或转化低）。同一指标的多行视为多期，从早到晚，以最后一期为准；三期以上全部未达提示目标可能过高。缺数值或
    对照线的行不判断，绝不当作 0。没有触发任何规则时用一行说明。

    Errors: UnknownMetric, AmbiguousMetric #NAME?, NothingToJudge #N/A, MetricNameMissing, SizeMismatch #VALUE!.

    Source: catalogue section 1.6 (13 rules) and section 8 no. 10.

    >>> KPI_DIAGNOSE(["阅读率"], [0.35], [0.3])
    [['无异常', '已判断 1 项指标，没有触发规则', '']]
    >>> KPI_DIAGNOSE(["净增粉丝数", "阅读率"], [0, None], [1, 0.3], "wechat", "en")  # doctest: +NORMALIZE_WHITESPACE
    [['Fan change', 'Net followers 0 < 1', 'Write down why fans came or left and what to change'],
     ['Goal missed', 'Net followers 0 < 1', 'Analyse the causes in depth and discuss improvements'],
     ['Report', '2 rules apply',
      'Report with table and curve; adjust content, campaigns, product and execution in time']]
    >>> KPI_DIAGNOSE(["阅读率"], [None], [0.3])
    Traceback (most recent call last):
    xlkpi.functions.diagnose.NothingToJudge: ...
    """
    same_size(codes=codes, values=values, benchmarks=benchmarks)
    periods = _judged(codes, values, benchmarks)
    if not periods:
        raise NothingToJudge
    from xlkpi.metrics.diagnosis import rules  # read from a file, so not before it is needed

    rows: list[list[str]] = []
    for rule in rules():
        if profile != "all" and rule.profile not in ("all", profile):
            continue
        if rule.when != "fired":
            evidence = _evidence(rule, periods, lang)
        else:
            evidence = (f"触发 {len(rows)} 条规则" if lang == "zh" else f"{len(rows)} rules apply") if rows else ""
        if evidence:
            rows.append([rule.label(lang), evidence, rule.action(lang)])
    if rows:
        return [list(row) for row in rows]
    return [["无异常", f"已判断 {len(periods)} 项指标，没有触发规则", ""] if lang == "zh" else
            ["nothing found", f"{len(periods)} metrics judged, no rule applies", ""]]


def _judged(codes: MetricNames, values: MetricValues, lines: MetricLines) -> dict[str, list[Judged]]:
    """The rows that can be judged, by metric, in their order."""
    from xlkpi.metrics import find_metric

    found: dict[str, list[Judged]] = defaultdict(list)
    for place, (code, value, line) in enumerate(zip(codes, values, lines, strict=True), 1):
        if code is None:
            if value is not None:
                raise MetricNameMissing(place=place)
            continue
        metric = find_metric(code)
        if value is not None and line is not None and metric.direction is not None:
            found[metric.canonical].append(Judged(metric, value, line))
    return found


def _evidence(rule: DiagnosisRule, periods: dict[str, list[Judged]], lang: str) -> str:
    """Why the rule applies, or nothing."""
    comma = "；" if lang == "zh" else "; "
    last = {code: found[-1] for code, found in periods.items()}
    if rule.when == "missed":
        return comma.join(one.said(lang) for one in last.values() if one.bad)
    if rule.when == "always":
        missed = [found for found in periods.values() if len(found) >= LEAST_PERIODS and all(one.bad for one in found)]
        words = "{}：{} 期全部未达" if lang == "zh" else "{}: missed in all of {} periods"
        return comma.join(words.format(found[0].metric.label(lang), len(found)) for found in missed)
    bad = [last[code] for code in rule.bad if code in last and last[code].bad]
    good = [last[code] for code in rule.good if code in last and not last[code].bad]
    if not bad or (rule.when == "pair" and not good):
        return ""
    return comma.join(one.said(lang) for one in (*good, *bad))
