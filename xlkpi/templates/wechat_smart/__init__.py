"""SMART 目标监测 / SMART monitoring: goals of WeChat marketing, checked letter by letter, and the reports on them."""

from __future__ import annotations

from pathlib import Path

from xlkpi.templates.book import Book
from xlkpi.templates.sheets import audit
from xlkpi.templates.wechat_smart import benchmarks, data, goals, guide, params, report
from xlkpi.templates.wechat_smart.columns import OWN, labels


def write(path: Path, lang: str) -> None:
    """Write the workbook with blank formula values; :func:`xlkpi.templates.build` calculates it."""
    book = Book(path, lang, "wechat_smart")
    for name in OWN:
        book.know(name, labels(name, book.words))
    goals.write(book)
    home = report.write(book)
    goals.write_list(book)
    data.write_users(book)
    data.write_articles(book)
    data.write_consultations(book)
    data.write_dod(book)
    benchmarks.write(book)
    params.write(book)
    audit.write(book)
    guide.write(book)
    report.charts(book, home)
    book.close()
