"""The engine reads beside Python's own work: what it says later, and what nobody has to ask it."""

from __future__ import annotations

import pytest

from xlkpi import templates
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import _load
from xlkpi.workbook.engine import Engine, EngineError


def test_a_package_that_cannot_be_read_is_told_when_it_is_needed() -> None:
    engine = Engine.load(b"PK no package", 46_000.0)
    with pytest.raises(EngineError):
        engine.calculate()
    with pytest.raises(EngineError):
        engine.used("Sheet1")
    engine.close()


@pytest.mark.parametrize("name", ["short_video", "account_operations"])
def test_constants_are_those_the_engine_reads(name: str) -> None:
    book = Book.open(templates.path(name, "zh"))
    engine, model = _load(book, None)
    assert model.stored is not None
    assert model.sheets == list(engine.sheets)
    formulas = {formula.cell for formula in model.formulas}
    compared = 0
    for sheet, used in engine.sheets.items():
        assert used is not None
        for column in range(used.left, used.right + 1):
            stored = model.stored(sheet, column)
            for row, value in enumerate(engine.column(sheet, column, 1, used.bottom), start=1):
                if (sheet, row, column) not in formulas:
                    assert (type(value), value) == (type(stored.get(row)), stored.get(row)), (sheet, row, column)
                    compared += value is not None
    assert compared > 300
    engine.close()
