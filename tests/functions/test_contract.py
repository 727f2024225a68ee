"""Every docstring example in every host, and against LibreOffice where a plain formula says the same."""

from __future__ import annotations

import math
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from functions.examples_book import ANSWER, answer_column, lay_out
from hosts import com_standins, lite_standin, pyodide_runner
from libreoffice import convert, wanted
from openpyxl.worksheet.formula import ArrayFormula

from xlkpi import cells, functions
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
    for module in pkgutil.iter_modules(functions.__path__, f"{functions.__name__}."):  # some load late
        import_module(module.name)
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


def worked_out(name: str, *args: Any) -> Example:
    """An example whose answer is the function's own: the plain formula is to agree."""
    try:
        return Example(name, args, find(name).function(*args), None)
    except KpiError as error:
        return Example(name, args, None, type(error).__name__)


DAYS = [f"{year}-{month:02}-{day:02}" for year in (2023, 2024) for month in (2, 3, 6, 12) for day in (1, 2, 10, 27, 28)]
SOLD = [None if place % 7 == 3 else 10 + place * place % 23 for place, _ in enumerate(DAYS)]
MORE = [
    *[worked_out(name, [*DAYS, "2024-02-29"], [*SOLD, 5], asof, unit) for name in ("KPI_POP", "KPI_YOY")
      for unit in ("day", "week", "month", "quarter", "year")
      for asof in (None, "2024-02-29", "2024-03-02", "2024-03-10", "2024-06-30", "2024-12-28", "2024-12-31")],
    worked_out("KPI_PERIOD_SUM", DAYS, SOLD, "2023-03-02", "2024-02-10"),
    worked_out("KPI_PERIOD_LAST", DAYS[::-1], SOLD, "2023-03-02", "2024-02-10"),
    worked_out("KPI_PERIOD_LAST", DAYS, SOLD, "2023-02-03", "2023-02-27"),  # the last day has no value
    *[worked_out("KPI_STABLE", values, 0.7, 0.05, most) for most in (0.02, 0.1) for values in (
        [0.2, 0.7, None, 0.71, 0.69], [0.7, 0.9, 0.7], [None, 0.7, 0.6, 0.8], [0.69, None, 0.7])],
    *[worked_out("KPI_TREND", values, method) for method in ("robust", "ols") for values in (
        [3, None, 9, 1, 4, 4], [5, 4, 3, 2.5], [None, 1, 2, None])],
    worked_out("KPI_RATERS", [3, None, 5, 4], [1, 9, 2, 3], 1, 5), worked_out("KPI_RATERS", [3, 5], [1, 1], 1, 5, 1),
    worked_out("KPI_RATERS", [5, 1, 4, 4, 2], [1, 1, 1, 1, 1], 1, 5, 2), worked_out("KPI_RATERS", [3], [0]),
    *[worked_out("KPI_BAND", actual, [0, 60, 80, 90], [0, 60, 100, 120], True) for actual in (0, 59.5, 60, 80, 90, 99)],
    *[worked_out("KPI_COEFFICIENT", key, [0, 60, 90], [0.6, 1, 1.2]) for key in (59.995, 59.994, 90, 0)],
    *[worked_out("KPI_COEFFICIENT", key) for key in (110, 89.995, 12, "s", "D", "Insufficient data", None)],
    worked_out("KPI_WEIGHTS", [0.5, None, 0.5]), worked_out("KPI_WEIGHTS", [1, None, 3], "relative"),
    *[worked_out("KPI_WEIGHT_CHECK", weights, lang) for lang in ("zh", "en") for weights in (
        [33.33, 33.33, 33.33], [1, 0.25], [0.3], [120, 0.5], [None], [33.333, 66.667])],
    worked_out("KPI_LOYALTY", 0.5, 0.2, 0.1, "index", [0.8, 0.1, 0.3]), worked_out("KPI_LOYALTY", 0, 0.2, 1),
    worked_out("KPI_ROI", [100, None, 50], [80, 40, None]), worked_out("KPI_CPM", [30, None], [1000, 500]),
    *[worked_out("KPI_SCORE", actual, 100, way, None, floor, stretch, cap, method, floor_score, 7, 3)
      for cap in (0.8, 1.2) for method in ("linear", "interp", "step", "binary", "inverse")
      for way, floor, stretch in (("up", 60, 150), ("down", 140, 50)) for floor_score in (0, 40)
      for actual in (55, 97, 131) if method != "inverse" or way == "down"],
    *[worked_out("KPI_SCORE", actual, target, None, base, None, stretch, cap, method, 0, step, 15)
      for cap in (0.9, 1.2) for actual in (0, 1, 2, 3.5, 9) for method, target, base, stretch, step in (
          ("rate", 5, 1, None, None), ("deduct", 1, None, None, None), ("bonus", None, None, None, None),
          ("range", 1, None, 3, 2), ("veto", 2, None, None, None), ("linear", 5, 2, None, None))],
    worked_out("KPI_CHURN", 60, 50), worked_out("KPI_DEDUCT", 3, 2.5), worked_out("KPI_STEP", 0.85, 0.8, 0.05, 2, 1),
    worked_out("KPI_RANGE", 0.13, -0.05, 0.05, 0.1), worked_out("KPI_CAGR", 90, 100, 3),
]
ORACLE = [example for example in IN_CELLS + MORE if find(example.function).excel]


@pytest.mark.parametrize("name", [name for name, spec in load().items() if spec.excel])
def test_plain_formulas_are_whole(name: str) -> None:
    """LibreOffice closes brackets that are left open; Excel does not."""
    plain = str(load()[name].excel)
    assert plain.count("(") == plain.count(")")


@wanted
def test_plain_formulas_in_libreoffice_say_the_same(tmp_path: Path) -> None:
    book = lay_out(ORACLE, lambda example, cells: str(find(example.function).oracle(cells)).removeprefix("="))
    for number, example in enumerate(ORACLE):
        if isinstance(example.want, list):  # an array formula, as long as its answer
            cell = book[ANSWER].cell(1, answer_column(number))
            cell.value = ArrayFormula(f"{cell.coordinate}:{cell.column_letter}{len(example.want)}", cell.value)
    book.save(tmp_path / "oracle.xlsx")
    [recalculated] = convert([tmp_path / "oracle.xlsx"], "xlsx", tmp_path / "out", recalculate=True)
    answers = openpyxl.load_workbook(recalculated, data_only=True)[ANSWER]
    differing = []
    for number, example in enumerate(ORACLE):
        got = answers.cell(1, answer_column(number)).value
        if isinstance(example.want, list):
            got = [[answers.cell(row, answer_column(number)).value] for row in range(1, len(example.want) + 1)]
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
    assert browser["total"] == pytest.approx(290_975 / 300_000 * 100)  # xlkpi.score on dictionaries
