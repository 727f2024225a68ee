"""What a table of WeChat becomes once it is typed: channels kept apart, sources of a day added up.

人数 are unique people and are never added, neither over channels nor over days; a whole that the
file does not state stays missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from xlkpi import language, metrics
from xlkpi.errors import Findings, Level, Problem, Where
from xlkpi.platforms.checks import day, place
from xlkpi.platforms.reader import Import
from xlkpi.platforms.units import decide

WHOLE = ("全部", "All", "99999999")
LISTED = 10
ROUNDED = 1.01e-4  # what four decimals may hide, and a little for floating point


class NeverAdded(Problem):
    level: ClassVar[Level] = "note"
    zh = "{columns} 是去重人数，同一人会在多行出现，各行不能相加"
    en = "{columns} are unique people: one person stands in several rows, so the rows are never added"


class PeopleOfChannels(Problem):
    level: ClassVar[Level] = "note"
    zh = "“{column}”各渠道之和在 {days} 天中有 {count} 天不等于“全部”（{day}：{parts} ≠ {whole}），人数取“全部”行"
    en = ("the channels of '{column}' do not add up to the whole on {count} of {days} days ({day}: {parts}, not "
          "{whole}); people are taken from the row of the whole, channels are kept apart")


class CountsOfChannels(Problem):
    level: ClassVar[Level] = "warning"
    zh = "“{column}”各渠道之和在 {days} 天中有 {count} 天不等于“全部”（{day}：{parts} ≠ {whole}），请核对"
    en = ("the channels of '{column}' do not add up to the whole on {count} of {days} days ({day}: {parts}, not "
          "{whole}); the row of the whole is used, please check")


class NotByChannel(Problem):
    level: ClassVar[Level] = "note"
    zh = "“{column}”只有“全部”行有数，各渠道都写 0：平台不按渠道统计，渠道表中留空，不当作 0"
    en = ("only the row of the whole has '{column}', every channel says 0: it is not counted by channel and stays "
          "empty there")


class NoWholeRow(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{count} 天没有“全部”行（{days}）：人数不能由渠道相加得出，这些天不计入日数据"
    en = "{count} days have no row of the whole ({days}): people cannot be added over channels; the days are left out"


class DaysWithoutFigures(Problem):
    level: ClassVar[Level] = "note"
    zh = "{count} 天没有数据（共 {days} 天）：{listed}。没有数据不当作 0"
    en = "{count} of {days} days have no figures: {listed}; they are missing, not 0"


class RateDisagrees(Problem):
    level: ClassVar[Level] = "warning"
    zh = "“{column}”{rows} 行中有 {count} 行与 {formula} 不符（{value}，算得 {computed}），按原值读取，请核对"
    en = ("'{column}' differs from {formula} in {count} of {rows} rows ({value}, computed {computed}); it was read as "
          "it stands, please check")


class RateInPoints(Problem):
    zh = "“{column}”有 {count} 行（如 {value}）是 {formula} 的 100 倍：写的是百分数，没有百分号。请补上百分号"
    en = ("{count} rows of '{column}' ({value}) are 100 times {formula}: they are percentage points without a sign; "
          "add it")


# ---------------------------------------------------------------- said about a table


def people_noted(item: Import) -> list[Import]:
    """The table as it is, with the columns of unique people named and the days without figures counted."""
    known = metrics.load().columns
    people = [code for code in item.frame if code in known and code != "fans_total" and not known[code].additive
              and getattr(known[code].unit, "code", "") == "people"]
    if people:
        item.problems.append(NeverAdded(_where(item), columns="、".join(_heading(item, code) for code in people)))
    figures = item.frame.select_dtypes("number")
    if "date" in item.frame and len(figures.columns):
        empty = item.frame.loc[figures.isna().all(axis=1), "date"].dropna()
        if len(empty):
            item.problems.append(DaysWithoutFigures(_where(item), count=len(empty), days=len(item.frame),
                                                    listed=_days(empty)))
    return [item]


def articles(item: Import) -> list[Import]:
    """Articles, their rates held against the counts that they are made of."""
    for code, upper, lower in (("delivered_read_rate", "session_reads", "delivered_users"),
                               ("first_share_rate", "first_shares", "session_reads"),
                               ("reads_per_share", "shared_reads", "forwards")):
        if not {code, upper, lower} <= set(item.frame):
            continue
        stated = item.frame[code]
        computed = item.frame[upper] / item.frame[lower].where(item.frame[lower] > 0)
        both = stated.notna() & computed.notna()
        off = both & ((stated - computed).abs() > ROUNDED)
        points = off & (computed > 0) & ((stated / 100 - computed).abs() <= ROUNDED)
        for kind, rows in ((RateInPoints, points), (RateDisagrees, off & ~points)):
            if not rows.any():
                continue
            row = int(np.flatnonzero(rows.to_numpy())[0])
            item.problems.append(kind(
                place(item, code, row), column=_heading(item, code), count=int(rows.sum()), rows=int(both.sum()),
                formula=f"{_heading(item, upper)} ÷ {_heading(item, lower)}", value=f"{stated.iloc[row]:.6g}",
                computed=f"{computed.iloc[row]:.6g}"))
    return [item]


def shares_of_readers(item: Import) -> list[Import]:
    """Channels of articles; whether their shares are fractions is told by the readers of the whole."""
    if "read_users_share" in item.frame:
        keys = [code for code in ("published_at", "title") if code in item.frame]
        whole = item.frame[item.frame["channel"].isin(WHOLE)].drop_duplicates(keys).set_index(keys)["read_users"]
        total = item.frame[keys].join(whole.rename("whole"), on=keys)["whole"]
        decide(item, "read_users_share", item.frame["read_users"] / total.where(total > 0), "阅读人数 ÷ 全部")
    return people_noted(without_whole(item)[0])


def days_of_article(item: Import) -> list[Import]:
    """The days of an article, and the channels of each day apart; every row names the article."""
    whole = item.frame["channel"].astype(object).isin(WHOLE).to_numpy()
    zh = language.current() == "zh"
    parts = _taken(item, ~whole, "article_channels_daily", ("title", "date", "channel"), _reason_whole())
    kept = _taken(item, whole, item.table or "", ("title", "date"),
                  "渠道行，另存为 article_channels_daily" if zh else "a part: see article_channels_daily")
    kept.frame = kept.frame.drop(columns="channel")
    parts.problems = Findings()
    if not whole.any():
        parts.problems = item.problems
    return [*people_noted(kept), parts] if len(kept.frame) else people_noted(parts)


def without_whole(item: Import) -> list[Import]:
    """Only the parts: a row of the whole among them would count everything twice."""
    whole = item.frame["channel"].astype(object).isin(WHOLE).to_numpy()
    key = item.layout.key if item.layout else ()
    return [_taken(item, ~whole, item.table or "", key, _reason_whole())] if whole.any() else [item]


def _reason_whole() -> str:
    return "“全部”行" if language.current() == "zh" else "the row of the whole"


# ---------------------------------------------------------------- rows of a whole and rows of its parts


def channel_rows(item: Import, part: str = "channel", table: str = "content_channels",
                 names: Mapping[str, str] | None = None) -> list[Import]:
    """The rows of the whole as the table, the rows of its parts as a table of their own."""
    if part not in item.frame:
        return people_noted(item)
    words = item.frame[part].astype(object)
    whole = words.isin(WHOLE).to_numpy()
    unsplit = _compare(item, whole)
    zh = language.current() == "zh"
    parts = _taken(item, ~whole, table, ("date", part), _reason_whole())
    parts.frame[unsplit] = float("nan")
    parts.frame[part] = [(names or {}).get(str(word), str(word)) for word in parts.frame[part]]
    kept = _taken(item, whole, item.table or "", ("date",), f"渠道行，另存为 {table}" if zh else f"a part: see {table}")
    kept.frame = kept.frame.drop(columns=part)
    days = item.frame["date"].dropna()
    lost = days[~days.isin(kept.frame["date"])].drop_duplicates()
    if len(lost):
        kept.problems.append(NoWholeRow(_where(item), count=len(lost), days=_days(lost)))
    people_noted(kept)
    parts.problems = Findings()
    return [one for one in (kept, parts) if len(one.frame)] or [kept]


def _taken(item: Import, chosen: np.ndarray[Any, Any], table: str, key: tuple[str, ...], reason: str) -> Import:
    """The chosen rows as an import of their own; the others are noted as rows that it leaves out."""
    rows = item.rows if item.rows is not None else np.arange(len(item.frame))
    layout = replace(item.layout, table=table, key=key) if item.layout else None
    made = Import(table, item.frame[chosen].reset_index(drop=True), item.problems, item.sources, layout, rows[chosen])
    made.skip([(int(row), reason) for row in rows[~chosen]])
    return made


def _compare(item: Import, whole: np.ndarray[Any, Any]) -> list[str]:
    """Whether parts add up to the whole: of times they should, of people they need not.

    The answer is the columns that the parts do not have: 0 in each of them, though the whole has figures.
    """
    unsplit: list[str] = []
    known = metrics.load().columns
    stated = item.frame[whole].drop_duplicates("date").set_index("date")
    parts = item.frame[~whole].groupby("date").sum(numeric_only=True, min_count=1)
    for code in parts.columns:
        both = pd.DataFrame({"parts": parts[code], "whole": stated[code]}).dropna()
        off = both[both["parts"] != both["whole"]]
        if off.empty or code == "articles_sent":  # one article is read in every channel
            continue
        if (both["parts"] == 0).all():
            unsplit.append(code)
            item.problems.append(NotByChannel(place(item, code), column=_heading(item, code)))
            continue
        kind = CountsOfChannels if code in known and known[code].additive else PeopleOfChannels
        first = off.iloc[0]
        item.problems.append(kind(place(item, code), column=_heading(item, code), count=len(off), days=len(both),
                                  day=day(off.index[0]), parts=f"{first['parts']:g}", whole=f"{first['whole']:g}"))
    return unsplit


# ---------------------------------------------------------------- rows of one key as one row


def grouped(item: Import, keys: list[str], combine: Callable[[pd.DataFrame], dict[str, Any]], reason: str) -> Import:
    """One row a key, made by ``combine`` from the rows that have it; the other rows are noted under their first."""
    rows = item.rows if item.rows is not None else np.arange(len(item.frame))
    made, firsts, others = [], [], []
    for key, group in item.frame.groupby(keys, sort=False, dropna=False):
        places = group.index.to_numpy()
        made.append(dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True)) | combine(group))
        firsts.append(int(rows[places[0]]))
        others += [(int(rows[one]), reason.format(row=firsts[-1])) for one in places[1:]]
    frame = pd.DataFrame(made)
    item.skip(others)
    item.frame, item.rows = frame, np.array(firsts)
    return item


def _where(item: Import) -> Where:
    return Where(file=item.file, sheet=item.sources[0].sheet)


def _heading(item: Import, code: str) -> str:
    return str(place(item, code).column)


def _days(days: pd.Series[Any]) -> str:
    return ", ".join(map(day, days.iloc[:LISTED])) + (" …" if len(days) > LISTED else "")
