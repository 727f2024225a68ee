"""The points that a read scoring sentence gives for an actual value.

What a sentence leaves open is an error that names it; nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor

from xlkpi.functions.completion import KPI_COMPLETION, MissingTarget
from xlkpi.functions.figures import settle
from xlkpi.functions.rule_errors import (
    MissingFullPoints,
    NegativeFullPoints,
    RuleBaseUnclear,
    RuleContradicts,
    RuleEdgeUnclear,
    RuleIsVeto,
    RuleLimitUnclear,
    RuleNoCap,
    RuleOfTwo,
    RulePercentUnclear,
    RuleSaysNothing,
    RuleTargetUnclear,
    RuleUnread,
)
from xlkpi.functions.rule_model import TARGET_ITSELF, Band, Edge, Outcome, Quantity, Rule, Step

HIGHEST_RATE = 2.0  # a rate beyond 200% is more likely typed without its %


def check(rule: Rule) -> None:
    """Refuse what was not read, and what contradicts itself whatever the values are."""
    if "一票否决" in rule.text:
        raise RuleIsVeto
    if rule.unread or rule.loose:
        raise RuleUnread(parts="".join(f"“{part}”" for part in (*rule.unread, *rule.loose)))
    if rule.twice:
        raise RuleContradicts(what="，".join(f"“{part}”" for part in rule.twice))
    differences = [band.text for band in rule.bands
                   if any(edge and edge.at.kind == "points" for edge in (band.low, band.high))]
    if differences or not (rule.steps or rule.bands):  # 5个百分点以上: a difference, but from what?
        raise RuleUnread(parts="".join(f"“{part}”" for part in differences or [rule.text]))
    if len(set(rule.names)) > 1:
        raise RuleOfTwo(names="、".join(dict.fromkeys(rule.names)))
    events, above, below = ([step.text for step in rule.steps if step.side == side] for side in (0, 1, -1))
    judged = [*above, *below, *(band.text for band in rule.bands if band.hit is not None)]
    for parts in (events, above, below, [*events, *judged] if events and judged else []):
        if len(parts) > 1:  # one actual value cannot count two things, nor a side have two rates
            raise RuleContradicts(what="、".join(f"“{part}”" for part in parts))
    _sign(rule)


def _sign(rule: Rule) -> int:
    """1 where higher is better, -1 where lower is, 0 where the sentence does not tell."""
    signs = {step.side if step.op != "deduct" else -step.side: step.text for step in rule.steps if step.side}
    for band in rule.bands:
        full = band.outcome == Outcome("share", 1.0)
        if full and (band.low is None) != (band.high is None):
            signs.setdefault(1 if band.low else -1, band.text)
    if len(signs) > 1:
        raise RuleContradicts(what="、".join(f"“{part}”" for part in signs.values()))
    return next(iter(signs), 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule put beside its row: target, full points, the better direction and what a percentage is of."""

    rule: Rule
    target: float | None
    full: float
    way: int
    percent: str

    def at(self, quantity: Quantity) -> float:
        relative = quantity.kind in ("target", "of_target") or (quantity.kind == "percent" and self.percent == "target")
        if not relative:
            return quantity.value
        if self.target is None:
            raise MissingTarget
        return settle(quantity.value * self.target)

    @property
    def goal(self) -> float:
        if self.target is None:
            raise MissingTarget
        return self.target


def reading(rule: Rule, actual: float | None, target: float | None, full: float | None, direction: str | None,
            percent: str | None) -> Reading:
    """``rule`` beside its row, or the outcome that says what is unclear."""
    check(rule)
    if full is not None and rule.full is not None and full != rule.full:
        raise RuleContradicts(what=f"满分 {rule.full:g} ≠ {full:g}")
    points = rule.full if full is None else full
    if points is None:
        raise MissingFullPoints
    if points < 0:
        raise NegativeFullPoints(value=points)
    sign = _sign(rule)
    way = {"up": 1, "down": -1, None: sign or 1}[direction]
    if sign and way != sign:
        raise RuleContradicts(what=f"“{rule.text}” / {direction}")
    rule = _anchored(rule)
    if target is None and (any(step.side and step.anchor is None for step in rule.steps)
                           or any(band.hit is not None for band in rule.bands)):
        raise MissingTarget
    found = Reading(rule, target, points, way, percent or _percent(rule, actual, target, way))
    for step in rule.steps:
        if step.anchor is not None and step.base is None and target is not None and step.op == "earn" \
                and settle(found.at(step.anchor)) != settle(target):
            raise RuleContradicts(what=f"“{step.text}”：{step.anchor.text} ≠ {target:g}")
    _overlaps(found)
    _starts(found)
    if sign:
        _falls(found)
    return found


def _percent(rule: Rule, actual: float | None, target: float | None, way: int) -> str:
    """What a bare percentage is of. A target between 0 and 1 is a rate, so its percentages are points."""
    size = abs(actual) if actual is not None else 0.0
    for quantity in rule.quantities:
        if quantity.kind == "points" and target is not None and abs(target) > HIGHEST_RATE:
            raise RulePercentUnclear(why=f"{quantity.text} / {target:g}")
        if quantity.kind == "plain" and target is not None and 0 < abs(target) < 1 <= quantity.value:
            raise RulePercentUnclear(why=f"{quantity.text} / {target:g}")
    if not any(quantity.kind == "percent" for quantity in rule.quantities):
        return "target"
    rates = [name for name in rule.names if name.endswith("率")]
    if rule.rate and (way < 0 or (target is not None and 0 < abs(target) < 1)):
        raise RulePercentUnclear(why="完成率")
    if target is None or target == 0:
        if size >= 1 and not (target is None and size == 1):
            raise RulePercentUnclear(why=f"{size:g} / {'–' if target is None else 0}")
        return "points"
    if abs(target) < 1:
        if size > 1:
            raise RulePercentUnclear(why=f"{size:g} / {target:g}")
        return "points"
    if target != 1 and rates:
        raise RulePercentUnclear(why=f"{rates[0]} {target:g}")
    return "target"


def _anchored(rule: Rule) -> Rule:
    """Deductions without a start of their own begin where the full points end."""
    marks = [band for band in rule.bands if band.outcome == Outcome("share", 1.0)
             and band.hit is None and (band.low is None) != (band.high is None)]
    edge = (marks[0].low or marks[0].high) if len(marks) == 1 else None
    nothing = [band.outcome for band in rule.bands if band.outcome and band.outcome.kind == "points"
               and band.low is None and band.high is not None and band.high.at == Quantity(0.0, text="0")]
    hits = [band.outcome for band in rule.bands if band.hit and band.outcome and band.outcome.kind == "points"]
    steps = []
    for step in rule.steps:
        if step.side and step.anchor is None and hits:  # 达标得10分，每低1%扣1分: from these 10 points
            step = replace(step, anchor=TARGET_ITSELF, base=hits[0])
        elif step.side and step.anchor is None and step.op == "deduct" and edge is not None:
            step = replace(step, anchor=edge.at)
        elif not step.side and step.op == "deduct" and nothing:  # 无违规得10分，每违规1次扣5分: from these 10 points
            step = replace(step, base=nothing[0])
        steps.append(step)
    return replace(rule, steps=steps)


# ---------------------------------------------------------------- bands

Ends = tuple[float | None, bool | None, float | None, bool | None]


def _ends(found: Reading, band: Band) -> Ends:
    """(low, whether it counts, high, whether it counts) on the axis of the actual value."""
    if band.hit is not None:
        at_least = band.hit == (found.way > 0)
        line = settle(found.goal)
        return (line, band.hit, None, None) if at_least else (None, None, line, band.hit)

    def end(edge: Edge | None) -> tuple[float | None, bool | None]:
        return (None, None) if edge is None else (settle(found.at(edge.at)), edge.inside)

    low, high = end(band.low), end(band.high)
    if low[0] is not None and high[0] is not None and low[0] > high[0]:
        raise RuleContradicts(what=f"“{band.text}”")
    return (*low, *high)


def _claims(ends: Ends, value: float) -> bool | None:
    """True: surely inside; None: on an end that the words leave open; False: outside."""
    low, low_in, high, high_in = ends
    if (low is not None and (value < low or (value == low and low_in is False))) or (
            high is not None and (value > high or (value == high and high_in is False))):
        return False
    return None if (value == low and low_in is None) or (value == high and high_in is None) else True


def band_at(found: Reading, value: float) -> Band | None:
    """The band that holds for ``value``: of several one-sided bands the tightest, "其余" last of all."""
    held = [(band, ends, claim) for band in found.rule.bands
            if (claim := _claims(ends := _ends(found, band), value)) is not False]
    firm = [entry for entry in held if entry[2]]
    closed = [entry for entry in (firm or held) if entry[1][0] is not None or entry[1][2] is not None]
    above = [entry for entry in closed if entry[1][2] is None]
    below = [entry for entry in closed if entry[1][0] is None]
    kept = [entry for entry in closed if entry not in above and entry not in below]
    if above:
        kept.append(max(above, key=lambda entry: (entry[1][0] or 0.0, entry[1][1] is False)))
    if below:
        kept.append(min(below, key=lambda entry: (entry[1][2] or 0.0, entry[1][3] is not False)))
    if not kept:
        return next((band for band, ends, _ in held if ends[0] is None and ends[2] is None), None)
    if len({entry[0].outcome for entry in kept}) > 1:
        parts = "、".join(f"“{entry[0].text}”" for entry in kept)
        point = all(value in (ends[0], ends[2]) for _, ends, _ in kept)
        raise RuleEdgeUnclear(actual=value, parts=parts) if point else RuleContradicts(what=parts)
    return kept[0][0]


def _overlaps(found: Reading) -> None:
    """Refuse bands that promise different points for the same value, whatever the actual value is."""
    whole = [band for band in found.rule.bands if band.hit is None and band.low is None and band.high is None]
    if len({band.outcome for band in whole}) > 1:
        raise RuleContradicts(what="、".join(f"“{band.text}”" for band in whole))
    seen: dict[Ends, Band] = {}
    for band in found.rule.bands:
        twin = seen.setdefault(_ends(found, band), band)
        if twin.outcome != band.outcome:
            raise RuleContradicts(what=f"“{twin.text}”、“{band.text}”")
    lines = sorted({line for ends in seen for line in (ends[0], ends[2]) if line is not None})
    if not lines:
        return
    between = [(low + high) / 2 for low, high in pairwise(lines)]
    for value in (lines[0] - 1, *lines, *between, lines[-1] + 1):
        try:
            band_at(found, value)
        except RuleEdgeUnclear:
            continue  # only matters for an actual value that lies there


def _starts(found: Reading) -> None:
    """Refuse a line beyond which nothing is earned where it leaves no room for the deductions before it."""
    for step in found.rule.steps:
        if step.op != "deduct" or not step.side:
            continue
        try:
            band = band_at(found, settle(_start(found, step)))
        except RuleEdgeUnclear:
            continue
        if band is not None and band.hit is None and (band.low or band.high) and band.outcome == Outcome("points"):
            raise RuleContradicts(what=f"“{step.text}”、“{band.text}”")


def _falls(found: Reading) -> None:
    """Refuse a sentence by which a better result would earn less: it was written, or read, the wrong way."""
    ends = [line for band in found.rule.bands for line in _ends(found, band)[::2] if line is not None]
    near = {line + way * max(abs(line), 1e-3) * 1e-3 for line in ends for way in (-1, 1)}
    places = {*ends, *near, *((low + high) / 2 for low, high in pairwise(sorted(ends)))}
    for step in found.rule.steps:
        start, size = _start(found, step), found.at(step.size)
        places |= {start + way * size * step.side for way in (-3, -0.4, 0, 0.4, 1.5, 4, 12)}
    before: tuple[float, float] | None = None
    for place in sorted(places, reverse=found.way < 0):
        try:
            points = points_of(found, place)
        except (RuleSaysNothing, RuleEdgeUnclear, RuleNoCap, RuleTargetUnclear, RuleBaseUnclear, RuleLimitUnclear):
            continue
        if before is not None and settle(points) < settle(before[1]):
            raise RuleContradicts(what=f"{before[0]:g} → {before[1]:g}，{place:g} → {points:g}")
        before = (place, points)


# ---------------------------------------------------------------- steps

def count(found: Reading, step: Step, value: float) -> int:
    """Whole steps beyond the start; never negative."""
    size = found.at(step.size)
    if size <= 0:
        raise RuleContradicts(what=f"“{step.text}”")
    start = _start(found, step)
    steps = round((value - start) * (step.side or 1) / size, 9)
    return max(0, ceil(steps) if found.rule.round_up else floor(steps))


def _start(found: Reading, step: Step) -> float:
    return 0.0 if not step.side else found.goal if step.anchor is None else found.at(step.anchor)


def _amount(found: Reading, step: Step, value: float, base: float) -> float:
    amount = count(found, step, value) * step.points.of(found.full)
    if step.most is None:
        return amount
    most = step.most.of(found.full)
    if not step.bare or most < base or not base:
        return min(amount, most)
    if most == found.full > base:
        return min(amount, most - base)
    raise RuleLimitUnclear(limit=most, part=step.text)


def _base(found: Reading, step: Step) -> float:
    if found.rule.base is not None:
        return found.rule.base.of(found.full)
    return _points(found, step.base) if step.base else found.full


def _points(found: Reading, outcome: Outcome) -> float:
    match outcome.kind:
        case "points":
            return outcome.value
        case "share":
            return found.full * outcome.value
    return found.full + outcome.value


def points_of(found: Reading, actual: float) -> float:
    """The points for ``actual``."""
    rule, value = found.rule, settle(actual)
    for step in rule.steps:
        _needs(found, step, value)
    band = band_at(found, value)
    moved = [step for step in rule.steps if count(found, step, value)]
    outcome = band.outcome if band else None
    if band and outcome and outcome.kind == "proportion":
        result = _proportion(found, band, value, moved)
    elif band and outcome:
        result = _in_band(found, band, outcome, value, moved)
    else:
        result = _by_steps(found, actual, value, moved)
    if rule.least is not None:
        result = max(result, rule.least.of(found.full))
    if rule.most is not None and not rule.uncapped:
        result = min(result, rule.most.of(found.full))
    return result if rule.negative or not found.full else max(0.0, result)


def _needs(found: Reading, step: Step, value: float) -> None:
    rule = found.rule
    if step.side == 0 and step.op == "deduct" and found.target:
        raise RuleTargetUnclear(part=step.text, target=found.target)
    _amount(found, step, value, _base(found, step))  # an unclear limit is told even where it does not count
    free = not found.full or rule.base is not None
    started = step.anchor is not None and step.base is None
    if (step.op == "add" and step.side == 0 and not free) or (
            step.op == "earn" and step.side and not free and not started and not step.again):
        raise RuleBaseUnclear(part=step.text)


def _proportion(found: Reading, band: Band, value: float, moved: list[Step]) -> float:
    if any(step.op != "add" for step in moved):
        raise RuleContradicts(what=f"“{band.text}”、“{moved[0].text}”")
    completion = KPI_COMPLETION(value, found.goal, "up" if found.way > 0 else "down")
    assert completion is not None  # the actual is known here
    if moved:
        return found.full + sum(_amount(found, step, value, found.full) for step in moved)
    if settle(completion) > 1 and found.rule.most is None and not found.rule.uncapped:
        raise RuleNoCap(completion=completion)
    return found.full * completion


def _in_band(found: Reading, band: Band, outcome: Outcome, value: float, moved: list[Step]) -> float:
    base = _points(found, outcome)
    if outcome.kind == "points" and not outcome.value:
        return 0.0
    for step in moved:
        ends = [TARGET_ITSELF] if band.hit else [edge.at for edge in (band.low, band.high) if edge]
        own = step.base == outcome and step.anchor in ends
        if not own and not (outcome == Outcome("share", 1.0) and step.op == "add"):
            raise RuleContradicts(what=f"“{band.text}”、“{step.text}”")
        base += (-1 if step.op == "deduct" else 1) * _amount(found, step, value, base)
    return base


def _by_steps(found: Reading, actual: float, value: float, moved: list[Step]) -> float:
    rule = found.rule
    deducts = [step for step in rule.steps if step.op == "deduct"]
    if not rule.steps:
        lost = [band.outcome and band.outcome.kind == "change" and band.outcome.value < 0 for band in rule.bands]
        if all(lost):
            return found.full  # only deductions are written, and none applies
        raise _silent(found, actual)
    if len(moved) > 1:
        raise RuleContradicts(what="、".join(f"“{step.text}”" for step in moved))
    for step in rule.steps:
        if step.op == "earn" and not step.again:
            return min(_amount(found, step, value, 0.0), _earn_limit(found))
    if moved:
        step = moved[0]
        base = _base(found, step)
        return base + (-1 if step.op == "deduct" else 1) * _amount(found, step, value, base)
    if not deducts and any(_side(found, step, value) < 0 for step in rule.steps if step.side):
        raise _silent(found, actual)
    return _base(found, (deducts or rule.steps)[0])


def _side(found: Reading, step: Step, value: float) -> int:
    """1 on the side of the step's start where it counts, 0 at the start, -1 on the other side."""
    start = settle(found.goal if step.anchor is None else found.at(step.anchor))
    return step.side * ((value > start) - (value < start))


def _earn_limit(found: Reading) -> float:
    """What is earned in portions goes up to the full points, unless a limit is written or it is a bonus item."""
    free = found.rule.most is not None or found.rule.uncapped or not found.full
    return float("inf") if free else found.full


def _silent(found: Reading, actual: float) -> RuleSaysNothing:
    return RuleSaysNothing(actual=actual, target="–" if found.target is None else f"{found.target:g}")
