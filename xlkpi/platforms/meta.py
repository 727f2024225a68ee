"""Meta Business Suite: the content lists of Instagram and Facebook as CSV.

Times are written month first (``09/15/2026 18:00``). ``Date`` says Lifetime where a row stands for
all the time since publication; rows by day are another thing and are refused. Reach counts people.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

INSTAGRAM = Layout(
    platform="instagram", name="instagram_works", zh="Instagram 内容数据", en="Instagram content", table="works",
    signature=("work_id", "account", "genre", "favorites"), least=2, key=("work_id",), grows=True,
    columns=(
        Column("work_id", ("Post ID",), "text", filled=True),
        Column("account", ("Account username",), "text"),
        Column("title", ("Description",), "text", missing=()),
        Column("video_seconds", ("Duration (sec)",), "duration", required=False),
        Column("published_at", ("Publish time",), "time", filled=True, order="mdy"),
        Column("url", ("Permalink",), "text", required=False),
        Column("genre", ("Post type",), "text"),
        Column("data_period", ("Date",), "text", required=False, choices=("Lifetime",)),
        Column("plays", ("Views",), required=False),
        Column("exposures", ("Impressions",), required=False),
        Column("reach_users", ("Reach",)),
        Column("likes", ("Likes",)),
        Column("shares", ("Shares",)),
        Column("followers_gained", ("Follows",), required=False, least=None),
        Column("comments", ("Comments",)),
        Column("favorites", ("Saves",)),
    ),
)

FACEBOOK = Layout(
    platform="facebook", name="facebook_works", zh="Facebook 内容数据", en="Facebook content", table="works",
    signature=("work_id", "account", "genre", "page_id"), least=2, key=("work_id",), grows=True,
    columns=(
        Column("work_id", ("Post ID",), "text", filled=True),
        Column("page_id", ("Page ID",), "text"),
        Column("account", ("Page name",), "text"),
        Column("title", ("Title",), "text", missing=()),
        Column("video_seconds", ("Duration (sec)",), "duration", required=False),
        Column("published_at", ("Publish time",), "time", filled=True, order="mdy"),
        Column("url", ("Permalink",), "text", required=False),
        Column("genre", ("Post type",), "text"),
        Column("data_period", ("Date",), "text", required=False, choices=("Lifetime",)),
        Column("plays", ("Views",), required=False),
        Column("exposures", ("Impressions",), required=False),
        Column("reach_users", ("Reach",), required=False),
        Column("interactions_total", ("Reactions, Comments and Shares",), required=False),
        Column("reactions", ("Reactions",), required=False),
        Column("comments", ("Comments",), required=False),
        Column("shares", ("Shares",), required=False),
        Column("clicks", ("Total clicks",), required=False),
        Column("total_play_seconds", ("Seconds viewed",), "duration", required=False),
        Column("avg_play_seconds", ("Average Seconds viewed",), "duration", required=False),
    ),
)

POSTS = Layout(
    platform="facebook", name="facebook_posts", zh="Facebook 主页帖子（UCI 数据集）",
    en="Facebook page posts (UCI data set)",
    table="page_posts",  # without dates or titles: no row has a name, none is a work of a period
    signature=("page_likes", "reach_users", "engaged_users", "consumptions"),
    columns=(
        Column("page_likes", ("Page total likes",)),
        Column("genre", ("Type",), "text"),
        Column("category", ("Category",), "text"),
        Column("post_month", ("Post Month",), most=12),
        Column("post_weekday", ("Post Weekday", "Weekday"), most=7),
        Column("post_hour", ("Post Hour", "Hour"), most=24),
        Column("paid", ("Paid",), most=1),
        Column("reach_users", ("Lifetime Post Total Reach",)),
        Column("exposures", ("Lifetime Post Total Impressions",)),
        Column("engaged_users", ("Lifetime Engaged Users",)),
        Column("consumer_users", ("Lifetime Post Consumers",)),
        Column("consumptions", ("Lifetime Post Consumptions",)),
        Column("fan_exposures", ("Lifetime Post Impressions by people who have liked your Page",)),
        Column("fan_reach_users", ("Lifetime Post reach by people who like your Page",)),
        Column("fan_engaged_users", ("Lifetime People who have liked your Page and engaged with your post",)),
        Column("comments", ("comment",)),
        Column("likes", ("like",)),
        Column("shares", ("share",)),
        Column("interactions_total", ("Total Interactions",)),
    ),
)

LAYOUTS = (INSTAGRAM, FACEBOOK, POSTS)
