"""The docstring examples laid out in a workbook: arguments in cells, one formula an example."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from xlkpi.spec import Example

ANSWER = "answers"
WIDEST = 8  # columns an answer may spill over


def answer_column(number: int) -> int:
    """The column of example ``number`` (from 0) on the answers sheet."""
    return number * WIDEST + 1


def lay_out(examples: Iterable[Example], formula: Callable[[Example, tuple[str, ...]], str]) -> Workbook:
    """Sheet ``arguments`` holds each example's arguments (lists as columns), ``answers`` its formula in row 1.

    Each answer has room to spill down and to the right; ``formula`` gets the references of the arguments.
    """
    book = Workbook()
    arguments, answers = book.worksheets[0], book.create_sheet(ANSWER)
    arguments.title = "arguments"
    top = 1
    for number, example in enumerate(examples):
        references, height = [], 1
        for column, argument in enumerate(example.args, 1):
            letter = get_column_letter(column)
            cells = argument if isinstance(argument, list) else [argument]
            wide = max((len(row) for row in cells if isinstance(row, list)), default=1)
            assert wide == 1, "a table as an argument needs a place of its own"
            for down, cell in enumerate(cells):
                _write(arguments.cell(top + down, column), cell)
            last = top + len(cells) - 1
            end = f":${letter}${last}" if isinstance(argument, list) else ""
            references.append(f"arguments!${letter}${top}{end}")
            height = max(height, len(cells))
        answers.cell(1, answer_column(number), "=" + formula(example, tuple(references)))
        top += height + 1
    return book


def _write(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
