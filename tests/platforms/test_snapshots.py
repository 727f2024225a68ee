"""Two exports of a works list have a difference: what the period between them brought."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from xlkpi import platforms

TODAY = date(2026, 6, 10)
HEAD = ("作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,"
        "主页访问量,粉丝增量")
DAYS = (date(2026, 4, 30), date(2026, 5, 31))


def works(name: str, *rows: tuple[str, str, object, object]) -> platforms.Import:
    lines = [f"{title},{moment},图文,已发布,{plays},0.3,0.5,0.2,8,{likes},1,1,1,1,-2"
             for title, moment, plays, likes in rows]
    return platforms.read("\n".join([HEAD, *lines]).encode(), name=name, today=TODAY)


BEFORE = works("april.csv", ("a", "2026-04-01 08:00:00", 100, 5), ("b", "2026-04-10 08:00:00", 50, 9),
               ("gone", "2026-04-02 08:00:00", 7, 1))
AFTER = works("may.csv", ("a", "2026-04-01 08:00:00", 130, 4), ("b", "2026-04-10 08:00:00", "-", 9),
              ("new", "2026-05-02 08:00:00", 40, 3), ("late", "2026-04-20 08:00:00", 11, 2))


def test_differences_work_by_work() -> None:
    got = platforms.flows(BEFORE, AFTER, DAYS)
    rows = {row["title"]: row for row in got.frame.to_dict("records")}
    assert (rows["a"]["plays"], rows["a"]["likes"]) == (30, -1)
    assert pd.isna(rows["b"]["plays"])  # no figure in May: no difference
    assert rows["b"]["likes"] == 0
    assert rows["new"]["plays"] == 40  # published in the period: it counts whole
    assert pd.isna(rows["late"]["plays"])  # out before, but not in the April export: unknown, not 11
    assert "gone" not in rows
    assert rows["a"]["followers_gained"] == 0
    assert got.frame["completion_rate"].isna().all()
    assert rows["a"]["age_days"] == 60


def test_everything_that_is_not_a_plain_difference_is_said() -> None:
    said = {problem.name: problem.facts for problem in platforms.flows(BEFORE, AFTER, DAYS).problems}
    assert said["NoEarlierFigure"] == {"count": 1, "first": DAYS[0], "titles": "late"}
    assert said["GoneSince"] == {"count": 1, "titles": "gone"}
    assert said["CounterFell"] == {"column": "点赞量", "count": 1, "title": "a", "before": "5", "after": "4"}
    assert "完播率" in said["RatesLeftBlank"]["columns"]
    assert said["Flows"] == {"count": 4, "first": DAYS[0], "second": DAYS[1], "youngest": 29, "oldest": 60,
                             "median": "46"}


def test_what_has_no_difference_is_refused() -> None:
    daily = platforms.read("日期,播放量\n2026-04-01,1\n".encode(), name="d.csv", today=TODAY)
    own = platforms.read("发布时间,作品名称,播放量\n2026-04-01,a,1\n".encode(), name="o.csv", today=TODAY)
    for other in (daily, own):
        got = platforms.flows(BEFORE, other, DAYS)
        assert [problem.name for problem in got.problems.errors] == ["NotSnapshots"]
        assert got.frame.empty
    assert [problem.name for problem in platforms.flows(BEFORE, AFTER, DAYS[::-1]).problems.errors] == ["DatesReversed"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=6))
def test_before_and_flow_make_after(counts: list[tuple[int, int]]) -> None:
    before = works("a.csv", *((f"w{n}", f"2026-04-01 08:00:{n:02}", one, 0) for n, (one, _) in enumerate(counts)))
    after = works("b.csv", *((f"w{n}", f"2026-04-01 08:00:{n:02}", one + more, 0)
                             for n, (one, more) in reversed(list(enumerate(counts)))))
    got = platforms.flows(before, after, DAYS).frame.set_index("title")["plays"]
    assert [got[f"w{n}"] for n in range(len(counts))] == [more for _, more in counts]
