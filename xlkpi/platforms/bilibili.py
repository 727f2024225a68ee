"""Bilibili (B站): the comparison of recent videos, ten a file at most.

Rates carry a percent sign; the click rate of cover and title is given in stars alone, so it is no rate.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "bilibili"


def _rate(code: str, name: str, most: float | None = None) -> Column:
    return Column(code, (name,), "rate", required=False, most=most, signed=True)


WORKS = Layout(
    platform=PLATFORM, name="bilibili_works", zh="B站近期稿件对比", en="Bilibili recent videos", table="works",
    grows=True, signature=("title", "published_at", "plays", "coins"), least=2, key=("title", "published_at"),
    columns=(
        Column("title", ("视频标题",), "text", missing=()),
        Column("published_at", ("发布时间",), "time", filled=True),
        Column("plays", ("播放量",)),
        _rate("guest_play_share", "游客播放占比", 1.0),
        _rate("fan_watch_rate", "粉丝观看率", 1.0),
        Column("cover_stars", ("封标点击率",), "number", required=False, most=5.0, suffixes=("星",)),
        _rate("fan_click_rate", "粉丝点击率", 1.0),
        _rate("guest_click_rate", "游客点击率", 1.0),
        _rate("bounce_3s_rate", "3秒跳出率", 1.0),
        _rate("fan_bounce_3s_rate", "粉丝3秒跳出率", 1.0),
        _rate("guest_bounce_3s_rate", "游客3秒跳出率", 1.0),
        _rate("interaction_share", "互动率"),
        _rate("fan_interaction_rate", "粉丝互动率"),
        _rate("guest_interaction_rate", "游客互动率"),
        Column("followers_gained", ("涨粉量",), least=None),
        _rate("followers_per_play", "播转粉率"),
        Column("cancelled_followers", ("取关量",), required=False),
        Column("likes", ("点赞量",)),
        _rate("likes_per_play", "点赞率"),
        Column("comments", ("评论量",)),
        _rate("comments_per_play", "评论率"),
        Column("danmaku", ("弹幕量",)),
        _rate("danmaku_per_play", "弹幕率"),
        Column("favorites", ("收藏量",)),
        _rate("favorites_per_play", "收藏率"),
        Column("coins", ("投币量",)),
        _rate("coins_per_play", "投币率"),
        Column("shares", ("转发量",)),
        _rate("shares_per_play", "转发率"),
        Column("avg_play_progress", ("平均播放进度",), "rate", required=False, most=1.0, signed=True),
    ),
)

LAYOUTS = (WORKS,)
