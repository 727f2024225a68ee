"""Controls and shapes: lists, linked cells and linked pictures follow; nothing else of their parts changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlkpi.workbook.cover_controls import fit_controls
from xlkpi.workbook.cover_sheet import fit_sheet
from xlkpi.workbook.refs import Resize

GROWS = Resize("R&D", "works", 1, 4, 2, 4, 6, totals=True)  # A1:D5 with totals in row 5; totals in row 7 after


@pytest.mark.parametrize(("old", "new"), [
    ('<formControlPr objectType="Drop" fmlaLink="$F$1" fmlaRange="$A$2:$A$4" sel="2" val="0"/>',
     '<formControlPr objectType="Drop" fmlaLink="$F$1" fmlaRange="$A$2:$A$6" sel="2" val="0"/>'),
    ("<formControlPr fmlaRange='&apos;R&amp;D&apos;!$A$2:$A$4'/>",
     "<formControlPr fmlaRange='&apos;R&amp;D&apos;!$A$2:$A$6'/>"),
    ('<formControlPr fmlaLink="$A$5" fmlaRange="states"/>', '<formControlPr fmlaLink="$A$7" fmlaRange="states"/>'),
    ('<formControlPr fmlaLink="$A$4" fmlaRange="$A$2:$A$3"/>',) * 2,  # a cell of the body, part of the body
    ('<formControlPr objectType="Drop" fmlaRange="Other!$A$2:$A$4"/>',) * 2,
    ("<x:FmlaRange>$A$2:$A$4</x:FmlaRange><br><x:FmlaLink>$A$5</x:FmlaLink><x:Val>4</x:Val>",
     "<x:FmlaRange>$A$2:$A$6</x:FmlaRange><br><x:FmlaLink>$A$7</x:FmlaLink><x:Val>4</x:Val>"),
    ("<x:FmlaPict>'R&amp;D'!$A$1:$D$5</x:FmlaPict><x:FmlaMacro>[0]!A2:A4</x:FmlaMacro>",
     "<x:FmlaPict>'R&amp;D'!$A$1:$D$7</x:FmlaPict><x:FmlaMacro>[0]!A2:A4</x:FmlaMacro>"),
    ('<xdr:sp macro="" textlink="\'R&amp;D\'!$B$5"><a14:cameraTool cellRange="$A$1:$D$5" spid="_x0000_s1"/></xdr:sp>',
     '<xdr:sp macro="" textlink="\'R&amp;D\'!$B$7"><a14:cameraTool cellRange="$A$1:$D$7" '
     'spid="_x0000_s1"/></xdr:sp>'),
])
def test_references(old: str, new: str) -> None:
    assert fit_controls(old.encode(), "R&D", GROWS).decode() == new
    back = fit_controls(new.encode(), "R&D", GROWS.back)
    assert back.decode() == old


def test_other_sheets_need_the_name() -> None:
    old = b'<formControlPr fmlaRange="$A$2:$A$4" fmlaLink="\'R&amp;D\'!$A$5"/>'
    assert fit_controls(old, "Form", GROWS) == b'<formControlPr fmlaRange="$A$2:$A$4" ' \
        b'fmlaLink="\'R&amp;D\'!$A$7"/>'


def test_a_list_over_one_row() -> None:
    one = replace(GROWS, totals=False, old_last_row=2)
    assert fit_controls(b'<x fmlaRange="$A$2" fmlaLink="$A$2"/>', "R&D", one) == \
        b'<x fmlaRange="$A$2:$A$6" fmlaLink="$A$2"/>'


def test_activex_controls_are_told_by_the_sheet() -> None:
    sheet = ('<worksheet><sheetData/><controls><control shapeId="1"><controlPr linkedCell="A5" '
             'listFillRange="A2:A{}"/></control></controls></worksheet>')
    assert fit_sheet(sheet.format(4).encode(), "R&D", GROWS).decode() == sheet.replace('"A5"', '"A7"').format(6)
