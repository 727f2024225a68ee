"""Sheet 绩效奖金 / Pay: base bonus × coefficient for the month shown, against the base and the budget."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.team_summary.results import of_month

FIRST = 7
MONEY = {"num_format": "#,##0.00"}


def write(book: Book) -> None:
    sheet = book.sheet("sheet.pay")
    t = book.t
    book.heading(sheet, t("pay.title"), t("pay.hint"))

    def this(code: str) -> str:
        return book.this("pay", code)

    def col(code: str) -> str:
        return book.col("pay", code)

    grade, period = book.col("results", "grade"), book.col("results", "period")
    person = this("person")
    rated = f'COUNTIFS({book.col("results", "person")},{person},{period},shown_period,{grade},"{{g}}")'
    names = "".join(f"IF({rated}>0,INDEX({book.col('grades', 'grade')},{n}),".replace(
        '"{g}"', f"INDEX({book.col('grades', 'grade')},{n})") for n in range(1, 6)) + '""' + ")" * 5
    twice = f'COUNTIFS({book.col("results", "person")},{person},{period},shown_period)>1'
    blank = f'OR({person}="",shown_period="")'
    formulas = {
        "total": f'=IF({blank},"",IF({twice},"",{of_month(book, "total", person, "shown_period")}))',
        "grade": f'=IF({blank},"",IF({twice},"",{names}))',
        "coefficient": f'=IF({this("grade")}="","",KPI_COEFFICIENT({this("grade")},{book.col("grades", "grade")},'
                       f'{book.col("grades", "coefficient")}))',
        "used": f'=IF({this("override")}<>"",{this("override")},{this("coefficient")})',
        "bonus": f'=IF(OR({this("base")}="",{this("used")}=""),"",ROUND({this("base")}*{this("used")},2))',
        "effect": f'=IF({this("bonus")}="","",{this("bonus")}-{this("base")})',
        "check": f'=IF({person}="","",IF(COUNTIF({col("person")},{person})>1,"{t("check.twice")}",IF({twice},'
                 f'"{t("check.two_results")}",IF({this("base")}="","{t("check.no_base")}",IF({this("used")}="",'
                 f'"{t("check.no_result")}",IF(AND({this("override")}<>"",{this("reason")}=""),'
                 f'"{t("check.no_reason")}",""))))))',
    }
    centre = look.CENTER
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (12, look.LEFT | {"bold": True}), "department": (14, look.LEFT), "base": (12, MONEY),
        "override": (11, centre | look.TWO), "reason": (22, look.LEFT), "total": (9, centre | look.TWO),
        "grade": (8, centre | {"bold": True}), "coefficient": (10.5, centre | look.TWO),
        "used": (9, centre | look.TWO | {"bold": True}), "bonus": (13, MONEY | {"bold": True}),
        "effect": (13, {"num_format": "+#,##0.00;-#,##0.00;0.00"}),
        "check": (16, centre | {"font_color": look.RED, "font_size": 9})}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code)) for code, label in book.labels("pay")]
    table = book.table(sheet, "pay", FIRST, 0, columns, [[] for _ in range(10)])
    effect = table.cell("effect").replace("$", "")
    for test, ink in ((f"N({effect})<0", look.RED), (f"N({effect})>0", look.GREEN)):
        sheet.conditional_format(table.body("effect"), {"type": "formula", "criteria": f"={test}",
                                                        "format": book.format(font_color=ink)})
    sheet.data_validation(table.body("base"), {"validate": "decimal", "criteria": ">=", "value": 0,
                                               "error_message": t("check.count")})
    sheet.data_validation(table.body("override"), {"validate": "decimal", "criteria": "between", "minimum": 0,
                                                   "maximum": 5, "error_message": t("check.between").format(low=0,
                                                                                                            high=5)})
    _sums(book, sheet, col)
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_setup(sheet, (table.first, 0, table.last, len(columns) - 1), landscape=True, repeat=FIRST)


def _sums(book: Book, sheet: Any, col: Any) -> None:
    t = book.t
    label, money = book.format(**look.LABEL), {**look.BOXED, "align": "center", "bold": True, "font_size": 12}
    counted = f"SUMIFS({col('base')},{col('bonus')},\">=0\")"
    lines = (("pay_base", f"=IF(COUNT({col('bonus')})=0,\"\",{counted})", "#,##0.00"),
             ("pay_total", f'=IF(COUNT({col("bonus")})=0,"",SUM({col("bonus")}))', "#,##0.00"),
             ("pay_effect", '=IF(OR(pay_base="",pay_total=""),"",pay_total-pay_base)', "+#,##0.00;-#,##0.00;0.00"),
             ("pay_left", '=IF(OR(N(budget)=0,pay_total=""),"",budget-pay_total)', "#,##0.00;-#,##0.00"))
    for place, (name, formula, shown) in enumerate(lines):
        at = (0, 2, 5, 9)[place]
        until = (1, 4, 8, 11)[place]
        sheet.merge_range(3, at, 3, until, t(f"pay.{name}"), label)
        cell = book.format(**{**money, "num_format": shown, "font_color": look.ACCENT})
        sheet.merge_range(4, at, 4, until, "", cell)
        book.formula(sheet, 4, at, formula, cell)
        book.define(name, "sheet.pay", f"${chr(65 + at)}$5")
    sheet.set_row(4, 26)
    note = book.format(font_size=9, font_color=look.RED)
    open_rows = f'COUNTIF({col("check")},"?*")'
    book.formula(sheet, 5, 0, f'=IF({open_rows}>0,"{t("pay.open")}"&{open_rows},"")&IF(N(pay_left)<0,'
                 f'"  {t("pay.over")}","")', note)
