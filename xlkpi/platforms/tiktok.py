"""TikTok Studio: the content list as CSV."""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "tiktok"

WORKS = Layout(
    platform=PLATFORM, name="tiktok_works", zh="TikTok 内容列表", en="TikTok content list", table="works", grows=True,
    signature=("url", "plays", "likes", "shares"), least=1, key=("url",),
    columns=(
        Column("title", ("Video title",), "text", missing=()),
        Column("url", ("Video link",), "text", filled=True),
        Column("published_at", ("Post time",), "time", filled=True),
        Column("likes", ("Total likes",)),
        Column("comments", ("Total comments",)),
        Column("shares", ("Total shares",)),
        Column("plays", ("Total views",)),
        Column("total_play_seconds", ("Total play time",), "duration", suffixes=("s",), required=False),
        Column("avg_play_seconds", ("Average watch time",), "duration", suffixes=("s",), usual_most=3600.0,
               required=False),
        Column("completion_rate", ("Watched full video",), "rate", most=1.0, required=False),
        Column("favorites", ("Add to favorites",), required=False),
    ),
)

LAYOUTS = (WORKS,)
