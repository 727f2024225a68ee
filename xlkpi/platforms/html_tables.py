"""HTML that is named .xls: every table of the page as a grid, row by row as Excel would show it.

WeChat's backend writes such files. Nothing is loaded from anywhere and no entity is expanded; a page
that ends before its last table does is refused, since the rows that follow are lost.
"""

from __future__ import annotations

import re
from typing import Any

from xlkpi.errors import Where
from xlkpi.platforms.files import Grid
from xlkpi.platforms.problems import DamagedFile, NotATable, TooLarge
from xlkpi.platforms.text import Unreadable

MOST_SPAN = 1_000
MOST_CELLS = 20_000_000
_LINE = "\u2028"  # a line break that is meant; those of the page's source are white space
_OPEN = re.compile(r"<table[\s>]", re.IGNORECASE)
_CLOSE = re.compile(r"</table\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def grids(text: str, where: Where) -> list[Grid]:
    """The tables of at least two rows. None at all: the file is a page, most often of a login."""
    from lxml import etree

    bare = _COMMENT.sub("", text)
    if len(_OPEN.findall(bare)) != len(_CLOSE.findall(bare)):
        raise Unreadable(DamagedFile(where, reason="<table>"))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(DamagedFile(where, reason=str(error).splitlines()[0][:120])) from None
    tables = [] if root is None else [rows for table in root.iter("table") if len(rows := _rows(table, where)) > 1]
    if not tables:
        raise Unreadable(NotATable(where, what="HTML"))
    if len(tables) == 1:
        return [Grid(tables[0])]
    return [Grid(rows, f"table {number}", addressed=False) for number, rows in enumerate(tables, start=1)]


def _rows(table: Any, where: Where) -> list[list[str]]:
    """One list a row; a cell that spans others leaves them blank, so that every text keeps its place."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}  # place → rows that a cell above still covers
    cells = 0
    for element in table.iter("tr"):
        if _table_of(element) is not table:
            continue
        row: list[str] = []
        covered, below = below, {}
        for cell in element:
            if cell.tag not in ("td", "th"):
                continue
            while len(row) in covered:
                _cover(row, covered, below)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(len(row), len(row) + across):
                if down > 1:
                    below[place] = down - 1
            row += [_text(cell), *[""] * (across - 1)]
            cells += across
        while len(row) in covered:
            _cover(row, covered, below)
        if cells > MOST_CELLS:
            raise Unreadable(TooLarge(where, found=f"{cells} cells", limit=f"{MOST_CELLS} cells"))
        rows.append(row)
    return rows


def _cover(row: list[str], covered: dict[int, int], below: dict[int, int]) -> None:
    if covered[len(row)] > 1:
        below[len(row)] = covered[len(row)] - 1
    row.append("")


def _table_of(element: Any) -> Any:
    while element is not None and element.tag != "table":
        element = element.getparent()
    return element


def _span(cell: Any, name: str) -> int:
    word = (cell.get(name) or "").strip()
    return max(1, min(int(word), MOST_SPAN)) if word.isascii() and word.isdigit() else 1


def _text(cell: Any) -> str:
    for line in cell.iter("br"):
        line.tail = _LINE + (line.tail or "")
    lines = "".join(cell.itertext()).replace("\xa0", " ").split(_LINE)
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
