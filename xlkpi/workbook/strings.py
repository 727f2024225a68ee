"""The shared strings of a workbook: read lazily, added to, never rewritten.

A plain string that is there already is used again; items with rich text or phonetic guides are
read as text but never used for a new cell, which would inherit their looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial

from xlkpi.workbook import markup
from xlkpi.workbook.markup import ATTRIBUTES, attributes, from_stored, unescape, with_attribute
from xlkpi.workbook.package import Package

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_EMPTY = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
          b'<sst xmlns="%s" count="0" uniqueCount="0"></sst>')
_BLOCK = 512
# What text_element would write otherwise than as it stands: blanks at an end, characters XML cannot hold, escapes.
_SPECIAL = re.compile("\n[ \t\n]|[ \t]\n|_x|[^\t\n\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    p = re.escape(prefix)
    return (re.compile(rb"<" + p + rb"si(?:" + ATTRIBUTES + rb")\s*(?:/>|>(.*?)</" + p + rb"si\s*>)", re.DOTALL),
            re.compile(rb"\s*<" + p + rb"t(?:" + ATTRIBUTES + rb")\s*(?:/>|>([^<]*)</" + p + rb"t\s*>)\s*"),
            re.compile(rb"<" + p + rb"t(?:" + ATTRIBUTES + rb")\s*(?:/>|>([^<]*)</" + p + rb"t\s*>)"),
            re.compile(rb"<" + p + rb"rPh\b.*?</" + p + rb"rPh\s*>", re.DOTALL))


def text_of(item: bytes, prefix: bytes) -> str:
    """The text of an ``si`` or ``is`` element's inside, phonetic guides left out."""
    _, _, piece, phonetic = _patterns(prefix)
    if b"rPh" in item:
        item = phonetic.sub(b"", item)
    if b"<![CDATA[" in item:
        item = re.sub(rb"<!\[CDATA\[(.*?)\]\]>", lambda m: markup.escape(m[1].decode()).encode(), item, flags=re.DOTALL)
    return from_stored("".join(unescape(m[1]) for m in piece.finditer(item) if m[1]).replace("\r\n", "\n"))


def text_element(text: str, tag: str) -> str:
    """``<t>`` with a text in it, blanks and line ends preserved."""
    stored = markup.escape(markup.to_stored(text))
    keep = ' xml:space="preserve"' if stored[:1] in " \t\n" or stored[-1:] in " \t\n" or "\n" in stored else ""
    return f"<{tag}{keep}>{stored}</{tag}>"


def _items(texts: list[str], prefix: str) -> str:
    """``si`` elements for many texts; those that hold nothing special are written together."""
    pieces = []
    head, foot = f"<{prefix}si><{prefix}t>", f"</{prefix}t></{prefix}si>"
    for begin in range(0, len(texts), _BLOCK):
        block = texts[begin:begin + _BLOCK]
        joined = "\n".join(block)
        if joined.count("\n") == len(block) - 1 and not _SPECIAL.search(f"\n{joined}\n"):
            pieces.append(head + markup.escape(joined).replace("\n", foot + head) + foot)
        else:
            pieces += [f"<{prefix}si>{text_element(text, prefix + 't')}</{prefix}si>" for text in block]
    return "".join(pieces)


def _read(data: bytes) -> tuple[bytes, list[str], dict[str, int]]:
    """The prefix of the elements, the texts, and the index of each plain one."""
    root = re.search(rb"<((?:[^\s<>/!?\"'=:]+:)?)sst", data)
    prefix = root[1] if root else b""
    item, plain, _, _ = _patterns(prefix)
    if b"<!--" in data:
        data = re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)
    texts: list[str] = []
    index: dict[str, int] = {}
    for number, match in enumerate(item.finditer(data)):
        inside = match[1] or b""
        only = plain.fullmatch(inside)
        text = (from_stored(unescape(only[1] or b"").replace("\r\n", "\n")) if only
                else text_of(inside, prefix))
        texts.append(text)
        if only:
            index.setdefault(text, number)
    return prefix, texts, index


class SharedStrings:
    """The table of strings that cells point into."""

    def __init__(self, package: Package, workbook: str) -> None:
        self.package = package
        self.workbook = workbook
        self.texts: list[str] = []
        self._index: dict[str, int] = {}
        self._data: bytes | None = None
        self._new: list[str] = []
        self._load()

    @property
    def part(self) -> str | None:
        found = self.package.related(self.workbook, "sharedStrings")
        return found[0] if found else None

    def _load(self) -> None:
        part = self.part
        if part is None:
            return
        self._data = data = self.package.xml(part)
        self._prefix, texts, index = self.package.derived(part, "strings", partial(_read, data))
        self.texts, self._index = texts.copy(), index.copy()

    def add(self, text: str) -> int:
        """The index of a plain string, new or there already."""
        number = self._index.get(text)
        if number is None:
            number = self._index[text] = len(self.texts)
            self.texts.append(text)
            self._new.append(text)
        return number

    def add_all(self, texts: Sequence[str]) -> list[int]:
        """The indexes of plain strings, each named once."""
        fresh = [text for text in texts if text not in self._index]
        self._index.update(zip(fresh, range(len(self.texts), len(self.texts) + len(fresh)), strict=True))
        self.texts += fresh
        self._new += fresh
        return list(map(self._index.__getitem__, texts))

    def flush(self, uses: int) -> None:
        """Write what was added; ``uses`` more cells than before point into the table."""
        part = self.part
        if part is None:
            if not self._new:
                return
            strict = b"purl.oclc.org" in self.package.xml(self.workbook)
            main = (b"http://purl.oclc.org/ooxml/spreadsheetml/main" if strict
                    else b"http://schemas.openxmlformats.org/spreadsheetml/2006/main")
            folder = self.workbook.rpartition("/")[0]
            part = f"{folder}/sharedStrings.xml" if folder else "sharedStrings.xml"
            self.package.add(part, _EMPTY % main, CONTENT_TYPE)
            self.package.relate(self.workbook, part, "sharedStrings")
            self._prefix = b""
        if not self._new and not uses:
            return
        data = self.package.xml(part)
        match = re.search(rb"<" + re.escape(self._prefix) + rb"sst" + ATTRIBUTES + rb"\s*/?>", data)
        assert match is not None
        tag = match[0]
        attrs = attributes(tag)
        if "count" in attrs:
            tag = with_attribute(tag, "count", str(max(0, int(attrs["count"]) + uses)))
        if "uniqueCount" in attrs:
            tag = with_attribute(tag, "uniqueCount", str(len(self.texts)))
        prefix = self._prefix.decode()
        new = _items(self._new, prefix).encode()
        if tag.endswith(b"/>"):
            data = data[:match.start()] + tag[:-2] + b">" + new + b"</" + self._prefix + b"sst>" + data[match.end():]
        else:
            end = data.rfind(b"</" + self._prefix + b"sst")
            data = b"".join((data[:match.start()], tag, data[match.end():end], new, data[end:]))
        self._new.clear()
        self._data = data
        self.package.write(part, data)

    @property
    def stale(self) -> bool:
        """Did somebody else write the part?"""
        part = self.part
        return part is not None and self.package.xml(part) is not self._data
