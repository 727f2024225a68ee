"""Pivot caches that are filled from a table: the range follows it, and Excel refreshes the cache on opening."""

from __future__ import annotations

from xlkpi.workbook.cover_xml import Edits, find, may_name
from xlkpi.workbook.markup import document
from xlkpi.workbook.refs import Nature, Resize, fitted, parse_area


def fit_pivot_cache(data: bytes, resize: Resize, names: frozenset[str] = frozenset()) -> bytes:
    """A pivot cache definition; other sources than this table, or an area that touches it, stay as they are.

    The source is the table by name, the table as an area (which follows it), or an area that shares cells
    with it (which stays, yet is to be refreshed because its cells were filled anew). ``names`` are defined
    names, in lower case, that mean cells of the table.
    """
    if not any(may_name(data, name) for name in (resize.table, resize.sheet, *names)):
        return data
    root, edits = document(data), Edits(data)
    for source in find(root, "worksheetSource"):
        if source.get("id"):
            continue  # another workbook
        name = (source.attrs.get("name") or "").casefold()
        if name and (name == resize.table.casefold() or name in names):
            edits.set_attribute(root, "refreshOnLoad", "1")
            continue
        area = parse_area(source.attrs.get("ref") or "")
        if area is None or (source.attrs.get("sheet") or "").casefold() != resize.sheet.casefold():
            continue
        new = fitted(area, resize, Nature.RANGE)
        if new:
            edits.set_attribute(source, "ref", new.text())
        bottom = max(resize.old_last_row, resize.new_last_row) + resize.totals
        if new or (area.first_col <= resize.last_col and area.last_col >= resize.first_col
                   and area.first_row <= bottom and area.last_row >= resize.first_row - resize.header):
            edits.set_attribute(root, "refreshOnLoad", "1")
    return edits.apply()
