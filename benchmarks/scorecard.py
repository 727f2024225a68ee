"""One ordinary scorecard (200 works, 30 days) filled and calculated in a warm process, the same of person after
person, and 20,000 KPI calls.

Wall time is what the goal speaks of; on a busy machine the processor time beside it, and that of a fixed loop run
between the scorecards, tell more.
"""

from __future__ import annotations

import io
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
from common import clock, machine, report

import xlkpi
from xlkpi import platforms, samples, templates
from xlkpi.functions import KPI_COMPLETION


def loop() -> float:
    """The processor time of a fixed loop."""
    begun = time.process_time()
    sum(number * number for number in range(100_000))
    return time.process_time() - begun


def scorecard(times: int = 15) -> None:
    """The template's own 14 goals, the works and the days of one month; figures held against plain sums first."""
    with tempfile.TemporaryDirectory() as name:
        files = samples.write_samples(Path(name), works=200)
        tables = platforms.collect(files).tables
        works, daily = tables["works"].frame, tables["daily"].frame
        works = works[works["published_at"] >= "2026-10-01"]
        daily = daily[daily["date"] >= "2026-10-02"]
        source = Path(templates.path("short_video", "zh")).read_bytes()

        def work() -> xlkpi.Template:
            book = xlkpi.Template.open(source)
            book.fill(data={"works": works, "daily": daily})
            book.calculate()
            book.tobytes()
            return book

        actuals = {row["指标"]: row["实际值"] for row in work().rows("scorecard")}
        assert actuals["播放量"] == daily["plays"].sum()
        assert math.isclose(actuals["转粉率"], works["followers_gained"].sum() / works["plays"].sum())
        ours = clock(work, times)[:3]
        report(f"scorecard, {len(works)} works, {len(daily)} days", ours, None, times, "under 0.080 s")
        spent, turns = [], []
        for _ in range(times):
            begun = time.process_time()
            work()
            spent.append(time.process_time() - begun)
            turns.append(loop())
        ours = statistics.median(spent), min(spent), max(spent)
        print(f"processor time: {ours[0]:.3f} s ({ours[1]:.3f}–{ours[2]:.3f}, n={times}), at best "
              f"{ours[1] / min(turns):.0f} times that of a loop over 100,000 numbers ({min(turns):.4f} s)")
        goals = xlkpi.Template.open(source).rows("goals")
        for name, given in (("name and period", None), ("name, period and goals", goals)):
            persons = cycle(range(50))

            def another(given: list[dict[str, Any]] | None = given, persons: Iterator[int] = persons) -> xlkpi.Template:
                """Another person's each time: other works, other days, other targets."""
                number = next(persons)
                data: dict[str, Any] = {"works": works.iloc[:150 + number], "daily": daily.iloc[:28 + number % 3]}
                if given is not None:
                    data["goals"] = [{**goal, "目标值": float(number + 1)} for goal in given]
                book = xlkpi.Template.open(source)
                book.fill(data, {"person": f"{number}", "period_start": date(2026, 10, 1),
                                 "period_end": date(2026, 10, 31)})
                book.calculate()
                book.tobytes()
                return book

            for number, book in enumerate(another() for _ in range(4)):
                actuals = {row["指标"]: row["实际值"] for row in book.rows("scorecard")}
                assert actuals["播放量"] == daily["plays"].iloc[:28 + number % 3].sum()
            report(f"another person's each time, with {name}", clock(another, times)[:3], None, times)


def calls(rows: int = 20_000, times: int = 3) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, rows + 1):
        sheet.append([row * 7 % 1000, row % 97 + 1, f"=KPI_COMPLETION(A{row},B{row})"])
    stream = io.BytesIO()
    book.save(stream)

    def work() -> xlkpi.Template:
        found = xlkpi.Template.open(stream.getvalue())
        found.calculate()
        return found

    for row, values in enumerate(work().values("Sheet"), 1):
        assert math.isclose(values[2], KPI_COMPLETION(row * 7 % 1000, row % 97 + 1))  # type: ignore[arg-type]
    report(f"{rows} rows with one KPI call each", clock(work, times)[:3], None, times, "under 3 s")


if __name__ == "__main__":
    print(machine())
    scorecard()
    calls()
