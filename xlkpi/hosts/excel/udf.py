"""One UDF a KPI function: COM values in, rows of COM values out, and the sentences of errors kept for asking."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from xlkpi import cells
from xlkpi.cells import Scalar
from xlkpi.errors import CellError, KpiError
from xlkpi.hosts.calling import hosted
from xlkpi.hosts.excel.sizes import received
from xlkpi.hosts.excel.values import from_com, to_com
from xlkpi.spec import FunctionSpec

LONGEST_TEXT = 32_767
KEPT = 20_000  # sentences

Place = tuple[str, str, int, int]  # workbook, sheet, row, column


class TextTooLong(KpiError):
    zh = "结果有 {length} 个字符，单元格最多 32,767 个"
    en = "the result has {length} characters, a cell holds 32,767"


class PassedOn(KpiError):
    zh = "参数里有错误值 {code}"
    en = "an argument holds the error {code}"


class Defect(KpiError):
    zh = "xlkpi 自身缺陷（{kind}: {reason}）；请把公式和参数发给我们"
    en = "a defect of xlkpi ({kind}: {reason}); please send us the formula and its arguments"


class Sentences:
    """What went wrong last, and what went wrong in which cell."""

    def __init__(self) -> None:
        self.last = ""
        self._lock = Lock()
        self._places: OrderedDict[Place, str] = OrderedDict()

    def keep(self, place: Place | None, sentence: str) -> None:
        self.last = sentence
        if place is not None:
            with self._lock:
                self._places[place] = sentence
                self._places.move_to_end(place)
                if len(self._places) > KEPT:
                    self._places.popitem(last=False)

    def of(self, place: Place) -> str:
        return self._places.get(place, "")


SENTENCES = Sentences()


def udf(spec: FunctionSpec, module: str) -> Callable[..., Any]:
    """The function as xlwings calls it."""
    return hosted(spec, module, lambda *args: _answered(_called(spec, args)))


def _called(spec: FunctionSpec, args: tuple[Any, ...]) -> cells.CellValue:
    try:
        return cells.call(spec, *received(args))
    except KpiError as error:
        return error.as_cell()
    except Exception as error:  # a traceback has no place in a cell
        return Defect(kind=type(error).__name__, reason=error).as_cell()


def _answered(value: cells.CellValue) -> list[list[Any]]:
    """Rows of COM values; the sentence of each error is kept, the first one last."""
    rows = [[_fitting(cell) for cell in row] for row in cells.rows_of(value)]
    errors = [(down, right, cell) for down, row in enumerate(rows) for right, cell in enumerate(row)
              if isinstance(cell, CellError)]
    if errors:
        corner = _calling_place()
        for down, right, error in reversed(errors):
            place = corner and (corner[0], corner[1], corner[2] + down, corner[3] + right)
            SENTENCES.keep(place, error.sentence or PassedOn(code=error.code).sentence())
    return [[to_com(cell) for cell in row] for row in rows]


def _fitting(cell: Scalar) -> Scalar:
    if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
        return TextTooLong(length=len(cell)).as_cell()
    return cell


def _calling_place() -> Place | None:
    """The cell whose formula is being calculated, if a cell it is.

    xlwings hands the caller on only in a place of the argument list which the wrapper would have to leave free for
    it; it stands in the frame of ``call_udf`` all the same.
    """
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "call_udf":
        frame = frame.f_back  # type: ignore[assignment]
    caller = frame.f_locals.get("caller") if frame is not None else None
    try:
        sheet = caller.Worksheet  # type: ignore[union-attr]
        return sheet.Parent.Name, sheet.Name, caller.Row, caller.Column  # type: ignore[union-attr]
    except Exception:  # called from VBA or from Python, or Excel is busy
        return None


def last_error(cell: Any = None) -> str:
    """The sentence of the last error, or of the error that ``cell`` (an xlwings range) shows now."""
    if cell is None:
        return SENTENCES.last
    corner = cell[0, 0]
    if not isinstance(from_com(corner.raw_value), CellError):
        return ""
    return SENTENCES.of((corner.sheet.book.name, corner.sheet.name, corner.row, corner.column))
