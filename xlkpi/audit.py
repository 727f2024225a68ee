"""The audit sheet: which files came in, what was noticed, with which version and as of when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from xlkpi import __version__, language, metrics
from xlkpi.errors import Findings, Problem
from xlkpi.platforms import Import, facts
from xlkpi.platforms.checks import now
from xlkpi.platforms.report import table_report
from xlkpi.registry import load
from xlkpi.workbook.fill import Template
from xlkpi.workbook.table import Table

FILES, PROBLEMS = "audit_files", "audit_problems"
LEVELS = {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}
FACT = ("记录", "fact")  # what reading a file found, with nothing wrong about it


def write(template: Template, imports: dict[str, Import], findings: Findings, as_of: date | None) -> None:
    """Write the audit tables and stamps of a workbook that has them; another workbook stays as it is."""
    data = report(template.book.tables, imports, findings)
    known = {name.name.casefold() for name in template.book.defined_names}
    inputs = {name: value for name, value in stamps(as_of).items() if name in known}
    if data or inputs:
        template.fill(data, inputs, on_error="report")


def report(tables: Mapping[str, Table], imports: Mapping[str, Import],
           findings: Findings) -> dict[str, list[dict[str, Any]]]:
    """The rows of the audit tables, in the language of the workbook, for those of them that it has."""
    lang = language_of(tables)
    with language.use(lang):
        found = {FILES: _files(imports, lang), PROBLEMS: [*_problems(findings, lang), *_facts(imports, lang)]}
    data = {}
    for name, rows in found.items():
        if name in tables:
            headers = [column.name for column in tables[name].columns]
            data[name] = [dict(zip(headers, row, strict=False)) for row in rows] or [dict.fromkeys(headers)]
    return data


def stamps(as_of: date | None) -> dict[str, Any]:
    """What the named cells of the audit sheet say."""
    return {"audit_tool": f"xlkpi {__version__}", "audit_functions": f"{len(load())} · {metrics.load().version}",
            "audit_filled_at": datetime.now().isoformat(" ", "minutes"), "audit_today": as_of}


def language_of(tables: Mapping[str, Table]) -> str:
    """The language of the workbook: Chinese if its audit headers are."""
    for name in (FILES, PROBLEMS):
        if name in tables:
            text = "".join(column.name for column in tables[name].columns)
            return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
    return language.current()


def _files(imports: Mapping[str, Import], lang: str) -> list[list[Any]]:
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


def _facts(imports: Mapping[str, Import], lang: str) -> list[list[Any]]:
    """What ``xlkpi inspect`` says about each file and the findings do not."""
    parts = [part for item in imports.values() for part in item.parts or (item,) if part.layout is not None]
    tables = [(part.file, table_report(part, now())) for part in parts if part.table is not None]
    return [[FACT[0 if lang == "zh" else 1], file, table.sheet, sentence, None]
            for file, table in tables for sentence in facts.sentences(table, findings=False)]


def _place(problem: Problem) -> str:
    return replace(problem.where, file=None).text()


def _what_and_remedy(sentence: str) -> tuple[str, str | None]:
    """A sentence says what is wrong and, behind a semicolon, what to do."""
    for mark in ("；", "; "):
        what, found, remedy = sentence.partition(mark)
        if found:
            return what, remedy
    return sentence, None


