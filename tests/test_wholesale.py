"""Large tables: the engine's answer is the answer row by row, on every engine, whatever the rows hold."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlkpi.measure import groups, measure, tables, wholesale

METRICS = ["plays", "likes", "interaction_rate_video", "completion_rate", "completed_plays", "avg_play_progress",
           "videos_produced", "roi", "period_growth", "net_followers"]
APRIL = {"start": "2026-04-01", "end": "2026-04-30"}
TYPES = {"published_at": pl.Date, "genre": pl.String, "owner": pl.String, "plays": pl.Int64, "likes": pl.Int32,
         "comments": pl.Int64, "shares": pl.Int64, "completion_rate": pl.Float64, "avg_play_seconds": pl.Float64,
         "video_seconds": pl.Int64, "revenue": pl.Float64, "cost": pl.Float64, "current_value": pl.Int64,
         "previous_value": pl.Int64, "new_followers": pl.Int64, "cancelled_followers": pl.Int64}
counts, money = st.one_of(st.none(), st.integers(-5, 10**9)), st.one_of(
    st.none(), st.integers(-4000, 4000).map(lambda number: number / 4), st.just(float("nan")))
ROW = st.fixed_dictionaries({
    "published_at": st.one_of(st.none(), st.dates(date(2026, 3, 25), date(2026, 5, 5))),
    "genre": st.sampled_from(["图文", "1min-视频", "1-3min视频", None, "-"]),
    "owner": st.sampled_from(["张三", " 张三 ", "李四", None, "--", ""]),
    **{name: counts for name, kind in TYPES.items() if kind in (pl.Int64, pl.Int32)},
    "completion_rate": st.one_of(st.none(), st.floats(0, 1.0)), "avg_play_seconds": st.one_of(
        st.none(), st.floats(0, 90)), "revenue": money, "cost": money})


def relation(table: pl.DataFrame) -> Any:
    """The same rows in DuckDB."""
    connection = duckdb.connect()
    names = {pl.Date: "date", pl.String: "varchar", pl.Int64: "bigint", pl.Int32: "integer", pl.Float64: "double"}
    columns = ", ".join(f'"{name}" {names[kind]}' for name, kind in TYPES.items())
    connection.execute(f"create table works ({columns})")
    connection.executemany(f"insert into works values ({', '.join('?' * len(TYPES))})", table.rows())
    return connection.table("works")


ENGINES: dict[str, Any] = {"polars": lambda table: table, "polars lazy": lambda table: table.lazy(),
                           "pandas": lambda table: pd.DataFrame(table.to_dict(as_series=False)).astype(
                               {"published_at": "datetime64[us]"}),
                           "duckdb": relation}


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables count as large."""
    monkeypatch.setattr(wholesale, "FROM_ROWS", 1)


def both(table: pl.DataFrame, frame: Any, *args: Any, **options: Any) -> tuple[list[Any], list[Any]]:
    """What is said row by row, and what the engine's answer says."""
    said = []
    for rows in (table.to_dict(as_series=False), frame):
        said.append([row.as_dict("en") for row in measure({"works": rows}, *args, **options)])
    return said[0], said[1]


def assert_same(slow: list[Any], quick: list[Any], ordered: bool = True) -> None:
    if not ordered:  # a relation has no first row
        slow, quick = ([*sorted(rows, key=lambda row: (row["metric"], str(row.get("owner")), str(row.get("genre"))))]
                       for rows in (slow, quick))
    assert len(slow) == len(quick)
    for one, two in zip(slow, quick, strict=True):
        want, got = one.pop("value"), two.pop("value")
        assert (want is None) == (got is None)
        assert want is None or math.isclose(want, got, rel_tol=1e-9, abs_tol=1e-9)
        assert one == two


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None, max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=25), st.sampled_from([{}, APRIL]), st.sampled_from([None, "owner"]),
       st.sampled_from([{}, {"genre": "视频"}, {"owner": "张三"}]), st.booleans())
def test_the_engine_says_what_the_rows_say(engine: str, rows: list[Any], period: Any, by: Any, where: Any,
                                           absent: bool) -> None:
    table = pl.DataFrame(rows, schema=TYPES)
    slow, quick = both(table, ENGINES[engine](table), METRICS, by=by, where=where, absent=absent, **period)
    assert_same(slow, quick, ordered=engine != "duckdb")


def days(count: int, **columns: Any) -> pl.DataFrame:
    return pl.DataFrame({"date": [date(2026, 4, 1) + timedelta(days=n) for n in range(count)], **columns})


def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The metrics that engines answered from here on."""
    answered: list[str] = []
    real = wholesale.Wholesale.answers

    def answers(self: Any, wanted: Any) -> Any:
        found = real(self, wanted)
        answered.extend(found)
        return found

    monkeypatch.setattr(wholesale.Wholesale, "answers", answers)
    return answered


def test_the_engine_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asked(monkeypatch)
    answer = measure({"daily": days(3, plays=[1, 2, None], likes=[1, 1, 1])}, ["plays", "likes"], end="2026-04-02")
    assert answer.values == {"plays": 3.0, "likes": 2.0}
    assert answered == ["plays", "likes"]


def test_sums_that_would_wrap_around_are_looked_at_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asked(monkeypatch)
    assert measure({"daily": days(3, plays=[2**62, 2**62, 2**62])}, "plays")["plays"] == 3.0 * 2**62
    assert answered == []


def test_narrow_whole_numbers_do_not_wrap_around() -> None:
    table = days(3, plays=[2**31 - 1] * 3, likes=[200] * 3).with_columns(
        pl.col("plays").cast(pl.Int32), pl.col("likes").cast(pl.UInt8))
    assert measure({"daily": table}, ["plays", "likes"]).values == {"plays": 3.0 * (2**31 - 1), "likes": 600.0}


@pytest.mark.parametrize(("column", "value", "problem"), [
    ("completion_rate", 36.6, "OutOfBound"), ("completion_rate", float("inf"), "NotANumberCell")])
def test_what_cannot_be_leaves_no_value(column: str, value: float, problem: str) -> None:
    table = pl.DataFrame({column: [0.5, value], "plays": [10, None]})
    answer = measure({"works": table}, "completion_rate")
    assert answer["completion_rate"] is None
    assert next(found.name for found in answer.problems) == problem


def test_texts_and_channel_totals_are_left_to_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asked(monkeypatch)
    traffic = pl.DataFrame({"channel": ["全部", "朋友圈"], "reads": [10, 3]})
    assert measure({"traffic": traffic}, "reads")["reads"] == 10
    assert measure({"daily": pl.DataFrame({"plays": ["1,000", "1.2万"]})}, "plays")["plays"] == 13_000
    assert answered == []


def test_moments_count_by_their_day() -> None:
    moments = [datetime(2026, 3, 31, 23, 59, 59), datetime(2026, 4, 1), datetime(2026, 4, 30, 23, 59, 59),
               datetime(2026, 5, 1), None]
    answer = measure({"works": pl.DataFrame({"published_at": moments, "likes": [1, 2, 4, 8, 16]})}, "likes", **APRIL)
    assert answer["likes"] == 6
    assert (answer.rows[0].rows_used, answer.rows[0].rows_outside) == (2, 2)
    assert [problem.name for problem in answer.problems] == ["UndatedRows", "CumulativePlays"]


def test_people_without_rows_in_the_period_are_listed() -> None:
    table = days(3, owner=["甲", "乙", "甲"], plays=[1, 2, 4])
    answer = measure({"daily": table}, "plays", by="owner", start="2026-04-03")
    assert [(row.group["owner"], row.value) for row in answer] == [("甲", 4.0), ("乙", None)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("blank", [None, "", "-"])
def test_rows_of_nobody_are_a_group_of_their_own(engine: str, blank: str | None) -> None:
    table = pl.DataFrame({name: [None] * 3 for name in TYPES}, schema=TYPES).with_columns(
        owner=pl.Series(["甲", blank, "甲"], dtype=pl.String), likes=pl.Series([1, 2, 4], dtype=pl.Int32))
    for period in ({}, {"where": {"genre": "视频"}}):
        answer = measure({"works": ENGINES[engine](table)}, "likes", by="owner", absent=not period, **period)
        values = {row.group["owner"]: row.value for row in answer}
        assert values == ({} if period else {"甲": 5.0, None: 2.0})


@pytest.mark.parametrize("kind", ["rows", "polars", "pandas"])
def test_people_without_rows_in_the_period_are_left_out_when_asked(kind: str) -> None:
    table = days(3, owner=["甲", "乙", "甲"], plays=[1, 2, 4])
    given = table.to_dict(as_series=False) if kind == "rows" else ENGINES[kind](table) if kind == "polars" else (
        pd.DataFrame(table.to_dict(as_series=False)).astype({"date": "datetime64[us]"}))
    answer = measure({"daily": given}, "plays", by="owner", start="2026-04-03", absent=False)
    assert [(row.group["owner"], row.value) for row in answer] == [("甲", 4.0)]


def test_groups_come_in_order_of_appearance_however_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "FIRST_LOOK", 2)
    names = ["乙"] * 60 + ["丙", None, "甲", "丙"]
    table = days(len(names), owner=names, plays=list(range(len(names))))
    answer = measure({"daily": table}, "plays", by="owner", start="2026-06-01")  # 乙 has one row, the others follow
    assert [row.group["owner"] for row in answer] == ["乙", "丙", None, "甲"]
    answer = measure({"daily": table}, "plays", by="owner", end="2026-04-03")
    assert [(row.group["owner"], row.value) for row in answer] == [
        ("乙", 3.0), ("丙", None), (None, None), ("甲", None)]


def test_a_relation_is_not_fetched_to_see_that_a_column_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(self: Any, header: str) -> Any:
        raise AssertionError(header)

    monkeypatch.setattr(tables.FrameColumns, "__getitem__", fetched)
    connection = duckdb.connect()
    works = connection.sql("select date '2026-04-01' as date, 5 as plays, null::bigint as likes union all "
                           "select date '2026-04-02', null, null")
    answer = measure({"daily": works}, ["plays", "likes"], start="2026-04-01", end="2026-04-30")
    assert answer.values == {"plays": 5.0, "likes": None}
    assert [(row.rows_used, row.rows_missing) for row in answer] == [(1, 1), (0, 2)]


def test_duckdb_sums_do_not_wrap_around(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asked(monkeypatch)
    works = duckdb.connect().sql(f"select unnest([{2**62}, {2**62}, {2**62}]) as plays")
    assert measure({"daily": works}, "plays")["plays"] == 3.0 * 2**62
    assert answered == ["plays"]  # it sums them in 128 bits


def test_metrics_made_of_metrics_use_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = asked(monkeypatch)
    table = pl.DataFrame({"menu_click_users": [3], "fans_total": [10]})
    measure({"t": table}, ["feature_popularity", "interaction_rate_video"])
    assert set(answered) <= {"menu_click_rate"}
