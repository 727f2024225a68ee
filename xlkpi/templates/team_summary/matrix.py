"""Sheet 人员×月份 / Matrix: every person's total month by month, coloured by grade, with mean and change."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.team_summary.columns import COLUMNS, MONTHS
from xlkpi.templates.team_summary.results import of_month

FIRST = 4


def write(book: Book) -> None:
    sheet = book.sheet("sheet.matrix")
    t = book.t
    book.heading(sheet, t("matrix.title"), t("matrix.hint"))

    def this(code: str, until: str | None = None) -> str:
        return book.this("team", code, until)

    person, span = this("person"), this(COLUMNS[0], COLUMNS[-1])
    now, before = (of_month(book, "total", person, name) for name in ("shown_period", "last_period"))
    formulas = {f"m{month}": f'=IF(OR({person}="",shown_year=""),"",'
                f'{of_month(book, "total", person, f"shown_year*100+{month}")})' for month in MONTHS}
    formulas |= {"trend": '=""', "mean": f'=IF(COUNT({span})=0,"",AVERAGE({span}))',
                 "change": f'=IF(OR({person}="",shown_period=""),"",IF(OR({now}="",{before}=""),"",{now}-{before}))'}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (12, look.LEFT | {"bold": True}), "department": (14, look.LEFT),
        **dict.fromkeys(COLUMNS, (7.5, {"num_format": "0.0", "align": "center"})),
        "mean": (9, {"num_format": "0.0", "align": "center", "bold": True}),
        "change": (9, {"num_format": "+0.0;-0.0;0.0", "align": "center"}), "trend": (16, {})}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=code in ("person", "department"))
               for code, label in book.labels("team")]
    table = book.table(sheet, "team", FIRST, 0, columns, [[] for _ in range(10)])
    cells, first = table.body(COLUMNS[0], COLUMNS[-1]), table.cell(COLUMNS[0]).replace("$", "")
    marks = (("#CFE8D8", "#1E6B43"), (look.GREEN_FILL, look.INK), ("#FFFFFF", look.INK),
             (look.AMBER_FILL, "#8A6100"), (look.RED_FILL, look.RED))
    bound = "ROUND(N({cell}),2)>=LARGE(grade_bounds,{k})"
    for k, (fill, ink) in enumerate(marks, 1):
        sheet.conditional_format(cells.replace("$", ""), {
            "type": "formula", "criteria": f"=AND(ISNUMBER({first}),{bound.format(cell=first, k=k)})",
            "stop_if_true": True, "format": book.format(bg_color=fill, font_color=ink)})
    for row in range(table.first, table.last + 1):
        place = f"{book.name('sheet.matrix')}!$C${row + 1}:$N${row + 1}"
        sheet.add_sparkline(row, table.place("trend"), {"range": place, "type": "column", "min": 40, "max": 130,
                                                        "series_color": "#7FA6C4", "show_hidden": True})
    change = table.cell("change").replace("$", "")
    for test, ink in ((f"N({change})<=-10", look.RED), (f"N({change})>=10", look.GREEN)):
        sheet.conditional_format(table.body("change"), {
            "type": "formula", "criteria": f"=AND(ISNUMBER({change}),{test})",
            "format": book.format(font_color=ink, bold=True)})
    mean = book.format(**{**look.BOXED, "bold": True, "bg_color": look.PALE, "align": "center", "num_format": "0.0"})
    row = FIRST - 1
    sheet.merge_range(row, 0, row, 1, t("matrix.mean"), mean)
    for month in MONTHS:
        column = book.col("team", f"m{month}")
        book.formula(sheet, row, 1 + month, f'=IF(COUNT({column})=0,"",AVERAGE({column}))', mean)
    book.formula(sheet, row, 14, f'=IF(COUNT({book.col("team", "mean")})=0,"",AVERAGE({book.col("team", "mean")}))',
                 mean)
    book.define("team_list", "sheet.matrix", table.body("person"))
    book.define("grade_bounds", "sheet.params", "$F$5:$F$9")
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_setup(sheet, (table.first, 0, table.last, len(columns) - 1), landscape=True, repeat=FIRST)
