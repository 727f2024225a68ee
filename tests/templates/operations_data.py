"""A made-up team for the account-operations workbook: 14 persons in two departments, the same every time."""

from __future__ import annotations

from random import Random
from typing import Any

from xlkpi import metrics
from xlkpi.templates.account_operations.columns import RATERS, labels
from xlkpi.templates.account_operations.model import BEHAVIOUR, PERFORMANCE
from xlkpi.templates.words import Words

NAMES = {"zh": ("陈思远", "李若彤", "王子谦", "赵雅琴", "周航", "吴梦洁", "郑凯", "孙晓婷", "钱浩然", "冯静怡",
                "许文博", "何佳欣", "吕志远", "沈可欣"),
         "en": ("Amy Chen", "Ben Li", "Cara Wang", "Dan Zhao", "Eva Zhou", "Finn Wu", "Gina Zheng", "Hugo Sun",
                "Iris Qian", "Jack Feng", "Kate Xu", "Leo He", "Mia Lu", "Noah Shen")}
DEPARTMENTS = {"zh": ("账户运营一部", "客户成功部"), "en": ("Accounts", "Client success")}
POSITIONS = {"zh": ("账户运营", "客户经理"), "en": ("Account operator", "Client manager")}
MANAGERS = {"zh": ("林晓", "高远"), "en": ("Lin Xiao", "Gao Yuan")}
TARGETS: dict[str, tuple[float, float]] = {  # target, and the spread of the actual around it
    "sales_target_completion": (1.0, 0.16), "user_growth": (0.08, 0.3), "leads_acquired": (120, 0.25),
    "conversion_rate": (0.035, 0.2), "customer_satisfaction": (0.92, 0.05), "customer_retention": (0.85, 0.08),
    "complaint_resolution_hours": (24, 0.3), "original_share": (0.8, 0.12), "message_reply_rate": (0.95, 0.06),
    "community_active_rate": (0.3, 0.25), "community_size": (5_000, 0.12), "reputation_index": (0.6, 0.2),
    "profit": (180_000, 0.2)}
PEERLESS, CLIENTLESS = 3, 7  # persons (from 0) without a second peer, without a client


def some(lang: str, *places: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of a few persons (from 0) alone."""
    names = {NAMES[lang][place] for place in places}
    return {table: [row for row in rows if next(iter(row.values())) in names] for table, rows in team(lang).items()}


def team(lang: str) -> dict[str, list[dict[str, Any]]]:
    """Rows for the tables people, quantities and ratings under the workbook's own headers."""
    words, chance = Words(lang, "ops"), Random("operations")
    heads = {name: dict(labels(name, words)) for name in ("people", "quantities", "ratings")}
    people, quantities, ratings = [], [], []
    for number, name in enumerate(NAMES[lang]):
        side = int(number >= 10)
        people.append({heads["people"][code]: value for code, value in {
            "person": name, "department": DEPARTMENTS[lang][side], "position": POSITIONS[lang][side],
            "manager": MANAGERS[lang][side], "bonus": {2: 3, 9: -2}.get(number), "veto": None}.items()})
        skill = chance.gauss(0, 0.09)
        for place, (_, code, _) in enumerate(PERFORMANCE):
            target, spread = TARGETS[code]
            sign = -1 if code == "complaint_resolution_hours" else 1
            actual: float | None = target * (1 + sign * skill + chance.gauss(0.01, spread * 0.6))
            actual = round(actual or 0, 0 if target >= 100 else 1 if target > 1 else 4)
            if (number, place) in ((5, 11), (11, 3)):
                actual = None
            row = {"person": name, "metric": metrics.find_metric(code).label(lang), "target": target,
                   "actual": actual}
            quantities.append({heads["quantities"][key]: row.get(key) for key in (
                "person", "metric", "target", "actual", "baseline", "floor", "stretch", "floor_score", "step", "points",
                "bands", "note")})
        for _, code, _ in BEHAVIOUR:
            true = 4.1 + skill * 6 + chance.gauss(0, 0.35)
            row = {"person": name, "metric": metrics.find_metric(code).label(lang)}
            for rater, lean in zip(RATERS, (0.55, -0.25, 0.05, 0.1, 0.15), strict=True):
                mark = round((true + lean + chance.gauss(0, 0.4)) * 2) / 2
                row[rater] = min(5.0, max(1.0, mark))
            if number == PEERLESS:
                row["peer2"] = None
            if number == CLIENTLESS:
                row["client"] = None
            ratings.append({heads["ratings"][key]: row.get(key) for key in ("person", "metric", *RATERS, "note")})
    return {"people": people, "quantities": quantities, "ratings": ratings}
