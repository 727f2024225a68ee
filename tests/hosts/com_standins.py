"""Stand-ins for what Windows gives to xlwings: pywin32's modules, and an Excel to talk to through COM.

The real xlwings (decorators, signature parsing, converters, ``CallUDF``) runs on top of them. What is imitated is
the border: values cross it as pywin32 delivers them, objects as IDispatch pointers, and what pywin32 would refuse
is refused here. ``windows()`` puts it all in place and gives an :class:`Excel`.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.machinery import ModuleSpec
from typing import Any
from unittest.mock import MagicMock, patch

from xlkpi.errors import CellError

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
ERROR_NUMBERS = {  # XlCVError, and the newer ones as Excel numbers them
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048,
    "#FIELD!": 2049, "#CALC!": 2050,
}
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Missing:
    """An argument that the formula leaves out."""


MISSING = Missing()


# ---------------------------------------------------------------- pywin32

class TimeType(datetime):
    """pywintypes.datetime: what a VT_DATE arrives as."""


class ComError(Exception):
    """pywintypes.com_error"""

    @property
    def hresult(self) -> int:
        return int(self.args[0])


class TypeInfo:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.iid = RANGE_IID if isinstance(model, Range) else "{00020400-0000-0000-C000-000000000046}"

    def GetTypeAttr(self) -> TypeInfo:
        return self

    def GetDocumentation(self, index: int) -> tuple[str, None, int, None]:
        return type(self.model).__name__, None, 0, None


class PyIDispatch:
    """A raw pointer to an object of Excel's."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def GetTypeInfo(self) -> TypeInfo:
        return TypeInfo(self.model)


class CDispatch:
    """win32com's late-bound wrapper: every property and call is a trip to Excel, counted here."""

    trips = 0

    def __init__(self, pointer: PyIDispatch) -> None:
        object.__setattr__(self, "_oleobj_", pointer)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        CDispatch.trips += 1
        return _wrapped(getattr(self._oleobj_.model, name))

    def __setattr__(self, name: str, value: Any) -> None:
        CDispatch.trips += 1
        setattr(self._oleobj_.model, name, _model(value))

    def __call__(self, *args: Any) -> Any:
        CDispatch.trips += 1
        return _wrapped(self._oleobj_.model(*map(_model, args)))

    def __iter__(self) -> Iterator[Any]:
        return map(_wrapped, iter(self._oleobj_.model))


def dispatch(thing: Any, **names: Any) -> CDispatch:
    return CDispatch(getattr(thing, "_oleobj_", thing))


def _wrapped(value: Any) -> Any:
    if isinstance(value, Model):
        return CDispatch(PyIDispatch(value))
    if callable(value):
        def method(*args: Any, **kwargs: Any) -> Any:
            CDispatch.trips += 1
            return _wrapped(value(*map(_model, args), **{key: _model(one) for key, one in kwargs.items()}))
        return method
    return value


def _model(value: Any) -> Any:
    pointer = getattr(value, "_oleobj_", value)
    return pointer.model if isinstance(pointer, PyIDispatch) else value


class Wrapped:
    def __init__(self, inner: Any) -> None:
        self.inner = inner


def _unwrap(value: Any) -> Any:
    if not isinstance(value, Wrapped):
        raise ValueError("not a Python object behind COM")
    return value.inner


def variant(value: Any) -> Any:
    """A cell value, rows of them or an object of Excel's, as pywin32 delivers it."""
    if isinstance(value, Model):
        return PyIDispatch(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(variant, value))
    if isinstance(value, Missing):
        return -2147352572
    if isinstance(value, CellError):
        return ERROR_NUMBERS[value.code] + 0x800A0000 - 2**32
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return TimeType(*moment.timetuple()[:6], moment.microsecond, tzinfo=UTC)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # a number in a cell is a double
    if value is None or isinstance(value, (bool, float, str, Decimal)):
        return value
    raise TypeError(f"no cell holds {value!r}")


def to_variant(value: Any) -> Any:
    """What a function gave back, as VBA gets it; refuses what pywin32 cannot turn into a VARIANT."""
    if isinstance(value, (list, tuple)):
        nested = {len(row) if isinstance(row, (list, tuple)) else -1 for row in value}
        if len(nested) != 1:
            raise TypeError("a jagged list is no SAFEARRAY")
        return [to_variant(one) for one in value]
    if type(value) in (str, float, bool, type(None)) or (type(value) is int and -2**31 <= value < 2**31):
        return value
    raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")


# ---------------------------------------------------------------- Excel

class Model:
    """An object of Excel's."""


class Collection(Model):
    def __init__(self, items: Sequence[Any]) -> None:
        self.items = list(items)

    @property
    def Count(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, str):
            return next(item for item in self.items if item.Name == key)
        return self.items[int(key) - 1]


class Application(Model):
    Hwnd = 4711
    Version = "16.0"
    Name = "Microsoft Excel"

    def __init__(self) -> None:
        self.books: list[Workbook] = []
        self.Caller: Any = None

    @property
    def Application(self) -> Application:
        return self

    @property
    def Workbooks(self) -> Collection:
        return Collection(self.books)


class Workbook(Model):
    Date1904 = False

    def __init__(self, application: Application, name: str, sheets: Sequence[str] = ("Sheet1",)) -> None:
        self.Application, self.Name, self.FullName = application, name, f"C:\\kpi\\{name}"
        self.Worksheets = Collection([Worksheet(self, title) for title in sheets])
        application.books.append(self)

    @property
    def Sheets(self) -> Collection:
        return self.Worksheets


class Worksheet(Model):
    def __init__(self, book: Workbook, name: str) -> None:
        self.Parent, self.Name = book, name
        self.values: dict[tuple[int, int], Any] = {}

    @property
    def Application(self) -> Application:
        return self.Parent.Application

    @property
    def UsedRange(self) -> Range:
        rows = [row for row, _ in self.values] or [1]
        columns = [column for _, column in self.values] or [1]
        return Range(self, min(rows), min(columns), max(rows), max(columns))

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, row, column, row, column)

    def Range(self, first: Range, last: Range | None = None) -> Range:
        last = last or first
        return Range(self, first.Row, first.Column, last.bottom, last.right)

    def put(self, row: int, column: int, value: Any) -> Range:
        """Write a value or rows of values from that cell on; a flat list goes down."""
        rows = [one if isinstance(one, (list, tuple)) else [one]
                for one in (value if isinstance(value, (list, tuple)) else [value])]
        for down, cells in enumerate(rows):
            for right, cell in enumerate(cells):
                self.values[row + down, column + right] = cell
        return Range(self, row, column, row + max(len(rows), 1) - 1, column + max(map(len, rows), default=1) - 1)

    def column(self, number: int) -> Range:
        return Range(self, 1, number, LAST_ROW, number)


class Range(Model):
    def __init__(self, sheet: Worksheet, top: int, left: int, bottom: int, right: int, more: Sequence[Range] = ()):
        self.Worksheet, self.Row, self.Column, self.bottom, self.right = sheet, top, left, bottom, right
        self.more = tuple(more)
        self.fails: Exception | None = None

    @property
    def Application(self) -> Application:
        return self.Worksheet.Application

    @property
    def Parent(self) -> Worksheet:
        return self.Worksheet

    def __call__(self, row: int, column: int) -> Range:
        return self.Worksheet.Cells(self.Row + row - 1, self.Column + column - 1)

    @property
    def Areas(self) -> Collection:
        return Collection([self, *self.more])

    @property
    def Rows(self) -> Collection:
        return Collection(range(self.bottom - self.Row + 1))

    @property
    def Columns(self) -> Collection:
        return Collection(range(self.right - self.Column + 1))

    @property
    def Count(self) -> int:
        if self.CountLarge >= 2**31:
            raise ComError(-2147352567, "Overflow")
        return self.CountLarge

    @property
    def CountLarge(self) -> int:
        return sum(area.Rows.Count * area.Columns.Count for area in (self, *self.more))

    @property
    def Value(self) -> Any:
        if self.fails:
            raise self.fails
        if self.CountLarge > 20_000_000:
            raise ComError(-2147024882, "Out of memory")
        cells = self.Worksheet.values
        if (self.Row, self.Column) == (self.bottom, self.right):
            return variant(cells.get((self.Row, self.Column)))
        return tuple(tuple(variant(cells.get((row, column))) for column in range(self.Column, self.right + 1))
                     for row in range(self.Row, self.bottom + 1))


class Excel:
    """A running Excel with one open workbook, and formulas that call the UDFs."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.application = Application()
        self.book = Workbook(self.application, "考核.xlsm", ("Sheet1", "Sheet2"))
        self.sheet, self.other = self.book.Worksheets(1), self.book.Worksheets(2)
        self.xlwings = importlib.import_module("xlwings")
        self.udfs = importlib.import_module("xlwings.udfs")
        self.server = importlib.import_module("xlwings.com_server").XLPython()

    def udf(self, name: str) -> Any:
        """The function that xlwings calls."""
        return getattr(sys.modules[self.module], name)

    def clear(self) -> None:
        """Blank sheets, and no error remembered."""
        self.sheet.values.clear()
        self.other.values.clear()
        udf = sys.modules["xlkpi.hosts.excel.udf"]
        udf.SENTENCES.__init__()

    def raw(self, name: str, args: Sequence[Any], caller: Range | None = None, module: str | None = None) -> Any:
        """The VARIANT that ``Py.CallUDF`` gives to VBA for these arguments (cell values, rows, ranges, MISSING)."""
        self.application.Caller = caller or self.sheet.Cells(1, 1)
        given = self.server.CallUDF(module or self.module, name, variant(list(args)), variant(self.book),
                                    variant(self.application.Caller))
        return to_variant(given)

    def call(self, name: str, *args: Any, caller: Range | None = None) -> Any:
        """What the cell (or the spill range) shows: our VBA wrapper turns marked texts into errors.

        As our wrapper does, parameters that the formula does not name are passed as missing.
        """
        places = self.udf(name).__xlfunc__["args"]
        given = self.raw(name, [*args, *[MISSING] * (len(places) - len(args))], caller)
        if not isinstance(given, list):
            return from_vba(given)
        rows = given if given and isinstance(given[0], list) else [given]
        return [[from_vba(cell) for cell in row] for row in rows]


def from_vba(value: Any) -> Any:
    return CellError(value[1:]) if isinstance(value, str) and value.startswith("\ue000") else value


# ---------------------------------------------------------------- in place

def _modules() -> dict[str, types.ModuleType]:
    def module(name: str, **names: Any) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__spec__ = ModuleSpec(name, None)
        made.__dict__.update(names)
        return made

    utc = types.SimpleNamespace(utc=lambda: UTC)
    server = {name: module(f"win32com.server.{name}") for name in ("dispatcher", "policy", "util", "exception")}
    server["util"].__dict__.update(wrap=lambda inner, iid=None: Wrapped(inner), unwrap=_unwrap)
    server["policy"].__dict__.update(DefaultPolicy=type("DefaultPolicy", (), {}))
    client = module("win32com.client", CDispatch=CDispatch, Dispatch=dispatch, DispatchEx=dispatch,
                    DispatchBaseClass=type("DispatchBaseClass", (), {}),
                    CoClassBaseClass=type("CoClassBaseClass", (), {}), gencache=MagicMock())
    package = module("win32com.server", **server)
    made = [
        module("pywintypes", TimeType=TimeType, IID=str, com_error=ComError, error=type("error", (Exception,), {})),
        module("pythoncom", __file__="pythoncom.dll", CoInitialize=lambda: None, ole_error=ComError,
               IID_IDispatch="IDispatch", IID_IEnumVARIANT="IEnumVARIANT", TypeIIDs={"IDispatch": PyIDispatch}),
        module("win32api"), module("win32con"), module("win32event"), module("win32gui"),
        module("win32process", GetWindowThreadProcessId=lambda hwnd: (1, 815)),
        module("win32timezone", TimeZoneInfo=utc),
        client, package, module("win32com", client=client, server=package), *server.values(),
    ]
    return {one.__name__: one for one in made}


def _forget(*roots: str) -> dict[str, types.ModuleType]:
    names = [name for name in sys.modules if any(name == root or name.startswith(f"{root}.") for root in roots)]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def windows(module: str = "xlkpi.hosts.excel") -> Iterator[Excel]:
    """xlwings and the UDF module imported as on Windows, and all of it taken away again."""
    for name in ("asyncio", "subprocess", "locale", "pandas", "numpy", "polars", "tempfile"):
        importlib.import_module(name)  # they look at sys.platform for themselves
    standins = _modules()
    before = _forget("xlwings", "xlkpi.hosts", *standins)
    sys.modules.update(standins)
    try:
        with ExitStack() as importing:
            for name in ("windll", "oledll", "PyDLL"):
                importing.enter_context(patch.object(ctypes, name, MagicMock(), create=True))
            importing.enter_context(patch.object(sys, "platform", "win32"))
            importlib.import_module("xlwings")
            importlib.import_module("xlwings.com_server")
        importlib.import_module(module)
        yield Excel(module)
    finally:
        _forget("xlwings", "xlkpi.hosts", *standins)
        sys.modules.update(before)
