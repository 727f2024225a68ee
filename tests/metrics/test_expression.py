"""The catalogue's little formula language."""

from __future__ import annotations

import pytest

from xlkpi.metrics.expression import read


def worth(text: str, **values: float) -> float:
    (formula,) = read(text)
    return sum(part.value(values.__getitem__) for part in formula.parts)


@pytest.mark.parametrize(("text", "want"), [
    ("a", 6), ("a + b - c", 7), ("a * b", 18), ("1000 * a", 6000), ("a / 100 * b", 0.18), ("a / b * c", 4),
    ("a - b * c + 1", 1), ("100 * a - 100 * b", 300),
])
def test_values(text: str, want: float) -> None:
    assert worth(text, a=6, b=3, c=2) == pytest.approx(want)


def test_alternatives_and_names() -> None:
    first, second = read("net or new - lost")
    assert first.names == ("net",)
    assert second.names == ("new", "lost")
    assert read("") == ()
    assert second.said(str.upper) == "NEW − LOST"


@pytest.mark.parametrize("text", ["a +", "a b", "+ a", "(a)", "a ** b", "a, b", "A"])
def test_what_is_no_formula(text: str) -> None:
    with pytest.raises(ValueError, match=r"formula|stands where"):
        read(text)
