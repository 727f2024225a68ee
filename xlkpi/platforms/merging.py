"""Several files of one table → one table: days side by side, works by title and publish time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from xlkpi.errors import Findings, Problem, Where
from xlkpi.platforms import problems as found
from xlkpi.platforms.checks import missing_days
from xlkpi.platforms.names import platform_name
from xlkpi.platforms.reader import REPORTED, Import

CHANNEL = "publish_channel"
KEYS = {"daily": ("date",), "works": ("title", "published_at"), "goals": ("metric",)}  # what names a row of a table


class SeveralPlatforms(Problem):
    zh = "“{table}”的数据来自多个平台（{platforms}），同一天的数不能混在一起。请每次只填一个平台，或先自己汇总"
    en = "'{table}' is given by several platforms ({platforms}), whose days must not be mixed; give them one by one"


class WhichPlatform(Problem):
    zh = "{file} 的 {key} 在多个平台都有（{platforms}），不知道属于哪一个"
    en = "{key} of {file} exists on several platforms ({platforms}); it is not clear which one is meant"


def merge(imports: Iterable[Import]) -> dict[str, Import]:
    """One import a table, in the order the tables were first given.

    A row is known by its platform and its key (the date; title and publish time, or the platform's
    own id; the metric). What a newer export says goes before an older one: the one that reaches
    further in time, else the one given later. Where it says nothing the older figure stays; every
    difference is a note. Works of several platforms stand below each other, with their platform;
    days of several platforms are refused. Problems and sources of all files are kept. Files that
    were not recognised are left out: their problems are on the imports themselves.
    """
    groups: dict[str, list[Import]] = {}
    for item in imports:
        if item.table is not None:
            groups.setdefault(item.table, []).append(item)
    merged = {table: _together(table, items) for table, items in groups.items()}
    for table, items in groups.items():
        if len(items) > 1:
            merged[table].parts = tuple(items)
    return merged


def _together(table: str, items: Sequence[Import]) -> Import:
    own: dict[str, list[Import]] = {}
    for item in items:
        if item.layout is not None and not item.layout.general:
            own.setdefault(item.layout.platform, []).append(item)
    if len(own) < 2:
        return _one(table, items)
    parts = [_one(table, part) for part in own.values()]
    frames = [part.frame.assign(**{CHANNEL: part.frame[CHANNEL].fillna(name) if CHANNEL in part.frame else name})
              for part, name in zip(parts, map(platform_name, own), strict=True)]
    frame = pd.concat(frames, ignore_index=True)
    problems = Findings(problem for part in parts for problem in part.problems)
    said = "、".join(map(platform_name, own))
    if _by_day(table, items):
        problems.append(SeveralPlatforms(Where(table=table), table=table, platforms=said))
    both = Import(table, frame, problems, tuple(source for part in parts for source in part.sources), parts[-1].layout)
    rest = [item for item in items if item.layout is None or item.layout.general]
    if not rest:
        return both
    keys = keys_of(table, [both, *rest])
    doubled = set(_plain_keys(frame, keys)[frame.duplicated(keys).to_numpy()]) if keys else set()
    for item in rest:
        for key in sorted(doubled.intersection(_plain_keys(item.frame, keys)), key=str)[:REPORTED] if keys else ():
            problems.append(WhichPlatform(Where(file=item.file, table=table), file=item.file or "?",
                                          key=_said((*key, 0)), platforms=said))
    return _one(table, [both, *rest], by_age=False)


def _plain_keys(frame: pd.DataFrame, keys: list[str]) -> Any:
    return pd.MultiIndex.from_frame(frame[keys].astype(object)) if len(keys) > 1 else pd.Index(
        [(value,) for value in frame[keys[0]]], tupleize_cols=False)


def _one(table: str, items: Sequence[Import], by_age: bool = True) -> Import:
    if len(items) == 1:
        return items[0]
    given = items
    items = sorted(items, key=_reaches) if by_age else items
    problems = Findings(problem for item in given for problem in item.problems
                        if not (_by_day(table, items) and isinstance(problem, found.MissingDays)))
    sources = tuple(source for item in given for source in item.sources)
    keys = keys_of(table, items)
    if not keys:  # nothing tells which rows are one: all are kept
        frame = pd.concat([item.frame for item in given], ignore_index=True)
        return Import(table, frame, problems, sources, items[-1].layout)
    merged = indexed(items[0].frame, keys)
    owner = pd.Series(0, index=merged.index)
    for number, item in enumerate(items[1:], start=1):
        later = indexed(item.frame, keys)
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
    if table == "works" and "published_at" in frame and keys == ["title", "published_at"]:
        _lookalikes(frame, owner.to_numpy(), items, problems)
    return Import(table, frame, problems, sources, items[-1].layout)


def _reaches(item: Import) -> pd.Timestamp:
    """How far in time an export reaches: it cannot have been made before that."""
    for code in ("date", "published_at"):
        if code in item.frame and item.frame[code].notna().any():
            return pd.Timestamp(item.frame[code].max())
    return pd.Timestamp.min


def _by_day(table: str, items: Sequence[Import]) -> bool:
    return table == "daily" or (items[0].layout is not None and items[0].layout.key == ("date",))


def keys_of(table: str, items: Sequence[Import]) -> list[str]:
    """What names a row in all of ``items``: the platform's own key where each has it, else the table's."""
    own = {item.layout.key for item in items if item.layout is not None and not item.layout.general}
    if len(own) == 1:
        (key,) = own
        if key and all(set(key) <= set(item.frame) for item in items):
            return list(key)
    wanted = list(KEYS.get(table, ()))
    if not wanted and items[0].layout is not None:
        wanted = list(items[0].layout.key)
    return [key for key in wanted if all(key in item.frame for item in items)]


def indexed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
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
