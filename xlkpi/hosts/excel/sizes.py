"""Whole columns: read as far as they are filled, and as long as one another.

``=KPI_COMPLETION(A:A, B:B)`` means a million rows, nearly all of them blank below the data. A large range is cut
where the sheet ends and its blank tail dropped; arguments that were equally long stay equally long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlkpi.cells import CellValue, is_blank
from xlkpi.errors import KpiError
from xlkpi.hosts.excel.values import from_com

WHOLE_COLUMN = 1_048_576


class WholeColumn(KpiError):
    zh = "参数是算出来的整列（{rows} 行）；请改用表的列（如 works[播放量]）或有限的区域"
    en = "an argument is a calculated whole column ({rows} rows); use a table column (works[plays]) or a bounded range"


@dataclass(frozen=True, slots=True)
class Cut:
    """The used part of a large range, and how large the range is."""

    value: Any
    rows: int
    columns: int


def received(arguments: Sequence[Any]) -> list[CellValue]:
    """The arguments of one call as cell values."""
    values = [_trimmed(from_com(one.value)) if isinstance(one, Cut) else from_com(one) for one in arguments]
    for one, value in zip(arguments, values, strict=True):
        if not isinstance(one, Cut) and isinstance(value, list) and len(value) >= WHOLE_COLUMN:
            raise WholeColumn(rows=len(value))
    if any(isinstance(one, Cut) for one in arguments):
        _even_out(arguments, values)
    return values


def _trimmed(value: CellValue) -> list[list[Any]]:
    rows = value if isinstance(value, list) else [[value]]
    last = len(rows)
    while last > 1 and all(is_blank(cell) for cell in rows[last - 1]):
        last -= 1
    return rows[:last]


def _even_out(arguments: Sequence[Any], values: list[CellValue]) -> None:
    """Pad with blanks what was as long (or as wide) as another argument before it was cut."""
    sizes = [(one.rows, one.columns) if isinstance(one, Cut) else _size(value)
             for one, value in zip(arguments, values, strict=True)]
    tallest: dict[int, int] = {}
    widest: dict[int, int] = {}
    for (rows, columns), value in zip(sizes, values, strict=True):
        height, width = _size(value)
        tallest[rows] = max(tallest.get(rows, 0), height)
        widest[columns] = max(widest.get(columns, 0), width)
    for index, ((rows, columns), value) in enumerate(zip(sizes, values, strict=True)):
        if isinstance(value, list):
            height, width = tallest[rows], widest[columns]
            padded = [[*row, *[None] * (width - len(row))] for row in value]
            values[index] = padded + [[None] * width for _ in range(height - len(padded))]


def _size(value: CellValue) -> tuple[int, int]:
    return (len(value), len(value[0]) if value else 0) if isinstance(value, list) else (1, 1)
