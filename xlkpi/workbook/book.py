"""A workbook's sheets, tables, cells and formulas over its package."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import BinaryIO

from xlkpi.errors import CellError, Findings, Refused, Where, did_you_mean
from xlkpi.workbook import markup
from xlkpi.workbook.cells import (
    Cell,
    FormulaCell,
    Value,
    arrays,
    cached,
    cell_element,
    formula_cells,
    read_cells,
)
from xlkpi.workbook.formulacells import Stored, formulas_of, new_values, stored_results
from xlkpi.workbook.markup import with_attribute
from xlkpi.workbook.package import Package
from xlkpi.workbook.problems import (
    DamagedPart,
    HeaderCell,
    InsideMerge,
    PartOfArray,
    TextTooLong,
    UnknownSheet,
    UnknownTable,
)
from xlkpi.workbook.refs import Area, column_letters, shifted
from xlkpi.workbook.sheet import Raw, Sheet
from xlkpi.workbook.strings import SharedStrings
from xlkpi.workbook.styles import Styles
from xlkpi.workbook.table import Table, read_table

LONGEST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, its part, ``visible``, ``hidden`` or ``veryHidden``, its place among all sheets."""

    name: str
    part: str
    state: str
    index: int


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name and its formula; ``sheet`` when it belongs to one sheet."""

    name: str
    text: str
    sheet: str | None
    hidden: bool


class Book:
    """What a workbook holds, read lazily; changes patch its package at once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.workbook = package.workbook
        root = package.tree(self.workbook)
        properties = root.one("workbookPr")
        self.date1904 = properties is not None and properties.attrs.get("date1904") in ("1", "true")
        self.sheets: list[SheetPart] = []
        self.sheet_names: list[str] = []
        elements = [e for parent in root.all("sheets") for e in parent.all("sheet")]
        worksheets = set(package.related(self.workbook, "worksheet"))
        for index, element in enumerate(elements):
            name = element.attrs.get("name", "")
            self.sheet_names.append(name)
            rel = next((v for k, v in element.attrs.items() if k.endswith(":id")), "")
            part = package.target(self.workbook, rel)
            if part in worksheets and part is not None:
                self.sheets.append(SheetPart(name, part, element.attrs.get("state", "visible"), index))
        self._sheets: dict[str, Sheet] = {}
        self._formulas: dict[str, tuple[Sheet, list[FormulaCell]]] = {}
        self._strings: SharedStrings | None = None

    @classmethod
    def open(cls, source: str | os.PathLike[str] | bytes | BinaryIO) -> Book:
        """The book of a file; raises :class:`~xlkpi.errors.Refused` like :meth:`Package.open`."""
        return cls(Package.open(source))

    # ------------------------------------------------------------ finding

    def sheet(self, name: str) -> SheetPart:
        """A worksheet by its name, upper and lower case alike."""
        for sheet in self.sheets:
            if sheet.name == name or sheet.name.casefold() == name.casefold():
                return sheet
        known = [sheet.name for sheet in self.sheets]
        raise Refused(UnknownSheet(Where(file=self.package.file), sheet=name, hint=did_you_mean(name, known),
                                   known=", ".join(known)))

    @property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in the order of the sheets."""
        stamp = tuple(self.package.xml(part) for _, part in self._table_parts)
        if self._tables is None or len(stamp) != len(self._tables[0]) or any(
                new is not old for new, old in zip(stamp, self._tables[0], strict=True)):
            found = {}
            for sheet, part in self._table_parts:
                table = self.package.derived(part, f"table on {sheet}", partial(read_table, self.package, sheet, part))
                if table is not None:
                    found[table.name] = table
            self._tables = (stamp, found)
        return self._tables[1]

    _tables: tuple[tuple[bytes, ...], dict[str, Table]] | None = None

    @cached_property
    def _table_parts(self) -> list[tuple[str, str]]:
        return [(sheet.name, part) for sheet in self.sheets for part in self.package.related(sheet.part, "table")]

    def table(self, name: str) -> Table:
        """A table by its name, upper and lower case alike."""
        tables = self.tables
        if name in tables:
            return tables[name]
        for known, table in tables.items():
            if known.casefold() == name.casefold():
                return table
        raise Refused(UnknownTable(Where(file=self.package.file), table=name, hint=did_you_mean(name, tables),
                                   known=", ".join(tables)))

    @property
    def defined_names(self) -> list[DefinedName]:
        return list(self.package.derived(self.workbook, "defined names", self._read_names))

    def _read_names(self) -> list[DefinedName]:
        data = self.package.xml(self.workbook)
        found = []
        for parent in self.package.tree(self.workbook).all("definedNames"):
            for element in parent.all("definedName"):
                local = element.attrs.get("localSheetId")
                sheet = self.sheet_names[int(local)] if local and int(local) < len(self.sheet_names) else None
                found.append(DefinedName(element.attrs.get("name", ""), element.text(data), sheet,
                                         element.attrs.get("hidden") in ("1", "true")))
        return found

    @cached_property
    def styles(self) -> Styles:
        parts = self.package.related(self.workbook, "styles")
        make = partial(Styles, self.package, self.workbook)
        return self.package.derived(parts[0], "styles", make) if parts else make()

    @property
    def strings(self) -> SharedStrings:
        if self._strings is None or self._strings.stale:
            self._strings = SharedStrings(self.package, self.workbook)
        return self._strings

    def xml(self, part: str) -> Sheet:
        """The parsed sheet of a part, parsed again when the part was written."""
        source = self.package.xml(part)
        known = self._sheets.get(part)
        if known is None or known.source is not source:
            known = self._sheets[part] = self.package.derived(part, "sheet", lambda: Sheet(source))
        return known

    def put(self, part: str, data: bytes) -> None:
        """Write a sheet part that was made from its parsed sheet (:class:`~xlkpi.workbook.sheet.Sheet`)."""
        self.package.write(part, data)
        self._sheets[part] = Sheet(data, edited=True)

    def patch(self, part: str, data: bytes) -> None:
        """Write a sheet part whose elements are those of before with other attributes, formulas or contents."""
        known = self._sheets.get(part)
        if known is not None and known.data is self.package.read(part):
            self.put(part, data)
        else:
            self.package.write(part, data)

    # ------------------------------------------------------------ reading

    def cells(self, sheet: str) -> dict[tuple[int, int], Cell]:
        """Every stored cell of a sheet by (row, column), counted from 1."""
        return {(row, col): Cell(value, style) for row, col, value, style in self._read(sheet)}

    def values(self, sheet: str) -> dict[tuple[int, int], float | str | bool | CellError]:
        """The values a sheet shows, formulas' cached ones included; dates are serials, empty cells left out."""
        return {(row, col): value for row, col, value, _ in self._read(sheet) if value is not None}

    def _read(self, sheet: str) -> list[tuple[int, int, Value, int]]:
        place = self.sheet(sheet)
        try:
            return read_cells(self.xml(place.part), lambda: self.strings.texts, self.date1904)
        except (ValueError, IndexError, KeyError) as error:
            raise Refused(DamagedPart(Where(file=self.package.file, sheet=place.name), part=place.part,
                                      reason=str(error))) from None

    def is_date(self, style: int) -> bool:
        """Does the cell format show dates or times?"""
        return self.styles.kind(style) == "date"

    @property
    def has_formulas(self) -> bool:
        """Does any cell hold a formula?"""
        parts = sorted((sheet.part for sheet in self.sheets), key=lambda part: len(self.package.xml(part)))
        return any(next(formula_cells(self.xml(part)), None) for part in parts
                   if any(head in self.package.xml(part) for head in (b"<f", b":f")))

    def formulas(self) -> list[FormulaCell]:
        """Every formula of the workbook, without ``=``; shared formulas expanded cell by cell."""
        found: list[FormulaCell] = []
        for sheet in self.sheets:
            xml = self.xml(sheet.part)
            known = self._formulas.get(sheet.part)
            if known is None or known[0] is not xml:
                known = self._formulas[sheet.part] = (xml, self.package.derived(
                    sheet.part, f"formulas of {sheet.name}", partial(formulas_of, xml, sheet.name)))
            found += known[1]
        return found

    def stored_results(self, sheet: str) -> dict[tuple[int, int], Stored]:
        """Where a sheet's formula cells are and what they show."""
        part = self.sheet(sheet).part
        xml = self.xml(part)
        return self.package.derived(part, "stored results", partial(stored_results, xml))

    # ------------------------------------------------------------ input cells

    def check_cells(self, sheet: str, values: Mapping[tuple[int, int], Value | int]) -> Findings:
        """What speaks against writing these cells."""
        place = self.sheet(sheet)
        xml = self.xml(place.part)
        findings = Findings()
        ranges = arrays(xml).values()
        headers = [t for t in self.tables.values() if t.sheet == place.name and t.header_rows]
        for (row, col), value in values.items():
            where = Where(file=self.package.file, sheet=place.name, cell=f"{column_letters(col)}{row}")
            for top, left, bottom, right in ranges:
                if top <= row <= bottom and left <= col <= right and (top, left) != (bottom, right):
                    findings.append(PartOfArray(where, ref=Area(left, top, right, bottom).text()))
            for merge in xml.merged:
                if (row, col) != (merge.first_row, merge.first_col) and merge.first_row <= row <= merge.last_row \
                        and merge.first_col <= col <= merge.last_col:
                    anchor = f"{column_letters(merge.first_col)}{merge.first_row}"
                    findings.append(InsideMerge(where, ref=merge.text(), anchor=anchor))
            for table in headers:
                if table.area.first_row <= row < table.first_row and table.first_col <= col <= table.last_col:
                    findings.append(HeaderCell(where, table=table.name))
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                findings.append(TextTooLong(where, length=len(value)))
        return findings

    def set_cells(self, sheet: str, values: Mapping[tuple[int, int], Value | int]) -> None:
        """Write input cells: the value replaces what is there, the style stays.

        Text is always text, whatever it starts with. Raises :class:`~xlkpi.errors.Refused` with every
        cell that cannot be written (part of an array, inside a merge, a table's header, text too long).
        """
        self.check_cells(sheet, values).refuse()
        place = self.sheet(sheet)
        xml = self.xml(place.part)
        prefix = xml.prefix.decode()
        edits: dict[int, dict[int, bytes | None]] = {}
        uses, formulas_gone = 0, set[tuple[int, int]]()
        strings = self.strings
        for (row, col), value in values.items():
            raw = xml.cell(row, col)
            if raw is not None:
                uses -= raw.attrs.get("t") == "s"
                if xml.patterns.formula.search(raw.inner):
                    formulas_gone.add((row, col))
            style = xml.style_at(row, col)
            if raw is None and (value is None or value == ""):
                continue
            if isinstance(value, str) and value:
                uses += 1
                kind, text = ' t="s"', str(strings.add(value))
            else:
                kind, text = cached(value if value != "" else None)
            edits.setdefault(row, {})[col] = cell_element(prefix, row, col, style, kind, text or None)
        if formulas_gone:
            self.unshare(xml, formulas_gone, edits)
        if edits:
            self.put(place.part, xml.edited(edits))
        strings.flush(uses)
        if formulas_gone:
            self.drop_calc_chain()

    def unshare(self, xml: Sheet, gone: set[tuple[int, int]], edits: dict[int, dict[int, bytes | None]],
                keep: Collection[tuple[int, int]] = ()) -> None:
        """Give the members of shared groups whose master goes their own formulas; so too those to ``keep``."""
        masters: dict[str, tuple[str, Raw]] = {}
        members: list[tuple[str, Raw]] = []
        for raw, attrs, text in formula_cells(xml):
            place, group = (raw.row, raw.col), attrs.get("si", "")
            if attrs.get("t") != "shared":
                continue
            if text:
                masters[group] = (text, raw)
            if place in keep or (not text and place not in gone):
                members.append((group, raw))
        for group, raw in members:
            text, master = masters.get(group, ("", raw))
            if not text or ((raw.row, raw.col) not in keep and (master.row, master.col) not in gone):
                continue
            own = shifted(text, raw.row - master.row, raw.col - master.col)
            prefix = xml.prefix.decode()
            element = f"<{prefix}f>{markup.escape(own)}</{prefix}f>".encode()
            stored = xml.data[raw.start:raw.end]
            old = xml.patterns.formula.search(stored)
            assert old is not None
            edits.setdefault(raw.row, {})[raw.col] = stored[:old.start()] + element + stored[old.end():]

    def drop_calc_chain(self) -> None:
        """Formula cells came or went: the order of calculation is Excel's to build again."""
        for part in self.package.related(self.workbook, "calcChain"):
            self.package.drop(part)

    # ------------------------------------------------------------ results of formulas

    def spill_blocked(self, sheet: str, row: int, col: int, rows: int, cols: int) -> tuple[int, int] | None:
        """The first cell that keeps a spill of this size from ``(row, col)``, or None."""
        place = self.sheet(sheet)
        xml = self.xml(place.part)
        top, left, bottom, right = arrays(xml).get((row, col), (row, col, row, col))
        for r in range(row, row + rows):
            for c, raw in sorted(xml.cells(r).items()):
                inside = top <= r <= bottom and left <= c <= right
                if col <= c < col + cols and not inside and raw.inner:
                    return r, c
        return None

    def set_cached(self, values: Mapping[tuple[str, int, int], Value | int],
                   spills: Mapping[tuple[str, int, int], tuple[int, int]] | None = None) -> None:
        """Write what formulas came to; the formulas stay.

        ``values`` also holds the cells an array or spill covers. ``spills`` gives the size of dynamic
        arrays by anchor: one whose size changes moves its range, and what it no longer covers is
        emptied. A spill that other content blocks becomes an error in its anchor.
        Newer errors (``#SPILL!``, ``#CALC!``) are stored as ``#VALUE!``, as Excel does for other readers.
        """
        by_sheet: dict[str, dict[tuple[int, int], Value | int]] = {}
        spelled: dict[str, dict[tuple[int, int], Value | int]] = {}  # by the sheet's name as ``values`` spells it
        for (sheet, row, col), value in values.items():
            results = spelled.get(sheet)
            if results is None:
                results = spelled[sheet] = by_sheet.setdefault(self.sheet(sheet).name, {})
            results[row, col] = value
        sizes: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}
        for (sheet, row, col), size in (spills or {}).items():
            name = self.sheet(sheet).name
            sizes.setdefault(name, {})[row, col] = size
            by_sheet.setdefault(name, {})
        uses = 0
        for name, results in by_sheet.items():
            uses += self._cache_sheet(name, results, sizes.get(name, {}))
        if uses:
            self.strings.flush(uses)

    def _cache_sheet(self, name: str, results: dict[tuple[int, int], Value | int],
                     sizes: dict[tuple[int, int], tuple[int, int]]) -> int:
        part = self.sheet(name).part
        xml = self.xml(part)
        prefix = xml.prefix.decode()
        refs: dict[tuple[int, int], str] = {}
        known = arrays(xml)
        covered = [area for anchor, area in known.items() if anchor not in sizes]
        for (row, col), (rows, cols) in sizes.items():
            if self.spill_blocked(name, row, col, rows, cols):
                results = {place: value for place, value in results.items() if place == (row, col) or not (
                    row <= place[0] < row + rows and col <= place[1] < col + cols)}
                results[row, col] = CellError("#SPILL!")
                rows = cols = 1
            top, left, bottom, right = known.get((row, col), (row, col, row, col))
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    if not (r < row + rows and c < col + cols):
                        results.setdefault((r, c), None)
                        covered.append((r, c, r, c))
            covered.append((row, col, row + rows - 1, col + cols - 1))
            refs[row, col] = Area(col, row, col + cols - 1, row + rows - 1).text()
            results.setdefault((row, col), None)
        edits: dict[int, dict[int, bytes | None]] = {}
        uses = 0
        rest = {place: value for place, value in results.items() if place not in refs}
        changes = new_values(self.stored_results(name), prefix, rest)
        rest.update((place, results[place]) for place in refs)
        for (row, col), value in rest.items():
            raw = xml.cell(row, col)
            formula = xml.patterns.formula.search(raw.inner) if raw is not None else None
            kind, text = cached(value)
            stored = text if text or value == "" else None
            if raw is not None and formula is not None:
                element = formula[0]
                if (row, col) in refs:
                    element = _with_ref(element, refs[row, col])
                more = "".join(f' {key}="{markup.escape_attribute(given)}"' for key, given in raw.attrs.items()
                               if key not in ("r", "s", "t", "vm"))
                new = cell_element(prefix, row, col, raw.style, kind, stored, element.decode(), more)
            elif any(t <= row <= b and lft <= col <= rgt for t, lft, b, rgt in covered):
                if raw is None and stored is None:
                    continue
                new = cell_element(prefix, row, col, xml.style_at(row, col), kind, stored)
            else:
                raise ValueError(f"{name}!{column_letters(col)}{row} holds no formula")
            uses -= raw is not None and raw.attrs.get("t") == "s"
            edits.setdefault(row, {})[col] = new
        if edits or changes:
            self.put(part, xml.edited(edits, changes))
        return uses


def _with_ref(element: bytes, ref: str) -> bytes:
    tag_end = element.index(b">") + 1
    return with_attribute(element[:tag_end], "ref", ref) + element[tag_end:]


__all__ = ["Book", "Cell", "DefinedName", "FormulaCell", "SheetPart", "Table"]
