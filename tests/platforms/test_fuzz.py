"""Every fixture damaged 2,000 times: the outcome is the right figure, none, or a located problem.

Rows are cut, doubled and shuffled, columns moved, doubled and cut, cells blanked, texts written in
other encodings, bytes cut, changed and doubled. Where cells keep their contents the damage is known
cell by cell, so each figure that is read must be the one that stood there, or be missing because
it was blanked. Where bytes are hit a digit may change unseen: then nothing may be raised, and
whatever is found has its place.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from xlkpi import platforms
from xlkpi.errors import CellError
from xlkpi.platforms import generic
from xlkpi.platforms.files import open_raw
from xlkpi.platforms.reader import Import

HERE = Path(__file__).parent
TODAY = date(2026, 5, 10)
FILES = sorted(HERE.glob("*/*/input.*"))
SHARDS, EACH = 20, 100  # twice: cells and bytes
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


@dataclass(frozen=True)
class Whole:
    """An undamaged fixture: its cells, where its header is, and what is read of it by row of its grid."""

    rows: tuple[tuple[Any, ...], ...]
    header: int
    values: dict[int, dict[str, Any]]
    codes: tuple[str | None, ...]
    kinds: tuple[str | None, ...]


@cache
def whole(path: Path) -> Whole | None:
    """The fixture, if its rows can be followed: one table, read without errors, a row of it a row of the frame."""
    raw = open_raw(path)
    imports = platforms.read_all(path, today=TODAY)
    if len(raw.grids) != 1 or len(imports) != 1 or imports[0].problems.errors or imports[0].rows is None:
        return None
    (item,) = imports
    header = item.sources[0].header
    if header is None or item.layout is None or getattr(item.layout, "after", None):
        return None
    first = 0 if raw.kind == "json" else 1  # records of an answer are counted from the one behind the names
    header -= first
    rows = tuple(tuple(row) for row in raw.grids[0].rows)
    if any(isinstance(cell, CellError) for row in rows for cell in row):
        return None
    heads = [" ".join(str(cell).split()) for cell in rows[header]]
    codes = tuple(item.columns.get(head) for head in heads)
    records = item.frame.to_dict("records")
    values = dict(zip((int(row) - first for row in item.rows), records, strict=True))
    known = {column.code: column.kind for layout in (item.layout, generic.extra(item.layout.table)) if layout
             for column in reversed(layout.columns)}
    kinds = tuple("rank" if code == "rank" else known.get(code or "") for code in codes)  # nobody adds up ranks
    return Whole(rows, header, values, codes, kinds)


def located(imports: list[Import], name: str) -> None:
    for item in imports:
        for problem in item.problems:
            assert problem.where.file == name, problem
            assert problem.line("zh")
            assert problem.line("en")
            assert problem.as_dict()


def same(one: Any, other: Any) -> bool:
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    return abs(one - other) <= 1e-12 * abs(one) if isinstance(one, float) else bool(one == other)


def text(cell: Any) -> str:
    return "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


# ---------------------------------------------------------------- damage


@dataclass
class Sheet:
    """A fixture while it is damaged. Each row and column knows where it stood; ``None`` was not there before."""

    rows: list[list[Any]]
    lines: list[int | None]
    places: list[int | None]
    kinds: list[str | None]  # of the columns, by the layout
    header: int
    blank: set[tuple[int | None, int | None]] = field(default_factory=set)
    doubtful: set[int | None] = field(default_factory=set)  # columns that may be lost or wrong, if it is said
    short: bool = False  # moments lost their seconds
    before: bool = False  # another sheet stands first
    hidden: bool = False

    @property
    def body(self) -> range:
        return range(self.header + 1, len(self.rows))

    def column(self, dice: random.Random, *kinds: str) -> int | None:
        found = [at for at, kind in enumerate(self.kinds) if kind in kinds]
        return dice.choice(found) if found else None

    def change(self, at: int | None, change: Callable[[str], str | None]) -> bool:
        """Spell the cells of a column in another way; those that the change does not fit stay."""
        changed = False
        for row in self.body if at is not None else ():
            made = change(text(self.rows[row][at]).strip())
            if made is not None:
                self.rows[row][at], changed = made, True
        return changed

    def insert_row(self, at: int, cells: list[Any]) -> None:
        self.rows.insert(at, [*cells, *[""] * (len(self.places) - len(cells))][:len(self.places)])
        self.lines.insert(at, None)
        self.header += at <= self.header

    def insert_column(self, at: int, cells: list[Any], place: int | None, kind: str | None) -> None:
        for row, cell in zip(self.rows, cells, strict=True):
            row.insert(at, cell)
        self.places.insert(at, place)
        self.kinds.insert(at, kind)


def opened(good: Whole) -> Sheet:
    width = len(good.rows[good.header])
    rows = [[row[place] if place < len(row) else "" for place in range(width)] for row in good.rows]
    return Sheet(rows, list(range(len(rows))), list(range(width)), list(good.kinds), good.header)


COUNTS, NUMBERS = ("count",), ("count", "number", "rate", "duration")


def row_lost(sheet: Sheet, dice: random.Random) -> None:
    if len(sheet.body) > 1:
        at = dice.choice(sheet.body)
        del sheet.rows[at], sheet.lines[at]


def row_doubled(sheet: Sheet, dice: random.Random) -> None:
    if sheet.body:
        at, to = dice.choice(sheet.body), dice.choice(sheet.body)
        sheet.rows.insert(to, list(sheet.rows[at]))
        sheet.lines.insert(to, sheet.lines[at])


def rows_shuffled(sheet: Sheet, dice: random.Random) -> None:
    order = list(sheet.body)
    dice.shuffle(order)
    for name in ("rows", "lines"):
        held = getattr(sheet, name)
        held[sheet.header + 1:] = [held[at] for at in order]


def columns_shuffled(sheet: Sheet, dice: random.Random) -> None:
    order = list(range(len(sheet.places)))
    dice.shuffle(order)
    sheet.rows = [[row[at] for at in order] for row in sheet.rows]
    sheet.places, sheet.kinds = [sheet.places[at] for at in order], [sheet.kinds[at] for at in order]


def column_doubled(sheet: Sheet, dice: random.Random) -> None:
    at = dice.randrange(len(sheet.places))
    to = dice.randint(0, len(sheet.places))
    sheet.insert_column(to, [row[at] for row in sheet.rows], sheet.places[at], sheet.kinds[at])


def column_lost(sheet: Sheet, dice: random.Random) -> None:
    if len(sheet.places) > 1:
        at = dice.randrange(len(sheet.places))
        for row in sheet.rows:
            del row[at]
        del sheet.places[at], sheet.kinds[at]


def column_inserted(sheet: Sheet, dice: random.Random) -> None:
    cells: list[Any] = [dice.choice(["", str(dice.randrange(10_000)), "已核对"]) for _ in sheet.rows]
    cells[:sheet.header + 1] = [""] * sheet.header + [dice.choice(["核对", "负责人", ""])]
    sheet.insert_column(dice.randint(0, len(sheet.places)), cells, None, None)


def cell_blanked(sheet: Sheet, dice: random.Random) -> None:
    if sheet.body:
        row, at = dice.choice(sheet.body), dice.randrange(len(sheet.places))
        sheet.blank.add((sheet.lines[row], sheet.places[at]))
        sheet.rows[row][at] = ""


def header_translated(sheet: Sheet, dice: random.Random) -> None:
    at = dice.randrange(len(sheet.places))
    sheet.rows[sheet.header][at] = dice.choice(["Figure", "指标一", "Beobachtung", "数据"])


def thousands(sheet: Sheet, dice: random.Random) -> None:
    sheet.change(sheet.column(dice, *COUNTS), lambda cell: f"{int(cell):,}" if cell.lstrip("-").isascii()
                 and cell.lstrip("-").isdigit() else None)


def full_width(sheet: Sheet, dice: random.Random) -> None:
    sheet.change(sheet.column(dice, *NUMBERS), lambda cell: "".join(
        chr(ord(letter) + 0xfee0) if letter in "0123456789.%" else letter for letter in cell))


def in_wan(sheet: Sheet, dice: random.Random) -> None:
    """Mixed units in one column: large figures in 万, in full."""
    sheet.change(sheet.column(dice, *COUNTS), lambda cell: f"{Decimal(cell) / 10_000}万"
                 if cell.isascii() and cell.isdigit() and int(cell) >= 1_000 else None)


def strange_unit(sheet: Sheet, dice: random.Random) -> None:
    at, unit = sheet.column(dice, *NUMBERS), dice.choice(["k", "M", "次左右", "件"])
    if sheet.change(at, lambda cell: f"{cell}{unit}" if cell[-1:].isdigit() else None):
        sheet.doubtful.add(sheet.places[at or 0])


def decimal_comma(sheet: Sheet, dice: random.Random) -> None:
    at = sheet.column(dice, *NUMBERS)
    if sheet.change(at, lambda cell: cell.replace(".", ",") if cell.count(".") == 1 else None):
        sheet.doubtful.add(sheet.places[at or 0])


def resaved_dates(sheet: Sheet, dice: random.Random) -> None:
    """What Excel makes of dates in a CSV that is opened and saved."""
    def resaved(cell: str) -> str | None:
        for known, made in (("%Y-%m-%d %H:%M:%S", "%Y/{month}/{day} %H:%M"), ("%Y-%m-%d", "%Y/{month}/{day}")):
            try:
                moment = datetime.strptime(cell, known)
            except ValueError:
                continue
            return moment.strftime(made).format(month=moment.month, day=moment.day)
        return None

    if sheet.change(sheet.column(dice, "time", "day"), resaved):
        sheet.short = True


def total_row(sheet: Sheet, dice: random.Random) -> None:
    cells: list[Any] = []
    for at, kind in enumerate(sheet.kinds):
        known = [float(text(sheet.rows[row][at])) for row in sheet.body
                 if text(sheet.rows[row][at]).replace(".", "", 1).isdecimal() and text(sheet.rows[row][at]).isascii()]
        cells.append(text(float(sum(known))) if kind in COUNTS and known else "")
    free = [at for at, cell in enumerate(cells[:3]) if cell == ""]
    if free:
        cells[free[0]] = dice.choice(["合计", "总计", "Total", "汇总"])
        sheet.insert_row(len(sheet.rows), cells)


def footnote(sheet: Sheet, dice: random.Random) -> None:
    sheet.insert_row(len(sheet.rows), ["注：数据每日更新"])


def title_row(sheet: Sheet, dice: random.Random) -> None:
    """A title, merged over the table: its text stands in the first cell."""
    sheet.insert_row(0, [dice.choice(["数据导出", "统计时间：2026-04-01 至 2026-04-30"])])


def second_header(sheet: Sheet, dice: random.Random) -> None:
    sheet.insert_row(dice.choice([sheet.header + 1, len(sheet.rows)]), list(sheet.rows[sheet.header]))


def group_row(sheet: Sheet, dice: random.Random) -> None:
    """A first header row of merged groups above the real one."""
    sheet.insert_row(sheet.header, ["基础数据", *[""] * 3, "互动数据"])


def blank_row(sheet: Sheet, dice: random.Random) -> None:
    sheet.insert_row(dice.randint(sheet.header + 1, len(sheet.rows)), [])


def other_sheet(sheet: Sheet, dice: random.Random) -> None:
    sheet.before = True


def hidden_rows(sheet: Sheet, dice: random.Random) -> None:
    sheet.hidden = True


DAMAGE = (row_lost, row_doubled, rows_shuffled, columns_shuffled, column_doubled, column_lost, column_inserted,
          cell_blanked, header_translated, thousands, full_width, in_wan, strange_unit, decimal_comma, resaved_dates,
          total_row, footnote, title_row, second_header, group_row, blank_row, other_sheet, hidden_rows)


def written(sheet: Sheet, dice: random.Random) -> bytes | None:
    """The sheet as a file: text in some encoding, or a workbook. None where the encoding lacks a character."""
    if sheet.before or sheet.hidden or dice.random() < 0.2:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        for number, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row, 1):
                made = page.cell(number, place, None if cell == "" else cell)
                if isinstance(cell, str):
                    made.data_type = "s"
            page.row_dimensions[number].hidden = sheet.hidden and number > sheet.header and dice.random() < 0.5
        if sheet.before:
            book.create_sheet("说明", 0)["A1"] = "导出说明"
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=dice.choice(",\t;"), lineterminator=dice.choice(["\n", "\r\n"])).writerows(
        [text(cell) for cell in row] for row in sheet.rows)
    try:
        return lines.getvalue().encode(dice.choice(ENCODINGS))
    except UnicodeEncodeError:
        return None


FOLLOWED = [path for path in FILES if whole(path)]


def shards(paths: list[Path], shard: int) -> Iterator[tuple[Path, random.Random]]:
    for number in range(EACH):
        dice = random.Random(shard * EACH + number)
        yield paths[(shard * EACH + number) % len(paths)], dice


@pytest.mark.parametrize("shard", range(SHARDS))
def test_damaged_cells_give_the_right_figure_or_none(shard: int) -> None:
    for path, dice in shards(FOLLOWED, shard):
        good = whole(path)
        assert good is not None
        sheet = opened(good)
        done = [dice.choice(DAMAGE) for _ in range(dice.randint(1, 3))]
        for damage in done:
            damage(sheet, dice)
        data = written(sheet, dice)
        if data is None:
            continue
        imports = platforms.read_all(data, name="x", today=TODAY)
        located(imports, "x")
        for item in imports:
            told = f"{path.parts[-3:-1]} {[damage.__name__ for damage in done]}"
            if item.table is None:
                assert item.problems.errors, told
            else:
                silently_wrong(item, good, sheet, told)


def silently_wrong(item: Import, good: Whole, sheet: Sheet, told: str) -> None:
    """No row without an origin, none gone without a word, and no figure but the one that stood there."""
    assert item.rows is not None
    assert item.layout is not None
    errors = item.problems.errors
    said = {problem.where.column for problem in item.problems if problem.level != "note"}
    named = {code: heading for heading, code in item.columns.items()}
    skipped = {row for row, _ in item.rows_skipped}
    used = set(map(int, item.rows))
    last = max((number for number, row in enumerate(sheet.rows, 1) if any(cell != "" for cell in row)), default=0)
    header = item.sources[0].header or 0
    assert used | skipped >= set(range(header + 1, last + 1)), told
    for number, row in zip(map(int, item.rows), item.frame.to_dict("records"), strict=True):
        origin = sheet.lines[number - 1]
        if origin is None:
            assert errors, f"{told}: row {number} was none"
            continue
        before = good.values.get(origin)
        if before is None:  # skipped in the undamaged file, or its key is gone
            continue
        for code, value in row.items():
            places = [place for place in sheet.places if place is not None and good.codes[place] == code]
            if not places or code not in before:
                continue
            wanted = before[code]
            if sheet.short and isinstance(wanted, pd.Timestamp) and isinstance(value, pd.Timestamp):
                wanted, value = wanted.floor("min"), value.floor("min")
            hit = any((origin, place) in sheet.blank for place in places)
            if same(value, wanted) or (pd.isna(value) and hit):
                continue
            mended = pd.isna(wanted) or pd.isna(value) or bool(sheet.doubtful.intersection(places))
            assert mended, (told, code, value, wanted)
            assert named.get(code) in said or errors, (told, code, value, wanted)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_damaged_bytes_raise_nothing(shard: int) -> None:
    for path, dice in shards(FILES, shard):
        data = bytearray(path.read_bytes())
        for _ in range(dice.randint(1, 4)):
            if not data:
                break
            start = dice.randrange(len(data))
            end = min(len(data), start + dice.choice([1, 1, 2, 16, 200]))
            match dice.randint(0, 4):
                case 0:
                    del data[start:]
                case 1:
                    del data[start:end]
                case 2:
                    data[start:start] = data[start:end]
                case 3:
                    data[start:end] = bytes(dice.randrange(256) for _ in range(end - start))
                case 4:
                    data[start:end] = bytes(end - start)
        located(platforms.read_all(bytes(data), name="x", today=TODAY), "x")
