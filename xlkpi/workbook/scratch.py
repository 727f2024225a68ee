"""Room on a sheet where no workbook has anything: for values of KPI calls and helper formulas.

It exists in the engine's copy only. It lies on the formula's own sheet, so that references without
a sheet, names of the sheet and INDIRECT mean there what they mean in the formula; and far down in
the last columns, so that references to whole rows and columns do not meet it.
"""

from __future__ import annotations

from xlkpi.workbook.formulas import Area
from xlkpi.workbook.refs import MAX_COLUMN, MAX_ROW

Cell = tuple[str, int, int]

FIRST_ROW = 600_001
_VALUES = MAX_COLUMN  # one cell each, downward
HELPERS = MAX_COLUMN - 64  # one cell each, downward; a helper that spills moves to a tier with room
_TIERS = ((512, 64), (MAX_ROW - FIRST_ROW, 64))  # rows and columns of a place


def in_scratch(area: Area) -> bool:
    """Does the area lie in that room?"""
    return area.top > 600_000 and area.left > 4_000


class Scratch:
    """Hands out places, each once."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._helpers: dict[str, int] = {}
        self._wide: dict[tuple[str, int], tuple[int, int]] = {}
        self._left: dict[str, int] = {}

    def value(self, sheet: str) -> Cell:
        """A cell for one value."""
        row = self._values.get(sheet, FIRST_ROW)
        self._values[sheet] = row + 1
        return sheet, row, _VALUES

    def helper(self, sheet: str) -> Cell:
        """A cell for a formula that most likely has one value."""
        row = self._helpers.get(sheet, FIRST_ROW)
        self._helpers[sheet] = row + 1
        return sheet, row, HELPERS

    def helpers(self) -> dict[str, int]:
        """How many helper cells each sheet has, from ``FIRST_ROW`` on in the column ``HELPERS``."""
        return {sheet: row - FIRST_ROW for sheet, row in self._helpers.items()}

    def roomy(self, sheet: str, tier: int) -> Cell | None:
        """The corner of a free block, small (tier 0) or as large as it gets (tier 1); None when none is left."""
        height, width = _TIERS[tier]
        row, left = self._wide.get((sheet, tier), (MAX_ROW, 0))
        if row + height > MAX_ROW or not left:
            left = self._left.get(sheet, HELPERS - 64) - width
            if left < MAX_COLUMN // 4:
                return None
            self._left[sheet] = left
            row = FIRST_ROW
        self._wide[sheet, tier] = (row + height, left)
        return sheet, row, left

    def block(self, sheet: str, rows: int, columns: int) -> Area | None:
        """A free rectangle of that size."""
        tier = 0 if rows <= _TIERS[0][0] and columns <= _TIERS[0][1] else 1
        if columns > _TIERS[tier][1] or rows > _TIERS[tier][0]:
            return None
        corner = self.roomy(sheet, tier)
        if corner is None:
            return None
        _, top, left = corner
        return Area(sheet, top, left, top + rows - 1, left + columns - 1)
