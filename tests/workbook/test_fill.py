"""The verb: data matched, judged and written; everything wrong told at once; frames, files and openpyxl books alike."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import libreoffice
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from xlkpi import language
from xlkpi.errors import Refused
from xlkpi.workbook.fill import StaleResults, Template, fill

pytestmark = pytest.mark.filterwarnings("ignore::xlkpi.workbook.fill.StaleResults")


def made(*, date1904: bool = False, rows: int = 2) -> bytes:
    """A template as XlsxWriter writes it: a table, an input cell, a sum."""
    out = io.BytesIO()
    wb = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date1904})
    day, share, text = (wb.add_format({"num_format": code}) for code in ("yyyy-mm-dd hh:mm", "0.00%", "@"))
    count = wb.add_format({"num_format": "#,##0"})
    sheet = wb.add_worksheet("作品")
    sheet.add_table(0, 0, rows, 5, {"name": "works", "columns": [
        {"header": "标题"}, {"header": "发布时间", "format": day}, {"header": "播放量", "format": count},
        {"header": "完播率", "format": share}, {"header": "编号", "format": text}, {"header": "附记栏"}]})
    for row in range(1, rows + 1):
        sheet.write_blank(row, 1, None, day)
        sheet.write_blank(row, 2, None, count)
        sheet.write_blank(row, 3, None, share)
        sheet.write_blank(row, 4, None, text)
    other = wb.add_worksheet("It's")
    other.write("B3", 5, share)
    other.write_formula("B4", "=SUM(works[播放量])", None, 0)
    wb.define_name("goal", "='It''s'!$B$3")
    wb.close()
    return out.getvalue()


ROW: dict[str, Any] = {"标题": "=1+1", "发布时间": dt.datetime(2026, 4, 1, 8, 30), "播放量": 12000, "完播率": 0.25,
                       "编号": 7_123_456_789_012_345_678, "附记栏": None}


def cells(filled: Template, sheet: str = "作品") -> list[list[object]]:
    found = openpyxl.load_workbook(io.BytesIO(filled.tobytes()))[sheet]
    return [[cell.value for cell in row] for row in found.iter_rows(min_row=2)]


def told(call: Any) -> list[tuple[str, str | None, int | None]]:
    with pytest.raises(Refused) as refused:
        call()
    return [(p.name, p.where.column or p.where.cell or p.where.table, p.where.row) for p in refused.value.problems]


WANTED = [["=1+1", dt.datetime(2026, 4, 1, 8, 30), 12000, 0.25, "7123456789012345678", None]]


@pytest.mark.parametrize("give", [
    lambda row: [row], lambda row: {key: [value] for key, value in row.items()}, lambda row: pd.DataFrame([row]),
    lambda row: pl.DataFrame([row]), lambda row: pl.DataFrame([row]).lazy(),
    lambda row: pd.DataFrame([row]).astype({"标题": "string", "播放量": "Int64"}),
    lambda row: pd.DataFrame([row])[list(reversed(row))],
], ids=["dicts", "columns", "pandas", "polars", "lazy", "nullable", "reversed"])
def test_any_frame(give: Any) -> None:
    filled = Template.open(made(rows=3))
    filled.fill({"works": give(ROW)})
    assert cells(filled) == WANTED


def test_names_through_the_catalogue_and_without_case_and_width() -> None:
    row = {"  标 题 ": "a", "published at": dt.date(2026, 1, 2), "Plays": 1, "完播率": 0.5, "编号": "x", "附记栏": "y"}
    filled = Template.open(made())
    report = filled.fill({"works": [row]})
    assert not [p for p in report if p.where.column == "播放量"]
    assert cells(filled)[0][0] == "a"
    assert cells(filled)[0][2] == 1


def test_every_column_problem_at_once() -> None:
    template = Template.open(made())
    before = template.tobytes()
    data = pd.DataFrame([["a", 1, 2, 3, 4, 5]], columns=["标题", "播放量", "播放量", "plays", "完播律", "编号"])
    problems = told(lambda: template.fill({"works": data, "work": [ROW], "gaols": []}, {
        "Nowhere!B3": 1, "It's!3B": 2, "'It''s'!B99999999": 3, "作品!A1": 4, "goal": object()}))
    assert problems == [
        ("DoubledColumn", "播放量", None), ("DoubledColumn", "播放量", None), ("MissingColumn", "发布时间", None),
        ("MissingColumn", "完播率", None), ("MissingColumn", "附记栏", None), ("LeftOverColumn", "完播律", None),
        ("UnknownTable", None, None), ("UnknownTable", None, None), ("UnknownSheet", None, None),
        ("BadAddress", None, None), ("BadAddress", None, None), ("HeaderCell", "A1", None),
        ("UnwritableValue", "B3", None)]
    assert template.tobytes() == before


def test_sentences_say_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        Template.open(made()).fill({"work": [ROW]})
    assert str(refused.value) == "the workbook has no table 'work'; did you mean 'works'?; it has: works"
    with language.use("zh"), pytest.raises(Refused) as refused:
        Template.open(made()).fill({"works": [{**ROW, "播放量": "很多"}]})
    with language.use("zh"):
        assert str(refused.value) == "作品 · 表 works · 第 1 行 · 列“播放量”: “播放量”应为数字，得到的是文字 '很多'"


def test_text_where_a_number_belongs() -> None:
    rows = [{**ROW, "播放量": value} for value in ("1.2万", "many", "3,456", " ", "--", 5)]
    template = Template.open(made())
    assert told(lambda: template.fill({"works": rows})) == [
        ("TextForNumber", "播放量", 2), ("TextForNumber", "播放量", 5)]
    report = template.fill({"works": rows}, on_error="report")
    assert [p.name for p in report] == ["TextForNumber", "TextForNumber"]
    assert [row[2] for row in cells(template)] == [12000, "many", 3456, None, "--", 5]


def test_dates_and_what_is_none() -> None:
    values = ["2026年4月1日", 46113, dt.date(2026, 4, 1), pd.Timestamp("2026-04-01"), np.datetime64("2026-04-01"), None,
              pd.NaT, float("nan"), "soon", dt.date(1850, 1, 1)]
    template = Template.open(made())
    assert told(lambda: template.fill({"works": [{**ROW, "发布时间": value} for value in values]})) == [
        ("TextForDate", "发布时间", 9), ("DateOutOfRange", "发布时间", 10)]
    template.fill({"works": [{**ROW, "发布时间": value} for value in values[:8]]})
    assert [row[1] for row in cells(template)] == [dt.datetime(2026, 4, 1)] * 5 + [None] * 3


def test_dates_of_the_1904_system() -> None:
    template = Template.open(made(date1904=True))
    template.fill({"works": [ROW]}, {"goal": dt.date(1904, 1, 2)})
    assert template.book.values("作品")[2, 2] == 46113 - 1462 + 8.5 / 24
    assert template.rows("works")[0]["发布时间"] == ROW["发布时间"]
    assert template.value("goal") == 1
    assert cells(template)[0][1] == ROW["发布时间"]


def test_notes_on_what_will_look_odd() -> None:
    rows = [{**ROW, "附记栏": dt.date(2026, 4, 1), "标题": 7_123_456_789_012_345_678}]
    template = Template.open(made())
    report = template.fill({"works": rows})
    assert [(p.name, p.level, p.where.column) for p in report] == [
        ("LongIntegerAsText", "note", "标题"), ("NotDateStyled", "note", "附记栏")]
    assert cells(template)[0] == ["7123456789012345678", ROW["发布时间"], 12000, 0.25, "7123456789012345678", 46113]


def test_existing_numbers_say_what_a_column_wants() -> None:
    template = Template.open(made())
    template.fill({"works": [{**ROW, "附记栏": 5}]})
    rows = [{**ROW, "附记栏": value} for value in ("12", "007", "1,234", "x")]
    assert told(lambda: template.fill({"works": rows})) == [
        ("TextForNumber", "附记栏", row) for row in (2, 4)]


def test_numbers_of_every_kind() -> None:
    values = [np.float64(1.5), np.int32(4), Decimal("2.25"), True, float("inf"), -0.0, 1e300, 0.1 + 0.2, 2**53, pd.NA]
    template = Template.open(made())
    template.fill({"works": [{**ROW, "播放量": value} for value in values]})
    assert [row[2] for row in cells(template)] == [1.5, 4, 2.25, True, None, 0, 1e300, 0.30000000000000004, 2**53, None]


def test_many_problems_of_a_kind_are_counted() -> None:
    problems = told(lambda: Template.open(made()).fill({"works": [{**ROW, "播放量": "x"}] * 100}))
    assert [name for name, _, _ in problems] == ["TextForNumber"] * 20 + ["MoreOfTheSame"]


@pytest.mark.parametrize("data", ["text", 5, [1, 2], {"a": 5}, {"a": [1], "b": [1, 2]}])
def test_data_that_is_no_table(data: Any) -> None:
    assert [name for name, _, _ in told(lambda: Template.open(made()).fill({"works": data}))] == ["BadData"]


def test_too_many_rows() -> None:
    data = {name: [None] * 1_048_576 for name in ROW}
    assert [name for name, _, _ in told(lambda: Template.open(made()).fill({"works": data}))] == ["TooManyRows"]


def test_inputs_by_address_and_by_name() -> None:
    template = Template.open(made())
    template.fill(inputs={"'It''s'!$B$3": "50", "作品!H9": dt.datetime(2026, 1, 1)})
    assert (template.value("goal"), template.value("It's!B3"), template.value("作品!h9")) == ("50", "50", 46023)
    template.fill(inputs={"goal": 0.5})
    assert template.value("It's!B3") == 0.5
    assert template.value("It's!Z99") is None
    assert template.values("It's")[2:] == [[None, 0.5], [None, 0]]


def test_an_input_inside_a_refilled_table() -> None:
    problems = told(lambda: Template.open(made()).fill({"works": [ROW]}, {"作品!C2": 5}))
    assert problems == [("InsideFilledTable", "C2", None)]


def test_results_of_before_are_not_saved_silently(tmp_path: Path) -> None:
    template = Template.open(made())
    template.tobytes()
    template.fill(inputs={"goal": 1})
    with pytest.warns(StaleResults, match="call calculate"):
        template.save(tmp_path / "out.xlsx")
    template.stale = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        template.save(tmp_path / "out.xlsx")


def test_frames_read_back() -> None:
    template = Template.open(made())
    template.fill({"works": [ROW, {**ROW, "标题": "b", "播放量": None}]})
    frame = Template.open(template.tobytes()).frame("WORKS")
    assert list(frame.columns) == list(ROW)
    assert frame["播放量"].sum() == 12000
    assert frame["发布时间"].tolist() == [ROW["发布时间"]] * 2


def test_a_template_in_every_form(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(made())
    wanted = Template.open(path).values("It's")
    with path.open("rb") as file:
        assert Template.open(file).values("It's") == wanted
    assert Template.open(str(path)).values("It's") == wanted
    assert Template.open(openpyxl.load_workbook(path)).values("It's")[2] == wanted[2]


def test_filling_an_openpyxl_workbook_in_place() -> None:
    wb = openpyxl.Workbook()
    sheet = wb.active
    assert sheet is not None
    for row in (["a", "b", "c"], [1, "x", "=A2*2"], [2, "y", "=A3*2"]):
        sheet.append(row)
    sheet["A2"].number_format = "0.0"
    sheet.add_table(Table(displayName="t", ref="A1:C3"))
    sheet.conditional_formatting.add("A2:A3", CellIsRule(operator="lessThan", formula=["5"]))
    validation = DataValidation(type="whole", sqref="A2:A3")  # type: ignore[arg-type]
    sheet.add_data_validation(validation)
    other = wb.create_sheet("Sum")
    other["A1"] = "=SUM(Sheet!A2:A3)"
    other["A2"] = "kept"
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(sheet, min_col=1, min_row=1, max_row=3), titles_from_data=True)
    other.add_chart(chart, "D5")

    fill(wb, {"t": [{"a": n, "b": f"t{n}"} for n in range(4)]}, {"Sum!A2": "changed"})
    assert wb.active is sheet
    assert [[cell.value for cell in row] for row in sheet["A1:C5"]] == [
        ["a", "b", "c"], *([n, f"t{n}", f"=A{n + 2}*2"] for n in range(4))]
    assert sheet["A5"].number_format == "0.0"
    assert (sheet.tables["t"].ref, other["A1"].value, other["A2"].value) == ("A1:C5", "=SUM(Sheet!A2:A5)", "changed")
    assert [str(found.sqref) for found in sheet.conditional_formatting] == ["A2:A5"]
    assert [str(found.sqref) for found in sheet.data_validations.dataValidation] == ["A2:A5"]
    assert chart.series[0].val.numRef.f == "'Sheet'!$A$2:$A$5"
    out = io.BytesIO()
    wb.save(out)
    fill(wb, {"t": [{"a": 9, "b": None}]})
    assert [[cell.value for cell in row] for row in sheet["A1:C5"]] == [
        ["a", "b", "c"], [9, None, "=A2*2"], *[[None] * 3] * 3]


plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20).filter(
    lambda text: "x005F_" not in text and "_x" not in text and (text.strip() or not text))
values = st.fixed_dictionaries({
    "标题": st.none() | plain | st.sampled_from(["=A1", "+1", "-", "@x", " a\n b "]),
    "发布时间": st.none() | st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)),
    "播放量": st.none() | st.integers(-2**53, 2**53) | st.floats(allow_infinity=False, allow_nan=False),
    "完播率": st.none() | st.floats(0, 1), "编号": st.none() | st.integers(0, 10**25).map(str),
    "附记栏": st.none() | plain | st.booleans() | st.integers(-10**6, 10**6)})


@settings(max_examples=40, deadline=None)
@given(st.lists(values, max_size=12), st.lists(values, max_size=12))
def test_random_tables_read_back(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    template = Template.open(made())
    template.fill({"works": first}, on_error="report")
    template = Template.open(template.tobytes())
    template.fill({"works": second}, on_error="report")
    wanted = [[row[name] if row[name] != "" else None for name in ROW] for row in second] or [[None] * 6]
    if not any(isinstance(row["附记栏"], str) and row["附记栏"] for row in second) or not any(
            isinstance(row["附记栏"], (int, float)) for row in first):
        seen = cells(template)
        assert len(seen) == len(wanted)
        for mine, theirs in zip(wanted, seen, strict=True):
            assert mine == theirs
    sheet = openpyxl.load_workbook(io.BytesIO(template.tobytes()))["作品"]
    assert sheet.tables["works"].ref == f"A1:F{max(1, len(second)) + 1}"


@libreoffice.wanted
def test_other_programs_read_the_same(tmp_path: Path) -> None:
    template = Template.open(made())
    rows = [{**ROW, "标题": f"标题 {n} <&>", "播放量": n * 1000, "完播率": n / 7} for n in range(300)]
    template.fill({"works": rows})
    path = tmp_path / "filled.xlsx"
    template.save(path)
    converted, = libreoffice.convert([path], "xlsx", tmp_path / "out")
    wanted = [[f"标题 {n} <&>", n * 1000, n / 7] for n in range(300)]
    for file in (path, converted):
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("作品").to_python()
        assert [[row[0], row[2], pytest.approx(row[3])] for row in sheet[1:]] == wanted
    frame = pd.read_excel(path, sheet_name="作品", engine="calamine")
    assert frame["播放量"].sum() == sum(n * 1000 for n in range(300))


def test_many_texts_are_stored_as_each_alone() -> None:
    from xlkpi.workbook.strings import _items, text_element

    texts = [f"第{n}期 & <{n}>" for n in range(1100)]
    odd = [" a", "a ", "a\nb", "\ta", "", "_x000D_", "\x0b", "a\r", "\ud800", "\uffff", "\U0001f600"]
    for extra in ([], *([one] for one in odd), odd):
        mixed = [*texts, *extra, "last"]
        assert _items(mixed, "x:") == "".join(f"<x:si>{text_element(text, 'x:t')}</x:si>" for text in mixed)
