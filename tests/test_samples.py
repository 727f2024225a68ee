"""The sample data are in the real format, the same every time, and agree with themselves."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from xlkpi import metrics, platforms, samples

TODAY = date(2026, 11, 5)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples.write_samples(tmp_path_factory.mktemp("samples"))


def cells(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]


def test_every_cell_of_an_export_is_text(paths: list[Path]) -> None:
    for path in paths[:-1]:
        for row in openpyxl.load_workbook(path).worksheets[0].iter_rows():
            assert {cell.data_type for cell in row} == {"s"}, path


def test_the_works_list(paths: list[Path]) -> None:
    header, *rows = cells(paths[0])
    assert header == list(samples.WORKS_HEADINGS)
    assert len(header) == 16
    month = [row for row in rows if str(row[1]).startswith("2026-10")]
    assert len(month) == 22
    assert {row[2] for row in month} == {"图文", "1min-视频", "1-3min视频"}
    assert any(str(row[0]).startswith("=") for row in rows)
    assert any("\n" in str(row[0]) for row in rows)
    assert any("-" in row for row in rows)
    assert any(row[7] != "-" for row in rows)
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)


def test_twice_the_same(paths: list[Path], tmp_path: Path) -> None:
    again = samples.write_samples(tmp_path)
    assert [path.name for path in again] == [path.name for path in paths]
    for first, second in zip(paths, again, strict=True):
        assert cells(first) == cells(second)


def test_another_seed_gives_other_figures(paths: list[Path], tmp_path: Path) -> None:
    assert cells(samples.write_samples(tmp_path, seed=8)[0]) != cells(paths[0])


def test_they_import_without_a_problem(paths: list[Path]) -> None:
    batch = platforms.collect(paths, today=TODAY)
    assert batch.problems == []
    assert set(batch.tables) == {"works", "daily", "goals"}
    assert {source.platform for source in batch.sources} == {"douyin", "generic"}
    assert len(batch.tables["daily"].frame) == 31 + 31 + 30 + 31


def test_works_and_days_agree_about(paths: list[Path]) -> None:
    """Plays of four months by days are those of the works listed, and a little of older works."""
    plays = sum(int(str(row[4])) for row in cells(paths[0])[1:] if row[4] != "-")
    days = {path.stem: [str(row[1]) for row in cells(path)[1:]] for path in paths[1:-1]}
    assert plays < sum(map(int, days["数据表现_播放量数据"])) < plays * 1.5
    total = list(map(int, days["数据表现_总粉丝量数据"]))
    net = list(map(int, days["数据表现_净增粉丝数据"]))
    assert [after - before for before, after in itertools.pairwise(total)] == net[1:]


def test_rates_are_possible(paths: list[Path]) -> None:
    frame = platforms.read(paths[0], today=TODAY).frame
    shown = frame[frame["plays"].notna()]
    assert (shown["completion_rate"] < shown["finish_5s_rate"]).all()
    assert (shown["likes"] + shown["comments"] + shown["shares"] < shown["plays"]).all()


def test_default_goals_are_metrics_of_the_catalogue() -> None:
    for goal in samples.DEFAULT_GOALS:
        assert metrics.find_metric(goal.zh).code == goal.metric
        assert metrics.find_metric(goal.en).code == goal.metric
    conduct = sum(goal.weight for goal in samples.DEFAULT_GOALS if goal.dimension == "other")
    assert sum(goal.weight for goal in samples.DEFAULT_GOALS) == pytest.approx(1)
    assert conduct == pytest.approx(0.2)


@pytest.mark.parametrize(("month", "works"), [("2024-02", 3), ("2027-01", 60)])
def test_other_months(tmp_path: Path, month: str, works: int) -> None:
    batch = platforms.collect(samples.write_samples(tmp_path, month=month, works=works), today=date(2027, 3, 1))
    assert batch.problems == []
    published = batch.tables["works"].frame["published_at"]
    assert (published.dt.strftime("%Y-%m") == month).sum() == works
