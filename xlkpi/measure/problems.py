"""What can stand between a table and a figure."""

from __future__ import annotations

from xlkpi.errors import Problem


class NotATable(Problem):
    zh = "“{name}”不是表格：应为数据框、{{列名: 值}} 字典或行的列表，得到的是 {kind}"
    en = "'{name}' is not a table: give a data frame, a dictionary of columns or a list of rows, not {kind}"


class NoSuchMetric(Problem):
    zh = "{reason}"
    en = "{reason}"


class PeriodUpsideDown(Problem):
    zh = "结束日期 {end} 早于开始日期 {start}"
    en = "the period ends ({end}) before it starts ({start})"


class NotADay(Problem):
    zh = "“{value}”不是日期，请写成 2026-04-01 的形式"
    en = "'{value}' is no date; write it as 2026-04-01"


class MissingColumns(Problem):
    level = "warning"
    zh = "“{metric}”无法计算：{tables} 中没有 {columns}"
    en = "'{metric}' cannot be worked out: there is no {columns} in {tables}"


class DoubledColumn(Problem):
    zh = "两列都表示“{column}”：{headers}；请只保留一列"
    en = "two columns both mean '{column}': {headers}; keep one"


class NotANumberCell(Problem):
    zh = "“{value}”不是数字；缺数请留空"
    en = "'{value}' is not a number; leave a missing value blank"


class OutOfBound(Problem):
    zh = "{value:g} 超过该列可能的最大值 {most:g}；36.6% 请写 0.366 或 36.6%"
    en = "{value:g} is above the column's greatest possible value {most:g}; write 36.6% as 0.366 or 36.6%"


class NoDateColumn(Problem):
    zh = "“{metric}”需要日期列（日期或发布时间），表中没有"
    en = "'{metric}' needs a date column (date or published at), which the table does not have"


class UndatedRows(Problem):
    level = "warning"
    zh = "{count} 行没有日期，未计入期间"
    en = "{count} row(s) have no date and are not counted in the period"


class NoRows(Problem):
    level = "note"
    zh = "期间内没有“{metric}”的数据"
    en = "there are no data for '{metric}' in the period"


class RowsLeftOut(Problem):
    level = "note"
    zh = "“{metric}”有 {count} 行缺数，未计入"
    en = "'{metric}' leaves out {count} row(s) that lack data"


class MixedGenres(Problem):
    zh = "“{metric}”中视频与图文不可混算；请用 where 或 by 按体裁分开"
    en = "'{metric}' must not mix videos and image posts; separate them with where or by"


class NotAdditive(Problem):
    zh = "“{metric}”是去重人数，{rows} 行不可相加；请用整期导出的一行"
    en = "'{metric}' counts unique people: its {rows} rows cannot be added; use one row exported for the whole period"


class ZeroDenominator(Problem):
    level = "warning"
    zh = "“{metric}”的分母为 0，没有结果"
    en = "the denominator of '{metric}' is 0, so there is no value"


class DoubledDate(Problem):
    zh = "“{metric}”在 {day} 有 {rows} 个值，无法确定取哪一个；请用 by 分开（如按账号）"
    en = "'{metric}' has {rows} values on {day}; say which with by (for example by account)"


class LastIsEarlier(Problem):
    level = "note"
    zh = "“{metric}”取自 {day}，其后没有数据"
    en = "'{metric}' is of {day}; later days have no data"


class NoOpening(Problem):
    level = "warning"
    zh = "“{metric}”没有期初值：需要期间前一天的数据，或期间第一天的存量和净增"
    en = "'{metric}' has no opening value: give the day before the period, or stock and net change of its first day"


class LostExceedOpening(Problem):
    level = "warning"
    zh = "“{metric}”超过 100%：流失 {lost:g}，期初只有 {opening:g}；若非期间大量拉新，请核对数据；否则宜按平均粉丝比较"
    en = ("'{metric}' is above 100%: {lost:g} lost, {opening:g} at the opening; check the data, or compare on average "
          "fans where a campaign brought many new ones")


class NoPreviousDay(Problem):
    level = "warning"
    zh = "“{metric}”缺少 {day} 的数据"
    en = "'{metric}' has no data for {day}"


class NotMeasured(Problem):
    level = "note"
    zh = "“{metric}”是作品属性，不汇总成一个数；可用于 by 分组"
    en = "'{metric}' is a property of each work and no figure; use it in by"


class CumulativePlays(Problem):
    level = "note"
    zh = "“{metric}”取自作品表：是期间内发布的作品截至导出时的累计值，不是期间新增"
    en = "'{metric}' is from the works table: cumulative figures of works published in the period, not new ones of it"


class UnknownStatus(Problem):
    level = "warning"
    zh = "不认识的审核状态“{status}”（{count} 行），按已发布计入"
    en = "the review status '{status}' ({count} row(s)) is not known; counted as published"


class PartsMissing(Problem):
    level = "warning"
    zh = "“{metric}”缺少 {parts}"
    en = "'{metric}' lacks {parts}"
