"""The short-video workbook: built alike every time, and its figures worked out by another road."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests import libreoffice
from xlkpi import jobs, registry, samples, templates
from xlkpi.errors import CellError
from xlkpi.language import LANGS
from xlkpi.templates.sheets.scorecard import ROOM
from xlkpi.templates.short_video.columns import OWN, labels
from xlkpi.templates.short_video.guide import FUNCTIONS
from xlkpi.templates.short_video.params import STATES
from xlkpi.templates.words import Words, table
from xlkpi.workbook.fill import Template
from xlkpi.workbook.formulas import calls

COMMITTED = Path(__file__).resolve().parents[2] / "workbook_templates"
START, END = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("built")
    return {lang: templates.build("short_video", lang, folder / f"{lang}.xlsx") for lang in LANGS}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples.write_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def filled(built: dict[str, Path], exports: list[Path]) -> dict[str, jobs.Filled]:
    goals = next(path for path in exports if path.stem == "目标")
    data = [path for path in exports if path != goals]
    return {lang: jobs.fill(path, data=data, goals=goals, inputs={"period_start": START, "period_end": END})
            for lang, path in built.items()}


def header(table_name: str, code: str, lang: str) -> str:
    return dict(labels(table_name, Words(lang)))[code]


def rows(book: Template, name: str, lang: str) -> list[dict[str, Any]]:
    """The rows of a table under the codes of its columns."""
    codes = {text: code for code, text in labels(name, Words(lang))}
    return [{codes[text]: value for text, value in row.items()} for row in book.rows(name)]


def scored(book: Template, lang: str) -> dict[str, dict[str, Any]]:
    """The used rows of the scorecard by metric."""
    return {row["metric"]: row for row in rows(book, "scorecard", lang) if row["metric"]}


# ---------------------------------------------------------------- the build


@pytest.mark.parametrize("lang", LANGS)
def test_committed_file_is_a_fresh_build(built: dict[str, Path], lang: str) -> None:
    committed = templates.path("short_video", lang)
    assert committed.parent == COMMITTED
    with zipfile.ZipFile(committed) as old, zipfile.ZipFile(built[lang]) as new:
        assert old.namelist() == new.namelist(), "run xlkpi build-templates"
        changed = [name for name in new.namelist() if old.read(name) != new.read(name)]
    assert not changed, f"{committed.name} differs in {changed}; run xlkpi build-templates"
    assert committed.read_bytes() == built[lang].read_bytes(), "packed otherwise; run xlkpi build-templates"


def test_two_builds_are_the_same_bytes(built: dict[str, Path], tmp_path: Path) -> None:
    again = templates.build("short_video", "zh", tmp_path / "again.xlsx")
    assert again.read_bytes() == built["zh"].read_bytes()


def test_catalogue_names_files_that_are_there() -> None:
    for entry in templates.catalogue():
        assert [templates.path(entry.name, lang).name for lang in entry.langs] == [
            entry.file(lang) for lang in entry.langs]
        assert templates.path(entry.title("zh"), "zh") == templates.path(entry.name, "zh")
    with pytest.raises(templates.NoSuchTemplate, match="short_video"):
        templates.path("short_vidio")


def test_both_languages_are_one_workbook(built: dict[str, Path]) -> None:
    zh, en = (Template.open(built[lang]) for lang in LANGS)
    assert zh.tables == en.tables == list(dict.fromkeys(zh.tables))
    assert set(zh.tables) == {*OWN, "sources"}
    assert len(zh.sheets) == len(en.sheets) == 12
    names = [sorted(name.name for name in book.book.defined_names) for book in (zh, en)]
    assert names[0] == names[1]
    assert {"period_start", "period_end", "as_of", "account", "person", "total_score", "grade"} <= set(names[0])
    kinds = [sorted((one.row, one.col) for one in book.book.formulas()) for book in (zh, en)]
    assert kinds[0] == kinds[1]


def test_every_word_is_said_in_both_languages_and_used() -> None:
    for key, (zh, en) in table().items():
        assert not re.search("[\u4e00-\u9fff]", en), key
        assert zh != en or zh.isascii(), key


@pytest.mark.parametrize("lang", LANGS)
def test_english_sheets_hold_no_chinese(built: dict[str, Path], lang: str) -> None:
    book = Template.open(built[lang])
    for sheet in book.sheets:
        if lang == "en":
            assert sheet.isascii()


@pytest.mark.parametrize("lang", LANGS)
def test_calls_name_functions_with_as_many_arguments_as_they_take(built: dict[str, Path], lang: str) -> None:
    specs, seen = registry.load(), set()
    for formula in Template.open(built[lang]).book.formulas():
        for call in calls(formula.text):
            spec = specs[call.name]
            least = sum(not parameter.optional for parameter in spec.parameters)
            assert least <= len(call.args) <= len(spec.parameters), formula.text
            seen.add(call.name)
    assert seen == set(FUNCTIONS), "the guide explains the functions that are in the workbook"


@pytest.mark.parametrize("lang", LANGS)
def test_no_formula_needs_more_than_excel_2016(built: dict[str, Path], lang: str) -> None:
    for formula in Template.open(built[lang]).book.formulas():
        assert not re.search(r"_xlfn|\b(LET|LAMBDA|FILTER|XLOOKUP|MAXIFS|TEXTJOIN|IFS|TODAY|NOW)\(", formula.text)
        assert formula.kind == "normal", "array formulas break when a table grows in Excel"


@pytest.mark.parametrize("lang", LANGS)
def test_drop_downs_offer_what_the_functions_take(built: dict[str, Path], lang: str) -> None:
    book = openpyxl.load_workbook(built[lang])
    spec = registry.find("KPI_SCORE")
    terms = {"direction": spec.parameters[2].term, "method": spec.parameters[7].term}
    place = Template.open(built[lang]).book.table("goals")
    sheet = book[place.sheet]
    for code, term in terms.items():
        column = [column.name for column in place.columns].index(header("goals", code, lang)) + 1
        cell = sheet.cell(place.first_row, column)
        (found,) = [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
        words = found.formula1.strip('"').split(",")
        assert [term.choose(word, code) for word in words] == [choice.code for choice in term.choices]
    listed = [row["metric"] for row in rows(Template.open(built[lang]), "actuals", lang)]
    assert len(listed) == len(set(listed))
    assert {row["metric"] for row in rows(Template.open(built[lang]), "goals", lang)} <= set(listed)


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_workbook_shows_neither_errors_nor_zeros(built: dict[str, Path], lang: str) -> None:
    book = Template.open(built[lang])
    for sheet in book.sheets:
        for line in book.values(sheet):
            assert not [value for value in line if isinstance(value, CellError)], sheet
    for row in scored(book, lang).values():
        assert not row["actual"], row
        assert row["completion"] in (None, ""), row
        assert row["score"] in (None, ""), row
    assert book.value("total_score") in (None, "")
    assert book.value("grade") in (None, "")
    for row in rows(book, "actuals", lang):
        assert row["actual"] in (None, ""), row


@pytest.mark.parametrize("lang", LANGS)
def test_sheets_are_set_up_for_print_and_input(built: dict[str, Path], lang: str) -> None:
    book = openpyxl.load_workbook(built[lang])
    words = Words(lang)
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.print_area or sheet.title == words("sheet.audit"), sheet.title
    assert book[words("sheet.scorecard")].page_setup.orientation == "portrait"
    for key in ("dashboard", "scorecard", "params", "stage_goals", "actuals"):
        protection = book[words(f"sheet.{key}")].protection
        assert protection.sheet, key
        assert not protection.password, key
    for key in ("works", "daily", "goals", "same_age"):  # tables must be able to grow
        assert not book[words(f"sheet.{key}")].protection.sheet
    unlocked = book[words("sheet.params")]["B5"]
    assert not unlocked.protection.locked
    assert unlocked.fill.fgColor.rgb == "FFFFF9DB"


# ---------------------------------------------------------------- the figures, worked out apart


@pytest.fixture(scope="module")
def truth(exports: list[Path]) -> dict[str, float]:
    """The actual values by pandas, straight from the export files."""
    works = pd.read_excel(next(path for path in exports if path.stem == "作品列表"), dtype=str, engine="openpyxl")
    works["发布时间"] = pd.to_datetime(works["发布时间"])
    for name in ("播放量", "完播率", "点赞量", "分享量", "评论量", "粉丝增量"):
        works[name] = pd.to_numeric(works[name].replace("-", None))
    works = works[(works["发布时间"] >= pd.Timestamp(START)) & (works["发布时间"] < pd.Timestamp(2026, 11, 1))]
    shown = works[works["审核状态"] == "已发布"]
    daily: dict[str, float] = {}
    for path in exports:
        if path.stem.startswith("数据表现_"):
            series = pd.read_excel(path, dtype=str, engine="openpyxl")
            inside = series[series["日期"].between(START.isoformat(), END.isoformat())]
            daily[series.columns[1]] = pd.to_numeric(inside.iloc[:, 1].str.rstrip("%")).sum()
    videos = shown[shown["体裁"].str.contains("视频") & shown["完播率"].notna() & shown["播放量"].notna()]
    known = shown.dropna(subset=["播放量", "点赞量", "评论量", "分享量"])
    gained = shown.dropna(subset=["播放量", "粉丝增量"])
    return {
        "视频的制作数量": len(shown), "播放量": daily["播放量"], "点赞数": daily["作品点赞"],
        "评论数": daily["作品评论"],
        "转发数": daily["作品分享"], "粉丝月增长量": daily["净增粉丝"],
        "完播率": (videos["完播率"] * videos["播放量"]).sum() / videos["播放量"].sum(),
        "视频互动率": (known["点赞量"] + known["评论量"] + known["分享量"]).sum() / known["播放量"].sum(),
        "转粉率": gained["粉丝增量"].sum() / gained["播放量"].sum(),
    }


@pytest.mark.parametrize("lang", LANGS)
def test_actual_values_equal_sums_worked_out_apart(filled: dict[str, jobs.Filled], truth: dict[str, float],
                                                   lang: str) -> None:
    from xlkpi.metrics import find_metric

    shown = scored(filled[lang].template, lang)
    for name, value in truth.items():
        assert shown[find_metric(name).label(lang)]["actual"] == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize("lang", LANGS)
def test_scores_and_total_by_hand(filled: dict[str, jobs.Filled], truth: dict[str, float], lang: str) -> None:
    total = 0.0
    actuals = truth | {goal.zh: goal.actual for goal in samples.DEFAULT_GOALS if goal.actual is not None}
    shown = {row["metric"]: row for row in scored(filled[lang].template, lang).values()}
    for goal in samples.DEFAULT_GOALS:
        actual = actuals[goal.zh]
        score = 100 - goal.points * actual if goal.method == "deduct" else min(100 * actual / goal.target, 120)
        row = shown[goal.label(lang)]
        assert row["score"] == pytest.approx(score), goal.metric
        assert row["weighted"] == pytest.approx(score * goal.weight), goal.metric
        total += score * goal.weight
    book = filled[lang].template
    assert book.value("total_score") == pytest.approx(total)
    assert book.value("coverage") == 1
    assert book.value("grade") == next(g for line, g in ((110, "S"), (90, "A"), (80, "B"), (70, "C"), (0, "D"))
                                       if round(total, 2) >= line)


@pytest.mark.parametrize("lang", LANGS)
def test_a_filled_workbook_has_no_error_values(filled: dict[str, jobs.Filled], lang: str) -> None:
    book = filled[lang].template
    for sheet in book.sheets:
        for number, line in enumerate(book.values(sheet), 1):
            assert not [value for value in line if isinstance(value, CellError)], (sheet, number)


@libreoffice.wanted
def test_libreoffice_works_out_the_same_actuals(filled: dict[str, jobs.Filled], tmp_path: Path) -> None:
    for lang in LANGS:
        (tmp_path / f"{lang}.xlsx").write_bytes(filled[lang].template.tobytes())
    results = libreoffice.convert([tmp_path / f"{lang}.xlsx" for lang in LANGS], "xlsx", tmp_path / "out",
                                  recalculate=True)
    for lang, path in zip(LANGS, results, strict=True):
        words = Words(lang)
        theirs = openpyxl.load_workbook(path, data_only=True)
        for key in ("actuals", "works", "daily", "params"):
            ours = filled[lang].template.values(words(f"sheet.{key}"))
            sheet = theirs[words(f"sheet.{key}")]
            for number, line in enumerate(ours, 1):
                for column, value in enumerate(line[:10], 1):
                    other = sheet.cell(number, column).value
                    if isinstance(value, (int, float)):
                        assert other == pytest.approx(value, rel=1e-9), (key, number, column)
                    elif not isinstance(value, datetime):
                        assert (other or "") == (value or ""), (key, number, column)


# ---------------------------------------------------------------- other shapes of the same job


def test_goals_may_be_fewer_or_more(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    heads = [text for code, text in labels("goals", Words("zh")) if code != "unit"]
    goal = dict.fromkeys(heads) | {"指标": "私信数", "目标值": 10, "计分方法": "比率法", "实际值": 5}
    for count in (3, ROOM):
        book.fill({"goals": [goal | {"权重": 1 / count, "考核维度": f"维度{n}"} for n in range(count)]})
        book.calculate()
        used = [row for row in rows(book, "scorecard", "zh") if row["metric"]]
        assert [row["score"] for row in used] == [50.0] * count
        assert book.value("total_score") == pytest.approx(50)
    book.fill({"goals": [goal | {"权重": 1 / (ROOM + 1)} for _ in range(ROOM + 1)]})
    book.calculate()
    assert book.value("total_score") in (None, ""), "goals that the form cannot hold must not be left out silently"
    assert "20" in str(book.value("考核表!A8"))


def test_missing_data_are_not_zero(built: dict[str, Path], exports: list[Path]) -> None:
    works = next(path for path in exports if path.stem == "作品列表")
    book = jobs.fill(built["zh"], data=[works], inputs={"period_start": START, "period_end": END}).template
    shown = scored(book, "zh")
    assert shown["粉丝月增长量"]["actual"] in (None, "")
    assert shown["粉丝月增长量"]["status"] == "无数据"
    assert shown["播放量"]["from"] == "作品数据"  # no daily series: cumulative plays of the works of the period
    known = [row for row in shown.values() if isinstance(row["score"], (int, float))]
    weight = sum(row["weight"] for row in known)
    assert book.value("coverage") == pytest.approx(weight)
    assert sum(row["weighted"] for row in known) == pytest.approx(
        sum(row["score"] * row["weight"] for row in known) / weight)


def test_a_period_that_ends_before_it_starts_counts_nothing_and_not_0(built: dict[str, Path],
                                                                      exports: list[Path]) -> None:
    """As typed in Excel, where no fill looks at the dates."""
    works = next(path for path in exports if path.stem == "作品列表")
    book = jobs.fill(built["zh"], data=[works]).template
    book.fill(inputs={"period_start": END, "period_end": START})
    book.calculate()
    assert scored(book, "zh")["视频的制作数量"]["actual"] in (None, "")
    assert book.value("coverage") == 0


def test_a_blank_period_takes_the_dates_of_the_data_and_says_so(built: dict[str, Path], exports: list[Path]) -> None:
    works = next(path for path in exports if path.stem == "作品列表")
    book = jobs.fill(built["zh"], data=[works]).template
    table = pd.read_excel(works, dtype=str, engine="openpyxl")
    assert scored(book, "zh")["视频的制作数量"]["actual"] == (table["审核状态"] == "已发布").sum()
    assert "考核周期未填写完整" in str(book.value("考核表!A8"))


def test_within_the_period_the_lights_follow_the_pace(built: dict[str, Path], exports: list[Path]) -> None:
    goals = next(path for path in exports if path.stem == "目标")
    data = [path for path in exports if path != goals]
    book = jobs.fill(built["zh"], data=data, goals=goals,
                     inputs={"period_start": START, "period_end": date(2026, 11, 30)}).template
    plays = scored(book, "zh")["播放量"]
    assert book.value("elapsed") == pytest.approx(31 / 61)
    assert plays["pace"] == pytest.approx(plays["completion"] * 61 / 31)
    assert plays["status"] == "达标"
    assert scored(book, "zh")["完播率"]["pace"] in (None, ""), "a rate does not grow with time"


def test_stage_goals(built: dict[str, Path]) -> None:
    place = Template.open(built["zh"]).book.table("stage_goals")
    names = [column.name for column in place.columns]
    entries = {0: ([90_000, 100_000, 120_000], 0.6), 1: ([0.7, 0.72, 0.6], None), 2: ([30, 31], None),
               3: ([1.5e6, 1.7e6, 1.9e6], None), 4: ([0.6, 0.55, 0.5], None), 5: ([0.12], None)}
    inputs = {}
    for row, (values, share) in entries.items():
        for at, value in enumerate(values, 1):
            column = openpyxl.utils.get_column_letter(names.index(f"第{at}期") + 1)
            inputs[f"{place.sheet}!{column}{place.first_row + row}"] = value
        if share:
            column = openpyxl.utils.get_column_letter(names.index("次要实际") + 1)
            inputs[f"{place.sheet}!{column}{place.first_row + row}"] = share
    book = Template.open(built["zh"])
    book.fill({}, inputs)
    book.calculate()
    found = rows(book, "stage_goals", "zh")
    assert [row["secondary_met"] or "" for row in found] == ["达成", "未达成", "达成", "达成", "未达成", "数据不足", ""]
    assert [row["status"] or "" for row in found] == ["达标", "预警", "达标", "达标", "预警", "预警", ""]
    assert found[3]["current"] == 5.1e6
    assert found[1]["current"] == 0.6
    assert found[1]["completion"] == pytest.approx(0.6 / 0.7)


def test_best_and_weakest_works_with_equal_plays(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    plays = [50, 90, None, 90, 10, 70, 90]
    data = pd.DataFrame({
        "作品名称": [f"作品{n}" for n in range(7)], "发布时间": pd.date_range("2026-10-02", periods=7),
        "体裁": "1min-视频", "审核状态": "已发布", "播放量": plays})
    table_heads = [column.name for column in book.book.table("works").columns if not column.formula]
    book.fill({"works": data.reindex(columns=table_heads)}, {"period_start": date(2026, 10, 1),
                                                              "period_end": date(2026, 10, 7)})
    book.calculate()
    assert [book.value(f"首页!B{row}") for row in range(37, 42)] == ["作品1", "作品3", "作品5", "作品0", "作品4"]
    assert [book.value(f"首页!K{row}") for row in range(37, 42)] == ["作品4", "作品0", "作品5", "作品1", "作品3"]


def test_what_would_mislead_is_said_on_the_form(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    heads = [column.name for column in book.book.table("goals").columns if not column.formula]
    goal = dict.fromkeys(heads) | {"指标": "私信数", "权重": 0.5, "目标值": 10, "实际值": 5}
    book.fill({"goals": [goal, goal], "works": pd.DataFrame(
        {name: ["10月2日上午" if name == "发布时间" else None]
         for name in [column.name for column in book.book.table("works").columns if not column.formula]})},
        on_error="report")
    book.calculate()
    said = str(book.value("考核表!A8"))
    assert "重复" in said
    assert "文本" in said
    assert "手工填写" in str(scored(book, "zh")["私信数"]["reason"])


def test_only_the_columns_of_the_export_stand_in_the_works_table(built: dict[str, Path]) -> None:
    table_columns = Template.open(built["zh"]).book.table("works").columns
    assert len(table_columns) == 16
    assert not [column for column in table_columns if column.formula]


def test_every_word_for_not_published_counts_a_work_once(built: dict[str, Path]) -> None:
    states = ["已发布", None, "审核中", "审核不通过，已删除", "下架 下架", "私密", "已发布", "Draft"]
    book = Template.open(built["zh"])
    book.fill({"works": pd.DataFrame({
        "作品名称": [f"作品{n}" for n in range(len(states))],
        "发布时间": [*pd.date_range("2026-10-02", periods=len(states) - 2), *[datetime(2026, 11, 1)], *[None]],
        "审核状态": states}).reindex(columns=[column.name for column in book.book.table("works").columns])},
        {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)})
    book.calculate()
    produced = next(row for row in rows(book, "actuals", "zh") if row["code"] == "videos_produced")
    assert produced["actual"] == 3  # 已发布, blank and 私密; the second 已发布 is of November
    words = [row["状态包含"] for row in book.rows("unpublished")]
    book.fill({"unpublished": [{"状态包含": word} for word in [*words, "私密"]]})
    book.calculate()
    produced = next(row for row in rows(book, "actuals", "zh") if row["code"] == "videos_produced")
    assert produced["actual"] == 2
    book.fill({"unpublished": [{"状态包含": "词"}] * (STATES + 1)})
    book.calculate(on_error="report")
    produced = next(row for row in rows(book, "actuals", "zh") if row["code"] == "videos_produced")
    assert isinstance(produced["actual"], CellError), "words that are not looked at must not be passed over"


@pytest.mark.parametrize(("words", "made"), [
    (["审核"], 6), (["审?中"], 7), (["*"], 1), (["5"], 7), (["rue"], 7), (["~?"], 7), (["DRAFT", None, "审核"], 5),
    ([None], 8)])
def test_a_word_for_not_published_is_sought_in_whatever_the_status_is(built: dict[str, Path], words: list[str | None],
                                                                       made: int) -> None:
    """As SEARCH finds it: wildcards, numbers and truth values included, which COUNTIFS reads otherwise."""
    states = ["已发布", None, "审核中", "审核不通过", 25, True, "a draft?", "公开"]
    book = Template.open(built["zh"])
    place = book.book.table("works")
    heads = [column.name for column in place.columns]
    made_up = pd.DataFrame({"作品名称": [f"作品{n}" for n in range(len(states))],
                            "发布时间": pd.date_range("2026-10-02", periods=len(states))})
    book.fill({"works": made_up.reindex(columns=heads), "unpublished": [{"状态包含": word} for word in words]},
              {"period_start": START, "period_end": END})
    book.book.set_cells(place.sheet, {(place.first_row + at, place.first_col + heads.index("审核状态")): state
                                      for at, state in enumerate(states)})
    book.calculate()
    produced = next(row for row in rows(book, "actuals", "zh") if row["code"] == "videos_produced")
    assert produced["actual"] == made


@pytest.mark.parametrize(("column", "shown"), [
    ("发布时间", ("videos_produced", "completion_rate", "completed_plays")),
    ("播放量", ("completion_rate", "completed_plays")), ("完播率", ("completion_rate", "completed_plays"))])
def test_an_error_among_the_works_is_shown(built: dict[str, Path], exports: list[Path], column: str,
                                           shown: tuple[str, ...]) -> None:
    works = next(path for path in exports if path.stem == "作品列表")
    book = jobs.fill(built["zh"], data=[works], inputs={"period_start": START, "period_end": END}).template
    place = book.book.table("works")
    at = [column.name for column in place.columns].index(column)
    book.book.set_cells(place.sheet, {(place.area.last_row, place.first_col + at): CellError("#N/A")})
    book.calculate(on_error="report")
    found = {row["code"]: row["actual"] for row in rows(book, "actuals", "zh")}
    assert {code: found[code] for code in shown} == dict.fromkeys(shown, CellError("#N/A"))


def test_a_title_of_several_lines_is_one_line_on_the_dashboard(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    titles = ["一行\r\n两行\n三行", "长" * 30, "长" * 31, None]
    book.fill({"works": pd.DataFrame({
        "作品名称": titles, "发布时间": pd.date_range("2026-10-02", periods=len(titles)), "播放量": [40, 30, 20, 10],
    }).reindex(columns=[column.name for column in book.book.table("works").columns])},
        {"period_start": START, "period_end": END})
    book.calculate()
    assert [book.value(f"首页!B{row}") or "" for row in range(37, 42)] == [
        "一行 两行 三行", "长" * 30, "长" * 29 + "…", "", ""]
