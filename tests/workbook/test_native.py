"""Native formulas against LibreOffice: what the engine says has to be what a second calculator says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import libreoffice
from tests.conftest import SHARED
from tests.workbook.books import sheets
from xlkpi.errors import CellError
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import calculate, calculate_values
from xlkpi.workbook.refs import column_letters

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>"""

DATA: dict[str, Any] = {
    **{f"A{row}": value for row, value in enumerate([12, 7, None, "x", 3.5, 6, -4, "8", 0, 12], start=1)},
    **{f"B{row}": value for row, value in enumerate(list("abacbacaba"), start=1)},
    **{f"C{row}": 46100 + row for row in range(1, 11)},
}
FORMULAS = [
    "SUM(A1:A10)", "AVERAGE(A1:A10)", "COUNT(A1:A10)", "COUNTA(A1:A10)", "COUNTBLANK(A1:A10)", "MAX(A1:A10)",
    "MIN(A:A)", "MEDIAN(A1:A10)", 'SUMIFS(A1:A10,B1:B10,"a")', 'SUMIFS(A1:A10,C1:C10,">="&C3,C1:C10,"<="&C8)',
    'AVERAGEIFS(A1:A10,B1:B10,"b")', 'COUNTIFS(B1:B10,"a",A1:A10,">5")', 'SUMPRODUCT((B1:B10="a")*(C1:C10>46103))',
    'IFERROR(A4*1,"bad")', "A4*1", "1/0", "NA()", 'VLOOKUP("c",B1:C10,2,FALSE)', 'VLOOKUP("z",B1:C10,2,FALSE)',
    'INDEX(C1:C10,MATCH("c",B1:B10,0))', "ROUND(2.345,2)", "ROUND(-1.5,0)", "ROUNDUP(1.01,1)", "INT(-1.5)",
    "MOD(-7,3)", 'TEXT(0.1234,"0.0%")', 'TEXT(46100,"yyyy-mm-dd")', "DATE(2026,2,30)", "EOMONTH(C1,0)",
    "WEEKDAY(C1,2)", "NETWORKDAYS(C1,C10)", 'DATEDIF(C1,C10,"d")', 'LEFT("考核表",2)&LEN("考核表")',
    'SUBSTITUTE("a-b-c","-","",2)', 'TRIM("  a  b ")', 'IF(A3="","blank","full")', "IF(A3=0,1,2)", "AND(A1>1,A2>100)",
    "OR(A1>1,A2>100)", "RANK(A1,A1:A10)", "LARGE(A1:A10,2)", "STDEV(A1:A10)", "PERCENTILE(A1:A10,0.9)",
    "SUBTOTAL(9,A1:A10)", 'CHOOSE(2,"x","y")', '"12"+1', "A8+1", "A6+1", "0.1+0.2=0.3", "1E+300*1E+300", "-2^2",
    '"a"="A"', "10%*5", '_xlfn.MINIFS(A1:A10,B1:B10,"a")', '_xlfn.TEXTJOIN(",",TRUE,B1:B3)', "SUM(T!A1:A3)",
    "OFFSET(A1,1,0)", 'INDIRECT("A2")',
]


def _plain(value: Any) -> Any:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return pytest.approx(float(value), rel=1e-12, abs=1e-12)
    return value


@libreoffice.wanted
def test_native_formulas_agree_with_libreoffice(tmp_path: Path) -> None:
    cells = DATA | {f"E{row}": f"={formula}" for row, formula in enumerate(FORMULAS, start=1)}
    data = sheets({"S": cells, "T": {"A1": 1, "A2": 2, "A3": 3}})
    source = tmp_path / "native.xlsx"
    source.write_bytes(data)
    out = tmp_path / "out"
    profile = out / ".profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    (path,) = libreoffice.convert([source], "xlsx", out)
    theirs = openpyxl.load_workbook(path, data_only=True)["S"]
    ours = calculate_values(data)
    wrong = []
    for row, formula in enumerate(FORMULAS, start=1):
        mine, other = ours["S", row, 5], theirs[f"{column_letters(5)}{row}"].value
        if hasattr(other, "year"):
            other = openpyxl.utils.datetime.to_excel(other)
        if other is None:
            other = ""
        if _plain(mine) != (other if not isinstance(other, int) or isinstance(other, bool) else float(other)):
            wrong.append((formula, mine, other))
    assert wrong == []


SAVED = sorted((SHARED / "workbooks").glob("*.xls[xm]")) if (SHARED / "workbooks").is_dir() else []


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_values_are_those_that_excel_saved(path: Path) -> None:
    book = Book.open(path)
    result = calculate(Book.open(path), on_error="report")
    saved = {sheet.name: book.values(sheet.name) for sheet in book.sheets}
    unknown = CellError("#N/A")
    wrong = []
    for (sheet, row, column), value in result.values.items():
        theirs = saved[sheet].get((row, column))
        if theirs is None or (value == unknown and result.problems):
            continue  # Excel never calculated it, or we say that we cannot
        if _plain(value) != theirs:
            wrong.append((sheet, row, column, theirs, value))
    assert wrong == []
    assert {problem.name for problem in result.problems} <= {"RandomValue", "CannotCalculate", "Blocked"}
    assert len(result.problems) < len(result.values) or not result.values
