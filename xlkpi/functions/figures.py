"""Figures shared by the families: rounding as accountants do it, and numbers in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import fsum
from typing import Any, TypeVar

from xlkpi.cells import SizeMismatch

T = TypeVar("T")


def round_half_up(value: float, places: int = 2) -> float:
    """Round with ties away from zero, on the 15 digits that Excel sees: 89.995 → 90.0."""
    if not abs(value) < 1e15:  # no decimals are left to round
        return value
    exact = Decimal(f"{value:.15g}")
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def settle(value: float) -> float:
    """``value`` without binary dust, for comparing with a line: 0.30000000000000004 → 0.3."""
    return float(f"{value:.12g}")


def say(value: float, unit: str | None = None) -> str:
    """A number in a sentence: ``12,345`` ``0.0591`` ``5.91%`` (unit ``%``), at most four decimals."""
    if unit == "%":
        return f"{round_half_up(value * 100, 2):,.10g}%"
    if not abs(value) < 1e15:
        return f"{value:.10g}{unit or ''}"
    text = f"{round_half_up(value, 2):,.2f}" if abs(value) >= 1000 else f"{round_half_up(value, 4):.4f}"
    return text.rstrip("0").rstrip(".") + (unit or "")


def percent(value: float) -> str:
    """A ratio in a sentence: ``93.3%``."""
    return f"{round_half_up(value * 100, 1):,.1f}%"


def same_size(**columns: Sequence[Any] | None) -> None:
    """Refuse columns of different length, naming each with its length."""
    sizes = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(sizes.values())) > 1:
        raise SizeMismatch(sizes=", ".join(f"{name} {size}" for name, size in sizes.items()))


def as_column(value: Sequence[float | None] | float | None) -> list[float | None]:
    """A column, or one value as a column of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]  # type: ignore[list-item]


def known(*columns: Sequence[float | None]) -> list[tuple[float, ...]]:
    """The rows in which every column has a number."""
    return [row for row in zip(*columns, strict=True) if None not in row]


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean (:mod:`statistics` costs a tenth of the import time of all functions)."""
    known = list(values)
    return fsum(known) / len(known)


def middle(values: Iterable[float]) -> float:
    """The median: the middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)
