"""How rows become a total and a total a grade: the choices of one scorecard, kept with its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlkpi.errors import KpiError
from xlkpi.functions import KPI_COVERAGE, KPI_GRADE, KPI_TOTAL
from xlkpi.functions.grading import GRADE_BOUNDS, GRADE_COEFFICIENTS, GRADE_NAMES

Band: TypeAlias = tuple[float | None, str, float | None]
"""A grade: its lower bound (None: below all others), its name and its pay coefficient (None: none)."""

DEFAULT_GRADES: tuple[Band, ...] = tuple(zip((*GRADE_BOUNDS, None), GRADE_NAMES, GRADE_COEFFICIENTS, strict=True))
BELOW_ALL = -1


@dataclass(frozen=True, slots=True)
class Rules:
    """The options of :func:`xlkpi.score`, by their codes."""

    weight_mode: str = "strict"
    missing: str = "exclude"
    grades: tuple[Band, ...] = DEFAULT_GRADES
    bonus: float | None = None

    @property
    def bounds(self) -> list[float]:
        return [bound for bound, _, _ in self.grades if bound is not None]

    @property
    def names(self) -> list[str]:
        return [name for _, name, _ in self.grades]

    @property
    def ladder(self) -> list[tuple[float | None, str]]:
        """(Lower bound, name) from the lowest grade up; what lies below all bounds has None."""
        bounds, names = self.bounds, self.names
        if not self._rising:
            names.reverse()
        rungs: list[float | None] = [*sorted(bounds)]
        return list(zip([None] * (len(names) - len(rungs)) + rungs, names, strict=True))

    @property
    def _rising(self) -> bool:
        bounds = self.bounds
        return len(bounds) > 1 and bounds[0] < bounds[1]

    def total(self, scores: Sequence[float | None], weights: Sequence[float]) -> float | None:
        return KPI_TOTAL(scores, weights, self.missing if self.missing == "zero" else "exclude", self.weight_mode,
                         self.bonus)

    def grade(self, total: float | None, coverage: float, vetoes: int, lang: str) -> str | None:
        return KPI_GRADE(total, self.bounds, self.names, coverage, lang, vetoes)

    def rung(self, scores: Sequence[float | None], weights: Sequence[float], vetoes: int) -> int | None:
        """The grade as its place on the ladder, by the grade's own function.

        None where there is no grade (no total, too little data), :data:`BELOW_ALL` below every bound.
        """
        total = self.total(scores, weights)
        places: Any = list(range(len(self.grades)))
        if not self._rising:
            places.reverse()
        try:
            found: Any = KPI_GRADE(total, self.bounds, places, KPI_COVERAGE(scores, weights) or 0.0, "en", vetoes)
        except KpiError:
            return BELOW_ALL
        return found if isinstance(found, int) else None
