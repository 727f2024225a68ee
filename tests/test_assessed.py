"""The assessed period against the days of the data: no month of zeros out of a month without data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import polars as pl
import pytest

import xlkpi
from xlkpi import templates
from xlkpi.errors import Refused

START, END = date(2026, 10, 1), date(2026, 10, 31)
INPUTS = {"period_start": START, "period_end": END}


def works(*days: datetime | None) -> dict[str, list[Any]]:
    return {"作品名称": [f"第{n}期" for n in range(len(days))], "发布时间": list(days), "播放量": [100] * len(days)}


def filled(data: Any, inputs: dict[str, Any] = INPUTS) -> xlkpi.Filled:
    """The other columns of the table are not given; that is told and does not matter here."""
    return xlkpi.fill(str(templates.path("short_video", "zh")), data={"works": data}, inputs=inputs, on_error="report")


def named(done: xlkpi.Filled, name: str = "NoDataInPeriod") -> list[Any]:
    return [problem for problem in done.problems if problem.name == name]


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        xlkpi.fill(str(templates.path("short_video", "zh")), inputs={"period_start": END, "period_end": START})
    (problem,) = [one for one in caught.value.problems if one.name == "PeriodReversed"]
    assert (problem.where.sheet, problem.where.cell) == ("参数", "B12")
    assert "2026-10-01" in problem.sentence("en")


@pytest.mark.parametrize("kind", ["columns", "rows", "pandas", "polars"])
def test_rows_that_all_lie_outside_the_period_are_told(kind: str) -> None:
    data: Any = works(datetime(2026, 9, 30, 23, 59), datetime(2026, 11, 1), None)
    frame = pd.DataFrame(data)
    rows = [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
    data = {"columns": data, "pandas": frame, "rows": rows, "polars": pl.DataFrame(data)}[kind]
    (problem,) = named(filled(data))
    assert problem.facts["count"] == 2
    assert (problem.facts["first"], problem.facts["last"]) == (date(2026, 9, 30), date(2026, 11, 1))
    assert problem.where.table == "works"


@pytest.mark.parametrize("day", [datetime(2026, 10, 1), datetime(2026, 10, 31, 23, 59)])
def test_one_row_inside_is_enough(day: datetime) -> None:
    assert named(filled(works(datetime(2026, 9, 30), day))) == []


def test_an_open_end_and_no_period_at_all() -> None:
    late = works(datetime(2026, 11, 1))
    assert named(filled(late, {"period_start": START})) == []
    assert named(filled(late, {})) == []
    assert len(named(filled(works(datetime(2026, 9, 1)), {"period_start": START}))) == 1


def test_a_period_that_moves_away_from_the_rows_that_are_there() -> None:
    october = filled(works(datetime(2026, 10, 5), datetime(2026, 10, 6)))
    moved = xlkpi.fill(october.template.tobytes(), inputs={"period_start": date(2026, 11, 1),
                                                           "period_end": date(2026, 11, 30)}, on_error="report")
    (problem,) = named(moved)
    assert (problem.where.table, problem.facts["count"]) == ("works", 2)
    assert named(xlkpi.fill(october.template.tobytes(), inputs={"person": "林晓"}, on_error="report")) == []
