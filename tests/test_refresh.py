"""Refreshing a file: what sources give replaces tables, what people typed stays with its row, errors change nothing."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import openpyxl.worksheet.table
import pytest
from refresh_books import csv, orders

import xlkpi
from xlkpi import jobs, refreshing, samples, templates
from xlkpi.cli import main
from xlkpi.errors import Refused
from xlkpi.workbook.fill import Template

NEW = ("A3,2025-12-11,80", "A2,2025-12-10,250", "A4,2025-12-12,60")


def kinds(problems: list[Any]) -> list[str]:
    return [type(problem).__name__ for problem in problems]


def refused(book: Path, **kw: Any) -> list[Any]:
    """The problems of a refresh that must not touch its file."""
    before = book.read_bytes()
    with pytest.raises(Refused) as stop:
        refreshing.refresh(book, **kw)
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir() if path.suffix == ".part"] == []
    return stop.value.problems


# ---------------------------------------------------------------- a template, whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refreshed_template_shows_what_a_filled_one_shows(tmp_path: Path, lang: str) -> None:
    files = samples.write_samples(tmp_path / "exports", lang=lang) if lang == "zh" else samples.write_samples(
        tmp_path / "exports")
    goals = next(path for path in files if path.stem in ("目标", "goals"))
    inputs = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
    blank = templates.path("short_video", lang)
    want = jobs.fill(str(blank), data=[path for path in files if path != goals], goals=goals, inputs=inputs).template
    book = tmp_path / "book.xlsx"
    named = Template.open(blank)
    table = named.book.table("sources")
    at = f"'{table.sheet}'!{{}}{{}}"
    named.fill({}, {**inputs, at.format("C", table.first_row): "exports", at.format("C", table.first_row + 1):
                    f"exports/{goals.name}", at.format("A", table.first_row + 1): "goals"})
    named.calculate()
    named.save(book)
    done = refreshing.refresh(book)
    got = Template.open(book)
    assert got.value("total_score") == want.value("total_score")
    assert got.rows("scorecard") == want.rows("scorecard")
    assert got.rows("works") == want.rows("works")
    assert {row["File" if lang == "en" else "文件"] for row in got.rows("audit_files")} == {path.name for path in files}
    results = [list(row.values())[1] for row in got.rows("sources")[:2]]
    assert [str(text).split(" · ")[1].split()[0] for text in results] == ["11", "1"]
    again = refreshing.refresh(book)
    assert again.template.rows("scorecard") == done.template.rows("scorecard")


def test_a_user_s_figure_stays_with_its_work_when_the_works_come_in_another_order(tmp_path: Path) -> None:
    head = "作品名称,发布时间,播放量"
    works = ["甲,2026-10-01 10:00,100", "乙,2026-10-02 10:00,200", "丙,2026-10-03 10:00,300"]
    csv(tmp_path / "works.csv", *works, header=head)
    book = tmp_path / "book.xlsx"
    named = Template.open(templates.path("short_video", "zh"))
    named.fill({}, {f"参数!C{named.book.table('sources').first_row}": "works.csv"})
    named.calculate()
    named.save(book)
    typed = refreshing.refresh(book).template
    likes = next(cell for cell in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if typed.value(
        f"作品数据!{cell}{typed.book.table('works').first_row - 1}") == "点赞量")
    typed.fill({}, {f"作品数据!{likes}{typed.book.table('works').first_row + 1}": 7})
    typed.calculate()
    typed.save(book)
    csv(tmp_path / "works.csv", *works[::-1], "丁,2026-10-04 10:00,5", header=head)
    done = refreshing.refresh(book)
    assert [(row["作品名称"], row["播放量"], row["点赞量"]) for row in done.template.rows("works")] == [
        ("丙", 300, None), ("乙", 200, 7), ("甲", 100, None), ("丁", 5, None)]
    kept = [problem.facts for problem in done.problems if type(problem).__name__ == "FiguresKept"]
    assert kept == [{"column": "点赞量", "rows": 1}]


def test_the_macro_edition_keeps_its_macros_and_its_button(tmp_path: Path) -> None:
    files = samples.write_samples(tmp_path / "exports")
    book = tmp_path / "book.xlsm"
    named = Template.open(templates.path("short_video", "zh", "macro"))
    named.fill({}, {f"参数!C{named.book.table('sources').first_row}": f"exports/{files[0].name}"})
    named.calculate()
    named.save(book)
    done = refreshing.refresh(book)
    assert len(done.template.rows("works")) > 20
    with ZipFile(templates.path("short_video", "zh", "macro")) as before, ZipFile(book) as after:
        kept = [name for name in before.namelist() if "vba" in name.casefold() or "vmlDrawing" in name]
        assert len(kept) >= 2
        for name in kept:
            assert after.read(name) == before.read(name), name
        assert set(before.namelist()) - set(after.namelist()) <= {"xl/calcChain.xml"}


# ---------------------------------------------------------------- any workbook


def test_entries_and_notes_follow_their_rows(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)], comments={
        "D4": "note of A1", "D5": "note of A2", "E6": "note of A3", "H1": "beside"})
    done = refreshing.refresh(book)
    rows = done.template.rows("orders")
    assert [row["编号"] for row in rows] == ["A3", "A2", "A4"]
    assert [row["备注"] for row in rows] == ["退货", None, None]
    assert [row["含税"] for row in rows] == pytest.approx([84.8, 265, 63.6])
    assert done.template.value("订单!H1") == "手填的说明"
    assert done.template.value("订单!H2") == 390
    sheet = openpyxl.load_workbook(book)["订单"]
    assert {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment} == {
        "E4": "note of A3", "D5": "note of A2", "H1": "beside"}
    gone = next(problem for problem in done.problems if type(problem).__name__ == "EntryGone")
    assert "note of A1" in gone.sentence()
    assert "老客户" in gone.sentence()
    listed = "".join(str(value) for row in done.template.rows("audit_problems") for value in row.values())
    assert "note of A1" in listed
    assert "老客户" in listed
    assert done.template.value("audit_tool").startswith("xlkpi ")  # type: ignore[union-attr]
    drawing = done.template.book.package.read(done.template.book.package.related(
        done.template.book.sheet("订单").part, "vmlDrawing")[0])
    assert drawing.count(b'ObjectType="Note"') == 3
    assert b"<x:Row>3</x:Row>" in drawing


def test_a_value_that_the_sources_no_longer_have_is_told(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", "A1,2025-12-09,", "A2,2025-12-10,5")
    done = refreshing.refresh(orders(tmp_path / "book.xlsx", [("new.csv", "订单")]))
    told = next(problem for problem in done.problems if type(problem).__name__ == "ValuesGone")
    assert (told.facts["column"], told.facts["count"], told.facts["value"]) == ("金额", 1, "100")
    assert done.template.rows("orders")[0]["金额"] is None


@pytest.mark.parametrize(("source", "files"), [
    ("data", ["a.csv", "b.csv"]), ("data/*.csv", ["a.csv", "b.csv"]), ("data\\b.csv", ["b.csv"]),
    ("sqlite:///data/shop.db#SELECT 编号, 日期, 金额 FROM t", ["shop.db"]),
    ("sqlite:///data/shop.db#@data/ask.sql", ["shop.db"])])
def test_files_folders_patterns_and_databases_lie_beside_the_workbook(
        tmp_path: Path, source: str, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if "a.csv" in files:
        csv(data / "a.csv", "Z1,2025-12-01,1")
    csv(data / "b.csv", "Z2,2025-12-02,2")
    (data / "~$b.csv").write_text("lock")
    (data / "ask.sql").write_text("SELECT 编号, 日期, 金额 FROM t", encoding="utf-8")
    with sqlite3.connect(data / "shop.db") as base:
        base.execute("CREATE TABLE t AS SELECT 'Z3' AS 编号, '2025-12-03' AS 日期, 3 AS 金额")
    monkeypatch.chdir("/")
    book = orders(tmp_path / "book.xlsx", [(source, "orders")], rows=[(None,) * 5])
    if len(files) > 1:
        assert kinds(refused(book)) == ["TableGivenTwice"]  # two files of a table that no layout knows
        return
    done = refreshing.refresh(book)
    assert [row["编号"] for row in done.template.rows("orders")] == [{"b.csv": "Z2", "shop.db": "Z3"}[files[0]]]


def test_scorecards_in_a_folder_of_exports_are_no_data(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    csv(exports / "a.csv", "Z1,2025-12-01,1")
    shutil.copy(templates.path("short_video", "zh"), exports / "last month.xlsx")
    done = refreshing.refresh(orders(tmp_path / "book.xlsx", [("exports", None)]))
    assert [problem.facts["file"] for problem in done.problems
            if type(problem).__name__ == "OwnWorkbookLeftOut"] == ["last month.xlsx"]
    assert len(done.template.rows("orders")) == 1


def test_another_output_leaves_the_workbook_as_it_was(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])
    before = book.read_bytes()
    refreshing.refresh(book, tmp_path / "out.xlsx")
    assert book.read_bytes() == before
    assert len(Template.open(tmp_path / "out.xlsx").rows("orders")) == 3


# ---------------------------------------------------------------- bad input: the file stays as it was


def test_a_missing_source_and_an_empty_pattern_come_together(tmp_path: Path) -> None:
    book = orders(tmp_path / "book.xlsx", [("gone.csv", None), ("none/*.csv", None)])
    found = refused(book)
    assert kinds(found) == ["SourceMissing", "NothingMatches"]
    assert found[0].where.cell == "A3"
    assert "gone.csv" in found[0].sentence()


def test_a_source_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", "orders")])
    read = Path.read_bytes

    def held(path: Path) -> bytes:
        if path.suffix == ".csv":
            raise PermissionError(13, "sharing violation")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", held)
    (problem,) = refused(book)
    assert kinds([problem]) == ["FileLocked"]
    assert problem.where.file == "new.csv"


def test_a_renamed_table_is_named_and_a_renamed_sheet_does_not_matter(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    (problem,) = refused(orders(tmp_path / "book.xlsx", [("new.csv", "orders")], table="orders2"))
    assert kinds([problem]) == ["SourceTableUnknown"]
    assert "orders2" in problem.sentence()
    book = orders(tmp_path / "other.xlsx", [("new.csv", "orders")])
    named = openpyxl.load_workbook(book)
    named["订单"].title = "十月订单"
    named.save(book)
    assert len(refreshing.refresh(book).template.rows("orders")) == 3


def test_a_known_export_without_a_table_is_put_nowhere_else(tmp_path: Path) -> None:
    """The works list shares one heading with another table of the workbook, which must stay as it is."""
    csv(tmp_path / "works.csv", "甲,2026-10-01 10:00,100,5", header="作品名称,发布时间,播放量,备注")
    workbook = openpyxl.load_workbook(orders(tmp_path / "book.xlsx", [("works.csv", None)]))
    sheet = workbook.create_sheet("杂项")
    sheet["A1"], sheet["A2"] = "播放量", 7
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="misc", ref="A1:A2"))
    workbook.save(tmp_path / "book.xlsx")
    (problem,) = (one for one in refused(tmp_path / "book.xlsx") if one.level == "error")
    assert kinds([problem]) == ["NoPlaceFor"]
    assert problem.facts["files"] == "works.csv"
    assert Template.open(tmp_path / "book.xlsx").rows("misc") == [{"播放量": 7}]


def test_without_a_table_of_sources_or_with_an_empty_one(tmp_path: Path) -> None:
    assert kinds(refused(orders(tmp_path / "book.xlsx", [(None, None)]))) == ["NoSources"]
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    del workbook["参数"]
    workbook.save(tmp_path / "book.xlsx")
    assert kinds(refused(tmp_path / "book.xlsx")) == ["NoSourcesTable"]


def test_a_newer_template_than_the_package(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    (problem,) = refused(orders(tmp_path / "book.xlsx", [("new.csv", None)], version="99.0.1"))
    assert kinds([problem]) == ["NewerTemplate"]
    assert "99.0.1" in problem.sentence()
    assert refreshing.refresh(orders(tmp_path / "old.xlsx", [("new.csv", None)], version="0.0.9")).path.exists()


def test_a_frozen_period_stays_as_it_was_closed(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", "orders")])
    refreshing.refresh(book)
    xlkpi.freeze(book, tmp_path / "closed.xlsx", by="me")
    (problem,) = refused(tmp_path / "closed.xlsx")
    assert kinds([problem]) == ["FrozenWorkbook"]


def test_a_circle_through_a_kpi_call(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    found = refused(orders(tmp_path / "book.xlsx", [("new.csv", None)], circular=True))
    assert "CircularReference" in kinds(found)


def test_entries_that_cannot_follow_their_rows_stop_the_refresh(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", "A1,2025-12-01,5", "A1,2025-12-01,5")
    found = refused(orders(tmp_path / "book.xlsx", [("new.csv", None)]))
    assert kinds(found) == ["NoRowKey"]
    assert "备注" in found[0].sentence()


def test_reporting_leaves_a_table_alone_whose_entries_would_be_lost(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", "A1,2025-12-01,5", "A1,2025-12-01,5")
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])
    before = Template.open(book).rows("orders")
    with pytest.raises(Refused):
        refreshing.refresh(book, on_error="report")  # the only table: nothing is left to do
    assert Template.open(book).rows("orders") == before


def test_a_formula_overwritten_by_hand_and_one_in_a_column_of_entries(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])
    workbook = openpyxl.load_workbook(book)
    workbook["订单"]["F5"] = 999
    workbook["订单"]["E5"] = "=1+1"
    workbook.save(book)
    found = refused(book)
    assert [(type(problem).__name__, problem.where.cell) for problem in found if problem.level == "error"] == [
        ("OverrideInTheWay", "F5"), ("FormulaInManualColumn", "E5")]


def test_a_workbook_that_is_open_in_excel(tmp_path: Path) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])
    (tmp_path / "~$book.xlsx").write_text("somebody")
    assert kinds([problem for problem in refused(book) if problem.level == "error"]) == ["OpenInExcel"]


def test_a_save_that_fails_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlkpi.workbook.package.os.replace", full)
    assert kinds(refused(book)) == ["Unwritable"]


# ---------------------------------------------------------------- the command


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv(tmp_path / "new.csv", *NEW)
    book = orders(tmp_path / "book.xlsx", [("new.csv", None)])
    assert main(["refresh", str(book), "--json"]) == 0
    assert '"rows": 3' in capsys.readouterr().out
    (tmp_path / "new.csv").unlink()
    assert main(["refresh", str(book), "--lang", "zh"]) == 1
    assert "找不到来源“new.csv”" in capsys.readouterr().err
