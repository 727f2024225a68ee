"""Sheets that are no plain table, as the tables that they hold.

Some exports stack several titled tables on one sheet, write a record as pairs below each other
(指标, 数值), or leave it to the sheet's name to say what 数值 is. Which titles, headings and names these
are is declared here, by platform; a sheet that is none of it stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from xlkpi.cells import is_blank
from xlkpi.platforms.files import Grid
from xlkpi.platforms.layout import plain

TITLE = "内容标题"
RECOMMENDED = "推荐转化"  # its 阅读 is not the article's
SECTIONS = {  # 公众号 单篇数据明细, in both languages of the backend → what its parts are called
    "数据概况": "数据概况", "数据概览": "数据概况", "Data overview": "数据概况",
    "阅读转化": "阅读转化", "View conversion": "阅读转化", RECOMMENDED: RECOMMENDED,
    "阅读数据趋势明细": "趋势明细", "趋势明细": "趋势明细",
    "性别分布": "性别分布", "Statistics by gender": "性别分布", "年龄分布": "年龄分布", "Statistics by age": "年龄分布",
    "地域分布": "地域分布", "Statistics by location": "地域分布",
}
ENOUGH = 2  # titled parts without which a sheet is no stack
SUMMARY = "汇总表"
PAIRS = (("指标", "数值"), ("数据指标", "数值"))
SEGMENTS = {"性别": "性别", "年龄": "年龄", "省份/直辖市": "地域", "省份": "地域", "地域": "地域", "城市": "城市"}
NAMED = ("日期", "数值")  # 小红书 近30日: the sheet's name is the heading of the figures
NAMES = "趋势"
DISTRIBUTIONS = {  # lists of the Douyin open platform's fans_data, by the end of their path
    "gender_distributions": "性别", "age_distributions": "年龄", "geographical_distributions": "地域",
    "active_days_distributions": "活跃度", "device_distributions": "设备", "interest_distributions": "兴趣",
}
SEGMENT, SHARE, KIND = "分布值", "占比", "分布"

Rows = list[list[Any]]


def unfolded(grid: Grid) -> list[Grid]:
    """The plain tables of a sheet, or the sheet itself."""
    stack = list(_stacked(grid))
    return stack or [_named(grid) or _distribution(grid) or _pairs(grid) or grid]


# ---------------------------------------------------------------- one below the other


def _stacked(grid: Grid) -> Iterator[Grid]:
    """The titled parts of an article's details; the figures of its pairs are one record, its first row the title."""
    if isinstance(grid.rows, list) and grid.rows:
        rows = [_trimmed(row) for row in grid.rows]
        starts = [number for number, row in enumerate(rows) if len(row) == 1 and row[0] in SECTIONS]
        if len(starts) < ENOUGH:
            return
        title = next((str(row[0]) for row in rows[:starts[0]] if len(row) == 1), "")
        pairs: Rows = []
        at = 0
        for start, end in pairwise([*starts, len(rows)]):
            body = [(number, row) for number, row in enumerate(rows[start + 1:end], start + 1) if row]
            if not body:
                continue
            (top, head), rest = body[0], [row for _, row in body[1:]]
            if tuple(head) in PAIRS:
                at = at or top
                before = f"{RECOMMENDED}·" if SECTIONS[str(rows[start][0])] == RECOMMENDED else ""
                pairs += [[f"{before}{row[0]}", row[1]] for row in rest if len(row) == 2]
                yield from _leftovers(grid, [row for row in rest if len(row) != 2], top)
            elif head[0] in SEGMENTS and len(head) == 2:
                made = [[TITLE, KIND, SEGMENT, SHARE], *([title, SEGMENTS[str(head[0])], *row] for row in rest)]
                yield _part(grid, made, top)
            else:
                width = max(map(len, [head, *rest]))
                made = [[TITLE, *head], *([title, *row, *[""] * (width - len(row))] for row in rest)]
                yield _part(grid, made, top)
        if pairs:
            yield _part(grid, _across([[TITLE, title], *pairs]), at)


def _leftovers(grid: Grid, rows: Rows, top: int) -> Iterator[Grid]:
    """Rows that are no pairs: nothing is dropped, they come out as a table that nobody knows."""
    if rows:
        yield _part(grid, rows, top)


def _trimmed(row: Sequence[Any]) -> list[Any]:
    """The cells between the first and the last that hold something, texts without outer blanks."""
    cells = ["" if is_blank(cell) else cell.strip() if isinstance(cell, str) else cell for cell in row]
    used = [place for place, cell in enumerate(cells) if cell != ""]
    return cells[used[0]:used[-1] + 1] if used else []


def _part(grid: Grid, rows: Rows, top: int) -> Grid:
    """Some rows as a grid of their own; cells have moved, so findings say rows."""
    return replace(grid, rows=rows, first_row=grid.first_row + top, addressed=False)


# ---------------------------------------------------------------- pairs, and names of sheets


def _across(pairs: Rows) -> Rows:
    """Pairs below each other as one record. A name that stands twice stays twice, which the reader refuses."""
    return [[str(name) for name, _ in pairs], [value for _, value in pairs]]


def _pairs(grid: Grid) -> Grid | None:
    rows = [_trimmed(row) for row in grid.rows[:200]]
    filled = [row for row in rows if row]
    if len(grid.rows) > len(rows) or len(filled) < 2 or tuple(filled[0]) not in PAIRS:
        return None
    if any(len(row) != 2 for row in filled):
        return None
    return _part(grid, _across([[SUMMARY, grid.sheet or ""], *filled[1:]]), rows.index(filled[0]))


def _named(grid: Grid) -> Grid | None:
    """(日期, 数值) on a sheet called 曝光趋势 is (日期, 曝光趋势)."""
    name = (grid.sheet or "").strip()
    for number, row in enumerate(grid.rows[:3]):
        if tuple(map(plain, _trimmed(row))) == NAMED and name.endswith(NAMES):
            head = [name if plain(cell) == NAMED[1] else cell for cell in row]
            return replace(grid, rows=[*grid.rows[:number], head, *grid.rows[number + 1:]])
    return None


def _distribution(grid: Grid) -> Grid | None:
    """Items and values of fans become rows that say of what kind they are."""
    kind = DISTRIBUTIONS.get((grid.sheet or "").rpartition(".")[2])
    if kind is None or not grid.rows or not {"item", "value"} <= set(grid.rows[0]):
        return None
    return replace(grid, rows=[["distribution", *grid.rows[0]], *([kind, *row] for row in grid.rows[1:])])
