"""One KPI call in one cell: where its arguments come from and where its value goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from xlkpi import cells
from xlkpi.errors import CellError
from xlkpi.spec import FunctionSpec
from xlkpi.workbook.engine import PENDING, Cell, Unavailable
from xlkpi.workbook.formulas import Area, Call, NotLiteral, literal
from xlkpi.workbook.grid import Grid
from xlkpi.workbook.guards import Guard
from xlkpi.workbook.reader import Pick, Reader
from xlkpi.workbook.refs import MAX_COLUMN, MAX_ROW, column_number


@dataclass(slots=True)
class Helper:
    """An argument that is an expression: the engine calculates it in a scratch cell."""

    text: str
    cell: Cell
    tier: int = -1
    values: Any = PENDING


@dataclass(slots=True)
class Argument:
    """Where one argument comes from; exactly one of the fields after ``constant`` is set, or none."""

    constant: Any = None
    cell: Cell | None = None
    area: Area | None = None
    pick: Pick | None = None
    site: Site | None = None
    helper: Helper | None = None

    def value(self, grid: Grid) -> Any:
        """What is there now: a scalar, rows of scalars, or that something in it has no value yet."""
        value: Any
        if self.cell is not None:
            return grid.cell(*self.cell)
        if self.area is not None:
            value = grid.area(self.area)
        elif self.pick is not None:
            value = self.pick.value(grid)
        elif self.site is not None:
            return self.site.value
        elif self.helper is not None:
            return self.helper.values
        else:
            return self.constant
        if isinstance(value, list):
            for row in value:
                for one in row:
                    if isinstance(one, Unavailable):
                        return one
        return value


@dataclass(frozen=True, slots=True)
class Instead:
    """A value that is there without a call."""

    value: Any


@dataclass(slots=True)
class Site:
    """One KPI call. ``target`` holds its value: its own cell when the call is all of the formula (but for a
    ``guard``), a scratch cell otherwise. ``area`` is what the value fills at present, ``used`` marks the
    argument values it was made from."""

    call: Call
    spec: FunctionSpec | None
    home: Cell
    target: Cell
    whole: bool
    array: Area | None = None
    guard: Guard | None = None
    args: list[Argument] = field(default_factory=list)
    value: Any = PENDING
    used: int | None = None
    area: Area | None = None
    _lacking: int = 0  # the argument that was not there when they were last asked for

    @property
    def done(self) -> bool:
        return self.used is not None

    def gather(self, grid: Grid) -> tuple[Any, ...] | Instead | Unavailable:
        """The argument values, or the first that is not there yet; or what the cell shows without a call."""
        values: list[Any] = []
        if self.guard is not None:
            value = self.guard.instead(grid)
            if value is not None:
                return value if isinstance(value, Unavailable) else Instead(value)
        if self.spec is None:
            return self.value if isinstance(self.value, Unavailable) else Instead(self.value)
        if self._lacking:  # most likely it still is not there
            value = self.args[self._lacking].value(grid)
            if isinstance(value, Unavailable):
                return value
        for at, arg in enumerate(self.args):
            value = arg.value(grid)
            if isinstance(value, Unavailable):
                self._lacking = at
                return value
            values.append(value)
        return tuple(values)

    def evaluate(self, values: tuple[Any, ...] | Instead, date1904: bool) -> None:
        """Call the function; its value is a scalar or rows of scalars."""
        if isinstance(values, Instead):
            self.value = values.value
        elif self.spec is not None:
            self.value = cells.call(self.spec, *values, date1904=lambda: date1904)


# ---------------------------------------------------------------- reading argument texts

_ONE_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


def read_argument(text: str, home: Cell, reader: Reader, helper: Callable[[], Helper],
                  site: Site | None = None) -> Argument:
    """Decide where an argument comes from; ``helper`` is asked only for a true expression."""
    if site is not None:
        return Argument(site=site)
    if not text:
        return Argument()
    plain = _ONE_CELL.fullmatch(text)
    if plain is not None:
        row, column = int(plain[2]), column_number(plain[1])
        if row <= MAX_ROW and column <= MAX_COLUMN:
            return Argument(cell=(home[0], row, column))
    pick = reader.pick(text, home) if text[:6].upper() == "INDEX(" else None
    if pick is not None:
        return Argument(pick=pick)
    if text.endswith("]") and text[0] != "@":  # a structured reference, as most arguments of a table's formulas
        area = reader.place(text, home)
    else:
        try:
            return Argument(constant=literal(text))
        except NotLiteral:
            pass
        area = reader.intersection(text, home) or reader.place(text, home)
    if area is None:
        return Argument(helper=helper())
    if area.single and ":" not in text:
        return Argument(cell=(str(area.sheet), area.top, area.left))
    return Argument(area=area)


def refused(site: Site, error: CellError) -> None:
    """The call has this error for a value whatever its arguments are."""
    site.spec, site.value, site.args = None, error, []
