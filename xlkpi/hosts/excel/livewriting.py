"""What a refresh writes into the open workbook: judged and checked first, a table in a few range writes, undone whole.

Before anything of a table changes, what it held is kept; when a write fails, all that was written is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from xlkpi.errors import Findings, Problem, Where
from xlkpi.hosts.excel.livebook import (
    Grid,
    LiveBook,
    LiveTable,
    formula_grid,
    grid,
    plain_values,
    value_grid,
    write_formulas,
)
from xlkpi.workbook.columns import Place, judged
from xlkpi.workbook.match import match_columns, read_data
from xlkpi.workbook.problems import FilterCleared, InTheWay, TooManyRows
from xlkpi.workbook.refill import wants
from xlkpi.workbook.refs import MAX_ROW, column_letters
from xlkpi.workbook.styles import format_kind


class SheetProtected(Problem):
    zh = "工作表“{sheet}”受保护，无法改写表“{table}”；请先撤销保护"
    en = "the sheet '{sheet}' is protected, so table '{table}' cannot be written; unprotect it first"


class ThreadInTheWay(Problem):
    zh = "单元格有对话批注（“{text}”），它的行会移动而对话无法跟随；请先改成普通批注或处理掉"
    en = "the cell has a threaded comment ('{text}') whose row will move without it; make it a note or resolve it first"


class CircleInTheWay(Problem):
    zh = "工作簿里有循环引用（{cells}），算出的数不可信；请先改正其中的公式"
    en = "the workbook has a circular reference ({cells}), so its figures cannot be trusted; correct the formulas first"


@dataclass
class Rewrite:
    """The new body of one table: values by column (those that fill themselves left out), and where notes go.

    ``texts`` are the columns whose cells are formatted for text.
    """

    live: LiveTable
    columns: dict[int, list[Any]]
    texts: frozenset[int]
    rows: int
    moves: Mapping[int, int | None]

    @property
    def shown(self) -> int:
        return max(1, self.rows)


def prepare(book: LiveBook, name: str, frame: Any, moves: Mapping[int, int | None], findings: Findings) -> Rewrite:
    """The new body of a table, each value judged; what speaks against writing it goes to ``findings``."""
    live = book.live[name]
    table = live.shape
    data = read_data(frame, name)
    match = match_columns(table, data, set(live.calculated), book.file)
    findings += match.findings
    sheet = live.handle.parent
    columns: dict[int, list[Any]] = {}
    texts = set()
    for at, source in sorted(match.source.items()):
        column = table.columns[at].name
        styled = format_kind(str(sheet.range((table.first_row, table.first_col + at)).number_format or ""))
        texts |= {at} if styled == "text" else set()
        existing: list[Any] = [0.0 if isinstance(row[at], float) else "s" for row in live.values[:50]
                               if row[at] is not None]
        place = Place(Where(book.file, table.sheet, None, table.name, column), column,
                      wants(column, styled, existing), styled == "date", styled == "text", False, "", lambda _: 0)
        columns[at] = judged(data.columns[source], place, findings)
    rewrite = Rewrite(live, columns, frozenset(texts), data.rows, moves)
    _check(book, rewrite, findings)
    return rewrite


def _check(book: LiveBook, rewrite: Rewrite, findings: Findings) -> None:
    live, table = rewrite.live, rewrite.live.shape
    sheet = live.handle.parent
    where = Where(book.file, table.sheet, None, table.name)
    if protected(sheet):
        findings.append(SheetProtected(where, sheet=table.sheet, table=table.name))
    last = table.first_row + rewrite.shown - 1 + table.totals_rows
    if last > MAX_ROW:
        findings.append(TooManyRows(where, count=f"{rewrite.rows:,}"))
        return
    for (row, column), text in live.threads.items():
        if rewrite.moves.get(row, row) != row:
            cell = f"{column_letters(table.first_col + column)}{table.first_row + row}"
            findings.append(ThreadInTheWay(Where(book.file, table.sheet, cell), text=text[:40]))
    if _filtered(live.handle):
        findings.append(FilterCleared(where, table=table.name))
    below = table.area.last_row + 1
    if last < below:
        return
    for other in book.tables.values():
        area = other.area
        if other.sheet == table.sheet and other.name != table.name and area.first_row <= last \
                and area.last_row >= below and area.first_col <= table.last_col and area.last_col >= table.first_col:
            _in_the_way(findings, book, rewrite, last, (area.first_row, area.first_col), other.name)
            return
    for down, texts in enumerate(formula_grid(sheet.range((below, table.first_col), (last, table.last_col)))):
        for right, text in enumerate(texts):
            if text not in (None, ""):
                _in_the_way(findings, book, rewrite, last, (below + down, table.first_col + right), str(text)[:40])
                return


def _in_the_way(findings: Findings, book: LiveBook, rewrite: Rewrite, last: int, at: tuple[int, int],
                content: str) -> None:
    table = rewrite.live.shape
    where = Where(book.file, table.sheet, f"{column_letters(at[1])}{at[0]}", table.name)
    findings.append(InTheWay(where, table=table.name, last_row=last, content=content))


def protected(sheet: Any) -> bool:
    """Is the sheet protected? Where Excel does not say, a write will."""
    with suppress(Exception):
        return bool(sheet.api.ProtectContents)
    return False


def circles(book: LiveBook) -> list[str]:
    """The cells at which Excel has found circular references, one a sheet."""
    found = []
    for sheet in book.book.sheets:
        with suppress(Exception):
            cell = sheet.api.CircularReference
            if cell is not None:
                found.append(f"{sheet.name}!{column_letters(int(cell.Column))}{int(cell.Row)}")
    return found


def _filtered(handle: Any) -> bool:
    with suppress(Exception):
        return bool(handle.api.AutoFilter.FilterMode)
    return False


# ---------------------------------------------------------------- writing


class Undo:
    """What puts back all that was written, the last first."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []

    def later(self, step: Callable[[], None]) -> None:
        self._steps.append(step)

    def __call__(self) -> list[Exception]:
        """Put everything back; answers what could not be."""
        failed: list[Exception] = []
        while self._steps:
            try:
                self._steps.pop()()
            except Exception as error:
                failed.append(error)
        return failed


def write_table(rewrite: Rewrite, undo: Undo) -> None:
    """Replace the body of a table: resized once, one write for each run of columns that stand side by side."""
    live, table = rewrite.live, rewrite.live.shape
    sheet, old_rows = live.handle.parent, len(live.values)
    if _filtered(live.handle):
        live.handle.api.AutoFilter.ShowAllData()
    _write_notes(rewrite, undo)
    undo.later(lambda: _put_back(rewrite))
    with _no_totals(live):
        if rewrite.shown < old_rows:
            sheet.range((table.first_row + rewrite.shown, table.first_col),
                        (table.first_row + old_rows - 1, table.last_col)).clear_contents()
        if rewrite.shown != old_rows:
            _resize(live, rewrite.shown)
        for first, last in _runs(sorted(rewrite.columns)):
            columns = [rewrite.columns[at] or [None] for at in range(first, last + 1)]
            body = _cells(live, first, last, rewrite.shown)
            body.raw_value = plain_values([list(row) for row in zip(*columns, strict=True)],
                                          {at - first for at in rewrite.texts})
        if rewrite.shown > old_rows:
            _dress(live, old_rows, rewrite.shown, rewrite.columns)


def _put_back(rewrite: Rewrite) -> None:
    """The body as it was read: constants and formulas, in the rows it had."""
    live = rewrite.live
    table, sheet, old = live.shape, live.handle.parent, len(live.values)
    rows = max(old, rewrite.shown)
    with _no_totals(live):
        if rows > old:
            sheet.range((table.first_row + old, table.first_col), (table.first_row + rows - 1, table.last_col)
                        ).clear_contents()
        if live.handle.range.shape[0] != old + table.header_rows:
            _resize(live, old)
        width = len(table.columns)
        for first, last in _runs([at for at in range(width) if at not in live.calculated]):
            body = _cells(live, first, last, old)
            body.raw_value = plain_values([row[first:last + 1] for row in live.values],
                                          {at - first for at in rewrite.texts})
            for row in range(old):
                for at in range(first, last + 1):
                    if live.is_formula(row, at):
                        write_formulas(_cells(live, at, at, 1, row), live.formulas[row][at])
        for at in live.calculated:
            write_formulas(_cells(live, at, at, old), tuple((row[at],) for row in live.formulas))


def _resize(live: LiveTable, rows: int) -> None:
    table = live.shape
    live.handle.resize(live.handle.parent.range(
        (table.area.first_row, table.first_col), (table.first_row + rows - 1, table.last_col)))


def _cells(live: LiveTable, first: int, last: int, rows: int, begin: int = 0) -> Any:
    table = live.shape
    return live.handle.parent.range((table.first_row + begin, table.first_col + first),
                                    (table.first_row + begin + rows - 1, table.first_col + last))


@contextmanager
def _no_totals(live: LiveTable) -> Iterator[None]:
    """The totals row is taken away while the table changes its size, and stands below it again."""
    if not live.shape.totals_rows:
        yield
        return
    live.handle.show_totals = False
    try:
        yield
    finally:
        live.handle.show_totals = True


def _dress(live: LiveTable, old: int, rows: int, columns: Mapping[int, Any]) -> None:
    """New rows that Excel gave neither the column's formula nor its number format."""
    for at in range(len(live.shape.columns)):
        if at in live.calculated:
            texts = formula_grid(_cells(live, at, at, rows))
            if any(text in (None, "") for (text,) in texts):
                write_formulas(_cells(live, at, at, rows), texts[0][0])
        elif at in columns:
            first = _cells(live, at, at, 1).number_format
            if _cells(live, at, at, 1, rows - 1).number_format != first:
                _cells(live, at, at, rows - old, old).number_format = first


def _write_notes(rewrite: Rewrite, undo: Undo) -> None:
    """Notes go with their rows: taken away first, then written at the new places."""
    moving = {place: text for place, text in rewrite.live.notes.items()
              if place[0] in rewrite.moves and rewrite.moves[place[0]] != place[0]}
    if not moving:
        return
    live = rewrite.live
    new: dict[tuple[int, int], str] = {}
    for (row, column), text in moving.items():
        target = rewrite.moves[row]
        if target is not None:
            new[target, column] = text

    def put(away: Mapping[tuple[int, int], str], there: Mapping[tuple[int, int], str]) -> None:
        for row, column in away:
            note = _cells(live, column, column, 1, row).note
            if note is not None:
                note.delete()
        for (row, column), text in there.items():
            cell = _cells(live, column, column, 1, row)
            if cell.note is None:
                cell.add_note(text)

    undo.later(lambda: put(new, moving))
    put(moving, new)


def write_cell(book: LiveBook, sheet: str, row: int, column: int, value: Any, undo: Undo) -> None:
    """One input cell; a locked cell of a protected sheet is left as it is."""
    cell = book.book.sheets[sheet].range((row, column))
    if protected(cell.sheet):
        with suppress(Exception):
            if cell.api.Locked is not False:
                return
    before, formula = value_grid(cell), formula_grid(cell)[0][0]
    verbatim = {0} if format_kind(str(cell.number_format or "")) == "text" else set[int]()
    is_formula = isinstance(formula, str) and formula.startswith("=") and formula != before[0][0]

    def back() -> None:
        if is_formula:
            write_formulas(cell, formula)
        else:
            cell.raw_value = plain_values(before, verbatim)[0][0]

    undo.later(back)
    cell.raw_value = plain_values(grid(value), verbatim)[0][0]


def _runs(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns together, as (first, last)."""
    start = None
    for at, column in enumerate(columns):
        start = column if start is None else start
        if at + 1 == len(columns) or columns[at + 1] != column + 1:
            yield start, column
            start = None


__all__ = ["CircleInTheWay", "Grid", "Rewrite", "Undo", "circles", "prepare", "protected", "write_cell", "write_table"]
