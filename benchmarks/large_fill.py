"""100,000 rows × 12 mixed columns into a template's table, then calculated, against openpyxl and LibreOffice."""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
from common import HEADS, REPORT, clock, expected, frame, machine, native, peak_memory, recalculated, report, template

import xlkpi

OURS = """
import sys, pandas as pd, xlkpi
book = xlkpi.Template.open(sys.argv[1])
book.fill(data={"works": pd.read_pickle(sys.argv[2])})
book.save(sys.argv[3])
"""


def with_openpyxl(source: Path, data: pd.DataFrame, out: Path) -> None:
    book = openpyxl.load_workbook(source)
    sheet = book["data"]
    for row, values in enumerate(data.itertuples(index=False), 2):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column, native(value))
    sheet.tables["works"].ref = f"A1:L{len(data) + 1}"
    book.save(out)


def with_xlkpi(source: Path, data: pd.DataFrame, out: Path, calculate: bool = False) -> None:
    book = xlkpi.Template.open(source)
    book.fill(data={"works": data})
    if calculate:
        book.calculate()
    book.save(out)


def read(path: Path) -> pd.DataFrame:
    found = pd.read_excel(path, sheet_name="data", engine="calamine")
    return found[HEADS]


def figures(path: Path) -> list[float]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    return [row[1].value for row in book["report"].iter_rows(min_row=1, max_row=len(REPORT))]


def main(rows: int = 100_000, times: int = 3) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, ours, peer, pickle = (folder / part for part in ("t.xlsx", "ours.xlsx", "peer.xlsx", "data.pkl"))
        template(source)
        data = frame(rows)
        data.to_pickle(pickle)

        with_xlkpi(source, data, ours, calculate=True)
        with_openpyxl(source, data, peer)
        pd.testing.assert_frame_equal(read(ours), read(peer), check_dtype=False)
        again = recalculated(peer, folder)
        for mine, theirs, want in zip(figures(ours), figures(again), expected(data), strict=True):
            assert math.isclose(mine, want, rel_tol=1e-9), (mine, want)
            assert math.isclose(theirs, want, rel_tol=1e-9), (theirs, want)
        print(f"results equal: {rows} rows × {len(HEADS)} columns, {len(REPORT)} figures by pandas and LibreOffice")

        fill = clock(lambda: with_xlkpi(source, data, ours), times)[:3]
        slow = clock(lambda: with_openpyxl(source, data, peer), 1)[:3]
        report(f"fill {rows} × {len(HEADS)}", fill, slow, times, "at least 8 times openpyxl")
        peak = peak_memory(OURS, str(source), str(pickle), str(ours))
        print(f"peak memory of a fill: {peak:.0f} MB   [goal: under 400 MB]")
        both = clock(lambda: with_xlkpi(source, data, ours, calculate=True), times)[:3]
        office = clock(lambda: recalculated(peer, folder), 1)[:3]
        total = (slow[0] + office[0],) * 3
        report("fill + calculate", both, total, times, "at least 8 times openpyxl + LibreOffice")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
