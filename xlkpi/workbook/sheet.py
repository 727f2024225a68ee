"""A sheet part as bytes: where its rows and cells are, and how some of them are replaced.

Only what stands inside ``sheetData`` is a row or a cell; nothing outside is looked at here
except the dimension, the column styles and the merged ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from xlkpi.workbook import markup
from xlkpi.workbook.markup import ATTRIBUTES, Element, attributes, with_attribute
from xlkpi.workbook.refs import Area, column_letters, column_number, parse_area

MAIN = (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


class Row(NamedTuple):
    """A row and its place: start tag ``data[start:inner]``, cells ``data[inner:close]``, all ``data[start:end]``."""

    number: int
    start: int
    inner: int
    close: int
    end: int


@dataclass(slots=True)
class Raw:
    """A cell as stored: its place, its attributes, what is inside."""

    row: int
    col: int
    start: int
    end: int
    attrs: dict[str, str]
    inner: bytes

    @property
    def style(self) -> int:
        return int(self.attrs.get("s", 0))


class Patterns(NamedTuple):
    """Regular expressions for one element prefix."""

    row: re.Pattern[bytes]
    row_end: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    quick: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    value: re.Pattern[bytes]
    data: re.Pattern[bytes]


@lru_cache(maxsize=8)
def patterns(prefix: bytes) -> Patterns:
    """The patterns of sheets whose elements carry ``prefix`` (with its colon, usually nothing)."""
    p = re.escape(prefix)
    return Patterns(
        row=re.compile(rb"<" + p + rb"row(" + ATTRIBUTES + rb")\s*(/?)>"),
        row_end=re.compile(rb"</" + p + rb"row\s*>"),
        cell=re.compile(rb"<" + p + rb"c(" + ATTRIBUTES + rb")\s*(?:/>|>(.*?)</" + p + rb"c\s*>)", re.DOTALL),
        quick=re.compile(rb'<' + p + rb'c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|><' + p + rb'v>([^<]*)</'
                         + p + rb'v></' + p + rb'c>|>(.*?)</' + p + rb'c>)', re.DOTALL),
        formula=re.compile(rb"<" + p + rb"f(" + ATTRIBUTES + rb")\s*(?:/>|>([^<]*)</" + p + rb"f\s*>)"),
        value=re.compile(rb"<" + p + rb"v(?:" + ATTRIBUTES + rb")\s*(?:/>|>([^<]*)</" + p + rb"v\s*>)"),
        data=re.compile(rb"<" + p + rb"sheetData(?:" + ATTRIBUTES + rb")\s*(/?)>"),
    )


def split_address(address: str) -> tuple[int, int]:
    """``"B3"`` is (3, 2)."""
    match = _REFERENCE.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return int(match[2]), column_number(match[1])


class Sheet:
    """One sheet part. Immutable: edits give the bytes of a new one.

    ``edited`` says that the bytes are those of another ``Sheet`` with cells written here or attributes
    changed, so that rows and cells need not be looked at again.
    """

    def __init__(self, source: bytes, edited: bool = False) -> None:
        self.source = source
        self.prefix = _prefix(source)
        self.patterns = patterns(self.prefix)
        self.data = source
        self._place()
        if not edited and (self._odd() or self._unnumbered()):
            self.data = self._plain()
            self._place()
        self._cells: dict[int, dict[int, Raw]] = {}

    def _place(self) -> None:
        found = self.patterns.data.search(self.data)
        self.missing = found is None
        if found is None:
            self.tag_start = self.start = self.end = self.after = len(self.data)
        else:
            self.tag_start, self.start = found.span()
            self.closed = bool(found[1])
            self.end = self.start if self.closed else self.data.rfind(b"</" + self.prefix + b"sheetData")
            self.after = self.start if self.closed else self.data.index(b">", self.end) + 1

    def _odd(self) -> bool:
        """Is there a comment, CDATA or a processing instruction among the rows?"""
        return any(self.data.find(odd[1:], self.start, self.end) >= 0 and self.data.find(odd, self.start, self.end) >= 0
                   for odd in (b"<!", b"<?"))  # one byte is found much sooner than two

    def _unnumbered(self) -> bool:
        """Is there a row or a cell that does not begin with its number, as Excel writes them?"""
        return any(self.data.count(b"<" + name, self.start, self.end)
                   != self.data.count(b"<" + name + b' r="', self.start, self.end)
                   for name in (self.prefix + b"row", self.prefix + b"c"))

    def _plain(self) -> bytes:
        """The same sheet without comments and CDATA, every row and cell numbered, ``r`` in double quotes."""
        body = self.data[self.start:self.end]
        body = re.sub(rb"<!\[CDATA\[(.*?)\]\]>", lambda m: markup.escape(m[1].decode()).encode(), body, flags=re.DOTALL)
        body = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", body, flags=re.DOTALL)
        out, number, at = [], 0, 0
        for row, close, end in _rows(body, self.patterns):
            number = int(attributes(row[1]).get("r", number + 1))
            col, inner = 0, []
            done = row.end()
            for cell in self.patterns.cell.finditer(body, row.end(), close):
                address = attributes(cell[1]).get("r")
                col = split_address(address)[1] if address else col + 1
                tag_end = cell.start(2) if cell[2] is not None else cell.end()
                tag = with_attribute(body[cell.start():tag_end], "r", None)
                head = b"<" + self.prefix + b"c"
                inner += [body[done:cell.start()], head, b' r="%s%d"' % (column_letters(col).encode(), number),
                          tag[len(head):], body[tag_end:cell.end()]]
                done = cell.end()
            tag = with_attribute(row[0], "r", None)
            head = b"<" + self.prefix + b"row"
            out += [body[at:row.start()], head, b' r="%d"' % number, tag[len(head):], *inner, body[done:end]]
            at = end
        out.append(body[at:])
        return self.data[:self.start] + b"".join(out) + self.data[self.end:]

    # ------------------------------------------------------------ rows and cells

    @cached_property
    def rows(self) -> dict[int, Row]:
        """The rows that are stored, in order."""
        found = {}
        for match, close, end in _rows(self.data, self.patterns, self.start, self.end):
            quick = match[1]
            number = int(quick[4:quick.index(b'"', 4)]) if quick.startswith(b' r="') else int(attributes(quick)["r"])
            found[number] = Row(number, match.start(), match.end(), close, end)
        return found

    def cells(self, row: int) -> dict[int, Raw]:
        """The stored cells of a row by column."""
        if row not in self._cells:
            place = self.rows.get(row)
            found: dict[int, Raw] = {}
            if place is not None:
                for match in self.patterns.cell.finditer(self.data, place.inner, place.close):
                    raw = self.raw(match)
                    found[raw.col] = raw
            self._cells[row] = found
        return self._cells[row]

    def raw(self, match: re.Match[bytes]) -> Raw:
        """The cell that the cell pattern found."""
        attrs = attributes(match[1])
        row, col = split_address(attrs["r"])
        return Raw(row, col, match.start(), match.end(), attrs, match[2] or b"")

    def cell(self, row: int, col: int) -> Raw | None:
        """One stored cell, found without reading its row."""
        if row in self._cells:
            return self._cells[row].get(col)
        place = self.rows.get(row)
        if place is None:
            return None
        at = self.data.find(b"<%sc r=\"%s%d\"" % (self.prefix, column_letters(col).encode(), row), place.inner,
                            place.close)
        match = self.patterns.cell.match(self.data, at, place.close) if at >= 0 else None
        return self.raw(match) if match else None

    def row_attributes(self, row: int) -> dict[str, str]:
        place = self.rows.get(row)
        return attributes(self.data[place.start:place.inner]) if place else {}

    def style_at(self, row: int, col: int) -> int:
        """The style a cell has: its own, else its row's, else its column's."""
        raw = self.cell(row, col)
        if raw is not None:
            return raw.style
        attrs = self.row_attributes(row)
        if attrs.get("customFormat") in ("1", "true"):
            return int(attrs.get("s", 0))
        return next((style for first, last, style in self.column_styles if first <= col <= last), 0)

    # ------------------------------------------------------------ around the cells

    @cached_property
    def head(self) -> list[Element]:
        """The elements before the rows."""
        return _children(self.data, 0, self.tag_start)

    @cached_property
    def tail(self) -> list[Element]:
        """The elements after the rows."""
        return markup.tree(self.data, self.after, self.data.rfind(b"</")).children

    @cached_property
    def column_styles(self) -> list[tuple[int, int, int]]:
        return [(int(col.attrs["min"]), int(col.attrs["max"]), int(col.attrs["style"]))
                for cols in self.head if cols.local == "cols" for col in cols.all("col") if "style" in col.attrs]

    @cached_property
    def merged(self) -> list[Area]:
        areas = (parse_area(cell.attrs.get("ref", "")) for element in self.tail if element.local == "mergeCells"
                 for cell in element.all("mergeCell"))
        return [area for area in areas if area is not None]

    @cached_property
    def dimension(self) -> Area | None:
        element = next((e for e in self.head if e.local == "dimension"), None)
        return parse_area(element.attrs.get("ref", "")) if element else None

    # ------------------------------------------------------------ edits

    def edited(self, edits: dict[int, dict[int, bytes | None]],
               changes: Iterable[tuple[int, int, bytes]] = ()) -> bytes:
        """The part with cells replaced (``{row: {col: cell element, or None to take it away}}``).

        ``changes`` replace other cells, each by the place where it is stored.
        """
        changes = list(changes)
        fresh: list[tuple[int, bytes]] = []
        for number in sorted(edits):
            cells = sorted(edits[number].items())
            place = self.rows.get(number)
            if place is not None:
                changes += self._in_row(place, cells)
            elif any(new for _, new in cells):
                fresh.append((number, self._tag(b"row", number) + b"".join(new for _, new in cells if new)
                              + b"</" + self.prefix + b"row>"))
        if fresh:
            changes += self._new_rows(fresh)
        written = [(row, col) for row, cells in edits.items() for col, new in cells.items() if new]
        if written:
            changes += self.widened(min(r for r, _ in written), min(c for _, c in written),
                                    max(r for r, _ in written), max(c for _, c in written))
        return markup.patched(self.data, changes)

    def _tag(self, local: bytes, number: int) -> bytes:
        return b"<" + self.prefix + local + b' r="%d">' % number

    def _in_row(self, place: Row, cells: list[tuple[int, bytes | None]]) -> list[tuple[int, int, bytes]]:
        known = {col: raw for col, _ in cells if (raw := self.cell(place.number, col)) is not None}
        if len(known) == len(cells):
            return [(known[col].start, known[col].end, new or b"") for col, new in cells]
        stored = self.cells(place.number)
        changes: list[tuple[int, int, bytes]] = []
        tag = self.data[place.start:place.inner]
        bare = tag.endswith(b"/>")
        last = max((raw.end for raw in stored.values()), default=place.inner)
        added: list[bytes] = []
        for col, new in cells:
            if col in stored:
                changes.append((stored[col].start, stored[col].end, new or b""))
            elif new:
                at = min((raw.start for other, raw in stored.items() if other > col), default=last)
                if bare:
                    added.append(new)
                else:
                    changes.append((at, at, new))
        new_tag = _spanning(tag, [col for col, new in cells if new])
        if added:
            opened = new_tag[:-2].rstrip() + b">" + b"".join(added) + b"</" + self.prefix + b"row>"
            return [(place.start, place.end, opened)]
        if new_tag != tag:
            changes.append((place.start, place.inner, new_tag))
        return changes

    def _new_rows(self, fresh: list[tuple[int, bytes]]) -> list[tuple[int, int, bytes]]:
        if self.missing:
            raise ValueError("a sheet part without sheetData")
        if self.closed:
            tag = self.data[self.tag_start:self.start][:-2].rstrip() + b">"
            return [(self.tag_start, self.start, tag + b"".join(row for _, row in fresh)
                     + b"</" + self.prefix + b"sheetData>")]
        changes = []
        places = list(self.rows.values())
        at, index = self.start, 0
        for number, row in fresh:
            while index < len(places) and places[index].number < number:
                at = places[index].end
                index += 1
            changes.append((at, at, row))
        return changes

    def widened(self, top: int, left: int, bottom: int, right: int) -> list[tuple[int, int, bytes]]:
        """The change that makes the dimension cover these cells too."""
        element = next((e for e in self.head if e.local == "dimension"), None)
        known = self.dimension
        if element is None or known is None:
            return []
        if self.rows:
            top, left = min(top, known.first_row), min(left, known.first_col)
            bottom, right = max(bottom, known.last_row), max(right, known.last_col)
        return self.resized(top, left, bottom, right)

    def resized(self, top: int, left: int, bottom: int, right: int) -> list[tuple[int, int, bytes]]:
        """The change that makes the dimension exactly this, if there is one."""
        element = next((e for e in self.head if e.local == "dimension"), None)
        if element is None:
            return []
        ref = Area(left, top, right, bottom, colon=(top, left) != (bottom, right)).text()
        tag = self.data[element.start:element.inner]
        new = with_attribute(tag, "ref", ref) if element.attrs.get("ref") != ref else tag
        return [(element.start, element.inner, new)] if new != tag else []


def _prefix(data: bytes) -> bytes:
    """The prefix, with its colon, that the main namespace has on the document element."""
    match = re.search(rb"<([^\s<>/!?\"'=:]+:)?[^\s<>/!?\"'=:]+" + ATTRIBUTES + rb"\s*/?>", data)
    return (match[1] or b"") if match else b""


def _children(data: bytes, start: int, end: int) -> list[Element]:
    root = markup.tree(data, start, end).children
    return root[0].children if root else []


def _rows(data: bytes, known: Patterns, start: int = 0,
          end: int | None = None) -> list[tuple[re.Match[bytes], int, int]]:
    found = []
    end = len(data) if end is None else end
    match = known.row.search(data, start, end)
    while match:
        if match[2]:
            close = stop = match.end()
        else:
            last = known.row_end.search(data, match.end(), end)
            assert last is not None
            close, stop = last.span()
        found.append((match, close, stop))
        match = known.row.search(data, stop, end)
    return found


def _spanning(tag: bytes, cols: list[int]) -> bytes:
    """A row's start tag whose ``spans`` cover these columns too."""
    spans = attributes(tag).get("spans") if b"spans" in tag else None
    if not spans or not cols:
        return tag
    try:
        first, last = (int(part) for part in spans.split(":"))
    except ValueError:  # several spans, or none that can be read: an optional hint, taken away
        return with_attribute(tag, "spans", None)
    if first <= min(cols) and max(cols) <= last:
        return tag
    return with_attribute(tag, "spans", f"{min(first, *cols)}:{max(last, *cols)}")
