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

WORKS = 5


def write_figures(book: Book, sheet: Any) -> None:
    """The figures behind the charts, on the metrics sheet, right of its table."""
    start = write_gauge_figures(book, sheet)
    t, at = book.t, HELP_COLUMN
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED)
    # the best and the weakest works: value, then place in the table (equal values one after the other)
    plays = book.col("works", "counted_plays")
    for side, (function, key) in enumerate((("LARGE", "figures.best"), ("SMALL", "figures.weakest"))):
        left = at + side * 3
        sheet.write_string(start - 1, left, t(key), head)
        for k in range(1, WORKS + 1):
            r = start + k - 1
            book.formula(sheet, r, left, f'=IF(COUNT({plays})<{k},"",{function}({plays},{k}))', cell)
            mine, above, place = at_cell(left, r), at_cell(left, r - 1), at_cell(left + 1, r - 1)
            found = f"MATCH({mine},{plays},0)"
            if k > 1:
                rest = f"INDEX({plays},{place}+1):INDEX({plays},ROWS({plays}))"
                found = f"IF({mine}={above},{place}+MATCH({mine},{rest},0),{found})"
            book.formula(sheet, r, left + 1, f'=IF({mine}="","",{found})', cell)
    sheet.set_column(at - 1, at - 1, 3)
    sheet.set_column(at, at + 5, 12)


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
    counted = f"COUNTIFS({book.col('works', 'counted')},1)"
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
            sheet.write_string(35, at, book.label("works", code), head)
        for k in range(WORKS):
            row = 36 + k
            place = f"{figures}!{at_cell(HELP_COLUMN + side * 3 + 1, start + k)}"
            text = book.format(**cell, align="left")
            across(sheet, row, left, right, "", text)
            title = f"SUBSTITUTE(SUBSTITUTE(INDEX({book.col('works', 'title')},{place}),CHAR(10),\" \"),CHAR(13),\"\")"
            book.formula(sheet, row, left, f'=IF({place}="","",IF(LEN({title})>{length},'
                         f'LEFT({title},{length - 1})&"…",{title}))', text)
            for code, at in places.items():
                shown = {"published_at": look.DAY, "plays": look.COUNT, "interaction": look.PERCENT}[code]
                value = f"INDEX({book.col('works', code)},{place})"
                book.formula(sheet, row, at, f'=IF({place}="","",IF({value}="","",{value}))',
                             book.format(**{**cell, "align": "right", **shown}))


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
