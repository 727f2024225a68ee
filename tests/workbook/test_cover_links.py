"""Hyperlinks within the workbook follow the table; those whose target is gone are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlkpi.workbook.cover_links import Lost
from xlkpi.workbook.cover_sheet import fit_sheet
from xlkpi.workbook.refs import Resize

GROWS = Resize("Data", "works", 1, 4, 2, 9, 20, totals=True)
SHRINKS = replace(GROWS, new_last_row=5)  # totals in row 6


def sheet(location: str) -> bytes:
    return ('<worksheet><sheetData/><hyperlinks><hyperlink ref="F1" r:id="rId1"/>'
            f'<hyperlink ref="F2" location="{location}" display="x"/></hyperlinks></worksheet>').encode()


@pytest.mark.parametrize(("location", "resize", "want"), [
    ("Data!A10", GROWS, "Data!A21"), ("Data!A2:D9", GROWS, "Data!A2:D20"), ("Data!A9", GROWS, "Data!A9"),
    ("Data!A10", SHRINKS, "Data!A6"), ("Data!$A$1", SHRINKS, "Data!$A$1"), ("plays", SHRINKS, "plays"),
    ("Other!A10", GROWS, "Other!A10"), ("Data!A5", SHRINKS, "Data!A5"), ("Data!F9", SHRINKS, "Data!F9"),
    ("Data!A11", SHRINKS, "Data!A11"), ("Other!A8", SHRINKS, "Other!A8"),
])
def test_links(location: str, resize: Resize, want: str) -> None:
    for name in ("Data", "Board"):
        lost: list[Lost] = []
        assert fit_sheet(sheet(location), name, resize, lost) == sheet(want)
        assert lost == []


@pytest.mark.parametrize("location", ["Data!A8", "'data'!$B$7:$C$9", "Data!A7"])
def test_links_to_rows_that_are_no_more(location: str) -> None:
    lost: list[Lost] = []
    assert fit_sheet(sheet(location), "Board", SHRINKS, lost) == sheet(location)
    assert lost == [Lost("F2", location)]
