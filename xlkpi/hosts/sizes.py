"""Whole columns: read as far as they are filled, and as long as one another.

``=KPI_COMPLETION(A:A, B:B)`` means a million rows, nearly all of them blank below the data. A large range is cut
where the sheet ends and its blank tail dropped; arguments that were equally long stay equally long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlkpi.cells import CellValue, flat, is_blank
from xlkpi.errors import KpiError

WHOLE_COLUMN = 1_048_576


class WholeColumn(KpiError):
    zh = "参数是填满的整列（{rows} 行）；请改用表的列（如 works[播放量]）或有限的区域"
    en = "an argument is a whole column of values ({rows} rows); use a table column (works[plays]) or a bounded range"


@dataclass(frozen=True, slots=True)
class Cut:
    """The used part of a large range, and how large the range is."""

    value: Any
    rows: int
    columns: int


def received(arguments: Sequence[Any], read: Callable[[Any], CellValue]) -> list[CellValue]:
    """The arguments of one call as cell values; ``read`` makes them of what the host delivered."""
    values, sizes = [], []
    for one in arguments:
        raw, size = one, None
        if isinstance(one, Cut):
            raw = one.value if isinstance(one.value, (list, tuple)) else [[one.value]]
            size = one.rows, one.columns
        elif isinstance(one, (list, tuple)) and len(one) >= WHOLE_COLUMN:
            size = len(one), len(one[0])
        if size:
            raw = _filled(raw, read)
            if len(raw) >= WHOLE_COLUMN:
                raise WholeColumn(rows=len(raw))
        values.append(read(raw))
        sizes.append(size or _size(values[-1]))
    if sizes != [_size(value) for value in values]:
        _even_out(sizes, values)
    return values


def _filled(rows: Sequence[Any], read: Callable[[Any], CellValue]) -> Sequence[Any]:
    """The rows without the blank ones at the end; at least one."""
    last = len(rows)
    while last > 1 and all(is_blank(cell) for cell in flat(read(rows[last - 1]))):
        blank = rows[last - 1]
        while last > 1 and rows[last - 1] == blank:
            last -= 1
    return rows[:last]


def _even_out(sizes: Sequence[tuple[int, int]], values: list[CellValue]) -> None:
    """Pad with blanks what was as long (or as wide) as another argument before it was cut.

    Two rows or columns are left at least: a single one would stretch over whatever stands beside it.
    """
    tallest = {rows: min(rows, 2) for rows, _ in sizes}
    widest = {columns: min(columns, 2) for _, columns in sizes}
    for (rows, columns), value in zip(sizes, values, strict=True):
        height, width = _size(value)
        tallest[rows] = max(tallest[rows], height)
        widest[columns] = max(widest[columns], width)
    for index, ((rows, columns), value) in enumerate(zip(sizes, values, strict=True)):
        if isinstance(value, list):
            height, width = tallest[rows], widest[columns]
            padded = [[*row, *[None] * (width - len(row))] for row in value]
            values[index] = padded + [[None] * width for _ in range(height - len(padded))]


def _size(value: CellValue) -> tuple[int, int]:
    return (len(value), len(value[0]) if value else 0) if isinstance(value, list) else (1, 1)
