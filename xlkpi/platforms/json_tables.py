"""JSON answers of platform interfaces: every list of records as a grid, field names for a header.

What stands in an object inside a record counts as the record's own fields. A list of records inside
a record is a grid of its own whose rows carry what names the record they stand in (dates, ids, titles),
never its figures: those would count once for each row. An answer
that is a refusal (``errcode``) is a problem, and one that calls itself incomplete is a warning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from xlkpi.errors import Findings, Level, Problem, Where
from xlkpi.platforms.files import Grid
from xlkpi.platforms.problems import DamagedFile, NotATable, TooLarge
from xlkpi.platforms.text import Unreadable

DEPTH = 24
MOST_CELLS = 20_000_000
_CODES = ("errcode", "error_code", "err_no", "code")
_NAMING = re.compile(r"(?:id|type|date|hour|title|url|name)$", re.IGNORECASE)
_PAGING = ("total", "totalcount", "totalnum", "count", "cursor", "offset", "page", "pagesize", "limit", "hasmore")
_WORDS = ("errmsg", "description", "err_msg", "message")


class RefusedAnswer(Problem):
    zh = "这是接口的报错（{code}：{reason}），没有数据。请检查权限和日期范围后重新获取"
    en = "the interface answered with an error ({code}: {reason}); there are no data. check access and dates, ask again"


class DelayedAnswer(Problem):
    level: ClassVar[Level] = "warning"
    zh = "平台注明这份数据尚未汇总完（is_delay），数字仍会变化。请稍后重新获取"
    en = "the platform says that these data are not complete yet (is_delay); ask again later"


class FiguresBeside(Problem):
    level: ClassVar[Level] = "note"
    zh = "回答里还有不在任何列表中的数，未读取：{figures}"
    en = "the answer also holds figures that stand in no list and were not read: {figures}"


@dataclass
class _Table:
    """Records as they are found, and whether other tables stand inside them."""

    records: list[dict[str, Any]] = field(default_factory=list)
    parent: bool = False


def grids(text: str, where: Where, warnings: Findings) -> list[Grid]:
    """One grid a list of records, named by its path."""
    tables: dict[str, _Table] = {}
    for answer in _answers(text, where):
        _check(answer, where, warnings)
        _walk(answer, "", {}, tables, 0, where)
        figures = [f"{name} = {value}" for name, value in _beside(answer)]
        if figures:
            warnings.append(FiguresBeside(where, figures=", ".join(figures)))
    if not tables:
        for answer in _answers(text, where):
            _lone(answer, tables, where)
    made = []
    size = 0
    for path, table in tables.items():
        names = list(dict.fromkeys(name for record in table.records for name in record))
        size += len(names) * len(table.records)
        if size > MOST_CELLS:
            raise Unreadable(TooLarge(where, found=f"{size} cells", limit=f"{MOST_CELLS} cells"))
        rows: list[list[Any]] = [[*names], *([record.get(name) for name in names] for record in table.records)]
        made.append(Grid(rows, path or None, outer=table.parent, addressed=False))
    if not made:
        raise Unreadable(NotATable(where, what="JSON"))
    return made


def _answers(text: str, where: Where) -> list[Any]:
    """The value of the text, or of each of its lines where every line is a value."""
    try:
        return [_loads(text)]
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            try:
                return [_loads(line) for line in lines]
            except (ValueError, RecursionError) as other:
                error = other
        raise Unreadable(DamagedFile(where, reason=f"JSON: {str(error)[:100]}")) from None


def _loads(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        name = next(name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1)
        raise ValueError(f"{name!r} stands twice in one object")
    return record


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _check(node: Any, where: Where, warnings: Findings) -> None:
    """Refusals and delays anywhere in the answer's frame (not inside records: they have codes of their own)."""
    if isinstance(node, list):
        for item in node:
            if isinstance(item, dict) and any(isinstance(value, (list, dict)) for value in item.values()):
                _check(item, where, warnings)
        return
    if not isinstance(node, dict):
        return
    for name in _CODES:
        code = node.get(name)
        if isinstance(code, (int, str)) and not isinstance(code, bool) and str(code).strip() not in ("0", ""):
            reason = next((str(node[word]) for word in _WORDS if node.get(word)), "?")
            raise Unreadable(RefusedAnswer(where, code=str(code)[:20], reason=reason[:200]))
    if node.get("is_delay") in (True, 1) and not any(isinstance(found, DelayedAnswer) for found in warnings):
        warnings.append(DelayedAnswer(where))
    for value in node.values():
        if isinstance(value, dict):
            _check(value, where, warnings)


def _walk(node: Any, path: str, around: dict[str, Any], tables: dict[str, _Table], depth: int, where: Where) -> None:
    """``around``: what names the records that a list stands in."""
    if depth > DEPTH:
        raise Unreadable(DamagedFile(where, reason="JSON: nested too deep"))
    if isinstance(node, dict):
        for name, value in node.items():
            _walk(value, f"{path}.{name}".lstrip("."), around, tables, depth + 1, where)
    elif _is_records(node):
        table = tables.setdefault(path, _Table())
        for record in node:
            fields, inner = _flat(record)
            named = {name: value for name, value in around.items() if name not in fields}
            table.records.append(named | fields)
            named |= {name: value for name, value in fields.items() if _NAMING.search(name)}
            for name, value in inner:
                table.parent = True
                _walk(value, f"{path}.{name}".lstrip("."), named, tables, depth + 1, where)


def _beside(node: Any) -> Iterator[tuple[str, float]]:
    """Figures that stand beside a list of records, those that only turn its pages left out."""
    if isinstance(node, dict):
        if any(map(_is_records, node.values())):
            for name, value in node.items():
                silent = name in _CODES or name.replace("_", "").lower() in _PAGING
                if isinstance(value, (int, float)) and not isinstance(value, bool) and not silent:
                    yield name, value
        for value in node.values():
            yield from _beside(value)


def _is_records(node: Any) -> bool:
    return isinstance(node, list) and bool(node) and all(isinstance(item, dict) for item in node)


def _flat(record: dict[str, Any], depth: int = 0) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """A record's own fields, those of objects in it too, and the lists of records in it."""
    fields: dict[str, Any] = {}
    inner: list[tuple[str, Any]] = []
    for name, value in record.items():
        if isinstance(value, dict) and depth < DEPTH:
            own, lists = _flat(value, depth + 1)
            for key, cell in own.items():
                fields[key if key not in fields and key not in record else f"{name}.{key}"] = cell
            inner += lists
        elif _is_records(value):
            inner.append((name, value))
        elif isinstance(value, (list, dict)):
            fields[name] = json.dumps(value, ensure_ascii=False) if value else None
        else:
            fields[name] = value
    return fields, inner


def _lone(node: Any, tables: dict[str, _Table], where: Where) -> None:
    """An answer without a list: the object that holds its figures is the one record."""
    holder = node
    for _ in range(DEPTH):
        inner = [value for value in holder.values() if isinstance(value, dict)] if isinstance(holder, dict) else []
        if len(inner) != 1:
            break
        holder = inner[0]
    if isinstance(holder, dict):
        fields, _ = _flat(holder)
        if len(fields) > 1 and not any(isinstance(value, (list, dict)) for value in holder.values()):
            tables.setdefault("", _Table()).records.append(fields)
