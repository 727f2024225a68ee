"""Damaged .xls files: refused before the native reader can take all memory for them."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from struct import pack_into, unpack_from

import pytest

from xlkpi import platforms

SOURCE = Path(__file__).parent / "wechat" / "articles_notified" / "input.xls"
TODAY = date(2026, 5, 10)


def problems(data: bytes) -> list[str]:
    got = platforms.read(data, name="x", today=TODAY)
    assert got.table is None
    return [problem.name for problem in got.problems]


def test_sectors_in_a_circle() -> None:
    data = bytearray(SOURCE.read_bytes())
    (table,) = unpack_from("<I", data, 76)
    (start,) = unpack_from("<I", data, 48)
    pack_into("<I", data, (table + 1) * 512 + 4 * start, start)
    assert problems(bytes(data)) == ["DamagedFile"]


@pytest.mark.parametrize(("mark", "offset", "value"), [
    (b"\x00\x02\x0e\x00", 8, 0xFFFFFFFF), (b"\xfc\x00", 8, 0x7FFFFFFF)], ids=["rows", "strings"])
def test_sizes_that_cannot_be_true(mark: bytes, offset: int, value: int) -> None:
    data = bytearray(SOURCE.read_bytes())
    pack_into("<I", data, data.index(mark) + offset, value)
    assert problems(bytes(data)) == ["DamagedFile"]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_cut(part: float) -> None:
    data = SOURCE.read_bytes()
    assert problems(data[:int(len(data) * part)]) == ["DamagedFile"]


def test_bytes_at_random() -> None:
    """Located problems or a table, whatever the bytes."""
    chance = random.Random(7)
    for _ in range(150):
        data = bytearray(SOURCE.read_bytes())
        for _ in range(4):
            data[chance.randrange(len(data))] = chance.randrange(256)
        for item in platforms.read_all(bytes(data), name="x", today=TODAY):
            assert all(problem.where.file == "x" and problem.line("zh") for problem in item.problems)
