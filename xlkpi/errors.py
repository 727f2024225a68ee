"""Outcomes that are not a value: one class each, with a sentence in Chinese and in English.

Two kinds share one shape (class, ``zh`` and ``en`` templates, named facts):

* :class:`KpiError` is raised by a KPI function and becomes an error value in the cell (``code``);
* :class:`Problem` is something found in a file: it is collected, located (:class:`Where`) and
  reported together with all the others by :class:`Refused`.

Subclasses stand beside the code that finds them; the templates are the only place where their
words are written. A template names its facts in braces: ``"表 {table} 不存在"``.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from xlkpi import language

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value (``#N/A``, ``#DIV/0!`` …) with the sentence that explains it."""

    code: str
    sentence: str = ""

    def __str__(self) -> str:
        return self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellError) and other.code == self.code

    def __hash__(self) -> int:
        return hash(self.code)


# the error values of Excel, each with its number in VBA (CVErr) and COM
ERROR_NUMBERS: dict[str, int] = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048, "#FIELD!": 2049,
    "#CALC!": 2050,
}
ERROR_CODES: tuple[str, ...] = tuple(ERROR_NUMBERS)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"，是不是“播放量”？"`` for the nearest known word, or nothing at all."""
    from difflib import get_close_matches  # only a mistake needs it

    names = {str(name).casefold(): str(name) for name in known}
    near = get_close_matches(str(word).casefold(), names, n=1, cutoff=0.5)
    if not near:
        return ""
    name = names[near[0]]
    return f"，是不是“{name}”？" if language.current() == "zh" else f"; did you mean '{name}'?"


# what the system says, in the words of a user: (zh, en) by the name of the error number
_SYSTEM: dict[str, tuple[str, str]] = {
    "ENOENT": ("文件或文件夹不存在", "there is no such file or folder"),
    "EACCES": ("没有权限，或文件正被其他程序（如 Excel）打开",
               "no permission, or another program such as Excel has it open"),
    "EPERM": ("没有权限", "no permission"), "EEXIST": ("已存在", "it exists already"),
    "EISDIR": ("这是文件夹，不是文件", "it is a folder, not a file"),
    "ENOTDIR": ("路径中有一段不是文件夹", "a part of the path is no folder"),
    "ENOSPC": ("磁盘已满", "the disk is full"), "EROFS": ("磁盘只读", "the disk is read-only"),
    "EBUSY": ("文件正被其他程序使用", "another program is using the file"),
    "ETXTBSY": ("文件正被其他程序使用", "another program is using the file"),
    "ENAMETOOLONG": ("文件名太长", "the file name is too long"),
}
_SHARING = 32  # Windows: another program has the file open


def reason_of(error: Exception) -> str:
    """Why the system refused, in the current language; its own words where we have none."""
    number = getattr(error, "errno", None)
    name = "EBUSY" if getattr(error, "winerror", None) == _SHARING else errno.errorcode.get(number or 0, "")
    if name in _SYSTEM:
        return _SYSTEM[name][0 if language.current() == "zh" else 1]
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class _Sentences:
    """Templates and the facts that fill them."""

    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    facts: dict[str, Any]

    def sentence(self, lang: str | None = None) -> str:
        """What happened and what to do, in ``lang`` (default: the current language)."""
        template = self.zh if (lang or language.current()) == "zh" else self.en
        return template.format(**self.facts)


class KpiError(_Sentences, Exception):
    """A KPI function has no value for these arguments. ``code`` is what the cell shows."""

    code: ClassVar[str] = "#VALUE!"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__()

    def __str__(self) -> str:
        return self.sentence()

    def as_cell(self) -> CellError:
        return CellError(self.code, self.sentence())


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file. Every part is optional; ``row`` counts from 1 as Excel shows it."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    table: str | None = None
    column: str | None = None
    row: int | None = None

    def text(self, lang: str | None = None) -> str:
        zh = (lang or language.current()) == "zh"
        words: list[str] = []
        if self.file:
            words.append(self.file)
        if self.sheet and self.cell:
            words.append(f"{self.sheet}!{self.cell}")
        elif self.sheet or self.cell:
            words.append(str(self.sheet or self.cell))
        if self.table:
            words.append(f"表 {self.table}" if zh else f"table {self.table}")
        if self.row is not None:
            words.append(f"第 {self.row} 行" if zh else f"row {self.row}")
        if self.column:
            words.append(f"列“{self.column}”" if zh else f"column '{self.column}'")
        return " · ".join(words)


class Problem(_Sentences):
    """One located finding. Subclass it with ``zh``, ``en`` and, if it is not an error, ``level``."""

    level: ClassVar[Level] = "error"

    def __init__(self, where: Where | None = None, **facts: Any) -> None:
        self.where = where or Where()
        self.facts = facts

    @property
    def name(self) -> str:
        return type(self).__name__

    def line(self, lang: str | None = None) -> str:
        """Place and sentence on one line."""
        place = self.where.text(lang)
        return f"{place}: {self.sentence(lang)}" if place else self.sentence(lang)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: name, level, place, facts and the sentence."""
        place = {key: value for key, value in asdict(self.where).items() if value is not None}
        facts = {key: str(value) if not isinstance(value, (int, float, bool, type(None))) else value
                 for key, value in self.facts.items()}
        return {"problem": self.name, "level": self.level, "where": place, "facts": facts,
                "message": self.sentence()}

    def __repr__(self) -> str:
        return f"<{self.name} {self.line('en')}>"


class Refused(Exception):
    """The work was not done; ``problems`` says everything that was found, all at once."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__()

    def __str__(self) -> str:
        return "\n".join(problem.line() for problem in self.problems)


class Findings(list[Problem]):
    """Problems as they are collected. ``refuse()`` raises when one of them is an error."""

    def refuse(self) -> None:
        if self.errors:
            raise Refused(self)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self if problem.level == "error"]
