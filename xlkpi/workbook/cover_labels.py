"""Values of cells as the points of a chart's cache: numbers as stored, labels as they are shown.

The cache of a text reference holds what the cells *show*. The number format of a cell is not known
here, so a number is shown the way the label that stood there before was: as a percentage, with
separators, as a date. Without such an example it is shown plainly.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from xlkpi.cells import from_serial, to_serial
from xlkpi.errors import CellError

_PERCENT = re.compile(r"-?[\d,]+(?:\.(\d+))?%")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.(\d+))?")
_DECIMAL = re.compile(r"-?\d+(?:\.(\d+))?")
_DATE = re.compile(r"\d{4}([-/.年])(\d{1,2})([-/.月])(\d{1,2})(日?)")


def number(value: object) -> float | int | None:
    """The number a series draws for a cell; text, errors and blanks are no point."""
    if isinstance(value, (bool, int, float)):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, (date, datetime, time, timedelta)):
        return to_serial(value)
    return None


def plain(value: float | int) -> str:
    """A number in the shortest form that reads back equal, whole numbers without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return repr(value).replace("e", "E") if isinstance(value, float) else str(value)


def label(value: object, example: str = "", date1904: bool = False) -> str | None:
    """The text a cell shows, in the manner of ``example``; ``None`` for a blank."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    shown = number(value)
    return str(value) if shown is None else _like(shown, example, date1904)


def _like(value: float | int, example: str, date1904: bool) -> str:
    if match := _PERCENT.fullmatch(example):
        return _fixed(value * 100, match[1], "," in example) + "%"
    if match := _GROUPED.fullmatch(example):
        return _fixed(value, match[1], True)
    if (match := _DECIMAL.fullmatch(example)) and match[1]:
        fixed = _fixed(value, match[1], False)
        return fixed if fixed == example or match[1].endswith("0") else plain(value)
    if (match := _DATE.fullmatch(example)) and 0 < value < 2_958_466:
        day = from_serial(value, date1904)
        two = len(match[2]) == len(match[4]) == 2 and (match[1] == "-" or "0" in (match[2][0], match[4][0]))
        width = 2 if two else 1
        return f"{day.year}{match[1]}{day.month:0{width}}{match[3]}{day.day:0{width}}{match[5]}"
    return plain(value)


def _fixed(value: float, decimals: str | None, grouped: bool) -> str:
    return f"{value:{',' if grouped else ''}.{len(decimals or '')}f}"
