"""Raters and forced distribution: worked cases and laws."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi.functions import people
from xlkpi.functions.people import KPI_DISTRIBUTE, KPI_RATERS

GRADES = ["S", "A", "B", "C"]


@pytest.mark.parametrize(("ratings", "weights", "scale", "trim", "want"), [
    ([80], [0.4], (0, 100), 0, 80), ([4, 5, None], [60, 20, 20], (1, 5), 0, 81.25),  # (3×60 + 4×20)/80 ÷ 4
    ([10, 90, 50], [1, 1, 8], (0, 100), 1, 50), ([60, 60, 90], [5, 1, 1], (0, 100), 1, 60),
    ([90, 90, 60], [1, 9, 1], (0, 100), 1, 90), ([0, 100], [0, 1], (0, 100), 0, 100),
])
def test_raters(ratings: list[float | None], weights: list[float | None], scale: tuple[float, float], trim: int,
                want: float) -> None:
    assert KPI_RATERS(ratings, weights, *scale, trim) == pytest.approx(want)


@pytest.mark.parametrize(("args", "error"), [
    (([101], [1]), people.RaterOutOfScale), (([0.5], [1], 1, 5), people.RaterOutOfScale),
    (([50], [None]), people.RaterWeightMissing), (([50], [-1]), people.RaterWeightMissing),
    (([50, 60], [0, 0]), people.NoRaterWeight), (([50, 60], [1, 1], 0, 100, 1), people.TooFewRatings),
    (([50], [1], 5, 5), people.ScaleTurned), (([50], [1], 0, 100, 0.5), people.TrimWrong),
])
def test_raters_refused(args: tuple[list[float], ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        KPI_RATERS(*args)  # type: ignore[arg-type]


def test_the_rater_outside_the_scale_is_named() -> None:
    with pytest.raises(people.RaterOutOfScale, match="3"):
        KPI_RATERS([4, None, 9], [1, 1, 1], 1, 5)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), min_size=1, max_size=8), st.floats(0.5, 20))
def test_only_relative_weights_count_and_the_mean_stays_inside(rows: list[tuple[float, float]], scale: float) -> None:
    ratings, weights = [row[0] for row in rows], [row[1] for row in rows]
    score = KPI_RATERS(ratings, weights)
    assert score == pytest.approx(KPI_RATERS(ratings, [weight * scale for weight in weights]))
    assert min(ratings) - 1e-9 <= (score or 0) <= max(ratings) + 1e-9


def test_largest_remainder_by_hand() -> None:
    # 11 people, 10/30/40/20 %: 1.1, 3.3, 4.4, 2.2 → 1, 3, 4, 2 and one more for the largest remainder, B
    found = KPI_DISTRIBUTE([100 - n for n in range(11)], [10, 30, 40, 20], GRADES)
    assert found == ["S"] + ["A"] * 3 + ["B"] * 5 + ["C"] * 2


def test_groups_are_separate_and_small_ones_exempt() -> None:
    scores = [90, 80, 70, 60, 99]
    groups = ["甲", "乙", "甲", "乙", "丙"]
    assert KPI_DISTRIBUTE(scores, [0.5, 0.5], ["A", "B"], groups, 2) == ["A", "A", "B", "B", None]


def test_equal_scores_go_by_the_tie_keys_then_by_order() -> None:
    assert KPI_DISTRIBUTE([80, 80, 80, 80], [0.5, 0.5], ["A", "B"], None, 1) == ["A", "A", "B", "B"]
    assert KPI_DISTRIBUTE([80, 80, 80, 80], [0.5, 0.5], ["A", "B"], None, 1, [1, 5, None, 7]) == ["B", "A", "B", "A"]


@pytest.mark.parametrize(("args", "error"), [
    (([90], [0.5, 0.4], ["A", "B"]), people.QuotasDoNotAddUp), (([90], [0.5, None], ["A", "B"]), people.QuotaMissing),
    (([90], [1.5, -0.5], ["A", "B"]), people.QuotaMissing), (([90], [0.5, 0.5], ["A", None]), people.QuotaMissing),
    (([90, 80], [1], ["A"], ["甲", None]), people.GroupMissing),
])
def test_distribution_refused(args: tuple[list[object], ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        KPI_DISTRIBUTE(*args)  # type: ignore[arg-type]


@given(st.lists(st.one_of(st.none(), st.integers(0, 120)), max_size=60),
       st.lists(st.integers(0, 50), min_size=2, max_size=5), st.integers(1, 12))
def test_everybody_gets_one_grade_and_nobody_is_overtaken(scores: list[float | None], parts: list[int], least: int
                                                          ) -> None:
    if not sum(parts):
        return
    quotas = [part / sum(parts) for part in parts]
    grades = [str(place) for place in range(len(parts))]
    found = KPI_DISTRIBUTE(scores, quotas, grades, None, least)
    known = [(score, grade) for score, grade in zip(scores, found, strict=True) if score is not None]
    assert all(grade is None for score, grade in zip(scores, found, strict=True) if score is None)
    if len(known) < least:
        assert all(grade is None for _, grade in known)
        return
    counts = Counter(grade for _, grade in known)
    assert sum(counts.values()) == len(known)
    assert all(abs(counts[grade] - quota * len(known)) < 1 for grade, quota in zip(grades, quotas, strict=True))
    assert all(int(one[1] or 0) <= int(two[1] or 0) for one in known for two in known if one[0] > two[0])
