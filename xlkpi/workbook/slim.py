"""The package that the engine gets: only what a calculation reads.

Drawings, pivot caches, macros, themes and the like are left out, nothing is compressed. From a
large sheet the cells of columns that no formula refers to are left out as well, which makes a book
of 100,000 rows several times quicker. That is done only when it is certain: every reference in
every formula, defined name and table formula has to be a plain or a structured one, and one
function that finds its cells by itself (INDIRECT, OFFSET …) anywhere in the book keeps everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xlkpi.workbook.archive import Writer
from xlkpi.workbook.book import Book, Table
from xlkpi.workbook.formulas import Area, SyntaxFound, Token, reference, tokens
from xlkpi.workbook.markup import escape_attribute, to_stored
from xlkpi.workbook.package import NEW_PART_DATE, relationships_part
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.structured import Shape, resolve

LARGE = 2_000_000  # bytes of a sheet part from which on looking for unused columns pays
_KEPT = ("worksheet", "table", "sharedStrings", "styles", "sheetMetadata")
ROAMING = {"INDIRECT", "OFFSET", "CELL", "GETPIVOTDATA", "FORMULATEXT", "SHEETS", "SHEET"}


def slim(book: Book, shapes: Mapping[str, Shape], instead: Mapping[str, bytes] | None = None) -> bytes:
    """A package with the book's sheets, tables, strings and styles. ``instead`` has other bytes for some parts."""
    package = book.package
    sheets = {sheet.part: sheet.name for sheet in book.sheets}
    large = [part for part in sheets if len(package.read(part)) >= LARGE]
    used = _used_columns(book, shapes) if large else None
    kept = _parts(book)
    own = dict(instead or {})
    own |= {table.part: _plain_table(number, table) for number, table in enumerate(book.tables.values(), start=1)}
    if used is not None:
        own |= {part: _without(own.get(part) or package.read(part), used.get(sheets[part].casefold(), set()))
                for part in large}
    pieces: list[bytes | memoryview] = []
    out = Writer(pieces.append)
    for part in package.parts():
        if part in kept:
            out.add(part, own.get(part) or package.read(part), NEW_PART_DATE, 0)
    out.close()
    return b"".join(pieces)


def _plain_table(number: int, table: Table) -> bytes:
    """A table part with its place and columns alone. The engine drops a table, and then does not know
    its name, when a filter or sort state beside them reaches beyond it, as Excel sometimes leaves it."""
    columns = "".join(f'<tableColumn id="{index}" name="{escape_attribute(to_stored(column.name))}"/>'
                      for index, column in enumerate(table.columns, start=1))
    name = escape_attribute(table.name)
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<table xmlns='
            f'"http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="{number}" name="{name}" '
            f'displayName="{name}" ref="{table.ref}" headerRowCount="{table.header_rows}" '
            f'totalsRowCount="{table.totals_rows}" totalsRowShown="{1 if table.totals_rows else 0}">'
            f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns></table>').encode()


def _parts(book: Book) -> set[str]:
    package = book.package
    kept = {"[Content_Types].xml", relationships_part(""), book.workbook, relationships_part(book.workbook)}
    owners = [book.workbook, *(sheet.part for sheet in book.sheets)]
    for owner in owners:
        kept.add(relationships_part(owner))
        for kind in _KEPT:
            kept.update(package.related(owner, kind))
    known = {part.casefold(): part for part in package.parts()}
    return {known[part.casefold()] for part in kept if part.casefold() in known}


def _used_columns(book: Book, shapes: Mapping[str, Shape]) -> dict[str, set[int]] | None:
    """Columns that formulas refer to, by sheet in lower case; None when that cannot be known."""
    used: dict[str, set[int]] = {sheet.name.casefold(): set() for sheet in book.sheets}
    seen: set[str] = set()
    for formula in book.formulas():
        if formula.kind == "datatable":
            return None
        used[formula.sheet.casefold()].add(formula.col)
        shape = re.sub(r"(?<=[A-Za-z$])\d+", "1", formula.text)
        key = f"{formula.sheet}\0{shape}"
        if key not in seen:
            seen.add(key)
            if not _mark(formula.text, (formula.sheet, formula.row, formula.col), shapes, used):
                return None
    texts = [name.text for name in book.defined_names]
    texts += [column.formula for table in book.tables.values() for column in table.columns if column.formula]
    for text in texts:
        if not _mark(text, (book.sheets[0].name, 1, 1), shapes, used, relative=False):
            return None
    return used


def _mark(formula: str, home: tuple[str, int, int], shapes: Mapping[str, Shape], used: dict[str, set[int]],
          relative: bool = True) -> bool:
    """Note the columns of every reference; False when some reference cannot be understood."""
    try:
        pieces = [token for token in tokens(formula) if token.kind != "space"]
    except SyntaxFound:
        return False
    for index, token in enumerate(pieces):
        before = pieces[index - 1].text if index else ""
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        if token.kind == "word" and after is not None and after.kind == "open":
            if re.sub(r"^(?:_xlfn\.|_xlws\.)+", "", token.text, flags=re.IGNORECASE).upper() in ROAMING:
                return False
            if after.text == "(" and before == ":":
                return False  # A1:INDEX(…)
        elif token.kind == "close" and after is not None and after.text == ":":
            return False  # INDEX(…):A9
        elif token.kind == "bracket":
            table = before if index and pieces[index - 1].kind == "word" else ""
            if not _mark_structured(table + token.text, home, shapes, used):
                return False
        elif token.kind == "word" and token.text.casefold() in shapes and (after is None or after.kind != "bracket"):
            shape = shapes[token.text.casefold()]
            used[shape.sheet.casefold()].update(range(shape.area.left, shape.area.right + 1))
        elif token.kind in ("word", "number") and not _mark_plain(pieces, index, home, used, relative):
            return False
    return True


def _mark_structured(text: str, home: tuple[str, int, int], shapes: Mapping[str, Shape],
                     used: dict[str, set[int]]) -> bool:
    area = resolve(re.sub(r"(?i)\[#this row\],?", "", text.replace("@", "")), shapes, home)
    if area is None or area.sheet is None:
        return False
    used[area.sheet.casefold()].update(range(area.left, area.right + 1))
    return True


def _mark_plain(pieces: list[Token], index: int, home: tuple[str, int, int], used: dict[str, set[int]],
                relative: bool) -> bool:
    word = pieces[index].text
    texts = [piece.text for piece in pieces[max(0, index - 4):index + 3]]
    at = min(index, 4)
    before, after = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
    if after == "!":
        return at < 2 or before != ":"  # a 3-D reference starts with its first sheet
    if after == ":" and at + 3 <= len(texts) and len(texts) > at + 2 and "!" in "".join(texts[at + 2:at + 3]):
        return False
    if before == ":":
        return True  # marked with its first corner
    text = word + (f":{texts[at + 2]}" if after == ":" and len(texts) > at + 2 else "")
    area = reference(text)
    if area is None:
        return after != ":"  # a number, a name (its meaning is looked at apart), a table
    sheet = home[0]
    if before == "!" and at >= 2:
        name = texts[at - 2]
        sheet = name[1:-1].replace("''", "'") if name.startswith("'") else name
    elif not relative:
        return False
    columns = used.get(sheet.casefold())
    if columns is None:
        return False
    if area.right - area.left >= 1_000:
        return False
    columns.update(range(area.left, area.right + 1))
    return True


def sheets_named(formula: str, home: tuple[str, int, int], shapes: Mapping[str, Shape],
                 sheets: Iterable[str]) -> set[str] | None:
    """The sheets, in lower case, that the text of a formula refers to; None when that cannot be known."""
    used: dict[str, set[int]] = {sheet.casefold(): set() for sheet in sheets}
    return {sheet for sheet, columns in used.items() if columns} if _mark(formula, home, shapes, used) else None


def _without(data: bytes, used: Iterable[int]) -> bytes:
    """The sheet without the cells of unused columns; unusual markup is left as it is."""
    first = data.find(b"<row")
    end = data.rfind(b"</sheetData>")
    if first < 0 or end < 0 or (b"!" in data and (b"<!--" in data or b"<![CDATA[" in data)):
        return data
    keep = {column_letters(column).encode() for column in used}
    present = set(re.findall(rb'<c r="([A-Z]+)', data[first:first + 2_000_000]))
    gone = sorted(present - keep, key=lambda name: (len(name), name))
    if not gone:
        return data
    letters, longer = b"".join(name for name in gone if len(name) == 1), [name for name in gone if len(name) > 1]
    names = b"|".join([b"[" + letters + b"]", *longer] if letters else longer)
    cell = re.compile(rb'<c r="(?:' + names + rb')[0-9]+"[^>]*>(?:<v>[^<]*</v></c>|(?<=/>)|.*?</c>)', re.DOTALL)
    whole = memoryview(data)
    return b"".join((whole[:first], cell.sub(b"", whole[first:end]), whole[end:]))


def shapes_of(book: Book) -> dict[str, Shape]:
    """The book's tables as :class:`~xlkpi.workbook.structured.Shape`, by name in lower case."""
    found = {}
    for table in book.tables.values():
        area = Area(table.sheet, table.area.first_row, table.area.first_col, table.area.last_row, table.area.last_col)
        found[table.name.casefold()] = Shape(table.name, table.sheet, area, table.header_rows, table.totals_rows,
                                             tuple(column.name for column in table.columns))
    return found
