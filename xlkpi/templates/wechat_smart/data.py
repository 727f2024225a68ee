"""Sheets of data and the statistics tables that the article asks for: followers, articles, consultations."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import check_numbers
from xlkpi.templates.wechat_promotion import data as shared
from xlkpi.templates.wechat_promotion.data import FIRST

DAYS = 31  # days that the day-over-day sheet shows


def write_users(book: Book) -> None:
    """公众号粉丝数据统计表: the export with room for causes and adjustments."""
    sheet = book.sheet("sheet.users", look.GREEN)
    book.heading(sheet, book.t("users.title"), book.t("users.hint"))
    day, fans = book.this("users", "date"), book.this("users", "fans_total")
    formula = (f'=IF(AND(ISNUMBER({day}),ISNUMBER({fans}),COUNT(from_date,to_date)=2),'
               f'IF(AND({day}>=from_date,{day}<to_date+1),{day},""),"")')
    small = look.LEFT | look.WRAP | {"font_size": 9}

    def noted(code: str) -> str:
        found = f"INDEX({book.col('fan_notes', code)},MATCH({day},{book.col('fan_notes', 'day')},0))"
        return f'=IF({day}="","",IFERROR({found}&"",""))'

    columns = shared.columns(book, "users", {
        "cause": (28, small, noted("cause")), "adjust": (28, small, noted("adjust")),
        "counted": (9, {"num_format": '"✓";;""', "align": "center", "font_color": look.GREY}, formula)})
    table = book.table(sheet, "users", FIRST, 0, columns)
    check_numbers(book, sheet, [table.body(code) for code in ("new_followers", "cancelled_followers", "fans_total")])
    left = len(columns) + 1
    sheet.set_column(left - 1, left - 1, 3)
    sheet.write_string(FIRST - 1, left, book.t("fan_notes.title"), book.format(bold=True, font_color=look.ACCENT))
    looks = {"day": (13, look.DAY), "cause": (32, small), "adjust": (32, small)}
    book.table(sheet, "fan_notes", FIRST, left, [Column(code, label, *looks[code])
                                                 for code, label in book.labels("fan_notes")],
               [[None] * 3 for _ in range(6)], filters=False)
    net = table.cell("net_followers")
    sheet.conditional_format(table.body("net_followers"), {
        "type": "formula", "criteria": f"=AND(ISNUMBER({net}),{net}<0)", "format": book.format(font_color=look.RED)})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table, landscape=True)


def write_articles(book: Book) -> None:
    """图文消息数据统计表: delivery, open and share rate of every article."""
    sheet = book.sheet("sheet.articles", look.GREEN)
    book.heading(sheet, book.t("articles.title"), book.t("articles.hint"))

    def this(code: str) -> str:
        return book.this("articles", code)

    def rate(top: str, bottom: str) -> str:
        return (f'=IF(COUNT({this(top)},{this(bottom)})=2,IF({this(bottom)}>0,{this(top)}/{this(bottom)},""),"")')

    sent, day, fans = this("published_at"), book.col("users", "date"), book.col("users", "fans_total")
    eve = f'{day},">="&INT({sent})-1,{day},"<"&INT({sent})'
    percent = {"num_format": "0.00%"}
    table = book.table(sheet, "articles", FIRST, 0, shared.columns(book, "articles", {
        "fans_at_send": (11.5, look.COUNT | {"font_color": look.GREY},
                         f'=IF(ISNUMBER({sent}),IF(COUNTIFS({eve},{fans},">0")=1,SUMIFS({fans},{eve}),""),"")'),
        "delivery_rate": (10, percent, rate("delivered_users", "fans_at_send")),
        "open_rate": (10, percent, rate("session_reads", "delivered_users")),
        "share_rate": (10, percent, rate("share_users", "read_users"))}))
    check_numbers(book, sheet, [table.body(code) for code in ("read_users", "reads", "share_users", "forwards",
                                                              "delivered_users", "session_reads")])
    for code in ("open_rate", "share_rate"):
        sheet.conditional_format(table.body(code), {"type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True,
                                                    "data_bar_2010": True})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table, landscape=True)


def write_consultations(book: Book) -> None:
    """每日咨询量统计表: a row a day; a day without a number is unknown, not 0."""
    sheet = book.sheet("sheet.consultations", look.GREEN)
    book.heading(sheet, book.t("consultations.title"), book.t("consultations.hint"))
    columns = [Column(code, label, 40, look.DAY if code == "date" else look.COUNT | look.CENTER)
               for code, label in book.labels("consultations")]
    table = book.table(sheet, "consultations", FIRST, 0, columns, [[None] * 2 for _ in range(5)])
    check_numbers(book, sheet, [table.body("consultations")])
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table)


def write_dod(book: Book) -> None:
    """每日咨询环比对比表: no value where yesterday is 0 or missing."""
    sheet = book.sheet("sheet.consult_dod", look.GREEN)
    book.heading(sheet, book.t("dod.title"), book.t("dod.hint"))
    days, counts = book.col("consultations", "date"), book.col("consultations", "consultations")

    def this(code: str) -> str:
        return book.this("consult_dod", code)

    def on(day: str) -> str:
        mine = f'{days},">="&{day},{days},"<"&{day}+1,{counts},{shared.NUMBER}'
        return f'=IF({this("date")}="","",IF(COUNTIFS({mine})=1,SUMIFS({counts},{mine}),""))'

    today, before = this("today"), this("yesterday")
    formulas = {
        "yesterday": on(f"({this('date')}-1)"), "today": on(this("date")),
        "change": f'=IF(COUNT({today},{before})<2,"",IF({before}=0,"",({today}-{before})/{before}))',
        "remark": f'=IF({this("date")}="","",IF({today}="","{book.t("dod.no_today")}",IF({before}="",'
                  f'"{book.t("dod.no_yesterday")}",IF({before}=0,"{book.t("dod.zero")}",""))))'}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "date": (14, look.DAY), "yesterday": (12, look.COUNT), "today": (12, look.COUNT),
        "change": (12, {"num_format": '+0.0%;-0.0%;0.0%'}), "remark": (36, look.LEFT | {"font_color": look.GREY})}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=False)
               for code, label in book.labels("consult_dod")]
    rows = [[f'=IF(COUNT(from_date,data_date)<2,"",IF(data_date-{back}<from_date,"",data_date-{back}))']
            for back in range(DAYS - 1, -1, -1)]
    table = book.table(sheet, "consult_dod", FIRST, 0, columns, rows, filters=False)
    cell = table.cell("change").replace("$", "")
    for test, ink in ((">0", look.GREEN), ("<0", look.RED)):
        sheet.conditional_format(table.body("change"), {
            "type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}{test})",
            "format": book.format(font_color=ink)})
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last, len(columns) - 1), repeat=FIRST)


def label(code: str, lang: str) -> str:
    return metrics.find_metric(code).label(lang)
