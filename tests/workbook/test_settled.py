"""Results that a filling cannot have touched are taken as they stand, and come out as if all was calculated."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.templates import operations_data, team_data, wechat_data
from tests.workbook.books import forget, written
from xlkpi import platforms, samples, templates
from xlkpi.workbook import settled
from xlkpi.workbook.engine import Cell, Engine
from xlkpi.workbook.fill import Template

Fill = Callable[[Template], Any]
DAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    forget()
    yield
    forget()


def calculated(data: bytes, fill: Fill) -> tuple[dict[Cell, Any], int, dict[str, bytes]]:
    """The results of a filled book, how many of them were settled before, and the parts it is saved with."""
    book = Template.open(data)
    fill(book)
    held = settled.held(book.book).results
    result = book.calculate(as_of=DAY, on_error="report")
    with zipfile.ZipFile(io.BytesIO(book.tobytes())) as saved:
        parts = {name: saved.read(name) for name in saved.namelist() if name != "docProps/core.xml"}  # has the time
    return result.values, len(held), parts


def learnt(data: bytes, fill: Fill) -> None:
    for _ in range(3):  # a file opened once leaves nothing behind; formulas are learnt after results
        calculated(data, fill)


def same_as_alone(data: bytes, first: Fill, *ways: Fill) -> list[int]:
    """Fill after another filling has been learnt from: as if that had never been. How many results were settled."""
    alone = []
    for way in ways:
        forget()
        alone.append(calculated(data, way))
    forget()
    learnt(data, first)
    held = []
    for way, (results, none, saved) in zip(ways, alone, strict=True):
        values, count, parts = calculated(data, way)
        assert none == 0
        assert values == results
        assert {cell: type(value) for cell, value in values.items()} == {
            cell: type(value) for cell, value in results.items()}
        assert parts == saved
        held.append(count)
    return held


# ---------------------------------------------------------------- the templates

@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    files = samples.write_samples(tmp_path_factory.mktemp("samples"))
    return {name: item.frame for name, item in platforms.collect(files).tables.items()}


def fillings(name: str, lang: str, frames: dict[str, Any]) -> list[Fill]:
    """Data alone, other data, and data with other inputs or goals."""
    if name == "short_video":
        works, daily, goals = frames["works"], frames["daily"], "目标" if lang == "zh" else "Goals"
        return [lambda book: book.fill({"works": works, "daily": daily}),
                lambda book: book.fill({"works": works[:3], "daily": daily[:9]}),
                lambda book: book.fill({"daily": daily}),
                lambda book: book.fill({"works": works}, {"person": "甲", "period_start": date(2026, 10, 5)}),
                lambda book: book.fill({"works": works, "daily": daily}, {f"{goals}!E5": 12_345}),
                lambda book: book.fill({}, {"benchmark_set": "市场基准" if lang == "zh" else "Market"})]
    data = (operations_data.some(lang, 0) if name == "account_operations" else team_data.summary(lang)
            if name == "team_summary" else wechat_data.under_headers(name, lang, wechat_data.tables()))
    first = next(iter(data))
    found: list[Fill] = [lambda book: book.fill(data),
                         lambda book: book.fill({table: rows[:2] for table, rows in data.items()}),
                         lambda book: book.fill({first: data[first]})]
    if name != "team_summary":
        october = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
        found.append(lambda book: book.fill(data, october))
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [entry.name for entry in templates.catalogue()])
def test_every_template_comes_out_as_if_all_was_calculated(name: str, lang: str, frames: dict[str, Any]) -> None:
    data = templates.path(name, lang).read_bytes()
    ways = fillings(name, lang, frames)
    held = same_as_alone(data, ways[0], *ways)
    same_as_alone(data, ways[-1], ways[0])
    if name == "wechat_promotion":
        assert held[0] > 100
    if name == "short_video":
        assert held[0] > 250
        assert held[4] < held[3] < held[0]  # goals and inputs touch more than works and days do


# ---------------------------------------------------------------- what may not be taken

def book(formulas: dict[str, str], stored: dict[str, Any] | None = None, name: str = "") -> bytes:
    """A table to be filled, a sheet of constants, and formulas with what the file says they come to."""

    def build(made: Any) -> None:
        data, fixed, sheet = (made.add_worksheet(one) for one in ("data", "fixed", "k"))
        data.add_table(0, 0, 2, 1, {"name": "works", "columns": [{"header": "day"}, {"header": "plays"}]})
        data.write("D1", 5)
        fixed.write_column("A1", [1, 2, 3])
        fixed.write_column("B1", ["x", "y", "z"])
        for place, formula in formulas.items():
            sheet.write_formula(place, formula, None, (stored or {}).get(place, 0))
        if name:
            made.define_name("meant", name)

    return written(build)


def fill(plays: float) -> Fill:
    return lambda template: template.fill({"works": [{"day": "a", "plays": plays}, {"day": "b", "plays": 1}]},
                                          {"data!D1": plays})


def held_in(formula: str, stored: Any = 0, more: dict[str, str] | None = None, name: str = "") -> bool:
    """Is the result of a formula in k!A1 taken as it stands, once the file has been calculated?"""
    data = book({"A1": formula, **(more or {})}, {"A1": stored}, name)
    forget()
    learnt(data, fill(7))
    values = {}
    for plays in (7.0, 2_000.0):
        template = Template.open(data)
        fill(plays)(template)
        values[plays] = template.calculate(as_of=DAY, on_error="report").values["k", 1, 1]
    template = Template.open(data)
    fill(3)(template)
    found = ("k", 1, 1) in settled.held(template.book).results
    assert not found or len(set(map(str, values.values()))) == 1
    return found


@pytest.mark.parametrize(("formula", "stored"), [
    ("=SUM(fixed!A1:A3)", 6), ("=fixed!B2&\"!\"", "y!"), ("=fixed!A1=1", True),
    ("=fixed!A1/0", "#DIV/0!"), ("=SUM(fixed!A:A)", 6), ("=1+1", 2), ("=SUM(meant)", 6), ("=B1+1", 7),
    ("=COUNTIF(fixed!B1:B3,\"y\")", 1), ("=SUM((fixed!A1:A2,fixed!A3))", 6)])
def test_results_that_read_nothing_of_the_filling(formula: str, stored: Any) -> None:
    assert held_in(formula, stored, {"B1": "=SUM(fixed!A1:A3)"}, "=fixed!$A$1:$A$3")


def test_a_result_through_another_one() -> None:
    data = book({"A1": "=B1+1", "B1": "=SUM(fixed!A1:A3)", "C1": "=D1+1", "D1": "=SUM(works[plays])"},
                {"A1": 7, "B1": 6, "C1": 1})
    learnt(data, fill(7))
    template = Template.open(data)
    fill(9)(template)
    assert settled.held(template.book).results == {("k", 1, 1): 7.0, ("k", 1, 2): 6.0}
    values = template.calculate().values
    assert [values["k", 1, column] for column in (1, 2, 3, 4)] == [7, 6, 11, 10]


@pytest.mark.parametrize(("formula", "stored"), [
    ("=SUM(works[plays])", 8), ("=data!D1", 7), ("=ROWS(works[plays])", 2), ("=SUM(data:fixed!A1)", 1),
    ("=INDIRECT(\"fixed!A1\")", 1), ("=OFFSET(fixed!A1,1,0)", 2), ("=TODAY()-TODAY()", 0),
    ("=SUBTOTAL(9,fixed!A1:A3)", 6),
    ("=KPI_COMPLETION(fixed!A1,2)", 0.5), ("=KPI_COMPLETION(1,2)*2", 1), ("=B1*0", 0), ("=meant*0", 0),
    ("=SUM((fixed!A1:A2,data!D1))", 10), ("=IF(fixed!A1=1,1,data!D1)", 1), ("=SUM(fixed!A1:A3)", 99),
    ("=CELL(\"row\",fixed!A3)", 3), ("=C1", 0.5)])
def test_results_that_are_calculated_every_time(formula: str, stored: Any) -> None:
    assert not held_in(formula, stored, {"B1": "=data!D1", "C1": "=KPI_COMPLETION(fixed!A1,2)"}, "=data!$D$1")


def test_a_name_for_a_formula_reads_what_the_formula_does() -> None:
    assert held_in("=meant+0", 6, name="=SUM(fixed!$A$1:$A$3)")
    assert not held_in("=meant*0", 0, name="=SUM(fixed!$A$1:$A$3)+data!$D$1")
    assert not held_in("=meant*0", 0, name="=TODAY()")


def test_a_sheet_that_is_written_settles_nothing() -> None:
    data = book({"A1": "=SUM(fixed!A1:A3)", "B1": "=fixed!B1&\"\""}, {"A1": 6, "B1": "x"})
    learnt(data, fill(7))
    template = Template.open(data)
    template.fill(inputs={"fixed!A1": 100})
    assert settled.held(template.book).results == {}
    assert template.calculate().values["k", 1, 1] == 105
    template = Template.open(data)
    template.fill(inputs={"k!F9": 100})  # the sheet of the formulas themselves
    assert settled.held(template.book).results == {}


def test_a_result_that_agrees_with_other_data_by_chance() -> None:
    data = book({"A1": "=SUM(works[plays])"}, {"A1": 8})  # wrong: the table of the file is empty
    learnt(data, fill(7))
    template = Template.open(data)
    template.fill(inputs={"fixed!A1": 5})
    assert template.calculate().values["k", 1, 1] == 0


def test_what_the_engine_does_not_name_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "reads", lambda *_: [])
    data = book({"A1": "=SUM(fixed!A1:A3)", "B1": "=1+1", "C1": "=meant*2"}, {"A1": 6, "B1": 2, "C1": 12},
                "=SUM(fixed!$A$1:$A$3)")
    learnt(data, fill(7))
    assert settled.held(Template.open(data).book).results == {("k", 1, 2): 2.0}


def test_nothing_but_cells_is_settled_where_nothing_is_filled_in() -> None:
    data = book({"A1": "=TODAY()-TODAY()", "B1": "=KPI_COMPLETION(1,2)*2", "C1": "=SUM(works[plays])"}, {"B1": 1})

    def nothing(_: Template) -> None:
        return

    learnt(data, nothing)
    assert settled.held(Template.open(data).book).results == {("k", 1, 3): 0.0}


def test_formulas_through_formulas() -> None:
    chain = [("k", row, 1) for row in range(1, 3_001)]
    direct = dict.fromkeys(chain, 1) | {("k", 1, 1): 1 | 2, ("k", 5_000, 1): 4, ("k", 5_001, 1): 8}
    others: dict[Cell, list[Cell]] = {cell: [before] for before, cell in pairwise(chain)}
    others |= {chain[0]: [], ("k", 5_000, 1): [("k", 5_001, 1), chain[-1]], ("k", 5_001, 1): [("k", 5_000, 1)]}
    found = settled._closed(direct, others)
    assert {found[cell] for cell in chain} == {3}
    assert found["k", 5_000, 1] == found["k", 5_001, 1] == -1  # they read each other


def test_arrays_and_errors_settle_nothing() -> None:
    for odd in ("{=SUM(fixed!A1:A3*1)}", "=nosuch(1)"):
        data = book({"A1": "=SUM(fixed!A1:A3)", "B1": odd}, {"A1": 6})
        forget()
        learnt(data, fill(7))
        assert settled.held(Template.open(data).book).results == {}


def test_the_engine_gets_settled_results_as_constants(frames: dict[str, Any]) -> None:
    data = templates.path("short_video", "zh").read_bytes()
    learnt(data, lambda template: template.fill({"works": frames["works"]}))
    template = Template.open(data)
    template.fill({"works": frames["works"]})
    found = settled.held(template.book)
    for part, xml in found.sheets.items():
        before = template.book.package.read(part)
        sheet = next(sheet.name for sheet in template.book.sheets if sheet.part == part)
        gone = sum(1 for cell in found.results if cell[0] == sheet)
        assert len(re.findall(rb"<f[ >]", before)) - len(re.findall(rb"<f[ >]", xml)) == gone > 0
        assert re.findall(rb"<v>[^<]*</v>", before) == re.findall(rb"<v>[^<]*</v>", xml)


# ---------------------------------------------------------------- formulas as the engine is told them

TOLD = ("=VLOOKUP(B1,works[#All],2,0)", "=SUMPRODUCT(ROW(works[plays])*works[plays])",
        "=IFERROR(MATCH(B1,works[day],0),0)", "=KPI_COMPLETION(SUM(works[plays]),100)*2")


def told() -> bytes:
    return book({"B1": '=fixed!B2&""', **{f"A{row}": formula for row, formula in enumerate(TOLD, start=1)}})


def days(count: int) -> Fill:
    rows = [{"day": "y" if row == count - 1 else f"d{row}", "plays": row + 1} for row in range(count)]
    return lambda template: template.fill({"works": rows}, {"data!D1": "y"})


def test_formulas_that_the_engine_is_told_otherwise_another_time() -> None:
    data = told()
    learnt(data, days(2))
    template = Template.open(data)
    texts = settled.held(template.book).said
    assert {cell[1] for cell in texts} >= {1, 2, 3, 4}
    for count in (2, 9, 1):
        same_as_alone(data, days(2), days(count))
        values = calculated(data, days(count))[0]
        assert values["k", 1, 1] == count
        assert values["k", 2, 1] == sum((row + 2) * (row + 1) for row in range(count))
        assert values["k", 4, 1] == pytest.approx(count * (count + 1) / 100)


def test_the_engine_is_told_only_what_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[tuple[str, str]] = []
    apply = Engine.apply

    def noted(engine: Engine) -> None:
        changed.extend((one["sheet"], one["address"]) for one in engine._changes
                    if one["kind"] == "set_formula" and "NO_VALUE" not in one["formula"])
        apply(engine)

    monkeypatch.setattr(Engine, "apply", noted)
    data = told()
    calculated(data, days(3))
    assert {place for place in changed if place[0] == "k"} >= {("k", f"A{row}") for row in (1, 2, 3, 4)}
    learnt(data, days(3))
    changed.clear()
    calculated(data, days(3))
    assert not {place for place in changed if place[0] == "k"} & {("k", f"A{row}") for row in (1, 2, 3, 4)}
