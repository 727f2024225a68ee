"""Scoring sentences (评分标准) of Chinese assessment forms as rules that a cell can work out."""

from __future__ import annotations

from xlkpi.functions.rule_errors import MissingRule
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
    from xlkpi.functions.rule_grammar import read  # the grammar is a third of all functions, so not before it is needed
    from xlkpi.functions.rule_points import points_of, reading

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
    from xlkpi.functions.rule_saying import meanings

    return meanings(text, target, full_points, direction, percent, lang)
