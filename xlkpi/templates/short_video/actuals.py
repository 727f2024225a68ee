"""Sheet 指标 / Metrics: one row a metric, its actual value as a native formula over the data tables.

An Excel user can follow every figure: how many rows were used, from which table, by which formula.
A metric without a single usable row stays blank; ratios are ratios of sums over the rows in which
both parts are known; videos and image posts never share a completion rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import by_unit

FIRST = 3  # header row of the table, from 0


SPECIAL = ("new_followers",)  # worked out here otherwise than the catalogue says, from the same identity


@dataclass(frozen=True)
class Recipe:
    """How a metric is worked out: which table, which rows are usable, and the formula over them."""

    source: str
    rows: str = ""
    value: str = ""
    flow: bool = False


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


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.actuals", look.GREY)
    book.heading(sheet, book.t("actuals.title"), book.t("actuals.hint"))
    looks = {"metric": (22 if book.lang == "zh" else 30, look.LEFT),
             "actual": (14, {**look.COUNT, "align": "right"}), "unit": (7, look.CENTER),
             "rows": (9, look.COUNT), "source": (13, look.CENTER), "formula": (62, {**look.WRAP, "font_size": 9}),
             "flow": (8, look.TICK), "alias": (23, {"font_size": 9, "font_color": look.GREY}),
             "code": (21, {"font_size": 9, "font_color": look.GREY})}
    columns = [Column(code, label, looks[code][0], looks[code][1], input=False)
               for code, label in book.labels("actuals")]
    rows: list[list[Any]] = []
    for code, recipe in recipes(book).items():
        metric = metrics.find_metric(code)
        mine = book.this("actuals", "rows")
        rows.append([metric.label(book.lang), f'=IF({mine}=0,"",{recipe.value})' if recipe.value else None,
                     metric.unit.label(book.lang), f"={recipe.rows}" if recipe.rows else None, recipe.source,
                     explain(book, metric), int(recipe.flow), metric.label("en" if book.lang == "zh" else "zh"), code])
    table = book.table(sheet, "actuals", FIRST, 0, columns, rows)
    by_unit(book, sheet, table.cell("unit"), table.body("actual"))
    for at in range(len(rows)):
        row = table.first + at
        said = sum(2 if ord(letter) > 0x2E7F else 1 for letter in rows[at][5])
        sheet.set_row(row, 26 if said < 130 else 40)
    for name, code in (("metric_list", "metric"), ("metric_units", "unit")):
        book.define(name, "sheet.actuals", table.body(code))
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last, len(columns) - 1), landscape=True, repeat=FIRST)
    return sheet


def explain(book: Book, metric: metrics.Metric) -> str:
    """The metric's formula and note as one cell text."""
    formula, note = metrics.load().formula(metric, book.lang), metric.note(book.lang)
    if metric.code in SPECIAL:
        formula, note = book.t(f"formula.{metric.code}"), ""
    text = (f"{formula}。{note}" if book.lang == "zh" else f"{formula}. {note}") if note else formula
    return re.sub(r"[a-z]+(?:_[a-z]+)+", lambda code: _named(code[0], book.lang), text)


def _named(code: str, lang: str) -> str:
    """The label of a metric or column that a note calls by its code."""
    known = metrics.load().metrics.get(code) or metrics.load().columns.get(code)
    return known.label(lang) if known else code
