"""The table of sources on the parameters sheet → what there is to read."""

from __future__ import annotations

import glob
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlkpi.cells import is_blank
from xlkpi.errors import Findings, Where, did_you_mean
from xlkpi.platforms import databases
from xlkpi.platforms.mapping import SUFFIX
from xlkpi.platforms.sources import split
from xlkpi.refreshing import problems as found
from xlkpi.templates.words import table as words
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.table import Table

TABLE = "sources"
COLUMNS = {"source": ("来源",), "table": ("表", "表名"), "result": ("结果",)}  # by code, further headings
ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".json", ".html", ".htm", ".parquet")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the table: its place in the body (from 0), what is written there, and the table it belongs to."""

    row: int
    source: str
    table: str | None
    where: Where


def column_of(table: Table, code: str) -> int | None:
    """The place of a column of ``sources`` by its code or its heading in either language."""
    names = {code, *COLUMNS[code], *(word.casefold() for word in words()[f"{TABLE}.{code}"])}
    return next((place for place, column in enumerate(table.columns) if column.name.strip().casefold() in names), None)


def read(tables: Mapping[str, Table], rows: Sequence[Mapping[str, Any]] | None, file: str | None,
         findings: Findings) -> list[SourceRow]:
    """The rows that name a source; ``rows`` are those of the table (None: the workbook has no such table)."""
    if rows is None:
        findings.append(found.NoSourcesTable(Where(file=file)))
        return []
    table = tables[TABLE]
    place = column_of(table, "source")
    if place is None:
        known = ", ".join(column.name for column in table.columns)
        findings.append(found.NoSourceColumn(Where(file=file, sheet=table.sheet, table=TABLE), known=known))
        return []
    names = {code: table.columns[at].name for code in COLUMNS if (at := column_of(table, code)) is not None}
    given = []
    for number, row in enumerate(rows):
        text = row.get(names["source"])
        if is_blank(text):
            continue
        cell = f"{column_letters(table.first_col + place)}{table.first_row + number}"
        where = Where(file=file, sheet=table.sheet, cell=cell)
        wanted = row.get(names.get("table", ""))
        name = None if is_blank(wanted) else _table(str(wanted).strip(), tables, where, findings)
        if name != "":
            given.append(SourceRow(number, str(text).strip(), name, where))
    if not given and not findings.errors:
        findings.append(found.NoSources(Where(file=file, sheet=table.sheet, table=TABLE)))
    return given


def _table(wanted: str, tables: Mapping[str, Table], where: Where, findings: Findings) -> str:
    """A table by its name, or by the sheet on which it stands alone; ``""`` with a problem where there is none."""
    for name in tables:
        if name.casefold() == wanted.casefold():
            return name
    there = [name for name, table in tables.items() if table.sheet.casefold() == wanted.casefold()]
    if len(there) == 1:
        return there[0]
    known = [name for name in tables if name != TABLE]
    findings.append(found.SourceTableUnknown(where, table=wanted, hint=did_you_mean(wanted, known),
                                             known=", ".join(known)))
    return ""


def expanded(source: str, where: Where, folder: Path | None, own: Path | None, findings: Findings) -> list[str]:
    """The files or addresses that ``source`` stands for, as it is written at ``where``.

    Paths are relative to ``folder``; ``own`` is the workbook, which is no data of its own.
    """
    text = os.path.expanduser(source.strip('"'))
    if databases.is_address(text):
        return [_address(text, folder)]
    if os.sep == "/" and "\\" in text and not Path(text).exists():
        text = text.replace("\\", "/")
    if folder is None and not os.path.isabs(text):
        findings.append(found.NoFolder(where, source=source))
        return []
    whole = os.path.join(folder or "", text)
    path, asked = split(whole)
    if path.is_file():
        return [f"{path}#{_asked(asked, folder)}" if asked else str(path)]
    if path.is_dir():
        files = sorted(path.iterdir())
    elif glob.has_magic(text):
        files = sorted(Path(found_) for found_ in glob.glob(whole, recursive=True))
    else:
        findings.append(found.SourceMissing(where, source=source, folder=str(folder or "")))
        return []
    chosen = [file for file in files if _is_data(file, own, where, findings)]
    if not chosen:
        findings.append(found.NothingMatches(where, source=source, folder=str(folder or "")))
    return [str(file) for file in chosen]


def _address(text: str, folder: Path | None) -> str:
    """A database address whose file and query file are taken from the workbook's folder."""
    address, mark, asked = text.partition("#")
    head = "sqlite:///"
    if address.startswith(head) and folder is not None and not os.path.isabs(address[len(head):]):
        address = head + (folder / address[len(head):]).as_posix()
    return address + mark + _asked(asked, folder)


def _asked(asked: str, folder: Path | None) -> str:
    if asked.strip().startswith("@") and folder is not None:
        return "@" + os.path.join(folder, asked.strip()[1:])
    return asked


def _is_data(file: Path, own: Path | None, where: Where, findings: Findings) -> bool:
    """Of a folder or a pattern: data files, not locks of open workbooks, not the workbook itself or its like."""
    if not file.is_file() or file.name.startswith(("~$", ".")) or file.name.endswith(SUFFIX):
        return False
    if file.suffix.casefold() not in ENDINGS or (own is not None and own.exists() and file.samefile(own)):
        return False
    if _is_ours(file):
        findings.append(found.OwnWorkbookLeftOut(where, file=file.name))
        return False
    return True


def _is_ours(file: Path) -> bool:
    """A workbook built from one of our templates: it says so in its defined names."""
    try:
        with zipfile.ZipFile(file) as package:
            return b'"xlkpi_version"' in package.read("xl/workbook.xml")
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
