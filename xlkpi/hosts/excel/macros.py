"""The procedures that a workbook's VBA project defines, read without running anything (MS-OVBA, section 2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlkpi.errors import Where
from xlkpi.platforms.biff import streams
from xlkpi.platforms.text import Unreadable

_SOURCE = b"\x00Attribut"  # how the compressed source of every module begins, behind the container's three bytes
_PROCEDURE = re.compile(rb"^[ \t]*(?:Public[ \t]+|Friend[ \t]+)?(?:Static[ \t]+)?(?:Function|Sub)[ \t]+(\w+)",
                        re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(rb'Attribute VB_Name = "([^"]*)"')


def procedures(project: bytes) -> Iterator[tuple[str, str]]:
    """(module, procedure) for what a ``vbaProject.bin`` defines publicly; nothing of one that cannot be read."""
    try:
        parts = [stream for _, stream in streams(project, Where())]
    except (Unreadable, ValueError, IndexError):
        return
    except Exception:  # struct.error has no public base but Exception
        return
    for stream in parts:
        start = stream.find(_SOURCE) - 3
        if start < 0 or stream[start] != 1:
            continue
        source = decompressed(stream[start:])
        name = _NAME.search(source)
        if name:
            for match in _PROCEDURE.finditer(source):
                yield name[1].decode("latin-1"), match[1].decode("latin-1")


def decompressed(container: bytes) -> bytes:
    """A compressed container's bytes; what is cut off or wrong ends it."""
    out = bytearray()
    place = 1
    while place + 2 <= len(container):
        header = int.from_bytes(container[place:place + 2], "little")
        end = min(place + (header & 0x0FFF) + 3, len(container))
        place += 2
        if not header & 0x8000:  # a raw chunk
            out += container[place:end]
            place = end
            continue
        first = len(out)
        while place < end:
            flags = container[place]
            place += 1
            for bit in range(8):
                if place >= end:
                    break
                if not flags >> bit & 1:
                    out.append(container[place])
                    place += 1
                    continue
                if place + 2 > end:
                    return bytes(out)
                token = int.from_bytes(container[place:place + 2], "little")
                place += 2
                bits = max(4, (len(out) - first - 1).bit_length())
                length, back = (token & (0xFFFF >> bits)) + 3, (token >> (16 - bits)) + 1
                if back > len(out):
                    return bytes(out)
                for _ in range(length):
                    out.append(out[-back])
        place = end
    return bytes(out)
