"""The adapter of xlwings Lite: one line in ``main.py``, values as Office.js delivers them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hosts import lite_standin
from hosts.lite_standin import MISSING, Lite

import xlkpi
from xlkpi.errors import ERROR_CODES, CellError
from xlkpi.registry import load

NA, VALUE, DIV0 = CellError("#N/A"), CellError("#VALUE!"), CellError("#DIV/0!")
PACKAGE = Path(xlkpi.__file__).parent


@pytest.fixture(scope="module")
def running() -> Iterator[Lite]:
    with lite_standin.installed() as lite:
        yield lite


@pytest.fixture
def lite(running: Lite) -> Lite:
    sys.modules["xlkpi.hosts.lite"]._sentences.clear()  # type: ignore[attr-defined]
    return running


def test_one_line_gives_every_function(lite: Lite) -> None:
    assert set(lite.functions) == {*load(), "KPI_LAST_ERROR"}
    for name, function in lite.functions.items():
        facts = function.__xlfunc__
        assert len(facts["doc"]) > 4
        assert all(len(place["doc"]) > 4 for place in facts["args"])
        if name in load():
            assert [place["default"] is None for place in facts["args"]] == \
                [parameter.optional for parameter in load()[name].parameters]


def test_nothing_of_ours_imports_the_paid_part_of_xlwings() -> None:
    """Not even through the names by which xlwings' server module hands it on."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{name}" for name in names]
            for name in names:
                assert not name.startswith(("xlwings.pro", "xlwings.server")), f"{path.name} imports {name}"


@pytest.mark.parametrize("code", ERROR_CODES)
def test_each_error_value_passes_through(lite: Lite, code: str) -> None:
    want = CellError("#VALUE!" if code == "#UNKNOWN!" else code)  # Office.js has no such type
    assert lite.call("KPI_COMPLETION", CellError(code), 100) == want
    assert lite.call("KPI_COMPLETION", [[90], [CellError(code)]], 100) == [[0.9], [want]]


@pytest.mark.parametrize(("given", "shown"), [
    (90, 0.9), ("1.2万", 120.0), ("12.5%", 0.00125), (None, ""), ("", ""), (True, VALUE), ("九十", VALUE),
    ({"type": "FormattedNumber", "basicType": "Double", "basicValue": 90, "numberFormat": "0.0%"}, 0.9),
    ({"type": "Entity", "basicType": "Error", "basicValue": "#VALUE!", "text": "Microsoft"}, VALUE),
    ({"type": "WebImage", "basicType": "Error", "basicValue": "#VALUE!"}, VALUE),
    ({"type": "String", "basicType": "String", "basicValue": "90"}, 0.9),
    ({"type": "Empty", "basicType": "Empty", "basicValue": ""}, ""),
])
def test_one_value(lite: Lite, given: Any, shown: Any) -> None:
    assert lite.call("KPI_COMPLETION", given, 100) == shown
    assert lite.call("KPI_COMPLETION", [[given], [given]], 100) == [[shown], [shown]]


def test_null_of_newer_pyodide_is_blank(lite: Lite) -> None:
    class JsNull: ...

    assert lite.functions["KPI_COMPLETION"]([[JsNull()], [90]], 100) == [[""], [0.9]]


def test_rows_columns_and_arguments_left_out(lite: Lite) -> None:
    assert lite.call("KPI_COMPLETION", [[10], [20]], [[100, 200]]) == [[0.1, 0.05], [0.2, 0.1]]
    assert lite.call("KPI_COMPLETION", [[10, 20]], 100) == [[0.1, 0.2]]
    assert lite.call("KPI_COMPLETION", 90, 100, MISSING, 80) == 0.5
    assert lite.call("KPI_WEIGHTS", [[30, 30, 40]]) == [[0.3, 0.3, 0.4]]
    assert lite.call("KPI_COMPLETION", 90, 100, "越低越好") == pytest.approx(1.1)


def test_whole_columns_end_with_the_data(lite: Lite) -> None:
    actuals: list[Any] = [[90], [80], [70], *[[None]] * 1_048_573]
    targets: list[Any] = [[100], [100], *[[None]] * 1_048_574]
    assert lite.call("KPI_COMPLETION", actuals, targets) == [[0.9], [0.8], [NA]]
    assert lite.call("KPI_COMPLETION", [[1]] * 1_048_576, 100) == VALUE
    assert "a whole column of values (1048576 rows)" in lite.call("KPI_LAST_ERROR")


def test_a_date_is_its_serial_number(lite: Lite) -> None:
    days = [date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 15)]
    assert lite.call("KPI_PACE", 45, 90, *days) == 1.0


def test_the_sentence_of_an_error(lite: Lite) -> None:
    assert lite.call("KPI_LAST_ERROR") == ""
    assert lite.call("KPI_COMPLETION", 90, 0) == DIV0
    assert lite.call("KPI_COMPLETION", 90, "很多") == VALUE
    assert lite.call("KPI_LAST_ERROR") == "'target' must be a number, not '很多'"
    assert lite.call("KPI_LAST_ERROR", DIV0).startswith("the target is 0")
    assert lite.call("KPI_LAST_ERROR", 0.9) == ""
    assert lite.call("KPI_LAST_ERROR", NA).startswith("there is no sentence for #N/A")


def test_a_defect_stays_out_of_the_cell(lite: Lite, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        raise RecursionError("too deep")

    monkeypatch.setattr("xlkpi.cells.call", broken)
    assert lite.call("KPI_COMPLETION", 90, 100) == VALUE
    assert lite.call("KPI_LAST_ERROR").startswith("a defect of xlkpi (RecursionError: too deep)")
