"""Native formulas in every style, against LibreOffice and against Excel's values written by hand.

The formulas stand in ``probes/*.txt``. The engine may refuse one, in the open; it may not say
another value.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import libreoffice
from tests.workbook.differential import COLUMN, FIRST, PROBES, Probe, book, probes
from xlkpi.errors import CellError
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import calculate
from xlkpi.workbook.refs import column_letters

FILES = sorted(path.stem for path in PROBES.glob("*.txt"))
MONTH = date(2026, 4, 30)


def _plain(value: Any) -> Any:
    if isinstance(value, CellError):
        return value.code
    return "" if value is None else value


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, bool) or isinstance(theirs, bool) or isinstance(mine, str) or isinstance(theirs, str):
        return type(mine) is type(theirs) and bool(mine == theirs)
    return abs(mine - theirs) <= 1e-12 * max(1.0, abs(theirs))


def _ours(asked: list[Probe]) -> list[Any]:
    """Our values, ``refused`` for a formula that has a problem of its own."""
    result = calculate(book(asked), as_of=MONTH, on_error="report")
    refused = {(problem.where.sheet, problem.where.cell) for problem in result.problems}
    letter = column_letters(COLUMN)
    return ["refused" if ("S", f"{letter}{row}") in refused else _plain(result.values["S", row, COLUMN])
            for row in range(FIRST, FIRST + len(asked))]


@pytest.mark.parametrize("name", FILES)
def test_values_written_by_hand(name: str) -> None:
    asked = [probe for probe in probes(name) if probe.given]
    wrong = [(probe.formula, mine, probe.expected) for probe, mine in zip(asked, _ours(asked), strict=True)
             if not _same(mine, probe.expected)]
    assert wrong == []


@libreoffice.wanted
def test_all_others_are_what_libreoffice_says(tmp_path: Path) -> None:
    asked = {name: own for name in FILES if (own := [probe for probe in probes(name) if not probe.given])}
    paths = []
    for name, own in asked.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(book(own))
    wrong = []
    results = libreoffice.convert(paths, "xlsx", tmp_path / "out", recalculate=True)
    for (_, own), path in zip(asked.items(), results, strict=True):
        theirs = Book.open(path).values("S")
        for row, (probe, mine) in enumerate(zip(own, _ours(own), strict=True), start=FIRST):
            other = _plain(theirs.get((row, COLUMN)))
            if not _same(mine, other):
                wrong.append((probe.formula, mine, other))
    assert wrong == []
    assert sum(map(len, asked.values())) > 900
