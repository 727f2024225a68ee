"""What the guide of the SMART workbook explains."""

from __future__ import annotations

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import guide
from xlkpi.templates.wechat_smart.params import INPUTS

FUNCTIONS = ("KPI_SMART", "KPI_DUE", "KPI_COMPLETION", "KPI_PACE", "KPI_STATUS")
RULES = ("missing", "ratio", "smart", "due", "dod", "benchmarks", "period")


def write(book: Book) -> None:
    guide.write(book, FUNCTIONS, [*(name for name, _, _ in INPUTS), "benchmark_set"], RULES, steps=5)
