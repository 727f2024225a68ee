"""A catalogue metric from a table of rows in the sheet: columns found by their headers, rows aggregated as it says.

The same arithmetic as :mod:`xlkpi.measure`, for one table in cells and without its dependencies; the tests hold the two
equal. What several tables are needed for is refused here by name.
"""

from __future__ import annotations

from xlkpi.cells import as_date
from xlkpi.errors import KpiError
from xlkpi.registry import kpi_function
from xlkpi.terms import DataTable, Figure, FromDay, MetricName, RowFilters, ToDay


class MetricMissing(KpiError):
    code = "#N/A"
    zh = "没有写指标名称"
    en = "no metric is named"


@kpi_function()
def KPI_ACTUAL(metric: MetricName, table: DataTable, start: FromDay = None, end: ToDay = None,
               filters: RowFilters = None) -> Figure:
    """Actual value of a catalogue metric from a table: its columns are found in the header and aggregated as it says.

    由数据表求指标实际值：按表头（中文、英文、代码或别名）找到所需的列，按指标目录的口径汇总。

    Flows are added, stocks take the last day, ratios are ratios of sums over the rows where both sides are known.
    With start or end only rows of these days count. Blank cells and - are missing, never 0; no row with data: missing.
    Filters are two columns, a column name and the value wanted (体裁, 视频). Refused by name: total rows among the
    data, text that is no number, videos mixed with image posts, unique people in several rows, two rows on one day
    of a stock. Plays in a work list are cumulative to the export time. Rates on the opening base (流失率, 净增长率,
    复合增长率) take the stock of the day before the period, so leave that row in the table; without it the first day's
    stock less its net change. A share (单篇阅读来源) is that of the group chosen with the filters. A metric made of
    metrics (用户忠诚度, 功能受欢迎度) needs their columns in the one table.

    流量相加，存量取最后一天，比率为两侧都有数据的行的合计之比。给出起止日期时只计这些天的行。空白和“-”是缺数，绝不
    当作 0；没有数据则为缺数。筛选为两列：列名与所要的值（体裁 视频）。数据中的合计行、读不成数字的文字、视频与图文
    混算、去重人数多行相加、存量同一天有多行，都会指明并拒绝。作品列表中的播放量是截至导出时的累计值。以期初为分母的指标
    （流失率、净增长率、复合增长率）取期间前一天的存量，请把这一行留在表中；没有时以首日存量减当日净变动推算。占比（单篇阅读
    来源）是筛选所选那一组的占比。由多个指标计算的指标（用户忠诚度、功能受欢迎度）需要各指标的列都在这张表中。

    Errors: UnknownMetric, AmbiguousMetric #NAME?; ColumnsNotFound, DoubledHeader, BadCell, NeedsDates, UndatedRow,
    TotalRow, SeveralOnLastDay, PeopleNotAdditive, GenresMixed, GroupNotChosen, NotAFigure, NoTable #VALUE!;
    MetricMissing, NoOpening, NoDayBefore #N/A; ZeroSum, ZeroOpening #DIV/0!; OpeningNotPositive, NegativeClosing,
    PeriodEndsBeforeStart #NUM!.

    Source: catalogue sections 1.1 and 1.11 (no. 8–13, 18, 20).

    >>> KPI_ACTUAL("点赞数", [["日期", "点赞"], ["2026-04-01", 10], ["2026-05-01", 7]], "2026-04-01", "2026-04-30")
    10.0
    >>> KPI_ACTUAL("完播率", [["播放量", "完播率"], [1000, 0.5], [3000, 0.1], [None, 0.9]])
    0.2
    >>> KPI_ACTUAL("点赞数", [["播放量"], [1000]])
    Traceback (most recent call last):
    xlkpi.functions.actual_rows.ColumnsNotFound: ...
    >>> KPI_ACTUAL("流失率", [["日期", "总粉丝量", "取关粉丝"], ["2026-03-31", 1000, 9], ["2026-04-30", 1200, 50]],
    ...            "2026-04-01", "2026-04-30")
    0.05
    """
    if metric is None:
        raise MetricMissing
    # the catalogue is read from files, so not before it is needed
    from xlkpi.functions.actual_rows import Rows
    from xlkpi.functions.actual_ways import actual
    from xlkpi.metrics import find_metric

    found = find_metric(metric)
    data = Rows(table, filters or (), as_date(start), as_date(end))
    return actual(data, found, data.within(found, data.ever()))
