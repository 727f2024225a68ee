"""What the guide of the WeChat promotion workbook explains."""

from __future__ import annotations

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import guide
from xlkpi.templates.wechat_promotion.params import INPUTS

FUNCTIONS = ("KPI_COMPLETION", "KPI_SCORE", "KPI_TOTAL", "KPI_WEIGHT_CHECK", "KPI_COVERAGE", "KPI_GRADE",
             "KPI_COEFFICIENT", "KPI_STATUS", "KPI_PACE", "KPI_EXPLAIN", "KPI_DIAGNOSE")
RULES = ("missing", "ratio", "people", "read_open", "churn", "rest", "benchmarks", "period", "pace", "weighted",
         "grade")


def write(book: Book) -> None:
    guide.write(book, FUNCTIONS, [*(name for name, _, _ in INPUTS), "benchmark_set"], RULES, steps=7)
