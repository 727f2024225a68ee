"""Two exports of counters that only grow → what a period brought: later minus earlier, work by work.

A works list says how much each work has drawn since it was published. Two of them, exported on two
days, have a difference, and that is the period's. What has no difference is left blank and said:
a work that the earlier export should hold and does not, and every rate.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pandas as pd

from xlkpi import metrics
from xlkpi.errors import Findings, Level, Problem, Where
from xlkpi.platforms.merging import indexed, keys_of
from xlkpi.platforms.reader import Import

AGE = "age_days"
LASTING = ("video_seconds",)  # what a work is, not what it drew


class NotSnapshots(Problem):
    zh = "这两份数据不能相减：{reason}"
    en = "these two exports have no difference: {reason}"


class DatesReversed(Problem):
    zh = "较早的导出日期 {first} 应早于较晚的 {second}"
    en = "the earlier export must be of a day before the later one, not {first} and {second}"


class Flows(Problem):
    level: ClassVar[Level] = "note"
    zh = "{count} 个作品的数为 {first} 至 {second} 的增量；作品到期末已发布 {youngest}–{oldest} 天（中位 {median} 天）"
    en = ("the figures of {count} works are what came between {first} and {second}; at the later export they were "
          "{youngest} to {oldest} days old (median {median})")


class NoEarlierFigure(Problem):
    level: ClassVar[Level] = "warning"
    zh = "{count} 个作品在 {first} 之前已发布，但较早的导出里没有，增量无法计算，留空：{titles}"
    en = "{count} works were out before {first} but are not in the earlier export; their growth is left blank: {titles}"


class GoneSince(Problem):
    level: ClassVar[Level] = "warning"
    zh = "较早的导出里有 {count} 个作品在较晚的导出里没有，期间的增量未计入：{titles}"
    en = "{count} works of the earlier export are not in the later one; what they drew is not counted: {titles}"


class CounterFell(Problem):
    level: ClassVar[Level] = "warning"
    zh = "“{column}”有 {count} 个作品比上次减少（如 {title}：{before} → {after}），按负数计入"
    en = "'{column}' fell for {count} works (such as {title}: {before} to {after}); the difference counts as negative"


class RatesLeftBlank(Problem):
    level: ClassVar[Level] = "note"
    zh = "比率和平均值不能相减，留空：{columns}"
    en = "rates and averages have no difference and stay blank: {columns}"


def flows(earlier: Import, later: Import, taken: tuple[date, date]) -> Import:
    """What the works of ``later`` drew between the days on which the two exports were ``taken``.

    A work published after the first day counts whole. Problems of both exports are kept.
    """
    first, second = taken
    where = Where(file=later.file, table=later.table)
    problems = Findings([*earlier.problems, *later.problems])
    sources = (*earlier.sources, *later.sources)
    parts = (*(earlier.parts or (earlier,)), *(later.parts or (later,)))
    reason = _unlike(earlier, later)
    if reason:
        problems.append(NotSnapshots(where, reason=reason))
    if first >= second:
        problems.append(DatesReversed(where, first=first, second=second))
    if reason or first >= second or later.layout is None:
        return Import(later.table, later.frame.iloc[:0], problems, sources, later.layout, parts=parts)
    keys = keys_of(str(later.table), [earlier, later])
    old, new = indexed(earlier.frame, keys), indexed(later.frame, keys)
    counters = [code for code in new if _counts(later, str(code)) and code in old]
    frame = new.copy()
    known = new.index.isin(old.index)
    fresh = (new["published_at"] >= pd.Timestamp(first) + pd.Timedelta(days=1)).to_numpy() & ~known
    for code in counters:
        before = old[code].reindex(new.index)
        change = (new[code] - before).where(known, new[code].where(fresh))
        frame[code] = change
        column = next((one for one in later.layout.columns if one.code == code), None)
        fell = change.index[((change < 0) & (column is None or column.least == 0)).to_numpy()]
        if len(fell):
            problems.append(CounterFell(where, column=_heading(later, str(code)), count=len(fell),
                                        title=_title(new.loc[fell[0]]), before=f"{before[fell[0]]:g}",
                                        after=f"{new[code].loc[fell[0]]:g}"))
    blank = [str(code) for code in new if code not in (*counters, *LASTING) and pd.api.types.is_float_dtype(new[code])]
    frame[blank] = float("nan")
    if blank:
        problems.append(RatesLeftBlank(where, columns="、".join(_heading(later, code) for code in blank)))
    _tell(problems, NoEarlierFigure, where, new[~known & ~fresh], first=first)
    _tell(problems, GoneSince, Where(file=earlier.file, table=earlier.table), old[~old.index.isin(new.index)])
    frame[AGE] = (pd.Timestamp(second) - frame["published_at"].dt.normalize()).dt.days.astype("float64")
    ages = frame[AGE].dropna()
    if len(ages):
        problems.append(Flows(where, count=len(frame), first=first, second=second, youngest=int(ages.min()),
                              oldest=int(ages.max()), median=f"{ages.median():g}"))
    return Import(later.table, frame.reset_index(drop=True), problems, sources, later.layout, parts=parts)


def _unlike(earlier: Import, later: Import) -> str:
    for item in (earlier, later):
        if item.layout is None or not item.layout.grows or "published_at" not in item.frame:
            return f"{item.file or '?'}: " + (item.layout.name if item.layout else "?")
    if earlier.platform != later.platform:
        return f"{earlier.platform} ≠ {later.platform}"
    return ""


def _counts(item: Import, code: str) -> bool:
    """Whether a column is a counter: it adds up, and the layout reads it as a count."""
    column = metrics.load().columns.get(code)
    return column is not None and column.additive and pd.api.types.is_float_dtype(item.frame[code])


def _tell(problems: Findings, kind: type[Problem], where: Where, rows: pd.DataFrame, **facts: Any) -> None:
    if len(rows):
        titles = [_title(row) for _, row in rows.head(5).iterrows()]
        problems.append(kind(where, count=len(rows), titles="；".join(titles), **facts))


def _title(row: Any) -> str:
    title = row.get("title")
    return " ".join(str(title).split())[:20] if title else str(row.get("published_at"))


def _heading(item: Import, code: str) -> str:
    return next((heading for heading, known in item.columns.items() if known == code), code)
