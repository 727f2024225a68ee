"""Whose a row is: a source told apart by its owner column, names of persons, and names of files.

A person's part of a file is the file with all other rows blanked, so that every finding still stands at
the row where the user will look for it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from xlkpi import platforms
from xlkpi.cells import as_text, is_blank, read_number
from xlkpi.errors import Findings, Problem, Where, did_you_mean
from xlkpi.platforms import Import, Source
from xlkpi.platforms.files import Grid, RawFile
from xlkpi.platforms.layout import plain
from xlkpi.platforms.problems import LeftOverColumns
from xlkpi.platforms.sources import open_source

HEADER_SEARCHED = 20
REPORTED = 20
OWNER = ("owner", "负责人", "运营负责人", "运营", "责任人", "归属人", "operator", "person", "姓名", "员工", "员工姓名")
PEOPLE: dict[str, tuple[str, ...]] = {
    "person": ("姓名", "员工", "员工姓名", "负责人", "person", "name", "employee", "owner"),
    "department": ("部门", "所在部门", "department"), "position": ("职位", "员工职位", "岗位", "position"),
    "manager": ("直接上级", "上级", "manager"), "headcount": ("岗位编制", "编制", "staff category", "headcount"),
    "account": ("账号", "account"), "base": ("奖金基数", "绩效奖金基数", "绩效基数", "base bonus", "base"),
}
SEVERAL = re.compile(r"[、,，;；/&＆|\n]|\s+and\s+")
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
LONGEST = 80  # bytes of a file name are few on some systems: a Chinese letter takes three


class NoOwnerColumn(Problem):
    zh = "作品数据没有“{by}”列，分不到个人{hint}；现有列：{columns}"
    en = "the works have no column '{by}' and cannot be told apart by person{hint}; columns: {columns}"


class RowsWithoutOwner(Problem):
    level = "warning"
    zh = "{count} 行没有填“{by}”，未计入任何人：第 {rows} 行"
    en = "{count} rows have nobody in '{by}' and count for no one: rows {rows}"


class SeveralOwners(Problem):
    zh = "“{value}”写了不止一人；请拆成每人一行，或只写一人"
    en = "'{value}' names more than one person; make a row for each, or name one"


class NamesAlike(Problem):
    level = "warning"
    zh = "“{one}”和“{two}”只差空格或大小写，按两个人处理；若是同一人请统一写法"
    en = "'{one}' and '{two}' differ only in blanks or case and are taken for two persons; write one person alike"


class NoNamesColumn(Problem):
    zh = "人员名单没有“姓名”列；现有列：{columns}"
    en = "the people have no column 'Person'; columns: {columns}"


class PersonTwice(Problem):
    zh = "人员名单中“{person}”出现不止一次"
    en = "'{person}' is among the people more than once"


class BaseNotANumber(Problem):
    zh = "“{person}”的奖金基数“{value}”不是不小于 0 的数"
    en = "the base bonus '{value}' of '{person}' is not a number of 0 or more"


@dataclass
class Owned:
    """A source, and which rows of its grids are whose. Without owners it is nobody's, or everybody's."""

    label: str
    raw: RawFile
    owners: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # name → (grid, row)
    heads: dict[int, int] = field(default_factory=dict)  # grid → header row
    table: str | None = None
    heading: str = ""
    failed: bool = False
    skipped: tuple[tuple[int, str], ...] = ()

    @property
    def origin(self) -> Source:
        """For the audit sheet: rows of data in the file, and those that are nobody's."""
        rows = sum(map(len, self.owners.values())) + len(self.skipped)
        if not self.owners:
            rows = sum(source.rows_read for item in self.all() for source in item.sources)
        return Source(self.label, self.raw.sha256, rows_read=rows, rows_skipped=self.skipped)

    def all(self) -> list[Import]:
        return platforms.read_all(self.raw, self.table)

    def of(self, name: str) -> list[Import]:
        """The imports of one person's rows."""
        mine = self.owners.get(name, [])
        if not mine:
            return []
        grids = []
        for place, grid in enumerate(self.raw.grids):
            if place not in self.heads:
                continue
            own = {row for at, row in mine if at == place}
            if own:
                rows = [row if number <= self.heads[place] or number in own else []
                        for number, row in enumerate(grid.rows[:max(own) + 1])]
                grids.append(replace(grid, rows=rows))
        imports = platforms.read_all(replace(self.raw, grids=grids, problems=Findings()), self.table)
        first = 0 if self.raw.kind in ("frame", "json") else 1
        shown = {row + first for _, row in mine}
        for item in imports:
            item.sources = tuple(_only(source, shown) for source in item.sources)
            item.problems = Findings(problem for problem in item.problems if not (
                isinstance(problem, LeftOverColumns) and plain(problem.facts["names"]) == plain(self.heading)))
        return imports


def _only(source: Source, rows: set[int]) -> Source:
    """The source as if the file held these rows alone."""
    skipped = tuple(one for one in source.rows_skipped if one[0] in rows)
    return replace(source, rows_read=source.rows_read - len(source.rows_skipped) + len(skipped), rows_skipped=skipped)


def owned(source: Any, by: str, findings: Findings, table: str | None = None) -> Owned:
    """A source read as raw cells, and its rows by owner; what is wrong with the owners goes to ``findings``."""
    raw = open_source(source if not hasattr(source, "__fspath__") else source.__fspath__())
    found = Owned(raw.file or "data", raw, table=table)
    if raw.problems:
        findings += raw.problems
        found.failed = bool(raw.problems.errors)
        return found
    several, without = [], []
    first = 0 if raw.kind in ("frame", "json") else 1
    heading = by
    for place, grid in enumerate(raw.grids):
        at = _column(grid, by)
        if at is None:
            continue
        header, column = at
        heading = str(grid.rows[header][column])
        found.heads[place], found.heading = header, heading
        for number, row in enumerate(grid.rows[header + 1:], header + 1):
            if all(map(is_blank, row)):
                continue
            name = tidy(row[column]) if column < len(row) else ""
            if not name:
                without.append(number + first)
            elif SEVERAL.search(name):
                several.append((Where(file=found.label, sheet=grid.sheet, row=number + first, column=heading), name))
            else:
                found.owners.setdefault(name, []).append((place, number))
    for where, name in several:
        findings.append(SeveralOwners(where, value=name))
    found.failed = found.failed or bool(several)
    if without:
        listed = ", ".join(map(str, without[:REPORTED])) + (" …" if len(without) > REPORTED else "")
        findings.append(RowsWithoutOwner(Where(file=found.label, column=heading), by=heading, count=len(without),
                                         rows=listed))
        found.skipped = tuple((row, f"{heading}: -") for row in without)
    alike: dict[str, str] = {}
    for name in found.owners:
        other = alike.setdefault(key_of_name(name), name)
        if other != name:
            findings.append(NamesAlike(Where(file=found.label), one=other, two=name))
    if not found.owners and not found.failed and table is None:
        _tell_missing(found, by, findings)
    return found


def _tell_missing(found: Owned, by: str, findings: Findings) -> None:
    """A works list without owners is an error: it is what the scorecards are made of."""
    for item in platforms.read_all(found.raw):
        if item.table == "works":
            heads = [heading for source in item.sources for heading in (*source.columns, *source.left_over)]
            findings.append(NoOwnerColumn(Where(file=found.label), by=by, hint=did_you_mean(by, heads),
                                          columns="、".join(heads[:20])))
            found.failed = True


def _column(grid: Grid, by: str) -> tuple[int, int] | None:
    """Row and column of the owner heading: as written, else any usual word where ``by`` is one of them."""
    words = [plain(by)]
    if plain(by) in map(plain, OWNER):
        words += map(plain, OWNER)
    for word in words:
        for number, row in enumerate(grid.rows[:HEADER_SEARCHED]):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and plain(cell) == word:
                    return number, column
    return None


def people_of(source: Any, findings: Findings) -> dict[str, dict[str, Any]]:
    """What is known of each person, under the key of the name."""
    raw = open_source(source if not hasattr(source, "__fspath__") else source.__fspath__())
    findings += raw.problems
    for grid in raw.grids:
        for number, row in enumerate(grid.rows[:HEADER_SEARCHED]):
            words = [plain(cell) for cell in row]
            places = {code: next((words.index(plain(name)) for name in names if plain(name) in words), None)
                      for code, names in PEOPLE.items()}
            if places["person"] is not None:
                return _people(grid, number, places, raw, findings)
    if not raw.problems.errors:
        heads = "、".join(str(cell) for cell in raw.grids[0].rows[0] if not is_blank(cell)) if raw.grids and \
            raw.grids[0].rows else "?"
        findings.append(NoNamesColumn(Where(file=raw.file), columns=heads))
    return {}


def _people(grid: Grid, header: int, places: dict[str, int | None], raw: RawFile,
            findings: Findings) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(grid.rows[header + 1:], header + 2):
        facts = {code: None if place is None or place >= len(row) or is_blank(row[place]) else row[place]
                 for code, place in places.items()}
        if facts["person"] is None:
            continue
        facts["person"] = name = tidy(facts["person"])
        where = Where(file=raw.file, sheet=grid.sheet, row=number)
        if key_of_name(name) in known:
            findings.append(PersonTwice(where, person=name))
        base = facts["base"]
        amount = read_number(base) if isinstance(base, str) else base
        if base is not None and (isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount < 0):
            findings.append(BaseNotANumber(where, person=name, value=base))
            amount = None
        facts["base"] = amount
        known[key_of_name(name)] = {code: value if code == "base" or value is None else tidy(value)
                                    for code, value in facts.items()}
    return known


def tidy(value: Any) -> str:
    """A name as it is shown: full width folded, blanks at the edges gone, one blank within."""
    return "" if is_blank(value) else " ".join(unicodedata.normalize("NFKC", str(as_text(value))).split())


def key_of_name(name: str) -> str:
    return "".join(name.split()).casefold()


def safe_name(name: str, taken: set[str]) -> str:
    """A file name for a person on any system, unlike all those taken (which it joins)."""
    safe = FORBIDDEN.sub("_", name).strip(" .") or "_"
    while len(safe.encode()) > LONGEST:
        safe = safe[:-1]
    if safe.partition(".")[0].casefold() in RESERVED:
        safe = f"_{safe}"
    number, unique = 1, safe
    while f"{unique}.xlsx".casefold() in taken:
        number += 1
        unique = f"{safe} ({number})"
    taken.add(f"{unique}.xlsx".casefold())
    return unique
