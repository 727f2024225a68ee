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
from datetime import date
from typing import Any

import pandas as pd

from xlkpi import language
from xlkpi.cells import is_blank
from xlkpi.errors import Findings, Where, did_you_mean
from xlkpi.platforms import (
    baijiahao,
    bilibili,
    channels,
    douyin,
    douyin_api,
    generic,
    kuaishou,
    meta,
    tiktok,
    toutiao,
    unknown,
    wechat,
    wechat_api,
    weibo,
    xiaohongshu,
    youtube,
    zhihu,
)
from xlkpi.platforms import problems as found
from xlkpi.platforms.beside import side_by_side
from xlkpi.platforms.checks import check, now
from xlkpi.platforms.files import without_collector
from xlkpi.platforms.layout import Column, Layout, plain, recognise
from xlkpi.platforms.mapping import Declared, HeadingNotFound, declared
from xlkpi.platforms.merging import merge
from xlkpi.platforms.reader import GridReader, Import, Source
from xlkpi.platforms.shapes import unfolded
from xlkpi.platforms.snapshots import flows
from xlkpi.platforms.sources import open_source

__all__ = ["Batch", "Column", "Import", "Layout", "Source", "collect", "flows", "layouts", "merge", "read", "read_all"]

TABLES = ("works", "daily", "goals", "users", "articles", "messages", "keywords", "menu", "content_daily",
          "content_channels")
PLATFORMS = (douyin, douyin_api, wechat, wechat_api, channels, kuaishou, xiaohongshu, bilibili, toutiao, baijiahao,
             zhihu, weibo, youtube, tiktok, meta)


def layouts(table: str | None = None) -> list[Layout]:
    """Every known layout, platforms first; of one table if named."""
    own = [layout for platform in PLATFORMS for layout in platform.LAYOUTS]
    return [layout for layout in (*own, *generic.layouts()) if table in (None, layout.table, *layout.gives)]


def read(source: Any, table: str | None = None, *, name: str | None = None, today: date | None = None,
         mapping: Mapping[str, str] | Declared | None = None) -> Import:
    """One table from a file path, bytes, a data frame (pandas, polars … anything narwhals takes) or a query.

    A query is text: an address and, behind ``#``, what to ask (:mod:`xlkpi.platforms.databases`), or a
    Parquet or CSV file with a query of its own (:mod:`xlkpi.platforms.large`).

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
    raw = open_source(source, name)
    origin = Source(raw.file, raw.sha256, encoding=raw.encoding)
    if raw.problems:
        return [Import(None, pd.DataFrame(), raw.problems, (origin,))]
    candidates = [mapping.applied(layout) if mapping and layout.general else layout for layout in layouts(table)]
    imports: list[Import] = []
    others = []
    for grid in (part for sheet in raw.grids for whole in unfolded(sheet) for part in side_by_side(whole, candidates)):
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
        imports += [part for part in parts if table in (None, part.table)] or parts
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
