"""Is there room for a table to grow, and what stands on rows that it gives up?"""

from __future__ import annotations

from collections.abc import Iterator

from xlkpi.errors import Findings, Where
from xlkpi.workbook import markup
from xlkpi.workbook.book import Book
from xlkpi.workbook.problems import AnchorLost, InTheWay, TooManyRows
from xlkpi.workbook.refs import MAX_ROW, Area, column_letters, parse_area
from xlkpi.workbook.table import Table


def room(book: Book, table: Table, rows: int) -> Findings:
    """What is in the way of the table having ``rows`` data rows. Nothing is ever overwritten."""
    findings = Findings()
    file = book.package.file
    last = table.first_row + max(1, rows) - 1
    bottom = last + table.totals_rows
    if bottom > MAX_ROW:
        return Findings([TooManyRows(Where(file, table.sheet, None, table.name), count=f"{rows:,}")])
    old = table.area.last_row
    if bottom <= old:
        return findings
    part = book.sheet(table.sheet).part
    xml = book.xml(part)

    def taken(row: int, col: int, content: str) -> None:
        where = Where(file, table.sheet, f"{column_letters(col)}{row}", table.name)
        findings.append(InTheWay(where, table=table.name, last_row=bottom, content=content))

    def below(area: Area) -> bool:
        return area.first_row <= bottom and area.last_row > old and area.first_col <= table.last_col \
            and area.last_col >= table.first_col

    for other in book.tables.values():
        if other.sheet == table.sheet and other.name != table.name and below(other.area):
            taken(other.area.first_row, other.first_col, other.name)
    for pivot in book.package.related(part, "pivotTable"):
        location = book.package.tree(pivot).one("location")
        area = parse_area(location.attrs.get("ref", "")) if location else None
        if area and below(area):
            taken(area.first_row, area.first_col, "pivot table")
    for area in xml.merged:
        if below(area):
            taken(area.first_row, area.first_col, area.text())
    if findings:
        return findings
    for number in xml.rows:
        if old < number <= bottom:
            for col, raw in sorted(xml.cells(number).items()):
                if table.first_col <= col <= table.last_col and raw.inner:
                    taken(number, col, content_of(raw.inner))
                    return findings
    return findings


def content_of(inner: bytes) -> str:
    """A short look at what a cell holds."""
    tree = markup.tree(inner)
    formula = next((child for child in tree.children if child.local == "f"), None)
    if formula is not None:
        return "=" + formula.text(inner)[:40]
    return "…"


def anchors_lost(book: Book, table: Table, rows: int) -> Findings:
    """Merges, hyperlinks and comments on rows that the table gives up or on a totals row that moves."""
    last = table.first_row + max(1, rows) - 1
    first, bottom = min(last, table.last_row) + 1, table.area.last_row
    findings = Findings()
    if last == table.last_row or first > bottom:
        return findings
    for what, ref in _anchored(book, book.sheet(table.sheet).part):
        area = parse_area(ref)
        if area and area.first_row <= bottom and area.last_row >= first and area.first_col <= table.last_col \
                and area.last_col >= table.first_col:
            where = Where(book.package.file, table.sheet, ref.split(":")[0], table.name)
            findings.append(AnchorLost(where, what=what, ref=ref, table=table.name))
    return findings


def _anchored(book: Book, part: str) -> Iterator[tuple[str, str]]:
    for element in book.xml(part).tail:
        for kind, child in (("mergeCells", "mergeCell"), ("hyperlinks", "hyperlink")):
            if element.local == kind:
                yield from ((child, found.attrs.get("ref", "")) for found in element.all(child))
    for comments in book.package.related(part, "comments"):
        for group in book.package.tree(comments).all("commentList"):
            yield from (("comment", found.attrs.get("ref", "")) for found in group.all("comment"))
