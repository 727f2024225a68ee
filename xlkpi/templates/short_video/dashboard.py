"""Sheet 首页 / Dashboard: one landscape page that says how it stands, why, and where to look."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets.dashboard import (
    HELP_COLUMN,
    Card,
    across,
    at_cell,
    axis_font,
    write_cards,
    write_gauge,
    write_gauge_figures,
    write_lights,
)
from xlkpi.templates.sheets.scorecard import ROOM, period, to_next_grade
from xlkpi.templates.short_video.actuals import in_period, watched

WORKS = 5


def write_figures(book: Book, sheet: Any) -> None:
    """The figures behind the charts, on the metrics sheet, right of its table."""
    start = write_gauge_figures(book, sheet)
    t, at = book.t, HELP_COLUMN
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED)
    # the best and the weakest works: plays, then the row in the table (equal plays in the order of the table);
    # a key of 0 is a work that does not count. Where every work counts, the column is read as it stands
    plays, day = book.col("works", "plays"), book.col("works", "published_at")
    counts, up = f"{in_period(book)}*ISNUMBER({plays})", f"(ROWS({plays})+1-{_row(book, plays)})"
    number = at_cell(at + 1, start - 2)
    sheet.write_string(start - 2, at, t("card.works"), cell)
    book.formula(sheet, start - 2, at + 1,
                 f'=COUNTIFS({day},">="&from_date,{day},"<"&period_stop,{plays},"<1E+300")', cell)
    sheet.write_string(start - 2, at + 3, t("figures.watched"), cell)
    book.formula(sheet, start - 2, at + 4, f'={watched(book, "plays")}', cell)
    book.define("watched_plays", "sheet.actuals", at_cell(at + 4, start - 2))
    for side, key in enumerate(("figures.best", "figures.weakest")):
        left = at + side * 3
        sheet.write_string(start - 1, left, t(key), head)
        sheet.write_string(start - 1, left + 1, t("figures.place"), head)
        sheet.write_string(start - 1, left + 2, book.label("works", "title"), head)
        for k in range(1, WORKS + 1):
            r = start + k - 1
            rank = f"{k}" if side == 0 else f"{number}+1-{k}"
            book.formula(sheet, r, left, f'=IF({number}<{k},"",IF(COUNTA({plays})={number},LARGE({plays},{rank}),'
                         f"SUMPRODUCT(LARGE({counts}*({plays}+1),{rank}))-1))", cell)
            mine = at_cell(left, r)
            equal = f"COUNTIF({at_cell(left, start)}:{mine},{mine})"
            found = f"SUMPRODUCT(LARGE({counts}*({plays}={mine})*{up},{equal}))"
            book.formula(sheet, r, left + 1, f'=IF({mine}="","",ROWS({plays})+1-{found})', cell)
            place = at_cell(left + 1, r)
            book.formula(sheet, r, left + 2, f'=IF({place}="","",SUBSTITUTE(SUBSTITUTE(INDEX('
                         f'{book.col("works", "title")},{place}),CHAR(10)," "),CHAR(13),""))', cell)
    sheet.set_column(at - 1, at - 1, 3)
    sheet.set_column(at, at + 5, 12)


def _row(book: Book, column: str) -> str:
    """The rows of a table's column, counted from 1, for SUMPRODUCT."""
    table, label = column.rstrip("]").split("[")
    return f"(ROW({column})-ROW({table}[[#Headers],[{label}]]))"


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.dashboard")
    t = book.t
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(1, 8, 12)
    sheet.set_column(9, 9, 2)
    sheet.set_column(10, 10, 30)
    sheet.set_column(11, 12, 10.5)
    sheet.set_column(13, 13, 10)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 1, 0, 8, t("dashboard.title"), book.format(**{**look.TITLE, "font_size": 18}))
    book.refresh_button(sheet, 0, 8)
    right = book.format(font_color=look.GREY, align="right", font_size=10)
    sheet.merge_range(0, 9, 0, 13, "", right)
    book.formula(sheet, 0, 9, '=IF(account="","",account)&IF(person="","","  ·  "&person)', right)
    line = book.format(**look.HINT)
    sheet.merge_range(1, 1, 1, 13, "", line)
    known = f"COUNT({book.col('works', 'published_at')},{book.col('daily', 'date')})"
    book.formula(sheet, 1, 1, f'=IF({known}=0,"{t("dashboard.start")}",{period(book)})', line)
    write_cards(book, sheet, _cards(book))
    write_lights(book, sheet)
    _works(book, sheet)
    sheet.set_row(2, 6)
    sheet.set_row(6, 8)
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    sheet.merge_range(42, 1, 43, 13, "", note)
    warnings = f"{book.name('sheet.scorecard')}!$A$8"
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    book.formula(sheet, 42, 1, f'={warnings}&IF({count}>0,"  {t("warn.problems")}"&({count}),"")', note)
    sheet.protect()
    book.print_setup(sheet, (0, 0, 43, 13), landscape=True, tall=1)
    return sheet


def _cards(book: Book) -> list[Card]:
    t = book.t
    counted = f"N({book.name('sheet.actuals')}!$B$5)"  # the first of the metrics
    listed = f"COUNT({book.col('works', 'published_at')})"
    return [
        (1, 2, "total", "=total_score", look.TWO, f'=IF(ISNUMBER(total_score),"{t("card.of")}","{t("card.none")}")'),
        (3, 4, "grade", "=grade", {},
         f'=IF(AND(ISNUMBER(coverage),coverage<0.6),"{t("card.few")}",{to_next_grade(book)})'),
        (5, 6, "coefficient", "=coefficient", look.TWO, f'="{t("card.table")}"'),
        (7, 8, "coverage", "=coverage", look.WHOLE_PERCENT, "=weight_check"),
        (10, 10, "elapsed", "=elapsed", look.WHOLE_PERCENT, '=IF(data_date="","",TEXT(data_date,"yyyy-mm-dd"))'),
        (11, 13, "works", f'=IF({listed}=0,"",{counted}&" / "&{listed})', {}, f'="{t("card.works_note")}"'),
    ]


def _works(book: Book, sheet: Any) -> None:
    """The five most and the five least played works of the period."""
    t, figures = book.t, book.name("sheet.actuals")
    start = 9 + ROOM + 3
    section = book.format(**look.SECTION)
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE)
    cell = {"font_color": look.INK, "bottom": 1, "bottom_color": look.LINE, "font_size": 9}
    sides = (("works.best", 1, 5, 6, 30), ("works.weakest", 10, 10, 11, 15))
    for side, (key, left, right, after, length) in enumerate(sides):
        length = length if book.lang == "zh" else length * 8 // 5
        for at in range(left, after + 3):
            sheet.write_blank(34, at, None, section)
        sheet.write_string(34, left, t(key), section)
        across(sheet, 35, left, right, book.label("works", "title"), head)
        places = dict(zip(("published_at", "plays", "interaction"), range(after, after + 3), strict=True))
        for code, at in places.items():
            sheet.write_string(35, at, t("works.interaction") if code == "interaction" else book.label("works", code),
                               head)
        for k in range(WORKS):
            row = 36 + k
            place = f"{figures}!{at_cell(HELP_COLUMN + side * 3 + 1, start + k)}"
            text = book.format(**cell, align="left")
            across(sheet, row, left, right, "", text)
            title = f"{figures}!{at_cell(HELP_COLUMN + side * 3 + 2, start + k)}"
            book.formula(sheet, row, left, f'=IF(LEN({title})>{length},LEFT({title},{length - 1})&"…",{title})', text)
            liked = (f"INDEX(works[[{book.label('works', 'likes')}]:[{book.label('works', 'comments')}]],{place},0)")
            shown = at_cell(places["plays"], row)
            values = {
                "published_at": f"INDEX({book.col('works', 'published_at')},{place})",
                "plays": f"{figures}!{at_cell(HELP_COLUMN + side * 3, start + k)}",
                "interaction": f'IF(({shown}>0)*(COUNT({liked})=3),SUM({liked})/{shown},"")'}
            looks = {"published_at": look.DAY, "plays": look.COUNT, "interaction": look.PERCENT}
            for code, at in places.items():
                book.formula(sheet, row, at, f'=IF({place}="","",{values[code]})',
                             book.format(**{**cell, "align": "right", **looks[code]}))


def charts(book: Book, sheet: Any) -> None:
    """Gauge, radar and trend; their ranges are exactly those of the table bodies and figures."""
    t = book.t
    section = book.format(**look.SECTION)
    for column in range(1, 9):
        sheet.write_blank(7, column, None, section)
        sheet.write_blank(20, column, None, section)
    sheet.write_string(7, 1, t("chart.gauge"), section)
    sheet.write_string(7, 4, t("chart.radar"), section)
    sheet.write_string(20, 1, t("chart.trend"), section)
    write_gauge(book, sheet)
    _trend(book, sheet, axis_font(book))


def _trend(book: Book, sheet: Any, font: dict[str, Any]) -> None:
    table = book.tables["daily"]
    days = book.name("sheet.daily")

    def cells(code: str) -> str:
        return f"={days}!{table.body(code)}"

    def name(code: str) -> str:
        return f"={days}!{at_cell(table.place(code), table.first - 1)}"

    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series({"name": name("plays"), "categories": cells("date"), "values": cells("plays"),
                      "line": {"color": look.ACCENT, "width": 2.25}, "marker": {"type": "none"}})
    chart.add_series({"name": name("plays_line"), "categories": cells("date"), "values": cells("plays_line"),
                      "line": {"color": look.AMBER, "width": 1.5, "dash_type": "dash"}, "marker": {"type": "none"}})
    chart.add_series({"name": name("net_followers"), "categories": cells("date"), "values": cells("net_followers"),
                      "y2_axis": True, "line": {"color": look.GREEN, "width": 1.5}, "marker": {"type": "none"}})
    chart.set_title({"none": True})
    chart.set_x_axis({"date_axis": True, "num_format": "m-d", "num_font": font, "line": {"color": look.LINE},
                      "label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True}, "min": 0,
                      "name": book.label("daily", "plays"), "name_font": font,
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_y2_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True},
                       "name": book.label("daily", "net_followers"), "name_font": font})
    chart.set_legend({"position": "top", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 708, "height": 300})
    sheet.insert_chart(21, 1, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})
