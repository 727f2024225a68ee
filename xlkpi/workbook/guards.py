"""``IF(A1="","",KPI_X(…))``: a call that a cell makes only when what it needs is there.

Most calls of a workbook stand behind such a test. It is read here together with the call's arguments, so that
the cell gets its value at once and the next call may use it: the engine has to calculate neither the test nor
one more round for it. Any other test around a call is the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xlkpi.errors import CellError
from xlkpi.workbook.engine import Cell, Unavailable
from xlkpi.workbook.formulas import Call
from xlkpi.workbook.grid import Grid
from xlkpi.workbook.reader import Reader

_CELL = (r"(?:[^\W\d][\w.]*\[\[#This Row\],\[(?:[^\[\]'@#]|'.)+\]\]"
         r"|(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}|[^\W\d][\w.]*)")
_TEST = rf'(?:{_CELL}=""|N\({_CELL}\)<[0-9]+(?:\.[0-9]+)?)'
_GUARD = re.compile(rf'IF\((?:(?P<one>{_TEST})|OR\((?P<some>{_TEST}(?:,{_TEST})*)\)),"",')
_PARTS = re.compile(rf'(?P<blank>{_CELL})=""|N\((?P<number>{_CELL})\)<(?P<least>[0-9.]+)')


@dataclass(frozen=True, slots=True)
class Test:
    """``cell=""``, or ``N(cell)<least``."""

    cell: Cell
    least: float | None = None

    def holds(self, value: Any) -> Any:
        """True or False, the error in the cell, or that it has no value yet."""
        if isinstance(value, (Unavailable, CellError)):
            return value
        if self.least is None:
            return value is None or value == ""
        return (float(value) if isinstance(value, (int, float)) else 0.0) < self.least


@dataclass(frozen=True, slots=True)
class Guard:
    """The tests, one of which is enough."""

    tests: tuple[Test, ...]

    def instead(self, grid: Grid) -> Any:
        """What the cell shows without the call, None where the call decides, or that this is not known yet.

        As OR does, every cell is looked at and the first error is the answer.
        """
        found = [test.holds(grid.cell(*test.cell)) for test in self.tests]
        for kind in (Unavailable, CellError):
            for one in found:
                if isinstance(one, kind):
                    return one
        return "" if any(found) else None


def guard_of(formula: str, call: Call, home: Cell, reader: Reader) -> Guard | None:
    """The guard before a call that is all the rest of its formula."""
    match = _GUARD.fullmatch(formula[:call.start])
    if match is None or formula[call.end:] != ")":
        return None
    tests: list[Test] = []
    for text, least in _tests(match["one"] or match["some"]):
        area = reader.place(text, home)
        if area is None or not area.single:
            return None
        tests.append(Test((str(area.sheet), area.top, area.left), least))
    return Guard(tuple(tests))


def _tests(text: str) -> Iterator[tuple[str, float | None]]:
    for match in _PARTS.finditer(text):
        yield (match["blank"], None) if match["blank"] else (match["number"], float(match["least"]))
