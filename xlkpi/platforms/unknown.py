"""A table that no layout fits: what its header holds, and what each of the nearest layouts lacks in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlkpi import language, metrics
from xlkpi.errors import Where
from xlkpi.platforms import problems as found
from xlkpi.platforms.files import Grid
from xlkpi.platforms.layout import Column, Layout

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A layout and what a header has and lacks of it."""

    layout: Layout
    known: tuple[Column, ...]
    lacking: tuple[Column, ...]

    def sentence(self) -> str:
        zh = language.current() == "zh"
        lacks = ("、" if zh else ", ").join(heading(column, self.layout) for column in self.lacking[:8])
        lacks = lacks or ("指标列" if zh else "a column of figures")
        label = self.layout.label(language.current())
        return f"{label}（缺 {lacks}）" if zh else f"{label} (lacks {lacks})"


def heading(column: Column, layout: Layout) -> str:
    """A platform's own heading; of our own layouts, the heading in the reader's language."""
    known = metrics.load().columns.get(column.code)
    return str(known.label(language.current())) if layout.general and known else column.label


def nearest(grid: Grid, candidates: Sequence[Layout]) -> list[Near]:
    """The three layouts that share most with the header, nearest first."""
    head = fullest(grid)
    near = []
    for layout in candidates:
        known = {column.code: column for column in map(layout.find, head) if column}
        wanted = {*layout.signature, *(column.code for column in layout.required)}
        near.append(Near(layout, tuple(known.values()), tuple(
            column for column in layout.columns if column.code in wanted and column.code not in known)))
    return sorted(near, key=lambda one: (-len(one.known), len(one.lacking)))[:NEAREST]


def fullest(grid: Grid) -> list[str]:
    """The row among the first that looks most like a header: the one with most texts."""
    rows = [[" ".join(cell.split())[:40] for cell in row if isinstance(cell, str) and cell.strip()]
            for row in grid.rows[:10]]
    return max(rows, key=len, default=[])


def problem(grid: Grid, candidates: Sequence[Layout], where: Where) -> found.UnknownTable:
    said = [near.sentence() for near in nearest(grid, candidates)]
    zh = language.current() == "zh"
    return found.UnknownTable(where, found=("、" if zh else ", ").join(fullest(grid)[:20]) or "?",
                              nearest="、".join(said) if zh else ", ".join(said))
