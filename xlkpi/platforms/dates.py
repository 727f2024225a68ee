"""Dates and durations as platforms write them, beyond what any cell may hold.

``09/05/2026`` is two days at once: it is read only where the platform's layout declares the order.
Month names are English whatever the locale, because the exports that use them are.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from xlkpi.cells import read_date
from xlkpi.platforms.layout import Order

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?)?"
_NAMED = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})" + _CLOCK)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)[ T]?(\d\d):?(\d\d)(?::?(\d\d))?")
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)")
_SPAN = re.compile(r"(?:(\d{1,5}):)?(\d{1,5}):(\d{2}(?:\.\d+)?)")


def read_moment(text: str, order: Order = "") -> datetime | None:
    """The date a text spells; years stand first unless ``order`` says what a year-last date means.

    >>> read_moment("Sep 29, 2025")
    datetime.datetime(2025, 9, 29, 0, 0)
    >>> read_moment("09/15/2026 18:00", "mdy")
    datetime.datetime(2026, 9, 15, 18, 0)
    >>> read_moment("09/15/2026")
    >>> read_moment("2026-04-03T13:26:39Z")  # said in China, as everything
    datetime.datetime(2026, 4, 3, 21, 26, 39)
    """
    if match := _NAMED.fullmatch(text):
        name, day, year, *clock = match.groups()
        number = MONTHS.index(name.casefold()) + 1 if name.casefold() in MONTHS else 0
        return _moment(int(year), number, int(day), clock)
    if order and (match := _YEAR_LAST.fullmatch(text)):
        first, second, year, *clock = match.groups()
        month, day = (first, second) if order == "mdy" else (second, first)
        return _moment(int(year), int(month), int(day), clock)
    if match := _COMPACT.fullmatch(text):
        year, month, day, *clock = match.groups()
        return _moment(int(year), int(month), int(day), clock)
    if _ZONED.fullmatch(text):
        return _in_china(text)
    return read_date(text)


def _in_china(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        offset = moment.utcoffset() or timedelta()
        return moment.replace(tzinfo=None, microsecond=0) - offset + timedelta(hours=8)
    except (ValueError, OverflowError):
        return None


def _moment(year: int, month: int, day: int, clock: list[str | None]) -> datetime | None:
    try:
        hour, minute, second = (int(part or 0) for part in clock)
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def read_seconds(text: str) -> float | None:
    """Seconds of ``1:35``, ``0:01:35`` and ``12:01:35``; None where the text is no such span.

    >>> read_seconds("0:01:35")
    95.0
    """
    match = _SPAN.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds = float(match[1] or 0), float(match[2]), float(match[3])
    if seconds >= 60 or (match[1] and minutes >= 60):
        return None
    return hours * 3600 + minutes * 60 + seconds
