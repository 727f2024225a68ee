"""Sheet 基准 / Benchmarks of the short-video workbook: its metrics and where their own history comes from."""

from __future__ import annotations

from dataclasses import replace

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import benchmarks
from xlkpi.templates.sheets.benchmarks import Own
from xlkpi.templates.short_video.actuals import recipes, watched

DAILY = {"plays": "plays", "likes": "likes", "comments": "comments", "shares": "shares",
         "followers_net_month": "net_followers", "cancelled_followers": "cancelled_followers"}
WORKS = ("videos_produced", "completed_plays", "interaction_rate_video", "follow_conversion_rate")
METRICS = ("videos_produced", "plays", "likes", "comments", "shares", "completion_rate", "completed_plays",
           "interaction_rate_video", "follow_conversion_rate", "followers_net_month", "new_followers",
           "cancelled_followers", "relative_plays")


def write(book: Book) -> None:
    actuals = benchmarks.on_metrics(book, METRICS, recipes(book))
    benchmarks.write(book, METRICS, histories(book), actuals, benchmarks.of_form(book), chosen="p75")


def histories(book: Book) -> dict[str, Own]:
    """Flows by the daily series, ratios and counts by the works of earlier periods (images and videos apart)."""
    made, day, sent = recipes(book), book.col("daily", "date"), book.col("works", "published_at")
    published = f'COUNTIFS({sent},">="&from_date,{sent},"<"&period_stop)'
    found: dict[str, Own] = {}
    for code, column in DAILY.items():
        cells = book.col("daily", column)
        mine = f'{day},">="&from_date,{day},"<"&period_stop,{cells},"<1E+300"'
        found[code] = Own(value=f"SUMIFS({cells},{mine})", rows=f"COUNTIFS({mine})", daily=True)
    found["new_followers"] = Own(value=made["new_followers"].value, rows=made["new_followers"].rows, daily=True)
    for code in WORKS:
        rows = published if code == "videos_produced" else made[code].rows
        found[code] = Own(value=made[code].value, rows=rows, since=sent)
    seen = watched(book, "plays")
    found["completed_plays"] = replace(found["completed_plays"], rows=watched(book))
    found["completion_rate"] = Own(value=f'IF({seen}=0,"",completed_plays/{seen})', since=sent, part="completed_plays")
    return found
