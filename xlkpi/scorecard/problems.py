"""What can be wrong with goals and with the actual values that they are held against."""

from __future__ import annotations

from xlkpi.errors import Problem


class MissingHeading(Problem):
    zh = "缺少列“{heading}”"
    en = "there is no column '{heading}'"


class UnknownHeading(Problem):
    level = "warning"
    zh = "目标表的列“{heading}”不认识，未使用{hint}"
    en = "the goals' column '{heading}' is not known and not used{hint}"


class DoubledHeading(Problem):
    zh = "目标表有两列都表示“{heading}”：{headers}"
    en = "two columns of the goals both mean '{heading}': {headers}"


class NoGoals(Problem):
    zh = "目标表没有任何目标"
    en = "there are no goals"


class GoalWithoutMetric(Problem):
    zh = "目标没有写明指标"
    en = "the goal does not name its metric"


class GoalMetricUnknown(Problem):
    zh = "{reason}"
    en = "{reason}"


class GoalWithoutTarget(Problem):
    zh = "“{metric}”没有目标值"
    en = "'{metric}' has no target"


class GoalWithoutWeight(Problem):
    zh = "“{metric}”没有权重；不计入总分请写 0"
    en = "'{metric}' has no weight; write 0 if it shall not count"


class DoubledGoal(Problem):
    zh = "“{metric}”在第 {first} 行已有目标"
    en = "'{metric}' already has a goal in row {first}"


class BadGoalCell(Problem):
    zh = "{reason}"
    en = "{reason}"


class PercentAsNumber(Problem):
    level = "warning"
    zh = "“{metric}”的目标 {target:g} 即 {percent:g}%；若要 {target:g}%，请写 {target:g}% 或 {fraction:g}"
    en = "the target {target:g} of '{metric}' is {percent:g}%; for {target:g}% write {target:g}% or {fraction:g}"


class MixedWeights(Problem):
    zh = "权重有的写百分号、有的写数字（{weights}），请统一"
    en = "some weights are written with a percent sign and some without ({weights}); write them all alike"


class WeightsWrong(Problem):
    zh = "{reason}"
    en = "{reason}"


class WeightsNormalised(Problem):
    level = "note"
    zh = "权重已归一：{total} → 100%"
    en = "the weights are shares of their sum: {total} → 100%"


class DimensionWithoutWeight(Problem):
    zh = "维度“{dimension}”没有维度权重"
    en = "the dimension '{dimension}' has no dimension weight"


class DimensionWeightTwice(Problem):
    zh = "维度“{dimension}”有两个不同的权重：{one:g} 和 {two:g}"
    en = "the dimension '{dimension}' has two different weights: {one:g} and {two:g}"


class DimensionWeightNegative(Problem):
    zh = "维度“{dimension}”的权重为负数：{weight:g}"
    en = "the weight of the dimension '{dimension}' is negative: {weight:g}"


class DimensionWeightsWrong(Problem):
    zh = "各维度的权重合计为 {total}，应为 100%"
    en = "the weights of the dimensions add up to {total}, not 100%"


class IndicatorWeightsWrong(Problem):
    zh = "维度“{dimension}”内各指标的权重合计为 {total}；应为 100%（占维度），或等于维度权重 {weight}（占总分）"
    en = ("the weights inside the dimension '{dimension}' add up to {total}; they must make 100% (of the dimension) "
          "or its weight {weight} (of the whole)")


class VetoTouched(Problem):
    level = "warning"
    zh = "触发一票否决：{metrics}；无论总分多少，等级为“{grade}”"
    en = "veto by {metrics}: the grade is '{grade}' whatever the total"


class Prorated(Problem):
    level = "note"
    zh = "目标按 {share} 折算（{count} 项：流量指标及有基线的指标；比率与评分不折算）：{metrics}"
    en = "targets taken at {share} ({count}: flows and what has a baseline; no ratios and ratings): {metrics}"


class CannotScore(Problem):
    zh = "“{metric}”无法计分：{reason}"
    en = "'{metric}' cannot be scored: {reason}"


class ActualMissing(Problem):
    level = "note"
    zh = "“{metric}”没有实际值，{what}"
    en = "'{metric}' has no actual value; {what}"


class ActualCarried(Problem):
    level = "warning"
    zh = "“{metric}”本期没有实际值，沿用上期的 {value:g}"
    en = "'{metric}' has no actual value for this period; that of the one before, {value:g}, is used"


class ActualRequired(Problem):
    zh = "“{metric}”没有实际值"
    en = "'{metric}' has no actual value"


class ActualNotANumber(Problem):
    zh = "“{metric}”的实际值 {reason}"
    en = "the actual value of '{metric}': {reason}"


class ActualTwice(Problem):
    zh = "“{metric}”有两个不同的实际值：{one} 和 {two}"
    en = "'{metric}' has two different actual values: {one} and {two}"


class ActualUnused(Problem):
    level = "warning"
    zh = "实际值“{name}”不是已知指标，未使用{hint}"
    en = "the actual value '{name}' is no known metric and not used{hint}"


class GradesWrong(Problem):
    zh = "等级表有误：{reason}"
    en = "the grade table is wrong: {reason}"


class ProrateWrong(Problem):
    zh = "折算比例应大于 0、不超过 1（100%），得到的是 {share:g}"
    en = "the share of the period must be above 0 and at most 1 (100%), not {share:g}"


class CarryNeedsBoth(Problem):
    zh = "缺数沿用上期（missing 为 carry）与上期的实际值（previous）要一起给出"
    en = "missing 'carry' and the values of the period before (previous) belong together; give both"


class BadOption(Problem):
    zh = "{reason}"
    en = "{reason}"
