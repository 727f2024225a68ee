"""Shared formulas spelled out for each of their cells, quickly: the text is taken apart once per group."""

from __future__ import annotations

import re
from functools import lru_cache

from xlkpi.workbook.refs import MAX_ROW, operands, parse_ref, shifted

_ROW = re.compile(r"(\$?[A-Za-z]{1,3})(\$?)(\d+)")
_MAYBE = re.compile(r"[A-Za-z$]\$?\d|\d:\$?\d|[A-Za-z]:\$?[A-Za-z]")


@lru_cache(maxsize=1024)
def _pieces(formula: str) -> tuple[str | int, ...] | None:
    """Texts and, between them, the rows that travel; None when something else than a plain reference might."""
    pieces: list[str | int] = []
    done = 0
    for start, end, text in operands(formula):
        ref = parse_ref(text)
        if ref is None:
            if text[0] != "[" and "[" not in text and _MAYBE.search(text.rpartition("!")[2]):
                return None
            continue
        pieces.append(formula[done:start] + ref.prefix)
        for number, match in enumerate(_ROW.finditer(ref.area.text())):
            pieces.append(":" * (number > 0) + match[1] + match[2])
            pieces.append(match[3] if match[2] else int(match[3]))
        done = end
    pieces.append(formula[done:])
    return tuple(pieces)


def at_row(formula: str, rows: int) -> str:
    """``formula`` as it reads ``rows`` further down: :func:`~xlkpi.workbook.refs.shifted`, for many rows."""
    if not rows:
        return formula
    pieces = _pieces(formula)
    if pieces is None:
        return shifted(formula, rows, 0)
    if any(not 1 <= piece + rows <= MAX_ROW for piece in pieces if isinstance(piece, int)):
        return shifted(formula, rows, 0)
    return "".join([piece if isinstance(piece, str) else str(piece + rows) for piece in pieces])


def travels(formula: str) -> bool:
    """Does the formula read otherwise in another row?"""
    pieces = _pieces(formula)
    return any(isinstance(piece, int) for piece in pieces) if pieces is not None else shifted(formula, 1, 0) != formula
