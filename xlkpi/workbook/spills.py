"""Formulas that turned out to spill, stored so that a reader knows it.

A formula typed by a program (``ws["B1"] = "=KPI_WEIGHTS(A1:A9)"``) is stored as an ordinary one. If
its value is an array, the cells beside it must not stand there as if somebody had typed them: the
formula becomes a dynamic array formula, as Excel stores one (``t="array"`` with its range, and the
cell's ``cm`` pointing at the XLDAPR entry of the metadata part, which is made when it is missing).
"""

from __future__ import annotations

from collections.abc import Iterable

from xlkpi.workbook import markup
from xlkpi.workbook.book import Book
from xlkpi.workbook.cells import formula_cells
from xlkpi.workbook.engine import Cell
from xlkpi.workbook.formulas import address
from xlkpi.workbook.markup import with_attribute

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_METADATA = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    b'<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" '
    b'pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" '
    b'coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    b'<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/>'
    b'</ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
    b"</metadata>")


def make_dynamic(book: Book, anchors: Iterable[Cell]) -> None:
    """Turn the ordinary formulas in these cells into dynamic array formulas of one cell."""
    by_sheet: dict[str, set[tuple[int, int]]] = {}
    for sheet, row, column in anchors:
        by_sheet.setdefault(sheet, set()).add((row, column))
    if not by_sheet:
        return
    texts = {(one.sheet, one.row, one.col): one.text for one in book.formulas()}
    index = _metadata_index(book)
    for sheet, places in by_sheet.items():
        part = book.sheet(sheet).part
        xml = book.xml(part)
        prefix = xml.prefix.decode()
        edits: dict[int, dict[int, bytes | None]] = {}
        shared = {(raw.row, raw.col) for raw, attrs, text in formula_cells(xml)
                  if attrs.get("t") == "shared" and text} & places
        if shared:
            book.unshare(xml, shared, edits)
        for row, column in places:
            raw = xml.cells(row)[column]
            stored = xml.data[raw.start:raw.end]
            old = xml.patterns.formula.search(stored)
            if old is None:
                continue
            text = markup.escape(texts[sheet, row, column])
            new = f'<{prefix}f t="array" ref="{address(row, column)}">{text}</{prefix}f>'.encode()
            head = stored.index(b">") + 1
            tag = stored[:head] if index is None else with_attribute(stored[:head], "cm", str(index))
            edits.setdefault(row, {})[column] = tag + stored[head:old.start()] + new + stored[old.end():]
        book.put(part, xml.edited(edits))


def _metadata_index(book: Book) -> int | None:
    """The ``cm`` of dynamic arrays in this book; None if its metadata has no place for one
    (the formula is then stored as an array formula of fixed size)."""
    package = book.package
    parts = package.related(book.workbook, "sheetMetadata")
    if not parts:
        folder = book.workbook.rpartition("/")[0]
        part = f"{folder}/metadata.xml" if folder else "metadata.xml"
        package.add(part, _METADATA, _CONTENT)
        package.relate(book.workbook, part, "sheetMetadata")
        return 1
    root = package.tree(parts[0])
    kinds = [one.attrs.get("name") for group in root.all("metadataTypes") for one in group.all("metadataType")]
    if "XLDAPR" not in kinds:
        return None
    wanted = str(kinds.index("XLDAPR") + 1)
    entries = [one for group in root.all("cellMetadata") for one in group.all("bk")]
    for number, entry in enumerate(entries, start=1):
        if any(record.attrs.get("t") == wanted for record in entry.all("rc")):
            return number
    return None
