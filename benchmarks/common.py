"""What the benchmarks share: one workbook, one data set, honest clocks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

HEADS = ["title", "published", "genre", "plays", "likes", "comments", "shares", "rate", "seconds", "owner", "net", "ok"]


def frame(rows: int, seed: int = 7) -> pd.DataFrame:
    """Mixed columns as an operations team has them: text (some unique, some repeated), dates, counts, rates."""
    dice = np.random.default_rng(seed)
    plays = dice.integers(0, 2_000_000, rows)
    return pd.DataFrame({
        "title": [f"第{n}期 直播切片 & 花絮 <{n % 977}>" for n in range(rows)],
        "published": pd.Timestamp("2026-01-01") + pd.to_timedelta(dice.integers(0, 86_400 * 300, rows), unit="s"),
        "genre": dice.choice(["图文", "1min-视频", "1-3min视频"], rows),
        "plays": plays,
        "likes": (plays * dice.random(rows) * 0.05).astype(int),
        "comments": dice.integers(0, 900, rows),
        "shares": dice.integers(0, 400, rows),
        "rate": dice.random(rows).round(6),
        "seconds": (dice.random(rows) * 90).round(2),
        "owner": dice.choice(["张三", "李四", "王五", "赵六"], rows),
        "net": dice.normal(20, 80, rows).round(1),
        "ok": dice.random(rows) < 0.9,
    })


def native(value: Any) -> Any:
    """A pandas or numpy scalar as plain Python."""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value


def template(path: Path) -> None:
    """A workbook with a table of twelve columns, totals, a chart, conditional formats and formulas over the table."""
    book = xlsxwriter.Workbook(str(path))
    sheet, report = book.add_worksheet("data"), book.add_worksheet("report")
    date, percent = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"num_format": "0.0%"})
    formats = {"published": date, "rate": percent}
    first = frame(2)
    sheet.add_table(0, 0, 2, len(HEADS) - 1, {
        "name": "works", "columns": [{"header": head, "format": formats.get(head)} for head in HEADS]})
    for row, values in enumerate(first.itertuples(index=False), 1):
        for column, value in enumerate(values):
            sheet.write(row, column, native(value), formats.get(HEADS[column]))
    sheet.conditional_format(1, 3, 2, 3, {"type": "data_bar"})
    for row, (label, formula) in enumerate(REPORT):
        report.write(row, 0, label)
        report.write_formula(row, 1, formula, None, 0)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=data!$D$2:$D$3", "categories": "=data!$B$2:$B$3"})
    report.insert_chart("D2", chart)
    book.close()


REPORT = [
    ("plays", "=SUM(works[plays])"),
    ("videos", '=SUMIFS(works[plays],works[genre],"1min-视频")'),
    ("works", '=COUNTIFS(works[owner],"张三",works[plays],">1000")'),
    ("rate", "=SUMPRODUCT(works[rate],works[plays])/SUM(works[plays])"),
    ("likes", '=SUMIFS(works[likes],works[published],">="&DATE(2026,4,1),works[published],"<"&DATE(2026,5,1))'),
    ("best", "=MAX(works[net])"),
]


def expected(data: pd.DataFrame) -> list[float]:
    """What REPORT must come to, by pandas."""
    april = (data["published"] >= "2026-04-01") & (data["published"] < "2026-05-01")
    return [
        float(data["plays"].sum()), float(data.loc[data["genre"] == "1min-视频", "plays"].sum()),
        float(((data["owner"] == "张三") & (data["plays"] > 1000)).sum()),
        float((data["rate"] * data["plays"]).sum() / data["plays"].sum()),
        float(data.loc[april, "likes"].sum()), float(data["net"].max()),
    ]


def clock(work: Callable[[], Any], times: int) -> tuple[float, float, float, Any]:
    """(median, fastest, slowest, last result) in seconds."""
    spent, result = [], None
    for _ in range(times):
        begun = time.perf_counter()
        result = work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), min(spent), max(spent), result


def peak_memory(script: str, *args: str) -> float:
    """Peak resident memory in MB of a fresh Python process that runs ``script``.

    VmHWM starts anew with the program; getrusage would count the memory of the process that started it.
    """
    code = f"{script}\nprint([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
    command = [sys.executable, "-W", "ignore", "-c", code, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-2]) / 1024


def recalculated(path: Path, folder: Path) -> Path:
    """The workbook loaded and recalculated by LibreOffice headless, stored again as xlsx."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(
            '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" '
            'oor:op="fuse"><value>0</value></prop></item></oor:items>', encoding="utf-8")
    out = folder / "recalculated"
    subprocess.run(["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx",
                    "--outdir", str(out), str(path)], check=True, capture_output=True)
    return out / path.name


def machine() -> str:
    names = ("xlkpi", "openpyxl", "pandas", "cellrune", "lxml")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{platform.machine()}, {platform.system()}, {os.cpu_count()} cores, {memory:.0f} GB; "
            f"Python {platform.python_version()}, {versions}")


def report(title: str, ours: tuple[float, float, float], peer: tuple[float, float, float] | None, times: int,
           goal: str = "") -> None:
    line = f"{title}: xlkpi {ours[0]:.3f} s ({ours[1]:.3f}–{ours[2]:.3f}, n={times})"
    if peer:
        line += f"; peer {peer[0]:.3f} s ({peer[1]:.3f}–{peer[2]:.3f}); {peer[0] / ours[0]:.1f} times as fast"
    print(f"{line}   [goal: {goal}]" if goal else line, flush=True)
