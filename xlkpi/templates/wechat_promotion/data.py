"""Sheets of data: followers, articles, menu and messages, interactions and ratings, conversion and cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table
from xlkpi.templates.sheets.marks import check_numbers

FIRST = 3  # header row of the tables, from 0

LOOKS: dict[str, tuple[float, dict[str, Any]]] = {
    "title": (44, look.LEFT | {"valign": "top"}), "published_at": (17, look.MOMENT), "date": (13, look.DAY),
    "url": (24, look.LEFT | {"font_size": 8, "font_color": look.GREY}), "channel": (16, look.LEFT),
    "item": (26, look.LEFT), "menu_version": (13, look.CENTER), "menu_level1": (15, look.LEFT),
    "menu_level2": (15, look.LEFT), "reads_per_share": (11, look.TWO), "messages_per_user": (11, look.TWO),
    "clicks_per_user": (11, look.TWO), "cost": (11, look.COUNT | {"num_format": "#,##0.00"}),
    "revenue": (12, look.COUNT | {"num_format": "#,##0.00"}),
}


def columns(book: Book, table: str, own: dict[str, tuple[float, dict[str, Any], str]]) -> list[Column]:
    """The columns of a data table: those of ``own`` are formulas, the others are shown by their kind of value."""
    made = []
    for code, label in book.labels(table):
        if code in own:
            width, shown, formula = own[code]
            made.append(Column(code, label, width, shown, formula=formula, input=False))
            continue
        source = metrics.find_column(code)
        kind = source.kind if source else "text"
        width, shown = LOOKS.get(code, (11.5, {"num_format": "0.00%"} if kind == "rate" else look.COUNT))
        made.append(Column(code, label, width, {**look.DATA, **shown}))
    return made


def write_users(book: Book) -> None:
    sheet = book.sheet("sheet.users", look.GREEN)
    book.heading(sheet, book.t("users.title"), book.t("users.hint"))
    day, fans = book.this("users", "date"), book.this("users", "fans_total")
    formula = (f'=IF(AND(ISNUMBER({day}),ISNUMBER({fans}),COUNT(from_date,to_date)=2),'
               f'IF(AND({day}>=from_date,{day}<to_date+1),{day},""),"")')
    table = book.table(sheet, "users", FIRST, 0, columns(book, "users", {
        "counted": (14, {"num_format": '"✓";;""', "align": "center", "font_color": look.GREY}, formula)}))
    check_numbers(book, sheet, [table.body(code) for code in ("new_followers", "cancelled_followers", "fans_total")])
    sheet.set_column(6, 6, 3)
    sheet.freeze_panes(FIRST + 1, 1)
    trend(book, sheet, table)
    book.print_table(sheet, table)


def write_articles(book: Book) -> None:
    sheet = book.sheet("sheet.articles", look.GREEN)
    book.heading(sheet, book.t("articles.title"), book.t("articles.hint"))
    sent, fans = book.this("articles", "published_at"), book.this("articles", "fans_at_send")
    readers, sharers = book.this("articles", "read_users"), book.this("articles", "share_users")
    eve = f'{book.col("users", "date")},">="&INT({sent})-1,{book.col("users", "date")},"<"&INT({sent})'
    known = f'{book.col("users", "fans_total")},">0"'
    grey = {"font_color": look.GREY}
    own = {
        "fans_at_send": (11.5, look.COUNT | grey, f'=IF(ISNUMBER({sent}),IF(COUNTIFS({eve},{known})=1,'
                         f'SUMIFS({book.col("users", "fans_total")},{eve}),""),"")'),
        "read_rate": (10, {"num_format": "0.00%"}, f'=IF(COUNT({readers},{fans})=2,{readers}/{fans},"")'),
        "share_rate": (10, {"num_format": "0.00%"},
                       f'=IF(COUNT({sharers},{readers})=2,IF({readers}>0,{sharers}/{readers},""),"")'),
    }
    table = book.table(sheet, "articles", FIRST, 0, columns(book, "articles", own))
    check_numbers(book, sheet, [table.body(code) for code in ("read_users", "reads", "share_users", "forwards",
                                                              "delivered_users", "session_reads")])
    sheet.conditional_format(table.body("reads"), {"type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True,
                                                   "data_bar_2010": True})
    first = table.cell("published_at")
    sheet.conditional_format(table.body("title", "share_rate"), {
        "type": "formula", "format": book.format(font_color="#A0A9B4", italic=True),
        "criteria": f'=AND({first}<>"",OR(NOT(ISNUMBER({first})),{first}<N(from_date),{first}>=N(to_date)+1))'})
    sheet.freeze_panes(FIRST + 1, 1)
    book.print_table(sheet, table, landscape=True)


def _side_by_side(book: Book, sheet: Any, tables: Sequence[tuple[str, list[list[Any]]]]) -> list[Table]:
    """Tables beside each other, each with its title and room to grow."""
    left, made = 0, []
    for name, rows in tables:
        sheet.write_string(FIRST - 1, left, book.t(f"{name}.title"), book.format(bold=True, font_color=look.ACCENT))
        made.append(book.table(sheet, name, FIRST, left, columns(book, name, {}), rows))
        left += len(book.labels(name)) + 1
        sheet.set_column(left - 1, left - 1, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    return made


def write_menu(book: Book) -> None:
    sheet = book.sheet("sheet.menu", look.GREEN)
    book.heading(sheet, book.t("menu.heading"), book.t("menu.hint"))
    menu, messages = _side_by_side(book, sheet, [("menu", []), ("messages", [])])
    check_numbers(book, sheet, [menu.body("menu_clicks", "menu_click_users"), messages.body("message_users",
                                                                                           "upstream_messages")])
    book.print_setup(sheet, None, landscape=True, repeat=FIRST)


def write_interactions(book: Book) -> None:
    sheet = book.sheet("sheet.interactions", look.GREEN)
    book.heading(sheet, book.t("interactions.heading"), book.t("interactions.hint"))
    days, ratings = _side_by_side(book, sheet, [("interactions", [[None] * 8 for _ in range(3)]),
                                                ("ratings", [[None] * 5 for _ in range(3)])])
    check_numbers(book, sheet, [days.body("comments", "invited")])
    sheet.data_validation(ratings.body("cv_title", "cv_media"), {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
        "error_message": book.t("check.rating")})
    book.print_setup(sheet, None, landscape=True, repeat=FIRST)


ROOM = 8  # channels that the summary shows


def write_conversion(book: Book) -> None:
    """The data of advertising and conversion, and right of them a line for every channel of the period."""
    sheet = book.sheet("sheet.conversion", look.GREEN)
    book.heading(sheet, book.t("conversion.heading"), book.t("conversion.hint"))
    table = book.table(sheet, "conversion", FIRST, 0, columns(book, "conversion", {}))
    check_numbers(book, sheet, [table.body("exposures", "coupons_redeemed")])
    left = len(table.columns) + 1
    sheet.set_column(left - 1, left - 1, 3)
    sheet.write_string(FIRST - 1, left, book.t("channels.title"), book.format(bold=True, font_color=look.ACCENT))
    names = book.col("conversion", "channel")
    book.formula(sheet, FIRST - 1, left + 2, f'=IF(SUMPRODUCT(({names}<>"")/COUNTIF({names},{names}&""))>{ROOM}+0.5,'
                 f'"{book.t("channels.more")}","")', book.format(font_color=look.RED, font_size=9))
    _channels(book, sheet, left)
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_table(sheet, table, landscape=True)


def _channels(book: Book, sheet: Any, left: int) -> None:
    def this(code: str) -> str:
        return book.this("channels", code)

    names = book.col("conversion", "channel")
    when = period(book, "conversion", "date")

    def total(code: str) -> str:
        cells = book.col("conversion", code)
        mine = f"{names},{this('channel')},{when},{cells},{NUMBER}"
        return f'=IF({this("channel")}="","",IF(COUNTIFS({mine})=0,"",SUMIFS({cells},{mine})))'

    def ratio(top: str, bottom: str, times: str = "") -> str:
        above, below = book.col("conversion", top), book.col("conversion", bottom)
        mine = f"{names},{this('channel')},{when},{above},{NUMBER},{below},{NUMBER}"
        whole = f"SUMIFS({below},{mine})"
        return (f'=IF({this("channel")}="","",IF(COUNTIFS({mine})=0,"",IF({whole}=0,"",'
                f"SUMIFS({above},{mine})/{whole}{times})))")

    formulas = {code: total(code) for code in ("cost", "exposures", "clicks", "conversions", "revenue")} | {
        "cpm": ratio("cost", "exposures", "*1000"), "cpc": ratio("cost", "clicks"),
        "conversion_rate": ratio("conversions", "reads"), "roi": ratio("revenue", "cost", "-1")}
    looks: dict[str, dict[str, Any]] = {"channel": look.LEFT, "roi": look.PERCENT, "conversion_rate": look.PERCENT,
                                        "cpm": {"num_format": "#,##0.00"}, "cpc": {"num_format": "#,##0.00"}}
    made = [Column(code, label, 16 if code == "channel" else 11, looks.get(code, look.COUNT),
                   formula=formulas.get(code), input=False) for code, label in book.labels("channels")]
    letter = column_letter(left)
    rows = [[f'=IFERROR(INDEX({names},MATCH(0,INDEX(COUNTIF(${letter}${FIRST + 1}:${letter}${FIRST + 1 + at},{names})+'
             f'({names}=""),0),0))&"","")'] for at in range(ROOM)]
    book.table(sheet, "channels", FIRST, left, made, rows, filters=False)


NUMBER = '">=-1E+300"'  # a criterion that numbers alone meet: neither blanks nor texts


def period(book: Book, table: str, code: str) -> str:
    """The criteria for the rows of the period."""
    return f'{book.col(table, code)},">="&from_date,{book.col(table, code)},"<"&to_date+1'


def column_letter(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


def trend(book: Book, sheet: Any, table: Table, place: str = "", size: tuple[int, int] = (640, 320)) -> None:
    """New, cancelled and total followers by day, beside the table or at ``place`` of another sheet."""
    days = book.name("sheet.users")
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    chart = book.workbook.add_chart({"type": "column"})
    line = book.workbook.add_chart({"type": "line"})

    def cells(code: str) -> str:
        return f"={days}!{table.body(code)}"

    def name(code: str) -> str:
        return f"={days}!${column_letter(table.place(code))}${table.first}"

    for code, colour in (("new_followers", "#8FB7D3"), ("cancelled_followers", "#E0A8A2")):
        chart.add_series({"name": name(code), "categories": cells("date"), "values": cells(code), "gap": 40,
                          "overlap": 0, "fill": {"color": colour}, "border": {"none": True}})
    line.add_series({"name": name("fans_total"), "categories": cells("date"), "values": cells("fans_total"),
                     "y2_axis": True, "line": {"color": look.ACCENT, "width": 2}, "marker": {"type": "none"}})
    chart.combine(line)
    chart.set_title({"none": True})
    chart.set_x_axis({"date_axis": True, "num_format": "m-d", "num_font": font, "line": {"color": look.LINE},
                      "label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True},
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    line.set_y2_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True},
                      "name": book.label("users", "fans_total"), "name_font": font})
    chart.set_legend({"position": "top", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": size[0], "height": size[1]})
    sheet.insert_chart(place or "H4", chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})
