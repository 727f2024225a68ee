"""What the command line says, each sentence once in both languages."""

from __future__ import annotations

from typing import Any

from xlkpi import language

TEXTS: dict[str, tuple[str, str]] = {
    # help
    "about": ("电子表格绩效考核：KPI 函数、考核表模板、无需 Excel 的填充与计算。",
              "KPI functions, scorecard templates and filling without Excel."),
    "exit_codes": ("退出码：0 完成；1 输入有问题，未写任何文件；2 命令写错；3 已完成，问题写入报告；4 xlkpi 自身缺陷。",
                   "Exit codes: 0 done; 1 refused, nothing written; 2 wrong command; 3 done, problems reported; "
                   "4 a defect of xlkpi."),
    "lang": ("语言 zh 或 en（默认按系统）", "language, zh or en (default: the system's)"),
    "version": ("显示版本号", "show the version"),
    "json": ("输出 JSON，供程序读取", "answer in JSON, for programs"),
    "new": ("取一份空白模板", "write a blank template"),
    "new_name": ("模板名，见 xlkpi templates", "template name, see xlkpi templates"),
    "output": ("输出文件", "output file"),
    "force": ("覆盖已有文件", "replace an existing file"),
    "fill": ("用导出数据填充工作簿并计算", "fill a workbook with exported data and calculate it"),
    "fill_book": ("模板名或任意 .xlsx/.xlsm 工作簿", "a template name or any .xlsx/.xlsm workbook"),
    "data": ("数据文件（平台导出、CSV、Excel），可多次给出；也可写 表名=文件",
             "data file (platform export, CSV, Excel); repeatable; or TABLE=FILE"),
    "goals": ("目标文件", "goals file"),
    "set": ("设置单元格，如 '参数!B3=5'，可多次给出", "set a cell, e.g. 'Parameters!B3=5'; repeatable"),
    "on_error": ("有问题时：refuse 不写文件（默认），report 照写并记入“溯源”表",
                 "on problems: refuse writes nothing (default), report goes on and lists them on the audit sheet"),
    "as_of": ("截至日期（默认今天），TODAY() 按此计算", "as-of date (default today), used for TODAY()"),
    "no_calc": ("只填充，不计算", "fill only, do not calculate"),
    "calc": ("重新计算工作簿（默认写回原文件）", "recalculate a workbook (in place unless -o)"),
    "calc_book": ("工作簿", "workbook"),
    "eval": ("计算公式；不写公式则逐行读标准输入", "evaluate formulas; without any, one a line from standard input"),
    "eval_formula": ("公式，如 '=KPI_COMPLETION(90,100)'", "a formula such as '=KPI_COMPLETION(90,100)'"),
    "eval_book": ("公式中引用的工作簿", "workbook that the formulas refer to"),
    "show": ("在终端显示考核表", "show a scorecard in the terminal"),
    "functions": ("列出 KPI 函数，给出函数名则显示详情", "list the KPI functions, or explain one"),
    "metrics": ("列出指标，给出名称则显示详情", "list the metrics, or explain one"),
    "one_name": ("名称", "a name"),
    "templates": ("列出模板", "list the templates"),
    "demo": ("生成示例数据、填充并显示结果", "write sample data, fill a template and show the result"),
    "demo_folder": ("写到哪个文件夹（默认 xlkpi-demo）", "folder to write to (default xlkpi-demo)"),
    "build": ("重新生成模板工作簿（开发用）", "build the template workbooks again (for developers)"),
    "build_folder": ("目标文件夹", "target folder"),
    # usage errors
    "usage_hint": ("{message}\n用法见：xlkpi {verb} --help", "{message}\nsee: xlkpi {verb} --help"),
    "bad_set": ("--set 应写成 '工作表!单元格=值'，得到的是 {text!r}", "--set must be 'Sheet!Cell=value', not {text!r}"),
    "bad_date": ("日期应写成 2026-10-31，得到的是 {text!r}", "the date must look like 2026-10-31, not {text!r}"),
    "need_output": ("请用 -o 指定输出文件", "name the output file with -o"),
    "nothing_to_fill": ("请至少给出 --data、--goals 或 --set 之一", "give at least one of --data, --goals, --set"),
    "exists": ("{path} 已存在；覆盖请加 --force", "{path} exists; add --force to replace it"),
    # progress
    "reading": ("正在读取 {what} …", "reading {what} …"),
    "filling": ("正在填充 …", "filling …"),
    "calculating": ("正在计算 …", "calculating …"),
    "saving": ("正在写入 {what} …", "writing {what} …"),
    "evaluating": ("正在计算公式 …", "evaluating …"),
    "building": ("正在生成 {what} …", "building {what} …"),
    # answers
    "wrote": ("已写入 {path}", "wrote {path}"),
    "rows": ("  {file}: {platform}，表 {table}，读取 {read} 行，跳过 {skipped} 行",
             "  {file}: {platform}, table {table}, {read} rows read, {skipped} skipped"),
    "filled_tables": ("填充的表：{tables}", "tables filled: {tables}"),
    "problem_count": ("{errors} 个错误，{warnings} 个警告，{notes} 条提示",
                      "{errors} errors, {warnings} warnings, {notes} notes"),
    "refused": ("没有写入任何文件。", "Nothing was written."),
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "note": ("提示", "note"),
    "no_scorecard": ("没有考核表（找不到名称 scorecard 或 total_score）",
                     "no scorecard (no name scorecard or total_score)"),
    "demo_files": ("示例数据（抖音创作者中心导出格式）：{folder}",
                   "sample data (in the creator centre's format): {folder}"),
    "demo_done": ("打开看看：{path}", "open it: {path}"),
    "parameters": ("参数", "Parameters"),
    "required": ("必填", "required"),
    "optional": ("可选", "optional"),
    "returns": ("返回", "Returns"),
    "examples": ("示例", "Examples"),
    "ascii": ("本机的区域设置写不出文件名 {name!r}；请设置 LANG=C.UTF-8 或 PYTHONUTF8=1",
              "this machine's locale cannot spell the file name {name!r}; set LANG=C.UTF-8 or PYTHONUTF8=1"),
    "interrupted": ("已中断", "interrupted"),
    "internal": ("xlkpi 内部错误（{kind}: {message}）。请把命令和文件反馈给我们；设 XLKPI_DEBUG=1 可看详情。",
                 "internal error ({kind}: {message}). Please report it with the command and the file; "
                 "XLKPI_DEBUG=1 shows details."),
}


def say(name: str, /, **facts: Any) -> str:
    """The sentence ``name`` in the current language."""
    return TEXTS[name][0 if language.current() == "zh" else 1].format(**facts)
