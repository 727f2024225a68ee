"""Goals as they are written in a sheet → typed goals, with everything that is wrong found at once.

The columns are the arguments of ``KPI_SCORE`` under their Chinese or English labels, which are
those of :mod:`xlkpi.terms`, plus the metric, its dimension and its weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xlkpi import cells, language, registry
from xlkpi.errors import Findings, KpiError, Where, did_you_mean
from xlkpi.measure.tables import columns_of, is_missing
from xlkpi.metrics import Metric, load
from xlkpi.metrics.catalogue import key_of
from xlkpi.scorecard import problems as found
from xlkpi.scorecard.levels import whole_weights
from xlkpi.terms import Term

TABLE = "goals"
LABELS: dict[str, tuple[str, ...]] = {
    "metric": ("指标", "Metric", "指标名称", "指标代码", "考核指标", "KPI", "code"),
    "dimension": ("维度", "Dimension", "考核维度"),
    "weight": ("权重", "Weight", "权重%", "权重(%)", "weights"),
    "dimension_weight": ("维度权重", "Dimension weight", "维度权重%", "维度权重(%)", "一级权重"),
}
ALSO: dict[str, tuple[str, ...]] = {  # what people write besides the terms' own labels
    "actual": ("实际", "实际完成", "实际完成值", "完成值"), "target": ("目标",), "direction": ("指标方向",),
    "method": ("方法", "scoring method", "评分方法"), "baseline": ("基线值", "起点值"), "floor": ("底线",),
    "stretch": ("挑战", "挑战目标"), "cap": ("封顶值", "上限"), "points": ("分值", "points each"),
}
SILENT = (  # columns that a sheet of goals may have and that no score depends on
    "序号", "单位", "备注", "说明", "数据来源", "评分标准", "责任人", "负责人", "姓名", "部门", "岗位", "考核周期",
    "公式", "no", "unit", "note", "notes", "source", "owner", "name", "department", "position", "period", "label",
    "formula",
)
WITHOUT_TARGET = ("deduct", "bonus", "band", "veto")


@dataclass(frozen=True, slots=True)
class Goal:
    """One row of goals; ``arguments`` are those of ``KPI_SCORE`` after the actual value, in its order."""

    metric: Metric
    weight: float
    arguments: tuple[Any, ...]
    dimension: str | None = None
    actual: float | None = None
    row: int = 0
    dimension_weight: float | None = None

    @property
    def target(self) -> float | None:
        return self.arguments[0]  # type: ignore[no-any-return]

    @property
    def direction(self) -> str | None:
        return self.arguments[1]  # type: ignore[no-any-return]

    @property
    def baseline(self) -> float | None:
        return self.arguments[2]  # type: ignore[no-any-return]

    @property
    def method(self) -> str:
        return self.arguments[6]  # type: ignore[no-any-return]

    @property
    def where(self) -> Where:
        return Where(table=TABLE, row=self.row)


@lru_cache(maxsize=1)
def _parameters() -> dict[str, tuple[Term, Any]]:
    """Name → term and default of every parameter of ``KPI_SCORE``."""
    return {parameter.name: (parameter.term, parameter.default if parameter.optional else None)
            for parameter in registry.find("KPI_SCORE").parameters}


@lru_cache(maxsize=1)
def _headings() -> dict[str, str]:
    """Every spelling of a heading → its field."""
    spellings = {field: (field, *labels) for field, labels in LABELS.items()}
    for name, (term, _) in _parameters().items():
        spellings[name] = (name, term.zh, term.en, *ALSO.get(name, ()))
    return {key_of(word): field for field, words in spellings.items() for word in words}


def field_of(heading: str) -> str | None:
    """The field of goals that a heading means, in any of its spellings; None for what no score depends on."""
    return _headings().get(key_of(heading))


REMEMBERED = 64
_known: dict[tuple[Any, ...], tuple[Goal, ...]] = {}


def read_goals(goals: Any, findings: Findings) -> tuple[Goal, ...]:
    """The goals of a data frame, a dictionary of columns or a list of rows.

    Rows are counted from 1 in the order given; wholly blank rows are skipped. What is wrong is
    added to ``findings``; goals that cannot be used are left out. Goals in which nothing is wrong
    are remembered by their contents: a whole team is often scored against the same ones.
    """
    given = columns_of(TABLE, goals)
    try:
        key = (_lang(), *((header, tuple(map(type, column)), tuple(column)) for header, column in given.items()))
        known = _known.get(key)
    except TypeError:  # something that cannot be a goal anyway
        return _read(given, findings)
    if known is not None:
        return known
    own = Findings()
    read = _read(given, own)
    findings += own
    if not own:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = read
    return read


def _read(given: Mapping[str, Sequence[Any]], findings: Findings) -> tuple[Goal, ...]:
    columns, headers = _columns(given, findings)
    if "metric" not in columns or "weight" not in columns:
        return ()
    length = max(map(len, columns.values()), default=0)
    read: list[Goal] = []
    first: dict[str, int] = {}
    dimension: Any = None
    for place in range(length):
        row = {field: column[place] for field, column in columns.items() if not is_missing(column[place])}
        if not row:
            continue
        if "dimension_weight" in columns:
            if "dimension" not in row and "dimension_weight" not in row:
                row["dimension"] = dimension  # a merged cell reads as its first row
            dimension = row.get("dimension")
        goal = _goal(row, place + 1, headers, findings)
        if goal is None:
            continue
        if goal.metric.canonical in first:
            findings.append(found.DoubledGoal(goal.where, metric=goal.metric.label(_lang()),
                                              first=first[goal.metric.canonical]))
            continue
        first[goal.metric.canonical] = goal.row
        read.append(goal)
    if not read and not findings.errors:
        findings.append(found.NoGoals(Where(table=TABLE)))
    for field in ("weight", "dimension_weight"):
        _same_scale(columns.get(field, ()), findings)
    if "dimension_weight" in columns and not findings.errors:
        read = whole_weights(read, findings)
    return tuple(read)


def _columns(given: Mapping[str, Sequence[Any]], findings: Findings) -> tuple[dict[str, Sequence[Any]], dict[str, str]]:
    """Field → column and field → the heading as written."""
    columns: dict[str, Sequence[Any]] = {}
    headers: dict[str, str] = {}
    silent = {key_of(word) for word in SILENT}
    for header, column in given.items():
        field = _headings().get(key_of(header))
        where = Where(table=TABLE, column=header)
        if field is None:
            if key_of(header) not in silent:
                labels = [word for name, words in LABELS.items() for word in (name, *words)] + [
                    word for name, (term, _) in _parameters().items() for word in (name, term.zh, term.en)]
                findings.append(found.UnknownHeading(where, heading=header, hint=did_you_mean(header, labels)))
        elif field in columns:
            findings.append(found.DoubledHeading(where, heading=field, headers=f"{headers[field]}, {header}"))
        else:
            columns[field], headers[field] = column, header
    if not any(len(column) for column in columns.values()) and not findings.errors:
        findings.append(found.NoGoals(Where(table=TABLE)))
        return {}, {}
    for field in ("metric", "weight"):
        if field not in columns:
            zh, en = LABELS[field][:2]
            findings.append(found.MissingHeading(Where(table=TABLE), heading=zh if _lang() == "zh" else en))
    return columns, headers


def _goal(row: dict[str, Any], number: int, headers: dict[str, str], findings: Findings) -> Goal | None:
    where = Where(table=TABLE, row=number)
    errors = len(findings.errors)
    if "metric" not in row:
        findings.append(found.GoalWithoutMetric(where))
        return None
    metric: Metric | None = None
    try:
        metric = load().metric(str(row["metric"]).strip())
    except KpiError as error:
        findings.append(found.GoalMetricUnknown(where, reason=error.sentence()))
    label = metric.label(_lang()) if metric else str(row["metric"]).strip()
    parameters = _parameters()
    values: dict[str, Any] = {field: default for field, (_, default) in parameters.items()}
    weights: dict[str, float | None] = {}
    for field, cell in row.items():
        try:
            if field in ("weight", "dimension_weight"):
                weights[field] = cells.as_number(cell, headers[field])
            elif field in parameters:
                value = cells.as_term(cell, parameters[field][0], headers[field])
                values[field] = values[field] if value is None else value
        except KpiError as error:
            findings.append(found.BadGoalCell(Where(table=TABLE, row=number, column=headers[field]),
                                              reason=error.sentence()))
    if values["direction"] is None and metric is not None:
        values["direction"] = metric.direction
    if values["target"] is None and "target" not in row and values["method"] not in WITHOUT_TARGET:
        findings.append(found.GoalWithoutTarget(where, metric=label))
    weight = weights.get("weight")
    if "weight" not in row:
        findings.append(found.GoalWithoutWeight(where, metric=label))
    if metric is None or weight is None or len(findings.errors) > errors:
        return None
    target = values["target"]
    if metric.unit.code == "percent" and target is not None and abs(target) >= 2 and values["method"] not in (
            *WITHOUT_TARGET, "rate"):
        findings.append(found.PercentAsNumber(where, metric=label, target=target, percent=target * 100,
                                              fraction=target / 100))
    actual = values.pop("actual")
    dimension = str(row["dimension"]).strip() if row.get("dimension") else metric.dimension(_lang()) or None
    return Goal(metric, weight, tuple(values.values()), dimension, actual, number, weights.get("dimension_weight"))


def _same_scale(weights: Sequence[Any], findings: Findings) -> None:
    """Weights with and without percent signs in one column: 30% and 30 are not the same number."""
    signed = [str(weight) for weight in weights if isinstance(weight, str) and weight.strip().endswith(("%", "％"))]
    if not signed:
        return
    plain = [str(weight) for weight in weights if not is_missing(weight) and str(weight) not in signed
             and (cells.read_number(str(weight)) or 0) > 1]
    if plain:
        findings.append(found.MixedWeights(Where(table=TABLE), weights=f"{signed[0]}, {plain[0]}"))


def _lang() -> str:
    return language.current()
