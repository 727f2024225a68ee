"""The rows of a table written anew inside its sheet part; what stands beside them stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from xlkpi.workbook import markup
from xlkpi.workbook.columns import Stored
from xlkpi.workbook.markup import attributes, with_attribute
from xlkpi.workbook.refs import column_letters, column_number
from xlkpi.workbook.sheet import Row, Sheet, _spanning
from xlkpi.workbook.table import Table

CHUNK = 4096


@dataclass(slots=True)
class Body:
    """The new body: its columns with their styles, and how many rows of data there are."""

    columns: list[Stored]
    styles: list[int]
    rows: int

    @property
    def shown(self) -> int:
        """A table shows one row at least."""
        return max(1, self.rows)


def replaced(xml: Sheet, table: Table, body: Body) -> tuple[bytes, int]:
    """The sheet part with the table's body replaced, and how many more cells hold shared strings now.

    Cells beside the table stay, rows are shown, their own heights stay where they were set by
    hand. The totals row moves with its cells; rows that the table no longer needs are emptied of
    its columns. Callers have made sure that there is room.
    """
    data = xml.data
    last = table.first_row + body.shown - 1
    totals = table.totals_rows
    bottom = max(table.last_row, last) + totals
    places = [row for row in xml.rows.values() if table.first_row <= row.number <= bottom]
    start = places[0].start if places else _position(xml, table.first_row)
    end = places[-1].end if places else start
    before = data.count(b't="s"', start, end)
    pieces: list[bytes] = list(_rows(xml, table, body, {row.number: row for row in places}, last))
    after = sum(piece.count(b't="s"') for piece in pieces)
    head = markup.patched(data[:start], _dimension(xml, table, last, bottom))
    if xml.closed:
        tag = data[xml.tag_start:xml.start]
        cut = len(head) - (start - xml.tag_start)
        head = head[:cut] + tag[:-2].rstrip() + b">"
        pieces.append(b"</" + xml.prefix + b"sheetData>")
    return b"".join([head, *pieces, data[end:]]), after - before


def _position(xml: Sheet, number: int) -> int:
    """Where a row that is not stored would stand."""
    at = xml.start
    for row in xml.rows.values():
        if row.number > number:
            break
        at = row.end
    return at


def _rows(xml: Sheet, table: Table, body: Body, places: dict[int, Row], last: int) -> Iterator[bytes]:
    prefix = xml.prefix.decode()
    first = table.first_row
    foot = f"</{prefix}row>"
    fresh = _fresh_tag(xml, table)
    for begin in range(0, body.shown, CHUNK):
        end = min(begin + CHUNK, body.shown)
        numbers = list(map(str, range(first + begin, first + end)))
        pieces: list[str | Iterable[str]] = []
        for index, (column, style) in enumerate(zip(body.columns, body.styles, strict=True)):
            pieces += column.pieces(begin, numbers, begin == 0, table.first_col + index, style, prefix)
        rows = range(first + begin, first + end)
        if not any(row in places for row in (places if len(places) < len(rows) else rows) if row in rows):
            pieces = [f'<{prefix}row r="', numbers, f'"{fresh}>', *pieces, foot]
        else:
            heads, tails = [], []
            for row in rows:
                place = places.get(row)
                left, right = _beside(xml, table, place) if place is not None else ("", "")
                heads.append(_shown_tag(xml, table, place) + left if place is not None
                             else f'<{prefix}row r="{row}"{fresh}>')
                tails.append(right + foot)
            pieces = [heads, *pieces, tails]
        yield "".join(map("".join, zip(*_merged(pieces), strict=False))).encode()
    old_totals = {table.last_row + 1 + number: last + 1 + number for number in range(table.totals_rows)}
    for old, new in old_totals.items():
        yield _moved(xml, table, places, old, new)
    for number in range(last + 1 + table.totals_rows, max(places, default=0) + 1):
        if number in places:
            yield _row(xml, table, places[number], "")


def _merged(pieces: list[str | Iterable[str]]) -> Iterator[Iterable[str]]:
    """The pieces of rows, neighbouring texts that are the same in every row put together."""
    same = ""
    for piece in pieces:
        if isinstance(piece, str):
            same += piece
            continue
        if same:
            yield repeat(same)
            same = ""
        yield piece
    if same:
        yield repeat(same)


def _fresh_tag(xml: Sheet, table: Table) -> str:
    """The attributes of a row that was not there: a height set by hand is that of the last data row."""
    attrs = xml.row_attributes(table.last_row)
    by_hand = ("ht", "customHeight") if attrs.get("customHeight") in ("1", "true") else ()
    return "".join(f' {name}="{markup.escape_attribute(value)}"' for name, value in attrs.items()
                   if name.endswith(":dyDescent") or name in by_hand)


def _shown_tag(xml: Sheet, table: Table, place: Row, extra: bool = True) -> str:
    """The start tag of a stored row, shown, without a height that only fitted what was there before."""
    tag = xml.data[place.start:place.inner]
    attrs = attributes(tag)
    if "hidden" in attrs:
        tag = with_attribute(tag, "hidden", None)
    if "ht" in attrs and attrs.get("customHeight") not in ("1", "true"):
        tag = with_attribute(tag, "ht", None)
    if extra:
        tag = _spanning(tag, [table.first_col, table.last_col])
    return (tag[:-2].rstrip() + b">").decode() if tag.endswith(b"/>") else tag.decode()


def _beside(xml: Sheet, table: Table, place: Row) -> tuple[str, str]:
    """The cells of a row left and right of the table, as stored."""
    data = xml.data
    head = b"<" + xml.prefix + b'c r="'
    first = data.find(head, place.inner, place.close)
    if first < 0:
        return "", ""
    ends = []
    for at in (first, data.rfind(head, place.inner, place.close)):
        address = data[at + len(head):data.index(b'"', at + len(head))].decode()
        ends.append(column_number(address.rstrip("0123456789")))
    if table.first_col <= ends[0] and ends[1] <= table.last_col:
        return "", ""
    cells = xml.cells(place.number).values()
    left = b"".join(data[raw.start:raw.end] for raw in cells if raw.col < table.first_col)
    right = b"".join(data[raw.start:raw.end] for raw in cells if raw.col > table.last_col)
    return left.decode(), right.decode()


def _row(xml: Sheet, table: Table, place: Row, inside: str) -> bytes:
    left, right = _beside(xml, table, place)
    prefix = xml.prefix.decode()
    return f"{_shown_tag(xml, table, place, bool(inside))}{left}{inside}{right}</{prefix}row>".encode()


def _moved(xml: Sheet, table: Table, places: dict[int, Row], old: int, new: int) -> bytes:
    """A totals row at its new place."""
    prefix = xml.prefix.decode()
    cells = [raw for col, raw in sorted(xml.cells(old).items()) if table.first_col <= col <= table.last_col]
    inside = ""
    for raw in cells:
        cell = xml.data[raw.start:raw.end]
        tag_end = cell.index(b">") + 1
        tag = with_attribute(cell[:tag_end], "r", f"{column_letters(raw.col)}{new}")
        inside += (tag + cell[tag_end:]).decode()
    if new in places:
        return _row(xml, table, places[new], inside)
    height = _fresh_tag(xml, table)
    return f'<{prefix}row r="{new}"{height}>{inside}</{prefix}row>'.encode() if inside else b""


def _dimension(xml: Sheet, table: Table, last: int, bottom: int) -> list[tuple[int, int, bytes]]:
    """The dimension around what is there now."""
    known = xml.dimension
    if known is None:
        return []
    old_end, new_end = table.last_row + table.totals_rows, last + table.totals_rows
    lowest = max(known.last_row, new_end)
    if new_end < old_end and known.last_row <= old_end:
        beside = [row.number for row in xml.rows.values() if new_end < row.number <= bottom
                  and any(_beside(xml, table, row))]
        lowest = max([new_end, *beside])
    return xml.resized(min(known.first_row, table.area.first_row), min(known.first_col, table.first_col), lowest,
                       max(known.last_col, table.last_col))
