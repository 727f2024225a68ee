"""Raw cells of one column → typed values. Each different cell is read once, whatever the number of rows."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from xlkpi import cells
from xlkpi.errors import CellError, Problem
from xlkpi.platforms import problems as found
from xlkpi.platforms.dates import read_moment, read_seconds
from xlkpi.platforms.files import UNCALCULATED
from xlkpi.platforms.layout import Column

LOST_FROM = 1e15
FIRST_SERIAL, LAST_SERIAL = 36526.0, 73051.0  # 2000-01-01 … 2100-01-01: a bare number outside is no date
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
_DIGITS = frozenset("0123456789.-\n")
_MOMENTS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be taken as it stands: the problem class and its facts."""

    problem: type[Problem]
    facts: dict[str, Any] = field(default_factory=dict)
    value: Any = None  # what is used all the same, for a warning


@dataclass
class Typed:
    """A column as read: its values and the faults by raw cell value."""

    values: Any  # a list, or an array of numbers or moments
    faults: list[tuple[int, Fault]]
    notes: list[Fault]


def key_of(cell: Any) -> Any:
    """A cell as a dictionary key: ticks become words, so that TRUE and 1 are two things."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell


def read_cells(raw: Sequence[Any], column: Column) -> Typed:
    """All cells of a column, typed as ``column`` declares."""
    types = set(map(type, raw))
    mixed = bool(types - {str})
    fast = _read_typed(raw, column, types) if mixed else _read_texts(raw, column)
    if fast is not None:
        return Typed(fast, [], [])
    keys = [key_of(cell) for cell in raw] if mixed else raw
    reader = _READERS[column.kind]
    table = {cell: reader(cell, column) for cell in set(keys)}
    bad = {cell: value for cell, value in table.items() if isinstance(value, Fault)}
    faults: list[tuple[int, Fault]] = []
    if bad:
        faults = [(row, bad[cell]) for row, cell in enumerate(keys) if cell in bad]
        table.update((cell, fault.value) for cell, fault in bad.items())
    return Typed([table[cell] for cell in keys], faults, _notes(table, column))


def _read_texts(raw: Sequence[str], column: Column) -> Any:
    """A column of plain texts read at once, or None where any cell wants a closer look.

    The values are the same as cell by cell: Python's own float and numpy's ISO dates do the reading.
    """
    if column.kind == "text":
        if column.choices or any("\r" in cell for cell in raw):
            return None
        return [cell if cell and not cell.isspace() and cell.strip() not in column.missing else None for cell in raw]
    whole = "\n".join(raw)
    if column.kind in ("time", "day"):
        if column.kind == "day" or not _MOMENTS.fullmatch(whole):
            return None
        try:
            return np.array(raw, dtype="datetime64[us]")
        except ValueError:
            return None
    if column.signed or not _DIGITS.issuperset(set(whole)):
        return None
    return _checked(_floats(raw, {"-", ""}.intersection(column.missing)), column)


def _read_typed(raw: Sequence[Any], column: Column, types: set[type]) -> Any:
    """A column of numbers, or of moments, read at once; None where any cell wants a closer look."""
    if column.kind in ("time", "day"):
        moments = np.array(raw, dtype="datetime64[us]") if types <= {datetime, date} else None
        whole = moments is None or column.kind == "time" or (moments == moments.astype("datetime64[D]")).all()
        return moments if whole else None
    if column.kind == "text" or not types <= {float, int, str}:
        return None
    marks = {"-", ""}.intersection(column.missing)
    if not marks.issuperset({cell for cell in raw if isinstance(cell, str)} if str in types else ()):
        return None
    values = [math.nan if isinstance(cell, str) else cell for cell in raw] if str in types else raw
    return _checked(np.array(values, dtype="float64"), column)


def _checked(values: np.ndarray[Any, Any] | None, column: Column) -> Any:
    """The numbers, if nothing about any of them wants to be said."""
    if values is None or column.points or any(_PLAIN.fullmatch(mark) for mark in column.missing):
        return None
    known = values[~np.isnan(values)]
    most = min((bound for bound in (column.most, column.usual_most) if bound is not None), default=None)
    if known.size and (np.isinf(known).any() or (column.least is not None and known.min() < column.least)
                       or (most is not None and known.max() > most)
                       or (column.kind == "count" and not (known == np.floor(known)).all())):
        return None
    return values


def _floats(raw: Sequence[str], marks: set[str]) -> np.ndarray[Any, Any] | None:
    try:
        return np.array(list(map(float, raw)), dtype="float64")
    except ValueError:  # most likely a mark for missing
        try:
            return np.array([math.nan if cell in marks else float(cell) for cell in raw], dtype="float64")
        except ValueError:
            return None


def as_series(values: Any, column: Column) -> pd.Series[Any]:
    """Typed values as a pandas column: float64 with NaN, datetime64 with NaT, or objects with None."""
    if column.kind == "text":
        return pd.Series(values, dtype=object)
    if column.kind in ("time", "day"):
        return pd.Series(np.array(values, dtype="datetime64[us]"))
    return pd.Series(np.array(values, dtype="float64"))


# ---------------------------------------------------------------- one cell


def _text(cell: Any, column: Column) -> Any:
    if isinstance(cell, str):
        if cell.strip() in column.missing or not cell.strip():
            return None
        if column.choices and cell.strip() not in column.choices:
            return Fault(found.NotAChoice, {"value": show(cell), "choices": "、".join(column.choices)})
        return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    if isinstance(cell, CellError):
        return _error(cell)
    if isinstance(cell, float) and abs(cell) >= LOST_FROM:
        return Fault(found.LostDigits, {"value": f"{cell:.0f}"})
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return cells.as_text(cell)


def _error(cell: CellError) -> Fault:
    return Fault(found.NotCalculated) if cell == UNCALCULATED else Fault(found.ErrorCell, {"value": cell.code})


def _number(cell: Any, column: Column) -> Any:
    number, percent = None, False
    if isinstance(cell, str):
        if _PLAIN.fullmatch(cell):
            number = float(cell)
            if cell in column.missing:
                return None
        else:
            word = unicodedata.normalize("NFKC", cell).replace("\u2212", "-").strip()
            if word in column.missing:
                return None
            for suffix in column.suffixes:
                word = word.removesuffix(suffix)
            if column.kind in ("count", "number") and word[:1].isdigit():
                word = word.removesuffix("+")  # 10万+: at least that many, which a note says
            percent = word.endswith("%")
            number = read_seconds(word) if column.kind == "duration" and ":" in word else cells.read_number(word)
    elif cells.is_blank(cell):
        return None
    elif isinstance(cell, CellError):
        return _error(cell)
    elif column.kind == "duration" and isinstance(cell, (time, timedelta)):
        number = cells.to_serial(cell) * 86_400
    elif isinstance(cell, (int, float)):
        number = float(cell)
        if f"{number:g}" in column.missing:
            return None
    if column.signed and number and not percent and isinstance(cell, str):
        return Fault(found.NoPercentSign, {"value": show(cell)})
    if number is None or not math.isfinite(number):
        return Fault(found.NotANumber, {"value": show(cell)})
    return _judge(number, percent, cell, column)


def _judge(number: float, percent: bool, cell: Any, column: Column) -> Any:
    if column.kind == "rate" and column.points and not percent:
        number = float(f"{number / 100:.15g}")
    elif column.kind == "rate" and not percent and column.most is not None and number > column.most:
        return Fault(found.WrongScale, {"value": show(cell)})
    elif column.kind == "count" and percent:
        return Fault(found.NotANumber, {"value": show(cell)})
    if column.kind == "count" and not number.is_integer():
        return Fault(found.NotWhole, {"value": show(cell)})
    if column.least is not None and number < column.least:
        return Fault(found.OutOfRange, {"value": show(cell), "bounds": _bounds(column, percent)})
    if column.most is not None and number > column.most:
        kind = found.UnusualValue if percent else found.OutOfRange
        return Fault(kind, {"value": show(cell), "bounds": _bounds(column, percent)}, number)
    if column.usual_most is not None and number > column.usual_most:
        bounds = f"{_plain(column.least)} – {_plain(column.usual_most)}"
        return Fault(found.UnusualValue, {"value": show(cell), "bounds": bounds}, number)
    return number


def _bounds(column: Column, percent: bool) -> str:
    if column.most is None:
        return f"≥ {_plain(column.least)}"
    if percent:
        return f"{(column.least or 0):.0%} – {column.most:.0%}"
    if column.points:
        return f"{_plain((column.least or 0) * 100)} – {_plain(column.most * 100)}"
    return f"{_plain(column.least)} – {_plain(column.most)}"


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _time(cell: Any, column: Column) -> Any:
    moment = None
    if isinstance(cell, datetime):
        moment = cell
    elif isinstance(cell, date):
        moment = datetime(cell.year, cell.month, cell.day)
    elif isinstance(cell, CellError):
        return _error(cell)
    elif isinstance(cell, str):
        word = unicodedata.normalize("NFKC", cell).strip()
        if word in column.missing:
            return None
        moment = read_moment(" ".join(word.split()), column.order)
        if moment is None and (column.serials or column.unix) and _PLAIN.fullmatch(word):
            moment = _declared(float(word), column)
    elif cells.is_blank(cell):
        return None
    elif isinstance(cell, (int, float)):
        moment = _declared(float(cell), column)
    if moment is None:
        return Fault(found.NotADate, {"value": show(cell)})
    if column.kind == "day" and moment.time() != time():
        return Fault(found.NotADay, {"value": show(cell)})
    return moment


def _declared(number: float, column: Column) -> datetime | None:
    """A number in a date column, read as the column declares it."""
    if not column.unix:
        return _from_number(number)
    seconds = number / 1000 if number >= 1e11 else number
    return datetime(1970, 1, 1) + timedelta(hours=8, seconds=int(seconds)) if 9e8 <= seconds < 4.2e9 else None


def _from_number(number: float) -> datetime | None:
    """A number in a date column: a serial of this century, or a day written 20260403."""
    if FIRST_SERIAL <= number < LAST_SERIAL:
        return cells.from_serial(number)
    return cells.read_date(str(int(number))) if number.is_integer() and 2e7 <= number < 2.1e7 else None


_READERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text, "count": _number, "number": _number, "rate": _number, "share": _number, "time": _time, "day": _time,
    "duration": _number}


def show(cell: Any) -> Any:
    """An offending cell for a message: text cut to a readable length, numbers as they are typed."""
    if isinstance(cell, str):
        return cell if len(cell) <= 60 else cell[:57] + "…"
    if isinstance(cell, (datetime, date, time, timedelta)):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LOST_FROM:
        return int(cell)
    return cell


# ---------------------------------------------------------------- the column as a whole


def _notes(table: dict[Any, Any], column: Column) -> list[Fault]:
    """What is odd about a column taken together: two spellings of a rate, figures rounded to 万."""
    if column.kind in ("text", "time", "day"):
        return []
    notes = []
    words = [cell for cell, value in table.items() if isinstance(cell, str) and value is not None]
    if column.kind in ("rate", "share") and not column.points:
        signed = [cell for cell in words if cell.rstrip().endswith(("%", "％"))]
        bare = [cell for cell in words if table[cell] and not cell.rstrip().endswith(("%", "％"))] if signed else []
        if bare:
            kind = found.MixedScale if column.kind == "rate" else found.MixedShares
            notes.append(Fault(kind, {"percent": min(signed), "bare": min(bare)}))
    least = [cell for cell in words if cell.rstrip().endswith(("+", "＋"))]
    if least:
        notes.append(Fault(found.LowerBounds, {"count": len(least), "value": min(least), "number": table[min(least)]}))
    rounded = [cell for cell in words if cell.rstrip()[-1:] in ("万", "w", "W", "亿")]
    if rounded:
        notes.append(Fault(found.RoundedFigures, {"count": len(rounded), "value": min(rounded),
                                                  "number": table[min(rounded)]}))
    return notes
