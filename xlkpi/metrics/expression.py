"""Formulas of the catalogue: ``likes + comments``, ``completion_rate * plays``, ``1000 * cost``.

A formula is a sum of parts, each a product or quotient of names and plain numbers, without
brackets: enough to say every metric, and simple enough to be read in a table by anybody. Several
formulas divided by ``or`` are alternatives: the first whose names are all at hand is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_WORD = re.compile(r"\s*([a-z][a-z0-9_]*|\d+(?:\.\d+)?|[-+*/])")


@dataclass(frozen=True, slots=True)
class Part:
    """``factor × over[0] × over[1] … ÷ under[0] …``; a minus sign is in the factor."""

    factor: float
    over: tuple[str, ...]
    under: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.over + self.under

    def value(self, of: Callable[[str], float]) -> float:
        """The part's value, given the value of each name."""
        result = self.factor
        for name in self.over:
            result *= of(name)
        for name in self.under:
            result /= of(name)
        return result


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum of parts, and the text it was read from."""

    text: str
    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once, in order of appearance."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    def said(self, label: Callable[[str], str]) -> str:
        """The formula with labels for names and ``× ÷ −`` for signs."""
        signs = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}
        return "".join(signs.get(word) or (word if word[0].isdigit() else label(word))
                       for word in _WORD.findall(self.text))


def read(text: str) -> tuple[Expression, ...]:
    """The alternatives a formula text spells; none for a blank text. ``ValueError`` says what is wrong."""
    return tuple(_read_one(piece.strip()) for piece in text.split(" or ")) if text.strip() else ()


def _read_one(text: str) -> Expression:
    words = _WORD.findall(text)
    if "".join(words) != "".join(text.split()) or len(words) % 2 == 0:
        raise ValueError(f"{text!r} is not a formula of names, numbers and + - * /")
    parts: list[Part] = []
    factor = 1.0
    over: list[str] = []
    under: list[str] = []
    operator = "+"
    for place, word in enumerate(words):
        if place % 2:
            operator = word
            if word in "+-":
                parts.append(Part(factor, tuple(over), tuple(under)))
                factor, over, under = (-1.0 if word == "-" else 1.0), [], []
            elif word not in "*/":
                raise ValueError(f"{text!r}: {word!r} stands where a sign belongs")
        elif word in "+-*/":
            raise ValueError(f"{text!r}: {word!r} stands where a name belongs")
        elif word[0].isdigit():
            factor = factor / float(word) if operator == "/" else factor * float(word)
        else:
            (under if operator == "/" else over).append(word)
    parts.append(Part(factor, tuple(over), tuple(under)))
    return Expression(text, tuple(parts))
