"""Dates of a data frame are converted at once; one by one they come to the same serial numbers, to the last bit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi.cells import to_serial
from xlkpi.errors import Findings, Where
from xlkpi.workbook.columns import Place, Stored, store
from xlkpi.workbook.match import read_data
from xlkpi.workbook.moments import Moments
from xlkpi.workbook.problems import DateOutOfRange, NotDateStyled

MOMENTS = st.datetimes(datetime(1899, 12, 1), datetime(2191, 12, 31))


def place(date1904: bool = False, date_styled: bool = True) -> Place:
    return Place(Where(column="d"), "d", "date", date_styled, False, date1904, "", lambda text: 0)


def stored(frame: Any, date1904: bool = False) -> tuple[Stored, Findings]:
    findings = Findings()
    return store(read_data(frame, "t").columns["d"], place(date1904), findings), findings


def one_by_one(values: list[Any], date1904: bool = False) -> tuple[Stored, Findings]:
    findings = Findings()
    return store(list(values), place(date1904), findings), findings


@given(st.lists(st.none() | MOMENTS, min_size=1, max_size=30), st.booleans(), st.sampled_from(["ns", "us", "ms", "s"]))
def test_pandas_columns(values: list[datetime | None], date1904: bool, unit: str) -> None:
    series = pd.Series(np.array(values, "datetime64[us]")).astype(f"datetime64[{unit}]")
    cut = [None if value is pd.NaT else value.to_pydatetime() for value in series.tolist()]
    got, found = stored(pd.DataFrame({"d": series}), date1904)
    want, told = one_by_one(cut, date1904)
    assert (got.form, got.values) == (want.form, want.values)
    assert list(map(type, got.values)) == list(map(type, want.values))
    assert [type(problem) for problem in found] == [type(problem) for problem in told]
    if got.form == "numbers":
        assert got.values == [None if value is None else to_serial(value, date1904) for value in cut]


@given(st.lists(st.none() | MOMENTS, min_size=1, max_size=30), st.sampled_from(["ms", "us", "ns"]))
def test_polars_columns(values: list[datetime | None], unit: Any) -> None:
    series = pl.Series("d", values, pl.Datetime(unit))
    assert stored(pl.DataFrame([series]))[0] == one_by_one(series.to_list())[0]


def test_days() -> None:
    days = [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), None, date(2026, 4, 1), date(9999, 12, 31)]
    got, _ = stored(pl.DataFrame({"d": days}))
    assert got == Stored("numbers", [1, 59, 61, None, 46113, 2958465])
    assert stored(pl.DataFrame({"d": days[3:]}), True)[0].values == [None, 46113 - 1462, 2958465 - 1462]


def test_the_clock_of_the_time_zone_counts() -> None:
    series = pd.Series([datetime(2026, 4, 1, 16, tzinfo=UTC), None]).dt.tz_convert("Asia/Shanghai")
    assert stored(pd.DataFrame({"d": series}))[0].values == [46114, None]
    there = timezone(timedelta(hours=8))
    assert one_by_one([datetime(2026, 4, 2, tzinfo=there)])[0].values == [46114]


def test_nanoseconds_are_cut_off_and_the_last_bit_is_that_of_the_microseconds() -> None:
    ticks = np.random.default_rng(3).integers(0, 2**62, 2000)
    series = pd.Series(ticks.astype("datetime64[ns]"))
    want = [to_serial(datetime(1970, 1, 1) + timedelta(microseconds=int(tick) // 1000)) for tick in ticks]
    assert stored(pd.DataFrame({"d": series}))[0].values == want
    assert one_by_one(series.tolist())[0].values == want


def test_what_lies_before_the_first_day_is_told_as_before() -> None:
    frame = pd.DataFrame({"d": pd.Series(np.array(["1899-12-30", "2026-01-01"], "datetime64[us]"))})
    got, found = stored(frame)
    assert got.form == "mixed"
    assert [(type(problem), problem.where.row) for problem in found] == [(DateOutOfRange, 1)]


@pytest.mark.parametrize(("value", "told"), [("2026-01-01", 1), (None, 0)])
def test_a_format_that_shows_no_dates_is_noted(value: str | None, told: int) -> None:
    findings = Findings()
    column = read_data(pd.DataFrame({"d": pd.to_datetime([value])}), "t").columns["d"]
    assert isinstance(column, Moments)
    store(column, place(date_styled=False), findings)
    assert [type(problem) for problem in findings] == [NotDateStyled] * told
