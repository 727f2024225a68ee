"""What the rows of WeChat's interfaces mean: codes as words, rows of a day added where they may be."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from xlkpi import language
from xlkpi.errors import Level, Problem, Where
from xlkpi.platforms.checks import place
from xlkpi.platforms.reader import Import
from xlkpi.platforms.units import decide
from xlkpi.platforms.wechat_parts import channel_rows, grouped, people_noted, without_whole

FOLLOWED_BY = {"0": "other", "1": "search", "17": "card", "30": "qr", "57": "article", "100": "ads",
               "149": "miniprogram", "161": "repost", "200": "channels", "201": "live"}
READ_IN = {"0": "会话", "1": "好友", "2": "朋友圈", "4": "历史消息", "5": "其他", "6": "看一看", "7": "搜一搜",
           "99999999": "全部"}
SHARED_TO = {"1": "好友", "2": "朋友圈", "3": "腾讯微博", "255": "其他"}
SENT_AS = {"1": "文字", "2": "图片", "3": "语音", "4": "视频", "6": "链接"}
HOW_MANY = {"0": "0", "1": "1–5", "2": "6–10", "3": "10+"}
FROZEN_AFTER = {"wechat_api_articletotal": 7, "wechat_api_articletotaldetail": 30}


class UnknownSources(Problem):
    level: ClassVar[Level] = "note"
    zh = "有 {people:.0f} 个新关注来自未知来源代码（{codes}），已计入合计，另列为“未知来源关注”"
    en = "{people:.0f} new followers came by unknown source codes ({codes}); they count, in a column of their own"


class PeopleOfTypes(Problem):
    level: ClassVar[Level] = "note"
    zh = "{count} 天有多种消息类型：次数相加，人数不能相加（同一人会发多种消息），这些天的人数留空"
    en = "{count} days have several message types: messages are added, people are not and stay empty on those days"


class StillGrowing(Problem):
    level: ClassVar[Level] = "note"
    zh = "{count} 篇的累计还不满 {days} 天（如“{title}”统计到 {date}），数字仍会增长"
    en = "{count} articles have less than {days} days ({title!r} as of {date}); their figures still grow"


def followers(item: Import) -> list[Import]:
    """One row a day: all sources added, those with unknown codes too, and a column for each source."""
    frame = item.frame
    ways = frame["channel"].map(lambda code: f"new_followers_{FOLLOWED_BY.get(str(code), 'unknown')}")
    strange = ways == "new_followers_unknown"
    codes = sorted({str(code) for code in frame["channel"][strange]})
    people = float(frame["new_followers"][strange].sum())
    by_way = frame["new_followers"].groupby([frame["date"], ways], sort=False).agg(_whole_sum).unstack()

    def add(rows: pd.DataFrame) -> dict[str, Any]:
        gained, lost = (_whole_sum(rows[code]) for code in ("new_followers", "cancelled_followers"))
        return {"new_followers": gained, "cancelled_followers": lost, "net_followers": gained - lost}

    zh = language.current() == "zh"
    grouped(item, ["date"], add, "与第 {row} 行同日的另一来源，已相加" if zh
            else "another source of the day of row {row}: added")
    order = [f"new_followers_{word}" for word in (*FOLLOWED_BY.values(), "unknown")]
    wide = by_way.reindex(columns=[code for code in order if code in by_way.columns])
    item.frame = item.frame.join(wide, on="date")
    if codes:
        item.problems.append(UnknownSources(place(item, "channel"), people=people, codes=", ".join(codes)))
    return [item]


def _whole_sum(values: pd.Series[Any]) -> float:
    """The sum, or missing where a part is: a sum of the rest would be too small in silence."""
    return float(values.sum()) if values.notna().all() else float("nan")


def without_source(item: Import) -> list[Import]:
    """The total of followers; the source that some answers carry means nothing here."""
    item.frame = item.frame.drop(columns="channel", errors="ignore")
    return [item]


def last_state(item: Import) -> list[Import]:
    """One row an article: the last of its cumulative states; the unit of its rates proven or the rates left out."""
    taken = _last(item, ["published_at", "article_id"])
    if "delivered_read_rate" in taken.frame and taken.layout and taken.layout.name.endswith("totaldetail"):
        upper = taken.frame.get("session_reads")
        lower = taken.frame.get("delivered_users")
        computed = upper / lower.where(lower > 0) if upper is not None and lower is not None else None
        decide(taken, "delivered_read_rate", computed, "session_reads ÷ delivered_users")
    if "read_finish_rate" in taken.frame:
        decide(taken, "read_finish_rate", most=1.0)
    _growing(taken)
    return [taken]


def last_state_by_channel(item: Import) -> list[Import]:
    """One row an article and source: the last of its cumulative states."""
    return without_whole(_last(item, ["published_at", "article_id", "channel"]))


def _last(item: Import, keys: list[str]) -> Import:
    zh = language.current() == "zh"
    reason = "较早的累计值，取最后一天" if zh else "an earlier cumulative state: the last one is taken"
    frame = item.frame.reset_index(drop=True)
    rows = item.rows if item.rows is not None else np.arange(len(frame))
    last = frame.sort_values("date", kind="stable").drop_duplicates(keys, keep="last").index.sort_values()
    earlier = np.setdiff1d(frame.index.to_numpy(), last.to_numpy())
    item.skip([(int(rows[row]), reason) for row in earlier])
    item.frame, item.rows = frame.loc[last].reset_index(drop=True), rows[last.to_numpy()]
    return item


def _growing(item: Import) -> None:
    days = FROZEN_AFTER.get(item.layout.name if item.layout else "")
    if days is None or "date" not in item.frame:
        return
    young = (item.frame["date"] - item.frame["published_at"]).dt.days < days - 1
    if young.any():
        row = int(np.flatnonzero(young.to_numpy())[0])
        one = item.frame.iloc[row]
        item.problems.append(StillGrowing(
            Where(file=item.file, sheet=item.sources[0].sheet), count=int(young.sum()), days=days,
            title=str(one.get("title") or one["article_id"])[:30], date=f"{one['date']:%Y-%m-%d}"))


# ---------------------------------------------------------------- codes as words


def reading(item: Import) -> list[Import]:
    """The row of all sources a day; the sources apart."""
    return channel_rows(item, names=READ_IN)


def named_sources(item: Import) -> list[Import]:
    return _named(item, "channel", READ_IN)


def named_scenes(item: Import) -> list[Import]:
    return _named(item, "share_scene", SHARED_TO)


def named_types(item: Import) -> list[Import]:
    return _named(item, "message_type", SENT_AS)


def named_intervals(item: Import) -> list[Import]:
    return _named(item, "message_interval", HOW_MANY)


def _named(item: Import, code: str, words: dict[str, str]) -> list[Import]:
    if code in item.frame:
        item.frame[code] = [words.get(str(cell), cell) for cell in item.frame[code]]
    return people_noted(item)


def messages(item: Import) -> list[Import]:
    """One row a day: messages of all types added; people only where the day has a single row."""
    frame = item.frame
    several = int((frame.groupby("date").size() > 1).sum()) if "message_type" in frame else 0
    if several:
        def add(rows: pd.DataFrame) -> dict[str, Any]:
            alone = len(rows) == 1
            return {"message_users": float(rows["message_users"].iloc[0]) if alone else float("nan"),
                    "upstream_messages": _whole_sum(rows["upstream_messages"])}

        zh = language.current() == "zh"
        grouped(item, ["date"], add, "与第 {row} 行同日的另一类消息，次数已相加" if zh
                else "another type of the day of row {row}: messages added")
        item.problems.append(PeopleOfTypes(place(item, "message_users"), count=several))
    item.frame = item.frame.drop(columns="message_type", errors="ignore")
    return people_noted(item)


def advertising(item: Import) -> list[Import]:
    """Advertising income; whether the rates are fractions is told by the counts beside them."""
    for code, upper, lower in (("exposure_rate", "exposures", "ad_requests"), ("click_rate", "clicks", "exposures"),
                               ("cps_order_rate", "cps_orders", "clicks")):
        if {code, upper, lower} <= set(item.frame):
            below = item.frame[lower]
            decide(item, code, item.frame[upper] / below.where(below > 0), f"{upper} ÷ {lower}")
    return [item]
