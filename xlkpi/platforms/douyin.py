"""Douyin creator centre (抖音创作者中心): the works list and the daily series, as it exports them.

Every cell of an export is text, ``-`` is missing, rates are fractions (``0.366807``) or carry a
percent sign (``25.00%``). The works list has 15 columns, newer ones 16 with 封面点击率. A daily
series holds 日期 and one metric; likes, shares and comments of a day are net and may be negative.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "douyin"

WORKS = Layout(
    platform=PLATFORM,
    name="douyin_works",
    zh="抖音作品列表",
    en="Douyin works list",
    table="works",
    signature=("finish_5s_rate", "bounce_2s_rate", "profile_visits"),
    enough=0.6,
    grows=True,
    key=("title", "published_at"),
    columns=(
        Column("title", ("作品名称",), "text", missing=()),
        Column("published_at", ("发布时间",), "time", filled=True, serials=True),
        Column("genre", ("体裁",), "text"),
        Column("review_status", ("审核状态",), "text"),
        Column("plays", ("播放量",)),
        Column("completion_rate", ("完播率",), "rate", most=1.0),
        Column("finish_5s_rate", ("5s完播率",), "rate", most=1.0),
        Column("cover_click_rate", ("封面点击率",), "rate", most=1.0, required=False),
        Column("bounce_2s_rate", ("2s跳出率",), "rate", most=1.0),
        Column("avg_play_seconds", ("平均播放时长",), "number", suffixes=("秒", "s"), usual_most=3600.0),
        Column("likes", ("点赞量",)),
        Column("shares", ("分享量",)),
        Column("comments", ("评论量",)),
        Column("favorites", ("收藏量",)),
        Column("profile_visits", ("主页访问量",)),
        Column("followers_gained", ("粉丝增量",), least=None),
    ),
)

DAILY = Layout(
    platform=PLATFORM,
    name="douyin_daily",
    zh="抖音数据趋势",
    en="Douyin daily series",
    table="daily",
    signature=("date",),
    least=1,
    key=("date",),
    columns=(
        Column("date", ("日期",), "day", filled=True, serials=True),
        Column("plays", ("播放量",), required=False),
        Column("profile_visits", ("主页访问",), required=False),
        Column("likes", ("作品点赞",), required=False, least=None),
        Column("shares", ("作品分享",), required=False, least=None),
        Column("comments", ("作品评论",), required=False, least=None),
        Column("cover_click_rate", ("封面点击率",), "rate", required=False, most=1.0),
        Column("net_followers", ("净增粉丝",), required=False, least=None),
        Column("cancelled_followers", ("取关粉丝",), required=False),
        Column("fans_total", ("总粉丝量",), required=False),
    ),
)

LAYOUTS = (WORKS, DAILY)
