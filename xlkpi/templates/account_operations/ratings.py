"""Sheets 多人评分 / Ratings (a row a person and item, a column a rater) and 评分人 / Raters (how lenient each is)."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.account_operations.columns import RATERS
from xlkpi.templates.account_operations.model import RATER_WEIGHTS
from xlkpi.templates.account_operations.quantities import bands, bars, lookup_columns, row_check
from xlkpi.templates.book import Book, Column

FIRST = 3
ROWS = 22


def write(book: Book) -> None:
    sheet = book.sheet("sheet.ratings", look.GREEN)
    t = book.t
    book.heading(sheet, t("ratings.title"), t("ratings.hint"))

    def this(code: str, until: str | None = None) -> str:
        return book.this("ratings", code, until)

    given = this(RATERS[0], RATERS[-1])
    weights = book.col("raters", "weight")
    marks = "&".join(f'IF({this(code)}="","","{book.label("ratings", code)} "&{this(code)}&"×"&'
                     f'TEXT(INDEX({weights},{at}),"0%")&"  ")' for at, code in enumerate(RATERS, 1))
    mean = f'TEXT(scale_min+{this("score")}/100*(scale_max-scale_min),"0.00")'
    formulas = {
        **lookup_columns(book, "ratings", "b"),
        "sentence": f'=IF(ISNUMBER({this("score")}),{marks}&"→ "&{mean}&" → "&TEXT({this("score")},"0.00")&'
                    f'"{t("points")}","")',
        "score": f'=IF(COUNTA({given})=0,"",KPI_RATERS({given},{book.col("raters", "weight")},scale_min,scale_max))',
        "range": f'=IF(COUNT({given})<2,"",MAX({given})-MIN({given}))',
        "mean": f"=IF(COUNT({given})=0,0,AVERAGE({given}))",
        "check": row_check(book, "ratings", f'IF(COUNTA({given})=0,"{t("check.no_rating")}",IF(ISERROR('
                           f'{this("score")}),"{t("check.bad_rating")}",""))'),
    }
    grey = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    rating = look.CENTER | {"num_format": "0.##"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (11, look.LEFT), "metric": (26, look.LEFT), **dict.fromkeys(RATERS, (9, rating)),
        "note": (24, look.LEFT), "score": (9, look.TWO), "range": (8, rating),
        "check": (16, look.CENTER | {"font_color": look.RED, "font_size": 9}),
        "sentence": (56, look.LEFT | {"font_size": 9, "font_color": look.GREY}),
        "known": (8, grey | {"num_format": "0.0%"}), "weighted": (9, grey | {"num_format": "0.00"}),
        "effective": (9, grey | {"num_format": "0.00%"}), "dimension": (12, grey), "mean": (8, grey | look.TWO)}
    columns = [Column(code, label, *looks.get(code, (9, grey)), formula=formulas.get(code))
               for code, label in book.labels("ratings")]
    table = book.table(sheet, "ratings", FIRST, 0, columns, [[] for _ in range(ROWS)])
    sheet.data_validation(table.body("person"), {"validate": "list", "source": "=people_list", "error_type": "warning",
                                                 "error_message": t("check.unknown_person")})
    sheet.data_validation(table.body("metric"), {"validate": "list", "source": "=indicator_list",
                                                 "error_type": "warning", "error_message": t("check.no_item_ratings")})
    sheet.data_validation(table.body(RATERS[0], RATERS[-1]), {
        "validate": "decimal", "criteria": "between", "minimum": "=scale_min", "maximum": "=scale_max",
        "error_message": t("check.scale")})
    wide = table.cell("range")
    sheet.conditional_format(table.body("range"), {
        "type": "formula", "criteria": f"=AND(ISNUMBER({wide}),N({wide})>=spread_line)",
        "format": book.format(bg_color=look.AMBER_FILL, font_color="#8A6100")})
    bands(book, sheet, table.body("person", "check"), table.cell("person"))
    bars(sheet, table.body("score"), 100)
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_setup(sheet, (table.first, 0, table.last, table.place("check")), landscape=True, repeat=FIRST)


def write_raters(book: Book) -> None:
    sheet = book.sheet("sheet.raters", look.GREEN)
    t = book.t
    book.heading(sheet, t("raters.title"), t("raters.hint"))
    count, deviation = book.this("raters", "count"), book.this("raters", "deviation")
    lenient, strict, fair = (f'"{t(f"verdict.{word}")}"' for word in ("lenient", "strict", "fair"))
    formulas = {"verdict": f'=IF({count}=0,"",IF({deviation}>lenient_line,{lenient},IF({deviation}<-lenient_line,'
                           f"{strict},{fair})))"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "rater": (14, look.LEFT | {"bold": True}), "weight": (10, look.WEIGHT), "count": (10, look.COUNT),
        "mean": (12, look.ONE), "spread": (12, look.ONE), "deviation": (16, {"num_format": "+0.0;-0.0;0.0"}),
        "verdict": (12, look.CENTER | {"bold": True})}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code), input=code == "weight")
               for code, label in book.labels("raters")]
    rows: list[list[Any]] = []
    for rater in RATERS:
        given, width = book.col("ratings", rater), "(scale_max-scale_min)"
        rows.append([
            book.label("ratings", rater), RATER_WEIGHTS[rater], f"=COUNT({given})",
            f'=IF(COUNT({given})=0,"",100*(AVERAGE({given})-scale_min)/{width})',
            f'=IF(COUNT({given})<2,"",100*STDEV({given})/{width})',
            f'=IF(COUNT({given})=0,"",100*(AVERAGE({given})-SUMIFS({book.col("ratings", "mean")},{given},">=-1000000")'
            f"/COUNT({given}))/{width})"])
    table = book.table(sheet, "raters", FIRST, 0, columns, rows, filters=False)
    words = ((lenient, look.AMBER_FILL, "#8A6100"), (strict, look.AMBER_FILL, "#8A6100"),
             (fair, look.GREEN_FILL, look.GREEN))
    for word, fill, ink in words:
        sheet.conditional_format(table.body("verdict"), {
            "type": "formula", "criteria": f"={table.cell('verdict')}={word}",
            "format": book.format(bg_color=fill, font_color=ink)})
    for at, key in enumerate(("raters.note1", "raters.note2", "raters.note3")):
        sheet.write_string(table.last + 2 + at, 0, t(key), book.format(**look.HINT))
    font = {"name": look.FONT[book.lang], "size": 9, "color": look.GREY, "bold": False}
    chart = book.workbook.add_chart({"type": "column"})
    place = book.name("sheet.raters")
    chart.add_series({"name": f"={place}!{_head(table, 'mean')}", "categories": f"={place}!{table.body('rater')}",
                      "values": f"={place}!{table.body('mean')}", "fill": {"color": look.ACCENT}, "gap": 80,
                      "data_labels": {"value": True, "num_format": "0.0", "font": font}})
    chart.set_y_axis({"min": 0, "max": 100, "num_font": font, "line": {"none": True},
                      "major_gridlines": {"visible": True, "line": {"color": "#EDF0F3", "width": 0.75}}})
    chart.set_x_axis({"num_font": font, "line": {"color": look.LINE}})
    chart.set_legend({"none": True})
    chart.set_title({"name": t("chart.raters"), "name_font": {**font, "size": 11, "bold": True}})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 620, "height": 260})
    sheet.insert_chart(table.last + 6, 0, chart, {"object_position": 2})
    sheet.protect()
    book.print_setup(sheet, (0, 0, table.last + 20, 6), landscape=True)


def _head(table: Any, code: str) -> str:
    return f"${chr(65 + table.place(code))}${table.first}"
