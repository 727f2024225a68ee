"""What measuring answers: one row a metric (and group), with the rows it rests on and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlkpi import language
from xlkpi.errors import Findings, Problem
from xlkpi.metrics import Expression, Metric, load

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Actual:
    """One measured value; ``value`` is None where there is none, and ``problems`` says why.

    ``rows_used`` rows went into it, ``rows_missing`` lay in the period but lacked a figure and
    ``rows_outside`` lay outside the period. ``group`` is empty for the whole. ``numerator`` and
    ``denominator`` are the alternatives of the metric's formulas that the tables could answer.
    """

    metric: Metric
    value: float | None
    group: dict[str, str | None] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    rows_used: int = 0
    rows_missing: int = 0
    rows_outside: int = 0
    problems: tuple[Problem, ...] = ()
    numerator: Expression | None = None
    denominator: Expression | None = None

    def formula(self, lang: str | None = None) -> str:
        """How the value was worked out, as a sentence."""
        return load().formula(self.metric, lang or language.current(), self.numerator, self.denominator)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        lang = lang or language.current()
        return {
            "metric": self.metric.code, "label": self.metric.label(lang), **self.group, "value": self.value,
            "unit": self.metric.unit.label(lang), "tables": list(self.tables), "rows_used": self.rows_used,
            "rows_missing": self.rows_missing, "rows_outside": self.rows_outside, "formula": self.formula(lang),
            "problems": [problem.line(lang) for problem in self.problems],
        }


@dataclass(frozen=True)
class Actuals:
    """All measured values, in the order asked for."""

    rows: tuple[Actual, ...]

    def __iter__(self) -> Iterator[Actual]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, code: str) -> float | None:
        """The value of one metric as a whole."""
        return self.values[code]

    @property
    def values(self) -> dict[str, float | None]:
        """Metric code → value, without the groups' values."""
        return {row.metric.code: row.value for row in self.rows if not row.group}

    @property
    def problems(self) -> Findings:
        """Everything found, each once."""
        lines = {problem.line("en"): problem for row in self.rows for problem in row.problems}
        return Findings(lines.values())

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {"actuals": [row.as_dict(lang) for row in self.rows]}

    def frame(self, lang: str | None = None) -> pd.DataFrame:
        """The rows as a pandas data frame."""
        import pandas as pd  # here, so that importing this module stays light

        table = pd.DataFrame([{**row.as_dict(lang), "problems": "\n".join(row.as_dict(lang)["problems"])}
                              for row in self.rows])
        if "value" in table:
            table["value"] = table["value"].astype("float64")
        return table
