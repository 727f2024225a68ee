"""xlwings Lite and xlwings Server: Excel on Windows, Mac and the web.

``xlkpi`` in the requirements tab and one line in ``main.py`` give all functions::

    from xlkpi.hosts.lite import *

Lite finds custom functions in the module's namespace by what its own decorators write; they are taken from
``xlwings`` itself, whichever they are where this is imported. Arguments come as Office.js delivers them: a block of
cells as rows, one row of cells flat, a blank as ``""`` or null, an error or a formatted number as a dict, a date as
its serial number. xlwings makes errors of the seven codes it knows; the newer ones are passed back as they came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlwings import arg, func

from xlkpi import language
from xlkpi.cells import CellValue, Scalar
from xlkpi.errors import CellError
from xlkpi.hosts.calling import LAST_ERROR, LAST_ERROR_HELP, NotKept, answer, argument_help, hosted
from xlkpi.hosts.sizes import received
from xlkpi.registry import load
from xlkpi.spec import FunctionSpec

NEWER_ERRORS = {"#SPILL!": "Spill", "#CALC!": "Calc", "#FIELD!": "Field", "#BLOCKED!": "Blocked",
                "#CONNECT!": "Connect", "#GETTING_DATA": "GettingData", "#UNKNOWN!": "Value"}

_sentences: dict[str, str] = {}  # of the last error of each code; "" is the last of all


def from_office(value: Any) -> CellValue:
    """A cell value, or rows of them, of what Office.js delivered."""
    if isinstance(value, (list, tuple)):
        rows = value if value and isinstance(value[0], (list, tuple)) else [value]
        return [[_cell(one) for one in row] for row in rows]
    return _cell(value)


def _cell(value: Any) -> Scalar:
    if isinstance(value, dict):
        basic = value.get("basicValue")
        if "Error" in (value.get("type"), value.get("basicType")):
            return CellError(str(basic or "#VALUE!"))
        return _cell(basic)
    if isinstance(value, (str, bool, int, float)):
        return value
    return None  # null, which is an object of its own in newer Pyodide


def to_office(value: Scalar) -> Any:
    if isinstance(value, CellError):
        if value.code in NEWER_ERRORS:
            return {"type": "Error", "errorType": NEWER_ERRORS[value.code]}
        return value.code
    return value


def _custom_function(spec: FunctionSpec) -> Callable[..., Any]:
    def call(*args: Any) -> list[list[Any]]:
        rows = answer(spec, lambda: received(args, from_office))
        for error in [cell for row in reversed(rows) for cell in reversed(row) if isinstance(cell, CellError)]:
            _sentences[error.code] = _sentences[""] = error.sentence
        return [[to_office(cell) for cell in row] for row in rows]

    function = hosted(spec, __name__, call)
    for parameter, line in argument_help(spec).items():
        function = arg(parameter, "raw", doc=line)(function)
    return func(function)  # type: ignore[no-any-return]


def KPI_LAST_ERROR(cell=None):  # type: ignore[no-untyped-def]  # Lite looks for converters of the types
    if cell is None:
        return _sentences.get("", "")
    shown = from_office(cell)
    if not isinstance(shown, CellError):
        return ""
    return _sentences.get(shown.code) or NotKept(code=shown.code).sentence()


KPI_LAST_ERROR.__doc__ = LAST_ERROR_HELP[language.current()][0]
KPI_LAST_ERROR = func(arg("cell", "raw", doc=LAST_ERROR_HELP[language.current()][1])(KPI_LAST_ERROR))

FUNCTIONS = {spec.name: _custom_function(spec) for spec in load().values()}
globals().update(FUNCTIONS)
__all__ = [*FUNCTIONS, LAST_ERROR]
