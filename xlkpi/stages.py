"""What long work says while it runs, each sentence once in both languages: on a terminal, in Excel's status bar."""

from __future__ import annotations

STAGES: dict[str, tuple[str, str]] = {
    "reading": ("正在读取 {what} …", "reading {what} …"),
    "filling": ("正在填充 …", "filling …"),
    "calculating": ("正在计算 …", "calculating …"),
    "saving": ("正在写入 {what} …", "writing {what} …"),
    "writing_table": ("正在写入表 {what} …", "writing table {what} …"),
    "checking": ("正在检查工作簿 …", "checking the workbook …"),
}
