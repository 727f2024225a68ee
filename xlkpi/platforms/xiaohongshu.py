"""Xiaohongshu (小红书): the list of notes, and the account's days.

A notice stands above the headings of the list: 1,000 notes at most. A list of exactly that many is cut
off, and sums of it are sums of a part. The workbooks 近30日观看数据, 互动, 涨粉 and 发布 hold the totals of the
period as pairs and one sheet a series, whose name says what it counts. A rate of a series carries a
percent sign; without one its unit must be proven.
"""

from __future__ import annotations

from typing import ClassVar

from xlkpi.errors import Level, Problem, Where
from xlkpi.platforms.layout import Column, Layout
from xlkpi.platforms.reader import Import
from xlkpi.platforms.units import decide

PLATFORM = "xiaohongshu"
MOST_NOTES = 1_000


class ListCutOff(Problem):
    level: ClassVar[Level] = "warning"
    zh = "平台最多导出 {count} 条，文件正好有这么多，其余笔记不在其中。请缩短时间范围分几次导出"
    en = ("the platform exports {count} notes at most and the file holds just as many: others are missing; "
          "export in parts")


def cut_off(item: Import) -> list[Import]:
    """The list as it is, with a warning where it has as many notes as the platform exports."""
    if len(item.frame) >= MOST_NOTES:
        item.problems.append(ListCutOff(Where(file=item.file, sheet=item.sources[0].sheet), count=MOST_NOTES))
    return [item]


NOTES = Layout(
    platform=PLATFORM, name="xiaohongshu_notes", zh="小红书笔记列表明细表", en="Xiaohongshu notes list", table="works",
    grows=True, signature=("title", "published_at", "exposures", "plays"), enough=0.7, key=("title", "published_at"),
    after=cut_off,
    columns=(
        Column("title", ("笔记标题",), "text", missing=()),
        Column("published_at", ("首次发布时间",), "time", filled=True),
        Column("genre", ("体裁",), "text"),
        Column("exposures", ("曝光",)),
        Column("plays", ("观看量",)),
        Column("cover_click_rate", ("封面点击率",), "rate", most=1.0),
        Column("likes", ("点赞",)),
        Column("comments", ("评论",)),
        Column("favorites", ("收藏",)),
        Column("followers_gained", ("涨粉",), least=None),
        Column("shares", ("分享",)),
        Column("avg_play_seconds", ("人均观看时长",), "number", suffixes=("秒", "s"), usual_most=3600.0),
        Column("danmaku", ("弹幕",)),
    ),
)

def rates_of_days(item: Import) -> list[Import]:
    """The series as it is, with the unit of a rate proven or left out."""
    for code in ("cover_click_rate", "completion_rate", "followers_per_visitor"):
        if code in item.frame:
            decide(item, code, most=1.0)
    return [item]


def _rate(code: str, name: str) -> Column:
    return Column(code, (name,), "rate", required=False, unsure=True)


DAILY = Layout(
    platform=PLATFORM, name="xiaohongshu_daily", zh="小红书近30日趋势", en="Xiaohongshu account by day", table="daily",
    signature=("date",), least=1, whole=True, key=("date",), after=rates_of_days,
    columns=(
        Column("date", ("日期",), "day", filled=True),
        Column("exposures", ("曝光趋势",), required=False),
        Column("plays", ("观看趋势",), required=False),
        _rate("cover_click_rate", "封面点击率趋势"),
        Column("avg_play_seconds", ("平均观看时长趋势",), "number", required=False, suffixes=("秒", "s"),
               usual_most=3600.0),
        Column("total_play_seconds", ("观看总时长趋势",), "number", required=False, suffixes=("秒", "s")),
        _rate("completion_rate", "视频完播率趋势"),
        Column("likes", ("点赞趋势",), required=False, least=None),
        Column("comments", ("评论趋势",), required=False, least=None),
        Column("favorites", ("收藏趋势",), required=False, least=None),
        Column("shares", ("分享趋势",), required=False),
        Column("net_followers", ("净涨粉趋势",), required=False, least=None),
        Column("new_followers", ("新增关注趋势",), required=False),
        Column("cancelled_followers", ("取消关注趋势",), required=False),
        Column("profile_visitors", ("主页访客趋势",), required=False),
        _rate("followers_per_visitor", "主页转粉率趋势"),
        Column("items", ("总发布趋势",), required=False),
        Column("video_items", ("发布视频趋势",), required=False),
        Column("image_items", ("发布图文趋势",), required=False),
    ),
)

TOTALS = Layout(
    platform=PLATFORM, name="xiaohongshu_totals", zh="小红书账号总体数据", en="Xiaohongshu account, whole period",
    table="account_totals", signature=("summary",), least=1, key=("summary",),
    columns=(
        Column("summary", ("汇总表",), "text"),
        Column("exposures", ("曝光",), required=False),
        Column("plays", ("观看",), required=False),
        Column("cover_click_rate", ("封面点击率",), "rate", required=False, signed=True, most=1.0),
        Column("avg_play_seconds", ("平均观看时长",), "number", required=False, suffixes=("秒", "s")),
        Column("total_play_seconds", ("观看总时长",), "number", required=False, suffixes=("秒", "s")),
        Column("completion_rate", ("总完播率", "视频完播率"), "rate", required=False, signed=True, most=1.0),
        Column("likes", ("点赞",), required=False, least=None),
        Column("comments", ("评论",), required=False, least=None),
        Column("favorites", ("收藏",), required=False, least=None),
        Column("shares", ("分享",), required=False),
        Column("net_followers", ("净涨粉",), required=False, least=None),
        Column("new_followers", ("新增关注",), required=False),
        Column("cancelled_followers", ("取消关注",), required=False),
        Column("profile_visitors", ("主页访客",), required=False),
        Column("followers_per_visitor", ("主页转粉率",), "rate", required=False, signed=True, most=1.0),
        Column("items", ("总发布",), required=False),
        Column("video_items", ("发布视频",), required=False),
        Column("image_items", ("发布图文",), required=False),
    ),
)

LAYOUTS = (NOTES, DAILY, TOTALS)
