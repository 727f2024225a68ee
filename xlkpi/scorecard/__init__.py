"""Actual values and goals → a scorecard, by the same functions that stand in the cells.

>>> card = score({"播放量": 90_000, "转粉率": 0.02}, [
...     {"指标": "播放量", "权重": 60, "目标值": 100_000},
...     {"指标": "转粉率", "权重": 40, "目标值": "1%"}], lang="en")
>>> card.total, card.coverage, card.grade, card.coefficient
(102.0, 1.0, 'A', 1.2)
"""

from xlkpi.scorecard.card import Scorecard, ScoreRow
from xlkpi.scorecard.goals import Goal, read_goals
from xlkpi.scorecard.moves import Move, Moves, moves
from xlkpi.scorecard.rules import Band, Rules
from xlkpi.scorecard.scoring import score

__all__ = ["Band", "Goal", "Move", "Moves", "Rules", "ScoreRow", "Scorecard", "moves", "read_goals", "score"]
