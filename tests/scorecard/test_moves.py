"""What moves the grade: worked out by hand for each method, and held to by applying it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlkpi.functions import KPI_GRADE, KPI_SCORE
from xlkpi.scorecard import Moves, score

PLAIN = [(90.0, "A", 1.2), (80.0, "B", 1.0), (70.0, "C", 0.8), (None, "D", 0.5)]
FALLING = "cancelled_followers"


def goal(metric: str = "plays", actual: float | None = None, target: Any = 1000, weight: float = 100,
         **more: Any) -> dict[str, Any]:
    return {"metric": metric, "weight": weight, "target": target, "actual": actual, **more}


def only(*goals: dict[str, Any], **options: Any) -> Any:
    """The first row's move."""
    return score(None, list(goals), lang="en", **options).moves().rows[0]


# One row of weight 100, so that the total is its score. B starts at a score of 79.995, A at 89.995, S at 109.995.
# metric, actual, target, rest → needed, grade reached, worst value that keeps the grade
BY_HAND = {
    # 899.95 → 900; 799.95 → 800
    "linear": (goal(actual=850), 900, "A", 800),
    # 2 − a/100 ≥ 0.89995 ⇔ a ≤ 110.005; ≥ 0.79995 ⇔ a ≤ 120.005
    "linear down": (goal(FALLING, 115, 100), 110, "A", 120),
    "baseline": (goal(actual=1850, target=2000, baseline=1000), 1900, "A", 1800),
    # from 8,000 down to 4,000: 4,600 is 85; 90 at 4,400 (89.995 at 4,400.2), 80 at 4,800 (79.995 at 4,800.2)
    "baseline down": (goal(FALLING, 4600, 4000, baseline=8000), 4400, "A", 4800),
    # 10,000/a ≥ 89.995 ⇔ a ≤ 111.117; ≥ 79.995 ⇔ a ≤ 125.008
    "inverse": (goal(FALLING, 125, 100, method="inverse"), 111, "A", 125),
    # 60 + 40·(a − 500)/500: 84 at 800; 89.995 at 874.94; 79.995 at 749.94
    "interp": (goal(actual=800, floor=500, floor_score=60, method="interp"), 875, "A", 750),
    # 100 + 20·(a − 1000)/1000 above the target: 109.995 at 1,499.75; under it (a − 500)/500: 89.995 at 949.975
    "interp above": (goal(actual=1200, floor=500, stretch=2000, method="interp"), 1500, "S", 950),
    # 850 is one whole step under (90); S wants one over; two whole steps under at 800
    "step": (goal(actual=850, step=100, points=10, method="step"), 1100, "S", 801),
    "step down": (goal(FALLING, 115, 100, step=10, points=10, method="step"), 90, "S", 119),
    "binary": (goal(actual=850, method="binary"), 1000, "A", None),
    "binary held": (goal(actual=1100, method="binary"), None, None, 1000),
    "rate": (goal("work_attitude", 4.2, 5, method="rate"), 4.5, "A", 4.0),
    # from 1 to 5: 4.3 is 82.5; 89.995 at 4.5998; 79.995 at 4.1998
    "rate from 1": (goal("work_attitude", 4.3, 5, baseline=1, method="rate"), 4.6, "A", 4.2),
    "deduct": (goal("complaints", 3, None, method="deduct", points=5), 2, "A", 4),
    "deduct, 2 free": (goal("complaints", 5, 2, method="deduct", points=5), 4, "A", 6),
    "bonus": (goal("complaints", 1, None, method="bonus", points=5), 2, "S", None),
    "range, under it": (goal(actual=85, target=100, stretch=200, step=100, method="range"), 90, "A", 80),
    "range, over it": (goal(actual=215, target=100, stretch=200, step=100, method="range"), 210, "A", 220),
    "band": (goal(actual=15, target=None, bands="0:60; 10:75; 20:85; 30:95", method="band"), 20, "B", 10),
    "band, falling": (goal(actual=7, target=None, bands="0:100; 5:85; 10:60", method="band"), 4, "A", 9),
    "band, hill": (goal(actual=12, target=None, bands="0:60; 10:85; 20:95; 30:60", method="band"), 20, "A", 10),
    # a rate in steps of 0.01 percentage points
    "percent": (goal("follow_conversion_rate", 0.0085, 0.01), 0.009, "A", 0.008),
    "percent, odd": (goal("follow_conversion_rate", 0.00851234, 0.0123), 0.0087, "C", None),
    # 17,999/20,000 is 89.995 exactly, which counts as 90.00
    "half up": (goal(actual=17000, target=20000), 17999, "A", 15999),
    "floor": (goal(actual=600, target=1000, floor=750), 750, "C", None),
    "stretch": (goal(actual=1000, target=1000, stretch=1050), 1050, "S", 900),
    # 1.1 × 1,000 is the cap, and S begins at 110
    "cap at the bound": (goal(actual=1000, cap=1.1), 1100, "S", 900),
    "net, below 0": (goal("net_followers", -40, 100, floor=-100, method="interp"), 40, "C", None),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(name: str) -> None:
    row, needed, reaches, keeps = BY_HAND[name]
    move = only(row)
    assert (move.needed, move.reaches, move.keeps) == (needed, reaches, keeps)
    if needed is not None:
        assert move.change == pytest.approx(needed - row["actual"], abs=1e-12)
    assert move.drop == (None if keeps is None else pytest.approx(abs(keeps - row["actual"]), abs=1e-12))


def test_two_rows_with_weights() -> None:
    # 0.6·90 + 0.4·80 = 86; plays alone: (89.995 − 32)/0.6 = 96.658…; likes alone: (89.995 − 54)/0.4 = 89.9875
    found = score(None, [goal(actual=90_000, target=100_000, weight=60), goal("likes", 800, weight=40)],
                  lang="zh").moves()
    plays, likes = found.rows
    assert (plays.needed, plays.change, likes.needed, likes.change) == (96_659, 6_659, 900, 100)
    assert (found.next_grade, found.next_bound, found.missing) == ("A", 90, 4.0)
    assert (plays.keeps, likes.keeps) == (79_992, 650)  # (79.995 − 32)/0.6 = 79.9917; (79.995 − 54)/0.4 = 64.9875
    assert plays.contribution == 54
    assert plays.share == pytest.approx(54 / 86)
    assert [move.row.metric.code for move in found.levers] == ["plays", "likes"]  # 7% of its size before 10%
    assert found.sentences() == [
        "总分 86.00，等级 B，距 A（90 分）还差 4.00 分", "播放量：还差 6,659 次到 A（90,000次 → 96,659次）",
        "点赞数：还差 100 次到 A（800次 → 900次）", "变动 5% 或补齐数据就会改变等级的行：无"]
    assert found.sentences(lang="en")[1] == "Plays: 6,659 times more for A (90,000 times → 96,659 times)"
    assert plays.drop_sentence() == "播放量：最多可降 10,008 次而不降级（到 79,992次）"


def test_118_net_followers() -> None:
    # 0.5·s + 0.5·80 ≥ 89.995 ⇔ s ≥ 99.99 ⇔ 1,499.85 of 1,500
    move = only(goal("net_followers", 1382, 1500, 50), goal("likes", 800, weight=50))
    assert (move.needed, move.change) == (1500, 118)
    assert "还差 118 人到 A" in move.sentence("zh")


def test_the_cap_may_not_suffice() -> None:
    # likes at their cap: 0.9·70 + 0.1·120 = 75, and B begins at 80
    move = only(goal("likes", 800, weight=10), goal(actual=700, weight=90))
    assert (move.needed, move.reason, move.best_total) == (None, "not_enough", 75)
    assert "75.00" in move.sentence("en")
    assert "75.00" in move.sentence("zh")


def test_zero_is_as_low_as_a_count_goes() -> None:
    # cap 3, but no complaint is 200 points; 0.25·200 + 0.75·66 = 99.5, A is reached and S is not
    move = only(goal(FALLING, 100, 100, 25, cap=3), goal(actual=660, weight=75), grades=[
        (100.0, "S", 1), (70.0, "A", 1), (None, "B", 1)])
    assert move.needed is None
    assert move.best_total == pytest.approx(99.5)


def test_the_highest_grade_has_no_next() -> None:
    found = score(None, [goal(actual=1150)], lang="zh").moves()
    assert (found.next_grade, found.missing, found.rows[0].reason, found.rows[0].keeps) == (None, None, "highest", 1100)
    assert found.sentence() == "总分 115.00，等级 S，已是最高等级"


def test_a_row_of_weight_0_moves_nothing() -> None:
    move = only(goal("likes", 10, weight=0), goal(actual=850))
    assert (move.needed, move.reason, move.drop, move.flips) == (None, "no_weight", None, False)


def test_a_veto_holds_the_grade() -> None:
    found = score(None, [goal("complaints", 2, None, 0, method="veto"), goal(actual=950)], lang="zh").moves()
    veto, plays = found.rows
    assert (found.grade, found.held, found.next_grade, found.missing) == ("D", "veto", "C", 0)
    assert (veto.needed, veto.change, veto.reaches, plays.needed, plays.reason) == (0, -2, "A", None, "veto")
    assert veto.sentence() == "投诉处理：须减少 2 件到 A（2件 → 0件）"
    free = score(None, [goal("complaints", 0, None, 0, method="veto"), goal(actual=950)], lang="en").moves().rows[0]
    assert (free.keeps, free.drop, free.flips_to) == (0, 0, ("D",))  # one event


def test_missing_data() -> None:
    # coverage 60%; 0.6·85 + 0.4·s ≥ 89.995 ⇔ s ≥ 97.4875; at 0 the total is 51, at the cap 99
    found = score(None, [goal("likes", None, weight=40), goal(actual=850, weight=60)], lang="en").moves()
    likes = found.rows[0]
    assert (likes.needed, likes.change, likes.reaches, likes.drop) == (975, None, "A", None)
    assert likes.flips
    assert likes.flips_to == ("D", "C", "A")
    assert "no data yet" in likes.sentence()


def test_missing_counted_as_zero() -> None:
    found = score(None, [goal("likes", None, weight=40), goal(actual=1000, weight=60)], missing="zero").moves()
    assert (found.total, found.rows[0].needed) == (60, 250)  # 60 + 0.4·s ≥ 69.995 ⇔ s ≥ 24.9875


def test_too_little_data_is_flipped_by_data() -> None:
    found = score(None, [goal("likes", None, weight=30), goal("shares", None, weight=20),
                         goal(actual=950, weight=50)], lang="en").moves()
    likes, shares, plays = found.rows
    assert (found.grade, found.held, found.next_grade) == ("Insufficient data", "coverage", None)
    assert [move.flips for move in (likes, shares, plays)] == [True, True, False]  # 80%, 70%
    assert plays.reason == "coverage"
    assert "coverage 50.0%" in found.sentence()
    nothing = score({}, [goal()], lang="zh").moves()
    assert (nothing.total, nothing.held, nothing.rows[0].flips) == (None, "no_total", True)


def test_what_flips_within_a_change() -> None:
    # 86 is B: 5% more is 903, 4% more 894, 7.5% (64 whole plays) less 796 and more 924
    near = score(None, [goal(actual=860), goal("likes", 0, weight=0)], lang="en")
    assert near.moves().rows[0].flips_to == ("A",)
    assert near.moves(0.04).rows[0].flips_to == ()
    assert near.moves(0.075).rows[0].flips_to == ("C", "A")
    # a rating stops at the end of its scale
    assert only(goal("work_attitude", 4.9, 5, method="rate"), grades=[
        (100.0, "S", 1), (None, "A", 1)]).flips_to == ("S",)


@pytest.mark.parametrize("options", [{"bonus": 5}, {"weight_mode": "relative"}])
def test_options_of_the_card_hold(options: dict[str, Any]) -> None:
    card = score(None, [goal(actual=800, weight=100)], **options)
    # a bonus of 5: 85, so 849.95 → 850 brings 90
    assert card.moves().rows[0].needed == (850 if "bonus" in options else 900)


def test_grades_written_from_low_to_high() -> None:
    rising = [(0.0, "差", 0), (60.0, "中", 1), (85.0, "优", 2)]
    found = score(None, [goal(actual=700)], grades=rising).moves()
    assert (found.grade, found.next_grade, found.rows[0].needed, found.rows[0].keeps) == ("中", "优", 850, 600)
    one = score(None, [goal(actual=700)], grades=[(80.0, "过", 1), (None, "不过", 0)]).moves()
    assert (one.next_grade, one.rows[0].needed) == ("过", 800)


def test_everything_as_plain_values() -> None:
    import json

    found = score(None, [goal(actual=850)], lang="en").moves()
    plain = json.loads(json.dumps(found.as_dict()))
    assert plain["rows"][0]["needed"] == 900
    assert plain["levers"] == ["plays"]
    assert str(found).splitlines()[0] == "total 85.00, grade B; 5.00 points to A (90)"


# ---------------------------------------------------------------- laws

COUNT = st.integers(0, 160)
METRICS = ["plays", "likes", "comments", "shares", "reads"]


@st.composite
def rows(draw: st.DrawFn, metric: str) -> dict[str, Any]:
    """A goal whose values of interest lie between 0 and 400."""
    method = draw(st.sampled_from(["linear", "down", "baseline", "inverse", "interp", "step", "binary", "rate",
                                   "deduct", "bonus", "range", "band", "veto"]))
    target, actual = draw(st.integers(20, 100)), draw(st.one_of(st.none(), COUNT))
    more: dict[str, Any] = {"method": method, "cap": draw(st.sampled_from([0.9, 1.0, 1.2, 1.5])), "direction": "up"}
    floor_score = draw(st.sampled_from([0, 30, 60]))
    match method:
        case "down":
            more |= {"method": "linear", "direction": "down"}
        case "baseline":
            more |= {"method": "linear", "direction": None, "baseline": target + draw(st.sampled_from([-15, 40]))}
            if more["baseline"] > target:
                more["direction"] = "down"
        case "inverse":
            more |= {"direction": "down"}
        case "interp":
            more |= {"floor": target - 15, "floor_score": floor_score,
                     "stretch": draw(st.sampled_from([None, target + 30]))}
        case "step":
            more |= {"step": draw(st.integers(1, 9)), "points": draw(st.integers(3, 20)), "floor_score": floor_score}
        case "binary":
            more |= {"floor": draw(st.sampled_from([None, target - 10])), "floor_score": floor_score}
        case "rate":
            target = 160
        case "deduct" | "bonus":
            more |= {"points": draw(st.integers(1, 9))}
        case "range":
            more |= {"stretch": target + draw(st.integers(0, 60)), "step": draw(st.integers(5, 40))}
        case "band":
            scores = draw(st.lists(st.integers(0, 120), min_size=2, max_size=5))
            more |= {"bands": ";".join(f"{25 * place}:{points}" for place, points in enumerate(scores))}
    return goal(metric, actual, target, draw(st.integers(0, 5)), **more)


@st.composite
def cards(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = [draw(rows(metric)) for metric in METRICS[:draw(st.integers(1, 4))]]
    made[0]["weight"] = made[0]["weight"] or 1
    return made


def rank(scores: list[float | None], goals: list[dict[str, Any]]) -> int | None:
    """The grade by plain arithmetic: 0 for D to 3 for A, None without one."""
    weights = [row["weight"] for row in goals]
    known = [(points, weight) for points, weight in zip(scores, weights, strict=True) if points is not None]
    if any(points == 0 and row["method"] == "veto" for points, row in zip(scores, goals, strict=True)):
        return 0
    if sum(weight for _, weight in known) < 0.6 * sum(weights) - 1e-12 or not sum(weight for _, weight in known):
        return None
    total = sum(points * weight for points, weight in known) / sum(weight for _, weight in known)
    return "DCBA".index(str(KPI_GRADE(min(max(total, 0.0), 120.0), [90, 80, 70], ["A", "B", "C", "D"])))


def points_of(row: dict[str, Any], actual: float | None) -> float | None:
    get = row.get
    return KPI_SCORE(actual, row["target"], row["direction"], get("baseline"), get("floor"), get("stretch"),
                     row["cap"], row["method"], get("floor_score", 0), get("step"), get("points"), get("bands"))


def way_of(row: dict[str, Any]) -> int:
    if row["method"] in ("deduct", "veto") or row["direction"] == "down":
        return -1
    return 0 if row["method"] in ("range", "band") else 1


@settings(max_examples=150, deadline=None)
@given(cards())
def test_every_value_tried_one_by_one(goals: list[dict[str, Any]]) -> None:
    """Against trying every count from 0 to 400 in plain arithmetic."""
    card = score(None, goals, weight_mode="relative", grades=PLAIN)
    found = card.moves()
    have = [points_of(row, row["actual"]) for row in goals]
    now = rank(have, goals)
    for place, (row, move) in enumerate(zip(goals, found.rows, strict=True)):
        ranks: dict[int, int | None] = {}
        for value in range(161 if row["method"] == "rate" else 401):
            ranks[value] = rank([*have[:place], points_of(row, value), *have[place + 1:]], goals)
        start, way = row["actual"], way_of(row)
        up = [value for value, found_rank in ranks.items()
              if found_rank is not None and now is not None and now < 3 and found_rank >= now + 1]
        if row["method"] == "band" and start is not None and up:  # rising or falling bands are searched one way only
            scores = [float(piece.split(":")[1]) for piece in row["bands"].split(";")]
            way = 1 if scores == sorted(scores) else -1 if scores == sorted(scores, reverse=True) else 0
        if start is None:
            if row["method"] != "band":
                assert move.needed == (None if not up else max(up) if way < 0 else min(up))
            others = {value for value in ranks.values() if value != now}
            if row["method"] == "inverse":  # which keeps falling beyond 400
                assert move.flips >= bool(others)
                continue
            assert move.flips == bool(others)
            if way:
                assert move.flips_to == tuple("DCBA"[value] for value in sorted(value for value in others
                                                                                if value is not None))
            continue
        able = [value for value in up if way == 0 or (value - start) * way > 0]
        if not able:
            assert move.needed is None
        else:
            assert move.needed in able
            assert abs(move.needed - start) == min(abs(value - start) for value in able)
        worse = [value for value, found_rank in ranks.items() if now and (found_rank is None or found_rank < now)
                 and (way == 0 or (value - start) * way < 0)]
        if way and worse:
            last = max(worse) if way > 0 else min(worse)
            assert move.keeps == last + way
        elif way:
            assert move.keeps is None or row["method"] == "inverse"  # which keeps falling beyond 400
        elif worse:
            assert move.drop == min(abs(value - start) for value in worse) - 1


@settings(max_examples=60, deadline=None)
@given(cards())
def test_needed_reaches_and_one_step_less_does_not(goals: list[dict[str, Any]]) -> None:
    """By scoring the whole card again; the same for what keeps the grade."""
    card = score(None, goals, weight_mode="relative", grades=PLAIN)
    found: Moves = card.moves()

    def grade(place: int, value: float) -> str:
        changed = [{**row, "actual": value} if at == place else row for at, row in enumerate(goals)]
        return str(score(None, changed, weight_mode="relative", grades=PLAIN).grade)

    order, now, following = "DCBA", str(found.grade), str(found.next_grade)
    for place, move in enumerate(found.rows):
        if move.needed is not None:
            assert grade(place, move.needed) == move.reaches
            assert order.index(str(move.reaches)) > order.index(now)
            if move.change:
                toward = move.needed - move.step * (1 if move.change > 0 else -1)
                assert order.index(grade(place, toward)) < order.index(following)
        if move.keeps is not None and move.row.actual is not None and move.row.actual != move.keeps:
            assert order.index(grade(place, move.keeps)) >= order.index(now)
            further = move.keeps + move.step * (1 if move.keeps > move.row.actual else -1)
            assert order.index(grade(place, further)) < order.index(now)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.001, 0.3), st.floats(0.01, 0.2), st.sampled_from(["linear", "inverse", "interp"]),
       st.integers(10, 90), st.floats(0, 130))
def test_rates_of_any_digits(actual: float, target: float, method: str, weight: int, other: float) -> None:
    down = method == "inverse"
    mine = goal("churn_rate" if down else "follow_conversion_rate", actual, target, weight, method=method,
                floor=target / 3 if method == "interp" else None)
    rest = goal("plays", other, 100, 100 - weight)
    found = score(None, [mine, rest], grades=PLAIN).moves()
    move, order = found.rows[0], "DCBA"

    def place(value: float) -> int:
        return order.index(str(score(None, [{**mine, "actual": value}, rest], grades=PLAIN).grade))

    now, sign = order.index(str(found.grade)), -1 if down else 1
    for value in (move.needed, move.keeps):
        assert value is None or value == actual or round(value * 10_000) / 10_000 == value
    if move.needed is not None:
        assert place(move.needed) > now
        less = round(move.needed - sign * 0.0001, 4)
        assert sign * (less - actual) <= 0 or place(less) == now
    elif now < 3:
        assert place(0.0 if down else 10 * target) == now
    if move.keeps is not None:
        assert place(move.keeps) >= now
        assert place(round(move.keeps - sign * 0.0001, 4)) < now or move.keeps == actual
    elif now:
        assert place(1e6 if down else 0.0) == now
