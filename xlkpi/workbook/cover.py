"""Everything that covers a table grows and shrinks with it.

Two verbs over a book. :func:`extend` moves the references of formulas, formats, validations, sparklines,
names, charts and pivot caches after the rows of a table were rewritten. :func:`refresh_chart_caches` makes
the points kept in every chart those of the cells, after the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from xlkpi.errors import Findings, Problem, Where
from xlkpi.workbook.cover_charts import Cells, Values, fit_chart, refresh_chart
from xlkpi.workbook.cover_names import fit_names
from xlkpi.workbook.cover_pivots import fit_pivot_cache
from xlkpi.workbook.cover_sheet import fit_sheet
from xlkpi.workbook.cover_tables import fit_table
from xlkpi.workbook.refs import Area, Ref, Resize, parse_ref, quoted, references

if TYPE_CHECKING:
    from xlkpi.workbook.book import Book

__all__ = ["ChartSourceUnread", "Resize", "extend", "refresh_chart_caches"]

_HIDDEN = re.compile(rb"<(?:[\w.\-]+:)?(row|col)\s([^<>]*?\bhidden=[\"'](?:1|true)[\"'][^<>]*)>")


class ChartSourceUnread(Problem):
    """A chart draws from something that is no plain range; its cached points were left as they were."""

    level = "warning"
    zh = "图表 {chart} 的数据来源 {source} 不是单元格区域，读不出来；图表里保存的点没有更新，" \
         "不经计算的查看器会显示旧数。请把来源改成单元格区域、表格的列，或指向它们的名称。"
    en = "the source {source} of chart {chart} is no cell range and cannot be read; the points kept in the chart " \
         "were not updated, so a viewer that does not calculate shows old figures. Point it to a range, a table " \
         "column, or a name for one of them."


def extend(book: Book, resize: Resize) -> None:
    """Let all that covers the table follow it. Call it once for every refilled table, also when its number
    of rows stays the same (pivot caches are refreshed then, too), with its rows and its totals row already
    in their new places and their formulas as they were.

    The points in charts are not touched: :func:`refresh_chart_caches` reads them after the calculation.
    """
    package = book.package
    touching = frozenset(_names_of_table(book, resize))

    def patch(parts: Iterable[str], fit: Callable[[bytes], bytes]) -> None:
        for part in parts:
            old = package.xml(part)
            new = fit(old)
            if new is not old and new != old:
                package.write(part, new)

    patch(package.related(book.workbook, "pivotCacheDefinition"), lambda data: fit_pivot_cache(data, resize, touching))
    if resize.old_last_row == resize.new_last_row:
        return
    for sheet in book.sheets:
        patch([sheet.part], lambda data, name=sheet.name: fit_sheet(data, name, resize))  # type: ignore[misc]
        patch(package.related(sheet.part, "table"),
              lambda data, name=sheet.name: fit_table(data, name, resize))  # type: ignore[misc]
    patch([book.workbook], lambda data: fit_names(data, resize))
    patch(_charts(book), lambda data: fit_chart(data, resize))


def refresh_chart_caches(book: Book) -> Findings:
    """Rebuild the cached points of every chart from the cells' present values; up-to-date charts stay as they are.

    Returns a warning for each source that could not be read.
    """
    package, findings = book.package, Findings()
    cells = Cells(_values_of(book), _resolver(book), _hidden_of(book), getattr(book, "date1904", False))
    for part in _charts(book):
        old = package.xml(part)
        new, unread = refresh_chart(old, cells)
        if new != old:
            package.write(part, new)
        findings += [ChartSourceUnread(Where(file=package.file), chart=part, source=source)
                     for source in unread if "#REF!" not in source]
    return findings


def _charts(book: Book) -> Iterator[str]:
    """The chart parts of all sheets, chart sheets included."""
    package, seen = book.package, set()
    for sheet in (*(sheet.part for sheet in book.sheets), *package.related(book.workbook, "chartsheet")):
        for drawing in package.related(sheet, "drawing"):
            for chart in (*package.related(drawing, "chart"), *package.related(drawing, "chartEx")):
                if chart not in seen:
                    seen.add(chart)
                    yield chart


def _names_of_table(book: Book, resize: Resize) -> Iterator[str]:
    """Defined names that mean cells of the table; a pivot cache may be filled from one of them."""
    bottom = max(resize.old_last_row, resize.new_last_row) + resize.totals
    for name in book.defined_names:
        structured = re.match(r"[^\W\d][\w.\\?]*(?=\[|$)", name.text)
        if structured and structured[0].casefold() == resize.table.casefold():
            yield name.name.casefold()
        for ref in references(name.text):
            area = ref.area
            if (ref.sheet or "").casefold() == resize.sheet.casefold() and area.first_col <= resize.last_col \
                    and area.last_col >= resize.first_col and area.last_row >= resize.first_row - resize.header \
                    and area.first_row <= bottom:
                yield name.name.casefold()


def _values_of(book: Book) -> Callable[[str], Values | None]:
    names = {sheet.name.casefold(): sheet.name for sheet in book.sheets}

    @cache
    def values(sheet: str) -> Values | None:
        name = names.get(sheet.casefold())
        return None if name is None else book.values(name)

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
