"""Small workbooks to refresh: a table ``orders`` with a column of the user's own, a formula column and sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADERS = ("编号", "日期", "金额", "备注", "含税")
ROWS: tuple[tuple[Any, ...], ...] = (("A1", 46000, 100, "老客户", None), ("A2", 46001, 250, None, None),
                                     ("A3", 46002, 75.5, "退货", None))


def orders(path: Path, sources: Sequence[Sequence[str | None]], rows: Sequence[Sequence[Any]] = ROWS, *,
           comments: dict[str, str] | None = None, version: str | None = None, circular: bool = False,
           table: str = "orders", totals: bool = False) -> Path:
    """``sources`` are (source, table) pairs; ``comments`` cell notes by cell of the sheet 订单."""
    book = xlsxwriter.Workbook(str(path))
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("订单")
    amount = {"header": "金额", "total_function": "sum"} if totals else {"header": "金额"}
    sheet.add_table(2, 1, 2 + len(rows) + totals, 5, {
        "name": table, "total_row": totals, "data": [list(row) for row in rows], "columns": [
            {"header": "编号", "format": text}, {"header": "日期", "format": day}, amount, {"header": "备注"},
            {"header": "含税", "formula": f"={table}[[#This Row],[金额]]*1.06"}]})
    sheet.write("H1", "手填的说明")
    sheet.write_formula("H2", f"=SUM({table}[金额])", None, sum(row[2] or 0 for row in rows))
    if circular:
        sheet.write_formula("H3", "=KPI_COMPLETION(H4,100)", None, 0)
        sheet.write_formula("H4", "=H3+1", None, 0)
    for cell, words in (comments or {}).items():
        sheet.write_comment(cell, words)
    params = book.add_worksheet("参数")
    params.add_table(1, 0, 1 + max(2, len(sources)), 2, {"name": "sources", "columns": [
        {"header": "来源"}, {"header": "表"}, {"header": "上次刷新"}],
        "data": [[*row, None] for row in sources]})
    audit = book.add_worksheet("溯源")
    audit.add_table(3, 0, 4, 6, {"name": "audit_files", "columns": [{"header": name} for name in (
        "文件", "内容", "读取行数", "使用行数", "跳过行数", "SHA256", "说明")]})
    audit.add_table(3, 8, 4, 12, {"name": "audit_problems", "columns": [{"header": name} for name in (
        "级别", "文件", "位置", "问题", "处理")]})
    audit.write("A1", "程序版本")
    book.define_name("audit_tool", "='溯源'!$B$1")
    if version:
        book.define_name("xlkpi_version", f'="{version}"')
    book.close()
    return path


def csv(path: Path, *lines: str, header: str = "编号,日期,金额") -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path
