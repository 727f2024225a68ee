"""What can keep a workbook from being refreshed, and what is worth knowing afterwards."""

from __future__ import annotations

from xlkpi.errors import Problem

# ---------------------------------------------------------------- sources


class NoSourcesTable(Problem):
    zh = "工作簿里没有名为 sources 的表（“参数”页的数据来源）：它可能被改了名或删除；请恢复表名，或用 xlkpi fill 填充"
    en = ("the workbook has no table called sources (on the parameters sheet); it may have been renamed or deleted: "
          "restore its name, or use xlkpi fill")


class NoSourceColumn(Problem):
    zh = "表 sources 没有“来源”列；现有：{known}"
    en = "the table sources has no column 'Source'; it has: {known}"


class NoSources(Problem):
    zh = "没有填写数据来源；请在“参数”页的数据来源表里写上文件、文件夹、通配符或数据库查询"
    en = "no sources are named; write files, folders, patterns or queries into the table on the parameters sheet"


class SourceMissing(Problem):
    zh = "找不到来源“{source}”（按 {folder} 查找）；请检查文件名，或把文件放回原处"
    en = "the source '{source}' does not exist (looked for in {folder}); check its name or put the file back"


class NothingMatches(Problem):
    zh = "“{source}”没有匹配到任何数据文件（按 {folder} 查找）"
    en = "'{source}' matches no data file (looked for in {folder})"


class NoFolder(Problem):
    zh = "工作簿还没有保存，不知道来源“{source}”相对于哪个文件夹；请先保存工作簿，或写完整路径"
    en = "the workbook is not saved yet, so '{source}' is beside nothing; save it first or write the whole path"


class SourceTableUnknown(Problem):
    zh = "工作簿里没有表“{table}”{hint}（可能被改了名）；现有：{known}"
    en = "the workbook has no table '{table}'{hint} (it may have been renamed); it has: {known}"


class OwnWorkbookLeftOut(Problem):
    level = "note"
    zh = "{file} 是 xlkpi 的考核工作簿，不是数据，未读取"
    en = "{file} is a workbook of xlkpi, not data, and was not read"


# ---------------------------------------------------------------- the workbook


class NewerTemplate(Problem):
    zh = "工作簿由 xlkpi {template} 生成，本机的 xlkpi 是 {package}，可能不认识其中的内容；请升级：pip install -U xlkpi"
    en = ("the workbook was built by xlkpi {template} and this is xlkpi {package}, which may not know what is in it; "
          "upgrade: pip install -U xlkpi")


class FrozenWorkbook(Problem):
    zh = "工作簿已于 {at} 冻结：公式已变成数值，刷新只会改数据而不改得分；请用冻结前的工作簿刷新"
    en = ("the workbook was frozen at {at}: its formulas are values, so a refresh would change data and no score; "
          "refresh the workbook as it was before")


class OpenInExcel(Problem):
    zh = ("工作簿正在 Excel 或 WPS 中打开（旁边有 {lock}）；请先关闭再运行，或在 Excel 里点“刷新”；"
          "并没有打开时请删除 {lock}")
    en = ("the workbook is open in Excel or WPS ({lock} lies beside it); close it first, or press Refresh in Excel; if "
          "it is not open, delete {lock}")


class OverrideInTheWay(Problem):
    zh = "公式列“{column}”的这一格被手工改成了 {content}，刷新会恢复整列公式；请把它移到手填列，或改回公式后再刷新"
    en = ("this cell of the formula column '{column}' was changed by hand to {content}, and a refresh restores the "
          "column's formula; move it to a column of your own or restore the formula, then refresh")


class FormulaInManualColumn(Problem):
    zh = "手填列“{column}”的这一格是公式，刷新会移动行；请把它做成整列公式，或改成数值后再刷新"
    en = ("this cell of your column '{column}' is a formula, and a refresh moves rows; make it the formula of the "
          "whole column or a value, then refresh")


class NoRowKey(Problem):
    zh = "表“{table}”没有能认出每一行的列，{columns} 里手填的内容无法跟着行走；请加一列唯一的编号，或先另存这些内容"
    en = ("nothing in table '{table}' tells its rows apart, so what was typed in {columns} cannot follow its rows; add "
          "a column with an id, or keep these entries elsewhere first")


class SameRowTwice(Problem):
    zh = "表“{table}”里有多行都是“{key}”，不知道手填的内容（{content}）属于哪一行"
    en = "several rows of table '{table}' are '{key}'; it is not clear to which of them '{content}' belongs"


# ---------------------------------------------------------------- what became of entries


class ManualKept(Problem):
    level = "note"
    zh = "手填列 {columns} 按行保留（{rows} 行）"
    en = "the entries in {columns} were kept with their rows ({rows} rows)"


class FiguresKept(Problem):
    level = "warning"
    zh = "来源里没有“{column}”，{rows} 行保留了刷新前的数；请确认它们没有过时"
    en = "the sources lack '{column}'; {rows} rows keep the figures of before: check that they are not out of date"


class ValuesGone(Problem):
    level = "warning"
    zh = "“{column}”有 {count} 行原来有值而来源里没有，现在为空（首例：{key} 原为 {value}）"
    en = "'{column}': {count} rows had a value that the sources lack and are blank now (first: {key} had {value})"


class EntryGone(Problem):
    level = "warning"
    zh = "“{key}”已不在来源里，它的手填内容随行移除：{content}"
    en = "'{key}' is no longer in the sources; what was typed in its row went with it: {content}"


class RowsGone(Problem):
    level = "note"
    zh = "{count} 行不在新数据里，已从表中移除"
    en = "{count} rows are not in the new data and left the table"
