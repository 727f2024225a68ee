"""Scoring sentences (评分标准) of Chinese assessment forms as rules that a cell can work out."""

from __future__ import annotations

from xlkpi.functions.completion import MissingTarget
from xlkpi.functions.figures import say
from xlkpi.functions.rule_errors import MissingRule
from xlkpi.functions.rule_grammar import read
from xlkpi.functions.rule_model import Band, Outcome, Points, Quantity, Rule, Step
from xlkpi.functions.rule_points import Reading, points_of, reading
from xlkpi.registry import kpi_function
from xlkpi.terms import (
    Actual,
    Language,
    Meaning,
    PercentKind,
    RowPoints,
    RowScore,
    RuleDirection,
    RuleText,
    Target,
)


@kpi_function()
def KPI_RULE(text: RuleText, actual: Actual, target: Target, full_points: RowPoints, direction: RuleDirection = None,
             percent: PercentKind = None) -> RowScore:
    """Points of a row by its scoring sentence, read and worked out; words that cannot be read are quoted, not skipped.

    按评分标准的原文计分：读懂句子并算出本项得分；读不懂的词会原样指出，绝不跳过。

    Steps: 每高X加Y / 每低X扣Y start at the target with the full points (or at the bound that the sentence names), whole
    steps only; 最高加 and 最低扣 are limits. Events: 每出现1处扣Y counts from the first one, the target must be blank
    or 0. 每完成1篇得Y earns from 0 up to the full points. Bands: 达标得满分，未达标按比例扣分; 80%-90%得25分.
    A row never falls below 0 unless 可为负分 is written or the full points are 0.
    A bare percentage is one of the target (actual ÷ target), but percentage points where the target lies between 0
    and 1, because then the metric is a rate; 个百分点 and 目标的5% always mean what they say. What stays open is an
    error: a rate typed as 95, a part that the sentence does not cover, a limit of the score or of what is added.
    KPI_RULE_READ shows how a sentence is understood.

    加减分步：“每高X加Y”“每低X扣Y”以目标（或句中写明的界线）为起点、以满分为基准，不足一步不计；“最高加”“最低扣”是上限。
    次数：“每出现1处扣Y”从第 1 次算起，目标须留空或为 0；“每完成1篇得Y”从 0 起算，不超过满分。分段：达标、未达标、
    ≥、低于、80%-90% 等。得分不低于 0，除非写明“可为负分”或满分为 0（加减分项）。
    百分比：单写“5%”指目标的 5%（按实际÷目标），但目标在 0 与 1 之间时指标本身是比率，按百分点；“个百分点”“目标的5%”
    照字面。有歧义就报错：比率写成 95、句子没有写到的区间、“最高N分”说不清是加分还是得分。可用 KPI_RULE_READ 查看读法。

    Errors: MissingRule, MissingFullPoints, MissingTarget, RuleSaysNothing, RuleEdgeUnclear, RuleNoCap #N/A; RuleUnread,
    RuleContradicts, RuleOfTwo, RuleIsVeto, RulePercentUnclear, RuleBaseUnclear, RuleTargetUnclear, RuleLimitUnclear
    #VALUE!; ZeroTarget #DIV/0!, NegativeTarget, NegativeFullPoints #NUM!.

    Source: catalogue section 4 (评分标准 grammar of 12 forms) and section 8 no. 1.

    >>> KPI_RULE("每高5%加1分，最高加8分；每低5%扣1分，最低扣8分", 1100, 1000, 20)
    22.0
    >>> KPI_RULE("每高5%加1分，最高加8分；每低5%扣1分，最低扣8分", 0.68, 0.8, 20)
    18.0
    >>> KPI_RULE("每出现1处扣2分，扣完为止", 3, None, 10)
    4.0
    >>> KPI_RULE("达标得满分，未达标按比例扣分", 90, 120, 20)
    15.0
    >>> KPI_RULE("≥90%得满分，80%-90%得25分，低于80%不得分", 0.85, 0.9, 30)
    25.0
    >>> KPI_RULE("≤2小时，每提前1小时得1分", 0.5, 2, 5)
    1.0
    >>> KPI_RULE("每完成1篇得3分", None, None, 20)
    >>> KPI_RULE("每高5%加1分，领导满意再议", 90, 100, 20)
    Traceback (most recent call last):
    xlkpi.functions.rule_errors.RuleUnread: ...
    >>> KPI_RULE("每低5%扣1分，每低5%扣2分", 90, 100, 20)
    Traceback (most recent call last):
    xlkpi.functions.rule_errors.RuleContradicts: ...
    >>> KPI_RULE("每高5%加1分", 90, 100, 20)
    Traceback (most recent call last):
    xlkpi.functions.rule_errors.RuleSaysNothing: ...
    """
    if text is None:
        raise MissingRule
    found = reading(read(text), actual, target, full_points, direction, percent)
    return None if actual is None else float(points_of(found, actual))


@kpi_function()
def KPI_RULE_READ(text: RuleText, target: Target = None, full_points: RowPoints = None, direction: RuleDirection = None,
                  percent: PercentKind = None, lang: Language = "zh") -> Meaning:
    """How KPI_RULE understands a sentence: a table of two columns, the words and what they are taken to mean.

    评分标准的读法：列出 KPI_RULE 如何理解句子的每一部分，两列，左为原文，右为读法。

    With the target and the full points the numbers are worked out, without them they are said in words.

    给出目标和满分时写出具体数值，不给则用文字说明。

    Errors: as KPI_RULE.

    Source: catalogue section 8 no. 2.

    >>> KPI_RULE_READ("每出现1处扣2分，扣完为止", None, 10)
    [['每出现1处扣2分', '0 时 10 分，每满 1处 扣 2 分，最低 0 分']]
    >>> KPI_RULE_READ("每低5%扣1分", 200, 10, None, None, "en")
    [['每低5%扣1分', '10 points at 200, minus 1 for every full 10 below, never under 0']]
    >>> KPI_RULE_READ("看情况给分")
    Traceback (most recent call last):
    xlkpi.functions.rule_errors.RuleUnread: ...
    """
    if text is None:
        raise MissingRule
    rule = read(text)
    given = full_points if full_points is not None else rule.full
    found = _standing(rule, target, given, direction, percent)
    column = 0 if lang == "zh" else 1
    rows = [[band.text, _said_band(found, band, column, target is None)] for band in found.rule.bands]
    rows += [[step.text, _said_step(found, step, column, target is None, given is None)] for step in found.rule.steps]
    for points, words in ((rule.base, ("基础分 {}", "base {}")), (rule.most, ("得分最高 {}", "score at most {}")),
                          (rule.least, ("得分最低 {}", "score at least {}"))):
        if points is not None:
            rows.append(["", words[column].format(_said_points(points, column))])
    for flag, words in ((rule.uncapped, ("不封顶", "no cap")), (rule.negative, ("可为负分", "may go below 0")),
                        (rule.round_up, ("不足一步按一步计", "part of a step counts as a whole one"))):
        if flag:
            rows.append(["", words[column]])
    rows += [["", ("指标：{}", "metric: {}")[column].format(name)] for name in rule.names]
    return rows


def _standing(rule: Rule, target: float | None, full: float | None, direction: str | None, percent: str | None
              ) -> Reading:
    """The rule beside its row; without a target only what can be read without it is checked."""
    try:
        return reading(rule, None, target, 100.0 if full is None else full, direction, percent)
    except MissingTarget:
        return Reading(rule, None, 100.0 if full is None else full, -1 if direction == "down" else 1, percent or "")


def _said_points(points: Points, column: int) -> str:
    if points.share:
        return ("满分" if points.value == 1 else f"满分的{points.value:.0%}", f"{points.value:.0%} of the full points"
                )[column]
    return (f"{say(points.value)} 分", f"{say(points.value)} points")[column]


def _said_line(found: Reading, quantity: Quantity, column: int, bare: bool) -> str:
    if quantity.kind == "plain":
        return quantity.text or say(quantity.value)
    if bare:
        words = {"target": ("目标", "the target"), "points": ("百分点", "percentage points")}
        return words.get(quantity.kind, (quantity.text,) * 2)[column]
    value = found.at(quantity)
    rate = found.target is not None and abs(found.target) <= 1
    return say(value, "%") if rate else say(value)


def _said_step(found: Reading, step: Step, column: int, bare: bool, unknown: bool) -> str:
    verb = {"add": ("加", "plus"), "deduct": ("扣", "minus"), "earn": ("得", "earn")}[step.op][column]
    each = say(step.points.of(found.full))
    size = _said_line(found, step.size, column, bare and step.size.kind != "plain")
    start = "" if not step.side else _said_line(found, step.anchor or Quantity(1.0, "target"), column, bare)
    base = 0.0 if step.op == "earn" and not step.again else _base_points(found, step)
    full = ("满分", "the full points")[column] if unknown and step.base is None and base else _said_points(
        Points(base), column)
    if not step.side:
        start = "0"
    most = say(step.most.of(found.full)) if step.most is not None else ""
    floored = step.op == "deduct" and not most and not found.rule.negative and found.full
    if column == 0:
        side = {1: "高出", -1: "低", 0: ""}[step.side]
        text = f"{start} 时 {full}，每{side}满 {size} {verb} {each} 分"
        return text + (f"，最多{verb} {most} 分" if most else "，最低 0 分" if floored else "")
    side = {1: " above", -1: " below", 0: ""}[step.side]
    text = f"{full} at {start}, {verb} {each} for every full {size}{side}"
    return text + (f", at most {most}" if most else ", never under 0" if floored else "")


def _base_points(found: Reading, step: Step) -> float:
    if found.rule.base is not None:
        return found.rule.base.of(found.full)
    outcome = step.base
    if outcome is None:
        return found.full
    return outcome.value if outcome.kind == "points" else found.full * outcome.value


def _said_band(found: Reading, band: Band, column: int, bare: bool) -> str:
    outcome = band.outcome or Outcome("points")
    if band.hit is not None:
        up = band.hit == (found.way > 0)
        sign = ("≥" if band.hit else ">") if up else ("≤" if band.hit else "<")
        where = f"{sign} {_said_line(found, Quantity(1.0, 'target'), column, bare)}"
    else:
        parts = []
        for edge, signs in ((band.low, ("≥", ">")), (band.high, ("≤", "<"))):
            if edge is not None:
                parts.append(f"{signs[edge.inside is False]} {_said_line(found, edge.at, column, bare)}")
        where = ("、" if column == 0 else ", ").join(parts) or ("其余", "otherwise")[column]
    said = {
        "points": (f"得 {say(outcome.value)} 分", f"{say(outcome.value)} points"),
        "share": ("得满分" if outcome.value == 1 else f"得满分的 {outcome.value:.0%}",
                  "full points" if outcome.value == 1 else f"{outcome.value:.0%} of the full points"),
        "change": (f"满分{'加' if outcome.value > 0 else '扣'} {say(abs(outcome.value))} 分",
                   f"full points {'plus' if outcome.value > 0 else 'minus'} {say(abs(outcome.value))}"),
        "proportion": ("满分 × 完成率", "full points × completion"),
    }[outcome.kind][column]
    return f"{where}：{said}" if column == 0 else f"{where}: {said}"
