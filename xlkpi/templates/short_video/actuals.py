"""How the actual values of the short-video workbook are worked out.

Ratios are ratios of sums over the rows in which both parts are known; videos and image posts never
share a completion rate.
"""

from __future__ import annotations

from typing import Any

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import actuals
from xlkpi.templates.sheets.actuals import Recipe

SPECIAL = ("new_followers",)  # worked out here otherwise than the catalogue says, from the same identity


def write(book: Book) -> Any:
    return actuals.write(book, recipes(book), SPECIAL)


def recipes(book: Book) -> dict[str, Recipe]:
    """Every metric of the list by code, in the order of the drop-down."""
    works, daily, manual = book.t("sheet.works"), book.t("sheet.daily"), book.t("from.manual")

    def col(code: str, table: str = "works") -> str:
        return book.col(table, code)

    def known(*codes: str, table: str = "works") -> str:
        return "*".join([f"({col('counted', table)}>0)", *(f"ISNUMBER({col(code, table)})" for code in codes)])

    def total(mask: str, code: str, table: str = "works") -> str:
        return f"SUMPRODUCT({mask},{col(code, table)})"

    def ratio(parts: tuple[str, ...], base: str) -> tuple[str, str]:
        mask = known(*parts, base)
        above = "+".join(total(mask, part) for part in parts)
        return f"SUMPRODUCT({mask})", f"IF({total(mask, base)}=0,\"\",({above})/{total(mask, base)})"

    video = f"(ISNUMBER(SEARCH(\"视频\",{col('genre')}))+ISNUMBER(SEARCH(\"video\",{col('genre')}))>0)"
    watched = known("completion_rate", "plays") + "*" + video
    both = f"SUMPRODUCT({watched},{col('completion_rate')},{col('plays')})"
    interaction, following = ratio(("likes", "comments", "shares"), "plays"), ratio(("followers_gained",), "plays")
    gross = known("net_followers", "cancelled_followers", table="daily")
    fans = known("fans_total", table="daily")

    def flow(code: str) -> Recipe:
        """Daily flows where the daily table has them, else the works of the period, as the parameter says."""
        in_days, in_works = f"SUMPRODUCT({known(code, table='daily')})", f"SUMPRODUCT({known(code)})"
        mine = book.this("actuals", "source")
        source = (f'=IF(plays_source="{works}","{works}",IF(plays_source="{daily}","{daily}",'
                  f'IF({in_days}>0,"{daily}","{works}")))')
        return Recipe(source, f'IF({mine}="{daily}",{in_days},{in_works})',
                      f'IF({mine}="{daily}",{total(known(code, table="daily"), code, "daily")},'
                      f'{total(known(code), code)})', flow=True)

    age = (f"INDEX(same_age[[{book.label('same_age', 'r1')}]:[{book.label('same_age', 'r30')}]],0,"
           'MATCH(relative_age,{"D1","D3","D7","D30"},0))')
    in_period = (f"{col('published_at', 'same_age')},\">=\"&from_date,{col('published_at', 'same_age')},"
                 f'"<"&to_date+1,{age},">=0"')
    hand = Recipe(manual, flow=False)
    count = f"COUNT({col('published_at')})"
    return {
        "videos_produced": Recipe(works, count, f"COUNTIFS({col('counted')},1)", flow=True),
        "plays": flow("plays"), "likes": flow("likes"), "comments": flow("comments"), "shares": flow("shares"),
        "interaction_rate_video": Recipe(works, *interaction),
        "completion_rate": Recipe(works, f"SUMPRODUCT({watched})",
                                  f'IF({total(watched, "plays")}=0,"",{both}/{total(watched, "plays")})'),
        "completed_plays": Recipe(works, f"SUMPRODUCT({watched})", both, flow=True),
        "follow_conversion_rate": Recipe(works, *following),
        "relative_plays": Recipe(book.t("sheet.same_age"), f"IF(ISNUMBER(to_date),COUNTIFS({in_period}),0)",
                                 f"AVERAGEIFS({age},{in_period})"),
        "followers_net_month": Recipe(daily, f"SUMPRODUCT({known('net_followers', table='daily')})",
                                      total(known("net_followers", table="daily"), "net_followers", "daily"),
                                      flow=True),
        "new_followers": Recipe(daily, f"SUMPRODUCT({gross})", total(gross, "net_followers", "daily") + "+"
                                + total(gross, "cancelled_followers", "daily"), flow=True),
        "cancelled_followers": Recipe(
            daily, f"SUMPRODUCT({known('cancelled_followers', table='daily')})",
            total(known("cancelled_followers", table="daily"), "cancelled_followers", "daily"), flow=True),
        "fans_total": Recipe(daily, f"SUMPRODUCT({fans})",
                             f"SUMIFS({col('fans_total', 'daily')},{col('date', 'daily')},"
                             f"SUMPRODUCT(MAX({fans}*{col('date', 'daily')})))"),
        **dict.fromkeys(("intent_comments", "private_messages", "hotline_calls", "site_link_visits", "goods_sold",
                         "intent_conversions"), Recipe(manual, flow=True)),
        **dict.fromkeys(("avg_play_progress", "cumulative_plays", "comparative_plays", "work_attitude", "attendance",
                         "culture_values", "rt_professional_skill", "rt_method_barrier", "rt_case_analysis"), hand),
    }
