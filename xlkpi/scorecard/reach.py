"""The values a row's actual can take, in steps natural to its metric, and where along them a test turns.

The score of a row is no formula to be turned round: it has a floor, a stretch, a cap, steps, bands. Between
the values at which one of these sets in it only rises or only falls, so that between two of them a turning
point is found by halving, with the score's own function, on exactly the values that a person could report.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from xlkpi.functions.completion import direction_of
from xlkpi.functions.scoring import HIGHEST_CAP, read_bands
from xlkpi.scorecard.goals import Goal

PERCENT_STEP = Decimal("0.0001")  # a hundredth of a percentage point
EVENTS = ("deduct", "bonus", "veto")
SIGNED = ("growth", "change", "compound")  # ways of aggregation whose values may fall below 0
FAR = 1_000_000  # times its target an inverse is worth 0.0001 points


def natural_step(goal: Goal) -> Decimal:
    """1 for what is counted, 0.01 percentage points for rates, the last decimal shown for all else."""
    step = _unit_step(goal)
    if goal.method == "rate":  # the ends of a scale are values that can be given
        for end in (goal.baseline or 0.0, goal.target or 0.0):
            while Decimal(repr(end)) % step and step > PERCENT_STEP:
                step /= 10
    return step


def _unit_step(goal: Goal) -> Decimal:
    unit = goal.metric.unit
    if unit.code.startswith("percent"):
        return Decimal(1) if goal.method in EVENTS else PERCENT_STEP
    decimals = re.search(r"\.(0+)", unit.format)
    if goal.method in EVENTS and unit.code == "points":
        return Decimal(1)
    return Decimal(1).scaleb(-len(decimals[1])) if decimals else Decimal(1)


def better_way(goal: Goal) -> int:
    """1 where more is better, -1 where less is, 0 where it depends on the place (ranges, uneven bands)."""
    target, direction, baseline = goal.arguments[:3]
    match goal.method:
        case "rate" | "bonus":
            return 1
        case "deduct" | "veto":
            return -1
        case "range":
            return 0
        case "band":
            scores = [score for _, score in read_bands(goal.arguments[10])]
            if all(a <= b for a, b in pairwise(scores)):
                return 1
            return -1 if all(a >= b for a, b in pairwise(scores)) else 0
    return 1 if direction_of(target, direction, baseline) == "up" else -1


@dataclass(frozen=True, slots=True)
class Ladder:
    """The values of one row: ``step`` times a whole number; ``nodes`` are the numbers where the score may bend."""

    step: Decimal
    nodes: tuple[int, ...]

    def value(self, number: int) -> float:
        return float(number * self.step)

    def at_least(self, value: float) -> int:
        return int((Decimal(repr(value)) / self.step).to_integral_value(ROUND_CEILING))

    def at_most(self, value: float) -> int:
        return int((Decimal(repr(value)) / self.step).to_integral_value(ROUND_FLOOR))

    def first(self, test: Callable[[int], bool], way: int, start: float | None = None) -> int | None:
        """The first number from ``start`` on (its end, if None) that passes; None where none does."""
        nodes = self.nodes if way > 0 else self.nodes[::-1]
        if start is not None:
            begin = self.at_least(start) if way > 0 else self.at_most(start)
            if (begin - nodes[-1]) * way > 0:
                return None
            nodes = (begin, *(node for node in nodes if (node - begin) * way > 0))
        failed: int | None = None
        for node in nodes:
            if test(node):
                while failed is not None and abs(node - failed) > 1:
                    middle = (node + failed) // 2
                    failed, node = (failed, middle) if test(middle) else (middle, node)
                return node
            failed = node
        return None


def ladder(goal: Goal, actual: float | None) -> Ladder:
    """The values that the row's actual may take, those included at which the score stops changing."""
    grid = Ladder(natural_step(goal), ())
    edges = _edges(goal)
    lowest, highest = _limits(goal, actual)
    numbers = {number for edge in (*edges, *([actual] if actual is not None else []))
               for number in (grid.at_most(edge), grid.at_least(edge))}
    numbers |= {min(numbers) - 1, max(numbers) + 1}
    if lowest is not None:
        least = grid.at_least(lowest)
        numbers = {max(number, least) for number in numbers}
    if highest is not None:
        most = grid.at_most(highest)
        numbers = {min(number, most) for number in numbers}
    return Ladder(grid.step, tuple(sorted(numbers)))


def _limits(goal: Goal, actual: float | None) -> tuple[float | None, float | None]:
    """The least and the most that can be reported at all."""
    target, _, baseline = goal.arguments[:3]
    if goal.method == "rate":
        return baseline or 0.0, target
    if goal.method == "band":
        lowest = read_bands(goal.arguments[10])[0][0]
        return (lowest if _signed(goal, actual) else max(lowest, 0.0)), None
    if goal.method in EVENTS or goal.method == "inverse":
        return 0.0, None
    return None if _signed(goal, actual) else 0.0, None


def _signed(goal: Goal, actual: float | None) -> bool:
    """Whether the metric can be below 0: a difference, a growth, or what is written of it already is."""
    metric = goal.metric
    written = (actual, goal.target, *goal.arguments[2:5])
    return (any(value is not None and value < 0 for value in written)
            or metric.aggregation.code in SIGNED
            or any(part.factor < 0 for formula in metric.numerator for part in formula.parts))


def _edges(goal: Goal) -> list[float]:
    """Where the score bends, jumps or stops changing; more than needed does no harm, less would."""
    target, _, baseline, floor, stretch, cap, method, _, step, points, bands = goal.arguments
    edges = [edge for edge in (target, baseline, floor, stretch) if edge is not None]
    free = target or 0.0
    match method:
        case "veto":
            return [0.0, free]
        case "deduct" | "bonus":
            return [0.0, free, free + max(100.0, 100 * (cap - 1)) / points]
        case "band":
            return [bound for bound, _ in read_bands(bands)]
        case "range":
            return [*edges, *(edge + sign * step for edge in edges for sign in (-1, 1))]
        case "rate":
            return [baseline or 0.0, target]
        case "step":
            reach = step * (100 * HIGHEST_CAP / points + 1)
            return [*edges, target - reach, target + reach]
        case "linear":
            start = baseline if baseline is not None else 0.0 if better_way(goal) > 0 else 2 * target
            return [*edges, start, start + (target - start) * cap]
        case "inverse":
            return [*edges, 0.0, target / cap, target * FAR]
    return edges
