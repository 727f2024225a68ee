"""Defined names of the workbook part: ranges by name, print areas, filter ranges, chart names."""

from __future__ import annotations

import re
from functools import partial

from xlkpi.workbook.cover_print import Lowest, fit_print_area, nothing
from xlkpi.workbook.cover_xml import Edits, find, may_follow
from xlkpi.workbook.markup import Element, tree
from xlkpi.workbook.refs import Nature, Resize, fit_formula, fit_list

_AREA_NAMES = ("_xlnm._FilterDatabase", "_xlnm.Criteria", "_xlnm.Extract")
_NAMES = re.compile(rb"<((?:[\w.\-]+:)?)definedNames[\s>].*?</\1definedNames\s*>", re.DOTALL)


def names_of(workbook: bytes) -> list[Element]:
    """The elements of all defined names."""
    match = _NAMES.search(workbook)
    return list(find(tree(workbook, *match.span()), "definedName")) if match else []


def fit_names(workbook: bytes, *resizes: Resize, lowest: Lowest = nothing) -> bytes:
    """The workbook part with its defined names following the resizes.

    A name is relative to the cell that uses it, so only rows with ``$`` mean the table. One cell of a one-row
    table stays one cell, except in the names that are areas by nature. ``lowest`` is for the print areas.
    """
    if not any(may_follow(workbook, resize, named=True) for resize in resizes):
        return workbook
    edits = Edits(workbook)
    for element in names_of(workbook):
        raw = workbook[element.inner:element.close]
        following = [resize for resize in resizes if may_follow(raw, resize, named=True)]
        if not following:
            continue
        text, name = element.text(workbook), element.attrs.get("name")
        if name == "_xlnm.Print_Area":
            text = fit_print_area(text, resizes, lowest)
        else:
            nature = Nature.RANGE if name in _AREA_NAMES else Nature.ROWWISE
            for resize in following:
                text = fit_list(text, resize, partial(fit_formula, resize=resize, sheet=None, nature=nature))
        edits.set_text(element, text)
    return edits.apply()
