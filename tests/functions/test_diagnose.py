"""Each diagnosis rule fires on its own case and stays silent on the healthy one."""

from __future__ import annotations

import pytest

from xlkpi.functions.diagnose import KPI_DIAGNOSE, MetricNameMissing, NothingToJudge
from xlkpi.metrics import AmbiguousMetric, UnknownMetric, find_metric
from xlkpi.metrics.diagnosis import WHEN, rules

Row = tuple[str, float | None, float | None]


def fired(*rows: Row, profile: str = "all") -> dict[str, str]:
    codes, values, lines = ([row[place] for row in rows] for place in range(3))
    return {rule: evidence for rule, evidence, _ in KPI_DIAGNOSE(codes, values, lines, profile)}  # type: ignore[arg-type]


CASES: dict[str, tuple[Row, ...]] = {
    "dx_low_read": (("阅读率", 0.2, 0.3),), "dx_low_open": (("打开率", 0.3, 0.4),),
    "dx_high_churn": (("流失率", 0.2, 0.1),),
    "dx_low_conversion": (("转化率", 0.01, 0.02),),
    "dx_hollow_growth": (("net_followers", 500, 300), ("interaction_rate", 0.05, 0.1)),
    "dx_click_bait": (("open_rate", 0.5, 0.4), ("completion_rate", 0.1, 0.3)),
    "dx_cost": (("roi", 0.1, 0.3),), "dx_high_cost_project": (("expense", 12000, 10000),),
    "dx_drop_point": (("完播率", 0.2, 0.3),), "dx_channel_gap": (("comparative_plays", 0.6, 1),),
    "dx_fan_change": (("net_followers", -5, 0),),
    "dx_target_too_high": (("plays", 80, 100), ("plays", 90, 100), ("plays", 70, 100)),
    "dx_goal_missed": (("plays", 80, 100),), "dx_report": (("plays", 80, 100),),
}


def healthy(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple((code, line, line) for code, _, line in rows)


def test_the_thirteen_rules_and_click_bait_are_there() -> None:
    assert {rule.code for rule in rules()} == set(CASES)
    for rule in rules():
        assert rule.when in WHEN
        for code in (*rule.bad, *rule.good):
            assert find_metric(code).direction in ("up", "down")


@pytest.mark.parametrize("code", CASES)
def test_fires_on_its_case_only(code: str) -> None:
    label = next(rule.zh for rule in rules() if rule.code == code)
    assert label in fired(*CASES[code])
    assert list(fired(*healthy(CASES[code]))) == ["无异常"]


def test_evidence_shows_value_and_line() -> None:
    assert fired(("阅读率", 0.2, 0.3))["阅读率低"] == "阅读率 20% < 30%"
    assert fired(*CASES["dx_hollow_growth"])["无效增长"] == "净增粉丝数 500 > 300；互动率(按粉丝) 5% < 10%"


def test_hollow_growth_needs_growth() -> None:
    assert "无效增长" not in fired(("net_followers", 200, 300), ("interaction_rate", 0.05, 0.1))
    assert "标题党" not in fired(("open_rate", 0.3, 0.4), ("completion_rate", 0.1, 0.3))


def test_the_last_period_decides_and_two_are_not_enough() -> None:
    assert list(fired(("plays", 80, 100), ("plays", 120, 100))) == ["无异常"]
    assert "目标可能过高" not in fired(("plays", 80, 100), ("plays", 90, 100))
    assert "目标可能过高" not in fired(("plays", 80, 100), ("plays", 120, 100), ("plays", 90, 100))


def test_profiles_choose_the_rules() -> None:
    rows = (("阅读率", 0.2, 0.3), ("完播率", 0.2, 0.3))
    assert "观众流失环节" not in fired(*rows, profile="wechat")
    assert "阅读率低" not in fired(*rows, profile="short_video")


def test_missing_is_not_judged() -> None:
    assert "阅读率低" not in fired(("阅读率", None, 0.3), ("plays", 1, 1))
    with pytest.raises(NothingToJudge):
        fired(("阅读率", 0.2, None))


@pytest.mark.parametrize(("rows", "error"), [
    ([("阅读绿", 1, 1)], UnknownMetric), ([("互动率", 1, 1)], AmbiguousMetric), ([(None, 1, 1)], MetricNameMissing),
])
def test_names_are_checked(rows: list[Row], error: type[Exception]) -> None:
    with pytest.raises(error):
        fired(*rows)
