"""What a table report says, in sentences: for the terminal and for the audit sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlkpi import language, metrics
from xlkpi.platforms.report import TableReport

LISTED = 10
WIDE = 40  # columns that are named
SAYINGS: dict[str, tuple[str, str]] = {
    "recognised": ("识别为：{label}（{layout}），表 {table}，工作表 {sheet}，表头在第 {row} 行",
                   "recognised: {label} ({layout}), table {table}, sheet {sheet}, header in row {row}"),
    "why": ("依据的列：{headings}", "known by the columns: {headings}"),
    "mapped": ("读取 {count} 列：{columns}", "{count} columns read: {columns}"),
    "left_over": ("没有用到的列：{columns}", "columns not used: {columns}"),
    "rows": ("数据 {read} 行，使用 {used} 行，跳过 {skipped} 行", "{read} rows, {used} used, {skipped} left out"),
    "skipped": ("跳过 {count} 行：{reason}（第 {rows} 行）", "{count} left out: {reason} (rows {rows})"),
    "days": ("日期 {first} 至 {last}", "days {first} to {last}"),
    "published": ("发布于 {first} 至 {last}", "published {first} to {last}"),
    "missing": ("没有数值的单元格：{columns}", "cells without a value: {columns}"),
    "missing_days": ("缺 {count} 天：{days}", "{count} days missing: {days}"),
    "unfinished": ("{day} 还没有结束，数字仍会变化", "{day} is not over, its figures will still change"),
    "doubled": ("{count} 行与其他行重复", "{count} rows repeat another"),
    "total_agrees": ("合计“{name}”：{total}，与各行之和一致", "total of {name}: {total}, as the rows add up"),
    "total_off": ("合计“{name}”：{total}，各行之和 {rows}，对不上的部分 {rest}",
                  "total of {name}: {total}, the rows add up to {rows}, unreconciled {rest}"),
    "identity_holds": ("成立：{equation}（{checked} 行）", "holds: {equation} ({checked} rows)"),
    "identity_off": ("不成立：{equation}（{checked} 行中 {broken} 行）",
                     "does not hold: {equation} ({broken} of {checked} rows)"),
    "not_summable": ("人数类的列，各行不能相加：{columns}",
                     "columns that count people; rows must not be added: {columns}"),
    "beyond": ("{count} 个值超出可能或通常的范围", "{count} values are beyond what is possible or usual"),
}
FINDINGS = {"left_over", "missing_days", "unfinished", "doubled", "total_off", "identity_off", "beyond"}


def sentences(table: TableReport, *, findings: bool = True) -> list[str]:
    """The facts of a table in the current language; without ``findings`` only what no problem says anyway."""
    here = 0 if language.current() == "zh" else 1
    return [SAYINGS[key][here].format(**facts) for key, facts in _facts(table) if findings or key not in FINDINGS]


def listed(items: Sequence[Any], most: int = LISTED) -> str:
    """Items as a list in a sentence, cut where it gets long."""
    mark = "、" if language.current() == "zh" else ", "
    return mark.join(map(str, items[:most])) + (" …" if len(items) > most else "")


def _facts(table: TableReport) -> Iterator[tuple[str, dict[str, Any]]]:
    names = {code: heading for heading, code in table.columns.items()}
    yield "recognised", {"label": table.label[language.current()], "layout": table.layout, "table": table.table,
                         "sheet": table.sheet or "-", "row": table.header_row or "-"}
    yield "why", {"headings": listed(table.why)}
    yield "mapped", {"count": len(table.columns), "columns": listed(
        [f"{heading} → {code}" for heading, code in table.columns.items()], WIDE)}
    if table.left_over:
        yield "left_over", {"columns": listed(table.left_over, WIDE)}
    yield "rows", {"read": table.rows_read, "used": table.rows_used, "skipped": len(table.skipped)}
    reasons: dict[str, list[int]] = {}
    for row, reason in table.skipped:
        reasons.setdefault(reason, []).append(row)
    for reason, rows in reasons.items():
        yield "skipped", {"count": len(rows), "reason": reason, "rows": listed(rows)}
    if table.first:
        yield "days" if table.by_day else "published", {"first": table.first, "last": table.last}
    if table.missing:
        yield "missing", {"columns": listed([f"{name} {count}" for name, count in table.missing.items()], WIDE)}
    if table.missing_days:
        yield "missing_days", {"count": len(table.missing_days), "days": listed(table.missing_days)}
    if table.unfinished_day:
        yield "unfinished", {"day": table.unfinished_day}
    if table.doubled_rows:
        yield "doubled", {"count": table.doubled_rows}
    for total in table.totals:
        yield "total_agrees" if total.agrees else "total_off", {
            "name": named(total.code, names), "total": f"{total.total:,.12g}", "rows": f"{total.rows:,.12g}",
            "rest": f"{total.unreconciled:,.12g}"}
    for identity in table.identities:
        yield "identity_off" if identity.broken else "identity_holds", {
            "equation": named(identity.equation, names), "checked": identity.checked, "broken": len(identity.broken)}
    if table.not_summable:
        yield "not_summable", {"columns": listed(table.not_summable, WIDE)}
    if table.beyond_range:
        yield "beyond", {"count": table.beyond_range}


def named(equation: str, headings: Mapping[str, str]) -> str:
    """Codes as the file's headings, else as the catalogue calls them."""
    known = metrics.load().columns
    lang = language.current()
    return re.sub(r"[a-z][a-z0-9_]{2,}", lambda match: headings.get(match[0]) or (
        known[match[0]].label(lang) if match[0] in known else match[0]), equation)
