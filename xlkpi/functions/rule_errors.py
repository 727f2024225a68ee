"""What can be wrong with a scoring sentence (评分标准) or unclear beside its row."""

from __future__ import annotations

from xlkpi.errors import KpiError


class RuleUnread(KpiError):
    zh = "评分标准中读不懂的部分：{parts}；请改写，例如“每高5%加1分，最高加8分”“达标得满分，未达标按比例扣分”"
    en = "these words of the scoring sentence could not be read: {parts}; write them like the examples of KPI_RULE"


class RuleContradicts(KpiError):
    zh = "评分标准自相矛盾：{what}"
    en = "the scoring sentence contradicts itself: {what}"


class RuleIsVeto(KpiError):
    zh = "“一票否决”管的是整张考核表的等级，不是这一项的得分；请把它单列一行，计分方法选“一票否决”"
    en = "一票否决 (veto) decides the grade of the whole form, no row's points; give it a row with the method veto"


class RuleOfTwo(KpiError):
    zh = "评分标准说的不止一个指标：{names}；一行只有一个实际值，请分成几行"
    en = "the sentence speaks of several metrics ({names}), and a row has one actual value; make it several rows"


class RuleSaysNothing(KpiError):
    code = "#N/A"
    zh = "评分标准没有写实际值为 {actual:g} 时怎么计分（目标 {target}）；请补上这一段"
    en = "the scoring sentence says nothing for the actual value {actual:g} (target {target}); add that part"


class RuleEdgeUnclear(KpiError):
    code = "#N/A"
    zh = "实际值正好是分界 {actual:g}，评分标准没有写清它属于哪一段（{parts}）；请写“≥”“<”或“（含）”"
    en = "the actual value {actual:g} lies exactly on an edge claimed by {parts}; write ≥, < or （含）"


class RulePercentUnclear(KpiError):
    zh = "分不清 % 是目标的百分比还是百分点（{why}）；请在 percent 参数写 target 或 points，或写“个百分点”“目标的5%”"
    en = "% may be a share of the target or percentage points ({why}); give percent as target or points"


class RuleBaseUnclear(KpiError):
    zh = "“{part}”从多少分起算没有写明；请写“基础分60分”，从 0 起算请写“每…得…分”，加分项请把满分填 0"
    en = "'{part}' does not say which points it starts from; write 基础分60分, or give full points 0 for a bonus item"


class RuleTargetUnclear(KpiError):
    zh = "“{part}”从第 1 次算起，目标却是 {target:g}；请把目标填 0 或留空，或写“每超1次扣…分”"
    en = "'{part}' counts from the first event, but the target is {target:g}; leave it blank or write 每超1次"


class RuleLimitUnclear(KpiError):
    zh = "“最高 {limit:g} 分”说的是加分还是得分不清楚（{part}）；请写“最高加…分”或“最高得…分”"
    en = "the limit {limit:g} may be of what is added or of the score ({part}); write 最高加 or 最高得"


class RuleNoCap(KpiError):
    code = "#N/A"
    zh = "按比例得分，实际值超过目标（完成率 {completion:.1%}），评分标准没有写是否封顶；请写“最高得满分”或“上不封顶”"
    en = "in proportion, and beyond the target ({completion:.1%}): write 最高得满分 or 上不封顶"


class MissingRule(KpiError):
    code = "#N/A"
    zh = "没有评分标准"
    en = "there is no scoring sentence"


class MissingFullPoints(KpiError):
    code = "#N/A"
    zh = "没有满分；请填写本项满分（权重分）"
    en = "the full points are missing"


class NegativeFullPoints(KpiError):
    code = "#NUM!"
    zh = "满分不能为负数：{value:g}"
    en = "the full points cannot be negative: {value:g}"
