"""The whole job on sample exports: figures against sums worked out apart, and every reader sees the same."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from libreoffice import convert, wanted
from python_calamine import CalamineWorkbook

import xlkpi
from xlkpi import jobs, language, samples, templates
from xlkpi.cells import from_serial
from xlkpi.errors import CellError, Refused
from xlkpi.platforms import facts
from xlkpi.platforms.report import inspect

MONTH = ("2026-10-01", "2026-10-31")
INPUTS = {"period_start": pd.Timestamp(MONTH[0]), "period_end": pd.Timestamp(MONTH[1]), "person": "林晓"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples.write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def goals(files: list[Path]) -> Path:
    return next(path for path in files if path.stem in ("目标", "goals"))


@pytest.fixture(scope="module")
def filled(files: list[Path], goals: Path, tmp_path_factory: pytest.TempPathFactory) -> jobs.Filled:
    out = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    return jobs.fill(str(templates.path("short_video", "zh")), out, data=[path for path in files if path != goals],
                     goals=goals, inputs=INPUTS)


def raw(path: Path) -> pd.DataFrame:
    """A sample export as pandas alone reads it: text cells, ``-`` for missing."""
    return pd.read_excel(path, dtype=str, na_values=["-"], keep_default_na=False, engine="openpyxl")


def actuals(filled: jobs.Filled) -> dict[str, Any]:
    rows = filled.template.rows("scorecard")
    return {row["指标"]: row["实际值"] for row in rows if row["指标"]}


def test_actuals_are_the_sums_of_the_exports(filled: jobs.Filled, files: list[Path]) -> None:
    works = raw(next(path for path in files if path.stem == "作品列表"))
    works = works[works["发布时间"].str[:10].between(*MONTH)]
    number = {name: pd.to_numeric(works[name])
              for name in ("播放量", "完播率", "点赞量", "评论量", "分享量", "粉丝增量")}

    def of_days(name: str) -> float:
        path = next(path for path in files if name in path.stem)
        days = raw(path)
        return float(pd.to_numeric(days[days["日期"].between(*MONTH)][name]).sum())

    video = ~works["体裁"].str.contains("图文") & number["完播率"].notna()
    got = actuals(filled)
    assert got["播放量"] == of_days("播放量")
    assert got["点赞数"] == of_days("作品点赞")
    assert got["评论数"] == of_days("作品评论")
    assert got["转发数"] == of_days("作品分享")
    assert got["粉丝月增长量"] == of_days("净增粉丝")
    completed = (number["完播率"] * number["播放量"])[video].sum()
    assert got["完播率"] == pytest.approx(completed / number["播放量"][video].sum())
    assert got["转粉率"] == pytest.approx(number["粉丝增量"].sum() / number["播放量"].sum())
    interaction = number["点赞量"] + number["评论量"] + number["分享量"]
    assert got["视频互动率"] == pytest.approx(interaction.sum() / number["播放量"].sum())


def test_the_scorecard_agrees_with_score(filled: jobs.Filled, goals: Path) -> None:
    """Two entrances to the same arithmetic: cells and data frames."""
    read = pd.read_excel(goals, engine="openpyxl")
    card = xlkpi.score({name: value for name, value in actuals(filled).items() if value != ""}, read)
    rows = {row["指标"]: row for row in filled.template.rows("scorecard") if row["指标"]}
    for row in card.rows:
        cells = rows[row.metric.label("zh")]
        assert cells["得分"] == pytest.approx(row.score), row
        assert cells["状态"] == row.status("zh") if callable(row.status) else True
    assert filled.template.value("total_score") == pytest.approx(card.total)
    assert filled.template.value("grade") == card.grade
    assert filled.template.value("coefficient") == pytest.approx(card.coefficient)


def stored(path: Path) -> dict[tuple[str, int, int], Any]:
    """Every value of a workbook as openpyxl reads it."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {(sheet.title, cell.row, cell.column): cell.value for sheet in book for row in sheet.iter_rows()
            for cell in row if cell.value is not None}


def test_every_reader_sees_the_same_numbers(filled: jobs.Filled) -> None:
    assert filled.path is not None
    by_openpyxl = stored(filled.path)
    calamine = CalamineWorkbook.from_path(str(filled.path))
    checked = 0
    for name in calamine.sheet_names:
        frame = pd.read_excel(filled.path, sheet_name=name, header=None, engine="openpyxl")
        grid = calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ours = filled.template.values(name)
        for (sheet, row, column), value in by_openpyxl.items():
            if sheet != name or isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            readers = (grid[row - 1][column - 1], frame.iat[row - 1, column - 1], ours[row - 1][column - 1])
            assert all(math.isclose(float(other), value, rel_tol=1e-12) for other in readers), (sheet, row, column)
            checked += 1
    assert checked > 1000


@wanted
def test_libreoffice_agrees_with_the_native_formulas(filled: jobs.Filled, tmp_path: Path) -> None:
    """KPI calls become their values; everything else LibreOffice calculates anew."""
    assert filled.path is not None
    book = xlkpi.Template.open(filled.path)
    native: dict[tuple[str, int, int], Any] = {}
    constants: dict[str, dict[tuple[int, int], Any]] = {}
    values = {sheet: book.book.values(sheet) for sheet in book.sheets}
    for formula in book.book.formulas():
        place = (formula.row, formula.col)
        value = values[formula.sheet].get(place, "")
        if "KPI_" in formula.text.upper():
            constants.setdefault(formula.sheet, {})[place] = value
        else:
            native[formula.sheet, *place] = value
    for sheet, cells in constants.items():
        book.book.set_cells(sheet, cells)
    book.save(tmp_path / "native.xlsx")
    [recalculated] = convert([tmp_path / "native.xlsx"], "xlsx", tmp_path / "out", recalculate=True)
    theirs = stored(recalculated)
    differing = []
    for place, value in native.items():
        other = theirs.get(place)
        if isinstance(value, float) and hasattr(other, "year"):
            value = from_serial(value)
        same = (math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9) if isinstance(value, (int, float)) and
                isinstance(other, (int, float)) else (value or None) == (other or None))
        if not same:
            differing.append(f"{place}: ours {value!r}, LibreOffice {other!r}")
    assert len(native) > 500
    assert not differing, "\n".join(differing[:20])


@wanted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_shows_no_error_where_data_are_missing(files: list[Path], tmp_path: Path, lang: str) -> None:
    """It knows no KPI function and calculates a blank text result anew, so no such cell may call one."""
    works = next(path for path in files if path.stem == "作品列表")
    out = tmp_path / f"partial_{lang}.xlsx"
    jobs.fill(str(templates.path("short_video", lang)), out, data=[works])
    [shown] = convert([out, ], "xlsx", tmp_path / "out")
    errors = {place: value for place, value in stored(shown).items() if str(value).startswith("#")}
    assert not errors


def test_no_cell_shows_an_error(filled: jobs.Filled) -> None:
    errors = [(sheet, row, column, cell) for sheet in filled.template.sheets
              for row, line in enumerate(filled.template.values(sheet), 1)
              for column, cell in enumerate(line, 1) if isinstance(cell, CellError)]
    assert not errors


def test_the_audit_sheet_names_every_file(filled: jobs.Filled, files: list[Path]) -> None:
    rows = filled.template.rows("audit_files")
    assert {row["文件"] for row in rows} == {path.name for path in files}
    import hashlib

    for row in rows:
        path = next(path for path in files if path.name == row["文件"])
        assert row["SHA256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_audit_sheet_says_what_inspect_says(files: list[Path], lang: str) -> None:
    done = jobs.fill(str(templates.path("short_video", lang)), data=files, calculate=False)
    what, level = ("问题", "级别") if lang == "zh" else ("Problem", "Level")
    rows = done.template.rows("audit_problems")
    written = {(row["文件" if lang == "zh" else "File"], row[what]) for row in rows}
    assert {"记录" if lang == "zh" else "fact"} <= {row[level] for row in rows}
    with language.use(lang):
        for path in files:
            (table,) = inspect(path).tables
            said = facts.sentences(table, findings=False)
            assert len(said) >= 4
            assert {(path.name, sentence) for sentence in said} <= written


def test_parts_of_a_file_without_a_table_are_named(tmp_path: Path) -> None:
    file = Path(__file__).parent / "platforms" / "xiaohongshu" / "views_30_days" / "input.xlsx"
    done = jobs.fill(str(templates.path("short_video", "zh")), data=[file], calculate=False)
    assert sum(row["播放量"] for row in done.template.rows("daily")) == 220 + 430 + 640
    (left,) = [problem for problem in done.problems if problem.name == "TablesLeftOut"]
    assert left.level == "warning"
    assert "account_totals" in left.line("zh")


def test_every_problem_comes_at_once_and_nothing_is_written(goals: Path, files: list[Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(goals)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, heads["指标"], "播放良")
    sheet.cell(4, heads["目标值"]).value = None
    sheet.cell(6, heads["目标值"], "很多")
    bad = tmp_path / "bad.xlsx"
    book.save(bad)
    works = raw(next(path for path in files if path.stem == "作品列表"))
    works.loc[2, "播放量"] = "abc"
    works.to_excel(tmp_path / "works.xlsx", index=False)
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"what was there before")
    with pytest.raises(Refused) as caught:
        jobs.fill(str(templates.path("short_video", "zh")), out, data=[tmp_path / "works.xlsx"], goals=bad,
                  inputs={"Nowhere!B3": 1})
    text = str(caught.value)
    for piece in ("播放良", "did you mean '播放量'", "row 4", "'很多'", "'abc'", "works.xlsx", "Nowhere"):
        assert piece in text, f"{piece} is not in the report:\n{text}"
    assert out.read_bytes() == b"what was there before"


def test_weights_that_do_not_add_up_are_refused(goals: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(goals)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["权重"], 0.5)
    book.save(tmp_path / "goals.xlsx")
    with pytest.raises(Refused, match="weights add up to 142"):
        jobs.fill(str(templates.path("short_video", "zh")), goals=tmp_path / "goals.xlsx")


def test_problems_can_be_reported_instead(goals: Path, files: list[Path], tmp_path: Path) -> None:
    works = raw(next(path for path in files if path.stem == "作品列表"))
    works.loc[2, "播放量"] = "abc"
    works.to_excel(tmp_path / "works.xlsx", index=False)
    done = jobs.fill(str(templates.path("short_video", "zh")), tmp_path / "out.xlsx", data=[tmp_path / "works.xlsx"],
                     goals=goals, on_error="report")
    assert done.problems.errors
    listed = done.template.rows("audit_problems")
    assert any("abc" in str(row["问题"]) for row in listed)


def other_workbook() -> openpyxl.Workbook:
    """A workbook that is not ours: a table of its own and a formula over it."""
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sales"
    for row in (["Region", "Units"], ["North", 1], ["South", 2]):
        sheet.append(row)
    sheet.add_table(Table(displayName="sales", ref="A1:B3"))
    sheet["D1"] = "=SUM(sales[Units])"
    sheet["D2"] = "=KPI_COMPLETION(D1,100)"
    return book


def test_any_workbook_and_any_csv(tmp_path: Path) -> None:
    other_workbook().save(tmp_path / "book.xlsx")
    (tmp_path / "units.csv").write_text("Region,Units\nEast,30\nWest,\"1,000\"\nNorth,\n", encoding="utf-8-sig")
    for given in ([tmp_path / "units.csv"], [("sales", tmp_path / "units.csv")]):
        done = jobs.fill(tmp_path / "book.xlsx", tmp_path / "out.xlsx", data=given)
        assert done.template.frame("sales")["Units"].tolist()[:2] == [30, 1000]
        assert done.template.value("Sales!D1") == 1030
        assert done.template.value("Sales!D2") == 10.3


def test_an_openpyxl_workbook_is_filled_in_place() -> None:
    book = other_workbook()
    sheet = book.worksheets[0]
    jobs.fill(book, data={"sales": pd.DataFrame({"Region": ["A", "B", "C"], "Units": [1, 2, 40]})})
    assert [cell.value for cell in sheet["B"]][:4] == ["Units", 1, 2, 40]
    assert sheet.tables["sales"].ref == "A1:B4"
    assert sheet["D1"].value == "=SUM(sales[Units])"


def test_calculating_an_openpyxl_workbook_gives_values() -> None:
    values = xlkpi.calculate(other_workbook())
    assert isinstance(values, dict)
    assert values["Sales", 1, 4] == 3
    assert values["Sales", 2, 4] == 0.03


def test_a_file_is_recalculated_in_place(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    other_workbook().save(path)
    xlkpi.calculate(path)
    assert openpyxl.load_workbook(path, data_only=True)["Sales"]["D2"].value == 0.03
    assert xlkpi.read_values(path, "Sales")[1][3] == 0.03


def test_bytes_in_and_out() -> None:
    stream = io.BytesIO()
    other_workbook().save(stream)
    done = jobs.fill(stream.getvalue(), data={"sales": [{"Region": "A", "Units": 50}]})
    again = xlkpi.Template.open(done.template.tobytes())
    assert again.value("Sales!D2") == 0.5


def test_values_that_a_fill_takes_away_are_told(files: list[Path], filled: jobs.Filled, tmp_path: Path) -> None:
    """A works list without a column that had values: the rows are new and those values are gone."""
    works = raw(next(path for path in files if path.stem == "作品列表"))
    poorer = tmp_path / "作品.csv"
    works.drop(columns=["封面点击率"]).to_csv(poorer, index=False)
    again = jobs.fill(filled.template.tobytes(), data=[poorer])
    (told,) = [problem for problem in again.problems if problem.name == "EntriesCleared"]
    assert (told.where.table, told.where.column) == ("works", "封面点击率")
    assert told.facts["count"] == pd.to_numeric(works["封面点击率"]).notna().sum()
    assert not [one for one in jobs.fill(filled.template.tobytes(), data=[poorer], on_error="report").problems
                if one.name == "EntriesCleared" and one.where.column != "封面点击率"]


def test_actual_values_typed_beside_the_goals_are_told_when_other_goals_come(tmp_path: Path) -> None:
    typed = jobs.fill(str(templates.path("short_video", "zh")), goals=pd.DataFrame(
        {"指标": ["私信数"], "权重": [1.0], "目标值": [80], "实际值": [68]}), on_error="report").template.tobytes()
    other = tmp_path / "目标.csv"
    other.write_text("指标,权重,目标值\n私信数,100%,90\n", encoding="utf-8")
    told = [problem for problem in jobs.fill(typed, goals=other).problems if problem.name == "EntriesCleared"]
    assert [(problem.where.column, problem.facts["count"]) for problem in told] == [("实际值", 1)]


WECHAT = Path(__file__).resolve().parent / "platforms" / "wechat"


def test_an_export_without_a_table_is_told_and_the_others_are_filled(files: list[Path], tmp_path: Path) -> None:
    """A folder of exports fills what the workbook has tables for; a lone one without a table is refused."""
    works = next(path for path in files if path.stem == "作品列表")
    other = next((WECHAT / "content_by_channel").glob("input.*"))
    done = jobs.fill(str(templates.path("short_video", "zh")), data=[works, other])
    unused = [problem for problem in done.problems if problem.name == "NotUsed"]
    assert {problem.facts["files"] for problem in unused} == {other.name}
    assert {problem.level for problem in unused} == {"warning"}
    assert len(done.template.rows("works")) == len(raw(works))
    lines = [problem.line() for problem in done.problems]
    assert len(lines) == len(set(lines))
    with pytest.raises(Refused) as caught:
        jobs.fill(str(templates.path("short_video", "zh")), tmp_path / "out.xlsx", data=[other])
    assert {problem.name for problem in caught.value.problems if problem.level == "error"} == {"NoPlaceFor"}
    assert not (tmp_path / "out.xlsx").exists()
