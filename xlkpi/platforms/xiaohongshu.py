"""Xiaohongshu (小红书): the list of notes. A notice stands above the headings: 1,000 notes at most.

A list of exactly that many notes is cut off, and sums of it are sums of a part.
"""

from __future__ import annotations

from typing import ClassVar

from xlkpi.errors import Level, Problem, Where
from xlkpi.platforms.layout import Column, Layout
from xlkpi.platforms.reader import Import

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

LAYOUTS = (NOTES,)
