"""The goals of a filled workbook, checked as they will be scored, each finding at its place."""

from __future__ import annotations

from dataclasses import replace

from xlkpi.cells import is_blank
from xlkpi.errors import Findings, KpiError, Problem, Where
from xlkpi.functions.totals import KPI_TOTAL
from xlkpi.platforms import Import
from xlkpi.scorecard.goals import read_goals
from xlkpi.scorecard.problems import MissingHeading, UnknownHeading
from xlkpi.terms import WEIGHT_MODES
from xlkpi.workbook.fill import Template
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.table import Table

TABLE = "goals"


class GoalWeights(Problem):
    zh = "{reason}"
    en = "{reason}"


class TooManyGoals(Problem):
    zh = "考核表只有 {room} 行，放不下 {goals} 个目标；请合并或删减目标"
    en = "the scorecard has {room} rows and cannot hold {goals} goals; merge or drop some"


def check(template: Template, source: Import | None) -> Findings:
    """What is wrong with the table ``goals``; nothing for a workbook without one that looks like ours.

    Findings stand at their row of the goals file they came from, else at their cell of the workbook.
    """
    table = next((one for name, one in template.book.tables.items() if name.casefold() == TABLE), None)
    if table is None:
        return Findings()
    rows = template.rows(table.name)
    found = Findings()
    goals = read_goals(rows, found)
    if any(isinstance(problem, MissingHeading) for problem in found):
        return Findings()  # a table of this name that holds something else
    if goals and not found.errors and _mode(template) == "strict":
        try:
            KPI_TOTAL([100.0] * len(goals), [goal.weight for goal in goals])
        except KpiError as error:
            found.append(GoalWeights(Where(), reason=error.sentence()))
    used = [place for place, row in enumerate(rows) if any(not is_blank(value) for value in row.values())]
    kept = Findings(problem for problem in found if not isinstance(problem, UnknownHeading))
    if kept and source is None:
        open_rows = _worked_out(template, table)
        kept = Findings(problem for problem in kept if problem.where.row not in open_rows
                        and not (open_rows and isinstance(problem, GoalWeights)))
    for problem in kept:
        problem.where = _place(problem.where, table, source, template.book.package.file)
    if source is not None:  # a cell that could not be read is one problem, not also a missing target
        told = {problem.where.row for problem in source.problems.errors}
        kept = Findings(problem for problem in kept if problem.where.row is None or problem.where.row not in told)
    room = _room(template)
    if room is not None and len(used) > room:
        kept.append(TooManyGoals(Where(file=template.book.package.file, table="scorecard"), goals=len(used), room=room))
    return kept if used else Findings()


def _worked_out(template: Template, table: Table) -> set[int]:
    """The rows that formulas give, from 1: their values are those of before this fill, and the form judges them."""
    body = range(table.first_row, table.last_row + 1)
    width = range(table.first_col, table.first_col + len(table.columns))
    return {cell.row - table.first_row + 1 for cell in template.book.formulas()
            if cell.sheet == table.sheet and cell.row in body and cell.col in width
            and not table.columns[cell.col - table.first_col].formula}


def _room(template: Template) -> int | None:
    """How many goals the workbook's scorecard has rows for, if it has one."""
    card = next((table for name, table in template.book.tables.items() if name.casefold() == "scorecard"), None)
    return None if card is None else card.last_row - card.first_row + 1


def _mode(template: Template) -> str:
    """The workbook's weight mode where it has such a parameter."""
    if not any(name.name.casefold() == "weight_mode" for name in template.book.defined_names):
        return "strict"
    word = str(template.value("weight_mode") or "strict").casefold()
    return next((choice.code for choice in WEIGHT_MODES if word in (choice.code, choice.zh, choice.en.casefold())),
                "strict")


def _place(where: Where, table: Table, source: Import | None, file: str | None) -> Where:
    if source is not None:
        row = where.row
        if row is not None and source.rows is not None and row <= len(source.rows):
            row = int(source.rows[row - 1])
        return replace(where, file=source.file, sheet=source.sources[0].sheet, table=None, row=row)
    names = [column.name for column in table.columns]
    if where.row is None:
        return replace(where, file=file, sheet=table.sheet, table=table.name)
    row = table.first_row + where.row - 1
    if where.column in names:
        cell = f"{column_letters(table.first_col + names.index(where.column))}{row}"
        return Where(file=file, sheet=table.sheet, cell=cell, column=where.column)
    return Where(file=file, sheet=table.sheet, row=row, column=where.column)
