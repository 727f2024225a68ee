"""A value filled into an input cell is held against the cell's own data validation."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import xlkpi
from xlkpi import language, templates
from xlkpi.errors import Refused


def book() -> xlkpi.Template:
    out = io.BytesIO()
    wb = xlsxwriter.Workbook(out, {"in_memory": True})
    day = wb.add_format({"num_format": "yyyy-mm-dd"})
    sheet, words = wb.add_worksheet("In"), wb.add_worksheet("Words")
    words.write_column(0, 0, ["red", "green", 7])
    words.write(0, 2, 10)
    wb.define_name("colours", "=Words!$A$1:$A$3")
    sheet.write_blank(0, 0, None, day)
    for row, rule in enumerate([
            {"validate": "date", "criteria": "between", "minimum": dt.date(2026, 1, 1),
             "maximum": dt.date(2026, 12, 31)},
            {"validate": "list", "source": ["yes", "no"]}, {"validate": "list", "source": "=colours"},
            {"validate": "integer", "criteria": ">=", "value": 3}, {"validate": "decimal", "criteria": "not between",
                                                                   "minimum": 0, "maximum": "=Words!$C$1"},
            {"validate": "length", "criteria": "<", "value": 4}, {"validate": "custom", "value": "=LEN(A7)>90"},
            {"validate": "decimal", "criteria": "<", "value": 1, "error_type": "warning"},
            {"validate": "list", "source": "=OFFSET(Words!$A$1,0,0,2)"},
            {"validate": "integer", "criteria": ">=", "value": 3, "show_error": False}]):
        sheet.data_validation(row, 0, row, 0, rule)
    wb.close()
    return xlkpi.Template.open(out.getvalue())


GOOD = [("A1", dt.date(2026, 3, 1)), ("A1", None), ("A2", "yes"), ("A2", "YES"), ("A3", "green"), ("A3", 7), ("A4", 3),
        ("A5", 11), ("A6", "abc"), ("A7", "no matter"), ("A9", "not known without a calculation"), ("A10", 1)]
BAD: list[tuple[str, Any, str]] = [
    ("A1", dt.date(2025, 12, 31), "a date from 2026-01-01 to 2026-12-31"), ("A1", "abc", "a date"),
    ("A2", "yess", "yes、no; did you mean 'yes'?"), ("A3", "blue", "red、green、7"), ("A4", 2, "a whole number ≥ 3"),
    ("A4", 3.5, "a whole number ≥ 3"), ("A4", True, "a whole number"), ("A5", 10, "a number outside 0 to 10"),
    ("A6", "abcd", "a text of length < 4")]


@pytest.mark.parametrize(("cell", "value"), GOOD)
def test_in_order(cell: str, value: Any) -> None:
    assert book().fill(inputs={f"In!{cell}": value}) == []


@pytest.mark.parametrize(("cell", "value", "words"), BAD)
def test_against_the_validation(cell: str, value: Any, words: str) -> None:
    filled = book()
    with pytest.raises(Refused) as caught:
        filled.fill(inputs={f"In!{cell}": value})
    (problem,) = caught.value.problems
    assert problem.name == "NotAllowed"
    assert words in problem.line("en") or words in problem.sentence("en")
    assert (problem.where.sheet, problem.where.cell) == ("In", cell)
    assert filled.value(f"In!{cell}") is None


def test_a_validation_that_warns_is_a_warning() -> None:
    filled = book()
    (problem,) = filled.fill(inputs={"In!A8": 2})
    assert (problem.name, problem.level) == ("NotUsual", "warning")
    assert filled.value("In!A8") == 2


@pytest.mark.parametrize("name", ["period_start", "period_end", "as_of"])
def test_the_period_of_a_template_is_a_date(name: str) -> None:
    """Text here made every count over the period 0, and the work of a month scored 0."""
    filled = xlkpi.Template.open(templates.path("short_video", "zh"))
    with language.use("zh"), pytest.raises(Refused) as caught:
        filled.fill(inputs={name: "abc"})
    assert "日期 2000-01-01 到 2099-12-31" in caught.value.problems[0].sentence("zh")
    with pytest.raises(Refused, match="2000-01-01"):
        filled.fill(inputs={name: "2026-10-01"})


def test_a_validation_in_the_extension_list() -> None:
    """Excel keeps a drop-down over another sheet as x14; openpyxl writes none, so the part is patched by hand."""
    out = io.BytesIO()
    wb = openpyxl.Workbook()
    wb.active.title = "In"  # type: ignore[union-attr]
    wb.create_sheet("Words")["A1"] = "red"
    wb.save(out)
    filled = xlkpi.Template.open(out.getvalue())
    part = filled.book.sheet("In").part
    x14 = ('<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
           'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations xmlns:xm='
           '"http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list" '
           'showErrorMessage="1"><x14:formula1><xm:f>Words!$A$1:$A$1</xm:f></x14:formula1><xm:sqref>B2:B4</xm:sqref>'
           "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>")
    data = filled.book.package.xml(part).replace(b"</worksheet>", x14.encode())
    filled.book.package.write(part, data)
    assert filled.fill(inputs={"In!B3": "red", "In!B5": "x"}) == []
    with pytest.raises(Refused, match="red"):
        filled.fill(inputs={"In!B4": "blue"})
