"""The assessed period of a filled workbook, held against the days of the data.

A month without a single row of data is no month of zeros: a count over it would come out as 0 and
be scored as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from xlkpi import metrics
from xlkpi.errors import Findings, Problem, Where
from xlkpi.incoming import Incoming
from xlkpi.workbook.fill import Template
from xlkpi.workbook.refs import parse_ref

PERIOD = ("period_start", "period_end")
DAYS = ("published_at", "date")  # source columns that say when


class PeriodReversed(Problem):
    zh = "考核期间的结束日 {end:%Y-%m-%d} 早于开始日 {start:%Y-%m-%d}，请改正这两格"
    en = "the assessed period ends on {end:%Y-%m-%d}, before it starts on {start:%Y-%m-%d}; correct these two cells"


class NoDataInPeriod(Problem):
    level = "warning"
    zh = ("这 {count} 行数据的“{column}”在 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}，没有一行落在考核期间"
          "（{start} 至 {end}）：本期没有这张表的数据，按条数计的指标会是 0。请核对期间和导出的日期范围")
    en = ("the {count} rows have '{column}' from {first:%Y-%m-%d} to {last:%Y-%m-%d} and none lies in the assessed "
          "period ({start} to {end}): there are no data of this table for it, and metrics that count rows will be 0; "
          "check the period and the days of the export")


def check(template: Template, came: Mapping[str, Incoming], inputs: Mapping[str, Any]) -> Findings:
    """What is wrong between the period and the rows that came in; nothing for a workbook without a period.

    Where ``inputs`` move the period, tables that keep their rows are looked at too.
    """
    names = {name.name.casefold(): name for name in template.book.defined_names}
    if not names.keys() >= set(PERIOD):
        return Findings()
    start, end = (_day(template.value(name)) for name in PERIOD)
    found = Findings()
    if start and end and end < start:
        ref = parse_ref(names["period_end"].text)
        cell = ref.area.text().replace("$", "") if ref is not None else None
        found.append(PeriodReversed(Where(file=template.book.package.file, sheet=ref.sheet if ref is not None else None,
                                          cell=cell), start=start, end=end))
    elif start or end:
        moved = any(name.casefold() in PERIOD for name in inputs)
        there = {name: Incoming(template.rows(name)) for name in template.tables} if moved else {}
        for table, item in (there | dict(came)).items():
            found += _outside(table, item.frame, start, end, item.source.file if item.source is not None else None)
    return found


def _outside(table: str, frame: Any, start: date | None, end: date | None, file: str | None) -> Iterable[Problem]:
    for name, days in _dated(frame):
        if days and not any((start is None or start <= day) and (end is None or day <= end) for day in days):
            yield NoDataInPeriod(Where(file=file, table=table), count=len(days), column=name, first=min(days),
                                 last=max(days), start=start or "…", end=end or "…")


def _dated(frame: Any) -> Iterator[tuple[str, list[date]]]:
    """The columns that say when, with their known days. What is no table is said where the table is filled."""
    names: Iterable[Any]
    if isinstance(frame, (list, tuple)):
        names = dict.fromkeys(name for row in frame if isinstance(row, Mapping) for name in row)
        frame = {name: [row.get(name) for row in frame if isinstance(row, Mapping)] for name in names}
    names = frame if isinstance(frame, Mapping) else getattr(frame, "columns", ())
    for name in names:
        column = metrics.find_column(str(name))
        if column is not None and column.code in DAYS:
            values = frame[name]
            yield str(name), [day for day in map(_day, values if isinstance(values, list) else list(values)) if day]


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):  # a pandas time stamp is one; NaT is none that has a day
        return None if pd.isna(value) else value.date()
    return value if isinstance(value, date) else None
