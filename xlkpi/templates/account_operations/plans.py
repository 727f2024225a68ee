"""Sheet 改进计划 / Improvement plan: what each person will do about which item, until when, and what came of it."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.account_operations.scorecard import ROOM
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import status_colours

FIRST = 11
WEAKEST = 5


def write(book: Book) -> None:
    sheet = book.sheet("sheet.plans", look.AMBER)
    t = book.t
    book.heading(sheet, t("plans.title"), t("plans.hint"))
    _weakest(book, sheet)

    def this(code: str) -> str:
        return book.this("plans", code)

    key = f'{this("person")}&"|"&{this("metric")}'
    found = [f"INDEX({book.col(name, 'score')},MATCH({key},{book.col(name, 'key')},0))"
             for name in ("quantities", "ratings")]
    rated = f"ISNUMBER(MATCH({key},{book.col('ratings', 'key')},0))"
    formulas = {
        "now": f'=IF(OR({this("person")}="",{this("metric")}=""),"",IFERROR({found[0]},IFERROR({found[1]},"")))',
        "light": f'=IF(OR({this("person")}="",{this("metric")}=""),"",KPI_STATUS(IF({this("now")}="","",'
                 f'{this("now")}/100),IF({rated},rating_green,green_line),IF({rated},rating_amber,amber_line),"up",'
                 f'"{book.lang}"))'}
    text = look.LEFT | look.WRAP
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (11, look.LEFT), "metric": (22, text), "now": (9, look.TWO | look.CENTER),
        "light": (10, look.CENTER | {"bold": True}), "reason": (30, text), "action": (36, text), "support": (20, text),
        "due": (12, look.DAY), "result": (26, text), "state": (10, look.CENTER)}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code)) for code, label in book.labels("plans")]
    table = book.table(sheet, "plans", FIRST, 0, columns, [[] for _ in range(10)])
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 34)
    sheet.data_validation(table.body("person"), {"validate": "list", "source": "=people_list", "error_type": "warning",
                                                 "error_message": t("check.unknown_person")})
    sheet.data_validation(table.body("metric"), {"validate": "list", "source": "=indicator_list",
                                                 "error_type": "warning", "error_message": t("check.list")})
    sheet.data_validation(table.body("state"), {"validate": "list", "source": [
        t("state.open"), t("state.running"), t("state.done")], "error_message": t("check.list")})
    sheet.data_validation(table.body("due"), {"validate": "decimal", "criteria": "between", "minimum": 36526,
                                              "maximum": 73050, "error_message": t("check.date")})
    status_colours(book, sheet, table.body("light"), table.cell("light").replace("$", ""))
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_setup(sheet, (0, 0, table.last, len(columns) - 1), landscape=True, repeat=FIRST)


def _weakest(book: Book, sheet: Any) -> None:
    """The weakest items of the person whose form is shown: where a plan is needed first."""
    t = book.t
    section = book.format(**look.SECTION)
    for at in range(10):
        sheet.write_blank(3, at, None, section)
    book.formula(sheet, 3, 0, f'=IF(shown_person="","",shown_person&"{t("plans.weakest")}")', section)
    score, metric = book.col("scorecard", "score"), book.col("scorecard", "metric")
    cell, number = book.format(**look.CELL), book.format(**look.CELL, **look.TWO, align="center")
    for k in range(1, WEAKEST + 1):
        row = 4 + k - 1
        value = f"SMALL({score},{k})"
        book.formula(sheet, row, 2, f'=IF(COUNT({score})<{k},"",{value})', number)
        place = f"MATCH($C${row + 1},{score},0)"
        if k > 1:
            rest = f"INDEX({score},$K${row}+1):INDEX({score},{ROOM})"
            place = f"IF($C${row + 1}=$C${row},$K${row}+MATCH($C${row + 1},{rest},0),{place})"
        book.formula(sheet, row, 10, f'=IF($C${row + 1}="","",{place})', book.format(font_color="#FFFFFF"))
        for at in (0, 1):
            sheet.write_blank(row, at, None, cell)
        book.formula(sheet, row, 1, f'=IF($K${row + 1}="","",INDEX({metric},$K${row + 1}))', cell)
        name = f'INDEX({book.col("scorecard", "name")},$K${row + 1})'
        book.formula(sheet, row, 0, f'=IF($K${row + 1}="","",{name})', cell)
        sheet.merge_range(row, 3, row, 9, "", book.format(**look.HINT, align="left", bottom=1, bottom_color=look.LINE))
        book.formula(sheet, row, 3, f'=IF($K${row + 1}="","",INDEX({book.col("scorecard", "reason")},$K${row + 1}))',
                     book.format(**look.HINT, align="left", bottom=1, bottom_color=look.LINE))
