"""Several files of one table."""

from __future__ import annotations

from datetime import date

import pandas as pd

from xlkpi import language, platforms
from xlkpi.platforms import problems as found

TODAY = date(2026, 5, 10)
WORKS = "作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,2s跳出率,平均播放时长,点赞量,分享量,"
WORKS += "评论量,收藏量,主页访问量,粉丝增量"
ROW = "{},{},图文,已发布,{},0.3,0.5,0.2,8,{},1,1,1,1,1"


def csv(*lines: str, name: str) -> platforms.Import:
    return platforms.read("\n".join(lines).encode(), name=name, today=TODAY)


def names(item: platforms.Import) -> list[str]:
    return [problem.name for problem in item.problems]


def test_daily_series_stand_side_by_side() -> None:
    merged = platforms.merge([
        csv("日期,播放量", "2026-04-02,5", "2026-04-01,4", name="plays.csv"),
        csv("日期,净增粉丝", "2026-04-02,-1", "2026-04-03,2", name="net.csv")])["daily"]
    assert merged.frame["date"].tolist() == list(pd.date_range("2026-04-01", "2026-04-03"))
    assert merged.frame["plays"].iloc[:2].tolist() == [4, 5]
    assert merged.frame["net_followers"].iloc[1:].tolist() == [-1, 2]
    assert merged.frame.isna().sum().tolist() == [0, 1, 1]
    assert not merged.problems
    assert [source.file for source in merged.sources] == ["plays.csv", "net.csv"]


def test_a_metric_given_twice_is_told_and_the_later_file_counts() -> None:
    merged = platforms.merge([
        csv("日期,播放量", "2026-04-01,4", "2026-04-02,5", name="old.csv"),
        csv("日期,播放量", "2026-04-02,6", "2026-04-03,-", name="new.csv")])["daily"]
    assert merged.frame["plays"].iloc[:2].tolist() == [4, 6]
    assert pd.isna(merged.frame["plays"].iloc[2])
    (conflict,) = merged.problems
    assert isinstance(conflict, found.Conflict)
    assert conflict.facts == {"key": "2026-04-02", "column": "播放量", "earlier": "5", "later": "6",
                              "earlier_file": "old.csv", "later_file": "new.csv"}


def test_a_gap_that_another_file_closes_is_no_gap() -> None:
    merged = platforms.merge([
        csv("日期,播放量", "2026-04-01,4", "2026-04-03,5", name="a.csv"),
        csv("日期,播放量", "2026-04-02,6", name="b.csv")])["daily"]
    assert merged.problems == []
    assert merged.frame["plays"].tolist() == [4, 6, 5]


def test_works_are_known_by_title_and_time() -> None:
    first = csv(WORKS, ROW.format("早餐", "2026-04-01 08:00:00", 100, 5), ROW.format("", "2026-04-02 08:00:00", 7, 1),
                ROW.format("早餐", "2026-04-03 08:00:00", 50, "-"), name="april.csv")
    second = csv(WORKS, ROW.format("早餐", "2026-04-03 08:00:00", 80, 3),
                 ROW.format("午餐", "2026-04-04 08:00:00", 9, 2),
                 ROW.format("", "2026-04-02 08:00:00", "-", 1), name="may.csv")
    merged = platforms.merge([first, second])["works"]
    assert merged.frame["plays"].tolist() == [100, 7, 80, 9]
    assert merged.frame["likes"].tolist() == [5, 1, 3, 2]
    assert [problem.facts["key"] for problem in merged.problems] == ["早餐 2026-04-03 08:00:00"]


def test_a_changed_title_is_asked_about() -> None:
    merged = platforms.merge([
        csv(WORKS, ROW.format("早餐", "2026-04-01 08:00:00", 100, 5), name="a.csv"),
        csv(WORKS, ROW.format("早餐（重发）", "2026-04-01 08:00:00", 120, 5), name="b.csv")])["works"]
    assert len(merged.frame) == 2
    assert names(merged) == ["PerhapsOneWork"]


def test_many_differences_are_summed_up() -> None:
    days = pd.date_range("2026-01-01", periods=80).strftime("%Y-%m-%d")
    merged = platforms.merge([csv("日期,播放量", *(f"{day},1" for day in days), name="a.csv"),
                              csv("日期,播放量", *(f"{day},2" for day in days), name="b.csv")])["daily"]
    assert names(merged) == ["Conflict"] * 50 + ["MoreConflicts"]
    assert merged.problems[-1].facts["count"] == 30
    assert (merged.frame["plays"] == 2).all()


def test_all_problems_of_all_files_come_together() -> None:
    good, bad = "日期,播放量\n2026-04-02,3\n".encode(), "日期,播放量\n2026-04-01,x\n".encode()
    batch = platforms.collect([b"", bad, b"<html>", good], today=TODAY)
    assert sorted(problem.name for problem in batch.problems) == ["FileEmpty", "NotANumber", "NotATable"]
    assert list(batch.tables) == ["daily"]
    assert len(batch.sources) == 4


TIKTOK = "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views"


def test_the_export_that_reaches_further_is_the_newer_one() -> None:
    new = csv("日期,播放量", "2026-04-01,4", "2026-04-02,9", name="a.csv")
    old = csv("日期,播放量", "2026-04-01,3", name="b.csv")  # given later, as an alphabetical list of files would
    merged = platforms.merge([new, old])["daily"]
    assert merged.frame["plays"].tolist() == [4, 9]
    assert merged.problems[0].facts["later_file"] == "a.csv"
    assert [source.file for source in merged.sources] == ["a.csv", "b.csv"]


def test_works_of_two_platforms_stand_below_each_other() -> None:
    douyin = csv(WORKS, ROW.format("早餐", "2026-04-01 08:00:00", 100, 5), name="d.csv")
    tiktok = csv(TIKTOK, "早餐,https://x/1,2026-04-01 08:00:00,7,1,1,50", name="t.csv")
    with language.use("zh"):
        merged = platforms.merge([douyin, tiktok])["works"]
    assert merged.frame["plays"].tolist() == [100, 50]
    assert merged.frame["publish_channel"].tolist() == ["抖音", "TikTok"]
    assert not merged.problems.errors


def test_own_columns_are_added_to_the_right_platform_or_asked_about() -> None:
    douyin = csv(WORKS, ROW.format("早餐", "2026-04-01 08:00:00", 100, 5), name="d.csv")
    tiktok = csv(TIKTOK, "早餐,https://x/1,2026-04-01 08:00:00,7,1,1,50",
                 "午餐,https://x/2,2026-04-02 08:00:00,7,1,1,9", name="t.csv")
    own = csv("作品名称,发布时间,私信数", "午餐,2026-04-02 08:00:00,3", name="own.csv")
    merged = platforms.merge([douyin, own, tiktok])["works"]
    assert merged.frame["private_messages"].iloc[2] == 3
    assert not merged.problems.errors
    unclear = csv("作品名称,发布时间,私信数", "早餐,2026-04-01 08:00:00,3", name="own.csv")
    merged = platforms.merge([douyin, unclear, tiktok])["works"]
    assert [problem.name for problem in merged.problems.errors] == ["WhichPlatform"]


def test_days_of_two_platforms_are_not_mixed() -> None:
    merged = platforms.merge([
        csv("日期,播放量,净增粉丝", "2026-04-01,5,1", name="d.csv"),
        csv("日期,阅读,播放,点赞,喜欢,评论,收藏,分享", "2026-04-01,1,2,3,4,5,6,7", name="z.csv")])["daily"]
    assert [problem.name for problem in merged.problems.errors] == ["SeveralPlatforms"]
    assert merged.frame["plays"].tolist() == [5, 2]


def test_works_with_an_id_are_known_by_it() -> None:
    one = csv(TIKTOK, "早餐,https://x/1,2026-04-01 08:00:00,7,1,1,50", name="a.csv")
    two = csv(TIKTOK, "早餐（改）,https://x/1,2026-04-01 08:00:00,7,1,1,60",
              "午餐,https://x/2,2026-04-01 08:00:30,1,1,1,2", name="b.csv")
    merged = platforms.merge([one, two])["works"]
    assert merged.frame["plays"].tolist() == [60, 2]
    assert merged.frame["title"].tolist() == ["早餐（改）", "午餐"]


def test_tables_without_a_key_are_never_laid_over_each_other() -> None:
    one = csv("指标,权重,目标值", "播放量,1,5", name="g.csv")
    one.layout, one.table = None, "other"
    other = csv("指标,权重,目标值", "点赞量,1,9", name="h.csv")
    other.layout, other.table = None, "other"
    assert platforms.merge([one, other])["other"].frame["target"].tolist() == [5, 9]
