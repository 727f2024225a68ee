"""Formulas in cells, on any sheet, that refer to the body or the totals row of a resized table.

Only formulas whose text holds one of the two row numbers are looked at, and only those that change
are written, so that a sheet with a million formulas costs one pass of a regular expression.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlkpi.workbook.cover_xml import Edits
from xlkpi.workbook.markup import escape, unescape
from xlkpi.workbook.refs import Nature, Resize, column_number, fit_formula, parse_area, shifted

_ROOT = re.compile(rb"<((?:[\w.\-]+:)?)worksheet[\s>]")


def sheet_prefix(data: bytes) -> bytes | None:
    """The prefix of the sheet's elements (mostly empty); ``None`` when the part is no worksheet."""
    match = _ROOT.search(data, 0, 4096)
    return match.group(1) if match else None


def cells_end(data: bytes, prefix: bytes) -> int:
    """Where ``sheetData`` ends."""
    closing = b"</" + prefix + b"sheetData>"
    place = data.rfind(closing)
    if place >= 0:
        return place + len(closing)
    match = re.compile(b"<" + prefix + rb"sheetData\s*/>").search(data)
    return match.end() if match else len(data)


@lru_cache(maxsize=64)
def _ends(*rows: int) -> re.Pattern[bytes]:
    """The end of a range, or a cell of another sheet, in one of these rows: cheap to look for."""
    return re.compile(rb"[:!]\$?[A-Za-z]{1,3}\$?(?:" + "|".join(map(str, rows)).encode() + rb")(?!\d)")


@lru_cache(maxsize=64)
def _candidates(prefix: bytes, last: int, foot: int | None) -> re.Pattern[bytes]:
    """Formula elements whose text holds a range that ends in the last row, or anything in the totals row."""
    ends = rb"[:!]\$?[A-Za-z]{1,3}\$?" + str(last).encode()
    if foot:
        ends += rb"|(?<=[A-Za-z$])" + str(foot).encode()
    return re.compile(b"<" + prefix + rb"f((?:\s[^<>]*)?)>([^<]*?(?:" + ends + rb")(?!\d)[^<]*)</" + prefix + b"f>")


def fit_cells(data: bytes, sheet: str, resize: Resize, edits: Edits) -> None:
    """Collect the edits of all cell formulas of one worksheet part, whose table rows already stand anew."""
    prefix = sheet_prefix(data)
    if prefix is None or data.find(b"<" + prefix + b"f", 0, cells_end(data, prefix)) < 0:
        return  # a large sheet without formulas is told at a glance
    home = sheet.casefold() == resize.sheet.casefold()
    name = resize.sheet.replace("'", "''").casefold()
    last, *foot = resize.old_rows
    if (not home or not foot) and not _ends(*resize.old_rows).search(data, 0, cells_end(data, prefix)):
        return
    for match in _candidates(prefix, last, foot[0] if foot else None).finditer(data, 0, cells_end(data, prefix)):
        text = unescape(match.group(2))
        if not home and name not in text.casefold():
            continue
        attributes = match.group(1).decode()
        kind = _attribute(attributes, "t")
        nature, in_rows = (_stand(resize, *cell_at(data, match.start(), prefix)) if home else (Nature.CELL, False))
        if kind == "shared":
            group = parse_area(_attribute(attributes, "ref"))
            if group and group.first_row != group.last_row:
                nature = Nature.ROWWISE
            elif group and group.first_col != group.last_col and _spread(
                    data, prefix, text, resize, sheet, nature, group.last_col - group.first_col, match, edits):
                continue
        new = fit_formula(text, resize, sheet, nature, in_rows)
        if new != text:
            edits.replace(*match.span(2), escape(new).encode())


def _stand(resize: Resize, row: int, column: int) -> tuple[Nature, bool]:
    """What the place of a cell on the table's sheet says about its formula."""
    if resize.first_col <= column <= resize.last_col:
        inside = resize.first_row <= row <= resize.new_last_row
        return (Nature.ROWWISE if inside else Nature.CELL), inside
    return Nature.CELL, resize.first_row <= row <= resize.old_last_row


def _spread(data: bytes, prefix: bytes, text: str, resize: Resize, sheet: str, nature: Nature, width: int,
            master: re.Match[bytes], edits: Edits) -> bool:
    """Take a shared formula apart whose copies to the right would not follow as its master does."""
    new = fit_formula(text, resize, sheet, nature)
    wanted = [fit_formula(shifted(text, 0, step), resize, sheet, nature) for step in range(width + 1)]
    if all(one == shifted(new, 0, step) for step, one in enumerate(wanted)):
        return False
    tag = prefix + b"f"
    index = _attribute(master.group(1).decode(), "si").encode()
    _, first = cell_at(data, master.start(), prefix)
    group = re.compile(b"<" + tag + rb"(\s[^<>]*?\ssi=[\"']" + index + rb"[\"'][^<>]*?)(?:/>|>[^<]*</" + tag + b">)")
    for part in group.finditer(data):
        step = cell_at(data, part.start(), prefix)[1] - first
        if 0 <= step <= width and _attribute(part.group(1).decode(), "t") == "shared":
            edits.replace(*part.span(), b"<" + tag + b">" + escape(wanted[step]).encode() + b"</" + tag + b">")
    return True


def _attribute(attributes: str, name: str) -> str:
    match = re.search(rf"""(?:^|\s){name}\s*=\s*["']([^"']*)["']""", attributes)
    return match.group(1) if match else ""


def cell_at(data: bytes, place: int, prefix: bytes = b"") -> tuple[int, int]:
    """Row and column of the cell whose content ``place`` lies in; cells without ``r`` are counted."""
    cell = _opening(data, prefix + b"c", 0, place)
    written = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)(\d+)["']""").search(data, cell, data.index(b">", cell))
    if written:
        return int(written.group(2)), column_number(written.group(1).decode())
    row_start = _opening(data, prefix + b"row", 0, place)
    return _row_number(data, row_start, prefix), _column_by_count(data, row_start, cell, prefix)


def _opening(data: bytes, tag: bytes, start: int, stop: int) -> int:
    return max(data.rfind(b"<" + tag + sign, start, stop) for sign in (b" ", b">", b"\n", b"\t", b"\r"))


def _row_number(data: bytes, row_start: int, prefix: bytes) -> int:
    number = 0
    for match in re.compile(b"<" + prefix + rb"row(\s[^<>]*?)?/?>").finditer(data, 0, data.index(b">", row_start) + 1):
        written = _attribute((match.group(1) or b"").decode(), "r")
        number = int(written) if written else number + 1
    return number


def _column_by_count(data: bytes, row_start: int, cell: int, prefix: bytes) -> int:
    number = 0
    for match in re.compile(b"<" + prefix + rb"c(\s[^<>]*?)?/?>").finditer(data, row_start, data.index(b">", cell) + 1):
        written = parse_area(_attribute((match.group(1) or b"").decode(), "r"))
        number = written.first_col if written else number + 1
    return number
