"""Sheet 参数 / Parameters of the WeChat workbook: who, when, profile, role, currency, period figures."""

from __future__ import annotations

from xlkpi.metrics import plans as catalogue
from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import params
from xlkpi.templates.sheets.params import Input, Line
from xlkpi.templates.wechat_promotion import plans
from xlkpi.templates.wechat_promotion.data import NUMBER, period

INPUTS: tuple[Input, ...] = (
    *params.PERSON, ("weight_profile", look.LEFT, "@profile"), ("role", look.LEFT, "@role"),
    ("rest_weights", look.LEFT, "@rest"), *params.SCORING, ("churn_base", look.LEFT, "@opening"),
    ("menu_users", look.COUNT, None), ("miniprogram_users", look.COUNT, None),
    ("currency", look.LEFT, "CNY"), ("usd_rate", {"num_format": "0.####"}, None))
DATED = (("users", "date"), ("articles", "published_at"), ("messages", "date"), ("interactions", "date"),
         ("conversion", "date"))


def write(book: Book) -> None:
    sheet = book.sheet("sheet.params", look.AMBER)
    t = book.t
    book.heading(sheet, t("params.title"), t("params.hint"))
    none = t("plan.none")
    params.inputs(book, sheet, INPUTS, {
        "weight_profile": [*(one.label(book.lang) for one in catalogue.profiles()), none],
        "role": [*(one.label(book.lang) for one in catalogue.roles()), none],
        "rest_weights": [t("rest.keep"), t("rest.share")], "churn_base": [t("churn.opening"), t("churn.average")]},
        {"@profile": catalogue.profiles()[0].label(book.lang), "@role": catalogue.roles()[0].label(book.lang),
         "@rest": t("rest.keep"), "@opening": t("churn.opening")})
    end = params.sources(book, sheet, params.FIRST + len(INPUTS))
    grades = params.grades(book, sheet)
    sheet.write_string(grades.last + 2, 4, t("params.worked_out"), book.format(bold=True, font_color=look.ACCENT))
    params.worked_out(book, sheet, grades.last + 3, (*params.period_lines(book, DATED), *stocks(book),
                                                     *plans.lines(book)))
    sheet.set_column(3, 3, 3)
    sheet.freeze_panes(4, 0)
    sheet.protect("", {"insert_rows": True})
    book.print_setup(sheet, (0, 0, end, 6), landscape=True, tall=1)


def stocks(book: Book) -> tuple[Line, ...]:
    """Fans at the end, on the eve and on average of the period, and the calendar months it touches."""
    fans, day, net = (book.col("users", code) for code in ("fans_total", "date", "net_followers"))
    counted = book.col("users", "counted")
    closing = f"{counted},MAX({counted})"
    eve = f'{day},">="&from_date-1,{day},"<"&from_date,{fans},{NUMBER}'
    opened = f'{day},">="&from_date,{day},"<"&from_date+1,{fans},{NUMBER},{net},{NUMBER}'
    inside = f"{period(book, 'users', 'date')},{fans},{NUMBER}"
    return (
        ("closing_fans", f'=IF(COUNT({counted})=0,"",IF(COUNTIFS({closing})=1,SUMIFS({fans},{closing}),""))',
         look.COUNT),
        ("opening_fans", f'=IF(from_date="","",IF(COUNTIFS({eve})=1,SUMIFS({fans},{eve}),IF(COUNTIFS({opened})=1,'
         f'SUMIFS({fans},{opened})-SUMIFS({net},{opened}),"")))', look.COUNT),
        ("average_fans", f'=IF(COUNT({counted})=0,"",AVERAGEIFS({fans},{inside}))', look.ONE),
        ("months", '=IF(COUNT(from_date,to_date)<2,"",(YEAR(to_date)-YEAR(from_date))*12+MONTH(to_date)'
                   "-MONTH(from_date)+1)", look.COUNT))
