"""Chinese scoring sentences (评分标准) read into clauses.

A sentence is read from left to right; at each place the first pattern that fits gives a clause. What no pattern
reads is collected and quoted, never skipped. Nothing here knows an actual value: :mod:`xlkpi.functions.rules`
works the points out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from xlkpi.functions.rule_model import (
    TARGET_ITSELF,
    Band,
    Edge,
    Op,
    Outcome,
    Points,
    Quantity,
    Rule,
    Step,
    points,
    quantity,
)
from xlkpi.functions.rule_words import (
    ABOVE,
    BASE,
    CHAIN,
    COMPARE,
    DEFINES,
    EARLY,
    EVENT_STEP,
    EXCEEDS,
    FORMULA,
    FULL,
    IS_HIT,
    IS_LABEL,
    IS_MISS,
    IS_NAME,
    LATE,
    LEAST,
    LIMIT,
    NONE_AT_ALL,
    NUM,
    ONCE_STEP,
    ONE,
    ONE_EVENT,
    OUTCOME,
    PART_STEP,
    PROPORTION,
    RANGE,
    RATE_NAME,
    RATED_STEP,
    REFERENCE,
    REST,
    SEPARATOR,
    SETTINGS,
    SIDE_STEP,
    TAIL,
    WITHIN,
    normal,
)


def _op(word: str) -> Op:
    return "add" if word[-1] in "加励奖" else "earn" if word[-1] in "得计记" else "deduct"


class _Reader:
    """Reads one sentence; each ``_name`` method tries a pattern at the place and moves on where it fits."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.rule = normal(text), 0, Rule(text)
        self.anchor: Quantity | None = None  # a bare condition waiting for its step
        self.anchor_text = ""
        self.beyond = 0  # 1: the bare condition was "over …", -1: "under …"
        self.last: Band | Step | None = None

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.place)

    def read(self) -> Rule:
        ways: tuple[Callable[[], bool], ...] = (
            self._words, self._formula, self._step, self._limit, self._least, self._settings, self._band, self._rest,
            self._name, self._separator)
        while self.place < len(self.text):
            if not any(way() for way in ways):
                self._skip()
        self._drop_anchor()
        return self.rule

    def _drop_anchor(self) -> None:
        """A condition that nothing followed was not understood."""
        if self.anchor is not None:
            self.rule.unread.append(self.anchor_text.strip(",;"))
        self.anchor = None

    def _skip(self) -> None:
        end = re.compile("[,;]|$").search(self.text, self.place)
        stop = end.start() if end else len(self.text)
        self.rule.unread.append(self.text[self.place:max(stop, self.place + 1)])
        self.place = max(stop, self.place + 1)

    def _take(self, found: re.Match[str]) -> str:
        self.place = found.end()
        return found[0].strip(",;:")

    def _separator(self) -> bool:
        found = self.match(SEPARATOR)
        if found:
            self._take(found)
        return bool(found)

    def _words(self) -> bool:
        for pattern, what in SETTINGS:
            found = self.match(pattern)
            if found:
                self._take(found)
                if what != "whole":
                    setattr(self.rule, what, True)
                return True
        return False

    def _formula(self) -> bool:
        if found := self.match(DEFINES):
            self._take(found)
            self.rule.rate = True
            return True
        found = self.match(FORMULA) or self.match(PROPORTION)
        if found:
            self._keep(Band(self._take(found), outcome=Outcome("proportion")))
        return bool(found)

    def _step(self) -> bool:
        found = self.match(SIDE_STEP) or self.match(PART_STEP) or self.match(EVENT_STEP) or self.match(RATED_STEP)
        if not found and re.search("[扣减][完光至到]|上限|最[多高]扣|为止", self.text):
            found = self.match(ONCE_STEP)
        if not found:
            return False
        side, late = 0, False
        if found.re.pattern in (SIDE_STEP.pattern, PART_STEP.pattern):
            word = found["side"]
            side = 1 if re.fullmatch(f"{ABOVE}|{LATE}", word) else -1
            late = bool(re.fullmatch(f"{EARLY}|{LATE}", word)) or word == "超时"
        op = _op(found["op"])
        again = found["op"].startswith(("再", "另"))
        if found.re.pattern == PART_STEP.pattern and found["from"]:  # 超过100%部分，每1%加1分
            self.anchor, self.rule.rate = quantity(found["from"]), True
        step = Step(found[0].strip(",;"), side, quantity(found["q"]), op, points(found["p"]), again, late, self.anchor)
        if side and self.anchor is None and isinstance(self.last, Band):
            step = self._after_band(step, self.last)
        elif side and self.anchor is None and isinstance(self.last, Step) and self.last.side == -side:
            step = replace(step, anchor=self.last.anchor, base=self.last.base)
        if self.anchor is not None and self.beyond and side != self.beyond:
            self.rule.twice.append(self.anchor_text + found[0])
        self.anchor, self.beyond = None, 0
        self._take(found)
        self.rule.steps.append(step)
        self.last = step
        return True

    @staticmethod
    def _after_band(step: Step, band: Band) -> Step:
        """A step that follows "≥90%得满分" or "达到80%得20分" starts from there."""
        ends = [edge for edge in (band.low, band.high) if edge is not None]
        outcome = band.outcome
        if len(ends) != 1 or outcome is None or outcome.kind in ("proportion", "change") or not outcome.value:
            return step
        return replace(step, anchor=ends[0].at, base=outcome)

    def _limit(self) -> bool:
        found = self.match(LIMIT)
        if not found:
            return False
        word = (found["op"] or found["op2"] or found["whose"] or "")[:1]
        most, text = points(found["p"] or found["p2"]), self._take(found)
        step = next((step for step in reversed(self.rule.steps)), None)
        total = re.search("[加奖]分?(?:至|到)", text)
        if re.search("[扣减]分?(?:至|到)", text):
            self.rule.least = most
        elif word in ("得", "计", "总") or most.share or total:
            self._most(most, text)
        elif word in ("加", "奖", "扣", "减"):
            wanted = "add" if word in "加奖" else "deduct"
            self._limit_step(next((s for s in reversed(self.rule.steps) if s.op == wanted), None), most, text)
        elif step is None:
            self.rule.loose.append(text)
        elif step.op == "earn":
            self._most(most, text)
        else:
            self._limit_step(step, most, text, bare=step.op == "add")
        return True

    def _most(self, most: Points, text: str) -> None:
        if self.rule.most not in (None, most):
            self.rule.twice.append(text)
        self.rule.most = most

    def _limit_step(self, step: Step | None, most: Points, text: str, bare: bool = False) -> None:
        if step is None:
            self.rule.loose.append(text)
        elif step.most not in (None, most):
            self.rule.twice.append(text)
        else:
            place = self.rule.steps.index(step)
            self.rule.steps[place] = replace(step, most=most, bare=bare)

    def _least(self) -> bool:
        found = self.match(LEAST)
        if not found:
            return False
        least, text = points(found["p"]), self._take(found)
        if (found["op"] or "")[:1] in ("扣", "减"):  # the lowest it falls: at most so much is deducted
            self._limit_step(next((s for s in reversed(self.rule.steps) if s.op == "deduct"), None), least, text)
        else:
            if self.rule.least not in (None, least):
                self.rule.twice.append(text)
            self.rule.least = least
        return True

    def _settings(self) -> bool:
        if found := self.match(BASE):
            if self.rule.base not in (None, points(found["p"])):
                self.rule.twice.append(found[0])
            self.rule.base = points(found["p"])
        elif found := self.match(REFERENCE):
            self.anchor = quantity(found["q"]) if re.search(NUM, found["q"]) else TARGET_ITSELF
            self.anchor_text = found[0]
        elif found := self.match(FULL):
            if self.rule.full not in (None, points(found["p"]).value):
                self.rule.twice.append(found[0])
            self.rule.full = points(found["p"]).value
        if found:
            self._take(found)
        return bool(found)

    def _rest(self) -> bool:
        found = self.match(REST)
        outcome = OUTCOME.match(self.text, found.end()) if found else None
        if not found or not outcome:
            return False
        start = self.place
        self._take(outcome)
        self._keep(Band(self.text[start:self.place], outcome=_outcome(outcome)))
        return True

    def _name(self) -> bool:
        found = self.match(IS_NAME)
        if found:
            name = self._take(found)
            if re.fullmatch(RATE_NAME, name):
                self.rule.rate = True
            elif name not in ("实际", "实际值", "X", "x"):
                self.rule.names.append(name)
        elif found := self.match(IS_LABEL):
            self.rule.names.append(self._take(found))
        return bool(found)

    def _band(self) -> bool:
        start = self.place
        condition = self._condition()
        if condition is None:
            return False
        outcome = OUTCOME.match(self.text, condition[1])
        band, self.place = condition
        self._drop_anchor()
        if outcome:
            self._take(outcome)
            self._keep(replace(band, text=self.text[start:self.place].strip(",;"), outcome=_outcome(outcome)))
            return True
        ends = [edge for edge in (band.low, band.high) if edge]
        if band.hit is None and len(ends) != 1:
            self.place = start
            return False
        self.anchor = TARGET_ITSELF if band.hit is not None else ends[0].at
        self.anchor_text = self.text[start:self.place]
        strict = [end for end in ends if end.inside is False]
        self.beyond = 0 if not strict else 1 if band.low else -1
        return True

    def _keep(self, band: Band) -> None:
        band = replace(band, rate=self.rule.rate)
        self.rule.bands.append(band)
        self.last = band

    def _condition(self) -> tuple[Band, int] | None:
        """A condition at the place, without outcome, and where it ends."""
        if found := self.match(CHAIN):
            if re.fullmatch(RATE_NAME, found["who"]):
                self.rule.rate = True
            return Band("", Edge(quantity(found["a"]), found["l"] == "≤"),
                        Edge(quantity(found["b"]), found["h"] == "≤")), found.end()
        if found := self.match(EXCEEDS):
            return Band("", Edge(TARGET_ITSELF, False)), found.end()
        if found := self.match(WITHIN):
            return Band("", high=Edge(TARGET_ITSELF, True)), found.end()
        if found := self.match(NONE_AT_ALL):
            return Band("", high=Edge(Quantity(0.0, text="0"), True)), found.end()
        if found := self.match(ONE_EVENT):
            return Band("", Edge(quantity(found["q"]), True)), found.end()
        if (found := self.match(IS_MISS)) or (found := self.match(IS_HIT)):
            return Band("", hit=found.re.pattern == IS_HIT.pattern), found.end()
        if found := self.match(RANGE):
            upper = quantity(found["b"])
            lower = quantity(found["a"], percent=upper.kind == "percent")
            return Band("", Edge(lower, _inside(found["ain"])), Edge(upper, _inside(found["bin"]))), found.end()
        if found := self.match(ONE):
            sign, inside = COMPARE[found["c"]]
            tail = found["tail"]
            if tail and ("上" in tail) != (sign == ">"):
                return None
            given = _inside(found["in"])
            edge = Edge(quantity(found["q"]), inside if given is None else given)
            also = re.compile("[,且但并]*").match(self.text, found.end())
            other = ONE.match(self.text, also.end()) if also else None
            if other and COMPARE[other["c"]][0] != sign and not tail and OUTCOME.match(self.text, other.end()):
                second = Edge(quantity(other["q"]), COMPARE[other["c"]][1])
                low, high = (edge, second) if sign == ">" else (second, edge)
                if low.at.value < high.at.value:
                    return Band("", low, high), other.end()
        elif found := self.match(TAIL):
            given = _inside(found["in"] or found["in2"])
            sign = ">" if found["tail"] in ("以上", "及以上", "以外") else "<"
            firm = found["tail"] != "以外" if found["tail"] != "以下" else None
            edge = Edge(quantity(found["q"]), firm if given is None else given)
        else:
            return None
        return (Band("", low=edge) if sign == ">" else Band("", high=edge)), found.end()


def _inside(mark: str | None) -> bool | None:
    return None if mark is None else mark == "⊂"


def _outcome(found: re.Match[str]) -> Outcome:
    if found["zero"]:
        return Outcome("points", 0.0)
    if found["full"]:
        return Outcome("share", 1.0)
    if found["prop"]:
        return Outcome("proportion")
    given = points(found["p"])
    sign = -1 if found["op"][0] in "扣减" else 1 if found["op"][-1] == "加" else 0
    if sign:
        return Outcome("share", 1 + sign * given.value) if given.share else Outcome("change", sign * given.value)
    return Outcome("share" if given.share else "points", given.value)


def read(text: str) -> Rule:
    """The clauses of a scoring sentence; what could not be read stands in ``unread``."""
    return _Reader(text).read()
