"""``xlkpi eval``: formulas from the command line or one a line from standard input."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

from xlkpi.cli.output import print_json
from xlkpi.cli.progress import progress
from xlkpi.errors import CellError, Problem, Refused, Where


def evaluate(options: Namespace) -> int:
    from xlkpi.workbook.calculate import evaluate as value_of
    from xlkpi.workbook.calculate import open_book

    lines: Iterable[str | Problem] = options.formula or _lines()
    book = open_book(options.book) if options.book else None
    good = True
    with progress() as report:
        report("evaluating")
        for line in lines:
            if not line:
                continue
            answer: Any = None
            problems: list[Problem] = []
            if isinstance(line, Problem):
                problems = [line]
            else:
                try:
                    answer = value_of(line, book)
                except Refused as refused:
                    problems = refused.problems
            good = good and not problems and not isinstance(answer, CellError)
            _print("" if isinstance(line, Problem) else line, answer, problems, options.json)
    return 0 if good else 1


def _lines() -> Iterator[str | Problem]:
    """The lines of standard input, UTF-8 or GB18030 whatever the console's own code page says."""
    if not hasattr(sys.stdin, "buffer"):  # a stand-in that holds text
        yield from (line.strip() for line in sys.stdin)
        return
    from xlkpi.platforms.text import Unreadable, decode

    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield decode(line)[0].strip()
        except Unreadable as stop:
            stop.problem.where = Where(row=number)
            yield stop.problem


def _print(formula: str, answer: Any, problems: list[Problem], as_json: bool) -> None:
    if as_json:
        line: dict[str, Any] = {"formula": formula}
        if problems:
            line["problems"] = [problem.as_dict() for problem in problems]
        elif isinstance(answer, CellError):
            line |= {"error": answer.code, "message": answer.sentence}
        else:
            line["value"] = _plain(answer)
        print_json(line)
    elif problems:
        for problem in problems:
            print(problem.line(), file=sys.stderr)
    elif isinstance(answer, CellError):
        print(f"{answer.code}  {answer.sentence}".rstrip())
    elif isinstance(answer, list):
        print("\n".join("\t".join(_text(cell) for cell in row) for row in answer))
    else:
        print(_text(answer))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(cell) for cell in value]
    if isinstance(value, CellError):
        return value.code
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _text(value: Any) -> str:
    """As a cell shows it: 15 digits, no trailing ``.0``, TRUE and FALSE."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
