"""Benchmark sets in every template with goals: own history by pandas, the switch, and what is implausible."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.templates import operations_data, wechat_data
from xlkpi import jobs, platforms, samples, templates
from xlkpi.errors import CellError
from xlkpi.metrics import find_metric
from xlkpi.templates.sheets.benchmarks import EARLIER, PERIODS, STRIDE
from xlkpi.workbook.fill import Template

START, END = date(2026, 10, 1), date(2026, 10, 31)
PERIOD = {"period_start": START, "period_end": END}
LEVELS = {"本账号P50": 0.5, "本账号P75": 0.75, "本账号P90": 0.9, "本账号P99": 0.99}


def spans() -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The earlier periods: as long as October, the last ends on its eve, each seven days before the next."""
    ends = [pd.Timestamp(START - timedelta(days=1 + STRIDE * k)) for k in range(PERIODS)]
    return [(end - pd.Timedelta(days=30), end) for end in ends]


def lines(book: Template) -> dict[str, dict[str, Any]]:
    return {str(row["指标"]): row for row in book.rows("benchmarks")}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples.write_samples(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def short(files: list[Path]) -> Template:
    *data, goals = files
    return jobs.fill(templates.path("short_video"), data=data, goals=goals, inputs=PERIOD).template


def held_against(row: dict[str, Any], values: list[float | None], down: bool = False) -> None:
    """Percentiles of the periods that count, by pandas; less is better turns them round."""
    known = pd.Series([value for value in values if value is not None])
    assert row["历史数"] == len(known)
    for head, level in LEVELS.items():
        if len(known) < 4:
            assert row[head] in (None, ""), head
        else:
            assert row[head] == pytest.approx(known.quantile(round(1 - level, 2) if down else level)), head
    shown = [row[f"往期{k}"] for k in range(1, PERIODS + 1)]
    assert [value if value not in ("", None) else None for value in shown] == pytest.approx(values)


@pytest.mark.parametrize(("code", "column", "down"), [
    ("plays", "plays", False), ("likes", "likes", False), ("followers_net_month", "net_followers", False),
    ("cancelled_followers", "cancelled_followers", True)])
def test_daily_flows_of_earlier_periods(short: Template, files: list[Path], code: str, column: str,
                                        down: bool) -> None:
    days = platforms.collect(files).tables["daily"].frame.set_index("date")[column]
    values = [float(days[low:high].sum()) if len(days[low:high]) == 31 else None for low, high in spans()]
    assert values.count(None) == 0
    held_against(lines(short)[find_metric(code).zh], values, down)


def test_ratios_and_counts_of_earlier_works(short: Template, files: list[Path]) -> None:
    works = platforms.collect(files).tables["works"].frame
    first = works["published_at"].min().normalize()
    found: dict[str, list[float | None]] = {"videos_produced": [], "interaction_rate_video": [], "completion_rate": []}
    for low, high in spans():
        mine = works[(works["published_at"] >= low) & (works["published_at"] < high + pd.Timedelta(days=1))]
        assert low >= first
        shown = mine.dropna(subset=["plays"])
        found["videos_produced"].append(int((~mine["review_status"].str.contains("未通过")).sum()))
        found["interaction_rate_video"].append(
            shown[["likes", "comments", "shares"]].sum().sum() / shown["plays"].sum())
        films = shown[shown["genre"].str.contains("视频")]
        found["completion_rate"].append((films["completion_rate"] * films["plays"]).sum() / films["plays"].sum())
    for code, values in found.items():
        held_against(lines(short)[find_metric(code).zh], values)


def test_a_period_that_the_data_do_not_cover_is_none(files: list[Path]) -> None:
    data = platforms.collect(files).tables
    daily, works = data["daily"].frame, data["works"].frame
    inside = {"daily": daily[daily["date"] >= "2026-08-15"], "works": works[works["published_at"] >= "2026-08-20"]}
    row = lines(jobs.fill(templates.path("short_video"), data=inside, inputs=PERIOD).template)
    assert [row["播放量"][f"往期{k}"] not in ("", None) for k in range(1, 7)] == [True] * 3 + [False] * 3
    assert row["播放量"]["本账号P75"] in ("", None), "three periods make no percentile"
    first = inside["works"]["published_at"].min().normalize()
    want = [low >= first for low, _ in spans()]
    assert [row["视频互动率"][f"往期{k}"] not in ("", None) for k in range(1, 7)] == want
    gap = daily[daily["date"] != "2026-09-15"]
    row = lines(jobs.fill(templates.path("short_video"), data={"daily": gap}, inputs=PERIOD).template)
    assert row["播放量"]["历史数"] == sum(not low <= pd.Timestamp(2026, 9, 15) <= high for low, high in spans())


def test_one_cell_switches_and_targets_beyond_are_named(short: Template, files: list[Path]) -> None:
    made = lines(short)["视频的制作数量"]
    assert made["目标值"] == 20 > made["本账号P99"]
    assert made["合理性提示"].startswith("目标值 20 超出本账号历史 P99 18.95")
    assert lines(short)["播放量"]["合理性提示"] == "", "280,000 is within what the account has reached"
    for word in ("文章基准", "市场基准", "本账号P50", "本账号P90"):
        short.fill({}, {"benchmark_set": word})
        short.calculate()
        for row in lines(short).values():
            column = word if word in row else {"文章基准": "文章基准", "市场基准": "市场基准"}[word]
            assert row["采用基准"] == row[column] or (row["采用基准"] == "" and row[column] is None)
    assert lines(short)["完播率"]["市场基准"] == 0.25


def test_stocks_and_ratios_of_an_official_account() -> None:
    given = wechat_data.tables()
    book = jobs.fill(templates.path("wechat_promotion"), inputs=PERIOD, data=wechat_data.under_headers(
        "wechat_promotion", "zh", given)).template
    users, articles, sold = (pd.DataFrame(given[name]) for name in ("users", "articles", "conversion"))
    fans = users.set_index("date")["fans_total"]
    churn: list[float | None] = []
    growth: list[float | None] = []
    roi: list[float | None] = []
    reads: list[float | None] = []
    for low, high in spans():
        mine = users[users["date"].between(low, high)]
        whole = len(mine) == 31 and low - pd.Timedelta(days=1) in fans.index
        churn.append(mine["cancelled_followers"].sum() / fans[low - pd.Timedelta(days=1)] if whole else None)
        growth.append(fans[high] / fans[low - pd.Timedelta(days=1)] - 1 if whole else None)
        bought = sold[sold["date"].between(low, high)]
        roi.append(bought["revenue"].sum() / bought["cost"].sum() - 1 if low >= sold["date"].min() else None)
        read = articles[articles["published_at"].between(low, high)]
        reads.append(float(read["reads"].sum()) if low >= articles["published_at"].min() else None)
    assert churn.count(None) == 1
    found = lines(book)
    held_against(found["流失率"], churn, down=True)
    held_against(found["粉丝复合增长率"], growth)
    held_against(found["ROI"], roi)
    held_against(found["阅读量"], reads)
    assert found["阅读量"]["文章基准"] is None, "the article's line for reads is a growth"
    assert found["环比"]["历史数"] == 0, "no earlier period has a whole one before it"


def test_smart_goals_are_held_against_history() -> None:
    goals = [("净增粉丝数", 9_000, END), ("新增关注数", 9_000, date(2026, 12, 31)), ("打开率", 0.2, date(2026, 12, 31))]
    heads = [column.name for column in Template.open(templates.path("wechat_smart")).book.table("smart_goals").columns]
    made = [dict.fromkeys(heads[:12]) | {"指标": metric, "目标值": target, "开始日期": START, "截止日期": due}
            for metric, target, due in goals]
    assert set(made[0]) == set(heads[:12])
    given = wechat_data.under_headers("wechat_smart", "zh", wechat_data.tables())
    book = jobs.fill(templates.path("wechat_smart"), data={**given, "smart_goals": [
        {head: value for head, value in row.items() if head != "单位"} for row in made]}, inputs=PERIOD).template
    found = lines(book)
    assert "目标值 9,000 超出" in found["净增粉丝数"]["合理性提示"]
    assert found["新增关注数"]["目标值"] == "", "three months' target is not held against one month"
    assert "目标值 20.0%" in found["打开率"]["合理性提示"]


def test_the_team_is_held_against_lines_and_typed_history() -> None:
    book = jobs.fill(templates.path("account_operations"), data=operations_data.team("zh"), inputs=PERIOD).template
    quantities = pd.DataFrame(operations_data.team("zh")["quantities"])
    row = lines(book)["转化率"]
    assert not set(row) & {f"往期{k}" for k in range(1, len(EARLIER) + 1)}
    assert row["本期实际"] == pytest.approx(quantities[quantities["指标"] == "转化率"]["实际值"].mean())
    place = book.book.table("benchmarks")
    at = place.first_row + [one["指标"] for one in book.rows("benchmarks")].index("转化率")
    book.fill({}, {f"{place.sheet}!G{at}": 0.04, f"{place.sheet}!I{at}": 0.03, "benchmark_set": "本账号P75"})
    book.calculate()
    row = lines(book)["转化率"]
    assert (row["采用基准"], row["判定"]) == (0.04, "未达到")
    assert "目标值 3.5% 超出本账号历史 P99 3.0%" in row["合理性提示"]


@pytest.mark.parametrize(("number", "said"), [
    (20, "20"), (18.5, "18.50"), (99.999, "100.00"), (100, "100"), (100.4, "100"), (1234.5, "1,235"), (0, "0"),
    (-0.5, "-0.50"), (-150.4, "-150")])
def test_a_note_says_numbers_as_the_sheet_shows_them(number: float, said: str) -> None:
    """Whole numbers and those of 100 and more without decimals, others with two; hours, where less is better."""
    book = Template.open(templates.path("account_operations"))
    place = book.book.table("benchmarks")
    at = place.first_row + [one["指标"] for one in book.rows("benchmarks")].index("问题解决速度")
    assert lines(book)["问题解决速度"]["方向"] == "越低越好"
    book.fill({}, {f"{place.sheet}!D{at}": number - 1, f"{place.sheet}!G{at}": number, f"{place.sheet}!I{at}": number,
                   "benchmark_set": "文章基准"})
    book.calculate()
    row = lines(book)["问题解决速度"]
    assert f"超出本账号历史 P99 {said}，几乎不可能达到；可改用 P75 {said}。" in row["合理性提示"]
    for reached in (number, number + 1):
        book.fill({}, {f"{place.sheet}!D{at}": reached})
        book.calculate()
        assert "P99" not in lines(book)["问题解决速度"]["合理性提示"], reached


@pytest.mark.parametrize("word", [None, "无此基准", CellError("#N/A")])
def test_no_set_has_no_lines_and_an_error_is_shown(word: Any) -> None:
    book = Template.open(templates.path("short_video"))
    book.book.set_cells("基准", {(4, 2): word})  # as pasted in Excel, past the list
    book.calculate(on_error="report")
    shown = {row["采用基准"] for row in lines(book).values()}
    assert shown == ({word} if isinstance(word, CellError) else {""})


def test_an_error_in_a_line_is_shown() -> None:
    book = Template.open(templates.path("short_video"))
    place = book.book.table("benchmarks")
    book.book.set_cells("基准", {(place.first_row, 4): CellError("#N/A")})
    book.fill({}, {"benchmark_set": "文章基准"})
    book.calculate(on_error="report")
    assert book.rows("benchmarks")[0]["采用基准"] == CellError("#N/A")
