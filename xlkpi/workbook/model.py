"""What a calculation has to know of a book besides its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from xlkpi.errors import CellError
from xlkpi.workbook.engine import Cell
from xlkpi.workbook.formulas import Area, area_address
from xlkpi.workbook.sites import Site
from xlkpi.workbook.structured import Shape


@dataclass(slots=True)
class Formula:
    """One formula cell; ``ref`` is the range of an array, spilled or data-table formula.

    ``grown`` marks an ordinary formula with an array from a KPI call inside: it is calculated as a
    dynamic one, so that ``=KPI_X(A1:A9)*2`` spills as ``=KPI_X(A1:A9)`` does.
    """

    cell: Cell
    text: str
    kind: str = "normal"
    ref: Area | None = None
    sites: list[Site] = field(default_factory=list)
    grown: bool = False

    @property
    def lifted(self) -> Site | None:
        """The call that is all of this formula, if it is one."""
        return self.sites[0] if self.sites and self.sites[0].whole else None


@dataclass(slots=True)
class Model:
    """What a calculation has to know of a book besides its cells."""

    formulas: list[Formula]
    tables: Mapping[str, Shape] = field(default_factory=dict)
    names: Mapping[tuple[str | None, str], str] = field(default_factory=dict)
    merged: Mapping[str, list[Area]] = field(default_factory=dict)
    date1904: bool = False
    file: str | None = None
    sheets: list[str] | None = None  # None: those of the engine
    stored: Callable[[str, int], Mapping[int, object]] | None = None  # a column's values by row; None: ask the engine
    settled: Mapping[Cell, float | str | bool | CellError] = field(default_factory=dict)  # results that hold


def target_of(site: Site) -> str:
    """What a formula reads in the place of the call."""
    return area_address(site.area or Area(None, site.target[1], site.target[2], site.target[1], site.target[2]))


def cells_of(sheet: str, area: Area) -> Iterable[Cell]:
    """Every cell of a rectangle, row by row."""
    return ((sheet, row, column) for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1))
