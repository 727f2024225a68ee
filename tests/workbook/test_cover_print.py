"""Print areas: titles above and columns beside a table belong to the page that ends with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlkpi.workbook.cover_names import fit_names
from xlkpi.workbook.cover_print import fit_print_area
from xlkpi.workbook.refs import Area, Resize

# A3:D9 under a title: header in row 3, data in rows 4 to 8, totals in row 9; it grows to row 20.
GROWS = Resize("Data", "works", 1, 4, 4, 8, 20, totals=True)
PLAIN = replace(GROWS, totals=False)
BESIDE = Resize("Data", "daily", 6, 8, 4, 6, 30, totals=False)  # F3:H6, to row 30


@pytest.mark.parametrize(("area", "resize", "want"), [
    ("$A$1:$D$9", GROWS, "$A$1:$D$21"),  # title, table, totals
    ("$A$1:$D$8", GROWS, "$A$1:$D$20"),  # without the totals
    ("$A$3:$D$9", GROWS, "$A$3:$D$21"), ("$A$2:$H$9", GROWS, "$A$2:$H$21"), ("$A$4:$H$8", PLAIN, "$A$4:$H$20"),
    ("$A$1:$D$8", PLAIN, "$A$1:$D$20"), ("$A$1:$D$9", PLAIN, "$A$1:$D$9"),  # row 9 is none of its rows
    ("$A$1:$D$10", GROWS, "$A$1:$D$10"), ("$A$1:$D$50", GROWS, "$A$1:$D$50"),  # further down
    ("$A$1:$D$7", GROWS, "$A$1:$D$7"), ("$B$1:$D$9", GROWS, "$B$1:$D$9"), ("$A$5:$D$9", GROWS, "$A$5:$D$9"),
    ("$B$4:$C$8", GROWS, "$B$4:$C$20"),  # just the body of two columns
    ("$A:$D", GROWS, "$A:$D"),
])
def test_ends_with_the_table(area: str, resize: Resize, want: str) -> None:
    assert fit_print_area(f"Data!{area}", [resize]) == f"Data!{want}"
    assert fit_print_area(f"Data!{want}", [resize.back]) == f"Data!{area}"
    assert fit_print_area(f"Other!{area}", [resize]) == f"Other!{area}"


def test_several_areas() -> None:
    assert fit_print_area("Data!$A$1:$D$9,Data!$K$1:$M$9,Other!$A$1:$D$9", [GROWS]) == \
        "Data!$A$1:$D$21,Data!$K$1:$M$9,Other!$A$1:$D$9"


def test_tables_side_by_side_share_a_page() -> None:
    assert fit_print_area("Data!$A$1:$H$8", [PLAIN, BESIDE]) == "Data!$A$1:$H$30"
    assert fit_print_area("Data!$A$1:$H$8", [BESIDE, PLAIN]) == "Data!$A$1:$H$30"
    short = replace(BESIDE, new_last_row=5)
    assert fit_print_area("Data!$A$1:$H$8", [short, PLAIN]) == "Data!$A$1:$H$20"


def test_what_stands_beside_a_table_stays_on_the_page() -> None:
    shrinks = replace(GROWS, new_last_row=5)
    asked = []

    def lowest(sheet: str, below: Area, inside: Area) -> int:
        asked.append((sheet, below.text(), inside.text()))
        return 7
    assert fit_print_area("Data!$A$1:$H$9", [shrinks], lowest) == "Data!$A$1:$H$7"
    assert asked == [("Data", "A7:H9", "A4:D9")]  # the totals stand in row 6 now
    assert fit_print_area("Data!$A$1:$H$9", [shrinks]) == "Data!$A$1:$H$6"


def test_a_table_whose_last_row_is_not_named_counts_too() -> None:
    book = ('<workbook><definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">Data!$A$1:$H${}'
            '</definedName><definedName name="_xlnm.Print_Titles">Data!$3:$3</definedName></definedNames></workbook>')
    assert fit_names(book.format(8).encode(), PLAIN, BESIDE) == book.format(30).encode()
    assert fit_names(book.format(9).encode(), PLAIN, BESIDE) == book.format(9).encode()
