"""Zhihu (知乎): the daily report, a CSV that is called .xls."""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "zhihu"

DAILY = Layout(
    platform=PLATFORM, name="zhihu_daily", zh="知乎日报表", en="Zhihu daily report", table="daily",
    signature=("reads", "plays", "hearts"), least=2, key=("date",),
    columns=(
        Column("date", ("日期",), "day", filled=True),
        Column("reads", ("阅读",)),
        Column("plays", ("播放",)),
        Column("likes", ("点赞",), least=None),
        Column("hearts", ("喜欢",), least=None),
        Column("comments", ("评论",), least=None),
        Column("favorites", ("收藏",), least=None),
        Column("shares", ("分享",)),
    ),
)

LAYOUTS = (DAILY,)
