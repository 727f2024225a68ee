"""Sheet 参数 / Parameters of the short-video workbook: who and when, how totals are made, what counts as published."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs

from xlkpi import metrics
from xlkpi.measure.arithmetic import UNPUBLISHED
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import params
from xlkpi.templates.sheets.params import FIRST, Input

INPUTS: tuple[Input, ...] = (
    *params.PERSON, ("plays_source", look.LEFT, "@auto"), ("relative_age", look.LEFT, "D7"), *params.SCORING)
DATED = (("works", "published_at"), ("daily", "date"))
STATES = 24  # words for "not published" that are looked at


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    params.inputs(book, sheet, INPUTS, {"plays_source": [t("source.auto"), t("sheet.daily"), t("sheet.works")],
                                        "relative_age": ["D1", "D3", "D7", "D30"]}, {"@auto": t("source.auto")})
    end = params.sources(book, sheet, FIRST + len(INPUTS))
    grades = params.grades(book, sheet)
    sheet.write_string(FIRST - 1, 8, t("params.unpublished"), book.format(bold=True, font_color=look.ACCENT))
    state = book.labels("unpublished")[0]
    book.table(sheet, "unpublished", FIRST, 8, [Column(*state, 16, look.CENTER)], [[word] for word in UNPUBLISHED],
               filters=False)
    sheet.write_string(grades.last + 2, 4, t("params.worked_out"), book.format(bold=True, font_color=look.ACCENT))
    plays = params.target_of(book, metrics.find_metric("plays").label(book.lang))
    params.worked_out(book, sheet, grades.last + 3, (
        *params.period_lines(book, DATED),
        ("period_stop", "=IF(COUNT(from_date,to_date)=2,IF(to_date>=from_date,to_date+1,0),0)",
         look.DAY | {"num_format": "yyyy-mm-dd;;"}),
        ("plays_target", plays, look.COUNT),
        ("plays_per_day", '=IF(COUNT(from_date,to_date,plays_target)=3,plays_target/(to_date-from_date+1),"")',
         look.COUNT)))
    _side_by_side(book, sheet)
    sheet.set_column(3, 3, 3)
    sheet.set_column(7, 7, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, max(end, 40), 8), landscape=True, tall=1)


def _side_by_side(book: Book, sheet: Any) -> None:
    """The words for "not published" in one row, so that a formula can look for all of them in a column at once."""
    states, left = book.col("unpublished", "state"), 10
    grey = book.format(**look.HINT)
    for k in range(1, STATES + 1):
        book.formula(sheet, FIRST, left + k - 1, f'=IFERROR(INDEX({states},{k})&"","")', grey)
    book.define("unpublished_words", "sheet.params", xl_range_abs(FIRST, left, FIRST, left + STATES - 1))


def published(book: Book) -> str:
    """1 for every work whose status holds none of the words, else 0; a blank status is a published work."""
    ones = ";".join("1" * STATES)
    return (f'(MMULT(ISNUMBER(SEARCH(unpublished_words,{book.col("works", "review_status")}))*(unpublished_words<>""),'
            f'{{{ones}}})=0)')
