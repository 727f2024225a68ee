"""A large works list: read, checked and typed by xlkpi, beside pandas.read_excel with openpyxl.

    python benchmarks/importing.py [rows]

The peer reads the same file and converts the same columns with pandas' own tools, as a script would;
reading alone (``read_excel`` and nothing else) is shown, too. Every value is compared first. Memory is
the peak resident size of a fresh process (VmHWM) less that of a process that only imports, beside
``memory_usage(deep=True)`` of the typed table. Two files: every cell text, as the creator centre
writes it, and numbers and dates as Excel saves them.
"""

from __future__ import annotations

import importlib.metadata
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from common import clock, machine, report

from xlkpi import platforms

HEADER = ("作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "2s跳出率", "平均播放时长",
          "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量")
RATES = ("完播率", "5s完播率", "2s跳出率")
NUMBERS = (*HEADER[4:5], *HEADER[8:])
TODAY = date(2027, 1, 1)


def works(path: Path, rows: int, typed: bool = False) -> None:
    """A works list of the creator centre: all cells text, or typed as Excel would; ``-`` where there is no figure."""
    dice = np.random.default_rng(11)
    counts = dice.integers(0, 1_000_000, (rows, 7))
    rates = dice.random((rows, 3)).round(6)
    moments = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(dice.integers(0, 86_400 * 300, rows)), unit="s")
    said = moments.strftime("%Y-%m-%d %H:%M:%S")
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for row in range(rows):
        plays, *rest = counts[row]
        rate = [f"{value:.6f}" if dice.random() > 0.02 else "-" for value in rates[row]]
        cells = [f"第{row}期 直播切片\n#家常菜 #{row % 977}", said[row], ("图文", "1min-视频", "1-3min视频")[row % 3],
                 "已发布", str(plays), *rate, f"{rates[row][0] * 60:.2f}", *map(str, rest)]
        for column, cell in enumerate(cells):
            if not typed or column in (0, 2, 3) or cell == "-":
                sheet.write_string(row + 1, column, cell)
            elif column == 1:
                sheet.write_datetime(row + 1, column, moments[row].to_pydatetime(), moment)
            else:
                sheet.write_number(row + 1, column, float(cell))
    book.close()


def ours(path: Path) -> pd.DataFrame:
    got = platforms.read(path, today=TODAY)
    assert not got.problems.errors
    return got.frame


def peer(path: Path) -> pd.DataFrame:
    """What a careful script does: read, find the marks for missing, convert each column strictly."""
    frame = pd.read_excel(path, engine="openpyxl", dtype=str, keep_default_na=False)
    frame["发布时间"] = pd.to_datetime(frame["发布时间"], format="%Y-%m-%d %H:%M:%S")
    for name in (*RATES, *NUMBERS):
        frame[name] = pd.to_numeric(frame[name].replace("-", np.nan))
    return frame


def reading_alone(path: Path) -> pd.DataFrame:
    return pd.read_excel(path, engine="openpyxl")


def compare(mine: pd.DataFrame, other: pd.DataFrame) -> None:
    codes = platforms.layouts()[0].by_name
    for name in HEADER:
        code = codes["".join(name.split()).casefold()].code
        one, two = mine[code], other[name]
        assert len(one) == len(two)
        same = (one.to_numpy() == two.to_numpy()) | (one.isna().to_numpy() & two.isna().to_numpy())
        assert same.all(), (name, one[~same].head(), two[~same].head())


PEAK = "; print('PEAK', next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
MEMORY = {
    "imports alone": "import pandas, openpyxl, python_calamine; from xlkpi import platforms; platforms.layouts()",
    "xlkpi": "import sys; from datetime import date; from xlkpi import platforms; "
             "got = platforms.read(sys.argv[1], today=date(2027, 1, 1))",
    "pandas and openpyxl": "import sys; sys.path.insert(0, {here!r}); import importing; importing.peer(sys.argv[1])",
}


def peak(script: str, path: Path) -> float:
    """Peak resident memory in MB of a fresh process, as the kernel counts it from its start."""
    done = subprocess.run([sys.executable, "-c", script + PEAK, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout.split("PEAK")[-1]) / 1024


def main(rows: int = 200_000, times: int = 3) -> None:
    print(machine(), "python-calamine", importlib.metadata.version("python-calamine"))
    for typed_cells in (False, True):
        measure(rows, times, typed_cells)


def measure(rows: int, times: int, typed_cells: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "works.xlsx"
        works(path, rows, typed_cells)
        print(f"{rows} rows × {len(HEADER)} columns, {'typed' if typed_cells else 'text'} cells, "
              f"{path.stat().st_size / 1e6:.1f} MB")
        begun = time.perf_counter()
        frame = ours(path)
        print(f"first reading {time.perf_counter() - begun:.2f} s", flush=True)
        compare(frame, peer(path))
        took: dict[str, list[float]] = {"ours": [], "peer": [], "alone": []}
        for _ in range(times):  # in turns, so that a busy machine is busy for all of them
            for name, work in (("ours", ours), ("peer", peer), ("alone", reading_alone)):
                took[name].append(clock(lambda work=work: work(path), 1)[0])
        mine, theirs, bare = (((statistics.median(spent), min(spent), max(spent))) for spent in took.values())
        report("read, check and type", mine, theirs, times, "5 times as fast as pandas with openpyxl")
        report("against reading alone", mine, bare, times, "5 times as fast as read_excel and nothing else")
        typed = frame.memory_usage(deep=True).sum() / 2**20
        print(f"typed table {typed:.0f} MB   [goal: peak memory under 3 times that]")
        here = str(Path(__file__).parent)
        peaks = {name: peak(script.format(here=here), path) for name, script in MEMORY.items()}
        for name, size in peaks.items():
            above = size - peaks["imports alone"]
            print(f"peak memory, {name}: {size:.0f} MB, {above:.0f} over the imports: {above / typed:.1f} typed tables")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
