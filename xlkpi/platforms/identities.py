"""What a file says twice must agree: its own totals with its rows, and counts with their parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xlkpi import metrics
from xlkpi.platforms import problems as found
from xlkpi.platforms.reader import Import

SLACK = 0.5  # of counts: less is a matter of floating point
PARTS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("net_followers", (("new_followers", 1), ("cancelled_followers", -1))),
    ("followers_gained", (("new_followers", 1), ("cancelled_followers", -1))),
    ("interactions_total", (("forwards", 1), ("comments", 1), ("likes", 1))),
    ("interactions_total", (("reactions", 1), ("comments", 1), ("shares", 1))),
    ("interactions_total", (("likes", 1), ("comments", 1), ("shares", 1))),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """An equation held against the rows: how many could be checked and which do not hold."""

    equation: str
    checked: int
    broken: tuple[int, ...]
    values: tuple[float, float] = (0.0, 0.0)  # of the first row that does not hold: left side, right side


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of the file's row of totals beside the sum of its rows."""

    code: str
    total: float
    rows: float

    @property
    def unreconciled(self) -> float:
        return float(f"{self.total - self.rows:.12g}")

    @property
    def agrees(self) -> bool:
        return abs(self.unreconciled) <= max(1e-9 * abs(self.total), SLACK if self.total.is_integer() else 0.05)


def identities(frame: pd.DataFrame) -> Iterator[Identity]:
    """Every equation whose columns the frame has."""
    for whole, parts in PARTS:
        if whole in frame and all(code in frame for code, _ in parts):
            words = " ".join(("+ " if sign > 0 else "- ") + code for code, sign in parts).removeprefix("+ ")
            right = sum((frame[code] * sign for code, sign in parts), start=pd.Series(0.0, index=frame.index))
            yield _held(f"{whole} = {words}", frame[whole], right)
    if {"date", "fans_total", "net_followers"} <= set(frame.columns) and not frame["date"].duplicated().any():
        days = frame.dropna(subset=["date"]).sort_values("date")
        next_day = days["date"].diff() == pd.Timedelta(days=1)
        right = (days["fans_total"].shift() + days["net_followers"]).where(next_day)
        yield _held("fans_total(t) = fans_total(t-1) + net_followers(t)", days["fans_total"], right)


def _held(equation: str, left: pd.Series[Any], right: pd.Series[Any]) -> Identity:
    both = left.notna() & right.notna()
    off = left.index[both & ((left - right).abs() > SLACK)]
    values = (float(left[off[0]]), float(right[off[0]])) if len(off) else (0.0, 0.0)
    return Identity(equation, int(both.sum()), tuple(int(row) for row in off), values)


def totals(table: Import) -> list[Total]:
    """The file's totals of additive columns beside the sums; of shares and people a sum says nothing."""
    columns = metrics.load().columns
    return [Total(code, value, float(table.frame[code].sum()))
            for source in table.sources for code, value in source.totals.items()
            if code in table.frame and code in columns and columns[code].additive]


def report(table: Import) -> None:
    """Add what does not agree to the problems of one imported file."""
    from xlkpi.platforms.checks import place

    for total in totals(table):
        if not total.agrees:
            table.problems.append(found.UnreconciledTotal(
                place(table, total.code), total=f"{total.total:.12g}", rows=f"{total.rows:.12g}",
                rest=f"{total.unreconciled:.12g}"))
    for identity in identities(table.frame):
        if identity.broken:
            code = identity.equation.split(" ")[0].removesuffix("(t)")
            table.problems.append(found.BrokenIdentity(
                place(table, code, identity.broken[0]), equation=identity.equation, count=len(identity.broken),
                checked=identity.checked, left=f"{identity.values[0]:.12g}", right=f"{identity.values[1]:.12g}"))
