"""Defined names of the workbook part: ranges by name, print areas, filter ranges, chart names."""

from __future__ import annotations

import re

from xlkpi.workbook.cover_xml import Edits, find, may_name
from xlkpi.workbook.markup import Element, tree
from xlkpi.workbook.refs import Nature, Resize, fit_formula

_AREA_NAMES = ("_xlnm.Print_Area", "_xlnm._FilterDatabase", "_xlnm.Criteria", "_xlnm.Extract")
_NAMES = re.compile(rb"<((?:[\w.\-]+:)?)definedNames[\s>].*?</\1definedNames\s*>", re.DOTALL)


def names_of(workbook: bytes) -> list[Element]:
    """The elements of all defined names."""
    match = _NAMES.search(workbook)
    return list(find(tree(workbook, *match.span()), "definedName")) if match else []


def fit_names(workbook: bytes, resize: Resize) -> bytes:
    """The workbook part with its defined names following the resize.

    A name is relative to the cell that uses it, so only rows with ``$`` mean the table. One cell of a one-row
    table stays one cell, except in the names that are areas by nature.
    """
    if not may_name(workbook, resize.sheet):
        return workbook
    edits = Edits(workbook)
    for element in names_of(workbook):
        nature = Nature.RANGE if element.attrs.get("name") in _AREA_NAMES else Nature.ROWWISE
        edits.set_text(element, fit_formula(element.text(workbook), resize, None, nature))
    return edits.apply()
