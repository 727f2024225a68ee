"""Sheet 汇报表 / Report: this period against the one before, curves, causes and what is changed."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import by_unit, status_colours
from xlkpi.templates.sheets.scorecard import period
from xlkpi.templates.wechat_promotion.data import column_letter, trend
from xlkpi.templates.wechat_smart.figures import figures
from xlkpi.templates.wechat_smart.goals import unit_of
from xlkpi.templates.wechat_smart.params import DATED

FIRST = 4
TYPED = ("cause", "content", "campaign", "product", "execution")


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.report")
    t = book.t
    book.heading(sheet, t("report.title"))
    known = f"COUNT({','.join(book.col(*one) for one in DATED)})"
    book.formula(sheet, 1, 0, f'=IF({known}=0,"{t("report.start")}",IF(account="","",account&"  ·  ")&{period(book)})',
                 book.format(**look.HINT))
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    texts = "+".join(f"SUMPRODUCT(ISTEXT({book.col(*one)})+0)" for one in DATED)
    book.formula(sheet, 2, 0, f'=IF({texts}>0,"{t("warn.text")}","")&IF({count}>0,"{t("warn.problems")}"&({count}),"")'
                              f'&IF(AND(COUNT(from_date)=1,OR(period_start="",period_end="")),"{t("warn.period")}","")',
                 book.format(font_size=9, font_color=look.RED))
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "metric": (17 if book.lang == "zh" else 24, look.LEFT), "unit": (7, look.CENTER), "current": (12, look.COUNT),
        "previous": (12, look.COUNT), "change": (10, {"num_format": "+0.0%;-0.0%;0.0%"}), "target": (11, look.COUNT),
        "status": (10, look.CENTER | {"bold": True}),
        **dict.fromkeys(TYPED, (22, look.LEFT | look.WRAP | {"font_size": 9}))}

    def this(code: str) -> str:
        return book.this("report", code)

    formulas = {
        "change": f'=IF(COUNT({this("current")},{this("previous")})<2,"",IF({this("previous")}=0,"",'
                  f'({this("current")}-{this("previous")})/ABS({this("previous")})))',
        "target": _of_goal(book, "target"), "status": _of_goal(book, "status")}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=code in TYPED)
               for code, label in book.labels("report")]
    rows = [[metrics.find_metric(code).label(book.lang), unit_of(code, book.lang), one.current, one.previous]
            for code, one in figures(book).items()]
    table = book.table(sheet, "report", FIRST, 0, columns, rows, filters=False)
    for code in ("current", "previous", "target"):
        by_unit(book, sheet, table.cell("unit"), table.body(code))
    for row in range(table.first, table.last + 1):
        sheet.set_row(row, 34)
    cell = table.cell("change").replace("$", "")
    worse = metrics.find_metric("cancelled_followers").label(book.lang)  # fewer is better
    sign = f'IF({table.cell("metric")}="{worse}",-1,1)'
    for test, ink in ((">0", look.GREEN), ("<0", look.RED)):
        sheet.conditional_format(table.body("change"), {
            "type": "formula", "criteria": f"=AND(ISNUMBER({cell}),N({cell})*{sign}{test})",
            "format": book.format(font_color=ink)})
    status_colours(book, sheet, table.body("status"), table.cell("status").replace("$", ""))
    sheet.write_string(table.last + 1, 0, t("report.note"), book.format(**look.HINT))
    sheet.freeze_panes(FIRST + 1, 1)
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last + 40, len(columns) - 1), landscape=True, tall=1)
    return sheet


def _of_goal(book: Book, code: str) -> str:
    found = (f"INDEX({book.col('smart_goals', code)},MATCH({book.this('report', 'metric')},"
             f"{book.col('smart_goals', 'metric')},0))")
    return f'=IFERROR(IF({found}="","",{found}),"")'


def charts(book: Book, sheet: Any) -> None:
    """Fans by day, rates by article, consultations by day."""
    t = book.t
    top = book.tables["report"].last + 3
    section = book.format(**look.SECTION)
    for row, key, left, right in ((top, "chart.fans", 0, 5), (top, "chart.articles", 6, 11),
                                  (top + 18, "chart.consult", 0, 11)):
        for at in range(left, right + 1):
            sheet.write_blank(row, at, None, section)
        sheet.write_string(row, left, t(key), section)
    trend(book, sheet, book.tables["users"], f"A{top + 2}", (560, 310))
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    grid = {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}

    def series(table: str, code: str, colour: str, date: str) -> dict[str, Any]:
        place, days = book.tables[table], book.name(f"sheet.{table}")
        return {"name": f"={days}!${column_letter(place.place(code))}${place.first}",
                "categories": f"={days}!{place.body(date)}", "values": f"={days}!{place.body(code)}",
                "line": {"color": colour, "width": 2}, "marker": {"type": "circle", "size": 4,
                                                                  "fill": {"color": colour},
                                                                  "border": {"none": True}}}

    rates = book.workbook.add_chart({"type": "line"})
    for code, colour in (("open_rate", look.ACCENT), ("share_rate", look.AMBER)):  # several articles a day: no line
        rates.add_series({**series("articles", code, colour, "published_at"), "line": {"none": True}})
    consult = book.workbook.add_chart({"type": "line"})
    consult.add_series(series("consultations", "consultations", look.GREEN, "date"))
    for chart, place, shown, width in ((rates, f"G{top + 2}", "0%", 830), (consult, f"A{top + 20}", "#,##0", 1390)):
        chart.set_title({"none": True})
        chart.set_x_axis({"date_axis": True, "num_format": "m-d", "num_font": font, "line": {"color": look.LINE},
                          "label_position": "low"})
        chart.set_y_axis({"num_format": shown, "num_font": font, "line": {"none": True}, "min": 0,
                          "major_gridlines": grid})
        chart.set_legend({"position": "top", "font": font})
        chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        chart.show_blanks_as("gap")
        chart.set_size({"width": width, "height": 310})
        sheet.insert_chart(place, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})
