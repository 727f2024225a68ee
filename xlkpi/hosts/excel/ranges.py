"""xlwings' conversion of arguments and results, replaced by one that loses nothing.

xlwings' own reads blanks and errors alike as None and knows seven error codes. This one hands on raw values
(:mod:`xlkpi.hosts.excel.values` makes cell values of them) and reads a whole column only as far as the sheet is
used. It is imported where COM is there.
"""

from __future__ import annotations

from typing import Any

import pywintypes
from xlwings.conversion import Accessor, Pipeline

from xlkpi.errors import KpiError
from xlkpi.hosts.sizes import Cut

MANY = 100_000  # cells


class SeveralAreas(KpiError):
    zh = "一个参数里有 {count} 块区域；请只选一块连续的区域"
    en = "one argument holds {count} separate areas; select one block of cells"


class NotReadable(KpiError):
    zh = "Excel 没有交出单元格的值（{reason}）；请重新计算（F9）"
    en = "Excel did not hand over the values of the cells ({reason}); calculate again (F9)"


class RawCells(Accessor):  # type: ignore[misc]
    """Raw values in, raw values out."""

    @classmethod
    def reader(cls, options: dict[str, Any]) -> Any:
        return Pipeline().append_stage(_read)

    @classmethod
    def writer(cls, options: dict[str, Any]) -> Any:
        return Pipeline()


def _read(context: Any) -> None:
    if context.range is not None:
        try:
            context.value = _values(context.range)
        except (pywintypes.com_error, AttributeError) as error:  # the latter is what pywin32 makes of a busy Excel
            context.value = NotReadable(reason=error).as_cell()


def _values(area: Any) -> Any:
    """The values of a range; of a large one only those that the sheet uses."""
    rows, columns = area.shape
    if area.api.CountLarge != rows * columns:  # the shape is that of the first block
        return SeveralAreas(count=area.api.Areas.Count).as_cell()
    if rows * columns <= MANY:
        return area.raw_value
    used = area.sheet.used_range
    height = max(1, min(rows, used.row + used.shape[0] - area.row))
    width = max(1, min(columns, used.column + used.shape[1] - area.column))
    return Cut(area.resize(height, width).raw_value, rows, columns)
