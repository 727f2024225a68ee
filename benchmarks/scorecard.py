"""One ordinary scorecard (200 works, 30 days) filled and calculated in a warm process, and 20,000 KPI calls."""

from __future__ import annotations

import io
import math
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
from common import clock, machine, report

import xlkpi
from xlkpi import platforms, samples, templates
from xlkpi.functions import KPI_COMPLETION


def scorecard(times: int = 15) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = samples.write_samples(Path(name), works=200)
        tables = platforms.collect(files).tables
        data = {name: item.frame for name, item in tables.items()}
        works, daily = data["works"], data["daily"]
        source = Path(templates.path("short_video", "zh")).read_bytes()

        def work() -> bytes:
            book = xlkpi.Template.open(source)
            book.fill(data=data)
            book.calculate()
            return book.tobytes()

        filled = work()
        seen = openpyxl.load_workbook(io.BytesIO(filled), data_only=True)
        assert any(sheet.max_row > len(works) for sheet in seen), "the works are not in the book"
        ours = clock(work, times)[:3]
        report(f"scorecard, {len(works)} works, {len(daily)} days", ours, None, times, "under 0.080 s")


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

    values = work().values("Sheet")
    for row in range(1, rows + 1):
        assert math.isclose(values[row, 3], KPI_COMPLETION(row * 7 % 1000, row % 97 + 1))  # type: ignore[arg-type]
    report(f"{rows} rows with one KPI call each", clock(work, times)[:3], None, times, "under 3 s")


if __name__ == "__main__":
    print(machine())
    pd.set_option("mode.copy_on_write", True)
    scorecard()
    calls()
