"""The table part: what it says, and how it says that its rows have become more or fewer."""

from __future__ import annotations

from dataclasses import dataclass

from xlkpi.workbook import markup
from xlkpi.workbook.markup import Element, from_stored, with_attribute
from xlkpi.workbook.package import Package
from xlkpi.workbook.refs import Area, parse_area


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name as the header shows it, its formula if it is a calculated column."""

    name: str
    formula: str | None = None
    array: bool = False
    totals: str | None = None  # totalsRowFunction
    dxf: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table as its part describes it. Rows and columns count from 1."""

    name: str
    sheet: str
    part: str
    area: Area
    columns: tuple[TableColumn, ...]
    header_rows: int
    totals_rows: int
    filtered: bool
    empty: bool  # shows only its insert row

    @property
    def ref(self) -> str:
        return self.area.text()

    @property
    def first_col(self) -> int:
        return self.area.first_col

    @property
    def last_col(self) -> int:
        return self.area.last_col

    @property
    def first_row(self) -> int:
        """The first data row."""
        return self.area.first_row + self.header_rows

    @property
    def last_row(self) -> int:
        """The last data row."""
        return self.area.last_row - self.totals_rows


def read_table(package: Package, sheet: str, part: str) -> Table | None:
    """The table of a part; None when the part has no usable ``ref``."""
    data = package.xml(part)
    root = package.tree(part)
    area = parse_area(root.attrs.get("ref", ""))
    if area is None:
        return None
    columns = []
    for column in (c for parent in root.all("tableColumns") for c in parent.all("tableColumn")):
        formula = column.one("calculatedColumnFormula")
        dxf = column.attrs.get("dataDxfId")
        columns.append(TableColumn(
            from_stored(column.attrs.get("name", "")),
            formula.text(data) if formula is not None else None,
            formula is not None and formula.attrs.get("array") in ("1", "true"),
            column.attrs.get("totalsRowFunction"), int(dxf) if dxf else None))
    name = from_stored(root.attrs.get("displayName") or root.attrs.get("name") or "")
    return Table(name, sheet, part, area, tuple(columns), int(root.attrs.get("headerRowCount", 1)),
                 int(root.attrs.get("totalsRowCount", 0)), bool(_criteria(root)),
                 root.attrs.get("insertRow") in ("1", "true"))


def _criteria(root: Element) -> list[Element]:
    """Filter criteria and sort states."""
    auto = root.one("autoFilter")
    found = [column for column in (auto.all("filterColumn") if auto else []) if column.children]
    return found + root.all("sortState") + (auto.all("sortState") if auto else [])


def resized(data: bytes, last_data_row: int, filled: bool) -> bytes:
    """The table part with its data ending at ``last_data_row``; filter criteria and sort states are taken away.

    The rows are new, so the old criteria say nothing about them: all rows are shown, unsorted. A
    filter button that was hidden stays hidden.
    """
    root = markup.document(data)
    area = parse_area(root.attrs["ref"])
    assert area is not None
    totals = int(root.attrs.get("totalsRowCount", 0))
    tag = with_attribute(data[root.start:root.inner], "ref", _until(area, last_data_row + totals))
    if filled:
        tag = with_attribute(tag, "insertRow", None)
    changes = [(root.start, root.inner, tag)]
    gone = [(state.start, state.end, b"") for state in root.all("sortState")]
    auto = root.one("autoFilter")
    if auto is not None:
        changes.append((auto.start, auto.inner,
                        with_attribute(data[auto.start:auto.inner], "ref", _until(area, last_data_row))))
        gone += [(state.start, state.end, b"") for state in auto.all("sortState")]
        for column in auto.all("filterColumn"):
            if not column.children:
                continue
            if {"hiddenButton", "showButton"} & column.attrs.keys():
                start_tag = data[column.start:column.inner]
                gone.append((column.start, column.end, start_tag[:-1].rstrip() + b"/>"))
            else:
                gone.append((column.start, column.end, b""))
    return markup.patched(data, changes + gone)


def _until(area: Area, last_row: int) -> str:
    return Area(area.first_col, area.first_row, area.last_col, last_row).text()
