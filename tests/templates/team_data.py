"""A made-up half year of a team of twelve for the team summary, the same every time."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from tests.templates.operations_data import DEPARTMENTS, NAMES
from xlkpi.templates.team_summary.columns import labels
from xlkpi.templates.words import Words

GRADES = ((110, "S", 1.5), (90, "A", 1.2), (80, "B", 1.0), (70, "C", 0.8), (0, "D", 0.5))
MONTHS = range(5, 11)


def figures() -> list[tuple[int, int, float | None]]:
    """(person, month, total): one joined in August, one has no total in October."""
    chance, found = Random("team"), []
    for person in range(12):
        level = chance.gauss(90, 11)
        for month in MONTHS:
            if person == 11 and month < 8:
                continue
            total: float | None = round(min(118.0, max(52.0, level + 0.9 * (month - 7) + chance.gauss(0, 5))), 2)
            found.append((person, month, None if (person, month) == (4, 10) else total))
    return found


def summary(lang: str) -> dict[str, list[dict[str, Any]]]:
    """Rows for the tables results, team, pay, approvals and freezes under the workbook's own headers."""
    words = Words(lang, "team")
    heads = {name: dict(labels(name, words)) for name in ("results", "team", "pay", "approvals", "freezes")}
    departments = [DEPARTMENTS[lang][int(person >= 8)] for person in range(12)]
    results = []
    for person, month, total in figures():
        grade = next(((name, coefficient) for bound, name, coefficient in GRADES if total is not None
                      and total >= bound), (None, None))
        row = {"person": NAMES[lang][person], "department": departments[person], "position": None,
               "month": date(2026, month, 1), "total": total, "grade": grade[0], "coefficient": grade[1],
               "coverage": 0.94 if person == 3 else 1.0 if total is not None else 0.4,
               "file": f"{NAMES[lang][person]}.xlsx", "note": None}
        results.append({heads["results"][code]: value for code, value in row.items()})
    team = [{heads["team"]["person"]: NAMES[lang][person], heads["team"]["department"]: departments[person]}
            for person in range(12)]
    pay = []
    for person in range(12):
        row = {"person": NAMES[lang][person], "department": departments[person], "base": 3_000 + 250 * (person % 5),
               "override": 1.1 if person == 2 else None,
               "reason": ("带教新人" if lang == "zh" else "Trained a colleague") if person == 2 else None}
        pay.append({heads["pay"][code]: value for code, value in row.items()})
    zh = lang == "zh"
    steps = [words(f"step.{step}") for step in ("person", "manager", "department", "hr", "finance")]
    approvals = [dict(zip(heads["approvals"].values(), row, strict=True)) for row in (
        ("2026-10", steps[0], NAMES[lang][0], words("decision.agreed"), date(2026, 11, 3), None),
        ("2026-10", steps[1], "林晓" if zh else "Lin Xiao", words("decision.agreed"), date(2026, 11, 4), None),
        ("2026-10", steps[2], "高远" if zh else "Gao Yuan", words("decision.returned"), date(2026, 11, 5),
         "周航缺数据，请补齐后再审" if zh else "Data of Eva Zhou are missing; complete and resubmit"),
        ("2026-10", steps[3], None, words("decision.open"), None, None))]
    freezes = [dict(zip(heads["freezes"].values(), row, strict=True)) for row in (
        ("2026-09", date(2026, 10, 12), "2026-09.xlsx", "3f0c9a5be1d24c7788b1a40e5dfe9c31" * 2,
         "林晓" if zh else "Lin Xiao", None),)]
    return {"results": results, "team": team, "pay": pay, "approvals": approvals, "freezes": freezes}
