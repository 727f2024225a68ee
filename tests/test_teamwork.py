"""The team run: each person's scorecard is what their rows alone give, all problems at once, nothing half-written."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import xlkpi
from xlkpi import cli, jobs, language, samples, templates
from xlkpi.errors import Refused
from xlkpi.owners import safe_name
from xlkpi.teamwork import team
from xlkpi.workbook.fill import Template

PERIOD = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
NAMES = ("林晓", "周航", "Ann: Lee")
HEADS = ("指标", "权重", "目标值")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write_samples(tmp_path_factory.mktemp("samples"), works=24)[0]


def works(source: Path, target: Path, owners: dict[int, Any] | None = None, heading: str = "负责人") -> Path:
    """The works list with a column of owners, in turn, some of them set by row (as Excel counts)."""
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    place = sheet.max_column + 1
    sheet.cell(1, place, heading)
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, place, (owners or {}).get(row, NAMES[row % 3]))
    book.save(target)
    return target


def goals(target: Path, rows: list[list[Any]], heads: tuple[str, ...] = HEADS) -> Path:
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.worksheets[0].append(row)
    book.save(target)
    return target


COMMON = [["播放量", 0.6, 60_000], ["视频的制作数量", 0.4, 8]]


@pytest.fixture
def inputs(exported: Path, tmp_path: Path) -> tuple[Path, Path]:
    return works(exported, tmp_path / "works.xlsx"), goals(tmp_path / "goals.xlsx", COMMON)


def by_hand(path: Path, name: str) -> float:
    """Total of a person by pandas: plays and number of the works published in the period."""
    table = pd.read_excel(path, dtype=str, engine="openpyxl")
    day = pd.to_datetime(table["发布时间"])
    inside = (day >= "2026-10-01") & (day < "2026-11-01")
    mine = table[(table["负责人"] == name) & inside & (table["审核状态"] == "已发布")]
    plays = pd.to_numeric(mine["播放量"]).sum()
    return 0.6 * min(100 * plays / 60_000, 120) + 0.4 * min(100 * len(mine) / 8, 120)


def test_every_person_gets_the_total_of_their_own_rows(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    data, targets = inputs
    run = team([data], tmp_path / "out", by="负责人", goals=targets, inputs=PERIOD)
    assert not run.problems.errors
    assert sorted(member.person for member in run.members) == sorted(NAMES)
    assert sum(member.rows for member in run.members) == len(pd.read_excel(data, engine="openpyxl"))
    for member in run.members:
        book = Template.open(tmp_path / "out" / member.file)
        assert book.value("total_score") == pytest.approx(by_hand(data, member.person))
        assert book.value("person") == member.person
        assert member.values["total_score"] == book.value("total_score")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == sorted(["Ann_ Lee.xlsx", "team_summary.xlsx", "周航.xlsx", "林晓.xlsx"])
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_scorecard_equals_a_fill_of_these_rows_alone(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    data, targets = inputs
    alone = tmp_path / "alone.xlsx"
    table = pd.read_excel(data, dtype=str, engine="openpyxl")
    table[table["负责人"] == "周航"].drop(columns="负责人").to_excel(alone, index=False)
    one = jobs.fill(templates.path("short_video", "en"), data=[alone], goals=targets, inputs=PERIOD).template
    run = team([data], by="负责人", goals=targets, inputs=PERIOD)
    member = next(member for member in run.members if member.person == "周航")
    for table_name in ("works", "scorecard"):
        assert member.template.rows(table_name) == one.rows(table_name)


def test_the_summary_says_what_the_scorecards_say(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    data, targets = inputs
    people = goals(tmp_path / "people.xlsx", [
        ["林晓", "一部", 3000], ["周航", "二部", "4,000"], ["Ann: Lee", "二部", None], ["外人", "二部", 1]],
        ("姓名", "部门", "绩效奖金基数"))
    run = team([data], tmp_path / "out", by="负责人", goals=targets, people=people, inputs=PERIOD)
    assert [problem.name for problem in run.problems if problem.level == "warning"] == ["NoDataFor"]
    book = Template.open(tmp_path / "out" / run.summary_file)
    results = {row["Person"]: row for row in book.rows("results")}
    pay = {row["Person"]: row for row in book.rows("pay")}
    for member in run.members:
        row = results[member.person]
        assert row["Total"] == pytest.approx(by_hand(data, member.person))
        assert row["Grade"] == member.values["grade"]
        assert row["Month"].date() == date(2026, 10, 1)
        assert row["Scorecard file"] == member.file
        base = {"林晓": 3000, "周航": 4000}.get(member.person)
        assert pay[member.person]["Base bonus"] == base
        assert pay[member.person]["Bonus"] == (base * row["Coefficient"] if base else "")
        assert member.template.value("department") == results[member.person]["Department"]
    said = {row["File"]: row["SHA256"] for row in book.rows("audit_files")}
    assert said["works.xlsx"] == hashlib.sha256(data.read_bytes()).hexdigest()
    assert said["goals.xlsx"] == hashlib.sha256(targets.read_bytes()).hexdigest()
    for member in run.members:
        assert said[member.file] == hashlib.sha256((tmp_path / "out" / member.file).read_bytes()).hexdigest()


def test_each_audit_names_the_file_and_the_rows_of_the_person(inputs: tuple[Path, Path]) -> None:
    data, targets = inputs
    run = team([data], by="负责人", goals=targets, inputs=PERIOD)
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    for member in run.members:
        row = next(row for row in member.template.rows("audit_files") if row["File"] == "works.xlsx")
        assert row["SHA256"] == digest
        mine = pd.read_excel(data, engine="openpyxl")["负责人"] == member.person
        assert row["Rows read"] == row["Rows used"] == mine.sum()


def test_a_list_of_people_that_does_not_fit_the_data(inputs: tuple[Path, Path], exported: Path,
                                                    tmp_path: Path) -> None:
    """In the data and not in the list; twice in the list; one person written in two ways."""
    data, targets = inputs
    short = goals(tmp_path / "short.xlsx", [["林晓", "一部"], ["周航", "二部"]], ("姓名", "部门"))
    run = team([data], by="负责人", goals=targets, people=short, inputs=PERIOD)
    (stranger,) = [problem for problem in run.problems if problem.name == "NotAmongPeople"]
    assert "Ann: Lee" in stranger.sentence("zh")
    assert {member.person for member in run.members} == set(NAMES), "assessed all the same"
    twice = goals(tmp_path / "twice.xlsx", [["林晓", "一部"], ["林晓", "二部"], ["周航", "二部"]], ("姓名", "部门"))
    with pytest.raises(Refused) as refused:
        team([data], by="负责人", goals=targets, people=twice, inputs=PERIOD)
    assert "PersonTwice" in [problem.name for problem in refused.value.problems]
    alike = works(exported, tmp_path / "alike.xlsx", {3: "林 晓"})
    run = team([alike], by="负责人", goals=targets, inputs=PERIOD)
    (named,) = [problem for problem in run.problems if problem.name == "NamesAlike"]
    assert "林 晓" in named.sentence("zh")
    assert len(run.members) == len(NAMES) + 1


def test_rows_without_an_owner_are_told_and_count_for_no_one(exported: Path, tmp_path: Path) -> None:
    data = works(exported, tmp_path / "works.xlsx", {4: None, 7: "  "})
    run = team([data], by="owner", goals=goals(tmp_path / "goals.xlsx", COMMON), inputs=PERIOD)
    (told,) = [problem for problem in run.problems if problem.name == "RowsWithoutOwner"]
    assert told.level == "warning"
    assert "4, 7" in told.sentence("en")
    assert sum(member.rows for member in run.members) == len(pd.read_excel(data, engine="openpyxl")) - 2


def test_goals_and_days_of_each_person(exported: Path, tmp_path: Path) -> None:
    data = works(exported, tmp_path / "works.xlsx")
    own = goals(tmp_path / "goals.xlsx", [
        [name, "粉丝月增长量", 1, target] for name, target in zip(NAMES, (100, 200, 400), strict=True)],
        ("负责人", *HEADS))
    days = tmp_path / "days.xlsx"
    pd.DataFrame([{"日期": f"2026-10-{day:02}", "负责人": name, "净增粉丝": number + day} for day in range(1, 32)
                  for number, name in enumerate(NAMES)]).to_excel(days, index=False)
    run = team([data, days], by="负责人", goals=own, inputs=PERIOD)
    assert not run.problems.errors
    for member in run.members:
        place = NAMES.index(member.person)
        gained = sum(place + day for day in range(1, 32))
        assert member.values["total_score"] == pytest.approx(min(120, 100 * gained / (100, 200, 400)[place]))


def test_days_without_an_owner_are_not_used_and_said(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    data, targets = inputs
    days = tmp_path / "days.xlsx"
    pd.DataFrame({"日期": ["2026-10-01", "2026-10-02"], "播放量": [10**9, 10**9]}).to_excel(days, index=False)
    run = team([data, days], by="负责人", goals=targets, inputs=PERIOD)
    assert "NotAttributed" in [problem.name for problem in run.problems]
    member = run.members[0]
    assert member.values["total_score"] == pytest.approx(by_hand(data, member.person))


def test_problems_of_all_persons_come_at_once_and_nothing_is_written(exported: Path, tmp_path: Path) -> None:
    data = works(exported, tmp_path / "works.xlsx", {3: "林晓、周航"})
    book = openpyxl.load_workbook(data)
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("播放量") + 1
    for row in (5, 6, 7):  # one row of each person
        sheet.cell(row, column, "很多")
    book.save(data)
    own = goals(tmp_path / "goals.xlsx", [["林晓", "播放量", 0.5, 100], ["周航", "播放量", 1, 100]], ("负责人", *HEADS))
    with pytest.raises(Refused) as refused:
        team([data], tmp_path / "out", by="负责人", goals=own, inputs=PERIOD)
    names = [problem.name for problem in refused.value.problems]
    assert {"SeveralOwners", "NoGoalsFor", "GoalWeights"} <= set(names)
    rows = {problem.where.row or int("".join(filter(str.isdigit, problem.where.cell or "0")))
            for problem in refused.value.problems if problem.where.file == "works.xlsx" and problem.level == "error"}
    assert {3, 5, 6, 7} <= rows, "at the rows of the file as the user has it"
    assert any("[林晓]" in problem.sentence("en") for problem in refused.value.problems)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["goals.xlsx", "works.xlsx"]
    run = team([data], tmp_path / "out", by="负责人", goals=own, inputs=PERIOD, on_error="report")
    assert run.problems.errors
    assert (tmp_path / "out" / run.summary_file).exists()


def test_works_without_the_column_are_refused_with_a_hint(inputs: tuple[Path, Path], exported: Path,
                                                          tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        team([inputs[0]], by="责任人员", goals=inputs[1])
    (problem,) = [one for one in refused.value.problems if one.name == "NoOwnerColumn"]
    assert "负责人" in problem.sentence("en")
    with pytest.raises(Refused) as refused:
        team([tmp_path / "nowhere.xlsx"], by="负责人")
    assert "FileNotReadable" in [one.name for one in refused.value.problems]


def test_a_folder_with_files_is_left_alone(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        team([inputs[0]], out, by="负责人", goals=inputs[1], inputs=PERIOD)
    assert [problem.name for problem in refused.value.problems if problem.level == "error"] == ["FolderNotEmpty"]
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    team([inputs[0]], out, by="负责人", goals=inputs[1], inputs=PERIOD, force=True)
    assert (out / "mine.txt").read_text(encoding="utf-8") == "kept"
    assert len(list(out.iterdir())) == 5


def test_actual_values_in_goals_for_everybody_are_told(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    shared = goals(tmp_path / "shared.xlsx", [["播放量", 0.6, 60_000, None], ["工作态度", 0.4, 5, 4]],
                   (*HEADS, "实际值"))
    run = team([inputs[0]], by="负责人", goals=shared, inputs=PERIOD)
    assert "SharedActuals" in [problem.name for problem in run.problems]


@pytest.mark.parametrize(("name", "file"), [
    ("张三", "张三"), ("a/b:c*?", "a_b_c__"), ("CON", "_CON"), ("nul.x", "_nul.x"), (" .. ", "_"),
    ("王" * 60, "王" * 26), ("x\ny", "x_y"), ("..\\up", "_up"),
])
def test_names_made_safe(name: str, file: str) -> None:
    assert safe_name(name, set()) == file


def test_equal_file_names_are_numbered() -> None:
    taken = {"team_summary.xlsx"}
    assert [safe_name(name, taken) for name in ("A", "a", "A", "Team_Summary")] == ["A", "a (2)", "A (3)",
                                                                                    "Team_Summary (2)"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_command_line(inputs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
                      lang: str) -> None:
    words = ["team", "--data", str(inputs[0]), "--by", "负责人", "--goals", str(inputs[1]), "--set",
             "period_start=2026-10-01", "--set", "period_end=2026-10-31", "-o", str(tmp_path / "out"), "--lang", lang]
    assert cli.main([*words, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["ok"]
    assert len(facts["persons"]) == 3
    assert (tmp_path / "out" / facts["summary"]).exists()
    assert cli.main(words) == 1  # it is there now
    assert cli.main([*words, "--force"]) == 0
    out = capsys.readouterr().out
    assert ("总分" in out) == (lang == "zh")
    assert cli.main(["team", "--lang", lang, "-o", "x"]) == 2
    assert cli.main(["team", "--lang", lang, "--data", str(inputs[0])]) == 2


def test_public_name_and_language(inputs: tuple[Path, Path]) -> None:
    with language.use("zh"):
        run = xlkpi.team([inputs[0]], by="负责人", goals=inputs[1], inputs=PERIOD)
    assert run.summary_file == "团队总表.xlsx"
    assert "考核结果" in run.summary.sheets
