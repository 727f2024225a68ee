"""账户运营多维考核 / Account operations: several persons, two-level weights, several raters, forced distribution."""

from __future__ import annotations

from pathlib import Path

from xlkpi.templates.account_operations import (
    benchmarks,
    dashboard,
    distribution,
    indicators,
    params,
    people,
    plans,
    quantities,
    ratings,
    scorecard,
)
from xlkpi.templates.account_operations.columns import OWN, labels
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import audit, guide

FUNCTIONS = ("KPI_RATERS", "KPI_SCORE", "KPI_COMPLETION", "KPI_TOTAL", "KPI_GRADE", "KPI_COEFFICIENT",
             "KPI_DISTRIBUTE", "KPI_STATUS", "KPI_EXPLAIN")
RULES = ("two_levels", "missing", "raters", "leniency", "forced", "veto", "benchmarks", "grade")


def write(path: Path, lang: str) -> None:
    """Write the workbook with blank formula values; :func:`xlkpi.templates.build` calculates it."""
    book = Book(path, lang, "ops")
    for name in OWN:
        book.know(name, labels(name, book.words))
    home = dashboard.write(book)
    scorecard.write(book)
    people.write(book)
    distribution.write(book)
    quantities.write(book)
    ratings.write(book)
    ratings.write_raters(book)
    plans.write(book)
    indicators.write(book)
    benchmarks.write(book)
    params.write(book)
    audit.write(book, scorecard.sentences(book))
    guide.write(book, FUNCTIONS, [*(name for name, _, _ in params.INPUTS), "benchmark_set"], RULES)
    dashboard.charts(book, home)
    home.activate()
    book.close()
