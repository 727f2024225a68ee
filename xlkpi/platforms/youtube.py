"""YouTube Studio: Table data, Chart data and Totals of a period, English exports.

Table data begin with a row Total. It holds works that the table itself leaves out (at most 500 are
listed), so it is kept as the platform's own total. The figures of a work are those of the chosen
period, not of its lifetime. Chart data show the works that were drawn, day by day: their sum is no
total, which is why they are a table of their own.
"""

from __future__ import annotations

from xlkpi.platforms.layout import Column, Layout

PLATFORM = "youtube"

WORKS = Layout(
    platform=PLATFORM, name="youtube_table", zh="YouTube 视频数据表", en="YouTube table data", table="works",
    signature=("work_id", "title", "published_at", "watch_hours"), least=1, key=("work_id",),
    columns=(
        Column("work_id", ("Content",), "text"),
        Column("title", ("Video title",), "text", missing=()),
        Column("published_at", ("Video publish time",), "time", filled=True),
        Column("video_seconds", ("Duration",), "duration", required=False),
        Column("plays", ("Views",)),
        Column("watch_hours", ("Watch time (hours)",), "number"),
        Column("followers_gained", ("Subscribers",), required=False, least=None),
        Column("exposures", ("Impressions",), required=False),
        Column("cover_click_rate", ("Impressions click-through rate (%)",), "rate", points=True, most=1.0,
               required=False),
        Column("avg_play_seconds", ("Average view duration",), "duration", required=False),
        Column("avg_play_progress", ("Average percentage viewed (%)",), "rate", points=True, required=False),
        Column("likes", ("Likes",), required=False, least=None),
        Column("comments", ("Comments added",), required=False),
        Column("shares", ("Shares",), required=False),
        Column("new_followers", ("Subscribers gained",), required=False),
        Column("cancelled_followers", ("Subscribers lost",), required=False),
    ),
)

CHART = Layout(
    platform=PLATFORM, name="youtube_chart", zh="YouTube 视频逐日数据", en="YouTube chart data", table="work_days",
    signature=("date", "work_id", "title", "published_at"), least=1, key=("date", "work_id"),
    columns=(
        Column("date", ("Date",), "day", filled=True),
        Column("work_id", ("Content",), "text", filled=True),
        Column("title", ("Video title",), "text", missing=()),
        Column("published_at", ("Video publish time",), "time"),
        Column("video_seconds", ("Duration",), "duration", required=False),
        Column("plays", ("Views",), required=False),
        Column("watch_hours", ("Watch time (hours)",), "number", required=False),
        Column("followers_gained", ("Subscribers",), required=False, least=None),
        Column("exposures", ("Impressions",), required=False),
    ),
)

TOTALS = Layout(
    platform=PLATFORM, name="youtube_totals", zh="YouTube 逐日总计", en="YouTube totals by day", table="daily",
    signature=("date",), least=1, key=("date",), whole=True,
    columns=(
        Column("date", ("Date",), "day", filled=True),
        Column("plays", ("Views",), required=False),
        Column("watch_hours", ("Watch time (hours)",), "number", required=False),
        Column("followers_gained", ("Subscribers",), required=False, least=None),
        Column("exposures", ("Impressions",), required=False),
    ),
)

LAYOUTS = (WORKS, CHART, TOTALS)
