"""Several files of one table → one table: days side by side, works by title and publish time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from xlkpi.errors import Findings, Where
from xlkpi.platforms import problems as found
from xlkpi.platforms.checks import missing_days
from xlkpi.platforms.reader import REPORTED, Import


def merge(imports: Iterable[Import]) -> dict[str, Import]:
    """One import a table, in the order the tables were first given.

    A row is known by its key (the date; title and publish time; the metric). What a later file
    says goes before an earlier one; where it says nothing the earlier figure stays; every
    difference is a note. Problems and sources of all files are kept. Files that were not
    recognised are left out: their problems are on the imports themselves.
    """
    groups: dict[str, list[Import]] = {}
    for item in imports:
        if item.table is not None:
            groups.setdefault(item.table, []).append(item)
    return {table: _one(table, items) for table, items in groups.items()}


def _one(table: str, items: Sequence[Import]) -> Import:
    if len(items) == 1:
        return items[0]
    problems = Findings(problem for item in items for problem in item.problems
                        if not (_by_day(table, items) and isinstance(problem, found.MissingDays)))
    sources = tuple(source for item in items for source in item.sources)
    keys = _keys(table, items)
    merged = _indexed(items[0].frame, keys)
    owner = pd.Series(0, index=merged.index)
    for number, item in enumerate(items[1:], start=1):
        later = _indexed(item.frame, keys)
        _conflicts(merged, later, keys, items[:number], item, problems)
        order = merged.index.append(later.index.difference(merged.index, sort=False))
        codes = [*merged.columns, *(code for code in later.columns if code not in merged.columns)]
        columns = {code: _overlay(merged, later, code, order) for code in codes}
        merged = pd.DataFrame(columns, index=order)
        owner = owner.reindex(order).fillna(number)
    frame = merged.reset_index(drop=True)
    if _by_day(table, items) and "date" in frame:
        frame = frame.sort_values("date", kind="stable", ignore_index=True)
        problems.extend(missing_days(frame, Where(table=table)))
    if table == "works" and "published_at" in frame:
        _lookalikes(frame, owner.to_numpy(), items, problems)
    return Import(table, frame, problems, sources, items[-1].layout)


def _by_day(table: str, items: Sequence[Import]) -> bool:
    return table == "daily" or (items[0].layout is not None and items[0].layout.key == ("date",))


def _keys(table: str, items: Sequence[Import]) -> list[str]:
    wanted = {"daily": ["date"], "works": ["title", "published_at"], "goals": ["metric"]}.get(table)
    if wanted is None:
        wanted = list(items[0].layout.key) if items[0].layout else []
    return [key for key in wanted if all(key in item.frame for item in items)]


def _indexed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The frame indexed by its key and, for legal repeats of a key, by a running number."""
    parts = [frame[key].astype(object).where(frame[key].notna(), "") for key in keys]
    plain = pd.DataFrame(dict(enumerate(parts)), index=frame.index)
    nth = plain.groupby(list(plain.columns), sort=False).cumcount() if keys and len(frame) else pd.Series(
        range(len(frame)), index=frame.index)
    return frame.set_index(pd.MultiIndex.from_arrays([*(part.array for part in parts), nth.array]))


def _overlay(earlier: pd.DataFrame, later: pd.DataFrame, code: str, order: pd.Index[Any]) -> pd.Series[Any]:
    if code not in later.columns:
        return earlier[code].reindex(order)
    if code not in earlier.columns:
        return later[code].reindex(order)
    new, old = later[code].reindex(order), earlier[code].reindex(order)
    return new.where(new.notna(), old)


def _conflicts(merged: pd.DataFrame, later: pd.DataFrame, keys: list[str], before: Sequence[Import], item: Import,
               problems: Findings) -> None:
    common = merged.index.intersection(later.index, sort=False)
    told = 0
    untold = 0
    for code in later.columns:
        if code in keys or code not in merged.columns:
            continue
        old, new = merged.loc[common, code], later.loc[common, code]
        differ = (old != new) & old.notna() & new.notna()
        for key in common[differ.to_numpy()]:
            if told >= REPORTED:
                untold += 1
                continue
            told += 1
            problems.append(found.Conflict(
                Where(file=item.file, table=item.table), key=_said(key), column=_heading(item, code),
                earlier=_value(old[key]), later=_value(new[key]), later_file=item.file or "?",
                earlier_file="、".join(dict.fromkeys(other.file or "?" for other in before if code in other.frame))))
    if untold:
        problems.append(found.MoreConflicts(Where(file=item.file, table=item.table), count=untold,
                                            later_file=item.file or "?"))


def _heading(item: Import, code: str) -> str:
    return next((heading for heading, known in item.columns.items() if known == code), code)


def _said(key: tuple[Any, ...]) -> str:
    words = []
    for part in key[:-1]:
        if isinstance(part, pd.Timestamp):
            words.append(part.strftime("%Y-%m-%d" if part == part.normalize() else "%Y-%m-%d %H:%M:%S"))
        else:
            words.append(" ".join(str(part).split())[:30])
    return " ".join(words)


def _value(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _lookalikes(frame: pd.DataFrame, owner: Any, items: Sequence[Import], problems: Findings) -> None:
    """Works of two files published in the same minute are most likely one work that would count twice."""
    minute = frame["published_at"].dt.floor("min")
    several = frame[minute.notna() & minute.duplicated(keep=False)].groupby(minute)
    for _, group in several:
        files = {int(owner[row]) for row in group.index}
        if len(files) > 1:
            titles = " / ".join(" ".join(str(title or "").split())[:20] for title in group.get("title", []))
            problems.append(found.PerhapsOneWork(
                Where(table="works"), moment=str(group["published_at"].iloc[0]), titles=titles, count=len(group),
                files="、".join(items[number].file or "?" for number in sorted(files))))
