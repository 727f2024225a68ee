"""The UDFs as a worksheet calls them, through the real xlwings over stand-ins for COM."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hosts.com_standins import ERROR_NUMBERS, MISSING, ComError, Excel, Range

from xlkpi import language
from xlkpi.errors import ERROR_CODES, CellError
from xlkpi.registry import load

DIV0, NA, VALUE = CellError("#DIV/0!"), CellError("#N/A"), CellError("#VALUE!")


# ---------------------------------------------------------------- the module

def test_every_function_is_an_attribute(excel: Excel) -> None:
    module = sys.modules["xlkpi.hosts.excel"]
    for name in (*load(), "KPI_LAST_ERROR"):
        assert module.__dict__[name].__name__ == name
        assert module.__dict__[name].__module__ == "xlkpi.hosts.excel"


def test_without_com_the_module_is_plain_and_light() -> None:
    script = ("import sys, xlkpi.hosts.excel as udf; print(udf.KPI_COMPLETION(90, 100), udf.KPI_COMPLETION(1, 0), "
              "[name for name in ('xlwings', 'pandas', 'numpy', 'asyncio', 'doctest') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8",
                          env={"PYTHONIOENCODING": "utf-8", "PYTHONPATH": ":".join(sys.path)})
    assert done.stdout.strip() == r"[[0.9]] [['\ue000#DIV/0!']] []"


def test_xlwings_loads_the_module_again_when_its_file_changes(excel: Excel) -> None:
    assert excel.call("KPI_COMPLETION", 90, 100) == 0.9
    excel.udfs.udf_modules["xlkpi.hosts.excel"]["filetime"] = -1.0
    assert excel.call("KPI_COMPLETION", 90, 100) == 0.9
    assert excel.call("KPI_COMPLETION", 90, 0) == DIV0


# ---------------------------------------------------------------- values in

@pytest.mark.parametrize("code", ERROR_CODES)
def test_each_error_value_passes_through(excel: Excel, code: str) -> None:
    assert code in ERROR_NUMBERS
    assert excel.call("KPI_COMPLETION", CellError(code), 100) == CellError(code)
    assert excel.call("KPI_TOTAL", [[90], [CellError(code)]], [[50], [50]]) == CellError(code)
    assert excel.call("KPI_COMPLETION", excel.sheet.put(1, 1, CellError(code)), 100) == CellError(code)


def test_an_error_nobody_knows_is_still_an_error(excel: Excel) -> None:
    got = excel.server.CallUDF(excel.module, "KPI_COMPLETION", (0x800A0000 - 2**32 + 2099, 100.0))
    assert got == "\ue000#UNKNOWN!"


@pytest.mark.parametrize(("given", "shown"), [
    (90, 0.9), (90.0, 0.9), ("90", 0.9), ("1,234", 12.34), ("12.5%", 0.00125), ("1.2万", 120.0), (" ９０ ", 0.9),
    (Decimal("90.0000"), 0.9), (None, ""), ("", ""), ("   ", ""),
    ("九十", VALUE), (True, VALUE), (False, VALUE), (date(2026, 4, 1), VALUE), (datetime(2026, 4, 1, 8), VALUE),
    (datetime(1899, 12, 30, 12), 0.005), (datetime(1899, 12, 31, 12), 0.015),
    (-2146826281.0, -21468262.81), (1e308, 1e306), ("\ue000#N/A", VALUE), ("x" * 32_767, VALUE),
])
@pytest.mark.parametrize("as_range", [False, True])
def test_one_value(excel: Excel, given: Any, shown: Any, as_range: bool) -> None:
    """A tick, a date and other text are no number; a time of day and a duration are; an error code as a float is."""
    actual = excel.sheet.put(3, 2, given) if as_range else given
    got = excel.call("KPI_COMPLETION", actual, 100)
    assert got == (pytest.approx(shown, rel=1e-12) if isinstance(shown, float) else shown)


def test_left_out_in_the_middle(excel: Excel) -> None:
    assert excel.call("KPI_COMPLETION", 90, 100, MISSING, 80) == 0.5
    assert excel.call("KPI_COMPLETION", MISSING, 100) == ""
    assert excel.call("KPI_SCORE", 90, 100, MISSING, MISSING, 80, 120, 1.2, "插值法", 60) == pytest.approx(80)


@pytest.mark.parametrize("word", ["down", "DOWN", "lower", "越低越好", "Lower is better", "反向", "↓"])
def test_enumerations_in_both_languages(excel: Excel, word: str) -> None:
    assert excel.call("KPI_COMPLETION", 90, 100, word) == pytest.approx(1.1)


def test_an_unknown_word_names_the_choices(excel: Excel) -> None:
    assert excel.call("KPI_COMPLETION", 90, 100, "sideways") == VALUE
    assert excel.call("KPI_LAST_ERROR") == \
        "'direction' must be one of up 越高越好 / down 越低越好, not 'sideways'"


def test_dates_in_a_date_argument(excel: Excel) -> None:
    days = [date(2026, 4, 1), datetime(2026, 4, 30), 46127]
    assert excel.call("KPI_PACE", 45, 90, *days) == 1.0
    assert excel.call("KPI_PACE", 45, 90, *[excel.sheet.put(1, place, day) for place, day in enumerate(days, 1)]) == 1.0


@pytest.mark.parametrize("date1904", [False, True])
def test_days_count_from_the_books_own_day(excel: Excel, monkeypatch: pytest.MonkeyPatch, date1904: bool) -> None:
    """COM makes dates of date cells in either system; a day that was calculated is a number of its book's."""
    monkeypatch.setattr(excel.book, "Date1904", date1904)
    first = 46113.0 - (1462 if date1904 else 0)  # 1 April 2026
    day = excel.sheet.put(1, 1, date(2026, 4, 1))
    assert excel.call("KPI_DUE", "两个星期内", day) == [[first, first + 14]]
    assert excel.call("KPI_DUE", "两个星期内", first) == [[first, first + 14]]
    assert excel.call("KPI_DUE", first + 14, day) == [[first, first + 14]]
    assert excel.call("KPI_PACE", 45, 90, day, first + 29, [[first + 14], [None]])[0] == [1.0]


def test_rows_columns_and_single_cells_broadcast(excel: Excel) -> None:
    column, row = excel.sheet.put(1, 1, [[10], [20]]), excel.sheet.put(1, 3, [[100, 200, 400]])
    table = [[0.1, 0.05, 0.025], [0.2, 0.1, 0.05]]
    assert excel.call("KPI_COMPLETION", column, row) == table
    assert excel.call("KPI_COMPLETION", [[10], [20]], [100, 200, 400]) == table
    assert excel.call("KPI_COMPLETION", [[10]], [100]) == 0.1
    assert excel.call("KPI_COMPLETION", [10], [[100], [200]]) == [[0.1], [0.05]]
    assert excel.call("KPI_COMPLETION", [10, 20, 30], [100, 200]) == VALUE


def test_errors_stand_where_they_belong(excel: Excel) -> None:
    got = excel.call("KPI_COMPLETION", [[90], [NA], [None], ["很多"]], [[100], [100], [100], [100]])
    assert got == [[0.9], [NA], [""], [VALUE]]


def test_several_areas_are_refused(excel: Excel) -> None:
    first = excel.sheet.put(1, 1, [[90], [80]])
    both = Range(excel.sheet, 1, 1, 2, 1, more=[first])
    assert excel.call("KPI_TOTAL", both, [[50], [50]]) == VALUE
    assert excel.call("KPI_LAST_ERROR") == "one argument holds 2 separate areas; select one block of cells"


@pytest.mark.parametrize("failure", [ComError(-2147418111, "Call was rejected by callee."), AttributeError("Value")])
def test_excel_that_does_not_answer(excel: Excel, failure: Exception) -> None:
    busy = excel.sheet.put(1, 1, 90)
    busy.fails = failure
    assert excel.call("KPI_COMPLETION", busy, 100) == VALUE
    assert "calculate again (F9)" in excel.call("KPI_LAST_ERROR")


def test_a_defect_stays_out_of_the_cell(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("xlkpi.cells.call", broken)
    assert excel.call("KPI_COMPLETION", 90, 100) == VALUE
    assert excel.call("KPI_LAST_ERROR") == \
        "a defect of xlkpi (RuntimeError: broken); please send us the formula and its arguments"


# ---------------------------------------------------------------- values out

def test_what_comes_out_fits_a_cell(excel: Excel) -> None:
    assert excel.raw("KPI_GRADE", [95, [90, 80], ["\ue000#N/A", "B", "C"], MISSING, MISSING]) == "#N/A"
    long = "长" * 20_000
    assert excel.call("KPI_GRADE", 95, [90, 80], [long + long, "B", "C"]) == VALUE
    assert excel.call("KPI_LAST_ERROR") == "the result has 40000 characters, a cell holds 32,767"


def test_tables_spill(excel: Excel) -> None:
    got = excel.call("KPI_WEIGHTS", excel.sheet.put(1, 1, [[30], [30], [40]]))
    assert got == [[0.3], [0.3], [0.4]]
    assert excel.call("KPI_WEIGHTS", excel.sheet.put(1, 1, [[30, 30, 40]])) == [[0.3, 0.3, 0.4]]


# ---------------------------------------------------------------- whole columns

def test_whole_columns_end_with_the_data(excel: Excel) -> None:
    excel.sheet.put(1, 1, [[90], [None], [80]])
    excel.sheet.put(1, 2, [[100], [100], [100]])
    excel.sheet.put(40, 7, "the sheet goes on")
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), excel.sheet.column(2)) == [[0.9], [""], [0.8]]
    assert excel.call("KPI_TOTAL", excel.sheet.column(1), excel.sheet.column(2), MISSING, "relative") == \
        pytest.approx(85)


def test_whole_columns_of_two_sheets_stay_equally_long(excel: Excel) -> None:
    excel.sheet.put(1, 1, [[90], [80], [70]])
    excel.other.put(1, 1, [[60], [40]])
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), excel.other.column(1)) == [[1.5], [2.0], [NA]]


def test_a_whole_column_with_one_value_is_no_single_value(excel: Excel) -> None:
    excel.sheet.put(1, 1, 90)
    excel.other.put(1, 1, [[100], [100], [100]])
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), excel.other.column(1)) == [[0.9], [""], [""]]
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), 100) == [[0.9], [""]]
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), [[100], [100], [100]]) == VALUE


def test_a_whole_column_of_a_blank_sheet(excel: Excel) -> None:
    assert excel.call("KPI_COMPLETION", excel.sheet.column(1), 100) == [[""], [""]]
    assert excel.call("KPI_COMPLETION", excel.sheet.column(5), excel.sheet.column(6)) == [[NA], [NA]]


def test_whole_rows_and_whole_sheets(excel: Excel) -> None:
    excel.sheet.put(1, 1, [[90, 80, 70]])
    everything = Range(excel.sheet, 1, 1, 1_048_576, 16_384)
    assert excel.call("KPI_COMPLETION", everything, 100) == [[0.9, 0.8, 0.7], ["", "", ""]]


def test_a_column_from_the_second_row_down(excel: Excel) -> None:
    excel.sheet.put(1, 1, [["实际"], [90], [80]])
    below = Range(excel.sheet, 2, 1, 1_048_576, 1)
    assert excel.call("KPI_COMPLETION", below, 100) == [[0.9], [0.8]]


def test_a_calculated_whole_column_is_refused_at_once(excel: Excel) -> None:
    assert excel.call("KPI_COMPLETION", [[1.0]] * 1_048_576, 100) == VALUE
    assert "a whole column of values (1048576 rows)" in excel.call("KPI_LAST_ERROR")


# ---------------------------------------------------------------- the last error

def test_the_sentence_of_the_last_error(excel: Excel) -> None:
    assert excel.call("KPI_LAST_ERROR") == ""
    excel.call("KPI_COMPLETION", 90, "很多")
    assert excel.call("KPI_LAST_ERROR") == "'target' must be a number, not '很多'"
    excel.call("KPI_COMPLETION", NA, 100)
    assert excel.call("KPI_LAST_ERROR") == "an argument holds the error #N/A"


def test_the_sentence_of_a_cell(excel: Excel) -> None:
    """Of the cell asked for, also inside a spill; and none any more once the cell shows a value."""
    sheet = excel.sheet
    for row, target in ((1, 0), (2, "很多")):
        shown = excel.call("KPI_COMPLETION", 90, target, caller=sheet.Cells(row, 5))
        sheet.put(row, 5, shown)
    spilled = excel.call("KPI_COMPLETION", [[1], [NA]], [[1], [1]], caller=sheet.Cells(5, 5))
    sheet.put(5, 5, spilled)
    assert excel.call("KPI_LAST_ERROR", sheet.Cells(1, 5)).startswith("the target is 0")
    assert excel.call("KPI_LAST_ERROR", sheet.Cells(2, 5)) == "'target' must be a number, not '很多'"
    assert excel.call("KPI_LAST_ERROR", sheet.Cells(5, 5)) == ""
    assert excel.call("KPI_LAST_ERROR", sheet.Cells(6, 5)) == "an argument holds the error #N/A"
    assert excel.call("KPI_LAST_ERROR", excel.other.Cells(1, 5)) == ""
    assert excel.call("KPI_LAST_ERROR", excel.other.put(1, 5, NA)).startswith("there is no sentence for #N/A")
    sheet.put(1, 5, 0.9)
    assert excel.call("KPI_LAST_ERROR", sheet.Cells(1, 5)) == ""


def test_calls_from_several_threads(excel: Excel) -> None:
    """xlwings calls from one thread; nothing here would mind more."""
    def shown(number: int) -> Any:
        return excel.raw("KPI_COMPLETION", [float(number), number % 7, *[MISSING] * 3])

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(shown, range(2_000)))
    assert got == [number / (number % 7) if number % 7 else "\ue000#DIV/0!" for number in range(2_000)]


def test_sentences_in_chinese(excel: Excel) -> None:
    with language.use("zh"):
        excel.call("KPI_COMPLETION", 90, "很多")
        assert excel.call("KPI_LAST_ERROR") == "“target”应为数字，得到的是 '很多'"


def test_called_from_vba_there_is_no_calling_cell(excel: Excel) -> None:
    excel.application.Caller = CellError("#REF!")  # what Application.Caller is then
    assert excel.raw("KPI_COMPLETION", [90, 0, *[MISSING] * 3], caller=CellError("#REF!")) == "\ue000#DIV/0!"
    assert excel.call("KPI_LAST_ERROR").startswith("the target is 0")
