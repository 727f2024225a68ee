"""Refreshing a workbook file without Excel."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from xlkpi import jobs
from xlkpi.errors import Findings, Where
from xlkpi.freezing import PREFIX as FREEZES
from xlkpi.jobs import OnError, Progress, _silent
from xlkpi.platforms import Import
from xlkpi.refreshing import problems as found
from xlkpi.refreshing.keeping import Body
from xlkpi.refreshing.planning import plan
from xlkpi.workbook import docprops, notes
from xlkpi.workbook.columnformulas import column_formulas
from xlkpi.workbook.fill import Template
from xlkpi.workbook.problems import RowExceptionLost
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.table import Table


@dataclass
class Refreshed:
    """A refreshed workbook file: all findings, what was read by table, and where it was saved."""

    template: Template
    problems: Findings
    imports: dict[str, Import]
    path: Path


def refresh(book: str | os.PathLike[str], output: str | os.PathLike[str] | None = None, *,
            on_error: OnError = "refuse", as_of: date | None = None, progress: Progress = _silent) -> Refreshed:
    """Refresh a workbook file from the sources named in its table ``sources`` and save it.

    Tables that a source gives are replaced; what people typed (inputs, columns of their own, cell notes)
    stays, with its row. With an error nothing is written and :class:`~xlkpi.errors.Refused` has every
    problem; ``on_error="report"`` goes on and lists them on the audit sheet.

    Args:
        book: path of the ``.xlsx`` or ``.xlsm``; paths of sources are relative to its folder.
        output: another file to write; by default the workbook itself, replaced when all is written.
        as_of: the day that ``TODAY()`` means (default: today).
    """
    path = Path(book)
    findings = Findings()
    lock = path.with_name(f"~${path.name}")
    if output is None and lock.exists():
        findings.append(found.OpenInExcel(Where(file=path.name), lock=lock.name))
    progress("checking")
    desk = FileDesk(Template.open(path), path)
    made = plan(desk, progress, as_of)
    findings += made.findings
    template = desk.template
    if not made.changes:
        findings.refuse()
    for name, change in made.changes.items():  # before the rows change: notes stand on those of before
        notes.move(template.book, template.book.table(name), change.moves)
    inputs = {f"{_quoted(sheet)}!{column_letters(col)}{row}": text for (sheet, row, col), text in made.results.items()}
    jobs.carry_out(template, made.incoming, inputs, findings, on_error=on_error, as_of=as_of, progress=progress)
    target = Path(output) if output is not None else path
    jobs.save(template, target, progress)
    return Refreshed(template, findings, jobs.imports_of(made.incoming), target)


class FileDesk:
    """A workbook file as a refresh sees it."""

    def __init__(self, template: Template, path: Path) -> None:
        self.template, self.path, self.file = template, path, template.book.package.file

    @property
    def tables(self) -> Mapping[str, Table]:
        return self.template.book.tables

    @cached_property
    def version(self) -> str | None:
        return next((name.text.strip('="') for name in self.template.book.defined_names
                     if name.name.casefold() == "xlkpi_version"), None)

    @property
    def frozen(self) -> str | None:
        return docprops.read(self.template.book.package).get(f"{FREEZES}at")

    def body(self, table: Table, findings: Findings) -> Body:
        book = self.template.book
        xml = book.xml(book.sheet(table.sheet).part)
        columns, exceptions = column_formulas(xml, table, self.file)
        findings += [found.OverrideInTheWay(one.where, **one.facts) if isinstance(one, RowExceptionLost) else one
                     for one in exceptions]
        names = [column.name for column in table.columns]
        formulas = {(cell.row - table.first_row, names[cell.col - table.first_col]): cell.text
                    for cell in book.formulas() if cell.sheet == table.sheet
                    and table.first_row <= cell.row <= table.last_row
                    and 0 <= cell.col - table.first_col < len(names) and cell.col - table.first_col not in columns}
        return Body(self.template.rows(table.name), frozenset(names[place] for place in columns), formulas,
                    {(row - table.first_row, names[col - table.first_col]): text
                     for (row, col), text in notes.texts(book, table).items()})


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
