"""The goals that a new short-video workbook comes with."""

from __future__ import annotations

from typing import Any

from xlkpi import metrics, samples
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import goals
from xlkpi.templates.sheets.marks import choice
from xlkpi.terms import DIRECTIONS, SCORE_METHODS


def write(book: Book) -> None:
    rows: list[dict[str, Any]] = []
    for goal in sorted(samples.DEFAULT_GOALS, key=lambda goal: list(samples.DIMENSIONS).index(goal.dimension)):
        rows.append({
            "dimension": goal.dimension_label(book.lang), "metric": metrics.find_metric(goal.metric).label(book.lang),
            "weight": goal.weight, "target": goal.target, "direction": choice(DIRECTIONS, goal.direction, book.lang),
            "method": choice(SCORE_METHODS, goal.method, book.lang), "floor": goal.floor, "stretch": goal.stretch,
            "cap": goal.cap, "points": goal.points})
    goals.write(book, rows)
