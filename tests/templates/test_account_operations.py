"""The account-operations workbook: totals, forced grades and leniency worked out by pandas, and what must not pass."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests import libreoffice
from tests.templates.operations_data import NAMES, some, team
from xlkpi import jobs, registry, templates
from xlkpi.errors import CellError
from xlkpi.language import LANGS
from xlkpi.metrics import find_metric
from xlkpi.templates.account_operations import FUNCTIONS
from xlkpi.templates.account_operations.columns import OWN, RATERS, labels
from xlkpi.templates.account_operations.model import (
    BEHAVIOUR,
    DIMENSIONS,
    PERFORMANCE,
    QUOTAS,
    RATER_WEIGHTS,
)
from xlkpi.templates.words import Words
from xlkpi.workbook.fill import Template
from xlkpi.workbook.formulas import calls

INPUTS = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
LIGHT = "complaint_resolution_hours"  # the one item where less is better


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("built")
    return {lang: templates.build("account_operations", lang, folder / f"{lang}.xlsx") for lang in LANGS}


@pytest.fixture(scope="module")
def filled(built: dict[str, Path]) -> dict[str, jobs.Filled]:
    return {lang: jobs.fill(path, data=team(lang), inputs=INPUTS) for lang, path in built.items()}


def heads(name: str, lang: str) -> dict[str, str]:
    return dict(labels(name, Words(lang, "ops")))


def rows(book: Template, name: str, lang: str) -> list[dict[str, Any]]:
    codes = {text: code for code, text in heads(name, lang).items()}
    return [{codes[text]: value for text, value in row.items()} for row in book.rows(name)]


def frames(lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quantities and ratings by code, with each item's dimension and weight in it."""
    found = []
    for name, items in (("quantities", PERFORMANCE), ("ratings", BEHAVIOUR)):
        frame = pd.DataFrame(team(lang)[name]).rename(columns={text: code for code, text in heads(name, lang).items()})
        places = {find_metric(code).label(lang): (dimension, code, weight) for dimension, code, weight in items}
        frame[["dimension", "code", "weight"]] = [places[metric] for metric in frame["metric"]]
        found.append(frame)
    return found[0], found[1]


def two_levels(frame: pd.DataFrame, part: str) -> pd.Series:
    """Weighted mean in each dimension, then over the dimensions, of what has a score."""
    known = frame.dropna(subset=["score"])
    inner = known.assign(points=known["score"] * known["weight"]).groupby(["person", "dimension"], sort=False)[
        ["points", "weight"]].sum()
    score = (inner["points"] / inner["weight"]).unstack()
    weight = pd.Series({code: getattr(one, part) for code, one in DIMENSIONS.items()}).reindex(score.columns)
    return (score * weight).sum(axis=1) / (score.notna() * weight).sum(axis=1)


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    """Performance, behaviour and total of every person by pandas."""
    quantities, ratings = frames("zh")
    ratio = quantities["actual"] / quantities["target"]
    quantities["score"] = (100 * ratio.where(quantities["code"] != LIGHT, 2 - ratio)).clip(0, 120)
    marks = ratings[list(RATERS)].astype(float)
    weights = pd.Series(RATER_WEIGHTS)
    mean = (marks * weights).sum(axis=1) / (marks.notna() * weights).sum(axis=1)
    ratings["score"] = 100 * (mean - 1) / 4
    table = pd.DataFrame({"performance": two_levels(quantities, "performance"),
                          "behaviour": two_levels(ratings, "behaviour")})
    bonus = pd.Series({NAMES["zh"][2]: 3, NAMES["zh"][9]: -2}).reindex(table.index).fillna(0)
    table["total"] = (0.8 * table["performance"] + 0.2 * table["behaviour"] + bonus).clip(0, 120)
    return table


# ---------------------------------------------------------------- the build


@pytest.mark.parametrize("lang", LANGS)
def test_committed_file_is_a_fresh_build(built: dict[str, Path], lang: str) -> None:
    assert templates.path("account_operations", lang).read_bytes() == built[lang].read_bytes(), \
        "run xlkpi build-templates"


def test_both_languages_are_one_workbook(built: dict[str, Path]) -> None:
    zh, en = (Template.open(built[lang]) for lang in LANGS)
    assert zh.tables == en.tables
    assert set(zh.tables) == {*OWN, "sources"}
    assert len(zh.sheets) == len(en.sheets) == 13
    names = [sorted(name.name for name in book.book.defined_names) for book in (zh, en)]
    assert names[0] == names[1]
    assert {"person", "total_score", "grade", "coefficient", "coverage", "period_start"} <= set(names[0])
    places = [sorted((one.row, one.col) for one in book.book.formulas()) for book in (zh, en)]
    assert places[0] == places[1]
    assert all(sheet.isascii() for sheet in en.sheets)


@pytest.mark.parametrize("lang", LANGS)
def test_formulas_are_known_to_excel_2016_and_explained(built: dict[str, Path], lang: str) -> None:
    specs, seen = registry.load(), set()
    for formula in Template.open(built[lang]).book.formulas():
        assert not re.search(r"_xlfn|\b(LET|LAMBDA|FILTER|XLOOKUP|MAXIFS|TEXTJOIN|IFS|TODAY|NOW|ROW)\(", formula.text)
        assert formula.kind == "normal", formula.text
        for call in calls(formula.text):
            least = sum(not parameter.optional for parameter in specs[call.name].parameters)
            assert least <= len(call.args) <= len(specs[call.name].parameters), formula.text
            seen.add(call.name)
    assert seen == set(FUNCTIONS), "the guide explains the functions that are in the workbook"


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_workbook_shows_neither_errors_nor_totals(built: dict[str, Path], lang: str) -> None:
    book = Template.open(built[lang])
    for sheet in book.sheets:
        assert not [value for line in book.values(sheet) for value in line if isinstance(value, CellError)], sheet
    assert book.value("total_score") in (None, "")
    assert book.value("weights_wrong") == 0
    assert {row["total"] for row in rows(book, "people", lang)} <= {None, ""}


def test_weights_add_up_and_every_item_has_one_dimension() -> None:
    for part in ("performance", "behaviour"):
        assert sum(getattr(one, part) for one in DIMENSIONS.values()) == pytest.approx(1)
    for items in (PERFORMANCE, BEHAVIOUR):
        codes = [code for _, code, _ in items]
        assert len(codes) == len(set(codes))
        for dimension in {dimension for dimension, _, _ in items}:
            assert sum(weight for one, _, weight in items if one == dimension) == pytest.approx(1)
    assert len(DIMENSIONS) == 12


@pytest.mark.parametrize("lang", LANGS)
def test_print_and_protection(built: dict[str, Path], lang: str) -> None:
    book, words = openpyxl.load_workbook(built[lang]), Words(lang, "ops")
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
    assert book[words("sheet.scorecard")].page_setup.orientation in (None, "portrait", "default")
    for key in ("dashboard", "scorecard", "distribution", "raters", "params"):
        protection = book[words(f"sheet.{key}")].protection
        assert protection.sheet, key
        assert not protection.password, key
    for key in ("people", "quantities", "ratings", "plans", "indicators"):  # tables must be able to grow
        assert not book[words(f"sheet.{key}")].protection.sheet


# ---------------------------------------------------------------- the figures, worked out apart


@pytest.mark.parametrize("lang", LANGS)
def test_totals_equal_those_worked_out_apart(filled: dict[str, jobs.Filled], truth: pd.DataFrame, lang: str) -> None:
    assert not filled[lang].problems.errors
    for row, name in zip(rows(filled[lang].template, "people", lang), NAMES["zh"], strict=True):
        for code in ("performance", "behaviour", "total"):
            assert row[code] == pytest.approx(truth.loc[name, code], rel=1e-12), (name, code)
        total = round(truth.loc[name, "total"], 2)
        assert row["grade"] == next(grade for line, grade in ((110, "S"), (90, "A"), (80, "B"), (70, "C"), (0, "D"))
                                    if total >= line)
        assert row["rank"] == (truth["total"].round(2) > total).sum() + 1
        assert row["coefficient"] == {"S": 1.5, "A": 1.2, "B": 1.0, "C": 0.8, "D": 0.5}[row["grade"]]


def test_forced_grades_by_hand(filled: dict[str, jobs.Filled], truth: pd.DataFrame) -> None:
    """14 persons, quotas 10/20/50/15/5%: 1.4, 2.8, 7, 2.1, 0.7 → 1, 3, 7, 2, 1 by the largest remainder."""
    order = list(truth["total"].round(2).sort_values(ascending=False).index)
    wanted = dict(zip(order, "S" + "A" * 3 + "B" * 7 + "C" * 2 + "D", strict=True))
    found = {row["person"]: row for row in rows(filled["zh"].template, "people", "zh")}
    assert {name: row["forced"] for name, row in found.items()} == wanted
    natural = {name: row["grade"] for name, row in found.items()}
    assert natural != wanted, "the natural grade stands beside the forced one"
    spread = rows(filled["zh"].template, "distribution", "zh")
    assert [row["forced"] for row in spread] == [1, 3, 7, 2, 1]
    assert [row["quota"] for row in spread] == list(QUOTAS)
    assert [row["natural"] for row in spread] == [list(natural.values()).count(grade) for grade in "SABCD"]
    listed = [row for row in rows(filled["zh"].template, "ranking", "zh") if row["person"]]
    assert [row["person"] for row in listed] == order
    assert [row["forced"] for row in listed] == [wanted[name] for name in order]


def test_small_groups_are_exempt_and_coefficients_follow_the_parameter(built: dict[str, Path]) -> None:
    book = jobs.fill(built["zh"], data=team("zh"), inputs={**INPUTS, "group_by": "按部门", "coefficient_by": "强制等级"}
                     ).template
    people = rows(book, "people", "zh")
    large, small = people[:10], people[10:]
    assert sorted(row["forced"] for row in large) == sorted("S" + "AA" + "BBBBB" + "CC")  # 1, 2, 5, 1.5, 0.5
    assert {row["forced"] for row in small} == {""}
    assert all(row["coefficient"] == row["natural_coefficient"] for row in small)
    assert all(row["coefficient"] == row["forced_coefficient"] for row in large)


@pytest.mark.parametrize("lang", LANGS)
def test_leniency_of_raters(filled: dict[str, jobs.Filled], lang: str) -> None:
    _, ratings = frames(lang)
    marks = ratings[list(RATERS)].astype(float)
    means = marks.mean(axis=1)
    for rater, row in zip(RATERS, rows(filled[lang].template, "raters", lang), strict=True):
        given = marks[rater].notna()
        assert row["count"] == given.sum()
        assert row["mean"] == pytest.approx(25 * (marks[rater].mean() - 1))
        assert row["spread"] == pytest.approx(25 * marks[rater].std())
        off = 25 * (marks[rater][given] - means[given]).mean()
        assert row["deviation"] == pytest.approx(off)
        word = "lenient" if off > 5 else "strict" if off < -5 else "fair"
        assert row["verdict"] == Words(lang, "ops")(f"verdict.{word}")


@pytest.mark.parametrize(("lang", "places"), [("zh", (2, 5, 11)), ("en", (7,))])
def test_every_form_adds_up_to_the_total(built: dict[str, Path], truth: pd.DataFrame, lang: str,
                                         places: tuple[int, ...]) -> None:
    book = Template.open(built[lang])
    book.fill(some(lang, *places), INPUTS)
    for place in places:  # bonus, a dimension without data, an item without data; no client
        book.fill({}, {"person": NAMES[lang][place]})
        book.calculate()
        form = [row for row in rows(book, "scorecard", lang) if row["metric"]]
        assert len(form) == len(PERFORMANCE) + len(BEHAVIOUR)
        bonus = {2: 3}.get(place, 0)
        points = sum(row["weighted"] for row in form if isinstance(row["weighted"], (int, float)))
        assert points + bonus == pytest.approx(truth["total"][NAMES["zh"][place]])
        assert book.value("total_score") == pytest.approx(truth["total"][NAMES["zh"][place]])
        scores = sorted(row["score"] for row in form if isinstance(row["score"], (int, float)))
        plans = next(sheet for sheet in book.sheets if sheet == Words(lang, "ops")("sheet.plans"))
        assert [book.value(f"{plans}!C{row}") for row in range(5, 10)] == pytest.approx(scores[:5])


def test_missing_items_are_covered_by_the_rest_of_their_dimension(filled: dict[str, jobs.Filled]) -> None:
    people = rows(filled["zh"].template, "people", "zh")
    assert people[5]["brand"] == ""  # its only item has no actual value
    assert people[5]["coverage"] == pytest.approx(1 - 0.8 * 0.05)
    assert people[11]["coverage"] == pytest.approx(1 - 0.8 * 0.20 * 0.4)
    assert {row["coverage"] for row in people} - {people[5]["coverage"], people[11]["coverage"]} == {1}


@libreoffice.wanted
def test_libreoffice_agrees_on_native_formulas(filled: dict[str, jobs.Filled], tmp_path: Path) -> None:
    for lang in LANGS:
        (tmp_path / f"{lang}.xlsx").write_bytes(filled[lang].template.tobytes())
    results = libreoffice.convert([tmp_path / f"{lang}.xlsx" for lang in LANGS], "xlsx", tmp_path / "out",
                                  recalculate=True)
    for lang, path in zip(LANGS, results, strict=True):
        words = Words(lang, "ops")
        theirs = openpyxl.load_workbook(path, data_only=True)
        for key in ("indicators", "raters"):
            sheet = theirs[words(f"sheet.{key}")]
            for number, line in enumerate(filled[lang].template.values(words(f"sheet.{key}")), 1):
                for column, value in enumerate(line, 1):
                    other = sheet.cell(number, column).value
                    if isinstance(value, (int, float)):
                        assert other == pytest.approx(value, rel=1e-9), (key, number, column)
                    else:
                        assert (other or "") == (value or ""), (key, number, column)


# ---------------------------------------------------------------- what must not pass in silence


def refilled(built: dict[str, Path], data: dict[str, list[dict[str, Any]]], **inputs: Any) -> Template:
    book = Template.open(built["zh"])
    book.fill(data, {**INPUTS, **inputs}, on_error="report")
    book.calculate(on_error="report")
    return book


def test_a_rating_off_its_scale_is_an_error_not_a_gap(built: dict[str, Path]) -> None:
    data = some("zh", 0, 1)
    data["ratings"][0]["上级"] = 9
    book = refilled(built, data)
    assert rows(book, "ratings", "zh")[0]["check"] == "评分有误"
    people = rows(book, "people", "zh")
    assert people[0]["total"] == CellError("#NUM!")
    assert isinstance(people[1]["total"], float)


def test_double_rows_namesakes_and_strangers(built: dict[str, Path]) -> None:
    data = some("zh", 0, 1, 2, 3)
    data["quantities"].append(dict(data["quantities"][0]))
    data["people"].append({**data["people"][3]})
    data["ratings"].append({**data["ratings"][-1], "姓名": "路人"})
    book = refilled(built, data)
    people = rows(book, "people", "zh")
    assert people[0]["problem"] == "数据重复"
    assert people[3]["problem"] == people[4]["problem"] == "重名"
    assert [people[place]["total"] for place in (0, 3, 4)] == ["", "", ""]
    assert rows(book, "ratings", "zh")[-1]["check"] == "不在人员名单"
    assert book.value("rows_wrong") >= 3


def test_weights_that_do_not_add_up_stop_the_total(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    place = book.book.table("dimensions")
    book.fill(some("zh", 0), {**INPUTS, f"{place.sheet}!B{place.first_row + 1}": 0.2})  # goals 25% → 20%
    book.calculate()
    assert book.value("weights_wrong") == 1
    assert {row["total"] for row in rows(book, "people", "zh")} == {""}
    assert "100%" in str(book.value("考核表!A7"))
    book.fill({}, {"weight_mode": "相对"})
    book.calculate()
    assert book.value("weights_wrong") == 0
    assert isinstance(rows(book, "people", "zh")[0]["total"], float)


def test_an_item_weight_that_is_off_is_named(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    place = book.book.table("indicators")
    column = [one.name for one in place.columns].index("维度内权重") + place.first_col
    letter = openpyxl.utils.get_column_letter(column)
    book.fill(some("zh", 0), {f"{place.sheet}!{letter}{place.first_row}": 0.5})
    book.calculate()
    assert rows(book, "dimensions", "zh")[1]["performance_check"] == "合计 90%"
    assert {row["total"] for row in rows(book, "people", "zh")} == {""}


def test_quotas_that_do_not_add_up_distribute_nobody(built: dict[str, Path]) -> None:
    book = Template.open(built["zh"])
    place = book.book.table("grades")
    book.fill(some("zh", 0, 1), {f"{place.sheet}!H{place.first_row}": 0.3})
    book.calculate()
    people = rows(book, "people", "zh")
    assert {row["forced"] for row in people} == {""}
    assert {row["grade"] for row in people} <= set("SABCD")
    assert "比例" in str(book.value("考核表!A7"))


def test_veto_and_too_little_data(built: dict[str, Path]) -> None:
    data = team("zh")
    data["people"][0]["一票否决事由"] = "泄露客户资料"
    name = data["people"][1]["姓名"]
    data["quantities"] = [row for row in data["quantities"] if row["姓名"] != name]
    people = rows(refilled(built, data), "people", "zh")
    assert people[0]["grade"] == "D"
    assert people[0]["forced"] == people[0]["rank"] == ""
    assert people[0]["coefficient"] == 0.5
    assert people[1]["coverage"] == pytest.approx(0.2)
    assert people[1]["grade"] == "数据不足"
    assert people[1]["coefficient"] == people[1]["rank"] == people[1]["forced"] == ""
    assert {row["forced"] for row in people[2:]} == set("SABCD")
