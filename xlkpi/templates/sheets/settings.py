"""A table of parameters, each cell of it under a name of its own: what ``xlkpi fill --set NAME=VALUE`` reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlkpi.templates import look
from xlkpi.templates.book import Book, Column, Table

Setting = tuple[str, dict[str, Any], Any]
"""Name, look of the cell and its value to begin with (None: to be filled in)."""


def write(book: Book, sheet: Any, row: int, settings: Sequence[Setting], lists: Mapping[str, Sequence[str]],
          dates: Sequence[str] = (), numbers: Mapping[str, tuple[float, float]] | None = None,
          widths: tuple[float, float, float] = (20, 22, 52)) -> Table:
    """Write the table ``params`` at ``row`` with one line a setting; ``lists`` are the drop-downs by name."""
    t = book.t
    columns = [Column("param", book.label("params", "param"), widths[0], input=False),
               Column("value", book.label("params", "value"), widths[1], look.LEFT),
               Column("note", book.label("params", "note"), widths[2], look.WRAP | look.HINT, input=False)]
    rows = [[t(f"param.{name}"), value, t(f"param.{name}.note")] for name, _, value in settings]
    table = book.table(sheet, "params", row, 0, columns, rows, filters=False)
    for at, (name, shown, value) in enumerate(settings, table.first):
        cell = book.format(**{**look.INPUT, **shown, "align": "left"})
        if value is None:
            sheet.write_blank(at, 1, None, cell)
        else:
            sheet.write(at, 1, value, cell)
        sheet.set_row(at, 26)
        book.define(name, "sheet.params", f"$B${at + 1}")
        if name in lists:
            sheet.data_validation(at, 1, at, 1, {"validate": "list", "source": list(lists[name]),
                                                 "error_message": t("check.list")})
        if name in dates:
            sheet.data_validation(at, 1, at, 1, {"validate": "decimal", "criteria": "between", "minimum": 36526,
                                                 "maximum": 73050, "error_message": t("check.date")})
        low_high = (numbers or {}).get(name)
        if low_high is not None:
            sheet.data_validation(at, 1, at, 1, {
                "validate": "decimal", "criteria": "between", "minimum": low_high[0], "maximum": low_high[1],
                "error_message": t("check.between").format(low=f"{low_high[0]:g}", high=f"{low_high[1]:g}")})
    return table
