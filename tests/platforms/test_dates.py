"""Dates, durations and lower bounds as platforms write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from xlkpi import platforms
from xlkpi.platforms.columns import Fault, read_cells
from xlkpi.platforms.dates import read_moment, read_seconds
from xlkpi.platforms.layout import Column, Order


@pytest.mark.parametrize(("text", "order", "want"), [
    ("Sep 29, 2025", "", datetime(2025, 9, 29)), ("September 9, 2025", "", datetime(2025, 9, 9)),
    ("Oct 3, 2025, 14:05", "", datetime(2025, 10, 3, 14, 5)), ("Abc 3, 2025", "", None), ("Feb 30, 2025", "", None),
    ("09/15/2026 18:00", "mdy", datetime(2026, 9, 15, 18)), ("09/27/2026 18:30", "mdy", datetime(2026, 9, 27, 18, 30)),
    ("09/05/2026", "mdy", datetime(2026, 9, 5)), ("09/05/2026", "dmy", datetime(2026, 5, 9)),
    ("09/05/2026", "", None), ("13-06-2025", "dmy", datetime(2025, 6, 13)), ("13-06-2025", "mdy", None),
    ("20221222", "", datetime(2022, 12, 22)), ("2026年03月24日17时33分05秒", "", datetime(2026, 3, 24, 17, 33, 5)),
    ("2022/10/1", "mdy", datetime(2022, 10, 1)), ("25:61", "mdy", None),
])
def test_dates(text: str, order: Order, want: datetime | None) -> None:
    assert read_moment(text, order) == want


@pytest.mark.parametrize(("text", "want"), [
    ("0:01:35", 95), ("1:35", 95), ("12:01:35", 43295), ("103:20:05", 372005), ("0:00:08.5", 8.5), ("90:00", 5400),
    ("0:60:00", None), ("0:01:61", None), ("1", None), ("-0:01", None), ("", None),
])
def test_durations(text: str, want: float | None) -> None:
    assert read_seconds(text) == want


def test_durations_in_cells_of_every_kind() -> None:
    column = Column("avg_play_seconds", ("x",), "duration", suffixes=("s",))
    cells = ["0:01:35", 95, 95.0, time(0, 1, 35), timedelta(seconds=95), "95", "95s"]
    typed = read_cells(cells, column)
    assert typed.values == [pytest.approx(95)] * len(cells)
    assert not typed.faults
    assert [isinstance(fault, Fault) for _, fault in read_cells(["1:2:3:4", "x:y"], column).faults] == [True, True]


def test_minus_one_is_missing_only_where_it_is_declared() -> None:
    head = ("标题,发布时间,ID,展现量,粉丝展现量,阅读量,粉丝阅读量,点击率,平均阅读完成率,平均阅读时长,点赞量,评论量,"
            "转发量,分享量,收藏量")
    rows = [head, "a,2026-04-01 08:00:00,7301234567890123456,-1,2,3,4,0.05,-1.00,-1,1,1,1,1,1"]
    got = platforms.read("\n".join(rows).encode(), today=date(2026, 5, 10))
    assert got.platform == "toutiao"
    assert got.frame[["exposures", "avg_read_progress", "avg_read_seconds"]].isna().all(axis=None)
    assert not got.problems.errors
    daily = platforms.read("日期,总粉丝量\n2026-04-01,-1\n".encode(), today=date(2026, 5, 10))
    assert [problem.name for problem in daily.problems.errors] == ["OutOfRange"]


def test_data_under_no_heading_are_told() -> None:
    got = platforms.read("日期,播放量,\n2026-04-01,5,7\n".encode(), today=date(2026, 5, 10))
    assert [(problem.name, problem.facts) for problem in got.problems] == [
        ("HeadlessColumn", {"place": "C", "value": "7"})]


@pytest.mark.parametrize(("text", "number"), [("10万+", 1e5), ("999+", 999), ("1.2亿+", 1.2e8), ("５万＋", 5e4)])
def test_lower_bounds_are_kept_and_marked(text: str, number: float) -> None:
    got = platforms.read(f"日期,播放量\n2026-04-01,{text}\n2026-04-02,7\n".encode(), today=date(2026, 5, 10))
    assert got.frame["plays"].tolist() == [number, 7]
    assert [(problem.name, problem.facts["value"]) for problem in got.problems] == [("LowerBounds", text)]


@pytest.mark.parametrize("text", ["+", "5++", "++5", "万+", "5+%"])
def test_what_is_no_lower_bound(text: str) -> None:
    got = platforms.read(f"日期,播放量\n2026-04-01,{text}\n".encode(), today=date(2026, 5, 10))
    assert [problem.name for problem in got.problems] == ["NotANumber"]
