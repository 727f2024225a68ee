"""KPI_ACTUAL by hand, and held equal to xlkpi.measure on the same tables."""

from __future__ import annotations

from typing import Any

import pytest

from xlkpi import cells
from xlkpi.errors import CellError, KpiError
from xlkpi.functions.actual import KPI_ACTUAL
from xlkpi.measure import measure
from xlkpi.registry import find

WORKS: list[list[Any]] = [
    ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "点赞量", "评论量", "分享量"],
    ["a", "2026-03-31 23:59:59", "1min-视频", "审核通过", "1,000", "0.5", 10, 1, 1],
    ["b", "2026-04-01 00:00:00", "1min-视频", "审核通过", 2000, 0.25, 60, 15, 5],
    ["c", "2026-04-15 12:00:00", "1-3min视频", "审核通过", "500", "40%", 30, 5, 5],
    ["d", "2026-04-30 23:59:59", "1min-视频", "审核未通过", "-", 0.9, 7, 1, 1],
]
DAILY: list[list[Any]] = [
    ["日期", "净增粉丝", "取关粉丝", "总粉丝量", "点赞", "播放量"],
    ["2026-03-31", 4, 1, 990, 3, 30], ["2026-04-01", 10, 2, 1000, 5, 50], ["2026-04-02", -3, 5, 997, None, 40],
    [46115, None, 1, None, 2, 10],
]


@pytest.mark.parametrize(("metric", "table", "want"), [
    ("videos_produced", WORKS, 2), ("完播率", WORKS, (0.25 * 2000 + 0.4 * 500) / 2500), ("点赞数", WORKS, 97),
    ("interaction_rate_video", WORKS, (80 + 40) / 2500), ("净增粉丝", DAILY, 7), ("粉丝总数", DAILY, 997),
    ("cancelled_followers", DAILY, 8),
])
def test_a_month_by_hand_and_as_measured(metric: str, table: list[list[Any]], want: float) -> None:
    value = KPI_ACTUAL(metric, table, "2026-04-01", "2026-04-30")
    assert value == pytest.approx(want)
    columns = {header: [row[place] for row in table[1:]] for place, header in enumerate(table[0])}
    if table is DAILY:
        columns["日期"][-1] = "2026-04-03"  # the serial number, as text
    measured = measure({"works" if table is WORKS else "daily": columns}, metric, start="2026-04-01", end="2026-04-30")
    assert measured.rows[0].value == pytest.approx(value)


FANS: list[list[Any]] = [
    ["日期", "总粉丝量", "取关粉丝", "新增粉丝", "咨询量"],
    ["2026-03-31", 1000, 1, 3, 40], ["2026-04-01", 1040, 10, 50, 20],
    ["2026-04-30", 1100, 40, 100, "-"], ["2026-05-30", 1190, 20, 110, 25], ["2026-05-31", 1210, 0, 20, 30],
]
CHANNELS: list[list[Any]] = [
    ["日期", "渠道", "阅读次数"],
    ["2026-04-01", "全部", 100], ["2026-04-01", "朋友圈", 60], ["2026-04-01", "公众号消息", 30],
    ["2026-04-02", "朋友圈", 20], ["2026-04-02", "公众号消息", 50], ["2026-05-01", "朋友圈", 900],
]
SCENES: list[list[Any]] = [["分享场景", "分享次数"], ["好友转发", 30], ["朋友圈", 10]]
MENU: list[list[Any]] = [
    ["标题吸引力", "正文实用性", "栏目设计合理性", "多媒体使用", "评论量", "点赞量", "消息回复量", "粉丝总数",
     "菜单点击人数", "小程序使用人数"],
    [90, 80, 70, None, 30, 60, 10, 1000, 200, 400],
]


@pytest.mark.parametrize(("metric", "table", "end", "want"), [
    ("流失率", FANS, "2026-04-30", 50 / 1000), ("净增长率", FANS, "2026-04-30", (40 + 60) / 1000),
    ("净增长率", FANS, "2026-05-31", (40 + 60 + 90 + 20) / 1000),
    ("粉丝复合增长率", FANS, "2026-04-30", 0.1), ("粉丝复合增长率", FANS, "2026-05-31", 1.21 ** 0.5 - 1),
    ("每日咨询环比", FANS, "2026-05-31", 30 / 25 - 1), ("每日咨询环比", FANS, "2026-04-01", 20 / 40 - 1),
    ("user_loyalty", MENU, None, 0.8 * 0.1 * 0.3), ("功能受欢迎度", MENU, None, 0.3),
    ("feature_popularity", [row[:9] for row in MENU], None, 0.2), ("content_value", MENU, None, 80),
])
def test_bases_and_metrics_of_metrics_by_hand_and_as_measured(metric: str, table: list[list[Any]], end: str | None,
                                                              want: float) -> None:
    start = "2026-04-01" if end else None
    value = KPI_ACTUAL(metric, table, start, end)
    assert value == pytest.approx(want)
    columns = {header: [row[place] for row in table[1:]] for place, header in enumerate(table[0])}
    assert measure({"daily": columns}, metric, start=start, end=end).rows[0].value == pytest.approx(value)


def test_the_opening_without_the_day_before() -> None:
    april = [FANS[0], *FANS[2:4]]  # 1040 fans on the first day, 40 of them new
    assert KPI_ACTUAL("流失率", april, "2026-04-01", "2026-04-30") == pytest.approx(50 / 1000)
    assert KPI_ACTUAL("流失率", april) == pytest.approx(50 / 1000)  # the table's own first day
    customers = [["日期", "新增客户数", "流失客户数", "期末客户数"], ["2026-04-30", 30, 10, 220]]
    assert KPI_ACTUAL("用户增长", customers) == 0.1


@pytest.mark.parametrize(("channel", "want"), [("朋友圈", 80 / 160), ("公众号消息", 80 / 160)])
def test_the_share_of_a_channel(channel: str, want: float) -> None:
    april = ("2026-04-01", "2026-04-30")
    assert KPI_ACTUAL("单篇阅读来源", CHANNELS, *april, [["渠道", channel]]) == pytest.approx(want)
    columns = {header: [row[place] for row in CHANNELS[1:]] for place, header in enumerate(CHANNELS[0])}
    measured = {row.group["channel"]: row.value for row in measure(
        {"traffic": columns}, "单篇阅读来源", start=april[0], end=april[1])}
    assert measured[channel] == pytest.approx(want)
    assert KPI_ACTUAL("分享路径", SCENES, None, None, [["分享场景", "朋友圈"]]) == 0.25
    assert KPI_ACTUAL("分享路径", SCENES, None, None, [["分享场景", "看一看"]]) is None


def test_the_whole_table_without_days() -> None:
    assert KPI_ACTUAL("点赞数", [["Likes"], [1], [None], ["1.2万"]]) == 12001
    assert KPI_ACTUAL("点赞数", [["Likes"], [None], ["-"]]) is None
    assert KPI_ACTUAL("粉丝总数", [["总粉丝量"], [900]]) == 900


def test_filters() -> None:
    table = [["体裁", "播放量", "完播率"], ["视频", 100, 0.5], ["图文", 900, 0.9], ["1min-视频", 300, 0.1]]
    assert KPI_ACTUAL("完播率", table, None, None, [["体裁", "视频"]]) == pytest.approx(0.2)
    assert KPI_ACTUAL("完播率", table, None, None, [["genre", "image"]]) == pytest.approx(0.9)
    assert KPI_ACTUAL("播放量", table, None, None, [["体裁", "1min-视频"]]) == 300


def test_channels_are_not_counted_with_their_total() -> None:
    table = [["日期", "渠道", "阅读次数", "分享量"], ["2026-04-01", "全部", 100, 9], ["2026-04-01", "朋友圈", 60, 9]]
    assert KPI_ACTUAL("shares", table) == 9
    assert KPI_ACTUAL("shares", table, None, None, [["渠道", "朋友圈"]]) == 9


@pytest.mark.parametrize(("args", "error", "word"), [
    (("点赞数", [["播放量"], [1]]), "ColumnsNotFound", "播放量"), (("点赞绿", WORKS), "UnknownMetric", "点赞"),
    (("互动率", WORKS), "AmbiguousMetric", "interaction_rate_video"), ((None, WORKS), "MetricMissing", "指标"),
    (("点赞数", [["点赞"]]), "NoTable", "列名"), (("点赞数", [["点赞", "点赞量"], [1, 2]]), "DoubledHeader", "点赞量"),
    (("点赞数", [["点赞"], [None], ["多"]]), "BadCell", "第 2 行"),
    (("点赞数", [["点赞"], [CellError("#REF!")]]), "BadCell", "#REF!"),
    (("完播率", [["播放量", "完播率"], [10, 36.6]]), "BadCell", "> 1"),
    (("点赞数", [["日期", "点赞"], ["2026-04-01", 3], ["合计", 3]]), "TotalRow", "合计"),
    (("点赞数", [["日期", "点赞"], ["2026-04-01", 3], [None, 3]], "2026-04-01"), "UndatedRow", "第 2 行"),
    (("点赞数", [["点赞"], [3]], "2026-04-01"), "NeedsDates", "日期"),
    (("点赞数", WORKS, "2026-04-02", "2026-04-01"), "PeriodEndsBeforeStart", "早于"),
    (("粉丝总数", [["总粉丝量"], [9], [8]]), "NeedsDates", "粉丝总数"),
    (("粉丝总数", [["日期", "总粉丝量"], ["2026-04-01", 9], ["2026-04-01", 8]]), "SeveralOnLastDay", "2 行"),
    (("完播率", [["体裁", "播放量", "完播率"], ["视频", 1, 0.5], ["图文", 1, 0.5]]), "GenresMixed", "图文"),
    (("完播率", [["播放量", "完播率"], [0, 0.5]]), "ZeroSum", "完播率"),
    (("publish_time", WORKS), "NotAFigure", "作品属性"),
    (("流失率", [FANS[0], FANS[3]], "2026-04-01", "2026-04-30"), "NoOpening", "2026-03-31"),
    (("流失率", [FANS[0], ["2026-03-31", 0, 0, 0, 0], FANS[2]], "2026-04-01"), "ZeroOpening", "期初"),
    (("粉丝复合增长率", [FANS[0], ["2026-03-31", 0, 0, 0, 0], FANS[2]], "2026-04-01"), "OpeningNotPositive", "0"),
    (("粉丝复合增长率", [FANS[0], FANS[1], ["2026-04-01", -5, 0, 0, 0]], "2026-04-01"), "NegativeClosing", "-5"),
    (("流失率", [*FANS, FANS[1]], "2026-04-01", "2026-04-30"), "SeveralOnLastDay", "2026-03-31"),
    (("流失率", [*FANS, [None, 9, 9, 9, 9]]), "UndatedRow", "第 6 行"),
    (("流失率", [["总粉丝量", "取关粉丝"], [1000, 10]]), "NeedsDates", "流失率"),
    (("流失率", [["日期", "取关粉丝"], ["2026-04-01", 10]]), "ColumnsNotFound", "总粉丝量"),
    (("每日咨询环比", FANS, "2026-04-01", "2026-04-30"), "NoDayBefore", "2026-04-30"),
    (("每日咨询环比", FANS[:1] + FANS[2:3]), "NoDayBefore", "2026-03-31"),
    (("每日咨询环比", [["日期", "咨询量"], ["2026-04-01", 0], ["2026-04-02", 5]]), "ZeroOpening", "0"),
    (("单篇阅读来源", CHANNELS), "GroupNotChosen", "渠道 朋友圈"),
    (("单篇阅读来源", CHANNELS, None, None, [["渠道", "全部"]]), "GroupNotChosen", "渠道"),
    (("分享路径", [SCENES[0], ["朋友圈", 0]], None, None, [["分享场景", "朋友圈"]]), "ZeroSum", "分享路径"),
    (("user_loyalty", [row[:8] for row in MENU]), "ColumnsNotFound", "菜单点击人数"),
    (("user_loyalty", [*MENU, MENU[1]]), "PeopleNotAdditive", "菜单点击率"),
    (("点赞数", WORKS, None, None, [["部门", "甲"]]), "ColumnsNotFound", "部门"),
])
def test_refused(args: tuple[Any, ...], error: str, word: str) -> None:
    with pytest.raises(KpiError) as caught:
        KPI_ACTUAL(*args)
    assert type(caught.value).__name__ == error
    assert word in caught.value.sentence("zh")
    assert caught.value.sentence("en")


def test_as_a_cell_calls_it() -> None:
    spec = find("KPI_ACTUAL")
    assert cells.call(spec, "点赞数", WORKS, "2026-04-01", "2026-04-30") == 97
    assert cells.call(spec, "点赞数", WORKS, None, None, [["体裁", "1min-视频"]]) == 77
    assert cells.call(spec, [["点赞数"], ["评论数"]], WORKS) == [[107.0], [22.0]]
    assert cells.call(spec, "点赞数", None) == CellError("#VALUE!")
