"""Books calculated without Excel: KPI calls in every place a formula can hold them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.workbook.books import by_address, sheets, written
from xlkpi.errors import CellError, Refused
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import Result, calculate, calculate_values, evaluate

MONTH = date(2026, 4, 30)


def one(cells: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Values of a book of one sheet by address."""
    return by_address(calculate_values(sheets({"S": cells}, **options), as_of=MONTH))


def reported(cells: dict[str, Any], **options: Any) -> tuple[dict[str, Any], Result]:
    result = calculate(sheets({"S": cells}, **options), as_of=MONTH, on_error="report")
    return by_address(result.values), result


@pytest.mark.parametrize("date1904", [False, True])
def test_days_count_from_the_books_own_day(date1904: bool) -> None:
    """Dates given, in a table, as anything; dates that come out, alone, side by side, handed on to another call."""
    days = 46113 - (1462 if date1904 else 0)  # 1 April 2026
    values = one({"A1": days, "B1#": '=KPI_DUE("两个星期内",A1)', "A2": '=INDEX(KPI_DUE("两个星期内",A1),1,2)-A1',
                  "A3": '=KPI_PACE(45,90,A1,INDEX(KPI_DUE("两个星期内",A1),1,2),A1+7)',
                  "A4": "=KPI_PACE(45,90,A1,A1+29,INDEX(KPI_DUE(A1+14,A1),1,2))",
                  "E1": "日期", "F1": "播放量", "E2": days, "F2": 5, "E3": days + 30, "F3": 7,
                  "A5": '=KPI_ACTUAL("播放量",E1:F3,A1,A1+29)',
                  "A6": '=INDEX(KPI_SMART("播放量",1,2,"次",A1,A1+29,"x"),5,3)'}, date_1904=date1904)
    assert (values["B1"], values["C1"], values["A2"]) == (days, days + 14, 14)
    assert (values["A3"], values["A4"]) == (pytest.approx(0.5 * 15 / 8), 1.0)
    assert values["A5"] == 5
    assert values["A6"].startswith("2026-04-01 至 2026-04-30")


# ---------------------------------------------------------------- native formulas

def test_a_book_without_kpi_calls() -> None:
    got = one({"A1": 2, "A2": 3, "B1": "=A1+A2", "B2": '=A1&"x"', "B3": "=A1>A2", "B4": "=1/0", "B5": "=C9",
               "B6": '=IF(C9="","blank","")'})
    assert got == {"B1": 5.0, "B2": "2x", "B3": False, "B4": "#DIV/0!", "B5": 0.0, "B6": "blank"}


def test_today_is_the_day_asked_for() -> None:
    got = one({"A1": "=TODAY()", "A2": "=YEAR(NOW())", "A3": "=DAY(TODAY())"})
    assert got == {"A1": 46142.0, "A2": 2026.0, "A3": 30.0}
    got = one({"A1": "=TODAY()", "A2": "=YEAR(TODAY())"}, date_1904=True)
    assert got == {"A1": 46142.0 - 1462, "A2": 2026.0}


@pytest.mark.parametrize("saved", ["B1#", "B1:B2#", "B1:B6#"])
def test_a_native_spill_is_as_large_as_it_turns_out(saved: str) -> None:
    result = calculate(sheets({"S": {"A1": 3, saved: "=SEQUENCE(A1)", "C1": "=SUM(B1:B9)"}}))
    assert by_address(result.values) == {"B1": 1.0, "B2": 2.0, "B3": 3.0, "C1": 6.0}
    assert result.spills == {("S", 1, 2): (3, 1)}


def test_shared_and_array_formulas() -> None:
    data = sheets({"S": {"A1": 10, "A2": 20, "A3": 30, "B1": "=KPI_COMPLETION(A1,100)", "C1:C3": "{=A1:A3*2}",
                         "D1:D4": "{=KPI_COMPLETION(A1:A3,100)}", "E1:E2": "{=KPI_COMPLETION(50,100)}",
                         "F1": "=SUM(D1:D3)", "G1:G4": "{=KPI_COMPLETION(A1:A3,100)*2}"}})
    opened = Book.open(data)
    part = opened.sheets[0].part
    xml = opened.package.read(part)
    xml = xml.replace(b"<f>KPI_COMPLETION(A1,100)</f>", b'<f t="shared" ref="B1:B3" si="0">KPI_COMPLETION(A1,100)</f>')
    for row in (2, 3):
        xml = xml.replace(f'<c r="C{row}">'.encode(), f'<c r="B{row}"><f t="shared" si="0"/><v>0</v></c>'
                                                      f'<c r="C{row}">'.encode())
    opened.package.write(part, xml)
    got = by_address(calculate_values(Book.open(opened.package.tobytes())))
    assert got == {"B1": 0.1, "B2": 0.2, "B3": 0.3, "C1": 20, "C2": 40, "C3": 60, "D1": 0.1, "D2": 0.2, "D3": 0.3,
                   "D4": "#N/A", "E1": 0.5, "E2": 0.5, "F1": pytest.approx(0.6), "G1": 0.2, "G2": 0.4, "G3": 0.6,
                   "G4": "#N/A"}


# ---------------------------------------------------------------- KPI calls

@pytest.mark.parametrize("spelled", [
    "KPI_COMPLETION", "_xll.KPI_COMPLETION", "_xldudf_KPI_COMPLETION", "_xldudf_XLKPI_KPI_COMPLETION",
    "[1]!KPI_COMPLETION", "'C:\\addins\\xlkpi.xlam'!KPI_COMPLETION", "_xlfn.KPI_COMPLETION", "kpi_completion"])
@pytest.mark.parametrize("around", [
    "{}", "IF(A1>0,{},0)", "{}*1", "IFERROR({},9)", "_xlfn.LET(_xlpm.x,A1,{}+0*_xlpm.x)"])
def test_every_spelling_everywhere(spelled: str, around: str) -> None:
    assert one({"A1": 90, "B1": 120, "C1": "=" + around.format(f"{spelled}(A1,B1)")})["C1"] == 0.75


def test_blank_text_and_errors_reach_the_function_as_they_are() -> None:
    got, result = reported({
        "A1": 90, "B1": 100, "A2": "1,234", "A3": "n/a", "A4": "=1/0",
        "C1": "=KPI_COMPLETION(A9,B1)",        # no actual value: no value, and not 0
        "C2": "=KPI_COMPLETION(A2,1234)",      # text that is a number
        "C3": "=KPI_COMPLETION(A3,B1)",        # text that is none
        "C4": "=KPI_COMPLETION(A4,B1)",        # an error stays that error
        "C5": '=IFERROR(KPI_COMPLETION(A3,B1),"caught")',
        "C6": "=KPI_COMPLETION(INDEX(A1:A9,9),B1)",  # a blank handed on by a function is still blank
        "C7": "=KPI_COMPLETION(IF(TRUE,A9),B1)",
        "C8": "=KPI_COMPLETION(A9+0,B1)",      # arithmetic makes it 0, as in Excel
        "C9": "=KPI_COMPLETION(,B1)",
        "C10": "=ISERROR(KPI_COMPLETION(A3,B1))",
    })
    assert got["C1"] == got["C6"] == got["C7"] == got["C9"] == ""
    assert (got["C2"], got["C3"], got["C4"], got["C5"]) == (1.0, "#VALUE!", "#DIV/0!", "caught")
    assert got["C8"] == 0.0
    assert got["C10"] is True
    assert "'n/a'" in result.sentences["S", 3, 3]
    assert not result.problems


def test_an_untaken_branch_does_not_matter() -> None:
    got = one({"A1": 1, "C1": '=IF(A2="","",KPI_COMPLETION(A1,"x"))', "C2": '=IF(A1=1,"yes",KPI_COMPLETION(C2,1))',
               "C3": '=IF(A1=1,KPI_COMPLETION(A1,2),KPI_COMPLETION(A1,"x"))'})
    assert got == {"C1": "", "C2": "yes", "C3": 0.5}


def test_nested_calls_and_chains_in_any_order_of_the_sheet() -> None:
    got = one({
        "A1": "=B1+0", "B1": "=KPI_COMPLETION(C1,10)", "C1": "=D1*10", "D1": "=KPI_COMPLETION(E1,F1)",
        "E1": "=SUM(G1:G3)", "F1": 12, "G1": 1, "G2": 2, "G3": 3,
        "A2": "=KPI_COMPLETION(KPI_COMPLETION(G1,G2),KPI_COMPLETION(G2,4)*2)+KPI_COMPLETION(G3,1)",
    })
    assert got == {"A1": 0.5, "B1": 0.5, "C1": 5.0, "D1": 0.5, "E1": 6.0, "A2": 3.5}


def test_scorecard_chain() -> None:
    cells: dict[str, Any] = {}
    for row, (actual, target, weight) in enumerate([(90, 100, 0.4), (120, 100, 0.3), (45, 50, 0.3)], start=2):
        cells |= {f"A{row}": actual, f"B{row}": target, f"C{row}": weight,
                  f"D{row}": f"=KPI_COMPLETION(A{row},B{row})", f"E{row}": f"=KPI_SCORE(A{row},B{row})"}
    cells |= {"E6": "=KPI_TOTAL(E2:E4,C2:C4)", "E7": '="等级 "&KPI_GRADE(E6)', "E8": "=ROUND(E6,1)"}
    got = one(cells)
    assert [got[f"D{row}"] for row in (2, 3, 4)] == [0.9, 1.2, 0.9]
    scores = [got[f"E{row}"] for row in (2, 3, 4)]
    assert got["E6"] == pytest.approx(scores[0] * 0.4 + scores[1] * 0.3 + scores[2] * 0.3)
    assert got["E7"].startswith("等级 ")
    assert got["E8"] == round(got["E6"], 1)


def test_a_call_over_a_range_spills_and_others_read_it() -> None:
    result = calculate(sheets({"S": {"A1": 50, "A2": 70, "B1": "=KPI_COMPLETION(A1:A2,100)", "C1": "=SUM(B2:B5)",
                                     "D1": "=KPI_COMPLETION(C1,1)", "E1": "=SUM(KPI_COMPLETION(A1:A2,100))"}}))
    assert by_address(result.values) == {"B1": 0.5, "B2": 0.7, "C1": 0.7, "D1": 0.7, "E1": pytest.approx(1.2)}
    assert result.spills == {("S", 1, 2): (2, 1)}


@pytest.mark.parametrize("saved", ["C1#", "C1:C2#", "C1:C5#"])
def test_a_kpi_spill_grows_and_shrinks_over_its_saved_values(saved: str) -> None:
    cells = {"A1": 10, "A2": 20, "A3": 30, saved: "=KPI_COMPLETION(A1:A3,100)"}
    book = Book.open(sheets({"S": cells}))
    calculate(book)
    again = Book.open(book.package.tobytes())
    assert {place: value for place, value in again.values("S").items() if place[1] == 3} == {
        (1, 3): 0.1, (2, 3): 0.2, (3, 3): 0.3}
    assert [(one.kind, one.ref) for one in again.formulas()] == [("dynamic", "C1:C3")]
    again.set_cells("S", {(3, 1): 99})
    assert by_address(calculate_values(again)) == {"C1": 0.1, "C2": 0.2, "C3": 0.99}


def test_an_ordinary_formula_that_spills_is_stored_as_a_dynamic_one() -> None:
    book = Book.open(sheets({"S": {"A1": 10, "A2": 20, "C1": "=KPI_COMPLETION(A1:A2,100)"}}))
    first = calculate(book)
    again = Book.open(book.package.tobytes())
    assert [(one.kind, one.ref) for one in again.formulas()] == [("dynamic", "C1:C2")]
    assert calculate(again).values == first.values
    assert openpyxl.load_workbook(io.BytesIO(book.package.tobytes()), data_only=True)["S"]["C2"].value == 0.2


def test_a_spill_never_covers_what_is_there() -> None:
    got, _ = reported({"A1": 10, "A2": 20, "B1": "=KPI_COMPLETION(A1:A2,100)", "B2": "mine",
                       "C1": "=KPI_COMPLETION(A1:A2,100)", "C2": "=A1", "D1": "=IFERROR(B1,0)"})
    assert got == {"B1": "#SPILL!", "C1": "#SPILL!", "C2": 10.0, "D1": 0.0}


def test_a_call_that_read_cells_before_something_spilled_into_them_is_made_again() -> None:
    got = one({"A1": 1, "A2": 2, "B1": "=A1*2", "D1": "=KPI_COMPLETION(A1:A2,B1)", "E1": "=SUM(D2:D9)+0",
               "F1": "=KPI_COMPLETION(E1,1)", "G1": "=KPI_COMPLETION(D2,1)"})
    assert got == {"B1": 2.0, "D1": 0.5, "D2": 1.0, "E1": 1.0, "F1": 1.0, "G1": 1.0}


def test_an_array_from_a_call_inside_a_formula_spills_too() -> None:
    book = Book.open(sheets({"S": {"A1": 10, "A2": 20, "C1": "=KPI_COMPLETION(A1:A2,100)*2", "D1": "=SUM(C1:C2)",
                                   "E1": '=IF(A1=10,SUM(KPI_COMPLETION(A1:A2,100)),"")'}}))
    result = calculate(book)
    assert by_address(result.values) == {"C1": 0.2, "C2": 0.4, "D1": pytest.approx(0.6), "E1": pytest.approx(0.3)}
    assert result.spills == {("S", 1, 3): (2, 1)}
    assert by_address(calculate_values(Book.open(book.package.tobytes()))) == by_address(result.values)


def test_no_spill_inside_a_table_or_over_a_merge() -> None:
    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.write_column(1, 0, [5, 7])
        sheet.add_table(0, 0, 2, 1, {"name": "t", "columns": [{"header": "b"}, {"header": "c"}]})
        sheet.write_formula("B2", "=KPI_COMPLETION(A2:A3,10)")
        sheet.write_formula("D1", "=KPI_COMPLETION(A2:A3,10)")
        sheet.merge_range("D2:E2", "")

    result = calculate(written(build))
    assert by_address(result.values) == {"B2": "#SPILL!", "D1": "#SPILL!"}


def test_whole_columns_end_where_the_sheet_does() -> None:
    result = calculate(sheets({"S": {"A1": 1, "A2": 2, "A3": 3, "C1": "=KPI_COMPLETION(A:A,2)"}}))
    assert result.spills == {("S", 1, 3): (3, 1)}


def test_a_book_that_brings_its_own_function_keeps_it() -> None:
    def build(book: Any) -> None:
        book.add_worksheet("S").write_formula("A1", "=KPI_COMPLETION(1,4)+KPI_RATIO(1,2)")
        book.define_name("KPI_COMPLETION", "=_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a+_xlpm.b)")

    assert by_address(calculate_values(written(build))) == {"A1": 5.5}


def test_structured_references() -> None:
    def build(book: Any) -> None:
        sheet = book.add_worksheet("作品")
        for row, values in enumerate([(50, 100), (30, 60), (10, 40)], start=2):
            sheet.write_row(row, 1, values)
        sheet.add_table(1, 1, 5, 4, {"name": "works", "total_row": True, "columns": [
            {"header": "实际 [万]"}, {"header": "目标", "total_function": "sum"},
            {"header": "完成率", "formula": "=KPI_COMPLETION([@[实际 '[万']]],works[@目标])"},
            {"header": "双倍", "formula": '=IF([@目标]="","",KPI_COMPLETION([@目标]*2,[@目标]))'}]})
        other = book.add_worksheet("it's")
        other.write_formula("A1", "=KPI_COMPLETION(SUM(works[实际 '[万']]),SUM(works[目标]))")
        other.write_formula("A2", "=KPI_COMPLETION(works[[#Totals],[目标]],100)")
        other.write_formula("A3", "=KPI_COMPLETION('作品'!B3,'作品'!$C$3)")
        other.write_formula("A4", "=SUM(KPI_COMPLETION(works[[实际 '[万']]:[目标]],100))")
        other.write_formula("A5", "=KPI_COMPLETION(goal,ten)")
        other.write_formula("A6", "=KPI_RATIO(nums,B:B)")
        for row in range(3):
            other.write(row, 1, 2)
            other.write(row, 2, 1)
        book.define_name("goal", "='作品'!$B$3")
        book.define_name("ten", "=10")
        book.define_name("nums", "='it''s'!$C:$C")

    values = calculate_values(written(build))
    works, other = by_address(values, "作品"), by_address(values, "it's")
    assert [works[f"D{row}"] for row in (3, 4, 5)] == [0.5, 0.5, 0.25]
    assert [works[f"E{row}"] for row in (3, 4, 5)] == [2.0, 2.0, 2.0]
    assert works["C6"] == 200.0
    assert other == {"A1": 0.45, "A2": 2.0, "A3": 0.5, "A4": pytest.approx(2.9), "A5": 5.0, "A6": 0.5}


def test_a_table_whose_sort_state_reaches_beyond_it() -> None:
    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.write_column(1, 0, [5, 7])
        sheet.add_table(0, 0, 2, 1, {"name": "t", "columns": [
            {"header": "b"}, {"header": "c", "formula": "=t[[#This Row],[b]]*2"}]})
        sheet.write_formula("D1", "=SUM(t[b])+ROWS(t)")

    book = Book.open(written(build))
    part = book.tables["t"].part
    book.package.write(part, book.package.read(part).replace(
        b"<tableColumns", b'<sortState ref="A2:B3"><sortCondition ref="A2:A999"/></sortState><tableColumns'))
    assert by_address(calculate_values(Book.open(book.package.tobytes()))) == {"B2": 10.0, "B3": 14.0, "D1": 14.0}


def test_columns_of_the_own_table_without_its_name() -> None:
    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        for row, values in enumerate([(50, 100), (30, 60), (10, 40)], start=2):
            sheet.write_row(row, 1, values)
        sheet.add_table(1, 1, 5, 5, {"name": "t", "total_row": True, "columns": [
            {"header": "b", "total_function": "sum"}, {"header": "c d"},
            {"header": "e", "formula": "=[@b]/SUM([b])"},
            {"header": "f", "formula": "=KPI_COMPLETION([@b],1)/SUM([c d])"},
            {"header": "g", "formula": '=COUNTIFS([b],">="&[@b])+SUM([[b]:[c d]])*0'}]})

    got = by_address(calculate_values(written(build)))
    assert got["B6"] == 90.0
    assert [got[f"D{row}"] for row in (3, 4, 5)] == [50 / 90, 30 / 90, 10 / 90]
    assert [got[f"E{row}"] for row in (3, 4, 5)] == [50 / 200, 30 / 200, 10 / 200]
    assert [got[f"F{row}"] for row in (3, 4, 5)] == [1.0, 2.0, 3.0]


def test_an_expression_means_its_own_cell() -> None:
    got = one({"A1": 1, "A2": 2, "A3": 3,
               "B2": "=KPI_COMPLETION(ROW()*1,COLUMN()+0)",
               "B3": "=KPI_COMPLETION(INDIRECT(\"A\"&ROW()),1)",
               "C3": "=KPI_COMPLETION(_xlfn.SINGLE(A1:A3)+0,1)",
               "D3": "=_xlfn.LET(_xlpm.n,A3*2,_xlpm.m,_xlpm.n+1,KPI_COMPLETION(_xlpm.m,_xlpm.n))",
               "E1": "=KPI_COMPLETION(SUM(A1:A3*{1;0;1}),MAX(A:A))"})
    assert got == {"B2": 1.0, "B3": 3.0, "C3": 3.0, "D3": 7 / 6, "E1": pytest.approx(4 / 3)}


def test_array_arguments_that_are_expressions() -> None:
    cells: dict[str, Any] = {f"A{row}": row for row in range(1, 11)}
    for row in range(1, 11):
        cells[f"C{row}"] = f'=SUM(KPI_COMPLETION(_xlfn._xlws.FILTER(A$1:A$10,A$1:A$10>={row}),10))'
    got = one(cells)
    assert [got[f"C{row}"] for row in range(1, 11)] == [
        pytest.approx(sum(range(row, 11)) / 10) for row in range(1, 11)]


def test_dates_of_both_systems() -> None:
    for options, shift in (({}, 0), ({"date_1904": True}, 1462)):
        cells = {"A1": 45, "B1": 46113 - shift, "C1": 46142 - shift, "D1": 46127 - shift,
                 "E1": "=KPI_PACE(A1,90,B1,C1,D1)",
                 "E2": "=KPI_PACE(45,90,DATE(2026,4,1),DATE(2026,4,30),DATE(2026,4,15))",
                 "E3": '=KPI_PACE(45,90,"2026-04-01",C1,D1+0)'}
        assert one(cells, **options) == {"E1": 1.0, "E2": 1.0, "E3": 1.0}


# ---------------------------------------------------------------- what cannot be calculated

def test_circular_references_are_found_and_end() -> None:
    cells = {"A1": "=KPI_COMPLETION(B1,10)", "B1": "=C1+1", "C1": "=A1", "D1": "=A1*2",
             "E1": "=KPI_COMPLETION(E1,1)", "F1": "=F2", "F2": "=F1", "G1": "=IF(G2=0,KPI_COMPLETION(G1,1)+1,1)",
             "H1": 1, "H2": "=KPI_COMPLETION(H1,1)"}
    got, result = reported(cells)
    circles = [problem for problem in result.problems if problem.name == "CircularReference"]
    assert [problem.facts["cells"] for problem in circles] == ["S!A1, S!B1, S!C1", "S!E1", "S!F1, S!F2", "S!G1"]
    (blocked,) = [problem for problem in result.problems if problem.name == "Blocked"]
    assert blocked.facts == {"count": 1, "cells": "S!D1"}
    assert got["H2"] == 1.0
    assert {got[place] for place in ("A1", "B1", "C1", "D1", "E1", "F1", "F2", "G1")} == {"#N/A"}
    with pytest.raises(Refused):
        one(cells)


def test_a_spill_over_its_own_source_ends() -> None:
    _, result = reported({"A1": "=KPI_COMPLETION(C1:C3,1)", "C1": 1, "C2": 2, "C3": "=A2*0+RAND()*0+3"})
    assert result.problems


@pytest.mark.parametrize(("formula", "name", "says"), [
    ("=KPI_SCOER(A1,1)", "UnknownCall", "KPI_SCORE"),
    ("=FOO(A1)", "CannotCalculate", "FOO"),
    ("=KPI_COMPLETION(FOO(A1),1)", "CannotCalculate", "FOO"),
    ("=IF(A1=1,FOO(A1),KPI_COMPLETION(A1,1))", "CannotCalculate", "FOO"),
    ("=[2]Other!A1+1", "ExternalLink", "[2]Other"),
    ("=KPI_COMPLETION([2]Other!A1,1)", "ExternalLink", "[2]Other"),
    ("=RAND()", "RandomValue", "random"),
    ("=SUM(ROW(D1:D1000000)*COLUMN(E1:Z1))", "TooLarge", "engine's limits"),
    ("=nowhere+1", "UnknownName", "nowhere"),
    ("=KPI_COMPLETION(A1", "FormulaSyntax", "brackets"),
    ("=_xlfn.MAP(A1:A2,_xlfn.LAMBDA(_xlpm.x,KPI_COMPLETION(_xlpm.x,1)))", "InsideLambda", "LAMBDA"),
    ("=KPI_COMPLETION([@x]*2,1)", "CannotCalculate", "[@x]"),
])
def test_problems_name_the_cell_and_nothing_is_written(formula: str, name: str, says: str) -> None:
    cells = {"A1": 1, "B2": formula, "B3": "=B2+1", "B4": "=A1+1"}
    book = Book.open(sheets({"S": cells}))
    before = book.package.tobytes()
    with pytest.raises(Refused) as stop:
        calculate(book)
    assert book.package.tobytes() == before
    problem = stop.value.problems[0]
    assert (problem.name, problem.where.sheet, problem.where.cell) == (name, "S", "B2")
    assert says in problem.line("en")
    assert problem.line("zh")
    got, result = reported(cells)
    assert got["B4"] == 2.0
    assert got["B2"] == got["B3"] == ("#NAME?" if name in ("UnknownCall", "UnknownName") else "#N/A")
    assert all(other.name in (name, "Blocked") for other in result.problems)


def test_a_word_search_over_many_rows_is_within_the_limits() -> None:
    """What the count of published works does to 60,000 of them: 24 words looked for in each."""
    rows, words = 60_000, 24
    ones = ";".join("1" * words)
    cells: dict[str, Any] = {f"A{row}": "已发布" if row % 3 else "审核未通过" for row in range(1, rows + 1)}
    cells |= {f"{letter}1": "未通过" if letter == "H" else "无" for letter in "CDEFGHIJKLMNOPQRSTUVWXYZ"}
    cells["B1"] = f"=SUMPRODUCT(--(MMULT(--ISNUMBER(SEARCH($C$1:$Z$1,A1:A{rows})),{{{ones}}})=0))"
    got, result = reported(cells)
    assert result.problems == []
    assert got["B1"] == rows - rows // 3


def test_with_report_no_stale_number_stays() -> None:
    book = Book.open(sheets({"S": {"A1": 1, "B1": "=FOO(A1)", "B2": "=B1*2", "B3": "=A1*2"}}))
    book.set_cached({("S", 1, 2): 111.0, ("S", 2, 2): 222.0, ("S", 3, 2): 333.0})
    calculate(book, on_error="report")
    assert book.values("S") == {(1, 1): 1.0, (1, 2): CellError("#N/A"), (2, 2): CellError("#N/A"), (3, 2): 2.0}


def test_a_data_table_is_not_read_as_if_it_were_current() -> None:
    data = sheets({"S": {"A1": 2, "B1": "=A1*2", "D2": "=B1", "D3": 40, "D4": 50, "E1": "=D4+1"}})
    book = Book.open(data)
    part = book.sheets[0].part
    xml = book.package.read(part)
    xml = xml.replace(b'<c r="D3"><v>40</v></c>',
                      b'<c r="D3"><f t="dataTable" ref="D3:D4" dt2D="0" dtr="0" r1="A1"/><v>40</v></c>')
    book.package.write(part, xml)
    result = calculate(Book.open(book.package.tobytes()), on_error="report")
    got = by_address(result.values)
    assert got["D2"] == 4.0
    assert got["E1"] == "#N/A"
    assert result.problems[0].name == "DataTable"
    assert result.problems[0].where.cell == "D3"


# ---------------------------------------------------------------- sources, one formula

def test_calculate_values_leaves_the_book_alone() -> None:
    book = Book.open(sheets({"S": {"A1": 1, "A2": 2, "B1": "=KPI_COMPLETION(A1:A2,4)"}}))
    before = book.package.tobytes()
    calculate_values(book)
    assert book.package.tobytes() == before


def test_an_openpyxl_workbook_is_a_source() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "S"
    sheet["A1"], sheet["A2"], sheet["B1"] = 1, 3, "=KPI_COMPLETION(A1,4)+SUM(A1:A2)"
    assert calculate_values(workbook) == {("S", 1, 2): 4.25}
    assert sheet["B1"].value == "=KPI_COMPLETION(A1,4)+SUM(A1:A2)"


@pytest.mark.parametrize(("formula", "value"), [
    ("=KPI_COMPLETION(90,100)+1", 1.9), ("SUM({1,2;3,4})", 10.0), ('="a"&1', "a1"), ("=1=1", True),
    ("=KPI_COMPLETION({50;70},100)", [[0.5], [0.7]]), ("=SEQUENCE(2)*2", [[2.0], [4.0]]),
    ("=KPI_COMPLETION(KPI_COMPLETION(1,2),1)", 0.5), ("=IFERROR(KPI_COMPLETION(1,0),-1)", -1.0),
])
def test_one_formula(formula: str, value: object) -> None:
    assert evaluate(formula) == value


def test_one_formula_over_a_book() -> None:
    data = sheets({"S": {"A1": 3, "B1": "=KPI_COMPLETION(A1,4)"}, "T": {"A1": 7}})
    assert evaluate("=B1*2", data) == 1.5
    assert evaluate("=KPI_COMPLETION(A1,S!A1)", data, sheet="T") == 7 / 3


def test_one_formula_that_has_no_value() -> None:
    error = evaluate("=KPI_COMPLETION(1,0)*2")
    assert (error.code, error.sentence != "") == ("#DIV/0!", True)
    assert evaluate("=KPI_COMPLETON(1,2)").sentence.endswith("did you mean 'KPI_COMPLETION'?")
    for formula in ("=KPI_COMPLETION(90,", "=1+", "=FOO(1)", "=", "=RAND()", "=(1", '="a'):
        with pytest.raises(Refused) as stop:
            evaluate(formula)
        assert "\n" not in str(stop.value)
