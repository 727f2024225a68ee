"""Kuaishou (快手): the list of works."""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "kuaishou"

WORKS = Layout(
    platform=PLATFORM, name="kuaishou_works", zh="快手作品列表明细", en="Kuaishou works list", table="works",
    grows=True, signature=("title", "published_at", "plays", "completion_rate"), least=2, key=("title", "published_at"),
    shuns=("作品名称", "视频ID"),
    columns=(
        Column("title", ("作品",), "text", missing=()),
        Column("published_at", ("发布时间",), "time", filled=True),
        Column("plays", ("播放量",)),
        Column("completion_rate", ("完播率",), "rate", most=1.0, signed=True),
        Column("comments", ("评论量",)),
        Column("likes", ("点赞量",)),
        Column("favorites", ("收藏量",)),
        Column("followers_gained", ("涨粉量",), required=False, least=None),
    ),
)

LAYOUTS = (WORKS,)
