"""What is odd about a table as a whole: repeated rows and days, gaps, days to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from xlkpi import language, metrics
from xlkpi.errors import Findings, KpiError, Problem, Where
from xlkpi.platforms import identities
from xlkpi.platforms import problems as found
from xlkpi.platforms.reader import REPORTED, Import

LISTED = 10


def check(table: Import, today: date) -> None:
    """Add the findings of one imported table to its problems; a day repeated in full is dropped."""
    if table.frame.empty:
        return
    key = table.layout.key if table.layout else ()
    if "date" in table.frame and (table.table == "daily" or key == ("date",)):
        _drop_repeated_days(table)
        _future(table, "date", today)
        table.problems.extend(missing_days(table.frame, place(table, "date")))
    elif table.table == "works" and "published_at" in table.frame:
        _doubled_works(table)
        _future(table, "published_at", today)
    elif table.table == "goals" and "metric" in table.frame:
        _goal_scales(table)
    elif key and set(key) <= set(table.frame):
        _doubled(table, key)
        for code in {"date", "published_at"}.intersection(table.frame):
            _future(table, code, today)
    identities.report(table)


def place(table: Import, code: str, row: int | None = None) -> Where:
    """Where a column, or one cell of it, stands in the file."""
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
    rows = np.flatnonzero(repeated.to_numpy())
    firsts = _firsts(frame["date"])[rows]
    same = np.ones(len(rows), dtype=bool)
    for code in frame.columns:
        one, other = frame[code].to_numpy()[rows], frame[code].to_numpy()[firsts]
        same &= (one == other) | (pd.isna(one) & pd.isna(other))
    for kind, chosen in ((found.RepeatedDay, same), (found.DoubledDay, ~same)):
        _tell(table, "date", kind, rows[chosen], firsts[chosen],
              [{"value": day(frame["date"].iloc[row])} for row in rows[chosen][:REPORTED]])
    drop = rows[same]
    keep = np.setdiff1d(np.arange(len(frame)), drop)
    if len(drop) and table.rows is not None:
        reason = "重复的日期" if language.current() == "zh" else "a day repeated in full"
        table.skip([(int(table.rows[row]), reason) for row in drop])
        table.rows = table.rows[keep]
    table.frame = frame.iloc[keep].reset_index(drop=True)


def _doubled_works(table: Import) -> None:
    names = "作品名称和发布时间" if language.current() == "zh" else "title and publish time"
    _doubled(table, [name for name in ("title", "published_at") if name in table.frame], names, "published_at")


def _doubled(table: Import, keys: Sequence[str], names: str = "", at: str = "") -> None:
    """A warning for each row whose key another row has, too."""
    at = at or keys[0]
    doubled = table.frame[at].notna() & table.frame.duplicated(list(keys))
    if not doubled.any():
        return
    rows = np.flatnonzero(doubled.to_numpy())
    firsts = _firsts(*(table.frame[name] for name in keys))[rows]
    names = names or "、".join(str(place(table, code).column) for code in keys)
    said = []
    for row in rows[:REPORTED]:
        cells = [table.frame[name].iloc[row] for name in keys]
        words = [_word(cell) for cell in cells if not pd.isna(cell)]
        said.append({"key": names, "value": " ".join(words)})
    _tell(table, at, found.DoubledRow, rows, firsts, said)


def _word(cell: Any) -> str:
    if isinstance(cell, pd.Timestamp):
        return day(cell) if cell == cell.normalize() else str(cell)
    return f"{cell:g}" if isinstance(cell, float) else str(cell).split("\n")[0][:30]


def _firsts(*columns: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """For each row the first row with the same key."""
    plain = pd.DataFrame({place: column.astype(object).where(column.notna(), "")
                          for place, column in enumerate(columns)})
    group = plain.groupby(list(plain.columns), sort=False).ngroup().to_numpy()
    _, first = np.unique(group, return_index=True)
    return np.asarray(first[group])


def _tell(table: Import, code: str, kind: type[Problem], rows: np.ndarray[Any, Any], firsts: np.ndarray[Any, Any],
          said: list[dict[str, Any]]) -> None:
    """One finding a row for the first fifty, and one for the rest."""
    numbers = table.rows if table.rows is not None else np.arange(len(table.frame))
    for row, first, facts in zip(rows, firsts, said, strict=False):
        table.problems.append(kind(place(table, code, int(row)), first=int(numbers[first]), **facts))
    rest = rows[len(said):]
    if len(rest):
        more = found.MoreLikeThis if kind.level == "error" else found.MoreToCheck
        listed = ", ".join(str(numbers[row]) for row in rest[:LISTED]) + (" …" if len(rest) > LISTED else "")
        table.problems.append(more(place(table, code), count=len(rest), kind=kind.__name__, rows=listed))


def _future(table: Import, code: str, today: date) -> None:
    moments = table.frame[code]
    tomorrow = pd.Timestamp(today + timedelta(days=1))
    late = moments[moments >= tomorrow]
    if len(late):
        table.problems.append(found.FutureRows(place(table, code, int(late.index[0])), count=len(late),
                                               value=day(late.iloc[0]), today=today.isoformat()))
    if code == "date" and (moments == pd.Timestamp(today)).any():
        row = int(np.flatnonzero((moments == pd.Timestamp(today)).to_numpy())[0])
        table.problems.append(found.UnfinishedDay(place(table, code, row), value=today.isoformat()))


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
                table.problems.append(found.WrongScale(place(table, code, row), value=f"{value:g}"))


BOUNDED = {"completion_rate", "interaction_rate_video", "follow_conversion_rate"}  # fractions that never reach over 1


def now() -> date:
    """Today in China, where the platforms close their days."""
    from datetime import timezone

    return datetime.now(timezone(timedelta(hours=8))).date()
