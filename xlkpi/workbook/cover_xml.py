"""Edits of one part that leave the rest byte for byte, and a quick look whether a part matters at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlkpi.workbook import markup
from xlkpi.workbook.markup import Element


def walk(element: Element) -> Iterator[Element]:
    """Every element below, in the order of the file."""
    for child in element.children:
        yield child
        yield from walk(child)


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
        value = markup.escape_attribute(new).replace("'", "&apos;").encode()
        if there:
            start, stop = there.span(1 if there[1] is not None else 2)
            self.replace(element.start + start, element.start + stop, value)
        else:
            place = element.inner - (2 if tag.endswith(b"/>") else 1)
            self.replace(place, place, b" " + name.encode() + b'="' + value + b'"')

    def apply(self) -> bytes:
        return markup.patched(self.data, self.spans) if self.spans else self.data


def may_name(data: bytes, name: str) -> bool:
    """Whether a part can mention a sheet or a table at all, before anything is parsed."""
    if b"&#" in data:
        return True
    run = max(re.findall(r"\w+", name), key=len, default="")
    return run.casefold().encode() in data.lower() if run.isascii() else run.encode() in data
