"""短视频运营考核 / Short-video operations: the assessment workbook for a short-video operator."""

from __future__ import annotations

from pathlib import Path

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import audit, scorecard
from xlkpi.templates.short_video import actuals, benchmarks, dashboard, data, goals, guide, params, stage
from xlkpi.templates.short_video.columns import OWN, labels

TITLES = {"zh": "短视频运营绩效考核", "en": "Short-video performance scorecard"}


def write(path: Path, lang: str) -> None:
    """Write the workbook with blank formula values; :func:`xlkpi.templates.build` calculates it."""
    book = Book(path, lang)
    for name in OWN:
        book.know(name, labels(name, book.words))
    home = dashboard.write(book)
    scorecard.write(book, (*params.DATED, ("works", "plays"), ("daily", "plays")))
    goals.write(book)
    params.write(book)
    data.write_works(book)
    data.write_daily(book)
    data.write_same_age(book)
    stage.write(book)
    benchmarks.write(book)
    sheet = actuals.write(book)
    dashboard.write_figures(book, sheet)
    audit.write(book, scorecard.sentences(book))
    guide.write(book)
    dashboard.charts(book, home)
    home.activate()
    book.close()
