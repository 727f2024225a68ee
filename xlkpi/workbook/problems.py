"""What can be wrong with a workbook or with what is to be filled into it."""

from __future__ import annotations

from xlkpi.errors import Problem

# ---------------------------------------------------------------- the file


class FileMissing(Problem):
    zh = "找不到文件 {path}，请检查路径"
    en = "there is no file {path}; check the path"


class Unreadable(Problem):
    zh = "无法读取文件：{reason}"
    en = "the file cannot be read: {reason}"


class NotAWorkbook(Problem):
    zh = "这不是 Excel 工作簿（.xlsx、.xlsm）：{reason}；请在 Excel 中另存为 .xlsx"
    en = "this is not an Excel workbook (.xlsx, .xlsm): {reason}; save it as .xlsx in Excel"


class Encrypted(Problem):
    zh = "工作簿设有打开密码（已加密），请在 Excel 中去掉密码后再用"
    en = "the workbook is encrypted with a password; take the password off in Excel first"


class LegacyWorkbook(Problem):
    zh = "这是旧版 .xls 工作簿，请在 Excel 中另存为 .xlsx"
    en = "this is a legacy .xls workbook; save it as .xlsx in Excel"


class TooBig(Problem):
    zh = "文件超出安全限制：{what} 为 {value}，上限 {limit}；可能是压缩炸弹，未读取"
    en = "the file is beyond the safe limits: {what} is {value}, at most {limit}; it may be a zip bomb and was not read"


class DamagedPart(Problem):
    zh = "文件已损坏：部件 {part} {reason}；请在 Excel 中打开并修复后再用"
    en = "the file is damaged: part {part} {reason}; open and repair it in Excel"


class EntityDeclared(Problem):
    zh = "部件 {part} 含有文档类型或实体声明，出于安全拒绝读取；Excel 从不写这种内容"
    en = "part {part} declares a document type or entities and is refused for safety; Excel never writes that"


class Unwritable(Problem):
    zh = "无法写入 {path}：{reason}；原有文件没有改动"
    en = "cannot write {path}: {reason}; the existing file is as it was"


# ---------------------------------------------------------------- places in the workbook


class UnknownSheet(Problem):
    zh = "工作簿中没有工作表“{sheet}”{hint}；现有：{known}"
    en = "the workbook has no sheet '{sheet}'{hint}; it has: {known}"


class MacrosInXlsx(Problem):
    zh = "这本工作簿带宏，文件名要以 .xlsm 结尾，否则 Excel 打不开"
    en = "this workbook has macros; its name must end in .xlsm, else Excel refuses it"


class NoMacrosInXlsm(Problem):
    zh = "这本工作簿没有宏，文件名要以 .xlsx 结尾，否则 Excel 打不开"
    en = "this workbook has no macros; its name must end in .xlsx, else Excel refuses it"


class UnknownTable(Problem):
    zh = "工作簿中没有表“{table}”{hint}；现有：{known}"
    en = "the workbook has no table '{table}'{hint}; it has: {known}"


class BadAddress(Problem):
    zh = "“{address}”不是单元格地址，应写成 Sheet!B3"
    en = "'{address}' is not the address of a cell; write it as Sheet!B3"


class PartOfArray(Problem):
    zh = "单元格属于数组公式区域 {ref}，不能单独改写其中一格"
    en = "the cell is part of the array formula range {ref}; one cell of it cannot be overwritten alone"


class InsideMerge(Problem):
    zh = "单元格在合并区域 {ref} 之内，值请写到左上角 {anchor}"
    en = "the cell lies inside the merged range {ref}; write the value to its first cell {anchor}"


class HeaderCell(Problem):
    zh = "单元格是表“{table}”的列标题，不能作为输入改写"
    en = "the cell is a header of table '{table}' and cannot be overwritten as an input"


class InTheWay(Problem):
    zh = "表“{table}”要扩展到第 {last_row} 行，但此处已有内容（{content}）；请把它移开，或在表下方留出空间"
    en = "table '{table}' must grow to row {last_row}, but this place is taken ({content}); move it or leave room below"


class TooManyRows(Problem):
    zh = "{count} 行数据放不下：工作表最多 1,048,576 行"
    en = "{count} rows of data do not fit: a sheet has at most 1,048,576 rows"


# ---------------------------------------------------------------- the data


class BadData(Problem):
    zh = "表“{table}”的数据应为数据框或字典列表，得到的是 {kind}"
    en = "the data for table '{table}' must be a data frame or a list of dicts, not {kind}"


class MissingColumn(Problem):
    zh = "数据缺少表“{table}”的列“{column}”{hint}"
    en = "the data lacks the column '{column}' of table '{table}'{hint}"


class DoubledColumn(Problem):
    zh = "数据中有多列都对应表“{table}”的列“{column}”：{names}；请只保留一列"
    en = "several columns of the data stand for column '{column}' of table '{table}': {names}; keep one"


class LeftOverColumn(Problem):
    level = "warning"
    zh = "表“{table}”没有数据列“{column}”{hint}，该列未写入"
    en = "table '{table}' has no place for the data column '{column}'{hint}; it was not written"


class CalculatedColumnKept(Problem):
    level = "warning"
    zh = "“{column}”在表中是公式列，保留公式，数据中的同名列未写入"
    en = "'{column}' is a formula column of the table; its formula is kept and the data column was not written"


class RowExceptionLost(Problem):
    level = "warning"
    zh = "公式列“{column}”此处原为 {content}，与整列公式不同，重新填充后改为整列公式"
    en = "the formula column '{column}' held {content} here, unlike the rest; after refilling it has the column formula"


class TextForNumber(Problem):
    zh = "“{column}”应为数字，得到的是文字 {value!r}"
    en = "'{column}' must be a number, not the text {value!r}"


class TextForDate(Problem):
    zh = "“{column}”应为日期（如 2026-04-01），得到的是 {value!r}"
    en = "'{column}' must be a date such as 2026-04-01, not {value!r}"


class DateOutOfRange(Problem):
    zh = "日期 {value} 早于工作簿能表示的最早日期 {first}"
    en = "the date {value} is before the first day the workbook can hold, {first}"


class TextTooLong(Problem):
    zh = "文字有 {length} 个字符，单元格最多 32,767 个"
    en = "the text has {length} characters; a cell holds at most 32,767"


class UnwritableValue(Problem):
    zh = "不能写入单元格的值 {value!r}（{kind}）"
    en = "a cell cannot hold the value {value!r} ({kind})"


class NotDateStyled(Problem):
    level = "note"
    zh = "“{column}”的单元格格式不是日期，日期将显示为序列号；请在模板中设置日期格式"
    en = "the cells of '{column}' have no date format, so dates show as serial numbers; format them in the template"


class LongIntegerAsText(Problem):
    level = "note"
    zh = "“{column}”含超过 15 位的整数（如 {value}），Excel 会丢失末位，已按文字写入"
    en = "'{column}' holds integers of more than 15 digits (such as {value}) that Excel would round; written as text"


class FilterCleared(Problem):
    level = "note"
    zh = "表“{table}”原有的筛选或排序已清除，全部行都显示"
    en = "the filter or sort of table '{table}' was cleared; all its rows are shown"


class AnchorLost(Problem):
    level = "warning"
    zh = "{what} {ref} 所在的行已不属于表“{table}”，请检查"
    en = "the {what} at {ref} stands on rows that no longer belong to table '{table}'; check it"


class MoreOfTheSame(Problem):
    zh = "该列还有 {count} 处同样的问题（{kind}）"
    en = "this column has {count} more of the same ({kind})"


class InsideFilledTable(Problem):
    zh = "单元格在表“{table}”之内，而该表这次整表重填；请把值放进表的数据里"
    en = "the cell lies inside table '{table}', which is refilled as a whole; put the value into the table's data"
