"""What the KPI calls read: values of cells, fetched from the engine a column piece at a time.

Every place that a call reads is announced first (:meth:`Grid.want`), so that thousands of single
cells become a few reads. Pieces without formulas are read once; the others again after each
calculation (:meth:`Grid.refresh`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

from xlkpi.workbook.engine import PENDING, Cell, Engine, Value
from xlkpi.workbook.formulas import Area

_GAP = 64


class _Piece:
    """Rows ``top`` to ``bottom`` of one column."""

    __slots__ = ("bottom", "live", "top", "values")

    def __init__(self, top: int, bottom: int) -> None:
        self.top, self.bottom = top, bottom
        self.live = False
        self.values: list[Value] | None = None


class Grid:
    """Values by cell. ``formulas`` are the cells whose value has to be calculated."""

    def __init__(self, engine: Engine, formulas: Collection[Cell]) -> None:
        self._engine = engine
        self._wanted: dict[tuple[str, int], set[tuple[int, int]]] = {}
        self._pieces: dict[tuple[str, int], list[_Piece]] = {}
        self._tops: dict[tuple[str, int], list[int]] = {}
        self._rows: dict[tuple[str, int], list[int]] = {}
        self._known: dict[tuple[str, int], dict[int, Value]] = {}
        self._moving: set[str] = set()
        self._calculated = False
        for sheet, row, column in formulas:
            self._rows.setdefault((sheet, column), []).append(row)
        for rows in self._rows.values():
            rows.sort()

    def moving(self, sheet: str) -> None:
        """Say that values spill on ``sheet``: cells without a formula may change too."""
        if sheet not in self._moving:
            self._moving.add(sheet)
            for (own, _), pieces in self._pieces.items():
                if own == sheet:
                    for piece in pieces:
                        piece.live, piece.values = True, None

    def want(self, area: Area) -> None:
        """Announce that ``area`` will be read."""
        for column in range(area.left, area.right + 1):
            self._wanted.setdefault((str(area.sheet), column), set()).add((area.top, area.bottom))

    def want_cell(self, sheet: str, row: int, column: int) -> None:
        self._wanted.setdefault((sheet, column), set()).add((row, row))

    def settle(self) -> None:
        """Make pieces of what was announced."""
        for key, spans in self._wanted.items():
            pieces: list[_Piece] = []
            for top, bottom in sorted(spans | {(piece.top, piece.bottom) for piece in self._pieces.get(key, [])}):
                if pieces and top <= pieces[-1].bottom + _GAP:
                    pieces[-1].bottom = max(pieces[-1].bottom, bottom)
                else:
                    pieces.append(_Piece(top, bottom))
            rows = self._rows.get(key, [])
            for piece in pieces:
                at = bisect_right(rows, piece.top - 1)
                piece.live = key[0] in self._moving or (at < len(rows) and rows[at] <= piece.bottom)
            self._pieces[key] = pieces
            self._tops[key] = [piece.top for piece in pieces]
        self._wanted.clear()

    def refresh(self) -> None:
        """The engine has calculated: what may have changed is read anew."""
        self._calculated = True
        self._known.clear()
        for pieces in self._pieces.values():
            for piece in pieces:
                if piece.live:
                    piece.values = None

    def put(self, cell: Cell, value: Value) -> None:
        """A cell has got its value before the engine calculates again."""
        self._known.setdefault((cell[0], cell[2]), {})[cell[1]] = value
        piece = self._piece(cell[0], cell[2], cell[1])
        if piece is not None and piece.values is not None:
            piece.values[cell[1] - piece.top] = value

    def _piece(self, sheet: str, column: int, row: int) -> _Piece | None:
        key = (sheet, column)
        tops = self._tops.get(key)
        if tops is None:
            return None
        at = 0 if len(tops) == 1 else bisect_right(tops, row) - 1
        piece = self._pieces[key][at]
        return piece if piece.top <= row <= piece.bottom else None

    def _values(self, sheet: str, column: int, row: int) -> tuple[list[Value], int]:
        piece = self._piece(sheet, column, row)
        if piece is None:
            raise LookupError(f"{sheet} column {column} row {row} was not announced")
        if piece.values is None:
            values = self._engine.column(sheet, column, piece.top, piece.bottom)
            if piece.live and not self._calculated:
                rows = self._rows.get((sheet, column), [])
                for at in range(bisect_right(rows, piece.top - 1), bisect_right(rows, piece.bottom)):
                    values[rows[at] - piece.top] = PENDING
            for known, value in self._known.get((sheet, column), {}).items():
                if piece.top <= known <= piece.bottom:
                    values[known - piece.top] = value
            piece.values = values
        return piece.values, piece.top

    def cell(self, sheet: str, row: int, column: int) -> Value:
        pieces = self._pieces.get((sheet, column))
        if pieces and len(pieces) == 1:  # most columns; asked for very often
            piece = pieces[0]
            if piece.values is not None and piece.top <= row <= piece.bottom:
                return piece.values[row - piece.top]
        values, top = self._values(sheet, column, row)
        return values[row - top]

    def area(self, area: Area) -> list[list[Value]]:
        """The values of a rectangle as rows."""
        columns = []
        for column in range(area.left, area.right + 1):
            values, top = self._values(str(area.sheet), column, area.top)
            columns.append(values[area.top - top:area.bottom - top + 1])
        return [list(row) for row in zip(*columns, strict=True)]
