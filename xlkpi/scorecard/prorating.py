"""Targets for a part of the period: joined late, left early, or judged before the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlkpi import language
from xlkpi.errors import Findings, KpiError, Where
from xlkpi.functions.figures import percent
from xlkpi.functions.scoring import read_bands
from xlkpi.scorecard import problems as found
from xlkpi.scorecard.goals import Goal

FLOWS = ("sum", "count")
NEVER = ("rate", "deduct", "bonus", "veto")


def prorated(goals: Sequence[Goal], share: float, findings: Findings) -> list[Goal]:
    """The goals with the targets of flows, and of what has a baseline, taken at ``share`` of the period."""
    answer = [_prorated(goal, share) for goal in goals]
    labels = [goal.metric.label(language.current()) for goal, new in zip(goals, answer, strict=True) if new is not goal]
    if labels and share != 1:
        names = ("、" if language.current() == "zh" else ", ").join(labels)
        findings.append(found.Prorated(Where(table="goals"), share=percent(share), count=len(labels), metrics=names))
    return answer


def _prorated(goal: Goal, share: float) -> Goal:
    flow = goal.metric.aggregation.code in FLOWS
    if goal.method in NEVER or not (flow or goal.baseline is not None):
        return goal
    start = goal.baseline or 0.0
    target, direction, baseline, floor, stretch, cap, method, floor_score, step, points, bands = goal.arguments
    lines = [None if line is None else start + (line - start) * share for line in (target, floor, stretch)]
    if bands:
        try:
            bands = "; ".join(f"{bound * share!r}:{score!r}" for bound, score in read_bands(bands))
        except KpiError:  # told when the row is scored
            return goal
    return replace(goal, arguments=(lines[0], direction, baseline, *lines[1:], cap, method, floor_score,
                                    None if step is None else step * share, points, bands))
