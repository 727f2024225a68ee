"""The native calculation engine behind one small interface.

Everything that knows cellrune stands here: how a package is loaded, values and formulas are set,
the book is calculated and values are read. A cell that the engine cannot calculate, or that
depends on one, reads as :class:`Unavailable`, never as a number; that is what the lifting of KPI
calls relies on (:mod:`xlkpi.workbook.lift`).

The engine never reads the clock: the day that ``TODAY()`` means is given. ``RAND()`` and its kin
have no seed and so stay unavailable, on purpose: a figure that pay depends on is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Thread
from typing import Any

import cellrune

from xlkpi.errors import CellError
from xlkpi.workbook.formulas import Area, address, reference

# The package was checked against its own limits before it came here.
_READ_LIMITS: Any = {
    "max_archive_bytes": 1 << 31, "max_entries": 100_000, "max_entry_uncompressed_bytes": 1 << 31,
    "max_total_uncompressed_bytes": 1 << 32, "max_compression_ratio": 100_000, "max_total_cells": 1 << 26,
    "max_cells_per_sheet": 1 << 25, "max_shared_strings": 1 << 25, "max_total_shared_string_bytes": 1 << 31,
    "max_total_cell_text_bytes": 1 << 31, "max_total_formula_bytes": 1 << 30, "max_merged_ranges": 1 << 20,
}
_CALCULATION_LIMITS: Any = {"max_array_cells": 1 << 23, "max_dependency_edges": 1 << 24,
                            "max_function_iterations": 1 << 32}  # 24 words looked for in 300,000 works
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No value: the engine's code for why, and the function or text it stumbled over."""

    code: str
    detail: str = ""


class Pending(Unavailable):
    """Not calculated yet."""


PENDING = Pending("pending")
UNKNOWN_NAME = "calculation.unsupported_name"  # cells that depend on one see #NAME?, as in Excel

Value = None | float | str | bool | CellError | Unavailable
Cell = tuple[str, int, int]


class EngineError(Exception):
    """The engine refused the book or a formula; ``code`` and ``detail`` are its own words."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__()


_UNAVAILABLE: dict[tuple[str, str], Unavailable] = {}


def _value(raw: Mapping[str, Any]) -> Value:
    kind = raw["kind"]
    if kind in ("number", "text", "logical"):
        return raw["value"]  # type: ignore[no-any-return]
    if kind == "blank":
        return None
    if kind == "error":
        return CellError(raw["value"])
    key = (str(raw.get("code", kind)), str(raw.get("detail") or ""))
    return _UNAVAILABLE.setdefault(key, Unavailable(*key)) if len(_UNAVAILABLE) < 1024 else Unavailable(*key)


def _raw(value: Any) -> Any:
    if value is None:
        return {"kind": "blank"}
    if isinstance(value, bool):
        return {"kind": "logical", "value": value}
    if isinstance(value, (int, float)):
        return {"kind": "number", "value": float(value)}
    if isinstance(value, CellError):
        return {"kind": "error", "value": value.code}
    return {"kind": "text", "value": str(value)}


class _Working(Thread):
    """The engine at work on something; it does not keep Python from other work."""

    def __init__(self, verb: Callable[[], Any]) -> None:
        super().__init__()
        self._verb: Callable[[], Any] | None = verb
        self._found: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        assert self._verb is not None
        try:
            self._found = self._verb()
        except BaseException as error:  # told by whoever needs the result
            self._error = error
        finally:
            self._verb = None

    def result(self) -> Any:
        """What came out, or the error."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._found


def _read(package: bytes) -> tuple[Any, Any]:
    book = cellrune.Workbook.from_bytes(package, read_limits=_READ_LIMITS)
    return book, book.summary()


class Engine:
    """One book in the engine. Changes are collected and applied together by :meth:`calculate`.

    A package is read meanwhile: whatever needs the book waits for it, and says what is wrong with it.
    """

    def __init__(self, book: Callable[[], Any], today: float, said: Mapping[Cell, str] | None = None) -> None:
        self._opened = book
        self._today = today
        self._changes: list[Any] = []
        self._revision: int | None = None
        self._spilled: dict[Cell, Area] = {}
        self._dynamic = False
        self._said = dict(said or {})

    @classmethod
    def load(cls, package: bytes, today: float, said: Mapping[Cell, str] | None = None) -> Engine:
        """Read a workbook package. ``today`` is the serial of the day, in the book's own date system.

        ``said`` are formulas that the package has in place of the book's own; see :meth:`unsaid`.
        """
        return cls(_Working(partial(_read, package)).result, today, said)

    @classmethod
    def empty(cls, today: float, sheet: str = "Sheet1") -> Engine:
        """A new book with one empty sheet."""
        book = cellrune.Workbook.create()
        if not any(own["name"] == sheet for own in book.summary()["sheets"]):
            book.add_sheet(sheet)
        return cls(lambda: (book, book.summary()), today)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The book and what it holds."""
        return self._guard(self._opened)  # type: ignore[no-any-return]

    @property
    def _book(self) -> Any:
        return self._loaded[0]

    @property
    def _summary(self) -> Any:
        return self._loaded[1]

    @cached_property
    def sheets(self) -> dict[str, Area | None]:
        """The sheets and what is used of them."""
        return {own["name"]: reference(own["used_range"]) if own["used_range"] else None
                for own in self._summary["sheets"]}

    @cached_property
    def tables(self) -> set[str]:
        """The tables' names in lower case."""
        return {table["display_name"].casefold() for own in self._summary["sheets"] for table in own["tables"]}

    def used(self, sheet: str) -> Area | None:
        """What is used of a sheet."""
        return self.sheets.get(sheet)

    # ---- changing

    def set_formula(self, cell: Cell, formula: str, dynamic: bool) -> None:
        """Put ``=formula`` into a cell; a ``dynamic`` one spills as far as its value needs."""
        if self._said.pop(cell, None) == formula and not dynamic:
            return  # it is there
        self._dynamic = self._dynamic or dynamic
        self._changes.append({"kind": "set_formula", "sheet": cell[0], "address": address(cell[1], cell[2]),
                              "formula": f"={formula}", "dynamic_array": dynamic})

    def unsaid(self) -> list[Cell]:
        """The cells that the package has another formula in than the book, and that none was put into since."""
        return list(self._said)

    def clear(self, sheet: str, area: Area) -> None:
        """Take values and formulas out of every cell of ``area``."""
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                self._changes.append({"kind": "clear_cell", "sheet": sheet, "address": address(row, column)})

    def set_values(self, values: Mapping[Cell, Any]) -> None:
        """Make cells constants, whatever they held; None makes a cell blank."""
        self._changes += [{"kind": "set_value", "sheet": sheet, "address": address(row, column), "value": _raw(value)}
                          for (sheet, row, column), value in values.items()]

    def apply(self) -> None:
        """Make the collected changes; until the next calculation formulas read as they were saved."""
        if self._changes:
            changes, self._changes = self._changes, []
            now = self._summary["semantic_revision"] if self._revision is None else self._revision
            self._revision = self._guard(self._book.apply_changes, now, changes)["result_revision"]

    # ---- calculating and reading

    def calculate(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Apply what was changed and calculate what depends on it; ``meanwhile`` is done while the engine works."""
        self.apply()
        calculate = self._book.recalculate if self._dynamic else self._book.calculate
        verb: Callable[[], Any] = partial(calculate, today_serial=float(int(self._today)), now_serial=self._today,
                                          calculation_limits=_CALCULATION_LIMITS)
        if meanwhile is not None:
            work = _Working(verb)
            try:
                meanwhile()
            finally:
                work.join()
            verb = work.result
        delta = self._guard(verb)
        if not self._dynamic:
            return
        for entry in delta["changed_cells"]:
            if entry["origin"] == "dynamic_spill" and entry["range"]:
                anchor = entry["anchor"] or entry["cell"]
                area = reference(entry["range"])
                first = reference(anchor["address"])
                if area is not None and first is not None:
                    self._spilled[anchor["sheet_name"], first.top, first.left] = area

    def spill(self, cell: Cell) -> Area:
        """How far the dynamic formula in ``cell`` reached when it was last calculated."""
        _, row, column = cell
        return self._spilled.get(cell, Area(None, row, column, row, column))

    def read(self, sheet: str, area: Area) -> list[list[Value]]:
        """The values of a rectangle, as rows."""
        width = area.right - area.left + 1
        rows: list[list[Value]] = []
        step = max(1, _CHUNK // width)
        for top in range(area.top, area.bottom + 1, step):
            bottom = min(area.bottom, top + step - 1)
            raw = self._guard(self._book.read_values, sheet, address(top, area.left), address(bottom, area.right))
            rows += [[_value(cell) for cell in line] for line in raw]
        return rows

    def column(self, sheet: str, column: int, top: int, bottom: int) -> list[Value]:
        """The values of one column's rows ``top`` to ``bottom``."""
        return [row[0] for row in self.read(sheet, Area(None, top, column, bottom, column))]

    def precedents(self, cell: Cell) -> list[tuple[str, Area]]:
        """The rectangles that the formula in ``cell`` reads directly, as far as the engine knows."""
        try:
            entries = self._book.precedents(cell[0], address(cell[1], cell[2]))["entries"]
        except cellrune.CellRuneError:
            return []
        found = ((entry["sheet_name"], reference(entry["range"])) for entry in entries)
        return [(sheet, area) for sheet, area in found if area is not None]

    def reads(self, cell: Cell) -> list[Area] | None:
        """The rectangles that the formula in ``cell`` reads directly; None when values decide what it reads."""
        found: list[Area] = []
        page: Any = {"next_offset": 0}
        while page["next_offset"] is not None:
            try:
                page = self._book.precedents(cell[0], address(cell[1], cell[2]), offset=page["next_offset"])
            except cellrune.CellRuneError:
                return None
            for entry in page["entries"]:
                area = reference(entry["range"])
                if area is None or entry["kind"] != "value":
                    return None
                found.append(area._replace(sheet=entry["sheet_name"]))
            if page["dynamic"]:
                return None
        return found

    def close(self) -> None:
        """Give back what the book takes; nobody waits for it."""
        Thread(target=self._close).start()

    def _close(self) -> None:
        with suppress(EngineError):
            self._book.close()

    @staticmethod
    def _guard(verb: Any, *args: Any, **options: Any) -> Any:
        try:
            return verb(*args, **options)
        except cellrune.CellRuneError as error:
            raise EngineError(error.code, f"{error} {error.details.get('detail') or ''}".strip()) from None
