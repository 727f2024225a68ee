"""Edits of one part that leave the rest byte for byte, and a quick look whether a part matters at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from xlkpi.workbook import markup
from xlkpi.workbook.markup import Element
from xlkpi.workbook.refs import Resize


def walk(element: Element) -> Iterator[Element]:
    """Every element below, in the order of the file."""
    ahead = element.children[::-1]
    while ahead:
        child = ahead.pop()
        yield child
        ahead += child.children[::-1]


def find(element: Element, *names: str) -> Iterator[Element]:
    """Every element below with one of these local names."""
    return (child for child in walk(element) if child.local in names)


class Edits:
    """Replacements in one part, applied all at once. What does not change is not written."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.spans: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, stop: int, new: bytes) -> None:
        if self.data[start:stop] != new:
            self.spans.append((start, stop, new))

    def set_text(self, element: Element, new: str) -> None:
        if new != element.text(self.data):
            self.replace(element.inner, element.close, markup.escape(new).encode())

    def set_attribute(self, element: Element, name: str, new: str) -> None:
        """Another value between the quotes that are there, or one more attribute at the end of the start tag."""
        if element.attrs.get(name) == new:
            return
        tag = self.data[element.start:element.inner]
        there = re.search(rb"\s" + name.encode() + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
        value = markup.escape_attribute(new).encode()
        if there:
            value = value if there[1] is not None else value.replace(b"'", b"&apos;")
            start, stop = there.span(1 if there[1] is not None else 2)
            self.replace(element.start + start, element.start + stop, value)
        else:
            place = element.inner - (2 if tag.endswith(b"/>") else 1)
            self.replace(place, place, b" " + name.encode() + b'="' + value + b'"')

    def apply(self) -> bytes:
        return markup.patched(self.data, self.spans) if self.spans else self.data


def may_name(data: bytes, name: str) -> bool:
    """Whether a part can mention a sheet or a table at all, before anything is parsed."""
    run, ascii_only = _longest_word(name)
    return b"&#" in data or (run in data.lower() if ascii_only else run in data)


@lru_cache(maxsize=256)
def _longest_word(name: str) -> tuple[bytes, bool]:
    run = max(re.findall(r"\w+", name), key=len, default="")
    return (run.casefold() if run.isascii() else run).encode(), run.isascii()


_BEFORE_ROW = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")


def may_end(data: bytes, row: int, start: int = 0) -> bool:
    """Whether a part can hold a reference to this row, before anything is parsed."""
    digits = str(row).encode()
    place = data.find(digits, start)
    while place >= 0:
        after = place + len(digits)
        if place and data[place - 1] in _BEFORE_ROW and not data[after:after + 1].isdigit():
            return True
        place = data.find(digits, place + 1)
    return False


def plain(data: bytes) -> bool:
    """Whether the bytes of a part can be searched as they are: UTF-8, as nearly all are."""
    head = data[:100].lower()
    return (b"encoding=" not in head and head[:1] in (b"<", b"\xef")) or b"utf-8" in head


def may_follow(data: bytes, resize: Resize, named: bool, start: int = 0) -> bool:
    """Whether a part can hold a reference that follows the resize. ``named``: only with the sheet's name."""
    return (not named or may_name(data, resize.sheet)) and any(may_end(data, row, start) for row in resize.old_rows)
