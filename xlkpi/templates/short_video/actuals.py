"""How the actual values of the short-video workbook are worked out.

Ratios are ratios of sums over the rows in which both parts are known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import actuals
from xlkpi.templates.sheets.actuals import Recipe
from xlkpi.templates.short_video.params import STATES, published

SPECIAL = ("new_followers",)  # worked out here otherwise than the catalogue says, from the same identity


def write(book: Book) -> Any:
    return actuals.write(book, recipes(book), SPECIAL)


def in_period(book: Book) -> str:
    """1 for every work published in the period, for SUMPRODUCT."""
    shown = book.col("works", "published_at")
    return f"({shown}>=from_date)*({shown}<period_stop)"


def watched(book: Book, *columns: str) -> str:
    """The sum of these columns' product over the videos of the period with plays and completion rate (none: count).

    Videos and image posts never share a completion rate; a work without a genre is no video.
    """
    genre, rate, plays = (book.col("works", code) for code in ("genre", "completion_rate", "plays"))
    video = f'(ISNUMBER(SEARCH("视频",{genre}))+ISNUMBER(SEARCH("video",{genre}))>0)'
    mask = f"{in_period(book)}*ISNUMBER({rate})*ISNUMBER({plays})*{video}"
    return f"SUMPRODUCT({','.join((mask, *(book.col('works', column) for column in columns)))})"


def recipes(book: Book) -> dict[str, Recipe]:
    """Every metric of the list by code, in the order of the drop-down."""
    works, daily, manual = book.t("sheet.works"), book.t("sheet.daily"), book.t("from.manual")

    def col(code: str, table: str = "works") -> str:
        return book.col(table, code)

    def known(*codes: str, table: str = "works") -> str:
        """The criteria of COUNTIFS and SUMIFS: in the period, and a number in each of the columns."""
        day = col("published_at" if table == "works" else "date", table)
        return ",".join((f'{day},">="&from_date,{day},"<"&period_stop',
                         *(f'{col(code, table)},"<1E+300"' for code in codes)))

    def rows(*codes: str, table: str = "works") -> str:
        return f"COUNTIFS({known(*codes, table=table)})"

    def total(code: str, *others: str, table: str = "works") -> str:
        return f"SUMIFS({col(code, table)},{known(*others, table=table)})"

    def ratio(parts: tuple[str, ...], base: str) -> tuple[str, str]:
        everything = (*parts, base)
        above = "+".join(total(part, *everything) for part in parts)
        return rows(*everything), f'IFERROR(({above})/{total(base, *everything)},"")'  # nobody played one of them

    interaction, following = ratio(("likes", "comments", "shares"), "plays"), ratio(("followers_gained",), "plays")
    gross = ("net_followers", "cancelled_followers")

    def flow(code: str) -> Recipe:
        """Daily flows where the daily table has them, else the works of the period, as the parameter says."""
        in_days = rows(code, table="daily")
        mine = book.this("actuals", "source")
        source = f'=IF(OR(plays_source="{works}",AND(plays_source<>"{daily}",{in_days}=0)),"{works}","{daily}")'
        return Recipe(source, f'IF({mine}="{daily}",{in_days},{rows(code)})',
                      f'IF({mine}="{daily}",{total(code, table="daily")},{total(code)})', flow=True)

    age = (f"INDEX(same_age[[{book.label('same_age', 'r1')}]:[{book.label('same_age', 'r30')}]],0,"
           'MATCH(relative_age,{"D1","D3","D7","D30"},0))')
    aged = (f"{col('published_at', 'same_age')},\">=\"&from_date,{col('published_at', 'same_age')},"
            f'"<"&period_stop,{age},">=0"')
    hand = Recipe(manual, flow=False)
    shown = f"COUNT({col('published_at')})"
    # without a period nothing was counted, which is not 0 works
    made = (f"IF(ROWS(unpublished[{book.label('unpublished', 'state')}])>{STATES},NA(),IF(period_stop=0,\"\","
            f"{published(book, in_period(book))}))")
    found = {
        "videos_produced": Recipe(works, shown, made, flow=True),
        "plays": flow("plays"), "likes": flow("likes"), "comments": flow("comments"), "shares": flow("shares"),
        "interaction_rate_video": Recipe(works, *interaction),
        "completion_rate": Recipe(works, watched(book)),
        "completed_plays": Recipe(works, value=watched(book, "completion_rate", "plays"), flow=True),
        "follow_conversion_rate": Recipe(works, *following),
        "relative_plays": Recipe(book.t("sheet.same_age"), f"COUNTIFS({aged})", f"AVERAGEIFS({age},{aged})"),
        "followers_net_month": Recipe(daily, rows("net_followers", table="daily"),
                                      total("net_followers", table="daily"), flow=True),
        "new_followers": Recipe(daily, rows(*gross, table="daily"),
                                "+".join(total(one, *gross, table="daily") for one in gross), flow=True),
        "cancelled_followers": Recipe(daily, rows("cancelled_followers", table="daily"),
                                      total("cancelled_followers", table="daily"), flow=True),
        "fans_total": Recipe(daily, rows("fans_total", table="daily"),
                             f"SUMIFS({col('fans_total', 'daily')},{col('date', 'daily')},SUMPRODUCT(MAX("
                             f"({col('date', 'daily')}>=from_date)*({col('date', 'daily')}<period_stop)*"
                             f"ISNUMBER({col('fans_total', 'daily')})*{col('date', 'daily')})))"),
        **dict.fromkeys(("intent_comments", "private_messages", "hotline_calls", "site_link_visits", "goods_sold",
                         "intent_conversions"), Recipe(manual, flow=True)),
        **dict.fromkeys(("avg_play_progress", "cumulative_plays", "comparative_plays", "work_attitude", "attendance",
                         "culture_values", "rt_professional_skill", "rt_method_barrier", "rt_case_analysis"), hand),
    }
    # both are of the same works: what the one has worked out the other takes
    rate, above = found["completion_rate"], found["completed_plays"]
    cell = actuals.place(book, found, "completed_plays", "actual")
    found["completion_rate"] = replace(rate, value=f'IF(watched_plays=0,"",{cell}/watched_plays)')
    found["completed_plays"] = replace(above, rows=actuals.place(book, found, "completion_rate", "rows"))
    return found
