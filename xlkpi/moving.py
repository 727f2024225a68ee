"""What moves the grade of the form in a workbook: its goals scored again and held against what the form shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlkpi import language
from xlkpi.cells import as_number, is_blank
from xlkpi.errors import KpiError, Problem, Refused, Where
from xlkpi.scorecard.rules import Rules

if TYPE_CHECKING:
    from xlkpi.scorecard import Moves, Scorecard
    from xlkpi.workbook.fill import Template

SAME = 1e-7  # totals nearer than this are one figure, summed in another order
METRIC, TARGET, ACTUAL, SCORE, WEIGHTED = 2, 5, 6, 8, 9  # columns of both kinds of form, from 0
PLACE, DIMENSION, SHARE, DIMENSION_WEIGHT, PART, METHOD, DIRECTION, CAP = range(14, 22)  # of the form for a team
TYPED = {"baseline", "floor", "stretch", "floor_score", "step", "points", "bands"}
BONUS, VETO = 4, 5  # of the persons
RESULTS = ("total_score", "grade", "coefficient", "coverage", "weight_check")
TEXT, THEN, NOW = "levers", "levers_for", "levers_now"  # cells of the form: the sentences, and what it showed then


class NoScorecard(Problem):
    zh = "这个工作簿里没有考核表（名为 scorecard 的表）；可用 xlkpi fill 填充模板得到一份"
    en = "this workbook has no scorecard (a table named scorecard); xlkpi fill makes one from a template"


class NoMoves(Problem):
    level = "warning"
    zh = "没有给出“什么会改变等级”：{reason}"
    en = "what would change the grade is not shown: {reason}"


class ScoresDiffer(Problem):
    level = "warning"
    zh = ("没有给出“什么会改变等级”：工作簿的总分 {book}（{grade}）与按目标表重算的 {total}（{again}）不同；"
          "请用 xlkpi calc 重新计算工作簿")
    en = ("what would change the grade is not shown: the workbook's total {book} ({grade}) differs from {total} "
          "({again}) worked out again from its goals; calculate it with xlkpi calc")


class VetoTyped(KpiError):
    zh = "一票否决（{reason}），等级为最低一档"
    en = "a veto ({reason}) makes the grade the lowest"


def form(template: Template) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of the scorecard that hold a metric, and its results by name."""
    if "scorecard" not in template.tables:
        raise Refused(NoScorecard(Where(file=template.book.package.file)))
    metric = template.book.table("scorecard").columns[METRIC].name
    rows = [row for row in template.rows("scorecard") if not is_blank(row[metric])]
    known = {name.name for name in template.book.defined_names}
    results = {name: template.value(name) for name in RESULTS if name in known}
    return rows, {name: None if is_blank(value) else value for name, value in results.items()}


def write(template: Template) -> None:
    """Write what would bring the next grade on the form of a calculated workbook that has a place for it."""
    if not {TEXT, THEN, NOW} <= {name.name for name in template.book.defined_names}:
        return
    rows, results = form(template)
    chinese = any("\u4e00" <= letter <= "\u9fff" for column in template.book.table("scorecard").columns
                  for letter in column.name)
    with language.use("zh" if chinese else "en"):
        found, _ = moves_of(template, rows, results)
        text = None if found is None else "\n".join(found.sentences())
    if text is not None or not is_blank(template.value(TEXT)):
        stale = template.stale
        template.fill({}, {TEXT: text, THEN: None if text is None else template.value(NOW)}, on_error="report")
        template.stale = stale  # no formula reads these cells


def moves_of(template: Template, rows: list[dict[str, Any]],
             results: dict[str, Any]) -> tuple[Moves | None, Problem | None]:
    """What moves the grade of a calculated workbook, or why that cannot be said.

    The goals are scored again with the actual values of the form; what does not come to the very total and
    grade that the workbook shows is not explained. Nothing for workbooks of another build.
    """
    from xlkpi.functions.figures import say
    from xlkpi.functions.grading import INSUFFICIENT

    total, grade, tables = results.get("total_score"), results.get("grade"), set(template.tables)
    team = {"quantities", "people", "grades"} <= tables
    if not (team or {"goals", "grades"} <= tables) or not rows or len(rows[0]) <= (CAP if team else ACTUAL) \
            or not isinstance(total, (int, float)):
        return None, None
    where = Where(file=template.book.package.file)
    try:
        card = _of_team(template, rows) if team else _of_goals(template, rows)
    except KpiError as error:
        return None, NoMoves(where, reason=error.sentence())
    except Refused as refused:
        return None, NoMoves(where, reason="; ".join(
            problem.line() for problem in refused.problems if problem.level == "error"))
    same = card.total is not None and abs(card.total - total) <= SAME
    if not same or (grade != card.grade and not {grade, card.grade} <= {*INSUFFICIENT.values()}):
        return None, ScoresDiffer(where, book=say(total), grade=grade,
                                  total="–" if card.total is None else say(card.total), again=card.grade)
    return card.moves(), None


def _of_goals(template: Template, rows: list[dict[str, Any]]) -> Scorecard:
    from xlkpi.scorecard import score

    return score(None, _goals(template, rows), **_rules(template), lang=language.current())


def _goals(template: Template, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the goals table, each with the actual value that its row of the form shows."""
    from xlkpi.scorecard.goals import field_of

    heads = list(rows[0])
    actuals = {row[heads[0]]: row[heads[ACTUAL]] for row in rows}
    goals = []
    for number, goal in enumerate(template.rows("goals"), 1):
        own = {head: value for head, value in goal.items() if field_of(head) not in (None, "actual")}
        goals.append({**own, "actual": actuals.get(number)})
    return goals


def _rules(template: Template) -> dict[str, Any]:
    """The workbook's grade table and its choices, where it has them."""
    known = {name.name for name in template.book.defined_names}
    chosen = {option: value for option, name in (("weight_mode", "weight_mode"), ("missing", "missing_mode"),
                                                 ("bonus", "bonus"))
              if name in known and not is_blank(value := template.value(name))}
    grades = []
    for row in template.rows("grades"):
        name, bound, coefficient = [*row.values(), None, None, None][:3]
        if not is_blank(name):
            heads = [*row, "", ""]
            grades.append((as_number(bound, heads[1]), str(name), as_number(coefficient, heads[2])))
    return {**chosen, "grades": grades}


# ---------------------------------------------------------------- one person of a team


@dataclass(frozen=True, slots=True)
class TeamRules(Rules):
    """The total of a form with two parts: items make dimensions, dimensions parts, parts the total.

    On each level what has no data leaves its weight to the others of its own group. ``places`` says of every
    row its part, its dimension, its share of it and the dimension's weight; ``parts`` are the shares of the parts.
    """

    places: tuple[tuple[str, str, float, float], ...] = ()
    parts: tuple[tuple[str, float], ...] = ()

    def total(self, scores: Sequence[float | None], weights: Sequence[float]) -> float | None:
        from xlkpi.functions import KPI_TOTAL

        groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
        heavy: dict[tuple[str, str], float] = {}
        for score, (part, name, share, weight) in zip(scores, self.places, strict=True):
            heavy[part, name] = weight
            if score is not None and share:
                groups.setdefault((part, name), []).append((score, share))
        found: list[float | None] = []
        for part, _ in self.parts:
            names = [key for key in heavy if key[0] == part and heavy[key]]
            own = [_mean(groups.get(key, [])) for key in names]
            known = any(one is not None for one in own)
            found.append(KPI_TOTAL(own, [heavy[key] for key in names], "exclude", "relative") if known else None)
        if all(one is None for one in found):
            return None
        return KPI_TOTAL(found, [share for _, share in self.parts], "exclude", self.weight_mode, self.bonus)


def _mean(points: list[tuple[float, float]]) -> float | None:
    return sum(score * share for score, share in points) / sum(share for _, share in points) if points else None


def _of_team(template: Template, rows: list[dict[str, Any]]) -> Scorecard:
    """The card of the person whose form is shown: ratings are rows of the method rate on the rating scale."""
    from xlkpi.scorecard import score
    from xlkpi.scorecard.goals import field_of

    at = int(as_number(template.value("shown_at"), "shown_at") or 1)
    person = list(template.rows("people")[at - 1].values())
    if not is_blank(person[VETO]):
        raise VetoTyped(reason=person[VETO])
    parts = tuple((part, as_number(template.value(name), name) or 0.0) for part, name in (
        ("P", "performance_share"), ("B", "behaviour_share")))
    quantities = template.rows("quantities")
    goals, places = [], []
    for row in rows:
        cells = list(row.values())
        part, share, weight = cells[PART], float(cells[SHARE] or 0), float(cells[DIMENSION_WEIGHT] or 0)
        goal = {"metric": cells[METRIC], "dimension": cells[DIMENSION], "target": cells[TARGET],
                "actual": cells[ACTUAL], "weight": share * weight * dict(parts)[part]}
        if part == "P":
            goal |= {"method": cells[METHOD] or None, "direction": cells[DIRECTION] or None, "cap": cells[CAP]}
            if not is_blank(cells[PLACE]):
                goal |= {field: value for head, value in quantities[int(cells[PLACE]) - 1].items()
                         if (field := field_of(head)) in TYPED}
        else:
            goal |= {"method": "rate", "baseline": template.value("scale_min"), "target": template.value("scale_max")}
        goals.append(goal)
        places.append((part, str(cells[DIMENSION]), share, weight))
    options = _rules(template)
    options["bonus"] = None if is_blank(person[BONUS]) else as_number(person[BONUS], "bonus")
    mode = options.pop("weight_mode", "strict")
    card = score(None, goals, **options, weight_mode="relative", lang=language.current())
    code = "relative" if mode in ("relative", "相对", "Relative") else "strict"
    rules = TeamRules(code, card.rules.missing, card.rules.grades, card.rules.bonus, tuple(places), parts)
    scores, weights = [row.score for row in card.rows], [row.weight for row in card.rows]
    total = rules.total(scores, weights)
    vetoes = sum(row.goal.method == "veto" and row.score == 0 for row in card.rows)
    shown = tuple(replace(one, contribution=None if is_blank(list(row.values())[WEIGHTED]) else
                          float(list(row.values())[WEIGHTED])) for one, row in zip(card.rows, rows, strict=True))
    return replace(card, rows=shown, rules=rules, total=total,
                   grade=rules.grade(total, card.coverage, vetoes, card.lang))
