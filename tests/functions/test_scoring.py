"""The scoring model: worked by hand, and its laws."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlkpi.errors import KpiError
from xlkpi.functions import KPI_COMPLETION, KPI_COVERAGE, KPI_EXPLAIN, KPI_GRADE, KPI_SCORE, KPI_TOTAL, KPI_WEIGHTS
from xlkpi.functions.figures import round_half_up, say
from xlkpi.terms import SCORE_METHODS

figures = st.floats(-1e9, 1e9, allow_nan=False)
targets = st.floats(1e-3, 1e9)


def score(actual: float | None, target: float | None, **how: Any) -> float | None:
    return KPI_SCORE(actual, target, **how)


@pytest.mark.parametrize(("how", "actual", "target", "want"), [
    ({}, 119.99, 100, 119.99), ({}, 120, 100, 120), ({}, 121, 100, 120), ({"cap": 1.0}, 121, 100, 100),
    ({"direction": "down"}, 200, 100, 0), ({"direction": "down"}, 300, 100, 0), ({"direction": "down"}, 0, 100, 120),
    ({"direction": "down", "method": "inverse"}, 0, 100, 120),
    ({"direction": "down", "method": "inverse"}, 200, 100, 50),
    ({"baseline": 50}, 75, 100, 50), ({"baseline": 50}, 40, 100, 0), ({"baseline": 200}, 150, 100, 50),
    ({"floor": 80}, 80, 100, 80), ({"floor": 80}, 79.999, 100, 0), ({"floor": 80, "floor_score": 40}, 10, 100, 40),
    ({"floor": 80, "floor_score": 95}, 81, 100, 95),  # never below what a worse result earns
    ({"stretch": 110}, 110, 100, 120), ({"stretch": 110}, 109, 100, 109),
    ({"floor": 10, "direction": "down"}, 11, 5, 0), ({"floor": 10, "direction": "down"}, 6, 5, 80),
    ({"method": "interp", "floor": 60}, 80, 100, 50), ({"method": "interp", "floor": 60}, 150, 100, 100),
    ({"method": "interp", "floor": 60, "stretch": 150, "cap": 1.5}, 125, 100, 125),
    ({"method": "interp", "floor": 8, "stretch": 0, "direction": "down"}, 2, 4, 110),
    ({"method": "interp", "floor": 8, "direction": "down"}, 4, 0, 50),  # a target of 0 is fine here
    ({"method": "step", "step": 0.05, "points": 1}, 0.95, 0.9, 101),  # binary dust is not a lost step
    ({"method": "step", "step": 5, "points": 1}, 86, 100, 98),
    ({"method": "step", "step": 5, "points": 30}, 10, 100, 0),
    ({"method": "step", "step": 1, "points": 10, "direction": "down"}, 2, 4, 120),
    ({"method": "binary"}, 99.9, 100, 0), ({"method": "binary"}, 100, 100, 100),
    ({"method": "binary", "direction": "down"}, 0, 0, 100),
    ({"method": "rate", "baseline": 1}, 4, 5, 75), ({"method": "rate"}, 85, 100, 85),
    ({"method": "deduct", "points": 2}, 0, None, 100), ({"method": "deduct", "points": 30}, 4, None, 0),
    ({"method": "deduct", "points": 30, "floor_score": 60}, 4, None, 60),
    ({"method": "deduct", "points": 5}, 3, 2, 95), ({"method": "bonus", "points": 5}, 10, None, 120),
    ({"method": "range", "stretch": 10, "step": 5}, 10, 0, 100),
    ({"method": "range", "stretch": 10, "step": 5}, 16, 0, 0),
    ({"method": "range", "step": 0.1}, 0.05, 0, 50), ({"method": "range", "stretch": 10, "step": 5}, -1, 0, 80),
    ({"method": "band", "bands": "0：0；60%：60\n0.8=85"}, 0.79, None, 60),
    ({"method": "band", "bands": "0:5"}, 1e9, None, 5),
    ({"method": "band", "bands": "0:5; 9:150"}, 10, None, 120), ({"method": "binary", "cap": 0.8}, 100, 100, 80),
    ({"method": "rate", "cap": 0.8}, 5, 5, 80), ({"method": "deduct", "points": 5, "cap": 0.9}, 1, None, 90),
    ({"method": "veto"}, 0, None, 100), ({"method": "veto"}, 2, 2, 100), ({"method": "veto"}, 3, 2, 0),
])
def test_worked_by_hand(how: dict[str, Any], actual: float, target: float | None, want: float) -> None:
    assert score(actual, target, **how) == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize(("how", "actual", "target", "outcome"), [
    ({}, 90, None, "MissingTarget"), ({}, 90, 0, "ZeroTarget"), ({}, 90, -5, "NegativeTarget"),
    ({"direction": "down"}, 0, 0, "ZeroTarget"), ({"baseline": 100}, 90, 100, "TargetIsBaseline"),
    ({"baseline": 50, "direction": "down"}, 90, 100, "DirectionContradictsBaseline"),
    ({"method": "inverse"}, 90, 100, "InverseNeedsDown"), ({"cap": 120}, 90, 100, "CapOutOfRange"),
    ({"cap": 0}, 90, 100, "CapOutOfRange"), ({"floor": 110}, 90, 100, "ThresholdsNotInOrder"),
    ({"stretch": 90}, 90, 100, "ThresholdsNotInOrder"),
    ({"floor": 80, "direction": "down"}, 90, 100, "ThresholdsNotInOrder"),
    ({"method": "interp"}, 90, 100, "NeedsFloor"), ({"method": "step"}, 90, 100, "NeedsStepAndPoints"),
    ({"method": "deduct"}, 1, None, "NeedsStepAndPoints"), ({"method": "rate"}, 6, 5, "RatingOutOfScale"),
    ({"method": "rate", "baseline": 1}, 0, 5, "RatingOutOfScale"),
    ({"method": "deduct", "points": 5}, -1, None, "NegativeEvents"),
    ({"floor": 80, "floor_score": 101}, 90, 100, "FloorScoreOutOfRange"),
    ({"direction": "down", "method": "inverse"}, -1, 100, "NegativeActual"),
    ({"method": "band"}, 1, None, "BandsUnread"), ({"method": "band", "bands": "60-80"}, 1, None, "BandsUnread"),
    ({"method": "band", "bands": "80:1;60:2"}, 1, None, "BandsUnread"),
    ({"method": "band", "bands": "5:1"}, 1, None, "BelowBands"),
    ({"method": "range", "stretch": -1, "step": 1}, 1, 0, "ThresholdsNotInOrder"),
    ({"method": "range", "stretch": 1}, 1, 0, "NeedsStepAndPoints"), ({"method": "veto"}, -1, None, "NegativeEvents"),
])
def test_named_outcomes(how: dict[str, Any], actual: float, target: float | None, outcome: str) -> None:
    with pytest.raises(KpiError) as caught:
        score(actual, target, **how)
    assert type(caught.value).__name__ == outcome
    assert KPI_EXPLAIN(actual, target, lang="zh", **how) == caught.value.sentence("zh")


@pytest.mark.parametrize("how", [{}, {"direction": "down"}, {"method": "binary"}, {"method": "rate"},
                                 {"method": "deduct", "points": 5}, {"method": "interp", "floor": 50}])
def test_a_missing_actual_has_no_score(how: dict[str, Any]) -> None:
    assert score(None, 100, **how) is None


def test_a_bad_goal_is_named_even_without_actual() -> None:
    with pytest.raises(KpiError, match="target is 0"):
        score(None, 0)


methods = st.sampled_from([
    {}, {"floor": 50.0, "floor_score": 70.0}, {"stretch": 130.0}, {"method": "interp", "floor": 40.0, "stretch": 160.0},
    {"method": "step", "step": 7.0, "points": 3.0}, {"method": "binary"}, {"baseline": 20.0}, {"cap": 0.9},
    {"method": "interp", "floor": 40.0, "cap": 0.8}, {"method": "step", "step": 7.0, "points": 3.0, "floor": 60.0}])


@given(methods, figures, figures)
def test_a_better_actual_never_scores_less(how: dict[str, Any], a: float, b: float) -> None:
    low, high = sorted((a, b))
    worse, better = score(low, 100, **how), score(high, 100, **how)
    assert worse is not None
    assert better is not None
    assert worse <= better + 1e-9


@given(methods, figures)
def test_the_cap_and_zero_hold(how: dict[str, Any], actual: float) -> None:
    got = score(actual, 100, **how)
    assert got is not None
    assert 0 <= got <= 100 * how.get("cap", 1.2)


EVERY: dict[str, tuple[dict[str, Any], Any]] = {  # how, and how good an actual value is
    "linear": ({"target": 100, "floor": 40, "stretch": 150}, lambda a: a), "binary": ({"target": 50}, lambda a: a),
    "inverse": ({"target": 100, "direction": "down"}, lambda a: -a),
    "interp": ({"target": 60, "floor": 20, "stretch": 150, "floor_score": 30}, lambda a: a),
    "step": ({"target": 60, "step": 7, "points": 3, "direction": "down"}, lambda a: -a),
    "rate": ({"target": 200}, lambda a: a), "deduct": ({"points": 2, "floor_score": -50}, lambda a: -a),
    "bonus": ({"target": 3, "points": 2}, lambda a: a), "veto": ({"target": 3}, lambda a: -a),
    "range": ({"target": 40, "stretch": 80, "step": 90}, lambda a: -max(0, 40 - a, a - 80)),
    "band": ({"bands": "0:0; 40:50; 90:140"}, lambda a: a),
}


@pytest.mark.parametrize("method", EVERY)
@given(st.floats(0, 200), st.floats(0, 200), st.sampled_from([0.7, 1.0, 1.2, 1.5]))
def test_every_method_rises_with_the_result_and_keeps_to_the_cap(method: str, one: float, other: float,
                                                                cap: float) -> None:
    how, goodness = EVERY[method]
    assume(method != "inverse" or min(one, other) > 0)
    worse, better = sorted((one, other), key=goodness)
    low, high = (KPI_SCORE(actual, **{"target": None, **how}, method=method, cap=cap) for actual in (worse, better))
    assert low is not None
    assert high is not None
    assert min(how.get("floor_score", 0), 0) <= low
    assert low <= high + 1e-9
    assert high <= 100 * cap


def test_every_method_is_held_to_these_laws() -> None:
    assert set(EVERY) == {choice.code for choice in SCORE_METHODS}


@given(st.floats(0, 1e6), targets)
def test_up_and_down_mirror_each_other(actual: float, target: float) -> None:
    up, down = KPI_COMPLETION(actual, target), KPI_COMPLETION(actual, target, "down")
    assert up is not None
    assert down is not None
    assert up + down == pytest.approx(2, abs=1e-6 * max(1, up))


rows = st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 120)), st.integers(1, 100)), min_size=1, max_size=12)


@given(rows, st.floats(0.01, 50))
def test_relative_weights_have_no_scale(table: list[tuple[float | None, int]], factor: float) -> None:
    scores, weights = [row[0] for row in table], [row[1] for row in table]
    plain = KPI_TOTAL(scores, weights, "exclude", "relative")
    scaled = KPI_TOTAL(scores, [weight * factor for weight in weights], "exclude", "relative")
    assert plain == pytest.approx(scaled) if plain is not None else scaled is None


@given(rows, st.randoms())
def test_the_order_of_rows_changes_nothing(table: list[tuple[float | None, int]], dice: Any) -> None:
    mixed = dice.sample(table, len(table))
    one, other = (KPI_TOTAL([r[0] for r in t], [r[1] for r in t], "exclude", "relative") for t in (table, mixed))
    assert one == pytest.approx(other) if one is not None else other is None


@given(rows)
def test_missing_rows_give_their_weight_to_the_others(table: list[tuple[float | None, int]]) -> None:
    present = [row for row in table if row[0] is not None]
    assume(present)
    exact = sum(Fraction(s) * w for s, w in present if s is not None) / sum(w for _, w in present)
    assert KPI_TOTAL([r[0] for r in table], [r[1] for r in table], "exclude", "relative") == pytest.approx(float(exact))
    share = Fraction(sum(w for _, w in present), sum(w for _, w in table))
    assert KPI_COVERAGE([r[0] for r in table], [r[1] for r in table]) == pytest.approx(float(share))


@given(st.lists(st.integers(0, 100), min_size=1).filter(any))
def test_weights_add_up_to_one(weights: list[int]) -> None:
    assert sum(KPI_WEIGHTS(weights, "relative")) == pytest.approx(1)


@pytest.mark.parametrize(("weights", "ok"), [
    ([99.995], True), ([100.011], False), ([99.98], False), ([0.3, 0.3, 0.4], True), ([0.9998], False),
    ([33.33, 33.33, 33.34], True), ([33.3, 33.3, 33.3], False), ([1 / 3, 1 / 3, 1 / 3], True), ([10], False),
])
def test_strict_weights(weights: list[float], ok: bool) -> None:
    scores: list[float | None] = [50.0] * len(weights)
    if ok:
        assert KPI_TOTAL(scores, weights) == pytest.approx(50)
    else:
        with pytest.raises(KpiError, match="add up"):
            KPI_TOTAL(scores, weights)


def test_rows_without_weight_or_score() -> None:
    assert KPI_TOTAL([90, None, 70], [100, None, 0]) == 90  # blank line, informational row
    with pytest.raises(KpiError, match="row 2"):
        KPI_TOTAL([90, 80], [100, None])
    with pytest.raises(KpiError, match="row 2 is negative"):
        KPI_TOTAL([90, 80], [110, -10])
    with pytest.raises(KpiError, match="row 1 has no score"):
        KPI_TOTAL([None, 80], [50, 50], "error")


def test_bonus_and_deductions_stay_within_0_and_120() -> None:
    assert KPI_TOTAL([90], [100], bonus=5) == 95
    assert KPI_TOTAL([118], [100], bonus=5) == 120
    assert KPI_TOTAL([3], [100], bonus=-5) == 0


@pytest.mark.parametrize(("value", "rounded"), [
    (2.345, 2.35), (2.344999, 2.34), (-2.345, -2.35), (89.995, 90.0), (1.005, 1.01), (0.1 + 0.2, 0.3), (2.5, 2.5)])
def test_rounding_half_away_from_zero(value: float, rounded: float) -> None:
    assert round_half_up(value) == rounded


@pytest.mark.parametrize(("score_", "bounds", "grades", "grade"), [
    (110, None, None, "S"), (109.99, None, None, "A"), (69.99, None, None, "D"), (0, None, None, "D"),
    (85, [70, 80, 90], ["C", "B", "A"], "B"), (65, [70, 80, 90], ["D", "C", "B", "A"], "D"),
    (60, [60], ["pass", "fail"], "pass"), (59.994, [60], ["pass", "fail"], "fail"),
])
def test_grades(score_: float, bounds: Any, grades: Any, grade: str) -> None:
    assert (KPI_GRADE(score_) if bounds is None else KPI_GRADE(score_, bounds, grades)) == grade


@pytest.mark.parametrize(("bounds", "grades"), [([90, 80], ["A"]), ([90, 80], list("ABCD")), ([90, 90], list("AB")),
                                                ([90, 70, 80], list("ABC")), ([None, 80], list("AB")), ([], ["A"])])
def test_bad_grade_tables_are_refused(bounds: Any, grades: Any) -> None:
    with pytest.raises(KpiError):
        KPI_GRADE(85, bounds, grades)


@pytest.mark.parametrize(("value", "unit", "text"), [
    (12345, None, "12,345"), (0.05912, None, "0.0591"), (0.05912, "%", "5.91%"), (1234.5, None, "1,234.5"),
    (0, None, "0"), (-3.1, None, "-3.1"), (100, " 次", "100 次"), (1, "%", "100%"), (10, "%", "1,000%"),
    (0.3, "%", "30%")])
def test_numbers_in_sentences(value: float, unit: str | None, text: str) -> None:
    assert say(value, unit) == text


@given(methods, figures)
def test_the_sentence_ends_with_the_score(how: dict[str, Any], actual: float) -> None:
    got = score(actual, 100, **how)
    sentence = KPI_EXPLAIN(actual, 100, lang="en", **how)
    assert got is not None
    assert sentence is not None
    assert sentence.endswith(f"score {say(round_half_up(got))}")


def test_figures_beyond_all_rounding_are_said_as_they_are() -> None:
    """Numbers of more digits than Excel shows, in sentences and as percentages."""
    assert KPI_EXPLAIN(1e300, 100).startswith("1e+300 ÷ 100 = ")
    assert say(1e300, "%") == "1e+302%"
    assert round_half_up(1e26) == 1e26
    assert round_half_up(-math.inf) == -math.inf
