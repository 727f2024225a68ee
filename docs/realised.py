# ruff: noqa: E501 - tables of words
"""Which part of xlkpi realises each thing the source articles name: rows for the coverage pages, and their check.

Metrics, rated items, profiles, roles, benchmarks and diagnosis rules come from the metric catalogue itself;
what has no table of its own (periods, goals, dimensions, report forms) stands in ``coverage.csv``. A realisation
is written ``kind:name``: function, metric, rule, profile, role, benchmark, dimension, verb, or a template's
``table:template.name``, ``cell:template.name`` (a defined name) and ``template:name``.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xlkpi import metrics, registry, templates
from xlkpi.cli.arguments import parser
from xlkpi.metrics.diagnosis import rules
from xlkpi.metrics.plans import profiles, roles
from xlkpi.templates import shelf
from xlkpi.templates.account_operations.model import DIMENSIONS

HERE = Path(__file__).resolve().parent
SECTIONS = {
    "1.1": ("指标", "Metrics"), "1.2": ("主观评分项", "Rated items"), "1.3": ("权重方案", "Weight profiles"),
    "1.4": ("岗位", "Roles"), "1.5": ("基准与阈值", "Benchmarks and thresholds"), "1.6": ("诊断规则", "Diagnosis rules"),
    "1.7": ("考核周期与数据时点", "Periods and data timing"),
    "1.8": ("目标类型与 SMART", "Goal types and SMART"), "1.9": ("维度", "Dimensions"), "1.10": ("报表", "Report forms"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that an article names and what realises it; without any, the reason why not yet."""

    section: str
    id: str
    zh: str
    en: str
    by: tuple[str, ...]
    reason_zh: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What a committed template holds, in every language it comes in."""

    tables: frozenset[str]
    names: frozenset[str]
    texts: frozenset[str]


@cache
def book(name: str) -> Book:
    """The tables, defined names and texts that all language editions of a template have."""
    editions = [_contents(templates.path(name, lang)) for lang in shelf.find(name).langs]
    return Book(*(frozenset.intersection(*(edition[place] for edition in editions)) for place in range(3)))


def _contents(path: Path) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    with zipfile.ZipFile(path) as package:
        parts = {part: package.read(part).decode("utf-8") for part in package.namelist() if part.endswith(".xml")}
    tables = {found for part, text in parts.items() if part.startswith("xl/tables/")
              for found in re.findall(r'<table [^>]*?\bdisplayName="([^"]+)"', text)}
    names = set(re.findall(r'<definedName [^>]*?\bname="([^"]+)"', parts["xl/workbook.xml"]))
    texts = {found for part, text in parts.items() if part.startswith(("xl/sharedStrings", "xl/worksheets/"))
             for found in re.findall(r"<t[^>]*>([^<]+)</t>", text)}
    return frozenset(tables), frozenset(names), frozenset(texts)


def _templates_of(code: str) -> tuple[str, ...]:
    return tuple(f"template:{entry.name}" for entry in shelf.catalogue() if code in book(entry.name).texts)


def rows() -> Iterator[Row]:
    """Every row, in the order of the sections."""
    catalogue = metrics.load()
    written = _written()
    for metric in catalogue:
        if metric.code.startswith("rt_"):
            continue
        how = () if metric.aggregation.code == "attribute" else ("function:KPI_ACTUAL",)
        yield Row("1.1", metric.code, metric.zh, metric.en,
                  (f"metric:{metric.code}", *how, *_templates_of(metric.code)))
    for metric in catalogue.metrics.values():
        if metric.code.startswith("rt_"):
            codes = dict.fromkeys((metric.code, metric.canonical))
            places = dict.fromkeys(place for code in codes for place in _templates_of(code))
            yield Row("1.2", metric.code, metric.zh, metric.en,
                      (f"metric:{metric.code}", "function:KPI_RATERS", *places))
    for profile in profiles():
        yield Row("1.3", profile.code, profile.zh, profile.en,
                  (f"profile:{profile.code}", "table:wechat_promotion.profiles", "cell:wechat_promotion.weight_profile"))
    yield from (row for row in written if row.section == "1.3")
    for role in roles():
        yield Row("1.4", role.code, role.zh, role.en,
                  (f"role:{role.code}", "table:wechat_promotion.roles", "cell:wechat_promotion.role"))
    for metric in catalogue:
        if metric.benchmarks.get("article"):
            yield Row("1.5", metric.code, metric.zh, metric.en,
                      (f"benchmark:{metric.code}", *(("table:wechat_promotion.benchmarks",)
                       if metric.code in book("wechat_promotion").texts else ())))
    yield from (row for row in written if row.section == "1.5")
    for rule in rules():
        yield Row("1.6", rule.code, rule.zh, rule.en, (f"rule:{rule.code}", "function:KPI_DIAGNOSE"))
    yield from (row for row in written if row.section not in ("1.3", "1.5"))


def _written() -> list[Row]:
    with (HERE / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return [Row(row["section"], row["id"], row["zh"], row["en"], tuple(row["by"].split()), row["reason_zh"],
                    row["reason_en"]) for row in csv.DictReader(file)]


@cache
def verbs() -> frozenset[str]:
    """The commands of ``xlkpi``."""
    return frozenset(name for action in parser()._actions if isinstance(action.choices, dict)
                     for name in action.choices)


def exists(realisation: str) -> bool:
    """Whether what a row names is there."""
    kind, _, name = realisation.partition(":")
    catalogue = metrics.load()
    template, _, inner = name.partition(".")
    if kind in ("table", "cell", "template"):
        if template not in {entry.name for entry in shelf.catalogue()}:
            return False
        held = book(template)
        return kind == "template" or inner in (held.tables if kind == "table" else held.names)
    known = {
        "function": lambda: registry.load(), "metric": lambda: catalogue.metrics, "verb": verbs,
        "rule": lambda: {rule.code for rule in rules()}, "profile": lambda: {item.code for item in profiles()},
        "role": lambda: {item.code for item in roles()}, "dimension": lambda: DIMENSIONS,
        "benchmark": lambda: {metric.code for metric in catalogue if metric.benchmarks.get("article")},
    }
    return kind in known and name in known[kind]()


SAID = {
    "zh": {"function": "函数", "metric": "指标", "rule": "诊断规则", "profile": "权重方案", "role": "岗位",
           "benchmark": "基准", "dimension": "维度", "verb": "命令", "table": "模板表", "cell": "模板名称",
           "template": "模板", "title": "业务覆盖表", "what": "内容", "code": "代码", "by": "由什么实现",
           "not": "尚未实现", "intro": "本页由代码生成（`python docs/make.py`）：源文章提到的每一项由哪个函数、指标、模板表格或命令实现。"
           "“模板表”“模板名称”写作 模板.表名（定义名称）。“尚未实现”的行写明原因。", "count": "共 {all} 项，尚未实现 {open} 项。"},
    "en": {"function": "function", "metric": "metric", "rule": "diagnosis rule", "profile": "weight profile",
           "role": "role", "benchmark": "benchmark", "dimension": "dimension", "verb": "command",
           "table": "template table", "cell": "template name", "template": "template", "title": "What is covered",
           "what": "Thing", "code": "Code", "by": "Realised by", "not": "not yet",
           "intro": "This page is generated from the code (`python docs/make.py`): which function, metric, template "
           "table or command realises each thing the source articles name. Template tables and defined names are "
           "written template.name. Rows marked “not yet” give the reason.",
           "count": "{all} rows, {open} of them not yet."},
}


def page(lang: str) -> str:
    """The coverage page."""
    words, found = SAID[lang], list(rows())
    gaps = sum(not row.by for row in found)
    lines = [f"# {words['title']}\n", words["intro"] + "\n", words["count"].format(all=len(found), open=gaps) + "\n"]
    for section, titles in SECTIONS.items():
        lines += [f"## {section} {titles[0 if lang == 'zh' else 1]}\n",
                  f"| {words['what']} | {words['code']} | {words['by']} |", "|---|---|---|"]
        for row in found:
            if row.section == section:
                made = "; ".join(f"{words[kind]} `{name}`" for kind, _, name in (by.partition(":") for by in row.by))
                why = row.reason_zh if lang == "zh" else row.reason_en
                told = made or f"**{words['not']}**: {why}"
                lines.append(f"| {(row.zh if lang == 'zh' else row.en).replace('|', '/')} | `{row.id}` | {told} |")
        lines.append("")
    return "\n".join(lines)
