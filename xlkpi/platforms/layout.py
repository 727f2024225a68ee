"""What a platform's file looks like, declared: columns, signature, scales, missing marks.

A platform is one module holding a tuple of :class:`Layout`; reading it needs no code of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

Kind = Literal["text", "count", "number", "rate", "share", "time", "day", "duration"]
Order = Literal["", "mdy", "dmy"]

MISSING: tuple[str, ...] = ("", "-", "--", "—", "——", "NA", "N/A", "na", "n/a", "nan", "NaN", "null", "None")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export.

    ``names`` are its headings as the platform writes them. ``kind`` says how its cells are read:
    ``text`` as it stands; ``count`` a whole number; ``number`` any number; ``rate`` a fraction or
    a percentage with its sign (``points=True``: percentage points without a sign); ``share`` a
    weight, percentages with the sign or plain numbers but never both; ``time`` a moment; ``day`` a
    date; ``duration`` seconds, also written ``0:01:35``. Below ``least`` or above ``most`` a value is
    impossible (an error); ``usual_most`` only asks for a look. ``suffixes`` are units written behind
    the number. ``order`` says how the platform writes a date of numbers with the year last
    (``09/15/2026``). ``choices`` are the only words the column may hold. ``signed``: the platform always
    writes the percent sign, so that a text without one is no rate of this file. ``unsure``: the platform
    writes fractions here and percentage points there; ``Layout.after`` decides. ``serials``: a text of
    digits may be an Excel date; ``unix``: whole numbers are seconds (or milliseconds) since 1970.
    ``by_heading``: only a ``(%)`` in the file's own heading says that it holds percentage points.
    """

    code: str
    names: tuple[str, ...]
    kind: Kind = "count"
    required: bool = True
    filled: bool = False
    least: float | None = 0.0
    most: float | None = None
    usual_most: float | None = None
    points: bool = False
    suffixes: tuple[str, ...] = ()
    missing: tuple[str, ...] = MISSING
    order: Order = ""
    choices: tuple[str, ...] = ()
    signed: bool = False
    unsure: bool = False
    serials: bool = False
    unix: bool = False
    by_heading: bool = False

    @property
    def label(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Layout:
    """One kind of file: the table it becomes and how it is recognised.

    A header is of this layout when it holds every heading of ``signature`` and at least ``least``
    other columns of figures, or, for a file that lost a column, the share ``enough`` of the required
    ones (by default never). Layouts of no platform are found by column codes, too.
    ``shuns`` are headings of sheets that look alike and are results, not data.
    ``key`` are the codes that name a row; ``general`` marks layouts of no platform. ``totals`` are
    the words of rows that add up others. ``grows`` marks counters that stand for all the time from
    publication to the export: two exports have a difference. ``whole`` wants a header that holds
    nothing else, for exports so plain that their columns alone would prove nothing. ``beside``
    marks a table that stands beside others on one sheet. ``after`` takes the typed import and gives the
    imports it becomes: parts that must not be added are kept apart, rows of one day are added up;
    ``gives`` are the tables that it makes besides ``table``.
    """

    platform: str
    name: str
    zh: str
    en: str
    table: str
    columns: tuple[Column, ...]
    signature: tuple[str, ...]
    least: int = 0
    enough: float = 2.0
    key: tuple[str, ...] = ()
    totals: tuple[str, ...] = ("合计", "总计", "累计", "汇总", "total", "grand total")
    general: bool = False
    shuns: tuple[str, ...] = ()
    grows: bool = False
    whole: bool = False
    beside: bool = False
    after: Callable[[Any], list[Any]] | None = None
    gives: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Normalised heading → column."""
        names: dict[str, Column] = {}
        for column in self.columns:
            for name in (*column.names, column.code) if self.general else column.names:
                names.setdefault(plain(name), column)
        return names

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)

    def find(self, heading: object) -> Column | None:
        """The column that ``heading`` names; a unit in brackets may follow."""
        word = plain(heading)
        column = self.by_name.get(word)
        if column is None:
            match = _UNIT.fullmatch(word)
            column = self.by_name.get(match["name"]) if match else None
            if column is not None and match is not None and match["unit"] == "%":
                column = replace(with_points(column), by_heading=True)
        return column

    def match(self, headings: Iterable[object]) -> float:
        """How well a header fits: 0 not at all; otherwise the share of known columns, over 1 with the signature."""
        headings = list(headings)
        known = [column for column in map(self.find, headings) if column is not None]
        codes = {column.code for column in known}
        if not codes or (self.shuns and not {plain(name) for name in self.shuns}.isdisjoint(map(plain, headings))):
            return 0.0
        if self.whole and len(known) < len(headings):
            return 0.0
        figures = {column.code for column in known if column.kind != "text"}
        needed = [column.code for column in self.required]
        share = sum(code in codes for code in needed) / len(needed) if needed else 0.0
        signed = all(code in codes for code in self.signature) and len(figures - set(self.signature)) >= self.least
        if signed:
            return 1.0 + len(codes)
        return share if share >= self.enough else 0.0


_UNIT = re.compile(r"(?P<name>.+?)[(\[](?P<unit>%|秒|s|次|人|条|个|元)[)\]]")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def with_points(column: Column) -> Column:
    """The same column holding percentage points: its heading says ``(%)``."""
    return replace(column, points=True, signed=False) if column.kind == "rate" else column


def plain(heading: object) -> str:
    """A heading for comparison: width, case and spaces do not matter."""
    if heading is None:
        return ""
    return "".join(unicodedata.normalize("NFKC", str(heading)).translate(_UNSEEN).split()).casefold().strip("*")


@dataclass(frozen=True, slots=True)
class Fit:
    """A header row found on a grid."""

    layout: Layout
    header: int
    strength: float


def recognise(rows: Sequence[Sequence[object]], layouts: Sequence[Layout], depth: int = 10) -> Fit | None:
    """The layout and header row that fit best among the first ``depth`` rows.

    A platform's own layout goes before a general one, however many columns the latter knows:
    it is stricter, and what it does not know is looked up in the general one anyway.
    """
    for general in (False, True):
        fits = [Fit(layout, index, strength)
                for layout in layouts if layout.general is general
                for index, row in enumerate(rows[:depth])
                if (strength := layout.match(cell for cell in row if isinstance(cell, str)))]
        if fits:
            return max(fits, key=lambda fit: fit.strength)
    return None
