"""Five exports of a real official account, held against figures that others worked out from them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import SHARED

from xlkpi import platforms

FOLDER = SHARED / "wechat_oa"
FILES = {path.stem: path for path in FOLDER.glob("*.xls")} if FOLDER.is_dir() else {}


def named(*names: str) -> pytest.MarkDecorator:
    """The named files where they are there; nothing is collected where they are not."""
    return pytest.mark.parametrize("path", [FILES[name] for name in names if name in FILES], ids=lambda path: path.stem)


@named("users")
def test_users(path: Path) -> None:
    got = platforms.read(path)
    frame = got.frame
    assert (got.table, got.platform, len(frame), list(got.problems)) == ("users", "wechat", 90, [])
    assert (frame["new_followers"].sum(), frame["cancelled_followers"].sum()) == (51_895, 8_255)
    assert frame["fans_total"].iloc[0] - frame["net_followers"].iloc[0] == 505
    assert frame["fans_total"].iloc[-1] == 44_145
    assert 505 + frame["net_followers"].sum() == 44_145


@named("articles")
def test_articles(path: Path) -> None:
    got = platforms.read(path)
    frame = got.frame
    assert (got.table, len(frame), list(got.problems)) == ("articles", 25, [])
    assert (frame["read_users"].sum(), frame["delivered_users"].sum()) == (86_266, 639_810)
    assert frame["session_reads"].sum() / frame["delivered_users"].sum() == pytest.approx(0.059074, abs=5e-7)
    assert frame["published_at"].iloc[0] == pd.Timestamp("2022-12-22")


@named("message")
def test_messages(path: Path) -> None:
    got = platforms.read(path)
    assert (got.table, len(got.frame)) == ("messages", 90)
    assert got.frame["upstream_messages"].isna().sum() == 13
    (empty,) = [problem for problem in got.problems if problem.name == "DaysWithoutFigures"]
    assert (empty.facts["count"], empty.facts["days"]) == (13, 90)


@named("buttons")
def test_menu(path: Path) -> None:
    got = platforms.read(path)
    assert (got.table, got.platform) == ("menu", "wechat")
    first = got.frame.iloc[0]
    assert (first["menu_version"], first["menu_clicks"], first["menu_click_users"]) == ("2022122401", 554, 477)
    assert first["menu_level2"] is None
    per_user = got.frame["menu_clicks"] / got.frame["menu_click_users"]
    assert (per_user - got.frame["clicks_per_user"]).abs().max() <= 0.0051


@named("content_statistics")
def test_content(path: Path) -> None:
    whole, channels = platforms.read_all(path)
    assert [(got.table, len(got.frame)) for got in (whole, channels)] == [("content_daily", 82),
                                                                          ("content_channels", 409)]
    said = {problem.facts["column"]: (problem.name, problem.facts.get("count"), problem.facts.get("days"))
            for problem in whole.problems if "Channel" in problem.name}
    assert said["阅读人数"] == ("PeopleOfChannels", 66, 82)
    assert "阅读次数" not in said
    assert "分享次数" not in said
    assert said["收藏次数"][0] == "NotByChannel"
    assert channels.frame["favorites"].isna().all()
    added = channels.frame.groupby("date")["reads"].sum()
    assert (added == whole.frame.set_index("date")["reads"].reindex(added.index)).all()
    assert [problem.facts["count"] for problem in whole.problems if problem.name == "MissingDays"] == [8]


@pytest.mark.parametrize("path", FILES.values(), ids=FILES.keys())
def test_the_name_of_the_file_does_not_matter(path: Path) -> None:
    by_name = platforms.read_all(path)
    by_bytes = platforms.read_all(path.read_bytes(), name="export.csv")
    assert [item.table for item in by_bytes] == [item.table for item in by_name]
    for one, other in zip(by_name, by_bytes, strict=True):
        pd.testing.assert_frame_equal(one.frame, other.frame)
