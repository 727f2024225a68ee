"""References in A1 notation: read, printed, shifted, and fitted to a table that changed its size.

A formula is never evaluated here. It is cut into operands (strings, structured references, error
values and function names are stepped over) and only the references among them are looked at, so
that everything else in the text stays character for character as it was.

The one rule of fitting: a reference *is* the table's body when its columns lie within the table
and its rows run exactly from the first data row, or from the header, to the last data row, or to
the totals row. Then its last row follows the table. A reference to cells of the totals row goes
where the totals row went. Anything else (partial, larger, whole columns, structured) stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Resize:
    """A table whose data rows now end elsewhere. Rows and columns count from 1."""

    sheet: str
    table: str
    first_col: int
    last_col: int
    first_row: int  # the first data row
    old_last_row: int
    new_last_row: int
    totals: bool
    header: bool = True

    @property
    def old_rows(self) -> tuple[int, ...]:
        """The last rows that a reference can have which follows the resize."""
        return (self.old_last_row, self.old_last_row + 1) if self.totals else (self.old_last_row,)

    @property
    def back(self) -> Resize:
        """The resize that undoes this one."""
        return replace(self, old_last_row=self.new_last_row, new_last_row=self.old_last_row)


class Nature(Enum):
    """How a place means its references, which decides what counts as the body of a table."""

    RANGE = "range"  # a range by nature (sqref, series, print area): one cell is a range too
    CELL = "cell"  # the formula of one cell or name: one cell is one cell
    ROWWISE = "rowwise"  # a formula repeated down rows: a row without $ is a window that travels with it


@dataclass(frozen=True, slots=True)
class Area:
    """``B2`` or ``$B$2:D9``: corners as written, each with its ``$`` marks."""

    first_col: int
    first_row: int
    last_col: int
    last_row: int
    marks: tuple[bool, bool, bool, bool] = (False, False, False, False)  # first col, first row, last col, last row
    colon: bool = True

    @property
    def rows_fixed(self) -> bool:
        return self.marks[1] and self.marks[3]

    def text(self) -> str:
        first = _corner(self.first_col, self.first_row, self.marks[0], self.marks[1])
        return f"{first}:{_corner(self.last_col, self.last_row, self.marks[2], self.marks[3])}" if self.colon else first


@dataclass(frozen=True, slots=True)
class Ref:
    """An area with the sheet in front of it: ``prefix`` is as written, ``'My Sheet'!`` or nothing."""

    prefix: str
    area: Area

    @property
    def sheet(self) -> str | None:
        """The sheet's name; ``None`` without one. Other books and 3-D references name no sheet of ours: ``""``."""
        return sheet_of(self.prefix) if self.prefix else None

    def text(self) -> str:
        return self.prefix + self.area.text()


def column_number(letters: str) -> int:
    """``"AB"`` is 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """28 is ``"AB"``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _corner(col: int, row: int, col_fixed: bool, row_fixed: bool) -> str:
    return f"{'$' if col_fixed else ''}{column_letters(col)}{'$' if row_fixed else ''}{row}"


_CELL = r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})"
_PREFIX = r"(?:'(?:[^']|'')+'|[^'!:]+(?::[^'!:]+)?)!"
_AREA = re.compile(f"{_CELL}(?::{_CELL})?")
_REF = re.compile(f"({_PREFIX})?{_CELL}(?::({_PREFIX})?{_CELL})?")
_LINES = re.compile(rf"({_PREFIX})?(?:(\$?)([A-Za-z]{{1,3}}):(\$?)([A-Za-z]{{1,3}})|(\$?)(\d{{1,7}}):(\$?)(\d{{1,7}}))")

# Strings, then operands: everything up to an operator, with quoted sheet names and brackets (two deep, an
# apostrophe escapes inside them) taken whole. The last group tells a function name from an operand.
_SCAN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|((?:'(?:[^']|'')*'|\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]|[^\s\"'\[\],;(){}+\-*/^&=><%#@])+)(\()?",
    re.DOTALL,
)


def parse_area(text: str) -> Area | None:
    """``Area`` for ``B2`` or ``$B$2:D9``; ``None`` for whole rows, whole columns and what is no reference."""
    match = _AREA.fullmatch(text)
    return _area(match.groups()) if match else None


def _area(parts: tuple[str | None, ...]) -> Area | None:
    mark1, col1, mark2, row1, mark3, col2, mark4, row2 = parts
    assert col1 is not None
    assert row1 is not None
    if col2 is None or row2 is None:
        col2, row2, mark3, mark4 = col1, row1, mark1, mark2
    area = Area(column_number(col1), int(row1), column_number(col2), int(row2),
                (bool(mark1), bool(mark2), bool(mark3), bool(mark4)), parts[5] is not None)
    return area if max(area.first_col, area.last_col) <= MAX_COLUMN and max(area.first_row, area.last_row) <= MAX_ROW \
        else None


def parse_ref(text: str) -> Ref | None:
    """``Ref`` for ``'My Sheet'!$A$2:$A$9``; ``None`` for anything that is not one reference to cells."""
    match = _REF.fullmatch(text)
    if not match:
        return None
    parts = match.groups()
    if parts[5] is not None and (parts[0] is None or sheet_of(parts[5]).casefold() != sheet_of(parts[0]).casefold()):
        return None
    area = _area(parts[1:5] + parts[6:])
    return Ref(parts[0] or "", area) if area else None


def sheet_of(prefix: str) -> str:
    """The sheet a prefix names; ``""`` when it names another book or several sheets."""
    name = prefix.removesuffix("!")
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return "" if any(sign in name for sign in "[]:") else name


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it, quoted if it has to be."""
    plain = re.fullmatch(r"[^\W\d][\w.]*", sheet) and not _AREA.fullmatch(sheet) \
        and not re.fullmatch(r"[RrCc]\d*|[Rr]\d*[Cc]\d*", sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def operands(formula: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of every operand that is neither a string nor a function's name."""
    for match in _SCAN.finditer(formula):
        if match.group(1) and not match.group(2):
            yield match.start(1), match.end(1), match.group(1)


def references(formula: str) -> Iterator[Ref]:
    """Every reference to cells in a formula (or in a plain list of areas)."""
    for _, _, text in operands(formula):
        ref = parse_ref(text)
        if ref:
            yield ref


def rewrite(formula: str, change: Callable[[str], str | None]) -> str:
    """``formula`` with each operand replaced by ``change(operand)`` unless that is ``None``."""
    pieces: list[str] = []
    done = 0
    for start, end, text in operands(formula):
        new = change(text)
        if new is not None and new != text:
            pieces += (formula[done:start], new)
            done = end
    return "".join(pieces) + formula[done:] if pieces else formula


def fitted(area: Area, resize: Resize, nature: Nature, in_rows: bool = False) -> Area | None:
    """``area`` after the resize, or ``None`` when it does not follow the table.

    ``in_rows`` says that the formula stands in the table's rows, in the table or beside it, where half-fixed
    ranges are common: ``A$2:A9`` is a running range that happens to end here, and ``A5:A$9`` runs from its own
    row to the end of the body, so that its fixed last row follows although it is not the whole body.
    """
    if not (resize.first_col <= area.first_col <= area.last_col <= resize.last_col):
        return None
    top, bottom = area.first_row, area.last_row
    last, new_last = resize.old_last_row, resize.new_last_row
    foot = last + 1 if resize.totals else None
    fixed_start, fixed_end = area.marks[1], area.marks[3]
    rowwise = nature is Nature.ROWWISE and not area.rows_fixed
    if top == bottom == foot:
        return None if rowwise else replace(area, first_row=new_last + 1, last_row=new_last + 1)
    to_the_end = in_rows and area.colon and fixed_end and not fixed_start and top >= resize.first_row
    if (rowwise and not to_the_end) or (in_rows and fixed_start and not fixed_end):
        return None
    starts = top == resize.first_row or (resize.header and top == resize.first_row - 1) or to_the_end
    if not starts or bottom not in (last, foot):
        return None
    if top == bottom and nature is not Nature.RANGE and not (area.colon and (
            area.first_col == area.last_col or area.rows_fixed or to_the_end)):
        return None  # one cell of a one-row table, or a row of it
    end = new_last if bottom == last else new_last + 1
    grown = replace(area, last_row=end, colon=True)
    if nature is Nature.RANGE and top == end and area.first_col == area.last_col:
        grown = replace(grown, colon=False)
    if nature is Nature.CELL and top == end and area.first_col != area.last_col and not to_the_end:
        left, _, right, _ = area.marks  # fixed rows tell it from a row of cells when the table grows again
        grown = replace(grown, marks=(left, True, right, True))
    return grown


def fit_formula(formula: str, resize: Resize, sheet: str | None, nature: Nature = Nature.CELL,
                in_rows: bool = False) -> str:
    """``formula`` with its references to the table's body and totals row following the resize.

    ``sheet`` is the sheet a reference without a prefix means (``None``: such references are left alone).
    """
    home = resize.sheet.casefold()
    local = sheet is not None and sheet.casefold() == home

    def change(text: str) -> str | None:
        ref = parse_ref(text)
        if ref is None or not (ref.sheet.casefold() == home if ref.sheet is not None else local):
            return None
        area = fitted(ref.area, resize, nature, in_rows)
        return replace(ref, area=area).text() if area else None

    return rewrite(formula, change)


def fit_areas(areas: Sequence[Area], resize: Resize) -> list[Area | None]:
    """Areas on the table's sheet that belong together (those of a ``sqref`` or of a name) after the resize.

    Each follows by itself. Besides, a body is often kept in pieces (``A2:A5 A6:A9``): pieces that tile columns of
    the body from its top to its end follow as the one area they are. ``None`` is a piece whose rows are gone.
    """
    return _followed(areas, resize, _pieces(areas, resize))


def _followed(areas: Sequence[Area], resize: Resize, pieces: set[Area]) -> list[Area | None]:
    return [fitted(area, resize, Nature.RANGE) or (_clipped(area, resize) if area in pieces else area)
            for area in areas]


def _pieces(areas: Sequence[Area], resize: Resize) -> set[Area]:
    """The areas that, without overlapping, make up whole columns of the body."""
    bottom = resize.old_last_row + resize.totals
    inside = [area for area in areas if resize.first_col <= area.first_col <= area.last_col <= resize.last_col
              and resize.first_row - resize.header <= area.first_row <= area.last_row <= bottom]
    rows: dict[int, list[tuple[int, int]]] = {}
    for area in inside:
        for column in range(area.first_col, area.last_col + 1):
            rows.setdefault(column, []).append((area.first_row, area.last_row))
    whole = set()
    for column, spans in rows.items():
        spans.sort()
        tiled = all(above[1] + 1 == below[0] for above, below in pairwise(spans))
        if tiled and spans[0][0] <= resize.first_row and spans[-1][1] >= resize.old_last_row:
            whole.add(column)
    return {area for area in inside if whole.issuperset(range(area.first_col, area.last_col + 1))}


def _clipped(area: Area, resize: Resize) -> Area | None:
    """A piece of the body: the last one ends where the body ends now, and no row of it lies below."""
    last, new_last = resize.old_last_row, resize.new_last_row
    first, end = area.first_row, new_last if area.last_row == last else min(area.last_row, new_last)
    if area.last_row > last:  # with the totals row
        first, end = min(first, new_last + 1), new_last + 1
    if first > end:
        return None
    return replace(area, first_row=first, last_row=end, colon=first != end or area.first_col != area.last_col)


def fit_sqref(sqref: str, resize: Resize) -> str:
    """A list of areas on the table's own sheet (``sqref``) following the resize."""
    words = sqref.split()
    known = {word: area for word in words if (area := parse_area(word))}
    after = dict(zip(known, fit_areas(list(known.values()), resize), strict=True))
    texts = {word: area.text() if area else "" for word, area in after.items()}
    if "" in texts.values():
        return " ".join(text for word in words if (text := texts.get(word, word)))
    return re.sub(r"\S+", lambda match: texts.get(match.group(), match.group()), sqref)


def fit_list(text: str, resize: Resize, one: Callable[[str], str]) -> str:
    """A name or a series, which may hold a body in pieces: a list of areas with their sheets,
    ``Data!$A$2:$A$5,Data!$A$6:$A$9``, also in parentheses. Relative rows are no piece of anything.
    ``one`` fits everything that is not in pieces."""
    words = [word for _, _, word in operands(text)]
    refs = {word: ref for word in words if (ref := parse_ref(word)) and ref.area.rows_fixed
            and (ref.sheet or "").casefold() == resize.sheet.casefold()}
    pieces = _pieces([ref.area for ref in refs.values()], resize) if len(refs) > 1 else set()
    bare, listed = text.replace(" ", ""), ",".join(words).replace(" ", "")
    if len(pieces) < 2 or resize.first_row == resize.old_last_row or bare not in (listed, f"({listed})"):
        return one(text)
    kept = []
    for word in words:
        if word in refs and refs[word].area in pieces:
            [area] = _followed([refs[word].area], resize, pieces)
            kept += [replace(refs[word], area=area).text()] if area else []
        else:
            kept.append(one(word))
    if kept == words:
        return text
    return f"({','.join(kept)})" if bare.startswith("(") else ",".join(kept)


def shifted(formula: str, rows: int, columns: int) -> str:
    """``formula`` as it reads when copied ``rows`` down and ``columns`` to the right; off the sheet is ``#REF!``."""
    def line(mark: str, number: int, step: int, most: int) -> int | None:
        moved = number if mark else number + step
        return moved if 1 <= moved <= most else None

    def change(text: str) -> str | None:
        ref = _REF.fullmatch(text)
        lines = None if ref else _LINES.fullmatch(text)
        if ref:
            sheet, *parts = ref.groups()
            second = parts.pop(4)
            corners = []
            for mark1, col, mark2, row in (parts[:4], parts[4:]):
                if col is None:
                    continue
                new_col = line(mark1, column_number(col), columns, MAX_COLUMN)
                new_row = line(mark2, int(row), rows, MAX_ROW)
                if column_number(col) > MAX_COLUMN:
                    return None  # a name, not a cell
                if new_col is None or new_row is None:
                    return (sheet or "") + "#REF!"
                corners.append(_corner(new_col, new_row, bool(mark1), bool(mark2)))
            return (sheet or "") + (":" + (second or "")).join(corners)
        if lines:
            sheet, mark1, col1, mark2, col2, mark3, row1, mark4, row2 = lines.groups()
            if col1:
                ends = (line(mark1, column_number(col1), columns, MAX_COLUMN),
                        line(mark2, column_number(col2), columns, MAX_COLUMN))
                names = [column_letters(end) if end else None for end in ends]
                marks = (mark1, mark2)
            else:
                names = [str(end) if end else None
                         for end in (line(mark3, int(row1), rows, MAX_ROW), line(mark4, int(row2), rows, MAX_ROW))]
                marks = (mark3, mark4)
            if None in names:
                return (sheet or "") + "#REF!"
            return f"{sheet or ''}{marks[0]}{names[0]}:{marks[1]}{names[1]}"
        return None

    return rewrite(formula, change)
