"""A period closed: formulas are values, nothing else moved, and what is changed afterwards is found and named."""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from libreoffice import convert, wanted
from workbook.packages import changed, part
from workbook.smallbooks import book

import xlkpi
from xlkpi import cli, freezing, templates
from xlkpi.errors import CellError, Refused
from xlkpi.workbook import docprops
from xlkpi.workbook.fill import Template
from xlkpi.workbook.fixing import fix_values

WORKS = [("Steamed fish", datetime(2026, 10, 1, 8), 1000, 50), ("Tofu, twice", datetime(2026, 10, 2, 20), 400, 10),
         ("Noodles", datetime(2026, 10, 5, 12), 600, 30)]
# Worked out by hand: 2,000 plays and 90 likes; 90 / 2,000 = 4.5 % against 5 % is 90 points.
SHOWN: dict[str, dict[str, Any]] = {
    "Data": {"C6": 2000, "E3": 0.05, "E4": 0.025, "E5": 0.05},
    "Card": {"B1": 0.045, "B2": 0.05, "B3": 90, "B4": "A", "B5": "", "B6": True, "B7": "#DIV/0!", "D1": 50, "D2": 10,
             "D3": 30, "F1": "STEAMED FISH", "F2": "TOFU, TWICE", "F3": "NOODLES", "B9": " two  blanks "},
}


def month() -> bytes:
    """A calculated workbook with every kind of formula, a chart, rules, a picture of sparklines and names."""
    sink = io.BytesIO()
    made = xlsxwriter.Workbook(sink, {"in_memory": True})
    day = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    data, card, plain = (made.add_worksheet(name) for name in ("Data", "Card", "Notes"))
    data.write("A1", "October")
    data.add_table("A2:E6", {"name": "works", "total_row": True, "columns": [
        {"header": "Title", "total_string": "Total"}, {"header": "Published at", "format": day},
        {"header": "Plays", "total_function": "sum"}, {"header": "Likes"},
        {"header": "Rate", "formula": "=[@Likes]/[@Plays]"}],
        "data": [list(row) for row in WORKS]})
    card.write_column("A1", ["Rate", "Target", "Score", "Grade", "Remark", "Met", "Broken", "Bonus", "Text"])
    for place, formula in (("B1", "=SUM(works[Likes])/SUM(works[Plays])"), ("B3", "=B1*100/B2"),
                           ("B4", '=IF(B3>=90,"A","B")'), ("B5", '=IF(B3>=90,"","below")'), ("B6", "=B3>=90"),
                           ("B7", "=1/0"), ("B9", '=" two "&" blanks "')):
        card.write_formula(place, formula)
    card.write("B2", 0.05)
    card.write("B8", 300)
    card.write_array_formula("D1:D3", "{=works[Likes]*1}")
    card.write_dynamic_array_formula("F1:F3", "=UPPER(works[Title])")
    made.define_name("total_score", "=Card!$B$3")
    made.define_name("grade", "=Card!$B$4")
    card.conditional_format("B3", {"type": "cell", "criteria": ">", "value": 80,
                                   "format": made.add_format({"bg_color": "#C6EFCE"})})
    card.data_validation("B2", {"validate": "decimal", "criteria": ">", "value": 0})
    card.add_sparkline("H1", {"range": "Data!C3:C5"})
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$C$3:$C$5", "categories": "=Data!$A$3:$A$5"})
    card.insert_chart("J2", chart)
    plain.write("A1", "only text here")
    made.close()
    template = Template.open(sink.getvalue())
    template.calculate()
    return template.tobytes()


@pytest.fixture(scope="module")
def calculated() -> bytes:
    return month()


@pytest.fixture(scope="module")
def frozen(calculated: bytes) -> bytes:
    return freezing.freeze(calculated, by="Wang Fang", note="final").template.tobytes()


def shown(data: bytes, formulas: bool = False) -> dict[str, dict[str, Any]]:
    """Every cell as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    return {sheet.title: {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
            for sheet in read}


def names(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.name for problem in refused.value.problems]


# ---------------------------------------------------------------- freezing


def test_every_formula_is_its_value(frozen: bytes) -> None:
    read = shown(frozen, formulas=True)
    for sheet, cells in SHOWN.items():
        for place, value in cells.items():
            assert read[sheet][place] == (pytest.approx(value) if isinstance(value, float) else value), (sheet, place)
    for number in (1, 2, 3):
        assert not re.search(rb"<f\b", part(frozen, f"xl/worksheets/sheet{number}.xml"))


def test_nothing_else_moved(calculated: bytes, frozen: bytes) -> None:
    """All parts but those that must are the same to the byte; of the sheets, all that is outside the cells."""
    assert changed(calculated, frozen) == {
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/sharedStrings.xml",
        "[Content_Types].xml", "_rels/.rels", "docProps/custom.xml"}
    for number in (1, 2):
        before, after = (part(data, f"xl/worksheets/sheet{number}.xml") for data in (calculated, frozen))
        for mark in (b"<sheetData>", b"</sheetData>"):
            side = 0 if mark == b"<sheetData>" else 1
            assert before.split(mark)[side] == after.split(mark)[side]
        cells = [re.findall(rb'<c r="(\w+)"(?: s="(\d+)")?', sheet) for sheet in (before, after)]
        assert cells[0] == cells[1]


def test_an_empty_text_stays_a_text(frozen: bytes) -> None:
    cell = re.search(rb'<c r="B5" t="s"><v>(\d+)</v></c>', part(frozen, "xl/worksheets/sheet2.xml"))
    assert cell is not None
    items = re.findall(rb"<si><t[^>]*?(?:/>|>([^<]*)</t>)</si>", part(frozen, "xl/sharedStrings.xml"))
    assert items[int(cell[1])] == b""


def test_the_table_of_strings_counts_its_cells(frozen: bytes) -> None:
    cells = sum(part(frozen, f"xl/worksheets/sheet{number}.xml").count(b' t="s"') for number in (1, 2, 3))
    assert f' count="{cells}"'.encode() in part(frozen, "xl/sharedStrings.xml")


def test_excel_has_nothing_to_refill_the_table_with(calculated: bytes, frozen: bytes) -> None:
    table = part(frozen, "xl/tables/table1.xml")
    assert b"Formula" in part(calculated, "xl/tables/table1.xml")
    assert b"Formula" not in table
    assert b"totalsRowFunction" not in table
    assert b'totalsRowLabel="Total"' in table
    assert b'ref="A2:E6"' in table


def test_metadata_of_dynamic_arrays_no_longer_point_at_a_cell(frozen: bytes) -> None:
    assert b" cm=" not in part(frozen, "xl/worksheets/sheet2.xml")


@wanted
def test_libreoffice_shows_the_same_and_a_copy_it_saved_is_still_intact(frozen: bytes, tmp_path: Path) -> None:
    path = tmp_path / "frozen.xlsx"
    path.write_bytes(frozen)
    [saved] = convert([path], "xlsx", tmp_path / "out", recalculate=True)
    read = shown(saved.read_bytes())
    for sheet, cells in SHOWN.items():
        for place, value in cells.items():
            want = pytest.approx(value) if isinstance(value, float) else value
            assert read[sheet].get(place, "") == want, (sheet, place)
    assert freezing.check(saved).problems == []


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODD = ('<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">C1*2</f><v>4</v></c>'
       '<c r="B1" s="1" vm="1" cm="1" t="e"><f t="array" ref="B1:B2">C1:C2/0</f><v>#VALUE!</v></c>'
       '<c r="C1"><v>2</v></c></row><row r="2"><c r="A2" ph="1"><f t="shared" si="0"/><v>6</v></c>'
       '<c r="B2" t="e"><v>#DIV/0!</v></c>'
       '<c r="C2"><v>3</v></c><c r="D2" t="str"><f>"_x0041_"&amp;C3</f><v>_x005F_x0041_</v></c>'
       '<c r="E2"><f t="dataTable" ref="E2:E3" dt2D="0" dtr="0" r1="C1"/><v>8</v></c></row></sheetData>')


@pytest.mark.parametrize("prefix", ["", "x"])
def test_shared_array_and_data_table_formulas(prefix: str) -> None:
    sheet = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}:", ODD) if prefix else ODD
    template = Template.open(book(sheet, prefix=prefix, calc_chain=f'<calcChain {MAIN}><c r="A1" i="1"/></calcChain>'))
    assert fix_values(template.book) == 5
    data = template.tobytes()
    stored = part(data, "data/one.xml").decode().replace("x:", "")
    assert "<f" not in stored
    assert '<c r="A1"><v>4</v></c>' in stored
    assert '<c r="A2" ph="1"><v>6</v></c>' in stored
    assert '<c r="B1" s="1" vm="1" t="e"><v>#VALUE!</v></c>' in stored  # the value's own metadata stays with it
    assert '<c r="E2"><v>8</v></c>' in stored
    assert "xl/calcChain.xml" not in zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert template.value("Data!D2") == "_x0041_"


def test_a_frozen_template_shows_its_record_on_the_audit_sheet(tmp_path: Path) -> None:
    source = templates.path("short_video", "zh")
    out = tmp_path / "十月.xlsx"
    done = xlkpi.freeze(source, out, by="王芳", note="十月终稿")
    rows = [row for row in Template.open(out).rows("audit_files") if row["SHA256"]]
    assert [row["SHA256"] for row in rows] == [done.hash]
    assert rows[0]["内容"] == "冻结"
    assert "王芳" in rows[0]["说明"]
    assert "十月终稿" in rows[0]["说明"]
    assert xlkpi.check(out).intact
    assert done.formulas == len(Template.open(source).book.formulas())
    assert not Template.open(out).book.formulas()


def test_a_full_audit_table_grows_by_the_record(tmp_path: Path) -> None:
    template = Template.open(templates.path("short_video", "en"))
    heads = [column.name for column in template.book.table("audit_files").columns]
    template.fill({"audit_files": [dict.fromkeys(heads) | {heads[0]: name} for name in ("a.csv", "b.csv")]})
    template.calculate()
    done = freezing.freeze(template, tmp_path / "out.xlsx", by="W")
    rows = Template.open(tmp_path / "out.xlsx").rows("audit_files")
    assert [row[heads[5]] for row in rows] == [None, None, done.hash]
    assert freezing.check(tmp_path / "out.xlsx").intact


def test_the_team_summary_has_a_list_of_what_is_frozen(tmp_path: Path) -> None:
    out = tmp_path / "team.xlsx"
    done = freezing.freeze(templates.path("team_summary", "en"), out, by="Wang Fang", note="October")
    first = Template.open(out).rows("freezes")[0]
    assert list(first.values())[2:] == ["team_summary_en.xlsx", done.hash, "Wang Fang", "October"]
    assert list(first.values())[1] == datetime.fromisoformat(done.at).replace(tzinfo=None)
    assert freezing.check(out).intact


def test_the_record_stands_beside_properties_that_were_there() -> None:
    types = ('<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="7" name="Client">'
             '<vt:lpwstr>A &amp; B</vt:lpwstr></property>')
    kept = (f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
            f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{types}</Properties>')
    template = Template.open(book('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'))
    package = template.book.package
    package.add("docProps/custom.xml", kept.encode(),
                "application/vnd.openxmlformats-officedocument.custom-properties+xml")
    package.relate("", "docProps/custom.xml", "custom-properties")
    done = freezing.freeze(template, by="<王 & \"Li\">")
    again = Template.open(template.tobytes())
    assert docprops.read(again.book.package)["Client"] == "A & B"
    assert freezing.check(again).by == done.by == '<王 & "Li">'
    stored = part(template.tobytes(), "docProps/custom.xml")
    assert types.encode() in stored
    pids = re.findall(rb'pid="(\d+)"', stored)
    assert len(set(pids)) == len(pids)
    assert min(map(int, pids)) >= 2


# ---------------------------------------------------------------- refusing


def test_a_second_freeze_is_refused(frozen: bytes) -> None:
    with pytest.raises(Refused) as refused:
        freezing.freeze(frozen)
    assert names(refused) == ["AlreadyFrozen"]
    assert "Wang Fang" in str(refused.value)


def test_a_workbook_filled_and_not_calculated_is_refused(calculated: bytes) -> None:
    template = Template.open(calculated)
    template.fill(inputs={"Card!B2": 0.06})
    with pytest.raises(Refused) as refused:
        freezing.freeze(template)
    assert names(refused) == ["NotCalculated"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stale = template.tobytes()
    with pytest.raises(Refused) as refused:
        freezing.freeze(stale)
    places = {problem.where.cell: problem.facts for problem in refused.value.problems}
    assert set(places) == {"B3", "B4", "B5", "B6"}  # 4.5 % against 6 %: 75 points, no longer an A
    assert places["B3"]["stored"] == "90.0"
    assert places["B3"]["fresh"] == "75.0"
    template.calculate()
    assert freezing.freeze(template).template.value("Card!B3") == pytest.approx(75)


def test_a_workbook_never_calculated_is_refused() -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet["A1"], sheet["A2"] = 5, "=A1*2"
    sink = io.BytesIO()
    made.save(sink)
    with pytest.raises(Refused) as refused:
        freezing.freeze(sink.getvalue())
    assert names(refused) == ["NoStoredValue"]
    assert refused.value.problems[0].where.cell == "A2"


def test_the_day_it_was_calculated_for() -> None:
    sheet = ('<sheetData><row r="1"><c r="A1"><f>TODAY()</f><v>46326</v></c></row></sheetData>')  # 2026-10-31
    assert freezing.freeze(book(sheet), as_of=date(2026, 10, 31)).formulas == 1
    with pytest.raises(Refused) as refused:
        freezing.freeze(book(sheet), as_of=date(2026, 11, 30))
    assert names(refused) == ["StaleBook"]


def test_what_cannot_be_calculated_again_is_frozen_as_stored_and_said() -> None:
    done = freezing.freeze(book('<sheetData><row r="1"><c r="A1"><f>RAND()</f><v>0.25</v></c></row></sheetData>'))
    assert [problem.name for problem in done.problems] == ["NotVerified"]
    assert done.intact
    assert done.template.value("Data!A1") == 0.25


def test_a_workbook_without_record_cannot_be_checked(calculated: bytes) -> None:
    with pytest.raises(Refused) as refused:
        freezing.check(calculated)
    assert names(refused) == ["NotFrozen"]


# ---------------------------------------------------------------- checking


def test_untouched_is_intact(frozen: bytes) -> None:
    done = freezing.check(frozen)
    assert done.intact
    assert done.by == "Wang Fang"
    assert done.note == "final"
    assert xlkpi.__version__ in done.versions
    assert freezing.check(frozen, expected=done.hash.upper(), original=frozen).intact
    assert [problem.name for problem in freezing.check(frozen, expected="0" * 64).problems] == ["OtherHash"]


def test_the_hash_is_over_what_is_said_not_over_bytes(frozen: bytes) -> None:
    """Packed without compression and in another order, it is the same workbook."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(frozen)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as new:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))
    assert sink.getvalue() != frozen
    assert freezing.check(sink.getvalue()).intact


def test_a_sheet_is_listed_as_documented() -> None:
    sheet = ('<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>播放"量"</t></is></c><c r="C2"><v>0.1</v></c>'
             '<c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="F2" t="str"><v></v></c>'
             '<c r="G2" s="1"/><c r="H2"><v>0.30000000000000004</v></c></row></sheetData>')
    lines = ['["xlkpi listing","1","1900"]', '[2,2,"s","播放\\"量\\""]', '[2,3,"n","0.1"]', '[2,4,"b","1"]',
             '[2,5,"e","#N/A"]', '[2,8,"n","0.3"]']
    want = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    done = freezing.freeze(book(sheet))
    assert done.sheets["Data"] == want


def sets(sheet: str, row: int, col: int, value: Any) -> Callable[[Template], None]:
    return lambda template: template.book.set_cells(sheet, {(row, col): value})


def patches(name: str, old: bytes, new: bytes) -> Callable[[Template], None]:
    def patch(template: Template) -> None:
        data = template.book.package.read(name)
        assert old in data
        template.book.package.write(name, data.replace(old, new, 1))
    return patch


TAMPERED: list[tuple[str, Callable[[Template], None], list[tuple[str, str | None]]]] = [
    ("a score", sets("Card", 3, 2, 91), [("SheetChanged", "Card")]),
    ("a score by little", sets("Card", 3, 2, 90.00000001), [("SheetChanged", "Card")]),
    ("a parameter", sets("Card", 2, 2, 0.04), [("SheetChanged", "Card")]),
    ("a number as text", sets("Card", 8, 2, "300"), [("SheetChanged", "Card")]),
    ("a row emptied", sets("Data", 4, 3, None), [("SheetChanged", "Data")]),
    ("a cell far away", sets("Notes", 900, 30, "x"), [("SheetChanged", "Notes")]),
    ("a table shorter", patches("xl/tables/table1.xml", b'ref="A2:E6"', b'ref="A2:E5"'), [("SheetChanged", "Data")]),
    ("a name moved", patches("xl/workbook.xml", b"Card!$B$3", b"Card!$B$8"), [("NamesChanged", None)]),
    ("a sheet renamed", patches("xl/workbook.xml", b'name="Notes"', b'name="Other"'),
     [("SheetGone", None), ("SheetCame", None)]),
    ("a formula of the same value", patches("xl/worksheets/sheet2.xml", b'<c r="B3"><v>', b'<c r="B3"><f>45*2</f><v>'),
     [("FormulaCame", "Card")]),
    ("who froze it", patches("docProps/custom.xml", b"Wang Fang", b"Li Na"), [("RecordDamaged", None)]),
    ("the hash", patches("docProps/custom.xml", b'hash"', b'hush"'), [("RecordDamaged", None)]),
]


@pytest.mark.parametrize(("change", "found"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED])
def test_tampering_is_found(frozen: bytes, change: Callable[[Template], None],
                            found: list[tuple[str, str | None]]) -> None:
    template = Template.open(frozen)
    change(template)
    done = freezing.check(template.book.package.tobytes())
    assert not done.intact
    assert [(problem.name, problem.where.sheet) for problem in done.problems] == found


def test_the_hash_shown_in_a_cell_is_held_to_the_record(tmp_path: Path) -> None:
    out = tmp_path / "team.xlsx"
    freezing.freeze(templates.path("team_summary", "en"), out)
    template = Template.open(out)
    sheet = template.book.table("freezes").sheet
    cell = next(place for place, value in template.book.values(sheet).items() if value == freezing.check(out).hash)
    template.book.set_cells(sheet, {cell: "0" * 64})
    assert [problem.name for problem in freezing.check(template).problems] == ["RecordDamaged"]


def test_with_the_original_the_cells_are_named(frozen: bytes) -> None:
    template = Template.open(frozen)
    template.book.set_cells("Card", {(3, 2): 95, (8, 2): None})
    done = freezing.check(template, original=frozen)
    cells = [(problem.where.cell, problem.facts["old"], problem.facts["new"]) for problem in done.problems
             if problem.name == "CellChanged"]
    assert cells == [("B3", "90.0", "95.0"), ("B8", "300.0", "∅")]


# ---------------------------------------------------------------- comparing


def restated(calculated: bytes) -> Template:
    """Tofu has 800 plays and not 400, Noodles are gone, and a second 'Steamed fish' came first: 120 likes a 3,000."""
    template = Template.open(calculated)
    rows = [("Steamed fish", datetime(2026, 9, 30, 8), 1200, 60), WORKS[0], ("Tofu, twice", WORKS[1][1], 800, 10)]
    heads = ("Title", "Published at", "Plays", "Likes")
    template.fill({"works": [dict(zip(heads, row, strict=True)) for row in rows]}, {"Card!B8": 250})
    template.calculate()
    return template


def test_what_was_restated(calculated: bytes) -> None:
    found = xlkpi.diff(calculated, restated(calculated))
    assert [(one.name, one.old, one.new) for one in found.results] == [
        ("total_score", pytest.approx(90), pytest.approx(80)), ("grade", "A", "B")]  # 120 / 3,000 is 4 % against 5 %
    assert found.keys["works"] == ("Title", "Published at")
    works = [(one.kind, one.key[0], one.key[1].day, one.column) for one in found.changes if one.table == "works"]
    assert works == [("changed", "Tofu, twice", 2, "Plays"), ("changed", "Tofu, twice", 2, "Rate"),
                     ("removed", "Noodles", 5, None), ("added", "Steamed fish", 30, None)]
    plays = next(one for one in found.changes if one.column == "Plays")
    assert (plays.old, plays.new, plays.cell) == (400, 800, "C5")
    gone = next(one for one in found.changes if one.kind == "removed" and one.table == "works")
    assert gone.old["Plays"] == 600
    assert gone.new is None
    cells = {one.cell: (one.kind, one.old, one.new) for one in found.changes
             if one.table is None and one.sheet == "Card"}
    assert cells["B8"] == ("changed", 300, 250)
    assert cells["B5"] == ("added", "", "below")
    assert set(cells) == {"B1", "B3", "B4", "B5", "B6", "B8", "D1", "D2", "D3", "F2", "F3"}
    assert found.counts()["works"] == {"changed": 2, "removed": 1, "added": 1}
    json.dumps(found.as_dict())


def test_a_frozen_workbook_says_the_same_as_the_live_one(calculated: bytes, frozen: bytes) -> None:
    assert xlkpi.diff(calculated, frozen).same
    assert xlkpi.diff(frozen, calculated).same
    assert not xlkpi.diff(frozen, restated(calculated)).same


def test_sheets_tables_and_columns_that_came_or_went(calculated: bytes) -> None:
    sink = io.BytesIO()
    made = xlsxwriter.Workbook(sink, {"in_memory": True})
    sheet = made.add_worksheet("Data")
    sheet.add_table("A2:C4", {"name": "works", "columns": [{"header": name} for name in ("Title", "Plays", "Saves")],
                              "data": [["Noodles", 600, 3], ["Soup", 5, 1]]})
    made.add_worksheet("New")
    made.close()
    found = xlkpi.diff(calculated, sink.getvalue())
    assert [(one.kind, one.column) for one in found.changes if one.table == "works" and one.column] == [
        ("removed", "Published at"), ("removed", "Likes"), ("removed", "Rate"), ("added", "Saves")]
    assert [(one.kind, one.key) for one in found.changes if one.table == "works" and one.key] == [
        ("removed", ("Steamed fish",)), ("removed", ("Tofu, twice",)), ("added", ("Soup",))]
    assert [(one.kind, one.sheet) for one in found.changes if one.table is None and one.cell is None] == [
        ("removed", "Card"), ("removed", "Notes"), ("added", "New")]


def test_rows_are_known_by_metric_date_or_else_by_their_place() -> None:
    def made(rows: dict[str, list[list[Any]]]) -> bytes:
        sink = io.BytesIO()
        made_book = xlsxwriter.Workbook(sink, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
        for name, body in rows.items():
            sheet = made_book.add_worksheet(name)
            sheet.add_table(0, 0, len(body) - 1, len(body[0]) - 1, {"name": name, "columns": [
                {"header": head} for head in body[0]], "data": body[1:]})
        made_book.close()
        return sink.getvalue()

    old = made({"goals": [["维度", "指标", "目标值"], ["流量", "播放量", 100], ["流量", "点赞量", 10]],
                "daily": [["日期", "播放量"], [datetime(2026, 10, 1), 5], [datetime(2026, 10, 2), 6]],
                "numbers": [["a", "b"], [1, 2], [1, 3]]})
    new = made({"goals": [["维度", "指标", "目标值"], ["流量", "点赞量", 12], ["流量", "播放量", 100]],
                "daily": [["日期", "播放量"], [datetime(2026, 10, 2), 7], [datetime(2026, 10, 3), 8]],
                "numbers": [["a", "b"], [1, 2], [1, 4]]})
    found = xlkpi.diff(old, new)
    assert found.keys == {"goals": ("指标",), "daily": ("日期",), "numbers": ()}
    assert [(one.table, one.kind, one.key, one.column) for one in found.changes] == [
        ("goals", "changed", ("点赞量",), "目标值"),
        ("daily", "removed", (datetime(2026, 10, 1),), None), ("daily", "changed", (datetime(2026, 10, 2),), "播放量"),
        ("daily", "added", (datetime(2026, 10, 3),), None), ("numbers", "changed", (2,), "b")]


def test_rows_with_the_same_key_are_paired_in_their_order() -> None:
    books = []
    for last in (3, 9):
        sink = io.BytesIO()
        made = xlsxwriter.Workbook(sink, {"in_memory": True})
        made.add_worksheet("S").add_table("A1:B4", {"name": "t", "columns": [{"header": "标题"}, {"header": "n"}],
                                                    "data": [["x", 1], ["x", 2], ["x", last]]})
        made.close()
        books.append(sink.getvalue())
    assert [(one.cell, one.old, one.new) for one in xlkpi.diff(*books).changes] == [("B4", 3, 9)]


def test_errors_and_missing_results_are_told(calculated: bytes) -> None:
    template = Template.open(calculated)
    template.book.set_cells("Card", {(8, 2): CellError("#N/A")})
    [change] = xlkpi.diff(calculated, template).changes
    assert change.as_dict()["new"] == "#N/A"
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet["A1"] = "=1+1"
    sink = io.BytesIO()
    made.save(sink)
    assert [problem.name for problem in xlkpi.diff(sink.getvalue(), sink.getvalue()).problems] == ["NotCompared"] * 2


# ---------------------------------------------------------------- the command line


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_freeze_check_and_diff_on_the_command_line(calculated: bytes, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    live = tmp_path / "october.xlsx"
    live.write_bytes(calculated)
    code, out, _ = run(capsys, "freeze", live, "--by", "Wang Fang", "--note", "final", "--lang", "en")
    closed = tmp_path / "october_frozen.xlsx"
    assert code == 0
    assert closed.exists()
    assert "13 formulas" in out
    assert live.read_bytes() == calculated
    assert run(capsys, "freeze", live, "--lang", "en")[0] == 1  # the file is there
    code, out, _ = run(capsys, "freeze", "--check", closed, "--lang", "zh")
    assert code == 0
    assert "与冻结时一致" in out
    assert "Wang Fang" in out
    template = Template.open(closed)
    template.book.set_cells("Card", {(3, 2): 95})
    template.save(tmp_path / "tampered.xlsx")
    code, out, err = run(capsys, "freeze", "--check", tmp_path / "tampered.xlsx", "--original", closed, "--lang", "en")
    assert code == 1
    assert "not as it was frozen" in out
    assert "Card!B3" in err
    code, out, _ = run(capsys, "freeze", "--check", tmp_path / "tampered.xlsx", "--json")
    assert code == 1
    assert json.loads(out)["ok"] is False
    code, out, _ = run(capsys, "diff", closed, tmp_path / "tampered.xlsx", "--lang", "zh")
    assert code == 0
    assert "total_score (Card!B3): 90 → 95" in out
    code, out, _ = run(capsys, "diff", closed, tmp_path / "tampered.xlsx", "--json")
    assert [one["cell"] for one in json.loads(out)["changes"]] == ["B3"]
    assert "没有不同" in run(capsys, "diff", live, closed, "--lang", "zh")[1]
    assert run(capsys, "freeze", live, "--hash", "0" * 64)[0] == 2
