"""Columns read alone hold what the whole sheet read holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smallbooks import book as small

from tests.conftest import SHARED
from tests.workbook.books import sheets
from xlkpi.workbook.book import Book
from xlkpi.workbook.reading import MOST, Columns

WORKBOOKS = sorted((SHARED / "workbooks").glob("*.xls[xm]"))


def compare(book: Book, sheet: str) -> None:
    whole: dict[int, dict[int, Any]] = {}
    for (row, col), value in book.values(sheet).items():
        whole.setdefault(col, {})[row] = value
    read = Columns(book, sheet)
    for col in [*list(whole)[:MOST - 1], 900, *list(whole)]:
        assert read.column(col) == whole.get(col, {}), (sheet, col)
        assert [type(value) for _, value in sorted(read.column(col).items())] == \
            [type(value) for _, value in sorted(whole.get(col, {}).items())]


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_every_sheet_of_the_corpus(path: Path) -> None:
    book = Book.open(path)
    for sheet in book.sheets:
        compare(book, sheet.name)


VALUES = st.none() | st.booleans() | st.integers(-9, 10**9) | st.floats(-1e9, 1e9) | st.text("a <&\n第_x", max_size=5)
PLACES = st.builds("{}{}".format, st.sampled_from(["A", "B", "AA", "AB", "ABC"]), st.integers(1, 12))


@given(st.dictionaries(PLACES, VALUES | st.just("=1/0") | st.just('="x"'), max_size=25))
def test_any_grid(values: dict[str, Any]) -> None:
    compare(Book.open(sheets({"s": values})), "s")


@pytest.mark.parametrize("cells", [
    '<c r="A1" t="str"><v></v></c><c r="B1" t="str"/>', '<c r="A1"><f>1+1</f><v>2</v></c><c r="AA1"><v>5</v></c>',
    '<c r="A1" t="inlineStr"><is><t>x</t></is></c>', '<c r="A1" t="b" s="0"><v>1</v></c>',
    '<c s="0" r="A1"><v>3</v></c>',
    '<c r="A1" t="e"><v>#N/A</v></c>', '<c r="A1" ><v>3</v></c>', '<c r="A1" t="d"><v>2026-04-01</v></c>',
    '<c r="A1"></c><c r="B1"><v> 7 </v></c>', "<c r='A1'><v>4</v></c>", '<c r="A1" cm="1" t="n"><f>1</f><v>1</v></c>',
    '<c r="A1"><v xml:space="preserve">8</v></c>', '<c r="A1"\n s="0"><v>8</v></c>',
])
def test_unusual_cells(cells: str) -> None:
    compare(Book.open(small(f'<sheetData><row r="1">{cells}</row></sheetData>')), "Data")
