"""Sheet 基准 / Benchmarks of the account-operations workbook: lines beside the team's mean target and actual value.

Its tables hold one period, so that own history is typed in where it is known.
"""

from __future__ import annotations

from xlkpi.templates.account_operations.model import PERFORMANCE
from xlkpi.templates.book import Book
from xlkpi.templates.sheets import benchmarks

METRICS = tuple(code for _, code, _ in PERFORMANCE)


def write(book: Book) -> None:
    benchmarks.write(book, METRICS, {}, dict.fromkeys(METRICS, _mean(book, "actual")), _mean(book, "target"))


def _mean(book: Book, code: str) -> str:
    """The mean over the persons who have this figure."""
    cells = book.col("quantities", code)
    mine = f'{book.col("quantities", "metric")},{book.this("benchmarks", "metric")},{cells},">=-1E+300"'
    return f'=IF(COUNTIFS({mine})=0,"",AVERAGEIFS({cells},{mine}))'
