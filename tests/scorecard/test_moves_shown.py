"""What moves the grade of a filled workbook: read back, told in the terminal, withheld where it would not be true."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from xlkpi import cli, jobs, templates
from xlkpi.workbook.fill import Template

HEADS = ("维度", "指标", "权重", "目标值", "方向", "计分方法", "底线值", "每次分值", "分段", "实际值")
GOALS = [dict(zip(HEADS, row, strict=True)) for row in (
    ("数据", "播放量", 0.4, 100_000, None, None, None, None, None, 85_000),
    ("数据", "转粉率", 0.2, 0.01, None, None, None, None, None, 0.009),
    ("粉丝", "取消关注数", 0.2, 100, "越低越好", "反比", None, None, None, 125),
    ("服务", "投诉处理", 0.2, None, None, "扣分法", None, 5, None, None))]
# 0.4·85 + 0.2·90 + 0.2·80 = 68 of 80%: 85; plays alone to 89.995: 71.996 − 34 = 37.996 → 94.99 → 94,990
NEEDED = 94_990


def fill(folder: Path, goals: list[dict[str, Any]], lang: str = "zh", **inputs: Any) -> Path:
    out = folder / "filled.xlsx"
    blank = str(templates.path("short_video", lang))
    heads = [column.name for column in Template.open(blank).book.table("goals").columns]
    names = {"维度": heads[0], "指标": heads[1], "权重": heads[3], "目标值": heads[4], "方向": heads[5],
             "计分方法": heads[6], "底线值": heads[8], "每次分值": heads[13], "分段": heads[14], "实际值": heads[15]}
    rows = [{names[head]: value for head, value in row.items()} for row in goals]
    jobs.fill(blank, out, data=[("goals", rows)], inputs={**inputs}, on_error="report")
    return out


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("moves"), GOALS)


def show(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> tuple[str, str]:
    assert cli.main(["show", str(path), *words]) == 0
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out, err


def test_show_tells_what_moves_the_grade(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    out, err = show(capsys, book, "--lang", "zh")
    assert not err
    last = out.strip().splitlines()[-5:]
    assert last[0] == "总分 85.00，等级 B，距 A（90 分）还差 5.00 分"
    assert f"播放量：还差 {NEEDED - 85_000:,} 次到 A（85,000次 → {NEEDED:,}次）" in last
    assert "投诉处理（补上数据可能变为" in last[-1]
    out, _ = show(capsys, book, "--lang", "en")
    assert "total 85.00, grade B; 5.00 points to A (90)" in out
    assert f"Plays: {NEEDED - 85_000:,} times more for A" in out


def test_json_has_every_row(capsys: pytest.CaptureFixture[str], book: Path) -> None:
    facts = json.loads(show(capsys, book, "--json")[0])
    assert facts["problems"] == []
    rows = {row["metric"]: row for row in facts["moves"]["rows"]}
    assert rows["plays"]["needed"] == NEEDED
    # 0.2·s ≥ 71.996 − 50 ⇔ s ≥ 109.98: 1.0998% → 1.10%
    assert rows["follow_conversion_rate"]["needed"] == 0.011
    # no complaint: 68 + 20 = 88 of 100%, which is no A
    assert (rows["complaints"]["needed"], rows["complaints"]["best_total"]) == (None, pytest.approx(88))
    assert facts["total_score"] == pytest.approx(85)


def test_a_workbook_that_is_not_calculated_is_not_explained(capsys: pytest.CaptureFixture[str], book: Path,
                                                            tmp_path: Path) -> None:
    stale = tmp_path / "stale.xlsx"
    shutil.copy(book, stale)
    template = Template.open(stale)
    template.fill(inputs={"bonus": 5})
    template.save(stale)
    out, err = show(capsys, stale, "--lang", "zh")
    assert "还差" not in out
    assert "85" in err
    assert "90" in err
    assert "xlkpi calc" in err
    facts = json.loads(show(capsys, stale, "--json")[0])
    assert facts["moves"] is None
    assert [problem["problem"] for problem in facts["problems"]] == ["ScoresDiffer"]


@pytest.mark.parametrize(("inputs", "needed"), [
    # 68/0.8 + 2 = 87: 87.995 · 0.8 − 34 = 36.396 of 0.4: 90.99
    ({"bonus": 2}, 90_990),
    # 68 is D; C begins at 69.995: 69.995 − 34 = 35.995 of 0.4: 89.9875
    ({"missing_mode": "记0分"}, 89_988),
])
def test_the_choices_of_the_workbook_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                          inputs: dict[str, Any], needed: float) -> None:
    facts = json.loads(show(capsys, fill(tmp_path, GOALS, **inputs), "--json")[0])
    assert next(row["needed"] for row in facts["moves"]["rows"] if row["metric"] == "plays") == needed


def test_a_grade_table_that_is_wrong_is_said(capsys: pytest.CaptureFixture[str], book: Path, tmp_path: Path) -> None:
    path = tmp_path / "grades.xlsx"
    shutil.copy(book, path)
    grades = Template.open(path).book.table("grades")
    template = Template.open(path)
    heads = [column.name for column in grades.columns]
    template.fill({"grades": [dict(zip(heads, row, strict=True)) for row in (("A", "九十", 1.2), ("B", 80, 1))]},
                  on_error="report")
    template.save(path)
    out, err = show(capsys, path, "--lang", "zh")
    assert "还差" not in out
    assert "九十" in err


def test_what_cannot_be_scored_again_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = fill(tmp_path, [{**GOALS[0], "权重": 0.5}, {**GOALS[0], "指标": "自定义的指标", "权重": 0.5}])
    out, err = show(capsys, path, "--lang", "zh")
    assert "还差" not in out
    assert "自定义的指标" in err
    assert "播放量" in out


def test_workbooks_without_goals_are_shown_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(show(capsys, templates.path("account_operations", "zh"), "--json")[0])
    assert facts["moves"] is None
    assert facts["problems"] == []


def test_the_sample_workbook(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        assert cli.main(["demo", str(tmp_path / lang), "--lang", lang]) == 0
        capsys.readouterr()
        path = next((tmp_path / lang).glob("*.xlsx"))
        facts = json.loads(show(capsys, path, "--json", "--lang", lang)[0])
        assert facts["problems"] == []
        assert facts["moves"]["total"] == facts["total_score"]
        assert len(facts["moves"]["rows"]) == 14
