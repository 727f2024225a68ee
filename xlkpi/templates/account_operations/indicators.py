"""Sheet 指标体系 / Indicators: weights on two levels, the dimension in its part and the item in its dimension."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics
from xlkpi.templates import look
from xlkpi.templates.account_operations.model import BEHAVIOUR, DIMENSIONS, PERFORMANCE
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import choice
from xlkpi.terms import DIRECTIONS, SCORE_METHODS

FIRST = 3


def write(book: Book) -> None:
    sheet = book.sheet("sheet.indicators", look.AMBER)
    book.heading(sheet, book.t("indicators.title"), book.t("indicators.hint"))
    _dimensions(book, sheet)
    table = _indicators(book, sheet, 6)
    sheet.set_column(5, 5, 3)
    sheet.freeze_panes(FIRST + 1, 0)
    book.print_setup(sheet, (0, 0, max(table.last, FIRST + 14), 14), landscape=True, repeat=FIRST)


def _dimensions(book: Book, sheet: Any) -> None:
    t = book.t
    name = book.this("dimensions", "dimension")

    def check(part: str, code: str) -> str:
        total = (f"SUMIFS({book.col('indicators', 'weight')},{book.col('indicators', 'part')},\"{t(f'part.{part}')}\","
                 f"{book.col('indicators', 'dimension')},{name})")
        weight = book.this("dimensions", code)
        return (f'=IF(N({weight})=0,IF({total}=0,"","{t("check.unused")}"),IF(OR(ABS({total}-1)<0.0001,'
                f'ABS({total}-100)<0.01),"✓","{t("check.sum")}"&ROUND({total}*IF({total}>=2,1,100),2)&"%"))')

    formulas = {"performance_check": check("p", "performance"), "behaviour_check": check("b", "behaviour")}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "dimension": (14, look.LEFT), "performance": (9, look.WEIGHT), "behaviour": (9, look.WEIGHT),
        "performance_check": (13, look.CENTER), "behaviour_check": (13, look.CENTER)}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code)) for code, label in
               book.labels("dimensions")]
    rows = [[one.label(book.lang), one.performance, one.behaviour] for one in DIMENSIONS.values()]
    table = book.table(sheet, "dimensions", FIRST, 0, columns, rows, filters=False)
    wrong = book.format(font_color=look.RED, bold=True, bg_color=look.RED_FILL)
    for code in formulas:
        first = table.cell(code).replace("$", "")
        sheet.conditional_format(table.body(code), {"type": "formula", "format": wrong,
                                                    "criteria": f'=AND({first}<>"",{first}<>"✓")'})
    total = book.format(**{**look.BOXED, "bold": True, "bg_color": look.PALE, "align": "center"})
    row = table.last + 1
    sheet.write_string(row, 0, t("indicators.sum"), total)
    for at, code in ((1, "performance"), (2, "behaviour")):
        book.formula(sheet, row, at, f"=SUM({book.col('dimensions', code)})", book.format(
            **{**look.BOXED, **look.WEIGHT, "bold": True, "bg_color": look.PALE}))


def _indicators(book: Book, sheet: Any, left: int) -> Any:
    t = book.t

    def this(code: str) -> str:
        return book.this("indicators", code)

    def col(code: str) -> str:
        return book.col("indicators", code)

    part, performance = this("part"), f'"{t("part.p")}"'
    mine = f"SUMIFS({col('weight')},{col('part')},{part},{col('dimension')},{this('dimension')})"
    place = f"MATCH({this('dimension')},{book.col('dimensions', 'dimension')},0)"

    def own(code: str) -> str:
        weights = book.col("dimensions", code)
        return f"{code}_share*INDEX({weights},{place})/SUM({weights})"

    formulas = {
        "share": f'=IF(OR({this("metric")}="",N({this("weight")})=0),0,{this("weight")}/{mine})',
        "effective": f"=IF({this('share')}=0,0,IFERROR({this('share')}*IF({part}={performance},{own('performance')},"
                     f"{own('behaviour')}),0))",
        "key": f'=IF({this("metric")}="","",IF({part}={performance},"P","B")&COUNTIF(INDEX({col("part")},1):{part},'
               f"{part}))",
        "lookup": f'=IF({this("metric")}="","",{part}&"|"&{this("metric")})',
    }
    grey = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "part": (8, look.CENTER), "dimension": (13, look.CENTER), "metric": (26, look.LEFT),
        "unit": (7, look.CENTER), "weight": (8, look.WEIGHT), "direction": (14, look.CENTER),
        "method": (13, look.CENTER), "cap": (8, look.WHOLE_PERCENT), "note": (22, look.LEFT),
        "share": (9, grey | {"num_format": "0.0%"}), "effective": (11, grey | {"num_format": "0.00%"}),
        "key": (7, grey), "lookup": (20, grey)}
    columns = [Column(code, label, *looks[code], formula=formulas.get(code)) for code, label in
               book.labels("indicators")]
    rows: list[list[Any]] = []
    for kind, items in (("p", PERFORMANCE), ("b", BEHAVIOUR)):
        for dimension, code, weight in items:
            metric = metrics.find_metric(code)
            rows.append([t(f"part.{kind}"), DIMENSIONS[dimension].label(book.lang), metric.label(book.lang),
                         (metric.unit if kind == "p" else metrics.load().units["points"]).label(book.lang), weight,
                         *([choice(DIRECTIONS, metric.direction or "up", book.lang),
                            choice(SCORE_METHODS, "linear", book.lang), 1.2] if kind == "p" else [None, None, None])])
    table = book.table(sheet, "indicators", FIRST, left, columns, rows)
    lists = {"part": [t("part.p"), t("part.b")], "direction": [getattr(one, book.lang) for one in DIRECTIONS],
             "method": [getattr(one, book.lang) for one in SCORE_METHODS],
             "dimension": f"={book.tables['dimensions'].body('dimension')}"}
    for code, source in lists.items():
        sheet.data_validation(table.body(code), {"validate": "list", "source": source,
                                                 "error_message": t("check.list")})
    sheet.data_validation(table.body("weight"), {"validate": "decimal", "criteria": "between", "minimum": 0,
                                                 "maximum": 100, "error_message": t("check.weight")})
    grey_out = f'={table.cell("part")}="{t("part.b")}"'
    sheet.conditional_format(table.body("direction", "cap"), {
        "type": "formula", "criteria": grey_out, "format": book.format(bg_color=look.NONE_FILL)})
    book.define("indicator_list", "sheet.indicators", table.body("metric"))
    return table
