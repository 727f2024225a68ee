"""Sheet 首页 / Dashboard: one landscape page that says how it stands, why, and where to look."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.sheets.marks import status_colours
from xlkpi.templates.sheets.scorecard import ROOM, period, to_next_grade

DIMENSIONS = 6
WORKS = 5
HELP_COLUMN = 11  # on the metrics sheet: the figures behind the charts
LIGHTS_TOP = 9


def write_figures(book: Book, sheet: Any) -> None:
    """The figures behind the charts, on the metrics sheet, right of its table."""
    t, at = book.t, HELP_COLUMN
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED)
    number = book.format(**look.BOXED, num_format="0.0")
    score, dimension = book.col("scorecard", "score"), book.col("scorecard", "dimension")
    weight = book.col("scorecard", "weight")
    sheet.write_string(2, at, t("figures.title"), book.format(bold=True, font_color=look.ACCENT))
    # the gauge: a ring whose lower half is invisible
    for down, (key, formula) in enumerate((
            ("figures.score", "=IF(ISNUMBER(total_score),total_score,0)"), ("figures.rest", f"=120-{_abs(at + 1, 3)}"),
            ("figures.hidden", "=120"), ("figures.text", '=IF(ISNUMBER(total_score),TEXT(total_score,"0.0"),"–")'))):
        sheet.write_string(3 + down, at, t(key), cell)
        book.formula(sheet, 3 + down, at + 1, formula, number)
    # the dimensions: the first five in their own right, all others as the sixth
    row = 9
    for down, key in enumerate(("figures.dimension", "figures.score", "figures.goal")):
        sheet.write_string(row, at + down, t(key), head)
    group = f"{_abs(at + 5, row + 1)}:{_abs(at + 5, row + ROOM)}"
    for k in range(1, DIMENSIONS + 1):
        r = row + k
        name = f'IFERROR(INDEX({dimension},MATCH({k},{group},0)),"")'
        if k == DIMENSIONS:
            last = f"{_abs(at + 4, row + 1)}:{_abs(at + 4, row + ROOM)}"
            name = f'IF(MAX({last})>{k},"{t("figures.others")}",{name})'
        book.formula(sheet, r, at, f"={name}", cell)
        mask = f"SUMPRODUCT(({group}={k})*ISNUMBER({score}),{weight})"
        book.formula(sheet, r, at + 1, f'=IF({mask}=0,"",SUMPRODUCT(({group}={k})*ISNUMBER({score}),{weight},{score})'
                     f"/{mask})", number)
        book.formula(sheet, r, at + 2, f'=IF({_abs(at, r)}="","",100)', number)
    for i in range(1, ROOM + 1):
        r = row + i
        name = f"INDEX({dimension},{i})"
        seen = f"INDEX({dimension},1):{name}"
        before = "0" if i == 1 else f"N(MAX({_abs(at + 4, row + 1)}:{_abs(at + 4, r - 1)}))"
        known = "0" if i == 1 else (f"IFERROR(INDEX({_abs(at + 4, row + 1)}:{_abs(at + 4, r - 1)},"
                                    f"MATCH({name},{dimension},0)),0)")
        first = f"COUNTIF({seen},{name})=1"
        book.formula(sheet, r, at + 4, f'=IF({name}="","",IF({first},{before}+1,{known}))', cell)
        book.formula(sheet, r, at + 5, f'=IF(ISNUMBER({_abs(at + 4, r)}),MIN({DIMENSIONS},{_abs(at + 4, r)}),"")', cell)
    # the best and the weakest works: value, then place in the table (equal values one after the other)
    plays = book.col("works", "counted_plays")
    start = row + ROOM + 3
    for side, (function, key) in enumerate((("LARGE", "figures.best"), ("SMALL", "figures.weakest"))):
        left = at + side * 3
        sheet.write_string(start - 1, left, t(key), head)
        for k in range(1, WORKS + 1):
            r = start + k - 1
            book.formula(sheet, r, left, f'=IF(COUNT({plays})<{k},"",{function}({plays},{k}))', cell)
            mine, above, place = _abs(left, r), _abs(left, r - 1), _abs(left + 1, r - 1)
            found = f"MATCH({mine},{plays},0)"
            if k > 1:
                rest = f"INDEX({plays},{place}+1):INDEX({plays},ROWS({plays}))"
                found = f"IF({mine}={above},{place}+MATCH({mine},{rest},0),{found})"
            book.formula(sheet, r, left + 1, f'=IF({mine}="","",{found})', cell)
    sheet.set_column(at - 1, at - 1, 3)
    sheet.set_column(at, at + 5, 12)


def _abs(column: int, row: int) -> str:
    return f"${chr(65 + column)}${row + 1}"


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.dashboard")
    t = book.t
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(1, 8, 12)
    sheet.set_column(9, 9, 2)
    sheet.set_column(10, 10, 30)
    sheet.set_column(11, 12, 10.5)
    sheet.set_column(13, 13, 10)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 1, 0, 8, t("dashboard.title"), book.format(**{**look.TITLE, "font_size": 18}))
    right = book.format(font_color=look.GREY, align="right", font_size=10)
    sheet.merge_range(0, 9, 0, 13, "", right)
    book.formula(sheet, 0, 9, '=IF(account="","",account)&IF(person="","","  ·  "&person)', right)
    line = book.format(**look.HINT)
    sheet.merge_range(1, 1, 1, 13, "", line)
    known = f"COUNT({book.col('works', 'published_at')},{book.col('daily', 'date')})"
    book.formula(sheet, 1, 1, f'=IF({known}=0,"{t("dashboard.start")}",{period(book)})', line)
    _cards(book, sheet)
    _lights(book, sheet)
    _works(book, sheet)
    sheet.set_row(2, 6)
    sheet.set_row(6, 8)
    note = book.format(font_size=9, font_color=look.RED, align="left", text_wrap=True, valign="top")
    sheet.merge_range(42, 1, 43, 13, "", note)
    warnings = f"{book.name('sheet.scorecard')}!$A$8"
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    book.formula(sheet, 42, 1, f'={warnings}&IF({count}>0,"  {t("warn.problems")}"&({count}),"")', note)
    sheet.protect()
    book.print_setup(sheet, (0, 0, 43, 13), landscape=True, tall=1)
    return sheet


def _cards(book: Book, sheet: Any) -> None:
    t = book.t
    top = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 9}
    big = {"bg_color": look.TINT, "align": "center", "bold": True, "font_size": 20, "font_color": look.ACCENT}
    small = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 8.5}
    counted = f"COUNTIFS({book.col('works', 'counted')},1)"
    listed = f"COUNT({book.col('works', 'published_at')})"
    cards: tuple[tuple[int, int, str, str, dict[str, Any], str], ...] = (
        (1, 2, "total", "=total_score", look.TWO, f'=IF(ISNUMBER(total_score),"{t("card.of")}","{t("card.none")}")'),
        (3, 4, "grade", "=grade", {},
         f'=IF(AND(ISNUMBER(coverage),coverage<0.6),"{t("card.few")}",{to_next_grade(book)})'),
        (5, 6, "coefficient", "=coefficient", look.TWO, f'="{t("card.table")}"'),
        (7, 8, "coverage", "=coverage", look.WHOLE_PERCENT, "=weight_check"),
        (10, 10, "elapsed", "=elapsed", look.WHOLE_PERCENT, '=IF(data_date="","",TEXT(data_date,"yyyy-mm-dd"))'),
        (11, 13, "works", f'=IF({listed}=0,"",{counted}&" / "&{listed})', {}, f'="{t("card.works_note")}"'),
    )
    sheet.set_row(3, 16)
    sheet.set_row(4, 32)
    sheet.set_row(5, 16)
    for a, b, key, formula, shown, note in cards:
        formats = (book.format(**top), book.format(**{**big, **shown}), book.format(**small))
        for row, cell in zip((3, 4, 5), formats, strict=True):
            if b > a:
                sheet.merge_range(row, a, row, b, "", cell)
        sheet.write_string(3, a, t(f"card.{key}"), formats[0])
        book.formula(sheet, 4, a, formula, formats[1])
        book.formula(sheet, 5, a, note, formats[2])


def _lights(book: Book, sheet: Any) -> None:
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
            source = f"INDEX({book.col('scorecard', code)},{i + 1})"
            formula = f'=IF({source}="","",{source})'
            if code == "completion":
                score = f"INDEX({book.col('scorecard', 'score')},{i + 1})"
                formula = f'=IF({source}<>"",{source},IF({score}="","",{score}/100))'
            book.formula(sheet, row, 10 + at, formula, cell)
    sheet.conditional_format(first, 11, last, 11, {
        "type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num", "max_type": "num",
        "min_value": 0, "max_value": 1.2, "data_bar_2010": True})
    status_colours(book, sheet, f"N{first + 1}:N{last + 1}", f"N{first + 1}")


def _works(book: Book, sheet: Any) -> None:
    """The five most and the five least played works of the period."""
    t, figures = book.t, book.name("sheet.actuals")
    start = 9 + ROOM + 3
    section = book.format(**look.SECTION)
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE)
    cell = {"font_color": look.INK, "bottom": 1, "bottom_color": look.LINE, "font_size": 9}
    sides = (("works.best", 1, 5, 6, 30), ("works.weakest", 10, 10, 11, 15))
    for side, (key, left, right, after, length) in enumerate(sides):
        length = length if book.lang == "zh" else length * 8 // 5
        for at in range(left, after + 3):
            sheet.write_blank(34, at, None, section)
        sheet.write_string(34, left, t(key), section)
        _across(sheet, 35, left, right, book.label("works", "title"), head)
        places = dict(zip(("published_at", "plays", "interaction"), range(after, after + 3), strict=True))
        for code, at in places.items():
            sheet.write_string(35, at, book.label("works", code), head)
        for k in range(WORKS):
            row = 36 + k
            place = f"{figures}!{_abs(HELP_COLUMN + side * 3 + 1, start + k)}"
            text = book.format(**cell, align="left")
            _across(sheet, row, left, right, "", text)
            title = f"SUBSTITUTE(SUBSTITUTE(INDEX({book.col('works', 'title')},{place}),CHAR(10),\" \"),CHAR(13),\"\")"
            book.formula(sheet, row, left, f'=IF({place}="","",IF(LEN({title})>{length},'
                         f'LEFT({title},{length - 1})&"…",{title}))', text)
            for code, at in places.items():
                shown = {"published_at": look.DAY, "plays": look.COUNT, "interaction": look.PERCENT}[code]
                value = f"INDEX({book.col('works', code)},{place})"
                book.formula(sheet, row, at, f'=IF({place}="","",IF({value}="","",{value}))',
                             book.format(**{**cell, "align": "right", **shown}))


def _across(sheet: Any, row: int, left: int, right: int, text: str, cell: Any) -> None:
    """A text over several cells, or in one."""
    if right > left:
        sheet.merge_range(row, left, row, right, text, cell)
    else:
        sheet.write_string(row, left, text, cell)


def charts(book: Book, sheet: Any) -> None:
    """Gauge, radar and trend; their ranges are exactly those of the table bodies and figures."""
    t, figures = book.t, book.name("sheet.actuals")
    at = HELP_COLUMN
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    titled = {"name": look.FONT[book.lang], "size": 11, "color": look.ACCENT, "bold": True}
    section = book.format(**look.SECTION)
    for column in range(1, 9):
        sheet.write_blank(7, column, None, section)
        sheet.write_blank(20, column, None, section)
    sheet.write_string(7, 1, t("chart.gauge"), section)
    sheet.write_string(7, 4, t("chart.radar"), section)
    sheet.write_string(20, 1, t("chart.trend"), section)
    gauge = book.workbook.add_chart({"type": "doughnut"})
    gauge.add_series({
        "name": t("chart.gauge"), "values": f"={figures}!{_abs(at + 1, 3)}:{_abs(at + 1, 5)}",
        "categories": f"={figures}!{_abs(at, 3)}:{_abs(at, 5)}",
        "points": [{"fill": {"color": look.ACCENT}, "border": {"none": True}},
                   {"fill": {"color": "#DDE4EA"}, "border": {"none": True}},
                   {"fill": {"none": True}, "border": {"none": True}}]})
    gauge.set_rotation(270)
    gauge.set_hole_size(68)
    gauge.set_legend({"none": True})
    gauge.set_title({"name": f"={figures}!{_abs(at + 1, 6)}", "overlay": True,
                     "layout": {"x": 0.385, "y": 0.42},
                     "name_font": {**titled, "size": 18}})
    gauge.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    gauge.set_size({"width": 268, "height": 300})
    sheet.insert_chart(8, 1, gauge, {"x_offset": 2, "y_offset": 6, "object_position": 2})
    radar = book.workbook.add_chart({"type": "radar", "subtype": "filled"})
    span = f"{_abs(at, 10)}:{_abs(at, 9 + DIMENSIONS)}"
    radar.add_series({"name": f"={figures}!{_abs(at + 1, 9)}", "categories": f"={figures}!{span}",
                      "values": f"={figures}!{_abs(at + 1, 10)}:{_abs(at + 1, 9 + DIMENSIONS)}",
                      "fill": {"color": look.ACCENT, "transparency": 65},
                      "border": {"color": look.ACCENT, "width": 1.5}})
    radar.add_series({"name": f"={figures}!{_abs(at + 2, 9)}", "categories": f"={figures}!{span}",
                      "values": f"={figures}!{_abs(at + 2, 10)}:{_abs(at + 2, 9 + DIMENSIONS)}",
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
    _trend(book, sheet, font)


def _trend(book: Book, sheet: Any, font: dict[str, Any]) -> None:
    table = book.tables["daily"]
    days = book.name("sheet.daily")

    def cells(code: str) -> str:
        return f"={days}!{table.body(code)}"

    def name(code: str) -> str:
        return f"={days}!{_abs(table.place(code), table.first - 1)}"

    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series({"name": name("plays"), "categories": cells("date"), "values": cells("plays"),
                      "line": {"color": look.ACCENT, "width": 2.25}, "marker": {"type": "none"}})
    chart.add_series({"name": name("plays_line"), "categories": cells("date"), "values": cells("plays_line"),
                      "line": {"color": look.AMBER, "width": 1.5, "dash_type": "dash"}, "marker": {"type": "none"}})
    chart.add_series({"name": name("net_followers"), "categories": cells("date"), "values": cells("net_followers"),
                      "y2_axis": True, "line": {"color": look.GREEN, "width": 1.5}, "marker": {"type": "none"}})
    chart.set_title({"none": True})
    chart.set_x_axis({"date_axis": True, "num_format": "m-d", "num_font": font, "line": {"color": look.LINE},
                      "label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True}, "min": 0,
                      "name": book.label("daily", "plays"), "name_font": font,
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_y2_axis({"num_format": "#,##0", "num_font": font, "line": {"none": True},
                       "name": book.label("daily", "net_followers"), "name_font": font})
    chart.set_legend({"position": "top", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 708, "height": 300})
    sheet.insert_chart(21, 1, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})
