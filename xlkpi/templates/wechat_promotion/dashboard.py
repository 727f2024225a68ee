"""Sheet 首页 / Dashboard: total and dimensions, lights, followers by day, best articles, rules that apply."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets.dashboard import (
    HELP_COLUMN,
    Card,
    across,
    at_cell,
    write_cards,
    write_gauge,
    write_gauge_figures,
    write_lights,
)
from xlkpi.templates.sheets.scorecard import ROOM, period, to_next_grade
from xlkpi.templates.wechat_promotion.data import trend
from xlkpi.templates.wechat_promotion.params import DATED

LISTED = 5
TOP = 36  # first row of the two lists


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
    known = f"COUNT({','.join(book.col(*one) for one in DATED)})"
    book.formula(sheet, 1, 1, f'=IF({known}=0,"{t("dashboard.start")}",{period(book)}&"  ·  "&weight_profile&" · "&role'
                              f'&"  ·  {t("benchmarks.set")} "&benchmark_set)', line)
    write_cards(book, sheet, _cards(book))
    write_lights(book, sheet)
    _lists(book, sheet)
    sheet.set_row(2, 6)
    sheet.set_row(6, 8)
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    sheet.merge_range(42, 1, 43, 13, "", note)
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    above = f"{book.name('sheet.scorecard')}!$A$8"
    book.formula(sheet, 42, 1, f'={above}&IF({count}>0,"  {t("warn.problems")}"&({count}),"")', note)
    sheet.protect()
    book.print_setup(sheet, (0, 0, 43, 13), landscape=True, tall=1)
    return sheet


def _cards(book: Book) -> list[Card]:
    t = book.t
    result = book.col("diagnosis", "result")
    return [
        (1, 2, "total", "=total_score", look.TWO, f'=IF(ISNUMBER(total_score),"{t("card.of")}",IF(rest_open>0,'
                                                  f'"{t("card.rest")}","{t("card.none")}"))'),
        (3, 4, "grade", "=grade", {},
         f'=IF(AND(ISNUMBER(coverage),coverage<0.6),"{t("card.few")}",{to_next_grade(book)})'),
        (5, 6, "coefficient", "=coefficient", look.TWO, f'="{t("card.table")}"'),
        (7, 8, "coverage", "=coverage", look.WHOLE_PERCENT, "=weight_check"),
        (10, 10, "fans", "=closing_fans", look.COUNT,
         f'=IF(COUNT(opening_fans,closing_fans)<2,"",TEXT(closing_fans-opening_fans,"+#,##0;-#,##0")&'
         f'"{t("card.fans_note")}"&TEXT(opening_fans,"#,##0"))'),
        (11, 13, "rules", f'=IF(COUNT(from_date)=0,"",COUNTIF({result},"{t("result.hit")}"))', look.COUNT,
         f'=COUNTIF({result},"{t("result.no_data")}")+COUNTIF({result},"{t("result.no_line")}")&"{t("card.rules_note")}"'),
    ]


def write_figures(book: Book, sheet: Any) -> None:
    """The figures behind charts and lists, right of the metrics."""
    start, at, t = write_gauge_figures(book, sheet), HELP_COLUMN, book.t
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED)
    sheet.write_string(start - 1, at, t("figures.best"), head)
    sheet.write_string(start - 1, at + 3, t("figures.rules"), head)
    reads, sent = book.col("articles", "reads"), book.col("articles", "published_at")
    inside = "({sent}>=from_date)*({sent}<to_date+1)*ISNUMBER({sent})*ISNUMBER({reads})"
    mask = inside.format(sent=sent, reads=reads)
    result = book.col("diagnosis", "result")
    for k in range(1, LISTED + 1):
        r = start + k - 1
        mine, above, place = at_cell(at, r), at_cell(at, r - 1), at_cell(at + 1, r - 1)
        book.formula(sheet, r, at, f'=IF(COUNT(from_date,to_date)<2,"",IF(SUMPRODUCT({mask})<{k},"",'
                                   f"SUMPRODUCT(LARGE({mask}*{reads},{k}))))", cell)
        found = f"MATCH(1,INDEX(({reads}={mine})*{mask},0),0)"
        if k > 1:
            after = {name: f"INDEX({cells},{place}+1):INDEX({cells},ROWS({cells}))"
                     for name, cells in (("reads", reads), ("sent", sent))}
            rest = f"MATCH(1,INDEX(({after['reads']}={mine})*{inside.format(**after)},0),0)"
            found = f"IF({mine}={above},{place}+{rest},{found})"
        book.formula(sheet, r, at + 1, f'=IF({mine}="","",{found})', cell)
        before = at_cell(at + 3, r - 1)
        hit = f'MATCH("{t("result.hit")}",{result},0)'
        if k > 1:
            hit = (f'IF({before}="","",{before}+MATCH("{t("result.hit")}",INDEX({result},{before}+1):'
                   f"INDEX({result},ROWS({result})),0))")
        book.formula(sheet, r, at + 3, f'=IFERROR({hit},"")', cell)


def _lists(book: Book, sheet: Any) -> None:
    """The five most read articles of the period, and the first five rules that apply."""
    t, figures = book.t, book.name("sheet.actuals")
    start = 9 + ROOM + 3
    section = book.format(**look.SECTION)
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE,
                       text_wrap=True)
    cell = {"font_color": look.INK, "bottom": 1, "bottom_color": look.LINE, "font_size": 9}
    sheet.set_row(TOP - 1, 16 if book.lang == "zh" else 26)
    for key, left, right in (("articles.best", 1, 8), ("rules.hit", 10, 13)):
        for at in range(left, right + 1):
            sheet.write_blank(TOP - 2, at, None, section)
        sheet.write_string(TOP - 2, left, t(key), section)
    across(sheet, TOP - 1, 1, 5, book.label("articles", "title"), head)
    shown = {"published_at": look.DAY, "reads": look.COUNT, "delivered_read_rate": look.PERCENT}
    for at, code in enumerate(shown, 6):
        sheet.write_string(TOP - 1, at, book.label("articles", code), head)
    sheet.write_string(TOP - 1, 10, book.label("diagnosis", "rule"), head)
    across(sheet, TOP - 1, 11, 13, book.label("diagnosis", "action"), head)
    length = 34 if book.lang == "zh" else 56
    for k in range(LISTED):
        row = TOP + k
        place = f"{figures}!{at_cell(HELP_COLUMN + 1, start + k)}"
        text = book.format(**cell, align="left")
        across(sheet, row, 1, 5, "", text)
        title = f'SUBSTITUTE(INDEX({book.col("articles", "title")},{place}),CHAR(10)," ")'
        cut = f'IF(LEN({title})>{length},LEFT({title},{length - 1})&"…",{title})'
        book.formula(sheet, row, 1, f'=IF({place}="","",{cut})', text)
        for at, (code, how) in enumerate(shown.items(), 6):
            value = f"INDEX({book.col('articles', code)},{place})"
            book.formula(sheet, row, at, f'=IF({place}="","",IF({value}="","",{value}))',
                         book.format(**{**cell, "align": "right", **how}))
        rule = f"{figures}!{at_cell(HELP_COLUMN + 3, start + k)}"
        wrapped = book.format(**{**cell, "font_size": 9 if book.lang == "zh" else 8}, align="left", text_wrap=True)
        across(sheet, row, 11, 13, "", wrapped)
        for at, code in ((10, "rule"), (11, "action")):
            value = f"INDEX({book.col('diagnosis', code)},{rule})"
            if code == "action":  # the first thing to do; all of it stands on the sheet
                value = f'IFERROR(LEFT({value},FIND("{t("stop")}",{value})-1),{value})'
            book.formula(sheet, row, at, f'=IF({rule}="","",{value})', wrapped)
        sheet.set_row(row, 24 if book.lang == "zh" else 34)


def charts(book: Book, sheet: Any) -> None:
    section = book.format(**look.SECTION)
    for column in range(1, 9):
        sheet.write_blank(7, column, None, section)
        sheet.write_blank(20, column, None, section)
    for row, column, key in ((7, 1, "chart.gauge"), (7, 4, "chart.radar"), (20, 1, "chart.trend")):
        sheet.write_string(row, column, book.t(key), section)
    write_gauge(book, sheet)
    trend(book, sheet, book.tables["users"], "B22", (708, 300))
