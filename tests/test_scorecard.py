"""Scorecards against figures worked out by hand, against laws that any fair score keeps, and against the cells."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi import cells, language, registry
from xlkpi.errors import Refused
from xlkpi.measure import measure
from xlkpi.scorecard import read_goals, score

GOALS = [
    {"指标": "视频的制作数量", "维度": "产出", "权重": "20%", "目标值": 20},
    {"指标": "播放量", "维度": "数据", "权重": "30%", "目标值": "10万"},
    {"指标": "转粉率", "维度": "数据", "权重": "20%", "目标值": "1%", "底线值": 0.005},
    {"指标": "取消关注数", "维度": "粉丝", "权重": "20%", "目标值": 100},
    {"指标": "投诉处理", "维度": "服务", "权重": "10%", "计分方法": "扣分法", "每次分值": 5},
]
ACTUALS = {"videos_produced": 18, "播放量": "12.5万", "follow_conversion_rate": 0.004, "cancelled_followers": 110,
           "complaints": 3}
# 18/20 = 90; 125,000/100,000 = 125 → 120; 0.4% < 0.5% → 0; lower is better: 2 − 110/100 = 90; 100 − 3·5 = 85
SCORES = [90, 120, 0, 90, 85]
TOTAL = 90 * 0.2 + 120 * 0.3 + 0 + 90 * 0.2 + 85 * 0.1
METRICS = ["plays", "likes", "comments", "shares", "new_followers", "revenue", "reads", "forwards"]


def refusal(actuals: Any, goals: Any, **options: Any) -> list[Any]:
    with pytest.raises(Refused) as caught:
        score(actuals, goals, **options)
    return caught.value.problems


def names(problems: Any) -> list[str]:
    return [problem.name for problem in problems]


def goal(metric: str = "plays", weight: Any = 100, target: Any = 100, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "weight": weight, "target": target, **more}


# ---------------------------------------------------------------- by hand


def test_a_scorecard_by_hand() -> None:
    card = score(ACTUALS, GOALS, lang="zh")
    assert [row.score for row in card] == pytest.approx(SCORES)
    assert card.total == pytest.approx(TOTAL)
    assert (card.coverage, card.grade, card.coefficient) == (1.0, "B", 1.0)
    assert [row.status for row in card] == ["预警", "达标", "未达标", "预警", "预警"]
    assert [row.completion for row in card] == [0.9, 1.25, 0.4, pytest.approx(0.9), None]
    assert sum(row.contribution for row in card) == pytest.approx(card.total)
    assert card["follow_conversion_rate"].explanation == "0.4% 差于底线 0.5%，得底线分，得 0 分"
    assert card.dimensions == {"产出": 90, "数据": pytest.approx(120 * 30 / 50), "粉丝": pytest.approx(90), "服务": 85}
    assert not card.problems


@pytest.mark.parametrize("table", [pd.DataFrame, pl.DataFrame, lambda rows: pd.DataFrame(rows).to_dict("list"), list],
                         ids=["pandas", "polars", "columns", "rows"])
def test_goals_in_any_kind_of_table(table: Any) -> None:
    rows = [{**row, "目标值": str(row.get("目标值", "")), "底线值": str(row.get("底线值", ""))} for row in GOALS]
    heads = dict.fromkeys(key for row in rows for key in row)
    whole = [{head: row.get(head) for head in heads} for row in rows]
    assert score(ACTUALS, table(whole)).total == pytest.approx(TOTAL)


def test_english_headings_and_a_table_of_actuals() -> None:
    goals = pd.DataFrame({"Metric": ["Plays", "Churn rate"], "Weight": [60, 40], "Target": [100, 0.1],
                          "Method": ["Linear", "Inverse"], "Cap": ["150%", None], "Note": ["", ""]})
    actuals = pd.DataFrame({"指标": ["播放量", "流失率"], "实际值": [140, 0.16]})
    card = score(actuals, goals)
    assert [row.score for row in card] == pytest.approx([140, 62.5])
    assert card.total == pytest.approx(140 * 0.6 + 62.5 * 0.4)
    assert not card.problems


def test_goals_bring_their_own_actual_values() -> None:
    card = score(None, [{"指标": "播放量", "权重": 50, "目标值": 100, "实际值": 80},
                        {"指标": "工作态度", "权重": 50, "目标值": 5, "计分方法": "评分法", "实际值": "4"}])
    assert [row.score for row in card] == [80, 80]
    assert names(refusal({"plays": 81}, [goal(actual=80)])) == ["ActualTwice"]
    assert score({"plays": 80}, [goal(actual=80)]).total == 80


def test_from_tables_to_a_grade() -> None:
    works = {"播放量": [1000, 500], "点赞量": [60, 30], "评论量": [15, 5], "分享量": [5, 5], "完播率": [0.3, None]}
    card = score(measure({"works": works}, ["interaction_rate_video", "completion_rate", "plays"]), [
        goal("视频互动率", 50, "10%"), goal("完播率", 25, 0.25), goal("plays", 25, 1500)], lang="en")
    assert [row.score for row in card] == pytest.approx([80, 120, 100])  # 120/1500 = 8%
    assert card.total == pytest.approx(95)
    assert card.grade == "A"
    assert names(card.problems) == ["RowsLeftOut", "CumulativePlays"]


def test_missing_rows_give_their_weight_away() -> None:
    goals = [goal("plays", 50), goal("likes", 30), goal("shares", 20)]
    card = score({"plays": 90, "likes": 60, "shares": None}, goals)
    assert card.total == pytest.approx((90 * 50 + 60 * 30) / 80)
    assert card.coverage == pytest.approx(0.8)
    assert [row.effective_weight for row in card] == [0.625, 0.375, None]
    assert [row.status for row in card] == ["At risk", "Off track", "No data"]
    assert [problem.line() for problem in card.problems] == [
        "table goals · row 3: 'Shares' has no actual value; it is not scored and its weight goes to the other rows"]
    assert score({"plays": 90, "likes": 60}, goals, missing="zero").total == pytest.approx(90 * 0.5 + 60 * 0.3)
    assert names(refusal({"plays": 90}, goals, missing="error")) == ["ActualRequired", "ActualRequired"]


def test_too_little_data_gives_no_grade() -> None:
    card = score({"plays": 90}, [goal("plays", 50), goal("likes", 50)], lang="en")
    assert (card.total, card.coverage, card.grade, card.coefficient) == (90, 0.5, "Insufficient data", None)
    empty = score({}, [goal()])
    assert (empty.total, empty.coverage, empty.grade, empty.coefficient) == (None, 0.0, None, None)


def test_the_metric_knows_its_direction() -> None:
    assert score({"churn_rate": 0.12}, [goal("churn_rate", 100, 0.1)]).total == pytest.approx(80)
    assert score({"churn_rate": 0.12}, [goal("churn_rate", 100, 0.1, direction="越高越好")]).total == pytest.approx(120)


def test_own_grades_and_bonus() -> None:
    grades = [(95.0, "优", 1.3), (60.0, "合格", 1.0), (None, "不合格", None)]
    assert score({"plays": 94}, [goal()], grades=grades).grade == "合格"
    better = score({"plays": 94}, [goal()], grades=grades, bonus=1)
    assert (better.total, better.grade, better.coefficient) == (95, "优", 1.3)
    assert score({"plays": 10}, [goal()], grades=grades).coefficient is None
    assert names(refusal({"plays": 10}, [goal()], grades=grades[:2])) == ["GradesWrong"]


def test_a_row_of_weight_0_is_for_information() -> None:
    card = score({"plays": 90, "likes": 10}, [goal("plays", 100), goal("likes", 0)])
    assert card.total == 90
    assert card["likes"].contribution == 0


# ---------------------------------------------------------------- what is refused


def test_every_problem_at_once_with_its_row() -> None:
    problems = refusal({"plays": 1}, [
        goal("播放亮"), goal("互动率"), goal("likes", 10, None), goal("shares", 10, "很多"),
        goal("comments", 10, 5, method="随便"), goal("reads", 10, 5, direction="sideways"), goal("plays", None),
        goal("new_followers", 10, 5), goal("新增关注数", 10, 6), goal(None, 10, 5), goal("revenue", 10, 0)])
    assert [(problem.name, problem.where.row) for problem in problems] == [
        ("GoalMetricUnknown", 1), ("GoalMetricUnknown", 2), ("GoalWithoutTarget", 3), ("BadGoalCell", 4),
        ("BadGoalCell", 5), ("BadGoalCell", 6), ("GoalWithoutWeight", 7), ("DoubledGoal", 9), ("GoalWithoutMetric", 10),
        ("ActualMissing", 8), ("ActualMissing", 11), ("CannotScore", 11), ("WeightsWrong", None)]
    assert "did you mean" in problems[0].sentence("en")
    assert "interaction_rate_video" in problems[1].sentence()
    assert problems[3].line() == "table goals · row 4 · column 'target': 'target' must be a number, not '很多'"


@pytest.mark.parametrize(("actuals", "goals", "want"), [
    ({"plays": 1, "likes": 1}, [goal("plays", 40), goal("likes", 30)], "WeightsWrong"),
    ({"plays": 1, "likes": 1}, [goal("plays", 140), goal("likes", -40)], "WeightsWrong"),
    ({"plays": 1}, [goal("plays", 0)], "WeightsWrong"),
    ({"plays": "一些"}, [goal()], "ActualNotANumber"),
    ({"plays": 1, "播放量": 2}, [goal()], "ActualTwice"),
    ({"plays": 1}, [{"metric": "plays", "target": 1}], "MissingHeading"),
    ({"plays": 1}, [{**goal(), "权重": 5}], "DoubledHeading"),
    ({"plays": 1}, [], "NoGoals"),
    ({"plays": 1}, [goal("plays", "30%"), goal("likes", 70)], "MixedWeights"),
    ({"plays": 1}, [goal(floor=120)], "CannotScore"),
    ({"plays": 1}, [goal(cap=120)], "CannotScore"),
    ({"rt_attitude": 6}, [goal("rt_attitude", 100, 5, method="rate")], "CannotScore"),
    ({"互动率": 0.1}, [goal("interaction_rate_video", 100, 0.1)], "GoalMetricUnknown"),
])
def test_refused(actuals: Any, goals: Any, want: str) -> None:
    assert want in names(refusal(actuals, goals))


def test_options_are_checked() -> None:
    problems = refusal({"plays": 1}, [goal()], weight_mode="loose", missing="guess")
    assert names(problems)[:2] == ["BadOption", "BadOption"]
    assert score({"plays": 1, "likes": 1}, [goal("plays", 40), goal("likes", 30)], weight_mode="相对").total == 1


def test_one_thing_under_two_codes_is_one_goal() -> None:
    goals = [goal("work_attitude", 50), goal("rt_attitude", 50)]
    assert names(refusal({"工作态度": 90}, goals)) == ["DoubledGoal", "WeightsWrong"]
    assert score({"work_attitude": 90}, [goal("rt_attitude")]).total == 90


def test_an_unreadable_table_refuses_the_score() -> None:
    actuals = measure({"works": {"播放量": ["12", "多"]}}, "plays")
    assert "NotANumberCell" in names(refusal(actuals, [goal()]))


def test_warnings_are_told() -> None:
    card = score({"plais": 5, "read_rate": 0.3}, [goal("read_rate", 100, 30, 底线直="x", 备注="y")])
    assert names(card.problems) == ["UnknownHeading", "PercentAsNumber", "ActualUnused"]
    assert card.problems[1].sentence() == "the target 30 of 'Read rate' is 3000%; for 30% write 30% or 0.3"
    with language.use("zh"):
        assert "是不是“底线" in score({"plays": 1}, [goal(底线直=1)]).problems[0].sentence()


# ---------------------------------------------------------------- what is handed back


def test_frame_and_dict() -> None:
    card = score({"plays": 90}, [goal("plays", 60), goal("likes", 40)], lang="zh")
    table = card.frame()
    assert list(table.columns) == ["metric", "label", "dimension", "weight", "effective_weight", "target", "actual",
                                   "completion", "score", "contribution", "status", "explanation"]
    assert table["score"].dtype == "float64"
    assert table["explanation"].tolist() == ["90 ÷ 100 = 90.0%，得 90 分", "无数据，不计分"]
    plain = card.as_dict()
    assert plain["rows"][0]["metric"] == "plays"
    assert plain["problems"][0]["where"] == {"table": "goals", "row": 2}
    with pytest.raises(KeyError):
        card["reads"]


def test_goals_read_once_serve_many() -> None:
    from xlkpi.errors import Findings

    read = read_goals(GOALS, Findings())
    assert score(ACTUALS, read).total == pytest.approx(TOTAL)
    assert [row.target for row in read] == [20, 100_000, 0.01, 100, None]


def test_the_same_figures_as_cells() -> None:
    """What a workbook would show: each figure computed as a cell call, in a sheet's own order."""
    card = score(ACTUALS, GOALS, lang="zh")

    def cell(name: str, *args: Any) -> Any:
        return cells.call(registry.find(name), *args)

    scores, weights = [], []
    for row, given_row in zip(card, GOALS, strict=True):
        arguments = (row.actual, given_row.get("目标值"), row.goal.direction, None, given_row.get("底线值"), None, None,
                     given_row.get("计分方法"), None, None, given_row.get("每次分值"))
        assert cell("KPI_SCORE", *arguments) == row.score
        if row.completion is not None:
            assert cell("KPI_COMPLETION", *arguments[:4]) == row.completion
            assert cell("KPI_STATUS", row.completion) == row.status
        scores.append([row.score])
        weights.append([given_row["权重"]])
    assert cell("KPI_TOTAL", scores, weights) == card.total
    assert cell("KPI_COVERAGE", scores, weights) == card.coverage
    assert cell("KPI_GRADE", card.total) == card.grade
    assert cell("KPI_COEFFICIENT", card.grade) == card.coefficient


def test_importing_stays_light() -> None:
    script = "import sys, xlkpi.scorecard; print([n for n in ('pandas', 'narwhals', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- laws

VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False))
ROWS = st.lists(st.tuples(st.integers(1, 100), st.floats(0.5, 1e6), VALUES), min_size=1, max_size=len(METRICS))


def card_of(rows: list[tuple[Any, Any, Any]], **options: Any) -> Any:
    goals = [goal(name, weight, target) for name, (weight, target, _) in zip(METRICS, rows, strict=False)]
    actuals = {name: actual for name, (_, _, actual) in zip(METRICS, rows, strict=False)}
    return score(actuals, goals, weight_mode="relative", **options)


@given(ROWS, st.randoms())
def test_the_order_of_goals_changes_nothing(rows: Any, random: Any) -> None:
    pairs = list(zip(METRICS, rows, strict=False))
    shuffled = list(pairs)
    random.shuffle(shuffled)
    actuals = {name: row[2] for name, row in pairs}
    one, two = (score(actuals, [goal(name, row[0], row[1]) for name, row in some], weight_mode="relative")
                for some in (pairs, shuffled))
    assert one.total == (None if two.total is None else pytest.approx(two.total, abs=1e-9))
    assert one.coverage == pytest.approx(two.coverage)


@given(ROWS, st.sampled_from([0.01, 3, 1000]))
def test_weights_are_shares(rows: Any, scale: float) -> None:
    one = card_of(rows)
    two = card_of([(weight * scale, target, actual) for weight, target, actual in rows])
    assert one.total == (None if two.total is None else pytest.approx(two.total, abs=1e-9))


@given(ROWS, st.floats(0, 1e6))
def test_more_is_never_worse(rows: Any, more: float) -> None:
    first = rows[0]
    if first[2] is None:
        return
    better = [(first[0], first[1], first[2] + more), *rows[1:]]
    assert card_of(better).total >= card_of(rows).total - 1e-9


@given(ROWS)
def test_missing_rows_are_as_if_they_were_not_there(rows: Any) -> None:
    whole = card_of(rows)
    known = [row for row in rows if row[2] is not None]
    assert whole.total == (pytest.approx(card_of(known).total, abs=1e-9) if known else None)
    weight = sum(row[0] for row in rows)
    assert whole.coverage == pytest.approx(sum(row[0] for row in known) / weight)


@given(ROWS, st.floats(0.5, 1.2))
def test_the_cap_holds(rows: Any, cap: float) -> None:
    goals = [goal(name, weight, target, cap=cap) for name, (weight, target, _) in zip(METRICS, rows, strict=False)]
    actuals = {name: row[2] for name, row in zip(METRICS, rows, strict=False)}
    card = score(actuals, goals, weight_mode="relative")
    assert all(0 <= row.score <= 100 * cap + 1e-9 for row in card if row.score is not None)
    assert card.total is None or 0 <= card.total <= 100 * cap + 1e-9
    shares = [row.effective_weight for row in card if row.effective_weight is not None]
    assert not shares or sum(shares) == pytest.approx(1)


def test_a_veto_gives_the_lowest_grade_whatever_the_total() -> None:
    goals = [{"指标": "播放量", "权重": 100, "目标值": 100},
             {"指标": "行业趋势与法规遵循", "权重": 0, "计分方法": "一票否决"}]
    clean = score({"播放量": 118, "行业趋势与法规遵循": 0}, goals)
    broken = score({"播放量": 118, "行业趋势与法规遵循": 1}, goals)
    assert (clean.grade, broken.grade) == ("S", "D")
    assert clean.total == broken.total == pytest.approx(118)


def test_bands_and_ranges_come_from_the_goals_table() -> None:
    goals = [{"指标": "播放量", "权重": 50, "计分方法": "分段法", "分段": "0:0; 60:60; 80:85; 100:100"},
             {"指标": "预算执行", "权重": 50, "计分方法": "区间法", "目标值": -0.05, "挑战值": 0.05, "步长": 0.1}]
    card = score({"播放量": 85, "预算执行": 0.1}, goals)
    assert [row.score for row in card.rows] == pytest.approx([85, 50])
