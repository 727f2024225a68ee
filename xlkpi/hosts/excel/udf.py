"""One UDF a KPI function: COM values in, rows of COM values out, and the sentences of errors kept for asking."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from xlkpi.cells import Scalar
from xlkpi.errors import CellError
from xlkpi.hosts.calling import NotKept, answer, hosted
from xlkpi.hosts.excel.values import from_com, to_com
from xlkpi.hosts.sizes import received
from xlkpi.spec import FunctionSpec

KEPT = 20_000  # sentences

Place = tuple[str, str, int, int]  # workbook, sheet, row, column


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
    def call(*args: Any) -> list[list[Any]]:
        rows = answer(spec, lambda: received(args, from_com), cache(_counts_from_1904))
        _remember(rows)
        return [[to_com(cell) for cell in row] for row in rows]

    return hosted(spec, module, call)


def _remember(rows: list[list[Scalar]]) -> None:
    """Keep the sentence of each error under its cell; the first one is the last error."""
    errors = [(down, right, cell) for down, row in enumerate(rows) for right, cell in enumerate(row)
              if isinstance(cell, CellError)]
    if errors:
        corner = _calling_place()
        for down, right, error in reversed(errors):
            SENTENCES.keep(corner and (corner[0], corner[1], corner[2] + down, corner[3] + right), error.sentence)


def _caller() -> Any:
    """The cell whose formula is being calculated, as COM gives it; something else when none is.

    xlwings hands the caller on only in a place of the argument list which the wrapper would have to leave free for
    it; it stands in the frame of ``call_udf`` all the same.
    """
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "call_udf":
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_locals.get("caller") if frame is not None else None


def _calling_place() -> Place | None:
    caller = _caller()
    try:
        sheet = caller.Worksheet
        return sheet.Parent.Name, sheet.Name, caller.Row, caller.Column
    except Exception:  # called from VBA or from Python, or Excel is busy
        return None


def _counts_from_1904() -> bool:
    """Whether the calling workbook's days count from 1904. Date cells arrive as dates; calculated days are numbers."""
    caller = _caller()
    try:
        return bool(caller.Worksheet.Parent.Date1904)
    except Exception:
        return False


def last_error(cell: Any = None) -> str:
    """The sentence of the last error, or of the error that ``cell`` (an xlwings range) shows now."""
    if cell is None:
        return SENTENCES.last
    corner = cell[0, 0]
    shown = from_com(corner.raw_value)
    if not isinstance(shown, CellError):
        return ""
    kept = SENTENCES.of((corner.sheet.book.name, corner.sheet.name, corner.row, corner.column))
    return kept or NotKept(code=shown.code).sentence()
