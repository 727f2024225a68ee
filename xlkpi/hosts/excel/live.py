"""Refreshing the workbook that is open in Excel: what the Refresh button runs.

All is read and checked first. When Excel refuses a write in the middle, or goes away, what was there is put back;
nothing is saved, so the file on the disk is as the user saved it. Nothing of this was run in a real Excel here:
the tests drive the real xlwings over a stand-in for its COM objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from xlkpi import audit, jobs, language
from xlkpi.errors import Findings, Problem, Refused, Where
from xlkpi.hosts.excel import livewriting as writing
from xlkpi.hosts.excel.livebook import LiveBook
from xlkpi.refreshing import plan
from xlkpi.scorecard.goals import read_goals
from xlkpi.stages import STAGES

SHOWN = 8  # problems told in the message; all of them stand on the audit sheet
MANUAL = "manual"


class WriteFailed(Problem):
    zh = "写入时 Excel 报错，刷新没有完成（{reason}）；工作簿已恢复为刷新前的样子"
    en = "Excel refused a write, so the refresh was not done ({reason}); the workbook is as it was before"


class ExcelGone(Problem):
    zh = ("写入途中 Excel 关闭或不再响应（{reason}）；磁盘上的文件没有改动："
          "若工作簿还开着，请不保存就关闭，重新打开后再刷新")
    en = ("Excel closed or stopped answering in the middle ({reason}); the file on the disk is as it was: if the "
          "workbook is still open, close it without saving, open it again and refresh")


class NotDone(Problem):
    level = "note"
    zh = "这次刷新没有完成，数据和结果仍是刷新前的；问题如下"
    en = "this refresh was not done, data and results are those of before; the problems are below"


def refresh(book: Any, as_of: date | None = None) -> Findings:
    """Refresh an open workbook (an xlwings ``Book``) from the sources named in its table ``sources``.

    Returns what was noticed. Raises :class:`~xlkpi.errors.Refused` with every problem when it was not done; the
    data and results are then as before, and the problems stand on the audit sheet.
    """
    with _status(book.app) as say:
        say("checking")
        live = LiveBook(book)
        with language.use(audit.language_of(live.tables)):
            return _reported(live, say, as_of)


def _reported(live: LiveBook, say: jobs.Progress, as_of: date | None) -> Findings:
    """Refresh; what kept it from being done stands on the audit sheet too."""
    try:
        return _refresh(live, say, as_of)
    except Refused as refused:
        if not any(isinstance(one, (ExcelGone, WriteFailed)) for one in refused.problems):
            with suppress(Exception):  # the message says all as well
                _only_report(live.book, Findings([NotDone(), *refused.problems]))
        raise


def _refresh(live: LiveBook, say: jobs.Progress, as_of: date | None) -> Findings:
    made = plan(live, say, as_of)
    findings = made.findings
    rewrites = [writing.prepare(live, name, change.item.frame, change.moves, findings)
                for name, change in made.changes.items()]
    if "goals" in made.changes:  # what a score could not use; the weights are judged by the workbook itself
        read_goals(made.changes["goals"].item.frame, findings)
    circles = writing.circles(live)
    if circles:
        findings.append(writing.CircleInTheWay(Where(file=live.file), cells=", ".join(circles)))
    findings.refuse()
    rewrites += _report(live, jobs.imports_of(made.incoming), findings)
    findings.refuse()
    cells: dict[tuple[str, int, int], Any] = {**made.results, **_stamps(live, as_of)}

    def write(undo: writing.Undo) -> None:
        for rewrite in rewrites:
            say("writing_table", rewrite.live.shape.name)
            writing.write_table(rewrite, undo)
        for (sheet, row, column), value in cells.items():
            writing.write_cell(live, sheet, row, column, value, undo)

    def calculate() -> None:
        say("calculating")
        live.book.app.calculate()
        found = writing.circles(live)
        if found:
            raise Refused(writing.CircleInTheWay(Where(file=live.file), cells=", ".join(found)))

    _all_or_nothing(live, write, calculate)
    return findings


def _only_report(book: Any, findings: Findings) -> None:
    """The problems alone on the audit sheet: the book is read anew, as it stands now."""
    live = LiveBook(book)
    rewrites = [one for one in _report(live, {}, findings) if one.live.shape.name == audit.PROBLEMS]

    def write(undo: writing.Undo) -> None:
        for rewrite in rewrites:
            writing.write_table(rewrite, undo)

    _all_or_nothing(live, write, lambda: None)


def _report(live: LiveBook, imports: Any, findings: Findings) -> list[writing.Rewrite]:
    data = audit.report(live.tables, imports, findings)
    return [writing.prepare(live, name, rows, {}, findings) for name, rows in data.items()]


def _stamps(live: LiveBook, as_of: date | None) -> dict[tuple[str, int, int], Any]:
    """The named cells of the audit sheet that the workbook has."""
    found: dict[tuple[str, int, int], Any] = {}
    for name, value in audit.stamps(as_of).items():
        if live.name(name) is not None:
            cell = live.book.names[name].refers_to_range
            found[str(cell.sheet.name), cell.row, cell.column] = "" if value is None else str(value)
    return found


def _all_or_nothing(live: LiveBook, write: Callable[[writing.Undo], None], calculate: Callable[[], None]) -> None:
    """Write with the screen still and calculation off, then calculate; on any failure put back what was there."""
    app, undo = live.book.app, writing.Undo()
    try:
        with _still(app):
            write(undo)
        calculate()
    except Exception as error:
        with _still(app):
            lost = undo()
        if not lost:
            with suppress(Exception):
                app.calculate()
        if isinstance(error, Refused) and not lost:
            raise
        kind = ExcelGone if lost else WriteFailed
        raise Refused(kind(Where(file=live.file), reason=_reason(error))) from None


def _reason(error: Exception) -> str:
    """What COM says, without its numbers where it says something."""
    details = next((part for part in error.args if isinstance(part, tuple) and len(part) > 2 and part[2]), None)
    words = details[2] if details else next((part for part in error.args if isinstance(part, str)), "")
    return " ".join(str(words or type(error).__name__).split())[:200]


@contextmanager
def _still(app: Any) -> Iterator[None]:
    """No screen updates, no events, no calculation; afterwards each as it was, whatever happens."""
    wanted = {"calculation": MANUAL, "enable_events": False, "screen_updating": False}
    before: dict[str, Any] = {}
    for name, value in wanted.items():
        with suppress(Exception):
            before[name] = getattr(app, name)
            setattr(app, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            with suppress(Exception):
                setattr(app, name, value)


@contextmanager
def _status(app: Any) -> Iterator[jobs.Progress]:
    """Progress in the status bar, which is Excel's own again at the end."""
    def say(stage: str, what: str = "") -> None:
        with suppress(Exception):
            app.status_bar = "xlkpi: " + STAGES[stage][0 if language.current() == "zh" else 1].format(what=what)

    try:
        yield say
    finally:
        with suppress(Exception):
            app.status_bar = False


def pressed() -> str:
    """The Refresh button: refreshes the calling workbook and says in a few lines what happened."""
    import xlwings

    book = xlwings.Book.caller()
    with _status(book.app) as say:
        say("checking")
        lang: str = language.current()
        try:
            live = LiveBook(book)
            lang = audit.language_of(live.tables)
            with language.use(lang):
                return message(_reported(live, say, None), done=True)
        except Refused as refused:
            problems = Findings(refused.problems)
        except Exception as error:  # a person reads this, not a programmer
            problems = Findings([ExcelGone(reason=_reason(error))])
    with language.use(lang):
        return message(problems, done=False)


def message(findings: Findings, done: bool) -> str:
    """The outcome for a person, the worst first."""
    zh = language.current() == "zh"
    levels = ("error", "warning", "note")
    told = sorted((one for one in findings if one.level != "note"), key=lambda one: levels.index(one.level))
    head = ("刷新完成。" if done else "刷新没有完成。") if zh else ("Refreshed." if done else "Not refreshed.")
    more = len(told) - SHOWN
    lines = [head, *(f"· {one.line()}" for one in told[:SHOWN])]
    if more > 0:
        lines.append(f"… 还有 {more} 条，见“溯源”页" if zh else f"… {more} more on the audit sheet")
    return "\n".join(lines)
