"""What the guide of the short-video workbook explains."""

from __future__ import annotations

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import guide
from xlkpi.templates.short_video.params import INPUTS

FUNCTIONS = ("KPI_COMPLETION", "KPI_SCORE", "KPI_TOTAL", "KPI_WEIGHT_CHECK", "KPI_COVERAGE", "KPI_GRADE",
             "KPI_COEFFICIENT", "KPI_STATUS", "KPI_PACE", "KPI_EXPLAIN", "KPI_STABLE", "KPI_TREND")
RULES = ("missing", "ratio", "genre", "period", "pace", "benchmarks", "weighted", "grade")


def write(book: Book) -> None:
    guide.write(book, FUNCTIONS, [*(name for name, _, _ in INPUTS), "benchmark_set"], RULES)
