"""What people typed into the rows of a table stays with those rows when the data come anew.

A row is known by its key: the date, title and time of publication, the platform's id, the metric;
in other tables by the fewest leading columns that tell all rows apart. A column that the sources do
not have is the user's own. Nothing is guessed: where a key is not unique the refresh is refused.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from xlkpi import incoming, metrics
from xlkpi.cells import is_blank, to_serial
from xlkpi.errors import Findings, Where
from xlkpi.refreshing import problems as found
from xlkpi.workbook.match import match_columns, read_data
from xlkpi.workbook.moments import Moments
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.table import Table

Key = tuple[str, ...]


@dataclass
class Body:
    """The rows of a table as they stand: values by header, what is a formula, and cell notes, by (row, header)."""

    rows: Sequence[Mapping[str, Any]]
    formula_columns: frozenset[str] = frozenset()
    formulas: Mapping[tuple[int, str], str] = field(default_factory=dict)  # outside of formula columns
    notes: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass
class Kept:
    """What comes in with what stays, and where each row that remains goes (rows of the body, from 0).

    ``moves`` holds every row that carries cell notes: to a new place, or to None where its row is gone.
    """

    item: incoming.Incoming
    moves: dict[int, int | None] = field(default_factory=dict)


def keep(table: Table, body: Body, item: incoming.Incoming, file: str | None, findings: Findings) -> Kept:
    """``item`` with the user's own columns carried over, row by row."""
    data = read_data(item.frame, table.name)
    formulas = {place for place, column in enumerate(table.columns)
                if column.formula or column.name in body.formula_columns}
    source = match_columns(table, data, formulas, file).source
    given = {table.columns[place].name: _values(data.columns[name]) for place, name in source.items()
             if table.columns[place].name not in item.lacking}
    own = [name for name in item.lacking if name not in body.formula_columns]
    used = [number for number, row in enumerate(body.rows)
            if any(not is_blank(row.get(name)) for name in (*given, *own))]
    where = Where(file=file, sheet=table.sheet, table=table.name)
    noted: dict[int, dict[str, str]] = {}
    for (number, name), text in body.notes.items():
        noted.setdefault(number, {})[f"{name}*"] = text
    entries: dict[int, dict[str, str]] = {}
    for number in used:
        typed = {name: _shown(body.rows[number][name]) for name in own if not is_blank(body.rows[number].get(name))}
        typed |= noted.get(number, {})
        if typed:
            entries[number] = typed
    for (number, name), _ in sorted(body.formulas.items()):
        if name in own:
            findings.append(found.FormulaInManualColumn(_cell(table, number, name, file), column=name))
    keys = _keys(table, item, body.rows, used, given)
    if keys is None:
        if entries:
            columns = dict.fromkeys(name.rstrip("*") for typed in entries.values() for name in typed)
            findings.append(found.NoRowKey(where, table=table.name, columns=", ".join(columns)))
        return Kept(_with(item, {name: [None] * data.rows for name in own}))
    names, before, after = keys
    times = Counter(after)
    at = {key: place for place, key in enumerate(after)}
    held = Counter(before.values())
    for number, typed in entries.items():
        key = before[number]
        if held[key] > 1 or times[key] > 1:
            name = next(iter(typed))
            findings.append(found.SameRowTwice(_cell(table, number, name.rstrip("*"), file), table=table.name,
                                               key=_said(body, number, names), content=typed[name]))
        elif not times[key]:
            content = "; ".join(f"{name}: {text}" for name, text in typed.items())
            findings.append(found.EntryGone(where, key=_said(body, number, names), content=content))
    carried: dict[str, list[Any]] = {name: [None] * data.rows for name in own}
    unique = {number: at[key] for number, key in before.items() if held[key] == 1 and times[key] == 1}
    for number, place in unique.items():
        for name in own:
            carried[name][place] = body.rows[number].get(name)
    _tell(body, given, unique, names, carried, where, findings)
    gone = sum(not times[key] for key in before.values())
    if gone:
        findings.append(found.RowsGone(where, count=gone))
    return Kept(_with(item, carried), {number: unique.get(number) for number in noted if number in before})


def _tell(body: Body, given: Mapping[str, list[Any]], unique: Mapping[int, int], names: Sequence[str],
          carried: Mapping[str, list[Any]], where: Where, findings: Findings) -> None:
    """What stayed, and which figures of before the new data do not have."""
    typed = {name: sum(not is_blank(value) for value in values) for name, values in carried.items()}
    figures = [name for name in typed if typed[name] and _is_figure(name)]
    notes = [name for name in typed if typed[name] and name not in figures]
    for name in figures:
        findings.append(found.FiguresKept(where, column=name, rows=typed[name]))
    if notes:
        rows = sum(any(not is_blank(carried[name][place]) for name in notes) for place in unique.values())
        findings.append(found.ManualKept(where, columns=", ".join(notes), rows=rows))
    for name, values in given.items():
        lost = [number for number, place in unique.items()
                if is_blank(_plain(values[place])) and not is_blank(body.rows[number].get(name))]
        if lost:
            findings.append(found.ValuesGone(where, column=name, count=len(lost), key=_said(body, lost[0], names),
                                             value=_shown(body.rows[lost[0]][name])))


def _is_figure(name: str) -> bool:
    column = metrics.find_column(name)
    return column is not None and column.kind not in ("text", "id", "date")


def _with(item: incoming.Incoming, columns: Mapping[str, list[Any]]) -> incoming.Incoming:
    """The rows with more columns; of a platform's frame they stand there empty."""
    if not columns:
        return item
    if isinstance(item.frame, Mapping):
        return incoming.Incoming({**item.frame, **columns}, item.source, item.lacking)
    import pandas as pd

    frame = item.frame.assign(**{name: pd.Series(values, index=item.frame.index, dtype=object)
                                 for name, values in columns.items()})
    return incoming.Incoming(frame, item.source, item.lacking)


# ---------------------------------------------------------------- keys


def _keys(table: Table, item: incoming.Incoming, rows: Sequence[Mapping[str, Any]], used: Sequence[int],
          given: Mapping[str, list[Any]]) -> tuple[Sequence[str], dict[int, Key], list[Key]] | None:
    """The key's columns, the keys of the rows that are there and of those that come; None where nothing tells rows
    apart."""
    known = incoming.key_columns(item, table)
    if known and all(name in given for name in known):
        return (known, {number: _key([rows[number].get(name) for name in known]) for number in used},
                _columns_key([given[name] for name in known]))
    names = [column.name for column in table.columns if column.name in given]
    for size in range(1, len(names) + 1):
        if _is_figure(names[size - 1]):
            return None
        chosen = names[:size]
        before = {number: _key([rows[number].get(name) for name in chosen]) for number in used}
        after = _columns_key([given[name] for name in chosen])
        if len(set(before.values())) == len(before) and len(set(after)) == len(after):
            return chosen, before, after
    return None


def _columns_key(columns: Sequence[Sequence[Any]]) -> list[Key]:
    return [_key(row) for row in zip(*columns, strict=True)]


def _key(values: Sequence[Any]) -> Key:
    return tuple(map(_word, values))


def _word(value: Any) -> str:
    """A value for comparison: 5, 5.0 and a date's serial number are one, width, case and blanks do not matter."""
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
    if isinstance(value, (date, time, timedelta)):
        value = to_serial(value)
    return f"{round(float(value), 5):.15g}" if isinstance(value, (int, float)) else str(value)


def _plain(value: Any) -> Any:
    """A value without its data-frame dress; what is missing is None."""
    if hasattr(value, "to_pydatetime") and value == value:
        return value.to_pydatetime(warn=False)
    if hasattr(value, "item") and not isinstance(value, (str, date)):
        value = value.item()
    return None if value != value or type(value).__name__ in ("NAType", "NaTType") else value


def _values(column: list[Any] | Moments) -> list[Any]:
    return column.values() if isinstance(column, Moments) else column


def _said(body: Body, number: int, names: Sequence[str]) -> str:
    """A row for people: what its key columns hold."""
    return " ".join(_shown(value) for name in names if not is_blank(value := body.rows[number].get(name)))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _cell(table: Table, number: int, name: str, file: str | None) -> Where:
    place = next((at for at, column in enumerate(table.columns) if column.name == name), 0)
    cell = f"{column_letters(table.first_col + place)}{table.first_row + number}"
    return Where(file=file, sheet=table.sheet, cell=cell)
