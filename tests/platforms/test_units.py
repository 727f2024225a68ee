"""The unit of a bare rate: proven, or the rate is left out."""

from __future__ import annotations

import pandas as pd
import pytest

from xlkpi.errors import Findings
from xlkpi.platforms.reader import Import, Source
from xlkpi.platforms.units import decide


def decided(values: list[float], computed: list[float] | None = None, most: float | None = None,
            signed: bool = False) -> tuple[list[float | None], list[str]]:
    item = Import("articles", pd.DataFrame({"rate": values}), Findings(), (Source("x"),),
                  signed=frozenset(["rate"] if signed else []))
    decide(item, "rate", None if computed is None else pd.Series(computed), "a ÷ b", most)
    return ([None if value != value else value for value in item.frame["rate"]],
            [problem.name for problem in item.problems])


@pytest.mark.parametrize(("values", "computed", "most", "want"), [
    ([0.25, 0.5], [0.25, 0.5], None, [0.25, 0.5]),
    ([25.0, 50.0], [0.25, 0.5], None, [0.25, 0.5]),
    ([0.5, 30.0], [0.005, 0.3], None, [0.005, 0.3]),
    ([42.0, 0.5], None, 1.0, [0.42, 0.005]),
])
def test_proof(values: list[float], computed: list[float] | None, most: float | None, want: list[float]) -> None:
    assert decided(values, computed, most) == (want, ["UnitOfRateProven"])


@pytest.mark.parametrize(("values", "computed", "most"), [
    ([0.25, 0.5], None, None), ([0.25, 0.5], None, 1.0), ([25.0, 50.0], None, None), ([0.25, 50.0], [0.25, 0.5], None),
    ([0.25], [0.7], None), ([0.001], [0.001], None), ([120.0], None, 1.0)])
def test_no_proof(values: list[float], computed: list[float] | None, most: float | None) -> None:
    assert decided(values, computed, most) == ([None] * len(values), ["UnitOfRateUnknown"])


def test_nothing_to_decide() -> None:
    assert decided([0.0, 0.0]) == ([0.0, 0.0], [])
    assert decided([0.25], signed=True) == ([0.25], [])
