"""``xlkpi.score`` for 1,000 people with 20 goals each: the figures are asserted first, then timed."""

from __future__ import annotations

import math

import numpy as np
from common import clock, machine, report

import xlkpi
from xlkpi import metrics

PEOPLE, GOALS = 1_000, 20


def codes() -> list[str]:
    """Countable metrics that are better high, twenty of them."""
    chosen = [metric.code for metric in metrics.load()
              if metric.direction == "up" and metric.aggregation.code == "sum" and metric.canonical == metric.code]
    assert len(chosen) >= GOALS
    return chosen[:GOALS]


def main(times: int = 7) -> None:
    dice = np.random.default_rng(11)
    names = codes()
    targets = dice.integers(50, 5_000, GOALS)
    weights = [5.0] * GOALS
    goals = {"metric": names, "weight": weights, "target": targets.tolist()}
    actuals = dice.integers(0, 6_000, (PEOPLE, GOALS))
    given = [dict(zip(names, row, strict=True)) for row in actuals.tolist()]

    def work() -> list[xlkpi.Scorecard]:
        return [xlkpi.score(person, goals, weight_mode="strict") for person in given]

    cards = work()
    expected = np.minimum(actuals / targets, 1.2).mean(axis=1) * 100
    for card, total in zip(cards, expected, strict=True):
        assert card.total is not None
        assert math.isclose(card.total, total, rel_tol=1e-12), (card.total, total)
        assert len(card) == GOALS
    ours = clock(work, times)[:3]
    report(f"xlkpi.score, {PEOPLE} people × {GOALS} goals", ours, None, times, "under 0.5 s")


if __name__ == "__main__":
    print(machine())
    main()
