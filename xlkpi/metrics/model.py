"""What the catalogue holds: metrics, source columns, units, ways of aggregation, benchmarks, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from xlkpi.metrics.expression import Expression

ColumnKind = Literal["number", "rate", "text", "date", "duration", "id"]
COLUMN_KINDS: tuple[ColumnKind, ...] = ("number", "rate", "text", "date", "duration", "id")
DIRECTIONS: tuple[str, ...] = ("up", "down")
BENCHMARK_RULES: tuple[str, ...] = ("at_least", "at_most", "about", "between", "par", "growth")


@dataclass(frozen=True, slots=True)
class _Named:
    code: str
    zh: str
    en: str

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Unit(_Named):
    """A unit and the Excel number format its values are shown in. A percentage is a fraction (0.3 is 30%)."""

    format: str = "General"


@dataclass(frozen=True, slots=True)
class Aggregation(_Named):
    """How rows become one value. ``zh`` and ``en`` are sentences with ``{n}`` and ``{d}`` for the two sides."""

    def said(self, lang: str, numerator: str, denominator: str) -> str:
        return self.label(lang).format(n=numerator, d=denominator)


@dataclass(frozen=True, slots=True)
class Source:
    """An article that names metrics."""

    code: str
    file: str
    title: str
    scope_zh: str
    scope_en: str


@dataclass(frozen=True, slots=True)
class SourceColumn(_Named):
    """A column that data come in. ``at_most`` is a bound no true value passes (a completion rate of 1)."""

    aliases: tuple[str, ...]
    kind: ColumnKind
    unit: Unit | None
    additive: bool
    at_most: float | None = None

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "rate", "duration")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A line to hold a metric against. ``high`` is given for ranges; ``growth`` is a growth rate of the metric."""

    code: str
    set: str
    rule: str
    low: float
    high: float | None
    scope_zh: str
    scope_en: str
    source: str

    def scope(self, lang: str) -> str:
        return self.scope_zh if lang == "zh" else self.scope_en


@dataclass(frozen=True, slots=True)
class Metric(_Named):
    """One metric of the catalogue.

    ``numerator`` and ``denominator`` are alternatives over source columns (over metrics, where the
    aggregation is ``computed`` or ``mean_of``). ``additive`` says whether values of parts may be
    added: never for ratios, stocks and unique people. ``tables`` are looked through first, in this
    order; ``guard`` names a column whose kinds must not be mixed; ``split`` the column whose groups
    a share is given for. ``same_as`` names the metric that a rated item repeats.
    """

    aliases: tuple[str, ...]
    group: str
    numerator: tuple[Expression, ...]
    denominator: tuple[Expression, ...]
    aggregation: Aggregation
    unit: Unit
    direction: str | None
    additive: bool
    source: str
    note_zh: str = ""
    note_en: str = ""
    rated: bool = False
    tables: tuple[str, ...] = ()
    guard: str | None = None
    split: str | None = None
    same_as: str | None = None
    dimension_zh: str = ""
    dimension_en: str = ""
    benchmarks: dict[str, tuple[Benchmark, ...]] = field(default_factory=dict)
    scale: tuple[float, float] | None = None

    @property
    def format(self) -> str:
        """The Excel number format of its values."""
        return self.unit.format

    @property
    def canonical(self) -> str:
        """The code under which this is one and the same thing wherever it is listed."""
        return self.same_as or self.code

    def note(self, lang: str) -> str:
        return self.note_zh if lang == "zh" else self.note_en

    def dimension(self, lang: str) -> str:
        return self.dimension_zh if lang == "zh" else self.dimension_en
