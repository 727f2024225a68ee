"""Where the engine's number is not Excel's: the formula is said another way, or refused.

Each rule below was found by asking the engine, LibreOffice and Excel's documentation the same
question (``tests/workbook/probes``). A rule either gives the call a wording for which the engine's
answer is Excel's, or makes the formula read a cell without a value where the answer would be wrong, so that it is a
problem instead of a number. ``IF`` is lazy in the engine: such a guard refuses nothing unless it is
true. The rules stand in :mod:`xlkpi.workbook.quirkrules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import cast

from xlkpi.workbook.engine import Cell, Engine
from xlkpi.workbook.formulas import Area, Token, address, area_address, may_call, quoted, reference, tokens
from xlkpi.workbook.model import Formula
from xlkpi.workbook.quirkrules import RULES, bare
from xlkpi.workbook.reader import Reader
from xlkpi.workbook.scratch import Scratch

_NO_VALUE = "XLKPI_NO_VALUE()"  # a function the engine does not know
# wordings by formula, array and, if it reads its own row, cell; with what was asked about the book and answered
_SAID: dict[tuple[str, bool, Cell | None], tuple[str, tuple[tuple[str, str, int, object], ...]]] = {}
_UNASKED = object()


class Quirks:
    """The wording of one book's formulas."""

    def __init__(self, reader: Reader, engine: Engine, formulas: dict[Cell, Formula], scratch: Scratch,
                 stored: Callable[[str, int], Mapping[int, object]] | None = None) -> None:
        self.reader, self._engine, self._formulas, self._scratch = reader, engine, formulas, scratch
        self._stored = stored or self._in_engine
        self.guarded: set[Cell] = set()  # formulas that may turn out to have no value
        self._nothing = ""
        self._columns: dict[tuple[str, int], Mapping[int, object]] = {}
        self._answers: dict[tuple[str, str, object], object] = {}
        self._spilled: list[Area] | None = None

    def said(self, text: str, home: Cell, array: bool = False) -> str:
        """``text`` as the engine has to read it; raises ``NotPortable`` for what it would get wrong."""
        if not touched(text):
            return text
        key = (text, array, home if "[#This Row]" in text or "@" in text else None)
        known = _SAID.get(key)
        if known is not None and self._stand(known[1], home):
            return known[0]
        words = _Words(self, text, home, array)
        made = words.text()
        if len(_SAID) >= 8192:
            _SAID.clear()
        _SAID[key] = made, tuple(words.asked)
        return made

    def _stand(self, asked: Iterable[tuple[str, str, int, object]], home: Cell) -> bool:
        """Does the book answer as it did?"""
        places = (home[0], home[:2], home)
        for ask, about, scope, answer in asked:
            now = self._answers.get((ask, about, places[scope]), _UNASKED)
            if now is _UNASKED:
                now = self.answer(ask, about, scope, home)
            if now is not answer and (type(now) is not type(answer) or now != answer):
                return False
        return True

    def answer(self, ask: str, about: str, scope: int, home: Cell) -> object:
        """What the book says to a rule's question. It is asked by many formulas and answered once, except for
        ``no_value``, which takes note of each. ``scope``: the answer holds for the sheet, row or cell (0, 1, 2).
        """
        answer = getattr(self, ask)(about, home)
        if ask != "no_value":
            self._answers[ask, about, (home[0], home[:2], home)[scope]] = answer
        return answer

    # what a rule may ask about an argument; the answers are compared before a wording is used again

    def area(self, text: str, home: Cell) -> Area | None:
        return self.reader.place(text, home)

    def single(self, text: str, home: Cell) -> bool | None:
        """Is the argument one cell? None when it is no reference."""
        area = self.reader.place(text, home)
        return area.single if area is not None else None

    def formula(self, text: str, home: Cell) -> bool:
        """Is the argument a cell whose native formula always gives a value, so that it is never blank?"""
        area = self.reader.place(text, home)
        found = self._formulas.get((str(area.sheet), area.top, area.left)) if area is not None and area.single else None
        return found is not None and found.kind == "normal" and not may_call(found.text)

    def known(self, text: str, home: Cell) -> object:
        """The unchanging value of a reference to one cell, else None."""
        area = self.reader.place(text, home) if text and text[0] not in "\"{(" else None
        if area is None or not area.single:
            return None
        return self.constant((str(area.sheet), area.top, area.left))

    def filled(self, text: str, home: Cell) -> bool:
        """Is the argument ``INDEX(line, n)`` of a line that has no blank cell, no empty text and no formula?"""
        pick = self.reader.pick(text, home) if text[:6].upper() == "INDEX(" else None
        if pick is None:
            return False
        line = pick.line
        return all(self.constant((str(line.sheet), row, column)) not in (None, "")
                   for row in range(line.top, line.bottom + 1) for column in range(line.left, line.right + 1))

    def no_value(self, _: str, home: Cell) -> str:
        """The cell without a value that a guarded formula reads."""
        self.guarded.add(home)
        if not self._nothing:
            place = self._scratch.value(home[0])
            self._engine.set_formula(place, _NO_VALUE, dynamic=False)
            self._nothing = f"{quoted(place[0])}!{address(place[1], place[2])}"
        return self._nothing

    def constant(self, cell: Cell) -> object:
        """The value of a cell that no calculation changes, None when it is blank, a formula's or unknown."""
        sheet, row, column = cell
        if cell in self._formulas:
            return None
        if self._spilled is None:
            self._spilled = [one.ref._replace(sheet=one.cell[0]) for one in self._formulas.values()
                             if one.ref is not None and not one.ref.single]
        if any(area.sheet == sheet and area.top <= row <= area.bottom and area.left <= column <= area.right
               for area in self._spilled):
            return None
        key = (sheet, column)
        if key not in self._columns:
            self._columns[key] = self._stored(sheet, column)
        return self._columns[key].get(row)

    def _in_engine(self, sheet: str, column: int) -> Mapping[int, object]:
        used = self._engine.used(sheet)
        if used is None or not used.left <= column <= used.right:
            return {}
        return dict(enumerate(self._engine.column(sheet, column, 1, used.bottom), start=1))


class _Words:
    """One formula being said."""

    def __init__(self, quirks: Quirks, formula: str, home: Cell, array: bool) -> None:
        self.quirks, self.home, self.array = quirks, home, array
        self.asked: list[tuple[str, str, int, object]] = []
        self._pieces: list[Token] = list(tokens(formula))
        self.depth = 0

    def text(self) -> str:
        out = ""
        at = 0
        while at < len(self._pieces):
            piece, at = self._run(at)
            out += piece
            if at < len(self._pieces):  # a comma of a union, or a bracket too many
                out += self._pieces[at].text
                at += 1
        return out

    def _run(self, at: int) -> tuple[str, int]:
        """Everything up to the next comma or closing bracket of this level."""
        out: list[str] = []
        pieces = self._pieces
        while at < len(pieces) and pieces[at].kind not in ("close", "comma"):
            token = pieces[at]
            if token.text == "{":
                while at < len(pieces) and pieces[at].text != "}":
                    out.append(pieces[at].text)
                    at += 1
            elif token.kind == "word" and at + 1 < len(pieces) and pieces[at + 1].kind == "open":
                self.depth += 1
                args, at = self._arguments(at + 2)
                self.depth -= 1
                call = Call(self, token.text, args)
                rule = RULES.get(bare(token.text))
                out.append((rule(call) if rule is not None else None) or call.plain())
                continue
            elif token.kind == "open":
                args, at = self._arguments(at + 1)
                out.append(f"({','.join(args)})")
                continue
            if at < len(pieces):
                out.append(pieces[at].text)
                at += 1
        return "".join(out), at

    def _arguments(self, at: int) -> tuple[list[str], int]:
        args: list[str] = []
        while True:
            text, at = self._run(at)
            args.append(text)
            if at >= len(self._pieces) or self._pieces[at].kind == "close":
                return (args if len(args) > 1 or args[0].strip() else []), at + 1
            at += 1


class Call:
    """One call and what a rule may ask about its arguments."""

    def __init__(self, words: _Words, spelled: str, args: list[str]) -> None:
        self.words, self.spelled, self.args = words, spelled, args

    def plain(self) -> str:
        return f"{self.spelled}({','.join(self.args)})"

    def arg(self, index: int) -> str:
        return self.args[index].strip() if index < len(self.args) else ""

    def no_value(self) -> str:
        return str(self._ask("no_value", ""))

    def _ask(self, ask: str, about: str) -> object:
        words = self.words
        scope = 2 if about[:1] in ("[", "@") else 1 if "#" in about else 0
        answer = words.quirks.answer(ask, about, scope, words.home)
        words.asked.append((ask, about, scope, answer))
        return answer

    def area(self, text: str) -> Area | None:
        return cast("Area | None", self._ask("area", text))

    def filled(self, text: str) -> bool:
        """Is the argument one of a line of cells, all of which hold constants?"""
        return bool(self._ask("filled", text))

    def single(self, text: str) -> bool | None:
        return cast("bool | None", self._ask("single", text))

    def formula(self, text: str) -> bool:
        """Is the argument a formula's cell, which is never blank?"""
        return bool(self._ask("formula", text))

    def clipped(self, text: str) -> str:
        """A range as far as its sheet is used; other texts as they are."""
        area = self.area(text)
        plain = reference(text)
        if area is None or plain is None or plain.bottom - plain.top < 100_000:
            return text
        return f"{quoted(str(area.sheet))}!{area_address(area)}"

    def first_line(self, table: str, across: bool) -> str:
        """The first column (or row) of a lookup table."""
        area = self.area(table)
        if area is None:
            return f"INDEX({table},1,0)" if across else f"INDEX({table},0,1)"
        line = area._replace(bottom=area.top) if across else area._replace(right=area.left)
        return f"{quoted(str(line.sheet))}!{area_address(line)}"

    def constant(self, text: str) -> object:
        """The unchanging value of a reference to one cell, else None."""
        return self._ask("known", text)

    def several(self, text: str) -> bool:
        """May the argument be more than one value?"""
        if "{" in text:
            return True
        single = self.single(text)
        return not single if single is not None else bool(re.search(r":|\]|#", _LITERAL.sub("", text)))


_LITERAL = re.compile(r'"(?:[^"]|"")*"')
# Most formulas hold none of this. A cell's own ROW(), AND and OR of conditions and plain number formats are left.
_RARE = {"ROW", "COLUMN", "AND", "OR", "XOR", "TEXT"}
_ANY = re.compile(rf"""(?<![\w.])(?:_xlfn\.|_xlws\.)*(?:(?:{'|'.join(map(re.escape, RULES.keys() - _RARE))})\s*\(
    |(?:ROW|COLUMN)\s*\((?!\s*(?:\$?[A-Z]{{1,3}}\$?\d+\s*)?\))
    |(?:_xlfn\.)?X?OR\s*\(.*[(,]\s*"[^"]*"\s*[,)]|AND\s*\(.*[(,]\s*"[^"]*"\s*[,)]
    |TEXT\s*\(.*[!年月日时分秒])""", re.IGNORECASE | re.DOTALL | re.VERBOSE)


@lru_cache(maxsize=16384)
def touched(formula: str) -> bool:
    """May a rule have something to say about ``formula``?"""
    return _ANY.search(formula) is not None
