"""Sheet 目标 / Goals: what is assessed, with which weight, target and scoring method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import by_unit, one_of
from xlkpi.terms import DIRECTIONS, SCORE_METHODS

FIRST = 3


def write(book: Book, rows: Sequence[dict[str, Any]]) -> None:
    """Write the sheet with ``rows`` (values or formulas by column code) to begin with."""
    sheet = book.sheet("sheet.goals", look.AMBER)
    book.heading(sheet, book.t("goals.title"), book.t("goals.hint"))
    metric, method = book.this("goals", "metric"), book.this("goals", "method")
    unit, keys = book.col("actuals", "unit"), ("metric", "alias", "code")
    found = "".join(f"IFERROR(INDEX({unit},MATCH({metric},{book.col('actuals', key)},0))," for key in keys)
    unit = (f'=IF({metric}="","",IF({one_of(method, "deduct", "bonus")},"{book.t("unit.events")}",{found}"")))))')
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "dimension": (14, look.CENTER), "metric": (24, look.LEFT), "unit": (7, look.CENTER), "weight": (8, look.WEIGHT),
        "target": (12, look.COUNT), "direction": (15, look.CENTER), "method": (13, look.CENTER),
        **dict.fromkeys(("baseline", "floor", "stretch"), (10, look.COUNT)), "cap": (8, look.WHOLE_PERCENT),
        "floor_score": (9, look.COUNT), "step": (9, look.COUNT), "points": (9, {"num_format": "0.##"}),
        "bands": (20, look.LEFT),
        "actual": (12, look.COUNT), "note": (24, look.LEFT)}
    columns = [Column(code, label, *looks[code], formula=unit if code == "unit" else None)
               for code, label in book.labels("goals")]
    lines = [[row.get(column.code) for column in columns] for row in rows]
    table = book.table(sheet, "goals", FIRST, 0, columns, lines, filters=False)
    for cells in (table.body("target"), table.body("baseline", "stretch"), table.body("step"), table.body("actual")):
        by_unit(book, sheet, table.cell("unit"), cells)
    sheet.data_validation(table.body("metric"), {
        "validate": "list", "source": "=metric_list", "error_type": "warning",
        "error_title": book.t("check.metric"), "error_message": book.t("check.metric_help")})
    for code, choices in (("direction", DIRECTIONS), ("method", SCORE_METHODS)):
        sheet.data_validation(table.body(code), {"validate": "list", "error_message": book.t("check.list"),
                                                 "source": [getattr(one, book.lang) for one in choices]})
    sheet.data_validation(table.body("weight"), {"validate": "decimal", "criteria": "between", "minimum": 0,
                                                 "maximum": 100, "error_message": book.t("check.weight")})
    sheet.data_validation(table.body("cap"), {"validate": "decimal", "criteria": "between", "minimum": 0.5,
                                              "maximum": 5, "error_message": book.t("check.cap")})
    sheet.write_string(FIRST - 1, 0, book.t("goals.check"), book.format(**look.LABEL))
    book.formula(sheet, FIRST - 1, 1, f'=KPI_WEIGHT_CHECK({book.col("goals", "weight")},"{book.lang}")',
                 book.format(bold=True, font_color=look.ACCENT))
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_table(sheet, table, landscape=True)
