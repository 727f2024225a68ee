"""Sheet 强制分布 / Forced distribution: the natural grades beside the forced ones, and every person in order."""

from __future__ import annotations

from typing import Any

from xlkpi.functions.grading import GRADE_NAMES
from xlkpi.templates import look
from xlkpi.templates.book import Book, Column

FIRST = 3
ROOM = 60  # persons that the list in order can hold
LIST = 24  # header row of the list


def write(book: Book) -> None:
    sheet = book.sheet("sheet.distribution")
    t = book.t
    book.heading(sheet, t("distribution.title"), t("distribution.hint"))
    _grades(book, sheet)
    _ranking(book, sheet)
    sheet.protect()
    book.print_setup(sheet, (0, 0, LIST + ROOM, 9), tall=1)


def _grades(book: Book, sheet: Any) -> None:
    t = book.t

    def this(code: str) -> str:
        return book.this("distribution", code)

    def people(code: str) -> str:
        return book.col("people", code)

    centre = look.CENTER
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "grade": (9, centre | {"bold": True}), "quota": (11, centre | look.WHOLE_PERCENT),
        "natural": (13, centre | {"num_format": "0"}), "natural_share": (10, centre | look.WHOLE_PERCENT),
        "forced": (10, centre | {"num_format": "0"}), "forced_share": (10, centre | look.WHOLE_PERCENT),
        "moved": (12, centre | {"num_format": "+0;-0;0"})}
    columns = [Column(code, label, *looks[code], input=False) for code, label in book.labels("distribution")]
    rows = []
    known = "+".join(f"COUNTIF({people('grade')},INDEX({book.col('grades', 'grade')},{n}))"
                     for n in range(1, len(GRADE_NAMES) + 1))
    for number in range(1, len(GRADE_NAMES) + 1):
        grade = f'INDEX({book.col("grades", "grade")},{number})'
        rows.append([
            f'=IFERROR({grade}&"","")', f"=IFERROR(INDEX({book.col('grades', 'quota')},{number}),\"\")",
            f'=COUNTIF({people("grade")},{this("grade")})', f'=IF({known}=0,"",{this("natural")}/({known}))',
            f'=COUNTIF({people("forced")},{this("grade")})',
            f'=IF(COUNTIF({people("forced")},"?*")=0,"",{this("forced")}/COUNTIF({people("forced")},"?*"))',
            f'=IF(COUNTIF({people("forced")},"?*")=0,"",{this("forced")}-{this("natural")})'])
    table = book.table(sheet, "distribution", FIRST, 0, columns, rows, filters=False)
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    row = table.last + 1
    sheet.merge_range(row, 0, row + 1, 9, "", note)
    exempt = f'COUNTIF({people("ranked")},">=-1000000")-COUNTIF({people("forced")},"?*")'
    book.formula(sheet, row, 0, f'=IF(quotas_wrong>0,"{t("warn.quotas")}",IF({exempt}>0,"{t("warn.exempt1")}"&'
                 f'({exempt})&"{t("warn.exempt2")}"&least_people&"{t("warn.exempt3")}",""))&'
                 f'IF(COUNTIF({people("grade")},"?*")>{ROOM}," {t("warn.list_room")}","")', note)
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    chart = book.workbook.add_chart({"type": "column"})
    place = book.name("sheet.distribution")
    for code, colour in (("quota", "#C9D3DC"), ("natural_share", look.ACCENT), ("forced_share", look.AMBER)):
        chart.add_series({"name": f"={place}!${chr(65 + table.place(code))}${table.first}",
                          "categories": f"={place}!{table.body('grade')}", "values": f"={place}!{table.body(code)}",
                          "fill": {"color": colour}, "gap": 90, "overlap": -5})
    chart.set_y_axis({"num_format": "0%", "num_font": font, "line": {"none": True}, "min": 0,
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_x_axis({"num_font": {**font, "size": 10}, "line": {"color": look.LINE}})
    chart.set_legend({"position": "top", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 790, "height": 255})
    sheet.insert_chart(row + 2, 0, chart, {"x_offset": 2, "object_position": 2})


def _ranking(book: Book, sheet: Any) -> None:
    t = book.t
    section = book.format(**look.SECTION)
    for at in range(10):
        sheet.write_blank(LIST - 1, at, None, section)
    sheet.write_string(LIST - 1, 0, t("ranking.title"), section)

    def this(code: str) -> str:
        return book.this("ranking", code)

    def person(code: str) -> str:
        found = f"INDEX({book.col('people', code)},{this('at')})"
        return f'=IF({this("at")}="","",IF({found}="","",{found}))'

    centre = look.CENTER
    differs = (f'=IF({this("at")}="","",IF({this("forced")}="","{t("ranking.exempt")}",'
               f'IF({this("forced")}={this("natural")},"","≠")))')
    formulas = {"person": person("person"), "department": person("department"), "total": person("ranked"),
                "natural": person("grade"), "forced": person("forced"), "differs": differs,
                "natural_coefficient": person("natural_coefficient"),
                "forced_coefficient": person("forced_coefficient"),
                "at": f'=IFERROR(MATCH({this("no")},{book.col("people", "order")},0),"")'}
    looks: dict[str, dict[str, Any]] = {
        "no": centre | {"font_color": look.GREY}, "person": look.LEFT | {"bold": True}, "department": look.LEFT,
        "total": centre | look.TWO, "natural": centre | {"bold": True}, "forced": centre | {"bold": True},
        "differs": centre | {"font_color": look.GREY}, "natural_coefficient": centre | look.TWO,
        "forced_coefficient": centre | look.TWO, "at": centre | {"font_color": look.GREY, "font_size": 8.5}}
    columns = [Column(code, label, 10, looks[code], formula=formulas.get(code), input=False)
               for code, label in book.labels("ranking")]
    table = book.table(sheet, "ranking", LIST, 0, columns, [[no] for no in range(1, ROOM + 1)], filters=False,
                       style=None, widths=False)
    for at, width in ((7, 12), (8, 12), (9, 7)):
        sheet.set_column(at, at, width)
    sheet.conditional_format(table.body("no", "at"), {
        "type": "formula", "criteria": f'={table.cell("at")}=""', "stop_if_true": True,
        "format": book.format(num_format=";;;", bottom=1, bottom_color="#FFFFFF")})
    sheet.conditional_format(table.body("natural", "differs"), {
        "type": "formula", "criteria": f'={table.cell("differs")}="≠"',
        "format": book.format(bg_color=look.AMBER_FILL, font_color="#8A6100")})
