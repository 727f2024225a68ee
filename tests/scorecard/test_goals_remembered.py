"""Goals that were read before are not read again, and nothing but their contents decides which those are."""

from __future__ import annotations

from typing import Any

import pytest

from xlkpi import score
from xlkpi.errors import Findings, Refused
from xlkpi.scorecard import read_goals
from xlkpi.scorecard.goals import _known


def goals(**changed: Any) -> dict[str, list[Any]]:
    return {"metric": ["plays", "likes"], "weight": [60, 40], "target": [100, 10], **changed}


def test_equal_goals_are_the_same_and_others_are_not() -> None:
    first = read_goals(goals(), Findings())
    assert read_goals(goals(), Findings()) is first
    stepped = goals(method=["", "step"], step=[None, 1], points=[None, 2])
    for other in (goals(target=[100, 20]), goals(weight=[0.6, 0.4]), stepped):
        assert read_goals(other, Findings()) != first
    actuals = {"plays": 50, "likes": 10}
    assert score(actuals, goals()).total == pytest.approx(70)
    assert score(actuals, goals(target=[50, 20])).total == pytest.approx(80)
    assert score(actuals, goals()).total == pytest.approx(70)


def test_a_list_that_is_changed_in_place_is_read_anew() -> None:
    mine = goals()
    assert score({"plays": 50, "likes": 10}, mine).total == pytest.approx(70)
    mine["target"][0] = 50
    assert score({"plays": 50, "likes": 10}, mine).total == pytest.approx(100)


def test_what_is_wrong_is_said_every_time() -> None:
    for _ in range(2):
        with pytest.raises(Refused, match="playz"):
            score({"plays": 1}, goals(metric=["playz", "likes"]))


def test_few_are_kept() -> None:
    for target in range(1, 200):
        read_goals(goals(target=[target, 1]), Findings())
    assert len(_known) <= 64
