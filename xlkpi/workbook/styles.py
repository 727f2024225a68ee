"""What the styles of a workbook say about values: is this a date, a text, a number?"""

from __future__ import annotations

import re
from typing import Literal

from xlkpi.workbook.package import Package

Kind = Literal["general", "number", "date", "text"]

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_VALUE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def format_kind(code: str) -> Kind:
    """What values a number format is meant for."""
    first = _NO_VALUE.sub("", code).split(";")[0].strip()
    if first == "@":
        return "text"
    if first.casefold() in ("", "general", "g/通用格式"):
        return "general"
    if re.search(r"[ymdhs]", first, re.IGNORECASE) and not re.search(r"[0#?](?![^\[]*\])", first.split(".")[0]):
        return "date"
    return "number"


class Styles:
    """Cell formats by index."""

    def __init__(self, package: Package, workbook: str) -> None:
        self._formats: list[int] = []
        self._codes: dict[int, str] = {}
        found = package.related(workbook, "styles")
        if not found:
            return
        root = package.tree(found[0])
        for formats in root.all("numFmts"):
            for element in formats.all("numFmt"):
                self._codes[int(element.get("numFmtId") or 0)] = element.get("formatCode") or ""
        for cells in root.all("cellXfs"):
            self._formats = [int(element.get("numFmtId") or 0) for element in cells.all("xf")]

    def kind(self, style: int) -> Kind:
        """``date``, ``text``, ``number`` or ``general`` for the cell format ``style``."""
        number = self._formats[style] if 0 <= style < len(self._formats) else 0
        if number in self._codes:
            return format_kind(self._codes[number])
        if number in _BUILT_IN_DATES:
            return "date"
        return "general" if number == 0 else "text" if number == 49 else "number"
