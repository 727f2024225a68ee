"""Douyin open platform (抖音开放平台) and scraped lists: JSON answers.

An answer about one work does not name the work, so its days are a table of their own and never the
account's. 主页 UV are people, not visits. Times are seconds since 1970, said in China.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout
from xlkpi.platforms.units import parts_of_one

PLATFORM = "douyin"
DATE = Column("date", ("date",), "day", filled=True)

USER = Layout(
    platform=PLATFORM, name="douyin_api_user", zh="抖音开放平台用户数据", en="Douyin open platform: account by day",
    table="daily", signature=("date",), least=1, key=("date",),
    columns=(
        DATE,
        Column("items", ("new_issue",), required=False),
        Column("plays", ("new_play",), required=False),
        Column("items_total", ("total_issue",), required=False),
        Column("new_followers", ("new_fans",), required=False),
        Column("fans_total", ("total_fans",), required=False),
        Column("likes", ("new_like",), required=False, least=None),
        Column("comments", ("new_comment",), required=False, least=None),
        Column("shares", ("new_share",), required=False, least=None),
        Column("profile_visitors", ("profile_uv",), required=False),
    ),
)

ITEM = Layout(
    platform=PLATFORM, name="douyin_api_item", zh="抖音开放平台单个作品日数据",
    en="Douyin open platform: one work by day", table="work_daily",
    signature=("date",), least=1, key=("date",), whole=True,
    columns=(
        DATE,
        Column("plays", ("play",), required=False),
        Column("likes", ("like",), required=False, least=None),
        Column("comments", ("comment",), required=False, least=None),
        Column("shares", ("share",), required=False, least=None),
    ),
)

ITEM_BASE = Layout(
    platform=PLATFORM, name="douyin_api_item_base", zh="抖音开放平台单个作品累计数据",
    en="Douyin open platform: one work, last 30 days", table="work_totals",
    signature=("cumulative_plays", "cumulative_likes", "avg_play_seconds"),
    columns=(
        Column("cumulative_plays", ("total_play",)),
        Column("cumulative_likes", ("total_like",)),
        Column("cumulative_comments", ("total_comment",)),
        Column("cumulative_shares", ("total_share",)),
        Column("avg_play_seconds", ("avg_play_duration",), "number", usual_most=3600.0),
    ),
)

VIDEOS = Layout(
    platform=PLATFORM, name="douyin_api_videos", zh="抖音开放平台视频列表", en="Douyin open platform: videos",
    table="works", grows=True, signature=("work_id", "published_at", "plays", "likes"), key=("work_id",),
    columns=(
        Column("work_id", ("item_id",), "text"),
        Column("title", ("title",), "text", missing=()),
        Column("published_at", ("create_time",), "time", filled=True, unix=True),
        Column("status_code", ("video_status",), "text", required=False),
        Column("likes", ("digg_count",)),
        Column("comments", ("comment_count",)),
        Column("plays", ("play_count",)),
        Column("shares", ("share_count",)),
        Column("forwards", ("forward_count",), required=False),
        Column("downloads", ("download_count",), required=False),
    ),
)

SCRAPED = Layout(
    platform=PLATFORM, name="douyin_scraped", zh="抖音采集列表", en="Douyin works, scraped", table="works", grows=True,
    signature=("work_id", "published_at", "likes", "favorites"), key=("work_id",),
    columns=(
        Column("work_id", ("aweme_id",), "text"),
        Column("title", ("title",), "text", missing=()),
        Column("published_at", ("create_time",), "time", filled=True, unix=True),
        Column("likes", ("liked_count",)),
        Column("comments", ("comment_count",)),
        Column("shares", ("share_count",)),
        Column("favorites", ("collected_count",)),
    ),
)

FANS = Layout(
    platform=PLATFORM, name="douyin_api_fans", zh="抖音开放平台粉丝画像", en="Douyin open platform: what fans are",
    table="audience", signature=("segment_kind", "segment", "fans"), key=("segment_kind", "segment"), totals=(),
    columns=(
        Column("segment_kind", ("distribution",), "text"),
        Column("segment", ("item",), "text", filled=True),
        Column("fans", ("value",)),
    ),
)


FANS_SOURCE = Layout(
    platform=PLATFORM, name="douyin_api_fans_source", zh="抖音开放平台粉丝来源",
    en="Douyin open platform: sources of fans",
    table="fan_sources", signature=("fan_source", "segment_share"), key=("fan_source",), whole=True, totals=(),
    after=parts_of_one,
    columns=(Column("fan_source", ("source",), "text", filled=True),
             Column("segment_share", ("percent",), "rate", unsure=True)),
)

FANS_WORDS = Layout(
    platform=PLATFORM, name="douyin_api_fans_words", zh="抖音开放平台粉丝喜好与热评词",
    en="Douyin open platform: words of fans", table="fan_keywords", signature=("rank", "keyword", "hot_value"),
    key=("keyword",), whole=True, totals=(),
    columns=(Column("rank", ("rank",), filled=True), Column("keyword", ("keyword",), "text", filled=True, missing=()),
             Column("hot_value", ("hot_value",))),
)

LAYOUTS = (FANS, FANS_SOURCE, FANS_WORDS, USER, ITEM, ITEM_BASE, VIDEOS, SCRAPED)
