"""Sheet 考核结果 / Results: one row a person and month, as the scorecards say it; written by ``xlkpi team``."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column

FIRST = 3


def write(book: Book) -> None:
    sheet = book.sheet("sheet.results", look.GREEN)
    t = book.t
    book.heading(sheet, t("results.title"), t("results.hint"))

    def this(code: str) -> str:
        return book.this("results", code)

    def col(code: str) -> str:
        return book.col("results", code)

    known = f'COUNTIF({book.col("grades", "grade")},{this("grade")}&"")'
    formulas = {
        "period": f'=IF(ISNUMBER({this("month")}),YEAR({this("month")})*100+MONTH({this("month")}),"")',
        "check": f'=IF({this("person")}="","",IF({this("period")}="","{t("check.no_month")}",'
                 f'IF(COUNTIFS({col("person")},{this("person")},{col("period")},{this("period")})>1,'
                 f'"{t("check.twice")}",IF(NOT(ISNUMBER({this("total")})),"{t("check.no_total")}",'
                 f'IF({known}=0,"{t("check.no_grade")}","")))))',
    }
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (12, look.LEFT | {"bold": True}), "department": (14, look.LEFT), "position": (14, look.LEFT),
        "month": (11, {"num_format": "yyyy-mm", "align": "center"}), "total": (10, look.TWO | look.CENTER),
        "grade": (10, look.CENTER | {"bold": True}), "coefficient": (10, look.TWO | look.CENTER),
        "coverage": (11, look.WHOLE_PERCENT | look.CENTER), "file": (28, look.LEFT),
        "note": (30, look.LEFT | look.WRAP),
        "period": (10, look.CENTER | {"font_color": look.GREY, "num_format": "0"}),
        "check": (14, look.CENTER | {"font_color": look.RED, "font_size": 9})}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code)) for code, label in book.labels("results")]
    table = book.table(sheet, "results", FIRST, 0, columns, [[] for _ in range(10)])
    sheet.data_validation(table.body("month"), {"validate": "decimal", "criteria": "between", "minimum": 36526,
                                                "maximum": 73050, "error_message": t("check.date")})
    sheet.conditional_format(table.body("total"), {
        "type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num", "max_type": "num",
        "min_value": 0, "max_value": 120, "data_bar_2010": True})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table, landscape=True)


def of_month(book: Book, code: str, person: str, period: str) -> str:
    """A person's figure of a month, blank where there is none, and where there are two (never their sum)."""
    where = (f"{book.col('results', 'person')},{person},{book.col('results', 'period')},{period},"
             f'{book.col("results", code)},">=-1000000"')
    return f'IF(COUNTIFS({where})<>1,"",SUMIFS({book.col("results", code)},{where}))'
