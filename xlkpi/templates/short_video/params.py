"""Sheet 参数 / Parameters: who and when is assessed, how totals are made, grades and coefficients."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.functions.grading import GRADE_BOUNDS, GRADE_COEFFICIENTS, GRADE_NAMES
from xlkpi.measure.arithmetic import UNPUBLISHED
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.short_video.goals import choice
from xlkpi.terms import MISSING_MODES, WEIGHT_MODES

FIRST = 3
# name of the cell, its look, its default ("@code" is a choice's label); None leaves it to be filled in
INPUTS: tuple[tuple[str, dict[str, Any], Any], ...] = (
    ("account", look.LEFT, None), ("person", look.LEFT, None), ("manager", look.LEFT, None),
    ("department", look.LEFT, None), ("headcount", look.LEFT, None), ("position", look.LEFT, None),
    ("period_start", look.DAY, None), ("period_end", look.DAY, None), ("as_of", look.DAY, None),
    ("plays_source", look.LEFT, "@auto"), ("relative_age", look.LEFT, "D7"),
    ("weight_mode", look.LEFT, "@strict"), ("missing_mode", look.LEFT, "@exclude"),
    ("bonus", {"num_format": "0.##"}, None),
    ("green_line", look.WHOLE_PERCENT, 1.0), ("amber_line", look.WHOLE_PERCENT, 0.85),
)


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    _inputs(book, sheet)
    labels = book.labels("grades")
    looks = ((9, look.CENTER | {"bold": True}), (11, look.CENTER | {"num_format": "0.##"}),
             (11, look.CENTER | look.TWO))
    rows = [list(row) for row in zip(GRADE_NAMES, (*GRADE_BOUNDS, 0), GRADE_COEFFICIENTS, strict=True)]
    grades = book.table(sheet, "grades", FIRST, 4, [Column(code, label, *looks[at]) for at, (code, label)
                                                    in enumerate(labels)], rows, filters=False)
    sheet.write_string(FIRST - 1, 4, t("params.grades"), book.format(bold=True, font_color=look.ACCENT))
    sheet.write_string(FIRST - 1, 8, t("params.unpublished"), book.format(bold=True, font_color=look.ACCENT))
    state = book.labels("unpublished")[0]
    book.table(sheet, "unpublished", FIRST, 8, [Column(*state, 16, look.CENTER)], [[word] for word in UNPUBLISHED],
               filters=False)
    sheet.write_string(grades.last + 2, 4, t("params.worked_out"), book.format(bold=True, font_color=look.ACCENT))
    _worked_out(book, sheet, grades.last + 3)
    sheet.set_column(3, 3, 3)
    sheet.set_column(7, 7, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, 40, 8), landscape=True, tall=1)


def _inputs(book: Book, sheet: Any) -> None:
    t = book.t
    columns = [Column("param", book.label("params", "param"), 18, input=False),
               Column("value", book.label("params", "value"), 22, look.LEFT),
               Column("note", book.label("params", "note"), 50, look.WRAP | look.HINT, input=False)]
    defaults = {"@auto": t("source.auto"), "@strict": choice(WEIGHT_MODES, "strict", book.lang),
                "@exclude": choice(MISSING_MODES, "exclude", book.lang)}
    rows = [[t(f"param.{name}"), defaults.get(value, value) if isinstance(value, str) else value,
             t(f"param.{name}.note")] for name, _, value in INPUTS]
    table = book.table(sheet, "params", FIRST, 0, columns, rows, filters=False)
    for row, (name, shown, _) in enumerate(INPUTS, table.first):
        cell = book.format(**{**look.INPUT, **shown, "align": "left"})
        value = rows[row - table.first][1]
        if value is None:
            sheet.write_blank(row, 1, None, cell)
        else:
            sheet.write(row, 1, value, cell)
        sheet.set_row(row, 26)
        book.define(name, "sheet.params", f"$B${row + 1}")
    at = {name: row for row, (name, _, _) in enumerate(INPUTS, table.first)}
    lists = {"plays_source": [t("source.auto"), t("sheet.daily"), t("sheet.works")],
             "relative_age": ["D1", "D3", "D7", "D30"],
             "weight_mode": [getattr(one, book.lang) for one in WEIGHT_MODES],
             "missing_mode": [getattr(one, book.lang) for one in MISSING_MODES]}
    for name, words in lists.items():
        sheet.data_validation(at[name], 1, at[name], 1, {"validate": "list", "source": words})
    for name in ("period_start", "period_end", "as_of"):
        sheet.data_validation(at[name], 1, at[name], 1, {
            "validate": "decimal", "criteria": "between", "minimum": 36526, "maximum": 73050,
            "error_message": t("check.date")})
    for name in ("green_line", "amber_line"):
        sheet.data_validation(at[name], 1, at[name], 1, {"validate": "decimal", "criteria": "between", "minimum": 0,
                                                         "maximum": 2, "error_message": t("check.line")})


def _worked_out(book: Book, sheet: Any, row: int) -> None:
    """The dates that hold after the defaults: a blank period is the span of the data, and says so."""
    t = book.t
    works, daily = book.col("works", "published_at"), book.col("daily", "date")
    known = f"COUNT({works},{daily})"

    def target(code: str) -> str:
        label = metrics.find_metric(code).label(book.lang)
        found = (f"INDEX({book.col('scorecard', 'target')},"
                 f'MATCH("{label}",{book.col("scorecard", "metric")},0))')
        return f'=IFERROR(IF(N({found})>0,{found},""),"")'

    lines = (
        ("from_date", f'=IF(period_start<>"",period_start,IF({known}=0,"",INT(MIN({works},{daily}))))', look.DAY),
        ("to_date", f'=IF(period_end<>"",period_end,IF({known}=0,"",INT(MAX({works},{daily}))))', look.DAY),
        ("data_date", f'=IF(as_of<>"",as_of,IF(OR({known}=0,to_date=""),"",MIN(to_date,INT(MAX({works},{daily})))))',
         look.DAY),
        ("elapsed", '=IF(COUNT(from_date,to_date,data_date)<3,"",IF(OR(data_date<from_date,to_date<from_date),"",'
                    "(MIN(data_date,to_date)-from_date+1)/(to_date-from_date+1)))", look.PERCENT),
        ("plays_target", target("plays"), look.COUNT), ("net_target", target("followers_net_month"), look.COUNT),
    )
    for down, (name, formula, shown) in enumerate(lines):
        at = row + down
        sheet.merge_range(at, 4, at, 5, t(f"worked.{name}"), book.format(**{**look.LABEL, "align": "left"}))
        book.formula(sheet, at, 6, formula, book.format(**{**look.BOXED, **shown, "align": "center"}))
        book.define(name, "sheet.params", f"$G${at + 1}")
