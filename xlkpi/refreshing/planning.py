"""What a refresh will write and where, made once for both hosts. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from xlkpi import __version__, incoming
from xlkpi.errors import Findings, Where
from xlkpi.jobs import Progress
from xlkpi.refreshing import problems as found
from xlkpi.refreshing import sources
from xlkpi.refreshing.keeping import Body, keep
from xlkpi.workbook.table import Table


class Desk(Protocol):
    """A workbook as a refresh sees it, in a file or in Excel."""

    @property
    def file(self) -> str | None:
        """What findings call the workbook."""

    @property
    def path(self) -> Path | None:
        """Where it lies; None for one that was never saved."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name."""

    @property
    def version(self) -> str | None:
        """The version of xlkpi that built the workbook, if it says so."""

    @property
    def frozen(self) -> str | None:
        """When the workbook was frozen, if it was."""

    def body(self, table: Table, findings: Findings) -> Body:
        """The rows of a table; what stands in the way of replacing them goes to ``findings``."""


@dataclass
class TableChange:
    """The new rows of one table, and where rows with cell notes go (None: away)."""

    table: Table
    item: incoming.Incoming
    moves: dict[int, int | None] = field(default_factory=dict)


@dataclass
class Plan:
    """New rows by table, what to write behind each source, and everything that was found."""

    changes: dict[str, TableChange] = field(default_factory=dict)
    results: dict[tuple[str, int, int], str] = field(default_factory=dict)  # by sheet, row, column
    findings: Findings = field(default_factory=Findings)

    @property
    def incoming(self) -> dict[str, incoming.Incoming]:
        return {name: change.item for name, change in self.changes.items()}


def plan(desk: Desk, progress: Progress, as_of: date | None = None) -> Plan:
    """Read every source that the workbook names and match it with what is there."""
    done = Plan()
    findings = done.findings
    if newer(desk.version):
        findings.append(found.NewerTemplate(Where(file=desk.file), template=desk.version, package=__version__))
        return done
    if desk.frozen:
        findings.append(found.FrozenWorkbook(Where(file=desk.file), at=desk.frozen))
        return done
    tables = desk.tables
    there = tables.get(sources.TABLE)
    rows = sources.read(tables, None if there is None else desk.body(there, findings).rows, desk.file, findings)
    folder = desk.path.parent if desk.path is not None else None
    data: dict[tuple[str | None, str], None] = {}
    read: dict[int, int] = {}
    for row in rows:
        files = sources.expanded(row.source, row.where, folder, desk.path, findings)
        read[row.row] = len(files)
        data |= dict.fromkeys((row.table, file) for file in files)
    named = {file for table, file in data if table is not None}
    if not data:
        return done
    open_tables = {name: table for name, table in tables.items() if name != sources.TABLE}
    wanted = [file if table is None else (table, file) for table, file in data
              if table is not None or file not in named]
    came = incoming.gather(wanted, None, open_tables, findings, progress, as_of=as_of)
    for name, item in came.items():
        table = next((one for one in open_tables.values() if one.name.casefold() == name.casefold()), None)
        if table is None:
            findings.append(incoming.placeless(name, item, desk.file))
            continue
        before = len(findings.errors)
        kept = keep(table, desk.body(table, findings), item, desk.file, findings)
        if len(findings.errors) > before:  # what people typed would be lost: this table stays as it is
            continue
        done.changes[table.name] = TableChange(table, kept.item, kept.moves)
    place = sources.column_of(there, "result") if there is not None else None
    if there is not None and place is not None:
        for row_number, count in read.items():
            cell = (there.sheet, there.first_row + row_number, there.first_col + place)
            done.results[cell] = _result(count, there.columns[place].name)
    return done


def newer(version: str | None) -> bool:
    """Was a workbook built by a later version than this one?"""
    return version is not None and _numbers(version) > _numbers(__version__)


def _numbers(version: str) -> list[int]:
    return [int("".join(filter(str.isdigit, part)) or 0) for part in version.strip('="').split(".")]


def _result(count: int, heading: str) -> str:
    """When and how much was read, in the language of the column's heading."""
    files = f"file{'s' * (count != 1)}" if heading.isascii() else "个文件"
    return f"{datetime.now():%Y-%m-%d %H:%M} · {count} {files}"
