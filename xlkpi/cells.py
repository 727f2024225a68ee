"""Cell values and Python values: what a cell may hold, how it is read, how a call spreads over ranges.

A host hands over what its cells hold and gets cell values back; nothing here knows which host.

* ``None`` and ``""`` are blank, and blank is missing, never 0. A function that has no value
  because something is missing answers ``None``; :func:`call` gives it back as ``""``, since an
  Excel function cannot leave its cell blank and a 0 would be a lie.
* A range is a list of rows. A range given for a scalar parameter computes element by element,
  sizes broadcast as in Excel's dynamic arrays (1 stretches, anything else must be equal).
* A :class:`~xlkpi.errors.CellError` in an argument comes out as that same error.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from xlkpi.errors import CellError, KpiError

if TYPE_CHECKING:
    from xlkpi.spec import FunctionSpec
    from xlkpi.terms import Term

Scalar: TypeAlias = float | int | str | bool | CellError | datetime | date | None
Range: TypeAlias = Sequence[Sequence[Scalar]]
CellValue: TypeAlias = Scalar | Range

EPOCH_1900 = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)
DAYS_BETWEEN_SYSTEMS = 1462
LAST_SERIAL = 2958465.999999


class NotANumber(KpiError):
    zh = "“{argument}”应为数字，得到的是 {value!r}"
    en = "'{argument}' must be a number, not {value!r}"


class NotADate(KpiError):
    zh = "“{argument}”应为日期（如 2026-04-01），得到的是 {value!r}"
    en = "'{argument}' must be a date such as 2026-04-01, not {value!r}"


class NotAChoice(KpiError):
    zh = "“{argument}”可以是 {choices}，得到的是 {value!r}"
    en = "'{argument}' must be one of {choices}, not {value!r}"


class NotFinite(KpiError):
    code = "#NUM!"
    zh = "“{argument}”不是有限的数"
    en = "'{argument}' is not a finite number"


class MissingArgument(KpiError):
    zh = "缺少必填参数“{argument}”"
    en = "the required argument '{argument}' is missing"


class TooManyArguments(KpiError):
    zh = "{function} 最多 {most} 个参数，得到了 {count} 个"
    en = "{function} takes at most {most} arguments, not {count}"


class SizeMismatch(KpiError):
    zh = "区域大小不一致：{sizes}"
    en = "the ranges differ in size: {sizes}"


# ---------------------------------------------------------------- reading one cell

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")  # 0,125 is a decimal comma
_SUFFIX = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}


def is_blank(value: object) -> bool:
    """Blank cell, empty or white text, or a not-a-number float (how data frames say blank)."""
    return value is None or (isinstance(value, str) and not value.strip()) or (
        isinstance(value, float) and math.isnan(value))


def read_number(text: str) -> float | None:
    """The number a text spells: ``1,234`` ``12.5%`` ``1.2万`` ``3.5w`` ``２亿``; None if it spells none."""
    word = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    scale = Decimal(1)
    if word.endswith("%"):
        word, scale = word[:-1].rstrip(), Decimal("0.01")
    elif word[-1:] in _SUFFIX:
        scale, word = Decimal(_SUFFIX[word[-1]]), word[:-1].rstrip()
    if _GROUPED.fullmatch(word):
        word = word.replace(",", "")
    elif not _PLAIN.fullmatch(word):
        return None
    number = float(Decimal(word) * scale)
    return number if math.isfinite(number) else None


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
                   r"(?:[ T]?(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_date(text: str) -> datetime | None:
    """The date a text spells: ``2026-04-01`` ``2026/4/1 08:30`` ``2026年04月01日`` ``20260401``."""
    match = _DATE.fullmatch(text.strip()) or _COMPACT.fullmatch(text.strip())
    if not match:
        return None
    try:
        return datetime(*(int(part) for part in match.groups() if part is not None))  # type: ignore[arg-type]
    except ValueError:
        return None


def from_serial(serial: float, date1904: bool = False) -> datetime:
    """Excel serial number → datetime, to the microsecond rounded to the nearest millisecond."""
    if not date1904 and serial < 60:  # Excel counts a 29 February 1900 that never was
        serial += 1
    moment = (EPOCH_1904 if date1904 else EPOCH_1900) + timedelta(days=serial)
    milli = round(moment.microsecond / 1000)
    return moment.replace(microsecond=0) + timedelta(milliseconds=milli)


def to_serial(moment: date | datetime | time | timedelta, date1904: bool = False) -> float:
    """Date, datetime, time of day or duration → Excel serial number."""
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    if isinstance(moment, time):
        return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second,
                         microseconds=moment.microsecond) / timedelta(days=1)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    moment = moment.replace(tzinfo=None)
    serial = (moment - (EPOCH_1904 if date1904 else EPOCH_1900)) / timedelta(days=1)
    return serial - 1 if not date1904 and serial < 61 else serial


_counts_from_1904: ContextVar[Callable[[], bool]] = ContextVar("xlkpi_1904", default=lambda: False)


def moment_of(serial: float) -> datetime | None:
    """What a serial number means in the workbook that is calling; None if it is no date there."""
    date1904 = _counts_from_1904.get()()
    first, last = (0, LAST_SERIAL - DAYS_BETWEEN_SYSTEMS) if date1904 else (1, LAST_SERIAL)
    return from_serial(float(serial), date1904) if first <= serial <= last else None


def as_number(value: Scalar, argument: str = "value") -> float | None:
    """A cell as a number; None when blank. Ticks, dates and other text are refused by name."""
    if is_blank(value):
        return None
    if isinstance(value, (bool, datetime, date)):
        raise NotANumber(argument=argument, value=value)
    if isinstance(value, str):
        number = read_number(value)
        if number is None:
            raise NotANumber(argument=argument, value=value)
        return number
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise NotFinite(argument=argument)
    return number


def as_flag(value: Scalar, argument: str = "value") -> bool | None:
    """A cell as yes or no; None when blank. 0 and 1 count, in Excel's own way."""
    if is_blank(value):
        return None
    if isinstance(value, (bool, int, float)) and value in (0, 1):
        return bool(value)
    word = as_text(value)
    if word is not None and word.casefold() in ("true", "yes", "是", "false", "no", "否"):
        return word.casefold() in ("true", "yes", "是")
    raise NotAChoice(argument=argument, choices="TRUE / FALSE", value=value)


def as_date(value: Scalar, argument: str = "date") -> date | None:
    """A cell as a day: date, datetime, Excel serial (1900 system) or a text that spells one."""
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        moment = read_date(value)
        if moment is not None:
            return moment.date()
    elif not isinstance(value, (bool, CellError)) and value is not None:
        moment = moment_of(value)
        if moment is not None:
            return moment.date()
    raise NotADate(argument=argument, value=value)


def as_text(value: Scalar) -> str | None:
    """A cell as text; None when blank. A whole number loses its ``.0``, a tick is TRUE or FALSE."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def as_term(value: Scalar, term: Term, name: str) -> Any:
    """A cell as what ``term`` wants of it."""
    match term.kind:
        case "number":
            return as_number(value, name)
        case "date":
            return as_date(value, name)
        case "choice":
            word = as_text(value)
            return None if word is None else term.choose(word, name)
        case "text":
            return as_text(value)
        case "flag":
            return as_flag(value, name)
    return None if is_blank(value) else value


# ---------------------------------------------------------------- calling over ranges

def is_range(value: object) -> bool:
    return isinstance(value, (list, tuple))


def rows_of(value: CellValue) -> list[list[Scalar]]:
    """Any argument as rows: a scalar is one row of one, a flat list is a column."""
    if not isinstance(value, (list, tuple)):
        return [[value]]  # type: ignore[list-item]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]


def flat(value: CellValue) -> list[Scalar]:
    """Any argument as one list, row by row."""
    return [cell for row in rows_of(value) for cell in row]


def call(spec: FunctionSpec, *args: CellValue, date1904: Callable[[], bool] | None = None) -> CellValue:
    """Call a KPI function as a cell does.

    ``args`` are cell values in the order of the parameters; an omitted one may be None.
    Returns a cell value: a scalar, or rows of scalars that spill. Never raises for bad
    values: the error is the value. ``date1904`` says, when a date comes up, whether the workbook
    counts its days from 1904.
    """
    token = _counts_from_1904.set(date1904) if date1904 else None
    try:
        if len(args) > len(spec.parameters):
            raise TooManyArguments(function=spec.name, most=len(spec.parameters), count=len(args))
        return _spread(spec, args)
    except KpiError as error:
        return error.as_cell()
    finally:
        if token:
            _counts_from_1904.reset(token)


def _spread(spec: FunctionSpec, args: Sequence[CellValue]) -> CellValue:
    if len(args) <= spec.leading_scalars and not any(map(is_range, args)):  # most calls
        for parameter in spec.parameters[len(args):]:
            if not parameter.optional:
                raise MissingArgument(argument=parameter.name)
        return _one(spec, {}, {parameter.name: value  # type: ignore[misc]
                               for parameter, value in zip(spec.parameters, args, strict=False)}, True)
    fixed: dict[str, Any] = {}
    spread: dict[str, list[list[Scalar]]] = {}
    upright = True
    for parameter, value in zip(spec.parameters, args, strict=False):
        if parameter.term.shape == "table":
            if not all(is_blank(cell) for cell in flat(value)):
                fixed[parameter.name] = rows_of(value)
        elif parameter.term.shape == "range":
            cells = flat(value)
            for cell in cells:
                if isinstance(cell, CellError):
                    return cell
            if is_range(value) and len(rows_of(value)) == 1 and len(cells) > 1:
                upright = False
            if all(is_blank(cell) for cell in cells) and parameter.optional:
                continue
            fixed[parameter.name] = [as_term(cell, parameter.term, parameter.name) for cell in cells]
        elif is_range(value):
            spread[parameter.name] = rows_of(value)
        else:
            spread[parameter.name] = [[value]]  # type: ignore[list-item]
    for parameter in spec.parameters:
        if not parameter.optional and parameter.name not in fixed and parameter.name not in spread:
            raise MissingArgument(argument=parameter.name)
    height, width = _common_size(spread)
    if height == width == 1:
        answer = _one(spec, fixed, {name: rows[0][0] for name, rows in spread.items()}, upright)
        block = any(is_range(value) for parameter, value in zip(spec.parameters, args, strict=False)
                    if parameter.term.shape == "scalar")
        return [[answer]] if block and not is_range(answer) else answer  # type: ignore[list-item]
    _settle(spec, fixed, spread)
    return [[_scalar(_one(spec, fixed, {name: rows[r if len(rows) > 1 else 0][c if len(rows[0]) > 1 else 0]
                                        for name, rows in spread.items()}, upright))
             for c in range(width)] for r in range(height)]


def _settle(spec: FunctionSpec, fixed: dict[str, Any], spread: dict[str, list[list[Scalar]]]) -> None:
    """Read what is the same in every cell once. What cannot be read stays, to be said in every cell."""
    for parameter in spec.parameters:
        rows = spread.get(parameter.name)
        if rows is None or len(rows) * len(rows[0]) != 1 or isinstance(rows[0][0], CellError):
            continue
        try:
            value = as_term(rows[0][0], parameter.term, parameter.name)
        except KpiError:
            continue
        del spread[parameter.name]
        if value is not None or not parameter.optional:
            fixed[parameter.name] = value


def _common_size(spread: dict[str, list[list[Scalar]]]) -> tuple[int, int]:
    sizes = {name: (len(rows), len(rows[0]) if rows else 0) for name, rows in spread.items()}
    size = [1, 1]
    for axis in (0, 1):
        wide = {own[axis] for own in sizes.values()} - {1}
        if len(wide) > 1:
            raise SizeMismatch(sizes=", ".join(f"{name} {h}×{w}" for name, (h, w) in sizes.items()
                                               if (h, w) != (1, 1)))
        size[axis] = wide.pop() if wide else 1
    return size[0], size[1]


def _one(spec: FunctionSpec, fixed: dict[str, Any], scalars: dict[str, Scalar], upright: bool) -> CellValue:
    values = dict(fixed)
    for parameter in spec.parameters:
        if parameter.name not in scalars:
            continue
        cell = scalars[parameter.name]
        if isinstance(cell, CellError):
            return cell
        try:
            value = as_term(cell, parameter.term, parameter.name)
        except KpiError as error:
            return error.as_cell()
        if value is None and parameter.optional:
            continue
        values[parameter.name] = value
    try:
        result = spec.function(**values)
    except KpiError as error:
        return error.as_cell()
    except ArithmeticError:
        return NotFinite(argument=spec.name).as_cell()
    return as_result(result, upright)


def as_result(result: Any, upright: bool = True) -> CellValue:
    """What a function answered, as cell values: missing becomes ``""``, a list a column (or row)."""
    if isinstance(result, (list, tuple)):
        rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in result]
        if not upright and rows and len(rows[0]) == 1:
            rows = [[row[0] for row in rows]]
        return [[_scalar(as_result(cell)) for cell in row] for row in rows]
    if result is None:
        return ""
    if isinstance(result, date):  # a cell holds a day as its serial number
        return to_serial(result, _counts_from_1904.get()())
    if isinstance(result, bool) or not isinstance(result, (int, float)):
        return result
    return float(result) if math.isfinite(result) else NotFinite(argument="result").as_cell()


def _scalar(value: CellValue) -> Scalar:
    """The first cell, where only one fits (an array inside an array)."""
    return rows_of(value)[0][0]
