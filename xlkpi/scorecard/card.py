"""The scorecard: its rows, its total and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlkpi.errors import Findings
from xlkpi.functions import KPI_EXPLAIN, KPI_TOTAL
from xlkpi.metrics import Metric
from xlkpi.scorecard.goals import Goal
from xlkpi.scorecard.rules import Rules

if TYPE_CHECKING:
    import pandas as pd

    from xlkpi.scorecard.moves import Moves

FIELDS = ("metric", "label", "dimension", "weight", "effective_weight", "target", "actual", "completion", "score",
          "contribution", "status", "explanation")


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One indicator.

    ``effective_weight`` is its share of the total (None where its data are missing) and
    ``contribution`` the points that it brings there.
    """

    goal: Goal
    actual: float | None
    completion: float | None
    score: float | None
    effective_weight: float | None
    contribution: float | None
    status: str | None
    lang: str

    @property
    def metric(self) -> Metric:
        return self.goal.metric

    @property
    def label(self) -> str:
        return self.goal.metric.label(self.lang)

    @property
    def dimension(self) -> str | None:
        return self.goal.dimension

    @property
    def weight(self) -> float:
        return self.goal.weight

    @property
    def target(self) -> float | None:
        return self.goal.target

    @property
    def explanation(self) -> str | None:
        """The arithmetic of the score in one sentence; said when asked for."""
        unit = "%" if self.goal.metric.unit.code.startswith("percent") else None
        *arguments, bands = self.goal.arguments
        whole: list[Any] = [self.actual, *arguments, self.lang, unit, bands]  # KPI_EXPLAIN takes the bands last
        return KPI_EXPLAIN(*whole)

    def as_dict(self) -> dict[str, Any]:
        return {name: self.metric.code if name == "metric" else getattr(self, name) for name in FIELDS}


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Rows and result. ``total`` is 0–120, ``coverage`` the share of weight that has data."""

    rows: tuple[ScoreRow, ...]
    total: float | None
    coverage: float
    grade: str | None
    coefficient: float | None
    lang: str
    problems: Findings = field(default_factory=Findings)
    rules: Rules = field(default_factory=Rules)

    def __iter__(self) -> Iterator[ScoreRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, code: str) -> ScoreRow:
        """The row of a metric, by its code."""
        for row in self.rows:
            if code in (row.metric.code, row.metric.canonical):
                return row
        raise KeyError(code)

    @property
    def dimensions(self) -> dict[str, float | None]:
        """Each dimension's weighted score, in order of appearance."""
        names = dict.fromkeys(row.dimension for row in self.rows if row.dimension)
        answer: dict[str, float | None] = {}
        for name in names:
            own = [row for row in self.rows if row.dimension == name]
            weights = [row.weight for row in own]
            scores = [row.score for row in own]
            answer[name] = KPI_TOTAL(scores, weights, "exclude", "relative") if sum(weights) else None
        return answer

    def moves(self, change: float = 0.05) -> Moves:
        """What would move the grade: see :mod:`xlkpi.scorecard.moves`."""
        from xlkpi.scorecard.moves import moves  # here: that module knows scorecards

        return moves(self, change)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "total": self.total, "coverage": self.coverage, "grade": self.grade, "coefficient": self.coefficient,
            "dimensions": self.dimensions, "rows": [row.as_dict() for row in self.rows],
            "problems": [problem.as_dict() for problem in self.problems],
        }

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas data frame, one line an indicator; missing numbers are NaN."""
        import pandas as pd  # here, so that importing this module stays light

        table = pd.DataFrame([row.as_dict() for row in self.rows], columns=list(FIELDS))
        numbers = ["weight", "effective_weight", "target", "actual", "completion", "score", "contribution"]
        return table.astype(dict.fromkeys(numbers, "float64"))
