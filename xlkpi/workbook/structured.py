"""Structured references (``works[播放量]``, ``[@播放量]``, ``goals[[#Totals],[a]:[b]]``) as rectangles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xlkpi.workbook.formulas import Area

Cell = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a table stands: its whole rectangle, how many header and totals rows, its column names."""

    name: str
    sheet: str
    area: Area
    header: int
    totals: int
    columns: tuple[str, ...]

    @property
    def body(self) -> Area:
        area = self.area
        return Area(self.sheet, area.top + self.header, area.left, area.bottom - self.totals, area.right)

    def holds(self, cell: Cell) -> bool:
        return (cell[0] == self.sheet and self.area.top <= cell[1] <= self.area.bottom
                and self.area.left <= cell[2] <= self.area.right)


_STRUCTURED = re.compile(r"(?P<table>[^\W\d][\w.\\?]*)?\[(?P<inside>(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]",
                         re.DOTALL)
_ITEM = re.compile(r"\s*\[((?:[^\[\]']|'.)*)\]\s*([,:]?)", re.DOTALL)
_PARTS = {"#all": "all", "#data": "data", "#headers": "headers", "#totals": "totals", "#this row": "this row"}


def resolve(text: str, tables: Mapping[str, Shape], home: Cell) -> Area | None:
    """The rectangle ``text`` means in the cell ``home``; None when it is no structured reference
    or names no table, column or row that is there (the engine then says what it is)."""
    match = _STRUCTURED.fullmatch(text)
    if match is None:
        return None
    if match["table"]:
        table = tables.get(match["table"].casefold())
    else:
        table = next((own for own in tables.values() if own.holds(home)), None)
    if table is None:
        return None
    read = _read(match["inside"])
    if read is None:
        return None
    parts, columns = read
    rows = _rows(table, parts or frozenset({"data"}), home)
    span = _columns(table, columns)
    if rows is None or span is None:
        return None
    return Area(table.sheet, rows[0], span[0], rows[1], span[1])


@lru_cache(maxsize=1024)
def _read(inside: str) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """The parts (``#Totals`` …) and the one or two column names between the brackets."""
    word = inside.strip()
    parts: set[str] = set()
    if word.startswith("@"):
        parts.add("this row")
        word = word[1:].strip()
    if not word:
        return frozenset(parts), ()
    if not word.startswith("["):
        return _sort([_plain(word)], parts)
    items: list[str] = []
    at = 0
    while at < len(word):
        match = _ITEM.match(word, at)
        if match is None:  # [[#This Row],column] is written without brackets by some
            return _sort([*items, _plain(word[at:].strip())], parts) if items and "[" not in word[at:] else None
        items.append(_plain(match[1]))
        at = match.end()
    return _sort(items, parts)


def _sort(items: list[str], parts: set[str]) -> tuple[frozenset[str], tuple[str, ...]] | None:
    columns: list[str] = []
    for item in items:
        part = _PARTS.get(item.casefold())
        if part:
            parts.add(part)
        else:
            columns.append(item)
    return (frozenset(parts), tuple(columns)) if len(columns) <= 2 else None


def _plain(name: str) -> str:
    return re.sub(r"'(.)", r"\1", name, flags=re.DOTALL)


def _rows(table: Shape, parts: frozenset[str], home: Cell) -> tuple[int, int] | None:
    area, body = table.area, table.body
    if "this row" in parts:
        inside = home[0] == table.sheet and body.top <= home[1] <= body.bottom
        return (home[1], home[1]) if inside and len(parts) == 1 else None
    if "all" in parts:
        return area.top, area.bottom
    if ("headers" in parts and not table.header) or ("totals" in parts and not table.totals):
        return None
    if parts == {"headers", "totals"}:
        return None
    top = area.top if "headers" in parts else area.bottom if parts == {"totals"} else body.top
    bottom = area.bottom if "totals" in parts else body.top - 1 if parts == {"headers"} else body.bottom
    return (top, bottom) if top <= bottom else None


@lru_cache(maxsize=1024)
def _columns(table: Shape, names: tuple[str, ...]) -> tuple[int, int] | None:
    if not names:
        return table.area.left, table.area.right
    known = {_key(name): index for index, name in enumerate(table.columns)}
    places = [known.get(_key(name)) for name in names]
    if any(place is None for place in places):
        return None
    numbers = [table.area.left + place for place in places if place is not None]
    return min(numbers), max(numbers)


def _key(name: str) -> str:
    return name.replace("_x000a_", "\n").replace("_x000A_", "\n").replace("\r\n", "\n").casefold()
