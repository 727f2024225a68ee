"""Both WeChat workbooks: built alike every time, alike in both languages, without errors empty and filled."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest

from tests import libreoffice
from tests.templates.wechat_data import tables, under_headers
from xlkpi import jobs, metrics, registry, templates
from xlkpi.errors import CellError
from xlkpi.language import LANGS
from xlkpi.templates.words import Words
from xlkpi.workbook.fill import Template
from xlkpi.workbook.formulas import calls

NAMES = ("wechat_promotion", "wechat_smart")
BOOKS = [(name, lang) for name in NAMES for lang in LANGS]
PERIOD = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("built")
    return {(name, lang): templates.build(name, lang, folder / f"{name}_{lang}.xlsx") for name, lang in BOOKS}


@pytest.fixture(scope="module")
def filled(built: dict[tuple[str, str], Path]) -> dict[tuple[str, str], jobs.Filled]:
    given = tables()
    return {(name, lang): jobs.fill(path, data=under_headers(name, lang, given), inputs=PERIOD)
            for (name, lang), path in built.items()}


@pytest.mark.parametrize("book", BOOKS)
def test_committed_file_is_a_fresh_build(built: dict[tuple[str, str], Path], book: tuple[str, str]) -> None:
    committed = templates.path(*book)
    with zipfile.ZipFile(committed) as old, zipfile.ZipFile(built[book]) as new:
        changed = [name for name in new.namelist() if name not in old.namelist() or old.read(name) != new.read(name)]
    assert not changed, f"{committed.name} differs in {changed}; run xlkpi build-templates"
    assert committed.read_bytes() == built[book].read_bytes(), "packed otherwise; run xlkpi build-templates"


@pytest.mark.parametrize("name", NAMES)
def test_two_builds_are_the_same_bytes(built: dict[tuple[str, str], Path], name: str, tmp_path: Path) -> None:
    assert templates.build(name, "en", tmp_path / "again.xlsx").read_bytes() == built[name, "en"].read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_are_one_workbook(built: dict[tuple[str, str], Path], name: str) -> None:
    zh, en = (Template.open(built[name, lang]) for lang in LANGS)
    assert set(zh.tables) == set(en.tables) == {
        *import_module(f"xlkpi.templates.{name}.columns").OWN, "sources"}
    assert sorted(one.name for one in zh.book.defined_names) == sorted(one.name for one in en.book.defined_names)
    places = [sorted((one.row, one.col) for one in book.book.formulas()) for book in (zh, en)]
    assert places[0] == places[1]
    assert all(sheet.isascii() for sheet in en.sheets)


@pytest.mark.parametrize("book", BOOKS)
def test_calls_are_valid_and_the_guide_explains_them(built: dict[tuple[str, str], Path],
                                                     book: tuple[str, str]) -> None:
    specs, seen = registry.load(), set()
    for formula in Template.open(built[book]).book.formulas():
        assert formula.kind == "normal", "array formulas break when a table grows in Excel"
        assert not re.search(r"_xlfn|\b(LET|LAMBDA|FILTER|XLOOKUP|MAXIFS|TEXTJOIN|IFS|TODAY|NOW|ROW|AGGREGATE)\(",
                             formula.text), formula.text
        assert len(formula.text) < 8192
        outer = list(calls(formula.text))
        for call in [*outer, *(inner for one in outer for inner in one.inner)]:
            spec = specs[call.name]
            least = sum(not parameter.optional for parameter in spec.parameters)
            assert least <= len(call.args) <= len(spec.parameters), formula.text
            seen.add(call.name)
    assert seen == set(import_module(f"xlkpi.templates.{book[0]}.guide").FUNCTIONS)


@pytest.mark.parametrize("book", BOOKS)
def test_neither_empty_nor_filled_shows_errors(built: dict[tuple[str, str], Path],
                                               filled: dict[tuple[str, str], jobs.Filled],
                                               book: tuple[str, str]) -> None:
    for template in (Template.open(built[book]), filled[book].template):
        for sheet in template.sheets:
            for number, line in enumerate(template.values(sheet), 1):
                assert not [value for value in line if isinstance(value, CellError)], (sheet, number)


@pytest.mark.parametrize("name", NAMES)
def test_chinese_headers_of_exports_are_known_to_the_catalogue(name: str) -> None:
    from xlkpi.templates.wechat_promotion.columns import EXPORTED

    columns = import_module(f"xlkpi.templates.{name}.columns")
    for table in EXPORTED.keys() & columns.OWN.keys():
        for lang in LANGS:
            for code, header in columns.labels(table, Words(lang, name))[:len(EXPORTED[table])]:
                found = metrics.find_column(header)
                assert found is not None, header
                assert found.code == code, header


@pytest.mark.parametrize("book", BOOKS)
def test_sheets_are_set_up_for_print(built: dict[tuple[str, str], Path], book: tuple[str, str]) -> None:
    opened = openpyxl.load_workbook(built[book])
    for sheet in opened.worksheets:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert not sheet.protection.password, sheet.title


@libreoffice.wanted
def test_libreoffice_works_out_the_same(filled: dict[tuple[str, str], jobs.Filled], tmp_path: Path) -> None:
    """Every number that no KPI call touches is LibreOffice's too."""
    paths = []
    for (name, lang), done in filled.items():
        paths.append(tmp_path / f"{name}_{lang}.xlsx")
        paths[-1].write_bytes(done.template.tobytes())
    results = libreoffice.convert(paths, "xlsx", tmp_path / "out", recalculate=True)
    keys = {"wechat_promotion": ("actuals", "users", "articles", "plans", "params", "benchmarks", "diagnosis",
                                 "conversion"),
            "wechat_smart": ("users", "articles", "consultations", "consult_dod")}
    compared = 0
    for (name, lang), path in zip(filled, results, strict=True):
        words, theirs = Words(lang, name), openpyxl.load_workbook(path, data_only=True)
        for key in keys[name]:
            sheet = theirs[words(f"sheet.{key}")]
            for number, line in enumerate(filled[name, lang].template.values(words(f"sheet.{key}")), 1):
                for column, value in enumerate(line[:11] if key == "actuals" else line, 1):
                    other = sheet.cell(number, column).value
                    if isinstance(value, (int, float)) and not isinstance(value, bool):
                        if (key == "diagnosis" and number in (14, 17)) or other is None or isinstance(other, str):
                            continue  # they count lights, which are KPI calls
                        assert other == pytest.approx(value, rel=1e-9), (name, key, number, column)
                        compared += 1
    assert compared > 4000
