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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from xlkpi import platforms
from xlkpi.errors import CellError
from xlkpi.platforms.files import open_raw
from xlkpi.platforms.reader import Import

HERE = Path(__file__).parent
TODAY = date(2026, 5, 10)
FILES = sorted(HERE.glob("*/*/input.*"))
SHARDS, EACH = 20, 50  # twice: cells and bytes
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


@dataclass(frozen=True)
class Whole:
    """An undamaged fixture: its cells, where its header is, and what is read of it by row of the file."""

    rows: tuple[tuple[Any, ...], ...]
    header: int
    values: dict[int, dict[str, Any]]
    columns: dict[str, str]
    codes: tuple[str | None, ...]


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
    rows = tuple(tuple(row) for row in raw.grids[0].rows)
    if any(isinstance(cell, CellError) for row in rows for cell in row):
        return None
    heads = [" ".join(str(cell).split()) for cell in rows[header - 1]]
    codes = tuple(item.columns.get(head) for head in heads)
    records = item.frame.to_dict("records")
    values = dict(zip(map(int, item.rows), records, strict=True))
    return Whole(rows, header - 1, values, item.columns, codes)


def located(imports: list[Import], name: str) -> None:
    for item in imports:
        for problem in item.problems:
            assert problem.where.file == name, problem
            assert problem.line("zh")
            assert problem.line("en")
            assert problem.as_dict()


def same(one: Any, other: Any) -> bool:
    return bool((pd.isna(one) and pd.isna(other)) or one == other)


def text(cell: Any) -> str:
    return "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def written(rows: list[list[Any]], dice: random.Random) -> bytes | None:
    """The cells as a file: text in some encoding, seldom a workbook. None where the encoding lacks a character."""
    if dice.random() < 0.1:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row, 1):
                made = page.cell(number, place, cell or None)
                if isinstance(cell, str) and cell.startswith("="):
                    made.data_type = "s"
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=dice.choice(",\t;"), lineterminator=dice.choice(["\n", "\r\n"])).writerows(
        [text(cell) for cell in row] for row in rows)
    try:
        return lines.getvalue().encode(dice.choice(ENCODINGS))
    except UnicodeEncodeError:
        return None


def damaged(good: Whole, dice: random.Random) -> tuple[list[list[Any]], list[int], list[int], set[tuple[int, int]]]:
    """Rows as damaged; for each row and each column the place it came from; the cells that were blanked."""
    width = len(good.rows[good.header])
    body = list(range(good.header + 1, len(good.rows)))
    order = list(range(width))
    for _ in range(dice.randint(1, 3)):
        match dice.randint(0, 6):
            case 0 if len(body) > 1:
                del body[dice.randrange(len(body))]
            case 1 if body:
                body.insert(dice.randint(0, len(body)), dice.choice(body))
            case 2:
                dice.shuffle(body)
            case 3:
                dice.shuffle(order)
            case 4:
                order.insert(dice.randint(0, len(order)), dice.choice(order))
            case 5 if len(order) > 1:
                del order[dice.randrange(len(order))]
    lines = [*range(good.header + 1), *body]
    blank = {(dice.choice(body), dice.choice(order)) for _ in range(dice.randint(0, 3)) if body}

    def cell(row: int, place: int) -> Any:
        return "" if (row, place) in blank or place >= len(good.rows[row]) else good.rows[row][place]

    return [[cell(row, place) for place in order] for row in lines], lines, order, blank


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
        rows, lines, order, blank = damaged(good, dice)
        data = written(rows, dice)
        if data is None:
            continue
        imports = platforms.read_all(data, name="x", today=TODAY)
        located(imports, "x")
        for item in imports:
            if item.table is None or item.rows is None or item.layout is None or item.sources[0].encoding is None:
                continue  # a workbook types its cells anew (texts that look like numbers), so it is not compared
            for number, row in zip(map(int, item.rows), item.frame.to_dict("records"), strict=True):
                origin = lines[number - 1] + 1
                if origin not in good.values:  # a row that was none before: its key was hit
                    continue
                for code, value in row.items():
                    places = [place for place in order if good.codes[place] == code]
                    if not places or code not in good.values[origin]:
                        continue
                    hit = any((origin - 1, place) in blank for place in places)
                    expected = good.values[origin][code]
                    assert same(value, expected) or (hit and pd.isna(value)), (path, code, value, expected)


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
