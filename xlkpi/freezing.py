"""Closing a period: a workbook whose figures stay as they are, with a hash that tells when they do not.

:func:`freeze` turns every formula into its value and writes down who did so, when and with which
versions, together with one hash a sheet and one over all of them. The hash is taken over a listing of
what the workbook says (values, shapes of tables, what names point at), not over the bytes of the file,
so saving it again in Excel changes nothing. :func:`check` lists again and compares.

The record is kept in custom document properties, which every workbook can carry, and is shown on the
approval or audit sheet where there is one. It proves that a file was changed by accident or in passing.
Who wants to deceive can make a new record as well: keep the hash elsewhere too and give it to ``check``.
"""

from __future__ import annotations

import getpass
import hashlib
import math
import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from xlkpi import __version__, metrics
from xlkpi.cells import is_blank, to_serial
from xlkpi.comparing import Change, Diff, diff
from xlkpi.errors import ERROR_CODES, CellError, Findings, Problem, Refused, Where
from xlkpi.registry import load
from xlkpi.workbook import docprops
from xlkpi.workbook.book import Book
from xlkpi.workbook.calculate import calculate_values
from xlkpi.workbook.fill import Template
from xlkpi.workbook.fixing import fix_values
from xlkpi.workbook.listing import FORMAT, NAMES, canonical, hashes, line, listing, place_of
from xlkpi.workbook.refs import column_letters
from xlkpi.workbook.table import Table

Source: TypeAlias = "str | os.PathLike[str] | bytes | Template"
PREFIX = "xlkpi.freeze."
SHOWN = 10  # cells named when some differ
CONSTANTS = ("TRUE()", "FALSE()", *ERROR_CODES)  # as formulas: LibreOffice saves these values so
LONGEST = 255  # characters of a property that Excel shows
FACTS = ("format", "at", "by", "note", "versions", "cell")


class AlreadyFrozen(Problem):
    zh = "工作簿已由 {by} 于 {at} 冻结，不能再次冻结；要改动请从冻结前的工作簿重新开始"
    en = "the workbook was frozen by {by} at {at} and cannot be frozen again; start from the workbook before it"


class NotFrozen(Problem):
    zh = "工作簿没有冻结记录；请先用 xlkpi freeze 冻结"
    en = "the workbook has no freeze record; make one with xlkpi freeze"


class NotCalculated(Problem):
    zh = "工作簿填充后没有重新计算；请先计算再冻结"
    en = "the workbook was filled and not calculated; calculate it before freezing it"


class StaleBook(Problem):
    zh = ("公式单元格存的值是 {stored}，重新计算得到 {fresh}（共 {count} 格不符）；请先用 xlkpi calc 计算再冻结，"
          "若结果按某一天计算请给出 --as-of")
    en = ("the formula holds {stored} but comes to {fresh} ({count} cells differ); calculate the workbook with xlkpi "
          "calc first, or name the day it was calculated for with --as-of")


class NoStoredValue(Problem):
    zh = "公式没有计算结果（共 {count} 格）；请先计算并保存工作簿再冻结"
    en = "the formula has no stored result ({count} cells); calculate and save the workbook before freezing it"


class NotVerified(Problem):
    level = "warning"
    zh = "{count} 个公式无法重新计算，冻结的是文件中存的值：{reason}"
    en = "{count} formulas could not be calculated again; the values stored in the file were frozen: {reason}"


class RecordDamaged(Problem):
    zh = "冻结记录不完整或被改动：{what}"
    en = "the freeze record is incomplete or was changed: {what}"


class SheetChanged(Problem):
    zh = "工作表内容与冻结时不同"
    en = "the sheet is not as it was frozen"


class NamesChanged(Problem):
    zh = "定义名称所指的单元格与冻结时不同"
    en = "defined names no longer point where they did when it was frozen"


class SheetGone(Problem):
    zh = "冻结时有工作表“{sheet}”，现在没有"
    en = "the sheet '{sheet}' was there when it was frozen and is gone"


class SheetCame(Problem):
    zh = "冻结之后多出工作表“{sheet}”"
    en = "the sheet '{sheet}' came after freezing"


class FormulaCame(Problem):
    zh = "冻结之后出现公式 ={formula}"
    en = "a formula came after freezing: ={formula}"


class CellChanged(Problem):
    zh = "冻结时为 {old}，现在为 {new}"
    en = "it was {old} when frozen and is {new}"


class OtherHash(Problem):
    zh = "校验值是 {found}，不是给出的 {expected}"
    en = "the hash is {found}, not the one given, {expected}"


class NoteTooLong(Problem):
    zh = "{what} 有 {length} 个字符，最多 255 个"
    en = "the {what} has {length} characters; at most 255"


class NotShown(Problem):
    level = "warning"
    zh = "冻结记录没有写进表“{table}”（放不下），只存于文档属性"
    en = "the freeze record did not fit into table '{table}' and is kept in the document properties alone"


@dataclass
class Frozen:
    """A frozen workbook and its record; ``formulas`` is how many became values (0 from :func:`check`)."""

    template: Template
    hash: str
    at: str
    by: str
    note: str
    versions: str
    sheets: dict[str, str]
    formulas: int = 0
    problems: Findings = field(default_factory=Findings)
    path: Path | None = None

    @property
    def intact(self) -> bool:
        """Is everything as it was frozen?"""
        return not self.problems.errors


def freeze(book: Source, output: str | os.PathLike[str] | None = None, *, by: str | None = None, note: str = "",
           as_of: date | None = None) -> Frozen:
    """Fix a workbook's values for good and write down a hash of them.

    Args:
        book: path, bytes or :class:`~xlkpi.Template` (which is itself frozen) of a calculated workbook.
        output: file to write; without it nothing is written and the result's ``template`` has the bytes.
        by: who closes the period (default: the user of this machine).
        note: a remark kept with the record.
        as_of: the day that the workbook was calculated for, if ``TODAY()`` counts in it.

    Raises:
        Refused: when it is frozen already, or when its formulas show other values than they come to now.
    """
    template = book if isinstance(book, Template) else Template.open(book)
    own = template.book
    facts = {"format": FORMAT, "at": datetime.now().astimezone().isoformat(timespec="seconds"),
             "by": _clean(by if by is not None else _user()), "note": _clean(note),
             "versions": f"xlkpi {__version__} · {len(load())} functions · catalogue {metrics.load().version}"}
    known = _record(own)
    if known:
        raise Refused(AlreadyFrozen(Where(file=own.package.file), by=known.get("by") or "?", at=known.get("at", "?")))
    for what in ("by", "note"):
        if len(facts[what]) > LONGEST:
            raise Refused(NoteTooLong(Where(), what=what, length=len(facts[what])))
    if template.stale and own.has_formulas:
        raise Refused(NotCalculated(Where(file=own.package.file)))
    problems = _stale(own, as_of)
    problems.refuse()
    formulas = fix_values(own)
    template.stale = False
    cell = _show(template, facts, problems)
    facts["cell"] = "!".join((cell[0], f"{column_letters(cell[2])}{cell[1]}")) if cell else ""
    sheets = hashes(own, facts["cell"])
    total = _total(facts, sheets)
    record = {PREFIX + key: value for key, value in facts.items()}
    for number, (name, digest) in enumerate(sheets.items(), 1):
        record[f"{PREFIX}sheet.{number}"] = f"{digest} {name}"
    docprops.write(own.package, record | {PREFIX + "hash": total})
    if cell:
        own.set_cells(cell[0], {cell[1:]: total})
    done = Frozen(template, total, facts["at"], facts["by"], facts["note"], facts["versions"], sheets, formulas,
                  problems)
    if output is not None:
        template.save(output)
        done.path = Path(output)
    return done


def check(book: Source, *, original: Source | None = None, expected: str | None = None) -> Frozen:
    """Is a frozen workbook as it was frozen? The result's ``problems`` say what is not.

    Without ``original`` (the frozen file as it was kept elsewhere) the sheets that differ are named, with it
    their first cells. ``expected`` is the hash as it was kept elsewhere.
    """
    template = book if isinstance(book, Template) else Template.open(book)
    own = template.book
    file = own.package.file
    record = _record(own)
    if not record:
        raise Refused(NotFrozen(Where(file=file)))
    problems = Findings()
    stored = {value.partition(" ")[2]: value.partition(" ")[0] for key, value in record.items()
              if key.startswith("sheet.")}
    facts = {key: record.get(key, "") for key in FACTS}
    found = hashes(own, facts["cell"])
    if _total(facts, stored) != record.get("hash"):
        problems.append(RecordDamaged(Where(file=file), what="xlkpi.freeze"))
    place = place_of(own, facts["cell"])
    if place and own.values(place[0]).get(place[1:]) != record.get("hash"):
        problems.append(RecordDamaged(Where(file=file), what=facts["cell"]))
    if expected is not None and expected.strip().lower() != record.get("hash"):
        problems.append(OtherHash(Where(file=file), found=record.get("hash", "?"), expected=expected.strip()))
    formulas = [one for one in own.formulas() if one.text.upper() not in CONSTANTS]
    for one in formulas[:SHOWN]:
        problems.append(FormulaCame(Where(file, one.sheet, f"{column_letters(one.col)}{one.row}"), formula=one.text))
    changed = [name for name in stored if name in found and stored[name] != found[name]]
    for name in changed:
        problems.append(SheetChanged(Where(file=file, sheet=name)) if name != NAMES else NamesChanged(Where(file=file)))
    problems += [SheetGone(Where(file=file), sheet=name) for name in stored if name not in found]
    problems += [SheetCame(Where(file=file), sheet=name) for name in found if name not in stored]
    if original is not None and changed:
        problems += _cells(own, original, changed)
    return Frozen(template, record.get("hash", ""), facts["at"], facts["by"], facts["note"], facts["versions"], found,
                  0, problems)


# ---------------------------------------------------------------- the record


def _total(facts: dict[str, str], sheets: dict[str, str]) -> str:
    lines = [line(key, facts.get(key, "")) for key in FACTS]
    lines += [line("sheet", name, sheets[name]) for name in sorted(sheets)]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _record(book: Book) -> dict[str, str]:
    return {name.removeprefix(PREFIX): value for name, value in docprops.read(book.package).items()
            if name.startswith(PREFIX)}


def _show(template: Template, facts: dict[str, str], problems: Findings) -> tuple[str, int, int] | None:
    """Write the record on the approval or audit sheet; returns the cell that is to show the hash."""
    moment = datetime.fromisoformat(facts["at"]).replace(tzinfo=None)
    file = os.path.basename(template.book.package.file or "") or None
    for name, width in (("freezes", 6), ("audit_files", 7)):
        table = template.book.tables.get(name)
        if table is None or len(table.columns) != width:
            continue
        zh = any("\u4e00" <= letter <= "\u9fff" for column in table.columns for letter in column.name)
        note = " · ".join(filter(None, (facts["by"], facts["at"], facts["versions"], facts["note"])))
        values: list[Any] = (
            [None, to_serial(moment, template.book.date1904), file, None, facts["by"] or None, facts["note"] or None]
            if name == "freezes" else [file, "冻结" if zh else "freeze", None, None, None, None, note])
        row = _free_row(template, table)
        if row is None:
            problems.append(NotShown(Where(file=template.book.package.file), table=name))
            return None
        places = {(row, table.first_col + index): value for index, value in enumerate(values) if value is not None}
        if template.book.check_cells(table.sheet, places).errors:
            problems.append(NotShown(Where(file=template.book.package.file), table=name))
            return None
        template.book.set_cells(table.sheet, places)
        return table.sheet, row, table.first_col + (3 if name == "freezes" else 5)
    return None


def _free_row(template: Template, table: Table) -> int | None:
    """The first empty row of a table, made if need be."""
    rows = template.rows(table.name)
    for number, row in enumerate(rows):
        if all(is_blank(value) for value in row.values()):
            return table.first_row + number
    marker = dict.fromkeys(rows[0])
    found = template.fill({table.name: [*rows, marker]}, on_error="report")
    template.stale = False
    grown = template.book.table(table.name)
    return table.last_row + 1 if not found.errors and grown.last_row == table.last_row + 1 else None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _clean(text: str) -> str:
    """One line of printable characters."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


# ---------------------------------------------------------------- what speaks against freezing


def _stale(book: Book, as_of: date | None) -> Findings:
    """Formulas that show another value than they come to: the workbook was filled and not calculated."""
    found = Findings()
    formulas = book.formulas()
    if not formulas:
        return found
    stored = {sheet.name: book.values(sheet.name) for sheet in book.sheets}
    where = Where(file=book.package.file)
    try:
        fresh: dict[tuple[str, int, int], Any] = dict(calculate_values(book, as_of=as_of, on_error="refuse"))
        unknown: set[tuple[str, int, int]] = set()
    except Refused as refused:
        try:
            fresh = dict(calculate_values(book, as_of=as_of, on_error="report"))
            unknown = {place for place, value in fresh.items() if isinstance(value, CellError) and value.sentence}
        except Refused:
            fresh, unknown = {}, set()
        reason = refused.problems[0]
        found.append(NotVerified(where, count=len(unknown) or len(formulas), reason=reason.line()))
    missing = [one for one in formulas if stored[one.sheet].get((one.row, one.col)) is None
               and fresh.get((one.sheet, one.row, one.col)) != ""]
    if missing:
        first = missing[0]
        found.append(NoStoredValue(Where(book.package.file, first.sheet, f"{column_letters(first.col)}{first.row}"),
                                   count=len(missing)))
        return found
    differing = [(place, value) for place, value in fresh.items() if place not in unknown
                 and not _same(stored[book.sheet(place[0]).name].get(place[1:]), value)]
    for (sheet, row, col), value in differing[:SHOWN]:
        found.append(StaleBook(Where(book.package.file, sheet, f"{column_letters(col)}{row}"), count=len(differing),
                               stored=_said(stored[book.sheet(sheet).name].get((row, col))), fresh=_said(value)))
    return found


def _same(stored: Any, fresh: Any) -> bool:
    if stored in (None, "") and (fresh is None or fresh == ""):
        return True
    if isinstance(stored, CellError) and isinstance(fresh, CellError):
        return stored.code == fresh.code or (stored.code == "#VALUE!" and fresh.code in ("#SPILL!", "#CALC!"))
    if isinstance(stored, bool) or isinstance(fresh, bool):
        return stored is fresh
    if isinstance(stored, (int, float)) and isinstance(fresh, (int, float)):
        return math.isclose(stored, fresh, rel_tol=1e-9, abs_tol=1e-9)
    return type(stored) is type(fresh) and bool(stored == fresh)


def _cells(book: Book, original: Source, sheets: list[str]) -> Findings:
    """The first cells of these sheets that differ from the original's."""
    other = original.book if isinstance(original, Template) else Template.open(original).book
    found = Findings()
    for name in sheets:
        if name not in {sheet.name for sheet in other.sheets}:
            continue
        old, new = other.values(name), book.values(name)
        places = [place for place in sorted({*old, *new})
                  if canonical(old.get(place, "")) != canonical(new.get(place, ""))]
        found += [CellChanged(Where(book.package.file, name, f"{column_letters(col)}{row}"),
                              old=_said(old.get((row, col))), new=_said(new.get((row, col))))
                  for row, col in places[:SHOWN]]
    return found


def _said(value: Any) -> str:
    return "∅" if value is None else repr(value) if isinstance(value, str) else str(value)


__all__ = ["Change", "Diff", "Frozen", "check", "diff", "freeze", "hashes", "listing"]
