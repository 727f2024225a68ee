"""A call behind IF(A1="","",…) comes to what the engine makes of the whole formula."""

from __future__ import annotations

from itertools import product

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from xlkpi.errors import CellError, Refused
from xlkpi.workbook import guards, lift
from xlkpi.workbook.calculate import calculate, calculate_values

HELD = (None, "", " ", "x", 0, 0.59, 0.6, -1, True, False, "=1/0", "=NA()", '=""', "=IF(TRUE,D1)", '="0.9"')
FORMULAS = ('IF(A{r}="","",KPI_COMPLETION(90,C{r}))', 'IF(OR(A{r}="",$B${r}=""),"",KPI_COMPLETION(90,C{r}))',
            'IF(N(A{r})<0.6,"",KPI_COMPLETION(90,C{r}))', 'IF(OR(S!A{r}="",N(B{r})<0.6),"",KPI_COMPLETION(90,C{r}))')


def blank() -> tuple[openpyxl.Workbook, Worksheet]:
    made = openpyxl.Workbook()
    sheet = made["Sheet"]
    assert isinstance(sheet, Worksheet)
    return made, sheet


def book(formula: str) -> tuple[openpyxl.Workbook, int]:
    made, sheet = blank()
    sheet.title = "S"
    pairs = list(product(HELD, HELD))
    for row, (first, second) in enumerate(pairs, start=1):
        sheet.append([first, second, 100 if row % 2 else 0])
        sheet.cell(row, 5, f"={formula.format(r=row)}")
    return made, len(pairs)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The guards that are found from now on, None for each formula without."""
    found: list[object] = []

    def noted(*args: object) -> object:
        found.append(guards.guard_of(*args))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(lift, "guard_of", noted)
    return found


@pytest.mark.parametrize("formula", FORMULAS)
def test_read_here_or_by_the_engine(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, rows = book(formula)
    found = watched(monkeypatch)
    mine = calculate(made)
    assert len(found) == rows
    assert None not in found
    monkeypatch.setattr(lift, "guard_of", lambda *_: None)
    assert calculate(made).values == mine.values
    shown = [mine.values["S", row, 5] for row in range(1, rows + 1)]
    assert {str(one) for one in shown} >= {"", "0.9", "#DIV/0!", "#N/A"}


def test_this_row_names_and_other_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    made, sheet = blank()
    sheet.title = "S"
    other = made.create_sheet("a 'b' c")
    other["A1"] = 5
    made.defined_names["known"] = DefinedName("known", attr_text="'a ''b'' c'!$A$1")
    sheet.append(["实际 值", "goal", "rate"])
    for actual in (90, None, 30):
        sheet.append([actual, 100, '=IF(OR(t[[#This Row],[实际 值]]="",known="",\'a \'\'b\'\' c\'!A1="",N(known)<5),"",'
                                   "KPI_COMPLETION(t[[#This Row],[实际 值]],t[[#This Row],[goal]]))"])
    sheet.add_table(Table(displayName="t", ref="A1:C4"))
    got = calculate(made)
    assert [got.values["S", row, 3] for row in (2, 3, 4)] == [0.9, "", 0.3]
    assert got.rounds == 1  # all three were known before the engine calculated
    monkeypatch.setattr(lift, "guard_of", lambda *_: None)
    assert calculate(made).values == got.values


def test_a_chain_of_calls_needs_no_round_for_each() -> None:
    made, sheet = blank()
    sheet["A1"] = "=45*2"
    sheet["B1"] = '=IF(A1="","",KPI_COMPLETION(A1,100))'
    sheet["C1"] = '=IF(B1="","",KPI_COMPLETION(B1,1))'
    sheet["D1"] = '=IF(OR(C1="",N(B1)<0.5),"",KPI_STATUS(C1,1,0.8))'
    got = calculate(made)
    assert got.rounds == 2
    assert [got.values["Sheet", 1, column] for column in (2, 3)] == [0.9, 0.9]
    assert got.values["Sheet", 1, 4] in ("预警", "At risk")


def test_what_the_test_waits_for_is_told() -> None:
    made, sheet = blank()
    sheet["A1"] = "=RAND()"
    sheet["B1"] = '=IF(A1="","",KPI_COMPLETION(90,100))'
    sheet["C1"] = '=IF(C1="","",KPI_COMPLETION(90,100))'
    sheet["D1"] = '=IF(A2="","",KPI_COMPLETION(A1,100))'  # not asked for
    with pytest.raises(Refused) as refused:
        calculate_values(made)
    told = {type(problem).__name__: problem.where.cell for problem in refused.value.problems}
    assert told == {"RandomValue": "A1", "CircularReference": "C1", "Blocked": "B1"}
    assert calculate_values(made, on_error="report")["Sheet", 1, 4] == ""


def test_an_unknown_function_behind_a_test() -> None:
    made, sheet = blank()
    sheet["A2"] = 1
    for row in (1, 2):
        sheet.cell(row, 2, f'=IF(A{row}="","",KPI_NOSUCH(1))')
    values = calculate_values(made, on_error="report")
    assert values["Sheet", 1, 2] == ""
    assert isinstance(values["Sheet", 2, 2], CellError)


@pytest.mark.parametrize("formula", [
    'IF(A1="","",KPI_COMPLETION(90,100))+1', 'IF(A1="","-",KPI_COMPLETION(90,100))',
    'IF(A1:A2="","",KPI_COMPLETION(90,100))',
    'IF(AND(A1="",B1=""),"",KPI_COMPLETION(90,100))', 'IF(nosuch="","",KPI_COMPLETION(90,100))',
    'IF(A1="x","",KPI_COMPLETION(90,100))', 'IF(N(A1)<B1,"",KPI_COMPLETION(90,100))'])
def test_any_other_test_is_the_engines(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, sheet = blank()
    sheet["C5"] = f"={formula}"
    found = watched(monkeypatch)
    calculate(made, on_error="report")
    assert found == [None]
