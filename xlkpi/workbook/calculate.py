"""Calculate a workbook without Excel.

:func:`calculate` writes every formula's value into the book, :func:`calculate_values` only says
them, :func:`evaluate` answers one formula. What cannot be calculated is a problem with its cell:
by default nothing is written then; with ``on_error="report"`` the rest is, and cells without a
value get ``#N/A`` (``#NAME?`` for a name that is not there) in place of the number they showed,
for that number is stale.

``TODAY()`` and ``NOW()`` mean ``as_of``, or this machine's today. Random functions have no value.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias, cast

from xlkpi import language
from xlkpi.cells import to_serial
from xlkpi.errors import CellError, Findings, Refused, Where
from xlkpi.workbook import blame
from xlkpi.workbook.book import Book
from xlkpi.workbook.engine import UNKNOWN_NAME, Cell, Engine, EngineError, Unavailable
from xlkpi.workbook.formulas import Area, reference
from xlkpi.workbook.lift import Lift
from xlkpi.workbook.model import Formula, Model
from xlkpi.workbook.openpyxl_books import as_bytes, is_workbook
from xlkpi.workbook.reading import Columns
from xlkpi.workbook.settled import held, learn
from xlkpi.workbook.slim import shapes_of, slim
from xlkpi.workbook.spills import make_dynamic
from xlkpi.workbook.uncalculated import BadFormula, EngineRefused, FormulaSyntax, TableUnread

if TYPE_CHECKING:
    from openpyxl import Workbook

OnError = Literal["refuse", "report"]
Meanwhile: TypeAlias = Callable[[Literal["reading", "calculating"]], None]
Scalar = float | str | bool | CellError
Source: TypeAlias = "Book | str | os.PathLike[str] | bytes | BinaryIO | Workbook"


@dataclass(slots=True)
class Result:
    """What a calculation came to.

    ``values`` are the formula cells and the cells they spill over, by (sheet, row, column) counted
    from 1. ``spills`` are the sizes (rows, columns) of dynamic arrays by their first cell;
    ``newly_dynamic`` are those whose formulas were stored as ordinary ones.
    ``sentences`` explain the error values that KPI calls gave. ``problems`` is everything that
    could not be calculated.
    """

    values: dict[Cell, Scalar] = field(default_factory=dict)
    spills: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    sentences: dict[Cell, str] = field(default_factory=dict)
    problems: Findings = field(default_factory=Findings)
    newly_dynamic: list[Cell] = field(default_factory=list)
    calls: int = 0
    rounds: int = 0


def calculate(source: Source, *, as_of: date | None = None, on_error: OnError = "refuse",
              meanwhile: Meanwhile | None = None) -> Result:
    """Calculate every formula; a :class:`Book` gets the values written into it.

    ``meanwhile`` is called while the engine works and Python has little to do; it may only read the book.

    A path, bytes, an open file or an openpyxl ``Workbook`` is only read. Raises
    :class:`~xlkpi.errors.Refused` with all problems unless ``on_error`` is ``"report"``.
    """
    book = open_book(source)
    result = _run(book, as_of, meanwhile)
    if on_error == "refuse":
        result.problems.refuse()
    if isinstance(source, Book):
        make_dynamic(book, result.newly_dynamic)
        book.set_cached(result.values, result.spills)
    return result


def calculate_values(source: Source, *, as_of: date | None = None,
                     on_error: OnError = "refuse") -> dict[Cell, Scalar]:
    """The values of all formula cells as ``{(sheet, row, column): value}``; ``source`` stays as it is."""
    result = _run(open_book(source), as_of)
    if on_error == "refuse":
        result.problems.refuse()
    return result.values


def evaluate(formula: str, cells: Source | None = None, *, sheet: str | None = None,
             as_of: date | None = None) -> Any:
    """The value of one formula: a scalar, rows of scalars, or a :class:`CellError` with its sentence.

    ``cells`` is the book that references read (its own formulas are calculated first), ``sheet``
    the one they mean when they name none (default: the first). Raises ``Refused`` for a formula
    that cannot be read or calculated.
    """
    text = formula.strip().removeprefix("=").strip()
    book = open_book(cells) if cells is not None else None
    home = _home(book, sheet)
    asked = Formula(home, text, "dynamic")
    engine, model = _load(book, as_of)
    model.formulas.append(asked)
    try:
        try:
            lift = _lift(engine, model)
            lift.run()
        except EngineError as error:
            raise Refused(BadFormula(formula=text, reason=error.detail)) from None
        unread = [problem for problem in lift.problems if isinstance(problem, FormulaSyntax)
                  and (problem.where.sheet, problem.where.cell) == (home[0], lift.where(home).cell)]
        if unread:
            raise Refused([_bare(problem) for problem in unread])
        value = _answer(lift, asked)
        if isinstance(value, Unavailable):
            findings = blame.problems(lift, {home: value})
            mine = [problem for problem in findings if problem.where.cell is not None]
            raise Refused([_bare(problem) for problem in mine or findings])
        return value
    finally:
        engine.close()


def _bare(problem: Any) -> Any:
    problem.where = Where()
    return problem


def open_book(source: Source) -> Book:
    """A :class:`Book` for any source; an openpyxl ``Workbook`` is saved to memory first."""
    if isinstance(source, Book):
        return source
    return Book.open(as_bytes(source) if is_workbook(source) else cast("str | bytes | BinaryIO", source))


def _home(book: Book | None, sheet: str | None) -> Cell:
    """A cell that no book uses, on the sheet the formula means."""
    if book is None:
        return sheet or "Sheet1", 590_001, 8_000
    return (book.sheet(sheet).name if sheet else book.sheets[0].name), 590_001, 8_000


def _serial(as_of: date | None, date1904: bool) -> float:
    if as_of is None:
        return to_serial(datetime.now().replace(microsecond=0), date1904)
    return to_serial(as_of, date1904)


def _load(book: Book | None, as_of: date | None) -> tuple[Engine, Model]:
    if book is None:
        return Engine.empty(_serial(as_of, False)), Model([])
    shapes, known = shapes_of(book), held(book)
    engine = Engine.load(slim(book, shapes, known.sheets), _serial(as_of, book.date1904), known.said)
    formulas = [Formula(cell, one.text, one.kind, reference(one.ref) if one.ref else None)
                for one in book.formulas() if (cell := (one.sheet, one.row, one.col)) not in known.results]
    names = {(name.sheet.casefold() if name.sheet else None, name.name.casefold()): name.text.removeprefix("=")
             for name in book.defined_names}
    model = Model(formulas, shapes, names, _Merges(book), book.date1904, book.package.file,
                  [sheet.name for sheet in book.sheets], _stored(book), known.results)
    return engine, model


def _lift(engine: Engine, model: Model) -> Lift:
    """The calculation, prepared while the engine still reads."""
    lift = Lift(model, engine)
    unknown = [shape for key, shape in model.tables.items() if key not in engine.tables]
    for shape in unknown:  # its references would silently come out as #NAME?
        if any(shape.name.casefold() in formula.text.casefold() or shape.holds(formula.cell)
               for formula in model.formulas):
            raise Refused(TableUnread(Where(file=model.file, sheet=shape.sheet, table=shape.name)))
    engine.apply()
    return lift


def _stored(book: Book) -> Callable[[str, int], Mapping[int, object]]:
    """The values that cells of a book hold, a column at a time."""
    sheets: dict[str, Columns] = {}

    def column(sheet: str, column: int) -> Mapping[int, object]:
        if sheet not in sheets:
            sheets[sheet] = Columns(book, sheet)
        return sheets[sheet].column(column)

    return column


class _Merges(dict[str, list[Area]]):
    """Merged ranges by sheet, looked up when a value wants to spill."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book

    def get(self, sheet: str, default: Any = None) -> Any:
        part = self._book.sheet(sheet).part
        return [Area(sheet, one.first_row, one.first_col, one.last_row, one.last_col)
                for one in self._book.xml(part).merged]


def _run(book: Book, as_of: date | None, meanwhile: Meanwhile | None = None) -> Result:
    engine, model = _load(book, as_of)
    try:
        if meanwhile is not None:
            meanwhile("reading")
        lift = _lift(engine, model)
        lift.run(meanwhile and partial(meanwhile, "calculating"))
        result = _collect(lift)
        learn(lift, book, result.values)
        return result
    except EngineError as error:
        raise Refused(EngineRefused(Where(file=model.file), reason=error.detail)) from None
    finally:
        engine.close()


def _collect(lift: Lift) -> Result:
    """The final values of every formula cell, and what is wrong with those that have none."""
    result = Result(dict(lift.model.settled), problems=lift.problems, calls=len(lift.sites), rounds=lift.rounds)
    missing: dict[Cell, Unavailable] = {}
    spans: dict[tuple[str, int], list[int]] = {}
    for formula in lift.model.formulas:
        sheet, row, column = formula.cell
        site = formula.lifted
        area = None
        if site is not None:
            area = site.area if site.done else formula.ref if formula.kind == "array" else None
            _note(result, site.home, site.value)
        elif formula.kind == "dynamic" or formula.grown:
            area = lift.engine.spill(formula.cell)
        elif formula.kind in ("array", "datatable"):
            area = formula.ref
        ordinary_spill = formula.kind == "normal" and area is not None and not area.single
        if ordinary_spill:
            result.newly_dynamic.append(formula.cell)
        if formula.kind == "dynamic" or ordinary_spill:
            size = (area.bottom - area.top + 1, area.right - area.left + 1) if area else (1, 1)
            result.spills[formula.cell] = size
        if area is None or area.single:
            spans.setdefault((sheet, column), []).append(row)
        elif formula.kind != "datatable":
            for line, values in enumerate(lift.engine.read(sheet, area)):
                for index, value in enumerate(values):
                    _store(result, missing, (sheet, area.top + line, area.left + index), value)
        else:
            _store(result, missing, formula.cell, Unavailable("datatable"))
    for (sheet, column), rows in spans.items():
        for run in _runs(sorted(rows)):
            values = lift.engine.column(sheet, column, run[0], run[-1])
            for row in run:
                _store(result, missing, (sheet, row, column), values[row - run[0]])
    if missing:
        result.problems.extend(blame.problems(lift, missing))
    return result


def _store(result: Result, missing: dict[Cell, Unavailable], cell: Cell, value: Any) -> None:
    if isinstance(value, Unavailable):
        missing[cell] = value
        value = CellError("#NAME?" if value.code == UNKNOWN_NAME else "#N/A", _no_value())
    result.values[cell] = 0.0 if value is None else value


def _no_value() -> str:
    return "无法计算，见问题清单" if language.current() == "zh" else "not calculated; see the problems"


def _note(result: Result, cell: Cell, value: Any) -> None:
    """Keep the sentence of an error that a KPI call gave."""
    first = value[0][0] if isinstance(value, list) and value and value[0] else value
    if isinstance(first, CellError) and first.sentence:
        result.sentences[cell] = first.sentence


def _runs(rows: list[int], gap: int = 64) -> list[list[int]]:
    """Rows in stretches that are read together."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row <= runs[-1][-1] + gap:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _answer(lift: Lift, asked: Formula) -> Any:
    """The value of the formula that was asked for."""
    site = asked.lifted
    if site is not None:
        return site.value
    area = lift.engine.spill(asked.cell)
    rows = lift.engine.read(asked.cell[0], area)
    for row in rows:
        for value in row:
            if isinstance(value, Unavailable):
                return value
    if area.single:
        value = rows[0][0]
        if isinstance(value, CellError):
            for own in asked.sites:
                if isinstance(own.value, CellError) and own.value == value:
                    return own.value
        return value
    return rows
