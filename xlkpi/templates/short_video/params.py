"""Sheet 参数 / Parameters of the short-video workbook: who and when, how totals are made, what counts as published."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs

from xlkpi import metrics
from xlkpi.measure.arithmetic import UNPUBLISHED
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import params
from xlkpi.templates.sheets.marks import letter
from xlkpi.templates.sheets.params import FIRST, Input

INPUTS: tuple[Input, ...] = (
    *params.PERSON, ("plays_source", look.LEFT, "@auto"), ("relative_age", look.LEFT, "D7"), *params.SCORING)
DATED = (("works", "published_at"), ("daily", "date"))
STATES = 24  # words for "not published" that are looked at
WORDS = 10  # the column where they begin to stand side by side


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
    """The words for "not published" in one row, so that a formula can look for all of them in a column at once.

    Under them the conditions that no word occurs (a blank one repeats the first), and whether these may be asked:
    COUNTIFS has its own idea of ``*`` and ``~`` in a word and of a status that is no text, and it passes over an error
    among the dates.
    """
    states, left = book.col("unpublished", "state"), WORDS
    grey = book.format(**look.HINT)
    first, again = f"${letter(left)}${FIRST + 1}", f"${letter(left)}${FIRST + 2}"
    for at in range(left, left + STATES):
        word = f"{letter(at)}{FIRST + 1}"
        none = f'"<>*"&{word}&"*"'
        book.formula(sheet, FIRST, at, f'=IFERROR(INDEX({states},{at - left + 1})&"","")', grey)
        book.formula(sheet, FIRST + 1, at, f"={none}" if at == left else f'=IF({word}="",{again},{none})', grey)
    book.define("unpublished_words", "sheet.params", xl_range_abs(FIRST, left, FIRST, left + STATES - 1))
    state, shown = book.col("works", "review_status"), book.col("works", "published_at")
    texts = f'COUNTIF({state},"?*")+COUNTBLANK({state})=ROWS({state})'
    plain = 'SUMPRODUCT(COUNTIF(unpublished_words,{"*~**","*~?*","*~~*"}))=0'
    book.formula(sheet, FIRST + 2, left, f'=AND({first}<>"",ISNUMBER(SUM({shown})),{texts},{plain})', grey)
    book.define("words_countable", "sheet.params", f"${letter(left)}${FIRST + 3}")


def published(book: Book, in_period: str) -> str:
    """How many works of the period have a status that holds none of the words; a blank one is a published work."""
    state, shown = book.col("works", "review_status"), book.col("works", "published_at")
    none = ",".join(f"{state},{book.name('sheet.params')}!${letter(WORDS + k)}${FIRST + 2}" for k in range(STATES))
    ones = ";".join("1" * STATES)
    mask = f'(MMULT(ISNUMBER(SEARCH(unpublished_words,{state}))*(unpublished_words<>""),{{{ones}}})=0)'
    return (f'IF(words_countable,COUNTIFS({shown},">="&from_date,{shown},"<"&period_stop,{none}),'
            f"SUMPRODUCT({in_period}*ISNUMBER({shown})*{mask}))")
