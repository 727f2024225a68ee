"""The tables of the short-video workbook: what their columns are called in each language.

Headers of platform data and names of metrics come from the metric catalogue, so that an export's
columns, the drop-down lists and the importer speak of the same things.
"""

from __future__ import annotations

from xlkpi import metrics
from xlkpi.templates.sheets import audit, benchmarks, scorecard
from xlkpi.templates.words import Words

WORKS = ("title", "published_at", "genre", "review_status", "plays", "completion_rate", "finish_5s_rate",
         "cover_click_rate", "bounce_2s_rate", "avg_play_seconds", "likes", "shares", "comments", "favorites",
         "profile_visits", "followers_gained")
DAILY = ("date", "plays", "profile_visits", "likes", "shares", "comments", "cover_click_rate", "net_followers",
         "cancelled_followers", "fans_total")

OWN: dict[str, tuple[str, ...]] = {
    "works": (),
    "daily": ("plays_line",),
    "goals": ("dimension", "metric", "unit", "weight", "target", "direction", "method", "baseline", "floor", "stretch",
              "cap", "floor_score", "step", "points", "bands", "actual", "note"),
    "actuals": ("metric", "actual", "unit", "rows", "source", "formula", "flow", "alias", "code"),
    "scorecard": scorecard.COLUMNS,
    "same_age": ("title", "published_at", "d1", "d3", "d7", "d30", "r1", "r3", "r7", "r30"),
    "stage_goals": ("goal", "metric", "unit", "roll", "target", "secondary", "secondary_target", "p1", "p2", "p3",
                    "p4", "p5", "p6", "secondary_actual", "current", "completion", "first_hit", "primary_met",
                    "secondary_met", "status"),
    "params": ("param", "value", "note"),
    "grades": ("grade", "bound", "coefficient"),
    "unpublished": ("state",),
    "benchmarks": benchmarks.COLUMNS,
    "audit_files": ("file", "kind", "read", "used", "skipped", "sha256", "note"),
    "audit_problems": ("level", "file", "place", "problem", "action"),
    "audit_scores": audit.SCORES,
}


def labels(table: str, words: Words) -> list[tuple[str, str]]:
    """(code, header) of every column of ``table``, in order."""
    data = {"works": WORKS, "daily": DAILY}.get(table, ())
    found = [(code, source_label(code, words.lang)) for code in data]
    return found + [(code, words(f"{table}.{code}")) for code in OWN[table]]


def source_label(code: str, lang: str) -> str:
    column = metrics.find_column(code)
    assert column is not None, code
    return column.label(lang)
