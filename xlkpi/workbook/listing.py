"""What a workbook says, as lines in a fixed order, and hashes over them.

Two files that say the same have the same hashes, however their bytes are packed: saving a workbook again
in Excel renumbers styles and strings and rewrites every part, and changes no line here. Looks, column
widths and formulas are no part of it; an empty text counts as an empty cell. Numbers stand with the 15
digits that a spreadsheet shows, since some programs keep no more when they save.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context
from typing import Any

from xlkpi.errors import CellError
from xlkpi.workbook.book import Book
from xlkpi.workbook.refs import parse_ref

FORMAT = "1"  # of the listing; another way to list is another number
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
NAMES = ""  # the section of defined names stands under no sheet's name


def hashes(book: Book, skipped: str = "") -> dict[str, str]:
    """One SHA-256 a sheet, and one (under no name) over what defined names point at.

    ``skipped`` is the one cell (``Sheet!B3``) left out: the one that shows the hash itself.
    """
    own = place_of(book, skipped)
    found = {}
    for sheet in book.sheets:
        digest = hashlib.sha256()
        for text in listing(book, sheet.name, own[1:] if own and own[0] == sheet.name else None):
            digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
        found[sheet.name] = digest.hexdigest()
    found[NAMES] = hashlib.sha256("\n".join(_names(book)).encode()).hexdigest()
    return found


def listing(book: Book, sheet: str, skipped: tuple[int, int] | None = None) -> Iterator[str]:
    """What a sheet says, line by line: its tables, then every cell that shows something, in reading order."""
    yield line("xlkpi listing", FORMAT, "1904" if book.date1904 else "1900")
    for table in sorted((one for one in book.tables.values() if one.sheet == sheet), key=lambda one: one.name):
        yield line("table", table.name, table.ref, table.header_rows, table.totals_rows,
                   [column.name for column in table.columns])
    for (row, col), value in sorted(book.values(sheet).items()):
        if value != "" and (row, col) != skipped:
            yield line(row, col, *canonical(value))


def canonical(value: float | str | bool | CellError) -> tuple[str, str]:
    """The kind of a value and its text in a listing."""
    if isinstance(value, bool):
        return "b", "1" if value else "0"
    if isinstance(value, CellError):
        return "e", value.code
    if isinstance(value, str):
        return "s", value
    return "n", _digits(float(value))


def _digits(value: float) -> str:
    """A number with 15 significant digits, halves away from zero, as programs do that save so; no minus zero."""
    text = repr(value + 0.0)
    return text if len(text) <= 16 else repr(float(_FIFTEEN.create_decimal(text)))


def _names(book: Book) -> list[str]:
    found = []
    for name in book.defined_names:
        ref = parse_ref(name.text) if not name.name.casefold().startswith("_xlnm.") else None
        if ref is not None:
            area = ref.area
            found.append(line(name.name.casefold(), name.sheet, ref.sheet, area.first_row, area.first_col,
                              area.last_row, area.last_col))
    return sorted(found)


def line(*parts: Any) -> str:
    """Parts as one line that no other parts give."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def place_of(book: Book, address: str) -> tuple[str, int, int] | None:
    """Sheet, row and column of ``Sheet!B3``; None for anything else."""
    sheet, mark, cell = address.rpartition("!")
    ref = parse_ref(cell) if mark else None
    if ref is None or sheet not in {one.name for one in book.sheets}:
        return None
    return sheet, ref.area.first_row, ref.area.first_col
