"""A stand-in for xlwings Lite: its decorators and its way of calling, as documented and as its metadata are read.

The decorators of Lite and Server are part of xlwings PRO, which this project does not use, not even in a test. This
file needs the standard library and xlkpi alone, so that it runs inside Pyodide too.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from xlkpi.cells import to_serial
from xlkpi.errors import CellError

TYPES = {"#DIV/0!": "Div0", "#N/A": "NotAvailable", "#NAME?": "Name", "#NULL!": "Null", "#NUM!": "Num", "#REF!": "Ref",
         "#VALUE!": "Value"}
NEWER = {"Spill": "#SPILL!", "Calc": "#CALC!", "Field": "#FIELD!", "Blocked": "#BLOCKED!", "Connect": "#CONNECT!",
         "GettingData": "#GETTING_DATA"}
MISSING = object()


# ---------------------------------------------------------------- the decorators

def func(function: Callable[..., Any]) -> Callable[..., Any]:
    _marked(function)
    return function


def arg(name: str, convert: Any = None, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        place = next(place for place in _marked(function)["args"] if place["name"] == name)
        place["doc"] = options.pop("doc", place["doc"])
        place["options"].update(options, convert=convert)
        return function
    return mark


def _marked(function: Any) -> dict[str, Any]:
    if not hasattr(function, "__xlfunc__"):
        places = []
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
                raise TypeError("xlwings does not support UDFs with keyword arguments")
            assert parameter.annotation is parameter.empty, "a converter would be looked for"
            places.append({"name": parameter.name, "doc": "", "options": {}, "default": parameter.default})
        function.__xlfunc__ = {"name": function.__name__, "doc": function.__doc__, "args": places}
    return function.__xlfunc__  # type: ignore[no-any-return]


@contextmanager
def installed(main: str = "from xlkpi.hosts.lite import *") -> Iterator[Lite]:
    """``xlwings`` is this stand-in while ``main.py`` runs."""
    module = types.ModuleType("xlwings")
    module.func, module.arg = func, arg  # type: ignore[attr-defined]
    names = [name for name in sys.modules if name.split(".")[0] == "xlwings" or name == "xlkpi.hosts.lite"]
    before = {name: sys.modules.pop(name) for name in names}
    sys.modules["xlwings"] = module
    try:
        yield Lite(main)
    finally:
        del sys.modules["xlwings"]
        sys.modules.pop("xlkpi.hosts.lite", None)
        sys.modules.update(before)


# ---------------------------------------------------------------- the calls

class Lite:
    """What Lite does with ``main.py``."""

    def __init__(self, main: str) -> None:
        namespace: dict[str, Any] = {}
        exec(main, namespace)
        self.functions = {value.__xlfunc__["name"].upper(): value for value in namespace.values()
                          if hasattr(value, "__xlfunc__")}

    def call(self, name: str, *cells: Any) -> Any:
        """What the cells show: a value, or rows that spill."""
        function = self.functions[name]
        places, args = function.__xlfunc__["args"], []
        for place, given in zip(places, [*cells, *[MISSING] * (len(places) - len(cells))], strict=True):
            assert place["options"]["convert"] == "raw"
            value = None if given is MISSING or given is None else _scalar(office(given))
            args.append(value)
        given = function(*args)
        rows = [[_written(cell) for cell in row] for row in (given if isinstance(given, list) else [[given]])]
        assert len({len(row) for row in rows}) == 1, "a matrix"
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _scalar(matrix: list[list[Any]]) -> Any:
    """One row comes flat, one cell alone; a blank cell alone is as good as left out."""
    if len(matrix) == 1:
        return matrix[0][0] if len(matrix[0]) == 1 else matrix[0]
    return matrix


def office(value: Any) -> list[list[Any]]:
    """Cell values as Office.js hands them to a custom function: always a matrix; a flat list goes down."""
    rows = value if isinstance(value, (list, tuple)) else [value]
    return [[_office(cell) for cell in (row if isinstance(row, (list, tuple)) else [row])] for row in rows]


def _office(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return cell
    if isinstance(cell, CellError):
        kind = TYPES.get(cell.code) or next((name for name, code in NEWER.items() if code == cell.code), "Unknown")
        return {"type": "Error", "errorType": kind, "basicType": "Error", "basicValue": cell.code}
    if isinstance(cell, date):
        return to_serial(cell)
    return float(cell) if isinstance(cell, Decimal) else cell


def _written(cell: Any) -> Any:
    """A result on its way to the cell: the texts of seven errors become errors, so do error objects."""
    if isinstance(cell, dict):
        codes = NEWER | {kind: code for code, kind in TYPES.items()}
        return CellError(codes[cell["errorType"]])
    if isinstance(cell, str) and cell in TYPES:
        return CellError(cell)
    assert cell is None or isinstance(cell, (str, bool, int, float)), cell
    return "" if cell is None else cell
