"""``INDEX(range, n)`` as an argument of a KPI call: read in place, and as the engine would have answered."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xlkpi.errors import CellError
from xlkpi.workbook.calculate import calculate_values, evaluate
from xlkpi.workbook.engine import Engine
from xlkpi.workbook.lift import Lift
from xlkpi.workbook.model import Model


def book() -> openpyxl.Workbook:
    """Targets 100, blank, 50 and a text in the table ``goals``; numbers to pick them by in column E."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "目标"
    for line in (["指标", "目标"], ["a", 100], ["b", None], ["c", 50], ["d", "无"]):
        sheet.append(line)
    sheet.add_table(Table(displayName="goals", ref="A1:B5"))
    numbers: tuple[float | str | bool, ...] = (1, 2, 3, 9, -1, "3", "x", 2.9, "=1+2", True)
    for row, value in enumerate(numbers, 1):
        sheet.cell(row, 5, value)
    return made


@pytest.mark.parametrize(("pick", "expected"), [
    ("INDEX(goals[目标],1)", 0.9), ("INDEX(goals[目标],E1)", 0.9), ("INDEX(goals[目标],$E$3)", 1.8),
    ("INDEX( $B$2:$B$5 , E3 )", None), ("INDEX('目标'!$B$2:$B$5,E3)", 1.8), ("index(goals[目标],3)", 1.8),
    ("INDEX(goals[目标],E8)", "#N/A"), ("INDEX(goals[目标],E9)", 1.8), ("INDEX(goals[目标],E10)", 0.9),
    ("INDEX(goals[目标],E6)", 1.8),
    ("INDEX(goals[目标],E2)", "#N/A"),  # blank stays blank: there is no target, and it is not 0
    ("INDEX(goals[目标],4)", "#VALUE!"), ("INDEX(goals[目标],E4)", "#REF!"), ("INDEX(goals[目标],9)", "#REF!"),
    ("INDEX(goals[目标],E5)", "#VALUE!"), ("INDEX(goals[目标],E7)", "#VALUE!"),
])
def test_the_picked_cell_is_the_one_that_excel_picks(pick: str, expected: Any) -> None:
    found = evaluate(f"KPI_COMPLETION(90,{pick})", book())
    general = evaluate(f"KPI_COMPLETION(90,IF(TRUE,{pick}))", book())  # calculated by the engine
    if isinstance(expected, str):
        assert isinstance(found, CellError)
        assert found.code == expected
    elif expected is not None:
        assert found == pytest.approx(expected)
    assert (found.code if isinstance(found, CellError) else found) == (
        general.code if isinstance(general, CellError) else general)


def test_the_same_rows_number_picks() -> None:
    made = book()
    sheet = made["目标"]
    for row, number in enumerate((3, 1), 8):
        sheet.cell(row, 1, number)
        sheet.cell(row, 2, "=KPI_COMPLETION(25,INDEX(goals[目标],card[[#This Row],[no]]))")
    sheet["A7"], sheet["B7"] = "no", "done"
    sheet.add_table(Table(displayName="card", ref="A7:B9"))
    values = calculate_values(made)
    assert (values["目标", 8, 2], values["目标", 9, 2]) == (0.5, 0.25)


def test_the_number_may_be_a_result_and_zero_is_the_whole_column() -> None:
    made = book()
    sheet = made["目标"]
    sheet["B5"] = None
    sheet["H1"] = "=KPI_COMPLETION(3,1)"
    sheet["H2"] = "=KPI_COMPLETION(25,INDEX(goals[目标],H1))"
    sheet["H3"] = 0
    sheet["H4"] = "=KPI_WEIGHT_CHECK(INDEX(goals[目标],H3))"
    sheet["H5"] = "=KPI_WEIGHT_CHECK(goals[目标])"
    values = calculate_values(made)
    assert values["目标", 2, 8] == 0.5
    assert values["目标", 4, 8] == values["目标", 5, 8]


@pytest.mark.parametrize(("argument", "simple"), [
    ("INDEX(goals[目标],E1)", True), ("INDEX(goals[目标],2)", True), ("INDEX(goals[目标],E1,1)", False),
    ("INDEX(goals[目标],E1+0)", False), ("INDEX(goals[],2)", False), ("INDEX(A1:B5,2)", False),
    ("INDEX(B:B,2)", False), ("INDEX(goals[目标],E1:E2)", False), ("INDEX(goals[没有],1)", False)])
def test_only_plain_picks_are_read_in_place(argument: str, simple: bool) -> None:
    from xlkpi.workbook.calculate import open_book
    from xlkpi.workbook.formulas import Area
    from xlkpi.workbook.model import Formula
    from xlkpi.workbook.slim import shapes_of, slim

    opened = open_book(book())
    shapes = shapes_of(opened)
    engine = Engine.load(slim(opened, shapes), 46_000.0)
    try:
        lift = Lift(Model([Formula(("目标", 20, 8), f"KPI_COMPLETION(90,{argument})", "normal", None)], shapes), engine)
        (site,) = lift.sites
        assert (site.args[1].pick is not None) is simple
        assert (site.args[1].helper is None) is simple
        if simple:
            assert site.args[1].pick is not None
            assert site.args[1].pick.line == Area("目标", 2, 2, 5, 2)
    finally:
        engine.close()
