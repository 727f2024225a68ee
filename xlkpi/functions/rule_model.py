"""What a Chinese scoring sentence (评分标准) is read into: quantities, bands, steps, and the rule they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from xlkpi.functions.rule_words import NUM, number

Amount = Literal["plain", "percent", "points", "of_target", "target"]
Op = Literal["add", "deduct", "earn"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in the metric's unit, a percentage (of what: see :mod:`xlkpi.functions.rules`), or the target."""

    value: float
    kind: Amount = "plain"
    text: str = ""


TARGET_ITSELF = Quantity(1.0, "target", "目标")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a band earns: points, a share of the full points, the full points plus or minus, or in proportion."""

    kind: Literal["points", "share", "change", "proportion"]
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Points:
    value: float
    share: bool = False  # of the full points

    def of(self, full: float) -> float:
        return self.value * full if self.share else self.value


@dataclass(frozen=True, slots=True)
class Edge:
    """An end of a band. ``inside`` is None where the words leave open whether the end itself belongs to it."""

    at: Quantity
    inside: bool | None


@dataclass(frozen=True, slots=True)
class Band:
    text: str
    low: Edge | None = None
    high: Edge | None = None
    outcome: Outcome | None = None
    hit: bool | None = None  # True: target reached, False: missed; the ends follow from the direction
    rate: bool = False  # the sentence speaks of the completion rate


@dataclass(frozen=True, slots=True)
class Step:
    """``points`` for each ``size`` beyond ``anchor`` (None: the target).

    ``side`` is 1 above, -1 below, 0 for events, which count from 0.
    """

    text: str
    side: int
    size: Quantity
    op: Op
    points: Points
    again: bool = False
    late: bool = False
    anchor: Quantity | None = None
    base: Outcome | None = None
    most: Points | None = None
    bare: bool = False  # the limit does not say of what: "最高120分"


@dataclass(slots=True)
class Rule:
    """A sentence as it was read. ``unread`` holds the words that were not."""

    text: str
    steps: list[Step] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    most: Points | None = None
    least: Points | None = None
    base: Points | None = None
    full: float | None = None
    uncapped: bool = False
    negative: bool = False
    until_zero: bool = False
    round_up: bool = False
    names: list[str] = field(default_factory=list)
    rate: bool = False
    unread: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    @property
    def quantities(self) -> list[Quantity]:
        ends = [edge.at for band in self.bands for edge in (band.low, band.high) if edge]
        sizes = [step.size for step in self.steps if step.side or step.size.kind != "plain"]
        return [*sizes, *(step.anchor for step in self.steps if step.anchor), *ends]


def quantity(text: str, percent: bool = False) -> Quantity:
    """The quantity a text spells; ``percent``: a bare number stands before a percentage (80-90%)."""
    found = re.compile(NUM).search(text, text.find("百分之") + 3 if "百分之" in text else 0)
    value = number(found[0]) if found else 1.0
    rest = text[found.end():] if found else text
    value *= {"万": 1e4, "亿": 1e8, "千": 1e3}.get(rest[:1], 1.0)
    if "百分点" in rest or "个点" in rest:
        return Quantity(value / 100, "points", text)
    if "%" in rest or "百分之" in text or percent:
        of_target = re.match("(?:目标|计划)值?的", text)
        return Quantity(round(value / 100, 12), "of_target" if of_target else "percent", text)
    return Quantity(value, "plain", text)


def points(text: str) -> Points:
    if text == "满分":
        return Points(1.0, True)
    if text.startswith("一半"):
        return Points(0.5, True)
    found = re.search(NUM, text)
    assert found is not None  # every pattern of points has a number
    return Points(number(found[0]) / 100, True) if "%" in text else Points(number(found[0]))
