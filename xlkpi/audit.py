"""The audit sheet: which files came in, what was noticed, with which version and as of when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from xlkpi import __version__, language, metrics
from xlkpi.errors import Findings, Problem
from xlkpi.platforms import Import
from xlkpi.registry import load
from xlkpi.workbook.fill import Template

FILES, PROBLEMS = "audit_files", "audit_problems"
LEVELS = {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}


def write(template: Template, imports: dict[str, Import], findings: Findings, as_of: date | None) -> None:
    """Write the audit tables and stamps of a workbook that has them; another workbook stays as it is."""
    lang = _language_of(template)
    with language.use(lang):
        tables = {name: rows for name, rows in ((FILES, _files(imports, lang)), (PROBLEMS, _problems(findings, lang)))
                  if name in template.tables}
        data = {}
        for name, rows in tables.items():
            headers = [column.name for column in template.book.table(name).columns]
            data[name] = [dict(zip(headers, row, strict=False)) for row in rows] or [dict.fromkeys(headers)]
        known = {name.name.casefold() for name in template.book.defined_names}
        stamps = {"audit_tool": f"xlkpi {__version__}", "audit_functions": f"{len(load())} · {metrics.load().version}",
                  "audit_filled_at": datetime.now().isoformat(" ", "minutes"), "audit_today": as_of}
        inputs = {name: value for name, value in stamps.items() if name in known}
        if data or inputs:
            template.fill(data, inputs, on_error="report")


def _language_of(template: Template) -> str:
    """The language of the workbook: Chinese if its audit headers are."""
    for name in (FILES, PROBLEMS):
        if name in template.tables:
            text = "".join(column.name for column in template.book.table(name).columns)
            return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
    return language.current()


def _files(imports: dict[str, Import], lang: str) -> list[list[Any]]:
    rows = []
    for table, item in imports.items():
        for source in item.sources:
            skipped = "; ".join(f"{row}: {why}" for row, why in source.rows_skipped[:20])
            kind = item.layout.label(lang) if item.layout is not None else table
            rows.append([source.file, kind, source.rows_read, source.rows_used, len(source.rows_skipped),
                         source.sha256, skipped or None])
    return rows


def _problems(findings: Findings, lang: str) -> list[list[Any]]:
    order = list(LEVELS)
    found = sorted(findings, key=lambda problem: order.index(problem.level))
    return [[LEVELS[problem.level][0 if lang == "zh" else 1], problem.where.file, _place(problem),
             *_what_and_remedy(problem.sentence(lang))] for problem in found]


def _place(problem: Problem) -> str:
    return replace(problem.where, file=None).text()


def _what_and_remedy(sentence: str) -> tuple[str, str | None]:
    """A sentence says what is wrong and, behind a semicolon, what to do."""
    for mark in ("；", "; "):
        what, found, remedy = sentence.partition(mark)
        if found:
            return what, remedy
    return sentence, None


