"""Tables → actual values: which table answers, which rows count, then the metric's aggregation.

Whatever cannot be said for certain has no value and a problem that says why: mixed genres, unique
people in several rows, unreadable cells, a missing opening. A row counts only where everything
that its formula needs is known, so that a ratio's two sides always speak of the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import fsum
from typing import Any

from xlkpi import language
from xlkpi.cells import as_date
from xlkpi.errors import Findings, KpiError, Problem, Refused, Where
from xlkpi.functions.rates import is_image_post
from xlkpi.measure import arithmetic
from xlkpi.measure import problems as found
from xlkpi.measure.actuals import Actual, Actuals
from xlkpi.measure.tables import Table
from xlkpi.measure.wholesale import WAYS, Answer, Tally, Wanted, Wholesale
from xlkpi.metrics import Expression, Metric, load

Group = tuple[str | None, ...]

PAIRED = {"ratio", "weighted", "growth", "cohort", "mean_ratio", "unique", "share"}
CHANNELS = ("channel", "share_scene", "visit_source")
GENRES = {"video": False, "视频": False, "image": True, "图文": True}
GENRE_NAMES = {False: ("视频", "video"), True: ("图文", "image")}


def measure(tables: Mapping[str, Any], metrics: str | Iterable[str | Metric], *, start: date | str | None = None,
            end: date | str | None = None, by: str | Iterable[str] | None = None,
            where: Mapping[str, str] | None = None, absent: bool = True) -> Actuals:
    """Work out metrics from tables.

    ``tables`` maps names (``works``, ``daily``, ``articles`` …) to data frames of any narwhals
    backend, dictionaries of columns or lists of rows, under Chinese, English or code headers.
    ``start`` and ``end`` are the first and the last day that count, by each table's date column
    (``date``, else ``published_at``). ``by`` names columns to give a value for each group of,
    ``where`` column values to keep (for ``genre``, ``video`` or ``image`` keeps every such genre).
    Groups without a row in the period are listed without a value, so that nobody goes missing;
    ``absent=False`` leaves them out, which spares a large table one more look at all its rows.

    Percentages are fractions. Raises :class:`~xlkpi.errors.Refused` when a metric, a day or a
    table cannot be understood; everything else is told in the rows' ``problems``.
    """
    findings = Findings()
    chosen = _chosen([metrics] if isinstance(metrics, str) else metrics, findings)
    first, last = _day(start, findings), _day(end, findings)
    if first and last and last < first:
        findings.append(found.PeriodUpsideDown(start=first, end=last))
    read = []
    for name, frame in tables.items():
        try:
            read.append(Table(name, frame))
        except Refused as refusal:
            findings.extend(refusal.problems)
    findings.refuse()
    names = [by] if isinstance(by, str) else list(by or ())
    session = Session(read, first, last, [_code(name) for name in names],
                      {_code(name): value for name, value in (where or {}).items()}, absent)
    session.ask(chosen)
    return Actuals(tuple(row for metric in chosen for row in session.rows_of(metric)))


def _code(header: str) -> str:
    column = load().column(header)
    return column.code if column else header


def _chosen(names: Iterable[str | Metric], findings: Findings) -> list[Metric]:
    chosen = []
    for name in names:
        try:
            chosen.append(name if isinstance(name, Metric) else load().metric(name))
        except KpiError as error:
            findings.append(found.NoSuchMetric(reason=error.sentence()))
    return chosen


def _day(value: date | str | None, findings: Findings) -> date | None:
    try:
        return as_date(value)
    except KpiError:
        findings.append(found.NotADay(value=value))
        return None


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one table that pass the filters (``ever``) and lie in the period (``inside``)."""

    ever: list[int]
    inside: list[int]
    outside: int = 0
    notes: tuple[Problem, ...] = ()


class Session:
    """One call of :func:`measure`: tables, period, groups and filters, the same for every metric."""

    def __init__(self, tables: list[Table], start: date | None, end: date | None, by: list[str],
                 where: dict[str, str], absent: bool = True) -> None:
        self.tables, self.start, self.end, self.by, self.where = tables, start, end, by, where
        self.absent = absent
        self._kept: dict[tuple[str, str | None], Kept] = {}
        self._answers: dict[str, Answer] = {}

    def ask(self, metrics: Iterable[Metric]) -> None:
        """Let the engines of large tables work out what they can, all metrics of a table in one query."""
        houses = {table: house for table in self.tables if (house := Wholesale(
            table, self.start, self.end, self.by, self.where, CHANNELS, GENRES, absent=self.absent)).able}
        asked: dict[Table, dict[str, Wanted]] = {table: {} for table in houses}
        for metric in metrics if houses else ():
            parts = metric.numerator[0].names if metric.aggregation.code in ("computed", "mean_of") else ()
            for own in [load().metrics[name] for name in parts] or [metric]:
                sources = self._sources(own) if own.aggregation.code in WAYS else []
                if isinstance(sources, Problem) or len({source.table for source in sources}) != 1:
                    continue
                table, sides = sources[0].table, {source.role: source.formula for source in sources}
                if table in houses and len(sides) == len(sources):
                    wanted = houses[table].wanted(own, sides["n"], sides.get("d"))
                    if wanted:
                        asked[table][own.code] = wanted
        for table, house in houses.items():
            self._answers.update(house.answers(list(asked[table].values())))

    # ------------------------------------------------------------ one metric

    def rows_of(self, metric: Metric) -> list[Actual]:
        """The metric as a whole (or by the groups asked for), then by kind where kinds must not mix."""
        kind = metric.aggregation.code
        if kind == "attribute":
            return [Actual(metric, None, problems=(found.NotMeasured(metric=self._label(metric)),))]
        if kind in ("computed", "mean_of"):
            return self._from_metrics(metric)
        sources = self._sources(metric)
        if isinstance(sources, Problem):
            return [Actual(metric, None, problems=(sources,))]
        if metric.code in self._answers:
            return self._told(metric, sources, self._answers[metric.code])
        split = [metric.split] if metric.split else []
        groups = self._groups(metric, sources, self.by + [name for name in split if name not in self.by])
        answer = []
        for group in groups:
            row = self._one(metric, sources, group)
            answer.append(row)
            if any(isinstance(problem, found.MixedGenres) for problem in row.problems):
                answer += [self._one(metric, sources, group, kind) for kind in (False, True)]
        return answer

    def _from_metrics(self, metric: Metric) -> list[Actual]:
        """A metric made of other metrics' values over the same period."""
        parts = {name: self.rows_of(load().metrics[name]) for name in metric.numerator[0].names}
        keys = dict.fromkeys(tuple(row.group.items()) for rows in parts.values() for row in rows)
        answer = []
        for key in keys:
            rows = {name: next((row for row in own if tuple(row.group.items()) == key), None)
                    for name, own in parts.items()}
            values = {name: row.value for name, row in rows.items() if row is not None and row.value is not None}
            problems = [problem for row in rows.values() if row for problem in row.problems]
            lacking = [load().metrics[name] for name in parts if name not in values]
            if lacking:
                problems.insert(0, found.PartsMissing(metric=self._label(metric), parts=self._list(lacking)))
            value: float | None = None
            if metric.aggregation.code == "mean_of" and values:
                value = sum(values.values()) / len(values)
            elif metric.aggregation.code == "computed" and not lacking:
                value = sum(part.value(values.__getitem__) for part in metric.numerator[0].parts)
            tables = tuple(dict.fromkeys(name for row in rows.values() if row for name in row.tables))
            answer.append(Actual(metric, value, dict(key), tables,
                                 sum(row.rows_used for row in rows.values() if row),
                                 sum(row.rows_missing for row in rows.values() if row),
                                 sum(row.rows_outside for row in rows.values() if row), tuple(problems)))
        return answer

    def _one(self, metric: Metric, sources: list[arithmetic.Source], group: dict[str, str | None],
             image: bool | None = None) -> Actual:
        """One value for one group; ``image`` keeps image posts (True) or videos (False) alone."""
        problems: list[Problem] = []
        tables = list(dict.fromkeys(source.table for source in sources))
        kept = {table.name: self._rows(table, metric) for table in tables}
        whole = {name: text for name, text in group.items() if name != metric.split}
        rows, ever, everybody = {}, {}, {}
        for table in tables:
            own = kept[table.name]
            rows[table.name] = self._of_group(table, own.inside, group, metric, image)
            ever[table.name] = self._of_group(table, own.ever, group, metric, image)
            everybody[table.name] = self._of_group(table, own.inside, whole, metric, image)
            problems += own.notes
        job = arithmetic.Job(metric, self._label(metric), sources, rows, everybody, ever, self.start, self.end)
        way = metric.aggregation.code
        result = arithmetic.WAYS[way](job)
        problems += self._faults(sources, rows, bool(self.start or self.end) or way in arithmetic.NEEDS_DATES)
        problems += result.problems
        value = result.value
        mixed = image is None and metric.guard is not None and self._mixed(metric, sources[0].table, result.used)
        return self._actual(metric, sources, group, image, value, problems, mixed=mixed, used=len(result.used),
                            missing=result.missing, outside=sum(own.outside for own in kept.values()))

    def _actual(self, metric: Metric, sources: list[arithmetic.Source], group: dict[str, str | None],
                image: bool | None, value: float | None, problems: list[Problem], *, mixed: bool, used: int,
                missing: int, outside: int) -> Actual:
        """The value with everything that has to be said about it."""
        if any(problem.level == "error" for problem in problems):
            value = None
        elif mixed:
            problems.append(found.MixedGenres(metric=self._label(metric)))
            value = None
        if used and missing and metric.aggregation.code in arithmetic.OVER_ALL_ROWS:
            problems.append(found.RowsLeftOut(metric=self._label(metric), count=missing))
        if not used and not problems:
            problems.append(found.NoRows(metric=self._label(metric)))
        tables = dict.fromkeys(source.table.name for source in sources)
        if image is not None and metric.guard:
            group = {**group, metric.guard: GENRE_NAMES[image][0 if language.current() == "zh" else 1]}
        elif metric.tables[:1] == ("daily",) and metric.unit.code != "people" and value is not None and (
                "works" in tables):
            problems.append(found.CumulativePlays(metric=self._label(metric)))
        sides = {source.role: source.formula for source in reversed(sources)}
        return Actual(metric, value, group, tuple(tables), used, missing, outside, tuple(dict.fromkeys(problems)),
                      _of(metric.numerator, sides.get("n")), _of(metric.denominator, sides.get("d")))

    def _told(self, metric: Metric, sources: list[arithmetic.Source], answer: Answer) -> list[Actual]:
        """What the engine of a large table answered, in the words of :meth:`_one`."""
        rows = []
        for key, kinds in answer.groups.items():
            mixed = sum(tally.used > 0 for tally in kinds.values()) > 1
            for image in (None, False, True) if mixed else (None,):
                tally = Tally()
                for kind, own in kinds.items():
                    if image is None or kind is image:
                        tally.add(own)
                notes: list[Problem] = [found.UndatedRows(Where(table=sources[0].table.name), count=answer.undated)
                                        ] if answer.undated else []
                value: float | None = None
                if metric.aggregation.code == "count":
                    value = float(tally.used)
                elif tally.used:
                    value, bottom = fsum(tally.tops), fsum(tally.bottoms)
                    if metric.denominator and bottom == 0:
                        notes.append(found.ZeroDenominator(metric=self._label(metric)))
                        value = None
                    elif metric.denominator:
                        value /= abs(bottom) if metric.aggregation.code == "growth" else bottom
                rows.append(self._actual(
                    metric, sources, dict(zip(self.by, key, strict=True)), image, value, notes,
                    mixed=mixed and image is None, used=tally.used, missing=tally.rows - tally.used,
                    outside=answer.outside))
        return rows

    @staticmethod
    def _of_group(table: Table, rows: list[int], group: dict[str, str | None], metric: Metric,
                  image: bool | None) -> list[int]:
        for name, text in group.items():
            texts = table.texts(name)
            rows = [row for row in rows if texts[row] == text]
        if image is not None and metric.guard:
            genres = table.texts(metric.guard)
            rows = [row for row in rows if genres[row] is not None and is_image_post(genres[row]) is image]
        return rows

    @staticmethod
    def _faults(sources: list[arithmetic.Source], rows: dict[str, list[int]], dated: bool) -> list[Problem]:
        """Cells that could not be read, among the rows that count (dates: all, nobody knows where they belong)."""
        found_here: list[Problem] = []
        for source in sources:
            table = source.table
            inside = set(rows[table.name])
            found_here += [fault for name in source.formula.names for fault in table.faults.get(name, ())
                           if fault.where.row is None or fault.where.row - 1 in inside]
            if dated and table.date_column:
                found_here += table.faults.get(table.date_column, ())
        return found_here

    def _mixed(self, metric: Metric, table: Table, used: list[int]) -> bool:
        if metric.guard is None or metric.guard not in table:
            return False
        genres = table.texts(metric.guard)
        return len({None if genres[row] is None else is_image_post(genres[row]) for row in used}) > 1

    # ------------------------------------------------------------ which table

    def _sources(self, metric: Metric) -> list[arithmetic.Source] | Problem:
        """Which table each formula is read from, or what is missing."""
        order = sorted(self.tables, key=lambda table: (
            metric.tables.index(table.name) if table.name in metric.tables else len(metric.tables)))
        columns = self.by + ([metric.split] if metric.split else [])
        order = [table for table in order if all(name in table for name in columns)]
        if metric.aggregation.code in PAIRED:
            for blank, table in product((False, True), order):
                top, bottom = (_answerable(table, side, blank) for side in (metric.numerator, metric.denominator))
                if top and bottom:
                    return [arithmetic.Source("n", table, top), arithmetic.Source("d", table, bottom)]
            return self._missing(metric, columns)
        top_sources = self._spread(metric.numerator, order, "n")
        bottom_sources = self._spread(metric.denominator, order, "d") if metric.denominator else []
        if top_sources is None or bottom_sources is None:
            return self._missing(metric, columns)
        extra = self._opening_sources(metric, order) if metric.aggregation.code in ("ratio_opening", "compound") else []
        return top_sources + bottom_sources + extra

    def _opening_sources(self, metric: Metric, order: list[Table]) -> list[arithmetic.Source]:
        """Where the net change of a stock is read, to take it back from the first day's closing value."""
        stock = metric.denominator[0].names[0]
        net = load().metrics["net_followers"].numerator if stock == "fans_total" else metric.numerator
        table = next((table for table in order if stock in table), None)
        formula = _answerable(table, net) if table else None
        return [arithmetic.Source("net", table, formula)] if table and formula else []

    @staticmethod
    def _spread(side: tuple[Expression, ...], order: list[Table], role: str) -> list[arithmetic.Source] | None:
        """One table for a whole formula; else, part by part, the tables that have them."""
        for blank, table in product((False, True), order):
            formula = _answerable(table, side, blank)
            if formula:
                return [arithmetic.Source(role, table, formula)]
        for formula in side:
            sources = []
            for part in formula.parts:
                table_of = next((table for table in order if all(name in table for name in part.names)), None)
                if table_of:
                    sources.append(arithmetic.Source(role, table_of, Expression(formula.text, (part,))))
            if len(sources) == len(formula.parts):
                return sources
        return None

    def _missing(self, metric: Metric, also: list[str]) -> Problem:
        """The columns that no table has (or that no one table has together)."""
        names = dict.fromkeys([name for side in (metric.numerator, metric.denominator) if side
                               for name in side[0].names] + also)
        lacking = [name for name in names if not any(name in table for table in self.tables)] or list(names)
        return found.MissingColumns(metric=self._label(metric), columns=self._list(lacking),
                                    tables=", ".join(table.name for table in self.tables) or "–")

    # ------------------------------------------------------------ which rows

    def _rows(self, table: Table, metric: Metric) -> Kept:
        """The table's rows inside filters and period, the same for every metric that splits alike."""
        channels = next((name for name in CHANNELS if name in table and name != metric.split and name not in self.by
                         and name not in self.where), None)
        key = (table.name, metric.split)
        if key not in self._kept:
            self._kept[key] = self._keep(table, channels, metric.split)
        return self._kept[key]

    def _keep(self, table: Table, channels: str | None, split: str | None) -> Kept:
        rows = list(range(table.length))
        for name, wanted in self.where.items():
            if name not in table:
                return Kept([], [], 0, (found.MissingColumns(metric=name, columns=name, tables=table.name),))
            texts = table.texts(name)
            if name == "genre" and wanted.casefold() in GENRES:
                image = GENRES[wanted.casefold()]
                rows = [row for row in rows if texts[row] is not None and is_image_post(texts[row]) is image]
            else:
                rows = [row for row in rows if texts[row] == wanted]
        if channels:  # a channel column may hold its own total: never count both
            total = table.is_total(channels)
            if any(total[row] for row in rows):
                rows = [row for row in rows if total[row]]
        for name in CHANNELS:
            if name in table and (name in self.by or name == split):
                total = table.is_total(name)
                rows = [row for row in rows if not total[row]]
        if self.start is None and self.end is None:
            return Kept(rows, rows)
        if table.date_column is None:
            return Kept(rows, [], 0, (found.NoDateColumn(metric=table.name),))
        days = table.dates()
        unread = {fault.where.row for fault in table.faults.get(table.date_column, ())}  # told one by one
        undated = sum(days[row] is None and row + 1 not in unread for row in rows)
        inside = [row for row in rows if (day := days[row]) is not None
                  and (self.start is None or day >= self.start) and (self.end is None or day <= self.end)]
        notes = (found.UndatedRows(Where(table=table.name), count=undated),) if undated else ()
        return Kept(rows, inside, sum(days[row] is not None for row in rows) - len(inside), notes)

    def _groups(self, metric: Metric, sources: list[arithmetic.Source], by: list[str]) -> list[dict[str, str | None]]:
        if not by:
            return [{}]
        keys: dict[Group, bool] = {}  # in order of appearance in the whole table; whether it is to be listed
        for source in sources:
            columns = [source.table.texts(name) for name in by]
            total = [source.table.is_total(name) for name in by if name in CHANNELS]
            listed = range(source.table.length) if self.absent else set(self._rows(source.table, metric).inside)
            for row in range(source.table.length):
                if not any(flags[row] for flags in total):
                    key = tuple(column[row] for column in columns)
                    keys[key] = keys.get(key, False) or row in listed
        return [dict(zip(by, key, strict=True)) for key, wanted in keys.items() if wanted]

    # ------------------------------------------------------------ words

    def _label(self, metric: Metric) -> str:
        return metric.label(language.current())

    def _list(self, things: Iterable[Metric | str]) -> str:
        lang = language.current()
        words = [thing.label(lang) if isinstance(thing, Metric) else
                 load().columns[thing].label(lang) if thing in load().columns else thing for thing in things]
        return ("、" if lang == "zh" else ", ").join(words)


def _answerable(table: Table, side: tuple[Expression, ...], blank: bool = False) -> Expression | None:
    """The first alternative all of whose columns the table has, with data in them (or ``blank``)."""
    return next((formula for formula in side if all(
        name in table and (blank or table.has_data(name)) for name in formula.names)), None)


def _of(side: tuple[Expression, ...], used: Expression | None) -> Expression | None:
    """The whole alternative that a formula (or one part of it) was taken from."""
    return next((formula for formula in side if used is not None and formula.text == used.text), None)
