"""Data frames and query results as grids: names in the first row, plain Python values below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from xlkpi.errors import Where
from xlkpi.platforms import problems as found
from xlkpi.platforms.files import Grid, RawFile

CHINA = timezone(timedelta(hours=8))


def frame_grid(frame: Any, name: str | None) -> RawFile:
    """A data frame as a grid with its column names for a header; row 1 is its first row."""
    import narwhals as nw

    raw = RawFile(name, kind="frame")
    if isinstance(frame, pd.DataFrame):  # apart, because its column names may be doubled
        names, columns = list(frame.columns), [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
    else:
        try:
            native = nw.from_native(frame)
        except TypeError:
            raw.problems.append(found.NotATable(Where(file=name), what=type(frame).__name__))
            return raw
        table = native.collect() if isinstance(native, nw.LazyFrame) else native
        names, columns = list(table.columns), [table[column].to_list() for column in table.columns]
    cells = [[plain_cell(cell) for cell in column] for column in columns]
    raw.grids = [Grid([[str(column) for column in names], *(list(row) for row in zip(*cells, strict=True))])]
    return raw


def rows_grid(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Grid:
    """The answer to a query as a grid."""
    return Grid([list(names), *([plain_cell(cell) for cell in row] for row in rows)])


def plain_cell(cell: Any) -> Any:
    """A value as a cell holds it: no library's own types, times with a zone said in China's."""
    if cell is None or isinstance(cell, (str, bool, int)):
        return cell
    if cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, datetime):
        moment = cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell
        return moment.astimezone(CHINA).replace(tzinfo=None) if moment.tzinfo else moment
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() and cell.is_finite() else float(cell)
    if isinstance(cell, (bytes, bytearray, memoryview)):
        return bytes(cell).decode("utf-8", "replace")
    if isinstance(cell, UUID):
        return str(cell)
    return cell.item() if hasattr(cell, "item") else cell
