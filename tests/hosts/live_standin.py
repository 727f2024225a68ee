"""A workbook open in Excel, for the real xlwings to talk to: sheets, ranges, tables, notes as COM objects.

Loaded from a file. A text that is written is read as Excel reads what is typed; a table that is resized fills its
formula columns; a protected sheet refuses; every change is recorded, and can be made to fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from hosts.com_standins import Collection, ComError, Model
from openpyxl.comments import Comment as StoredComment
from openpyxl.utils import range_boundaries

from xlkpi.cells import read_date, to_serial
from xlkpi.workbook.shared import at_row

GONE = ComError(-2147023174, "The RPC server is unavailable.", None, None)
BUSY = ComError(-2147352567, "Exception occurred.", (0, "Microsoft Excel", "Unable to set the Value property", "", 0,
                                                     -2146827284), None)
AUTOMATIC, MANUAL = -4105, -4135


class Items(Collection):
    def Item(self, key: int | str) -> Any:
        try:
            return self(key)
        except (StopIteration, IndexError):
            raise ComError(-2147352567, "no such item", None, None) from None

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, str):
            for item in self.items:
                if item.Name.casefold() == key.casefold():
                    return item
            raise ComError(-2147352567, "no such item", None, None)
        return self.items[int(key) - 1]


class App(Model):
    Hwnd, Version, Name = 4711, "16.0", "Microsoft Excel"

    def __init__(self) -> None:
        self.ScreenUpdating = self.EnableEvents = self.DisplayAlerts = True
        self.Calculation = AUTOMATIC
        self.said: list[Any] = []
        self.books: list[Any] = []
        self.changes: list[tuple[str, str, int]] = []  # what, where, how many cells
        self.fails_at: int | None = None
        self.gone = False
        self.calculated = 0

    @property
    def Application(self) -> App:
        return self

    @property
    def Workbooks(self) -> Items:
        return Items(self.books)

    @property
    def StatusBar(self) -> Any:
        return self.said[-1] if self.said else False

    @StatusBar.setter
    def StatusBar(self, value: Any) -> None:
        self.said.append(value)

    def Calculate(self) -> None:
        self.alive()
        self.calculated += 1

    def alive(self) -> None:
        if self.gone and self.fails_at is not None and len(self.changes) >= self.fails_at:
            raise GONE

    def change(self, what: str, where: str, cells: int = 1) -> None:
        """A change is about to happen: recorded, and refused where the test says so."""
        self.changes.append((what, where, cells))
        if self.fails_at is not None and (len(self.changes) == self.fails_at or (
                self.gone and len(self.changes) >= self.fails_at)):
            raise GONE if self.gone else BUSY


class Workbook(Model):
    Date1904 = False

    def __init__(self, app: App, path: Path) -> None:
        self.Application, self.Name, self.FullName, self.Path = app, path.name, str(path), str(path.parent)
        self.source = path
        stored, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
        self.Worksheets = Items([Sheet(self, sheet, shown[sheet.title]) for sheet in stored.worksheets])
        self.Names = Items([Name(self, name, one.attr_text) for name, one in stored.defined_names.items()])
        self.CustomDocumentProperties = Items([Property(one.name, one.value) for one in stored.custom_doc_props.props])
        app.books.append(self)

    @property
    def Sheets(self) -> Items:
        return self.Worksheets

    def state(self) -> Any:
        """Everything that a refresh might change, for comparison."""
        return {sheet.Name: (
            {place: (cell.value, cell.formula) for place, cell in sheet.cells.items()
             if cell.value is not None or cell.formula},
            {table.Name: table.area for table in sheet.ListObjects.items},
            {comment.place: comment.words for comment in sheet.Comments.items}) for sheet in self.Worksheets.items}

    def save(self, path: Path) -> Path:
        """The workbook as a file (what openpyxl keeps of it)."""
        book = openpyxl.load_workbook(self.source)
        for sheet in self.Worksheets.items:
            target = book[sheet.Name]
            for (row, column), cell in sheet.cells.items():
                there = target.cell(row, column)
                if type(there).__name__ != "MergedCell" and not hasattr(there.value, "ref"):
                    there.value = cell.formula or cell.value
                    if isinstance(there.value, str) and not cell.formula:
                        there.data_type = "s"  # a text, whatever it starts with
                    there.comment = None
            for comment in sheet.Comments.items:
                target.cell(*comment.place).comment = StoredComment(comment.words, "x")
            for table in sheet.ListObjects.items:
                target.tables[table.Name].ref = table.Range.address
                if target.tables[table.Name].autoFilter:
                    target.tables[table.Name].autoFilter.ref = table.Range.address
        book.save(path)
        return path


class Property(Model):
    def __init__(self, name: str, value: str) -> None:
        self.Name, self.Value = name, value


class Name(Model):
    def __init__(self, book: Workbook, name: str, text: str) -> None:
        self.book, self.Name, self.RefersTo = book, name, "=" + text

    @property
    def RefersToRange(self) -> Range:
        sheet, _, area = self.RefersTo[1:].rpartition("!")
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        return Range(self.book.Worksheets(sheet.strip("'").replace("''", "'")), top, left, bottom, right)


class Cell:
    def __init__(self, value: Any = None, formula: str | None = None, style: str = "General",
                 locked: bool = True) -> None:
        self.value, self.formula, self.style, self.locked = value, formula, style, locked


class Sheet(Model):
    def __init__(self, book: Workbook, stored: Any, shown: Any) -> None:
        self.Parent, self.Name = book, stored.title
        self.ProtectContents = bool(stored.protection.sheet)
        self.CircularReference: Any = None
        self.CommentsThreaded = Items([])
        self.cells: dict[tuple[int, int], Cell] = {}
        self.Comments = Items([])
        for row in stored.iter_rows():
            for cell in row:
                value = shown.cell(cell.row, cell.column).value
                text = getattr(cell.value, "text", cell.value)
                formula = text if cell.data_type == "f" or hasattr(cell.value, "ref") else None
                if isinstance(value, datetime):
                    value = to_serial(value)
                value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
                self.cells[cell.row, cell.column] = Cell(value, formula, cell.number_format,
                                                         bool(cell.protection.locked))
                if cell.comment:
                    self.Comments.items.append(Comment(self, (cell.row, cell.column), cell.comment.text))
        self.ListObjects = Items([ListObject(self, table.name, range_boundaries(table.ref),
                                             bool(table.totalsRowCount)) for table in stored.tables.values()])

    @property
    def Application(self) -> App:
        return self.Parent.Application

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, row, column, row, column)

    def Range(self, first: Range, last: Range | None = None) -> Range:
        last = last or first
        return Range(self, first.Row, first.Column, last.bottom, last.right)

    def cell(self, row: int, column: int) -> Cell:
        return self.cells.setdefault((row, column), Cell())


class Comment(Model):
    def __init__(self, sheet: Sheet, place: tuple[int, int], words: str) -> None:
        self.sheet, self.place, self.words, self.Author, self.Name = sheet, place, words, "x", ""

    def Text(self) -> str:
        return self.words

    @property
    def Parent(self) -> Range:
        return self.sheet.Cells(*self.place)

    def Delete(self) -> None:
        self.sheet.Application.change("note away", f"{self.sheet.Name}!{self.place}")
        self.sheet.Comments.items.remove(self)


class Range(Model):
    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self.Worksheet = self.Parent = sheet
        self.Row, self.Column, self.bottom, self.right = top, left, bottom, right

    @property
    def Application(self) -> App:
        return self.Worksheet.Application

    @property
    def address(self) -> str:
        letters = openpyxl.utils.get_column_letter
        return f"{letters(self.Column)}{self.Row}:{letters(self.right)}{self.bottom}"

    @property
    def Rows(self) -> Collection:
        return Collection(range(self.bottom - self.Row + 1))

    @property
    def Columns(self) -> Collection:
        return Collection(range(self.right - self.Column + 1))

    @property
    def Count(self) -> int:
        return self.Rows.Count * self.Columns.Count

    def __call__(self, row: int, column: int) -> Range:
        return self.Worksheet.Cells(self.Row + row - 1, self.Column + column - 1)

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(self.Row, self.bottom + 1)
                for column in range(self.Column, self.right + 1))

    def _read(self, of: Any) -> Any:
        self.Application.alive()
        cells = self.Worksheet.cells
        blank = Cell()
        rows = tuple(tuple(of(cells.get((row, column), blank)) for column in range(self.Column, self.right + 1))
                     for row in range(self.Row, self.bottom + 1))
        return rows[0][0] if self.Count == 1 else rows

    def _change(self, what: str) -> None:
        sheet = self.Worksheet
        self.Application.change(what, f"{sheet.Name}!{self.address}", self.Count)
        if sheet.ProtectContents and any(sheet.cell(*place).locked for place in self._places()):
            raise ComError(-2147352567, "protected", (0, "Microsoft Excel", "The cell is protected", "", 0, 0), None)

    def _write(self, data: Any, formula: bool) -> None:
        if isinstance(data, (list, tuple)):
            rows = [list(row) for row in data]
            assert len(rows) == self.Rows.Count
            assert {len(row) for row in rows} == {self.Columns.Count}
        else:
            rows = [[data] * self.Columns.Count for _ in range(self.Rows.Count)]
        for (row, column) in self._places():
            value = rows[row - self.Row][column - self.Column]
            if formula and not isinstance(data, (list, tuple)) and str(value).startswith("="):
                value = "=" + at_row(value[1:], row - self.Row)
            typed(self.Worksheet.cell(row, column), value)

    @property
    def Value2(self) -> Any:
        return self._read(lambda cell: cell.value)

    @property
    def Value(self) -> Any:
        return self._read(lambda cell: cell.value)

    @Value.setter
    def Value(self, data: Any) -> None:
        self._change("value")
        self._write(data, formula=False)

    @property
    def Formula2(self) -> Any:
        return self._read(lambda cell: cell.formula or _constant(cell.value))

    @Formula2.setter
    def Formula2(self, data: Any) -> None:
        self._change("formula")
        self._write(data, formula=True)

    Formula = Formula2

    @property
    def NumberFormat(self) -> Any:
        styles = {self.Worksheet.cell(*place).style for place in self._places()}
        return styles.pop() if len(styles) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self._change("format")
        for place in self._places():
            self.Worksheet.cell(*place).style = code

    @property
    def Locked(self) -> Any:
        locked = {self.Worksheet.cell(*place).locked for place in self._places()}
        return locked.pop() if len(locked) == 1 else None

    def ClearContents(self) -> None:
        self._change("clear")
        for place in self._places():
            cell = self.Worksheet.cell(*place)
            cell.value = cell.formula = None

    @property
    def Comment(self) -> Comment | None:
        return next((one for one in self.Worksheet.Comments.items if one.place == (self.Row, self.Column)), None)

    def AddComment(self, text: str) -> Comment:
        self._change("note")
        assert self.Comment is None
        self.Worksheet.Comments.items.append(Comment(self.Worksheet, (self.Row, self.Column), text))
        return self.Worksheet.Comments.items[-1]


def typed(cell: Cell, value: Any) -> None:
    """A value written as Excel takes it: a text counts as typed in, unless the cell is for text."""
    cell.formula = None
    if isinstance(value, bool) or value is None:
        cell.value = value
    elif isinstance(value, (int, float)):
        if isinstance(value, int) and not -2**31 <= value < 2**31:
            raise TypeError("a long integer is no VARIANT that Excel takes")
        cell.value = float(value)
    elif isinstance(value, str):
        if cell.style == "@":
            cell.value = value or None
        elif value.startswith("'"):
            cell.value = value[1:]
        elif value.startswith("=") and len(value) > 1:
            cell.formula, cell.value = value, 0.0
        elif value.startswith(("+", "-", "@")) and not re.fullmatch(r"[+-]?[\d.,]+", value):
            raise ComError(-2147352567, "formula", (0, "Microsoft Excel", "There is a problem with this formula", "",
                                                    0, 0), None)
        elif re.fullmatch(r"[+-]?[\d,]*\.?\d+%?", value):
            cell.value = float(value.rstrip("%").replace(",", "")) / (100 if value.endswith("%") else 1)
        elif value.upper() in ("TRUE", "FALSE"):
            cell.value = value.upper() == "TRUE"
        elif any(letter.isdigit() for letter in value) and (moment := read_date(value)):
            cell.value, cell.style = to_serial(moment), "m/d/yyyy"
        else:
            cell.value = value or None
    else:
        raise TypeError(f"no VARIANT of {value!r}")


def _constant(value: Any) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


class Filter(Model):
    FilterMode = False

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def ShowAllData(self) -> None:
        self.sheet.Application.change("filter", self.sheet.Name)
        self.FilterMode = False


class ListObject(Model):
    ShowHeaders = True

    def __init__(self, sheet: Sheet, name: str, area: tuple[int, int, int, int], totals: bool) -> None:
        self.Parent, self.Name, self.area, self.totals = sheet, name, area, totals
        self.kept: dict[int, Cell] = {}
        self.AutoFilter = Filter(sheet)

    @property
    def Range(self) -> Range:
        left, top, right, bottom = self.area
        return Range(self.Parent, top, left, bottom, right)

    @property
    def ShowTotals(self) -> bool:
        return self.totals

    @ShowTotals.setter
    def ShowTotals(self, value: bool) -> None:
        """The row goes with its formulas, and comes back with them below the table as it then is."""
        sheet, (left, top, right, bottom) = self.Parent, self.area
        sheet.Application.change("totals", self.Name)
        if self.totals and not value:
            self.kept = {column: sheet.cells.pop((bottom, column)) for column in range(left, right + 1)
                         if (bottom, column) in sheet.cells}
            self.area = (left, top, right, bottom - 1)
        elif value and not self.totals:
            assert not any(sheet.cell(bottom + 1, column).value for column in range(left, right + 1))
            sheet.cells.update({(bottom + 1, column): cell for column, cell in self.kept.items()})
            self.area = (left, top, right, bottom + 1)
        self.totals = value

    @property
    def HeaderRowRange(self) -> Range:
        left, top, right, _ = self.area
        return Range(self.Parent, top, left, top, right)

    def Resize(self, new: Range) -> None:
        sheet = self.Parent
        sheet.Application.change("resize", f"{self.Name} {new.address}")
        left, top, right, bottom = self.area
        if sheet.ProtectContents or (new.Row, new.Column, new.right) != (top, left, right):
            raise ComError(-2147352567, "resize", (0, "Microsoft Excel", "Resize failed", "", 0, 0), None)
        for other in sheet.ListObjects.items:
            if other is not self and other.area[1] <= new.bottom and other.area[3] > bottom \
                    and other.area[0] <= right and other.area[2] >= left:
                raise ComError(-2147352567, "overlap", (0, "Microsoft Excel", "Tables overlap", "", 0, 0), None)
        self.area = (left, top, right, new.bottom)
        for column in range(left, right + 1):
            texts = [sheet.cell(row, column).formula for row in range(top + 1, bottom + 1)]
            if texts and all(texts):
                for row in range(bottom + 1, new.bottom + 1):
                    typed(sheet.cell(row, column), "=" + at_row(texts[0][1:], row - top - 1))
