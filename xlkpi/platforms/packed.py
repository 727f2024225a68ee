"""Cells of a large sheet, kept packed: a number a cell, every text once.

Lists of Python objects take several times the memory of the table that comes out of them. Here a cell
is a place among the texts of the file, or a float; a column becomes Python objects when it is typed,
one after the other.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np

BLOCK = 20_000  # rows that are unpacked at once
BLANK, NUMBER, MOMENT, OTHER = -1, -2, -3, -4  # codes of what is no text; others go on downwards
EPOCH = np.datetime64("1899-12-30", "ms")


class Texts:
    """Texts one behind the other, each ended by a NUL, which no XML can hold."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.ends = array("q", [0])

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, code: int) -> str:
        return self.blob[self.ends[code]:self.ends[code + 1] - 1].decode()

    def add(self, many: Sequence[bytes]) -> None:
        if many:
            lengths = np.fromiter(map(len, many), dtype=np.int64, count=len(many)) + 1
            self.ends.frombytes((np.cumsum(lengths) + len(self.blob)).tobytes())
            self.blob += b"\0".join(many) + b"\0"

    def unpack(self, codes: np.ndarray[Any, Any]) -> list[str]:
        """The texts of many codes at once."""
        low, high = (int(codes.min()), int(codes.max())) if len(codes) else (0, 0)
        if high - low < len(codes) // 8:  # the same few texts again and again: one object for each
            words = [self[code] for code in range(low, high + 1)]
            return [words[code] for code in (codes - low).tolist()]
        if not len(codes):
            return []
        blob, ends = np.frombuffer(self.blob, dtype=np.uint8), np.frombuffer(self.ends, dtype=np.int64)
        starts = ends[codes]
        lengths = ends[codes + 1] - starts
        behind = np.cumsum(lengths)
        places = np.arange(behind[-1]) + np.repeat(starts - (behind - lengths), lengths)
        return str(blob[places].tobytes(), "utf-8").split("\0")[:-1]


class PackedColumn(Sequence[Any]):
    """The cells of one column: codes, floats where there are numbers or dates, and whatever else it holds."""

    def __init__(self, texts: Texts, codes: np.ndarray[Any, Any], numbers: np.ndarray[Any, Any] | None,
                 others: Sequence[Any]) -> None:
        self.texts, self.codes, self.numbers, self.others = texts, codes, numbers, others

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> PackedColumn: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return self.take(row)
        place = range(len(self))[row]
        return self._block(place, place + 1)[0]

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), BLOCK):
            yield from self._block(start, start + BLOCK)

    def take(self, rows: Any) -> PackedColumn:
        """The cells of the rows chosen, still packed."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return PackedColumn(self.texts, self.codes[rows], numbers, self.others)

    def _block(self, start: int, end: int) -> list[Any]:
        codes = self.codes[start:end]
        if codes.min() >= 0:
            return self.texts.unpack(codes)
        if self.numbers is not None and (codes == NUMBER).all():
            return list(self.numbers[start:end].tolist())
        cells = np.empty(len(codes), dtype=object)
        cells[:] = ""
        worded = codes >= 0
        cells[worded] = self.texts.unpack(codes[worded])
        if self.numbers is not None:
            for code, made in ((NUMBER, np.ndarray.tolist), (MOMENT, _moments)):
                cells[codes == code] = made(self.numbers[start:end][codes == code])
        for row in np.flatnonzero(codes <= OTHER):
            cells[row] = self.others[OTHER - int(codes[row])]
        return list(cells.tolist())


def _moments(serials: np.ndarray[Any, Any]) -> list[Any]:
    """Dates of the 1900 system; without a time of day they are days."""
    moments = (EPOCH + np.rint(serials * 86_400_000).astype("timedelta64[ms]")).tolist()
    return [moment.date() if whole else moment
            for moment, whole in zip(moments, (serials == np.floor(serials)).tolist(), strict=True)]


class PackedRows(Sequence[list[Any]]):
    """The rows of a sheet as if each were a list; the columns are what there is."""

    def __init__(self, columns: Sequence[PackedColumn]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, row: int) -> list[Any]: ...
    @overload
    def __getitem__(self, row: slice) -> PackedRows: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return PackedRows([column.take(row) for column in self.columns])
        return [column[row] for column in self.columns]

    def __iter__(self) -> Iterator[list[Any]]:
        return map(list, zip(*self.columns, strict=True))

    def across(self, start: int, end: int) -> PackedRows:
        """Some columns of the same rows."""
        return PackedRows(self.columns[start:end])


def unpacked(cells: Sequence[Any]) -> Sequence[Any]:
    """The cells as plain objects."""
    return list(cells) if isinstance(cells, PackedColumn) else cells
