"""Sheet 目标 / Goals: what is assessed, with which weight, target and scoring method."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics, samples
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.short_video.actuals import by_unit
from xlkpi.terms import DIRECTIONS, SCORE_METHODS

FIRST = 3

def write(book: Book) -> None:
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
        "actual": (12, look.COUNT), "note": (24, look.LEFT)}
    columns = [Column(code, label, *looks[code], formula=unit if code == "unit" else None)
               for code, label in book.labels("goals")]
    rows = []
    for goal in sorted(samples.DEFAULT_GOALS, key=lambda goal: list(samples.DIMENSIONS).index(goal.dimension)):
        row: dict[str, Any] = {
            "dimension": goal.dimension_label(book.lang), "metric": metrics.find_metric(goal.metric).label(book.lang),
            "weight": goal.weight, "target": goal.target, "direction": choice(DIRECTIONS, goal.direction, book.lang),
            "method": choice(SCORE_METHODS, goal.method, book.lang), "floor": goal.floor, "stretch": goal.stretch,
            "cap": goal.cap, "points": goal.points}
        rows.append([row.get(column.code) for column in columns])
    table = book.table(sheet, "goals", FIRST, 0, columns, rows, filters=False)
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


def choice(choices: Any, code: str, lang: str) -> str:
    return next(str(getattr(one, lang)) for one in choices if one.code == code)


def one_of(cell: str, *codes: str, choices: Any = SCORE_METHODS) -> str:
    """A test whether ``cell`` holds one of these choices, by its code or in either language."""
    words = [word for one in choices if one.code in codes for word in (one.zh, one.en, one.code)]
    return "OR(" + ",".join(f'{cell}="{word}"' for word in words) + ")"
