"""One column of data as stored cells: values judged, then written row by row.

What a column wants is decided by, in this order: the number format of the table's first data
row (``@`` text, a date format, another number format), the metric catalogue's kind for the
column's name, and, where both are silent, the values already in the column, if every one of
them is a number. Otherwise anything goes.

* In a number column a text that spells a number (``1,234`` ``12.5%`` ``1.2万``) is that number;
  other text is a problem. Where only existing values speak, a text must be written just as the
  number (``1,234`` is, ``007`` is not) to be read as one.
* In a date column a text that spells a date is that date; a number is a serial already.
* In a text column whole numbers are written as their digits.
* None, NaN, NaT, infinities and blank text are empty cells. Booleans stay booleans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

from xlkpi.cells import read_date, read_number, to_serial
from xlkpi.errors import CellError, Findings, Problem, Where
from xlkpi.workbook.cells import cached
from xlkpi.workbook.moments import Moments
from xlkpi.workbook.problems import (
    DateOutOfRange,
    LongIntegerAsText,
    MoreOfTheSame,
    NotDateStyled,
    TextForDate,
    TextForNumber,
    TextTooLong,
    UnwritableValue,
)
from xlkpi.workbook.refs import column_letters

Wants = Literal["any", "number", "like numbers", "date", "text"]
LONGEST_TEXT = 32_767
EXACT = 2**53
REPORTED = 20  # problems of one kind told one by one for a column; then their count


@dataclass(slots=True)
class Stored:
    """A column ready to be written. ``form`` says what ``values`` are: numbers, indexes of shared
    strings, or ready inside parts of cells (from the ``t`` attribute on)."""

    form: Literal["numbers", "strings", "mixed", "formula", "empty"]
    values: list[Any]

    def pieces(self, begin: int, rows: list[str], first: bool, col: int, style: int,
               prefix: str) -> list[str | Iterable[str]]:
        """The cells of ``rows`` (their numbers), whose first holds the value ``begin``, in pieces that stand one
        after the other: a text is the same in every row. ``first``: the table starts with these rows."""
        look = f'" s="{style}"' if style else '"'
        head, foot = f'<{prefix}c r="{column_letters(col)}', f"</{prefix}v></{prefix}c>"
        part = self.values[begin:begin + len(rows)]
        made: Iterable[str]
        if self.form == "formula":
            start, rest = self.values
            if "\0" not in rest and not first:
                return [head, rows, f"{look}{rest}</{prefix}c>"]
            inside: list[str] = [rest] * len(rows)
            if first:
                inside[0] = start
            if "\0" in rest:
                inside = [text.replace("\0", f"{column_letters(col)}{row}")
                          for text, row in zip(inside, rows, strict=True)]
            return [head, rows, look, inside, f"</{prefix}c>"]
        if self.form == "empty":
            return [head, rows, f"{look}/>"] if style else []
        kind = {"numbers": f"><{prefix}v>", "strings": f' t="s"><{prefix}v>', "mixed": ""}[self.form]
        end = f"</{prefix}c>" if self.form == "mixed" else foot
        if None not in part:
            made = part if self.form == "mixed" else map(repr, part)
            return [head, rows, look + kind, made, end]
        before, empty = look + kind, f"{look}/>"
        return [[f"{head}{row}{before}{value}{end}" if value is not None else f"{head}{row}{empty}" if style else ""
                 for row, value in zip(rows, part, strict=True)]]


@dataclass(slots=True)
class Place:
    """Where a column is written and what is known of it."""

    where: Where
    column: str
    wants: Wants
    date_styled: bool
    text_styled: bool
    date1904: bool
    prefix: str
    string: Callable[[str], int]
    strings: Callable[[Sequence[str]], Iterable[int]] | None = None  # many at once, each named once


class _Reporter:
    """Problems of a column, the first of each kind one by one, the rest as a count."""

    def __init__(self, where: Where, findings: Findings) -> None:
        self.where, self.findings = where, findings
        self.counts: dict[type[Problem], int] = {}

    def add(self, problem: type[Problem], row: int, /, **facts: Any) -> None:
        self.counts[problem] = self.counts.get(problem, 0) + 1
        if self.counts[problem] <= REPORTED:
            where = Where(self.where.file, self.where.sheet, None, self.where.table, self.where.column, row + 1)
            self.findings.append(problem(where, **facts))

    def close(self) -> None:
        for kind, count in self.counts.items():
            if count > REPORTED:
                self.findings.append(MoreOfTheSame(self.where, count=count - REPORTED, kind=kind.__name__))


def store(values: list[Any] | Moments, place: Place, findings: Findings) -> Stored:
    """A column's values as they will be stored; what is wrong with them goes to ``findings``."""
    if isinstance(values, Moments):
        serials = values.serials(place.date1904)
        if serials is not None:
            if not place.date_styled and any(serial is not None for serial in serials):
                findings.append(NotDateStyled(place.where, column=place.column))
            return Stored("numbers", serials)
        values = values.values()
    kinds = set(map(type, values))
    plain = kinds - {type(None)}
    if plain <= {int, float} and place.wants != "text" and not place.text_styled:
        numbers = _numbers(values, kinds)
        if numbers is not None:
            return Stored("numbers", numbers)
    if plain == {bool}:
        ready = {value: _ready(value, place.prefix) for value in (True, False)}
        return Stored("mixed", [ready.get(value) for value in values])
    if plain == {str} and place.wants in ("any", "text"):
        return _texts(values, place, findings)
    return _mixed(values, place, findings)


def _numbers(values: list[Any], kinds: set[type]) -> list[Any] | None:
    """Finite numbers, whole ones as integers; None when one is too long for a cell."""
    if float in kinds:
        values = [None if value is None or not isfinite(value) else whole if (whole := int(value)) == value
                  and -1e15 < whole < 1e15 else value for value in values]
    if int in kinds:
        integers = values if kinds == {int} else [value for value in values if type(value) is int]
        if integers and not -EXACT <= min(integers) <= max(integers) <= EXACT:
            return None
    return values


def _texts(values: list[Any], place: Place, findings: Findings) -> Stored:
    report = _Reporter(place.where, findings)
    known: dict[str | None, int | None] = dict.fromkeys(values)
    if max(len(text) for text in known if text is not None) <= LONGEST_TEXT:
        shown = [text for text in known if text and not text.isspace()]
        known.update(zip(shown, place.strings(shown) if place.strings else map(place.string, shown), strict=True))
    else:
        known = {None: None}
        for row, text in enumerate(values):
            if text in known:
                continue
            known[text] = None
            if text.strip():
                known[text] = place.string(_fitting(text, row, report))
    report.close()
    return Stored("strings", [known[text] for text in values])


def _fitting(text: str, row: int, report: _Reporter) -> str:
    if len(text) > LONGEST_TEXT:
        report.add(TextTooLong, row, length=len(text))
        return text[:LONGEST_TEXT]
    return text


def judged(values: list[Any] | Moments, place: Place,
           findings: Findings) -> list[float | int | str | bool | CellError | None]:
    """A column's values as cells hold them, whoever writes them; what is wrong with them goes to ``findings``."""
    if isinstance(values, Moments):
        values = values.values()
    report = _Reporter(place.where, findings)
    seen = _Seen()
    plain = [_plain(value, row, place, report, seen) for row, value in enumerate(values)]
    report.close()
    if seen.dates and not place.date_styled:
        findings.append(NotDateStyled(place.where, column=place.column))
    if seen.long is not None:
        findings.append(LongIntegerAsText(place.where, column=place.column, value=str(seen.long)))
    return plain


def _mixed(values: list[Any], place: Place, findings: Findings) -> Stored:
    plain = judged(values, place, findings)
    kinds = set(map(type, plain)) - {type(None)}
    if kinds <= {int, float}:
        return Stored("numbers", plain)
    prefix = place.prefix
    out: list[str | None] = []
    for value in plain:
        if value is None:
            out.append(None)
        elif isinstance(value, str):
            out.append(f' t="s"><{prefix}v>{place.string(value)}</{prefix}v>')
        else:
            out.append(_ready(value, prefix))
    return Stored("mixed", out)


def _ready(value: float | int | bool | CellError, prefix: str) -> str:
    """The inside of a value's cell, from its ``t`` attribute on."""
    kind, text = cached(value)
    return f"{kind}><{prefix}v>{text}</{prefix}v>"


@dataclass(slots=True)
class _Seen:
    dates: bool = False
    long: int | None = None


def _plain(value: Any, row: int, place: Place, report: _Reporter,
           seen: _Seen) -> float | int | str | bool | CellError | None:
    """A value as a cell can hold it."""
    if value is None or isinstance(value, (bool, CellError)):
        return value
    if hasattr(value, "item") and not isinstance(value, (str, date)):  # a NumPy scalar
        value = value.astype("datetime64[us]").item() if type(value).__name__ == "datetime64" else value.item()
        if value is None or isinstance(value, bool):
            return value
    if isinstance(value, str):
        return _text(value, row, place, report, seen)
    if isinstance(value, (date, time, timedelta)):
        if value != value:  # NaT
            return None
        return _date(value, row, place, report, seen)
    if isinstance(value, (int, Decimal, float)):
        return _number(value, place, seen)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    report.add(UnwritableValue, row, value=value, kind=type(value).__name__)
    return _fitting(str(value), row, report)


def _number(value: int | float | Decimal, place: Place, seen: _Seen) -> float | int | str | None:
    if not isinstance(value, int):
        value = float(value)
        if not isfinite(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            value = int(value)
    if isinstance(value, int) and place.text_styled:
        return str(value)
    if isinstance(value, int) and abs(value) > EXACT:
        seen.long = value
        return str(value)
    return value


def _date(value: Any, row: int, place: Place, report: _Reporter, seen: _Seen) -> float | int | str | None:
    if hasattr(value, "to_pydatetime"):  # pandas divides nanoseconds as floats and loses the last bit
        value = value.to_pydatetime(warn=False)
    serial = to_serial(value, place.date1904)
    if serial < 0 and not isinstance(value, timedelta):
        report.add(DateOutOfRange, row, value=str(value), first="1904-01-01" if place.date1904 else "1900-01-01")
        return str(value)
    seen.dates = True
    return int(serial) if serial.is_integer() else serial


def _text(value: str, row: int, place: Place, report: _Reporter, seen: _Seen) -> float | int | str | None:
    if not value.strip():
        return None
    text = _fitting(value, row, report)
    if place.wants == "date":
        moment = read_date(text)
        if moment is not None:
            return _date(moment, row, place, report, seen)
        report.add(TextForDate, row, column=place.column, value=text)
    elif place.wants in ("number", "like numbers"):
        number = read_number(text)
        if number is not None and (place.wants == "number" or _canonical(text.strip())):
            return _number(number, place, seen)
        report.add(TextForNumber, row, column=place.column, value=text)
    return text


def _canonical(text: str) -> bool:
    """Is the text written just as the number it spells, thousands separators allowed? Ids such as ``007`` are not."""
    digits = text.lstrip("-").replace(",", "")
    return len(digits) <= 15 and (digits == "0" or digits[:2] == "0." or digits[:1] in "123456789") \
        and digits.replace(".", "", 1).isdecimal()
