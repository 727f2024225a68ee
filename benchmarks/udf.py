"""10,000 rows in one call that spills against 10,000 single calls, through xlwings' own ``CallUDF``.

Excel is the tests' stand-in: what xlwings and the functions spend is real, what a trip to Excel's process would cost is
not in the times. The trips are counted instead, since in a running Excel they decide; that is why our VBA reads small
ranges itself and hands their values over.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests")]

import numpy as np  # noqa: E402
from common import machine  # noqa: E402
from hosts.com_standins import MISSING, CDispatch, Excel, Range, windows  # noqa: E402

ROWS = 10_000
Call = Callable[[], Any]


def columns(excel: Excel) -> tuple[Range, Range]:
    """Actuals and targets as people type them: numbers, a few blanks, texts that spell numbers."""
    dice = np.random.default_rng(5)
    actuals: list[Any] = dice.integers(0, 2_000, ROWS).tolist()
    actuals[::97] = [None] * len(actuals[::97])
    actuals[5::101] = [f"{value:,}" if value else "-" for value in actuals[5::101]]
    targets = dice.integers(500, 1_500, ROWS).tolist()
    return excel.sheet.put(1, 1, actuals), excel.sheet.put(1, 2, targets)


def compare(excel: Excel, name: str, rest: tuple[Any, ...], times: int) -> None:
    whole = columns(excel)
    cells = [(excel.sheet.Cells(row, 1), excel.sheet.Cells(row, 2)) for row in range(1, ROWS + 1)]
    values = [(left.Value, right.Value) for left, right in cells]

    def together() -> Any:
        return excel.raw(name, [*whole, *rest])

    def each_range() -> Any:
        return [[excel.raw(name, [left, right, *rest])] for left, right in cells]

    def each_value() -> Any:
        return [[excel.raw(name, [left, right, *rest])] for left, right in values]

    answers = together()
    assert len(answers) == ROWS
    assert answers == each_range() == each_value()
    assert any(answer == [""] for answer in answers)
    assert any(isinstance(answer[0], str) and answer[0].startswith("\ue000") for answer in answers)
    roads: dict[str, Call] = {"one call that spills": together, f"{ROWS} single calls, cells as ranges": each_range,
             f"{ROWS} single calls, their values": each_value}
    trips = {road: trips_of(work) for road, work in roads.items()}
    spent: dict[str, list[float]] = {road: [] for road in roads}
    for _ in range(times):  # side by side, so that a busy machine is busy for all
        for road, work in roads.items():
            spent[road].append(seconds(work))
    best = {road: min(times_of) for road, times_of in spent.items()}
    print(f"{name}, {ROWS} rows (CPU seconds: median, fastest–slowest; n={times}):")
    for road, figures in spent.items():
        ratio = best[road] / best["one call that spills"]
        print(f"  {road}: {statistics.median(figures):.3f} ({min(figures):.3f}–{max(figures):.3f}), {trips[road]} "
              f"trips to Excel; the fastest takes {ratio:.1f} times the spilled call's", flush=True)


def trips_of(work: Call) -> int:
    CDispatch.trips = 0
    work()
    return CDispatch.trips


def seconds(work: Call) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main(times: int = 5) -> None:
    with windows() as excel:
        compare(excel, "KPI_COMPLETION", (MISSING,) * 3, times)
        compare(excel, "KPI_SCORE", (MISSING,) * (len(excel.udf("KPI_SCORE").__xlfunc__["args"]) - 2), times)


if __name__ == "__main__":
    print(machine())
    main()
