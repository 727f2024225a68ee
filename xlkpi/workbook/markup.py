"""XML as bytes with places: where each element begins and ends, so that one can be patched and the rest stays.

Parts are checked by expat first (well-formed, no document type declaration), so the scanners
here may rely on it and stay simple and quick.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

NAME = rb"""[^\s=<>/!?"']+"""
ATTRIBUTES = rb"""(?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_TOKEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)(" + NAME + rb")(" + ATTRIBUTES + rb")\s*(/?)>",
                    re.DOTALL)
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#\d+|lt|gt|amp|quot|apos);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DECLARED = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class DocumentType(Exception):
    """The XML declares a document type (entities can hide behind it)."""


def checked(data: bytes) -> bytes:
    """``data`` as well-formed UTF-8 XML; raises ``DocumentType`` or ``expat.ExpatError``."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise DocumentType

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(data, True)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _reencoded(data.decode("utf-16"))
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:]
    declared = _DECLARED.match(data)
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return _reencoded(data.decode(declared.group(1).decode()))
    return data


def _reencoded(text: str) -> bytes:
    return re.sub(r"\A(<\?xml[^>]*?encoding\s*=\s*)[\"'][^\"']*[\"']", r'\1"UTF-8"', text).encode()


def unescape(text: bytes) -> str:
    """Character data or an attribute value as text."""
    word = text.decode()
    if "&" not in word:
        return word
    return _ENTITY.sub(lambda m: _NAMED.get(m[1]) or chr(int(m[1][2:], 16) if m[1][1] == "x" else int(m[1][1:])), word)


def escape(text: str) -> str:
    """Text as character data."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """Text as the inside of a double-quoted attribute; line ends survive."""
    return (escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;"))


def from_stored(text: str) -> str:
    """Spreadsheet strings keep control characters as ``_x000D_``: those read as characters."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def to_stored(text: str) -> str:
    """Characters that XML cannot hold become ``_xHHHH_``; a text that looks like one is protected."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _UNSAFE.sub(lambda m: f"_x{ord(m[0]):04X}_", text)


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag (or of its attribute part), by their names as written."""
    return {m[1].decode(): unescape(m[2] if m[2] is not None else m[3]) for m in _ATTRIBUTE.finditer(tag)}


@lru_cache(maxsize=4096)
def _attributes(tag: bytes) -> dict[str, str]:
    """:func:`attributes` for the tags of trees, which say the same again and again; not to be changed."""
    return attributes(tag)


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with one attribute set, or taken away when ``value`` is None."""
    found = re.search(rb"\s+" + re.escape(name.encode()) + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", tag)
    new = b"" if value is None else b" " + name.encode() + b'="' + escape_attribute(value).encode() + b'"'
    if found:
        return tag[:found.start()] + new + tag[found.end():]
    if not new:
        return tag
    cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:cut].rstrip() + new + tag[cut:]


@dataclass(slots=True)
class Element:
    """One element and its place: ``data[start:end]``, its start tag ``data[start:inner]``."""

    tag: str
    start: int
    inner: int
    close: int = 0
    end: int = 0
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        head, colon, _ = self.tag.rpartition(":")
        return head + colon

    def all(self, *names: str) -> list[Element]:
        """Children of these local names."""
        return [child for child in self.children if child.local in names]

    def one(self, name: str) -> Element | None:
        """The first child of this local name."""
        return next((child for child in self.children if child.local == name), None)

    def get(self, name: str) -> str | None:
        """An attribute by its local name (``id`` finds ``r:id``), an exact name first."""
        if name in self.attrs:
            return self.attrs[name]
        return next((value for key, value in self.attrs.items() if key.rpartition(":")[2] == name), None)

    def text(self, data: bytes) -> str:
        """The character data directly inside (CDATA included)."""
        if self.close <= self.inner:
            return ""
        raw = data[self.inner:self.close]
        if b"<" not in raw:
            return unescape(raw).replace("\r\n", "\n")
        raw = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", raw, flags=re.DOTALL)
        out = []
        for piece in re.split(rb"(<!\[CDATA\[.*?\]\]>)", raw, flags=re.DOTALL):
            literal = piece.startswith(b"<![CDATA[")
            out.append(piece[9:-3].decode() if literal else unescape(re.sub(rb"<[^>]*>", b"", piece)))
        return "".join(out).replace("\r\n", "\n")


def tree(data: bytes, start: int = 0, end: int | None = None) -> Element:
    """The element tree of ``data[start:end]`` under a nameless root."""
    root = Element("", start, start, len(data) if end is None else end, len(data) if end is None else end)
    open_elements = [root]
    for match in _TOKEN.finditer(data, start, len(data) if end is None else end):
        name = match[2]
        if name is None:
            continue
        if match[1]:
            element = open_elements.pop()
            element.close, element.end = match.start(), match.end()
            continue
        start_tag, end_tag = match.span()
        attrs = match[3]
        element = Element(name.decode(), start_tag, end_tag, end_tag, end_tag,
                          _attributes(attrs).copy() if attrs else {})
        open_elements[-1].children.append(element)
        if not match[4]:
            open_elements.append(element)
    return root


def document(data: bytes) -> Element:
    """The document element."""
    return tree(data).children[0]


def patched(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """``data`` with the given spans replaced; spans do not overlap."""
    out, at = [], 0
    for start, end, new in sorted(changes, key=lambda change: (change[0], change[1])):
        out += [data[at:start], new]
        at = end
    out.append(data[at:])
    return b"".join(out)
