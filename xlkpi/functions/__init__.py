"""The KPI functions, one file a family.

Standard library only, so that they load in an Excel process in milliseconds and run in a browser.
Importing this package registers every function.
"""

from __future__ import annotations

from xlkpi.functions.completion import KPI_COMPLETION, KPI_PACE
from xlkpi.functions.grading import KPI_COEFFICIENT, KPI_GRADE, KPI_STATUS
from xlkpi.functions.rates import (
    KPI_COMPLETION_RATE,
    KPI_GROWTH,
    KPI_INTERACTION,
    KPI_NET_FOLLOWERS,
    KPI_RATIO,
)
from xlkpi.functions.scoring import KPI_EXPLAIN, KPI_SCORE
from xlkpi.functions.totals import KPI_COVERAGE, KPI_TOTAL, KPI_WEIGHT_CHECK, KPI_WEIGHTS

__all__ = [
    "KPI_COEFFICIENT",
    "KPI_COMPLETION",
    "KPI_COMPLETION_RATE",
    "KPI_COVERAGE",
    "KPI_EXPLAIN",
    "KPI_GRADE",
    "KPI_GROWTH",
    "KPI_INTERACTION",
    "KPI_NET_FOLLOWERS",
    "KPI_PACE",
    "KPI_RATIO",
    "KPI_SCORE",
    "KPI_STATUS",
    "KPI_TOTAL",
    "KPI_WEIGHTS",
    "KPI_WEIGHT_CHECK",
]
