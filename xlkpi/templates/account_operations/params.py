"""Sheet 参数 / Parameters: period, shares of the parts, rating scale, grades with quotas and coefficients."""

from __future__ import annotations

from typing import Any

from xlkpi.functions.grading import GRADE_BOUNDS, GRADE_COEFFICIENTS, GRADE_NAMES
from xlkpi.templates import look
from xlkpi.templates.account_operations.model import QUOTAS
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets import params, settings
from xlkpi.templates.sheets.marks import choice
from xlkpi.terms import WEIGHT_MODES

FIRST = 3
INPUTS: tuple[settings.Setting, ...] = (
    ("company", look.LEFT, None), ("period_start", look.DAY, None), ("period_end", look.DAY, None),
    ("as_of", look.DAY, None),
    ("performance_share", look.WHOLE_PERCENT, 0.8), ("behaviour_share", look.WHOLE_PERCENT, 0.2),
    ("weight_mode", look.LEFT, "@weight_mode"),
    ("scale_min", {"num_format": "0.##"}, 1), ("scale_max", {"num_format": "0.##"}, 5),
    ("lenient_line", {"num_format": "0.##"}, 5), ("spread_line", {"num_format": "0.##"}, 2),
    ("group_by", look.LEFT, "@group_by"), ("least_people", {"num_format": "0"}, 10),
    ("coefficient_by", look.LEFT, "@coefficient_by"),
    ("green_line", look.WHOLE_PERCENT, 1.0), ("amber_line", look.WHOLE_PERCENT, 0.85),
    ("rating_green", look.WHOLE_PERCENT, 0.75), ("rating_amber", look.WHOLE_PERCENT, 0.6),
)


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    lists = {"weight_mode": [getattr(one, book.lang) for one in WEIGHT_MODES],
             "group_by": [t("group.all"), t("group.department")],
             "coefficient_by": [t("by.natural"), t("by.forced")]}
    first = {"@weight_mode": choice(WEIGHT_MODES, "strict", book.lang), "@group_by": t("group.all"),
             "@coefficient_by": t("by.natural")}
    settings.write(book, sheet, FIRST, [(name, shown, first.get(value, value) if isinstance(value, str) else value)
                                        for name, shown, value in INPUTS], lists,
                   ("period_start", "period_end", "as_of"),
                   {"performance_share": (0, 1), "behaviour_share": (0, 1), "green_line": (0, 2),
                    "amber_line": (0, 2), "rating_green": (0, 1), "rating_amber": (0, 1), "least_people": (1, 1000)})
    at = FIRST + 2 + [name for name, _, _ in INPUTS].index("performance_share")
    book.define("part_shares", "sheet.params", f"$B${at}:$B${at + 1}")
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
    _worked_out(book, sheet, grades.last + 3)
    sheet.set_column(3, 3, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, end, 7), landscape=True, tall=1)


def _worked_out(book: Book, sheet: Any, row: int) -> None:
    t = book.t
    people = book.col("people", "person")
    quotas = book.col("grades", "quota")
    strict = f'weight_mode="{choice(WEIGHT_MODES, "strict", book.lang)}"'
    wrong = "+".join(f'COUNTIF({book.col("dimensions", code)},"{t("check.sum")}*")'
                     for code in ("performance_check", "behaviour_check"))
    sums = "+".join(f"(ABS(SUM({book.col('dimensions', code)})-1)>0.0001)*(ABS(SUM({book.col('dimensions', code)})-100)"
                    ">0.01)" for code in ("performance", "behaviour"))
    shares = "(ABS(performance_share+behaviour_share-1)>0.0001)"
    lines: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("shown_person", f'=IF(person<>"",person&"",IF(COUNTA({people})=0,"",INDEX({people},1)&""))', {}),
        ("shown_at", f'=IF(shown_person="","",IFERROR(MATCH(shown_person,{people},0),""))', {}),
        ("data_date", '=IF(as_of<>"",as_of,IF(period_end<>"",period_end,""))', look.DAY),
        ("weights_wrong", f"=IF({strict},{wrong}+{sums}+{shares},0)", {}),
        ("quotas_wrong", f"=(ABS(SUM({quotas})-1)>0.0001)*(ABS(SUM({quotas})-100)>0.01)", {}),
        ("rows_wrong", f'=COUNTIF({book.col("ratings", "check")},"?*")+COUNTIF({book.col("quantities", "check")},"?*")',
         {}),
    )
    for down, (name, formula, shown) in enumerate(lines):
        at = row + down
        sheet.merge_range(at, 4, at, 5, t(f"worked.{name}"), book.format(**{**look.LABEL, "align": "left"}))
        cell = book.format(**{**look.BOXED, **shown, "align": "center"})
        sheet.merge_range(at, 6, at, 7, "", cell)
        book.formula(sheet, at, 6, formula, cell)
        book.define(name, "sheet.params", f"$G${at + 1}")
