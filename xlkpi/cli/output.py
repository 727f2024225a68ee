"""How answers look: problems, tables for eyes, JSON for machines."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from xlkpi.cli.texts import say
from xlkpi.errors import Problem


def width(text: str) -> int:
    """Columns a text takes in a terminal: Chinese characters take two."""
    return sum(0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
               for letter in text)


def pad(text: str, size: int, right: bool = False) -> str:
    space = " " * max(0, size - width(text))
    return space + text if right else text + space


def table(rows: Sequence[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """Rows (the first is the head) in columns as wide as their widest cell; ``numeric`` ones to the right."""
    right = set(numeric)
    sizes = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(pad(cell, size, column in right) for column, (cell, size) in
                       enumerate(zip(row, sizes, strict=True))).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * size for size in sizes))
    return "\n".join(lines)


def print_json(value: Any) -> None:
    """One JSON value on one line. Where output is not UTF-8 all else than ASCII is escaped: programs read it alike."""
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not unicode, default=str))


def print_problems(problems: Sequence[Problem], as_json: bool = False, refused: bool = True) -> None:
    """Every problem on its own line, errors first, with a count; to standard error."""
    if as_json:
        if refused:
            print_json({"ok": False, "problems": [problem.as_dict() for problem in problems]})
        return
    levels = ("error", "warning", "note")
    for problem in sorted(problems, key=lambda found: levels.index(found.level)):
        print(f"{say(problem.level)}: {problem.line()}", file=sys.stderr)
    counts = {level: sum(problem.level == level for problem in problems) for level in levels}
    if problems:
        print(say("problem_count", errors=counts["error"], warnings=counts["warning"], notes=counts["note"]),
              file=sys.stderr)
    if refused:
        print(say("refused"), file=sys.stderr)
