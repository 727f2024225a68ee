"""What is odd about a table as a whole: repeated rows and days, gaps, days to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from xlkpi import language, metrics
from xlkpi.errors import Findings, KpiError, Where
from xlkpi.platforms import problems as found
from xlkpi.platforms.reader import REPORTED, Import

LISTED = 10


def check(table: Import, today: date) -> None:
    """Add the findings of one imported table to its problems; a day repeated in full is dropped."""
    if table.frame.empty:
        return
    if table.table == "daily" and "date" in table.frame:
        _drop_repeated_days(table)
        _future(table, "date", today)
        table.problems.extend(missing_days(table.frame, _place(table, "date")))
    elif table.table == "works" and "published_at" in table.frame:
        _doubled_works(table)
        _future(table, "published_at", today)
    elif table.table == "goals" and "target" in table.frame:
        _goal_scales(table)


def _place(table: Import, code: str, row: int | None = None) -> Where:
    heading = next((heading for heading, known in table.columns.items() if known == code), code)
    number = None if row is None or table.rows is None else int(table.rows[row])
    return Where(file=table.file, sheet=table.sources[0].sheet, column=heading, row=number)


def day(moment: Any) -> str:
    """A date as it is said in a finding."""
    return pd.Timestamp(moment).strftime("%Y-%m-%d")


def _drop_repeated_days(table: Import) -> None:
    frame = table.frame
    repeated = frame["date"].notna() & frame["date"].duplicated()
    if not repeated.any():
        return
    firsts = {moment: row for row, moment in reversed(list(enumerate(frame["date"])))}
    drop: list[int] = []
    for row in np.flatnonzero(repeated.to_numpy()):
        first = firsts[frame["date"].iloc[row]]
        same = frame.iloc[row].equals(frame.iloc[first])
        kind = found.RepeatedDay if same else found.DoubledDay
        if len(drop) < REPORTED or not same:
            table.problems.append(kind(_place(table, "date", int(row)), value=day(frame["date"].iloc[row]),
                                       first=first if table.rows is None else int(table.rows[first])))
        if same:
            drop.append(int(row))
    keep = np.setdiff1d(np.arange(len(frame)), drop)
    if drop and table.rows is not None:
        reason = "重复的日期" if language.current() == "zh" else "a day repeated in full"
        table.skip([(int(table.rows[row]), reason) for row in drop])
        table.rows = table.rows[keep]
    table.frame = frame.iloc[keep].reset_index(drop=True)


def _doubled_works(table: Import) -> None:
    keys = [name for name in ("title", "published_at") if name in table.frame]
    doubled = table.frame["published_at"].notna() & table.frame.duplicated(keys)
    if not doubled.any():
        return
    firsts: dict[Any, int] = {}
    for row, key in enumerate(zip(*(table.frame[name] for name in keys), strict=True)):
        first = firsts.setdefault(key, row)
        if doubled.iloc[row]:
            if first == row:  # a missing part never equals itself
                continue
            title = str(key[0] or "")[:30] if len(keys) == 2 else ""
            names = "作品名称和发布时间" if language.current() == "zh" else "title and publish time"
            table.problems.append(found.DoubledRow(
                _place(table, "published_at", row), key=names, value=f"{title} {key[-1]}".strip(),
                first=first if table.rows is None else int(table.rows[first])))


def _future(table: Import, code: str, today: date) -> None:
    moments = table.frame[code]
    tomorrow = pd.Timestamp(today + timedelta(days=1))
    late = moments[moments >= tomorrow]
    if len(late):
        table.problems.append(found.FutureRows(_place(table, code, int(late.index[0])), count=len(late),
                                               value=day(late.iloc[0]), today=today.isoformat()))
    if code == "date" and (moments == pd.Timestamp(today)).any():
        row = int(np.flatnonzero((moments == pd.Timestamp(today)).to_numpy())[0])
        table.problems.append(found.UnfinishedDay(_place(table, code, row), value=today.isoformat()))


def missing_days(frame: pd.DataFrame, where: Where) -> Findings:
    """One note on the days that a daily table leaves out between its first and its last."""
    notes = Findings()
    days = frame["date"].dropna()
    if len(days) < 2:
        return notes
    span = (days.max() - days.min()).days + 1
    gap = span - days.nunique()
    if gap > 0 and span <= 40_000:
        missing = pd.date_range(days.min(), days.max()).difference(pd.DatetimeIndex(days))
        listed = ", ".join(map(day, missing[:LISTED])) + (" …" if gap > LISTED else "")
        notes.append(found.MissingDays(where, first=day(days.min()), last=day(days.max()), count=int(gap), days=listed))
    return notes


def _goal_scales(table: Import) -> None:
    """A target of 30 for a rate that can be 1 at most is 30%, or a slip: it is asked, not guessed."""
    for code in ("target", "floor", "stretch", "baseline", "actual"):
        if code not in table.frame:
            continue
        for row, value in enumerate(table.frame[code]):
            if not value > 1:
                continue
            try:
                metric = metrics.find_metric(str(table.frame["metric"].iloc[row]))
            except KpiError:
                continue  # the scorecard names unknown metrics, with what was meant
            if metric.code in BOUNDED:
                table.problems.append(found.WrongScale(_place(table, code, row), value=f"{value:g}"))


BOUNDED = {"completion_rate", "interaction_rate_video", "follow_conversion_rate"}  # fractions that never reach over 1


def now() -> date:
    """Today in China, where the platforms close their days."""
    from datetime import timezone

    return datetime.now(timezone(timedelta(hours=8))).date()
