"""Sheet 参数 / Parameters of the short-video workbook: who and when, how totals are made, what counts as published."""

from __future__ import annotations

from xlkpi import metrics
from xlkpi.measure.arithmetic import UNPUBLISHED
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import params
from xlkpi.templates.sheets.params import FIRST, Input

INPUTS: tuple[Input, ...] = (
    *params.PERSON, ("plays_source", look.LEFT, "@auto"), ("relative_age", look.LEFT, "D7"), *params.SCORING)
DATED = (("works", "published_at"), ("daily", "date"))


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    params.inputs(book, sheet, INPUTS, {"plays_source": [t("source.auto"), t("sheet.daily"), t("sheet.works")],
                                        "relative_age": ["D1", "D3", "D7", "D30"]}, {"@auto": t("source.auto")})
    grades = params.grades(book, sheet)
    sheet.write_string(FIRST - 1, 8, t("params.unpublished"), book.format(bold=True, font_color=look.ACCENT))
    state = book.labels("unpublished")[0]
    book.table(sheet, "unpublished", FIRST, 8, [Column(*state, 16, look.CENTER)], [[word] for word in UNPUBLISHED],
               filters=False)
    sheet.write_string(grades.last + 2, 4, t("params.worked_out"), book.format(bold=True, font_color=look.ACCENT))
    plays, net = (params.target_of(book, metrics.find_metric(code).label(book.lang))
                  for code in ("plays", "followers_net_month"))
    params.worked_out(book, sheet, grades.last + 3, (
        *params.period_lines(book, DATED), ("plays_target", plays, look.COUNT), ("net_target", net, look.COUNT)))
    sheet.set_column(3, 3, 3)
    sheet.set_column(7, 7, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, 40, 8), landscape=True, tall=1)
