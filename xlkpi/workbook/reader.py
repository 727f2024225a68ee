"""What the texts of a formula's arguments mean in a book: its tables, names and used ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xlkpi.errors import CellError
from xlkpi.workbook.engine import Cell, Unavailable
from xlkpi.workbook.formulas import Area, Call, address, area_address, quoted, reference, tokens
from xlkpi.workbook.grid import Grid
from xlkpi.workbook.refs import MAX_ROW
from xlkpi.workbook.structured import Shape, resolve


@dataclass(frozen=True, slots=True)
class Pick:
    """``INDEX(range, n)``: one cell of a column or row, by a number or by the cell that holds the number."""

    line: Area
    number: int | Cell

    def value(self, grid: Grid) -> Any:
        """The picked cell's value, blank when it is blank; the whole line for 0, errors as Excel has them."""
        number = self.number if isinstance(self.number, int) else _count(grid.cell(*self.number))
        if not isinstance(number, int):
            return number
        if number == 0:
            return grid.area(self.line)
        line = self.line
        down = line.left == line.right
        if number < 0:
            return CellError("#VALUE!")
        if number > (line.bottom - line.top if down else line.right - line.left) + 1:
            return CellError("#REF!")
        row, column = (line.top + number - 1, line.left) if down else (line.top, line.left + number - 1)
        return grid.cell(str(line.sheet), row, column)


def _count(value: Any) -> Any:
    """A whole number as INDEX reads it from a cell; errors and values that are not there yet pass."""
    if isinstance(value, (Unavailable, CellError)):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", value):
            return CellError("#VALUE!")
        value = float(value)
    return int(value // 1) if abs(value) < MAX_ROW else MAX_ROW + 1


class NotPortable(Exception):
    """The expression means another thing in another cell and cannot be put into a helper."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__()


@dataclass(slots=True)
class Reader:
    """Reads argument texts of one book: its tables, names and used ranges."""

    tables: Mapping[str, Shape]
    names: Mapping[tuple[str | None, str], str]
    used: Callable[[str], Area | None]  # what is used of a sheet
    sheets: Mapping[str, str]  # name, and casefolded name → name
    _placed: dict[str, Area | tuple[Area, int, int]] = field(init=False, default_factory=dict)  # usual structured ones
    _picked: dict[str, tuple[Area, int | str] | None] = field(init=False, default_factory=dict)
    bare_table: str = field(init=False)  # a pattern: a table's name without brackets, perhaps

    def __post_init__(self) -> None:
        names = "|".join(re.escape(shape.name) for shape in self.tables.values()) or "(?!)"
        self.bare_table = rf"(?i)(?<![\w.])(?:{names})(?![\w.\[(!])"

    def place(self, text: str, home: Cell) -> Area | None:
        """The rectangle a reference, structured reference or defined name stands for, clipped to what is used."""
        area: Area | None
        if text.endswith("]"):
            known = self._placed.get(text)
            if isinstance(known, Area):
                return known
            if known is not None:
                area, top, bottom = known
                row = home[1]
                if home[0] == area.sheet and top <= row <= bottom:
                    return Area(area.sheet, row, area.left, row, area.right)
            area = self._structured(text, home)
        else:
            area = reference(text) or resolve(f"{text}[]" if text.casefold() in self.tables else text, self.tables,
                                              home)
        if area is None and text.replace("_", "a").replace(".", "a").isalnum():
            area = self._named(text, home)
        if area is None:
            return None
        named = area.sheet if area.sheet is not None else home[0]
        sheet = self.sheets.get(named) or self.sheets.get(named.casefold())
        if sheet is None:
            return None
        return self._clip(area if area.sheet == sheet else Area(sheet, area.top, area.left, area.bottom, area.right))

    def _structured(self, text: str, home: Cell) -> Area | None:
        """A structured reference; the usual ones, ``table[column]`` and the same row's cell, are looked up once."""
        area = resolve(text, self.tables, home)
        usual = _USUAL.fullmatch(text)
        shape = self.tables.get(usual[1].casefold()) if usual is not None else None
        if usual is not None and shape is not None and area is not None and self.sheets.get(str(area.sheet)) \
                == area.sheet and self._clip(area) == area:
            self._placed[text] = (area, shape.body.top, shape.body.bottom) if usual[2] else area
        return area

    def pick(self, text: str, home: Cell) -> Pick | None:
        """``INDEX(range, n)`` with a plain line of cells and a plain number or cell; None for anything else."""
        if text not in self._picked:
            self._picked[text] = self._pick(text, home)
        known = self._picked[text]
        if known is None:
            return None
        line, number = known
        if isinstance(number, int):
            return Pick(line, number)
        at = self.place(number, home)
        return Pick(line, (str(at.sheet), at.top, at.left)) if at is not None and at.single else None

    def _pick(self, text: str, home: Cell) -> tuple[Area, int | str] | None:
        match = _INDEX.fullmatch(text)
        if match is None or "@" in match[1] or "#" in match[1] or match[2][0] in '@"' or ":" in match[2]:
            return None
        if match[1][0] == "[" or ("[" not in match[1] and "!" not in match[1]):
            return None  # means another place in another sheet or table
        line, written = self.place(match[1], home), reference(match[1]) or resolve(match[1], self.tables, home)
        if line is None or written is None or line[1:] != written[1:] or line.single or (
                line.left != line.right and line.top != line.bottom):
            return None
        return line, int(match[2]) if re.fullmatch(r"[0-9]{1,7}", match[2]) else match[2]

    def _named(self, name: str, home: Cell) -> Area | None:
        meaning = self.names.get((home[0].casefold(), name.casefold())) or self.names.get((None, name.casefold()))
        if meaning is None or not _absolute(meaning):
            return None
        area = reference(meaning) or resolve(meaning, self.tables, home)
        return area if area is not None and area.sheet is not None else None

    def _clip(self, area: Area) -> Area:
        """Whole rows and columns end where the sheet does; a plain range stays as it is written."""
        tall, wide = area.bottom - area.top >= 100_000, area.right - area.left >= 1_000
        if not tall and not wide:
            return area
        used = self.used(str(area.sheet))
        bottom = min(area.bottom, max(used.bottom if used else 1, area.top)) if tall else area.bottom
        right = min(area.right, max(used.right if used else 1, area.left)) if wide else area.right
        return area._replace(bottom=bottom, right=right)

    def relative_name(self, word: str, home: Cell) -> bool:
        """Is ``word`` a defined name whose meaning moves with the cell?"""
        meaning = self.names.get((home[0].casefold(), word.casefold())) or self.names.get((None, word.casefold()))
        return meaning is not None and not _absolute(meaning)

    def qualified(self, formula: str, home: Cell) -> str:
        """``formula`` with column references that name no table (``[播放量]``) and tables without brackets
        (``works``) as plain ranges.

        The engine takes the first for the cell of the same row, which is another number, and does not
        know the second. Excel stores neither, but other programs do.
        """
        if not suspect(formula, self.bare_table):
            return formula
        pieces = list(tokens(formula))
        out: list[str] = []
        for index, token in enumerate(pieces):
            before = pieces[index - 1] if index else None
            after = pieces[index + 1] if index + 1 < len(pieces) else None
            table = token.kind == "word" and token.text.casefold() in self.tables and (
                after is None or (after.kind not in ("bracket", "open") and after.text != "!")) and not (
                before is not None and before.text == "!")
            own = table or (token.kind == "bracket" and not (before is not None and before.kind == "word") and not (
                after is not None and (after.kind == "word" or after.text == "!")))
            if not own or "@" in token.text or "#this row" in token.text.casefold():
                out.append(token.text)
                continue
            area = resolve(f"{token.text}[]" if table else token.text, self.tables, home)
            if area is None:
                raise NotPortable(token.text)
            out.append(f"{quoted(str(area.sheet))}!{area_address(area)}")
        return "".join(out)

    def portable(self, formula: str, start: int, end: int, call: Call, home: Cell,
                 inner: Mapping[tuple[int, int], str]) -> str:
        """``formula[start:end]`` so that it means the same in another cell of the sheet.

        ``inner`` are the texts that stand for KPI calls inside; ``@`` and this-row references become
        plain ones, ROW() and COLUMN() name the cell, and names bound by an enclosing LET are bound again.
        """
        text = self._pieces(formula, start, end, home, inner)
        for around in reversed(call.within):
            if _bare(around.name) != "LET" or not around.commas:
                continue
            pairs = len(around.commas) // 2 * 2
            if pairs:
                bound = self._pieces(formula, around.inside, around.commas[pairs - 1], home, inner)
                text = f"_xlfn.LET({bound},{text})"
        return text

    def _pieces(self, formula: str, start: int, end: int, home: Cell, inner: Mapping[tuple[int, int], str]) -> str:
        edges = sorted((span, text) for span, text in inner.items() if start <= span[0] and span[1] <= end)
        out: list[str] = []
        at = start
        for (left, right), text in edges:
            out += [self._plain(formula[at:left], home), text]
            at = right
        out.append(self._plain(formula[at:end], home))
        return "".join(out)

    def _plain(self, text: str, home: Cell) -> str:
        pieces = list(tokens(text)) if text else []
        out: list[str] = []
        index = 0
        while index < len(pieces):
            token = pieces[index]
            following = pieces[index + 1:index + 3]
            opened = bool(following) and following[0].kind == "open"
            bracketed = bool(following) and following[0].kind == "bracket"
            if token.kind == "word" and opened:
                name = _bare(token.text)
                if name == "SINGLE":
                    close = _closing(pieces, index + 1)
                    out.append(self._intersect("".join(piece.text for piece in pieces[index + 2:close]), home))
                    index = close + 1
                    continue
                if name in ("ROW", "COLUMN", "SHEET", "FORMULATEXT", "CELL") and following[-1].kind == "close":
                    out.append(f"{token.text}({address(home[1], home[2])})")
                    index += 3
                    continue
                if name == "CELL":
                    raise NotPortable("CELL")
            elif token.kind == "bracket" or (token.kind == "word" and bracketed):
                whole = token.text + (following[0].text if token.kind == "word" else "")
                external = token.kind == "bracket" and re.fullmatch(r"\[\d+\]", token.text)
                area = None if external else resolve(whole, self.tables, home)
                if area is None and (token.kind == "bracket" or "@" in whole or "#this row" in whole.casefold()) \
                        and not external:
                    raise NotPortable(whole)
                out.append(f"{quoted(str(area.sheet))}!{area_address(area)}" if area else whole)
                index += 1 if token.kind == "bracket" else 2
                continue
            elif token.kind == "word" and token.text.casefold() in self.tables and not (
                    following and following[0].text == "!"):
                area = resolve(f"{token.text}[]", self.tables, home)
                if area is None:
                    raise NotPortable(token.text)
                out.append(f"{quoted(str(area.sheet))}!{area_address(area)}")
                index += 1
                continue
            elif token.kind == "word" and self.relative_name(token.text, home):
                raise NotPortable(token.text)
            elif token.text == "@":
                raise NotPortable("@")
            out.append(token.text)
            index += 1
        return "".join(out)

    def _intersect(self, text: str, home: Cell) -> str:
        """The one cell that ``@range`` means in ``home``."""
        area = self.place(text, home)
        if area is None:
            raise NotPortable(f"@{text}")
        row = home[1] if area.top != area.bottom else area.top
        column = home[2] if area.left != area.right else area.left
        if not (area.top <= row <= area.bottom and area.left <= column <= area.right):
            return "#VALUE!"
        return f"{quoted(str(area.sheet))}!{address(row, column)}"

    def intersection(self, text: str, home: Cell) -> Area | None:
        """The cell that an argument ``@range`` or ``_xlfn.SINGLE(range)`` means."""
        match = re.fullmatch(r"(?:@|(?:_xlfn\.)?SINGLE\()(.*?)\)?", text, re.IGNORECASE | re.DOTALL)
        if match is None:
            return None
        try:
            return self.place(self._intersect(match[1].strip(), home), home)
        except NotPortable:
            return None


_USUAL = re.compile(r"([^\W\d][\w.]*)\[(?:[^\[\]'@#]+|(\[#This Row\],)\[[^\[\]'@#]+\])\]", re.DOTALL)
_OWNED = re.compile(r""""(?:[^"]|"")*"|[\w.]+\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]|'(?:[^']|'')*'!""", re.DOTALL)
_BARE_COLUMN = re.compile(r"(?:^|[^\w\]'\[.])\[(?!@|\d+\]|\[#This Row)", re.IGNORECASE)
# a line of cells, then a number or the one cell that holds it
_INDEX = re.compile(r"INDEX\(\s*((?:[^\W\d][\w.]*)?\[(?:[^\[\]',]|'.)+\]|(?:(?:[^\W\d][\w.]*|'(?:[^']|'')+')!)?"
                    r"\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+)\s*,\s*([^,]+|[^,\[\]]*\[\[[^\[\]]+\],\[(?:[^\[\]']|'.)+\]\])"
                    r"\s*\)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def suspect(formula: str, bare_table: str) -> bool:
    """May ``formula`` hold a column without its table or a table without brackets? Looked up once for a formula."""
    rest = _OWNED.sub(" ", formula)
    return bool(_BARE_COLUMN.search(rest) or re.search(bare_table, rest))


def _bare(function: str) -> str:
    """A function's name without the prefixes a file puts before it."""
    return re.sub(r"^(?:_xlfn\.|_xlws\.)+", "", function, flags=re.IGNORECASE).upper()


def _closing(pieces: list[Any], opening: int) -> int:
    depth = 0
    for index in range(opening, len(pieces)):
        if pieces[index].kind == "open":
            depth += 1
        elif pieces[index].kind == "close":
            depth -= 1
            if not depth:
                return index
    return len(pieces)


@lru_cache(maxsize=1024)
def _absolute(meaning: str) -> bool:
    """Has every cell reference of a name's meaning its ``$`` signs?"""
    for token in tokens(meaning):
        if token.kind == "word" and reference(token.text) is not None and not re.fullmatch(
                r"\$[A-Za-z]{1,3}\$\d+", token.text):
            return False
    return True
