"""Formulas turned into the values they show, as *paste values* does, with nothing else touched.

All formulas of a workbook go at once, so no array or spill is cut: its first cell loses the formula,
the cells it covers hold plain values already. What is left must not calculate again by itself:

* an empty text stays a text (a rule or chart sees a difference between it and an empty cell);
* columns and totals of tables lose their formulas, or Excel would write them into the next row added
  and a refill would bring them back;
* the calculation chain goes, since it would name cells without a formula.
"""

from __future__ import annotations

from xlkpi.workbook import markup
from xlkpi.workbook.book import Book
from xlkpi.workbook.cells import formula_cells
from xlkpi.workbook.markup import from_stored, unescape, with_attribute


def fix_values(book: Book) -> int:
    """Make every formula cell its stored value; returns how many there were."""
    fixed, uses = 0, 0
    strings = book.strings
    for sheet in book.sheets:
        xml = book.xml(sheet.part)
        edits: dict[int, dict[int, bytes | None]] = {}
        for raw, _, _ in formula_cells(xml):
            stored = xml.data[raw.start:raw.end]
            head = stored.index(b">") + 1
            tag = with_attribute(stored[:head], "cm", None)
            inside = xml.patterns.formula.sub(b"", stored[head:], count=1)
            if raw.attrs.get("t") == "str":
                found = xml.patterns.value.search(inside)
                text = from_stored(unescape(found[1] or b"").replace("\r\n", "\n")) if found else ""
                tag = with_attribute(tag, "t", "s")
                p = xml.prefix
                inside = b"<%sv>%d</%sv></%sc>" % (p, strings.add(text), p, p)
                uses += 1
            edits.setdefault(raw.row, {})[raw.col] = tag + inside
            fixed += 1
        if edits:
            book.put(sheet.part, xml.edited(edits))
    strings.flush(uses)
    for table in book.tables.values():
        _fix_table(book, table.part)
    if fixed:
        book.drop_calc_chain()
    return fixed


def _fix_table(book: Book, part: str) -> None:
    """Take the formulas out of a table's description."""
    data = book.package.xml(part)
    changes: list[tuple[int, int, bytes]] = []
    for column in (one for parent in book.package.tree(part).all("tableColumns") for one in parent.all("tableColumn")):
        tag = data[column.start:column.inner]
        changes.append((column.start, column.inner, with_attribute(tag, "totalsRowFunction", None)))
        changes += [(one.start, one.end, b"") for one in column.all("calculatedColumnFormula", "totalsRowFormula")]
    new = markup.patched(data, changes)
    if new != data:
        book.package.write(part, new)
