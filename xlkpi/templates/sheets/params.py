"""Sheet 参数 / Parameters: the named inputs, the sources to refresh from, the grade table, the dates in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlkpi import __version__
from xlkpi.functions.grading import GRADE_BOUNDS, GRADE_COEFFICIENTS, GRADE_NAMES
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table
from xlkpi.templates.sheets.marks import choice
from xlkpi.terms import MISSING_MODES, WEIGHT_MODES

FIRST = 3
SOURCES = 8  # rows for sources: a table on a protected sheet cannot grow by typing below it
# name of the cell, its look, its default ("@code" is a choice's label); None leaves it to be filled in
Input = tuple[str, dict[str, Any], Any]
Line = tuple[str, str, dict[str, Any]]

PERSON: tuple[Input, ...] = (
    ("account", look.LEFT, None), ("person", look.LEFT, None), ("manager", look.LEFT, None),
    ("department", look.LEFT, None), ("headcount", look.LEFT, None), ("position", look.LEFT, None),
    ("period_start", look.DAY, None), ("period_end", look.DAY, None), ("as_of", look.DAY, None))
SCORING: tuple[Input, ...] = (
    ("weight_mode", look.LEFT, "@strict"), ("missing_mode", look.LEFT, "@exclude"),
    ("bonus", {"num_format": "0.##"}, None),
    ("green_line", look.WHOLE_PERCENT, 1.0), ("amber_line", look.WHOLE_PERCENT, 0.85))


def inputs(book: Book, sheet: Any, given: Sequence[Input], lists: Mapping[str, Sequence[str] | str],
           defaults: Mapping[str, str]) -> None:
    """The table of inputs, each a defined name; ``lists`` are the drop-downs (words, or a formula) by name."""
    t = book.t
    columns = [Column("param", book.label("params", "param"), 18, input=False),
               Column("value", book.label("params", "value"), 22, look.LEFT),
               Column("note", book.label("params", "note"), 50, look.WRAP | look.HINT, input=False)]
    defaults = {**defaults, "@strict": choice(WEIGHT_MODES, "strict", book.lang),
                "@exclude": choice(MISSING_MODES, "exclude", book.lang)}
    rows = [[t(f"param.{name}"), defaults.get(value, value) if isinstance(value, str) else value,
             t(f"param.{name}.note")] for name, _, value in given]
    table = book.table(sheet, "params", FIRST, 0, columns, rows, filters=False)
    for row, (name, shown, _) in enumerate(given, table.first):
        cell = book.format(**{**look.INPUT, **shown, "align": "left"})
        value = rows[row - table.first][1]
        if value is None:
            sheet.write_blank(row, 1, None, cell)
        else:
            sheet.write(row, 1, value, cell)
        sheet.set_row(row, 26)
        book.define(name, "sheet.params", f"$B${row + 1}")
    at = {name: row for row, (name, _, _) in enumerate(given, table.first)}
    lists = {**lists, "weight_mode": [getattr(one, book.lang) for one in WEIGHT_MODES],
             "missing_mode": [getattr(one, book.lang) for one in MISSING_MODES]}
    for name, words in lists.items():
        if name in at:
            sheet.data_validation(at[name], 1, at[name], 1, {"validate": "list", "source": words})
    for name in ("period_start", "period_end", "as_of"):
        if name in at:
            sheet.data_validation(at[name], 1, at[name], 1, {
                "validate": "decimal", "criteria": "between", "minimum": 36526, "maximum": 73050,
                "error_message": t("check.date")})
    for name in ("green_line", "amber_line"):
        if name in at:
            sheet.data_validation(at[name], 1, at[name], 1, {
                "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 2,
                "error_message": t("check.line")})


def sources(book: Book, sheet: Any, row: int) -> int:
    """The table ``sources`` below the inputs, which end at ``row``: what a refresh reads. Answers its last row.

    The workbook also says which version built it, so that an older program does not refresh a newer template.
    """
    t = book.t
    looks = {"table": (18, look.LEFT), "result": (22, look.LEFT | look.WRAP | look.DATA | {"font_size": 9}),
             "source": (50, look.LEFT | look.WRAP)}
    labels = {code: t(f"sources.{code}") for code in looks}
    book.know("sources", labels.items())
    sheet.write_string(row + 2, 0, t("sources.title"), book.format(bold=True, font_color=look.ACCENT))
    sheet.write_string(row + 3, 0, t("sources.hint"), book.format(**look.HINT))
    columns = [Column(code, labels[code], *looks[code]) for code in looks]
    table = book.table(sheet, "sources", row + 4, 0, columns, [[None] * len(columns)] * SOURCES, filters=False,
                       widths=False)
    book.workbook.define_name("xlkpi_version", f'="{__version__}"')
    return table.last


def grades(book: Book, sheet: Any) -> Table:
    """The grade table, right of the inputs."""
    labels = book.labels("grades")
    looks = ((9, look.CENTER | {"bold": True}), (11, look.CENTER | {"num_format": "0.##"}),
             (11, look.CENTER | look.TWO))
    rows = [list(row) for row in zip(GRADE_NAMES, (*GRADE_BOUNDS, 0), GRADE_COEFFICIENTS, strict=True)]
    table = book.table(sheet, "grades", FIRST, 4, [Column(code, label, *looks[at]) for at, (code, label)
                                                   in enumerate(labels)], rows, filters=False)
    sheet.write_string(FIRST - 1, 4, book.t("params.grades"), book.format(bold=True, font_color=look.ACCENT))
    return table


def period_lines(book: Book, dated: Sequence[tuple[str, str]]) -> tuple[Line, ...]:
    """From, to, as of and the time elapsed: a blank period is the span of the ``dated`` (table, column) pairs."""
    cells = ",".join(book.col(*one) for one in dated)
    known = f"COUNT({cells})"
    return (
        ("from_date", f'=IF(period_start<>"",period_start,IF({known}=0,"",INT(MIN({cells}))))', look.DAY),
        ("to_date", f'=IF(period_end<>"",period_end,IF({known}=0,"",INT(MAX({cells}))))', look.DAY),
        ("data_date", f'=IF(as_of<>"",as_of,IF(OR({known}=0,to_date=""),"",MIN(to_date,INT(MAX({cells})))))',
         look.DAY),
        ("elapsed", '=IF(COUNT(from_date,to_date,data_date)<3,"",IF(OR(data_date<from_date,to_date<from_date),"",'
                    "(MIN(data_date,to_date)-from_date+1)/(to_date-from_date+1)))", look.PERCENT))


def target_of(book: Book, label: str) -> str:
    """The target of the metric called ``label`` where it is assessed, else blank."""
    found = (f"INDEX({book.col('scorecard', 'target')},"
             f'MATCH("{label}",{book.col("scorecard", "metric")},0))')
    return f'=IFERROR(IF(N({found})>0,{found},""),"")'


def worked_out(book: Book, sheet: Any, row: int, lines: Sequence[Line]) -> None:
    """Figures that the inputs and the data give, each a defined name."""
    t = book.t
    for down, (name, formula, shown) in enumerate(lines):
        at = row + down
        sheet.merge_range(at, 4, at, 5, t(f"worked.{name}"), book.format(**{**look.LABEL, "align": "left"}))
        book.formula(sheet, at, 6, formula, book.format(**{**look.BOXED, **shown, "align": "center"}))
        book.define(name, "sheet.params", f"$G${at + 1}")
