"""The diagnosis rules as data: when a rule applies, and what is to be done."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "diagnosis.csv"
WHEN = ("bad", "pair", "always", "missed", "fired")


@dataclass(frozen=True, slots=True)
class DiagnosisRule:
    """One rule. ``when`` it applies:

    bad: one of ``bad`` is worse than its line; pair: and one of ``good`` is not; always: a metric missed its line in
    all of at least three periods; missed: in the last one; fired: any other rule applies.
    """

    code: str
    zh: str
    en: str
    profile: str
    when: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    action_zh: str
    action_en: str
    source: str

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def action(self, lang: str) -> str:
        return self.action_zh if lang == "zh" else self.action_en


@lru_cache(maxsize=1)
def rules() -> tuple[DiagnosisRule, ...]:
    """All rules, in the order in which they are told."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return tuple(DiagnosisRule(**{**row, "bad": _codes(row["bad"]), "good": _codes(row["good"])})  # type: ignore[arg-type]
                     for row in csv.DictReader(file))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()
