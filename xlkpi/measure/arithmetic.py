"""The ways of aggregation, one function each: rows in, one value out.

Sums are exact (:func:`math.fsum`), so the order of rows changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import fsum
from statistics import median

from xlkpi.errors import Problem
from xlkpi.measure import problems as found
from xlkpi.measure.tables import TOTAL_WORDS, Table
from xlkpi.metrics import Expression, Metric, load

UNPUBLISHED = ("未通过", "不通过", "草稿", "审核中", "待审", "驳回", "拒绝", "违规", "下架", "失败", "删除",
               "draft", "reject", "pending", "reviewing", "failed", "deleted")
PUBLISHED = {"审核通过", "已通过", "通过", "已发布", "发布成功", "公开", "公开可见", "正常", "published", "passed",
             "approved"}


@dataclass(frozen=True, slots=True)
class Source:
    """A formula and the table it is read from; ``role`` is n (numerator), d (denominator) or net."""

    role: str
    table: Table
    formula: Expression

    def at(self, row: int) -> float | None:
        """The formula's value in one row; None where something is missing or is divided by 0."""
        return self.values[row]

    @property
    def values(self) -> list[float | None]:
        """The formula's value in every row of the table."""
        return self.table.values(self.formula)


@dataclass(frozen=True, slots=True)
class Job:
    """One value to work out: its sources and, by table, the rows to look at.

    ``rows`` are those of the group in the period; ``whole`` those of the period for all groups of a
    share; ``ever`` those of the group at any time, where the eve of the period is looked for.
    """

    metric: Metric
    label: str
    sources: list[Source]
    rows: dict[str, list[int]]
    whole: dict[str, list[int]]
    ever: dict[str, list[int]]
    start: date | None
    end: date | None

    def of(self, role: str) -> list[Source]:
        return [source for source in self.sources if source.role == role]

    def known(self, source: Source) -> list[tuple[int, float]]:
        values = source.values
        return [(row, value) for row in self.rows[source.table.name] if (value := values[row]) is not None]

    def pairs(self) -> list[tuple[int, float, float]]:
        """Rows in which both sides are known."""
        (top,), (bottom,) = self.of("n"), self.of("d")
        aboves, belows = top.values, bottom.values
        return [(row, above, below) for row in self.rows[top.table.name]
                if (above := aboves[row]) is not None and (below := belows[row]) is not None]

    def missing(self, used: int) -> int:
        return len(self.rows[self.sources[0].table.name]) - used


@dataclass
class Result:
    value: float | None
    used: list[int] = field(default_factory=list)
    missing: int = 0
    problems: list[Problem] = field(default_factory=list)


def _divide(job: Job, top: float, bottom: float, used: list[int]) -> Result:
    missing = job.missing(len(used))
    if bottom == 0:
        return Result(None, used, missing, [found.ZeroDenominator(metric=job.label)])
    return Result(top / bottom, used, missing)


def total(job: Job) -> Result:
    """Sum of the known rows of every part, each part in its own table."""
    sums: list[float] = []
    used: list[int] = []
    missing = 0
    for source in job.of("n"):
        rows = job.known(source)
        missing += len(job.rows[source.table.name]) - len(rows)
        if not rows:
            return Result(None, [], missing)
        sums += [value for _, value in rows]
        used += [row for row, _ in rows]
    return Result(fsum(sums), used, missing)


def count(job: Job) -> Result:
    """Number of rows, drafts and rejected works left out."""
    (source,) = job.of("n")
    table = source.table
    column = table.texts(source.formula.names[0])
    rows = [row for row in job.rows[table.name] if column[row] is not None]
    missing = job.missing(len(rows))
    if "review_status" not in table:
        return Result(float(len(rows)), rows, missing)
    statuses = table.texts("review_status")
    kept: list[int] = []
    unknown: dict[str | None, int] = {}
    for row in rows:
        status = (statuses[row] or "").casefold()
        if any(word in status for word in UNPUBLISHED):
            continue
        if status and status not in PUBLISHED:
            unknown[statuses[row]] = unknown.get(statuses[row], 0) + 1
        kept.append(row)
    return Result(float(len(kept)), kept, missing,
                  [found.UnknownStatus(status=status, count=rows) for status, rows in unknown.items()])


def ratio(job: Job) -> Result:
    """Ratio of sums over the rows in which both sides are known."""
    refused = _people_by_channel(job)
    if refused:
        return refused
    pairs = job.pairs()
    if not pairs:
        return Result(None, [], job.missing(0))
    bottom = fsum(below for _, _, below in pairs)
    if job.metric.aggregation.code == "growth":
        bottom = abs(bottom)
    return _divide(job, fsum(above for _, above, _ in pairs), bottom, [row for row, _, _ in pairs])


def _people_by_channel(job: Job) -> Result | None:
    """People of several channels are not the people of all channels: refused unless the total row is there."""
    table = job.sources[0].table
    rows = job.rows[table.name]
    if "channel" not in table:
        return None
    people = any((column := load().columns[name]).unit and column.unit.code == "people" and not column.additive
                 for source in job.sources for name in source.formula.names)
    channels = {table.texts("channel")[row] for row in rows}
    if not people or len(channels) < 2 or all((text or "").casefold() in TOTAL_WORDS for text in channels):
        return None
    return Result(None, [], 0, [found.NotAdditive(metric=job.label, rows=len(rows))])


def share(job: Job) -> Result:
    """This group's sum ÷ the sum of all groups."""
    top = job.of("n")[0]
    rows = job.known(top)
    if not rows:
        return Result(None, [], job.missing(0))
    whole = fsum(value for row in job.whole[top.table.name] if (value := top.at(row)) is not None)
    return _divide(job, fsum(value for _, value in rows), whole, [row for row, _ in rows])


def mean(job: Job) -> Result:
    """Plain mean of the rows; raters who gave nothing are skipped."""
    (source,) = job.of("n")
    rows = job.known(source)
    if not rows:
        return Result(None, [], job.missing(0))
    return Result(fsum(value for _, value in rows) / len(rows), [row for row, _ in rows], job.missing(len(rows)))


def mean_ratio(job: Job) -> Result:
    """Mean of the rows' own ratios; rows whose denominator is 0 have none."""
    pairs = [(row, above / below) for row, above, below in job.pairs() if below]
    if not pairs:
        return Result(None, [], job.missing(0))
    return Result(fsum(value for _, value in pairs) / len(pairs), [row for row, _ in pairs], job.missing(len(pairs)))


def middle(job: Job) -> Result:
    """Median of the rows."""
    (source,) = job.of("n")
    rows = job.known(source)
    if not rows:
        return Result(None, [], job.missing(0))
    return Result(median(value for _, value in rows), [row for row, _ in rows], job.missing(len(rows)))


def unique(job: Job) -> Result:
    """Unique people: the one row exported for the whole period, never a sum."""
    rows = job.rows[job.sources[0].table.name]
    if len(rows) > 1:
        return Result(None, [], 0, [found.NotAdditive(metric=job.label, rows=len(rows))])
    return ratio(job)


def _latest(job: Job, source: Source, rows: list[int]) -> tuple[int | None, list[Problem]]:
    """The one row of the last day among ``rows``, or why there is none."""
    if len(rows) == 1:
        return rows[0], []
    days = source.table.dates()
    if source.table.date_column is None:
        return None, [found.NoDateColumn(metric=job.label)]
    dated = [(day, row) for row in rows if (day := days[row]) is not None]
    if not dated:
        return None, [found.NoDateColumn(metric=job.label)]
    last = max(day for day, _ in dated)
    on_last = [row for day, row in dated if day == last]
    if len(on_last) > 1:
        return None, [found.DoubledDate(metric=job.label, day=last, rows=len(on_last))]
    later = any((day := days[row]) is not None and day > last for row in job.rows[source.table.name])
    return on_last[0], [found.LastIsEarlier(metric=job.label, day=last)] if later else []


def last(job: Job) -> Result:
    """The value of the last day that has one."""
    (source,) = job.of("n")
    rows = [row for row, _ in job.known(source)]
    if not rows:
        return Result(None, [], job.missing(0))
    row, problems = _latest(job, source, rows)
    return Result(None if row is None else source.at(row), [] if row is None else [row],
                  job.missing(len(rows)), problems)


def cohort(job: Job) -> Result:
    """The ratio of the last row that has both sides."""
    (top,), (bottom,) = job.of("n"), job.of("d")
    rows = [row for row, _, _ in job.pairs()]
    if not rows:
        return Result(None, [], job.missing(0))
    row, problems = _latest(job, top, rows)
    if row is None:
        return Result(None, [], job.missing(len(rows)), problems)
    above, below = top.at(row), bottom.at(row)
    assert above is not None
    assert below is not None
    result = _divide(job, above, below, [row])
    return Result(result.value, [row], job.missing(len(rows)), problems + result.problems)


def ratio_mean_base(job: Job) -> Result:
    """Sum ÷ the plain mean of a stock over the period."""
    top = total(job)
    (base,) = job.of("d")
    rows = job.known(base)
    if top.value is None or not rows:
        return Result(None, [], top.missing, top.problems)
    result = _divide(job, top.value, fsum(value for _, value in rows) / len(rows), top.used)
    return Result(result.value, top.used, top.missing, result.problems)


def _opening(job: Job) -> tuple[float | None, list[Problem]]:
    """The stock on the eve of the period: its own row, else the first day's value less its net change."""
    (stock,) = job.of("d")
    table, days = stock.table, stock.table.dates()
    if table.date_column is None:
        return None, [found.NoDateColumn(metric=job.label)]
    inside = [(day, row) for row in job.rows[table.name] if (day := days[row]) is not None]
    if not inside:
        return None, []
    first = job.start or min(day for day, _ in inside)
    eve = first - timedelta(days=1)
    before = [row for row in job.ever[table.name] if days[row] == eve]
    on_first = [row for day, row in inside if day == first]
    for rows in (before, on_first):
        if len(rows) > 1:
            return None, [found.DoubledDate(metric=job.label, day=days[rows[0]], rows=len(rows))]
    if before and (value := stock.at(before[0])) is not None:
        return value, []
    net = job.of("net")
    if on_first and net:
        closing, change = stock.at(on_first[0]), net[0].at(on_first[0])
        if closing is not None and change is not None:
            return closing - change, []
    return None, [found.NoOpening(metric=job.label)]


def ratio_opening(job: Job) -> Result:
    """Sum of the flow ÷ the stock on the eve of the period."""
    top = total(job)
    opening, problems = _opening(job)
    if top.value is None or opening is None:
        return Result(None, [], top.missing, top.problems + problems)
    result = _divide(job, top.value, opening, top.used)
    if job.metric.direction == "down" and top.value > opening > 0:
        problems = [*problems, found.LostExceedOpening(metric=job.label, lost=top.value, opening=opening)]
    return Result(result.value, top.used, top.missing, problems + result.problems)


def compound(job: Job) -> Result:
    """(closing ÷ opening)^(1 ÷ months) − 1; months are the calendar months that the period touches."""
    closing = last(job)
    opening, problems = _opening(job)
    problems = closing.problems + problems
    if closing.value is None or opening is None:
        return Result(None, [], closing.missing, problems)
    if opening <= 0 or closing.value < 0:
        return Result(None, closing.used, closing.missing, [*problems, found.ZeroDenominator(metric=job.label)])
    table = job.of("n")[0].table
    days = [day for row in job.rows[table.name] if (day := table.dates()[row]) is not None]
    first, final = job.start or min(days), job.end or max(days)
    months = (final.year - first.year) * 12 + final.month - first.month + 1
    return Result((closing.value / opening) ** (1 / months) - 1, closing.used, closing.missing, problems)


def change(job: Job) -> Result:
    """The last day of the period against the day before it."""
    (source,) = job.of("n")
    table, days = source.table, source.table.dates()
    if table.date_column is None:
        return Result(None, [], job.missing(0), [found.NoDateColumn(metric=job.label)])
    inside = [day for row in job.rows[table.name] if (day := days[row]) is not None]
    if not inside:
        return Result(None)
    today = max(inside)
    values = []
    used = []
    for day in (today, today - timedelta(days=1)):
        rows = [row for row in job.ever[table.name] if days[row] == day]
        if len(rows) > 1:
            return Result(None, [], 0, [found.DoubledDate(metric=job.label, day=day, rows=len(rows))])
        value = source.at(rows[0]) if rows else None
        if value is None:
            return Result(None, [], 0, [found.NoPreviousDay(metric=job.label, day=day)])
        values.append(value)
        used += rows
    return _divide(job, values[0] - values[1], abs(values[1]), used)


OVER_ALL_ROWS = {"sum", "ratio", "weighted", "growth", "ratio_opening", "ratio_mean_base", "share"}
NEEDS_DATES = {"last", "cohort", "ratio_opening", "compound", "change"}

WAYS: dict[str, Callable[[Job], Result]] = {
    "sum": total, "count": count, "last": last, "ratio": ratio, "weighted": ratio, "growth": ratio,
    "ratio_opening": ratio_opening, "ratio_mean_base": ratio_mean_base, "compound": compound, "change": change,
    "cohort": cohort, "mean": mean, "mean_ratio": mean_ratio, "median": middle, "unique": unique, "share": share,
}
