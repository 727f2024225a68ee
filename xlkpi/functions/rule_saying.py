"""How a rule is understood, said in words beside the words it was read from."""

from __future__ import annotations

from xlkpi.functions.completion import MissingTarget
from xlkpi.functions.figures import say
from xlkpi.functions.rule_grammar import read
from xlkpi.functions.rule_model import Band, Outcome, Points, Quantity, Rule, Step
from xlkpi.functions.rule_points import Reading, reading


def meanings(text: str, target: float | None, full_points: float | None, direction: str | None, percent: str | None,
             lang: str) -> list[list[str]]:
    """Two columns: each part of the sentence and what it is taken to mean."""
    rule = read(text)
    given = full_points if full_points is not None else rule.full
    found = _standing(rule, target, given, direction, percent)
    column = 0 if lang == "zh" else 1
    rows = [[band.text, _said_band(found, band, column, target is None)] for band in found.rule.bands]
    rows += [[step.text, _said_step(found, step, column, target is None, given is None)] for step in found.rule.steps]
    for points, words in ((rule.base, ("基础分 {}", "base {}")), (rule.most, ("得分最高 {}", "score at most {}")),
                          (rule.least, ("得分最低 {}", "score at least {}"))):
        if points is not None:
            rows.append(["", words[column].format(_said_points(points, column))])
    for flag, words in ((rule.uncapped, ("不封顶", "no cap")), (rule.negative, ("可为负分", "may go below 0")),
                        (rule.round_up, ("不足一步按一步计", "part of a step counts as a whole one"))):
        if flag:
            rows.append(["", words[column]])
    rows += [["", ("指标：{}", "metric: {}")[column].format(name)] for name in rule.names]
    return rows


def _standing(rule: Rule, target: float | None, full: float | None, direction: str | None, percent: str | None
              ) -> Reading:
    """The rule beside its row; without a target only what can be read without it is checked."""
    try:
        return reading(rule, None, target, 100.0 if full is None else full, direction, percent)
    except MissingTarget:
        return Reading(rule, None, 100.0 if full is None else full, -1 if direction == "down" else 1, percent or "")


def _said_points(points: Points, column: int) -> str:
    if points.share:
        return ("满分" if points.value == 1 else f"满分的{points.value:.0%}", f"{points.value:.0%} of the full points"
                )[column]
    return (f"{say(points.value)} 分", f"{say(points.value)} points")[column]


def _said_line(found: Reading, quantity: Quantity, column: int, bare: bool) -> str:
    if quantity.kind == "plain":
        return quantity.text or say(quantity.value)
    if bare:
        words = {"target": ("目标", "the target"), "points": ("百分点", "percentage points")}
        return words.get(quantity.kind, (quantity.text,) * 2)[column]
    value = found.at(quantity)
    rate = found.target is not None and abs(found.target) <= 1
    return say(value, "%") if rate else say(value)


def _said_step(found: Reading, step: Step, column: int, bare: bool, unknown: bool) -> str:
    verb = {"add": ("加", "plus"), "deduct": ("扣", "minus"), "earn": ("得", "earn")}[step.op][column]
    each = say(step.points.of(found.full))
    size = _said_line(found, step.size, column, bare and step.size.kind != "plain")
    start = "" if not step.side else _said_line(found, step.anchor or Quantity(1.0, "target"), column, bare)
    base = 0.0 if step.op == "earn" and not step.again else _base_points(found, step)
    full = ("满分", "the full points")[column] if unknown and step.base is None and base else _said_points(
        Points(base), column)
    if not step.side:
        start = "0"
    most = say(step.most.of(found.full)) if step.most is not None else ""
    floored = step.op == "deduct" and not most and not found.rule.negative and found.full
    if column == 0:
        side = {1: "高出", -1: "低", 0: ""}[step.side]
        text = f"{start} 时 {full}，每{side}满 {size} {verb} {each} 分"
        return text + (f"，最多{verb} {most} 分" if most else "，最低 0 分" if floored else "")
    side = {1: " above", -1: " below", 0: ""}[step.side]
    text = f"{full} at {start}, {verb} {each} for every full {size}{side}"
    return text + (f", at most {most}" if most else ", never under 0" if floored else "")


def _base_points(found: Reading, step: Step) -> float:
    if found.rule.base is not None:
        return found.rule.base.of(found.full)
    outcome = step.base
    if outcome is None:
        return found.full
    return outcome.value if outcome.kind == "points" else found.full * outcome.value


def _said_band(found: Reading, band: Band, column: int, bare: bool) -> str:
    outcome = band.outcome or Outcome("points")
    if band.hit is not None:
        up = band.hit == (found.way > 0)
        sign = ("≥" if band.hit else ">") if up else ("≤" if band.hit else "<")
        where = f"{sign} {_said_line(found, Quantity(1.0, 'target'), column, bare)}"
    else:
        parts = []
        for edge, signs in ((band.low, ("≥", ">")), (band.high, ("≤", "<"))):
            if edge is not None:
                parts.append(f"{signs[edge.inside is False]} {_said_line(found, edge.at, column, bare)}")
        where = ("、" if column == 0 else ", ").join(parts) or ("其余", "otherwise")[column]
    said = {
        "points": (f"得 {say(outcome.value)} 分", f"{say(outcome.value)} points"),
        "share": ("得满分" if outcome.value == 1 else f"得满分的 {outcome.value:.0%}",
                  "full points" if outcome.value == 1 else f"{outcome.value:.0%} of the full points"),
        "change": (f"满分{'加' if outcome.value > 0 else '扣'} {say(abs(outcome.value))} 分",
                   f"full points {'plus' if outcome.value > 0 else 'minus'} {say(abs(outcome.value))}"),
        "proportion": ("满分 × 完成率", "full points × completion"),
    }[outcome.kind][column]
    return f"{where}：{said}" if column == 0 else f"{where}: {said}"
