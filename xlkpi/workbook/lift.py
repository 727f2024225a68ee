"""KPI calls lifted out of a book: evaluated by us, handed to the engine as values.

To the engine a KPI call is a cell without a value yet, and whatever depends on it is without a
value too, unless it does not need it (``IF`` takes the other branch). So every round evaluates the
calls whose arguments have values, hands over what came out, and lets the engine calculate again,
until a round brings nothing new. A call is evaluated once, as in Excel; only where values spill may
cells change afterwards, and then calls whose arguments changed are evaluated again.

* A call that is all of its formula: the cell becomes its value and spills if that is an array.
* A call inside a formula: the formula reads a scratch cell (:mod:`xlkpi.workbook.scratch`) instead.
* An argument that is an expression: the engine calculates it in a scratch cell of its own. A blank
  cell that the expression hands on (``INDEX``, ``IF``, ``XLOOKUP`` …) stays blank, it is not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from xlkpi.errors import CellError, Findings, Where
from xlkpi.registry import UnknownFunction, find
from xlkpi.workbook.engine import PENDING, Cell, Engine, Unavailable, Value
from xlkpi.workbook.formulas import Area, Call, SyntaxFound, address, area_address, calls, may_call, whole
from xlkpi.workbook.grid import Grid
from xlkpi.workbook.guards import Guard, guard_of
from xlkpi.workbook.model import Formula, Model, cells_of, target_of
from xlkpi.workbook.placing import Placer
from xlkpi.workbook.quirks import Quirks, touched
from xlkpi.workbook.reader import NotPortable, Reader, suspect
from xlkpi.workbook.scratch import FIRST_ROW, HELPERS, Scratch
from xlkpi.workbook.sites import Argument, Helper, Site, read_argument, refused
from xlkpi.workbook.uncalculated import (
    CannotCalculate,
    DataTable,
    FormulaSyntax,
    InsideLambda,
    UnknownCall,
    Unsettled,
)

MOST_ROUNDS = 200
_NO_VALUE = "XLKPI_NO_VALUE()"  # a function the engine does not know: the cell stays unavailable


class Lift:
    """The calculation of one book."""

    def __init__(self, model: Model, engine: Engine) -> None:
        self.model, self.engine = model, engine
        self.problems = Findings()
        self.sites: list[Site] = []
        self.helpers: list[Helper] = []
        self.rounds = 0
        self.said: dict[Cell, str] = {}  # formulas that the engine has to read otherwise than they stand
        self._scratch = Scratch()
        self._read_before: dict[tuple[str, object], Argument] = {}
        sheets = model.sheets if model.sheets is not None else list(engine.sheets)
        self._reader = Reader(model.tables, model.names, engine.used,
                              {spelled: name for name in sheets for spelled in (name, name.casefold())})
        self._formulas = {formula.cell: formula for formula in model.formulas}
        self.quirks = Quirks(self._reader, engine, self._formulas, self._scratch, model.stored)
        self._own = {name.upper() for _, name in model.names if name.upper().startswith("KPI_")}
        self._prepare()

    # ---- before the first round

    def _prepare(self) -> None:
        covered: set[Cell] = set()
        for formula in self.model.formulas:
            if formula.kind == "array" and formula.ref is not None:
                covered.update(cells_of(formula.cell[0], formula.ref))
        self.grid = Grid(self.engine, self._formulas.keys() | covered)
        self._placer = Placer(self.model, self.engine, self.grid, self._scratch, self._resay)
        for formula in self.model.formulas:
            if formula.kind == "normal" and _as_it_is(formula.text, self._reader.bare_table):
                continue
            if formula.kind == "datatable":
                self._data_table(formula)
                continue
            found = self._calls(formula) if may_call(formula.text) else ()
            if formula.kind == "dynamic":
                self._unspill(formula)
            if found:
                self._lift(formula, found)
            else:
                self._native(formula)
        for site in self.sites:
            for test in site.guard.tests if site.guard is not None else ():
                self.grid.want_cell(*test.cell)
            for arg in site.args:
                if arg.area is not None:
                    self.grid.want(arg.area)
                elif arg.cell is not None:
                    self.grid.want_cell(*arg.cell)
                elif arg.pick is not None:
                    self.grid.want(arg.pick.line)
                    if not isinstance(arg.pick.number, int):
                        self.grid.want_cell(*arg.pick.number)
        self.grid.settle()
        for cell in self.engine.unsaid():
            self.engine.set_formula(cell, self._formulas[cell].text, dynamic=False)

    def _native(self, formula: Formula) -> None:
        """A formula without KPI calls is the engine's own, unless it would read it wrongly."""
        text = self._said(formula, formula.text)
        if formula.kind == "dynamic" or text != formula.text:
            self._set(formula, text)

    def _said(self, formula: Formula, text: str) -> str:
        """The text as the engine has to read it."""
        try:
            return self.quirks.said(self._reader.qualified(text, formula.cell), formula.cell, formula.kind != "normal")
        except SyntaxFound:
            return text  # the engine says what is wrong
        except NotPortable as stop:
            self.problems.append(CannotCalculate(self.where(formula.cell), formula=formula.text, function=stop.what))
            return _NO_VALUE

    def _set(self, formula: Formula, text: str) -> None:
        if formula.kind == "array" and formula.ref is not None:
            self._rewrite_array(formula.ref, formula.cell[0], text)
            return
        dynamic = formula.kind == "dynamic" or formula.grown
        self.engine.set_formula(formula.cell, text, dynamic=dynamic)
        if dynamic:
            self._placer.moving(formula.cell[0])
        else:
            self.said[formula.cell] = text

    def _calls(self, formula: Formula) -> tuple[Call, ...]:
        try:
            found = calls(formula.text)
        except SyntaxFound as stop:
            self.problems.append(FormulaSyntax(self.where(formula.cell), formula=formula.text, piece=stop.piece,
                                               position=stop.position))
            return ()
        return tuple(call for call in found if call.name not in self._own)

    def _data_table(self, formula: Formula) -> None:
        """Its cells hold what Excel once calculated; nobody may read that as if it were current."""
        sheet = formula.cell[0]
        area = formula.ref or Area(sheet, formula.cell[1], formula.cell[2], formula.cell[1], formula.cell[2])
        self.problems.append(DataTable(self.where(formula.cell), ref=area_address(area)))
        for cell in cells_of(sheet, area):
            self.engine.set_formula(cell, _NO_VALUE, dynamic=False)

    def _unspill(self, formula: Formula) -> None:
        """Take the saved values of a spilled range away: it is as large as it will turn out."""
        ref = formula.ref
        if ref is not None and not ref.single:
            self.engine.clear(formula.cell[0], ref)

    def _lift(self, formula: Formula, found: tuple[Call, ...]) -> None:
        alone = len(found) == 1 and whole(formula.text, found[0])
        guard = guard_of(formula.text, found[0], formula.cell, self._reader) if (
            not alone and len(found) == 1 and formula.kind == "normal") else None
        alone = alone or guard is not None
        for call in found:
            self._site(formula, call, alone, guard)
        if not alone:
            self._rewrite(formula)

    def _site(self, formula: Formula, call: Call, alone: bool, guard: Guard | None = None) -> Site:
        home = formula.cell
        target = home if alone else self._scratch.value(home[0])
        site = Site(call, None, home, target, alone, formula.ref if alone and formula.kind == "array" else None,
                    guard)
        inner = {nested.start: self._site(formula, nested, False) for nested in call.inner
                 if nested.name not in self._own}
        formula.sites.append(site)
        if alone:
            formula.sites = [site, *formula.sites[:-1]]
        self.sites.append(site)
        try:
            site.spec = find(call.name)
        except UnknownFunction as error:
            self.problems.append(UnknownCall(self.where(home), function=call.name, hint=error.facts["hint"],
                                             formula=formula.text))
            refused(site, error.as_cell())
        else:
            if any(around.name.upper().endswith("LAMBDA") for around in call.within):
                self.problems.append(InsideLambda(self.where(home), formula=formula.text, function=call.name))
                site.spec, site.value = None, Unavailable("lambda")
            else:
                self._arguments(site, formula, inner)
        return site

    def _arguments(self, site: Site, formula: Formula, inner: Mapping[int, Site]) -> None:
        texts = {(own.call.start, own.call.end): target_of(own) for own in inner.values()}
        for text, span in zip(site.call.args, site.call.spans, strict=True):
            own = inner.get(span[0])
            own = own if own is not None and own.call.end == span[1] else None
            key = text, (site.home[:2] if "#" in text else site.home[0])
            if own is None and (arg := self._read_before.get(key)) is not None:
                site.args.append(arg)
                continue

            def helper(span: tuple[int, int] = span) -> Helper:
                words = self.quirks.said(self._reader.portable(formula.text, *span, site.call, site.home, texts),
                                          site.home, True)
                made = Helper(f'IF(ISBLANK({words}),"",{words})', self._scratch.helper(site.home[0]))
                self.engine.set_formula(made.cell, made.text, dynamic=True)
                self.helpers.append(made)
                return made

            try:
                arg = read_argument(text, site.home, self._reader, helper, own)
            except NotPortable as stop:
                self.problems.append(CannotCalculate(self.where(site.home), formula=formula.text, function=stop.what))
                site.spec, site.value, site.args = None, Unavailable("not portable"), []
                return
            site.args.append(arg)
            if own is None and arg.helper is None and text[:1] != "[" and "@" not in text:
                self._read_before[key] = arg  # read alike all over the sheet, or the row

    def _rewrite(self, formula: Formula) -> None:
        """Put the scratch cells in the place of the calls."""
        top = [site for site in formula.sites if not site.whole and self._outermost(site, formula)]
        text, at = "", 0
        for site in sorted(top, key=lambda one: one.call.start):
            text += formula.text[at:site.call.start] + target_of(site)
            at = site.call.end
        text += formula.text[at:]
        self._set(formula, self._said(formula, text))

    @staticmethod
    def _outermost(site: Site, formula: Formula) -> bool:
        return not any(other is not site and other.call.start <= site.call.start
                       and site.call.end <= other.call.end for other in formula.sites)

    def _rewrite_array(self, ref: Area, sheet: str, text: str) -> None:
        """A legacy array keeps its size: each cell takes its element from a helper that spills freely."""
        corner = self._scratch.roomy(sheet, 0) or self._scratch.helper(sheet)
        self.engine.set_formula(corner, text, dynamic=True)
        spilled = f"_xlfn.ANCHORARRAY({address(corner[1], corner[2])})"
        self.engine.clear(sheet, ref)
        for _, row, column in cells_of(sheet, ref):
            down, right = row - ref.top + 1, column - ref.left + 1
            inside = f"INDEX({spilled},IF(ROWS({spilled})=1,1,{down}),IF(COLUMNS({spilled})=1,1,{right}))"
            beyond = (f"OR(AND(ROWS({spilled})>1,{down}>ROWS({spilled})),"
                      f"AND(COLUMNS({spilled})>1,{right}>COLUMNS({spilled})))")
            self.engine.set_formula((sheet, row, column), f"IF({beyond},NA(),{inside})", dynamic=False)

    # ---- the rounds

    def run(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Calculate until nothing changes; ``meanwhile`` is done during the first calculation, the long one."""
        self._evaluate()
        for site in self.sites:
            if not site.whole and not site.done:
                self.engine.set_formula(site.target, _NO_VALUE, dynamic=False)
        while True:
            self.rounds += 1
            self.engine.set_values(self._placer.sent())
            self.engine.calculate(meanwhile if self.rounds == 1 else None)
            self.grid.refresh()
            moved = self._read_helpers()
            self._evaluate()
            if not self._placer.outbox and not moved:
                return
            if self.rounds >= MOST_ROUNDS:
                restless = sorted({site.home for site in self.sites if site.target in self._placer.outbox})
                self.problems.append(Unsettled(self.where(restless[0]) if restless else None, rounds=self.rounds,
                                               cells=shown(restless)))
                return

    def _read_helpers(self) -> bool:
        """Fetch the helpers' values; one that had no room to spill is moved. True if any was."""
        moved = False
        packed: dict[str, list[Value]] = {}
        for sheet, count in self._scratch.helpers().items():
            packed[sheet] = self.engine.column(sheet, HELPERS, FIRST_ROW, FIRST_ROW + count - 1)
        for helper in self.helpers:
            sheet, row, column = helper.cell
            area = self.engine.spill(helper.cell)
            value: Any
            if area.single and column == HELPERS:
                value = packed[sheet][row - FIRST_ROW]
            else:
                value = self.engine.read(sheet, area)
                value = value[0][0] if area.single else value
            if isinstance(value, CellError) and value.code == "#SPILL!" and helper.tier < 1:
                helper.tier += 1
                place = self._scratch.roomy(sheet, helper.tier)
                if place is not None:
                    self.engine.clear(sheet, Area(sheet, row, column, row, column))
                    helper.cell, value, moved = place, PENDING, True
                    self.engine.set_formula(place, helper.text, dynamic=True)
            if isinstance(value, list):
                value = next((one for line in value for one in line if isinstance(one, Unavailable)), value)
            helper.values = value
        return moved

    def _evaluate(self) -> None:
        """Evaluate every call whose arguments have values, as long as that gives others theirs."""
        waiting = [site for site in self.sites if self._placer.spills or not site.done]
        progress = True
        while progress and waiting:
            progress = False
            left: list[Site] = []
            for site in waiting:
                values = site.gather(self.grid)
                if isinstance(values, Unavailable):
                    left.append(site)
                    continue
                mark = hash(repr(values)) if self._placer.spills else 0
                if not site.done or mark != site.used:
                    site.evaluate(values, self.model.date1904)
                    site.used = mark
                    self._placer.place(site)
                    progress = True
            waiting = left

    def _resay(self, site: Site) -> None:
        """The value of a call inside a formula has another size: whoever reads it reads another range."""
        formula = self._formulas[site.home]
        if formula.lifted is None:
            formula.grown = formula.grown or (formula.kind == "normal" and not any(
                shape.holds(formula.cell) for shape in self.model.tables.values()))
            self._rewrite(formula)
        for other in formula.sites:
            inner = {own.call: own for own in formula.sites}
            texts = {(call.start, call.end): target_of(inner[call]) for call in other.call.inner if call in inner}
            if not texts:
                continue
            for arg, span in zip(other.args, other.call.spans, strict=False):
                if arg.helper is not None:
                    words = self.quirks.said(self._reader.portable(formula.text, *span, other.call, other.home, texts),
                                              other.home, True)
                    text = f'IF(ISBLANK({words}),"",{words})'
                    if text != arg.helper.text:
                        arg.helper.text, arg.helper.values = text, PENDING
                        self.engine.set_formula(arg.helper.cell, text, dynamic=True)

    @property
    def spilled(self) -> bool:
        """Is there an array, or a value that covers more than its own cell?"""
        return self._placer.spills or any(formula.kind != "normal" or formula.grown for formula in self.model.formulas)

    # ---- afterwards

    def where(self, cell: Cell) -> Where:
        return Where(file=self.model.file, sheet=cell[0], cell=address(cell[1], cell[2]))


@lru_cache(maxsize=16384)
def _as_it_is(formula: str, bare_table: str) -> bool:
    """Does the engine read the formula as it stands, as it does most? Looked up once for a formula."""
    return not (may_call(formula) or suspect(formula, bare_table) or touched(formula))


def shown(some: Iterable[Cell], most: int = 8) -> str:
    """Cells as a reader finds them: ``goals!B3, goals!B4, …``."""
    listed = list(some)
    words = ", ".join(f"{sheet}!{address(row, column)}" for sheet, row, column in listed[:most])
    return words + (" …" if len(listed) > most else "")
