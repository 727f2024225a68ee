"""Several tables that stand side by side on one sheet, taken apart at the blank columns between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlkpi.cells import is_blank
from xlkpi.platforms.files import Grid
from xlkpi.platforms.layout import Layout, recognise
from xlkpi.platforms.packed import PackedRows

SEARCHED = 10  # rows in which the headings of the tables are looked for


def side_by_side(grid: Grid, layouts: Sequence[Layout]) -> list[Grid]:
    """The tables of the sheet, or the sheet itself where it is not made of tables that stand beside others.

    A blank column alone proves nothing: each part must be known as one that stands beside others.
    """
    beside = [layout for layout in layouts if layout.beside]
    if not beside or not grid.rows:
        return [grid]
    used = _used(_below_titles(grid))
    width = len(used)
    starts = [place for place in range(width) if used[place] and not (place and used[place - 1])]
    if len(starts) < 2:
        return [grid]
    parts = []
    for start in starts:
        end = next((place for place in range(start, width) if not used[place]), width)
        rows = (grid.rows.across(start, end) if isinstance(grid.rows, PackedRows)
                else [row[start:end] for row in grid.rows])
        parts.append(Grid(rows, grid.sheet, grid.hidden, grid.first_column + start, grid.addressed))
    fits = [recognise(part.rows, beside, SEARCHED) for part in parts]
    return parts if all(fit is not None for fit in fits) else [grid]


def _used(rows: Sequence[list[Any]]) -> list[bool]:
    """Which columns hold anything."""
    if isinstance(rows, PackedRows):
        return [not all(map(is_blank, cells)) for cells in rows.columns]
    return [any(place < len(row) and not is_blank(row[place]) for row in rows) for place in range(max(map(len, rows)))]


def _below_titles(grid: Grid) -> Sequence[list[Any]]:
    """The rows from the one with most headings on: a title above may reach across the blank columns."""
    head = grid.rows[:SEARCHED]
    texts = [sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) for row in head]
    return grid.rows[texts.index(max(texts)):] if texts else grid.rows
