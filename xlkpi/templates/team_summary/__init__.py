"""团队总表 / Team summary: persons by month, grades, what they do to pay, approvals and freezes."""

from __future__ import annotations

from pathlib import Path

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import audit, guide
from xlkpi.templates.team_summary import approvals, dashboard, grades, matrix, params, pay, results
from xlkpi.templates.team_summary.columns import OWN, labels

FUNCTIONS = ("KPI_COEFFICIENT",)
RULES = ("source", "missing", "pay", "grades", "freeze")


def write(path: Path, lang: str) -> None:
    """Write the workbook with blank formula values; :func:`xlkpi.templates.build` calculates it."""
    book = Book(path, lang, "team")
    for name in OWN:
        book.know(name, labels(name, book.words))
    home = dashboard.write(book)
    matrix.write(book)
    grades.write(book)
    pay.write(book)
    approvals.write(book)
    results.write(book)
    params.write(book)
    audit.write(book)
    guide.write(book, FUNCTIONS, [name for name, _, _ in params.INPUTS], RULES, 5)
    dashboard.charts(book, home)
    home.activate()
    book.close()
