"""What a worksheet part says about its table besides the cells: formats, validations, protection.

These elements stand after ``sheetData``; only that tail is parsed, however many cells come before.
"""

from __future__ import annotations

from xlkpi.workbook.cover_cells import cells_end, fit_cells, sheet_prefix
from xlkpi.workbook.cover_links import Lost, fit_links
from xlkpi.workbook.cover_sparklines import fit_sparklines
from xlkpi.workbook.cover_xml import Edits, find, may_follow, may_name, walk
from xlkpi.workbook.markup import Element, tree
from xlkpi.workbook.refs import Nature, Resize, fit_formula, fit_sqref, parse_area

_RULES = ("conditionalFormatting", "dataValidation")
_FORMULAS = ("formula", "formula1", "formula2", "f")
_LISTS = ("protectedRange", "ignoredError")


def fit_sheet(data: bytes, sheet: str, resize: Resize, lost: list[Lost] | None = None) -> bytes:
    """A worksheet part whose formulas, formats, validations and sparklines follow the resize.

    On the table's own sheet the rows of the table, and the totals row, already stand in their new places.
    What goes with its row, or loses what it points to, is added to ``lost``.
    """
    home = sheet.casefold() == resize.sheet.casefold()
    prefix = sheet_prefix(data)
    if prefix is None or resize.old_last_row == resize.new_last_row or not (home or may_name(data, resize.sheet)):
        return data
    edits = Edits(data)
    fit_cells(data, sheet, resize, edits)
    tail = _tail(data, prefix, resize, home)
    if tail:
        lost = [] if lost is None else lost
        fit_rules(tail, sheet, resize, edits)
        fit_links(tail, sheet, resize, edits, lost)
        fit_sparklines(tail, sheet, resize, edits, lost)
    return edits.apply()


def _tail(data: bytes, prefix: bytes, resize: Resize, home: bool) -> Element | None:
    """The tree of everything after the cells, or ``None`` when it holds nothing that could follow."""
    start = cells_end(data, prefix)
    tail = data[start:]
    shrinks = resize.new_last_row < resize.old_last_row
    if may_follow(tail, resize, named=not home) or (home and b":sparkline" in tail) or (
            shrinks and b"location" in tail and (home or may_name(tail, resize.sheet))):
        return tree(data, start)
    return None


def fit_rules(tail: Element, sheet: str, resize: Resize, edits: Edits) -> None:
    """Conditional formats, validations, protected ranges, in the sheet and in its extension list; ActiveX controls."""
    home = sheet.casefold() == resize.sheet.casefold()
    for element in find(tail, *_RULES, *_LISTS):
        holder = element.one("sqref")
        sqref = holder.text(edits.data) if holder else element.attrs.get("sqref", "")
        if home:
            new = fit_sqref(sqref, resize)
            if new != sqref and holder:
                edits.set_text(holder, new)
            elif new != sqref:
                edits.set_attribute(element, "sqref", new)
        if element.local in _RULES:
            nature, in_rows = _stand(sqref, resize, home)
            for part in walk(element):
                if part.local in _FORMULAS and not part.children:
                    edits.set_text(part, fit_formula(part.text(edits.data), resize, sheet, nature, in_rows))
                elif part.local == "cfvo" and "val" in part.attrs:
                    edits.set_attribute(part, "val", fit_formula(part.attrs["val"], resize, sheet, nature, in_rows))
    for control in find(tail, "controlPr"):
        for name, nature in (("linkedCell", Nature.CELL), ("listFillRange", Nature.RANGE)):
            if name in control.attrs:
                edits.set_attribute(control, name, fit_formula(control.attrs[name], resize, sheet, nature))


def _stand(sqref: str, resize: Resize, home: bool) -> tuple[Nature, bool]:
    """A rule for several rows is repeated down them, so that rows without ``$`` travel with each cell."""
    areas = [area for area in map(parse_area, sqref.split()) if area]
    in_rows = home and any(area.first_row <= resize.old_last_row and area.last_row >= resize.first_row
                           for area in areas)
    inside = in_rows and any(area.first_col <= resize.last_col and area.last_col >= resize.first_col
                             for area in areas)
    tall = len({row for area in areas for row in (area.first_row, area.last_row)}) != 1
    return (Nature.ROWWISE if tall or inside else Nature.CELL), in_rows
