"""What is kept of a file opened again: the file alone, never what was filled into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from tests.workbook.books import forget, written
from xlkpi.workbook import original
from xlkpi.workbook.fill import Template

PEOPLE = {"first": pd.DataFrame({"name": ["甲", "乙", "丙"], "pay": [9_100, 8_200, 7_300]}),
          "second": pd.DataFrame({"name": ["丁"], "pay": [5]})}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    forget()
    yield
    forget()


def book() -> bytes:
    def build(made: Any) -> None:
        sheet = made.add_worksheet("pay")
        sheet.add_table(0, 0, 2, 1, {"name": "people", "columns": [{"header": "name"}, {"header": "pay"}]})
        sheet.write_row(1, 0, ["sample", 1])
        sheet.write_formula("D1", "=SUM(people[pay])", None, 0)
        sheet.write_formula("D2", '=IF(D1>0,KPI_COMPLETION(D1,100),"")', None, 0)
        sheet.write_formula("D3", "=bonus", None, 0)
        sheet.write("E1", 3)
        made.define_name("bonus", "=pay!$E$1")
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=pay!$B$2:$B$3", "categories": "=pay!$A$2:$A$3"})
        sheet.insert_chart("G2", chart)

    return written(build)


def filled(data: bytes, who: str, **inputs: Any) -> bytes:
    template = Template.open(data)
    template.fill({"people": PEOPLE[who]}, inputs)
    template.calculate()
    return template.tobytes()


def test_one_filling_leaves_nothing_to_the_next() -> None:
    data = book()
    alone = {}
    for who in PEOPLE:
        forget()
        alone[who] = filled(data, who)
    assert not original._kept
    filled(data, "first")  # the second opening of these bytes
    assert len(original._kept) == 1
    for who in ("second", "first", "second", "second", "first"):
        filled(data, "first", bonus=99)
        assert filled(data, who) == alone[who]
    template = Template.open(data)
    assert template.values("pay")[1] == ["sample", 1.0, None, 0.0, None]
    assert template.value("bonus") == 3.0


def test_a_file_opened_once_is_not_kept() -> None:
    data = book()
    Template.open(filled(data, "first")).rows("people")
    assert not original._kept
    filled(data, "first")
    Template.open(data).rows("people")
    (kept,) = original._kept.values()
    everything = b"".join(kept.read.values()).decode() + repr(kept.derived)
    assert "sample" in everything
    assert "甲" not in everything
    assert "9100" not in everything


def test_large_files_and_old_ones_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    data = book()
    monkeypatch.setattr(original, "UNPACKED", 1000)
    for _ in range(3):
        filled(data, "first")
    assert not original._kept
    assert not original._seen
    monkeypatch.undo()
    monkeypatch.setattr(original, "MOST", 2)
    for who in [*PEOPLE, "third"]:
        made = filled(data, "first") if who == "third" else filled(data, who)
        for _ in range(3):
            Template.open(made)
    assert len(original._kept) == 2


def test_what_was_written_is_read_and_what_stood_there_forgotten() -> None:
    package = Template.open(book()).book.package
    part = package.related(package.workbook, "worksheet")[0]
    before = package.tree(part)
    package.write(part, package.xml(part).replace(b"people", b"others"))
    assert package.tree(part) is not before
    assert part not in package.original.read
    assert part not in package.original.derived
