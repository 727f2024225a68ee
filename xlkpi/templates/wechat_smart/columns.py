"""The tables of the SMART workbook and the headers of their columns; exports are those of the promotion workbook."""

from __future__ import annotations

from xlkpi.templates.sheets import benchmarks
from xlkpi.templates.wechat_promotion.columns import EXPORTED, catalogued
from xlkpi.templates.words import Words

TYPED: dict[str, tuple[str, ...]] = {"consultations": ("date", "consultations")}
OWN: dict[str, tuple[str, ...]] = {
    "smart_goals": ("no", "metric", "owner", "baseline", "target", "unit", "start", "due", "words", "evidence",
                    "resources", "parent", "s", "m", "a", "r", "t", "verdict", "reason", "actual", "completion",
                    "status"),
    "report": ("metric", "unit", "current", "previous", "change", "target", "status", "cause", "content", "campaign",
               "product", "execution"),
    "users": ("cause", "adjust", "counted"), "articles": ("fans_at_send", "delivery_rate", "open_rate", "share_rate"),
    "consultations": (), "fan_notes": ("day", "cause", "adjust"),
    "consult_dod": ("date", "yesterday", "today", "change", "remark"),
    "benchmarks": benchmarks.COLUMNS,
    "params": ("param", "value", "note"),
    "audit_files": ("file", "kind", "read", "used", "skipped", "sha256", "note"),
    "audit_problems": ("level", "file", "place", "problem", "action"),
}


def labels(table: str, words: Words) -> list[tuple[str, str]]:
    """(code, header) of every column of ``table``, in order."""
    found = [(code, header if words.lang == "zh" else catalogued(code, "en"))
             for code, header in EXPORTED.get(table, {}).items()]
    found += [(code, catalogued(code, words.lang)) for code in TYPED.get(table, ())]
    return found + [(code, words(f"{table}.{code}")) for code in OWN[table]]
