"""Parts of a dashboard: boxes, traffic lights, the gauge of the total and the radar of the dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets.marks import status_colours
from xlkpi.templates.sheets.scorecard import COLUMNS, HEAD, ROOM

DIMENSIONS = 6
HELP_COLUMN = 11  # on the metrics sheet: the figures behind the charts
LIGHTS_TOP = 9
Card = tuple[int, int, str, str, dict[str, Any], str]  # first and last column, word, formula, look, note


def write_gauge_figures(book: Book, sheet: Any) -> int:
    """The figures behind gauge and radar, on the metrics sheet right of its table; returns the row under them."""
    t, at = book.t, HELP_COLUMN
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED)
    number_format = book.format(**look.BOXED, num_format="0.0")
    score, dimension = book.col("scorecard", "score"), book.col("scorecard", "dimension")
    weight = book.col("scorecard", "weight")
    sheet.write_string(2, at, t("figures.title"), book.format(bold=True, font_color=look.ACCENT))
    # the gauge: a ring whose lower half is invisible
    for down, (key, formula) in enumerate((
            ("figures.score", "=IF(ISNUMBER(total_score),total_score,0)"),
            ("figures.rest", f"=120-{at_cell(at + 1, 3)}"),
            ("figures.hidden", "=120"), ("figures.text", '=IF(ISNUMBER(total_score),TEXT(total_score,"0.0"),"–")'))):
        sheet.write_string(3 + down, at, t(key), cell)
        book.formula(sheet, 3 + down, at + 1, formula, number_format)
    # the dimensions: the first five in their own right, all others as the sixth
    row = 9
    for down, key in enumerate(("figures.dimension", "figures.score", "figures.goal")):
        sheet.write_string(row, at + down, t(key), head)
    first = place(book, "dimension", 1)
    number = f"{at_cell(at + 4, row + 1)}:{at_cell(at + 4, row + ROOM)}"  # of a dimension where it comes first
    names = f"{at_cell(at, row + 1)}:{at_cell(at, row + DIMENSIONS - 1)}"
    for k in range(1, DIMENSIONS + 1):
        r = row + k
        name, mine = f'IFERROR(INDEX({dimension},MATCH({k},{number},0)),"")', at_cell(at, r)
        mask = f"({dimension}={mine})*ISNUMBER({score})"
        if k == DIMENSIONS:
            name = f'IF(MAX({number})>{k},"{t("figures.others")}",{name})'
            mask = f'({dimension}<>"")*(COUNTIF({names},{dimension})=0)*ISNUMBER({score})'
        book.formula(sheet, r, at, f"={name}", cell)
        book.formula(sheet, r, at + 1, f'=IF({mine}="","",IF(SUMPRODUCT({mask},{weight})=0,"",'
                     f"SUMPRODUCT({mask},{weight},{score})/SUMPRODUCT({mask},{weight})))", number_format)
        book.formula(sheet, r, at + 2, f'=IF({mine}="","",100)', number_format)
    for i in range(1, ROOM + 1):
        r, mine = row + i, place(book, "dimension", i)
        before = "1" if i == 1 else f"MAX({at_cell(at + 4, row)}:{at_cell(at + 4, r - 1)})+1"
        book.formula(sheet, r, at + 4, f'=IF({mine}="","",IF(COUNTIF({first}:{mine.rpartition("!")[2]},{mine})=1,'
                     f'{before},""))', cell)
    return row + ROOM + 3


def place(book: Book, code: str, number: int) -> str:
    """The cell of a row of the scorecard, whose table stays where it is."""
    return f"{book.name('sheet.scorecard')}!{at_cell(COLUMNS.index(code), HEAD + number)}"


def at_cell(column: int, row: int) -> str:
    return f"${chr(65 + column)}${row + 1}"


def axis_font(book: Book) -> dict[str, Any]:
    return {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}


def write_cards(book: Book, sheet: Any, cards: Sequence[Card]) -> None:
    """The boxes under the title: what it is, the figure, a note."""
    t = book.t
    top = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 9}
    big = {"bg_color": look.TINT, "align": "center", "bold": True, "font_size": 20, "font_color": look.ACCENT}
    small = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 8.5}
    sheet.set_row(3, 16)
    sheet.set_row(4, 32)
    sheet.set_row(5, 16)
    for a, b, key, formula, shown, note in cards:
        formats = (book.format(**top), book.format(**{**big, **shown}, shrink=True), book.format(**small))
        for row, cell in zip((3, 4, 5), formats, strict=True):
            if b > a:
                sheet.merge_range(row, a, row, b, "", cell)
        sheet.write_string(3, a, t(f"card.{key}"), formats[0])
        book.formula(sheet, 4, a, formula, formats[1])
        book.formula(sheet, 5, a, note, formats[2])


def write_lights(book: Book, sheet: Any) -> None:
    """Every indicator with its completion bar, pace and light."""
    t = book.t
    section = book.format(**look.SECTION)
    for at in range(10, 14):
        sheet.write_blank(7, at, None, section)
    sheet.write_string(7, 10, t("lights.title"), section)
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE)
    for at, key in enumerate(("metric", "completion", "pace", "status")):
        sheet.write_string(8, 10 + at, book.label("scorecard", key), head)
    first, last = LIGHTS_TOP, LIGHTS_TOP + ROOM - 1
    for i in range(ROOM):
        row = first + i
        for at, (code, shown) in enumerate((("metric", look.LEFT), ("completion", look.PERCENT), ("pace", look.PERCENT),
                                            ("status", look.CENTER | {"bold": True, "font_size": 9}))):
            cell = book.format(**{"font_color": look.INK, "align": "right", **shown})
            formula = f"={place(book, code, i + 1)}"
            if code == "completion":
                score = place(book, "score", i + 1)
                formula = f'=IF({formula[1:]}<>"",{formula[1:]},IF({score}="","",{score}/100))'
            book.formula(sheet, row, 10 + at, formula, cell)
    sheet.conditional_format(first, 11, last, 11, {
        "type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num", "max_type": "num",
        "min_value": 0, "max_value": 1.2, "data_bar_2010": True})
    status_colours(book, sheet, f"N{first + 1}:N{last + 1}", f"N{first + 1}")


def across(sheet: Any, row: int, left: int, right: int, text: str, cell: Any) -> None:
    """A text over several cells, or in one."""
    if right > left:
        sheet.merge_range(row, left, row, right, text, cell)
    else:
        sheet.write_string(row, left, text, cell)


def write_gauge(book: Book, sheet: Any) -> None:
    """The gauge of the total and the radar of the dimensions."""
    t, figures = book.t, book.name("sheet.actuals")
    at = HELP_COLUMN
    font = axis_font(book)
    titled = {"name": look.FONT[book.lang], "size": 11, "color": look.ACCENT, "bold": True}
    gauge = book.workbook.add_chart({"type": "doughnut"})
    gauge.add_series({
        "name": t("chart.gauge"), "values": f"={figures}!{at_cell(at + 1, 3)}:{at_cell(at + 1, 5)}",
        "categories": f"={figures}!{at_cell(at, 3)}:{at_cell(at, 5)}",
        "points": [{"fill": {"color": look.ACCENT}, "border": {"none": True}},
                   {"fill": {"color": "#DDE4EA"}, "border": {"none": True}},
                   {"fill": {"none": True}, "border": {"none": True}}]})
    gauge.set_rotation(270)
    gauge.set_hole_size(68)
    gauge.set_legend({"none": True})
    gauge.set_title({"name": f"={figures}!{at_cell(at + 1, 6)}", "overlay": True,
                     "layout": {"x": 0.385, "y": 0.42},
                     "name_font": {**titled, "size": 18}})
    gauge.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    gauge.set_size({"width": 268, "height": 300})
    sheet.insert_chart(8, 1, gauge, {"x_offset": 2, "y_offset": 6, "object_position": 2})
    radar = book.workbook.add_chart({"type": "radar", "subtype": "filled"})
    span = f"{at_cell(at, 10)}:{at_cell(at, 9 + DIMENSIONS)}"
    radar.add_series({"name": f"={figures}!{at_cell(at + 1, 9)}", "categories": f"={figures}!{span}",
                      "values": f"={figures}!{at_cell(at + 1, 10)}:{at_cell(at + 1, 9 + DIMENSIONS)}",
                      "fill": {"color": look.ACCENT, "transparency": 65},
                      "border": {"color": look.ACCENT, "width": 1.5}})
    radar.add_series({"name": f"={figures}!{at_cell(at + 2, 9)}", "categories": f"={figures}!{span}",
                      "values": f"={figures}!{at_cell(at + 2, 10)}:{at_cell(at + 2, 9 + DIMENSIONS)}",
                      "fill": {"none": True}, "border": {"color": look.AMBER, "width": 1.25, "dash_type": "dash"}})
    radar.set_y_axis({"min": 0, "max": 120, "major_unit": 40, "num_font": {**font, "size": 8},
                      "major_gridlines": {"visible": True, "line": {"color": look.LINE, "width": 0.5}},
                      "line": {"none": True}})
    radar.set_x_axis({"num_font": font})
    radar.set_title({"none": True})
    radar.set_legend({"position": "bottom", "font": font})
    radar.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    radar.set_size({"width": 440, "height": 300})
    sheet.insert_chart(8, 4, radar, {"x_offset": 4, "y_offset": 2, "object_position": 2})
