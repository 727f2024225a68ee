"""The KPI functions, one file a family.

Standard library only, so that they load in an Excel process in milliseconds and run in a browser.
Importing this package registers every function.
"""

from __future__ import annotations

from xlkpi.functions.actual import KPI_ACTUAL
from xlkpi.functions.completion import KPI_COMPLETION, KPI_PACE
from xlkpi.functions.diagnose import KPI_DIAGNOSE
from xlkpi.functions.due import KPI_DUE
from xlkpi.functions.forecast import KPI_FORECAST
from xlkpi.functions.grading import KPI_COEFFICIENT, KPI_GRADE, KPI_STATUS
from xlkpi.functions.methods import KPI_BAND, KPI_BINARY, KPI_DEDUCT, KPI_RANGE, KPI_STEP
from xlkpi.functions.people import KPI_DISTRIBUTE, KPI_RATERS
from xlkpi.functions.periods import KPI_CAGR, KPI_PERIOD_LAST, KPI_PERIOD_SUM, KPI_POP, KPI_REQUIRED, KPI_YOY
from xlkpi.functions.rates import (
    KPI_COMPLETION_RATE,
    KPI_GROWTH,
    KPI_INTERACTION,
    KPI_NET_FOLLOWERS,
    KPI_RATIO,
)
from xlkpi.functions.rules import KPI_RULE, KPI_RULE_READ
from xlkpi.functions.scoring import KPI_EXPLAIN, KPI_SCORE
from xlkpi.functions.smart import KPI_SMART
from xlkpi.functions.steadiness import KPI_STABLE, KPI_TREND
from xlkpi.functions.totals import KPI_COVERAGE, KPI_TOTAL, KPI_WEIGHT_CHECK, KPI_WEIGHTS
from xlkpi.functions.traffic import (
    KPI_CHURN,
    KPI_CONVERSION,
    KPI_CPC,
    KPI_CPM,
    KPI_DELIVERY_RATE,
    KPI_FAN_PRECISION,
    KPI_LOYALTY,
    KPI_OPEN_RATE,
    KPI_READ_RATE,
    KPI_ROI,
    KPI_SHARE_RATE,
)

__all__ = [
    "KPI_ACTUAL",
    "KPI_BAND",
    "KPI_BINARY",
    "KPI_CAGR",
    "KPI_CHURN",
    "KPI_COEFFICIENT",
    "KPI_COMPLETION",
    "KPI_COMPLETION_RATE",
    "KPI_CONVERSION",
    "KPI_COVERAGE",
    "KPI_CPC",
    "KPI_CPM",
    "KPI_DEDUCT",
    "KPI_DELIVERY_RATE",
    "KPI_DIAGNOSE",
    "KPI_DISTRIBUTE",
    "KPI_DUE",
    "KPI_EXPLAIN",
    "KPI_FAN_PRECISION",
    "KPI_FORECAST",
    "KPI_GRADE",
    "KPI_GROWTH",
    "KPI_INTERACTION",
    "KPI_LOYALTY",
    "KPI_NET_FOLLOWERS",
    "KPI_OPEN_RATE",
    "KPI_PACE",
    "KPI_PERIOD_LAST",
    "KPI_PERIOD_SUM",
    "KPI_POP",
    "KPI_RANGE",
    "KPI_RATERS",
    "KPI_RATIO",
    "KPI_READ_RATE",
    "KPI_REQUIRED",
    "KPI_ROI",
    "KPI_RULE",
    "KPI_RULE_READ",
    "KPI_SCORE",
    "KPI_SHARE_RATE",
    "KPI_SMART",
    "KPI_STABLE",
    "KPI_STATUS",
    "KPI_STEP",
    "KPI_TOTAL",
    "KPI_TREND",
    "KPI_WEIGHTS",
    "KPI_WEIGHT_CHECK",
    "KPI_YOY",
]
