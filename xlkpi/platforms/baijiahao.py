"""Baijiahao (百家号): the works list, a sheet ``data`` whose cells are all text."""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "baijiahao"

WORKS = Layout(
    platform=PLATFORM, name="baijiahao_works", zh="百家号作品数据", en="Baijiahao works", table="works", grows=True,
    signature=("url", "times_recommended", "reads"), least=2, key=("url",),
    columns=(
        Column("title", ("标题",), "text", missing=()),
        Column("url", ("链接",), "text"),
        Column("published_at", ("发布时间",), "time", filled=True),
        Column("reads", ("阅读量",)),
        Column("comments", ("评论量",)),
        Column("likes", ("点赞量",)),
        Column("favorites", ("收藏量",)),
        Column("shares", ("分享量",)),
        Column("times_recommended", ("推荐量",)),
    ),
)

LAYOUTS = (WORKS,)
