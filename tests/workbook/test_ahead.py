"""What is prepared while the engine reads a large book is what would have been done afterwards."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.books import written
from xlkpi.workbook import ahead as preparing
from xlkpi.workbook import archive, package
from xlkpi.workbook.ahead import Ahead, draw
from xlkpi.workbook.archive import deflated
from xlkpi.workbook.fill import Template


def template() -> bytes:
    """A table with a chart on it, and a chart on a formula's result."""

    def build(book: Any) -> None:
        data, report = book.add_worksheet("data"), book.add_worksheet("report")
        data.add_table(0, 0, 2, 1, {"name": "works", "columns": [{"header": "day"}, {"header": "plays"}],
                                    "data": [["a", 1], ["b", 2]]})
        report.write_formula("A1", "=SUM(works[plays])", None, 3)
        for source in ("=data!$B$2:$B$3", "=report!$A$1:$A$1"):
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": source})
            report.insert_chart("D2", chart)

    return written(build)


def filled(source: bytes) -> Template:
    book = Template.open(source)
    book.fill({"works": {"day": [f"d{n}" for n in range(50)], "plays": list(range(50))}})
    return book


def parts(book: Template) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book.tobytes())) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist() if name != "docProps/core.xml"}  # has the time


def test_the_same_book_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    later = filled(template())
    later.calculate()
    monkeypatch.setattr(preparing, "LARGE", 1)
    monkeypatch.setattr(package, "BIG", 1)
    book = filled(template())
    assert list(draw(book.book)) == ["xl/charts/chart1.xml"]  # the other one draws from a formula
    book.calculate()
    assert book.book.package._packed.keys() >= {"xl/worksheets/sheet1.xml"}
    assert parts(book) == parts(later)
    assert b"<c:v>49</c:v>" in parts(book)["xl/charts/chart1.xml"]
    assert b"<c:v>1225</c:v>" in parts(book)["xl/charts/chart2.xml"]


def test_what_changed_since_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlkpi.workbook.cover import refresh_chart_caches

    monkeypatch.setattr(preparing, "LARGE", 1)
    monkeypatch.setattr(package, "BIG", 1)
    book = filled(template())
    ready = Ahead(book.book)
    ready("reading")
    book.fill(inputs={"data!B51": 777})
    refresh_chart_caches(book.book, ready.drawn)
    found = parts(book)
    assert b"<v>777</v>" in found["xl/worksheets/sheet1.xml"]
    assert b"<c:v>777</c:v>" in found["xl/charts/chart1.xml"]


def test_charts_of_small_books_wait() -> None:
    source = template()
    book, later = filled(source), filled(source)
    ready = Ahead(book.book)
    ready("reading")
    assert not book.book.package._packed
    ready("calculating")
    assert ready.drawn == {}
    assert book.book.package._packed.keys() == {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}
    assert book.book.package.tobytes() == later.book.package.tobytes()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 1234])
def test_parts_packed_in_pieces(size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(archive, "_PIECE", 100)
    data = bytes(n * n % 7 for n in range(size))
    pieces: list[bytes | memoryview] = []
    writer = archive.Writer(pieces.append)
    for number, level in enumerate((0, 1, 6)):
        writer.add(f"{number}", data, (1980, 1, 1, 0, 0, 0), level)
    writer.add("ready", data, (1980, 1, 1, 0, 0, 0), 1, deflated(data, 1))
    writer.close()
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as found:
        assert [found.read(name) for name in found.namelist()] == [data] * 4
