"""What reading a file found, as facts: recognised as what and why, rows, gaps, totals, what must not be summed.

The words are said by whoever shows it; here are numbers, codes and headings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from xlkpi import metrics, platforms
from xlkpi.errors import Findings
from xlkpi.platforms import identities, unknown
from xlkpi.platforms import problems as found
from xlkpi.platforms.checks import now
from xlkpi.platforms.files import Grid
from xlkpi.platforms.identities import Identity, Total
from xlkpi.platforms.layout import Layout
from xlkpi.platforms.mapping import Declared, beside, declared
from xlkpi.platforms.reader import Import
from xlkpi.platforms.sources import open_source, split

BEYOND = (found.OutOfRange, found.UnusualValue, found.WrongScale)


@dataclass(frozen=True)
class TableReport:
    """One table that was recognised in a file."""

    table: str
    platform: str
    layout: str
    label: dict[str, str]
    sheet: str | None
    header_row: int | None
    why: tuple[str, ...]  # the headings of the file that gave the layout away
    columns: dict[str, str]
    left_over: tuple[str, ...]
    rows_read: int
    rows_used: int
    skipped: tuple[tuple[int, str], ...]
    missing: dict[str, int]  # cells without a value, by column; only columns that have some
    first: date | None  # days covered, or days of publication
    last: date | None
    missing_days: tuple[date, ...]
    unfinished_day: date | None
    doubled_rows: int
    totals: tuple[Total, ...]
    identities: tuple[Identity, ...]
    not_summable: tuple[str, ...]  # columns that count people: the sum of days would count some of them twice
    by_day: bool  # whether a row is a day
    beyond_range: int  # cells with a value that is impossible or most unusual


@dataclass(frozen=True)
class NearReport:
    """A layout that an unknown table comes near, with the headings it knows and those that are missing."""

    layout: str
    label: dict[str, str]
    known: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class UnknownReport:
    """A table that no layout fits."""

    sheet: str | None
    headings: tuple[str, ...]
    nearest: tuple[NearReport, ...]


@dataclass(frozen=True)
class FileReport:
    """Everything that reading one file found."""

    file: str | None
    sha256: str | None
    encoding: str | None
    tables: tuple[TableReport, ...]
    unknown: tuple[UnknownReport, ...]
    problems: Findings = field(default_factory=Findings)
    mapping_file: str | None = None  # a mapping saved beside an unknown file, to be offered

    @property
    def readable(self) -> bool:
        return bool(self.tables) and not self.problems.errors

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        facts = {name: value for name, value in asdict(self).items() if name != "problems"}
        for shown, table in zip(facts["tables"], self.tables, strict=True):
            shown["totals"] = [asdict(total) | {"unreconciled": total.unreconciled} for total in table.totals]
        return facts | {"ok": self.readable, "problems": [problem.as_dict() for problem in self.problems]}


def inspect(source: Any, *, name: str | None = None, today: date | None = None,
            mapping: Mapping[str, str] | Declared | None = None) -> FileReport:
    """Read a file (path, bytes or frame) and tell what was found; nothing is filled, nothing raised for bad data."""
    chosen, day = declared(mapping), today or now()
    imports = platforms.read_all(source, name=name, today=day, mapping=mapping)
    problems = Findings(problem for item in imports for problem in item.problems)
    tables = tuple(table_report(item, day) for item in imports if item.table is not None)
    strangers: tuple[UnknownReport, ...] = ()
    offered = None
    if not tables and isinstance(source, (str, Path, bytes)):
        raw = open_source(source, name)
        candidates = platforms.layouts()
        strangers = tuple(_unknown(grid, candidates) for grid in raw.grids if unknown.fullest(grid))
        offered = None if isinstance(source, bytes) or chosen else beside(split(source)[0])
    first = imports[0].sources[0]
    return FileReport(first.file, first.sha256, first.encoding, tables, strangers, problems,
                      str(offered) if offered else None)


def table_report(item: Import, today: date) -> TableReport:
    """The facts of one import."""
    assert item.table is not None
    assert item.layout is not None
    layout, source, frame = item.layout, item.sources[0], item.frame
    heading = {code: name for name, code in item.columns.items()}
    code = next((one for one in ("date", "published_at") if one in frame), None)
    days = frame[code].dropna() if code else pd.Series(dtype="datetime64[us]")
    daily = item.table == "daily" or layout.key == ("date",)
    gaps = pd.date_range(days.min(), days.max()).difference(pd.DatetimeIndex(days)) \
        if daily and len(days) > 1 and (days.max() - days.min()).days <= 40_000 else pd.DatetimeIndex([])
    key = [one for one in layout.key if one in frame]
    counts = dict(zip(map(str, frame), frame.isna().to_numpy().sum(axis=0).tolist(), strict=True))
    return TableReport(
        table=item.table, platform=layout.platform, layout=layout.name, label={"zh": layout.zh, "en": layout.en},
        sheet=source.sheet, header_row=source.header,
        why=tuple(heading[one] for one in layout.signature if one in heading),
        columns=item.columns, left_over=tuple(item.left_over), rows_read=item.rows_read, rows_used=len(frame),
        skipped=tuple(item.rows_skipped),
        missing={heading.get(one, one): count for one, count in counts.items() if count},
        first=days.min().date() if len(days) else None, last=days.max().date() if len(days) else None,
        missing_days=tuple(moment.date() for moment in gaps),
        unfinished_day=today if daily and (days.dt.date == today).any() else None,
        doubled_rows=int(frame.duplicated(key).sum()) if key else 0,
        totals=tuple(identities.totals(item)), identities=tuple(identities.identities(frame)),
        not_summable=tuple(heading.get(one, one) for one in counts if _counts_people(one)),
        by_day=daily, beyond_range=sum(isinstance(problem, BEYOND) for problem in item.problems))


def _counts_people(code: str) -> bool:
    column = metrics.load().columns.get(code)
    return column is not None and not column.additive and column.unit is not None and column.unit.code == "people"


def _unknown(grid: Grid, candidates: list[Layout]) -> UnknownReport:
    return UnknownReport(grid.sheet, tuple(unknown.fullest(grid)), tuple(
        NearReport(near.layout.name, {"zh": near.layout.zh, "en": near.layout.en},
                   tuple(unknown.heading(column, near.layout) for column in near.known),
                   tuple(unknown.heading(column, near.layout) for column in near.lacking))
        for near in unknown.nearest(grid, candidates)))
