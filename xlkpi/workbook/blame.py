"""Why cells have no value: the formulas at the root of it, circles, and how many more wait for them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping

from xlkpi.errors import Findings, Problem
from xlkpi.workbook.engine import Cell, Unavailable
from xlkpi.workbook.formulas import Area, area_address
from xlkpi.workbook.lift import Lift, shown
from xlkpi.workbook.model import Formula
from xlkpi.workbook.scratch import in_scratch
from xlkpi.workbook.sites import Site
from xlkpi.workbook.uncalculated import (
    BadFormula,
    Blocked,
    CannotCalculate,
    CircularReference,
    DataTable,
    ExternalLink,
    RandomValue,
    TooLarge,
    UnknownName,
    UnlikeExcel,
)

_WAITING = ("calculation.blocked_by_upstream", "calculation.circular_reference", "pending")
_SAID = ("XLKPI_NO_VALUE", "lambda", "not portable", "datatable")


def problems(lift: Lift, missing: Mapping[Cell, Unavailable]) -> Findings:
    """One problem for each root, one for each circle, one for everything that waits for them."""
    found = Findings()
    formulas = {formula.cell: formula for formula in lift.model.formulas}
    said = {(problem.where.sheet, problem.where.cell) for problem in lift.problems}
    waiting: list[Cell] = []
    for cell, reason in sorted(missing.items()):
        formula = formulas.get(cell)
        if formula is None:
            continue  # inside an array, told with its first cell
        place = lift.where(cell)
        if (place.sheet, place.cell) in said:
            continue
        root = _root(formula, reason)
        if root is None and cell in lift.quirks.guarded and not _reads_missing(lift, cell, missing):
            found.append(UnlikeExcel(place, formula=formula.text))
        elif root is None:
            waiting.append(cell)
        else:
            found.append(_problem(lift, formula, root))
    circles = _circles(lift, formulas, missing)
    told: set[Cell] = set()
    for circle in circles:
        told.update(circle)
        found.append(CircularReference(lift.where(circle[0]), cells=shown(circle)))
    rest = [cell for cell in waiting if cell not in told]
    if rest:
        found.append(Blocked(lift.where(rest[0]), count=len(rest), cells=shown(rest)))
    return found


def _reads_missing(lift: Lift, cell: Cell, missing: Mapping[Cell, Unavailable]) -> bool:
    """Does the formula wait for another one?"""
    return any(area.top <= row <= area.bottom and area.left <= column <= area.right
               for sheet, area in lift.engine.precedents(cell) if not in_scratch(area)
               for other, row, column in missing if other == sheet)


def _root(formula: Formula, reason: Unavailable) -> Unavailable | None:
    """The reason if it lies in this formula itself, None if it waits for another cell."""
    for site in formula.sites:
        for arg in site.args:
            own = arg.helper.values if arg.helper is not None else None
            if isinstance(own, Unavailable) and own.code not in _WAITING and own.detail not in _SAID:
                return own
    if formula.sites and formula.sites[0].whole:
        return None
    if reason.code in _WAITING or reason.detail in _SAID or reason.code in _SAID:
        return None
    return reason


def _problem(lift: Lift, formula: Formula, reason: Unavailable) -> Problem:
    where, text, detail = lift.where(formula.cell), formula.text, reason.detail
    kind = reason.code.rpartition(".")[2]
    if reason.code == "datatable":
        return DataTable(where, ref=area_address(formula.ref) if formula.ref else where.cell)
    if kind == "volatile_input_missing":
        return RandomValue(where, formula=text)
    if re.search(r"\[\d+\]|\[[^\]]+\.xl\w+\]", detail):
        return ExternalLink(where, formula=text, function=detail)
    if kind == "parse_error":
        return BadFormula(where, formula=text, reason=detail)
    if kind == "unsupported_name":
        return UnknownName(where, formula=text, function=detail)
    if detail.startswith("max_"):
        return TooLarge(where, formula=text)
    return CannotCalculate(where, formula=text, function=detail or kind.replace("_", " "))


def _circles(lift: Lift, formulas: Mapping[Cell, Formula], missing: Mapping[Cell, Unavailable]) -> list[list[Cell]]:
    """Groups of cells without value that depend on each other, each in the order of the sheet."""
    nodes = sorted(cell for cell in missing if cell in formulas)
    scratch = {site.target: site.home for site in lift.sites if not site.whole}
    columns: dict[tuple[str, int], list[int]] = {}
    for sheet, row, column in [*nodes, *scratch]:
        columns.setdefault((sheet, column), []).append(row)
    for rows in columns.values():
        rows.sort()

    def within(area: Area) -> list[Cell]:
        out: list[Cell] = []
        wide = range(area.left, area.right + 1)
        for (sheet, column), rows in columns.items():
            if sheet == area.sheet and column in wide:
                at = bisect_left(rows, area.top)
                while at < len(rows) and rows[at] <= area.bottom:
                    cell = (sheet, rows[at], column)
                    out.append(scratch.get(cell, cell))
                    at += 1
        return out

    def reads(cell: Cell) -> list[Cell]:
        formula = formulas[cell]
        out: list[Cell] = []
        for site in formula.sites:
            if not site.done:
                out += _site_reads(lift, site, within)
        if formula.lifted is None:
            for sheet, area in lift.engine.precedents(cell):
                out += [one for one in within(area._replace(sheet=sheet))
                        if one != cell or not in_scratch(area)]
        return [one for one in out if one in missing and one in formulas]

    edges = {cell: reads(cell) for cell in nodes}
    groups = _components(edges)
    return [sorted(group) for group in groups if len(group) > 1 or group[0] in edges[group[0]]]


def _site_reads(lift: Lift, site: Site, within: object) -> list[Cell]:
    look = within
    assert callable(look)
    out: list[Cell] = []
    for test in site.guard.tests if site.guard is not None else ():
        sheet, row, column = test.cell
        out += look(Area(sheet, row, column, row, column))
    for arg in site.args:
        if arg.cell is not None:
            sheet, row, column = arg.cell
            out += look(Area(sheet, row, column, row, column))
        elif arg.area is not None:
            out += look(arg.area)
        elif arg.pick is not None:
            out += look(arg.pick.line)
            if not isinstance(arg.pick.number, int):
                sheet, row, column = arg.pick.number
                out += look(Area(sheet, row, column, row, column))
        elif arg.helper is not None:
            for sheet, area in lift.engine.precedents(arg.helper.cell):
                if not in_scratch(area):
                    out += look(area._replace(sheet=sheet))
    return out


def _components(edges: Mapping[Cell, list[Cell]]) -> list[list[Cell]]:
    """Strongly connected components (Tarjan), without recursion."""
    index: dict[Cell, int] = {}
    low: dict[Cell, int] = {}
    stack: list[Cell] = []
    on_stack: set[Cell] = set()
    groups: list[list[Cell]] = []
    for start in edges:
        if start in index:
            continue
        work: list[tuple[Cell, int]] = [(start, 0)]
        while work:
            cell, at = work.pop()
            if at == 0:
                index[cell] = low[cell] = len(index)
                stack.append(cell)
                on_stack.add(cell)
            descended = False
            for position in range(at, len(edges[cell])):
                child = edges[cell][position]
                if child not in index:
                    work += [(cell, position + 1), (child, 0)]
                    descended = True
                    break
                if child in on_stack:
                    low[cell] = min(low[cell], index[child])
            if descended:
                continue
            if low[cell] == index[cell]:
                group: list[Cell] = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    group.append(member)
                    if member == cell:
                        break
                groups.append(group)
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[cell])
    return groups
