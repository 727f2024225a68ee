"""Packages compared member by member and part by part, with readers that are not ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def members(data: bytes) -> dict[str, tuple[object, ...]]:
    """What each member is stored as: compressed bytes, flags, dates and the like."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            at = info.header_offset
            begin = at + 30 + int.from_bytes(data[at + 26:at + 28], "little") + int.from_bytes(
                data[at + 28:at + 30], "little")
            assert info.filename not in found
            found[info.filename] = (data[begin:begin + info.compress_size], info.flag_bits, info.date_time, info.CRC,
                                    info.compress_type, info.external_attr, info.extra)
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    """The members that differ, came or went."""
    one, two = members(before), members(after)
    return {name for name in {*one, *two} if one.get(name) != two.get(name)}


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def flat(xml: bytes) -> Iterator[tuple[str, tuple[tuple[str, str], ...], str, str]]:
    """Every element in document order: path with positions, attributes, text, tail."""
    def walk(element: ElementTree.Element, path: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...], str, str]]:
        yield path, tuple(sorted(element.attrib.items())), element.text or "", element.tail or ""
        for child in element:
            key = child.get("r") or child.get("ref") or child.get("sqref") or ""
            yield from walk(child, f"{path}/{child.tag.rpartition('}')[2]}[{key}]")
    root = ElementTree.fromstring(xml)
    yield from walk(root, root.tag)
