"""Everything that covers a table grows and shrinks with it.

Two verbs over a book. :func:`extend` moves the references of formulas, formats, validations, sparklines,
names, charts, controls and pivot caches after the rows of tables were rewritten. :func:`refresh_chart_caches` makes
the points kept in every chart those of the cells, after the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from xlkpi.errors import Findings, Problem, Where
from xlkpi.workbook.cover_charts import Cells, fit_chart, refresh_chart
from xlkpi.workbook.cover_controls import fit_controls
from xlkpi.workbook.cover_links import Lost
from xlkpi.workbook.cover_names import fit_names
from xlkpi.workbook.cover_pivots import fit_pivot_cache
from xlkpi.workbook.cover_print import Lowest
from xlkpi.workbook.cover_sheet import fit_sheet
from xlkpi.workbook.cover_tables import fit_table
from xlkpi.workbook.cover_xml import find, may_name, plain
from xlkpi.workbook.reading import Columns
from xlkpi.workbook.refs import Area, Ref, Resize, parse_ref, quoted, references

if TYPE_CHECKING:
    from xlkpi.workbook.ahead import Drawn
    from xlkpi.workbook.book import Book
    from xlkpi.workbook.package import Package

__all__ = ["ChartSourceUnread", "LinkTargetGone", "Resize", "SparklineRemoved", "extend", "refresh_chart_caches"]

_HIDDEN = re.compile(rb"<(?:[\w.\-]+:)?(row|col)\s([^<>]*?\bhidden=[\"'](?:1|true)[\"'][^<>]*)>")


class ChartSourceUnread(Problem):
    """A chart draws from something that is no plain range; its cached points were left as they were."""

    level = "warning"
    zh = "图表 {chart} 的数据来源 {source} 不是单元格区域，读不出来；图表里保存的点没有更新，" \
         "不经计算的查看器会显示旧数。请把来源改成单元格区域、表格的列，或指向它们的名称。"
    en = "the source {source} of chart {chart} is no cell range and cannot be read; the points kept in the chart " \
         "were not updated, so a viewer that does not calculate shows old figures. Point it to a range, a table " \
         "column, or a name for one of them."


class SparklineRemoved(Problem):
    """A sparkline stood beside a row that the table gave up."""

    level = "note"
    zh = "表“{table}”变短，此处的迷你图随所在行一起去掉了"
    en = "table '{table}' became shorter; the sparkline here went with its row"


class LinkTargetGone(Problem):
    """A hyperlink leads to a row that the table gave up."""

    level = "warning"
    zh = "超链接指向 {target}，该处已不属于表“{table}”；请修改超链接"
    en = "the hyperlink leads to {target}, which no longer belongs to table '{table}'; change the link"


def extend(book: Book, *resizes: Resize) -> Findings:
    """Let all that covers the tables follow them. Call it once for all tables refilled together, also those whose
    number of rows stays the same (pivot caches are refreshed then, too), with their rows and totals rows already
    in their new places and all formulas as they were.

    Returns what went with its row. The points in charts are not touched: :func:`refresh_chart_caches` reads them
    after the calculation.
    """
    package, findings = book.package, Findings()

    def patch(part: str, home: str, fit: Callable[[bytes, Resize], bytes], over: Sequence[Resize],
              xml: bool = True, write: Callable[[str, bytes], None] = package.write) -> None:
        old = package.read(part)
        if plain(old):  # what cannot matter is not even checked for being well-formed
            over = [resize for resize in over if resize.sheet.casefold() == home or package.derived(
                part, f"may name {resize.sheet}", partial(may_name, old, resize.sheet))]
        if not over:
            return
        old = new = package.xml(part) if xml else old
        for resize in over:
            new = fit(new, resize)
        if new is not old and new != old:
            write(part, new)

    for part in package.related(book.workbook, "pivotCacheDefinition"):
        old = new = package.xml(part)
        for resize in resizes:
            new = fit_pivot_cache(new, resize, _names_of_table(book, resize))
        if new != old:
            package.write(part, new)
    moved = tuple(resize for resize in resizes if resize.old_last_row != resize.new_last_row)
    if not moved:
        return findings
    for sheet in book.sheets:
        def fit(data: bytes, resize: Resize, name: str = sheet.name) -> bytes:
            lost: list[Lost] = []
            data = fit_sheet(data, name, resize, lost)
            findings.extend(_told(one, Where(package.file, name, one.cell, resize.table), resize) for one in lost)
            return data

        home = sheet.name.casefold()
        patch(sheet.part, home, fit, moved, write=book.patch)
        for part in package.related(sheet.part, "table"):
            patch(part, home, partial(_fit_table, sheet.name), moved)
    names = package.xml(book.workbook)
    fitted_names = fit_names(names, *moved, lowest=_lowest(book))
    if fitted_names is not names:
        package.write(book.workbook, fitted_names)
    for part in charts_of(book):
        patch(part, "", partial(_fit_chart, package, part), moved)
    for part, name in _drawn(book):
        patch(part, name.casefold(), partial(_fit_controls, name), moved, xml=False)
    return findings


def _fit_chart(package: Package, part: str, data: bytes, resize: Resize) -> bytes:
    return fit_chart(data, resize, package.tree(part) if data is package.xml(part) else None)


def _fit_table(sheet: str, data: bytes, resize: Resize) -> bytes:
    return fit_table(data, sheet, resize)


def _fit_controls(sheet: str, data: bytes, resize: Resize) -> bytes:
    return fit_controls(data, sheet, resize)


def _told(lost: Lost, where: Where, resize: Resize) -> Problem:
    if lost.target:
        return LinkTargetGone(where, target=lost.target, table=resize.table)
    return SparklineRemoved(where, table=resize.table)


def _drawn(book: Book) -> Iterator[tuple[str, str]]:
    """Controls, drawings and VML drawings, with the sheet they stand on."""
    for sheet in book.sheets:
        for kind in ("ctrlProp", "vmlDrawing", "drawing"):
            for part in book.package.related(sheet.part, kind):
                yield part, sheet.name


def _lowest(book: Book) -> Lowest:
    """What there is to print beside a table: cells with content, and drawn objects by the row they end in."""
    def lowest(name: str, below: Area, inside: Area) -> int:
        part = book.sheet(name).part
        xml, found = book.xml(part), 0
        for row in range(below.last_row, below.first_row - 1, -1):
            if any(below.first_col <= column <= below.last_col and not inside.first_col <= column <= inside.last_col
                   and raw.inner for column, raw in xml.cells(row).items()):
                found = row
                break
        for drawing in book.package.related(part, "drawing"):
            for end in find(book.package.tree(drawing), "to"):
                last, data = end.one("row"), book.package.xml(drawing)
                if last:
                    found = max(found, min(int(last.text(data)) + 1, below.last_row))
        return found

    return lowest


def refresh_chart_caches(book: Book, drawn: Mapping[str, Drawn] | None = None) -> Findings:
    """Rebuild the cached points of every chart from the cells' present values; up-to-date charts stay as they are.

    ``drawn`` is what :func:`xlkpi.workbook.ahead.draw` found; it is used where nothing it comes from has changed.
    Returns a warning for each source that could not be read.
    """
    package, findings = book.package, Findings()
    cells = cells_of(book)
    for part in charts_of(book):
        ready = drawn.get(part) if drawn else None
        old = package.xml(part)
        new, unread = (ready.new, ready.unread) if ready and ready.holds(book) else \
            refresh_chart(old, cells, package.tree(part))
        if new != old:
            package.write(part, new)
        findings += [ChartSourceUnread(Where(file=package.file), chart=part, source=source)
                     for source in unread if "#REF!" not in source]
    return findings


def cells_of(book: Book) -> Cells:
    """How charts read a book as it is now."""
    return Cells(_values_of(book), _resolver(book), _hidden_of(book), getattr(book, "date1904", False))


def charts_of(book: Book) -> Iterator[str]:
    """The chart parts of all sheets, chart sheets included."""
    package, seen = book.package, set()
    for sheet in (*(sheet.part for sheet in book.sheets), *package.related(book.workbook, "chartsheet")):
        for drawing in package.related(sheet, "drawing"):
            for chart in (*package.related(drawing, "chart"), *package.related(drawing, "chartEx")):
                if chart not in seen:
                    seen.add(chart)
                    yield chart


def _names_of_table(book: Book, resize: Resize) -> frozenset[str]:
    """Defined names that mean cells of the table; a pivot cache may be filled from one of them."""
    found = set()
    bottom = max(resize.old_last_row, resize.new_last_row) + resize.totals
    for name in book.defined_names:
        structured = re.match(r"[^\W\d][\w.\\?]*(?=\[|$)", name.text)
        if structured and structured[0].casefold() == resize.table.casefold():
            found.add(name.name.casefold())
        for ref in references(name.text):
            area = ref.area
            if (ref.sheet or "").casefold() == resize.sheet.casefold() and area.first_col <= resize.last_col \
                    and area.last_col >= resize.first_col and area.last_row >= resize.first_row - resize.header \
                    and area.first_row <= bottom:
                found.add(name.name.casefold())
    return frozenset(found)


def _values_of(book: Book) -> Callable[[str], Columns | None]:
    names = {sheet.name.casefold(): sheet.name for sheet in book.sheets}

    @cache
    def values(sheet: str) -> Columns | None:
        name = names.get(sheet.casefold())
        return None if name is None else Columns(book, name)

    return values


def _resolver(book: Book) -> Callable[[str], str | None]:
    """Names and table columns as plain references: ``Sheet1!name``, ``[0]!name``, ``works[plays]``."""
    names = {((name.sheet or "").casefold(), name.name.casefold()): name.text for name in book.defined_names}
    tables = {name.casefold(): table for name, table in book.tables.items()}

    def column(text: str) -> str | None:
        match = re.fullmatch(r"([^\W\d][\w.\\?]*)(?:\[((?:[^\[\]']|'.)*)\])?", text, re.DOTALL)
        table = tables.get(match[1].casefold()) if match else None
        if match is None or table is None:
            return None
        first, last = table.first_col, table.last_col
        if match[2]:
            wanted = re.sub(r"'(.)", r"\1", match[2]).casefold()
            places = [place for place, one in enumerate(table.columns) if one.name.casefold() == wanted]
            if len(places) != 1:
                return None
            first = last = table.first_col + places[0]
        area = Area(first, table.first_row, last, table.last_row, (True,) * 4)
        return Ref(quoted(table.sheet) + "!", area).text()

    def resolve(text: str) -> str | None:
        prefix, _, name = text.rpartition("!")
        sheet = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        found = names.get((sheet.casefold(), name.casefold())) or names.get(("", name.casefold())) or name
        return found if (ref := parse_ref(found)) and ref.sheet else column(found)

    return resolve


def _hidden_of(book: Book) -> Callable[[str], tuple[frozenset[int], frozenset[int]]]:
    """Hidden rows and columns of a sheet: a chart that draws visible cells only has no points for them."""
    parts = {sheet.name.casefold(): sheet.part for sheet in book.sheets}

    @cache
    def hidden(sheet: str) -> tuple[frozenset[int], frozenset[int]]:
        data = book.package.xml(parts[sheet.casefold()])
        if b"hidden=" not in data:
            return frozenset(), frozenset()
        rows: set[int] = set()
        columns: set[int] = set()
        for kind, attributes in _HIDDEN.findall(data):
            numbers = dict(re.findall(rb"\b(r|min|max)=[\"'](\d+)[\"']", attributes))
            if kind == b"row" and b"r" in numbers:
                rows.add(int(numbers[b"r"]))
            elif b"min" in numbers and b"max" in numbers:
                columns.update(range(int(numbers[b"min"]), int(numbers[b"max"]) + 1))
        return frozenset(rows), frozenset(columns)

    return hidden
