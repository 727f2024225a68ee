"""Whatever happens to cells and bytes, the outcome is a located problem or the right value, never a crash."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlkpi import platforms
from xlkpi.platforms.columns import read_cells
from xlkpi.platforms.douyin import WORKS

TODAY = date(2026, 5, 10)
HEADER = [column.label for column in WORKS.columns]
GOOD = ["标题", "2026-04-03 21:26:39", "图文", "已发布", "120", "0.3", "0.5", "-", "0.2", "8.5", "9", "1", "2",
        "3", "4", "5"]
ODD = st.one_of(
    st.text(max_size=12), st.sampled_from(["-", "", "1e999", "nan", "inf", "１２", "1_0", "0x1F", "9" * 400, "%", "-%",
                                           "12.5%", "1.2万", "万", "2026-13-40", "+5", "=1+1", "\ufeff", "\t7",
                                           "1,2,3"]),
    st.integers(-10**20, 10**20), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas())
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def located(problems: list) -> bool:
    return all(problem.where.file == "x" and problem.line("zh") and problem.line("en") and problem.as_dict()
               for problem in problems)


@FEW
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 15), ODD), min_size=1, max_size=6))
def test_damaged_cells(damage: list[tuple[int, int, object]]) -> None:
    rows: list[list[object]] = [list(GOOD) for _ in range(4)]
    for number, row in enumerate(rows):
        row[1] = f"2026-04-03 21:26:{number:02}"
    for row, place, value in damage:
        rows[row][place] = value
    frame = pd.DataFrame({name: pd.Series([row[place] for row in rows], dtype=object)
                          for place, name in enumerate(HEADER)})
    got = platforms.read(frame, name="x", today=TODAY)
    assert got.table == "works"
    assert located(got.problems)
    assert len(got.frame) + len(got.rows_skipped) == 4
    hit = {row for row, _, _ in damage}
    untouched = [row for row in range(4) if row not in hit]
    kept = {number: place for place, number in enumerate(got.rows.tolist())}
    for row in untouched:
        assert got.frame["plays"].iloc[kept[row + 1]] == 120


@FEW
@given(st.data())
def test_damaged_bytes(data: st.DataObject) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, GOOD, GOOD])
    raw = bytearray(stream.getvalue().encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for item in platforms.read_all(bytes(raw), name="x", today=TODAY):
        assert located(item.problems)


@FEW
@given(st.lists(st.one_of(st.sampled_from(["-", "", "12", "-3", "0.5", "007", "1.", ".5", "--", "1-2", " 4", "4\n",
                                           "²"]),
                          st.integers(-99, 10**18).map(str), st.floats(0, 1e6).map(lambda number: f"{number:.6f}"),
                          st.text("0123456789.-\n ", max_size=5)), min_size=1, max_size=8),
       st.sampled_from([column for column in WORKS.columns if column.kind in ("count", "number", "rate", "time")]))
def test_reading_at_once_is_reading_one_by_one(cells: list[str], column: object) -> None:
    """The quick way over a whole column gives what each cell gives alone (a number forces the slow way)."""
    quick = read_cells(cells, column)
    slow = read_cells([*cells, None], column)
    one = [None if value is None or value != value else value for value in list(quick.values)]
    other = [None if value is None or value != value else value for value in list(slow.values)[:-1]]
    assert one == other
    assert [row for row, _ in quick.faults] == [row for row, _ in slow.faults]
