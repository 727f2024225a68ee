"""Charts: the ranges of their series follow a table, and the points kept in the file are those of the cells.

A viewer that does not calculate draws the cached points, so a cache that is behind shows wrong figures.
A cache is compared point by point and written only when it differs; a chart that is up to date stays
byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Protocol

from xlkpi.errors import CellError
from xlkpi.workbook import cover_labels as labels
from xlkpi.workbook.cover_xml import Edits, find, may_follow, walk
from xlkpi.workbook.markup import Element, document, escape
from xlkpi.workbook.refs import Area, Nature, Resize, fit_list, fitted, operands, parse_ref, rewrite

_CACHES = {"numRef": "numCache", "strRef": "strCache", "multiLvlStrRef": "multiLvlStrCache",
           "datalabelsRange": "dlblRangeCache"}
_FORMULA = re.compile(rb"<(?:[\w.\-]+:)?(?:f|sqref)(?:\s[^<>]*)?>((?:[^<]|<!)*)</")
_SOURCES = {*_CACHES, "numDim", "strDim", "txData", "fullRef", "levelRef", "formulaRef"}


class Columns(Protocol):
    """The values of a sheet by column."""

    def column(self, col: int) -> Mapping[int, object]:
        """The values of a column by row; blanks are left out."""


@dataclass(slots=True)
class Cells:
    """How a chart reads the workbook: ``values`` by the name of a sheet. ``resolve`` turns a name or structured
    reference into a plain reference."""

    values: Callable[[str], Columns | None]
    resolve: Callable[[str], str | None] = lambda text: None
    hidden: Callable[[str], tuple[frozenset[int], frozenset[int]]] = lambda sheet: (frozenset(), frozenset())
    date1904: bool = False

    def label(self, value: object, example: str = "") -> str | None:
        return labels.label(value, example, self.date1904)


def fit_chart(data: bytes, resize: Resize, root: Element | None = None) -> bytes:
    """A chart part (also of the newer kind, ``cx:chartSpace``) with its ranges following the resize.

    ``root`` is the part's document element where that is known.

    One row of a one-row table across several columns is a series laid out in a row (unless it holds the levels of
    categories for a column), and one cell is a series' name: neither is the body.
    The caches are :func:`refresh_chart`'s business.
    """
    if not any(may_follow(text, resize, named=True) for text in _FORMULA.findall(data)):
        return data
    root, edits = root or document(data), Edits(data)
    home = resize.sheet.casefold()
    named = {id(inner) for text in find(root, "tx", "txData") for inner in (text, *walk(text))}

    upright = _upright(root, data)

    def follow(nature: Nature, one_row: bool) -> Callable[[str], str | None]:
        def change(text: str) -> str | None:
            ref = parse_ref(text)
            if ref is None or (ref.sheet or "").casefold() != home:
                return None
            area = ref.area
            flat = area.first_row == area.last_row <= resize.old_last_row and area.first_col != area.last_col
            if flat and not one_row:
                return None
            new = fitted(area, resize, nature)
            return replace(ref, area=new).text() if new else None
        return change

    for holder in walk(root):
        if holder.local in _SOURCES:
            change = follow(Nature.CELL if id(holder) in named else Nature.RANGE, upright.get(id(holder), False))
            for source in holder.all("f", "sqref"):
                edits.set_text(source, fit_list(source.text(data), resize, partial(rewrite, change=change)))
    return edits.apply()


def refresh_chart(data: bytes, cells: Cells, root: Element | None = None) -> tuple[bytes, list[str]]:
    """A chart part with the caches of all its sources rebuilt from the cells, and the sources nobody can read.

    ``root`` is the part's document element where that is known.
    """
    root, edits = root or document(data), Edits(data)
    unread: list[str] = []
    visible = next(((one.get("val") or "1") not in ("0", "false") for one in find(root, "plotVisOnly")), True)
    upright = _upright(root, data)
    categories = {id(source) for cat in find(root, "cat") for source in cat.children}
    for holder in walk(root):
        source = holder.one("f") if holder.local in _SOURCES else None
        if source is None or holder.local in ("fullRef", "levelRef", "formulaRef"):
            continue
        text = source.text(data)
        if not text.strip():
            continue
        grid = read_grid(text, cells, visible)
        if grid is None:
            unread.append(text)
        elif holder.local in ("numDim", "strDim"):
            down = source.attrs.get("dir", "col") != "row"
            _refresh_dimension(holder, source, grid if down else _turned(grid), cells, edits)
        elif holder.local == "txData":
            shown = holder.one("v")
            words = [one for row in grid for value in row if (one := cells.label(value)) is not None]
            if shown and grid:
                edits.set_text(shown, cells.label(grid[0][0], shown.text(data)) or "" if len(words) < 2
                               else " ".join(words))
        elif holder.local == "multiLvlStrRef":
            _refresh_levels(holder, grid if upright.get(id(holder), len(grid) >= len(grid[0] if grid else ())) else
                            _turned(grid), cells, edits)
        else:
            _refresh_points(holder, list(chain.from_iterable(grid)), cells, edits, id(holder) in categories)
    return edits.apply(), unread


def read_grid(text: str, cells: Cells, visible: bool = True) -> list[list[object]] | None:
    """The cells of a chart's source, row by row (several areas one below the other), or ``None``."""
    areas: list[tuple[str, Area]] = []
    left = text
    for start, end, word in reversed(list(operands(text))):
        left = left[:start] + left[end:]
        ref = parse_ref(word)
        if ref is None or not ref.sheet:
            resolved = cells.resolve(word)
            ref = parse_ref(resolved) if resolved else None
        if ref is None or not ref.sheet:
            return None
        areas.insert(0, (ref.sheet, ref.area))
    if left.strip("(), ") or not areas:
        return None
    grid: list[list[object]] = []
    for sheet, area in areas:
        values = cells.values(sheet)
        if values is None:
            return None
        rows, columns = cells.hidden(sheet) if visible else (frozenset[int](), frozenset[int]())
        shown = [row for row in range(area.first_row, area.last_row + 1) if row not in rows]
        found = [list(map(values.column(column).get, shown))
                 for column in range(area.first_col, area.last_col + 1) if column not in columns]
        grid += [[value] for value in found[0]] if len(found) == 1 else \
            map(list, zip(*found, strict=True)) if found else [[] for _ in shown]
    return grid


def _turned(grid: list[list[object]]) -> list[list[object]]:
    return [list(line) for line in zip(*grid, strict=False)]


def _upright(root: Element, data: bytes) -> dict[int, bool]:
    """For each source of categories: whether its points run down, as the values of its series do."""
    known: dict[int, bool] = {}
    for series in find(root, "ser"):
        values = series.one("val")
        source = next(find(values, "f"), None) if values else None
        ref = parse_ref(source.text(data)) if source else None
        if ref:
            area = ref.area
            for cat in series.all("cat"):
                if area.first_col == area.last_col or area.first_row == area.last_row:
                    known |= {id(child): area.first_col == area.last_col for child in cat.children}
    return known


def _cached(cache: Element | None, data: bytes) -> tuple[str, dict[int, str], dict[int, str]]:
    """Point count as written, texts and own number formats of the points that are there."""
    count, texts, formats = "", {}, {}
    for child in cache.children if cache else ():
        if child.local == "ptCount":
            count = child.get("val") or ""
        elif child.local == "pt":
            index, value = int(child.get("idx") or 0), child.one("v")
            texts[index] = value.text(data) if value else ""
            if "formatCode" in child.attrs:
                formats[index] = child.attrs["formatCode"]
    return count, texts, formats


def _same_number(old: str | None, value: object) -> bool:
    """Whether a cached point says what the cell says. Excel keeps ``0`` for a text and the code of an error:
    a chart that Excel saved is up to date with them, though points written here leave both out."""
    new = labels.number(value)
    if old is None or new is None:
        return new is None and (old is None or (old == "0" and isinstance(value, str))
                                or (old.startswith("#") and isinstance(value, CellError)))
    try:
        return float(old) == new
    except ValueError:
        return False


def _points(prefix: str, points: Mapping[int, str], formats: Mapping[int, str] | None = None) -> str:
    if not formats:
        middle, end = f'"><{prefix}v>', f"</{prefix}v></{prefix}pt>"
        between = f'{end}<{prefix}pt idx="'
        pieces = [f"{index}{middle}{escape(text)}" for index, text in points.items()]
        return f'<{prefix}pt idx="{between.join(pieces)}{end}' if pieces else ""
    pieces = []
    for index, text in points.items():
        own = formats.get(index)
        code = f' formatCode="{escape(own).replace(chr(34), "&quot;")}"' if own is not None else ""
        pieces.append(f'<{prefix}pt idx="{index}"{code}><{prefix}v>{escape(text)}</{prefix}v></{prefix}pt>')
    return "".join(pieces)


def _numbers(values: list[object]) -> dict[int, str]:
    """The points of a series: the texts of its numbers by their place."""
    if set(map(type, values)) <= {float}:
        return {index: str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace("e", "E")
                for index, value in enumerate(values) if isinstance(value, float)}
    return {index: labels.plain(one) for index, value in enumerate(values) if (one := labels.number(value)) is not None}


def _refresh_points(holder: Element, values: list[object], cells: Cells, edits: Edits,
                    category: bool) -> None:
    data, name = edits.data, _CACHES[holder.local]
    cache, source = holder.one(name), holder.one("f")
    assert source is not None
    count, texts, formats = _cached(cache, data)
    words = category and holder.local == "numRef" and any(isinstance(value, str) and value for value in values)
    numeric = name == "numCache" and not words
    if numeric:
        if cache and count == str(len(values)) and all(map(_same_number, map(texts.get, range(len(values))), values)):
            return
        new = _numbers(values)
    else:
        example = next(iter(texts.values()), "") if not words else ""
        new = {index: text for index, value in enumerate(values)
               if (text := cells.label(value, texts.get(index, example) if not words else "")) is not None}
        if cache and not words and count == str(len(values)) and new == {i: t for i, t in texts.items() if t}:
            return
    prefix = cache.prefix if cache else holder.prefix
    inside = f'<{prefix}ptCount val="{len(values)}"/>' + _points(prefix, new, formats if numeric else None)
    if words:
        body = f"<{prefix}strCache>{inside}</{prefix}strCache>"
        start = data[source.start:source.end]
        edits.replace(holder.start, holder.end, f"<{prefix}strRef>".encode() + start + body.encode()
                      + f"</{prefix}strRef>".encode())
    else:
        _put(holder, source, cache, prefix + name, inside, numeric, edits)


def _put(holder: Element, source: Element, cache: Element | None, tag: str, inside: str, numeric: bool,
         edits: Edits) -> None:
    """The new content of a cache: its number format before the points, its extensions after them."""
    prefix = tag.rpartition(":")[0] + ":" if ":" in tag else ""
    if cache is None or cache.close == cache.inner == cache.end:
        code = f"<{prefix}formatCode>General</{prefix}formatCode>" if numeric else ""
        place = (cache.start, cache.end) if cache else (source.end, source.end)
        edits.replace(*place, f"<{tag}>{code}{inside}</{tag}>".encode())
        return
    kept = {name: b"".join(edits.data[child.start:child.end] for child in cache.all(name))
            for name in ("formatCode", "extLst")}
    edits.replace(cache.inner, cache.close, kept["formatCode"] + inside.encode() + kept["extLst"])


def _levels(grid: list[list[object]], cells: Cells, old: list[dict[int, str]]) -> list[dict[int, str]]:
    """The labels of each level, the innermost (the last column) first."""
    levels = []
    for depth, column in enumerate(reversed(_turned(grid))):
        before = old[depth] if depth < len(old) else {}
        example = next(iter(before.values()), "")
        levels.append({index: one for index, value in enumerate(column)
                       if (one := cells.label(value, before.get(index, example))) is not None})
    return levels


def _refresh_levels(holder: Element, grid: list[list[object]], cells: Cells, edits: Edits) -> None:
    cache, source = holder.one("multiLvlStrCache"), holder.one("f")
    assert source is not None
    old = [_cached(level, edits.data)[1] for level in cache.all("lvl")] if cache else []
    count = _cached(cache, edits.data)[0]
    new = _levels(grid, cells, old)
    if cache and count == str(len(grid)) and new == old:
        return
    prefix = cache.prefix if cache else holder.prefix
    inside = f'<{prefix}ptCount val="{len(grid)}"/>' + "".join(
        f"<{prefix}lvl>{_points(prefix, level)}</{prefix}lvl>" for level in new)
    _put(holder, source, cache, prefix + "multiLvlStrCache", inside, False, edits)


def _refresh_dimension(holder: Element, source: Element, grid: list[list[object]], cells: Cells,
                       edits: Edits) -> None:
    """The points of the newer charts: each column of the source is a level, the last one first."""
    data, found = edits.data, holder.all("lvl")
    old = [{int(point.get("idx") or 0): point.text(data) for point in level.all("pt")} for level in found]
    counts = [level.get("ptCount") for level in found]
    if holder.local == "numDim":
        columns = list(reversed(_turned(grid)))
        if counts == [str(len(grid))] * len(columns) and all(
                all(_same_number(was.get(index), value) for index, value in enumerate(column))
                for was, column in zip(old, columns, strict=True)):
            return
        new = [_numbers(column) for column in columns]
    else:
        new = _levels(grid, cells, old)
        if new == old and counts == [str(len(grid))] * len(new):
            return
    prefix = holder.prefix
    pieces = []
    for depth, level in enumerate(new):
        code = found[min(depth, len(found) - 1)].attrs.get("formatCode") if found else None
        shown = f' formatCode="{escape(code).replace(chr(34), "&quot;")}"' if code is not None else ""
        points = "".join(f'<{prefix}pt idx="{index}">{escape(text)}</{prefix}pt>' for index, text in level.items())
        pieces.append(f'<{prefix}lvl ptCount="{len(grid)}"{shown}>{points}</{prefix}lvl>')
    where = (found[0].start, found[-1].end) if found else (source.end, source.end)
    edits.replace(*where, "".join(pieces).encode())
