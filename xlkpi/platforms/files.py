"""A file, whatever it is called, as grids of raw cells: told by its content, never by its name.

Text stays text (a 19-digit id is not a number), a number stays a number. Error cells and formulas
without a value, which readers hand over as blanks, come out as :class:`~xlkpi.errors.CellError`,
so that a figure that is missing by accident is never taken for one that is missing on purpose.
"""

from __future__ import annotations

import gc
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlkpi.errors import CellError, Findings, Problem, Where, reason_of
from xlkpi.platforms import biff, sheets
from xlkpi.platforms import text as text_files
from xlkpi.platforms.problems import (
    DamagedFile,
    EncryptedFile,
    FileEmpty,
    FileLocked,
    FileNotReadable,
    NotATable,
    TooLarge,
)
from xlkpi.platforms.text import Unreadable

UNCALCULATED = CellError("=")
LARGE = 4_000_000  # bytes of sheets from which they are read as a stream
MAX_ENTRIES = 10_000
MAX_UNPACKED = 2_000_000_000
MAX_RATIO = 500

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"Rar!", "RAR"),
    (b"\x1f\x8b", "GZIP"), (b"7z\xbc\xaf", "7-Zip"), (b"SQLite format 3", "SQLite"), (b"{\\rtf", "RTF"))


@dataclass
class Grid:
    """One sheet, or the records of a text file: raw cells, row by row from the first row."""

    rows: Sequence[list[Any]]
    sheet: str | None = None
    hidden: bool = False
    first_column: int = 0  # place on the sheet, for a table that stands beside others
    addressed: bool = True  # whether its places are cells that a spreadsheet shows
    first_row: int = 0  # rows of the sheet above the grid's own first
    outer: bool = False  # only holds the tables inside it: nothing is lost where it is not known


@dataclass
class RawFile:
    """What was found in a file."""

    file: str | None
    sha256: str | None = None
    kind: str = ""
    encoding: str | None = None
    grids: list[Grid] = field(default_factory=list)
    problems: Findings = field(default_factory=Findings)  # what stopped the reading
    warnings: Findings = field(default_factory=Findings)  # what the file itself says about its figures


def open_raw(source: str | Path | bytes, name: str | None = None) -> RawFile:
    """The grids of a path or of bytes; what stops the reading is a problem, never an exception."""
    raw = RawFile(name)
    try:
        if isinstance(source, bytes):
            data = source
        else:
            raw.file = name or Path(source).name
            data = Path(source).read_bytes()
        raw.sha256 = hashlib.sha256(data).hexdigest()
        _fill(raw, data)
    except PermissionError:
        raw.problems.append(FileLocked(Where(file=raw.file)))
    except OSError as error:
        raw.problems.append(FileNotReadable(Where(file=raw.file), reason=reason_of(error)))
    except Unreadable as stop:
        raw.problems.append(stop.problem)
    return raw


def _fill(raw: RawFile, data: bytes) -> None:
    where = Where(file=raw.file)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Unreadable(FileEmpty(where))
    if data.startswith(b"PK"):
        raw.kind, raw.grids = "workbook", _workbook(data, where, zipped=True)
        return
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable(EncryptedFile(where))
        raw.kind, raw.grids = "workbook", _workbook(data, where, zipped=False)
        return
    for start, what in _KINDS:
        if data.startswith(start):
            raise Unreadable(NotATable(where, what=what))
    text, raw.encoding = text_files.decode(data, raw.file)
    head = text[:2000].lstrip().casefold()
    if head.startswith("<"):
        if not re.search("<(!doctype html|html|table|head|body|div|meta)", head):
            raise Unreadable(NotATable(where, what="XML"))
        from xlkpi.platforms import html_tables

        raw.kind, raw.grids = "html", html_tables.grids(text, where)
        return
    if head.startswith(("{", "[")):
        from xlkpi.platforms import json_tables

        raw.kind, raw.grids = "json", json_tables.grids(text, where, raw.warnings)
        return
    if any(letter < " " and letter not in "\t\r\n\f" for letter in text[:4096]):
        raise Unreadable(NotATable(where, what="?"))
    raw.kind, raw.grids = "text", [Grid(text_files.parse(text, raw.file))]


# ---------------------------------------------------------------- workbooks


def _workbook(data: bytes, where: Where, zipped: bool) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if zipped:
        check_package(data, where)
        streamed = _streamed(data)
        if streamed is not None:
            return streamed
    else:
        biff.check(data, where)
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        grids = []
        for sheet in book.sheets_metadata:
            if str(sheet.typ) != "SheetTypeEnum.WorkSheet":
                continue
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            grids.append(Grid(rows, sheet.name, str(sheet.visible) != "SheetVisibleEnum.Visible"))
    except PasswordError:
        raise Unreadable(EncryptedFile(where)) from None
    except CalamineError as error:
        return _by_openpyxl(data, where, error) if zipped else _refuse(where, error)
    except BaseException as error:  # the reader is native code: whatever it says, the file is at fault
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":  # of no base that can be named
            return _refuse(where, error)
        raise
    if zipped:
        for grid in grids:
            mark_silent_cells(data, grid)
    return grids


def _streamed(data: bytes) -> list[Grid] | None:
    """The sheets of a large workbook, packed; None where it is small, or wants the general reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist() if "/worksheets/" in info.filename) < LARGE:
                return None
            parts = sheets.parts_of(package)
            grids = zip(parts.sheets, sheets.read_sheets(package, parts), strict=True)
            return [Grid(rows, part.name, part.hidden) for part, rows in grids]
    except (sheets.Odd, zipfile.BadZipFile, KeyError, EOFError, UnicodeDecodeError, zipfile.zlib.error):  # type: ignore[attr-defined]
        return None  # the general reader says what is wrong with it


@contextmanager
def without_collector() -> Iterator[None]:
    """Reading makes a list a row and no cycles: collector runs in between would find nothing, slowly."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _refuse(where: Where, error: BaseException) -> list[Grid]:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    raise Unreadable(DamagedFile(where, reason=reason)) from None


def _by_openpyxl(data: bytes, where: Where, first: BaseException) -> list[Grid]:
    """Second try on a package that calamine refuses."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
        return [Grid([["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)],
                     sheet.title, sheet.sheet_state != "visible") for sheet in book.worksheets]
    except Exception:
        return _refuse(where, first)


def check_package(data: bytes, where: Where) -> None:
    """Refuse a zip that is no workbook, is damaged, unpacks to too much or declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            names = {info.filename.lstrip("/") for info in infos}
            if len(infos) > MAX_ENTRIES:
                raise Unreadable(TooLarge(where, found=f"{len(infos)} entries", limit=f"{MAX_ENTRIES} entries"))
            size = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos) or 1
            if size > MAX_UNPACKED or (size > 50_000_000 and size / packed > MAX_RATIO):
                limit = f"{MAX_UNPACKED // 1_000_000} MB, 1:{MAX_RATIO}"
                raise Unreadable(TooLarge(where, found=f"{size // 1_000_000} MB, 1:{size // packed}", limit=limit))
            if not any(name.startswith("xl/") or name == "content.xml" for name in names):
                what = "DOCX/PPTX" if any(name.startswith(("word/", "ppt/")) for name in names) else "ZIP"
                raise Unreadable(NotATable(where, what=what))
            for info in infos:
                if info.filename.casefold().endswith((".xml", ".rels")):
                    with package.open(info) as part:
                        head = part.read(4096).replace(b"\0", b"")
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise Unreadable(DamagedFile(where, reason=f"{info.filename}: <!DOCTYPE>"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        _refuse(where, error)


_HINTS = (b't="e"', b"<f")  # of a sheet that has neither, nothing more is read; a prefixed one is always read
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^<>]*\bt="e"[^<>]*)>(?:\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?'
                    rb"\s*<(?:\w+:)?v>([^<]*)<")
_BARE = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
                   rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')


def mark_silent_cells(data: bytes, grid: Grid) -> None:
    """Put errors and uncalculated formulas back where the reader left a blank."""
    part = _part_of(data, grid.sheet or "")
    if part is None:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if not _hinted(package, part):
            return
        xml = package.read(part)
    for attributes, code in _ERROR.findall(xml):
        _mark(grid, attributes, CellError(code.decode("utf-8", "replace")))
    for (attributes,) in ((match[1],) for match in _BARE.finditer(xml)):
        if b't="str"' not in attributes:  # t="str" with nothing in it is a formula whose answer is ""
            _mark(grid, attributes, UNCALCULATED)


def _hinted(package: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if not tail and b"<worksheet" not in chunk[:4096]:
                return True
            if any(hint in chunk or hint in tail + chunk[:8] for hint in _HINTS):
                return True
            tail = chunk[-8:]
    return False


def _mark(grid: Grid, attributes: bytes, value: CellError) -> None:
    place = _PLACE.search(attributes)
    if not place:
        return
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    row = int(place[2]) - 1
    if row < len(grid.rows) and column <= len(grid.rows[row]):
        grid.rows[row][column - 1] = value


def _part_of(data: bytes, sheet: str) -> str | None:
    """The package part of a sheet; None where there is none (other formats)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return next((part.path for part in sheets.parts_of(package).sheets if part.name == sheet), None)
    except (sheets.Odd, zipfile.BadZipFile):
        return None


def refusal(raw: RawFile) -> Problem | None:
    """The problem that stopped the reading, if one did."""
    return raw.problems[0] if raw.problems else None
