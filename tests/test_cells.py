"""Cell values read and called, against Excel's own rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi import cells
from xlkpi.errors import CellError, KpiError
from xlkpi.registry import UnknownFunction, find

NA = CellError("#N/A")


@pytest.mark.parametrize(("text", "number"), [
    ("1,234", 1234), ("1,234.5", 1234.5), ("12.5%", 0.125), ("1.2万", 12000), ("3.5w", 35000), ("2亿", 2e8),
    (" 7 ", 7), ("-3", -3), ("−3", -3), ("１２３", 123), ("1e3", 1000), (".5", 0.5), ("5.", 5), ("0.1%", 0.001),
])
def test_text_that_is_a_number(text: str, number: float) -> None:
    assert cells.read_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "--", "abc", "1,23", "12,34,567", "10万+", "1.2.3", "%", "万", "1 2", "inf",
                                  "nan", "1e999", "0x10", "￥5", "2026-01-01"])
def test_text_that_is_none(text: str) -> None:
    assert cells.read_number(text) is None


@pytest.mark.parametrize(("text", "moment"), [
    ("2026-04-03 21:26:39", datetime(2026, 4, 3, 21, 26, 39)), ("2026/4/3", datetime(2026, 4, 3)),
    ("2026年04月03日", datetime(2026, 4, 3)), ("20260403", datetime(2026, 4, 3)),
    ("2026年03月24日17时33分05秒", datetime(2026, 3, 24, 17, 33, 5)), ("2026.4.3", datetime(2026, 4, 3)),
    ("2026-02-30", None), ("3/4/2026", None), ("", None),
])
def test_text_that_is_a_date(text: str, moment: datetime | None) -> None:
    assert cells.read_date(text) == moment


@pytest.mark.parametrize(("serial", "moment"), [
    (1, datetime(1900, 1, 1)), (59, datetime(1900, 2, 28)), (61, datetime(1900, 3, 1)),
    (45000, datetime(2023, 3, 15)), (45000.75, datetime(2023, 3, 15, 18)),
])
def test_serials_as_excel_counts_them(serial: float, moment: datetime) -> None:
    assert cells.from_serial(serial) == moment
    assert cells.to_serial(moment) == serial


def test_serials_of_the_1904_system_lie_1462_days_lower() -> None:
    day = date(2026, 4, 3)
    assert cells.to_serial(day) - cells.to_serial(day, date1904=True) == 1462
    assert cells.from_serial(cells.to_serial(day, True), True) == datetime(2026, 4, 3)


def test_time_and_duration_are_fractions_of_a_day() -> None:
    assert cells.to_serial(time(6)) == 0.25
    assert cells.to_serial(timedelta(hours=36)) == 1.5


@given(st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(lambda d: d.replace(microsecond=0)))
def test_serial_round_trip(moment: datetime) -> None:
    assert cells.from_serial(cells.to_serial(moment)) == moment


def call(name: str, *args: object) -> object:
    return cells.call(find(name), *args)  # type: ignore[arg-type]


def test_scalars() -> None:
    assert call("KPI_COMPLETION", 90, 100) == 0.9
    assert call("kpi_completion", "1,234", "12.34%") == 10000.0


def test_blank_is_missing_never_zero() -> None:
    for blank in (None, "", "  ", float("nan")):
        assert call("KPI_COMPLETION", blank, 100) == ""
        assert call("KPI_SCORE", blank, 100) == ""
        assert call("KPI_COMPLETION", 90, blank) == NA


def test_other_text_is_value_with_a_sentence() -> None:
    outcome = call("KPI_COMPLETION", "n/a", 100)
    assert isinstance(outcome, CellError)
    assert outcome.code == "#VALUE!"
    assert "'actual'" in outcome.sentence
    assert "'n/a'" in outcome.sentence


@pytest.mark.parametrize("value", [True, datetime(2026, 1, 1)])
def test_ticks_and_dates_are_no_figures(value: object) -> None:
    assert call("KPI_COMPLETION", value, 100) == CellError("#VALUE!")


def test_an_error_comes_out_as_itself() -> None:
    assert call("KPI_COMPLETION", CellError("#REF!"), 100) == CellError("#REF!")
    assert call("KPI_TOTAL", [[90], [CellError("#NAME?")]], [[50], [50]]) == CellError("#NAME?")


def test_a_range_computes_element_by_element() -> None:
    assert call("KPI_COMPLETION", [[50], [None], ["x"], [NA]], 100) == [
        [0.5], [""], [CellError("#VALUE!")], [NA]]


def test_broadcasting_as_in_dynamic_arrays() -> None:
    assert call("KPI_COMPLETION", [[10], [20]], [[100, 200]]) == [[0.1, 0.05], [0.2, 0.1]]


def test_a_size_mismatch_names_the_sizes() -> None:
    outcome = call("KPI_COMPLETION", [[1], [2]], [[1], [2], [3]])
    assert isinstance(outcome, CellError)
    assert outcome.code == "#VALUE!"
    assert "actual 2×1" in outcome.sentence
    assert "target 3×1" in outcome.sentence


def test_an_array_answer_lies_as_its_argument_lies() -> None:
    assert call("KPI_WEIGHTS", [[50], [30], [20]]) == [[0.5], [0.3], [0.2]]
    assert call("KPI_WEIGHTS", [[50, 30, 20]]) == [[0.5, 0.3, 0.2]]


def test_enumerations_in_code_and_both_languages() -> None:
    for word in ("down", "Down", "Lower is better", "越低越好", "lower"):
        assert call("KPI_COMPLETION", 120, 100, word) == 0.8
    outcome = call("KPI_COMPLETION", 120, 100, "sideways")
    assert isinstance(outcome, CellError)
    assert "sideways" in outcome.sentence
    assert "越低越好" in outcome.sentence


def test_too_many_and_too_few_arguments() -> None:
    assert call("KPI_GROWTH", 1, 2, 3) == CellError("#VALUE!")
    assert call("KPI_GROWTH", 1) == CellError("#VALUE!")


def test_dates_as_serial_date_and_text_are_one() -> None:
    as_text = call("KPI_PACE", 45, 90, "2026-04-01", "2026-04-30", "2026/4/15")
    serials = [cells.to_serial(date(2026, 4, day)) for day in (1, 30, 15)]
    assert as_text == call("KPI_PACE", 45, 90, *serials) == call(
        "KPI_PACE", 45, 90, *(date(2026, 4, day) for day in (1, 30, 15))) == 1.0


def test_unknown_function_suggests_the_nearest() -> None:
    with pytest.raises(UnknownFunction, match="did you mean 'KPI_COMPLETION'"):
        find("KPI_COMPLETON")


def test_an_error_sentence_in_both_languages() -> None:
    with pytest.raises(KpiError) as caught:
        find("KPI_COMPLETION").function(90, 0)
    assert caught.value.code == "#DIV/0!"
    assert "目标为 0" in caught.value.sentence("zh")
    assert "the target is 0" in caught.value.sentence("en")


def test_a_block_of_one_cell_does_not_cut_a_table_down() -> None:
    """``{0}`` for a single value still gives all rows of an answer that has several."""
    spec = find("KPI_SMART")
    [alone, block] = (cells.call(spec, value, *[None] * (len(spec.parameters) - 1)) for value in (0, [[0]]))
    assert alone == block
    assert len(cells.rows_of(block)) == 5
    assert cells.call(find("KPI_COMPLETION"), [[90]], 100) == [[0.9]]


def test_what_is_the_same_in_every_cell_is_said_in_every_cell() -> None:
    """A word that is no choice, an error, a blank beside ranges; the first parameter that is wrong is named."""
    actual, target = [[90], [NA], ["九十"]], 100
    unknown = [[CellError("#VALUE!")], [NA], [CellError("#VALUE!")]]
    assert cells.call(find("KPI_COMPLETION"), actual, target, "sideways") == unknown
    assert cells.call(find("KPI_COMPLETION"), [[90], [None]], CellError("#REF!")) == [[CellError("#REF!")]] * 2
    assert cells.call(find("KPI_COMPLETION"), [[90], [80]], target, None, None, "") == [[0.9], [0.8]]
