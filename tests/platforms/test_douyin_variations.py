"""The creator centre's exports as they may come: every spelling gives the sums of the figures it was written from."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlkpi import jobs, language, platforms, templates

TODAY = date(2026, 5, 10)
HEADER = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率",
          "平均播放时长", "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量"]
COUNTS = {"plays": 4, "likes": 10, "shares": 11, "comments": 12, "favorites": 13, "profile_visits": 14,
          "followers_gained": 15}
RATES = {"completion_rate": 5, "finish_5s_rate": 6, "bounce_2s_rate": 8, "avg_play_seconds": 9}
Row = list[Any]


def works() -> list[Row]:
    dice = random.Random(22)
    rows = []
    for number in range(22):
        moment = datetime(2026, 4, 30, 21, 26, 39) - timedelta(hours=31 * number, minutes=7 * number)
        rows.append([f"第{number}条 春笋\n#家常菜 😀", f"{moment}",
                     ("图文", "1min-视频", "1-3min视频")[number % 3], "已发布",
                     str(dice.randrange(60_000)), *(f"{dice.random():.6f}" for _ in range(2)),
                     "-" if number % 2 else f"{dice.random():.6f}", f"{dice.random():.6f}", f"{dice.random() * 60:.2f}",
                     *(str(dice.randrange(900)) for _ in range(5)), str(dice.randrange(-4, 60))])
    return rows


def book(grid: list[Row], title: str = "Sheet1", before: str = "") -> bytes:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = title
    if before:
        made.create_sheet(before, 0)["A1"] = "导出说明"
    for number, row in enumerate(grid, 1):
        for place, value in enumerate(row, 1):
            cell = page.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def text(grid: list[Row], encoding: str, delimiter: str = ",") -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=delimiter).writerows(grid)
    return lines.getvalue().encode(encoding)


def cells(place: int, change: Callable[[str], Any]) -> list[Row]:
    return [HEADER, *([change(cell) if at == place else cell for at, cell in enumerate(row)] for row in works())]


def moments(spelling: str) -> list[Row]:
    return cells(1, lambda cell: datetime.fromisoformat(cell).strftime(spelling))


def headings(**changed: str) -> list[Row]:
    return [[changed.get(name, name) for name in HEADER], *works()]


def columns(names: list[str]) -> list[Row]:
    return [[row[HEADER.index(name)] for name in names] for row in [HEADER, *works()]]


def percent(row: Row) -> Row:
    return [f"{float(cell):.4%}" if at in (5, 6, 7, 8) and cell != "-" else cell for at, cell in enumerate(row)]


WHOLE = [HEADER, *works()]
TOTAL = [str(sum(int(row[place]) for row in works())) if place in COUNTS.values() else "-" for place in range(16)]
SAME: dict[str, bytes] = {
    "16 columns": book(WHOLE),
    "15 columns": book(columns([name for name in HEADER if name != "封面点击率"])),
    "another order": book(columns([HEADER[1], HEADER[0], *reversed(HEADER[2:])])),
    "spaces in headings": book([[f" {name[:1]} {name[1:]}\u200b " for name in HEADER], *works()]),
    "upper-case headings": book(headings(**{"5s完播率": "5S完播率", "2s跳出率": "2S跳出率"})),
    "units in headings": book(headings(播放量="播放量(次)", 平均播放时长="平均播放时长（秒）", 点赞量="点赞量[个]")),
    "percent signs": book([HEADER, *map(percent, works())]),
    "numbers": book([HEADER, *([float(cell) if at > 3 and cell != "-" else cell for at, cell in enumerate(row)]
                               for row in works())]),
    "dates as dates": book(cells(1, datetime.fromisoformat)),
    "dates as serials": book(cells(1, lambda cell: (datetime.fromisoformat(cell) - datetime(1899, 12, 30))
                                   / timedelta(days=1))),
    "dates as serials in text": book(cells(1, lambda cell: str((datetime.fromisoformat(cell) - datetime(1899, 12, 30))
                                                               / timedelta(days=1)))),
    **{f"dates {spelling}": book(moments(spelling)) for spelling in (
        "%Y/%m/%d %H:%M", "%Y/%-m/%-d %-H:%M", "%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分%S秒",
        "%Y.%m.%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S+08:00", "%Y%m%d %H:%M:%S", "%Y%m%d%H%M%S",
        "%Y-%m-%d  %H：%M")},
    "thousands": book(cells(4, lambda cell: f"{int(cell):,}")),
    "full-width digits": book(cells(4, lambda cell: "".join(chr(ord(digit) + 0xfee0) for digit in cell))),
    "万": book(cells(4, lambda cell: f"{int(cell) / 10_000:.4f}万")),
    "outer blanks": book(cells(4, lambda cell: f"\u00a0{cell}\t")),
    "seconds with unit": book(cells(9, lambda cell: f"{cell}秒")),
    "titles like formulas": book(cells(0, lambda cell: f"=HYPERLINK({cell})")),
    "titles of digits": book(cells(0, lambda cell: 20260401.0)),
    "no titles": book(cells(0, lambda cell: "")),
    "titles called 合计": book(cells(0, lambda cell: "合计")),
    "other statuses": book(cells(3, lambda cell: "审核不通过")),
    "a title row": book([["数据统计时间：2026-04-01 至 2026-04-30"], *WHOLE]),
    "two title rows": book([["作品列表"], [], *WHOLE]),
    "blank rows above": book([[None] * 16] * 3 + WHOLE),
    "blank rows between": book([*WHOLE[:9], [None] * 16, *WHOLE[9:]]),
    "a total in the first column": book([*WHOLE, ["合计", *TOTAL[1:]]]),
    "a total in an empty row": book([*WHOLE, ["合计", None, None, None, *TOTAL[4:]]]),
    "a total beside the title": book([*WHOLE, [None, "总计", None, None, *TOTAL[4:]]]),
    "a footnote": book([*WHOLE, ["注：数据更新至 2026-05-09"]]),
    "the header twice": book([*WHOLE[:12], HEADER, *WHOLE[12:]]),
    "a number column": book([["序号", *HEADER], *([str(at), *row] for at, row in enumerate(works(), 1))]),
    "another sheet name": book(WHOLE, "作品数据-20260430"),
    "another sheet first": book(WHOLE, before="说明"),
    "csv": text(WHOLE, "utf-8"),
    "csv with mark": text(WHOLE, "utf-8-sig"),
    "csv gb18030": text(WHOLE, "gb18030"),
    "tsv utf-16": text(WHOLE, "utf-16", "\t"),
    "csv ;": text(WHOLE, "utf-8", ";"),
}


@pytest.mark.parametrize("case", SAME)
def test_the_sums_are_those_of_the_source(case: str) -> None:
    with language.use("zh"):
        got = next(item for item in platforms.read_all(SAME[case], name="作品列表.xlsx", today=TODAY) if item.table)
    assert (got.table, got.platform) == ("works", "douyin")
    assert not got.problems.errors
    assert len(got.frame) == 22
    for code, place in COUNTS.items():
        assert got.frame[code].sum() == sum(int(row[place]) for row in works()), code
    for code, place in RATES.items():
        assert got.frame[code].sum() == pytest.approx(sum(float(row[place]) for row in works()), rel=1e-9), code
    if case != "15 columns":
        known = [float(row[7]) for row in works() if row[7] != "-"]
        assert got.frame["cover_click_rate"].sum() == pytest.approx(sum(known), rel=1e-6)
        assert got.frame["cover_click_rate"].count() == len(known)
    days = sorted(datetime.fromisoformat(row[1]).date() for row in works())
    assert sorted(got.frame["published_at"].dt.date) == days


@pytest.mark.parametrize("case", ["16 columns", "numbers", "dates as dates", "percent signs", "a title row",
                                  "a total in an empty row", "titles like formulas"])
def test_a_filled_workbook_holds_the_sums_of_the_source(case: str, tmp_path: Path) -> None:
    source = tmp_path / "作品列表.xlsx"
    source.write_bytes(SAME[case])
    jobs.fill(str(templates.path("short_video", "zh")), tmp_path / "out.xlsx", data=[source], calculate=False)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["作品数据"]
    head, *body = [[cell.value for cell in row] for row in sheet[sheet.tables["works"].ref]]
    assert len(body) == 22
    for place in COUNTS.values():
        assert sum(row[head.index(HEADER[place])] for row in body) == sum(int(row[place]) for row in works())


REFUSED: dict[str, tuple[bytes, str]] = {
    "percentage points without a sign": (book(cells(5, lambda cell: f"{float(cell) * 100 + 2:.2f}")), "WrongScale"),
    "days without a year": (book(moments("%m-%d %H:%M")), "NotADate"),
    "words": (book(cells(4, lambda cell: "暂无数据")), "NotANumber"),
    "ticks before numbers": (book(cells(4, lambda cell: f"'{cell}")), "NotANumber"),
    "spans of time": (book(cells(9, lambda cell: "00:34")), "NotANumber"),
    "a column lost": (book(columns([name for name in HEADER if name != "播放量"])), "MissingColumn"),
    "a column renamed": (book(headings(作品名称="作品标题")), "MissingColumn"),
    "a column twice": (book([[*row, row[4]] for row in WHOLE]), "DoubledColumn"),
    "half a count": (book(cells(4, lambda cell: f"{cell}.5")), "NotWhole"),
    "decimal commas": (book(cells(9, lambda cell: cell.replace(".", ","))), "NotANumber"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_known_is_refused_by_name(case: str) -> None:
    data, problem = REFUSED[case]
    with language.use("zh"):
        got = platforms.read(data, name="作品列表.xlsx", today=TODAY)
    assert problem in {error.name for error in got.problems.errors}
    assert all(error.where.file == "作品列表.xlsx" for error in got.problems.errors)


def test_a_heading_with_percent_over_fractions_asks_for_a_look() -> None:
    got = platforms.read(book(headings(完播率="完播率(%)")), name="x", today=TODAY)
    (found,) = [problem for problem in got.problems if problem.name == "PercentHeading"]
    assert found.where.column == "完播率(%)"
    points = cells(5, lambda cell: f"{float(cell) * 100:.2f}")
    points[0] = [name.replace("完播率", "完播率(%)") if name == "完播率" else name for name in HEADER]
    got = platforms.read(book(points), name="x", today=TODAY)
    assert not got.problems
    assert got.frame["completion_rate"].sum() == pytest.approx(sum(float(row[5]) for row in works()), abs=1e-2)


# ---------------------------------------------------------------- daily series

DAYS = [date(2026, 4, 1) + timedelta(days=day) for day in range(30)]
SERIES = {"播放量": "plays", "主页访问": "profile_visits", "作品点赞": "likes", "作品分享": "shares",
          "作品评论": "comments", "净增粉丝": "net_followers",
          "取关粉丝": "cancelled_followers", "总粉丝量": "fans_total"}


def series(name: str) -> list[int]:
    dice = random.Random(name)
    return [dice.randrange(-9 if name in ("净增粉丝", "作品点赞", "作品分享", "作品评论") else 0, 5_000) for _ in DAYS]


SPELT: dict[str, Callable[[date, int], Row]] = {
    "text": lambda day, figure: [f"{day}", str(figure)],
    "typed": lambda day, figure: [day, figure],
    "slashes": lambda day, figure: [day.strftime("%Y/%-m/%-d"), str(figure)],
    "compact": lambda day, figure: [day.strftime("%Y%m%d"), str(figure)],
    "compact number": lambda day, figure: [int(day.strftime("%Y%m%d")), figure],
    "midnight": lambda day, figure: [f"{day} 00:00:00", f"{figure:,}"],
    "serial": lambda day, figure: [str((day - date(1899, 12, 30)).days), f"{figure}.0"],
}


@pytest.mark.parametrize("spelling", SPELT)
@pytest.mark.parametrize("name", SERIES)
def test_a_daily_series_gives_its_sum(name: str, spelling: str) -> None:
    rows = [SPELT[spelling](day, figure) for day, figure in zip(DAYS, series(name), strict=True)]
    for grid in ([["日期", name], *rows], [["日期 ", f"{name}(次)"], *reversed(rows)],
                 [["数据趋势"], ["日期", name], *rows, ["合计", str(sum(series(name)))]]):
        got = platforms.read(book(grid), name="数据趋势.xlsx", today=TODAY)
        assert got.table == "daily"
        assert not got.problems.errors
        assert got.frame[SERIES[name]].sum() == sum(series(name))
        assert sorted(got.frame["date"].dt.date) == DAYS


def test_nine_series_become_one_table() -> None:
    batch = platforms.collect([book([["日期", name], *([f"{day}", str(figure)] for day, figure in zip(
        DAYS, series(name), strict=True))]) for name in SERIES], today=TODAY)
    frame = batch.tables["daily"].frame
    assert len(frame) == 30
    assert {code: frame[code].sum() for code in SERIES.values()} == {
        code: sum(series(name)) for name, code in SERIES.items()}
