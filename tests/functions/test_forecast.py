"""Forecasts: worked middles, ranges that hold what they promise, and laws."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlkpi.functions import forecast
from xlkpi.functions.forecast import KPI_FORECAST

MONDAY = date(2026, 4, 6)
DAYS = [MONDAY + timedelta(n) for n in range(28)]


def test_weekday_means_by_hand() -> None:
    values = [200 if when.weekday() > 4 else 100 for when in DAYS]  # 4 weeks of 900 = 3,600
    # 4 May is a Monday; to Saturday 9 May: five days of 100 and one of 200
    [[low, middle, high, method]] = KPI_FORECAST(DAYS, values, "2026-05-09") or [[]]
    assert (low, middle, high) == (4300, 4300, 4300)  # no day differed from its weekday
    assert method == "星期均值"


def test_the_start_cuts_what_is_done_but_not_the_pattern() -> None:
    values = [100.0] * 28
    [[_, middle, _, _]] = KPI_FORECAST(DAYS, values, "2026-05-31", "flow", 0.8, "2026-05-01") or [[]]
    assert middle == 3 * 100 + 28 * 100


def test_damped_trend_by_hand() -> None:
    values = [1000.0 + 10 * n for n in range(28)]
    [[low, middle, high, _]] = KPI_FORECAST(DAYS, values, "2026-05-06", "stock") or [[]]
    assert middle == pytest.approx(1270 + 10 * (0.95 + 0.95 ** 2 + 0.95 ** 3))
    assert (low, high) == (middle, middle)


def test_thirteen_days_give_a_labelled_rate_without_range() -> None:
    assert KPI_FORECAST(DAYS[:13], [10.0] * 13, DAYS[15]) == [[None, 160.0, None, "日均推算（数据不足14天）"]]
    assert (KPI_FORECAST(DAYS[:14], [10.0] * 14, DAYS[15]) or [[]])[0][3] == "星期均值"


def test_blank_days_are_not_zero() -> None:
    values: list[float | None] = [100.0] * 28
    values[10] = None
    [[_, middle, _, _]] = KPI_FORECAST(DAYS, values, "2026-05-04") or [[]]
    assert middle == 27 * 100 + 100


def test_the_range_holds_about_what_it_promises() -> None:
    chance, inside = Random(7), 0
    for _ in range(200):
        truth = [100 + 40 * (n % 7 > 4) + chance.gauss(0, 20) for n in range(56)]
        [[low, _, high, _]] = KPI_FORECAST(DAYS, truth[:28], DAYS[0] + timedelta(55)) or [[]]
        inside += low <= sum(truth) <= high
    assert 110 <= inside <= 185  # 80% promised; four weeks of data leave the means uncertain


@pytest.mark.parametrize(("args", "error"), [
    (([MONDAY], [1], MONDAY, "flow", 1.0), forecast.LevelOutOfRange), (([MONDAY], [1], "2036-01-01"), forecast.TooFar),
    (([MONDAY, MONDAY], [1, 2], DAYS[5], "stock"), forecast.DoubledDay),
])
def test_refused(args: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        KPI_FORECAST(*args)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-1000, 10_000)), min_size=1, max_size=40), st.integers(0, 60),
       st.sampled_from(["flow", "stock"]), st.floats(0.05, 0.95))
def test_the_quantiles_are_in_order_and_repeat(values: list[float | None], ahead: int, kind: str, level: float) -> None:
    days = [MONDAY + timedelta(n) for n in range(len(values))]
    end = days[-1] + timedelta(ahead)
    found = KPI_FORECAST(days, values, end, kind, level)
    assert found == KPI_FORECAST(days, values, end, kind, level)
    if found and found[0][0] is not None:
        assert found[0][0] <= found[0][1] <= found[0][2]
