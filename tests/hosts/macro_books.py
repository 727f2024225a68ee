"""The macro editions filled with made-up data, headlessly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.templates import operations_data, team_data, test_wechat_smart, wechat_data
from xlkpi import jobs, samples, templates
from xlkpi.workbook.fill import Template

OCTOBER = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
BOOKS = [(entry.name, lang) for entry in templates.catalogue() for lang in entry.langs]


def fill(name: str, lang: str, folder: Path) -> Template:
    """One macro edition, filled and calculated."""
    given: dict[str, Any] = {}
    inputs: dict[str, Any] = OCTOBER
    if name == "short_video":
        exports = samples.write_samples(folder)
        given["goals"] = next(path for path in exports if path.stem == "目标")
        data: Any = [path for path in exports if path != given["goals"]]
    elif name == "account_operations":
        data = operations_data.some(lang, 0, 3, 7)
    elif name == "team_summary":
        data, inputs = team_data.summary(lang), {"budget": 40_000}
    else:
        data = wechat_data.under_headers(name, lang, wechat_data.tables())
        if name == "wechat_smart":
            data["smart_goals"] = test_wechat_smart.goals(lang)
    return jobs.fill(templates.path(name, lang, "macro"), data=data, inputs=inputs, **given).template
