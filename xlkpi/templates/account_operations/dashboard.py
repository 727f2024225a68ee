"""Sheet 首页 / Dashboard: one person against the team on twelve dimensions, the ranking, and the grades."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.account_operations.model import DIMENSIONS
from xlkpi.templates.account_operations.scorecard import period, person
from xlkpi.templates.book import Book

FIGURES = 16  # column of the figures behind the charts, right of the printed page
TOP = 18  # persons in the short ranking


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.dashboard")
    t = book.t
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(1, 8, 11.5)
    sheet.set_column(9, 9, 2)
    for at, width in ((10, 6), (11, 13), (12, 14), (13, 9), (14, 9)):
        sheet.set_column(at, at, width)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 1, 0, 8, t("dashboard.title"), book.format(**{**look.TITLE, "font_size": 18}))
    book.refresh_button(sheet, 0, 8)
    sheet.merge_range(0, 10, 0, 12, t("dashboard.choose"), book.format(font_color=look.GREY, align="right"))
    chosen = book.format(**{**look.INPUT, "bold": True, "align": "center", "border": 1, "border_color": look.LINE})
    sheet.merge_range(0, 13, 0, 14, "", chosen)
    sheet.data_validation(0, 13, 0, 13, {"validate": "list", "source": "=people_list",
                                         "error_message": t("check.unknown_person")})
    book.define("person", "sheet.dashboard", "$N$1")
    hint = book.format(**look.HINT)
    sheet.merge_range(1, 1, 1, 14, "", hint)
    known = f"COUNTA({book.col('people', 'person')})"
    book.formula(sheet, 1, 1, f'=IF({known}=0,"{t("dashboard.start")}",IF(company="","",company&"  ·  ")&{period()}&'
                 f'IF(data_date="","","  ·  {t("worked.data_date")} "&TEXT(data_date,"yyyy-mm-dd")))', hint)
    sheet.set_row(2, 6)
    _cards(book, sheet)
    sheet.set_row(6, 8)
    _sections(book, sheet)
    _ranking(book, sheet)
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    sheet.merge_range(42, 1, 43, 14, "", note)
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    book.formula(sheet, 42, 1, f'={book.name("sheet.scorecard")}!$A$7&IF(rows_wrong>0,"{t("warn.rows")}"&'
                 f'rows_wrong&" ","")&IF({count}>0,"  {t("warn.problems")}"&({count}),"")', note)
    _figures(book, sheet)
    sheet.protect()
    book.print_setup(sheet, (0, 0, 43, 14), landscape=True, tall=1)
    return sheet


def _cards(book: Book, sheet: Any) -> None:
    t = book.t
    top = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 9}
    big = {"bg_color": look.TINT, "align": "center", "bold": True, "font_size": 20, "font_color": look.ACCENT}
    small = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 8.5}
    ranked = f'COUNTIF({book.col("people", "ranked")},">=-1000000")'
    rank = person(book, "rank")
    parts = (f'IF(total_score="","{t("card.none")}","{t("part.p")} "&TEXT({person(book, "performance")},"0.0")&'
             f'"  {t("part.b")} "&TEXT({person(book, "behaviour")},"0.0"))')
    cards: tuple[tuple[int, int, str, str, dict[str, Any], str], ...] = (
        (1, 2, "total", "=total_score", look.TWO, f"={parts}"),
        (3, 4, "grade", "=grade", {}, f'=IF(grade="","","{t("people.forced")}: "&IF({person(book, "forced")}="",'
         f'"{t("ranking.exempt")}",{person(book, "forced")}))'),
        (5, 6, "coefficient", "=coefficient", look.TWO, "=coefficient_by"),
        (7, 8, "rank", f'=IF({rank}="","",{rank}&" / "&{ranked})', {}, f'="{t("card.rank_note")}"'),
        (10, 12, "coverage", "=coverage", look.WHOLE_PERCENT, f'=IF(rows_wrong>0,"{t("warn.rows")}"&rows_wrong,"")'),
        (13, 14, "mean", f'=IF({ranked}=0,"",AVERAGE({book.col("people", "ranked")}))', look.TWO,
         f'="{t("card.mean_note")}"'),
    )
    sheet.set_row(3, 16)
    sheet.set_row(4, 32)
    sheet.set_row(5, 16)
    for a, b, key, formula, shown, note in cards:
        formats = (book.format(**top), book.format(**{**big, **shown}, shrink=True), book.format(**small))
        for row, cell in zip((3, 4, 5), formats, strict=True):
            sheet.merge_range(row, a, row, b, "", cell)
        sheet.write_string(3, a, t(f"card.{key}"), formats[0])
        book.formula(sheet, 4, a, formula, formats[1])
        book.formula(sheet, 5, a, note, formats[2])


def _sections(book: Book, sheet: Any) -> None:
    section = book.format(**look.SECTION)
    for row, columns in ((7, range(1, 9)), (7, range(10, 15)), (27, range(1, 9)), (27, range(10, 15))):
        for at in columns:
            sheet.write_blank(row, at, None, section)
    for row, at, key in ((7, 1, "chart.radar"), (7, 10, "ranking.title"), (27, 1, "chart.totals"),
                         (27, 10, "chart.grades")):
        sheet.write_string(row, at, book.t(key), section)


def _ranking(book: Book, sheet: Any) -> None:
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE)
    columns = (("no", 10, look.CENTER), ("person", 11, look.LEFT | {"bold": True}), ("department", 12, look.LEFT),
               ("total", 13, look.CENTER | look.TWO), ("natural", 14, look.CENTER | {"bold": True}))
    for code, at, _ in columns:
        sheet.write_string(8, at, book.label("ranking", code), head)
    for k in range(1, TOP + 1):
        for code, at, shown in columns:
            source = f"INDEX({book.col('ranking', code)},{k})"
            alive = f"INDEX({book.col('ranking', 'at')},{k})"
            cell = book.format(**{"font_color": look.INK, "bottom": 1, "bottom_color": "#EDF0F3", **shown})
            book.formula(sheet, 8 + k, at, f'=IF({alive}="","",{source})', cell)
    sheet.conditional_format(9, 10, 8 + TOP, 14, {
        "type": "formula", "criteria": '=AND($L10<>"",$L10=shown_person)',
        "format": book.format(bg_color=look.TINT, font_color=look.ACCENT)})


def _figures(book: Book, sheet: Any) -> None:
    """What the radar draws: the person, the team's mean and the line of 100, for the dimensions that are weighed."""
    t, at = book.t, FIGURES
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED, num_format="0.0", font_size=9)
    for down, key in enumerate(("figures.dimension", "figures.person", "figures.team", "figures.goal")):
        sheet.write_string(8, at + down, t(key), head)
    for number, code in enumerate(DIMENSIONS, 1):
        row = 8 + number
        found = f"INDEX({book.col('people', code)},shown_at)"
        team = book.col("people", code)
        book.formula(sheet, row, at, f'=INDEX({book.col("dimensions", "dimension")},{number})&""', cell)
        book.formula(sheet, row, at + 1, f'=IF(ISNUMBER(shown_at),IF({found}="","",{found}),"")', cell)
        book.formula(sheet, row, at + 2, f'=IF(COUNT({team})=0,"",AVERAGE({team}))', cell)
        sheet.write_number(row, at + 3, 100, cell)
    sheet.write_string(7, at, t("figures.title"), book.format(bold=True, font_color=look.ACCENT))
    sheet.set_column(FIGURES - 1, FIGURES - 1, 3)
    sheet.set_column(FIGURES, FIGURES + 3, 11)


def charts(book: Book, sheet: Any) -> None:
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    home = book.name("sheet.dashboard")
    first, last = 10, 9 + len(DIMENSIONS)

    def cells(column: int) -> str:
        return f"={home}!${chr(65 + column)}${first}:${chr(65 + column)}${last}"

    radar = book.workbook.add_chart({"type": "radar", "subtype": "filled"})
    for column, fill, line in ((FIGURES + 1, {"color": look.ACCENT, "transparency": 65},
                                {"color": look.ACCENT, "width": 1.75}),
                               (FIGURES + 2, {"none": True}, {"color": look.AMBER, "width": 1.5}),
                               (FIGURES + 3, {"none": True}, {"color": "#9AA7B3", "width": 1, "dash_type": "dash"})):
        radar.add_series({"name": f"={home}!${chr(65 + column)}$9", "categories": cells(FIGURES),
                          "values": cells(column), "fill": fill, "border": line})
    radar.set_y_axis({"min": 0, "max": 120, "major_unit": 40, "num_font": {**font, "size": 8},
                      "major_gridlines": {"visible": True, "line": {"color": look.LINE, "width": 0.5}},
                      "line": {"none": True}})
    radar.set_x_axis({"num_font": font})
    radar.set_title({"none": True})
    radar.set_legend({"position": "bottom", "font": font})
    radar.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    radar.set_size({"width": 690, "height": 445})
    sheet.insert_chart(8, 1, radar, {"x_offset": 2, "y_offset": 4, "object_position": 2})
    _totals(book, sheet, font)
    _grades(book, sheet, font)


def _totals(book: Book, sheet: Any, font: dict[str, Any]) -> None:
    table, place = book.tables["people"], book.name("sheet.people")
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series({"name": f"={place}!$H${table.first}", "categories": f"={place}!{table.body('person')}",
                      "values": f"={place}!{table.body('total')}", "fill": {"color": look.ACCENT}, "gap": 60,
                      "data_labels": {"value": True, "num_format": "0", "font": {**font, "size": 8}}})
    chart.set_y_axis({"min": 0, "max": 120, "major_unit": 40, "num_font": font, "line": {"none": True},
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_x_axis({"num_font": font, "line": {"color": look.LINE}})
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 690, "height": 320})
    sheet.insert_chart(28, 1, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})


def _grades(book: Book, sheet: Any, font: dict[str, Any]) -> None:
    table, place = book.tables["distribution"], book.name("sheet.distribution")
    chart = book.workbook.add_chart({"type": "column"})
    for code, colour in (("natural", look.ACCENT), ("forced", look.AMBER)):
        chart.add_series({"name": f"={place}!${chr(65 + table.place(code))}${table.first}",
                          "categories": f"={place}!{table.body('grade')}", "values": f"={place}!{table.body(code)}",
                          "fill": {"color": colour}, "gap": 80, "overlap": -5})
    chart.set_y_axis({"min": 0, "num_format": "0", "num_font": font, "line": {"none": True},
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_x_axis({"num_font": {**font, "size": 10}, "line": {"color": look.LINE}})
    chart.set_legend({"position": "top", "font": font})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 375, "height": 320})
    sheet.insert_chart(28, 10, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})
