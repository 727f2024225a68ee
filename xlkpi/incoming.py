"""What is given to fill a workbook with → one frame a table of that workbook.

Platform exports and our own layouts are recognised by :mod:`xlkpi.platforms`. A file of another
kind belongs to the table of the workbook whose headers it carries: any workbook can be filled.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from xlkpi import language, metrics, platforms
from xlkpi.errors import Findings, Problem, Refused, Where, did_you_mean
from xlkpi.platforms import Import, sources
from xlkpi.platforms.checks import now
from xlkpi.platforms.files import Grid
from xlkpi.platforms.mapping import Declared, beside, declared
from xlkpi.platforms.merging import CHANNEL, KEYS, keys_of
from xlkpi.platforms.reader import Source
from xlkpi.workbook.table import Table

PathLike: TypeAlias = "str | os.PathLike[str]"
Data: TypeAlias = "Mapping[str, Any] | Iterable[PathLike | tuple[str, Any] | Import]"
Tables: TypeAlias = "Mapping[str, Table] | None"
"""The tables of the workbook that is filled, by name; None where it could not be read."""
HEADER_SEARCHED = 20  # rows in which a header is looked for
ENOUGH = 0.5  # share of a table's own headers that a file must carry to belong to it


class NoSuchHeaders(Problem):
    zh = "文件的表头与表“{table}”不符；该表的列是：{headers}"
    en = "the file's header does not fit table '{table}', whose columns are: {headers}"


class NoSuchTable(Problem):
    zh = "工作簿里没有表“{table}”{hint}；现有：{known}"
    en = "the workbook has no table '{table}'{hint}; it has: {known}"


class TableGivenTwice(Problem):
    zh = "表“{table}”的数据给了不止一次，且无法合并；请只给一份"
    en = "data for table '{table}' are given more than once and cannot be merged; give them once"


class NoPlaceFor(Problem):
    zh = "{files} 是“{kind}”，工作簿里没有放它的表 {table}：表若被改了名请恢复；用不到这份数据就把它移出来源"
    en = ("{files}: this is '{kind}', for which the workbook has no table {table}; restore its name if it was renamed, "
          "or take the file out of the sources")


class NotUsed(NoPlaceFor):
    """Other data found their place, so a folder of exports fills what the workbook has tables for."""

    level = "warning"
    zh = "{files} 是“{kind}”，工作簿里没有放它的表 {table}，这份数据没有用上；表若被改了名请恢复后重新填充"
    en = ("{files}: this is '{kind}', for which the workbook has no table {table}, so it was not used; if the table "
          "was renamed, restore its name and fill again")


class ColumnsLeftEmpty(Problem):
    level = "note"
    zh = "数据中没有这些列，表中留空：{columns}"
    en = "the data lack these columns; they stay empty in the table: {columns}"


class NothingSince(Problem):
    zh = "给了期初的作品列表（--since），但 --data 里没有作品列表，无法相减"
    en = "an earlier works list is given (--since) and --data hold none to subtract it from"


class SeveralDaysBefore(Problem):
    zh = "期初的导出应是同一天的，得到的是 {days}"
    en = "exports from before the period must be of one day, not of {days}"


class ColumnsWithoutPlace(Problem):
    level = "note"
    zh = "数据中的这些列在表里没有位置，未写入：{columns}"
    en = "the table has no place for these columns of the data, they are not written: {columns}"


class MappingBeside(Problem):
    level = "note"
    zh = "旁边有保存过的映射 {mapping}，可加 --map-file {mapping} 使用"
    en = "a mapping was saved beside it: use it with --map-file {mapping}"


class TablesLeftOut(Problem):
    level = "warning"
    zh = "文件里的这些数据在工作簿里没有对应的表，没有采用：{kinds}"
    en = "the workbook has no table for these parts of the file, they are not used: {kinds}"


class PlatformsMixed(Problem):
    level = "warning"
    zh = "数据来自多个平台，而表里没有“发布渠道”列：各平台的作品会合在一起计算。要分开计算请每次只填一个平台"
    en = ("the data are of several platforms and the table has no column for the publish channel: their works count "
          "together; fill one platform at a time to keep them apart")


@dataclass
class Incoming:
    """Rows for one table, where they were read from, and the columns of the table that they do not have."""

    frame: Any
    source: Import | None = None
    lacking: tuple[str, ...] = ()


def gather(data: Data, goals: Any, tables_there: Tables, findings: Findings,
           progress: Callable[..., None], mapping: Mapping[str, str] | None = None,
           since: Sequence[tuple[PathLike, date]] = (), as_of: date | None = None) -> dict[str, Incoming]:
    """One frame a table; what is wrong with the sources goes to ``findings``."""
    chosen = declared(mapping)
    if isinstance(data, Mapping):
        tables = {name: Incoming(frame) for name, frame in data.items()}
    else:
        tables = _files(data, tables_there, findings, progress, chosen, (since, as_of or now()))
    if goals is not None:
        if isinstance(goals, (str, os.PathLike)):
            progress("reading", sources.label(goals))
            batch = platforms.collect([os.fspath(goals)], "goals")
            findings += batch.problems
            tables |= {name: _fitted(item, tables_there, findings) for name, item in batch.tables.items()}
        elif isinstance(goals, Import):
            findings += goals.problems
            tables["goals"] = _fitted(goals, tables_there, findings)
        else:
            tables["goals"] = Incoming(goals)
    return tables


def placeless(name: str, item: Incoming, file: str | None = None, kind: type[NoPlaceFor] = NoPlaceFor) -> NoPlaceFor:
    """What is said of an export for which the workbook has no table."""
    source = item.source
    label = source.layout.label(language.current()) if source is not None and source.layout is not None else name
    files = dict.fromkeys(part.file for part in (source.sources if source is not None else ()) if part.file)
    return kind(Where(file=file), table=name, kind=label, files=", ".join(files))


def with_place(tables: Mapping[str, Incoming], there: Tables, findings: Findings) -> dict[str, Incoming]:
    """The tables that the workbook has. Exports of another kind beside them are told and left out; where nothing
    finds a place that is an error. A table that was named by the user is kept: its absence is said where it is filled.
    """
    known = {name.casefold() for name in there or ()}
    strange = {name for name, item in tables.items()
               if name.casefold() not in known and item.source is not None and item.source.layout is not None}
    kind = NotUsed if len(strange) < len(tables) else NoPlaceFor
    findings += [placeless(name, tables[name], kind=kind) for name in sorted(strange)]
    return {name: item for name, item in tables.items() if name not in strange}


def _files(data: Iterable[PathLike | tuple[str, PathLike] | Import], there: Tables, findings: Findings,
           progress: Callable[..., None], mapping: Declared,
           since: tuple[Sequence[tuple[PathLike, date]], date]) -> dict[str, Incoming]:
    recognised: list[Import] = []
    own: dict[str, Incoming] = {}
    for item in data:
        if isinstance(item, Import):  # read before
            recognised.append(item)
            continue
        name, path = item if isinstance(item, tuple) else (None, item)
        if name is not None and not isinstance(path, (str, os.PathLike)):
            own[name] = Incoming(path)
            continue
        called = sources.label(path)
        progress("reading", called)
        imports, plain = _read(path, called, name, there, findings, mapping)
        recognised += imports
        for table, rows in plain.items():
            if table in own:
                findings.append(TableGivenTwice(Where(file=called), table=table))
            own[table] = rows
    if recognised and mapping:
        platforms.missing_headings(recognised, mapping)
    merged = _since(platforms.merge(recognised), *since, progress)
    for imported in merged.values():
        findings += imported.problems
    findings[:] = {problem.line(): problem for problem in reversed(findings)}.values()  # tables of a file share them
    findings.reverse()
    both = own.keys() & merged.keys()
    for table in both:
        findings.append(TableGivenTwice(Where(table=table), table=table))
    return {name: _fitted(item, there, findings) for name, item in merged.items()} | own


def _since(merged: dict[str, Import], since: Sequence[tuple[PathLike, date]], until: date,
           progress: Callable[..., None]) -> dict[str, Import]:
    """The works with what came since an earlier export, in place of what they drew in all their time."""
    earlier: dict[date, list[Import]] = {}
    for path, taken in since:
        progress("reading", sources.label(path))
        earlier.setdefault(taken, []).extend(platforms.read_all(os.fspath(path), "works", today=taken))
    if len(earlier) > 1:
        raise Refused(SeveralDaysBefore(days=", ".join(map(str, sorted(earlier)))))
    for taken, items in earlier.items():
        unread = [item for item in items if item.table is None]
        before = platforms.merge(items).get("works")
        later = merged.get("works")
        problems = Findings(problem for item in unread for problem in item.problems)
        if later is None:
            problems.append(NothingSince())
        if before is not None and later is not None:
            merged["works"] = later = platforms.flows(before, later, (taken, until))
        if later is not None:
            later.problems.extend(problems)
        elif problems:
            raise Refused(problems)
    return merged


def _read(path: PathLike, called: str, name: str | None, there: Tables, findings: Findings,
          mapping: Declared) -> tuple[list[Import], dict[str, Incoming]]:
    """A file as imports of a known layout, else as plain rows for a table of the workbook."""
    ours = name is None or (name.casefold() in platforms.TABLES)
    path = path if isinstance(path, str) else Path(path)
    imports = platforms.read_all(path, name.casefold() if name and ours else None, mapping=mapping) if ours else []
    known = [item for item in imports if item.table is not None]
    tables = list(there.values()) if there is not None else []
    homed = [item for item in known if there is None or _has(tables, str(item.table))]
    if homed:
        lost = {str(item.table): item.layout.label(language.current()) for item in known
                if item.layout is not None and not (there is None or _has(tables, str(item.table)))}
        if lost:
            findings.append(TablesLeftOut(Where(file=called), kinds="、".join(
                f"{label}（{table}）" for table, label in lost.items())))
        return homed, {}
    if name is not None:
        tables = [table for table in tables if table.name.casefold() == name.casefold()]
        if not tables and there is not None:
            findings.append(NoSuchTable(Where(file=called), table=name, hint=did_you_mean(name, there),
                                        known=", ".join(there)))
            return [], {}
    raw = sources.open_source(path)
    if raw.problems:
        findings += raw.problems
        return [], {}
    found = _best(raw.grids, tables, 1 if name is not None else 2)
    if found is None:
        if name is not None and tables:
            headers = ", ".join(_headers(tables[0]))
            findings.append(NoSuchHeaders(Where(file=called), table=name, headers=headers))
        for item in imports if name is None else []:
            findings += item.problems
            saved = beside(sources.split(path)[0]) if item.table is None and not mapping else None
            if saved is not None:
                findings.append(MappingBeside(Where(file=called), mapping=str(saved)))
        return ([], {}) if not known else (known, {})
    table, grid, header = found
    columns = {str(cell).strip(): [row[place] if place < len(row) else None for row in _body(grid, header)]
               for place, cell in enumerate(grid.rows[header]) if str(cell or "").strip()}
    origin = Source(raw.file, raw.sha256, grid.sheet, raw.encoding, None, None, len(_body(grid, header)), (),
                    {name: name for name in columns})
    given = set(map(_key, columns))
    return [], {table.name: Incoming(columns, Import(table.name, _no_frame(), Findings(), (origin,)),
                                     tuple(name for name in _headers(table) if _key(name) not in given))}


def _no_frame() -> Any:
    import pandas as pd

    return pd.DataFrame()


def _has(tables: Sequence[Table], name: str) -> bool:
    return any(table.name.casefold() == name.casefold() for table in tables)


def _body(grid: Grid, header: int) -> Sequence[list[Any]]:
    rows = grid.rows[header + 1:]
    while rows and not any(str(cell if cell is not None else "").strip() for cell in rows[-1]):
        rows = rows[:-1]
    return rows


def _headers(table: Table) -> list[str]:
    """The headers that data must bring: formula columns fill themselves."""
    return [column.name for column in table.columns if not column.formula]


def _best(grids: Sequence[Grid], tables: Sequence[Table], least: int) -> tuple[Table, Grid, int] | None:
    """Table, grid and header row that fit best, if they fit well enough: in ``least`` headers and in half of them."""
    fits = []
    for table in tables:
        wanted = {_key(name) for name in _headers(table)}
        for grid in grids:
            for place, row in enumerate(grid.rows[:HEADER_SEARCHED]):
                common = len(wanted & {_key(cell) for cell in row})
                fits.append((common / max(1, len(wanted)) if common >= least else 0.0, -place, table, grid))
    best = max(fits, key=lambda fit: fit[:2], default=None)
    return None if best is None or best[0] < ENOUGH else (best[2], best[3], -best[1])


def _key(name: Any) -> str:
    column = metrics.find_column(str(name)) if name else None
    return column.code if column else "".join(str(name or "").casefold().split())


def _fitted(item: Import, there: Tables, findings: Findings) -> Incoming:
    """An import with the columns its table has and the platform does not give, left empty and said so."""
    table = next((one for one in (there or {}).values() if one.name.casefold() == item.table), None)
    if table is None:
        return Incoming(item.frame, item)
    have = {_key(code) for code in item.frame.columns}
    lacking = [name for name in _headers(table) if _key(name) not in have and _code(name, item) not in have]
    if lacking and item.table != "goals":
        findings.append(ColumnsLeftEmpty(Where(file=item.file, table=table.name), columns=", ".join(lacking)))
    frame = _renamed(item, table)
    wanted = {*map(_key, _headers(table)), *(column.name for column in table.columns)}
    homeless = [code for code in frame.columns if code not in wanted and _key(code) not in wanted]
    if CHANNEL in homeless:
        findings.append(PlatformsMixed(Where(table=table.name)))
    if homeless:
        names = {code: heading for heading, code in item.columns.items()}
        findings.append(ColumnsWithoutPlace(Where(file=item.file, table=table.name), columns="、".join(
            names.get(code, code) for code in homeless)))
    return Incoming(frame.drop(columns=homeless).assign(**dict.fromkeys(lacking)), item, tuple(lacking))


def key_columns(item: Incoming, table: Table) -> tuple[str, ...]:
    """The headers of ``table`` that name a row of what came in; none where nothing is known of its rows."""
    source = item.source
    if source is None or source.layout is None:
        return ()
    for codes in (tuple(keys_of(str(source.table), [source])), KEYS.get(str(source.table), ())):
        found = [next((name for name in _headers(table) if code in (_key(name), _code(name, source))), None)
                 for code in codes]
        if found and all(found):
            return tuple(name for name in found if name is not None)
    return ()


def _code(header: str, item: Import) -> str:
    """The layout's code for a header of the table (goals have headings of their own)."""
    column = item.layout.find(header) if item.layout is not None else None
    return column.code if column is not None else ""


def _renamed(item: Import, table: Table) -> Any:
    """The frame with the table's own headers where the layout, not the metric catalogue, knows them."""
    names = {_code(name, item): name for name in _headers(table) if _code(name, item)}
    return item.frame.rename(columns={code: names[code] for code in item.frame.columns if code in names})
