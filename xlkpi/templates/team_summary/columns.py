"""The tables of the team summary and what their columns are called in each language."""

from __future__ import annotations

from xlkpi.templates.words import Words

MONTHS = tuple(range(1, 13))
EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COLUMNS = tuple(f"m{month}" for month in MONTHS)

OWN: dict[str, tuple[str, ...]] = {
    "results": ("person", "department", "position", "month", "total", "grade", "coefficient", "coverage", "file",
                "note", "period", "check"),
    "team": ("person", "department", *COLUMNS, "mean", "change", "trend"),
    "spread": ("grade", "quota", "count", "share", *COLUMNS),
    "pay": ("person", "department", "base", "override", "reason", "total", "grade", "coefficient", "used", "bonus",
            "effect", "check"),
    "approvals": ("period", "step", "name", "decision", "date", "remark"),
    "freezes": ("period", "frozen_at", "file", "hash", "by", "remark"),
    "params": ("param", "value", "note"),
    "grades": ("grade", "bound", "coefficient", "quota"),
    "audit_files": ("file", "kind", "read", "used", "skipped", "sha256", "note"),
    "audit_problems": ("level", "file", "place", "problem", "action"),
}


def labels(table: str, words: Words) -> list[tuple[str, str]]:
    """(code, header) of every column of ``table``, in order."""
    return [(code, month_label(int(code[1:]), words.lang) if code in COLUMNS else words(f"{table}.{code}"))
            for code in OWN[table]]


def month_label(month: int, lang: str) -> str:
    return f"{month}月" if lang == "zh" else EN[month - 1]
