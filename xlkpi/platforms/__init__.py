"""Importers: platform exports and plain tables, recognised by their columns, as typed tables.

>>> one = read("作品列表.xlsx")                      # doctest: +SKIP
>>> one.table, one.platform, len(one.frame)          # doctest: +SKIP
('works', 'douyin', 22)

Nothing here raises for bad data: what is wrong stands in ``problems``, located, all at once;
``problems.refuse()`` raises :class:`~xlkpi.errors.Refused` when one of them is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd

from xlkpi import language
from xlkpi.cells import is_blank
from xlkpi.errors import Findings, Where, did_you_mean
from xlkpi.platforms import baijiahao, douyin, generic, meta, tiktok, toutiao, unknown, weibo, youtube, zhihu
from xlkpi.platforms import problems as found
from xlkpi.platforms.beside import side_by_side
from xlkpi.platforms.checks import check, now
from xlkpi.platforms.files import Grid, RawFile, open_raw, without_collector
from xlkpi.platforms.layout import Column, Layout, plain, recognise
from xlkpi.platforms.mapping import Declared, HeadingNotFound, declared
from xlkpi.platforms.merging import merge
from xlkpi.platforms.reader import GridReader, Import, Source

__all__ = ["Batch", "Column", "Import", "Layout", "Source", "collect", "layouts", "merge", "read", "read_all"]

TABLES = ("works", "daily", "goals")
PLATFORMS = (douyin, toutiao, baijiahao, zhihu, weibo, youtube, tiktok, meta)


def layouts(table: str | None = None) -> list[Layout]:
    """Every known layout, platforms first; of one table if named."""
    own = [layout for platform in PLATFORMS for layout in platform.LAYOUTS]
    return [layout for layout in (*own, *generic.layouts()) if table in (None, layout.table)]


def read(source: Any, table: str | None = None, *, name: str | None = None, today: date | None = None,
         mapping: Mapping[str, str] | Declared | None = None) -> Import:
    """One table from a file path, bytes, or a data frame (pandas, polars … anything narwhals takes).

    ``table`` (``works``, ``daily``, ``goals``) narrows what it may be; without it the header tells.
    ``name`` is what findings call the source. ``today`` (default: now, in China) is what makes a
    row future or unfinished. ``mapping`` (``{"plays": "播放数"}``) declares headings that no layout
    knows; :class:`~xlkpi.errors.Refused` if it names a column that does not exist. A file with several
    tables is a problem here; see :func:`read_all`.
    """
    imports = read_all(source, table, name=name, today=today, mapping=mapping)
    if len(imports) == 1:
        return imports[0]
    problems = Findings(problem for item in imports for problem in item.problems)
    listed = "、".join(f"{item.sources[0].sheet}（{item.layout.label(language.current())}）"
                      for item in imports if item.layout)
    problems.append(found.SeveralTables(Where(file=imports[0].file), found=listed))
    return Import(None, pd.DataFrame(), problems, tuple(part for item in imports for part in item.sources))


def read_all(source: Any, table: str | None = None, *, name: str | None = None,
             today: date | None = None, mapping: Mapping[str, str] | Declared | None = None) -> list[Import]:
    """Every table of a source, one import each: a workbook may hold several. Never empty."""
    chosen = declared(mapping)
    with without_collector():
        imports = _read_all(source, table, name, today or now(), chosen)
    if not isinstance(mapping, Declared):  # a mapping for this one source must fit it
        missing_headings(imports, chosen)
    return imports


def missing_headings(imports: Sequence[Import], mapping: Declared) -> None:
    """Say on the first import which declared headings none of the imports has."""
    seen = {plain(heading): heading for item in imports for heading in (*item.columns, *item.left_over)}
    for heading in mapping.columns.values():
        if plain(heading) not in seen and any(item.table is not None for item in imports):
            imports[0].problems.append(HeadingNotFound(
                Where(file=imports[0].file), heading=heading, hint=did_you_mean(heading, seen.values())))


def _read_all(source: Any, table: str | None, name: str | None, today: date, mapping: Declared) -> list[Import]:
    raw = open_raw(source, name) if isinstance(source, (str, Path, bytes)) else _frame_grid(source, name)
    origin = Source(raw.file, raw.sha256, encoding=raw.encoding)
    if raw.problems:
        return [Import(None, pd.DataFrame(), raw.problems, (origin,))]
    candidates = [mapping.applied(layout) if mapping and layout.general else layout for layout in layouts(table)]
    imports: list[Import] = []
    others = []
    for grid in (part for whole in raw.grids for part in side_by_side(whole, candidates)):
        fit = recognise(grid.rows, candidates)
        if fit is None:
            others.append(grid)
            continue
        extra = None if fit.layout.general else generic.extra(fit.layout.table)
        first_row = 0 if raw.kind in ("frame", "json") else 1
        item = GridReader(grid, fit, origin, extra, first_row, mapping).read()
        if raw.encoding == "gb18030" and "".join(map(str, grid.rows[fit.header])).isascii():
            item.problems.append(found.AssumedEncoding(Where(file=raw.file)))
        parts = fit.layout.after(item) if fit.layout.after and len(item.frame) else [item]
        for part in parts:
            check(part, today)
        imports += parts
    filled = [grid for grid in others if any(not is_blank(cell) for row in grid.rows for cell in row)]
    if not imports:
        problems = Findings(unknown.problem(grid, candidates, Where(file=raw.file, sheet=grid.sheet))
                            for grid in filled)
        return [Import(None, pd.DataFrame(), problems or Findings([found.FileEmpty(Where(file=raw.file))]), (origin,))]
    imports[0].problems.extend(raw.warnings)
    for grid in filled:
        if grid.outer:
            continue
        imports[0].problems.append(found.SheetLeftOut(Where(file=raw.file, sheet=grid.sheet), name=grid.sheet))
    return imports


@dataclass
class Batch:
    """Several files taken together: tables by name, and everything that was found in any of them."""

    tables: dict[str, Import]
    problems: Findings
    sources: tuple[Source, ...]


def collect(sources: Iterable[Any], table: str | None = None, *, today: date | None = None) -> Batch:
    """Read and merge any number of sources; all problems of all of them come together."""
    imports = [item for source in sources for item in read_all(source, table, today=today)]
    tables = merge(imports)
    problems = Findings(problem for item in imports if item.table is None for problem in item.problems)
    for item in tables.values():
        problems.extend(item.problems)
    return Batch(tables, problems, tuple(part for item in imports for part in item.sources))


# ---------------------------------------------------------------- frames


def _frame_grid(frame: Any, name: str | None) -> RawFile:
    """A data frame as a grid with its column names for a header; row 1 is its first row."""
    import narwhals as nw

    raw = RawFile(name, kind="frame")
    if isinstance(frame, pd.DataFrame):  # apart, because its column names may be doubled
        names, columns = list(frame.columns), [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
    else:
        try:
            native = nw.from_native(frame)
        except TypeError:
            raw.problems.append(found.NotATable(Where(file=name), what=type(frame).__name__))
            return raw
        table = native.collect() if isinstance(native, nw.LazyFrame) else native
        names, columns = list(table.columns), [table[column].to_list() for column in table.columns]
    cells = [[_plain_cell(cell) for cell in column] for column in columns]
    raw.grids = [Grid([[str(column) for column in names], *(list(row) for row in zip(*cells, strict=True))])]
    return raw


def _plain_cell(cell: Any) -> Any:
    if cell is None or isinstance(cell, str):
        return cell
    if cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, datetime):
        moment = cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell
        return moment.astimezone(timezone(timedelta(hours=8))).replace(tzinfo=None) if moment.tzinfo else moment
    return cell.item() if hasattr(cell, "item") else cell
