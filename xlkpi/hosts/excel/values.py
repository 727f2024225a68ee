"""Values as COM delivers them ↔ cell values.

pywin32 hands over a VARIANT as Python: an empty cell is None, an error an ``int`` (its HRESULT; a number in a
cell is never an ``int``), a date a datetime with a time zone that means nothing, currency a Decimal, a block of
cells a tuple of rows, and one row of an array constant a flat tuple.

An error goes out as a text of its own, U+E000 and the code: a UDF cannot return an error value through COM, so
the VBA wrapper makes one of it (``CVErr``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from xlkpi.cells import EPOCH_1900, CellValue, Scalar
from xlkpi.errors import ERROR_NUMBERS, CellError

MARK = "\ue000"

# COM delivers 0x800A0000 + the number of the error as a signed 32-bit integer
ERROR_BASE = 0x800A0000 - 2**32
MISSING = -2147352572  # DISP_E_PARAMNOTFOUND: the argument was left out
_CODES = {ERROR_BASE + number: code for code, number in ERROR_NUMBERS.items()}
_FIRST_DAY = datetime(1900, 3, 1)  # before it a date in a cell is a time of day or a duration


def from_com(value: Any) -> CellValue:
    """A cell value, or rows of them, of what COM delivered."""
    if isinstance(value, (list, tuple)):
        rows = value if value and isinstance(value[0], (list, tuple)) else [value]
        return [[_cell(one) for one in row] for row in rows]
    return _cell(value)


def _cell(value: Any) -> Scalar:
    if value is None or isinstance(value, (float, str, bool, CellError)):
        return value
    if isinstance(value, int):
        if value == MISSING:
            return None
        if ERROR_BASE <= value < ERROR_BASE + 0x10000:
            return CellError(_CODES.get(value, "#UNKNOWN!"))
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second,
                          value.microsecond)
        return moment if moment >= _FIRST_DAY else (moment - EPOCH_1900) / timedelta(days=1)
    return str(value)


def to_com(value: Scalar) -> Any:
    """What COM takes of a cell value: an error becomes its marked text, and no other text begins like one."""
    if isinstance(value, CellError):
        return MARK + value.code
    return value.lstrip(MARK) if isinstance(value, str) else value
