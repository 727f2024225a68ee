"""Sheet 总览 / Overview: how the team stands this month, how it came there, and what it costs."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book
from xlkpi.templates.team_summary.columns import COLUMNS, MONTHS, month_label

FIGURES = 16
TOP = 10


def write(book: Book) -> Any:
    sheet = book.sheet("sheet.overview")
    t = book.t
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(1, 8, 11.5)
    sheet.set_column(9, 9, 2)
    for at, width in ((10, 6), (11, 14), (12, 14), (13, 10), (14, 10)):
        sheet.set_column(at, at, width)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 1, 0, 8, t("overview.title"), book.format(**{**look.TITLE, "font_size": 18}))
    book.refresh_button(sheet, 0, 8)
    right = book.format(font_color=look.GREY, align="right", font_size=11, bold=True)
    sheet.merge_range(0, 10, 0, 14, "", right)
    book.formula(sheet, 0, 10, '=IF(company="","",company)&IF(team_name="","","  ·  "&team_name)', right)
    hint = book.format(**look.HINT)
    sheet.merge_range(1, 1, 1, 14, "", hint)
    book.formula(sheet, 1, 1, f'=IF(shown_period="","{t("overview.start")}","{t("overview.month")} "&'
                 'INT(shown_period/100)&"-"&TEXT(MOD(shown_period,100),"00"))', hint)
    sheet.set_row(2, 6)
    sheet.set_row(6, 8)
    _cards(book, sheet)
    section = book.format(**look.SECTION)
    for row, columns in ((7, range(1, 9)), (7, range(10, 15)), (25, range(1, 9)), (25, range(10, 15))):
        for at in columns:
            sheet.write_blank(row, at, None, section)
    for row, at, key in ((7, 1, "chart.mean"), (7, 10, "overview.order"), (25, 1, "chart.totals"),
                         (25, 10, "chart.month")):
        sheet.write_string(row, at, t(key), section)
    _order(book, sheet)
    _figures(book, sheet)
    note = book.format(font_size=9, font_color=look.RED, align="left")
    sheet.merge_range(42, 1, 42, 14, "", note)
    level = book.col("audit_problems", "level")
    count = "+".join(f'COUNTIF({level},"{word}")' for word in ("错误", "警告", "error", "warning"))
    book.formula(sheet, 42, 1, f'=IF(rows_wrong>0,"{t("overview.rows")}"&rows_wrong&"  ","")&'
                 f'IF({count}>0,"{t("warn.problems")}"&({count}),"")', note)
    sheet.protect()
    book.print_setup(sheet, (0, 0, 42, 14), landscape=True, tall=1)
    return sheet


def _cards(book: Book, sheet: Any) -> None:
    t = book.t
    top = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 9}
    big = {"bg_color": look.TINT, "align": "center", "bold": True, "font_size": 20, "font_color": look.ACCENT}
    small = {"bg_color": look.TINT, "align": "center", "font_color": look.GREY, "font_size": 8.5}
    total, period = book.col("results", "total"), book.col("results", "period")
    grades, grade = book.col("grades", "grade"), book.col("results", "grade")

    def mean(name: str) -> str:
        return f'IF(COUNTIFS({period},{name},{total},">=0")=0,"",AVERAGEIFS({total},{period},{name},{total},">=0"))'

    counted = f"COUNTIFS({period},shown_period)"
    best = f"(COUNTIFS({period},shown_period,{grade},INDEX({grades},1))+COUNTIFS({period},shown_period,{grade}," \
           f"INDEX({grades},2)))"
    cards: tuple[tuple[int, int, str, str, dict[str, Any], str], ...] = (
        (1, 2, "persons", f'=IF(shown_period="","",{counted})', {"num_format": "0"},
         f'=IF(shown_period="","",COUNTIFS({period},shown_period,{total},">=0")&"{t("card.scored")}")'),
        (3, 4, "mean", f'=IF(shown_period="","",{mean("shown_period")})', look.TWO,
         f'=IF(shown_period="","",IF({mean("last_period")}="","{t("card.no_last")}","{t("card.last")}"&'
         f'TEXT({mean("shown_period")}-{mean("last_period")},"+0.0;-0.0;0.0")))'),
        (5, 6, "best", f'=IF(OR(shown_period="",{counted}=0),"",{best}/{counted})', look.WHOLE_PERCENT,
         f'=INDEX({grades},1)&" / "&INDEX({grades},2)&IF(shown_period="","","  "&{best}&"{t("card.people")}")'),
        (7, 8, "coverage", f'=IF(shown_period="","",IF(COUNTIFS({period},shown_period,'
         f'{book.col("results", "coverage")},">=0")=0,"",AVERAGEIFS({book.col("results", "coverage")},{period},'
         f'shown_period,{book.col("results", "coverage")},">=0")))', look.WHOLE_PERCENT,
         f'="{t("card.coverage_note")}"'),
        (10, 12, "pay", "=pay_total", look.COUNT, f'=IF(pay_base="","{t("card.no_base")}","{t("card.base")}"&'
         'TEXT(pay_base,"#,##0"))'),
        (13, 14, "effect", "=pay_effect", {"num_format": "+#,##0;-#,##0;0"},
         f'=IF(pay_left="","",IF(pay_left<0,"{t("card.over")}","{t("card.left")}")&TEXT(ABS(pay_left),"#,##0"))'),
    )
    sheet.set_row(3, 16)
    sheet.set_row(4, 32)
    sheet.set_row(5, 16)
    for a, b, key, formula, shown, note in cards:
        formats = (book.format(**top), book.format(**{**big, **shown}), book.format(**small))
        for row, cell in zip((3, 4, 5), formats, strict=True):
            sheet.merge_range(row, a, row, b, "", cell)
        sheet.write_string(3, a, t(f"card.{key}"), formats[0])
        book.formula(sheet, 4, a, formula, formats[1])
        book.formula(sheet, 5, a, note, formats[2])


def _order(book: Book, sheet: Any) -> None:
    """The highest totals of the month shown, from the column of that month in the matrix."""
    head = book.format(font_size=9, font_color=look.GREY, align="center", bottom=1, bottom_color=look.LINE)
    labels = (("order.no", 10), ("team.person", 11), ("team.department", 12), ("results.total", 13),
              ("team.change", 14))
    for key, at in labels:
        sheet.write_string(8, at, book.t(key), head)
    span = f"team[[{book.label('team', COLUMNS[0])}]:[{book.label('team', COLUMNS[-1])}]]"
    month = f"INDEX({span},0,MOD(shown_period,100))"
    for k in range(1, TOP + 1):
        row = 8 + k
        total, place, before = (f"$N${row + 1}", f"$T${row + 1}", f"$T${row}")
        cell = {"font_color": look.INK, "bottom": 1, "bottom_color": "#EDF0F3"}
        sheet.write_number(row, 10, k, book.format(**cell, **look.CENTER))
        book.formula(sheet, row, 13, f'=IF(shown_period="","",IF(COUNT({month})<{k},"",LARGE({month},{k})))',
                     book.format(**cell, **look.TWO, align="center", bold=True))
        found = f"MATCH({total},{month},0)"
        if k > 1:
            rest = f"INDEX({month},{before}+1):INDEX({month},ROWS({book.col('team', 'person')}))"
            found = f"IF({total}=$N${row},{before}+MATCH({total},{rest},0),{found})"
        book.formula(sheet, row, 19, f'=IF({total}="","",{found})', book.format(font_color="#9AA7B3", font_size=8))
        for code, at, shown in (("person", 11, look.LEFT | {"bold": True}), ("department", 12, look.LEFT),
                                ("change", 14, look.CENTER | {"num_format": "+0.0;-0.0;0.0"})):
            value = f"INDEX({book.col('team', code)},{place})"
            book.formula(sheet, row, at, f'=IF({place}="","",IF({value}="","",{value}))',
                         book.format(**{**cell, **shown}))
    sheet.write_string(8, 19, book.t("order.row"), book.format(font_color="#9AA7B3", font_size=8))
    for test, ink in (("<0", look.RED), (">0", look.GREEN)):
        sheet.conditional_format(9, 14, 8 + TOP, 14, {"type": "formula", "criteria": f"=AND(ISNUMBER($O10),$O10{test})",
                                                      "format": book.format(font_color=ink)})


def _figures(book: Book, sheet: Any) -> None:
    t = book.t
    head, cell = book.format(**look.LABEL, bold=True), book.format(**look.BOXED, num_format="0.0", font_size=9)
    sheet.write_string(7, FIGURES, t("figures.title"), book.format(bold=True, font_color=look.ACCENT))
    for at, key in ((0, "figures.month"), (1, "figures.mean"), (2, "figures.goal")):
        sheet.write_string(8, FIGURES + at, t(key), head)
    for month in MONTHS:
        row = 8 + month
        column = book.col("team", f"m{month}")
        sheet.write_string(row, FIGURES, month_label(month, book.lang), cell)
        book.formula(sheet, row, FIGURES + 1, f'=IF(COUNT({column})=0,"",AVERAGE({column}))', cell)
        sheet.write_number(row, FIGURES + 2, 100, cell)
    sheet.set_column(FIGURES - 1, FIGURES - 1, 3)


def charts(book: Book, sheet: Any) -> None:
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    home = book.name("sheet.overview")
    grid = {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}

    def finish(chart: Any, width: int, height: int, row: int, column: int, legend: bool = True) -> None:
        chart.set_title({"none": True})
        chart.set_x_axis({"num_font": font, "line": {"color": look.LINE}})
        chart.set_legend({"position": "top", "font": font} if legend else {"none": True})
        chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        chart.set_size({"width": width, "height": height})
        sheet.insert_chart(row, column, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})

    mean = book.workbook.add_chart({"type": "column"})
    mean.add_series({"name": f"={home}!$R$9", "categories": f"={home}!$Q$10:$Q$21", "values": f"={home}!$R$10:$R$21",
                     "fill": {"color": look.ACCENT}, "gap": 60,
                     "data_labels": {"value": True, "num_format": "0.0;;", "font": {**font, "size": 8}}})
    goal = book.workbook.add_chart({"type": "line"})
    goal.add_series({"name": f"={home}!$S$9", "categories": f"={home}!$Q$10:$Q$21", "values": f"={home}!$S$10:$S$21",
                     "line": {"color": look.AMBER, "width": 1.5, "dash_type": "dash"}})
    mean.combine(goal)
    mean.set_y_axis({"min": 0, "max": 120, "major_unit": 40, "num_font": font, "line": {"none": True},
                     "major_gridlines": grid})
    finish(mean, 690, 335, 8, 1)
    pay, place = book.tables["pay"], book.name("sheet.pay")
    bars = book.workbook.add_chart({"type": "column"})
    for code, colour in (("base", "#C9D3DC"), ("bonus", look.ACCENT)):
        bars.add_series({"name": f"={place}!${chr(65 + pay.place(code))}${pay.first}",
                         "categories": f"={place}!{pay.body('person')}", "values": f"={place}!{pay.body(code)}",
                         "fill": {"color": colour}, "gap": 70, "overlap": -5})
    bars.set_y_axis({"min": 0, "num_format": "#,##0", "num_font": font, "line": {"none": True},
                     "major_gridlines": grid})
    finish(bars, 690, 315, 26, 1)
    spread, shelf = book.tables["spread"], book.name("sheet.grades")
    columns = book.workbook.add_chart({"type": "column"})
    columns.add_series({"name": f"={shelf}!${chr(65 + spread.place('count'))}${spread.first}",
                        "categories": f"={shelf}!{spread.body('grade')}", "values": f"={shelf}!{spread.body('count')}",
                        "fill": {"color": look.ACCENT}, "gap": 70,
                        "data_labels": {"value": True, "num_format": "0;;", "font": font}})
    columns.set_y_axis({"min": 0, "num_format": "0", "num_font": font, "line": {"none": True},
                        "major_gridlines": grid})
    finish(columns, 400, 315, 26, 10, legend=False)
