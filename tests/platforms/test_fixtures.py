"""Drop a folder, get a test: ``<platform>/<case>/{input.*, expected.json}``.

``expected.json`` holds table, platform, every finding (class, level, row, cell, column, some of its
facts, words it says) and, where the file can be read, all rows and ``totals``, the file's own row of
totals. ``today`` is the day of the reading.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xlkpi import language, platforms
from xlkpi.errors import Problem

CASES = sorted(Path(__file__).parent.glob("*/*/expected.json"))


def plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def summary(problem: Problem, like: dict[str, Any]) -> dict[str, Any]:
    """What ``like`` asks about a problem, and always its class and level."""
    answer: dict[str, Any] = {"problem": problem.name, "level": problem.level}
    answer |= {key: getattr(problem.where, key) for key in ("row", "cell", "column") if key in like}
    if "facts" in like:
        answer["facts"] = {key: problem.facts.get(key) for key in like["facts"]}
    if "says" in like:
        answer["says"] = like["says"] if like["says"] in problem.line("zh") else problem.line("zh")
    return answer


@pytest.mark.parametrize("path", CASES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_case(path: Path) -> None:
    want = json.loads(path.read_text(encoding="utf-8"))
    source = next(file for file in path.parent.iterdir() if file.stem == "input")
    with language.use("zh"):
        got = platforms.read(source, today=pd.Timestamp(want["today"]).date())
    assert (got.table, got.platform) == (want["table"], want["platform"])
    likes = want["problems"] + [{}] * max(0, len(got.problems) - len(want["problems"]))
    assert [summary(problem, like) for problem, like in zip(got.problems, likes, strict=False)] == want["problems"]
    if "rows" in want:
        rows = [{code: plain(value) for code, value in row.items()} for row in got.frame.to_dict("records")]
        assert rows == want["rows"]
    if got.table is not None:
        assert [row for row, _ in got.rows_skipped] == want.get("skipped", [])
        assert got.left_over == want.get("left_over", [])
        assert got.rows_read == len(got.frame) + len(got.rows_skipped)
    if "totals" in want:
        assert got.sources[0].totals == want["totals"]
    if "encoding" in want:
        assert got.sources[0].encoding == want["encoding"]
    for problem in got.problems:
        assert problem.where.file == source.name
        assert problem.line("zh")
        assert problem.line("en")
        json.dumps(problem.as_dict())


def test_every_platform_has_cases() -> None:
    assert {layout.platform for layout in platforms.layouts()} <= {path.parts[-3] for path in CASES}
