"""Fan precision: the overlap of two audiences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlkpi.cells import SizeMismatch
from xlkpi.functions import KPI_FAN_PRECISION
from xlkpi.functions.rates import NegativeCount, ZeroDenominator
from xlkpi.functions.traffic import BandUnknown

people = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=12).filter(
    lambda rows: all(any(row[side] for row in rows) for side in (0, 1)))


@given(people, st.integers(1, 1_000))
def test_laws(rows: list[tuple[int, int]], times: int) -> None:
    """Between nothing and all, the same both ways, in people as in shares, in any order of the bands;
    one less half the distance of the two distributions, which is another way to the same figure."""
    fans, target = map(list, zip(*rows, strict=True))
    found = KPI_FAN_PRECISION(fans, target)
    assert found is not None
    assert 0 <= found <= 1 + 1e-12
    assert KPI_FAN_PRECISION(target, fans) == pytest.approx(found)
    assert KPI_FAN_PRECISION([one * times for one in fans], target) == pytest.approx(found)
    assert KPI_FAN_PRECISION(fans[::-1], target[::-1]) == pytest.approx(found)
    distance = sum(abs(one / sum(fans) - other / sum(target)) for one, other in rows)
    assert found == pytest.approx(1 - distance / 2)


def test_an_audience_is_its_own_target_and_none_of_another() -> None:
    assert KPI_FAN_PRECISION([7, 11, 2], [7, 11, 2]) == pytest.approx(1)
    assert KPI_FAN_PRECISION([5, 0], [0, 9]) == 0


def test_what_is_not_known() -> None:
    assert KPI_FAN_PRECISION([600, None, 400], [0.25, None, 0.75]) == pytest.approx(0.65)
    assert KPI_FAN_PRECISION([None], [None]) is None
    with pytest.raises(BandUnknown, match="band 2"):
        KPI_FAN_PRECISION([600, None], [0.25, 0.75])
    with pytest.raises(SizeMismatch):
        KPI_FAN_PRECISION([600, 400], [1])
    with pytest.raises(NegativeCount, match="target"):
        KPI_FAN_PRECISION([600, 400], [1, -1])
    with pytest.raises(ZeroDenominator):
        KPI_FAN_PRECISION([0, 0], [1, 1])
