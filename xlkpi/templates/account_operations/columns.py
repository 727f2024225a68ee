"""The tables of the account-operations workbook and what their columns are called in each language."""

from __future__ import annotations

from xlkpi.templates.account_operations.model import DIMENSIONS
from xlkpi.templates.sheets import audit, benchmarks
from xlkpi.templates.words import Words

RATERS = ("self", "superior", "peer1", "peer2", "client")
PARTS = ("p", "b")  # performance, behaviour: a helper column for each dimension in each part

OWN: dict[str, tuple[str, ...]] = {
    "dimensions": ("dimension", "performance", "behaviour", "performance_check", "behaviour_check"),
    "indicators": ("part", "dimension", "metric", "unit", "weight", "direction", "method", "cap", "note", "share",
                   "effective", "key", "lookup"),
    "ratings": ("person", "metric", *RATERS, "note", "score", "range", "check", "sentence", "at", "dimension", "mean",
                "known", "weighted", "effective", "key"),
    "raters": ("rater", "weight", "count", "mean", "spread", "deviation", "verdict"),
    "quantities": ("person", "metric", "target", "actual", "baseline", "floor", "stretch", "floor_score", "step",
                   "points", "bands", "note", "unit", "score", "check", "sentence", "at", "dimension",
                   "direction", "method", "cap", "known", "weighted", "effective", "key"),
    "people": ("person", "department", "position", "manager", "bonus", "veto", "rank", "total", "performance",
               "behaviour", "coverage", "grade", "forced", "natural_coefficient", "forced_coefficient", "coefficient",
               "problem", *DIMENSIONS, "vetoes", "group", "ranked", "order",
               *(f"{part}_{code}" for part in PARTS for code in DIMENSIONS)),
    "distribution": ("grade", "quota", "natural", "natural_share", "forced", "forced_share", "moved"),
    "ranking": ("no", "person", "department", "total", "natural", "forced", "differs", "natural_coefficient",
                "forced_coefficient", "at"),
    "scorecard": ("no", "dimension", "metric", "unit", "weight", "target", "actual", "completion", "score",
                  "weighted", "status", "reason", "key", "at", "place", "name", "share", "dimension_weight",
                  "part_weight", "method", "direction", "cap"),
    "plans": ("person", "metric", "now", "light", "reason", "action", "support", "due", "result", "state"),
    "benchmarks": tuple(code for code in benchmarks.COLUMNS if code not in benchmarks.EARLIER),
    "params": ("param", "value", "note"),
    "grades": ("grade", "bound", "coefficient", "quota"),
    "audit_files": ("file", "kind", "read", "used", "skipped", "sha256", "note"),
    "audit_problems": ("level", "file", "place", "problem", "action"),
    "audit_scores": audit.SCORES,
}


def labels(table: str, words: Words) -> list[tuple[str, str]]:
    """(code, header) of every column of ``table``, in order."""
    return [(code, _label(table, code, words)) for code in OWN[table]]


def _label(table: str, code: str, words: Words) -> str:
    if code in DIMENSIONS:
        return DIMENSIONS[code].label(words.lang)
    if code[:2] in ("p_", "b_") and code[2:] in DIMENSIONS:
        return words(f"part.{code[0]}.short") + DIMENSIONS[code[2:]].label(words.lang)
    return words(f"{table}.{code}")
