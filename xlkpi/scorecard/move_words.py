"""The sentences of :mod:`xlkpi.scorecard.moves`, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlkpi.functions.figures import percent, round_half_up, say

if TYPE_CHECKING:
    from xlkpi.scorecard.card import ScoreRow
    from xlkpi.scorecard.moves import Move, Moves

REASONS = {
    "highest": ("已是最高等级", "the grade is the highest already"),
    "coverage": ("数据覆盖率不足 60%，补齐数据后才评等级",
                 "under 60% of the weight has data: no grade before more is there"),
    "no_weight": ("权重为 0，不影响总分", "its weight is 0, it does not count"),
    "veto": ("一票否决未解除，其他行无法提高等级", "a veto holds the grade down, whatever this row brings"),
    "not_enough": ("单靠这一行不够：最好也只能使总分到 {best}",
                   "not enough alone: at its best the total comes to {best}"),
}


def _is_percent(row: ScoreRow) -> bool:
    return row.metric.unit.code.startswith("percent")


def _unit(row: ScoreRow, lang: str) -> str:
    label = row.metric.unit.label(lang)
    return "" if row.metric.unit.code == "text" else label if lang == "zh" else f" {label}"


def value(row: ScoreRow, number: float, lang: str) -> str:
    """A value of the row's metric with its unit."""
    return say(number, "%") if _is_percent(row) else say(number) + _unit(row, lang)


def distance(row: ScoreRow, number: float, lang: str) -> str:
    """A difference between two values: ``118 人``, ``0.05 个百分点``; what rounds to nothing is not said to be 0."""
    if _is_percent(row):
        points = abs(number) * 100
        shown = say(points) if round_half_up(points, 4) else f"{points:.2g}"
        return f"{shown} 个百分点" if lang == "zh" else f"{shown} percentage points"
    size = abs(number)
    shown = say(size) if round_half_up(size, 4) or not size else f"{size:.2g}"
    return f"{shown}{' ' if lang == 'zh' else ''}{_unit(row, lang)}"


def reason(move: Move, lang: str) -> str:
    best = "–" if move.best_total is None else f"{round_half_up(move.best_total):.2f}"
    return REASONS[move.reason or "not_enough"][0 if lang == "zh" else 1].format(best=best)


def needed(move: Move, lang: str) -> str:
    row, zh = move.row, lang == "zh"
    label = row.metric.label(lang)
    if move.needed is None:
        return f"{label}：{reason(move, lang)}" if zh else f"{label}: {reason(move, lang)}"
    aim = value(row, move.needed, lang)
    if move.change is None or row.actual is None:
        return (f"{label}：目前缺数，做到 {aim} 即到 {move.reaches}" if zh
                else f"{label}: no data yet; {aim} brings {move.reaches}")
    way = distance(row, move.change, lang)
    path = f"{value(row, row.actual, lang)} → {aim}"
    if move.change < 0:
        return (f"{label}：须减少 {way}到 {move.reaches}（{path}）" if zh
                else f"{label}: {way} less for {move.reaches} ({path})")
    return (f"{label}：还差 {way}到 {move.reaches}（{path}）" if zh
            else f"{label}: {way} more for {move.reaches} ({path})")


def drop(move: Move, lang: str) -> str | None:
    row, zh = move.row, lang == "zh"
    if move.drop is None or move.keeps is None or row.actual is None:
        return None
    label, edge, way = row.metric.label(lang), value(row, move.keeps, lang), distance(row, move.drop, lang)
    if not move.drop:
        return (f"{label}：再差一点就降级" if zh else f"{label}: any worse loses the grade")
    if move.keeps < row.actual:
        return f"{label}：最多可降 {way}而不降级（到 {edge}）" if zh else f"{label}: may fall by {way} (to {edge})"
    return f"{label}：最多可升 {way}而不降级（到 {edge}）" if zh else f"{label}: may rise by {way} (to {edge})"


def flip(move: Move, lang: str) -> str | None:
    if not move.flips:
        return None
    zh, label, grades = lang == "zh", move.row.metric.label(lang), move.flips_to
    listed = ("、" if zh else ", ").join(grades)
    if move.row.actual is None:
        return f"{label}（补上数据可能变为 {listed}）" if zh else f"{label} (its missing data could make it {listed})"
    return f"{label}（可能变为 {listed}）" if zh else f"{label} (could make it {listed})"


def whole(moves: Moves, lang: str) -> str:
    zh = lang == "zh"
    total = "–" if moves.total is None else f"{round_half_up(moves.total):.2f}"
    if moves.held in ("coverage", "no_total"):
        return (f"数据覆盖率 {percent(moves.coverage)}，不足 60%，暂不评等级" if zh
                else f"coverage {percent(moves.coverage)} is under 60%: no grade yet")
    start = f"总分 {total}，等级 {moves.grade}" if zh else f"total {total}, grade {moves.grade}"
    if moves.held == "veto":
        return start + ("（一票否决）" if zh else " (veto)")
    if moves.next_grade is None or moves.next_bound is None or moves.missing is None:
        return start + ("，已是最高等级" if zh else ", the highest")
    bound = say(moves.next_bound)
    return start + (f"，距 {moves.next_grade}（{bound} 分）还差 {moves.missing:.2f} 分" if zh
                    else f"; {moves.missing:.2f} points to {moves.next_grade} ({bound})")


def levers(moves: Moves, count: int | None, lang: str) -> list[str]:
    """The best ``count`` rows, or every row where that is None."""
    if count is None:
        return [needed(move, lang) for move in moves.rows]
    best = moves.levers[:count]
    if not best and moves.next_grade is not None and moves.held is None:
        most = max((move for move in moves.rows if move.best_total is not None),
                   key=lambda move: move.best_total or 0.0, default=None)
        if most is None:
            return []
        label, top = most.row.metric.label(lang), f"{round_half_up(most.best_total or 0.0):.2f}"
        return [f"没有哪一行能单独达到；余地最大的是{label}，最好可使总分到 {top}" if lang == "zh"
                else f"no single row can bring it; the most is in {label}: at its best the total comes to {top}"]
    return [needed(move, lang) for move in best]


def flipping(moves: Moves, lang: str) -> str:
    said = [text for move in moves.flipping if (text := flip(move, lang))]
    if lang == "zh":
        return f"变动 {percent_of(moves.by)} 或补齐数据就会改变等级的行：" + ("；".join(said) or "无")
    return f"rows whose {percent_of(moves.by)} change or missing data would change the grade: " + (
        "; ".join(said) or "none")


def percent_of(by: float) -> str:
    return say(by, "%")
