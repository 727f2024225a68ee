"""The whole job: files and frames into a workbook, calculated, with everything noticed on its audit sheet.

The command line, scripts and servers all go through :func:`fill` and :func:`calculate`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from xlkpi import assessed, audit, goalsheet, incoming, moving
from xlkpi.cells import is_blank
from xlkpi.errors import Findings, Problem, Refused, Where
from xlkpi.platforms import Import
from xlkpi.scorecard.goals import field_of
from xlkpi.workbook import openpyxl_books
from xlkpi.workbook.calculate import Result
from xlkpi.workbook.calculate import calculate as calculate_book
from xlkpi.workbook.fill import Template

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

OnError = Literal["refuse", "report"]
Book: TypeAlias = "str | os.PathLike[str] | bytes | Workbook"
Progress = Callable[..., None]


class EntriesCleared(Problem):
    level = "warning"
    zh = "这一列原有 {count} 个值而数据中没有这一列，填充后清空；要让手填的内容跟着行走，请用 xlkpi refresh"
    en = ("this column had {count} values and the data do not have it, so they are gone after the fill; xlkpi refresh "
          "keeps what was typed with its rows")


def _silent(stage: str, what: str = "") -> None:
    """No progress wanted."""


@dataclass
class Filled:
    """A filled workbook: ``template`` reads its values, ``problems`` are all findings, ``path`` where it was saved."""

    template: Template
    problems: Findings = field(default_factory=Findings)
    imports: dict[str, Import] = field(default_factory=dict)
    path: Path | None = None


def fill(book: Book, output: str | os.PathLike[str] | None = None, *, data: incoming.Data = (),
         goals: Any = None, inputs: Mapping[str, Any] | None = None, on_error: OnError = "refuse",
         as_of: date | None = None, calculate: bool = True, progress: Progress = _silent,
         mapping: Mapping[str, str] | None = None, since: Sequence[tuple[incoming.PathLike, date]] = ()) -> Filled:
    """Fill a workbook with data, calculate it and save it.

    Args:
        book: path, bytes or openpyxl ``Workbook`` (which is filled in place) of any ``.xlsx`` or ``.xlsm``.
        output: file to write; without it nothing is written and the result's ``template`` has the bytes.
        data: ``{table: frame}`` (any data frame, list of dicts or dict of columns), or sources: paths, or
            ``(table, path or frame)`` pairs. Platform exports are recognised by their columns.
        goals: goals file or frame for the table ``goals``.
        inputs: ``{"Sheet!B3": value}``, or defined names of single cells.
        on_error: ``"refuse"`` raises :class:`~xlkpi.errors.Refused` with every problem and writes nothing;
            ``"report"`` goes on and lists the problems on the audit sheet.
        as_of: the day that ``TODAY()`` means (default: today).
        calculate: whether formulas get their values.
        mapping: headings of files that no known layout fits: ``{"plays": "播放数"}``.
        since: works lists exported before the period, each with its day: the counters of the works in ``data``
            (exported on ``as_of``) become what came between the two.

    Returns:
        :class:`Filled` with the workbook, the findings and what was imported.
    """
    findings = Findings()
    template: Template | None = None
    try:
        template = Template.open(book)
    except Refused as refused:
        findings += refused.problems
    tables = incoming.gather(data, goals, template.book.tables if template is not None else None, findings, progress,
                             mapping, since, as_of)
    if template is None:
        raise Refused(findings)
    tables = incoming.with_place(tables, template.book.tables, findings)
    findings += _cleared(template, tables)
    carry_out(template, tables, inputs or {}, findings, on_error=on_error, as_of=as_of, calculate=calculate,
              progress=progress)
    if openpyxl_books.is_workbook(book):
        openpyxl_books.copy_back(template.tobytes(), book)
    return Filled(template, findings, imports_of(tables), save(template, output, progress))


def _cleared(template: Template, tables: Mapping[str, incoming.Incoming]) -> Iterator[Problem]:
    """What stands in columns that the data lack and is gone once the table has new rows."""
    for name, item in tables.items():
        own = template.book.tables.get(name) if item.lacking else None
        if own is None:
            continue
        kept = {column.name for column in own.columns if column.formula}
        if own.name.casefold() == goalsheet.TABLE:  # other goals replace those of before with all that belongs to them
            kept |= {column for column in item.lacking if field_of(column) != "actual"}
        rows = template.rows(own.name)
        for column in item.lacking:
            count = sum(not is_blank(row.get(column)) for row in rows)
            if count and column not in kept:
                yield EntriesCleared(Where(file=template.book.package.file, sheet=own.sheet, table=own.name,
                                           column=column), count=count)


def imports_of(tables: Mapping[str, incoming.Incoming]) -> dict[str, Import]:
    """What was read from files, by table."""
    return {name: table.source for name, table in tables.items() if table.source is not None}


def carry_out(template: Template, tables: Mapping[str, incoming.Incoming], inputs: Mapping[str, Any],
              findings: Findings, *, on_error: OnError = "refuse", as_of: date | None = None, calculate: bool = True,
              progress: Progress = _silent) -> None:
    """Write what came in into the workbook (in memory), check it, calculate it and stamp its audit sheet."""
    progress("filling")
    # Problems of the data are known by now; filling still runs, in memory only, so that all come at once.
    findings += template.fill({name: table.frame for name, table in tables.items()}, inputs, on_error="report")
    findings += goalsheet.check(template, tables["goals"].source if "goals" in tables else None)
    findings += assessed.check(template, tables, inputs)
    if on_error == "refuse":
        findings.refuse()
    imports = imports_of(tables)
    audit.write(template, imports, findings, as_of)
    if calculate:
        progress("calculating")
        result = template.calculate(as_of=as_of, on_error="report")
        findings += result.problems
        if on_error == "refuse":
            findings.refuse()
        if result.problems:
            audit.write(template, imports, findings, as_of)
        moving.write(template)


def calculate(book: Book, output: str | os.PathLike[str] | None = None, *, on_error: OnError = "refuse",
              as_of: date | None = None, progress: Progress = _silent) -> Filled | dict[tuple[str, int, int], Any]:
    """Calculate every formula of a workbook.

    A path is recalculated and saved (in place unless ``output`` is given). An openpyxl ``Workbook`` stays as
    it is and its values come back as ``{(sheet, row, column): value}``.
    """
    if openpyxl_books.is_workbook(book) and output is None:
        return dict(calculate_book(book, as_of=as_of, on_error=on_error).values)
    template = Template.open(book)
    progress("calculating")
    result: Result = template.calculate(as_of=as_of, on_error=on_error)
    moving.write(template)
    if output is None and isinstance(book, (str, os.PathLike)):
        output = book
    return Filled(template, result.problems, {}, save(template, output, progress))


def read_values(book: Book, sheet: str) -> list[list[Any]]:
    """The values a sheet shows, row by row, as they were last calculated. Dates are ``datetime``."""
    return Template.open(book).values(sheet)


def save(template: Template, output: str | os.PathLike[str] | None, progress: Progress = _silent) -> Path | None:
    """Write the workbook to ``output``, if there is one."""
    if output is None:
        return None
    progress("saving", str(output))
    template.save(output)
    return Path(output)


