"""Measured values against figures worked out by hand, and against the known totals of real exports."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime
from typing import Any

import pandas as pd
import polars as pl
import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlkpi.errors import Refused
from xlkpi.measure import measure

WORKS = {
    "作品名称": ["a", "b", "", "d", "e"],
    "发布时间": ["2026-03-31 23:59:59", "2026-04-01 00:00:00", "2026-04-15 12:00:00", "2026-04-30 23:59:59",
             "2026-04-20 08:00:00"],
    "体裁": ["1min-视频", "1min-视频", "1-3min视频", "1min-视频", "1min-视频"],
    "审核状态": ["审核通过", "审核通过", "审核通过", "审核通过", "审核未通过"],
    "播放量": ["1,000", "2000", "500", "-", "0"],
    "完播率": ["0.5", "0.25", "40%", "0.9", "-"],
    "点赞量": ["10", "60", "30", "7", "0"],
    "评论量": ["1", "15", "5", "1", "0"],
    "分享量": ["1", "5", "5", "1", "0"],
    "粉丝增量": ["3", "20", "-5", "1", "0"],
}
APRIL = {"start": "2026-04-01", "end": "2026-04-30"}
DAILY = {
    "日期": ["2026-03-31", "2026-04-01", "2026-04-02", "2026-04-03", "2026-05-01"],
    "播放量": [999, 100, None, 50, 999],
    "净增粉丝": [4, 10, -3, None, 9],
    "取关粉丝": [1, 2, 5, 1, 9],
    "总粉丝量": [990, 1000, 997, None, 1100],
}
BACKENDS: dict[str, Any] = {
    "columns": lambda table: table,
    "rows": lambda table: [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)],
    "pandas": pd.DataFrame,
    "pandas nullable": lambda table: pd.DataFrame(table).convert_dtypes(),
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
}


def names(actual: Any) -> list[str]:
    return [problem.name for problem in actual.problems]


@pytest.mark.parametrize("frame", BACKENDS.values(), ids=BACKENDS)
def test_a_month_of_works(frame: Any) -> None:
    answer = measure({"works": frame(WORKS)}, [
        "videos_produced", "completion_rate", "interaction_rate_video", "follow_conversion_rate", "likes"], **APRIL)
    assert answer.values == {
        "videos_produced": 3,  # b, c, d: a lies before, e was rejected
        "completion_rate": pytest.approx((0.25 * 2000 + 0.4 * 500) / 2500),
        "interaction_rate_video": pytest.approx((60 + 15 + 5 + 30 + 5 + 5) / 2500),
        "follow_conversion_rate": pytest.approx((20 - 5) / 2500),
        "likes": 97,
    }
    rate = answer.rows[1]
    assert (rate.rows_used, rate.rows_missing, rate.rows_outside) == (2, 2, 1)
    assert rate.tables == ("works",)
    assert names(answer.rows[4]) == ["CumulativePlays"]


@pytest.mark.parametrize("frame", BACKENDS.values(), ids=BACKENDS)
def test_a_month_of_days(frame: Any) -> None:
    answer = measure({"daily": frame(DAILY)}, [
        "plays", "net_followers", "fans_total", "net_growth_rate", "churn_rate", "cancelled_followers"], **APRIL)
    assert answer.values == {
        "plays": 150, "net_followers": 7, "fans_total": 997, "net_growth_rate": pytest.approx(7 / 990),
        "churn_rate": pytest.approx(8 / 990), "cancelled_followers": 8}
    assert (answer.rows[0].rows_used, answer.rows[0].rows_missing, answer.rows[0].rows_outside) == (2, 1, 2)
    assert names(answer.rows[2]) == ["LastIsEarlier"]


def test_opening_is_taken_back_from_the_first_day() -> None:
    table = {name: column[1:] for name, column in DAILY.items()}
    assert measure({"daily": table}, "net_growth_rate", **APRIL)["net_growth_rate"] == pytest.approx(7 / 990)
    without = {name: column for name, column in table.items() if name != "净增粉丝"}
    answer = measure({"daily": without}, "churn_rate", **APRIL)
    assert answer["churn_rate"] is None
    assert names(answer) == ["NoOpening"]


@pytest.mark.parametrize(("opening", "lost", "value", "problem", "level"), [
    (0, 5, None, "ZeroDenominator", "warning"), (50, 60, 1.2, "LostExceedOpening", "warning"),
    (60, 60, 1.0, None, None)])
def test_opening_fans_0_and_more_lost_than_there(opening: int, lost: int, value: float | None, problem: str | None,
                                                 level: str | None) -> None:
    table = {"日期": ["2026-03-31", "2026-04-01"], "总粉丝量": [opening, 100], "取关粉丝": [0, lost]}
    answer = measure({"daily": table}, "churn_rate", start="2026-04-01")
    assert answer["churn_rate"] == value
    assert [(found.name, found.level) for found in answer.problems] == ([(problem, level)] if problem else [])


def test_groups_keep_the_order_of_the_table() -> None:
    table = {"日期": ["2026-03-31", "2026-04-01", "2026-04-02"], "owner": ["乙", "甲", "乙"], "点赞": [1, 2, 4]}
    answer = measure({"daily": table}, "likes", by="owner", start="2026-04-01", absent=False)
    assert [(row.group["owner"], row.value) for row in answer] == [("乙", 4.0), ("甲", 2.0)]


def test_a_period_without_data_is_said() -> None:
    table = {"日期": ["2026-03-31"], "点赞": [5], "总粉丝量": [9], "取关粉丝": [1]}
    answer = measure({"daily": table}, ["likes", "fans_total", "churn_rate"], start="2026-04-01", end="2026-04-30")
    assert set(answer.values.values()) == {None}
    assert [found.name for found in answer.problems] == ["NoRows", "NoRows", "NoRows"]


def test_daily_series_come_before_the_work_list() -> None:
    answer = measure({"works": WORKS, "daily": DAILY}, "plays", **APRIL)
    assert answer["plays"] == 150
    assert answer.rows[0].tables == ("daily",)
    assert [problem.sentence() for problem in answer.problems] == ["'Plays' leaves out 1 row(s) that lack data"]


def test_videos_and_image_posts_never_mix() -> None:
    works = {"体裁": ["图文", "1min-视频", None], "播放量": [100, 300, None], "完播率": [0.8, 0.2, 0.5]}
    answer = measure({"works": works}, "completion_rate")
    assert names(answer.rows[0]) == ["MixedGenres", "RowsLeftOut"]
    assert [(row.value, row.group) for row in answer] == [
        (None, {}), (0.2, {"genre": "video"}), (0.8, {"genre": "image"})]
    assert measure({"works": works}, "completion_rate", where={"genre": "视频"})["completion_rate"] == 0.2
    by = measure({"works": works}, "completion_rate", by="体裁")
    assert {row.group["genre"]: row.value for row in by} == {"图文": 0.8, "1min-视频": 0.2, None: None}


def test_missing_is_not_zero() -> None:
    answer = measure({"works": {"plays": [None, "-", ""]}}, ["plays", "interaction_rate_video"])
    assert answer.values == {"plays": None, "interaction_rate_video": None}
    assert names(answer.rows[0]) == ["NoRows"]
    assert answer.rows[0].rows_missing == 3
    assert "Likes, Comments, Shares" in answer.rows[1].problems[0].sentence("en")


def test_cells_that_are_no_numbers_leave_no_value() -> None:
    answer = measure({"works": {"发布时间": ["2026-04-01", "2026-05-01"], "播放量": ["很多", "多"]}}, "plays", **APRIL)
    assert answer["plays"] is None
    assert [problem.line() for problem in answer.problems] == [
        "table works · row 1 · column '播放量': '很多' is not a number; leave a missing value blank"]
    answer = measure({"works": {"播放量": [10], "完播率": [36.6]}}, "completion_rate")
    assert answer["completion_rate"] is None
    assert names(answer) == ["OutOfBound"]


def test_dates_that_are_none_leave_no_value() -> None:
    table = {"date": ["2026-04-01", "gestern"], "plays": [1, 2]}
    assert names(measure({"daily": table}, "plays", **APRIL)) == ["NotADay"]
    assert measure({"daily": table}, "plays")["plays"] == 3
    undated = measure({"daily": {"date": ["2026-04-01", None], "plays": [1, 2]}}, "plays", **APRIL)
    assert undated["plays"] == 1
    assert names(undated) == ["UndatedRows"]
    assert names(measure({"daily": {"plays": [1]}}, "plays", **APRIL)) == ["NoDateColumn"]


@pytest.mark.parametrize("stamp", [date(2026, 4, 1), datetime(2026, 4, 1, 9), pd.Timestamp("2026-04-01 09:00"),
                                   "2026/4/1 9:00", 46113])
def test_any_kind_of_date(stamp: Any) -> None:
    table = {"date": [stamp], "plays": [5]}
    assert measure({"daily": table}, "plays", start="2026-04-01", end="2026-04-01")["plays"] == 5


def test_unique_people_are_never_added() -> None:
    table = {"date": ["2026-04-01", "2026-04-02"], "付费用户数": [10, 12], "活跃用户数": [100, 100]}
    answer = measure({"users": table}, "paying_rate")
    assert answer["paying_rate"] is None
    assert names(answer) == ["NotAdditive"]
    assert measure({"users": table}, "paying_rate", start="2026-04-02")["paying_rate"] == 0.12


def test_channel_totals_are_not_counted_twice() -> None:
    table = {"日期": ["2026-04-01"] * 3, "渠道": ["全部", "公众号会话", "朋友圈"], "阅读次数": [10, 7, 3],
             "阅读人数": [8, 6, 3], "分享人数": [2, 1, 1]}
    answer = measure({"traffic": table}, ["reads", "share_rate", "read_sources"])
    assert answer["reads"] == 10
    assert answer["share_rate"] == 0.25
    assert {row.group["channel"]: row.value for row in answer if row.group} == {"公众号会话": 0.7, "朋友圈": 0.3}
    parts = {name: column[1:] for name, column in table.items()}
    assert measure({"traffic": parts}, "reads")["reads"] == 10
    assert names(measure({"traffic": parts}, "share_rate")) == ["NotAdditive"]
    assert {row.group["channel"]: row.value for row in measure({"t": table}, "share_rate", by="渠道")} == {
        "公众号会话": pytest.approx(1 / 6), "朋友圈": pytest.approx(1 / 3)}


def test_last_day_must_be_one_row() -> None:
    table = {"date": ["2026-04-01", "2026-04-01"], "account": ["甲", "乙"], "fans_total": [10, 20]}
    assert names(measure({"daily": table}, "fans_total")) == ["DoubledDate"]
    by = measure({"daily": table}, "fans_total", by="account")
    assert {row.group["account"]: row.value for row in by} == {"甲": 10, "乙": 20}


def test_interaction_per_fan_reads_each_part_where_it_is() -> None:
    tables = {"articles": {"评论": [3, 2], "点赞": [10, 5]}, "message": {"消息回复量": [5, None]},
              "daily": {"日期": ["2026-04-01", "2026-04-02"], "总粉丝量": [90, 110]}}
    assert measure(tables, "interaction_rate")["interaction_rate"] == pytest.approx(25 / 100)


def test_metrics_made_of_metrics() -> None:
    ratings = {"ratings": {"cv_title": [80, None], "cv_body": [70, 90], "cv_column": [60, 60], "cv_media": [100, 80]}}
    answer = measure(ratings, ["content_value", "user_loyalty", "标题吸引力"])
    assert answer["content_value"] == pytest.approx((80 + 80 + 60 + 90) / 4)
    assert answer["cv_title"] == 80
    assert answer["user_loyalty"] is None
    assert "PartsMissing" in names(answer.rows[1])


@pytest.mark.parametrize(("metric", "table", "want"), [
    ("roi", {"收入": [150, 100], "成本": [100, 100]}, 0.25),
    ("cpm", {"cost": [30], "exposures": [2000]}, 15),
    ("customer_loyalty", {"promoters": [60], "detractors": [20], "survey_answers": [100]}, 40),
    ("crisis_response_minutes", {"response_minutes": [5, 90, 10]}, 10),
    ("relative_plays", {"plays_at_age": [100, 300], "typical_plays_at_age": [200, 200]}, 1.0),
    ("attendance", {"days_present": [20], "scheduled_days": [22]}, 20 / 22),
    ("profit", {"revenue": [10], "expense": [12]}, -2),
    ("avg_play_progress", {"avg_play_seconds": [10, 30], "video_seconds": [20, 30], "plays": [300, 100]}, 0.625),
    ("consultations_dod", {"date": ["2026-04-02", "2026-04-01"], "consultations": [12, 10]}, 0.2),
    ("retention_rate", {"date": ["2026-05-01", "2026-04-01"], "留存用户数": [7, 1], "同期群用户数": [10, 10]}, 0.7),
    ("period_growth", {"current_value": [115], "previous_value": [100]}, 0.15),
    ("user_growth", {"date": ["2026-04-01", "2026-04-02"], "new_customers": [5, 5], "lost_customers": [1, 4],
                     "customers_total": [54, 55]}, 0.1),
])
def test_ways_of_aggregation(metric: str, table: dict[str, list[Any]], want: float) -> None:
    answer = measure({"table": table}, metric)
    assert answer[metric] == pytest.approx(want)
    assert not answer.problems


def test_no_value_where_the_denominator_is_zero() -> None:
    assert names(measure({"t": {"收入": [5], "成本": [0]}}, "roi")) == ["ZeroDenominator"]
    table = {"date": ["2026-04-02"], "consultations": [3]}
    assert names(measure({"t": table}, "consultations_dod")) == ["NoPreviousDay"]
    assert names(measure({"works": WORKS}, "publish_time")) == ["NotMeasured"]


def test_two_columns_of_one_meaning_leave_no_value() -> None:
    answer = measure({"works": {"播放量": [1], "plays": [2]}}, "plays")
    assert answer["plays"] is None
    assert names(answer) == ["DoubledColumn"]


def test_review_status_that_nobody_knows_is_told() -> None:
    table = {"发布时间": ["2026-04-01"] * 3, "审核状态": ["公开可见", "奇怪", "草稿"]}
    answer = measure({"works": table}, "videos_produced")
    assert answer["videos_produced"] == 2
    assert names(answer) == ["UnknownStatus"]


def test_everything_that_cannot_be_understood_at_once() -> None:
    with pytest.raises(Refused) as caught:
        measure({"works": 5, "daily": DAILY}, ["plais", "互动率"], start="2026-05-01", end="2026-04-01")
    assert [problem.name for problem in caught.value.problems] == [
        "NoSuchMetric", "NoSuchMetric", "PeriodUpsideDown", "NotATable"]
    assert "did you mean 'Plays'" in str(caught.value)
    with pytest.raises(Refused, match="gestern"):
        measure({"daily": DAILY}, "plays", start="gestern")


def test_what_is_handed_back() -> None:
    answer = measure({"works": WORKS}, ["completion_rate"], **APRIL)
    table = answer.frame("zh")
    assert list(table["label"]) == ["完播率"]
    assert table["value"].dtype == "float64"
    assert answer.as_dict("en")["actuals"][0]["formula"] == (
        "weighted average: sum of (Completion rate × Plays) ÷ sum of (Plays)")


COUNTS = st.one_of(st.none(), st.integers(0, 10**7))
ROWS = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=30)


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[tuple[int | None, ...]], random: Any) -> None:
    heads = ("likes", "comments", "shares", "plays")
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, two = ([dict(zip(heads, row, strict=True)) for row in some] for some in (rows, shuffled))
    asked = ["interaction_rate_video", "plays", "likes"]
    assert measure({"works": one}, asked).values == measure({"works": two}, asked).values


@given(ROWS)
def test_a_ratio_is_the_ratio_of_pandas_sums(rows: list[tuple[int | None, ...]]) -> None:
    table = pd.DataFrame(rows, columns=["likes", "comments", "shares", "plays"], dtype="float64")
    whole = table.dropna()
    top, bottom = whole[["likes", "comments", "shares"]].sum().sum(), whole["plays"].sum()
    got = measure({"works": table}, "interaction_rate_video")["interaction_rate_video"]
    assert got == (pytest.approx(top / bottom) if bottom else None)


USERS = [path for path in [SHARED / "wechat_oa" / "users.xls"] if path.exists()]


@pytest.mark.parametrize("path", USERS, ids=lambda path: path.name)
def test_a_real_account(path: Any) -> None:
    """90 days: 51,895 new, 8,255 cancelled, 505 opening and 44,145 closing fans (independent figures)."""
    text = path.read_text(encoding="utf-8")
    cells = [[re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
             for row in re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.S)]
    head = next(row for row in cells if "时间" in row)
    rows = [dict(zip(head, row, strict=True)) for row in cells if len(row) == len(head) and row[0][:2] == "20"]
    assert len(rows) == 90
    answer = measure({"daily": rows}, ["new_followers", "cancelled_followers", "net_followers", "fans_total",
                                       "churn_rate", "compound_growth_rate"])
    assert answer["new_followers"] == 51_895
    assert answer["cancelled_followers"] == 8_255
    assert answer["net_followers"] == 51_895 - 8_255
    assert answer["fans_total"] == 44_145
    assert answer["churn_rate"] == pytest.approx(8_255 / 505)
    assert answer["compound_growth_rate"] == pytest.approx((44_145 / 505) ** (1 / 3) - 1)


def test_a_header_that_stands_twice_is_refused() -> None:
    with pytest.raises(Refused, match="two columns both mean '播放量'"):
        measure({"works": pd.DataFrame([[1, 2]], columns=["播放量", "播放量"])}, "plays")


def test_a_blank_column_does_not_stand_in_the_way() -> None:
    daily = {"date": ["2026-04-01"], "net_followers": [None], "new_followers": [5], "cancelled_followers": [2],
             "plays": [None]}
    assert measure({"daily": daily}, "net_followers")["net_followers"] == 3
    answer = measure({"daily": daily, "works": {"plays": [7]}}, "plays")
    assert answer["plays"] == 7
    assert names(answer) == ["CumulativePlays"]


@pytest.mark.parametrize("first", ["xlkpi.measure", "xlkpi.score", "import_module('xlkpi.measure.tables')"])
def test_the_public_name_measures_whatever_was_loaded_before(first: str) -> None:
    script = ("import xlkpi\nfrom importlib import import_module\n"
              f"{first}\nprint(xlkpi.measure({{'works': {{'plays': [1, 2]}}}}, 'plays').values)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'plays': 3.0}"


ARTICLES = [path for path in [SHARED / "wechat_oa" / "articles.xls"] if path.exists()]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_real_articles(path: Any) -> None:
    """25 articles, 86,266 readers, 639,810 delivered, open rate 0.059074 (independent figures); every cell is text."""
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    table = [dict(zip(head, row, strict=True)) for row in rows]
    answer = measure({"articles": table}, ["open_rate", "share_rate", "read_rate"])
    assert answer["open_rate"] == pytest.approx(0.059074, abs=5e-7)
    assert answer.rows[0].rows_used == 25
    assert answer["share_rate"] == pytest.approx(sum(float(row["总分享人数"]) for row in table) / 86_266)
    assert names(answer.rows[2]) == ["MissingColumns"]
