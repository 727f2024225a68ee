"""Weights over two levels: the dimension's weight, and the indicator's within its dimension.

Assessment forms write the weight of a dimension beside its merged cell, and the indicators' weights either as shares of
the dimension (each dimension adds up to 100%) or as shares of the whole (they add up to the dimension's weight).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xlkpi.errors import Findings, Where
from xlkpi.functions.figures import percent
from xlkpi.functions.totals import adds_up, as_fraction
from xlkpi.scorecard import problems as found

if TYPE_CHECKING:
    from xlkpi.scorecard.goals import Goal


def whole_weights(goals: Sequence[Goal], findings: Findings) -> list[Goal]:
    """The goals with weights in percent of the whole; what does not add up is added to ``findings``."""
    weights: dict[str, float] = {}
    members: dict[str, list[Goal]] = {}
    for goal in goals:
        name = goal.dimension or "–"
        members.setdefault(name, []).append(goal)
        if goal.dimension_weight is None:
            continue
        if weights.setdefault(name, goal.dimension_weight) != goal.dimension_weight:
            findings.append(found.DimensionWeightTwice(goal.where, dimension=name, one=weights[name],
                                                       two=goal.dimension_weight))
    for name, own in members.items():
        if name not in weights:
            findings.append(found.DimensionWithoutWeight(own[0].where, dimension=name))
        elif weights[name] < 0:
            findings.append(found.DimensionWeightNegative(own[0].where, dimension=name, weight=weights[name]))
    if findings.errors:
        return list(goals)
    total = sum(weights.values())
    if not adds_up(total):
        findings.append(found.DimensionWeightsWrong(Where(table="goals"), total=percent(as_fraction(total))))
        return list(goals)
    shares: dict[int, float] = {}
    for name, own in members.items():
        part, inside = weights[name] / total, sum(goal.weight for goal in own)
        if adds_up(inside):
            shares |= {goal.row: 100 * part * goal.weight / inside for goal in own}
        elif abs(inside - weights[name]) <= 1e-4 * total:
            shares |= {goal.row: 100 * goal.weight / total for goal in own}
        else:
            findings.append(found.IndicatorWeightsWrong(
                own[0].where, dimension=name, total=percent(as_fraction(inside)), weight=percent(part)))
    return [replace(goal, weight=shares.get(goal.row, goal.weight)) for goal in goals]
