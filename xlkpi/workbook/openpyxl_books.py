"""openpyxl workbooks given instead of a file: taken as they would be saved, filled in place.

openpyxl is imported only when a workbook of its is really there.
"""

from __future__ import annotations

import io
import sys
from copy import copy
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


def is_workbook(source: object) -> TypeGuard[Workbook]:
    """Is this an openpyxl workbook?"""
    module = sys.modules.get("openpyxl.workbook.workbook")
    return module is not None and isinstance(source, module.Workbook)


def as_bytes(workbook: Workbook) -> bytes:
    """The workbook as openpyxl would save it."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def copy_back(filled: bytes, workbook: Workbook) -> None:
    """Bring what was filled into ``workbook``: cells, tables, what covers them. Its sheets stay the same objects."""
    import openpyxl

    new = openpyxl.load_workbook(io.BytesIO(filled), keep_vba=workbook.vba_archive is not None)
    for own in workbook.worksheets:
        _copy_sheet(new[own.title], own)
    for name, defined in new.defined_names.items():
        workbook.defined_names[name] = defined


def _copy_sheet(new: Any, own: Any) -> None:
    for place in {*new._cells, *own._cells}:
        fresh, known = new._cells.get(place), own._cells.get(place)
        if fresh is None:
            del own._cells[place]
            continue
        if known is None:
            known = own.cell(*place)
            _copy_style(own, place, known)
        if not _same(known.value, fresh.value) or known.data_type != fresh.data_type:
            known.value = fresh.value
            known.data_type = fresh.data_type
    for table in new.tables.values():
        known = own.tables[table.displayName]
        known.ref, known.autoFilter, known.sortState = table.ref, table.autoFilter, table.sortState
    own.conditional_formatting = new.conditional_formatting
    own.data_validations = new.data_validations
    own.auto_filter.ref = new.auto_filter.ref
    if new.print_area:
        own.print_area = new.print_area
    for number, dimension in new.row_dimensions.items():
        if number in own.row_dimensions:
            own.row_dimensions[number].hidden = dimension.hidden
    for fresh_chart, chart in zip(new._charts, own._charts, strict=False):
        _copy_refs(fresh_chart, chart)


def _copy_style(sheet: Any, place: tuple[int, int], cell: Any) -> None:
    """A new cell of a table looks like the first data row's."""
    from openpyxl.worksheet.cell_range import CellRange

    for table in sheet.tables.values():
        area = CellRange(table.ref)
        first = area.min_row + (table.headerRowCount if table.headerRowCount is not None else 1)
        if area.min_col <= place[1] <= area.max_col and first <= place[0] and (first, place[1]) in sheet._cells:
            cell._style = copy(sheet._cells[first, place[1]]._style)


def _copy_refs(new: Any, own: Any) -> None:
    """The ranges of a chart's series."""
    for fresh, series in zip(new.series, own.series, strict=False):
        for part in ("val", "cat", "xVal", "yVal", "bubbleSize", "tx"):
            for kind in ("numRef", "strRef", "multiLvlStrRef"):
                source = getattr(getattr(fresh, part, None), kind, None)
                target = getattr(getattr(series, part, None), kind, None)
                if source is not None and target is not None:
                    target.f = source.f


def _same(one: Any, other: Any) -> bool:
    """Equal values; array formulas are equal when all that describes them is."""
    if type(one) is not type(other):
        return False
    return bool(one == other) or (hasattr(one, "__dict__") and vars(one) == vars(other))
