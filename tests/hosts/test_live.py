"""The Refresh button: the real xlwings over a stand-in of Excel, held against the refresh of the file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hosts.com_standins import CDispatch, Excel, PyIDispatch
from hosts.live_standin import App, Comment, ListObject, Sheet, Workbook
from refresh_books import csv, orders

from xlkpi import jobs, language, refreshing, samples, templates
from xlkpi.errors import Refused
from xlkpi.freezing import freeze
from xlkpi.workbook.fill import Template

NEW = ("A3,2025-12-11,80", "A2,2025-12-10,250", "A4,2025-12-12,60")
NOTES = {"D4": "note of A1", "D5": "note of A2", "E6": "note of A3", "H1": "beside"}


class Desk:
    """A workbook open in the stand-in of Excel, and our module for it."""

    def __init__(self, running: Excel, path: Path) -> None:
        self.app = App()
        self.model = Workbook(self.app, path)
        self.live = sys.modules["xlkpi.hosts.excel.live"]
        windows = sys.modules["xlwings._xlwindows"]
        self.book = running.xlwings.Book(impl=windows.Book(xl=CDispatch(PyIDispatch(self.model))))

    def refresh(self) -> Any:
        return self.live.refresh(self.book)

    def refused(self) -> list[str]:
        with pytest.raises(Refused) as stop:
            self.refresh()
        self.problems = stop.value.problems
        assert self.app.said[-1] is False
        assert (self.app.ScreenUpdating, self.app.EnableEvents, self.app.Calculation) == (True, True, -4105)
        return [type(problem).__name__ for problem in stop.value.problems if problem.level == "error"]

    def sheet(self, name: str) -> Sheet:
        return self.model.Worksheets(name)

    def table(self, name: str) -> ListObject:
        return next(table for sheet in self.model.Worksheets.items for table in sheet.ListObjects.items
                    if table.Name == name)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        left, top, right, bottom = self.table(name).area
        cells = self.table(name).Parent.cells
        return [tuple(cells[row, column].formula or cells[row, column].value for column in range(left, right + 1))
                for row in range(top + 1, bottom + 1)]


@pytest.fixture
def open_in_excel(running_excel: Excel) -> Iterator[Callable[[Path], Desk]]:
    import importlib

    importlib.import_module("xlkpi.hosts.excel.live")
    with language.use("en"):
        yield lambda path: Desk(running_excel, path)


def unreported(state: Any) -> Any:
    """Everything but the audit sheet, where a refresh that was not done says why."""
    return {name: parts for name, parts in state.items() if name not in ("溯源", "Audit")}


# ---------------------------------------------------------------- it does what the refresh of a file does


def test_the_open_workbook_becomes_what_the_file_would(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", "orders")], comments=NOTES)
    other = shutil.copy(book, tmp_path / "other.xlsx")
    desk = open_in_excel(book)
    before = book.read_bytes()
    desk.refresh()
    assert book.read_bytes() == before  # nothing is saved
    done = refreshing.refresh(other)
    live = Template.open(desk.model.save(tmp_path / "saved.xlsx"))
    live.calculate()
    for name in ("orders", "audit_files", "sources"):
        assert live.rows(name) == done.template.rows(name), name
    assert [row["问题"] for row in live.rows("audit_problems")] == [
        row["问题"] for row in done.template.rows("audit_problems")]
    assert {comment.place: comment.words for comment in desk.sheet("订单").Comments.items} == {
        (4, 5): "note of A3", (5, 4): "note of A2", (1, 8): "beside"}
    assert desk.app.calculated == 1


def test_a_template_in_excel(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    files = samples.write_samples(tmp_path / "exports")
    named = Template.open(templates.path("short_video", "zh"))
    row = named.book.table("sources").first_row
    named.fill({}, {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31), f"参数!C{row}": "exports",
                    f"参数!C{row + 1}": f"exports/{files[-1].name}", f"参数!A{row + 1}": "goals"})
    named.calculate()
    named.save(tmp_path / "book.xlsx")
    desk = open_in_excel(tmp_path / "book.xlsx")
    findings = desk.refresh()
    assert not findings.errors
    want = refreshing.refresh(tmp_path / "book.xlsx").template
    live = Template.open(desk.model.save(tmp_path / "saved.xlsx"))
    live.calculate()
    for name in ("works", "daily", "goals", "scorecard", "audit_files"):
        assert live.rows(name) == want.rows(name), name
    assert live.value("total_score") == want.value("total_score") != ""
    assert live.value("audit_tool") == want.value("audit_tool")
    assert desk.app.said[0].startswith("xlkpi: ")
    assert "xlkpi: 正在读取 作品列表.xlsx …" in desk.app.said
    assert "xlkpi: 正在写入表 works …" in desk.app.said


def test_ten_thousand_rows_are_one_write(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", *(f"B{number},2026-01-{number % 28 + 1:02d},{number}" for number in range(10_000)))
    desk = open_in_excel(orders(tmp_path / "book.xlsx", [("new.csv", "orders")]))
    desk.refresh()
    assert len(desk.rows("orders")) == 10_000
    assert desk.rows("orders")[-1][2:] == (9999.0, None, "=orders[[#This Row],[金额]]*1.06")
    written = [cells for what, where, cells in desk.app.changes if what == "value" and where.startswith("订单!")]
    assert written == [40_000]
    assert len(desk.app.changes) < 20


def test_texts_stay_texts(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    words = ["=1+1", "007", "1-2", "TRUE", "+86 10", "-x", "@a", "'quoted'", "5%", "#N/A", "老客户",
             "12345678901234567"]
    csv(tmp_path / "new.csv", *(f"A{number},2026-01-01,1,{word}" for number, word in enumerate(words)),
        header="编号,日期,金额,备注")
    desk = open_in_excel(orders(tmp_path / "book.xlsx", [("new.csv", "orders")]))
    desk.refresh()
    assert [row[3] for row in desk.rows("orders")] == words
    assert [row[0] for row in desk.rows("orders")] == [f"A{number}" for number in range(len(words))]
    assert not any(cell.formula for place, cell in desk.sheet("订单").cells.items() if place[1] == 5)


def test_entries_with_the_same_traps_stay_with_their_rows(tmp_path: Path,
                                                          open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", "A2,2026-01-01,1", "A1,2026-01-01,2")
    desk = open_in_excel(orders(tmp_path / "book.xlsx", [("new.csv", "orders")], rows=[
        ("A1", 46000, 1, "=x", None), ("A2", 46000, 1, "0012", None)]))
    desk.sheet("订单").cells[4, 5].value, desk.sheet("订单").cells[4, 5].formula = "=x", None
    desk.refresh()
    assert [(row[0], row[3]) for row in desk.rows("orders")] == [("A2", "0012"), ("A1", "=x")]


# ---------------------------------------------------------------- bad input: the workbook stays as it was


def many(tmp_path: Path) -> Path:
    csv(tmp_path / "new.csv", *NEW, "A5,2025-12-13,1", "A6,2025-12-14,2")
    return orders(tmp_path / "book.xlsx", [("new.csv", "orders")], comments=NOTES)


def test_a_write_that_fails_anywhere_is_undone(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    path = many(tmp_path)
    whole = open_in_excel(path)
    whole.refresh()
    assert len(whole.app.changes) > 8
    for number in range(1, len(whole.app.changes) + 1):
        desk = open_in_excel(path)
        before = desk.model.state()
        desk.app.fails_at = number
        assert desk.refused() == ["WriteFailed"], number
        assert desk.model.state() == before, (number, desk.app.changes[number - 1])
        assert "Unable to set" in desk.problems[0].sentence()


def test_fewer_rows_than_before_are_undone_as_well(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", "A3,2025-12-11,80")
    path = orders(tmp_path / "book.xlsx", [("new.csv", "orders")], comments=NOTES)
    whole = open_in_excel(path)
    whole.refresh()
    assert [row[0] for row in whole.rows("orders")] == ["A3"]
    assert whole.sheet("订单").cells[5, 2].value is None
    for number in range(1, len(whole.app.changes) + 1):
        desk = open_in_excel(path)
        before = desk.model.state()
        desk.app.fails_at = number
        assert desk.refused() == ["WriteFailed"], number
        assert desk.model.state() == before, (number, desk.app.changes[number - 1])


@pytest.mark.parametrize("rows", [1, 5])
def test_a_totals_row_stays_below(tmp_path: Path, open_in_excel: Callable[[Path], Desk], rows: int) -> None:
    csv(tmp_path / "new.csv", *(f"A{number},2025-12-01,{number}" for number in range(1, rows + 1)))
    path = orders(tmp_path / "book.xlsx", [("new.csv", "orders")], totals=True)
    whole = open_in_excel(path)
    total = whole.sheet("订单").cells[7, 4].formula
    assert "SUBTOTAL" in total
    whole.refresh()
    assert whole.table("orders").area == (2, 3, 6, 3 + rows + 1)
    assert whole.sheet("订单").cells[3 + rows + 1, 4].formula == total
    assert [row[0] for row in whole.rows("orders")[:-1]] == [f"A{number}" for number in range(1, rows + 1)]
    for number in range(1, len(whole.app.changes) + 1):
        desk = open_in_excel(path)
        before = desk.model.state()
        desk.app.fails_at = number
        assert desk.refused() == ["WriteFailed"], number
        assert desk.model.state() == before, (number, desk.app.changes[number - 1])


def test_excel_closes_in_the_middle(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    path = many(tmp_path)
    before = path.read_bytes()
    for number in (1, 4, 8):
        desk = open_in_excel(path)
        desk.app.fails_at, desk.app.gone = number, True
        (kind,) = desk.refused()
        assert kind in ("ExcelGone", "WriteFailed")
        assert "RPC server is unavailable" in desk.problems[0].sentence()
    assert path.read_bytes() == before


def broken(desk: Desk, case: str) -> None:
    orders_sheet = desk.sheet("订单")
    if case == "SheetProtected":
        orders_sheet.ProtectContents = True
    elif case == "InTheWay":
        orders_sheet.cell(8, 4).value = "total"
    elif case == "ThreadInTheWay":
        orders_sheet.CommentsThreaded.items.append(Comment(orders_sheet, (6, 3), "why?"))
    elif case == "CircleInTheWay":
        orders_sheet.CircularReference = orders_sheet.Cells(1, 8)
    elif case == "OverrideInTheWay":
        orders_sheet.cell(5, 6).formula, orders_sheet.cell(5, 6).value = None, 999.0
    elif case == "NewerTemplate":
        desk.model.Names("xlkpi_version").RefersTo = '="99.0.0"'


def test_a_frozen_workbook(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", *NEW)
    refreshing.refresh(orders(tmp_path / "book.xlsx", [("new.csv", "orders")]))
    freeze(tmp_path / "book.xlsx", tmp_path / "closed.xlsx", by="me")
    assert open_in_excel(tmp_path / "closed.xlsx").refused() == ["FrozenWorkbook"]


@pytest.mark.parametrize("case", [
    "SheetProtected", "InTheWay", "ThreadInTheWay", "CircleInTheWay", "OverrideInTheWay", "NewerTemplate"])
def test_what_speaks_against_it_is_known_before_anything_changes(tmp_path: Path, case: str,
                                                                 open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", *NEW, "A5,2025-12-13,1", "A6,2025-12-14,2")
    desk = open_in_excel(orders(tmp_path / "book.xlsx", [("new.csv", "orders")], version="0.0.1"))
    broken(desk, case)
    before = unreported(desk.model.state())
    assert desk.refused() == [case]
    assert unreported(desk.model.state()) == before
    told = desk.rows("audit_problems")
    assert len(told) > 1
    assert {row[0] for row in told} >= {"错误", "提示"}


def test_a_circle_that_shows_after_calculating_is_undone(tmp_path: Path, open_in_excel: Callable[[Path], Desk],
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_in_excel(many(tmp_path))
    before = unreported(desk.model.state())

    def calculate() -> None:
        desk.sheet("订单").CircularReference = desk.sheet("订单").Cells(1, 8)

    monkeypatch.setattr(desk.app, "Calculate", calculate)
    assert desk.refused() == ["CircleInTheWay"]
    assert unreported(desk.model.state()) == before


def test_missing_sources_and_renamed_tables(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    desk = open_in_excel(orders(tmp_path / "book.xlsx", [("gone.csv", "orders"), ("new.csv", "ordres")]))
    before = unreported(desk.model.state())
    assert desk.refused() == ["SourceTableUnknown", "SourceMissing"]
    assert unreported(desk.model.state()) == before
    assert desk.problems[0].facts["table"] == "ordres"
    assert "orders" in desk.problems[0].facts["hint"]


def test_a_filter_is_taken_away_and_told(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    desk = open_in_excel(many(tmp_path))
    desk.table("orders").AutoFilter.FilterMode = True
    findings = desk.refresh()
    assert "FilterCleared" in [type(problem).__name__ for problem in findings]
    assert desk.table("orders").AutoFilter.FilterMode is False


# ---------------------------------------------------------------- the button


def test_the_macro_says_in_words_what_happened(tmp_path: Path, running_excel: Excel,
                                               open_in_excel: Callable[[Path], Desk]) -> None:
    path = many(tmp_path)
    desk = open_in_excel(path)

    def press() -> str:
        return running_excel.server.CallUDF("xlkpi.hosts.excel", "RefreshScorecard", [], PyIDispatch(desk.model), None)

    said = press()
    assert said.splitlines()[0] == "刷新完成。"
    assert "老客户" in said  # an entry whose row is gone
    (tmp_path / "new.csv").unlink()
    said = press()
    assert said.splitlines()[0] == "刷新没有完成。"
    assert "找不到来源“new.csv”" in said
    assert "Traceback" not in said


def test_jobs_and_live_say_the_same_of_a_bad_file(tmp_path: Path, open_in_excel: Callable[[Path], Desk]) -> None:
    csv(tmp_path / "new.csv", "A1,yesterday,many")
    path = orders(tmp_path / "book.xlsx", [("new.csv", "orders")])
    desk = open_in_excel(path)
    kinds = desk.refused()
    with pytest.raises(Refused) as stop:
        jobs.fill(path, tmp_path / "x.xlsx", data=[("orders", tmp_path / "new.csv")])
    assert set(kinds) == {type(one).__name__ for one in stop.value.problems if one.level == "error"} - {
        "MissingColumn"} != set()
