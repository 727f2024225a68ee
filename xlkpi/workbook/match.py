"""Which column of the data belongs to which column of the table.

By exact name; else by the name without case, width and blanks; else through the metric
catalogue, where “播放量”, “Plays” and “plays” are one column.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from xlkpi.errors import Findings, Refused, Where, did_you_mean
from xlkpi.workbook.moments import Moments, moments_of
from xlkpi.workbook.problems import BadData, CalculatedColumnKept, DoubledColumn, LeftOverColumn, MissingColumn
from xlkpi.workbook.table import Table


@dataclass(slots=True)
class Data:
    """The data for one table: its columns as Python lists, or as moments; ``doubled`` names columns given twice."""

    columns: dict[str, list[Any] | Moments]
    rows: int
    doubled: list[str] = field(default_factory=list)


def read_data(data: Any, table: str) -> Data:
    """A data frame (pandas, polars, anything narwhals knows), a list of dicts, or a dict of columns.

    Raises :class:`~xlkpi.errors.Refused` for anything else.
    """
    if isinstance(data, Mapping):
        columns = {str(name): list(values) for name, values in data.items()
                   if isinstance(values, Sequence) and not isinstance(values, str)}
        lengths = {len(values) for values in columns.values()}
        if len(columns) == len(data) and len(lengths) <= 1:
            return Data({**columns}, lengths.pop() if lengths else 0)
    elif isinstance(data, (list, tuple)):
        if all(isinstance(row, Mapping) for row in data):
            names = dict.fromkeys(str(name) for row in data for name in row)
            rows = [{str(name): value for name, value in row.items()} for row in data]
            return Data({name: [row.get(name) for row in rows] for name in names}, len(data))
    else:
        return _from_frame(data, table)
    raise Refused(BadData(Where(table=table), table=table, kind=type(data).__name__))


def _from_frame(data: Any, table: str) -> Data:
    doubled: list[str] = []
    names: Any = data.columns if hasattr(data, "loc") and hasattr(data, "columns") else None
    if hasattr(names, "duplicated"):  # pandas allows a name twice
        twice = names.duplicated()
        doubled = [str(name) for name in dict.fromkeys(names[twice])]
        if doubled or not all(isinstance(name, str) for name in names):
            data = data.loc[:, ~twice].rename(columns=str)
        plain = {name: series.to_list() for name, series in data.items() if series.dtype.kind in "biufO"}
        if len(plain) == data.shape[1]:  # asked of pandas itself: a quarter of the time for small frames
            return Data(plain, len(data), doubled)
    else:
        plain = {}
    try:
        frame: Any = nw.from_native(data)
    except TypeError:
        raise Refused(BadData(Where(table=table), table=table, kind=type(data).__name__)) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    columns = {}
    for name in frame.columns:
        column = plain.get(name)
        if column is None:
            series = frame[name]
            column = moments_of(series) or series.to_list()
        columns[name] = column
    return Data(columns, frame.shape[0], doubled)


@dataclass(slots=True)
class Match:
    """The data column for each table column (by its index), and what was found on the way."""

    source: dict[int, str]
    findings: Findings


def match_columns(table: Table, data: Data, formulas: set[int], file: str | None) -> Match:
    """Match ``data`` to ``table``; ``formulas`` are the columns that fill themselves."""
    findings = Findings()

    def where(column: str) -> Where:
        return Where(file=file, sheet=table.sheet, table=table.name, column=column)

    for name in data.doubled:
        findings.append(DoubledColumn(where(name), table=table.name, column=name, names=f"{name} ×2"))
    names = [column.name for column in table.columns]
    found: dict[int, list[str]] = {}
    left_over = []
    keys = _index(names, _key)
    codes = _index(names, _code)
    exact = {name: index for index, name in enumerate(names)}
    for name in data.columns:
        index = exact.get(name)
        if index is None:
            index = keys.get(_key(name))
        if index is None:
            index = codes.get(_code(name) or "")
        if index is None:
            left_over.append(name)
        else:
            found.setdefault(index, []).append(name)
    source = {}
    for index, own in found.items():
        if len(own) > 1:
            findings.append(DoubledColumn(where(names[index]), table=table.name, column=names[index],
                                          names=", ".join(own)))
        if index in formulas:
            findings.append(CalculatedColumnKept(where(names[index]), column=names[index]))
        else:
            source[index] = names[index] if names[index] in own else own[0]
    missing = [name for index, name in enumerate(names) if index not in found and index not in formulas]
    findings += [MissingColumn(where(name), table=table.name, column=name, hint=did_you_mean(name, left_over))
                 for name in missing]
    findings += [LeftOverColumn(where(name), table=table.name, column=name, hint=did_you_mean(name, missing))
                 for name in left_over]
    return Match(source, findings)


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _code(name: str) -> str | None:
    """The catalogue's code for a column name."""
    from xlkpi.metrics import find_column

    column = find_column(name)
    return None if column is None else column.code


def _index(names: list[str], key: Any) -> dict[str, int]:
    """Names by ``key``; where two share one it says nothing."""
    found: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        word = key(name)
        if word:
            found.setdefault(word, []).append(index)
    return {word: places[0] for word, places in found.items() if len(places) == 1}
