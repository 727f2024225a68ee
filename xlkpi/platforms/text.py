"""Bytes → text → rows, for CSV and its kin: strict decoding, never mojibake, never a swallowed row."""

from __future__ import annotations

import codecs
import csv
import io
import re

from xlkpi.errors import Problem, Where
from xlkpi.platforms.problems import BrokenCsv, UnknownEncoding

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",\t;|"
FIELD_LIMIT = 10_000_000
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")
_CHINESE = re.compile("[\u3400-\u9fff]")


class Unreadable(Exception):
    """Internal: carries the one problem that stops the reading of a file."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__()


def decode(raw: bytes, file: str | None = None) -> tuple[str, str]:
    """Text and encoding name. Every attempt is strict; a byte that does not fit refuses the file.

    A mark at the start decides. Without one it is UTF-8, else UTF-16 where every other byte is
    0, else GB18030, unless the first line already reads as Chinese in UTF-8: then the file is
    damaged UTF-8, and reading it as GB18030 would give nonsense that looks like text.
    """
    where = Where(file=file)
    for mark, name in MARKS:
        if raw.startswith(mark):
            return _strict(raw, name, where), name
    if b"\0" in raw[:4096]:
        head = raw[:4096]
        name = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return _strict(raw, name, where), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        before = raw[:error.start].decode("utf-8")
        if len(_CHINESE.findall(before)) >= 4:
            raise Unreadable(UnknownEncoding(where, tried="UTF-8")) from None
    text = _strict(raw, "gb18030", where)
    if _PRIVATE.search(text):
        raise Unreadable(UnknownEncoding(where, tried="UTF-8, GB18030"))
    return text, "gb18030"


def _strict(raw: bytes, name: str, where: Where) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        tried = name.upper().removesuffix("-SIG") if name != "gb18030" else "UTF-8, GB18030"
        raise Unreadable(UnknownEncoding(where, tried=tried)) from None


def parse(text: str, file: str | None = None) -> list[list[str]]:
    """The records of a delimited text; the delimiter is the one that makes most of the first lines."""
    if text[:4].casefold() == "sep=":
        first, _, text = text.partition("\n")
        return _records(text, first.strip()[4:5] or ",", file)
    head = text[:20_000]
    width = {mark: _width(head, mark) for mark in DELIMITERS}
    return _records(text, max(DELIMITERS, key=lambda mark: width[mark]), file)


def _width(head: str, delimiter: str) -> int:
    widest = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(head), delimiter=delimiter)):
            widest = max(widest, sum(1 for cell in record if cell.strip()))
            if number >= 10:
                break
    except csv.Error:
        pass
    return widest


def _records(text: str, delimiter: str, file: str | None) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    limit = csv.field_size_limit(FIELD_LIMIT)
    rows: list[list[str]] = []
    try:
        for record in reader:  # one by one, so that the record with the fault is known
            rows.append(record)
    except csv.Error as error:
        raise Unreadable(BrokenCsv(Where(file=file, row=len(rows) + 1), reason=str(error))) from None
    finally:
        csv.field_size_limit(limit)
    return rows
