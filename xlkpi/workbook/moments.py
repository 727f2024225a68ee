"""A data frame's column of dates, turned into serial numbers all at once.

The moments are whole microseconds as Python integers, so that each serial number is the same as
:func:`xlkpi.cells.to_serial` gives for the moment, down to the last bit; what is finer than a
microsecond is cut off, as :class:`datetime.datetime` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import narwhals as nw

from xlkpi.cells import EPOCH_1900, EPOCH_1904

_DAY = 86_400_000_000
_LONGEST = 2_958_466 * _DAY  # the day after the last one that a calendar of four digits has
_MISSING = -2**63  # how NumPy keeps NaT
_UNITS = {"D": _DAY, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}


@dataclass(slots=True)
class Moments:
    """Microseconds since 1970 on the clock of the column's own time zone, None where there is no date.
    ``values`` gives the same column as Python values."""

    microseconds: list[int | None]
    values: Callable[[], list[Any]]

    def serials(self, date1904: bool) -> list[float | int | None] | None:
        """The serial numbers, whole ones as integers; None when some moment lies outside the calendar."""
        shift = (datetime(1970, 1, 1) - (EPOCH_1904 if date1904 else EPOCH_1900)) // timedelta(microseconds=1)
        known = [moment for moment in self.microseconds if moment is not None]
        first, last = min(known, default=0) + shift, max(known, default=0) + shift
        if last >= _LONGEST:
            return None
        found = [None if moment is None else (moment + shift) / _DAY for moment in self.microseconds]
        if not date1904 and first < 61 * _DAY:  # Excel counts a 29 February 1900 that never was
            found = [serial - 1 if serial is not None and serial < 61 else serial for serial in found]
            first -= _DAY
        if known and first < 0:
            return None
        return [int(serial) if serial is not None and serial.is_integer() else serial for serial in found]


def moments_of(series: nw.Series[Any]) -> Moments | None:
    """The moments of a column of dates; None for any other column."""
    kind = series.dtype
    if not isinstance(kind, (nw.Datetime, nw.Date)):
        return None
    local = series.dt.replace_time_zone(None) if isinstance(kind, nw.Datetime) and kind.time_zone else series
    array: Any = local.to_numpy()
    if array.dtype.kind != "M":
        return None
    import numpy as np

    unit, step = np.datetime_data(array.dtype)
    raw: list[int] = array.astype("int64").tolist()
    if unit == "ns" and step == 1:
        return Moments([None if tick == _MISSING else tick // 1000 for tick in raw], series.to_list)
    if unit not in _UNITS:
        return None
    factor = _UNITS[unit] * step
    return Moments([None if tick == _MISSING else tick * factor for tick in raw], series.to_list)
