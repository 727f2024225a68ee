"""``xlkpi new``, ``fill``, ``calc``, ``refresh``, ``build-templates``: commands that write workbooks."""

from __future__ import annotations

import glob
import re
import shutil
from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlkpi import language
from xlkpi.cli.arguments import UsageError
from xlkpi.cli.output import print_json, print_problems
from xlkpi.cli.progress import progress
from xlkpi.cli.texts import say
from xlkpi.errors import Findings, Problem, Refused, Where, reason_of

if TYPE_CHECKING:
    from xlkpi.jobs import Filled
    from xlkpi.refreshing import Refreshed

REPORTED = 3  # exit code: done, with problems that were reported


class OutputExists(Problem):
    zh = "文件已存在；覆盖请加 --force"
    en = "the file exists; add --force to replace it"


class CannotWrite(Problem):
    zh = "无法写入：{reason}"
    en = "cannot be written: {reason}"


def new(options: Namespace) -> int:
    from xlkpi import templates

    target, edition = _edition(options)
    source = templates.path(options.name, language.current(), edition)
    if target.exists() and not options.force:
        raise Refused(OutputExists(Where(file=str(target))))
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise Refused(CannotWrite(Where(file=str(target)), reason=reason_of(error))) from None
    print_json({"ok": True, "output": str(target)}) if options.json else print(say("wrote", path=target))
    return 0


def _edition(options: Namespace) -> tuple[Path, str]:
    """The file to write and its edition; either says the other."""
    from xlkpi.templates.shelf import EDITIONS

    edition = options.edition or _edition_of(options.output or "")
    target = Path(options.output or f"{options.name}{EDITIONS[edition]}")
    if target.suffix.lower() != EDITIONS[edition]:
        raise UsageError(say("edition_suffix", edition=edition, suffix=EDITIONS[edition], path=target))
    return target, edition


def _edition_of(path: str) -> str:
    return "macro" if path.lower().endswith(".xlsm") else "python"


def fill(options: Namespace) -> int:
    if not (options.data or options.goals or options.inputs):
        raise UsageError(say("nothing_to_fill"))
    if not options.output:
        raise UsageError(say("need_output"))
    from xlkpi import jobs
    from xlkpi.cli.inspecting import chosen_mapping

    data = data_files(options.data)
    mapping = chosen_mapping(options, [_path(source) for source in data])
    with progress() as report:
        done = jobs.fill(book_path(options.book, options.output), options.output, data=data,
                         goals=options.goals, inputs=dict(map(_input, options.inputs)), on_error=options.on_error,
                         as_of=_date(options.as_of), calculate=not options.no_calc, progress=report,
                         mapping=mapping.columns_given() if mapping else None,
                         since=list(map(_since, options.since)))
    return finish(done.problems, options, output=str(done.path), tables=_read(done))


def calc(options: Namespace) -> int:
    from xlkpi import jobs

    with progress() as report:
        done = jobs.calculate(options.book, options.output, on_error=options.on_error, as_of=_date(options.as_of),
                              progress=report)
    assert isinstance(done, jobs.Filled)
    return finish(done.problems, options, output=str(done.path))


def refresh(options: Namespace) -> int:
    from xlkpi import refreshing

    with progress() as report:
        done = refreshing.refresh(options.book, options.output, on_error=options.on_error,
                                  as_of=_date(options.as_of), progress=report)
    return finish(done.problems, options, output=str(done.path), tables=_read(done))


def _read(done: Filled | Refreshed) -> dict[str, Any]:
    """What was read for each table."""
    return {name: {"rows": len(done.template.rows(name)), "files": [
        {"file": source.file, "sha256": source.sha256, "read": source.rows_read,
         "skipped": len(source.rows_skipped)} for source in item.sources]} for name, item in done.imports.items()}


def build_templates(options: Namespace) -> int:
    from xlkpi import templates
    from xlkpi.hosts.vba import editions

    with progress() as report:
        report("building", options.folder)
        for builder in (templates, editions):
            for path in builder.build_all(Path(options.folder)):
                print(say("wrote", path=path))
    return 0


def finish(problems: Sequence[Problem], options: Namespace, **facts: Any) -> int:
    """Say what was done and noticed; the exit code tells whether errors were among it."""
    errors = [problem for problem in problems if problem.level == "error"]
    if options.json:
        print_json({"ok": not errors, **facts, "problems": [problem.as_dict() for problem in problems]})
    else:
        print_problems(problems, refused=False)
        print(say("wrote", path=facts["output"]))
    return REPORTED if errors else 0


def book_path(name: str, output: str) -> str:
    """A workbook given by path, or one of the templates by name, in the edition that ``output`` is called after."""
    from xlkpi import templates

    if not Path(name).exists() and name in [entry.name for entry in templates.catalogue()]:
        return str(templates.path(name, language.current(), _edition_of(output)))
    return name


def data_files(words: Sequence[str]) -> list[str | tuple[str, str]]:
    """What ``--data`` names: folders and patterns become the data files they hold (not every shell does that)."""
    files: list[str | tuple[str, str]] = []
    found = Findings()
    for source in map(_data, words):
        path = _path(source)
        if Path(path).is_dir() or (glob.has_magic(path) and "#" not in path and not Path(path).exists()):
            from xlkpi.refreshing.sources import expanded

            names = expanded(path, Where(), Path(), None, found)
            files += names if isinstance(source, str) else [(source[0], name) for name in names]
        else:
            files.append(source)
    found.refuse()
    return files


def _data(text: str) -> str | tuple[str, str]:
    """``FILE`` or ``TABLE=FILE``; a file whose own name holds ``=`` is found first."""
    table, mark, path = text.partition("=")
    if not mark or Path(text).exists() or not re.fullmatch(r"[^\W\d][\w.]*", table):
        return text
    return table, path


def _path(source: str | tuple[str, str]) -> str:
    return source if isinstance(source, str) else source[1]


def _input(text: str) -> tuple[str, Any]:
    """``Sheet!B3=5``: numbers, dates and TRUE/FALSE are read as such; ``="5"`` in quotes stays text."""
    address, mark, value = text.partition("=")
    if not mark or not address.strip():
        raise UsageError(say("bad_set", text=text))
    return address.strip(), typed(value.strip())


def typed(word: str) -> Any:
    """A value typed on the command line, as Excel would take it when typed in a cell."""
    from xlkpi.cells import read_date, read_number

    if len(word) > 1 and word[0] == word[-1] == '"':
        return word[1:-1]
    if word.upper() in ("TRUE", "FALSE"):
        return word.upper() == "TRUE"
    if re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?)?", word):
        return read_date(word) or word
    number = None if re.fullmatch(r"0\d+|\d{16,}", word) else read_number(word)
    return (number if number is not None else word) if word else None


def _since(text: str) -> tuple[str, date]:
    """``FILE@DATE``: an export and the day on which it was made."""
    path, mark, day = text.rpartition("@")
    try:
        return path, date.fromisoformat(day if mark and path else "")
    except ValueError:
        raise UsageError(say("bad_since", text=text)) from None


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(say("bad_date", text=text)) from None
