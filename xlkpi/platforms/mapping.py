"""A declared mapping: which heading of a file of no known platform is which column.

``plays=播放数`` reads the column 播放数 as plays; ``click_rate%=点击率`` says that its cells are
percentage points without a sign. A mapping is kept as a small JSON file, to be used again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlkpi import metrics
from xlkpi.errors import Findings, Problem, Refused, Where, did_you_mean, reason_of
from xlkpi.platforms.layout import Column, Layout, plain, with_points

SUFFIX = ".map.json"


class BadMapping(Problem):
    zh = "映射应写成 列代码=表头，如 plays=播放数，得到的是 {text!r}"
    en = "a mapping must be CODE=HEADING such as plays=播放数, not {text!r}"


class UnknownCode(Problem):
    zh = "没有名为 {code!r} 的列{hint}"
    en = "there is no column called {code!r}{hint}"


class HeadingMappedTwice(Problem):
    zh = "表头“{heading}”被映射给了两列：{codes}"
    en = "the heading '{heading}' is mapped to two columns: {codes}"


class NotAMapping(Problem):
    zh = "这不是映射文件：{reason}"
    en = "this is not a mapping file: {reason}"


class NotWritten(Problem):
    zh = "映射文件写不进去：{reason}"
    en = "the mapping file cannot be written: {reason}"


class HeadingNotFound(Problem):
    zh = "映射中的表头“{heading}”在数据里没有{hint}"
    en = "the data have no heading '{heading}' that the mapping names{hint}"


@dataclass(frozen=True)
class Declared:
    """Column code → heading, checked against the catalogue. ``points`` are codes in percentage points."""

    columns: dict[str, str]
    points: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.columns)

    @property
    def headings(self) -> dict[str, str]:
        """Plain heading → code."""
        return {plain(heading): code for code, heading in self.columns.items()}

    def column(self, heading: object, *layouts: Layout | None) -> Column | None:
        """The declared column of a heading, typed as the first of the layouts that knows its code says."""
        code = self.headings.get(plain(heading))
        for layout in layouts:
            for column in layout.columns if code and layout else ():
                if column.code == code:
                    mapped = replace(column, names=(self.columns[code], *column.names))
                    return with_points(mapped) if code in self.points else mapped
        return None

    def applied(self, layout: Layout) -> Layout:
        """The layout with the declared headings for its columns."""
        columns = tuple(self.column(self.columns[column.code], layout) or column if column.code in self.columns
                        else replace(column, names=tuple(name for name in column.names
                                                         if plain(name) not in self.headings) or (column.code,))
                        for column in layout.columns)
        return replace(layout, columns=columns)

    def columns_given(self) -> dict[str, str]:
        """The mapping as it is written: a code ends in ``%`` where its cells are percentage points."""
        return {code + "%" * (code in self.points): heading for code, heading in self.columns.items()}


def declared(given: Mapping[str, str] | Declared | None, file: str | None = None) -> Declared:
    """A mapping checked: codes may be given by any name the catalogue knows (``播放量`` is ``plays``)."""
    if isinstance(given, Declared):
        return given
    findings = Findings()
    columns: dict[str, str] = {}
    points: set[str] = set()
    where = Where(file=file)
    for name, heading in (given or {}).items():
        column = metrics.find_column(name.removesuffix("%"))
        code = column.code if column else name.removesuffix("%")
        if column is None and code not in _goals():
            findings.append(UnknownCode(where, code=name, hint=did_you_mean(name, metrics.load().columns)))
        columns[code] = heading
        if name.endswith("%"):
            points.add(code)
    for heading in set(columns.values()):
        codes = [code for code, other in columns.items() if plain(other) == plain(heading)]
        if len(codes) > 1:
            findings.append(HeadingMappedTwice(where, heading=heading, codes=", ".join(codes)))
    findings.refuse()
    return Declared(columns, frozenset(points))


def _goals() -> set[str]:
    from xlkpi.platforms.generic import GOALS

    return {column.code for column in GOALS.columns}


def parse(texts: Iterable[str]) -> Declared:
    """Mappings as they are typed: ``plays=播放数``. Refused with every one that is wrong."""
    findings = Findings()
    given: dict[str, str] = {}
    for text in texts:
        code, mark, heading = text.partition("=")
        if not (mark and code.strip() and heading.strip()):
            findings.append(BadMapping(text=text))
        else:
            given[code.strip()] = heading.strip()
    findings.refuse()
    return declared(given)


def save(mapping: Declared, path: str | Path) -> None:
    """Write a mapping file for people to read and :func:`load` to take up again."""
    content = json.dumps({"xlkpi_mapping": 1, "columns": mapping.columns_given()}, ensure_ascii=False, indent=1)
    try:
        Path(path).write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(NotWritten(Where(file=str(path)), reason=reason_of(error))) from None


def load(path: str | Path) -> Declared:
    """A mapping file as :meth:`Declared.save` writes it."""
    where = Where(file=Path(path).name)
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        columns = content["columns"]
        if not all(isinstance(heading, str) for heading in columns.values()):
            raise TypeError("columns")
    except OSError as error:
        raise Refused(NotAMapping(where, reason=reason_of(error))) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(NotAMapping(where, reason=str(error)[:80])) from None
    return declared(columns, where.file)


def beside(path: Path) -> Path | None:
    """The mapping file that was saved beside a data file, if there is one."""
    file = path.with_name(path.name + SUFFIX)
    return file if file.is_file() else None
