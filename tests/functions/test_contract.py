"""Every docstring example in every host, and against LibreOffice where a plain formula says the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from functions.examples_book import ANSWER, answer_column, lay_out
from hosts import com_standins, lite_standin, pyodide_runner
from libreoffice import convert, wanted

from xlkpi import cells
from xlkpi.errors import CellError, KpiError
from xlkpi.registry import find, load
from xlkpi.spec import Example
from xlkpi.workbook.calculate import calculate_values

EXAMPLES = [example for spec in load().values() for example in spec.examples]


def _flat(example: Example) -> bool:
    """Whether an example's arguments are scalars and plain columns (tables have tests of their own)."""
    columns = [argument for argument in example.args if isinstance(argument, list)]
    return not any(isinstance(cell, list) for column in columns for cell in column)


IN_CELLS = [example for example in EXAMPLES if _flat(example)]


def same(got: Any, want: Any) -> bool:
    """Equal to 12 digits; an array is compared cell by cell, missing is a blank text."""
    if isinstance(want, list):
        mine, theirs = cells.flat(got), cells.flat(want)
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(want, (int, float)) and not isinstance(want, bool) and isinstance(got, (int, float)):
        return math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-12)
    return bool(got == want) or (want is None and got in ("", None))


def error_code(example: Example) -> str:
    """The code of the error an example expects, found through the class that the docstring names."""
    kinds: list[type[KpiError]] = [KpiError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return next(kind.code for kind in kinds if kind.__name__ == example.error)


def check(example: Example, got: Any) -> None:
    if example.error:
        assert got == CellError(error_code(example)), f"{example} gave {got!r}"
    else:
        assert same(got, example.want), f"{example} gave {got!r}"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_in_python(example: Example) -> None:
    function = find(example.function).function
    if example.error:
        with pytest.raises(KpiError) as caught:
            function(*example.args)
        assert type(caught.value).__name__ == example.error
    else:
        assert same(function(*example.args), example.want)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_as_a_cell_calls_it(example: Example) -> None:
    check(answered(example), cells.call(find(example.function), *example.args))


def _called(example: Example, references: tuple[str, ...]) -> str:
    return f"{example.function}({','.join(references)})"


@pytest.fixture(scope="module")
def calculated() -> dict[tuple[str, int, int], Any]:
    return dict(calculate_values(lay_out(IN_CELLS, _called)))


@pytest.mark.parametrize(("number", "example"), list(enumerate(IN_CELLS)), ids=str)
def test_in_a_calculated_workbook(calculated: dict[tuple[str, int, int], Any], number: int, example: Example) -> None:
    want = cells.flat(cells.as_result(example.want))[0]
    check(Example(example.function, example.args, want, example.error), calculated[ANSWER, 1, answer_column(number)])


ORACLE = [example for example in IN_CELLS if find(example.function).excel]


@wanted
def test_plain_formulas_in_libreoffice_say_the_same(tmp_path: Path) -> None:
    book = lay_out(ORACLE, lambda example, cells: str(find(example.function).oracle(cells)).removeprefix("="))
    book.save(tmp_path / "oracle.xlsx")
    [recalculated] = convert([tmp_path / "oracle.xlsx"], "xlsx", tmp_path / "out", recalculate=True)
    answers = openpyxl.load_workbook(recalculated, data_only=True)[ANSWER]
    differing = []
    for number, example in enumerate(ORACLE):
        got = answers.cell(1, answer_column(number)).value
        if example.error:
            agrees = str(got).startswith("#")
        elif example.want is None:  # a plain ratio of nothing known is an error in Excel
            agrees = got in (None, "", "#DIV/0!")
        else:
            agrees = same(got, example.want)
        if not agrees:
            differing.append(f"{example}: LibreOffice {got!r}, example {example.error or example.want!r}")
    assert not differing, "\n".join(differing)


def in_cells(example: Example) -> list[Any]:
    """The arguments as a formula has them: a list is a column of cells."""
    return [cells.rows_of(arg) if isinstance(arg, list) else arg for arg in example.args]


def answered(example: Example) -> Example:
    """The example with what a cell, or a spill range, shows of the answer."""
    return Example(example.function, example.args, cells.as_result(example.want), example.error)


@pytest.fixture(scope="module")
def excel() -> Iterator[com_standins.Excel]:
    with com_standins.windows() as running:
        yield running


@pytest.mark.parametrize("given", ["values", "ranges"])
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_through_xlwings(excel: com_standins.Excel, example: Example, given: str) -> None:
    """As COM delivers values, and as ranges of cells that xlwings reads; an argument of None is left out."""
    args = in_cells(example)
    if given == "ranges":
        args = [excel.sheet.put(1, 1 + 20 * place, arg) for place, arg in enumerate(args)]
    got = excel.call(example.function, *[com_standins.MISSING if arg is None else arg for arg in args])
    check(answered(example), got)


@pytest.fixture(scope="module")
def lite() -> Iterator[lite_standin.Lite]:
    with lite_standin.installed() as running:
        yield running


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_through_the_lite_adapter(lite: lite_standin.Lite, example: Example) -> None:
    check(answered(example), lite.call(example.function, *in_cells(example)))


@pytest.fixture(scope="module")
def browser(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    cache = pytestconfig.cache
    assert cache is not None
    return pyodide_runner.replay(cache.mkdir("pyodide"), tmp_path_factory.mktemp("pyodide"))


@pyodide_runner.wanted
@pytest.mark.parametrize("road", ["cell", "lite"])
@pytest.mark.parametrize(("number", "example"), list(enumerate(EXAMPLES)), ids=str)
def test_in_a_browsers_python(browser: dict[str, Any], number: int, example: Example, road: str) -> None:
    """Our wheel inside Pyodide: as a cell calls the function, and through the adapter for xlwings Lite."""
    report = browser["answers"][number]
    assert report["example"] == str(example)
    check(answered(example), from_json(report[road]))


def from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [from_json(one) for one in value]
    return CellError(value["error"]) if isinstance(value, dict) else value


@pyodide_runner.wanted
def test_a_browser_needs_our_wheel_alone(browser: dict[str, Any]) -> None:
    assert browser["platform"] == "emscripten"
    assert browser["installed"] == ["xlkpi"]
    assert browser["names"] == sorted([*load(), "KPI_LAST_ERROR"])
    assert len(browser["answers"]) == len(EXAMPLES)
