"""Old .xls files looked over before the native reader gets them: chains that end, sizes that can be true.

A damaged file may link its sectors in a circle or claim a sheet of billions of cells. The native reader
believes both and takes all memory there is, which nothing can catch; so they are refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from xlkpi.errors import Where
from xlkpi.platforms.problems import DamagedFile, TooLarge
from xlkpi.platforms.text import Unreadable

LAST_SECTOR = 0xFFFFFFFA  # numbers from here on mark ends and free sectors
SMALL = 4096  # streams shorter than this stand in the small sectors
MOST_AREA = 5_000_000  # cells of the rectangle that a sheet covers, unless it is well filled
MOST_SPARSE = 50  # cells of the rectangle for each that is there
DIMENSIONS, STRINGS, CONTINUE = 0x0200, 0x00FC, 0x003C
CELLS = {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0207, 0x027E}


def check(data: bytes, where: Where) -> None:
    """Refuse a compound file that cannot be read within reason."""
    try:
        for name, stream in streams(data, where):
            if name in ("workbook", "book"):
                _check_records(stream, where)
    except (ValueError, OverflowError, IndexError, ArithmeticError):
        raise _damaged(where) from None
    except Exception as error:  # struct.error has no public base but Exception
        if isinstance(error, Unreadable):
            raise
        raise _damaged(where) from None


def _damaged(where: Where) -> Unreadable:
    return Unreadable(DamagedFile(where, reason="OLE2"))


def streams(data: bytes, where: Where) -> Iterator[tuple[str, bytes]]:
    """Every stream by name; all chains are followed, so a circle in any of them is found."""
    (shift, small_shift) = unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise _damaged(where)
    size = 1 << shift
    sectors = (len(data) + size - 1) // size

    def chain(start: int, table: list[int], most: int) -> list[int]:
        found: list[int] = []
        while start < LAST_SECTOR:
            if start >= len(table) or len(found) >= most:
                raise _damaged(where)
            found.append(start)
            start = table[start]
        return found

    def sector(number: int) -> bytes:
        if (number + 2) * size > len(data):
            raise _damaged(where)
        return data[(number + 1) * size:(number + 2) * size]

    def content(number: int) -> bytes:  # the last sector of a stream may be cut to what it holds
        if (number + 1) * size >= len(data):
            raise _damaged(where)
        return data[(number + 1) * size:(number + 2) * size].ljust(size, b"\0")

    (first_directory,) = unpack_from("<I", data, 48)
    first_small, _, more, count = unpack_from("<4I", data, 60)
    places = list(unpack_from("<109I", data, 76))
    for _ in range(count):
        if more >= sectors:
            break
        numbers = unpack_from(f"<{size // 4}I", sector(more))
        places += numbers[:-1]
        more = numbers[-1]
        if len(places) > sectors + 109 + size:
            raise _damaged(where)
    table = [number for place in places if place < LAST_SECTOR
             for number in unpack_from(f"<{size // 4}I", sector(place))]
    small = b"".join(map(sector, chain(first_small, table, sectors)))
    small_table = list(unpack_from(f"<{len(small) // 4}I", small))
    entries = b"".join(map(sector, chain(first_directory, table, sectors)))
    shelf = b""
    for place in range(0, len(entries), 128):
        entry = entries[place:place + 128]
        kind = entry[66]
        start, length = unpack_from("<IQ", entry, 116)
        length &= 0xFFFFFFFF
        if kind == 5:
            shelf = b"".join(map(content, chain(start, table, sectors)))
        elif kind == 2:
            (letters,) = unpack_from("<H", entry, 64)
            name = entry[:max(0, min(letters, 64) - 2)].decode("utf-16-le", "replace").casefold()
            if length < SMALL:
                links = chain(start, small_table, len(small_table)) if length else []
                yield name, b"".join(shelf[link * 64:link * 64 + 64] for link in links)[:length]
            else:
                yield name, b"".join(map(content, chain(start, table, sectors)))[:length]


def _check_records(stream: bytes, where: Where) -> None:
    """Sizes that records claim, held against what is there."""
    place = cells = 0
    rows = columns = 0
    strings = room = 0
    before = 0
    while place + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, place)
        body = stream[place + 4:place + 4 + length]
        if kind == DIMENSIONS and length >= 14:
            top, bottom, left, right = unpack_from("<IIHH", body)
            if bottom > 65_536 or right > 256:
                raise _damaged(where)
            rows, columns, cells = max(0, bottom - top), max(0, right - left), 0
        elif kind in CELLS and length >= 4:
            row, column = unpack_from("<HH", body)
            if column > 255:
                raise _damaged(where)
            rows, columns, cells = max(rows, row + 1), max(columns, column + 1), cells + 1
        elif kind == STRINGS and length >= 8:
            strings, room = unpack_from("<I", body, 4)[0], length
        elif kind == CONTINUE and before == STRINGS:
            room, kind = room + length, STRINGS
        elif kind == 0x000A:  # the end of a sheet
            if rows * columns > MOST_AREA and rows * columns > MOST_SPARSE * cells:
                raise Unreadable(TooLarge(where, found=f"{rows} × {columns}", limit=f"{MOST_AREA} cells"))
            rows = columns = cells = 0
        before = kind
        place += 4 + length
    if strings * 3 > max(room, 24):
        raise _damaged(where)
