"""What can be done for a book while the engine reads and calculates it: that takes long and Python is free.

Charts that draw from sheets without formulas get their points whatever the calculation says, and such
sheets can be packed for saving. What is prepared here is used only if nothing it comes from has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from xlkpi.errors import Refused
from xlkpi.workbook.cover_charts import Columns, refresh_chart

if TYPE_CHECKING:
    from xlkpi.workbook.book import Book

LARGE = 2_000_000  # bytes of a sheet part from which on drawing ahead pays


class _Calculated(Exception):
    """The chart draws from a sheet that holds formulas."""


@dataclass(slots=True)
class Drawn:
    """A chart with its points, and the parts they come from as they were."""

    new: bytes
    unread: list[str]
    sources: dict[str, bytes]

    def holds(self, book: Book) -> bool:
        return all(book.package.xml(part) is data for part, data in self.sources.items())


def draw(book: Book) -> dict[str, Drawn]:
    """The charts that draw from large sheets without formulas, by part."""
    from xlkpi.workbook.cover import cells_of, charts_of

    package = book.package
    plain = _plain(book)
    if not any(len(package.xml(part)) >= LARGE for part in plain.values()):
        return {}
    common = [book.workbook, *(table.part for table in book.tables.values())]
    cells, used = cells_of(book), set[str]()

    def reading(read: Callable[[str], Columns | None]) -> Callable[[str], Columns | None]:
        def values(sheet: str) -> Columns | None:
            if sheet.casefold() not in plain:
                raise _Calculated
            used.add(plain[sheet.casefold()])
            return read(sheet)
        return values

    watched = replace(cells, values=reading(cells.values))
    found = {}
    for part in charts_of(book):
        used.clear()
        try:
            new, unread = refresh_chart(package.xml(part), watched, package.tree(part))
        except (_Calculated, Refused):
            continue
        found[part] = Drawn(new, unread, {name: package.xml(name) for name in (part, *common, *used)})
    return found


def _plain(book: Book) -> dict[str, str]:
    """The parts of the sheets without formulas, by the sheet's name in lower case."""
    calculated = {formula.sheet for formula in book.formulas()}
    return {sheet.name.casefold(): sheet.part for sheet in book.sheets if sheet.name not in calculated}


class Ahead:
    """The preparations for one calculation, made when there is time for them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._made = False
        self.drawn: dict[str, Drawn] = {}

    def __call__(self, engine: Literal["reading", "calculating"]) -> None:
        """What the engine is at work on. It takes long to read a large book; a small one is read sooner than Python
        has prepared the calculation."""
        package = self._book.package
        if self._made or (engine == "reading" and not any(len(package.xml(sheet.part)) >= LARGE
                                                          for sheet in self._book.sheets)):
            return
        from xlkpi.workbook.cover import charts_of

        self._made = True
        try:
            self.drawn = draw(self._book)
            strings = package.related(self._book.workbook, "sharedStrings")
            package.pack([*_plain(self._book).values(), *strings])
            for chart in charts_of(self._book):
                package.tree(chart)
            for sheet in self._book.sheets:
                self._book.stored_results(sheet.name)
        except Refused:
            return  # said again by whoever needs the part
