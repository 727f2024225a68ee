"""Large sheets of a workbook, read as a stream into packed cells.

The stream is read by a strict grammar of what programs write, and every ``<`` of the sheet must be
accounted for. A workbook that holds anything else (formulas, readings above words, other namespaces …)
is :class:`Odd` and left to the general reader; where both can read, both give the same cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
from lxml import etree

from xlkpi.cells import LAST_SERIAL
from xlkpi.errors import CellError
from xlkpi.platforms.packed import BLANK, MOMENT, NUMBER, OTHER, PackedColumn, PackedRows, Texts

CHUNK = 1 << 20
LONGEST = 64 * CHUNK  # of a row or a text
MOST_COLUMNS = 1_000
SHARED, INLINE, WORD, NUMERIC, DATED, TICK, ERROR = range(7)  # what a cell may hold
ROW, ROW_END, CELL, CELL_END, VALUE, VALUE_END, INLINE_TEXT, INLINE_END, TEXT, TEXT_END = range(1, 11)
TAGS = ((b"ro", ROW), (b"/r", ROW_END), (b"c ", CELL), (b"/c", CELL_END), (b"v>", VALUE), (b"/v", VALUE_END),
        (b"is", INLINE_TEXT), (b"/i", INLINE_END), (b"t>", TEXT), (b"t ", TEXT), (b"/t", TEXT_END))
KINDS = {"s": SHARED, "inlineStr": INLINE, "str": WORD, "n": NUMERIC, "b": TICK, "e": ERROR}

_BARE_ROW = re.compile(rb"<row\s[^<>]*/>")
_ITEM = re.compile(rb"<si><t(?:\s[^<>/]*)?>([^<]*)</t></si>")
_RICH_ITEM = re.compile(
    rb"<si>(?:<t(?:\s[^<>/]*)?>([^<]*)</t>(?:<phoneticPr[^<>]*/>)?|((?:(?!</?si>|<rPh).)*))</si>", re.S)
_TEXT = re.compile(rb"<t(?:\s[^<>/]*)?>([^<]*)</t>")
_ATTRIBUTE = re.compile(r'\s(\w+)="(\w*)"')
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile("&(?:#x([0-9A-Fa-f]{1,5})|#([0-9]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_DATES = (*range(14, 23), 45, 47)
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')


class Odd(Exception):
    """The workbook is not written as the grammar wants; another reader must read it."""


# ---------------------------------------------------------------- the parts of a package


@dataclass(frozen=True, slots=True)
class Part:
    """One worksheet."""

    name: str
    hidden: bool
    path: str


@dataclass
class Parts:
    """Where a workbook keeps what its cells are made of."""

    sheets: list[Part] = field(default_factory=list)
    texts: str | None = None
    styles: str | None = None
    date1904: bool = False


def parts_of(package: zipfile.ZipFile) -> Parts:
    """By way of the relationships; Odd where they lead nowhere (a workbook of another format)."""
    try:
        book = next(str(link.get("Target")) for link in _tree(package, "_rels/.rels")
                    if str(link.get("Type")).endswith("/officeDocument")).lstrip("/")
        folder, _, file = book.rpartition("/")
        links: dict[str, tuple[str, str]] = {}
        for link in _tree(package, f"{folder}/_rels/{file}.rels".lstrip("/")):
            target = str(link.get("Target"))
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            links[str(link.get("Id"))] = (str(link.get("Type")).rpartition("/")[2], path)
        root = _tree(package, book)
        parts = Parts()
        for element in root.iter("{*}sheet"):
            kind, path = links[next(str(value) for key, value in element.attrib.items() if str(key).endswith("}id"))]
            if kind == "worksheet":
                parts.sheets.append(Part(str(element.get("name")), element.get("state", "visible") != "visible", path))
    except (KeyError, StopIteration, etree.XMLSyntaxError) as error:
        raise Odd from error
    named = dict(links.values())
    parts.texts, parts.styles = named.get("sharedStrings"), named.get("styles")
    parts.date1904 = any(element.get("date1904") in ("1", "true") for element in root.iter("{*}workbookPr"))
    return parts


def _tree(package: zipfile.ZipFile, path: str) -> Any:
    return etree.fromstring(package.read(path), etree.XMLParser(resolve_entities=False, no_network=True))


def _styles(package: zipfile.ZipFile, parts: Parts) -> list[int | None]:
    """What a number of each style is: NUMERIC or DATED, None where this reader does not know."""
    if parts.styles is None:
        return []
    root = _tree(package, parts.styles)
    formats = {element.get("numFmtId"): str(element.get("formatCode")) for element in root.iter("{*}numFmt")}
    kinds: list[int | None] = []
    for style in (style for table in root.iter("{*}cellXfs") for style in table):
        number = style.get("numFmtId", "0")
        code = formats.get(number, "General")
        letters = set(_LITERAL.sub("", code.replace("General", "")).casefold())
        if number == "46" or re.search(r"\[(h+|m+|s+)\]", code, re.I):  # a span of time
            kinds.append(None)
        elif number in map(str, _DATES) or letters & set("dmyhs"):
            kinds.append(None if parts.date1904 else DATED)
        else:
            kinds.append(NUMERIC)
    return kinds


# ---------------------------------------------------------------- reading


def read_sheets(package: zipfile.ZipFile, parts: Parts) -> list[PackedRows]:
    """The cells of every worksheet, from A1 on and as wide as its widest row."""
    texts = Texts()
    for piece in _pieces(package, parts.texts, b"sst", b"si") if parts.texts else ():
        texts.add(_items(piece))
    styles = _styles(package, parts)
    sheets = []
    for part in parts.sheets:
        sheet = _Sheet(texts, styles)
        for piece in _pieces(package, part.path, b"sheetData", b"row"):
            sheet.take(piece)
        sheets.append(sheet)
    return [sheet.rows() for sheet in sheets]


def _items(piece: bytes) -> list[bytes]:
    """The texts of a piece of the shared strings."""
    count = piece.count(b"<si>")
    if not _escaped(piece):
        found = _ITEM.findall(piece)
        if len(found) == count and piece.count(b"<") == 4 * count:
            return found
    several = _RICH_ITEM.findall(piece)
    if len(several) != count or b"<si/>" in piece:
        raise Odd
    return [_plain(b"".join(_TEXT.findall(runs)) if runs else text) for text, runs in several]


def _pieces(package: zipfile.ZipFile, path: str, body: bytes, item: bytes) -> Iterator[bytes]:
    """What stands between the tags of ``body``, in pieces that end behind an ``item``."""
    with package.open(path) as stream:
        head, tag, held = _opened(stream, body)
        declared = re.search(rb'encoding="([^"]*)"', head[:200])
        if declared and declared[1].lower() != b"utf-8":
            raise Odd
        if tag.endswith(b"/"):
            return
        end = b"</" + item + b">"
        while True:
            cut = held.rfind(end) + len(end)
            if cut >= len(end):
                yield held[:cut]
                held = held[cut:]
            more = stream.read(CHUNK)
            if not more:
                break
            held += more
            if len(held) > LONGEST:
                raise Odd
    if not _BARE_ROW.sub(b"", held).lstrip().startswith(b"</" + body + b">"):
        raise Odd


def _opened(stream: IO[bytes], body: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the tag, the tag and what is read behind it."""
    held = stream.read(CHUNK)
    match = re.search(b"<" + body + rb"(?:\s[^<>]*)?/?>", held)
    if match is None:
        raise Odd
    return held[:match.start()], match[0][:-1], held[match.end():]


def _escaped(raw: bytes) -> bool:
    return any(mark in raw for mark in (b"&", b"_x", b"\r", b"\0"))


def _plain(raw: bytes) -> bytes:
    """A text as it is meant: entities and Excel's own escapes undone."""
    if not _escaped(raw):
        return raw
    if b"\r" in raw or b"\0" in raw:
        raise Odd
    text = raw.decode()
    if text.count("&") != len(_ENTITY.findall(text)):
        raise Odd
    text = _ENTITY.sub(lambda match: _NAMED.get(match[3] or "") or chr(
        int(match[1], 16) if match[1] else int(match[2])), text)
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if "\0" in text:
        raise Odd
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a pair
        raise Odd from None


def _tags(data: np.ndarray[Any, Any], marks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which tag begins at each mark, told by its first two letters."""
    pairs = data[marks + 1].astype(np.uint16) << 8 | data[marks + 2]
    tags = np.zeros(len(marks) + 5, dtype=np.int8)
    for begin, tag in TAGS:
        tags[:-5][pairs == begin[0] << 8 | begin[1]] = tag
    return tags


class _Kinds(dict[bytes, int]):
    """The attributes of a cell → what it may hold."""

    def __init__(self, styles: list[int | None]) -> None:
        self.styles = styles

    def __missing__(self, attributes: bytes) -> int:
        given = dict(_ATTRIBUTE.findall(attributes.decode()))
        if set(given) - {"s", "t"}:  # metadata of arrays and rich values
            raise Odd
        kind: int | None = KINDS.get(given.get("t", "n"))
        if kind == NUMERIC and "s" in given:
            place = int(given["s"])
            kind = self.styles[place] if place < len(self.styles) else None
        if kind is None:
            raise Odd
        self[attributes] = kind
        return kind


class _Sheet:
    """Cells as they come, piece by piece: a block of codes for each, and of numbers where there are some."""

    def __init__(self, texts: Texts, styles: list[int | None]) -> None:
        self.texts, self.shared, self.kinds = texts, len(texts), _Kinds(styles)
        self.blocks: list[tuple[int, np.ndarray[Any, Any], np.ndarray[Any, Any] | None]] = []
        self.others: list[Any] = []
        self.known: dict[tuple[int, bytes], int] = {}
        self.count = self.width = 0

    def take(self, piece: bytes) -> None:
        """The cells of some rows. Places are told by the tags around them, all of them at once."""
        data = np.frombuffer(piece + bytes(16), dtype=np.uint8)
        marks, closes = np.flatnonzero(data == ord("<")), np.flatnonzero(data == ord(">"))
        if len(marks) != len(closes) or (marks > closes).any() or (closes[:-1] > marks[1:]).any():
            raise Odd
        tags = _tags(data, marks)
        cells = np.flatnonzero(tags == CELL)
        bare = data[closes[cells] - 1] == ord("/")
        valued = ~bare & _follow(tags, cells, (VALUE, VALUE_END, CELL_END))
        worded = ~bare & _follow(tags, cells, (INLINE_TEXT, TEXT, TEXT_END, INLINE_END, CELL_END))
        empty = ~bare & (tags[cells + 1] == CELL_END)
        rows = int(((tags == ROW) | (tags == ROW_END)).sum())
        if rows + int(bare.sum()) + 2 * int(empty.sum()) + 4 * int(valued.sum()) + 6 * int(worded.sum()) != len(marks):
            raise Odd
        at = cells[valued | worded]
        if not len(at):
            return
        row, column, behind = _references(data, marks[at])
        first, last, width = int(row.min()), int(row.max()), int(column.max()) + 1
        if first < self.count or last - first > 4 * len(at) or width > MOST_COLUMNS:
            raise Odd
        inline = tags[at + 1] == INLINE_TEXT
        begin = np.where(inline, at + 2, at + 1)
        starts, ends = closes[begin] + 1, marks[begin + 1]
        codes = np.full((last + 1 - first, width), BLANK, dtype=np.int32)
        floats = None
        for kind, chosen in self._kinds(piece, data, behind, closes[at]):
            if (inline[chosen] != (kind == INLINE)).any():
                raise Odd
            where = row[chosen] - first, column[chosen]
            if kind == SHARED:
                codes[where] = found = _digits(data, starts[chosen], ends[chosen])
                if int(found.max()) >= self.shared:
                    raise Odd
                continue
            raw = [piece[start:end] for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)]
            if kind in (NUMERIC, DATED):
                codes[where] = NUMBER if kind == NUMERIC else MOMENT
                floats = np.full(codes.shape, np.nan) if floats is None else floats
                floats[where] = numbers = _floats(raw)
                if kind == DATED and not (61 <= numbers.min() <= numbers.max() <= LAST_SERIAL):
                    raise Odd  # times of day, and days that Excel counts in its own way
            else:
                codes[where] = self._codes(kind, raw)
        self.blocks.append((first, codes, floats))
        self.count, self.width = last + 1, max(self.width, width)

    def _kinds(self, piece: bytes, data: np.ndarray[Any, Any], starts: np.ndarray[Any, Any],
               ends: np.ndarray[Any, Any]) -> Iterator[tuple[int, np.ndarray[Any, Any]]]:
        """Cells by what their attributes say that they hold."""
        lengths = ends - starts
        for length in np.unique(lengths).tolist():
            left = np.flatnonzero(lengths == length)
            while len(left):
                given = piece[starts[left[0]]:ends[left[0]]]
                letters = np.frombuffer(given, dtype=np.uint8)
                alike = np.ones(len(left), dtype=bool)
                for place in range(length):
                    alike &= data[starts[left] + place] == letters[place]
                yield self.kinds[given], left[alike]
                left = left[~alike]

    def _codes(self, kind: int, raw: Sequence[bytes]) -> Any:
        if kind in (INLINE, WORD):
            start = len(self.texts)
            self.texts.add([_plain(text) for text in raw])
            return np.arange(start, len(self.texts), dtype=np.int32)
        return [self._other(kind, text) for text in raw]

    def _other(self, kind: int, raw: bytes) -> int:
        code = self.known.get((kind, raw))
        if code is None:
            code = self.known[kind, raw] = OTHER - len(self.others)
            self.others.append(_tick(raw) if kind == TICK else CellError(_plain(raw).decode()))
        return code

    def rows(self) -> PackedRows:
        columns = []
        for place in range(self.width):
            codes = np.full(self.count, BLANK, dtype=np.int32)
            for first, block, _ in self.blocks:
                if place < block.shape[1]:
                    codes[first:first + len(block)] = block[:, place]
            numbers = None
            if np.isin(codes, (NUMBER, MOMENT)).any():
                numbers = np.full(self.count, np.nan)
                for first, _, floats in self.blocks:
                    if floats is not None and place < floats.shape[1]:
                        numbers[first:first + len(floats)] = floats[:, place]
            columns.append(PackedColumn(self.texts, codes, numbers, self.others))
        return PackedRows(columns)


def _follow(tags: np.ndarray[Any, Any], cells: np.ndarray[Any, Any], wanted: Sequence[int]) -> Any:
    answer = np.ones(len(cells), dtype=bool)
    for step, tag in enumerate(wanted, start=1):
        answer &= tags[cells + step] == tag
    return answer


def _references(data: np.ndarray[Any, Any], marks: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], ...]:
    """Row and column of cells, from 0, and the place behind the reference, which must come first in the tag."""
    for step, letter in enumerate(b'<c r="'):
        if (data[marks + step] != letter).any():
            raise Odd
    place = marks + 6
    column = np.zeros(len(marks), dtype=np.int64)
    for _ in range(3):
        letter = data[place]
        word = (letter >= ord("A")) & (letter <= ord("Z"))
        column = np.where(word, column * 26 + letter - 64, column)
        place = place + word
    end = place.copy()
    for _ in range(7):
        end += (data[end] >= ord("0")) & (data[end] <= ord("9"))
    if (column == 0).any() or (data[end] != ord('"')).any():
        raise Odd
    return _digits(data, place, end) - 1, column - 1, end + 1


def _digits(data: np.ndarray[Any, Any], starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]) -> Any:
    """Whole numbers of up to nine digits."""
    lengths = ends - starts
    if (lengths < 1).any() or (lengths > 9).any():
        raise Odd
    numbers = np.zeros(len(starts), dtype=np.int64)
    for step in range(int(lengths.max(initial=0))):
        digit = data[starts + step]
        inside = lengths > step
        if ((digit < ord("0")) | (digit > ord("9")))[inside].any():
            raise Odd
        numbers = np.where(inside, numbers * 10 + digit - 48, numbers)
    return numbers


def _floats(raw: Sequence[bytes]) -> np.ndarray[Any, Any]:
    try:
        numbers = np.fromiter(map(float, raw), dtype=np.float64, count=len(raw))
    except ValueError:
        raise Odd from None
    if not np.isfinite(numbers).all() or b"_" in b"".join(raw):
        raise Odd
    return numbers


def _tick(raw: bytes) -> bool:
    if raw not in (b"0", b"1"):
        raise Odd
    return raw == b"1"

