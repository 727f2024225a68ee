"""One workbook being built: its language, its formats and its tables.

The builders say what stands where; here is how it is written, so that a build is the same bytes
every time: fixed dates and creator, no volatile ids, formats made once for each look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from xlkpi.templates import look
from xlkpi.templates.shelf import EDITIONS, REFRESH_MACRO
from xlkpi.templates.words import Words

CREATED = datetime(2026, 1, 1)
CALC_ID = 191029  # the calculation engine of today's Excel: with it, stored values are shown as they are


@dataclass(frozen=True)
class Column:
    """One column of a table: its language-neutral code, its width and how its cells look."""

    code: str
    label: str
    width: float = 10
    look: dict[str, Any] = field(default_factory=dict)
    formula: str | None = None
    input: bool = True


@dataclass(frozen=True)
class Table:
    """A table that has been written: where it is and what its columns are called."""

    name: str
    sheet: str
    first: int
    last: int
    left: int
    columns: tuple[Column, ...]

    def place(self, code: str) -> int:
        """The sheet column (from 0) of the table column ``code``."""
        return self.left + [column.code for column in self.columns].index(code)

    def body(self, code: str, until: str | None = None) -> str:
        """The cells of a column as an absolute A1 range without the sheet."""
        return str(xl_range_abs(self.first, self.place(code), self.last, self.place(until or code)))

    def cell(self, code: str) -> str:
        """The first body cell of a column with a fixed column, for conditional formats."""
        return str(xl_rowcol_to_cell(self.first, self.place(code), col_abs=True))


class Book:
    """A workbook under construction in one language; ``scope`` names the template whose words go before shared ones."""

    def __init__(self, path: Path, lang: str, scope: str = "") -> None:
        self.lang = lang
        self.macros = path.suffix == EDITIONS["macro"]
        self.words = Words(lang, scope)
        self.workbook = xlsxwriter.Workbook(str(path), {
            "default_format_properties": {"font_name": look.FONT[lang], "font_size": 10, "valign": "vcenter"},
            "strings_to_formulas": False, "strings_to_urls": False})
        self.workbook.set_calc_mode("auto", CALC_ID)
        self.workbook.calc_on_load = False  # the stored values are right; Excel recalculates when something changes
        self.workbook.set_properties({"title": self.words("book_title"), "author": "xlkpi", "company": "xlkpi",
                                      "created": CREATED, "comments": self.words("book_note")})
        self.tables: dict[str, Table] = {}
        self._labels: dict[str, dict[str, str]] = {}
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    # ------------------------------------------------------------ words and references

    def t(self, key: str) -> str:
        return self.words(key)

    def know(self, table: str, columns: Iterable[tuple[str, str]]) -> None:
        """Tell the labels of a table's columns before it is written, so that formulas may name them."""
        self._labels[table] = dict(columns)

    def labels(self, table: str) -> list[tuple[str, str]]:
        """(code, header) of a table's columns."""
        return list(self._labels[table].items())

    def label(self, table: str, code: str) -> str:
        return self._labels[table][code]

    def col(self, table: str, code: str) -> str:
        """``works[播放量]``"""
        return f"{table}[{self.label(table, code)}]"

    def this(self, table: str, code: str, until: str | None = None) -> str:
        """``works[[#This Row],[播放量]]``: the same row's cell (or cells up to ``until``)."""
        span = f"[{self.label(table, code)}]" + (f":[{self.label(table, until)}]" if until else "")
        return f"{table}[[#This Row],{span}]"

    # ------------------------------------------------------------ sheets and formats

    def format(self, **kw: Any) -> Any:
        """The format with these properties, made once."""
        key = tuple(sorted(kw.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(kw)
        return self._formats[key]

    def sheet(self, key: str, tab: str = look.ACCENT) -> Any:
        sheet = self.workbook.add_worksheet(self.t(key))
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_default_row(18)
        return sheet

    def name(self, key: str) -> str:
        """The quoted name of a sheet, for A1 references."""
        return "'" + self.t(key).replace("'", "''") + "'"

    def define(self, name: str, sheet: str, cells: str) -> None:
        self.workbook.define_name(name, f"={self.name(sheet)}!{cells}")

    def print_setup(self, sheet: Any, area: tuple[int, int, int, int] | None, landscape: bool = False, tall: int = 0,
                    repeat: int | None = None) -> None:
        """A4, one page wide, footer with sheet and page; ``repeat`` is the header row on every page."""
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        if area is not None:
            sheet.print_area(*area)
        sheet.fit_to_pages(1, tall)
        sheet.center_horizontally()
        if repeat is not None:
            sheet.repeat_rows(0 if area and area[0] > repeat else repeat, repeat)
        sheet.set_footer(f"&L&8{self.t('book_title')}&C&8&A&R&8&P / &N")

    def print_table(self, sheet: Any, table: Table, landscape: bool = False) -> None:
        """Print a table that will grow: the area is exactly its body, which grows with it, the head repeats."""
        self.print_setup(sheet, (table.first, table.left, table.last, table.left + len(table.columns) - 1), landscape,
                         repeat=table.first - 1)

    def heading(self, sheet: Any, title: str, hint: str = "") -> None:
        """The first two rows of a working sheet: its title and what to do here."""
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, title, self.format(**look.TITLE))
        if hint:
            sheet.write_string(1, 0, hint, self.format(**look.HINT))

    def refresh_button(self, sheet: Any, row: int, column: int) -> None:
        """The button that runs the Refresh macro, in the editions that have one."""
        if self.macros:
            sheet.insert_button(row, column, {"macro": REFRESH_MACRO, "caption": self.t("button.refresh"),
                                              "width": 80, "height": 26, "x_offset": 1, "y_offset": 5})

    def formula(self, sheet: Any, row: int, column: int, text: str, cell_format: Any = None) -> None:
        """A formula whose stored value is blank until it is calculated (XlsxWriter would store 0)."""
        sheet.write_formula(row, column, text, cell_format, "")

    # ------------------------------------------------------------ tables

    def table(self, sheet: Any, name: str, row: int, left: int, columns: Sequence[Column],
              rows: Sequence[Sequence[Any]] = (), filters: bool = True, style: str | None = "Table Style Light 1",
              widths: bool = True) -> Table:
        """An Excel table with its header at ``row``; no rows make one blank row, ready to be filled."""
        body = list(rows) or [[None] * len(columns)]
        table = Table(name, sheet.get_name(), row + 1, row + len(body), left, tuple(columns))
        header = self.format(**look.HEADER)
        sheet.add_table(row, left, table.last, left + len(columns) - 1, {
            "name": name, "style": style, "autofilter": filters, "columns": [
                {"header": column.label, "header_format": header, "format": self.format(**self._look(column)),
                 **({"formula": column.formula} if column.formula else {})} for column in columns]})
        sheet.set_row(row, 30)
        for at, column in enumerate(columns):
            if widths:
                sheet.set_column(left + at, left + at, column.width)
            cell_format = self.format(**self._look(column))
            for down, line in enumerate(body):
                value = line[at] if at < len(line) else None
                if column.formula:
                    self.formula(sheet, table.first + down, left + at, column.formula, cell_format)
                elif isinstance(value, str) and value.startswith("="):
                    self.formula(sheet, table.first + down, left + at, value, cell_format)
                elif value is None:
                    sheet.write_blank(table.first + down, left + at, None, cell_format)
                else:
                    sheet.write(table.first + down, left + at, value, cell_format)
        self.tables[name] = table
        return table

    @staticmethod
    def _look(column: Column) -> dict[str, Any]:
        base = look.INPUT if column.input and not column.formula else look.CELL
        return {**base, **column.look}

    def close(self) -> None:
        self.workbook.close()
