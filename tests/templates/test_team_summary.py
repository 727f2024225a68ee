"""The team summary: matrix, grades and pay worked out by pandas, and what must be told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests import libreoffice
from tests.templates.operations_data import NAMES
from tests.templates.team_data import GRADES, figures, summary
from xlkpi import jobs, registry, templates
from xlkpi.errors import CellError
from xlkpi.language import LANGS
from xlkpi.templates.team_summary import FUNCTIONS
from xlkpi.templates.team_summary.columns import OWN, labels
from xlkpi.templates.words import Words
from xlkpi.workbook.fill import Template
from xlkpi.workbook.formulas import calls

COEFFICIENTS = {name: coefficient for _, name, coefficient in GRADES}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("built")
    return {lang: templates.build("team_summary", lang, folder / f"{lang}.xlsx") for lang in LANGS}


@pytest.fixture(scope="module")
def filled(built: dict[str, Path]) -> dict[str, Template]:
    return {lang: jobs.fill(path, data=summary(lang), inputs={"budget": 40_000}).template
            for lang, path in built.items()}


def rows(book: Template, name: str, lang: str) -> list[dict[str, Any]]:
    codes = {text: code for code, text in labels(name, Words(lang, "team"))}
    return [{codes[text]: value for text, value in row.items()} for row in book.rows(name)]


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    table = pd.DataFrame(figures(), columns=["person", "month", "total"])
    return table.pivot(index="person", columns="month", values="total").astype(float)


@pytest.mark.parametrize("lang", LANGS)
def test_committed_file_is_a_fresh_build(built: dict[str, Path], lang: str) -> None:
    assert templates.path("team_summary", lang).read_bytes() == built[lang].read_bytes(), "run xlkpi build-templates"


def test_both_languages_are_one_workbook(built: dict[str, Path]) -> None:
    zh, en = (Template.open(built[lang]) for lang in LANGS)
    assert zh.tables == en.tables
    assert set(zh.tables) == {*OWN, "sources"}
    names = [sorted(name.name for name in book.book.defined_names) for book in (zh, en)]
    assert names[0] == names[1]
    assert [len(book.sheets) for book in (zh, en)] == [9, 9]
    assert all(sheet.isascii() for sheet in en.sheets)


@pytest.mark.parametrize("lang", LANGS)
def test_formulas_are_known_to_excel_2016_and_explained(built: dict[str, Path], lang: str) -> None:
    seen = set()
    for formula in Template.open(built[lang]).book.formulas():
        assert not re.search(r"_xlfn|\b(LET|LAMBDA|FILTER|XLOOKUP|MAXIFS|TEXTJOIN|IFS|TODAY|NOW|ROW)\(", formula.text)
        assert formula.kind == "normal"
        seen |= {call.name for call in calls(formula.text)}
    assert seen == set(FUNCTIONS) <= set(registry.load())


@pytest.mark.parametrize("lang", LANGS)
def test_no_errors_new_or_filled(built: dict[str, Path], filled: dict[str, Template], lang: str) -> None:
    for book in (Template.open(built[lang]), filled[lang]):
        for sheet in book.sheets:
            assert not [value for line in book.values(sheet) for value in line if isinstance(value, CellError)], sheet


@pytest.mark.parametrize("lang", LANGS)
def test_matrix_mean_and_change(filled: dict[str, Template], truth: pd.DataFrame, lang: str) -> None:
    for person, row in enumerate(rows(filled[lang], "team", lang)):
        mine = truth.loc[person]
        assert row["person"] == NAMES[lang][person]
        for month in range(1, 13):
            value = mine.get(month)
            assert row[f"m{month}"] == ("" if value is None or pd.isna(value) else value)
        assert row["mean"] == pytest.approx(mine.mean())
        change = mine[10] - mine[9]
        assert row["change"] == ("" if pd.isna(change) else pytest.approx(change))


@pytest.mark.parametrize("lang", LANGS)
def test_grades_by_month(filled: dict[str, Template], truth: pd.DataFrame, lang: str) -> None:
    graded = truth.map(lambda total: next((name for line, name, _ in GRADES if total >= line), None))
    for row in rows(filled[lang], "spread", lang):
        for month in range(1, 13):
            wanted = (graded[month] == row["grade"]).sum() if month in graded else 0
            assert row[f"m{month}"] == wanted
        assert row["count"] == row["m10"]
        assert row["share"] == pytest.approx(row["count"] / truth[10].notna().sum())


@pytest.mark.parametrize("lang", LANGS)
def test_pay_by_hand(filled: dict[str, Template], truth: pd.DataFrame, lang: str) -> None:
    book, due, base = filled[lang], 0.0, 0.0
    for person, row in enumerate(rows(book, "pay", lang)):
        total = truth.loc[person, 10]
        if pd.isna(total):
            assert row["bonus"] == row["coefficient"] == ""
            assert row["check"]
            continue
        coefficient = 1.1 if person == 2 else COEFFICIENTS[next(name for line, name, _ in GRADES if total >= line)]
        assert row["bonus"] == pytest.approx(round(row["base"] * coefficient, 2))
        assert row["effect"] == pytest.approx(row["bonus"] - row["base"])
        due, base = due + row["base"] * coefficient, base + row["base"]
    assert book.value("pay_total") == pytest.approx(due)
    assert book.value("pay_base") == pytest.approx(base)
    assert book.value("pay_left") == pytest.approx(40_000 - due)


def test_another_month_can_be_looked_at(built: dict[str, Path], truth: pd.DataFrame) -> None:
    book = jobs.fill(built["en"], data=summary("en"), inputs={"shown_in_year": 2026, "shown_in_month": 7}).template
    assert book.value("shown_period") == 202607
    assert [row["total"] for row in rows(book, "pay", "en")[:11]] == list(truth[7][:11])
    overview = book.values("Overview")
    assert overview[4][3] == pytest.approx(truth[7].mean())
    order = truth[7].sort_values(ascending=False)
    assert [line[11] for line in overview[9:19]] == [NAMES["en"][person] for person in order.index[:10]]


def test_doubles_and_gaps_are_told(built: dict[str, Path]) -> None:
    data = summary("en")
    data["results"].append({**data["results"][-1], "Total": 99})  # a second result of one person and month
    data["results"].append({**data["results"][0], "Month": None})
    data["pay"][5]["Base bonus"] = None
    data["pay"][2]["Reason"] = None
    book = jobs.fill(built["en"], data=data).template
    results = rows(book, "results", "en")
    assert [results[place]["check"] for place in (-3, -2, -1)] == ["Double", "Double", "No month"]
    pay = rows(book, "pay", "en")
    assert pay[11]["check"] == "Two results"
    assert pay[11]["total"] == pay[11]["bonus"] == ""
    assert rows(book, "team", "en")[11]["m10"] == "", "two results of a month are not added up"
    assert pay[5]["check"] == "No base"
    assert pay[2]["check"] == "No reason"
    assert book.value("rows_wrong") >= 6


@libreoffice.wanted
def test_libreoffice_agrees_on_native_formulas(filled: dict[str, Template], tmp_path: Path) -> None:
    (tmp_path / "zh.xlsx").write_bytes(filled["zh"].tobytes())
    (path,) = libreoffice.convert([tmp_path / "zh.xlsx"], "xlsx", tmp_path / "out", recalculate=True)
    words, theirs = Words("zh", "team"), openpyxl.load_workbook(path, data_only=True)
    for key in ("results", "matrix", "grades"):
        sheet = theirs[words(f"sheet.{key}")]
        for number, line in enumerate(filled["zh"].values(words(f"sheet.{key}")), 1):
            for column, value in enumerate(line, 1):
                other = sheet.cell(number, column).value
                if isinstance(value, (int, float)):
                    assert other == pytest.approx(value, rel=1e-9), (key, number, column)
                elif value in (None, ""):
                    assert other in (None, ""), (key, number, column)
