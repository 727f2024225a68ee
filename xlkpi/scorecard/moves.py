"""What moves the grade: how far the next one is, by which row, and which rows would flip it.

Every figure is found by asking the functions of the cells themselves (``KPI_SCORE``, ``KPI_TOTAL``,
``KPI_COVERAGE``, ``KPI_GRADE``) about values that a person could report, so that it cannot disagree with them.

>>> from xlkpi.scorecard import score
>>> card = score({"播放量": 90_000, "点赞数": 800}, [
...     {"指标": "播放量", "权重": 60, "目标值": 100_000}, {"指标": "点赞数", "权重": 40, "目标值": 1000}], lang="zh")
>>> print(moves(card))
总分 86.00，等级 B，距 A（90 分）还差 4.00 分
播放量：还差 6,659 次到 A（90,000次 → 96,659次）
点赞数：还差 100 次到 A（800次 → 900次）
变动 5% 或补齐数据就会改变等级的行：无
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from xlkpi.functions import KPI_SCORE
from xlkpi.functions.figures import round_half_up
from xlkpi.functions.grading import INSUFFICIENT
from xlkpi.scorecard import move_words
from xlkpi.scorecard.card import Scorecard, ScoreRow
from xlkpi.scorecard.reach import Ladder, better_way, ladder
from xlkpi.scorecard.rules import BELOW_ALL

CHANGE = 0.05


@dataclass(frozen=True, slots=True)
class Move:
    """One row: what it brings, what it would take, what it may lose. Values are in the metric's own unit.

    ``needed`` is the value nearest to the present one (the least demanding, where data are missing) with which
    this row alone brings the next grade, ``change`` the way there (negative where less is better), ``reaches``
    the grade then; where no value does, ``reason`` says why. ``keeps`` is the worst value that holds the grade,
    ``drop`` how far the present one may worsen to it (None: no value loses the grade, or there is none to
    lose). ``flips`` says that missing data, or a change of the given size, alter the grade, to ``flips_to``.
    """

    row: ScoreRow
    contribution: float | None
    share: float | None
    needed: float | None
    change: float | None
    reaches: str | None
    reason: str | None
    best_total: float | None
    keeps: float | None
    drop: float | None
    flips: bool
    flips_to: tuple[str, ...]
    step: float

    @property
    def effort(self) -> float:
        """The change against the target, else against the larger value: for comparing rows; infinite if none."""
        if self.needed is None:
            return float("inf")
        if self.change is None:
            return 1.0
        return abs(self.change) / max(abs(self.row.target or 0.0), abs(self.needed), abs(self.row.actual or 0.0),
                                      self.step)

    def sentence(self, lang: str | None = None) -> str:
        """What the next grade takes of this row, or why it cannot bring it."""
        return move_words.needed(self, lang or self.row.lang)

    def drop_sentence(self, lang: str | None = None) -> str | None:
        """How far it may worsen, where that loses the grade at all."""
        return move_words.drop(self, lang or self.row.lang)

    def flip_sentence(self, lang: str | None = None) -> str | None:
        return move_words.flip(self, lang or self.row.lang)

    def as_dict(self) -> dict[str, Any]:
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "row"}
        row = self.row
        return {"metric": row.metric.code, "label": row.label, "unit": row.metric.unit.label(row.lang),
                "actual": row.actual, **plain, "flips_to": list(self.flips_to), "sentence": self.sentence(),
                "drop_sentence": self.drop_sentence(), "flip_sentence": self.flip_sentence()}


@dataclass(frozen=True, slots=True)
class Moves:
    """The whole card. ``missing`` are the points to the next grade's bound, None where points are not what lacks.

    ``held`` says why the grade is not the total's own: ``veto``, ``coverage`` (too little data for a grade) or
    ``no_total``.
    """

    rows: tuple[Move, ...]
    total: float | None
    coverage: float
    grade: str | None
    next_grade: str | None
    next_bound: float | None
    missing: float | None
    held: str | None
    by: float
    lang: str

    def __str__(self) -> str:
        return "\n".join(self.sentences(levers=None))

    @property
    def levers(self) -> tuple[Move, ...]:
        """The rows that alone can bring the next grade, the least change first."""
        able = [move for move in self.rows if move.needed is not None]
        return tuple(sorted(able, key=lambda move: move.effort))

    @property
    def flipping(self) -> tuple[Move, ...]:
        return tuple(move for move in self.rows if move.flips)

    def sentence(self, lang: str | None = None) -> str:
        return move_words.whole(self, lang or self.lang)

    def sentences(self, levers: int | None = 3, lang: str | None = None) -> list[str]:
        """The distance, the ``levers`` best rows (None: every row, in order) and what would flip the grade."""
        lang = lang or self.lang
        return [self.sentence(lang), *move_words.levers(self, levers, lang), move_words.flipping(self, lang)]

    def as_dict(self) -> dict[str, Any]:
        return {"total": self.total, "coverage": self.coverage, "grade": self.grade, "next_grade": self.next_grade,
                "next_bound": self.next_bound, "missing_points": self.missing, "held": self.held,
                "changed_by": self.by, "sentence": self.sentence(),
                "levers": [move.row.metric.code for move in self.levers],
                "rows": [move.as_dict() for move in self.rows]}


def moves(card: Scorecard, change: float = CHANGE) -> Moves:
    """What would move the grade of ``card``; rows are tried with ``change`` (0.05: 5%) for flipping it.

    A change is whole natural steps (one person, 0.01 percentage points), at least one: what can happen.
    """
    return _Card(card, change).moves()


class _Card:
    """A scorecard whose rows are asked one at a time: what would be the grade with this value?"""

    def __init__(self, card: Scorecard, by: float) -> None:
        self.card, self.by, self.rules = card, by, card.rules
        self.weights = [row.weight for row in card.rows]
        self.scores = [row.score for row in card.rows]
        self.rung = self._rung(self.scores)
        self.total = card.total
        grades = self.rules.ladder
        self.next = None if self.rung is None or self.rung + 1 >= len(grades) else self.rung + 1

    def _rung(self, scores: Sequence[float | None]) -> int | None:
        if not scores:
            return None
        vetoes = sum(row.goal.method == "veto" and score == 0 for row, score in
                     zip(self.card.rows, scores, strict=True))
        return self.rules.rung(scores, self.weights, vetoes)

    def name(self, rung: int | None) -> str:
        """The grade on a rung; without one, why there is none."""
        if rung is None:
            return INSUFFICIENT[self.card.lang]
        if rung < 0:
            return "无等级" if self.card.lang == "zh" else "no grade"
        return self.rules.ladder[rung][1]

    def moves(self) -> Moves:
        bound, above = self.rules.ladder[self.next] if self.next is not None else (None, None)
        held = None
        if self.rung is None:
            held = "no_total" if self.total is None else "coverage"
        elif any(row.goal.method == "veto" and row.score == 0 for row in self.card):
            held = "veto"
        missing = None
        if bound is not None and self.total is not None:
            missing = max(0.0, round_half_up(bound - round_half_up(self.total)))
        return Moves(tuple(self._move(place, row, held) for place, row in enumerate(self.card.rows)), self.total,
                     self.card.coverage, self.card.grade, above, bound, missing, held, self.by, self.card.lang)

    def _move(self, place: int, row: ScoreRow, held: str | None) -> Move:
        asked = _Row(self, place, row)
        needed = asked.needed()
        best = asked.best()
        keeps, drop = asked.keeps()
        flips = asked.flips()
        sum_ = sum(other.contribution or 0.0 for other in self.card)
        reason = None if needed is not None else self._reason(row, held)
        return Move(row, row.contribution, None if row.contribution is None or not sum_ else row.contribution / sum_,
                    needed, None if needed is None or row.actual is None else _difference(needed, row.actual),
                    None if needed is None else self.name(asked.rung_at(needed)), reason, best, keeps, drop,
                    bool(flips), flips, float(asked.ladder.step))

    def _reason(self, row: ScoreRow, held: str | None) -> str:
        if held in ("coverage", "no_total"):
            return "coverage"
        if self.next is None:
            return "highest"
        if not row.weight and row.goal.method != "veto":
            return "no_weight"
        vetoes = [other for other in self.card if other.goal.method == "veto" and other.score == 0]
        if any(other is not row for other in vetoes):
            return "veto"
        return "not_enough"


class _Row:
    """One row of the card, asked what grade its values would bring."""

    def __init__(self, card: _Card, place: int, row: ScoreRow) -> None:
        self.card, self.place, self.row = card, place, row
        self.ladder: Ladder = ladder(row.goal, row.actual)
        self.way = better_way(row.goal)
        self._known: dict[int, int | None] = {}

    def scores_at(self, value: float) -> list[float | None]:
        scores = list(self.card.scores)
        scores[self.place] = KPI_SCORE(value, *self.row.goal.arguments)
        return scores

    def rung_at(self, value: float) -> int | None:
        return self.card._rung(self.scores_at(value))

    def rung(self, number: int) -> int | None:
        if number not in self._known:
            self._known[number] = self.rung_at(self.ladder.value(number))
        return self._known[number]

    def needed(self) -> float | None:
        """The value that alone brings the next grade with the least change."""
        aim = self.card.next
        if aim is None:
            return None

        def reached(number: int) -> bool:
            rung = self.rung(number)
            return rung is not None and rung >= aim

        start = self.row.actual
        if start is None:
            found = [self.ladder.first(reached, self.way or 1)]
        else:
            found = [self.ladder.first(reached, way, start) for way in ([self.way] if self.way else [1, -1])]
        values = [self.ladder.value(number) for number in found if number is not None]
        return min(values, key=lambda value: abs(value - (start or 0.0)), default=None)

    def best(self) -> float | None:
        """The highest total that this row alone can bring."""
        if self.way and self.ladder.nodes:
            ends = [self.ladder.nodes[-1 if self.way > 0 else 0]]
        else:
            ends = list(self.ladder.nodes)
        rules, weights = self.card.rules, self.card.weights
        totals = [rules.total(self.scores_at(self.ladder.value(number)), weights) for number in ends]
        known = [total for total in (*totals, self.card.total) if total is not None]
        return max(known, default=None)

    def keeps(self) -> tuple[float | None, float | None]:
        """The worst value that holds the grade and the distance to it; None where none loses it."""
        held, start = self.card.rung, self.row.actual
        if held is None or start is None or held == 0:
            return None, None

        def lost(number: int) -> bool:
            rung = self.rung(number)
            return rung is None or rung < held

        answers = []
        for way in [-self.way] if self.way else [1, -1]:
            number = self.ladder.first(lost, way, start)
            if number is None:
                continue
            last = self.ladder.value(number - way)
            keeps = start if (last - start) * way < 0 else last  # less than one step to go
            answers.append((keeps, abs(_difference(keeps, start))))
        return min(answers, key=lambda answer: answer[1], default=(None, None))

    def flips(self) -> tuple[str, ...]:
        """The other grades that missing data, or a change of the size asked for, would bring."""
        if self.row.actual is None:
            rungs = self._attainable()
        else:
            step = float(self.ladder.step)
            steps = max(1, int(self.card.by * abs(self.row.actual) / step + 1e-9))
            rungs = []
            for sign in (-1, 1):
                value = _sum(self.row.actual, sign * steps * self.ladder.step)
                low, high = (self.ladder.value(self.ladder.nodes[end]) for end in (0, -1))
                rungs.append(self.rung_at(min(max(value, low), high)))  # beyond them nothing changes, or nothing is
        others = sorted({rung for rung in rungs if rung != self.card.rung},
                        key=lambda rung: BELOW_ALL - 1 if rung is None else rung)
        return tuple(self.card.name(rung) for rung in others)

    def _attainable(self) -> list[int | None]:
        """Every grade that some value of this row brings: those at its bends, and those on the way between them."""
        found = [self.rung(number) for number in self.ladder.nodes]
        known = [rung for rung in found if rung is not None]
        for aim in range(min(known, default=0) + 1, max(known, default=0)):
            number = self.ladder.first(lambda number, aim=aim: (self.rung(number) or 0) >= aim,  # type: ignore[misc]
                                       self.way or 1)
            if number is not None:
                found.append(self.rung(number))
        return found


def _difference(value: float, other: float) -> float:
    """``value − other`` as it is written, without binary dust."""
    return float(Decimal(repr(value)) - Decimal(repr(other)))


def _sum(value: float, change: Decimal) -> float:
    return float(Decimal(repr(value)) + change)
