"""SMART goals as the articles write them."""

from __future__ import annotations

from typing import Any

import pytest

from xlkpi.functions.smart import KPI_SMART


def smart(lang: str = "zh", **changes: Any) -> dict[str, tuple[bool | None, str]]:
    goal = {"metric": "粉丝总数", "baseline": 1000, "target": 10000, "unit": "人", "start": "2026-04-01",
            "due": "2026-05-01", "evidence": "公众号后台用户分析导出.xlsx", "history": None} | changes
    return {letter: (verdict, reason) for letter, verdict, reason in KPI_SMART(**goal, lang=lang)}


def test_the_articles_own_example_shows_what_a_day_needs() -> None:
    found = smart()
    assert [found[letter][0] for letter in "SMRT"] == [True] * 4
    assert found["A"][0] is None
    assert "7.98%" in found["A"][1]
    assert "资源" in found["A"][1]


def test_next_quarter_is_flagged_with_dates() -> None:
    verdict, reason = smart(start="2026-08-15", due="在下一季度内")["T"]
    assert verdict is False
    assert "2026-10-01" in reason
    assert "2026-12-31" in reason


@pytest.mark.parametrize(("changes", "letter", "word"), [
    ({"metric": "提升品牌影响力"}, "S", "笼统"), ({"metric": None}, "S", "没有写指标"),
    ({"metric": "粉丝总是"}, "S", "粉丝总数"),
    ({"metric": "互动率"}, "S", "interaction_rate"),
    ({"baseline": None}, "M", "基线"), ({"target": "很多"}, "M", "很多"), ({"unit": None}, "M", "单位"),
    ({"target": 1000}, "M", "相同"), ({"target": 900}, "M", "更差"),
    ({"evidence": None}, "R", "证据"), ({"evidence": "领导认可"}, "R", "领导认可"),
    ({"due": "尽快"}, "T", "尽快"), ({"due": None}, "T", "截止"), ({"start": None}, "T", "开始"),
    ({"due": "2026-03-31"}, "T", "不晚于"),
])
def test_what_fails_says_why(changes: dict[str, Any], letter: str, word: str) -> None:
    verdict, reason = smart(**changes)[letter]
    assert verdict is False
    assert word in reason


GROWTH = [1000 + 10 * day + (30 if day % 3 == 0 else 0) for day in range(30)]  # trend 10 a day, some days up 40


@pytest.mark.parametrize(("target", "verdict", "word"), [
    (1250, False, "过低"), (1800, True, "努力"), (100_000, False, "过高"),
])
def test_attainable_against_history(target: float, verdict: bool, word: str) -> None:
    found = smart(target=target, history=GROWTH)["A"]
    assert found[0] is verdict
    assert word in found[1]


@pytest.mark.parametrize(("target", "verdict", "word"), [
    (1500, False, "过低"), (2200, True, "努力"), (4000, False, "过高"),
])
def test_flows_are_judged_by_their_days(target: float, verdict: bool, word: str) -> None:
    days = [50.0] * 20 + [100.0] * 5  # mean 60; 31 days make 1,860; the best days 100 make 3,100
    found = smart(metric="新增关注数", baseline=1400, target=target, history=days)["A"]
    assert found[0] is verdict
    assert word in found[1]


def test_lower_is_better() -> None:
    found = smart(metric="流失率", baseline=0.1, target=0.05, unit="%")
    assert found["M"][0] is True
    assert smart(metric="流失率", baseline=0.05, target=0.1, unit="%")["M"][0] is False


def test_both_languages() -> None:
    for changes in ({}, {"metric": "提升影响力", "target": "x", "evidence": None, "due": "年底", "history": GROWTH}):
        for _, reason in smart("en", **changes).values():
            assert not set(reason) & set("，。；：")
