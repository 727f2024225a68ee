"""The rules of :mod:`xlkpi.workbook.quirks`, one function each, with what was seen that made it necessary.

A rule gets a call and returns what stands for it, or None to leave it; it raises ``NotPortable`` for
what can never be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from xlkpi.workbook.formulas import reference
from xlkpi.workbook.reader import NotPortable

if TYPE_CHECKING:
    from xlkpi.workbook.quirks import Call

_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?|TRUE|FALSE", re.IGNORECASE)


def bare(name: str) -> str:
    return re.sub(r"^(?:_xlfn\.|_xlws\.)+", "", name, flags=re.IGNORECASE).upper()


def _text(argument: str) -> str | None:
    match = _TEXT.fullmatch(argument)
    return match[1].replace('""', '"') if match else None


# ---------------------------------------------------------------- ROW and COLUMN of a range

def _numbers(call: Call) -> str | None:
    """``ROW(B2:B9)`` is eight numbers, the engine gives the first: SUMPRODUCT(ROW(B2:B9)) 2, not 44."""
    x = call.arg(0)
    if not x:
        return None
    down = bare(call.spelled) == "ROW"
    size = "ROWS" if down else "COLUMNS"
    made = f"_xlfn.SEQUENCE({size}({x}),1,ROW({x}))" if down else f"_xlfn.SEQUENCE(1,{size}({x}),COLUMN({x}))"
    area = reference(x) or call.area(x)
    if area is None:  # INDIRECT, OFFSET, INDEX …: one cell stays a scalar
        return f"IF({size}({x})=1,{call.plain()},{made})"
    return made if (area.bottom > area.top if down else area.right > area.left) else None


# ---------------------------------------------------------------- lookups

def _looked_for(call: Call, x: str, column: str) -> str | None:
    """An exact lookup value that may be blank. To Excel a blank one is 0, and it never finds a blank
    cell; the engine's VLOOKUP finds blank cells for both a blank and "". None: nothing can go wrong."""
    known = call.constant(x)
    if _text(x) or _NUMBER.fullmatch(x) or (known is not None and known != ""):
        return None
    if call.several(x):
        return None if call.filled(x) else f"IF(ISBLANK({x}),0,{x})"
    empty = f'IF({_empty_texts(call, column)}=0,"",{call.no_value()})'
    return f'IF(ISBLANK({x}),0,IF({x}="",{empty},{x}))'


def _ordered(call: Call, x: str, found: str) -> str:
    """Approximate lookups of text depend on how the language of Excel sorts (pinyin in Chinese), and the
    engine sorts by character codes: such a lookup is refused, like LOOKUP("座",A:A) for the last text."""
    text = _text(x)
    if text is not None:
        if not text.isascii():
            raise NotPortable(f'{bare(call.spelled)}({x}…)')
        return found
    if _NUMBER.fullmatch(x) or call.several(x) or isinstance(call.constant(x), float):
        return found
    return f"IF(ISTEXT({x}),{call.no_value()},{found})"


_EXACT = ("0", "FALSE", "FALSE()")
_NEAR = ("1", "TRUE", "TRUE()")


def _vlookup(call: Call) -> str | None:
    """Approximate: the engine stops at a text header (#N/A) and takes blank cells below the list for
    matches (VLOOKUP(99,I2:J13,2) 0, not the last); its LOOKUP does neither. Exact: see _looked_for."""
    if len(call.args) < 3:
        return None
    x, table, index = call.arg(0), call.arg(1), call.arg(2)
    across = bare(call.spelled) == "HLOOKUP"
    first = f"INDEX({table},1,0)" if across else f"INDEX({table},0,1)"
    mode = call.arg(3).upper() if len(call.args) > 3 else "TRUE"
    plain = bool(re.fullmatch(r"[1-9]\d*", index))
    near = call.plain()
    if plain:
        line = f"INDEX({table},{index},0)" if across else f"INDEX({table},0,{index})"
        near = f"LOOKUP({x},{first},{line})"
    elif mode not in (*_EXACT, ""):
        line = f"INDEX({table},IF({index}<1,NA(),{index}),0)" if across else \
            f"INDEX({table},0,IF({index}<1,NA(),{index}))"
        near = f"LOOKUP({x},{first},{line})"
    near = _ordered(call, x, near) if mode not in (*_EXACT, "") else near
    exact = call.plain()
    if mode not in _NEAR and not re.match(r"(?:IF|CHOOSE)\(|\{", table, re.IGNORECASE):
        sought = _looked_for(call, x, call.first_line(table, across))
        if sought is not None:
            at = f"MATCH({sought},{first},0)"
            place = f"IF({index}<1,NA(),{index})" if not plain else index
            exact = f"INDEX({table},{place},{at})" if across else f"INDEX({table},{at},{place})"
    if mode in _NEAR:
        return near
    return exact if mode in (*_EXACT, "") else f"IF({call.arg(3)},{near},{exact})"


def _match(call: Call) -> str | None:
    """Approximate MATCH as VLOOKUP above: MATCH(9E+307,A2:A13) found a blank cell, 3 instead of 10."""
    if len(call.args) < 2:
        return None
    x, row = call.arg(0), call.arg(1)
    mode = call.arg(2) if len(call.args) > 2 else "1"
    if mode == "0" or mode == "" or mode.upper() == "FALSE":
        sought = _looked_for(call, x, call.clipped(row))
        return None if sought is None else f"{call.spelled}({sought},{row},0)"
    if mode == "-1":
        return _ordered(call, x, call.plain())
    if mode != "1" and mode.upper() not in _NEAR:
        raise NotPortable(f"MATCH(…,{mode})")
    row = call.clipped(row)
    return _ordered(call, x, f"LOOKUP({x},{row},_xlfn.SEQUENCE(ROWS({row}),COLUMNS({row})))")


def _lookup(call: Call) -> str | None:
    return _ordered(call, call.arg(0), call.plain()) if len(call.args) > 1 else None


def _offset(call: Call) -> str | None:
    """A negative height or width reaches up or to the left; the engine gives #REF!."""
    args = [call.arg(index) for index in range(len(call.args))]
    changed = False
    for size, start in ((3, 1), (4, 2)):
        if len(args) > size and args[size] and not re.fullmatch(r"\d+", args[size]):
            by = f"IF(({args[size]})<0,TRUNC({args[size]})+1,0)"
            args[start] = f"TRUNC({args[start]})+{by}" if args[start] else by
            args[size] = f"ABS({args[size]})"
            changed = True
    return f"{call.spelled}({','.join(args)})" if changed else None


# ---------------------------------------------------------------- criteria

_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_TELLING = re.compile(r'"(?:=|<>|(?:=|<>)?\*+)"')


def _empty_texts(call: Call, cells: str) -> str:
    """How many cells hold a text of no length; errors among them do not matter."""
    cells = call.clipped(cells)
    return f"SUMPRODUCT(ISTEXT({cells})*IFERROR(LEN({cells})=0,FALSE))"


def _criterion(call: Call, cells: str, wanted: str) -> tuple[str, str]:
    """The criterion as the engine needs it, and when it has no value (a condition, or nothing).

    A reference to a blank cell means 0 in Excel, the engine counts blank cells. "#N/A" means the error.
    "=" is for blank cells alone, "<>" and "*" also hold for a formula's "": the engine takes such a ""
    for a blank cell, so where one is among the cells there is no value."""
    text = _text(wanted)
    if text is not None:
        upper = text.upper().removeprefix("=")
        if upper in _ERRORS:
            return upper, ""
        if upper.removeprefix("<>") in _ERRORS:
            raise NotPortable(f"{bare(call.spelled)}(…{wanted})")
        return wanted, f"{_empty_texts(call, cells)}>0" if _TELLING.fullmatch(wanted) else ""
    if not wanted or _NUMBER.fullmatch(wanted):
        return wanted, ""
    joined = re.fullmatch(r'"(?:=|<>)"\s*&(.+)', wanted, re.DOTALL)
    if joined is not None and not call.several(joined[1]):
        return wanted, f'IF({joined[1]}="",{_empty_texts(call, cells)}>0,FALSE)'
    if _TELLING.search(wanted):
        return wanted, f"{_empty_texts(call, cells)}>0"
    known = call.constant(wanted)
    if known is not None:
        telling = isinstance(known, str) and (_TELLING.fullmatch(f'"{known}"') or known == "")
        if isinstance(known, str) and known.upper() in _ERRORS:
            return known, ""
        return wanted, f"{_empty_texts(call, cells)}>0" if telling and known else ""
    single = call.single(wanted)
    if single is None or (not single and call.words.depth == 0 and not call.words.array) or call.formula(wanted):
        return wanted, ""
    return f"IF(ISBLANK({wanted}),0,{wanted})", ""


def _criteria(call: Call) -> str | None:
    name = bare(call.spelled)
    args = [call.arg(index) for index in range(len(call.args))]
    if len(args) < 2:
        return None
    if name == "COUNTIF" and args[1] == '"<>"':
        return f"COUNTA({args[0]})"
    if name == "COUNTIF" and args[1] == '"="':
        return f"(ROWS({args[0]})*COLUMNS({args[0]})-COUNTA({args[0]}))"
    if name == "SUMIF" and args[1].upper() == '"<>#N/A"' and (len(args) < 3 or args[2] == args[0]):
        return f'SUM(_xlfn.IFNA({call.clipped(args[0])},""))'
    start = 0 if name in ("COUNTIF", "SUMIF", "AVERAGEIF", "COUNTIFS") else 1
    last = 2 if name in ("COUNTIF", "SUMIF", "AVERAGEIF") else len(args)
    guards = []
    for index in range(start, last - 1, 2):
        args[index + 1], guard = _criterion(call, args[index], args[index + 1])
        guards += [guard] if guard else []
    text = f"{call.spelled}({','.join(args)})"
    for guard in guards:
        text = f"IF({guard},{call.no_value()},{text})"
    return text


# ---------------------------------------------------------------- single functions

def _truth(call: Call) -> str | None:
    """OR(E2="运营","人事") is #VALUE! in Excel; the engine passes over the text."""
    texts = [text for text in map(_text, map(str.strip, call.args)) if text is not None]
    return "#VALUE!" if any(text.upper() not in ("TRUE", "FALSE") for text in texts) else None


def _yearfrac(call: Call) -> str | None:
    """Never negative in Excel, whatever the order of the days."""
    return f"ABS({call.plain()})"


def _ceiling(call: Call) -> str | None:
    """CEILING(x,0) is 0, not #DIV/0! (FLOOR(x,0) is)."""
    step = call.arg(1)
    if len(call.args) != 2 or re.fullmatch(r"-?(?:0\.0*)?[1-9][\d.]*", step):
        return None
    return f"IF(({step})=0,0,{call.plain()})"


def _mround(call: Call) -> str | None:
    """At a half of a step like 0.1 Excel says itself that the direction is undefined; no value then."""
    x, step = call.arg(0), call.arg(1)
    if len(call.args) != 2 or re.fullmatch(r"-?\d+", step) or call.several(x):
        return None
    half = f"ABS(ABS(({x})/({step}))-INT(ABS(({x})/({step})))-0.5)<0.000000001"
    return f"IF(IFERROR(IF(INT({step})<>({step}),{half},FALSE),FALSE),{call.no_value()},{call.plain()})"


def _replace(call: Call) -> str | None:
    """Beyond the end of the text the new piece is added; the engine gives #VALUE!."""
    if len(call.args) != 4 or call.arg(1) == "1":
        return None
    text, start, count, new = (call.arg(index) for index in range(4))
    return f"{call.spelled}({text},MIN({start},LEN({text})+1),{count},{new})" if not call.several(start) else None


def _proper(call: Call) -> str | None:
    """A letter after a digit is capital in Excel (76BudGet → 76Budget), small in the engine."""
    return f'IF(_xlfn.REGEXTEST({call.arg(0)},"[0-9][A-Za-z]"),{call.no_value()},{call.plain()})' if call.args else None


def _bytes(call: Call) -> str | None:
    """Bytes of a text and full-width letters depend on the language of Excel: LENB("考核") is 4 in Chinese."""
    raise NotPortable(bare(call.spelled))


def _code(call: Call) -> str | None:
    """The code of a character beyond ASCII depends on the language of Excel."""
    x = call.arg(0)
    return f"IF(IFERROR(_xlfn.UNICODE({x}),0)>127,{call.no_value()},{call.plain()})"


def _char(call: Call) -> str | None:
    """Codes beyond 255 are characters in a Chinese Excel alone."""
    x = call.arg(0)
    known = re.fullmatch(r"\d{1,3}", x) and int(x) < 256
    return None if known else f"IF(IFERROR({x}>255,FALSE),{call.no_value()},{call.plain()})"


def _value(call: Call) -> str | None:
    """VALUE of a blank cell is 0; 2026年4月1日 and ￥5 are numbers in a Chinese Excel, errors in the engine."""
    x = call.arg(0)
    text = _text(x)
    if (text is not None and text.isascii()) or (text is None and call.several(x)):
        return None
    foreign = f'ISNUMBER(FIND("月",{x}))+ISNUMBER(FIND("￥",{x}))+ISNUMBER(FIND("¥",{x}))+ISNUMBER(FIND("时",{x}))'
    found = f"IF(IFERROR({foreign},0)>0,{call.no_value()},{call.plain()})"
    return f"IF(ISBLANK({x}),0,{found})" if bare(call.spelled) == "VALUE" else found


def _first(call: Call) -> str | None:
    """N and T of a range are those of its first cell; the engine gives an array."""
    x = call.arg(0)
    area = reference(x) or call.area(x)
    return f"{call.spelled}(INDEX({x},1,1))" if area is not None and not area.single else None


def _one_cell(call: Call) -> str | None:
    """ISFORMULA of a range is an array in Excel, one FALSE in the engine."""
    x = call.arg(0)
    area = reference(x) or call.area(x)
    if area is not None and not area.single:
        raise NotPortable(f"{bare(call.spelled)}({x})")
    return None


_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].|!(?P<as_is>.)|(?P<unit>[年月日时分秒]+)', re.DOTALL)


def _format(call: Call) -> str | None:
    """In a number format ``!`` makes the next character stand for itself (TEXT(12345,"0!.0万") is 1.2万, the
    engine gives 12!.3万). Units of dates are said in quotes, which the engine asks for."""
    text = _text(call.arg(1)) if len(call.args) == 2 else None
    if text is None or not any(mark in text for mark in "!年月日时分秒"):
        return None

    def said(match: re.Match[str]) -> str:
        if match["as_is"]:
            return "\\" + match["as_is"]
        return f'"{match["unit"]}"' if match["unit"] else match.group()

    made = _FORMAT.sub(said, text).replace('"', '""')
    return f'{call.spelled}({call.args[0]},"{made}")'


RULES: dict[str, Callable[[Call], str | None]] = {
    **dict.fromkeys(("ROW", "COLUMN"), _numbers),
    **dict.fromkeys(("VLOOKUP", "HLOOKUP"), _vlookup),
    "MATCH": _match, "LOOKUP": _lookup, "OFFSET": _offset,
    **dict.fromkeys(("COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS"),
                    _criteria),
    **dict.fromkeys(("AND", "OR", "XOR"), _truth),
    "YEARFRAC": _yearfrac, "CEILING": _ceiling, "MROUND": _mround, "REPLACE": _replace, "PROPER": _proper,
    **dict.fromkeys(("LENB", "LEFTB", "RIGHTB", "MIDB", "FINDB", "SEARCHB", "REPLACEB", "ASC", "DBCS"), _bytes),
    "CODE": _code, "CHAR": _char,
    **dict.fromkeys(("VALUE", "DATEVALUE"), _value),
    **dict.fromkeys(("N", "T"), _first),
    "ISFORMULA": _one_cell, "TEXT": _format,
}
