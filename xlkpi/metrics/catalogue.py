"""The catalogue's tables, read once into one object that answers by name.

Only the standard library, and nothing is read before it is asked for.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from xlkpi.errors import did_you_mean
from xlkpi.metrics import expression
from xlkpi.metrics.model import (
    BENCHMARK_RULES,
    COLUMN_KINDS,
    DIRECTIONS,
    Aggregation,
    Benchmark,
    Metric,
    Source,
    SourceColumn,
    Unit,
)
from xlkpi.metrics.problems import AmbiguousMetric, CatalogueError, UnknownMetric

DATA = Path(__file__).parent / "data"
METRIC_TABLES = ("metrics_short_video", "metrics_wechat", "metrics_account")
RATING_SCALE = (0.0, 100.0)

Row = dict[str, str]


def key_of(name: str) -> str:
    """A name as it is compared: width, case and white space do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Catalogue:
    """Metrics and source columns by name; iterating gives the metrics in the order of the tables."""

    def __init__(self, tables: dict[str, list[Row]], version: str) -> None:
        self.version = version
        self.groups = {row["code"]: (row["zh"], row["en"]) for row in tables["groups"]}
        self.units = {row["code"]: Unit(row["code"], row["zh"], row["en"], row["format"]) for row in tables["units"]}
        self.aggregations = {row["code"]: Aggregation(row["code"], row["zh"], row["en"])
                             for row in tables["aggregations"]}
        self.sources = {row["code"]: Source(**row) for row in tables["sources"]}
        self.benchmarks = _benchmarks(tables["benchmarks"])
        self.columns: dict[str, SourceColumn] = {row["code"]: self._column(row) for row in tables["columns"]}
        self.metrics: dict[str, Metric] = {}
        for name in METRIC_TABLES:
            for row in tables[name]:
                self._add(self._metric(row))
        for row in tables["rated"]:
            self._add(self._rated(row))
        self.ambiguous = {key_of(row["name"]): tuple(row["codes"].split("|")) for row in tables["ambiguous"]}
        self._metric_keys = self._index(list(self.metrics.values()), self.ambiguous)
        self._column_keys = self._index(list(self.columns.values()), {})

    # ------------------------------------------------------------ asking

    def __iter__(self) -> Iterator[Metric]:
        return iter(self.metrics.values())

    def __len__(self) -> int:
        return len(self.metrics)

    def metric(self, name: str) -> Metric:
        """The metric called ``name`` (code, Chinese, English or alias, any case and width).

        Raises :class:`UnknownMetric` with the nearest name, or :class:`AmbiguousMetric` with the
        candidates where a name is used for several metrics.
        """
        key = key_of(str(name))
        code = self._metric_keys.get(key)
        if code is not None:
            return self.metrics[code]
        if key in self.ambiguous:
            choices = "、".join(f"{self.metrics[code].zh} {code}" for code in self.ambiguous[key])
            raise AmbiguousMetric(name=name, choices=choices)
        raise UnknownMetric(name=name, hint=did_you_mean(str(name), self._names()))

    def column(self, name: str) -> SourceColumn | None:
        """The source column called ``name`` in any spelling, or None."""
        code = self._column_keys.get(key_of(str(name)))
        return None if code is None else self.columns[code]

    def formula(self, metric: Metric, lang: str, numerator: expression.Expression | None = None,
                denominator: expression.Expression | None = None) -> str:
        """How the metric is worked out, as a sentence; of alternatives the first, unless one is given."""
        sides = [given or (own[0] if own else None)
                 for given, own in ((numerator, metric.numerator), (denominator, metric.denominator))]
        top, bottom = (side.said(lambda code: self.label(code, metric, lang)) if side else "" for side in sides)
        return metric.aggregation.said(lang, top, bottom)

    def label(self, code: str, metric: Metric, lang: str) -> str:
        """The label of a name in a metric's formula: a metric's where it is computed, else a column's."""
        over_metrics = metric.aggregation.code in ("computed", "mean_of")
        return (self.metrics if over_metrics else self.columns)[code].label(lang)

    def _names(self) -> list[str]:
        return [name for metric in self for name in (metric.code, metric.zh, metric.en, *metric.aliases)]

    # ------------------------------------------------------------ reading

    def _column(self, row: Row) -> SourceColumn:
        if row["kind"] not in COLUMN_KINDS:
            raise CatalogueError(f"columns.csv: {row['code']} has the unknown kind {row['kind']!r}")
        return SourceColumn(row["code"], row["zh"], row["en"], _list(row["aliases"]), row["kind"],
                            self.units[row["unit"]] if row["unit"] else None, row["additive"] == "yes",
                            float(row["at_most"]) if row["at_most"] else None)

    def _metric(self, row: Row) -> Metric:
        rated = row["rated"] == "yes"
        if rated and row["code"] not in self.columns:
            self._rating_column(row, ())
        if row["direction"] and row["direction"] not in DIRECTIONS:
            raise CatalogueError(f"{row['code']} has the unknown direction {row['direction']!r}")
        return Metric(
            code=row["code"], zh=row["zh"], en=row["en"], aliases=_list(row["aliases"]), group=row["group"],
            numerator=self._formula(row, "numerator"), denominator=self._formula(row, "denominator"),
            aggregation=self._known(self.aggregations, row["aggregation"], row["code"]),
            unit=self._known(self.units, row["unit"], row["code"]), direction=row["direction"] or None,
            additive=row["additive"] == "yes", source=row["source"], note_zh=row["note_zh"], note_en=row["note_en"],
            rated=rated, tables=_list(row["tables"]), guard=row["guard"] or None, split=row["split"] or None,
            benchmarks=self.benchmarks.get(row["code"], {}), scale=RATING_SCALE if rated else None)

    def _rated(self, row: Row) -> Metric:
        column = row["same_as"] or row["code"]
        if column not in self.columns:
            self._rating_column(row, _list(row["aliases"]))
        return Metric(
            code=row["code"], zh=row["zh"], en=row["en"], aliases=_list(row["aliases"]), group="R",
            numerator=expression.read(column), denominator=(), aggregation=self.aggregations["mean"],
            unit=self.units["points"], direction="up", additive=False, source=row["source"],
            note_zh=row["note_zh"], note_en=row["note_en"], rated=True, same_as=row["same_as"] or None,
            dimension_zh=row["dimension_zh"], dimension_en=row["dimension_en"], scale=RATING_SCALE)

    def _rating_column(self, row: Row, aliases: tuple[str, ...]) -> None:
        """A rated item is its own column: one rating a row, 0–100."""
        self.columns[row["code"]] = SourceColumn(row["code"], row["zh"], row["en"], aliases, "number",
                                                 self.units["points"], False, RATING_SCALE[1])

    def _formula(self, row: Row, side: str) -> tuple[expression.Expression, ...]:
        try:
            return expression.read(row[side])
        except ValueError as error:
            raise CatalogueError(f"{row['code']}, {side}: {error}") from error

    @staticmethod
    def _known(table: dict[str, Any], code: str, metric: str) -> Any:
        if code not in table:
            raise CatalogueError(f"{metric}: {code!r} is not one of {', '.join(table)}")
        return table[code]

    def _add(self, metric: Metric) -> None:
        if metric.code in self.metrics:
            raise CatalogueError(f"{metric.code} is listed twice")
        self.metrics[metric.code] = metric

    @staticmethod
    def _index(entries: Sequence[Metric | SourceColumn], ambiguous: Container[str]) -> dict[str, str]:
        """Every spelling to its code. Codes win; any other spelling claimed twice must be declared ambiguous."""
        keys: dict[str, str] = {}
        for entry in entries:
            keys[key_of(entry.code)] = entry.code
        for entry in entries:
            same = getattr(entry, "same_as", None)
            for name in (entry.zh, entry.en, *entry.aliases):
                key = key_of(name)
                if key in ambiguous:
                    continue
                owner = keys.setdefault(key, same or entry.code)
                if owner not in (entry.code, same):
                    raise CatalogueError(f"the name {name!r} is claimed by {owner} and {entry.code}; "
                                         "declare it in ambiguous.csv")
        return keys


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _benchmarks(rows: list[Row]) -> dict[str, dict[str, tuple[Benchmark, ...]]]:
    found: dict[str, dict[str, tuple[Benchmark, ...]]] = {}
    for row in rows:
        if row["rule"] not in BENCHMARK_RULES:
            raise CatalogueError(f"benchmarks.csv: {row['code']} has the unknown rule {row['rule']!r}")
        line = Benchmark(row["code"], row["set"], row["rule"], float(row["low"]),
                         float(row["high"]) if row["high"] else None, row["scope_zh"], row["scope_en"], row["source"])
        sets = found.setdefault(row["code"], {})
        sets[row["set"]] = (*sets.get(row["set"], ()), line)
    return found


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue, read at the first call. ``version`` changes whenever a table does."""
    names = ("groups", "units", "aggregations", "sources", "benchmarks", "columns", *METRIC_TABLES, "rated",
             "ambiguous")
    tables: dict[str, list[Row]] = {}
    mark = 0
    for name in names:
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8-sig")  # universal newlines
        mark = crc32(text.encode(), mark)
        tables[name] = list(csv.DictReader(text.splitlines()))
    return Catalogue(tables, f"{mark:08x}")


def find_metric(name: str) -> Metric:
    """The metric called ``name``; see :meth:`Catalogue.metric`."""
    return load().metric(name)


def find_column(name: str) -> SourceColumn | None:
    """The source column called ``name`` (a header as an export writes it), or None."""
    return load().column(name)
