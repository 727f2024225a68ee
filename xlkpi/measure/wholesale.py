"""Large typed tables, measured by the engine that holds them: sums and counts in one query, no row in Python.

Only what comes to the same figures as row by row is done here: sums, ratios of sums and counts over one
table of typed columns. Whole numbers are summed exactly; decimal numbers by the engine's own sum, whose
last digits may differ from the exact sum (less than one part in a million million). Whatever is special,
such as texts to be read as numbers, totals among the channels or a value that cannot be, is left to
:mod:`xlkpi.measure.arithmetic`, which looks at every row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from xlkpi.functions.rates import is_image_post
from xlkpi.measure.groups import Key, Raw, distinct, in_order, rows_of, text_of
from xlkpi.measure.tables import Table, is_missing
from xlkpi.metrics import Expression, Metric, Part, load

if TYPE_CHECKING:
    from narwhals import Expr

FROM_ROWS = 20_000  # below this, row by row is quick and every sum exact
WAYS = {"sum", "ratio", "weighted", "growth", "count"}
WRAPPED = 2.0**62  # 64-bit sums that wrapped around are off by at least this much

@dataclass(slots=True)
class Tally:
    """What the rows of one group come to: rows in the period, rows with everything known, both sums."""

    rows: int = 0
    used: int = 0
    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.rows += other.rows
        self.used += other.used
        self.tops += other.tops
        self.bottoms += other.bottoms


@dataclass(slots=True)
class Answer:
    """A metric's tallies by group, each by kind of genre (None where kinds may mix)."""

    groups: dict[Key, dict[bool | None, Tally]]
    outside: int
    undated: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metric: the formulas of its two sides."""

    metric: Metric
    top: Expression
    bottom: Expression | None
    guard: str | None

    @property
    def counts(self) -> bool:
        return self.metric.aggregation.code == "count"

    @property
    def names(self) -> tuple[str, ...]:
        below = self.bottom.names if self.bottom else ()
        return tuple(dict.fromkeys(self.top.names + below))


class _Query:
    """The columns and sums that one query asks for, each once."""

    def __init__(self, house: Wholesale) -> None:
        import narwhals as nw

        self.nw, self.house = nw, house
        self.made: dict[str, Expr] = {}
        self.sums: dict[str, Expr] = {}
        self._of: dict[Any, str] = {}

    def column(self, key: Any, expr: Expr) -> str:
        """The name of a column that is worked out in each row."""
        if key not in self._of:
            self._of[key] = name = f"xlkpi value {len(self.made)}"
            self.made[name] = expr
        return self._of[key]

    def sum(self, column: str, how: str) -> str:
        """The name of a sum (or count, mean, max, min) over a column."""
        key = (column, how)
        if key not in self._of:
            self._of[key] = name = f"xlkpi {how} {len(self.sums)}"
            self.sums[name] = getattr(self.nw.col(column), how)().alias(name)
        return self._of[key]

    def known(self, wanted: Wanted) -> tuple[str, ...]:
        """The columns of a metric that may lack values, those divided by marked with a stroke."""
        below = {name for side in (wanted.top, wanted.bottom) if side for part in side.parts for name in part.under}
        return tuple(f"/{name}" if name in below else name for name in wanted.names
                     if name in below or self.house.has_gaps(name))

    def mask(self, known: tuple[str, ...]) -> Expr:
        """Where all of the columns have a value (a missing one is not 0, and pandas would say so of it too)."""
        values = {name: self.house.value(name.lstrip("/")) for name in known}
        return reduce(and_, [~value.is_null() for value in values.values()]
                      + [value != 0 for name, value in values.items() if name[0] == "/"])

    def part(self, part: Part, known: tuple[str, ...]) -> str:
        """The column that one part of a formula is summed over, blank where anything is unknown."""
        house, nw = self.house, self.nw
        if len(part.over) == 1 and not part.under:
            name = part.over[0]
            if known in ((), (name,)) and not house.needs_care(name):
                return house.table.headers[name]  # a sum passes over blanks
            expr = house.value(name)
        else:
            factors = [house.value(name).cast(nw.Float64) for name in part.over]
            expr = reduce(lambda left, right: left * right, factors, nw.lit(1.0))
            for name in part.under:
                expr = expr / house.value(name).cast(nw.Float64)
        if known:
            expr = nw.when(self.mask(known)).then(expr)
        return self.column((part.over, part.under, known), expr)


class Wholesale:
    """One table in the hands of its engine, for one period, one set of groups and filters."""

    def __init__(self, table: Table, start: date | None, end: date | None, by: list[str],
                 where: dict[str, str], channels: Iterable[str], genres: dict[str, bool],
                 absent: bool = True) -> None:
        self.table, self.start, self.end, self.by, self.where = table, start, end, by, where
        self.genres, self.absent = genres, absent and bool(where or start or end)
        self._gaps: dict[str, bool] = {}
        self._keys: list[Key] | None = None
        self._schema: dict[str, Any] = {}
        self.able = self._is_able(channels)

    # ------------------------------------------------------------ what can be done

    def _is_able(self, channels: Iterable[str]) -> bool:
        table = self.table
        if table.frame is None or table.length < FROM_ROWS or any(name in table for name in channels):
            return False
        self._schema = dict(table.frame.collect_schema())
        period = self.start is not None or self.end is not None
        return (not (period and not self._is_dated(table.date_column))
                and all(self._is_key(name) for name in (*self.by, *self.where))
                and not any(is_missing(text) for text in self.where.values()))

    def _type(self, name: str) -> Any:
        return self._schema[self.table.headers[name]]

    def _is_sound(self, name: str | None) -> bool:
        return name is not None and name in self.table and not self.table.faults.get(name)

    def _is_dated(self, name: str | None) -> bool:
        import narwhals as nw

        if name is None or not self._is_sound(name):
            return False
        kind = self._type(name)
        return kind == nw.Date or (kind == nw.Datetime and kind.time_zone is None)

    def _is_key(self, name: str) -> bool:
        import narwhals as nw

        return self._is_sound(name) and self._type(name) in (nw.String, nw.Categorical, nw.Enum)

    def _is_number(self, name: str) -> bool:
        import narwhals as nw

        return self._is_sound(name) and self._type(name) in (
            nw.Int64, nw.Int32, nw.Int16, nw.Int8, nw.UInt32, nw.UInt16, nw.UInt8, nw.Float64)

    def wanted(self, metric: Metric, top: Expression, bottom: Expression | None) -> Wanted | None:
        """The metric as asked of the engine; None where it has to be worked out row by row."""
        guard = metric.guard if metric.guard and metric.guard in self.table else None
        asked = Wanted(metric, top, bottom, guard)
        if not self.able or metric.aggregation.code not in WAYS or metric.split or (guard and not self._is_key(guard)):
            return None
        if asked.counts:
            ready = self._is_dated(top.names[0]) and "review_status" not in self.table
        else:
            ready = all(map(self._is_number, asked.names))
        return asked if ready else None

    # ------------------------------------------------------------ columns

    def value(self, name: str) -> Expr:
        """A column as numbers that can be summed: wide enough, a not-a-number as blank."""
        import narwhals as nw

        column, kind = nw.col(self.table.headers[name]), self._type(name)
        if kind == nw.Float64:
            return nw.when(~column.is_nan()).then(column) if self.has_gaps(name) else column
        return column if kind == nw.Int64 else column.cast(nw.Int64)

    def needs_care(self, name: str) -> bool:
        """Whether a column cannot be summed as it stands."""
        import narwhals as nw

        return self._type(name) not in (nw.Int64, nw.Float64) or (
            self._type(name) == nw.Float64 and self.has_gaps(name))

    def has_gaps(self, name: str) -> bool:
        """Whether any value of a column is missing; a relation that is not at hand may always lack some."""
        import narwhals as nw

        if name not in self._gaps:
            frame, header = self.table.frame, self.table.headers[name]
            if isinstance(frame, nw.DataFrame):
                series = frame[header]
                self._gaps[name] = bool(series.null_count()) or (
                    self._type(name) == nw.Float64 and bool(series.is_nan().any()))
            else:
                self._gaps[name] = self.table.count(name) != self.table.length
        return self._gaps[name]

    # ------------------------------------------------------------ the queries

    def answers(self, asked: list[Wanted]) -> dict[str, Answer]:
        """Metric code → its tallies; metrics in whose columns something is wrong are left out."""
        if not asked:
            return {}
        rows = self._filtered()
        inside, dated = rows, self._dates(rows)
        if self.start is not None or self.end is not None:
            assert self.table.date_column is not None
            inside = inside.filter(*self._period(self.table.date_column))
        answers = {}
        for guard in dict.fromkeys(wanted.guard for wanted in asked):
            own = [wanted for wanted in asked if wanted.guard == guard]
            answers.update(self._ask(inside, own, guard, dated))
        return answers

    def _filtered(self) -> Any:
        import narwhals as nw

        frame = self.table.frame
        assert frame is not None
        if isinstance(frame, nw.DataFrame) and frame.implementation.is_polars():
            frame = frame.lazy()
        for name, wanted in self.where.items():
            accepted = [raw for raw in distinct(self.table.frame, [self.table.headers[name]])
                        if self._passes(name, raw[0], wanted)]
            frame = frame.filter(nw.col(self.table.headers[name]).is_in([raw for raw, in accepted]))
        return frame

    def _passes(self, name: str, raw: Any, wanted: str) -> bool:
        text = text_of(raw)
        if name == "genre" and wanted.casefold() in self.genres:
            return text is not None and is_image_post(text) is self.genres[wanted.casefold()]
        return text is not None and text == wanted

    def _period(self, name: str) -> list[Expr]:
        import narwhals as nw

        column, is_day = nw.col(self.table.headers[name]), self._type(name) == nw.Date
        bounds = []
        if self.start is not None:
            bounds.append(column >= (self.start if is_day else datetime.combine(self.start, time())))
        if self.end is not None:
            bounds.append(column <= self.end if is_day else
                          column < datetime.combine(self.end + timedelta(days=1), time()))
        return bounds

    def _dates(self, rows: Any) -> tuple[int, int] | None:
        """Rows that pass the filters and how many of them have a date; None where no period is asked for."""
        import narwhals as nw

        if self.start is None and self.end is None:
            return None
        assert self.table.date_column is not None
        header, frame = self.table.headers[self.table.date_column], self.table.frame
        if not self.where:
            count = self.table.count(self.table.date_column)
            if isinstance(frame, nw.DataFrame):
                count = self.table.length - frame[header].null_count()
            if count is not None:
                return self.table.length, count
        row, = rows_of(rows.select(nw.len().alias("rows"), nw.col(header).count().alias("dated")))
        return int(row["rows"]), int(row["dated"])

    def _ask(self, inside: Any, asked: list[Wanted], guard: str | None,
             dated: tuple[int, int] | None) -> dict[str, Answer]:
        import narwhals as nw

        query = _Query(self)
        used, parts = {}, {}
        for wanted in asked:
            code = wanted.metric.code
            if wanted.counts:
                used[code] = query.sum(self.table.headers[wanted.top.names[0]], "count")
                continue
            known = query.known(wanted)
            if len(known) == 1 and known == wanted.names and not self.needs_care(known[0]):
                used[code] = query.sum(self.table.headers[known[0]], "count")
            elif known:
                flag = query.column(("known", known), nw.when(query.mask(known)).then(nw.lit(1)))
                used[code] = query.sum(flag, "count")
            for side in (wanted.top, wanted.bottom):
                for part in side.parts if side else ():
                    column = query.part(part, known)
                    parts[code, part] = column, query.sum(column, "sum")
                    if self._may_wrap(part):
                        query.sum(column, "mean")  # tells when a 64-bit sum wraps around
            for name in wanted.names:
                self._watch(query, name)
        keys = [*self.by, guard] if guard and guard not in self.by else self.by
        rows = self._collected(inside, query, keys)
        answers = {}
        for wanted in asked:
            if any(self._is_wrong(row, query, wanted, parts) for row in rows):
                continue
            groups: dict[Key, dict[bool | None, Tally]] = {}
            for row in rows:
                tally = self._tally(row, wanted, used, parts)
                key = tuple(text_of(row[self.table.headers[name]]) for name in self.by)
                genre = text_of(row[self.table.headers[guard]]) if guard else None
                kind = None if genre is None else is_image_post(genre)
                groups.setdefault(key, {}).setdefault(kind, Tally()).add(tally)
            total = sum(int(row["xlkpi rows"]) for row in rows)
            answers[wanted.metric.code] = Answer(
                {key: groups.get(key, {}) for key in self._order(rows)},
                dated[1] - total if dated else 0, dated[0] - dated[1] if dated else 0)
        return answers

    def _may_wrap(self, part: Part) -> bool:
        """Whether the sum is one of whole numbers in 64 bits (DuckDB sums them in 128)."""
        import narwhals as nw

        assert self.table.frame is not None
        return (len(part.over) == 1 and not part.under and self._type(part.over[0]) != nw.Float64
                and not self.table.frame.implementation.is_duckdb())

    def _watch(self, query: _Query, name: str) -> None:
        """The greatest and least value of a column that may hold what cannot be."""
        import narwhals as nw

        column = load().columns.get(name)
        bounded = column is not None and column.at_most is not None
        if bounded or self._type(name) == nw.Float64:
            header = self.table.headers[name]
            if self.needs_care(name):
                header = query.column(("value", name), self.value(name))
            query.sum(header, "max")
            query.sum(header, "min")

    def _collected(self, inside: Any, query: _Query, keys: list[str]) -> list[dict[str, Any]]:
        import narwhals as nw

        headers = [self.table.headers[name] for name in keys]
        if query.made:
            inside = inside.with_columns(**query.made)
        counted = nw.len().alias("xlkpi rows")
        if not headers:
            return rows_of(inside.select(counted, *query.sums.values()))
        return rows_of(inside.group_by(headers).agg(counted, *query.sums.values()))

    def _is_wrong(self, row: dict[str, Any], query: _Query, wanted: Wanted, parts: dict[Any, tuple[str, str]]) -> bool:
        """Whether a sum wrapped around or a column holds what no true value can be: then every row is looked at."""
        for (code, part), (column, name) in parts.items():
            if code != wanted.metric.code:
                continue
            total = float(row[name] or 0)
            if not math.isfinite(total):
                return True
            if self._may_wrap(part):
                mean = row[query.sum(column, "mean")]
                estimate = float(mean) * int(row["xlkpi rows"]) if not _void(mean) else 0.0
                if abs(estimate) > WRAPPED or abs(total) > WRAPPED:
                    return True
        for name in () if wanted.counts else wanted.names:
            described = load().columns.get(name)
            most = described.at_most if described and described.at_most is not None else math.inf
            header = self.table.headers[name]
            watched = query.column(("value", name), self.value(name)) if ("value", name) in query._of else header
            for how in ("max", "min"):
                if (watched, how) in query._of:
                    extreme = row[query.sum(watched, how)]
                    if not _void(extreme) and (not math.isfinite(extreme) or extreme > most):
                        return True
        return False

    def _tally(self, row: dict[str, Any], wanted: Wanted, used: dict[str, str],
               parts: dict[Any, tuple[str, str]]) -> Tally:
        code, rows = wanted.metric.code, int(row["xlkpi rows"])
        tally = Tally(rows, int(row[used[code]]) if code in used else rows)
        if wanted.counts or not tally.used:
            return tally
        for side, sums in ((wanted.top, tally.tops), (wanted.bottom, tally.bottoms)):
            sums += [part.factor * float(row[parts[code, part][1]]) for part in (side.parts if side else ())]
        return tally

    def _order(self, rows: list[dict[str, Any]]) -> list[Key]:
        """The groups in the order of the whole table; with ``absent``, those without rows in the period as well."""
        if not self.by:
            return [()]
        headers = [self.table.headers[name] for name in self.by]
        if self._keys is None:
            met: list[Raw] = list(dict.fromkeys(tuple(row[header] for header in headers) for row in rows))
            self._keys = in_order(self.table.frame, headers, met, self.absent)
        return self._keys


def _void(value: Any) -> bool:
    return value is None or value != value
