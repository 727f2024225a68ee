"""Values of KPI calls put where they belong: into their own cell, over a spill, or into scratch cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlkpi.errors import CellError
from xlkpi.workbook.engine import Cell, Engine
from xlkpi.workbook.formulas import Area
from xlkpi.workbook.grid import Grid
from xlkpi.workbook.model import Model, cells_of
from xlkpi.workbook.refs import MAX_COLUMN, MAX_ROW
from xlkpi.workbook.scratch import Scratch
from xlkpi.workbook.sites import Site


class Placer:
    """Collects values for the engine (``outbox``); ``spills`` says that some value covers other cells.

    ``resay`` is told a call whose value changed its size inside a formula: that formula has to read
    another range.
    """

    def __init__(self, model: Model, engine: Engine, grid: Grid, scratch: Scratch,
                 resay: Callable[[Site], None]) -> None:
        self.outbox: dict[Cell, Any] = {}
        self.spills = False
        self._model, self._engine, self._grid, self._scratch, self._resay = model, engine, grid, scratch, resay
        self._taken: dict[Cell, Site] = {}
        self._formulas = {formula.cell for formula in model.formulas}

    def sent(self) -> dict[Cell, Any]:
        """What was collected; the outbox is empty then."""
        outbox, self.outbox = self.outbox, {}
        return outbox

    def moving(self, sheet: str) -> None:
        self.spills = True
        self._grid.moving(sheet)

    def place(self, site: Site) -> None:
        """Hand a call's value to its cell or scratch cell."""
        sheet, row, column = site.target
        value = site.value
        if not site.whole:
            self._place_inside(site)
            return
        if site.array is not None:
            fitted = _fit(value, site.array)
            area = site.array
        else:
            fitted = value if isinstance(value, list) else [[value]]
            area = Area(sheet, row, column, row + len(fitted) - 1, column + len(fitted[0]) - 1)
            if not area.single and not self._free(site, area):
                site.value = CellError("#SPILL!")
                fitted, area = [[site.value]], Area(sheet, row, column, row, column)
            if not area.single:
                self.moving(sheet)
        before = site.area
        if before is not None and before != area:
            for cell in cells_of(sheet, before):
                if self._taken.get(cell) is site:
                    del self._taken[cell]
                    self._put(cell, None)
        site.area = area
        for line, cells_of_row in enumerate(fitted):
            for index, one in enumerate(cells_of_row):
                cell = (sheet, area.top + line, area.left + index)
                if not area.single:
                    self._taken[cell] = site
                self._put(cell, one)

    def _place_inside(self, site: Site) -> None:
        sheet, row, column = site.target
        value = site.value
        area = Area(sheet, row, column, row, column)
        if isinstance(value, list) and (len(value) > 1 or len(value[0]) > 1):
            if site.area is None or site.area.single or (
                    site.area.bottom - site.area.top + 1, site.area.right - site.area.left + 1) != (
                    len(value), len(value[0])):
                block = self._scratch.block(sheet, len(value), len(value[0]))
                if block is None:
                    value = site.value = CellError("#CALC!")
                else:
                    area = block
            else:
                area = site.area
        elif isinstance(value, list):
            value = value[0][0]
        changed = site.area != area if site.area is not None else not area.single
        site.area = area
        if changed:
            self._resay(site)
        for line, cells_of_row in enumerate(value if isinstance(value, list) else [[value]]):
            for index, one in enumerate(cells_of_row):
                self._put((sheet, area.top + line, area.left + index), one)

    def _put(self, cell: Cell, value: Any) -> None:
        self.outbox[cell] = value
        self._grid.put(cell, value)

    def _free(self, site: Site, area: Area) -> bool:
        """May the value of ``site`` spill over ``area``? Not over anything, nor inside a table or a merge."""
        sheet, row, column = site.target
        if area.bottom > MAX_ROW or area.right > MAX_COLUMN:
            return False
        if any(shape.holds(site.target) for shape in self._model.tables.values()):
            return False
        for merge in self._model.merged.get(sheet, []):
            if merge.top <= area.bottom and area.top <= merge.bottom and merge.left <= area.right \
                    and area.left <= merge.right:
                return False
        held = self._engine.read(sheet, area)
        for cell in cells_of(sheet, area):
            if cell == site.target or self._taken.get(cell) is site:
                continue
            if cell in self._formulas or cell in self._taken or held[cell[1] - row][cell[2] - column] is not None:
                return False
        return True


def _fit(value: Any, area: Area) -> list[list[Any]]:
    """A value in the fixed range of a legacy array formula: one row or column repeats, what is beyond is #N/A."""
    rows = value if isinstance(value, list) else [[value]]
    missing = CellError("#N/A")
    out = []
    for line in range(area.bottom - area.top + 1):
        source = rows[0] if len(rows) == 1 else rows[line] if line < len(rows) else None
        width = range(area.right - area.left + 1)
        out.append([missing if source is None else source[0] if len(source) == 1
                    else source[index] if index < len(source) else missing for index in width])
    return out
