"""What the engine gets: nothing that a formula reads may be missing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.workbook.books import by_address, written
from xlkpi.workbook import slim as slimming
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import calculate_values
from xlkpi.workbook.slim import shapes_of, slim

ROWS = 40


def big(formulas: dict[str, str], name: str | None = None) -> bytes:
    """A table ``works`` of six columns A–F on sheet ``data``, formulas on sheet ``k``."""

    def build(book: Any) -> None:
        data = book.add_worksheet("data")
        for row in range(1, ROWS + 1):
            data.write_row(row, 0, [row, row * 2, f"t{row % 3}", row * 4, "text", row * 6])
        data.add_table(0, 0, ROWS, 5, {"name": "works", "columns": [{"header": name} for name in "abcdef"]})
        sheet = book.add_worksheet("k")
        for place, formula in formulas.items():
            sheet.write_formula(place, formula)
        if name:
            book.define_name("picked", name)

    return written(build)


def columns_left(data: bytes) -> set[str]:
    book = Book.open(data)
    package = zipfile.ZipFile(io.BytesIO(slim(book, shapes_of(book))))
    left = Book.open(package.fp.read() if package.fp is not None and package.fp.seek(0) == 0 else b"")
    return {"ABCDEF"[column - 1] for _, column in left.values("data")}


@pytest.fixture(autouse=True)
def every_sheet_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slimming, "LARGE", 1)


@pytest.mark.parametrize(("formula", "name", "left"), [
    ("=SUM(works[b])", None, "B"),
    ("=SUMIFS(works[b],works[c],\"t1\")", None, "BC"),
    ("=SUM(data!A1:A9,data!$F$2)", None, "AF"),
    ("=SUM(data!B:C)", None, "BC"),
    ("=SUM(works[[a]:[c]])", None, "ABC"),
    ("=SUM(works)", None, "ABCDEF"),
    ("=SUM(picked)", "=data!$D$2:$D$9", "D"),
    ("=COUNTA(works[#Headers])", None, "ABCDEF"),
    ("=SUM(INDIRECT(\"data!A1:A9\"))+SUM(works[b])", None, "ABCDEF"),
    ("=SUM(OFFSET(data!A1,1,1,3,1))", None, "ABCDEF"),
    ("=SUM(data!A2:INDEX(data!C1:C9,3))", None, "ABCDEF"),
    ("=SUM(INDEX(data!A1:A9,2):data!C3)", None, "ABCDEF"),
    ("=SUM(data!2:3)", None, "ABCDEF"),
    ("=SUM(data:k!D2)", None, "ABCDEF"),
    ("=KPI_RATIO(works[b],works[d])", None, "BD"),
    ("=_xll.KPI_RATIO(data!B2:B9,'data'!D2:D9)", None, "BD"),
])
def test_columns_that_formulas_read_stay(formula: str, name: str | None, left: str) -> None:
    assert columns_left(big({"A1": formula}, name)) == set(left)


def test_values_are_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    data = big({"A1": "=SUMIFS(works[b],works[c],\"t1\")", "A2": "=KPI_RATIO(works[b],works[d])",
                "A3": "=_xlfn.XLOOKUP(7,works[a],works[f])", "A4": "=ROWS(works)", "A5": "=MAX(data!D:D)"})
    slimmed = by_address(calculate_values(data))
    monkeypatch.setattr(slimming, "LARGE", 1 << 40)
    assert slimmed == by_address(calculate_values(data))
    assert slimmed["A1"] == float(sum(2 * row for row in range(1, ROWS + 1) if row % 3 == 1))
    assert slimmed["A3"] == 42.0
