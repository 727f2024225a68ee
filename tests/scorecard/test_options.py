"""Every method as the cell scores it, weights over two levels, carried values, parts of a period, what is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi import cells
from xlkpi.errors import CellError, Refused
from xlkpi.functions import KPI_SCORE
from xlkpi.registry import find
from xlkpi.scorecard import score
from xlkpi.terms import SCORE_METHODS

numbers = st.integers(-4000, 4000).map(lambda number: number / 8)
HOW: dict[str, dict[str, Any]] = {
    "linear": {"target": 100, "floor": 40, "floor_score": 20, "stretch": 150}, "inverse": {"target": 100},
    "interp": {"target": 100, "floor": 50, "stretch": 160, "floor_score": 60, "cap": 1.5},
    "step": {"target": 100, "step": 7, "points": 3}, "binary": {"target": 100}, "rate": {"target": 5, "baseline": 1},
    "deduct": {"target": 2, "points": 15, "floor_score": -30}, "bonus": {"points": 4, "cap": 1.1},
    "range": {"target": -5, "stretch": 20, "step": 40}, "band": {"bands": "-500:0; 60:60; 80:85; 100:100"},
    "veto": {"target": 1},
}
LABELS = {"target": "目标值", "baseline": "基线", "floor": "底线值", "stretch": "挑战值", "cap": "封顶",
          "bands": "分段", "floor_score": "底线分", "step": "步长", "points": "每次分值"}
DOWN = {"inverse"}


@pytest.mark.parametrize("method", [choice.code for choice in SCORE_METHODS])
@given(actual=st.one_of(st.none(), numbers, st.floats(0, 6)), own=st.booleans())
def test_a_row_scores_as_the_cell_does(method: str, actual: float | None, own: bool) -> None:
    how = {**HOW[method], "method": method, "direction": "down" if method in DOWN else "up"}
    goal: dict[str, Any] = {"指标": "播放量", "权重": 100, "方向": "越低越好" if method in DOWN else "越高越好",
                            "计分方法": next(choice.zh for choice in SCORE_METHODS if choice.code == method)}
    goal |= {LABELS[name]: value for name, value in HOW[method].items()}
    names = [parameter.name for parameter in find("KPI_SCORE").parameters]
    in_cell = cells.call(find("KPI_SCORE"), *[{"actual": actual, **how}.get(name) for name in names])
    given = {"plays": actual}
    if own:
        goal["实际值"], given = actual, {}
    if isinstance(in_cell, CellError):
        with pytest.raises(Refused):
            score(given, [goal])
        return
    card = score(given, [goal])
    assert card.rows[0].score == KPI_SCORE(actual, **{"target": None, **how})
    assert (card.rows[0].score if card.rows[0].score is not None else "") == in_cell


def test_a_deduction_may_go_below_0_where_the_floor_score_says_so() -> None:
    assert KPI_SCORE(9, None, method="deduct", points=15, floor_score=-20) == -20
    assert KPI_SCORE(8, None, method="deduct", points=15, floor_score=-100) == -20
    assert KPI_SCORE(8, None, method="deduct", points=15) == 0
    goals = [{"指标": "播放量", "权重": 90, "目标值": 100},
             {"指标": "投诉处理", "权重": 10, "计分方法": "扣分法", "每次分值": 50, "底线分": -100}]
    assert score({"播放量": 100, "投诉处理": 4}, goals).total == pytest.approx(90 - 10)


# ---------------------------------------------------------------- two levels

PLAIN = [{"维度": "产出", "维度权重": 60, "指标": "播放量", "权重": 50, "目标值": 100},
         {"指标": "点赞数", "权重": 50, "目标值": 100},  # merged cells read as blanks
         {"维度": "粉丝", "维度权重": 40, "指标": "新增粉丝数", "权重": 100, "目标值": 100}]
GIVEN = {"播放量": 100, "点赞数": 80, "新增粉丝数": 50}
WANT = 0.6 * (0.5 * 100 + 0.5 * 80) + 0.4 * 50


@pytest.mark.parametrize("weights", [
    [(60, 50), (None, 50), (40, 100)], [("60%", "50%"), (None, "50%"), ("40%", "100%")],
    [(0.6, 0.5), (0.6, 0.5), (0.4, 1)], [(60, 30), (60, 30), (40, 40)], [(60, 50), (None, 50), (40, 40)]])
def test_indicators_share_their_dimension_or_the_whole(weights: list[tuple[Any, Any]]) -> None:
    goals = [{**goal, "维度": name, "维度权重": above, "权重": own}
             for goal, name, (above, own) in zip(PLAIN, ("产出", "产出", "粉丝"), weights, strict=True)]
    card = score(GIVEN, goals)
    assert card.total == pytest.approx(WANT)
    assert [row.weight for row in card] == pytest.approx([30, 30, 40])
    assert card.dimensions == pytest.approx({"产出": 90, "粉丝": 50})


def test_merged_cells_of_a_form() -> None:
    assert score(GIVEN, PLAIN).total == pytest.approx(WANT)


@pytest.mark.parametrize(("change", "problem", "row", "word"), [
    ({0: {"维度权重": 50}}, "DimensionWeightsWrong", None, "90.0%"),
    ({1: {"权重": 40}}, "IndicatorWeightsWrong", 1, "合计为 90.0%"),
    ({2: {"维度权重": None}}, "DimensionWithoutWeight", 3, "粉丝"),
    ({1: {"维度": "产出", "维度权重": 55}}, "DimensionWeightTwice", 2, "60 和 55"),
    ({0: {"维度权重": -60}, 2: {"维度权重": 160}}, "DimensionWeightNegative", 1, "-60"),
    ({0: {"维度权重": "六成"}}, "BadGoalCell", 1, "六成"), ({0: {"维度权重": "60%"}}, "MixedWeights", None, "60%"),
])
@pytest.mark.parametrize("mode", ["strict", "relative"])
def test_levels_that_do_not_add_up(change: dict[int, Any], problem: str, row: int | None, word: str, mode: str) -> None:
    goals = [{**goal, **change.get(place, {})} for place, goal in enumerate(PLAIN)]
    with pytest.raises(Refused) as caught:
        score(GIVEN, goals, weight_mode=mode, lang="zh")
    found = next(one for one in caught.value.problems if one.name == problem)
    assert found.where.row == row
    assert word in found.sentence("zh")
    assert found.sentence("en")


# ---------------------------------------------------------------- values of the period before

TWO = [{"指标": "播放量", "权重": 50, "目标值": 100}, {"指标": "点赞数", "权重": 30, "目标值": 100},
       {"指标": "评论数", "权重": 20, "目标值": 100}]


def test_a_missing_value_is_carried_from_the_period_before() -> None:
    card = score({"播放量": 90}, TWO, missing="carry", previous={"点赞数": 60, "播放量": 1}, lang="zh")
    assert [row.score for row in card] == [90, 60, None]
    assert card.total == pytest.approx((90 * 50 + 60 * 30) / 80)
    assert card.coverage == pytest.approx(0.8)
    assert [(problem.name, problem.where.row) for problem in card.problems] == [
        ("ActualCarried", 2), ("ActualMissing", 3)]
    assert card.problems[0].sentence("zh") == "“点赞数”本期没有实际值，沿用上期的 60"


@pytest.mark.parametrize("options", [{"missing": "carry"}, {"previous": {"播放量": 1}}])
def test_carrying_needs_both(options: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        score({"播放量": 90}, TWO, **options)
    assert caught.value.problems[0].name == "CarryNeedsBoth"


# ---------------------------------------------------------------- a part of the period

PART = [
    {"指标": "播放量", "权重": 20, "目标值": 1000, "底线值": 500, "挑战值": 1500, "计分方法": "插值法"},
    {"指标": "点赞数", "权重": 20, "目标值": 100, "步长": 10, "每次分值": 5, "计分方法": "层差法"},
    {"指标": "评论数", "权重": 10, "分段": "0:0; 50:60; 100:100", "计分方法": "分段法"},
    {"指标": "粉丝总数", "权重": 20, "目标值": 2000, "基线": 1000}, {"指标": "完播率", "权重": 20, "目标值": 0.3},
    {"指标": "工作态度", "权重": 10, "目标值": 5, "计分方法": "评分法"},
]


def test_flows_at_half_the_period_score_as_the_whole_does() -> None:
    whole = {"播放量": 1250, "点赞数": 85, "评论数": 60, "粉丝总数": 1600, "完播率": 0.24, "工作态度": 4}
    half = {**whole, "播放量": 625, "点赞数": 42.5, "评论数": 30, "粉丝总数": 1300}
    full, part = score(whole, PART), score(half, PART, prorate=0.5, lang="zh")
    assert [row.score for row in part] == pytest.approx([row.score for row in full])
    assert [row.score for row in full] == pytest.approx([110, 95, 60, 60, 80, 80])
    assert part.rows[0].explanation == "625 在目标 500（100分）与挑战 750（120分）之间插值，得 110 分"
    note, = part.problems
    assert (note.name, note.level) == ("Prorated", "note")
    assert note.sentence("zh").startswith("目标按 50.0% 折算（4 项")
    assert "完播率" not in note.sentence("zh")
    assert not score(whole, PART, prorate=1).problems


@pytest.mark.parametrize("share", [0, -0.5, 18])
def test_a_share_that_is_none(share: float) -> None:
    with pytest.raises(Refused) as caught:
        score({"播放量": 1}, TWO, prorate=share)
    assert "ProrateWrong" in [problem.name for problem in caught.value.problems]


# ---------------------------------------------------------------- what is said


def test_relative_weights_are_said() -> None:
    goals = [{"指标": "播放量", "权重": 40, "目标值": 100}, {"指标": "点赞数", "权重": 30, "目标值": 100}]
    note, = score({"播放量": 70, "点赞数": 140}, goals, weight_mode="relative", lang="zh").problems
    assert note.sentence("zh") == "权重已归一：70.0% → 100%"
    goals[0]["权重"] = 70
    assert not score({"播放量": 70, "点赞数": 70}, goals, weight_mode="relative").problems


def test_a_veto_names_its_item() -> None:
    goals = [{"指标": "播放量", "权重": 100, "目标值": 100}, {"指标": "投诉处理", "权重": 0, "计分方法": "一票否决"}]
    warning, = score({"播放量": 118, "投诉处理": 1}, goals, lang="zh").problems
    assert warning.sentence("zh") == "触发一票否决：投诉处理；无论总分多少，等级为“D”"
    assert warning.where.row == 2
    assert not score({"播放量": 118, "投诉处理": 0}, goals).problems
