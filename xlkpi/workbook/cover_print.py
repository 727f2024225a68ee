"""Print areas: an area around a table that ends with it goes on ending with it.

Titles above the table and columns beside it are part of the page. So a print area is judged otherwise than the
body of a table: it wraps the table, and its last row is the table's. An area that goes further down was drawn
around something else and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xlkpi.workbook.refs import Area, Nature, Resize, fitted, parse_ref, rewrite

Lowest = Callable[[str, Area, Area], int]


def nothing(sheet: str, below: Area, inside: Area) -> int:
    """A sheet that holds nothing beside its tables."""
    return 0


def fit_print_area(text: str, resizes: Sequence[Resize], lowest: Lowest = nothing) -> str:
    """A print area after all resizes at once, for tables side by side share one last row.

    ``lowest(sheet, below, inside)`` says down to which row of ``below`` there is something to print outside the
    columns of ``inside``: an area never gives up rows that hold something beside the table. Zero is nowhere.
    """
    def change(word: str) -> str | None:
        ref = parse_ref(word)
        sheet = (ref.sheet or "").casefold() if ref else ""
        here = [resize for resize in resizes if resize.sheet.casefold() == sheet]
        if ref is None or not here:
            return None
        area = _wrapping(ref.area, here, lowest)
        if area is None:
            area = ref.area
            for resize in here:
                area = fitted(area, resize, Nature.RANGE) or area
        return replace(ref, area=area).text()

    return rewrite(text, change)


def _wrapping(area: Area, resizes: Sequence[Resize], lowest: Lowest) -> Area | None:
    """``area`` if it wraps one of the tables and ends with it, ending with the lowest of those it wraps."""
    held = [resize for resize in resizes if area.first_col <= resize.first_col and resize.last_col <= area.last_col
            and area.first_row <= resize.first_row and resize.old_last_row <= area.last_row]
    ending = [resize for resize in held if area.last_row in (resize.old_last_row, resize.old_last_row + resize.totals)]
    if not ending:
        return None
    end = max(resize.new_last_row + (resize.totals and area.last_row > resize.old_last_row) for resize in held)
    for resize in ending:
        if end < area.last_row:
            below = Area(area.first_col, end + 1, area.last_col, area.last_row)
            inside = Area(resize.first_col, resize.first_row, resize.last_col, area.last_row)
            end = max(end, lowest(resize.sheet, below, inside))
    return replace(area, last_row=end, colon=True)
