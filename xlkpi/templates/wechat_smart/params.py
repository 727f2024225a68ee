"""Sheet 参数 / Parameters of the SMART workbook."""

from __future__ import annotations

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import params
from xlkpi.templates.sheets.params import Input
from xlkpi.templates.wechat_promotion.params import stocks

INPUTS: tuple[Input, ...] = (
    ("account", look.LEFT, None), ("person", look.LEFT, None), ("department", look.LEFT, None),
    ("period_start", look.DAY, None), ("period_end", look.DAY, None), ("as_of", look.DAY, None),
    ("r_meaning", look.LEFT, "@realistic"), ("plan_date", look.DAY, None), ("due_words", look.LEFT, None),
    ("green_line", look.WHOLE_PERCENT, 1.0), ("amber_line", look.WHOLE_PERCENT, 0.85))
DATED = (("users", "date"), ("articles", "published_at"), ("consultations", "date"))


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    params.inputs(book, sheet, INPUTS, {"r_meaning": [t("r.realistic"), t("r.relevant")]},
                  {"@realistic": t("r.realistic")})
    end = params.sources(book, sheet, params.FIRST + len(INPUTS))
    sheet.set_column(4, 4, 12)
    sheet.set_column(5, 5, 8)
    sheet.set_column(6, 6, 14)
    sheet.write_string(2, 4, t("params.worked_out"), book.format(bold=True, font_color=look.ACCENT))
    due = "KPI_DUE(due_words,plan_date)"
    given = 'OR(due_words="",plan_date="")'
    params.worked_out(book, sheet, 4, (
        *params.period_lines(book, DATED), *stocks(book),
        ("due_from", f'=IF({given},"",INDEX({due},1,1))', look.DAY),
        ("due_to", f'=IF({given},"",INDEX({due},1,2))', look.DAY)))
    book.define("no_history", "sheet.params", "$I$1")  # a cell that stays blank: no history is known
    sheet.set_column(3, 3, 3)
    sheet.freeze_panes(4, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, end, 6), landscape=True, tall=1)
