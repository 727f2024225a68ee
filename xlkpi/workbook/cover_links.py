"""Hyperlinks within the workbook: those to the body or the totals row follow, those to rows that are no more tell."""

from __future__ import annotations

from typing import NamedTuple

from xlkpi.workbook.cover_xml import Edits, find
from xlkpi.workbook.markup import Element
from xlkpi.workbook.refs import Resize, fit_formula, parse_ref


class Lost(NamedTuple):
    """Something at ``cell`` that went with its row (no ``target``), or whose target did."""

    cell: str
    target: str = ""


def fit_links(tail: Element, sheet: str, resize: Resize, edits: Edits, lost: list[Lost]) -> None:
    """Collect the edits of the hyperlinks of a sheet."""
    for link in find(tail, "hyperlink"):
        location = link.attrs.get("location", "")
        new = fit_formula(location, resize, sheet)
        if new != location:
            edits.set_attribute(link, "location", new)
        elif _gone(location, sheet, resize):
            lost.append(Lost(link.attrs.get("ref", ""), location))


def _gone(location: str, sheet: str, resize: Resize) -> bool:
    """Whether all the place lies in rows that the table gave up."""
    ref = parse_ref(location)
    if ref is None or (ref.sheet if ref.sheet is not None else sheet).casefold() != resize.sheet.casefold():
        return False
    area, after, bottom = ref.area, resize.new_last_row + resize.totals, resize.old_last_row + resize.totals
    return resize.first_col <= area.first_col <= area.last_col <= resize.last_col \
        and after < area.first_row and area.last_row <= bottom
