"""What changed between two versions of a workbook: totals and grades first, then tables row by row, then cells.

Tables are compared by what their rows are about (a work by title and time of publication, a day by its
date, a goal by its metric), so that a row that came in between does not make all below it look changed.
What stands outside tables is compared cell by cell at its address.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from xlkpi.cells import is_blank
from xlkpi.errors import CellError, Findings, Problem, Where
from xlkpi.metrics.catalogue import key_of
from xlkpi.workbook.fill import Template
from xlkpi.workbook.refs import column_letters, parse_ref
from xlkpi.workbook.table import Table

Source: TypeAlias = "str | os.PathLike[str] | bytes | Template"
Kind = Literal["added", "removed", "changed"]
RESULTS = ("total_score", "grade", "coefficient", "coverage", "weight_check")
# Columns that say what a row is about, most telling first; each by the words templates and exports use for it.
WORDS: tuple[tuple[str, ...], ...] = (
    ("人员", "姓名", "person", "name", "员工"), ("评分人", "rater"), ("期次", "period", "月份", "month"),
    ("作品id", "item_id", "work id", "msgid"), ("作品名称", "title", "内容标题", "标题"),
    ("发布时间", "发表时间", "published at", "published_at", "publish time"), ("日期", "时间", "date", "day"),
    ("渠道", "channel"), ("权重方案", "weight profile", "profile"), ("岗位", "role"),
    ("类别", "category"), ("维度", "考核维度", "所属维度", "dimension"), ("指标", "metric", "评分项", "item"),
    ("目标", "goal"), ("环节", "step"), ("参数", "parameter"), ("规则", "rule"))
TITLES, MOMENTS = WORDS[4], WORDS[5]  # a title comes back: a work is known by its time of publication as well
ANSWERS = frozenset(map(key_of, (
    "总分", "total", "total score", "等级", "grade", "绩效系数", "coefficient", "自然等级", "强制等级", "natural grade",
    "forced grade")))


class NotCompared(Problem):
    level = "warning"
    zh = "{count} 个公式没有计算结果，比较时视为空；请先用 xlkpi calc 计算"
    en = "{count} formulas have no stored result and count as empty; calculate the workbook with xlkpi calc first"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not the same. ``key`` tells the row of a table, ``cell`` the place of a single cell."""

    kind: Kind
    sheet: str
    old: Any = None
    new: Any = None
    table: str | None = None
    key: tuple[Any, ...] = ()
    column: str | None = None
    cell: str | None = None
    name: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: what is empty is left out, except the two values."""
        found = {key: value for key, value in asdict(self).items() if value or key in ("old", "new")}
        found["old"], found["new"] = _plain(self.old), _plain(self.new)
        if self.key:
            found["key"] = [_plain(part) for part in self.key]
        return found


@dataclass
class Diff:
    """Everything that differs. ``results`` repeats the totals and grades among ``changes``."""

    results: list[Change] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: Findings = field(default_factory=Findings)

    @property
    def same(self) -> bool:
        return not self.changes

    def counts(self) -> dict[str, Counter[str]]:
        """Per sheet or table, how many cells (rows of tables, sheets) were added, removed and changed."""
        found: dict[str, Counter[str]] = {}
        for change in self.changes:
            found.setdefault(change.table or change.sheet, Counter())[change.kind] += 1
        return found

    def as_dict(self) -> dict[str, Any]:
        return {"same": self.same, "results": [change.as_dict() for change in self.results],
                "counts": {place: dict(count) for place, count in self.counts().items()},
                "keys": {table: list(columns) for table, columns in self.keys.items()},
                "changes": [change.as_dict() for change in self.changes]}


def diff(old: Source, new: Source) -> Diff:
    """Compare the values two workbooks show; formulas and looks do not count."""
    one, two = (book if isinstance(book, Template) else Template.open(book) for book in (old, new))
    found = Diff()
    for template in (one, two):
        empty = _uncalculated(template)
        if empty:
            found.problems.append(NotCompared(Where(file=template.book.package.file), count=empty))
    found.results += _results(one, two)
    tables = [(one.book.tables[name], two.book.tables[name]) for name in one.book.tables if name in two.book.tables]
    for before, after in tables:
        keys = _keys(before, after, one, two)
        found.keys[after.name] = keys
        changes = _table(one, two, before, after, keys)
        found.changes += changes
        found.results += [change for change in changes
                          if change.column is not None and key_of(change.column) in ANSWERS]
    for name in one.book.tables:
        if name not in two.book.tables:
            found.changes.append(Change("removed", one.book.tables[name].sheet, table=name))
    for name in two.book.tables:
        if name not in one.book.tables:
            found.changes.append(Change("added", two.book.tables[name].sheet, table=name))
    inside = ([before for before, _ in tables], [after for _, after in tables])
    for name in [*one.sheets, *(sheet for sheet in two.sheets if sheet not in one.sheets)]:
        if name not in two.sheets or name not in one.sheets:
            found.changes.append(Change("removed" if name in one.sheets else "added", name))
        else:
            found.changes += _cells(one, two, name, inside)
    return found


# ---------------------------------------------------------------- totals and grades


def _results(one: Template, two: Template) -> list[Change]:
    found = []
    places = (_named(one), _named(two))
    for name in RESULTS:
        old, new = ((template.value(name) if name in place else None, place.get(name))
                    for template, place in zip((one, two), places, strict=True))
        place = new[1] or old[1]
        if place and not _same(old[0], new[0]):
            found.append(Change(_kind(old[0], new[0]), place[0], old[0], new[0], cell=place[1], name=name))
    return found


def _named(template: Template) -> dict[str, tuple[str, str]]:
    """Sheet and cell of the results that this workbook names."""
    found = {}
    for name in template.book.defined_names:
        ref = parse_ref(name.text) if name.name in RESULTS and name.sheet is None else None
        if ref is not None and ref.sheet and not ref.area.colon:
            found[name.name] = (ref.sheet, f"{column_letters(ref.area.first_col)}{ref.area.first_row}")
    return found


# ---------------------------------------------------------------- tables


def _keys(before: Table, after: Table, one: Template, two: Template) -> tuple[str, ...]:
    """The columns that tell the rows apart: those of :data:`WORDS` first, added until no row of either repeats."""
    shared = [column.name for column in after.columns if column.name in {own.name for own in before.columns}]
    known = [name for words in WORDS for name in _called(shared, words)]
    bodies = [[row for row in template.rows(table.name) if not _bare(row)]
              for template, table in ((one, before), (two, after))]
    titles, moments = _called(shared, TITLES), _called(shared, MOMENTS)
    chosen = [titles[0], moments[0]] if titles and moments else []
    left = [name for name in known if name not in chosen]

    def repeats(columns: list[str]) -> int:
        return sum(_repeats(body, columns) for body in bodies)

    while left and (not chosen or repeats(chosen)):
        best = min(left, key=lambda name: repeats([*chosen, name]))
        if chosen and repeats([*chosen, best]) >= repeats(chosen):
            break
        chosen.append(best)
        left.remove(best)
    if chosen:
        return tuple(name for name in shared if name in chosen)
    for name in shared:  # any column of different texts or days
        values = [row[name] for body in bodies for row in body]
        if values and all(isinstance(value, (str, datetime)) and value != "" for value in values) and not repeats(
                [name]):
            return (name,)
    return ()


def _repeats(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> int:
    """Rows that say nothing new in these columns."""
    return len(rows) - len({_key(row, columns) for row in rows if not all(is_blank(row[name]) for name in columns)})


def _key(row: dict[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(None if is_blank(row[name]) else _hashable(row[name]) for name in columns)


def _called(names: list[str], words: tuple[str, ...]) -> list[str]:
    """Those of the names that are one of the words."""
    return [name for name in names if key_of(name) in {key_of(word) for word in words}]


def _bare(row: dict[str, Any]) -> bool:
    """Nothing but blanks and zeros: a row that waits for data."""
    return all(is_blank(value) or (value == 0 and not isinstance(value, bool)) for value in row.values())


def _table(one: Template, two: Template, before: Table, after: Table, keys: tuple[str, ...]) -> list[Change]:
    """The differences of two versions of a table; rows that share a key are paired in their order."""
    olds, news = _keyed(one.rows(before.name), keys, before), _keyed(two.rows(after.name), keys, after)
    names = ([column.name for column in before.columns], [column.name for column in after.columns])
    found = [Change("removed", before.sheet, table=after.name, column=name)
             for name in names[0] if name not in names[1]]
    found += [Change("added", after.sheet, table=after.name, column=name) for name in names[1] if name not in names[0]]
    for key in [*olds, *(key for key in news if key not in olds)]:
        label = key[0] if keys else (key[1] + 1,)
        if key not in news or key not in olds:
            number, row = olds[key] if key in olds else news[key]
            if _bare(row):
                continue
            said = {name: value for name, value in row.items() if not is_blank(value)}
            table = before if key in olds else after
            sides: dict[str, Any] = {"old": said} if key in olds else {"new": said}
            found.append(Change("removed" if key in olds else "added", table.sheet, table=after.name, key=label,
                                cell=f"{column_letters(table.first_col)}{number}", **sides))
            continue
        number, row = news[key]
        old = olds[key][1]
        for index, name in enumerate(names[1]):
            if name in old and not _same(old[name], row[name]):
                found.append(Change(_kind(old[name], row[name]), after.sheet, old[name], row[name], after.name, label,
                                    name, f"{column_letters(after.first_col + index)}{number}"))
    return found


def _keyed(rows: Iterable[dict[str, Any]], keys: tuple[str, ...],
           table: Table) -> dict[tuple[tuple[Any, ...], int], tuple[int, dict[str, Any]]]:
    """Rows by key and by how often the key came before, each with its row number."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for number, row in enumerate(rows, table.first_row):
        key = _key(row, keys)
        found[key, seen[key]] = (number, row)
        seen[key] += 1
    return found


# ---------------------------------------------------------------- cells outside tables


def _cells(one: Template, two: Template, sheet: str, inside: tuple[list[Table], list[Table]]) -> list[Change]:
    olds, news = _outside(one, sheet, inside[0]), _outside(two, sheet, inside[1])
    found = []
    for row, col in sorted({*olds, *news}):
        old, new = olds.get((row, col)), news.get((row, col))
        if not _same(old, new):
            found.append(Change(_kind(old, new), sheet, old, new, cell=f"{column_letters(col)}{row}"))
    return found


def _outside(template: Template, sheet: str, tables: list[Table]) -> dict[tuple[int, int], Any]:
    """What a sheet shows outside the bodies of the tables that were compared as tables."""
    bodies = [(one.first_row, one.last_row, one.first_col, one.last_col) for one in tables if one.sheet == sheet]
    return {(row, col): template._shown(cell.value, cell.style)
            for (row, col), cell in template.book.cells(sheet).items()
            if not any(top <= row <= bottom and left <= col <= right for top, bottom, left, right in bodies)}


# ---------------------------------------------------------------- values


def _uncalculated(template: Template) -> int:
    formulas = template.book.formulas()
    stored = {name: template.book.values(name) for name in {one.sheet for one in formulas}}
    return sum((one.row, one.col) not in stored[one.sheet] for one in formulas)


def _kind(old: Any, new: Any) -> Kind:
    return "added" if is_blank(old) else "removed" if is_blank(new) else "changed"


def _same(old: Any, new: Any) -> bool:
    if is_blank(old) and is_blank(new):
        return True
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        return math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-12)
    return type(old) is type(new) and bool(old == new)


def _hashable(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(own) for key, own in value.items()}
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.code if isinstance(value, CellError) else value

