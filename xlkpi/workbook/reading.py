"""The values of a sheet column by column: a chart reads two columns of a hundred thousand rows, not all twelve."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from xlkpi.errors import CellError, Refused, Where
from xlkpi.workbook.cells import typed
from xlkpi.workbook.problems import DamagedPart
from xlkpi.workbook.refs import column_letters

if TYPE_CHECKING:
    from xlkpi.workbook.book import Book

Shown = float | str | bool | CellError
MOST = 16  # single columns of one sheet; whoever wants more reads the sheet


@lru_cache(maxsize=256)
def _pattern(prefix: bytes, letters: str) -> re.Pattern[bytes]:
    """The cells of one column; the last group tells a cell that is written in no usual way."""
    p = re.escape(prefix)
    return re.compile(rb'<' + p + rb'c r="' + letters.encode() + rb'(\d+)"(?:(?: s="\d+")?(?: t="(\w+)")?(?:/>|><' + p
                      + rb'v>([^<]*)</' + p + rb'v></' + p + rb'c>|>(.*?)</' + p + rb'c>)|())', re.DOTALL)


@lru_cache(maxsize=256)
def _common(prefix: bytes, letters: str) -> re.Pattern[bytes]:
    """The cells of one column that hold a number, a shared string or nothing; the last group tells any other."""
    p = re.escape(prefix)
    head, value, end = rb"<" + p + rb'c r="' + letters.encode(), rb"><" + p + rb"v>", rb"</" + p + rb"v></" + p + rb"c>"
    return re.compile(head + rb'(\d+)"(?:(?: s="\d+")?(?:' + value + rb"([^<]*)" + end + rb'| t="s"' + value
                      + rb"(\d+)" + end + rb"|/>)|([\s/>]))")


class Columns:
    """The columns of one sheet, each read when it is first asked for."""

    def __init__(self, book: Book, sheet: str) -> None:
        self._book = book
        self._place = book.sheet(sheet)
        self._known: dict[int, dict[int, Shown]] = {}
        self._whole = False

    def column(self, col: int) -> dict[int, Shown]:
        """The values that a column shows, by row; empty cells left out."""
        if col not in self._known and not self._whole:
            found = self._read(col) if len(self._known) < MOST else None
            if found is None:
                self._read_all()
            else:
                self._known[col] = found
        return self._known.get(col, {})

    def _read_all(self) -> None:
        self._known.clear()
        for (row, col), value in self._book.values(self._place.name).items():
            self._known.setdefault(col, {})[row] = value
        self._whole = True

    def _read(self, col: int) -> dict[int, Shown] | None:
        """One column, or None when some cell of it is written in no usual way."""
        book, letters = self._book, column_letters(col)
        sheet = book.xml(self._place.part)
        found: dict[int, Shown] = {}
        try:
            texts: list[str] | None = None
            for match in _common(sheet.prefix, letters).finditer(sheet.data, sheet.start, sheet.end):
                number, value, text, other = match.groups()
                if value:
                    found[int(number)] = float(value)
                elif text:
                    texts = book.strings.texts if texts is None else texts
                    found[int(number)] = texts[int(text)]
                elif other:
                    break
            else:
                return found
            found.clear()
            for match in _pattern(sheet.prefix, letters).finditer(sheet.data, sheet.start, sheet.end):
                number, kind, value, inner, odd = match.groups()
                if odd is not None:
                    return None
                if inner is not None:
                    value = None
                    if kind != b"inlineStr":
                        stored = sheet.patterns.value.search(inner)
                        value = stored[1] if stored else None
                if kind is None:
                    if value:
                        found[int(number)] = float(value)
                    continue
                shown = typed(sheet, kind.decode(), value, inner or b"", lambda: book.strings.texts, book.date1904)
                if shown is not None:
                    found[int(number)] = shown
        except (ValueError, IndexError, KeyError) as error:
            raise Refused(DamagedPart(Where(file=book.package.file, sheet=self._place.name), part=self._place.part,
                                      reason=str(error))) from None
        return found
