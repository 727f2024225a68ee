"""Actual values against goals: every figure comes from the function that the cell would call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlkpi import cells, language
from xlkpi.errors import Findings, KpiError, Problem, Where, did_you_mean
from xlkpi.functions import (
    KPI_COEFFICIENT,
    KPI_COMPLETION,
    KPI_COVERAGE,
    KPI_SCORE,
    KPI_STATUS,
    KPI_WEIGHTS,
)
from xlkpi.functions.figures import percent
from xlkpi.functions.totals import adds_up, as_fraction
from xlkpi.measure import Actuals
from xlkpi.measure.tables import columns_of, is_missing
from xlkpi.metrics import AmbiguousMetric, Metric, load
from xlkpi.metrics.catalogue import key_of
from xlkpi.scorecard import problems as found
from xlkpi.scorecard.card import Scorecard, ScoreRow
from xlkpi.scorecard.goals import LABELS, Goal, _parameters, read_goals
from xlkpi.scorecard.prorating import prorated
from xlkpi.scorecard.rules import DEFAULT_GRADES, Band, Rules
from xlkpi.terms import MISSING_MODES, WEIGHT_MODES, Choice, Term

GAPS = (*MISSING_MODES, Choice("carry", "Carry forward", "沿用上期", ("carry forward", "沿用")))
NO_COMPLETION = ("deduct", "bonus", "range", "band", "veto")


def score(actuals: Any, goals: Any, *, weight_mode: str = "strict", missing: str = "exclude",
          grades: Sequence[Band] = DEFAULT_GRADES, bonus: float | None = None, previous: Any = None,
          prorate: float | None = None, lang: str | None = None) -> Scorecard:
    """Score actual values against goals.

    ``actuals`` is what :func:`xlkpi.measure.measure` answers, a mapping of metric (code, Chinese,
    English or alias) to value, a table with the columns metric and actual, or None where the goals
    bring their own column of actual values. ``goals`` is a table (data frame, dictionary of columns
    or list of rows) with metric, weight, target and, as needed, dimension, direction, method,
    baseline, floor, stretch, cap, floor score, step, points and actual, under Chinese or English
    headings. A direction that is not given is the metric's own. A dimension weight makes the weights
    two-level: the indicators of a dimension add up to 100%, or to the dimension's weight.

    ``weight_mode``: ``strict`` wants 100%, ``relative`` takes shares. ``missing``: rows without an
    actual value are left out and their weight goes to the others (``exclude``), count as 0
    (``zero``), take the value of ``previous``, which is written as ``actuals`` is (``carry``; what is
    not there either is left out), or are refused (``error``). ``prorate``: the share of the period
    that counts (18 of 30 days: 0.6); targets, floors, stretches and steps of flows are taken at it,
    those with a baseline by the way from there, all others whole. ``grades``: (lower bound, name,
    coefficient) from high to low, the last bound None. Scores are points (100 on target), completions
    fractions.

    Raises :class:`~xlkpi.errors.Refused` with every error found in goals and actuals; notes and
    warnings are in the scorecard's ``problems``.
    """
    with language.use(lang or language.current()):
        findings = Findings()
        mode = _option(weight_mode, WEIGHT_MODES, "weight_mode", findings)
        gap = _option(missing, GAPS, "missing", findings)
        rows = goals if isinstance(goals, tuple) and goals and isinstance(goals[0], Goal) else read_goals(
            goals, findings)
        if prorate is not None:
            if not 0 < prorate <= 1:
                findings.append(found.ProrateWrong(share=prorate))
            rows = tuple(prorated(rows, prorate, findings))
        given = _given(actuals, findings)
        if (gap == "carry") != (previous is not None):
            findings.append(found.CarryNeedsBoth())
        elif gap == "carry":
            given = _carried(rows, given, _given(previous, findings), findings)
        return _scorecard(rows, given, Rules(mode, gap, tuple(grades), bonus), findings)


def _carried(goals: Sequence[Goal], given: dict[str, _Given], before: dict[str, _Given],
             findings: Findings) -> dict[str, _Given]:
    """The values given, and for goals without one that of the period before."""
    filled = dict(given)
    for goal in goals:
        code = goal.metric.canonical
        old = before.get(code)
        if goal.actual is None and old is not None and not is_missing(old.value) and (
                code not in given or is_missing(given[code].value)):
            filled[code] = _Given(old.value, given[code].problems if code in given else ())
            findings.append(found.ActualCarried(goal.where, metric=goal.metric.label(language.current()),
                                                value=old.value))
    return filled


def _option(value: str, choices: Any, name: str, findings: Findings) -> str:
    try:
        return Term(name, name, "", "", "choice", choices=choices).choose(value, name)
    except KpiError as error:
        findings.append(found.BadOption(reason=error.sentence()))
        return value


def _scorecard(goals: Sequence[Goal], given: dict[str, Any], rules: Rules, findings: Findings) -> Scorecard:
    lang, gap = language.current(), rules.missing
    actuals: list[float | None] = []
    scores: list[float | None] = []
    for goal in goals:
        actual = _actual(goal, given, gap, findings)
        actuals.append(actual)
        try:
            scores.append(KPI_SCORE(actual, *goal.arguments))
        except KpiError as error:
            findings.append(found.CannotScore(goal.where, metric=goal.metric.label(lang), reason=error.sentence()))
            scores.append(None)
    weights = [goal.weight for goal in goals]
    total = _weighed(scores, weights, rules, findings) if goals else None
    findings.refuse()
    counted = [weight if score is not None or gap == "zero" else None
               for score, weight in zip(scores, weights, strict=True)]
    shares: list[Any] = [None] * len(goals)
    if sum(weight or 0 for weight in counted):
        shares = KPI_WEIGHTS(counted, "relative")
    coverage = KPI_COVERAGE(scores, weights) or 0.0
    vetoes = [goal for goal, score in zip(goals, scores, strict=True) if goal.method == "veto" and score == 0]
    grade, coefficient = _graded(total, coverage, rules, lang, len(vetoes), findings)
    findings.refuse()
    _told(weights, vetoes, grade, rules, findings)
    rows = tuple(_row(goal, actual, score, share, lang)
                 for goal, actual, score, share in zip(goals, actuals, scores, shares, strict=True))
    return Scorecard(rows, total, coverage, grade, coefficient, lang, findings, rules)


def _told(weights: list[float], vetoes: list[Goal], grade: str | None, rules: Rules, findings: Findings) -> None:
    """What must not go unsaid beside a total and its grade."""
    if rules.weight_mode == "relative" and not adds_up(whole := sum(weights)):
        findings.append(found.WeightsNormalised(Where(table="goals"), total=percent(as_fraction(whole))))
    if vetoes:
        names = ("、" if language.current() == "zh" else ", ").join(
            goal.metric.label(language.current()) for goal in vetoes)
        findings.append(found.VetoTouched(vetoes[0].where, metrics=names, grade=grade))


def _row(goal: Goal, actual: float | None, score: float | None, share: float | None, lang: str) -> ScoreRow:
    completion = _completion(goal, actual)
    judged = completion if completion is not None or score is None else score / 100
    contribution = None if share is None else (score or 0.0) * share
    return ScoreRow(goal, actual, completion, score, share, contribution, KPI_STATUS(judged, lang=lang), lang)


def _completion(goal: Goal, actual: float | None) -> float | None:
    """Completion, where the method has one: a number of deductions does not complete anything."""
    if actual is None or goal.method in NO_COMPLETION:
        return None
    try:
        return KPI_COMPLETION(actual, goal.target, None if goal.method == "rate" else goal.direction, goal.baseline,
                              "inverse" if goal.method == "inverse" else "linear")
    except KpiError:  # a score without a completion, such as a target of 0 with all or nothing
        return None


def _weighed(scores: list[float | None], weights: list[float], rules: Rules, findings: Findings) -> float | None:
    try:
        return rules.total(scores, weights)
    except KpiError as error:
        findings.append(found.WeightsWrong(Where(table="goals"), reason=error.sentence()))
        return None


def _graded(total: float | None, coverage: float, rules: Rules, lang: str, vetoes: int,
            findings: Findings) -> tuple[str | None, float | None]:
    try:
        grade = rules.grade(total, coverage, vetoes, lang)
        return grade, KPI_COEFFICIENT(grade, rules.names, [coefficient for _, _, coefficient in rules.grades])
    except KpiError as error:
        findings.append(found.GradesWrong(reason=error.sentence()))
        return None, None


# ---------------------------------------------------------------- actual values


def _actual(goal: Goal, given: dict[str, Any], gap: str, findings: Findings) -> float | None:
    """The goal's actual value: its own or the one given apart; two that differ are refused."""
    code = goal.metric.canonical
    value = given.get(code, _Given())
    findings.extend(value.problems)
    label = goal.metric.label(language.current())
    number: float | None = None
    if not is_missing(value.value):
        try:
            number = cells.as_number(value.value, label)
        except KpiError as error:
            findings.append(found.ActualNotANumber(goal.where, metric=label, reason=error.sentence()))
            return None
    if goal.actual is not None:
        if number is not None and number != goal.actual:
            findings.append(found.ActualTwice(goal.where, metric=label, one=number, two=goal.actual))
        return goal.actual
    if number is None:
        if gap == "error":
            findings.append(found.ActualRequired(goal.where, metric=label))
        else:
            words = ("记 0 分", "it counts as 0") if gap == "zero" else (
                "不计分，权重分给其他行", "it is not scored and its weight goes to the other rows")
            findings.append(found.ActualMissing(goal.where, metric=label,
                                                what=words[0] if language.current() == "zh" else words[1]))
    return number


class _Given:
    """A value given for a metric, and what measuring it found."""

    __slots__ = ("problems", "value")

    def __init__(self, value: Any = None, problems: Iterable[Problem] = ()) -> None:
        self.value, self.problems = value, tuple(problems)


def _given(actuals: Any, findings: Findings) -> dict[str, _Given]:
    if actuals is None:
        return {}
    if isinstance(actuals, Actuals):
        return {row.metric.canonical: _Given(row.value, row.problems) for row in actuals if not row.group}
    if isinstance(actuals, Mapping) and not any(isinstance(value, (list, tuple)) for value in actuals.values()):
        pairs: list[tuple[Any, Any]] = list(actuals.items())
    else:
        pairs = _pairs(actuals, findings)
    given: dict[str, _Given] = {}
    for name, value in pairs:
        metric = _metric(name, findings)
        if metric is None:
            continue
        known = given.get(metric.canonical)
        if known is not None and known.value != value:
            findings.append(found.ActualTwice(metric=metric.label(language.current()), one=known.value, two=value))
        given[metric.canonical] = _Given(value)
    return given


def _metric(name: Any, findings: Findings) -> Metric | None:
    if isinstance(name, Metric):
        return name
    try:
        return load().metric(str(name))
    except AmbiguousMetric as error:
        findings.append(found.GoalMetricUnknown(Where(table="actuals"), reason=error.sentence()))
    except KpiError:
        findings.append(found.ActualUnused(Where(table="actuals"), name=name,
                                           hint=did_you_mean(str(name), (metric.zh for metric in load()))))
    return None


def _pairs(actuals: Any, findings: Findings) -> list[tuple[Any, Any]]:
    """Metric and value of each row of a table."""
    columns = {key_of(header): column for header, column in columns_of("actuals", actuals).items()}
    term, _ = _parameters()["actual"]
    sides: list[Sequence[Any]] = []
    for names in (("metric", *LABELS["metric"]), ("actual", term.zh, term.en, "value", "数值", "值")):
        column = next((columns[key_of(name)] for name in names if key_of(name) in columns), None)
        if column is None:
            heading = names[1 if language.current() == "zh" else 0]
            findings.append(found.MissingHeading(Where(table="actuals"), heading=heading))
            return []
        sides.append(column)
    return [(name, value) for name, value in zip(*sides, strict=True) if not is_missing(name)]
