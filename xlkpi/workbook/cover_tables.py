"""The formulas a table part keeps for its columns and its totals row."""

from __future__ import annotations

from xlkpi.workbook.cover_xml import Edits, find, may_follow
from xlkpi.workbook.markup import document
from xlkpi.workbook.refs import Nature, Resize, fit_formula


def fit_table(data: bytes, sheet: str, resize: Resize) -> bytes:
    """A table part, this table's own or another's, with its column and totals formulas following the resize.

    A column's formula is what Excel, and the next refill, writes into new rows: it must not stay behind the cells.
    """
    if b"calculatedColumnFormula" not in data and b"totalsRowFormula" not in data:
        return data
    if not may_follow(data, resize, named=sheet.casefold() != resize.sheet.casefold()):
        return data
    root, edits = document(data), Edits(data)
    own = (root.attrs.get("name") or root.attrs.get("displayName") or "").casefold() == resize.table.casefold()
    for element in find(root, "calculatedColumnFormula"):
        text = element.text(data)
        edits.set_text(element, fit_formula(text, resize, sheet, Nature.ROWWISE, own))
    for element in find(root, "totalsRowFormula"):
        edits.set_text(element, fit_formula(element.text(data), resize, sheet))
    return edits.apply()
