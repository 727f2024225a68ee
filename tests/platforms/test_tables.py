"""Files that become several tables: ``<platform>/<case>/{input.*, tables.json}``.

``tables.json`` holds today and, for each table in order, what ``expected.json`` holds for a file of one.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from test_fixtures import plain, summary

from xlkpi import language, platforms

CASES = sorted(Path(__file__).parent.glob("*/*/tables.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_case(path: Path) -> None:
    want = json.loads(path.read_text(encoding="utf-8"))
    source = next(file for file in path.parent.iterdir() if file.stem == "input")
    with language.use("zh"):
        imports = platforms.read_all(source, today=pd.Timestamp(want["today"]).date())
    assert [(got.table, got.platform) for got in imports] == [(one["table"], one["platform"])
                                                              for one in want["tables"]]
    for got, one in zip(imports, want["tables"], strict=True):
        likes = one["problems"] + [{}] * max(0, len(got.problems) - len(one["problems"]))
        assert [summary(problem, like) for problem, like in zip(got.problems, likes, strict=False)] == one["problems"]
        rows = [{code: plain(value) for code, value in row.items()} for row in got.frame.to_dict("records")]
        assert rows == one["rows"]
        assert [row for row, _ in got.rows_skipped] == one.get("skipped", [])
        assert got.left_over == one.get("left_over", [])
        assert got.rows_read == len(got.frame) + len(got.rows_skipped)


def test_a_table_of_several_is_had_by_name() -> None:
    source = Path(__file__).parent / "wechat" / "content_by_channel" / "input.xls"
    assert platforms.read(source, "content_daily").table == "content_daily"
    channels = platforms.read(source, "content_channels")
    assert channels.table == "content_channels"
    assert "全部" not in set(channels.frame["channel"])
