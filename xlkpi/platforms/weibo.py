"""Weibo (微博): one row a day of fans, posts and what they drew."""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "weibo"

DAILY = Layout(
    platform=PLATFORM, name="weibo_daily", zh="微博日数据", en="Weibo daily figures", table="daily",
    signature=("items", "interactions_total"), least=2, key=("date",),
    columns=(
        Column("date", ("日期",), "day", filled=True),
        Column("fans_total", ("粉丝总数",)),
        Column("net_followers", ("粉丝净增数",), least=None),
        Column("new_followers", ("新增粉丝数",)),
        Column("cancelled_followers", ("减少粉丝数",)),
        Column("reads", ("阅读数",)),
        Column("items", ("发博数",)),
        Column("interactions_total", ("转评赞数",), least=None),
        Column("forwards", ("转发数",), least=None),
        Column("comments", ("评论数",), least=None),
        Column("likes", ("点赞数",), least=None),
    ),
)

LAYOUTS = (DAILY,)
