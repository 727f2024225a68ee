"""Reading: any source, any extension, nothing lost silently, nothing raised."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl
import pytest

from xlkpi import errors, platforms
from xlkpi.platforms import files

HERE = Path(__file__).parent
TODAY = date(2026, 5, 10)
WORKS = HERE / "douyin" / "works_16" / "input.xlsx"


def book(rows: list[list[object]], **sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    for sheet, content in {"Sheet1": rows, **sheets}.items():
        page = made.worksheets[0] if sheet == "Sheet1" else made.create_sheet(sheet)
        page.title = sheet
        for row in content:
            page.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.txt", "作品", "a.xlsx"])
def test_the_extension_does_not_matter(tmp_path: Path, name: str) -> None:
    copy = tmp_path / name
    copy.write_bytes(WORKS.read_bytes())
    got = platforms.read(copy, today=TODAY)
    assert (got.table, got.file, len(got.frame)) == ("works", name, 3)


def test_audit_facts() -> None:
    import hashlib

    got = platforms.read(str(WORKS), today=TODAY)
    source = got.sources[0]
    assert got.sha256 == hashlib.sha256(WORKS.read_bytes()).hexdigest()
    assert (source.sheet, source.layout, source.platform) == ("Sheet1", "douyin_works", "douyin")
    assert (got.rows_read, source.rows_used, got.rows_skipped) == (3, 3, [])
    assert got.columns["5s完播率"] == "finish_5s_rate"
    assert len(got.columns) == 16


def test_column_types() -> None:
    frame = platforms.read(WORKS, today=TODAY).frame
    kinds = {"title": "O", "genre": "O", "review_status": "O", "published_at": "M"}
    assert {code: frame[code].dtype.kind for code in frame} == {code: kinds.get(code, "f") for code in frame}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame], ids=["pandas", "polars", "lazy"])
def test_frames_are_sources_too(make: type) -> None:
    frame = make({"日期": ["2026-04-01", "2026-04-02"], "播放量": [5, None], "封面点击率": ["25.00%", "0.3%"]})
    got = platforms.read(frame, name="query", today=TODAY)
    assert (got.table, got.file) == ("daily", "query")
    assert got.frame["plays"].iloc[0] == 5
    assert pd.isna(got.frame["plays"].iloc[1])
    assert got.frame["cover_click_rate"].tolist() == [0.25, 0.003]


def test_a_frame_with_a_doubled_column() -> None:
    frame = pd.DataFrame([["2026-04-01", 1, 2]], columns=["日期", "播放量", "播放量"])
    assert [problem.name for problem in platforms.read(frame, today=TODAY).problems] == ["DoubledColumn"]


def test_frame_rows_count_from_one() -> None:
    got = platforms.read(pd.DataFrame({"日期": ["2026-04-01", "2026-04-02"], "播放量": ["1", "x"]}), today=TODAY)
    assert [problem.where.row for problem in got.problems] == [2]


def test_times_with_a_zone_are_said_in_china() -> None:
    moment = datetime(2026, 4, 1, 20, 0, tzinfo=timezone.utc)  # noqa: UP017
    got = platforms.read(pd.DataFrame({"发布时间": [moment], "播放量": [1]}), today=TODAY)
    assert got.frame["published_at"].iloc[0] == pd.Timestamp("2026-04-02 04:00")


def test_a_list_is_not_a_table() -> None:
    assert [problem.name for problem in platforms.read([1, 2]).problems] == ["NotATable"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    got = platforms.read(tmp_path / "none.xlsx")
    assert [problem.name for problem in got.problems] == ["FileNotReadable"]
    with pytest.raises(errors.Refused):
        got.problems.refuse()


def test_several_tables_in_one_book() -> None:
    data = book([["日期", "播放量"], ["2026-04-01", "5"]], 目标=[["指标", "权重", "目标值"], ["播放量", 1, 5]],
                说明=[["随便写的"]])
    several = platforms.read_all(data, name="b.xlsx", today=TODAY)
    assert [item.table for item in several] == ["daily", "goals"]
    assert [problem.name for problem in several[0].problems] == ["SheetLeftOut"]
    assert platforms.read(data, "goals", today=TODAY).frame["target"].tolist() == [5]


def test_long_ids_stay_whole() -> None:
    data = book([["日期", "播放量", "内容url"], ["2026-04-01", "5", "7301234567890123456"]])
    assert platforms.read(data, today=TODAY).frame["url"].tolist() == ["7301234567890123456"]


def test_a_long_id_stored_as_a_number_is_lost_and_said_so() -> None:
    data = book([["日期", "播放量", "内容url"], ["2026-04-01", "5", 7301234567890123456]])
    assert [problem.name for problem in platforms.read(data, today=TODAY).problems] == ["LostDigits"]


def test_problems_beyond_fifty_are_counted() -> None:
    rows = "".join(f"2026-01-{day:02},x\n" for day in range(1, 32)) + "".join(
        f"2026-03-{day:02},x{day}\n" for day in range(1, 32))
    got = platforms.read(("日期,播放量\n" + rows).encode(), today=TODAY)
    numbers = [problem for problem in got.problems if problem.name == "NotANumber"]
    more = [problem for problem in got.problems if problem.name == "MoreLikeThis"]
    assert len(numbers) == 50
    assert [problem.facts["count"] for problem in more] == [12]
    assert more[0].facts["rows"].startswith("52, 53")


def test_encrypted_book() -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert [problem.name for problem in platforms.read(data).problems] == ["EncryptedFile"]


def test_ole_that_is_no_book() -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)
    assert [problem.name for problem in platforms.read(data).problems] == ["DamagedFile"]


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def test_a_bomb_is_not_unpacked() -> None:
    data = zipped(xl__sheet_xml=bytes(60_000_000))
    assert [problem.name for problem in platforms.read(data).problems] == ["TooLarge"]


def test_a_zip_of_something_else() -> None:
    assert platforms.read(zipped(readme=b"x")).problems[0].facts == {"what": "ZIP"}
    assert platforms.read(zipped(word__document_xml=b"<w/>")).problems[0].facts == {"what": "DOCX/PPTX"}


def test_entities_are_refused() -> None:
    data = zipped(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert [problem.name for problem in platforms.read(data).problems] == ["DamagedFile"]


def test_a_formula_that_answers_blank_is_blank() -> None:
    grid = files.Grid([["a", ""]], "Sheet1")
    raw = book([["a", "=1"]])
    before = zipfile.ZipFile(io.BytesIO(raw))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b'<c r="B1">', b'<c r="B1" t="str">')
            after.writestr(name, part)
    files.mark_silent_cells(raw, grid)
    assert grid.rows[0][1] == files.UNCALCULATED
    grid.rows[0][1] = ""
    files.mark_silent_cells(stream.getvalue(), grid)
    assert grid.rows[0][1] == ""


def test_unknown_tables_name_the_nearest_layout_and_what_it_lacks() -> None:
    header = "作品名称,体裁,播放量,点赞量,评论量"
    (problem,) = platforms.read(f"{header}\na,b,1,2,3\n".encode()).problems
    assert problem.name == "UnknownTable"
    assert "缺 发布时间" in problem.facts["nearest"] or "lacks Published at" in problem.facts["nearest"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheets_of_our_own_template_are_sources_and_its_results_are_not(lang: str) -> None:
    template = HERE.parents[1] / "workbook_templates" / f"short_video_{lang}.xlsx"
    assert [item.table for item in platforms.read_all(template, today=TODAY)] == ["goals", "works", "daily"]
    goals = platforms.read(template, "goals", today=TODAY)
    assert not goals.problems.errors
    assert goals.frame["weight"].sum() == pytest.approx(1)
