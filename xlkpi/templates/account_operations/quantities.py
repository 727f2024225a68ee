"""Sheet 量化指标 / Quantities: each person's targets and actual values, one row a person and item."""

from __future__ import annotations

from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column
from xlkpi.templates.sheets.marks import by_unit

FIRST = 3
ROWS = 13  # blank rows of a new workbook, so that there is something to type into


def row_check(book: Book, name: str, missing: str) -> str:
    """What keeps a row from counting, in words; blank when nothing does."""
    t = book.t

    def this(code: str) -> str:
        return book.this(name, code)

    return (f'=IF(AND({this("person")}="",{this("metric")}=""),"",IF({this("person")}="","{t("check.no_person")}",'
            f'IF({this("at")}="","{t(f"check.no_item_{name}")}",'
            f'IF(COUNTIF({book.col("people", "person")},{this("person")})=0,"{t("check.unknown_person")}",'
            f'IF(COUNTIF({book.col(name, "key")},{this("key")})>1,"{t("check.twice")}",{missing})))))')


def lookup_columns(book: Book, name: str, part: str) -> dict[str, str]:
    """Formulas that both tables of results have: the item's place, dimension, shares, and its key."""

    def this(code: str) -> str:
        return book.this(name, code)

    def item(code: str) -> str:
        return f"INDEX({book.col('indicators', code)},{this('at')})"

    nothing = f'OR({this("at")}="",{this("score")}="")'
    return {
        "at": f'=IF({this("metric")}="","",IFERROR(MATCH("{book.t(f"part.{part}")}|"&{this("metric")},'
              f'{book.col("indicators", "lookup")},0),""))',
        "dimension": f'=IF({this("at")}="","",{item("dimension")})',
        "known": f'=IF({nothing},0,{item("share")})',
        "weighted": f'=IF({nothing},0,{this("score")}*{item("share")})',
        "effective": f'=IF({nothing},0,{item("effective")})',
        "key": f'=IF({this("metric")}="","",{this("person")}&"|"&{this("metric")})',
    }


def write(book: Book) -> None:
    sheet = book.sheet("sheet.quantities", look.GREEN)
    t = book.t
    book.heading(sheet, t("quantities.title"), t("quantities.hint"))

    def this(code: str) -> str:
        return book.this("quantities", code)

    def item(code: str) -> str:
        return f"INDEX({book.col('indicators', code)},{this('at')})"

    formulas = {
        **lookup_columns(book, "quantities", "p"),
        "unit": f'=IF({this("at")}="","",{item("unit")}&"")',
        "direction": f'=IF({this("at")}="","",IF({item("direction")}="","up",{item("direction")}))',
        "method": f'=IF({this("at")}="","",IF({item("method")}="","linear",{item("method")}))',
        "cap": f'=IF({this("at")}="","",IF({item("cap")}="",1.2,{item("cap")}))',
        "score": f'=IF(OR({this("at")}="",{this("actual")}=""),"",KPI_SCORE({this("actual")},{this("target")},'
                 f'{this("direction")},{this("baseline")},{this("floor")},{this("stretch")},{this("cap")},'
                 f'{this("method")},{this("floor_score")},{this("step")},{this("points")},{this("bands")}))',
        "sentence": f'=IF({this("score")}="","",KPI_EXPLAIN({this("actual")},{this("target")},{this("direction")},'
                    f'{this("baseline")},{this("floor")},{this("stretch")},{this("cap")},{this("method")},'
                    f'{this("floor_score")},{this("step")},{this("points")},"{book.lang}",{this("unit")},'
                    f'{this("bands")}))',
        "check": row_check(book, "quantities", f'IF({this("actual")}="","{t("check.no_actual")}","")'),
    }
    grey = {"font_color": look.GREY, "font_size": 8.5, "align": "center"}
    looks: dict[str, tuple[float, dict[str, Any]]] = {
        "person": (11, look.LEFT), "metric": (24, look.LEFT), "target": (12, look.COUNT), "actual": (12, look.COUNT),
        "bands": (20, look.LEFT), "note": (18, look.LEFT), "unit": (7, look.CENTER), "score": (9, look.TWO),
        "check": (16, look.CENTER | {"font_color": look.RED, "font_size": 9}), "dimension": (12, grey),
        "sentence": (44, look.LEFT | {"font_size": 9, "font_color": look.GREY}),
        "known": (8, grey | {"num_format": "0.0%"}), "weighted": (9, grey | {"num_format": "0.00"}),
        "effective": (9, grey | {"num_format": "0.00%"}), "cap": (8, grey | look.WHOLE_PERCENT)}
    typed = ("baseline", "floor", "stretch", "floor_score", "step", "points")
    columns = [Column(code, label, *looks.get(code, (9, look.COUNT if code in typed else grey)),
                      formula=formulas.get(code)) for code, label in book.labels("quantities")]
    table = book.table(sheet, "quantities", FIRST, 0, columns, [[] for _ in range(ROWS)])
    for cells in (table.body("target", "stretch"),):
        by_unit(book, sheet, table.cell("unit"), cells)
    sheet.data_validation(table.body("person"), {"validate": "list", "source": "=people_list", "error_type": "warning",
                                                 "error_message": t("check.unknown_person")})
    sheet.data_validation(table.body("metric"), {"validate": "list", "source": "=indicator_list",
                                                 "error_type": "warning",
                                                 "error_message": t("check.no_item_quantities")})
    bands(book, sheet, table.body("person", "check"), table.cell("person"))
    bars(sheet, table.body("score"), 120)
    sheet.freeze_panes(FIRST + 1, 2)
    book.print_setup(sheet, (table.first, 0, table.last, table.place("check")), landscape=True, repeat=FIRST)


def bands(book: Book, sheet: Any, cells: str, first: str) -> None:
    """A line above every new person."""
    row = int("".join(letter for letter in first if letter.isdigit()))
    above = first.replace(str(row), str(row - 1))
    sheet.conditional_format(cells, {"type": "formula", "criteria": f"={first}<>{above}",
                                     "format": book.format(top=1, top_color=look.ACCENT)})


def bars(sheet: Any, cells: str, most: float) -> None:
    sheet.conditional_format(cells, {"type": "data_bar", "bar_color": "#BFD5E6", "bar_solid": True, "min_type": "num",
                                     "max_type": "num", "min_value": 0, "max_value": most, "data_bar_2010": True})
