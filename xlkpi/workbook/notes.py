"""Cell notes (comments, threads too) that go with the rows of a table when these move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlkpi.workbook import markup
from xlkpi.workbook.book import Book
from xlkpi.workbook.cover_xml import Edits, find
from xlkpi.workbook.markup import Element
from xlkpi.workbook.refs import column_letters, parse_area
from xlkpi.workbook.table import Table

_SHAPE = re.compile(rb"<v:shape\b(?:(?!<v:shape\b).)*?</v:shape>\s*", re.DOTALL)
_ROW, _COLUMN = re.compile(rb"(<x:Row>\s*)(\d+)(\s*</x:Row>)"), re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")


def texts(book: Book, table: Table) -> dict[tuple[int, int], str]:
    """The notes on the body of a table by (row, column) of the sheet; of a thread its first words."""
    said: dict[tuple[int, int], str] = {}
    for part, element, place in (*_on(book, table, "comments"), *_on(book, table, "threadedComment")):
        data = book.package.xml(part)
        words = "".join(one.text(data) for one in find(element, "t", "text") if not one.children)
        if element.local == "comment" or element.get("parentId") is None:
            said[place] = words.strip()
    return said


def move(book: Book, table: Table, moves: Mapping[int, int | None]) -> None:
    """Give the notes of each row of the body (from 0) their new row, or take them away with a row that is gone."""
    targets = {table.first_row + old: None if new is None else table.first_row + new for old, new in moves.items()
               if old != new}
    if not targets:
        return
    places: set[tuple[int, int]] = set()
    for kind in ("comments", "threadedComment"):
        edits: dict[str, Edits] = {}
        for part, element, (row, col) in _on(book, table, kind):
            if row not in targets:
                continue
            places.add((row, col))
            change = edits.setdefault(part, Edits(book.package.xml(part)))
            new = targets[row]
            if new is None:
                change.replace(element.start, element.end, b"")
            else:
                change.set_attribute(element, "ref", f"{column_letters(col)}{new}")
        for part, change in edits.items():
            book.package.write(part, change.apply())
    for part in book.package.related(book.sheet(table.sheet).part, "vmlDrawing"):
        old = book.package.read(part)
        new_part = _SHAPE.sub(lambda match: _shape(match[0], places, targets), old)
        if new_part != old:
            book.package.write(part, new_part)


def _on(book: Book, table: Table, kind: str) -> Iterator[tuple[str, Element, tuple[int, int]]]:
    name = "comment" if kind == "comments" else "threadedComment"
    for part in book.package.related(book.sheet(table.sheet).part, kind):
        for element in find(markup.document(book.package.xml(part)), name):
            area = parse_area(element.attrs.get("ref", ""))
            if area is not None and table.first_row <= area.first_row <= table.last_row \
                    and table.first_col <= area.first_col <= table.last_col:
                yield part, element, (area.first_row, area.first_col)


def _shape(shape: bytes, places: set[tuple[int, int]], targets: Mapping[int, int | None]) -> bytes:
    """The drawn box of a note: its cell, and where it lies on the sheet."""
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if row is None or column is None or b'ObjectType="Note"' not in shape:
        return shape
    old = int(row[2]) + 1
    if (old, int(column[1]) + 1) not in places:
        return shape
    new = targets[old]
    if new is None:
        return b""
    shape = _ROW.sub(lambda match: match[1] + str(new - 1).encode() + match[3], shape)

    def shifted(match: re.Match[bytes]) -> bytes:
        numbers = [word.strip() for word in match[2].decode().split(",")]
        if len(numbers) == 8:
            for at in (2, 6):
                numbers[at] = str(max(0, int(numbers[at]) + new - old))
        return match[1] + ", ".join(numbers).encode() + match[3]

    return _ANCHOR.sub(shifted, shape)
