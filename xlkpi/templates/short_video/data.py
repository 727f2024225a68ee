"""Sheets of platform data: works (one row a work), daily series, and plays at equal age."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import check_numbers

FIRST = 3  # header row of the tables, from 0

SPECIAL: dict[str, tuple[float, dict[str, Any]]] = {
    "title": (44, look.LEFT | {"valign": "top"}), "published_at": (17, look.MOMENT), "genre": (11, look.CENTER),
    "review_status": (11, look.CENTER), "date": (13, look.DAY),
}


def _column(code: str, label: str, words: int) -> Column:
    """A column of an export, shown by the kind of value that the catalogue gives it."""
    if code in SPECIAL:
        width, shown = SPECIAL[code]
        return Column(code, label, width, {**look.DATA, **shown})
    source = metrics.find_column(code)
    assert source is not None, code
    shown = look.PERCENT if source.kind == "rate" else look.ONE if source.kind == "duration" else look.COUNT
    return Column(code, label, max(11, words), {**look.DATA, **shown})


def write_works(book: Book) -> None:
    sheet = book.sheet("sheet.works", look.GREEN)
    book.heading(sheet, book.t("works.title"), book.t("works.hint"))
    columns = [_column(code, label, 14 if book.lang == "en" else 11) for code, label in book.labels("works")]
    table = book.table(sheet, "works", FIRST, 0, columns)
    check_numbers(book, sheet, [table.body(code) for code in ("plays", "likes", "shares", "comments", "favorites",
                                                               "profile_visits")])
    for code in ("completion_rate", "finish_5s_rate", "bounce_2s_rate"):
        sheet.data_validation(table.body(code), {"validate": "decimal", "criteria": "between", "minimum": 0,
                                                 "maximum": 1, "error_type": "warning",
                                                 "error_message": book.t("check.rate")})
    sheet.conditional_format(table.body("plays"), {"type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True,
                                                   "data_bar_2010": True})
    shown, state = table.cell("published_at"), table.cell("review_status")
    words = f'SUMPRODUCT((unpublished_words<>"")*ISNUMBER(SEARCH(unpublished_words,{state})))>0'
    outside = f'=AND({shown}<>"",OR({shown}<from_date,{shown}>=period_stop,{words}))'
    sheet.conditional_format(table.body("title", "followers_gained"), {
        "type": "formula", "criteria": outside, "format": book.format(font_color="#A0A9B4", italic=True)})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table, landscape=True)


def write_daily(book: Book) -> None:
    sheet = book.sheet("sheet.daily", look.GREEN)
    book.heading(sheet, book.t("daily.title"), book.t("daily.hint"))
    line = f'=IF(ISNUMBER({book.this("daily", "date")}),plays_per_day,"")'
    columns = [Column(code, label, 12, look.COUNT, formula=line, input=False) if code == "plays_line"
               else _column(code, label, 12) for code, label in book.labels("daily")]
    table = book.table(sheet, "daily", FIRST, 0, columns)
    check_numbers(book, sheet, [table.body(code) for code in ("plays", "cancelled_followers", "fans_total")])
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table)


def write_same_age(book: Book) -> None:
    """Plays at days 1, 3, 7 and 30 against the account's median at the same age."""
    sheet = book.sheet("sheet.same_age", look.GREEN)
    book.heading(sheet, book.t("same_age.heading"), book.t("same_age.hint"))
    ages = ("1", "3", "7", "30")
    columns = []
    for code, label in book.labels("same_age"):
        if code[0] == "r":
            plays = book.this("same_age", "d" + code[1:])
            columns.append(Column(code, label, 12, look.TWO | {"align": "right"}, input=False, formula=(
                f'=IF(AND(ISNUMBER({plays}),ISNUMBER(median_d{code[1:]})),'
                f'IF(median_d{code[1:]}>0,{plays}/median_d{code[1:]},""),"")')))
        else:
            width, shown = SPECIAL.get(code, (12, look.COUNT))
            columns.append(Column(code, label, width, shown))
    top = FIRST
    table = book.table(sheet, "same_age", top + 3, 0, columns, rows=[[None] * 10 for _ in range(3)])
    label_look, value_look = book.format(**look.LABEL), book.format(**look.BOXED, **look.COUNT, align="center")
    for row, key in ((top, "same_age.median"), (top + 1, "same_age.known")):
        sheet.write_string(row, 1, book.t(key), label_look)
        for at, age in enumerate(ages):
            plays = book.col("same_age", f"d{age}")
            book.formula(sheet, row, 2 + at, f'=IF(COUNT({plays})<3,"",MEDIAN({plays}))' if row == top
                         else f"=COUNT({plays})", value_look)
    for at, age in enumerate(ages):
        book.define(f"median_d{age}", "sheet.same_age", f"${'CDEF'[at]}${top + 1}")
    for at in range(4):
        sheet.write_string(top - 1, 2 + at, f"D{ages[at]}", book.format(**look.LABEL, bold=True))
    sheet.write_string(top - 1, 1, book.t("same_age.age"), book.format(**look.LABEL, bold=True))
    lights(book, sheet, table.body("r1", "r30"), table.cell("r1").replace("$", ""))
    sheet.freeze_panes(top + 4, 1)
    book.print_table(sheet, table, landscape=True)


def lights(book: Book, sheet: Any, cells: str, first: str) -> None:
    """Ratios against 1: well above, around, well below."""
    for test, fill, ink in ((f"{first}>=1.2", look.GREEN_FILL, look.GREEN),
                            (f"{first}<0.8", look.RED_FILL, look.RED)):
        sheet.conditional_format(cells, {"type": "formula", "criteria": f"=AND(ISNUMBER({first}),{test})",
                                         "format": book.format(bg_color=fill, font_color=ink)})
