"""HTML that is named .xls."""

from __future__ import annotations

from datetime import date

import pytest

from xlkpi import platforms
from xlkpi.errors import Where
from xlkpi.platforms.html_tables import grids
from xlkpi.platforms.text import Unreadable

TODAY = date(2026, 5, 10)
USERS = ("<table><tr><td>时间</td><td>新关注人数</td><td>取消关注人数</td><td>净增关注人数</td>"
         "<td>累积关注人数</td></tr>"
         "<tr><td>2026-04-01</td><td>10</td><td>2</td><td>8</td><td>{}</td></tr></table>")


def rows(text: str) -> list[list[str]]:
    (grid,) = grids(text, Where(file="x"))
    return grid.rows


def test_cells_that_span_keep_the_others_in_their_place() -> None:
    assert rows("<table><tr><td rowspan=2>a</td><td colspan=2>b</td><td>c</td></tr>"
                "<tr><td>d</td><td>e</td><td>f</td></tr><tr><td>g</td></tr></table>") == [
        ["a", "b", "", "c"], ["", "d", "e", "f"], ["g"]]


def test_a_span_over_three_rows() -> None:
    assert rows("<table><tr><td>a</td><td rowspan=3>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr>"
                "<tr><td>e</td><td>f</td></tr></table>") == [["a", "b"], ["c", ""], ["d", ""], ["e", "f"]]


def test_a_table_in_a_cell_is_no_part_of_the_rows() -> None:
    inner = "<table><tr><td>x</td></tr></table>"
    assert len(rows(f"<table><tr><td>a{inner}</td></tr><tr><td>b</td></tr></table>")) == 2


def test_spaces_lines_and_signs() -> None:
    assert rows("<table><tr><td> a \n b<br>c&nbsp;&amp;&lt; </td></tr><tr><td>&copy;</td></tr></table>") == [
        ["a b\nc &<"], ["©"]]


def test_nothing_is_read_from_elsewhere() -> None:
    page = ('<!DOCTYPE html [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            "<table><tr><td>&b;</td></tr><tr><td>1</td></tr></table>")
    assert all("root:" not in cell for row in rows(page) for cell in row)


def test_a_page_that_ends_too_soon() -> None:
    with pytest.raises(Unreadable):
        grids("<table><tr><td>a</td></tr><tr><td>1", Where())
    with pytest.raises(Unreadable):
        grids("<table><tr><td>a</td></tr><tr><td>1<!-- </table>", Where())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding(encoding: str) -> None:
    got = platforms.read(USERS.format(108).encode(encoding), name="x", today=TODAY)
    assert (got.table, got.frame["fans_total"].tolist()) == ("users", [108])


def test_two_tables_on_a_page() -> None:
    first, second = platforms.read_all((USERS.format(108) + USERS.format(1)).encode(), name="x", today=TODAY)
    assert (first.sources[0].sheet, second.sources[0].sheet) == ("table 1", "table 2")
    assert second.frame["fans_total"].tolist() == [1]
