"""Formulas as text: tokens, the KPI calls inside them, and what their arguments refer to.

One call has many stored spellings. A cell that was typed with the add-in holds ``_xll.KPI_X(``,
Office add-ins store ``_xldudf_[NAMESPACE_]KPI_X(``, a book that lost its add-in holds ``[1]!KPI_X(``
or ``'C:\\…\\xlkpi.xlam'!KPI_X(``, and ``_xlfn.`` may stand before any of them. Here they are all
``KPI_X``. Nothing in this module knows about an engine or a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from xlkpi.errors import CellError
from xlkpi.workbook.refs import MAX_COLUMN, MAX_ROW, column_letters, column_number


class SyntaxFound(Exception):
    """Where reading a formula stopped: the piece in the way and its place, counted from 1."""

    def __init__(self, formula: str, piece: str, position: int) -> None:
        self.formula, self.piece, self.position = formula, piece, position
        super().__init__()


# ---------------------------------------------------------------- tokens

class Token(NamedTuple):
    """One piece of a formula. ``kind`` is the name of the group that matched it."""

    kind: str
    text: str
    start: int
    end: int


_TOKEN = re.compile(r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<sheet>'(?:[^']|'')*'(?=!))
  | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!
      |UNKNOWN!))
  | (?P<bracket>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
  | (?P<word>[\w$\\?.]+)
  | (?P<open>\() | (?P<close>\)) | (?P<brace>[{}])
  | (?P<comma>[,;])
  | (?P<space>[ \t\r\n]+)
  | (?P<operator><>|<=|>=|[-+*/^&=<>:%!@\#~|])
""", re.VERBOSE | re.DOTALL | re.IGNORECASE)


def tokens(formula: str) -> Iterator[Token]:
    """The pieces of ``formula`` (written without its leading ``=``), nothing left out."""
    at = 0
    for match in _TOKEN.finditer(formula):
        if match.start() != at:
            break
        at = match.end()
        yield Token(match.lastgroup or "", match.group(), match.start(), at)
    if at != len(formula):
        raise SyntaxFound(formula, formula[at], at + 1)


# ---------------------------------------------------------------- KPI calls

_KPI = re.compile(r"(?:_xlfn\.|_xlws\.|_xll\.|_xludf\.|xlkpi\.)*(?:_xldudf_(?:\w+?_)??)?(?P<name>KPI_[\w.]*)",
                  re.IGNORECASE)
_MAY_CALL = re.compile(r"KPI_[\w.]*\s*\(", re.IGNORECASE)


def canonical(function: str) -> str | None:
    """``KPI_X`` for any spelling of that function's name, None for another function."""
    match = _KPI.fullmatch(function)
    if not match:
        return None
    name = match["name"].upper()
    return name[4:] if name.startswith("KPI_KPI_") else name


class Around(NamedTuple):
    """A function around a call: its name, and where its arguments before the call begin and end."""

    name: str
    inside: int
    commas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One KPI call: ``formula[start:end]`` is all of it, from its prefix to the closing bracket.

    ``args`` are the argument texts (an omitted one is ``""``) and ``spans`` where they stand;
    ``inner`` are the KPI calls inside the arguments; ``within`` are the functions around the call,
    outermost first.
    """

    name: str
    spelled: str
    start: int
    end: int
    args: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    inner: tuple[Call, ...] = ()
    within: tuple[Around, ...] = ()


@dataclass(slots=True)
class _Frame:
    """An open bracket: whose it is and what was seen inside so far."""

    kind: str  # function, bracket or brace
    name: str = ""
    start: int = 0
    inside: int = 0
    commas: list[int] = field(default_factory=list)
    found: list[Call] = field(default_factory=list)


def may_call(formula: str) -> bool:
    """Quick look: is there anything like a KPI call at all (maybe only inside a text)?"""
    return _MAY_CALL.search(formula) is not None


_DIGITS = str.maketrans("123456789", "000000000")


@lru_cache(maxsize=8192)
def calls(formula: str) -> tuple[Call, ...]:
    """The KPI calls of ``formula`` that are not inside another KPI call, from left to right.

    Formulas down a column differ in row numbers alone, so the outline is read once for all that
    look alike when every digit is a 0, and the argument texts are cut out of each.
    """
    return tuple(_own(formula, call) for call in _outline(formula.translate(_DIGITS)))


def _own(formula: str, call: Call) -> Call:
    args = tuple(formula[left:right] for left, right in call.spans)
    name, spelled = call.name, call.spelled
    if "0" in spelled:
        at = formula.translate(_DIGITS).rindex(spelled, call.start, call.spans[0][0] if call.spans else call.end)
        spelled = formula[at:at + len(spelled)]
        name = canonical(spelled) or name
    return Call(name, spelled, call.start, call.end, args, call.spans,
                tuple(_own(formula, inner) for inner in call.inner), call.within)


@lru_cache(maxsize=4096)
def _outline(formula: str) -> tuple[Call, ...]:
    top = _Frame("top")
    stack = [top]
    word: Token | None = None
    prefix: int | None = None  # where a sheet or book name before ``!`` began
    for token in tokens(formula):
        kind = token.kind
        if kind == "space":
            continue
        if kind in ("sheet", "bracket") or (kind == "operator" and token.text == "!"):
            if kind == "operator" and word is not None and prefix is None:
                prefix = word.start
            elif kind != "operator" and word is None and prefix is None:
                prefix = token.start
            if kind == "bracket" and word is not None:
                prefix = None
            word = None
            continue
        if kind == "word":
            word = token
            continue
        if kind == "open":
            if word is not None:
                start = prefix if prefix is not None else word.start
                stack.append(_Frame("function", word.text, start, token.end))
            else:
                stack.append(_Frame("bracket", inside=token.end))
        elif token.text == "{":
            stack.append(_Frame("brace"))
        elif token.text == "}":
            if stack.pop().kind != "brace":
                raise SyntaxFound(formula, "}", token.start + 1)
        elif kind == "comma" and stack[-1].kind == "function":
            stack[-1].commas.append(token.start)
        elif kind == "close":
            frame = stack.pop()
            if frame.kind not in ("function", "bracket"):
                raise SyntaxFound(formula, ")", token.start + 1)
            name = canonical(frame.name) if frame.kind == "function" else None
            if name is None:
                stack[-1].found.extend(frame.found)
            else:
                stack[-1].found.append(_finish(formula, name, frame, token, stack))
        word, prefix = None, None
    if len(stack) != 1:
        raise SyntaxFound(formula, "", len(formula) + 1)
    return tuple(top.found)


def _finish(formula: str, name: str, frame: _Frame, closing: Token, stack: list[_Frame]) -> Call:
    edges = [frame.inside - 1, *frame.commas, closing.start]
    raw = [(left + 1, right) for left, right in pairwise(edges)]
    spans = tuple(_trim(formula, *span) for span in raw)
    args = tuple(formula[left:right] for left, right in spans)
    if args == ("",):
        args, spans = (), ()
    within = tuple(Around(outer.name, outer.inside, tuple(outer.commas))
                   for outer in stack if outer.kind == "function")
    return Call(name, frame.name, frame.start, closing.end, args, spans, tuple(frame.found), within)


def _trim(formula: str, left: int, right: int) -> tuple[int, int]:
    while left < right and formula[left].isspace():
        left += 1
    while right > left and formula[right - 1].isspace():
        right -= 1
    return left, right


def whole(formula: str, call: Call) -> bool:
    """Is the formula this call and nothing else?"""
    return not formula[:call.start].strip() and not formula[call.end:].strip()


def functions(formula: str) -> list[str]:
    """Names of the functions that ``formula`` calls, as stored, in the order of reading."""
    names: list[str] = []
    before: Token | None = None
    for token in tokens(formula):
        if token.kind == "open" and before is not None and before.kind == "word":
            names.append(before.text)
        if token.kind != "space":
            before = token
    return names


# ---------------------------------------------------------------- literals

_NUMBER = re.compile(r"[+-]?\s*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*%?")
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_ERROR = re.compile(r"#(?:[A-Za-z]+[A-Za-z_]*[!?]|DIV/0!|N/A|GETTING_DATA)")


class NotLiteral(Exception):
    """The text is not a plain constant."""


Constant = float | str | bool | CellError


def literal(text: str) -> Constant | list[list[Constant]]:
    """The constant that ``text`` spells (number, text, TRUE, error, ``{1,2;3,4}``), or :class:`NotLiteral`."""
    word = text.strip()
    if _NUMBER.fullmatch(word):
        bare = word.replace(" ", "")
        return float(bare[:-1]) / 100 if bare.endswith("%") else float(bare)
    match = _TEXT.fullmatch(word)
    if match:
        return match[1].replace('""', '"')
    upper = word.upper()
    if upper in ("TRUE", "FALSE", "TRUE()", "FALSE()"):
        return upper.startswith("T")
    if word.startswith("#") and _ERROR.fullmatch(word):
        return CellError(upper)
    if word.startswith("{") and word.endswith("}"):
        return _array(word)
    raise NotLiteral


def _array(word: str) -> list[list[Constant]]:
    rows: list[list[Constant]] = [[]]
    piece = ""
    for token in tokens(word[1:-1]):
        if token.kind == "comma":
            rows[-1].append(_element(piece))
            piece = ""
            if token.text == ";":
                rows.append([])
        elif token.kind != "brace":
            piece += token.text
        else:
            raise NotLiteral
    rows[-1].append(_element(piece))
    if len({len(row) for row in rows}) != 1:
        raise NotLiteral
    return rows


def _element(piece: str) -> Constant:
    value = literal(piece)
    if isinstance(value, list):
        raise NotLiteral
    return value


# ---------------------------------------------------------------- references

class Area(NamedTuple):
    """A rectangle of cells, counted from 1, both ends included. ``sheet`` None is the formula's own."""

    sheet: str | None
    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        return self.top == self.bottom and self.left == self.right


_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
_CELLS = (r"\$?(?P<c1>[A-Z]{1,3})\$?(?P<r1>[1-9]\d{0,6})(?::\$?(?P<c2>[A-Z]{1,3})\$?(?P<r2>[1-9]\d{0,6}))?"
          r"|\$?(?P<wc1>[A-Z]{1,3}):\$?(?P<wc2>[A-Z]{1,3})|\$?(?P<wr1>[1-9]\d{0,6}):\$?(?P<wr2>[1-9]\d{0,6})")
_REFERENCE = re.compile(f"{_SHEET}(?:{_CELLS})", re.IGNORECASE)


def address(row: int, column: int) -> str:
    """``B3`` for row 3, column 2."""
    return f"{column_letters(column)}{row}"


def area_address(area: Area) -> str:
    """``A1:B5``, or ``A1`` for one cell, without the sheet."""
    first = address(area.top, area.left)
    return first if area.single else f"{first}:{address(area.bottom, area.right)}"


def quoted(sheet: str) -> str:
    """A sheet name as it stands before ``!``."""
    return "'" + sheet.replace("'", "''") + "'"


def unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


@lru_cache(maxsize=16384)
def reference(text: str) -> Area | None:
    """The rectangle an A1 reference names (``$A$1``, ``'My sheet'!A1:B5``, ``A:A``, ``1:5``), or None."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if parts["c1"]:
        left = column_number(parts["c1"])
        right = column_number(parts["c2"]) if parts["c2"] else left
        top = int(parts["r1"])
        bottom = int(parts["r2"]) if parts["r2"] else top
    elif parts["wc1"]:
        left, right = column_number(parts["wc1"]), column_number(parts["wc2"])
        top, bottom = 1, MAX_ROW
    else:
        left, right = 1, MAX_COLUMN
        top, bottom = int(parts["wr1"]), int(parts["wr2"])
    if left > right:
        left, right = right, left
    if top > bottom:
        top, bottom = bottom, top
    if right > MAX_COLUMN or bottom > MAX_ROW:
        return None
    sheet = unquoted(parts["sheet"]) if parts["sheet"] else None
    return Area(sheet, top, left, bottom, right)
