"""Sheet 参数 / Parameters: which month is looked at, grades, coefficients and quotas."""

from __future__ import annotations

from typing import Any

from xlkpi.functions.grading import GRADE_BOUNDS, GRADE_COEFFICIENTS, GRADE_NAMES
from xlkpi.templates import look
from xlkpi.templates.account_operations.model import QUOTAS
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import params, settings

FIRST = 3
INPUTS: tuple[settings.Setting, ...] = (
    ("company", look.LEFT, None), ("team_name", look.LEFT, None), ("shown_in_year", {"num_format": "0"}, None),
    ("shown_in_month", {"num_format": "0"}, None), ("budget", look.COUNT, None),
)


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    settings.write(book, sheet, FIRST, INPUTS, {"shown_in_month": [str(month) for month in range(1, 13)]},
                   numbers={"shown_in_year": (2000, 2100), "budget": (0, 1e12)})
    end = params.sources(book, sheet, FIRST + len(INPUTS))
    labels = book.labels("grades")
    looks = ((9, look.CENTER | {"bold": True}), (11, look.CENTER | {"num_format": "0.##"}),
             (11, look.CENTER | look.TWO), (12, look.CENTER | look.WHOLE_PERCENT))
    rows = [list(row) for row in zip(GRADE_NAMES, (*GRADE_BOUNDS, 0), GRADE_COEFFICIENTS, QUOTAS, strict=True)]
    grades = book.table(sheet, "grades", FIRST, 4, [Column(code, label, *looks[at]) for at, (code, label)
                                                    in enumerate(labels)], rows, filters=False)
    bold = book.format(bold=True, font_color=look.ACCENT)
    sheet.write_string(FIRST - 1, 4, t("params.grades"), bold)
    sheet.write_string(grades.last + 2, 4, t("params.worked_out"), bold)
    period = book.col("results", "period")
    lines: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("shown_period", f'=IF(COUNT(shown_in_year,shown_in_month)=2,shown_in_year*100+shown_in_month,'
                         f'IF(COUNT({period})=0,"",'
                         f"MAX({period})))", {"num_format": "0"}),
        ("shown_year", '=IF(shown_period="","",INT(shown_period/100))', {"num_format": "0"}),
        ("last_period", '=IF(shown_period="","",IF(MOD(shown_period,100)=1,shown_period-89,shown_period-1))',
         {"num_format": "0"}),
        ("data_date", '=IF(shown_period="","",DATE(INT(shown_period/100),MOD(shown_period,100)+1,0))', look.DAY),
        ("rows_wrong", f'=COUNTIF({book.col("results", "check")},"?*")+COUNTIF({book.col("pay", "check")},"?*")', {}),
    )
    for down, (name, formula, shown) in enumerate(lines):
        at = grades.last + 3 + down
        sheet.merge_range(at, 4, at, 5, t(f"worked.{name}"), book.format(**{**look.LABEL, "align": "left"}))
        cell = book.format(**{**look.BOXED, **shown, "align": "center"})
        sheet.merge_range(at, 6, at, 7, "", cell)
        book.formula(sheet, at, 6, formula, cell)
        book.define(name, "sheet.params", f"$G${at + 1}")
    sheet.set_column(3, 3, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, end, 7), landscape=True, tall=1)
