"""Sheet 等级分布 / Grades: how many persons have which grade, this month against the quotas and month by month."""

from __future__ import annotations

from typing import Any

from xlkpi.functions.grading import GRADE_NAMES
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.team_summary.columns import COLUMNS, MONTHS

FIRST = 3
COLOURS = ("#2E8B57", "#7FBF9A", "#C9D3DC", "#E8B84A", "#C8453B")


def write(book: Book) -> None:
    sheet = book.sheet("sheet.grades")
    t = book.t
    book.heading(sheet, t("grades_sheet.title"), t("grades_sheet.hint"))
    grade, period = book.col("results", "grade"), book.col("results", "period")
    centre = look.CENTER
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "grade": (9, centre | {"bold": True}), "quota": (10, centre | look.WHOLE_PERCENT),
        "count": (10, centre | {"num_format": "0"}), "share": (10, centre | look.WHOLE_PERCENT),
        **dict.fromkeys(COLUMNS, (7, centre | {"num_format": "0;-0;"}))}
    columns = [Column(code, label, *looks[code], input=False) for code, label in book.labels("spread")]
    total = f"SUM({book.col('spread', 'count')})"
    rows = []
    for number in range(1, len(GRADE_NAMES) + 1):
        mine = book.this("spread", "grade")
        rows.append([
            f'=IFERROR(INDEX({book.col("grades", "grade")},{number})&"","")',
            f'=IFERROR(INDEX({book.col("grades", "quota")},{number}),"")',
            f'=IF(OR({mine}="",shown_period=""),0,COUNTIFS({grade},{mine},{period},shown_period))',
            f'=IF({total}=0,"",{book.this("spread", "count")}/{total})',
            *(f'=IF(OR({mine}="",shown_year=""),0,COUNTIFS({grade},{mine},{period},shown_year*100+{month}))'
              for month in MONTHS)])
    table = book.table(sheet, "spread", FIRST, 0, columns, rows, filters=False)
    note = book.format(**look.HINT, text_wrap=True)
    sheet.merge_range(table.last + 1, 0, table.last + 1, 15, "", note)
    without = (f'COUNTIFS({period},shown_period)-{total}')
    book.formula(sheet, table.last + 1, 0, f'=IF(shown_period="","",IF({without}>0,"{t("grades_sheet.without")}"&'
                 f'({without}),""))', note)
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    place = book.name("sheet.grades")
    chart = book.workbook.add_chart({"type": "column"})
    for code, colour in (("quota", "#C9D3DC"), ("share", look.ACCENT)):
        chart.add_series({"name": f"={place}!${chr(65 + table.place(code))}${table.first}",
                          "categories": f"={place}!{table.body('grade')}", "values": f"={place}!{table.body(code)}",
                          "fill": {"color": colour}, "gap": 90, "overlap": -5})
    chart.set_title({"name": t("chart.month"), "name_font": {**font, "size": 11, "bold": True}})
    chart.set_y_axis({"num_format": "0%", "num_font": font, "line": {"none": True}, "min": 0,
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    _plain(chart, font)
    chart.set_size({"width": 420, "height": 320})
    sheet.insert_chart(table.last + 3, 0, chart, {"object_position": 2})
    stacked = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    head = f"$E${table.first}:$P${table.first}"
    for number, colour in enumerate(COLOURS):
        row = table.first + number + 1
        stacked.add_series({"name": f"={place}!$A${row}", "categories": f"={place}!{head}",
                            "values": f"={place}!$E${row}:$P${row}", "fill": {"color": colour}, "gap": 50})
    stacked.set_title({"name": t("chart.year"), "name_font": {**font, "size": 11, "bold": True}})
    stacked.set_y_axis({"num_format": "0", "num_font": font, "line": {"none": True}, "min": 0,
                        "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    _plain(stacked, font)
    stacked.set_size({"width": 520, "height": 320})
    sheet.insert_chart(table.last + 3, 6, stacked, {"x_offset": 10, "object_position": 2})
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last + 22, 15), landscape=True, tall=1)


def _plain(chart: Any, font: dict[str, Any]) -> None:
    chart.set_x_axis({"num_font": font, "line": {"color": look.LINE}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
