"""The zip archive under a workbook: read with limits, written again with untouched members copied raw."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from xlkpi.errors import Refused, Where
from xlkpi.workbook.problems import DamagedPart, NotAWorkbook, TooBig

Sink = Callable[[bytes | memoryview], object]
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
_DESCRIBED = 0x08
_UTF8 = 0x800
_WHOLE = 0xFFFFFFFF
_PIECE = 4 << 20  # unpacked bytes of a large part that are packed by themselves


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. ``ratio`` counts for members that unpack to more than ``ratio_from`` bytes."""

    entries: int = 10_000
    member: int = 1 << 30
    total: int = 2 << 30
    ratio: int = 250
    ratio_from: int = 4 << 20


@dataclass(slots=True)
class Member:
    """One member as the archive stores it; ``raw`` says where its local record lies."""

    info: zipfile.ZipInfo
    start: int
    data: int
    end: int


class Archive:
    """The members of a zip held in memory, by name as stored."""

    def __init__(self, source: bytes, file: str | None, limits: Limits) -> None:
        self.source = source
        self.file = file
        self.members: dict[str, Member] = {}
        where = Where(file=file)
        try:
            with zipfile.ZipFile(io.BytesIO(source)) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError, ValueError) as error:
            raise Refused(NotAWorkbook(where, reason=str(error) or type(error).__name__)) from None
        self._measure(infos, limits, where)
        for info in infos:
            if info.is_dir():
                continue
            if info.filename in self.members:
                raise Refused(DamagedPart(where, part=info.filename, reason="×2"))
            self.members[info.filename] = self._member(info)

    @staticmethod
    def _measure(infos: list[zipfile.ZipInfo], limits: Limits, where: Where) -> None:
        def refuse(what: str, value: int, limit: int) -> None:
            raise Refused(TooBig(where, what=what, value=f"{value:,}", limit=f"{limit:,}"))

        if len(infos) > limits.entries:
            refuse("entries", len(infos), limits.entries)
        total = 0
        for info in infos:
            total += info.file_size
            if info.file_size > limits.member:
                refuse(info.filename, info.file_size, limits.member)
            if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
                refuse(f"{info.filename} ratio", info.file_size // max(1, info.compress_size), limits.ratio)
        if total > limits.total:
            refuse("total", total, limits.total)

    def _member(self, info: zipfile.ZipInfo) -> Member:
        start = info.header_offset
        try:
            fields = _LOCAL.unpack_from(self.source, start)
        except struct.error:
            raise self._damaged(info.filename, "header") from None
        data = start + _LOCAL.size + fields[9] + fields[10]
        end = data + info.compress_size
        if fields[0] != b"PK\x03\x04" or end > len(self.source):
            raise self._damaged(info.filename, "header")
        if info.flag_bits & 0x1:
            raise self._damaged(info.filename, "encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._damaged(info.filename, f"compression {info.compress_type}")
        if info.flag_bits & _DESCRIBED:
            end += self._descriptor(info, end)
        return Member(info, start, data, end)

    def _descriptor(self, info: zipfile.ZipInfo, at: int) -> int:
        """The length of the data descriptor: with or without signature, 32- or 64-bit sizes."""
        for signed in (b"PK\x07\x08", b""):
            for sizes in ("<LL", "<QQ"):
                wanted = signed + struct.pack("<L", info.CRC) + struct.pack(sizes, info.compress_size, info.file_size)
                if self.source.startswith(wanted, at):
                    return len(wanted)
        raise self._damaged(info.filename, "descriptor")

    def _damaged(self, part: str, reason: str) -> Refused:
        return Refused(DamagedPart(Where(file=self.file), part=part, reason=reason))

    def read(self, name: str) -> bytes:
        """A member unpacked, never beyond the size it declares, its checksum compared."""
        member = self.members[name]
        info = member.info
        packed = self.source[member.data:member.data + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            data = packed
        else:
            try:
                data = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
            except zlib.error as error:
                raise self._damaged(name, str(error)) from None
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise self._damaged(name, "checksum")
        return data


class Writer:
    """A zip written front to back into ``sink``."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.at = 0
        self.directory: list[bytes] = []

    def _put(self, data: bytes | memoryview) -> None:
        self.sink(data)
        self.at += len(data)

    def copy(self, archive: Archive, member: Member) -> None:
        """A member as it is: its compressed bytes, flags and dates."""
        info = member.info
        name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
        begin = self.at
        fields = _LOCAL.unpack_from(archive.source, member.start)
        source = memoryview(archive.source)
        if _WHOLE in (fields[7], fields[8]):  # sizes in a zip64 field that the new directory no longer needs
            flags = fields[2] & ~_DESCRIBED
            self._local(name, flags, info, b"")
            self._put(source[member.data:member.data + info.compress_size])
        else:
            flags = info.flag_bits
            self._put(source[member.start:member.end])
        self._central(name, flags, info, begin, _without_zip64(info.extra))

    def add(self, name: str, data: bytes, date_time: tuple[int, int, int, int, int, int], level: int,
            ready: bytes | None = None) -> None:
        """A member from its unpacked bytes; ``level`` 0 stores them as they are, ``ready`` is packed already."""
        info = zipfile.ZipInfo(name, date_time)
        packed = data if not level else deflated(data, level) if ready is None else ready
        info.compress_type = zipfile.ZIP_DEFLATED
        if len(packed) >= len(data):
            packed, info.compress_type = data, zipfile.ZIP_STORED
        info.CRC, info.file_size, info.compress_size = zlib.crc32(data), len(data), len(packed)
        info.create_version = info.extract_version = 20
        info.create_system = 0
        begin = self.at
        flags = 0 if name.isascii() else _UTF8
        self._local(name.encode(), flags, info, b"")
        self._put(packed)
        self._central(name.encode(), flags, info, begin, b"")

    def _local(self, name: bytes, flags: int, info: zipfile.ZipInfo, extra: bytes) -> None:
        self._put(_LOCAL.pack(b"PK\x03\x04", info.extract_version, flags, info.compress_type, *_dos(info), info.CRC,
                              info.compress_size, info.file_size, len(name), len(extra)) + name + extra)

    def _central(self, name: bytes, flags: int, info: zipfile.ZipInfo, begin: int, extra: bytes) -> None:
        self.directory.append(_CENTRAL.pack(
            b"PK\x01\x02", info.create_version, info.create_system, info.extract_version, info.reserved, flags,
            info.compress_type, *_dos(info), info.CRC, info.compress_size, info.file_size, len(name), len(extra),
            len(info.comment), 0, info.internal_attr, info.external_attr, begin) + name + extra + info.comment)

    def close(self) -> None:
        begin = self.at
        for record in self.directory:
            self._put(record)
        count = len(self.directory)
        self._put(_END.pack(b"PK\x05\x06", 0, 0, count, count, self.at - begin, begin, 0))


def deflated(data: bytes, level: int) -> bytes:
    """Deflated bytes. A large part is packed in pieces on two threads: zlib lets other threads work meanwhile."""
    if len(data) <= _PIECE:
        return _piece(data, level, zlib.Z_FINISH)
    ends = [zlib.Z_FULL_FLUSH] * ((len(data) - 1) // _PIECE) + [zlib.Z_FINISH]
    whole = memoryview(data)
    pieces = [whole[number * _PIECE:(number + 1) * _PIECE] for number in range(len(ends))]
    with ThreadPoolExecutor(2) as threads:
        return b"".join(threads.map(_piece, pieces, [level] * len(ends), ends))


def _piece(data: bytes | memoryview, level: int, end: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush(end)


def _dos(info: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    out, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != 1:
            out += extra[at:at + 4 + size]
        at += 4 + size
    return out + extra[at:]
